"""Reconcile a statement: what each waiting line means, and the commands that say so for those that are clear.

One command per line, so that a line that is declined, such as for want of a later budget, keeps no other waiting.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.executor.reading import Reader
from ledger.payments.bank.match_payment import MatchPayment
from ledger.payments.bank.match_return import MatchReturn
from ledger.payments.bank.meaning import WHY, Meaning, Unclear, meaning
from ledger.payments.bank.store import load_candidates, waiting_lines
from ledger.payments.bank.values import BankLine, Direction
from policies.kernel.words import Words


@dataclass(frozen=True, slots=True)
class QueuedLine:
    """A line that waits, with what it means by itself, or why that is not clear."""

    line: BankLine
    found: Meaning | Unclear

    @property
    def why(self) -> Words | None:
        """Why it waits for a person; None: it need not."""
        return None if isinstance(self.found, Meaning) else WHY[self.found]


def queue(reader: Reader, statement: str) -> tuple[QueuedLine, ...]:
    """Every waiting line of a statement, in the order in which the bank booked them; in two database statements."""
    lines = waiting_lines(reader, statement)
    candidates = load_candidates(reader, [line.number for line in lines])
    return tuple(QueuedLine(line, meaning(line, candidates[line.number])) for line in lines)


def commands(queued: Iterable[QueuedLine], *, tenant: str, key: str, actor: str) -> list[MatchPayment | MatchReturn]:
    """A command for each line whose meaning is clear, to be sent in this order.

    Args:
        queued: as `queue` found them.
        tenant: of the caller's keys.
        key: the caller's; each command's own is it with the number of its line.
        actor: the person in whose name the lines are matched, other than who imported them.
    """
    return [
        _command(one.line, one.found, tenant, f"{key}:{one.line.number}", actor)
        for one in queued
        if isinstance(one.found, Meaning)
    ]


def _command(line: BankLine, found: Meaning, tenant: str, key: str, actor: str) -> MatchPayment | MatchReturn:
    payables = tuple(sorted(found.payables))
    if line.direction is Direction.DEBIT:
        return MatchPayment(
            tenant=tenant,
            key=key,
            actor=actor,
            line=line.number,
            batch=found.batch,
            payables=payables,
            on=line.booked_on,
        )
    return MatchReturn(
        tenant=tenant, key=key, actor=actor, line=line.number, batch=found.batch, payable=payables[0], on=line.booked_on
    )
