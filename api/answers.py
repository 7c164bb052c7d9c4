"""What the answer to every command has in common."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from ledger.executor.commands import Answer

APPROVAL_EXAMPLE = {
    "kind": "voucher.issue",
    "subject": "A-1A2B-3C4D-5E6F7",
    "content_hash": "9f2c1e5b7d3a4c6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f9000112233445566",
}
PROOF_EXAMPLE = {"command": "0f0b2f5e-8a5d-5b3e-9b43-0c2f7f7d3c11", "block": 128}


class Proof(BaseModel):
    """Where the command stands in the chain."""

    command: UUID = Field(description="Follows from party and key: a dry run tells the same")
    block: int | None = Field(description="Null in a dry run: nothing was written")


class ApprovalAsked(BaseModel):
    """What now waits for a signature: `GET /v1/approvals/<kind>:<subject>` shows all that is signed."""

    kind: str
    subject: str
    content_hash: str = Field(description="SHA-256 over what is signed")


class Written(BaseModel):
    """The answer to a command that was accepted."""

    proof: Proof

    @classmethod
    def told(cls, answer: Answer, **more: object) -> Self:
        """From the books' answer; `more` is what the books do not hold."""
        proof = Proof(command=answer.command, block=answer.block or None)
        return cls.model_validate({**answer.body, **more, "proof": proof})


JUDGED_EXAMPLE: JsonDict = {
    "use": "U-1A2B-3C4D-5E6F7",
    "in_scope": False,
    "reasons": ["NO_CONSENT"],
    "consent": None,
    "exposure": "EX-1A2B-3C4D-5E6F7",
    "at_risk_fen": 62_167,
}


class UseJudged(BaseModel):
    """How a use of an instrument that customs supervises was judged."""

    model_config = ConfigDict(json_schema_extra={"examples": [JUDGED_EXAMPLE]})

    use: str
    in_scope: bool
    reasons: list[str]
    consent: str | None
    exposure: str | None
    at_risk_fen: int = Field(description="What it adds to the tax that may fall due: an estimate")
