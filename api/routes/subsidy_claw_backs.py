"""Paid subsidies that are taken back by a ruling."""

from fastapi import status
from pydantic import Field

from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Day, Fen, Line, Text, example
from api.dependencies import Sending
from api.routing import SliceRouter
from ledger.subsidies.claw_back import KIND, ProposeSubsidyClawBack
from ledger.subsidies.values import RecoveryGround

router = SliceRouter("/v1/subsidy-awards", tag="subsidies")

_NUMBER = "SC-1A2B-3C4D-5E6F7"


class SubsidyRuling(Body):
    model_config = example(
        {
            "amount_fen": 40_000_000,
            "ground": "false-records",
            "decision_number": "京科决〔2026〕9号",
            "reason": "机时记录不实",
            "decided_on": "2026-10-09",
            "appeal_until": "2026-12-09",
        }
    )

    amount_fen: Fen = Field(description="At most what is paid and not owed back already")
    ground: RecoveryGround
    decision_number: Line = Field(description="Of the ruling that was served on the unit")
    reason: Text
    decided_on: Day
    appeal_until: Day = Field(description="Last day on which the ruling could be appealed, as it says itself")


class SubsidyClawBackProposed(Written):
    model_config = example(
        {
            "claw_back": _NUMBER,
            "award": "AW-1A2B-3C4D-5E6F7",
            "amount_fen": 40_000_000,
            "approval": APPROVAL_EXAMPLE | {"kind": KIND, "subject": _NUMBER},
            "proof": PROOF_EXAMPLE,
        }
    )

    claw_back: str
    award: str
    amount_fen: int
    approval: ApprovalAsked = Field(description="What a second officer of the commission is asked to sign")


@router.post(
    "/{number}/claw-backs", status_code=status.HTTP_201_CREATED, summary="Propose to take back a paid award, or a part"
)
async def claw_back_subsidy(number: str, body: SubsidyRuling, sender: Sending) -> SubsidyClawBackProposed:
    """By an operator, once the ruling can no longer be appealed. An obligation comes of each budget that has paid."""
    command = ProposeSubsidyClawBack(
        **sender.signed,
        award=number,
        amount_fen=body.amount_fen,
        ground=body.ground,
        decision_number=body.decision_number,
        reason=body.reason,
        decided_on=body.decided_on,
        appeal_until=body.appeal_until,
    )
    return SubsidyClawBackProposed.told(await sender.send(command))
