"""What a subsidy is computed from, a unit's income or a user's spending: net of tax, without what others paid."""

from policies.kernel import facts
from policies.kernel.derivation import Step
from policies.kernel.facts import Given
from policies.kernel.figures import Figure, chosen
from policies.kernel.parameters import Rules
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words, yuan

BASE = Words("补贴计算基数", "the base of a subsidy")
RATES = facts.rows(
    "rates",
    "按税率汇总的账单",
    "bills by rate of tax",
    facts.rate("vat_rate", "增值税税率", "rate of value-added tax"),
    facts.fen("billed_fen", "开票金额（含税，已扣红字）", "billed with tax, less red invoices"),
    facts.fen("excluded_fen", "其中不予支持的账单（关联方、法定业务）", "of it, bills that do not count"),
    facts.fen("voucher_fen", "其余账单中创新券支付的部分", "of the other bills, what vouchers bear"),
    facts.fen("equity_fen", "其余账单中作价入股的部分", "of the other bills, what became equity"),
)


@formula(
    "subsidies/beijing-september-base",
    BASE,
    facts=(RATES,),
    results=("base_fen",),
    rules="subsidies/beijing-september-operation",
)
@formula(
    "subsidies/qingdao-2015-base",
    BASE,
    facts=(RATES,),
    results=("base_fen",),
    rules="subsidies/qingdao-2015-operation",
)
@formula(
    "subsidies/qingdao-2015-firm-base",
    BASE,
    facts=(RATES,),
    results=("base_fen",),
    rules="subsidies/qingdao-2015-firm-operation",
)
@formula(
    "subsidies/anhui-2022-user-base",
    BASE,
    facts=(RATES,),
    results=("base_fen",),
    rules="subsidies/anhui-2022-user-operation",
)
@formula(
    "subsidies/anhui-2022-base", BASE, facts=(RATES,), results=("base_fen",), rules="subsidies/anhui-2022-operation"
)
def base(given: Given, rules: Rules) -> Results:
    """By rate of tax: what was billed less what does not count, then net of tax, half-up; then all rates together."""
    nets = [_net(row, rules) for row in given.rows("rates")]
    if not nets:
        read = (rules.flag("include_voucher_fees").step, rules.key("net_of_tax").step)
        return {"base_fen": Figure(0, Step(BASE, "nothing", 0, "fen", read))}
    total = sum(net.value for net in nets)
    return {"base_fen": Figure(total, Step(BASE, "add", total, "fen", tuple(net.step for net in nets)))}


def _net(row: Given, rules: Rules) -> Figure:
    billed, excluded = row.figure("billed_fen"), row.figure("excluded_fen")
    parts = [
        _left_out(row.figure("voucher_fen"), "include_voucher_fees", Words("扣除的券款", "vouchers left out"), rules),
        _left_out(row.figure("equity_fen"), "include_equity_fees", Words("扣除的入股", "equity left out"), rules),
    ]
    _check(billed, [excluded, *parts])
    kept = billed.less(excluded, *parts, words=Words("计入的金额（含税）", "what counts, with tax"))
    return kept.without(row.rate("vat_rate"), rules.key("net_of_tax")).half_up(Words("不含税", "net of tax"))


def _left_out(part: Figure, included: str, words: Words, rules: Rules) -> Figure:
    flag = rules.flag(included)
    return chosen(flag, Figure.none(flag, "fen", words), part, words)


def _check(billed: Figure, parts: list[Figure]) -> None:
    left_out = sum(part.value for part in parts)
    if left_out > billed.value:
        problem = Words(
            f"rates 中不计入的 {yuan(left_out)} 元超过开票的 {yuan(billed.value)} 元",
            f"rates leaves out {yuan(left_out)} yuan of {yuan(billed.value)} yuan billed",
        )
        raise InvalidFacts("subsidies/base", (problem,))
