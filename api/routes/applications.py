"""Applications for vouchers: a firm applies, the commission decides, a second person signs under approvals."""

from datetime import date
from uuid import UUID

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Fen, Filter, Line, Shown, Text, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.executor.listing import detail
from ledger.vouchers.apply import Apply
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.listing import ApplicationStep, application_steps, applications_page
from ledger.vouchers.states import ApplicationState
from ledger.vouchers.store import APPLICATIONS

router = SliceRouter("/v1/applications", tag="applications")

_APPLICATION = {
    "number": "A-1A2B-3C4D-5E6F7",
    "scheme": "jinyun-2017",
    "year": 2017,
    "holder": "91331122MA0000267X",
    "requested_fen": 5_000_000,
    "purpose": "Tensile tests of a new alloy",
    "applied_on": "2017-03-01",
    "state": "granted",
    "granted_fen": 5_000_000,
    "calculation": "3b0c8d7e-52d7-5f0e-8f0a-8f1a1c2d3e4f",
    "citation": "invented#jinyun-2017",
}
_STEP = {"step": "granted", "taken_on": "2017-03-02", "reason": ""}


class ApplicationShown(Shown):
    model_config = example(_APPLICATION)

    number: str
    scheme: str
    year: int = Field(description="Of the budget and of the yearly caps")
    holder: str = Field(description="Unified social credit code, or the number of a startup team")
    requested_fen: int
    purpose: str
    applied_on: date
    state: ApplicationState
    granted_fen: int | None = Field(description="Face value granted last")
    calculation: UUID | None = Field(description="Of what could be granted; see calculations")
    citation: str = Field(description="Source and article that the grant rests on")


class StepShown(Shown):
    step: str
    taken_on: date
    reason: str


class ApplicationDocument(ApplicationShown):
    model_config = example({**_APPLICATION, "steps": [_STEP]})

    steps: list[StepShown] = Field(description="In their order; a rejection has its reason")


class ApplicationPage(Page[ApplicationShown]):
    model_config = example({"items": [_APPLICATION], "next": None})


class NewApplication(Body):
    model_config = example({name: _APPLICATION[name] for name in ("holder", "scheme", "requested_fen", "purpose")})

    holder: Line = Field(description="Unified social credit code of the firm, or the number of a startup team")
    scheme: Line
    requested_fen: Fen = Field(description="Face value asked for")
    purpose: Text


class Applied(Written):
    model_config = example(
        {"application": "A-1A2B-3C4D-5E6F7", "scheme": "jinyun-2017", "synthetic": True, "proof": PROOF_EXAMPLE}
    )

    application: str
    scheme: str
    synthetic: bool = Field(description="True: figures of the scheme are invented")


class Grant(Body):
    model_config = example({"grant_fen": 5_000_000, "reason": ""})

    grant_fen: Fen
    reason: str = Field(default="", max_length=200, strict=True)


class Granted(Written):
    model_config = example(
        {
            "application": "A-1A2B-3C4D-5E6F7",
            "granted_fen": 5_000_000,
            "grantable_fen": 5_000_000,
            "synthetic": True,
            "calculation": "3b0c8d7e-52d7-5f0e-8f0a-8f1a1c2d3e4f",
            "approval": APPROVAL_EXAMPLE,
            "proof": PROOF_EXAMPLE,
        }
    )

    application: str
    granted_fen: int
    grantable_fen: int = Field(description="What the rules give at most")
    synthetic: bool
    calculation: UUID
    approval: ApprovalAsked


class ApplicationRejection(Body):
    model_config = example({"reason": "The purpose is no innovation"})

    reason: Text


class Rejected(Written):
    model_config = example({"application": "A-1A2B-3C4D-5E6F7", "state": "rejected", "proof": PROOF_EXAMPLE})

    application: str
    state: ApplicationState


@router.get("", summary="Applications that you may see, newest first")
def applications(
    reader: Reading,
    paging: Paging,
    scheme: Filter | None = None,
    holder: Filter | None = None,
    last_step: ApplicationStep | None = None,
) -> ApplicationPage:
    found = applications_page(
        reader, paging.newest(), paging.look_ahead, scheme=scheme, holder=holder, last_step=last_step
    )
    return paging.page(
        ApplicationPage, found, ApplicationShown.of, lambda application: (application.applied_on, application.number)
    )


@router.get("/{number}", summary="An application with its steps", response_model=ApplicationDocument)
def application(number: str, request: Request, reader: Reading) -> Response:
    steps = [StepShown.of(step) for step in application_steps(reader, number)]
    return document(request, ApplicationDocument.of(detail(reader, APPLICATIONS, number), steps=steps))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Apply for vouchers of a scheme")
async def apply(body: NewApplication, sender: Sending) -> Applied:
    """By whoever acts for the firm; for a startup team, by its recommending body."""
    command = Apply(
        **sender.signed,
        holder=body.holder,
        scheme=body.scheme,
        requested_fen=body.requested_fen,
        purpose=body.purpose,
    )
    return Applied.told(await sender.send(command))


@router.post("/{number}/grant", status_code=status.HTTP_201_CREATED, summary="Grant it, and ask for approval")
async def grant(number: str, body: Grant, sender: Sending) -> Granted:
    """At most what the rules give. The voucher is issued when a second person has signed."""
    command = DecideApplication(**sender.signed, application=number, grant_fen=body.grant_fen, reason=body.reason)
    return Granted.told(await sender.send(command))


@router.post("/{number}/rejection", status_code=status.HTTP_201_CREATED, summary="Reject it, with a reason")
async def reject(number: str, body: ApplicationRejection, sender: Sending) -> Rejected:
    command = DecideApplication(**sender.signed, application=number, grant_fen=None, reason=body.reason)
    return Rejected.told(await sender.send(command))
