"""Which units are on the platform, under which department."""

from datetime import date

from fastapi import status
from pydantic import Field

from api.access import PARTY
from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Day, Line, example
from api.dependencies import Sending
from api.routing import SliceRouter
from ledger.evaluation.join_platform import JoinPlatform
from ledger.evaluation.leave_platform import LeavePlatform

router = SliceRouter("/v1/organisations", tag="evaluations")


class NewMembership(Body):
    model_config = example(
        {"department": "11331122MA0000002X", "joined_on": "2017-03-01", "document_number": "入网〔2017〕1号"}
    )

    department: Line = Field(description="The bureau that supervises the unit")
    joined_on: Day
    document_number: Line


class MembershipSet(Written):
    model_config = example(
        {
            "unit": "12331122MA0000232L",
            "department": "11331122MA0000002X",
            "joined_on": "2017-03-01",
            "proof": PROOF_EXAMPLE,
        }
    )

    unit: str
    department: str
    joined_on: date


@router.post("/{code}/membership", status_code=status.HTTP_201_CREATED, summary="Let a unit join the platform")
async def join_platform(code: str, body: NewMembership, sender: Sending) -> MembershipSet:
    """By an operator. A member comes under another department by the same call."""
    await sender.check_visible(PARTY, body.department)
    command = JoinPlatform(
        **sender.signed,
        unit=code,
        department=body.department,
        joined_on=body.joined_on,
        document_number=body.document_number,
    )
    return MembershipSet.told(await sender.send(command))


class MembershipEnd(Body):
    model_config = example({"document_number": "退网〔2017〕1号"})

    document_number: Line


class MembershipEnded(Written):
    model_config = example({"unit": "12331122MA0000232L", "left_on": "2017-03-01", "proof": PROOF_EXAMPLE})

    unit: str
    left_on: date


@router.post("/{code}/membership/end", status_code=status.HTTP_201_CREATED, summary="Let a unit leave the platform")
async def leave_platform(code: str, body: MembershipEnd, sender: Sending) -> MembershipEnded:
    """By an operator. What was published of the unit stands."""
    command = LeavePlatform(**sender.signed, unit=code, document_number=body.document_number)
    return MembershipEnded.told(await sender.send(command))
