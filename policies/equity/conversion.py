"""`equity/conversion`: how much of a fee becomes registered capital, how much reserve, and which share that is."""

from fractions import Fraction

from policies.kernel import facts
from policies.kernel.derivation import Step
from policies.kernel.errors import Refused
from policies.kernel.facts import Given
from policies.kernel.figures import Figure, Unrounded, quotient
from policies.kernel.parameters import Rules
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words, yuan

POLICY = "equity/conversion"


class BelowPar(Refused):
    zh = "投前估值 {pre_money} 元低于注册资本 {registered} 元：转入的款项不足以缴足换得的注册资本。请先重新评估或减资。"
    en = (
        "The value before the conversion, {pre_money} yuan, is below the registered capital of {registered} yuan: what "
        "is contributed would not pay up the capital it buys. Appraise anew, or reduce the capital first."
    )


@formula(
    POLICY,
    Words("服务费转股折算", "conversion of a fee into a share"),
    facts=(
        facts.fen("registered_fen", "转股前注册资本", "registered capital before", least=1),
        facts.fen("pre_money_fen", "投前估值", "value of the firm before", least=1),
        facts.fen("fee_fen", "可转的服务费", "fee that may convert"),
        facts.rate("share_max", "持股比例上限", "largest share"),
        facts.fen("held_fen", "此前已持有的注册资本", "registered capital held before", required=False),
    ),
    results=("converted_fen", "new_registered_fen", "reserve_fen", "share", "cash_fen"),
)
def conversion(given: Given, rules: Rules) -> Results:
    """As much as the largest share admits; the registered capital rounded down, and the rest of it is reserve."""
    registered, before, fee = given.figure("registered_fen"), given.figure("pre_money_fen"), given.figure("fee_fen")
    if before.value < registered.value:
        raise BelowPar(cite=rules.cite("contribution"), pre_money=yuan(before.value), registered=yuan(registered.value))
    held = _held(given, registered)
    basis = (rules.key("agreement").step, rules.key("contribution").step)

    converted = fee.at_most(_most(registered, before, held, given), Words("转股金额", "converted"))
    new = Unrounded(
        Fraction(registered.value * converted.value, before.value),
        "multiply by part",
        "fen",
        (registered.step, converted.step, before.step, *basis),
    ).rounded_down(Words("新增注册资本", "new registered capital"))
    share = quotient(
        held.plus(new, Words("转股后持有", "held after")),
        registered.plus(new, Words("转股后注册资本", "registered capital after")),
        Words("转股后持股比例", "share after"),
    )
    return {
        "converted_fen": converted,
        "new_registered_fen": new,
        "reserve_fen": converted.less(new, words=Words("计入资本公积", "capital reserve")),
        "share": share,
        "cash_fen": fee.less(converted, words=Words("仍以现金支付", "still to be paid in cash")),
    }


def _held(given: Given, registered: Figure) -> Figure:
    if not given.has("held_fen"):
        label = Words("此前未持有", "nothing held before")
        return Figure(0, Step(label, "nothing", 0, "fen", (registered.step,)))
    held = given.figure("held_fen")
    if held.value > registered.value:
        wrong = Words(
            "held_fen 不能大于 registered_fen：持有的是注册资本的一部分",
            "held_fen must not exceed registered_fen: it is a part of it",
        )
        raise InvalidFacts(POLICY, (wrong,))
    return held


def _most(registered: Figure, before: Figure, held: Figure, given: Given) -> Figure:
    """The most that keeps the share: ⌊pre · (k · reg − held) / (reg · (1 − k))⌋, never below nothing."""
    cap = given.rate("share_max")
    room = max(Fraction(0), cap.value * registered.value - held.value)
    exact = before.value * room / (registered.value * (1 - cap.value))
    inputs = (before.step, registered.step, held.step, cap.step)
    return Unrounded(exact, "room under the share", "fen", inputs).rounded_down(
        Words("不超过持股上限的转股额", "most that the largest share admits")
    )
