"""Organisations and startup teams: registered once, declared about as often as things change."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Fen, Filter, Line, Shown, Whole, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.registry.agencies import load_agents
from ledger.registry.cancel_registration import CancelRegistration
from ledger.registry.declare_controller import DeclareController
from ledger.registry.declare_relation import DeclareRelation
from ledger.registry.declare_size import DeclareSize
from ledger.registry.listing import parties_page
from ledger.registry.register_body import RegisterBody
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_team import RegisterTeam
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.store import PARTIES, load_control_chains
from ledger.registry.values import CertificateKind, PartyKind, SizeClass

router = SliceRouter("/v1/organisations", tag="organisations")

_FIRM = {
    "code": "91331122MA0000267X",
    "kind": "firm",
    "name": "Alloy Works",
    "body": None,
    "registered_on": "2017-03-01",
    "cancelled": False,
}
_CERTIFICATE = {
    "number": "CT-1A2B-3C4D-5E6F7",
    "kind": "high-tech-enterprise",
    "region": "",
    "paper_number": "GR201633000001",
    "valid_from": "2016-11-21",
    "valid_until": "2019-11-20",
    "withdrawn_on": None,
}
_REGISTERED = {"party": "91331122MA0000267X", "proof": PROOF_EXAMPLE}

# -- what is shown -----------------------------------------------------------------------------------------------------


class OrganisationShown(Shown):
    model_config = example(_FIRM)

    code: str = Field(description="Unified social credit code; of a startup team, its number `T-…`")
    kind: PartyKind
    name: str
    body: str | None = Field(description="The recommending body a team is attached to")
    registered_on: date
    cancelled: bool


class CertificateShown(Shown):
    model_config = example(_CERTIFICATE)

    number: str
    kind: CertificateKind
    region: str = Field(description="Six digits (GB/T 2260) where the kind names a place; else empty")
    paper_number: str
    valid_from: date
    valid_until: date | None = Field(description="Last day; null: until it is withdrawn")
    withdrawn_on: date | None = Field(description="From this day on it proves nothing")


class OrganisationPage(Page[OrganisationShown]):
    model_config = example({"items": [_FIRM], "next": None})


class OrganisationDocument(OrganisationShown):
    model_config = example(
        {
            **_FIRM,
            "size": "small",
            "controllers": ["91331122MA0000283D"],
            "related": ["91331122MA0000283D"],
            "certificates": [_CERTIFICATE],
            "agents": [],
        }
    )

    size: SizeClass | None = Field(description="As last declared; null also where it is not yours to see")
    controllers: list[str] = Field(description="From the nearest to the actual one, as far as you may see")
    related: list[str] = Field(description="Related parties, as far as you may see")
    agents: list[str] = Field(description="Service bodies that act for it, as far as you may see")
    certificates: list[CertificateShown] = Field(description="What papers prove about it, as far as you may see")


@router.get("", summary="Organisations that you may see: units, bureaus, recommending bodies, your own")
def organisations(
    reader: Reading,
    paging: Paging,
    kind: PartyKind | None = None,
    name: Annotated[Filter | None, Query(description="Any part of it")] = None,
) -> OrganisationPage:
    (after,) = paging.start(1) or ("",)
    found = parties_page(reader, after, paging.look_ahead, kind=kind, name=name)
    return paging.page(OrganisationPage, found, OrganisationShown.of, lambda party: (party.code,))


@router.get("/{code}", summary="An organisation with what it declared", response_model=OrganisationDocument)
def organisation(code: str, request: Request, reader: Reading) -> Response:
    party = PARTIES.load(reader, [code])[code]
    controllers = load_control_chains(reader, [code])[code]
    return document(
        request,
        OrganisationDocument.of(
            party,
            controllers=controllers,
            related=sorted(party.related),
            agents=list(load_agents(reader, [code])[code]),
            certificates=[CertificateShown.of(one) for one in party.certificates],
        ),
    )


# -- registration ------------------------------------------------------------------------------------------------------


class NewOrganisation(Body):
    model_config = example({"code": "91331122MA0000267X", "name": "Alloy Works"})

    code: Line = Field(description="Unified social credit code")
    name: Line


class NewTeam(Body):
    model_config = example({"recommending_body": "52331122MA0000259M", "name": "Ceramic filters"})

    recommending_body: Line = Field(description="It receives and settles for the team")
    name: Line


class OrganisationRegistered(Written):
    model_config = example(_REGISTERED)

    party: str = Field(description="Its code; of a team, the number it is given")


@router.post("/firms", status_code=status.HTTP_201_CREATED, summary="Register a firm")
async def register_firm(body: NewOrganisation, sender: Sending) -> OrganisationRegistered:
    """By an operator or a recommending body."""
    answer = await sender.send(RegisterFirm(**sender.signed, code=body.code, name=body.name))
    return OrganisationRegistered.told(answer)


@router.post("/teams", status_code=status.HTTP_201_CREATED, summary="Register a startup team of a recommending body")
async def register_team(body: NewTeam, sender: Sending) -> OrganisationRegistered:
    """By the recommending body or an operator."""
    command = RegisterTeam(**sender.signed, recommending_body=body.recommending_body, name=body.name)
    return OrganisationRegistered.told(await sender.send(command))


@router.post("/units", status_code=status.HTTP_201_CREATED, summary="Register a unit")
async def register_unit(body: NewOrganisation, sender: Sending) -> OrganisationRegistered:
    """By an operator."""
    answer = await sender.send(RegisterUnit(**sender.signed, code=body.code, name=body.name))
    return OrganisationRegistered.told(answer)


@router.post("/bodies", status_code=status.HTTP_201_CREATED, summary="Register a recommending or service body")
async def register_body(body: NewOrganisation, sender: Sending) -> OrganisationRegistered:
    """By an operator."""
    answer = await sender.send(RegisterBody(**sender.signed, code=body.code, name=body.name))
    return OrganisationRegistered.told(answer)


@router.post("/bureaus", status_code=status.HTTP_201_CREATED, summary="Register a bureau")
async def register_bureau(body: NewOrganisation, sender: Sending) -> OrganisationRegistered:
    """By an operator."""
    answer = await sender.send(RegisterBureau(**sender.signed, code=body.code, name=body.name))
    return OrganisationRegistered.told(answer)


class Cancellation(Body):
    model_config = example({"reason": "Struck off the register of enterprises"})

    reason: Line


class Cancelled(Written):
    model_config = example({"party": "91331122MA0000267X", "cancelled_on": "2017-06-01", "proof": PROOF_EXAMPLE})

    party: str
    cancelled_on: date


@router.post("/{code}/cancellation", status_code=status.HTTP_201_CREATED, summary="Cancel a registration")
async def cancel(code: str, body: Cancellation, sender: Sending) -> Cancelled:
    """By an operator. What it did stays; nothing new is done for it."""
    return Cancelled.told(await sender.send(CancelRegistration(**sender.signed, party=code, reason=body.reason)))


# -- declarations ------------------------------------------------------------------------------------------------------


class SizeFigures(Body):
    model_config = example({"sector": "software", "employees": 20, "revenue_fen": 300_000_000, "assets_fen": None})

    sector: Line = Field(description="As the policy `registry/size-class` names it")
    employees: Whole | None = None
    revenue_fen: Fen | None = Field(default=None, description="Of the last year")
    assets_fen: Fen | None = None


class SizeDeclared(Written):
    model_config = example(
        {
            "firm": "91331122MA0000267X",
            "size": "small",
            "version": "2011-06-18+0123456789ab",
            "proof": PROOF_EXAMPLE,
        }
    )

    firm: str
    size: SizeClass
    version: str = Field(description="Of the standard that was applied")


@router.post("/{code}/size", status_code=status.HTTP_201_CREATED, summary="Declare figures; the size class follows")
async def declare_size(code: str, body: SizeFigures, sender: Sending) -> SizeDeclared:
    """By the firm or an operator. The calculation is kept with its facts."""
    command = DeclareSize(
        **sender.signed,
        firm=code,
        sector=body.sector,
        employees=body.employees,
        revenue_fen=body.revenue_fen,
        assets_fen=body.assets_fen,
    )
    return SizeDeclared.told(await sender.send(command))


class ControllerNamed(Body):
    model_config = example({"controller": "91331122MA0000283D"})

    controller: Line | None = Field(description="Unified social credit code or `P-…` of a person; null: nobody")


class ControllerDeclared(Written):
    model_config = example({"party": "91331122MA0000267X", "controller": "91331122MA0000283D", "proof": PROOF_EXAMPLE})

    party: str
    controller: str | None


@router.post("/{code}/controller", status_code=status.HTTP_201_CREATED, summary="Declare who controls it")
async def declare_controller(code: str, body: ControllerNamed, sender: Sending) -> ControllerDeclared:
    """By its own people once; what stands is changed by an operator only. Caps and related parties follow from it."""
    command = DeclareController(**sender.signed, party=code, controller=body.controller)
    return ControllerDeclared.told(await sender.send(command))


class RelationNamed(Body):
    model_config = example({"other": "91331122MA0000283D", "ground": "A common director"})

    other: Line = Field(description="Unified social credit code, registered here or not")
    ground: Line


class RelationDeclared(Written):
    model_config = example(
        {
            "party": "91331122MA0000267X",
            "other": "91331122MA0000283D",
            "stands": True,
            "proof": PROOF_EXAMPLE,
        }
    )

    party: str
    other: str
    stands: bool


@router.post("/{code}/relations", status_code=status.HTTP_201_CREATED, summary="Declare a related party")
async def declare_relation(code: str, body: RelationNamed, sender: Sending) -> RelationDeclared:
    """By its own people or an operator."""
    command = DeclareRelation(**sender.signed, party=code, other=body.other, ground=body.ground)
    return RelationDeclared.told(await sender.send(command))


@router.post("/{code}/relations/end", status_code=status.HTTP_201_CREATED, summary="Declare that a relation is over")
async def end_relation(code: str, body: RelationNamed, sender: Sending) -> RelationDeclared:
    """By an operator."""
    command = DeclareRelation(**sender.signed, party=code, other=body.other, ground=body.ground, stands=False)
    return RelationDeclared.told(await sender.send(command))
