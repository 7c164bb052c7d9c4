"""What an instrument's year says of how it was opened: utilisation, sharing rate, yield."""

from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.figures import quotient
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words


@formula(
    "evaluation/indicators",
    Words("开放共享指标", "indicators of opening"),
    facts=(
        facts.count("effective_minutes", "年有效工作机时", "effective machine time of the year", "minutes"),
        facts.count("external_minutes", "年对外服务机时", "machine time for others", "minutes"),
        facts.fen("internal_income_fen", "校（院）内收入", "income from own users"),
        facts.fen("external_income_fen", "对外服务收入", "income from others"),
        facts.fen("original_value_fen", "仪器原值", "original value of the instrument"),
    ),
    results=("utilisation", "sharing_rate", "yield"),
)
def indicators(given: Given, rules: Rules) -> Results:
    """Effective hours over 1,600; external over effective hours; weighted income over the original value.

    An instrument that ran round the clock has a utilisation above one. Nothing over nothing is zero.
    """
    effective = given.figure("effective_minutes")
    own, others = rules.figure("internal_income_tenths"), rules.figure("external_income_tenths")
    income = own.times(given.figure("internal_income_fen"), Words("校内收入（加权）", "own income, weighed")).plus(
        others.times(given.figure("external_income_fen"), Words("校外收入（加权）", "income from others, weighed")),
        Words("加权收入（十分之一分）", "weighed income, in tenths of a fen"),
    )
    value = own.times(given.figure("original_value_fen"), Words("原值（十分之一分）", "value, in tenths of a fen"))

    return {
        "utilisation": quotient(effective, rules.figure("standard_minutes"), Words("利用率", "utilisation")),
        "sharing_rate": quotient(given.figure("external_minutes"), effective, Words("共享率", "sharing rate")),
        "yield": quotient(income, value, Words("收益率", "yield")),
    }
