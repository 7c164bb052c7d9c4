"""A ruling by which something is owed back: it is carried out once it can no longer be appealed.  (pure)"""

from datetime import date

from ledger.errors import Refused


class AppealOpen(Refused):
    zh = "决定书 {decision}（{decided_on}）的申诉期至 {appeal_until} 止，今天是 {today}。期满后才能执行。"
    en = (
        "Decision {decision} of {decided_on} can be appealed until {appeal_until}, and today is {today}. "
        "It can be carried out after that."
    )


class DecisionDatesCrossed(Refused):
    zh = "决定书 {decision} 的日期 {decided_on} 晚于其申诉期截止日 {appeal_until}。请核对。"
    en = "Decision {decision} is dated {decided_on}, after the end of its appeal, {appeal_until}. Check the dates."


def check_appeal_over(decision: str, decided_on: date, appeal_until: date, today: date) -> None:
    """Refuse what can still be appealed.

    Args:
        decision: its number, as it was served.
        decided_on: its date.
        appeal_until: last day on which it could be appealed, as it says itself.
        today: the legal date of the day.
    """
    if decided_on > appeal_until:
        raise DecisionDatesCrossed(decision=decision, decided_on=decided_on, appeal_until=appeal_until)
    if today <= appeal_until:
        raise AppealOpen(decision=decision, decided_on=decided_on, appeal_until=appeal_until, today=today)
