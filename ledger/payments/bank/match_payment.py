"""Match a payment: a line by which money left is the payment of these payables; who imported it does not say so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.payments.bank.meaning import Meaning, meaning
from ledger.payments.bank.rules import (
    EvidencedAlready,
    PayerDiffers,
    check_alike,
    check_amount,
    check_dated,
    check_direction,
    check_not_importer,
    check_waiting,
    refuse_unclear,
)
from ledger.payments.bank.steps import matched_rows
from ledger.payments.bank.store import BANK_LINES, CANDIDATES, EVIDENCED
from ledger.payments.bank.values import BankLine, Direction, Evidenced
from ledger.payments.confirm import confirmed
from ledger.payments.rules import NotInBatch, check_named
from ledger.payments.store import BATCHES
from ledger.payments.values import Batch, Confirmation
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Person, Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPayment(Command):
    """Payments that are open are confirmed; for those that a person has confirmed, the line becomes the evidence."""

    kind: ClassVar[str] = "payment.match"

    line: str
    batch: str
    payables: tuple[str, ...]
    """All that the line paid: one, or those of a batch that the bank booked in one sum."""
    on: date
    """Legal date: the day on which the bank booked it; a later one where that day's period is closed, with a reason."""
    reason: str = ""
    """Needed where the line does not by itself mean these payments."""


def reads(command: MatchPayment) -> Keys:
    # Importer, maker and payables are followed.
    return readable(
        command,
        BANK_LINES.keys(command.line)
        | CANDIDATES.keys(command.line)
        | BATCHES.keys(command.batch)
        | EVIDENCED.keys(command.batch)
        | PEOPLE.keys(command.actor),
    )


def decide(command: MatchPayment, state: State, _policies: Policies, today: date) -> Effects:
    person = require_any_role(state, command.actor, {Role.TREASURY, Role.FINANCE})
    reason = command.reason.strip()
    line = line_to_match(state, command.line, person, Direction.DEBIT)
    check_named(command.payables)
    check_dated(line, command.on, today, reason)
    batch = state.one(BATCHES, command.batch)
    check_amount(line, total_of(line, batch, command.payables))
    check_meant(state, line, batch, command.payables, reason)
    on_record = {payable for payable in command.payables if batch.confirmation_of(payable)}
    check_alike(on_record, set(command.payables) - on_record)
    check_no_evidence(state, batch, on_record, Evidenced.PAID)

    matched = Effects(
        {"line": line.number, "batch": batch.number, "on_record": bool(on_record)},
        rows=matched_rows(line, batch.number, command.payables, Evidenced.PAID, today, person.code, reason),
    )
    if on_record:
        return matched
    confirmations = [Confirmation(payable, command.on, line.reference) for payable in command.payables]
    return matched.and_also(confirmed(state, batch, confirmations, person, today))


def line_to_match(state: State, number: str, person: Person, direction: Direction) -> BankLine:
    """A waiting line of this direction that somebody else has imported."""
    line = state.one(BANK_LINES, number)
    check_not_importer(line, person, state.one(PEOPLE, line.importer))
    check_waiting(line)
    check_direction(line, direction)
    return line


def total_of(line: BankLine, batch: Batch, payables: Collection[str]) -> int:
    """What the batch has the bank pay for these."""
    if batch.payer != line.payer:
        raise PayerDiffers(line=line.number, payer=line.payer, batch=batch.number, other=batch.payer)
    total_fen = 0
    for payable in payables:
        of_batch = batch.line_of(payable)
        if of_batch is None:
            raise NotInBatch(batch=batch.number, payable=payable)
        total_fen += of_batch.amount_fen
    return total_fen


def check_meant(state: State, line: BankLine, batch: Batch, payables: Collection[str], reason: str) -> None:
    """By the rule it means just these; otherwise somebody says why it does."""
    found = meaning(line, state.one(CANDIDATES, line.number))
    by_itself = isinstance(found, Meaning) and (found.batch, found.payables) == (batch.number, frozenset(payables))
    if not by_itself and not reason:
        refuse_unclear(line, None if isinstance(found, Meaning) else found)


def check_no_evidence(state: State, batch: Batch, payables: Collection[str], what: Evidenced) -> None:
    """One line is the evidence of a payment, and one of its return."""
    evidenced = state.one(EVIDENCED, batch.number)
    for payable in sorted(payables):
        if line := evidenced.get((payable, what)):
            raise EvidencedAlready(payable=payable, line=line)


USE_CASE = UseCase(MatchPayment, reads, decide)
