"""Capital innovation voucher, Beijing 2015: whole vouchers of 5,000 yuan, ten at first, forty in a cycle."""

from policies.kernel import facts
from policies.kernel.errors import Refused
from policies.kernel.facts import Given
from policies.kernel.figures import chosen
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words, yuan

FIRST_HAS_NONE = Words(
    "首次申领者尚未用券，不计 used_tokens", "a first applicant has used none yet; used_tokens is not counted"
)


class FewerThanOneToken(Refused):
    zh = "申请 {requested} 元、尚可申领 {room} 张：不足一张创新券（每张 {denomination} 元），不予发放。"
    en = (
        "{requested} yuan were requested and {room} vouchers may still be granted: "
        "that is less than one voucher of {denomination} yuan, and none is issued."
    )


@formula(
    "vouchers/beijing-2015",
    Words("首都科技创新券申领", "application for capital innovation vouchers"),
    facts=(
        facts.fen("requested_fen", "申请金额", "amount requested"),
        facts.flag("first_time", "首次申领", "first application"),
        facts.count("used_tokens", "本周期已用张数", "vouchers already used in this cycle", "tokens"),
    ),
    results=("tokens", "granted_fen"),
)
def grant(given: Given, rules: Rules) -> Results:
    """Whole vouchers in the amount requested, at most what the applicant may still get."""
    requested, denomination = given.figure("requested_fen"), rules.figure("denomination")

    left = rules.figure("cycle_max").room_after(
        given.figure("used_tokens"), Words("本周期尚余张数", "vouchers left in this cycle")
    )
    first = rules.figure("first_application_max").noted(FIRST_HAS_NONE)
    room = chosen(given.flag("first_time"), first, left, Words("可申领张数上限", "most vouchers that may be granted"))
    asked = requested.whole_times(denomination, Words("申请金额可折整张数", "whole vouchers in the amount"), "tokens")
    tokens = asked.at_most(room, Words("发放张数", "vouchers granted"))
    if tokens.value < 1:
        raise FewerThanOneToken(
            cite=rules.cite("denomination"),
            requested=yuan(requested.value),
            room=room.value,
            denomination=yuan(denomination.value),
        )
    return {"tokens": tokens, "granted_fen": tokens.times(denomination, Words("发放金额", "amount granted"))}
