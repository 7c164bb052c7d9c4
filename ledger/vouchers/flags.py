"""A flagged holder gets no new voucher and makes no new reservation.  (pure)"""

from datetime import date

from ledger.errors import Refused
from ledger.registry.values import Party


class HolderFlagged(Refused):
    zh = (
        "{name}（{holder}）因“{reason}”（决定书 {decision}）自 {since} 起{until_zh}不得申领和使用新的创新券。"
        "如有异议，请按该决定书写明的途径申诉；标记可由 {operator} 解除。"
    )
    en = (
        "{name} ({holder}) gets no new voucher and makes no new reservation from {since} {until_en}, because of "
        "“{reason}” (decision {decision}). To contest it, appeal as that decision says; {operator} can lift the flag."
    )


class FlagOver(Refused):
    zh = "标记截止日 {until} 早于今天（{today}），不起作用。请核对日期。"
    en = "The flag would end on {until}, before today ({today}), and change nothing. Check the day."


def check_unflagged(holder: Party, today: date) -> None:
    """Refuse a flagged holder, and say why, until when and where to turn."""
    flag = holder.flag_on(today)
    if flag:
        raise HolderFlagged(
            name=holder.name,
            holder=holder.code,
            reason=flag.reason,
            decision=flag.decision_number,
            since=flag.since,
            until_zh=f"至 {flag.until} 止" if flag.until else "直至解除",
            until_en=f"until {flag.until}" if flag.until else "until it is lifted",
            operator=flag.operator,
        )


def check_flag_ahead(until: date | None, today: date) -> None:
    if until is not None and until < today:
        raise FlagOver(until=until, today=today)
