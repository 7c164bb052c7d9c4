"""Agreements by which fees become shares: submitted, decided, signed, suspended, ended; bills that count under them."""

from datetime import date

from fastapi import Request, Response, status
from pydantic import Field

from api.access import BILL
from api.answers import PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Day, Filter, Line, Shown, Text, Whole, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.equity.accrue_bill import AccrueBill
from ledger.equity.decide_agreement import DecideAgreement
from ledger.equity.end_agreement import EndAgreement, SuspendAgreement
from ledger.equity.listing import agreements_page
from ledger.equity.release_accrual import ReleaseAccrual
from ledger.equity.rules import NAMED_MAX
from ledger.equity.sign_agreement import SignAgreement
from ledger.equity.store import AGREEMENTS
from ledger.equity.submit_agreement import SubmitAgreement
from ledger.equity.values import Agreement, AgreementState, NamedInstrument, Supply
from ledger.executor.listing import detail

router = SliceRouter("/v1/equity/agreements", tag="equity")

_NAMED = {"instrument": "I-1A2B-3C4D-5E6F7", "minutes_max": 60_000}
_TERMS = {
    "unit": "12331122MA0000232L",
    "firm": "91331122MA0000267X",
    "document_number": "协议2026-1",
    "supply": "service",
    "share_max": "0.1",
    "vat_in_cash": True,
    "related": False,
    "valid_from": "2026-10-01",
    "valid_until": "2029-09-30",
}
_USE = {
    "use": "U-1A2B-3C4D-5E6F7",
    "instrument": "I-1A2B-3C4D-5E6F7",
    "minutes": 19_200,
    "first_on": "2026-10-08",
    "last_on": "2026-10-21",
    "amount_fen": 19_200_000,
}
_COUNTED = {
    "number": "AC-1A2B-3C4D-5E6F7",
    "bill": "BL-1A2B-3C4D-5E6F7",
    "accrued_on": "2026-10-22",
    "eligible_fen": 19_200_000,
    "uses": [_USE],
}
_AGREEMENT = {
    "number": "EA-1A2B-3C4D-5E6F7",
    "version": 1,
    **_TERMS,
    "named": [_NAMED],
    "state": "accruing",
    "feasibility_number": "可研2026-1",
    "decision_number": "党政会2026-9",
    "signed_on": "2026-10-01",
    "accruals": [_COUNTED],
    "conversions": [],
}


class NamedShown(Shown):
    model_config = example(_NAMED)

    instrument: str
    minutes_max: int = Field(description="Machine time open under the agreement, the unit's own need being met")


class CountedUseShown(Shown):
    model_config = example(_USE)

    use: str
    instrument: str
    minutes: int
    first_on: date
    last_on: date
    amount_fen: int = Field(description="What the bill charges for it, with VAT")


class CountedShown(Shown):
    model_config = example(_COUNTED)

    number: str
    bill: str
    accrued_on: date
    eligible_fen: int = Field(description="Of the bill, with VAT, for the agreement's instruments")
    uses: list[CountedUseShown]


class AgreementShown(Shown):
    model_config = example(_AGREEMENT)

    number: str
    version: int = Field(description="More than 1 after it was refused and changed")
    unit: str
    firm: str
    document_number: str
    supply: Supply
    share_max: str = Field(description="Largest share that the unit may come to hold")
    vat_in_cash: bool = Field(description="The VAT is paid in cash, and the net amount converts")
    related: bool = Field(description="The firm is close to the unit: one more person signs")
    valid_from: date
    valid_until: date
    named: list[NamedShown]
    state: AgreementState
    feasibility_number: str
    decision_number: str
    signed_on: date | None = Field(description="By both; from then on uses count")
    accruals: list[CountedShown] = Field(description="Bills that count, and were not released")
    conversions: list[str]


class AgreementPage(Page[AgreementShown]):
    model_config = example({"items": [_AGREEMENT], "next": None})


def _shown(agreement: Agreement) -> AgreementShown:
    return AgreementShown.of(
        agreement,
        named=[NamedShown.of(one) for one in agreement.named],
        accruals=[
            CountedShown.of(one, uses=[CountedUseShown.of(use) for use in one.uses]) for one in agreement.accruals
        ],
        conversions=list(agreement.conversions),
    )


@router.get("", summary="Agreements, the newest first")
def agreements(
    reader: Reading, paging: Paging, unit: Filter | None = None, firm: Filter | None = None
) -> AgreementPage:
    """A unit and a firm see their own."""
    found = agreements_page(reader, paging.newest(), paging.look_ahead, unit=unit, firm=firm)
    return paging.page(AgreementPage, found, _shown, lambda one: (one.submitted_on, one.number))


@router.get("/{number}", summary="One agreement", response_model=AgreementShown)
def agreement(number: str, request: Request, reader: Reading) -> Response:
    return document(request, _shown(detail(reader, AGREEMENTS, number)))


class NewNamed(Body):
    model_config = example(_NAMED)

    instrument: Line
    minutes_max: Whole


class NewAgreement(Body):
    model_config = example(_TERMS | {"named": [_NAMED], "agreement": None})

    unit: Line
    firm: Line
    document_number: Line
    supply: Supply
    share_max: Line
    vat_in_cash: bool = True
    related: bool = False
    valid_from: Day
    valid_until: Day
    named: list[NewNamed] = Field(min_length=1, max_length=NAMED_MAX)
    agreement: Line | None = Field(default=None, description="One that was refused, changed")


class AgreementStep(Written):
    model_config = example({"agreement": "EA-1A2B-3C4D-5E6F7", "state": "signed", "proof": PROOF_EXAMPLE})

    agreement: str
    state: AgreementState


class AgreementSubmitted(AgreementStep):
    model_config = example(
        {
            "agreement": "EA-1A2B-3C4D-5E6F7",
            "version": 1,
            "state": "draft",
            "related": False,
            "proof": PROOF_EXAMPLE,
        }
    )

    version: int
    related: bool


@router.post("", status_code=status.HTTP_201_CREATED, summary="Submit an agreement, or a changed one")
async def submit_agreement(body: NewAgreement, sender: Sending) -> AgreementSubmitted:
    """By an officer of the unit, which an operator has recorded as a municipal university."""
    facts = body.model_dump(exclude={"named", "agreement"})
    named = tuple(NamedInstrument(one.instrument, one.minutes_max) for one in body.named)
    command = SubmitAgreement(**sender.signed, **facts, named=named, agreement=body.agreement or "")
    return AgreementSubmitted.told(await sender.send(command))


class AgreementDecision(Body):
    model_config = example({"feasibility_number": "可研2026-1", "decision_number": "党政会2026-9"})

    feasibility_number: Line
    decision_number: Line


class AgreementDecided(AgreementStep):
    model_config = example(
        {
            "agreement": "EA-1A2B-3C4D-5E6F7",
            "state": "unit-decided",
            "approval": {"kind": "equity.agreement", "subject": "EA-1A2B-3C4D-5E6F7", "content_hash": "6" * 64},
            "proof": PROOF_EXAMPLE,
        }
    )

    approval: ApprovalAsked


@router.post("/{number}/decision", status_code=status.HTTP_201_CREATED, summary="Put it before the department")
async def decide_agreement(number: str, body: AgreementDecision, sender: Sending) -> AgreementDecided:
    """By an officer of the unit, once it has studied and decided; the department and finance sign through approvals."""
    command = DecideAgreement(**sender.signed, agreement=number, **body.model_dump())
    return AgreementDecided.told(await sender.send(command))


class AgreementSignature(Body):
    model_config = example({"party": "91331122MA0000267X"})

    party: Line = Field(description="The unit or the firm")


@router.post("/{number}/signatures", status_code=status.HTTP_201_CREATED, summary="Sign for the unit or the firm")
async def sign_agreement(number: str, body: AgreementSignature, sender: Sending) -> AgreementStep:
    """Each party for itself. With the second signature uses begin to count."""
    return AgreementStep.told(await sender.send(SignAgreement(**sender.signed, agreement=number, party=body.party)))


class AgreementSuspension(Body):
    model_config = example({"document_number": "函2026-3", "reason": "企业列入经营异常名录", "resume": False})

    document_number: Line
    reason: Text
    resume: bool = Field(default=False, description="Take it up again")


@router.post("/{number}/suspension", status_code=status.HTTP_201_CREATED, summary="Suspend it, or take it up again")
async def suspend_agreement(number: str, body: AgreementSuspension, sender: Sending) -> AgreementStep:
    command = SuspendAgreement(**sender.signed, agreement=number, **body.model_dump())
    return AgreementStep.told(await sender.send(command))


class AgreementEnding(Body):
    model_config = example({"document_number": "函2026-4", "reason": "双方协商一致", "settled": False})

    document_number: Line
    reason: Text
    settled: bool = Field(default=False, description="All that was counted is paid or converted")


class AgreementEnded(AgreementStep):
    model_config = example(
        {
            "agreement": "EA-1A2B-3C4D-5E6F7",
            "state": "terminated",
            "released": ["BL-1A2B-3C4D-5E6F7"],
            "proof": PROOF_EXAMPLE,
        }
    )

    released: list[str] = Field(description="Bills that count no more, and fall due in cash")


@router.post("/{number}/end", status_code=status.HTTP_201_CREATED, summary="Settle it in cash, or terminate it")
async def end_agreement(number: str, body: AgreementEnding, sender: Sending) -> AgreementEnded:
    command = EndAgreement(**sender.signed, agreement=number, **body.model_dump())
    return AgreementEnded.told(await sender.send(command))


# -- bills that count --------------------------------------------------------------------------------------------------


class BillToCount(Body):
    model_config = example({"bill": "BL-1A2B-3C4D-5E6F7"})

    bill: Line


class BillCounted(Written):
    model_config = example(
        {
            "accrual": "AC-1A2B-3C4D-5E6F7",
            "agreement": "EA-1A2B-3C4D-5E6F7",
            "bill": "BL-1A2B-3C4D-5E6F7",
            "eligible_fen": 19_200_000,
            "uses": ["U-1A2B-3C4D-5E6F7"],
            "proof": PROOF_EXAMPLE,
        }
    )

    accrual: str
    agreement: str
    bill: str
    eligible_fen: int
    uses: list[str]


@router.post("/{number}/bills", status_code=status.HTTP_201_CREATED, summary="Confirm that a bill counts")
async def accrue_bill(number: str, body: BillToCount, sender: Sending) -> BillCounted:
    """By a person of the firm. The bill stays open, and may be paid in cash, until it converts."""
    await sender.check_visible(BILL, body.bill)
    return BillCounted.told(await sender.send(AccrueBill(**sender.signed, agreement=number, bill=body.bill)))


class BillToRelease(Body):
    model_config = example({"bill": "BL-1A2B-3C4D-5E6F7", "reason": "企业改为现金支付"})

    bill: Line
    reason: Text


class BillReleased(Written):
    model_config = example(
        {
            "agreement": "EA-1A2B-3C4D-5E6F7",
            "bill": "BL-1A2B-3C4D-5E6F7",
            "open_fen": 19_200_000,
            "proof": PROOF_EXAMPLE,
        }
    )

    agreement: str
    bill: str
    open_fen: int


@router.post("/{number}/releases", status_code=status.HTTP_201_CREATED, summary="Let a bill count no more")
async def release_accrual(number: str, body: BillToRelease, sender: Sending) -> BillReleased:
    """By an officer of the unit: it falls due in cash."""
    command = ReleaseAccrual(**sender.signed, agreement=number, bill=body.bill, reason=body.reason)
    return BillReleased.told(await sender.send(command))
