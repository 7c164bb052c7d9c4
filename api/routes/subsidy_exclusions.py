"""Bills that count for no subsidy."""

from fastapi import status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Text, example
from api.dependencies import Sending
from api.routing import SliceRouter
from ledger.subsidies.exclude_bill import ExcludeBill

router = SliceRouter("/v1/bills", tag="bills")


class BillExclusion(Body):
    model_config = example({"excluded": True, "reason": "法定检验"})

    excluded: bool = Field(description="False: it counts again")
    reason: Text


class BillExcluded(Written):
    model_config = example({"bill": "BL-1A2B-3C4D-5E6F7", "excluded": True, "proof": PROOF_EXAMPLE})

    bill: str
    excluded: bool


@router.post(
    "/{number}/subsidy-exclusion", status_code=status.HTTP_201_CREATED, summary="Leave a bill out of subsidies"
)
async def exclude_bill(number: str, body: BillExclusion, sender: Sending) -> BillExcluded:
    """By an operator or an officer of the unit, such as for statutory work. Bills to related parties never count."""
    command = ExcludeBill(**sender.signed, bill=number, excluded=body.excluded, reason=body.reason)
    return BillExcluded.told(await sender.send(command))
