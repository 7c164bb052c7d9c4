"""What the answer to every command has in common."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from ledger.executor.commands import Answer

PROOF_EXAMPLE = {"command": "0f0b2f5e-8a5d-5b3e-9b43-0c2f7f7d3c11", "block": 128}


class Proof(BaseModel):
    """Where the command stands in the chain."""

    command: UUID = Field(description="Follows from party and key: a dry run tells the same")
    block: int | None = Field(description="Null in a dry run: nothing was written")


class Written(BaseModel):
    """The answer to a command that was accepted."""

    proof: Proof

    @classmethod
    def told(cls, answer: Answer, **more: object) -> Self:
        """From the books' answer; `more` is what the books do not hold."""
        proof = Proof(command=answer.command, block=answer.block or None)
        return cls.model_validate({**answer.body, **more, "proof": proof})
