"""Professional service bodies that act for units (委托代理)."""

from fastapi import status
from pydantic import Field

from api.access import PARTY
from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Line, example
from api.dependencies import Sending
from api.routing import SliceRouter
from ledger.registry.end_agency import EndAgency
from ledger.registry.give_agency import GiveAgency

router = SliceRouter("/v1/organisations", tag="organisations")


class AgencyNamed(Body):
    model_config = example({"agent": "52331122MA0000259M", "document_number": "委托书〔2017〕1号"})

    agent: Line = Field(description="Code of the professional service body")
    document_number: Line = Field(description="Of the mandate, or of the paper that ends it")


class AgencySet(Written):
    model_config = example(
        {
            "principal": "12331122MA0000232L",
            "agent": "52331122MA0000259M",
            "stands": True,
            "proof": PROOF_EXAMPLE,
        }
    )

    principal: str = Field(description="The unit")
    agent: str
    stands: bool


@router.post("/{code}/agencies", status_code=status.HTTP_201_CREATED, summary="Let a service body act for a unit")
async def give_agency(code: str, body: AgencyNamed, sender: Sending) -> AgencySet:
    """By an officer of the unit itself or an operator: the body's people do an officer's work for the unit.

    They give no roles, set no account where money goes, and sign nothing that concerns the unit.
    """
    await sender.check_visible(PARTY, body.agent)
    command = GiveAgency(**sender.signed, principal=code, agent=body.agent, document_number=body.document_number)
    return AgencySet.told(await sender.send(command))


@router.post("/{code}/agencies/end", status_code=status.HTTP_201_CREATED, summary="End an agency")
async def end_agency(code: str, body: AgencyNamed, sender: Sending) -> AgencySet:
    """By an officer of the unit itself, by the body, or by an operator. Its clients for the unit are out at once."""
    await sender.check_visible(PARTY, body.agent)
    command = EndAgency(**sender.signed, principal=code, agent=body.agent, document_number=body.document_number)
    return AgencySet.told(await sender.send(command))
