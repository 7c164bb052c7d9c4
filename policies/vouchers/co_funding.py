"""Schemes whose voucher pays a share of the actual fee: what it pays at acceptance, and what a firm is granted."""

from policies.kernel import facts
from policies.kernel.errors import Refused
from policies.kernel.facts import Given
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words, yuan

FEE = facts.fen("fee_fen", "实际费用", "actual fee")
HELD = facts.fen("held_fen", "为该合同预留的券额", "face value held for the contract")
REQUESTED = facts.fen("requested_fen", "申请金额", "amount requested")
USED = facts.fen("used_fen", "本年已发放金额", "face value already issued this year")
SHARES = Words("创新券与企业的分担", "what the voucher pays and what the firm pays")


class NothingToGrant(Refused):
    zh = "申请 {requested} 元，年度上限内尚余 {room} 元：没有可发放的金额。"
    en = "{requested} yuan were requested and {room} yuan are left under the yearly cap: there is nothing to grant."


@formula("vouchers/jinyun-2017", SHARES, facts=(FEE, HELD), results=("public_fen", "firm_fen"))
@formula("vouchers/binhai-2025", SHARES, facts=(FEE, HELD), results=("public_fen", "firm_fen"))
@formula(
    "vouchers/beijing-2015-acceptance",
    SHARES,
    facts=(FEE, HELD),
    results=("public_fen", "firm_fen"),
    rules="vouchers/beijing-2015-operation",
)
def acceptance(given: Given, rules: Rules) -> Results:
    """The voucher pays at most its share of the actual fee and at most what is held; the firm pays the rest."""
    fee = given.figure("fee_fen")

    share = fee.share(rules.ratio("public_share_max")).rounded_down(Words("按比例最高承担", "the share, at most"))
    public = share.at_most(given.figure("held_fen"), Words("创新券承担", "paid by the voucher"))

    return {"public_fen": public, "firm_fen": fee.less(public, words=Words("企业承担", "paid by the firm"))}


@formula(
    "vouchers/binhai-2025-application",
    Words("创新券申领", "application for vouchers"),
    facts=(REQUESTED, USED),
    results=("granted_fen",),
    rules="vouchers/binhai-2025",
)
@formula(
    "vouchers/jinyun-2017-application",
    Words("创新券申领", "application for vouchers"),
    facts=(REQUESTED, USED),
    results=("granted_fen",),
    rules="vouchers/jinyun-2017",
)
def application(given: Given, rules: Rules) -> Results:
    """What was requested, at most what is left under the yearly cap."""
    return granted(given, rules, "per_firm_year_max")


def granted(given: Given, rules: Rules, cap: str) -> Results:
    """What was requested, at most what is left under a yearly cap.

    Raises:
        NothingToGrant: nothing is left of it.
    """
    requested = given.figure("requested_fen")
    room = rules.figure(cap).room_after(given.figure("used_fen"), Words("年度上限余额", "left under the yearly cap"))

    face = requested.at_most(room, Words("发放金额", "face value granted"))

    if face.value < 1:
        raise NothingToGrant(cite=rules.cite(cap), requested=yuan(requested.value), room=yuan(room.value))
    return {"granted_fen": face}
