"""Take an entry back by its mirror image, once; the original stays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.bookkeeping.events import EntryReversing
from ledger.bookkeeping.rules import (
    AlreadyReversed,
    ReasonMissing,
    ReversalBeforeOriginal,
    ReversalOfReversal,
    SecondPersonNeeded,
)
from ledger.bookkeeping.store import ENTRIES, PostedEntry
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.accounts import Account, Chart
from ledger.journal.entries import Backdating, Entry, Transfer
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseEntry(Command):
    """A manual correction: it always takes a second person."""

    kind: ClassVar[str] = "entry.reverse"

    seq: int
    effective_on: date
    """Explicit: today, or an earlier day of a period that is still open; never before the original."""
    reason: str
    second_person: str


def reads(command: ReverseEntry) -> Keys:
    return ENTRIES.keys(str(command.seq))


def decider(chart: Callable[[], Chart]) -> Callable[[ReverseEntry, State, Policies, date], Effects]:
    """Reversal needs the whole chart, which only the assembly of all slices knows."""

    def decide(command: ReverseEntry, state: State, _policies: Policies, _today: date) -> Effects:
        posted = state.one(ENTRIES, str(command.seq))
        if posted.reversed_by is not None:
            raise AlreadyReversed(seq=posted.seq, by=posted.reversed_by)
        if posted.reverses is not None:
            raise ReversalOfReversal(seq=posted.seq)
        if not command.reason.strip():
            raise ReasonMissing
        if command.second_person.strip() in {"", command.actor}:
            raise SecondPersonNeeded(person=command.actor)
        if command.effective_on < posted.effective_on:
            raise ReversalBeforeOriginal(
                effective_on=command.effective_on, seq=posted.seq, original=posted.effective_on
            )
        return Effects(
            {"reverses": posted.seq},
            entries=(reversal(posted, command, chart()),),
            events=(
                EntryReversing(
                    posted.seq,
                    posted.template,
                    frozenset(entity for t in posted.transfers for entity in (t.debit_entity, t.credit_entity)),
                    command.second_person,
                ),
            ),
        )

    return decide


def reversal(posted: PostedEntry, command: ReverseEntry, chart: Chart) -> Entry:
    """The same transfers with debit and credit exchanged, under the same template."""
    return Entry(
        template=posted.template,
        effective_on=command.effective_on,
        transfers=tuple(
            Transfer(
                debit=_account(chart, t.credit, t.credit_entity, t.credit_owner),
                credit=_account(chart, t.debit, t.debit_entity, t.debit_owner),
                amount=t.amount,
                budget_line=t.budget_line,
            )
            for t in posted.transfers
        ),
        reverses=posted.seq,
        backdating=Backdating(command.reason, command.second_person),
        memo=command.reason,
    )


def _account(chart: Chart, address: str, entity: str, owner: str) -> Account:
    of = chart.class_of(address)
    match = of.address_shape.fullmatch(address) if of else None
    if of is None or match is None:
        raise ValueError(f"the chart has no line for {address}")
    return of.at(entity=entity, owner=owner, **match.groupdict())


def use_case(chart: Callable[[], Chart]) -> UseCase[ReverseEntry]:
    return UseCase(ReverseEntry, reads, decider(chart), apart=True)
