"""The public calculators: no sign-in, nothing stored."""

from datetime import date
from typing import Annotated, Any

from fastapi import Body as FromBody
from fastapi import Depends, Query
from pydantic import Field

from api.bodies import Shown, example
from api.rates import count_address
from api.routing import SliceRouter
from ledger.executor.clock import SystemClock, today
from policies.calculators import calculate, formulas

router = SliceRouter("/v1/policies", tag="policies")

_FACTS = {"requested_fen": 6_800_000, "first_time": False, "used_tokens": 30}


class ColumnShown(Shown):
    name: str
    unit: str
    required: bool
    label_zh: str
    label_en: str


class FactShown(Shown):
    name: str
    unit: str
    required: bool
    label_zh: str
    label_en: str
    columns: list[ColumnShown] = Field(description="Of a table, in whose rows they stand; else empty")


class PolicyShown(Shown):
    policy: str
    title_zh: str
    title_en: str
    facts: list[FactShown] = Field(description="What a calculation needs to know")
    result: list[str] = Field(description="What it tells")


class Policies(Shown):
    model_config = example(
        {
            "policies": [
                {
                    "policy": "fees/tax-split",
                    "title_zh": "价税分离",
                    "title_en": "Net amount and tax of a price",
                    "facts": [
                        {
                            "name": "gross_fen",
                            "unit": "fen",
                            "required": True,
                            "label_zh": "含税价",
                            "label_en": "price with tax",
                            "columns": [],
                        }
                    ],
                    "result": ["net_fen", "vat_fen"],
                }
            ]
        }
    )

    policies: list[PolicyShown]


class CalculationShown(Shown):
    model_config = example(
        {
            "policy": "vouchers/beijing-2015",
            "on": "2016-05-01",
            "known_on": "2016-05-01",
            "version": "2015-01-01 0123456789ab",
            "synthetic": False,
            "result": {"tokens": 10, "granted_fen": 5_000_000},
            "derivation": {"label_zh": "发放张数", "label_en": "tokens", "value": 10},
        }
    )

    policy: str
    on: date
    known_on: date
    version: str
    synthetic: bool = Field(description="True: figures of this policy are invented")
    result: dict[str, Any]
    derivation: dict[str, Any] = Field(description="Every step, down to facts and cited articles")


@router.get("", summary="The public calculators, with the facts each needs")
def policies() -> Policies:
    return Policies(
        policies=[
            PolicyShown(
                policy=name,
                title_zh=formula.words.zh,
                title_en=formula.words.en,
                facts=[FactShown.model_validate(fact.as_json()) for fact in formula.facts],
                result=list(formula.results),
            )
            for name, formula in formulas().items()
        ]
    )


@router.post(
    "/{scheme}/{name}/calculations",
    summary="Compute, storing nothing",
    response_model=CalculationShown,
    dependencies=[Depends(count_address)],
)
def calculation(
    scheme: str,
    name: str,
    facts: Annotated[dict[str, Any], FromBody(examples=[_FACTS])],
    on: Annotated[date, Query(description="Day of the fact", examples=["2016-05-01"])],
    known_on: Annotated[date | None, Query(description="Rules enacted by this day count; today without it")] = None,
) -> dict[str, Any]:
    """The same answer as `vledger calc`."""
    found = calculate(f"{scheme}/{name}", facts, on=on, known_on=known_on or today(SystemClock()))
    return dict(found.as_json())
