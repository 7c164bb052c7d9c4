"""Periods as people read them: who took which step, what is unfinished, and each report as filed and as now known.

A period is filed twice: when it becomes adjusting, and when it is closed. From the first to the second only backdated
entries with a second person come in; after the second none, so what was filed last is what stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from ledger.budgets.years import load_years_not_ended
from ledger.errors import NotFound, Refused
from ledger.executor.reading import Reader
from ledger.journal.balances import TrialLine, summed, trial_balance, trial_balance_up_to
from ledger.journal.bulk import run
from ledger.journal.periods import ORDER, PeriodStatus
from ledger.payments.store import load_unsettled
from ledger.vouchers.store.closing import load_unfinished


class NotFiled(Refused):
    zh = "会计期间 {period} 尚未到“{wanted}”这一步，当前为“{status}”。"
    en = "Period {period} has not been {wanted} yet; it is {status}."


@dataclass(frozen=True, slots=True)
class PeriodStep:
    """A period became open, adjusting or closed."""

    status: PeriodStatus
    signatures: tuple[str, ...]
    block: int
    last_seq: int
    """The last entry that was known then."""
    recorded_at: datetime
    trial_balance_hash: str | None
    """Of the balances stored at the close."""


@dataclass(frozen=True, slots=True)
class PeriodStanding:
    code: str
    starts_on: date
    ends_on: date
    steps: tuple[PeriodStep, ...]
    """In the order they were taken."""

    @property
    def last(self) -> PeriodStep:
        return self.steps[-1]

    @property
    def status(self) -> PeriodStatus:
        return self.last.status

    @property
    def filed(self) -> PeriodStep | None:
        """When it was filed last; None while it is open."""
        return None if self.status is PeriodStatus.OPEN else self.last

    def filed_as(self, status: PeriodStatus) -> PeriodStep:
        """When it became adjusting, or was closed.

        Raises:
            NotFiled: it has not.
        """
        found = next((step for step in self.steps if step.status is status), None)
        if found is None:
            raise NotFiled(period=self.code, wanted=status, status=self.status)
        return found


@dataclass(frozen=True, slots=True)
class Sides:
    """Whole units of one asset."""

    debits: int = 0
    credits: int = 0


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One account, or with no address all of one party in one asset: as filed and as now known."""

    entity: str
    asset: str
    side: str
    address: str
    filed: Sides | None
    """None while the period is open: nothing was filed."""
    known: Sides

    @property
    def difference(self) -> Sides:
        """What was recorded since; nothing where nothing was filed."""
        if self.filed is None:
            return Sides()
        return Sides(self.known.debits - self.filed.debits, self.known.credits - self.filed.credits)


@dataclass(frozen=True, slots=True)
class PeriodReport:
    """The trial balance up to the last day of a period: what was filed beside what is known now."""

    period: PeriodStanding
    filed: PeriodStep | None
    totals: tuple[ReportLine, ...]
    accounts: tuple[ReportLine, ...] = field(repr=False)

    @property
    def differing(self) -> tuple[ReportLine, ...]:
        """Accounts that have changed since."""
        return tuple(line for line in self.accounts if line.difference != Sides())


def periods(connection: Connection, book: int) -> tuple[PeriodStanding, ...]:
    """Every period with its steps, by first day."""
    found: dict[tuple[str, date, date], list[PeriodStep]] = {}
    for code, starts_on, ends_on, status, first, second, digest, block, last_seq, recorded_at in run(
        connection,
        "SELECT p.code, p.starts_on, p.ends_on, s.status, s.first_signature, s.second_signature, "
        "s.trial_balance_hash, b.number, b.last_seq, b.recorded_at FROM period p "
        "JOIN period_step s ON s.book = p.book AND s.period = p.code "
        "JOIN command c ON c.book = s.book AND c.id = s.command "
        "JOIN block b ON b.book = c.book AND b.number = c.block WHERE p.book = %s ORDER BY p.starts_on",
        [book],
    ):
        step = PeriodStep(
            PeriodStatus(status),
            signatures=tuple(person for person in (first, second) if person),
            block=block,
            last_seq=last_seq,
            recorded_at=recorded_at,
            trial_balance_hash=bytes(digest).hex() if digest else None,
        )
        found.setdefault((code, starts_on, ends_on), []).append(step)
    return tuple(
        PeriodStanding(*facts, tuple(sorted(steps, key=lambda step: ORDER.index(step.status))))
        for facts, steps in found.items()
    )


def period_named(connection: Connection, book: int, code: str) -> PeriodStanding:
    """One period.

    Raises:
        NotFound: there is no such period.
    """
    found = next((period for period in periods(connection, book) if period.code == code), None)
    if found is None:
        raise NotFound("会计期间/period", code)
    return found


def unfinished_work(connection: Connection, book: int, code: str) -> tuple[str, ...]:
    """What the period will not close over: claims, vouchers, contracts, payment batches, budget years not ended."""
    reader = Reader(connection, book)
    work = load_unfinished(reader, [code])[code] + load_unsettled(reader, [code])[code]
    return work + load_years_not_ended(reader, [code])[code]


def period_report(connection: Connection, book: int, code: str, filed_as: PeriodStatus | None = None) -> PeriodReport:
    """The trial balance up to the last day of a period, as filed and as now known.

    Args:
        connection: one snapshot of the book.
        book: the book's number.
        code: the period's.
        filed_as: `adjusting` or `closed`; None takes the step it was filed at last.

    Raises:
        NotFound: there is no such period.
        NotFiled: it has not come to that step.
    """
    period = period_named(connection, book, code)
    step = period.filed_as(filed_as) if filed_as else period.filed
    filed = _as_filed(connection, book, period, step) if step else None
    known = trial_balance(connection, book, period.ends_on)
    return PeriodReport(period, step, _beside(filed and summed(filed), summed(known)), _beside(filed, known))


def _as_filed(connection: Connection, book: int, period: PeriodStanding, step: PeriodStep) -> list[TrialLine]:
    """The balances stored at the close; for an adjusting period, what was known when it became so."""
    if step.status is not PeriodStatus.CLOSED:
        return trial_balance_up_to(connection, book, period.ends_on, step.last_seq)
    rows = run(
        connection,
        "SELECT a.entity, a.asset, a.side, a.address, p.debits, p.credits FROM period_balance p "
        "JOIN account a ON a.book = p.book AND a.id = p.account WHERE p.book = %s AND p.period = %s ORDER BY 1, 2, 4",
        [book, period.code],
    )
    return [TrialLine(*row) for row in rows]


def _beside(filed: Sequence[TrialLine] | None, known: Sequence[TrialLine]) -> tuple[ReportLine, ...]:
    """Line by line; what only one of the two has is nothing in the other."""
    before, after = _by_place(filed or ()), _by_place(known)
    return tuple(
        ReportLine(*place, None if filed is None else before.get(place, Sides()), after.get(place, Sides()))
        for place in sorted(before.keys() | after.keys())
    )


def _by_place(lines: Sequence[TrialLine]) -> dict[tuple[str, str, str, str], Sides]:
    return {(line.entity, line.asset, line.side, line.address): Sides(line.debits, line.credits) for line in lines}
