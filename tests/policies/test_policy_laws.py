"""What must hold for all facts: no fen lost, no cap exceeded, more asked never gives less."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policies.calculators import Calculation, calculate, differences, formulas
from policies.kernel.errors import Refused
from policies.kernel.facts import checked
from policies.kernel.loading import read_policy
from policies.kernel.parameters import Policy
from policies.kernel.registry import compute
from policies.vouchers.beijing_2015 import FewerThanOneToken

AMOUNTS = st.one_of(st.integers(0, 10**9), st.integers(0, 10**15), st.integers(0, 2**63 - 1))
SMALL = st.integers(0, 200_000_000)
TODAY = date(2026, 11, 23)


def run(policy: str, on: date = date(2026, 7, 1), **facts: object) -> Calculation:
    return calculate(policy, facts, on=on, known_on=TODAY)


def tokens(requested: int, used: int, *, first_time: bool) -> int:
    try:
        return run("vouchers/beijing-2015", requested_fen=requested, first_time=first_time, used_tokens=used).whole(
            "tokens"
        )
    except FewerThanOneToken:
        return 0


@given(requested=AMOUNTS, more=SMALL, used=st.integers(0, 60), first_time=st.booleans())
def test_beijing_2015(*, requested: int, more: int, used: int, first_time: bool) -> None:
    granted = tokens(requested, used, first_time=first_time)

    assert granted == max(0, min(requested // 500_000, 10 if first_time else 40 - used))
    assert tokens(min(requested + more, 2**63 - 1), used, first_time=first_time) >= granted


@given(contract=AMOUNTS, more=SMALL, used=SMALL, incubated=st.booleans())
def test_beijing_2026(*, contract: int, more: int, used: int, incubated: bool) -> None:
    def payable(contract: int, used: int) -> int:
        paid = run("vouchers/beijing-2026-computing", contract_fen=contract, incubated=incubated, used_fen=used)
        return paid.whole("payable_fen")

    paid = payable(contract, used)

    assert paid * 4 <= contract
    assert paid == 0 or paid + used <= (50_000_000 if incubated else 20_000_000)
    assert payable(min(contract + more, 2**63 - 1), used) >= paid >= payable(contract, used + more)


@given(contract=AMOUNTS, used=SMALL)
def test_sme_service_2026(contract: int, used: int) -> None:
    paid = run("vouchers/beijing-sme-service-2026", contract_fen=contract, used_fen=used).whole("payable_fen")

    assert paid * 10 <= contract * 3
    assert paid == min(contract * 3 // 10, max(0, 20_000_000 - used))


@given(cost=AMOUNTS, local=st.booleans(), used=SMALL)
def test_shandong_every_fen_has_one_payer(*, cost: int, local: bool, used: int) -> None:
    paid = run("vouchers/shandong-liaocheng-2023", cost_fen=cost, local_supplier=local, controller_used_fen=used)
    province, city, firm = (paid.whole(name) for name in ("province_fen", "city_fen", "firm_fen"))

    assert province + city + firm == cost
    assert min(province, city, firm) >= 0
    assert province + city <= max(0, 65_000_000 - used)
    assert local or city == 0
    full_province, full_city = (6 * cost + 5) // 10, (3 * cost + 5) // 10 if local else 0
    room = max(0, 65_000_000 - used)
    if full_province + full_city <= room:
        assert (province, city) == (full_province, full_city)
    else:
        assert province + city == room
        assert abs(province * (full_province + full_city) - room * full_province) < full_province + full_city


@given(fee=AMOUNTS, held=AMOUNTS)
def test_co_funding_loses_no_fen(fee: int, held: int) -> None:
    paid = run("vouchers/jinyun-2017", on=date(2017, 7, 1), fee_fen=fee, held_fen=held)

    assert paid.whole("public_fen") + paid.whole("firm_fen") == fee
    assert paid.whole("public_fen") == min(fee // 2, held)
    assert paid.synthetic


@given(gross=AMOUNTS, rate=st.integers(0, 999_999))
def test_tax_split_loses_no_fen(gross: int, rate: int) -> None:
    paid = run("fees/tax-split", gross_fen=gross, vat_rate=f"0.{rate:06d}")
    net, vat = paid.whole("net_fen"), paid.whole("vat_fen")

    assert net + vat == gross
    assert vat >= 0
    assert abs(2 * (net * (1_000_000 + rate) - gross * 1_000_000)) <= 1_000_000 + rate


SECTORS = (
    "industry",
    "software",
    "information_transmission",
    "construction",
    "wholesale",
    "retail",
    "agriculture",
    "other",
)
ORDER = ("micro", "small", "medium", "large")


@given(
    sector=st.sampled_from(SECTORS),
    employees=st.integers(0, 5000),
    revenue=st.integers(0, 2 * 10**11),
    assets=st.integers(0, 2 * 10**11),
    more=st.integers(0, 10**11),
)
def test_a_firm_that_grows_is_never_smaller(sector: str, employees: int, revenue: int, assets: int, more: int) -> None:
    def size(employees: int, revenue: int, assets: int) -> int:
        facts = {"sector": sector, "employees": employees, "revenue_fen": revenue, "assets_fen": assets}
        found = calculate("registry/size-class", facts, on=date(2026, 7, 1), known_on=TODAY)
        return ORDER.index(str(found.result["size"]))

    assert size(employees + more, revenue + more, assets + more) >= size(employees, revenue, assets)


@given(
    policy=st.sampled_from(["vouchers/beijing-2015", "vouchers/jinyun-2017-application"]),
    requested=AMOUNTS,
    used=st.integers(0, 40),
)
def test_a_stored_result_is_found_again(policy: str, requested: int, used: int) -> None:
    facts: dict[str, object] = {"requested_fen": requested, "used_fen": used}
    if policy == "vouchers/beijing-2015":
        facts = {"requested_fen": requested, "first_time": False, "used_tokens": used}
    try:
        stored = calculate(policy, facts, on=date(2018, 7, 1), known_on=TODAY).as_stored()
    except Refused:
        return

    assert differences(stored) == ()
    assert differences({**stored, "result": {**stored["result"], "granted_fen": -1}}) == ("result",)  # type: ignore[dict-item]
    assert differences({**stored, "facts": {"x": 1}})[0].startswith("cannot be computed again: ")


GRADES = ("优秀", "良好", "合格", "较差")
claims = st.lists(st.tuples(st.sampled_from(GRADES), st.integers(0, 10**10)), max_size=12)


@given(claims=claims, budget=st.integers(0, 10**9), seed=st.randoms(use_true_random=False))
def test_the_september_pool_is_given_to_the_fen_whatever_the_order(
    *, claims: list[tuple[str, int]], budget: int, seed: Random
) -> None:
    units = [{"code": f"U{n}", "grade": grade, "income_fen": income} for n, (grade, income) in enumerate(claims)]
    shuffled = seed.sample(units, len(units))

    first, second = (
        run("subsidies/beijing-september", budget_fen=budget, units=order).result for order in (units, shuffled)
    )

    assert first == second
    entitled = sum(unit["entitled_fen"] for unit in first["units"])
    assert first["total_fen"] == sum(unit["awarded_fen"] for unit in first["units"]) == min(budget, entitled)
    for unit in first["units"]:
        assert 0 <= unit["awarded_fen"] <= unit["entitled_fen"]
        exact = Fraction(min(budget, entitled) * unit["entitled_fen"], entitled or 1)
        assert abs(unit["awarded_fen"] - exact) < 1, "nobody is off by a fen"


@given(claims=claims, budget=st.integers(0, 10**9))
def test_one_more_fen_of_budget_lowers_nobody_by_more_than_one_fen(
    *, claims: list[tuple[str, int]], budget: int
) -> None:
    """Not by none: largest remainder has the Alabama paradox."""
    units = [{"code": f"U{n}", "grade": grade, "income_fen": income} for n, (grade, income) in enumerate(claims)]
    before, after = (
        [
            unit["awarded_fen"]
            for unit in run("subsidies/beijing-september", budget_fen=fen, units=units).result["units"]
        ]
        for fen in (budget, budget + 1)
    )

    assert all(more >= less - 1 for less, more in zip(before, after, strict=True))


def with_caps_after() -> Policy:
    """The same values, with caps that apply after the pool is prorated, as an impact run would propose it."""
    policy = read_policy("subsidies/beijing-september")
    caps = policy.parameters["caps"]
    after = replace(caps, blocks=tuple(replace(block, value="after") for block in caps.blocks))
    return replace(policy, parameters={**policy.parameters, "caps": after})


def september_after(budget: int, units: list[dict[str, object]]) -> Mapping[str, Any]:
    formula = formulas()["subsidies/beijing-september"]
    given = checked(formula.policy, formula.facts, {"budget_fen": budget, "units": units})
    return compute(formula, with_caps_after(), given, on=date(2026, 7, 1), known_on=TODAY).result


@given(claims=claims, budget=st.integers(0, 10**9), seed=st.randoms(use_true_random=False))
def test_with_caps_after_what_one_cannot_have_goes_to_the_others(
    *, claims: list[tuple[str, int]], budget: int, seed: Random
) -> None:
    rates = {"优秀": 25, "良好": 15, "合格": 5, "较差": 0}
    caps = {"优秀": 200_000_000, "良好": 100_000_000, "合格": 30_000_000, "较差": 0}
    units = [{"code": f"U{n:02d}", "grade": grade, "income_fen": income} for n, (grade, income) in enumerate(claims)]

    found = september_after(budget, units)

    assert found == september_after(budget, seed.sample(units, len(units)))
    whole = [min(income * rates[grade] // 100, caps[grade]) for grade, income in claims]
    paid = [unit["awarded_fen"] for unit in found["units"]]
    assert found["total_fen"] == sum(paid) == min(budget, sum(whole)), "all of the pool, unless nobody may have more"
    assert all(0 <= part <= most for part, most in zip(paid, whole, strict=True))
    # Whoever is below its cap got as large a part of its share as anybody else, to the fen.
    open_ = [
        (part, Fraction(income * rates[grade], 100))
        for part, most, (grade, income) in zip(paid, whole, claims, strict=True)
        if part < most
    ]
    for part, share in open_:
        assert all(Fraction(other, 1) / weight <= Fraction(part + 1) / share for other, weight in open_)


def test_a_cap_after_gives_the_others_more() -> None:
    """By hand, yuan: shares of 2,000,000 each, one capped at 300,000, a pool of 1,300,000."""
    units = [
        {"code": "A", "grade": "合格", "income_fen": 4_000_000_000},
        {"code": "B", "grade": "优秀", "income_fen": 800_000_000},
    ]
    before = run("subsidies/beijing-september", budget_fen=130_000_000, units=units).result
    after = september_after(130_000_000, units)

    assert [unit["awarded_fen"] for unit in before["units"]] == [16_956_522, 113_043_478]
    assert [unit["awarded_fen"] for unit in after["units"]] == [30_000_000, 100_000_000]
