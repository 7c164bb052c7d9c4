"""Anhui 2022: a share of last year's rental income to the unit, and of last year's spending to the user."""

from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.figures import Figure
from policies.kernel.parameters import Rules
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words, yuan

EXCLUDED = facts.fen(
    "excluded_fen", "其中不予支持的部分", "of it, what is not supported (statutory work, related parties …)"
)
BASE = Words("计算基数", "the base")
SHARE = Words("按比例", "the share")


@formula(
    "subsidies/anhui-2022-unit",
    Words("管理单位后补助", "post-subsidy of a unit"),
    facts=(facts.fen("income_fen", "上年度租用收入", "rental income of last year"), EXCLUDED),
    results=("unit_fen",),
    rules="subsidies/anhui-2022",
)
def unit(given: Given, rules: Rules) -> Results:
    """What is excluded goes before the share; then the cap."""
    share = _base(given, "income_fen").share(rules.ratio("unit_share")).half_up(SHARE)

    return {"unit_fen": share.at_most(rules.figure("unit_year_max"), Words("单位补助", "the unit's subsidy"))}


@formula(
    "subsidies/anhui-2022-user",
    Words("用户后补助", "post-subsidy of a user"),
    facts=(facts.fen("spend_fen", "上年度租用支出", "spending of last year"), EXCLUDED),
    results=("user_fen",),
    rules="subsidies/anhui-2022",
)
def user(given: Given, rules: Rules) -> Results:
    """As for a unit, of what the user has spent."""
    share = _base(given, "spend_fen").share(rules.ratio("user_share")).half_up(SHARE)

    return {"user_fen": share.at_most(rules.figure("user_year_max"), Words("用户补助", "the user's subsidy"))}


def _base(given: Given, whole: str) -> Figure:
    """All of it less what is excluded."""
    all_of_it, excluded = given.figure(whole), given.figure("excluded_fen")
    if excluded.value > all_of_it.value:
        problem = Words(
            f"excluded_fen（{yuan(excluded.value)} 元）超过 {whole}（{yuan(all_of_it.value)} 元）",
            f"excluded_fen ({yuan(excluded.value)} yuan) is more than {whole} ({yuan(all_of_it.value)} yuan)",
        )
        raise InvalidFacts("subsidies/anhui-2022", (problem,))
    return all_of_it.less(excluded, words=BASE)
