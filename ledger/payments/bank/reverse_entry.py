"""No step of a bank line is taken back by reversing its entry: the step would stand."""

from datetime import date

from ledger.bookkeeping.events import EntryReversing
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.errors import Refused
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.payments.bank.templates import TEMPLATES
from policies.kernel.policies import Policies


class LineStepNotReversible(Refused):
    zh = "第 {seq} 号凭证（{template}）记录银行明细的挂账，冲销不会改变该明细的状态。请对该明细提议重开或退还。"
    en = (
        "Entry {seq} ({template}) is a bank line's way into or out of suspense; reversing it would leave the line "
        "where it is. Propose to reopen the line, or to send the money back."
    )


def reads(_: ReverseEntry) -> Keys:
    return frozenset()


def check(event: EntryReversing, _command: ReverseEntry, _state: State, _policies: Policies, _today: date) -> Effects:
    if event.template in {template.name for template in TEMPLATES}:
        raise LineStepNotReversible(seq=event.seq, template=event.template)
    return Effects({})


REACTION = Reaction(EntryReversing, ReverseEntry, reads, check)
