"""For what others may use an instrument under supervision: asked for, decided by customs, withdrawn."""

from datetime import date

from fastapi import Request, Response, status
from pydantic import Field

from api.access import INSTRUMENT
from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Day, Filter, Line, Shown, Text, Whole, example
from api.dependencies import Reading, Sending, Today
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.customs.decide_consent import DecideConsent, WithdrawConsent
from ledger.customs.listing import consents_page
from ledger.customs.store import CONSENTS
from ledger.customs.submit_consent import USERS_MAX, SubmitConsent
from ledger.customs.values import Consent, ConsentState, Route
from ledger.executor.listing import detail
from ledger.fees.values import PurposeClass

router = SliceRouter("/v1/customs/consents", tag="customs", noted=True)

_ASKED = {
    "instrument": "I-1A2B-3C4D-5E6F7",
    "route": "case",
    "document_number": "申请2026-1",
    "users": ["91331122MA0000267X"],
    "purposes": ["development", "research"],
    "place": "理化楼101室",
    "minutes": 6_000,
    "valid_from": "2026-01-01",
    "valid_until": "2027-12-31",
}
_CONSENT = {
    "number": "CS-1A2B-3C4D-5E6F7",
    "version": 1,
    "unit": "12331122MA0000232L",
    **_ASKED,
    "state": "granted",
    "left_minutes": 5_400,
    "expired": False,
}


class ConsentShown(Shown):
    model_config = example(_CONSENT)

    number: str
    version: int = Field(description="Of what was asked; more than 1 after customs returned it")
    instrument: str
    unit: str
    route: Route = Field(description="Per case, or by the national platform")
    document_number: str
    users: list[str] = Field(description="Empty: whoever, on the platform's route")
    purposes: list[PurposeClass]
    place: str
    minutes: int | None = Field(description="null: no limit, on the platform's route")
    valid_from: date
    valid_until: date
    state: ConsentState
    left_minutes: int | None = Field(description="Of the minutes granted; null where there is no limit")
    expired: bool


class ConsentPage(Page[ConsentShown]):
    model_config = example({"items": [_CONSENT], "next": None})


def _shown(consent: Consent, today: date) -> ConsentShown:
    return ConsentShown.of(
        consent,
        users=sorted(consent.users),
        purposes=sorted(consent.purposes),
        left_minutes=None if consent.minutes is None else consent.left_minutes,
        expired=consent.valid_until < today,
    )


@router.get("", summary="Consents and registrations on the platform")
def consents(
    reader: Reading,
    paging: Paging,
    today: Today,
    instrument: Filter | None = None,
    unit: Filter | None = None,
    valid_on: Day | None = None,
) -> ConsentPage:
    """A unit sees its own, customs those of its district. `valid_on`: within their time on that day."""
    found = consents_page(
        reader, paging.newest(), paging.look_ahead, instrument=instrument, unit=unit, valid_on=valid_on
    )
    return paging.page(ConsentPage, found, lambda one: _shown(one, today), lambda one: (one.valid_from, one.number))


@router.get("/{number}", summary="One consent", response_model=ConsentShown)
def consent(number: str, request: Request, reader: Reading, today: Today) -> Response:
    return document(request, _shown(detail(reader, CONSENTS, number), today))


class NewConsent(Body):
    model_config = example(_ASKED | {"consent": None})

    instrument: Line
    route: Route
    document_number: Line = Field(description="Of the application; on the platform, of the registration there")
    users: list[Line] = Field(default=[], max_length=USERS_MAX)
    purposes: list[PurposeClass] = Field(min_length=1)
    place: Line
    minutes: Whole | None = None
    valid_from: Day
    valid_until: Day
    consent: Line | None = Field(default=None, description="The one that customs returned, changed")


class ConsentSubmitted(Written):
    model_config = example(
        {"consent": "CS-1A2B-3C4D-5E6F7", "version": 1, "state": "submitted", "proof": PROOF_EXAMPLE}
    )

    consent: str
    version: int
    state: ConsentState


@router.post("", status_code=status.HTTP_201_CREATED, summary="Ask customs, or enter a registration on the platform")
async def submit_consent(body: NewConsent, sender: Sending) -> ConsentSubmitted:
    """By an officer of the unit."""
    await sender.check_visible(INSTRUMENT, body.instrument)
    facts = body.model_dump(exclude={"users", "purposes", "consent"})
    command = SubmitConsent(
        **sender.signed, **facts, users=tuple(body.users), purposes=tuple(body.purposes), consent=body.consent or ""
    )
    return ConsentSubmitted.told(await sender.send(command))


class ConsentDecision(Body):
    model_config = example(
        {"outcome": "granted", "since": "2026-01-01", "document_number": "关减免〔2026〕1号", "reason": None}
    )

    outcome: ConsentState
    since: Day = Field(description="Date of the decision: a grant stands from it on, or does not any more")
    document_number: Line
    reason: Text | None = Field(default=None, description="Needed for everything but a grant")


class ConsentDecided(Written):
    model_config = example(
        {"consent": "CS-1A2B-3C4D-5E6F7", "state": "granted", "left_minutes": 6_000, "proof": PROOF_EXAMPLE}
    )

    consent: str
    state: ConsentState
    left_minutes: int | None


@router.post("/{number}/decisions", status_code=status.HTTP_201_CREATED, summary="Decide a consent")
async def decide_consent(number: str, body: ConsentDecision, sender: Sending) -> ConsentDecided:
    """By the competent customs; a registration on the platform also by an operator."""
    command = DecideConsent(
        **sender.signed,
        consent=number,
        outcome=body.outcome,
        since=body.since,
        document_number=body.document_number,
        reason=body.reason or "",
    )
    return ConsentDecided.told(await sender.send(command))


class ConsentWithdrawal(Body):
    model_config = example({"reason": "不再共用"})

    reason: Text


class ConsentWithdrawn(Written):
    model_config = example({"consent": "CS-1A2B-3C4D-5E6F7", "state": "withdrawn", "proof": PROOF_EXAMPLE})

    consent: str
    state: ConsentState


@router.post("/{number}/withdrawal", status_code=status.HTTP_201_CREATED, summary="Share no more")
async def withdraw_consent(number: str, body: ConsentWithdrawal, sender: Sending) -> ConsentWithdrawn:
    """By an officer of the unit."""
    command = WithdrawConsent(**sender.signed, consent=number, reason=body.reason)
    return ConsentWithdrawn.told(await sender.send(command))
