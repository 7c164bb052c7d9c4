"""Uses out of scope, what they put at risk, and what customs says of it."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Day, Filter, Line, Shown, Text, Whole, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.customs.decide_exposure import DecideExposure
from ledger.customs.listing import exposure_steps, exposure_taxes, exposures_page
from ledger.customs.pay_exposure import PayExposure
from ledger.customs.store import EXPOSURES
from ledger.customs.values import Exposure, ExposureState, Reason
from ledger.executor.listing import detail

router = SliceRouter("/v1/customs/exposures", tag="customs", noted=True)

_EXPOSURE = {
    "number": "EX-1A2B-3C4D-5E6F7",
    "use": "U-1A2B-3C4D-5E6F7",
    "instrument": "I-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "district": "0113",
    "reasons": ["NO_CONSENT"],
    "first_on": "2026-09-01",
    "last_on": "2026-09-12",
    "rate_on": "2026-09-01",
    "state": "detected",
    "estimate": True,
    "duty_fen": 200_000,
    "vat_fen": 546_000,
    "consumption_fen": 0,
    "total_fen": 746_000,
}
_STEP = {
    "state": "detected",
    "duty_fen": 200_000,
    "vat_fen": 546_000,
    "consumption_fen": 0,
    "document_number": "",
    "reason": "",
    "taken_on": "2026-09-28",
}
_TAX = {
    "item": "CI-1A2B-3C4D-5E6F7",
    "days": 12,
    "base_fen": 4_000_000,
    "duty_fen": 200_000,
    "vat_fen": 546_000,
    "consumption_fen": 0,
    "rule_version": "2021-03-01+3241c684800b",
    "rate_on": "2026-09-01",
    "calculation": "0f0b2f5e-8a5d-5b3e-9b43-0c2f7f7d3c11",
}
ESTIMATED = frozenset({ExposureState.DETECTED, ExposureState.UNDER_REVIEW})


class ExposureShown(Shown):
    model_config = example(_EXPOSURE)

    number: str
    use: str
    instrument: str
    unit: str
    district: str
    reasons: list[Reason]
    first_on: date
    last_on: date
    rate_on: date = Field(description="Day whose rates count: that of the act")
    state: ExposureState
    estimate: bool = Field(description="Customs has not assessed it yet")
    duty_fen: int = Field(description="At risk now; of one that was paid, what was paid")
    vat_fen: int
    consumption_fen: int
    total_fen: int


class ExposurePage(Page[ExposureShown]):
    model_config = example({"items": [_EXPOSURE], "next": None})


class ExposureStepShown(Shown):
    model_config = example(_STEP)

    state: ExposureState
    duty_fen: int
    vat_fen: int
    consumption_fen: int
    document_number: str
    reason: str
    taken_on: date


class ExposureTaxShown(Shown):
    model_config = example(_TAX)

    item: str
    days: int = Field(description="Distinct days counted up to this use")
    base_fen: int = Field(description="Of all of them")
    duty_fen: int = Field(description="What this use added")
    vat_fen: int
    consumption_fen: int
    rule_version: str
    rate_on: date
    calculation: UUID


class ExposureDocument(ExposureShown):
    model_config = example({**_EXPOSURE, "taxes": [_TAX], "steps": [_STEP]})

    taxes: list[ExposureTaxShown]
    steps: list[ExposureStepShown]


def _facts(exposure: Exposure) -> dict[str, Any]:
    standing = exposure.standing
    return {
        "reasons": list(exposure.reasons),
        "estimate": exposure.state in ESTIMATED,
        "duty_fen": standing.duty_fen,
        "vat_fen": standing.vat_fen,
        "consumption_fen": standing.consumption_fen,
        "total_fen": standing.total_fen,
    }


@router.get("", summary="Uses out of scope and what they put at risk, the latest first")
def exposures(  # filters, by name
    reader: Reading,
    paging: Paging,
    instrument: Filter | None = None,
    unit: Filter | None = None,
    district: Filter | None = None,
    state: ExposureState | None = None,
    reason: Reason | None = None,
) -> ExposurePage:
    """A unit sees its own, customs those of its district."""
    found = exposures_page(
        reader,
        paging.newest(),
        paging.look_ahead,
        instrument=instrument,
        unit=unit,
        district=district,
        state=state,
        reason=reason,
    )
    return paging.page(
        ExposurePage, found, lambda one: ExposureShown.of(one, **_facts(one)), lambda one: (one.first_on, one.number)
    )


@router.get("/{number}", summary="One exposure, with its taxes and steps", response_model=ExposureDocument)
def exposure(number: str, request: Request, reader: Reading) -> Response:
    found = detail(reader, EXPOSURES, number)
    taxes = [ExposureTaxShown.of(tax) for tax in exposure_taxes(reader, number)]
    steps = [ExposureStepShown.of(step) for step in exposure_steps(reader, number)]
    return document(request, ExposureDocument.of(found, **_facts(found), taxes=taxes, steps=steps))


class ExposureDecision(Body):
    model_config = example(
        {
            "outcome": "assessed",
            "document_number": "关税〔2026〕9号",
            "reason": "经审核",
            "duty_fen": 200_000,
            "vat_fen": 546_000,
            "consumption_fen": 0,
        }
    )

    outcome: ExposureState
    document_number: Line
    reason: Text
    duty_fen: Whole | None = Field(default=None, description="With an assessment; 0 where there is none")
    vat_fen: Whole | None = None
    consumption_fen: Whole | None = None


class ExposureDecided(Written):
    model_config = example(
        {
            "exposure": "EX-1A2B-3C4D-5E6F7",
            "state": "assessed",
            "at_risk_fen": 746_000,
            "restated": [],
            "proof": PROOF_EXAMPLE,
        }
    )

    exposure: str
    state: ExposureState
    at_risk_fen: int
    restated: list[str] = Field(description="Exposures whose estimates are others now, because these days do not count")


@router.post("/{number}/decisions", status_code=status.HTTP_201_CREATED, summary="Review, clear, assess, contest")
async def decide_exposure(number: str, body: ExposureDecision, sender: Sending) -> ExposureDecided:
    """Customs, or an operator on its document; the unit asks for a review, reports and contests."""
    command = DecideExposure(**sender.signed, exposure=number, **body.model_dump())
    return ExposureDecided.told(await sender.send(command))


class ExposurePayment(Body):
    model_config = example({"payment_number": "011320261234567890", "due_on": "2026-10-31", "paid_on": "2026-12-17"})

    payment_number: Line = Field(description="Of customs' receipt (税款缴款书)")
    due_on: Day = Field(description="Last day on which it was in time")
    paid_on: Day


class ExposurePaid(Written):
    model_config = example(
        {
            "exposure": "EX-1A2B-3C4D-5E6F7",
            "state": "paid",
            "paid_fen": 746_000,
            "late_fee_fen": 12_831,
            "waived": ["duty"],
            "proof": PROOF_EXAMPLE,
        }
    )

    exposure: str
    state: ExposureState
    paid_fen: int
    late_fee_fen: int = Field(description="0.05 % a day by kind of tax; what is waived is not in it")
    waived: list[str] = Field(description="Kinds of tax whose late fee is too small to be charged")


@router.post("/{number}/payment", status_code=status.HTTP_201_CREATED, summary="Record that it was paid")
async def pay_exposure(number: str, body: ExposurePayment, sender: Sending) -> ExposurePaid:
    """Customs, or an operator on its receipt."""
    return ExposurePaid.told(await sender.send(PayExposure(**sender.signed, exposure=number, **body.model_dump())))
