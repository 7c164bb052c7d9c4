"""The September subsidy (SYNTHETIC): a rate and a cap by grade, and a pool that may be too small."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from policies.kernel import facts
from policies.kernel.derivation import Step
from policies.kernel.errors import Refused
from policies.kernel.facts import UNKNOWN_SHOWN_MAX, Given
from policies.kernel.figures import Figure, Ratio, Table, Unrounded, filled_up, prorated
from policies.kernel.parameters import Rules
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

POLICY = "subsidies/beijing-september"
GRADES = "grades"
CAPS_AFTER = "after"
SHARE = Words("按比例", "the share")
AWARDED = Words("补贴金额", "awarded")


class GradeUnknown(Refused):
    zh = "单位 {code} 的等次“{grade}”没有对应的比例。可用：{known}。"
    en = "No rate is set for the grade “{grade}” of unit {code}; there are: {known}."


@formula(
    POLICY,
    Words("九月绩效后补贴（合成）", "the September subsidy (synthetic)"),
    facts=(
        facts.fen("budget_fen", "预算总额", "the pool"),
        facts.rows(
            "units",
            "管理单位",
            "units",
            facts.key("code", "单位代码", "code"),
            facts.key("grade", "考核等次", "grade"),
            facts.fen("income_fen", "符合条件的对外服务收入", "eligible income from serving others"),
        ),
    ),
    results=("units", "total_fen"),
)
def september(given: Given, rules: Rules) -> Results:
    """Each unit's rate of its income under its cap; where the pool is short, prorated to the fen.

    Caps apply before the pool is prorated, or after, as the policy says. The order of the units makes no difference: on
    a tie the lower code comes first.
    """
    units = sorted(given.rows("units"), key=lambda unit: str(unit.values["code"]))
    _check_codes(units)
    budget = given.figure("budget_fen")

    terms = _terms(rules)
    claims = [_claim(unit, rules, terms) for unit in units]
    if rules.key("caps").value == CAPS_AFTER:
        entitled = [claim.share.half_up(claim.words) for claim in claims]
        awarded = filled_up(budget, [claim.share for claim in claims], [claim.cap for claim in claims], AWARDED)
    else:
        entitled = [claim.share.half_up(SHARE).at_most(claim.cap, claim.words) for claim in claims]
        awarded = prorated(budget, entitled, AWARDED)

    parts = tuple(part.step for part in awarded)
    total = sum(part.value for part in awarded)
    return {
        "units": Table(
            [
                {"code": str(unit.values["code"]), "entitled_fen": claim.value, "awarded_fen": part.value}
                for unit, claim, part in zip(units, entitled, awarded, strict=True)
            ],
            Step(Words("各单位补贴", "by unit"), "table", len(units), "count", (budget.step, *parts)),
        ),
        "total_fen": Figure(
            total, Step(Words("补贴合计", "total awarded"), "add", total, "fen", (budget.step, *parts))
        ),
    }


@dataclass(frozen=True, slots=True)
class _Claim:
    """What its grade gives a unit before the pool is looked at."""

    share: Unrounded
    cap: Figure
    words: Words


def _check_codes(units: Sequence[Given]) -> None:
    codes = [str(unit.values["code"]) for unit in units]
    twice = sorted({code for code, after in pairwise(codes) if code == after})
    if twice:
        raise InvalidFacts(
            POLICY,
            tuple(Words(f"units 中 {code} 出现两次", f"units has {code} twice") for code in twice[:UNKNOWN_SHOWN_MAX]),
        )


def _terms(rules: Rules) -> dict[str, tuple[Ratio, Figure]]:
    """Rate and cap by grade."""
    return {
        grade: (
            rules.cell_ratio(GRADES, row, "rate", Words(f"{grade}：比例", f"rate for {grade}")),
            rules.cell(GRADES, row, "cap", Words(f"{grade}：上限", f"cap for {grade}")),
        )
        for row in rules.rows(GRADES)
        if (grade := str(row["grade"]))
    }


def _claim(unit: Given, rules: Rules, terms: Mapping[str, tuple[Ratio, Figure]]) -> _Claim:
    grade, code = str(unit.key("grade").value), str(unit.values["code"])
    if grade not in terms:
        raise GradeUnknown(cite=rules.cite(GRADES), code=code, grade=grade, known=", ".join(terms))
    rate, cap = terms[grade]
    return _Claim(unit.figure("income_fen").share(rate), cap, Words(f"{code} 应得", f"entitlement of {code}"))
