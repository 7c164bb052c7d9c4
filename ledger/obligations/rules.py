"""What is refused about obligations and their steps.  (pure)"""

from datetime import date

from ledger.amounts import yuan
from ledger.errors import Refused
from ledger.executor.commands import State
from ledger.obligations.values import WORDS, Obligation, Step, StepState
from ledger.registry.rules import require_person, require_role
from ledger.registry.values import Person, Role
from policies.kernel.words import Words


class MoreThanOwed(Refused):
    zh = "{obligation} 尚欠 {open} 元，其中 {pending} 元已有待复核的事项，不能再处理 {amount} 元。请核对金额。"
    en = (
        "Obligation {obligation} is open with {open} yuan, {pending} of it in steps that await a signature; "
        "{amount} yuan are too much. Check the amount."
    )


class NothingOwed(Refused):
    zh = "{obligation} 已经了结，没有未缴回的金额。"
    en = "Obligation {obligation} is settled: nothing of it is open."


class StepEnded(Refused):
    zh = "{kind_zh} {step} {state_zh}，不能再{wanted_zh}。"
    en = "The {kind_en} {step} is {state_en}; it cannot be {wanted_en}."

    def __init__(self, step: Step, wanted: Words) -> None:
        kind, state = WORDS[step.kind], WORDS[step.state]
        super().__init__(
            step=step.number,
            kind_zh=kind.zh,
            kind_en=kind.en,
            state_zh=state.zh,
            state_en=state.en,
            wanted_zh=wanted.zh,
            wanted_en=wanted.en,
        )


class DatedInFuture(Refused):
    zh = "日期 {dated_on} 晚于今天（{today}）。请核对单据。"
    en = "The date {dated_on} is later than today ({today}). Check the slip."


class DatedBeforeDecision(Refused):
    zh = "日期 {dated_on} 早于 {obligation} 的决定日期 {decided_on}。请核对单据。"
    en = "The date {dated_on} lies before obligation {obligation} was decided on {decided_on}. Check the slip."


class RecoveryNotReversible(Refused):
    zh = "第 {seq} 号凭证（{template}）是追回事项中的一步，冲销不会改变该步的登记，不能冲销。请以另一项决定更正。"
    en = (
        "Entry {seq} ({template}) is a step of an obligation; reversing it would leave the record of that step "
        "standing. Correct it by a further decision."
    )


def require_bureau(state: State, person: str, obligation: Obligation) -> Person:
    """An officer of finance or of the treasury, or an operator of the bureau to which it is owed."""
    acting = require_person(state, person)
    if acting.has(Role.FINANCE) or acting.has(Role.TREASURY):
        return acting
    return require_role(state, person, Role.OPERATOR, obligation.creditor)


def check_open(obligation: Obligation, amount_fen: int) -> None:
    """At most what is open and not spoken for."""
    if not obligation.open_fen:
        raise NothingOwed(obligation=obligation.number)
    if amount_fen > obligation.open_fen - obligation.pending_fen:
        raise MoreThanOwed(
            obligation=obligation.number,
            open=yuan(obligation.open_fen),
            pending=yuan(obligation.pending_fen),
            amount=yuan(amount_fen),
        )


def check_dated(obligation: Obligation, dated_on: date, today: date) -> None:
    """Neither in the future nor before there was anything to pay."""
    if dated_on > today:
        raise DatedInFuture(dated_on=dated_on, today=today)
    if dated_on < obligation.decided_on:
        raise DatedBeforeDecision(dated_on=dated_on, obligation=obligation.number, decided_on=obligation.decided_on)


def check_waiting(step: Step, wanted: Words) -> None:
    if step.state is not StepState.PROPOSED:
        raise StepEnded(step, wanted)
