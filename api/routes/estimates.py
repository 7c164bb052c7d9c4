"""What a voucher would pay of a fee: for a firm that asks before it signs. No sign-in, nothing stored."""

from datetime import date
from typing import Any

from fastapi import Depends
from pydantic import Field

from api.bodies import Body, Day, Fen, Line, Shown, example
from api.rates import count_address
from api.routing import SliceRouter
from ledger.executor.clock import SystemClock, today
from policies.vouchers.schemes import Case, scheme

router = SliceRouter("/v1/estimates", tag="policies")


class EstimateWanted(Body):
    model_config = example({"scheme": "jinyun-2017", "fee_fen": 4_000_000, "held_fen": 2_000_000, "on": "2017-03-01"})

    scheme: Line
    fee_fen: Fen = Field(description="Fee expected, with VAT")
    held_fen: Fen | None = Field(default=None, description="Face value at hand; without it, as much as can be used")
    matched_fen: Fen | None = Field(default=None, description="What the payer bears beside whom this scheme pays")
    local_supplier: bool = Field(
        default=False, strict=True, description="Whether the unit is local, where that makes a difference"
    )
    high_tech: bool = Field(
        default=False, strict=True, description="Whether the firm is a certified high-tech enterprise"
    )
    on: Day | None = Field(default=None, description="Day of the service; today without it")


class Estimate(Shown):
    model_config = example(
        {
            "scheme": "jinyun-2017",
            "title_zh": "缙云县科技创新券（2017）",
            "title_en": "Innovation vouchers of Jinyun county (2017)",
            "synthetic": True,
            "on": "2017-03-01",
            "known_on": "2026-11-26",
            "fee_fen": 4_000_000,
            "voucher_fen": 2_000_000,
            "firm_fen": 2_000_000,
            "hold_days_max": 90,
            "derivation": {"label_zh": "创新券承担", "label_en": "the voucher pays", "value": 2_000_000},
        }
    )

    scheme: str
    title_zh: str
    title_en: str
    synthetic: bool = Field(description="True: some of the scheme's values are invented")
    on: date
    known_on: date
    fee_fen: int
    voucher_fen: int = Field(description="What the voucher would pay")
    firm_fen: int = Field(description="What is left for the firm")
    hold_days_max: int = Field(description="Days that a part may be reserved for a contract")
    derivation: dict[str, Any] = Field(description="Every step, down to facts and cited articles")


@router.post("", summary="What a voucher would pay of a fee", dependencies=[Depends(count_address)])
def estimate(body: EstimateWanted) -> Estimate:
    """An estimate and no promise: at acceptance, the fee that was billed and the rules of that day count."""
    now = today(SystemClock())
    terms = scheme(body.scheme, body.on or now, now)
    case = Case(matched_fen=body.matched_fen or 0, local_supplier=body.local_supplier, high_tech=body.high_tech)
    shared = terms.accepted(fee_fen=body.fee_fen, held_fen=body.held_fen or body.fee_fen, case=case)
    return Estimate(
        scheme=terms.name,
        title_zh=terms.title.zh,
        title_en=terms.title.en,
        synthetic=terms.synthetic,
        on=terms.on,
        known_on=terms.known_on,
        fee_fen=body.fee_fen,
        voucher_fen=shared.whole("public_fen"),
        firm_fen=shared.whole("firm_fen"),
        hold_days_max=terms.hold_days_max,
        derivation=shared.derivation.as_json(),
    )
