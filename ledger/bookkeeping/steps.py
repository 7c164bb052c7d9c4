"""Entries that are a step of something: rows stand beside them, so none is taken back by reversing it alone."""

from collections.abc import Collection
from datetime import date

from ledger.bookkeeping.events import EntryReversing
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.errors import Refused
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.journal.templates import Template
from policies.kernel.policies import Policies


class StepNotReversible(Refused):
    zh = (
        "第 {seq} 号凭证（{template}）是业务办理中的一步，冲销不会改变该步的登记，不能冲销。"
        "请用相应的办理更正：取消预留、退回兑付申请、核减指标、撤回批次等。"
    )
    en = (
        "Entry {seq} ({template}) is a step of something; reversing it would leave the record of that step standing. "
        "Correct it by the step that leads back: release the hold, send the claim back, cut the budget line, take the "
        "batch back."
    )


def _reads(_: ReverseEntry) -> Keys:
    return frozenset()


def not_reversible(templates: Collection[Template]) -> Reaction[ReverseEntry, EntryReversing]:
    """What a slice declares so that no entry of these templates is taken back by a reversal."""
    names = {template.name for template in templates}

    def check(event: EntryReversing, _command: ReverseEntry, _state: State, _p: Policies, _today: date) -> Effects:
        if event.template in names:
            raise StepNotReversible(seq=event.seq, template=event.template)
        return Effects({})

    return Reaction(EntryReversing, ReverseEntry, _reads, check)
