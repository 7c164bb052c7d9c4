"""Beijing 2026: vouchers that pay "not more than" a part of a contract, up to a yearly cap."""

from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.figures import Figure, chosen
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

CONTRACT = facts.fen("contract_fen", "实际合同额", "actual contract amount")
USED = facts.fen("used_fen", "本年已用金额", "amount already used this year")


@formula(
    "vouchers/beijing-2026-computing",
    Words("算力券可兑付金额", "payable by a computing voucher"),
    facts=(
        CONTRACT,
        facts.flag("incubated", "在标杆或省部级以上孵化器", "in a benchmark, provincial or national incubator"),
        USED,
    ),
    results=("payable_fen",),
)
def computing(given: Given, rules: Rules) -> Results:
    """Not more than 25 % of the contract, and not more than what is left of the yearly cap."""
    cap = chosen(
        given.flag("incubated"),
        rules.figure("annual_cap_incubated"),
        rules.figure("annual_cap_other"),
        Words("适用的年度上限", "yearly cap that applies"),
    )
    return {"payable_fen": _payable(given, rules, cap)}


@formula(
    "vouchers/beijing-sme-service-2026",
    Words("中小企业服务券可兑付金额", "payable by a service voucher"),
    facts=(CONTRACT, USED),
    results=("payable_fen",),
)
def service(given: Given, rules: Rules) -> Results:
    """Not more than 30 % of the contract, and not more than what is left of the yearly cap."""
    return {"payable_fen": _payable(given, rules, rules.figure("annual_cap"))}


def _payable(given: Given, rules: Rules, cap: Figure) -> Figure:
    share = given.figure("contract_fen").share(rules.ratio("contract_share_max"))
    room = cap.room_after(given.figure("used_fen"), Words("年度上限余额", "left under the yearly cap"))
    return share.rounded_down(Words("按比例计算的金额", "part of the contract")).at_most(
        room, Words("可兑付金额", "payable amount")
    )
