"""`equity/convertible`: how much of a bill may become a share, after what was paid, borne or converted of it."""

from policies.kernel import facts
from policies.kernel.derivation import Step
from policies.kernel.facts import Given
from policies.kernel.figures import Figure
from policies.kernel.parameters import Rules
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words, yuan

POLICY = "equity/convertible"
NET = Words("不含税金额", "net amount")


@formula(
    POLICY,
    Words("可转股的服务费", "fee that may convert"),
    facts=(
        facts.fen("standing_fen", "账单现值（已扣除红字发票）", "what the bill stands at, red invoices taken off"),
        facts.fen("eligible_fen", "其中协议仪器的使用费", "of it, for the use of the agreement's instruments"),
        facts.fen("cash_fen", "已付现金", "paid in cash"),
        facts.fen("voucher_fen", "创新券承担", "borne by vouchers"),
        facts.fen("written_off_fen", "已核销", "written off"),
        facts.fen("converted_fen", "此前已转股", "converted before"),
        facts.rate("vat_rate", "增值税税率", "rate of value-added tax"),
        facts.flag("vat_in_cash", "增值税以现金支付", "the value-added tax is paid in cash"),
    ),
    results=("open_fen", "vat_due_fen", "convertible_fen"),
)
def convertible(given: Given, rules: Rules) -> Results:
    """What is open, less the VAT still to come in cash, and never more than the agreement's own part of the bill.

    Cash pays the VAT first: what was paid beyond it has paid for the service.
    """
    standing, eligible = given.figure("standing_fen"), _by_agreement(given.figure("eligible_fen"), rules)
    before = tuple(given.figure(f"{place}_fen") for place in ("cash", "voucher", "written_off", "converted"))
    _check(standing, eligible, before)
    cash, voucher, _, converted = before
    open_fen = standing.less(*before, words=Words("未收", "open"))
    if not given.flag("vat_in_cash").value:
        room = eligible.room_after(converted, Words("协议部分尚可转", "left of the agreement's part"))
        return {
            "open_fen": open_fen,
            "vat_due_fen": Figure.none(given.flag("vat_in_cash"), "fen", Words("须付现金的增值税", "VAT due in cash")),
            "convertible_fen": open_fen.at_most(room, Words("可转股", "may convert")),
        }

    own = standing.less(voucher, words=Words("企业自担（含税）", "borne by the firm, VAT included"))
    vat = own.less(_net(own, given, rules), words=Words("企业自担部分的增值税", "VAT of what the firm bears"))
    vat_due = vat.room_after(cash, Words("尚须付现金的增值税", "VAT still due in cash"))
    room = _net(eligible, given, rules).room_after(converted, Words("协议部分尚可转", "left of the agreement's part"))
    return {
        "open_fen": open_fen,
        "vat_due_fen": vat_due,
        "convertible_fen": open_fen.room_after(vat_due, Words("扣除增值税后未收", "open without the VAT")).at_most(
            room, Words("可转股", "may convert")
        ),
    }


def _by_agreement(eligible: Figure, rules: Rules) -> Figure:
    """What the agreement covers, by the article that allows it."""
    words = Words("可按协议转股的部分", "what the agreement covers")
    step = Step(words, "in full", eligible.value, "fen", (eligible.step, rules.key("agreement").step))
    return Figure(eligible.value, step)


def _net(gross: Figure, given: Given, rules: Rules) -> Figure:
    return gross.without(given.rate("vat_rate"), rules.key("vat_due_with_service")).half_up(NET)


def _check(standing: Figure, eligible: Figure, before: tuple[Figure, ...]) -> None:
    """No part is more than the whole."""
    parts = sum(figure.value for figure in before)
    named = (
        ("eligible_fen", "eligible_fen", eligible.value),
        ("已付、承担、核销与转股之和", "what has left it", parts),
    )
    whole = yuan(standing.value)
    wrong = [
        Words(
            f"{zh}（{yuan(fen)} 元）超过 standing_fen（{whole} 元）", f"{en}: {yuan(fen)} yuan of standing_fen {whole}"
        )
        for zh, en, fen in named
        if fen > standing.value
    ]
    if wrong:
        raise InvalidFacts(POLICY, tuple(wrong))
