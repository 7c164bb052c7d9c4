"""What the books must come to: a model of a few dozen lines, without a database, a batch or a lock."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import toy

from ledger.bookkeeping.close_account import CloseAccount
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_book import OpenBook
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.executor.commands import Command

Moved = tuple[str, str, int]
"""Debit, credit, amount."""
ASSETS = {"toy:bank:U": "CNY", "toy:income:U": "CNY", "toy:authority": "BUDGET", "toy:available": "BUDGET"}
FREE = {"toy:bank:U", "toy:income:U"}
GROWS_IN_CREDIT = {"toy:source", "toy:authority"}
STEPS = ("open", "adjusting", "closed")
FAULT = "fault"


class Declined(Exception):
    """By the code of the refusal."""


def limit_broken(address: str, debits: int, credits_: int) -> bool:
    below = credits_ < debits if address in GROWS_IN_CREDIT else debits < credits_
    return address not in FREE and below


@dataclass(slots=True)
class Posted:
    """An entry of the model."""

    moved: list[Moved]
    effective_on: date
    reverses: int | None = None
    reversed: bool = False


@dataclass(slots=True)
class Model:
    """The toy slice and the keeper of the books, one command after the other."""

    debits: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    credits: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    entries: list[Posted] = field(default_factory=list)
    periods: dict[str, tuple[date, date, str]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)

    def apply(self, command: Command, today: date) -> str | None:
        """The code of the refusal, `fault` for a fault, or nothing when it was accepted."""
        try:
            self._decide(command, today)
        except Declined as declined:
            return str(declined)
        return None

    def net(self, address: str) -> int:
        return self.debits[address] - self.credits[address]

    def sums(self) -> dict[str, tuple[int, int]]:
        return {a: (self.debits[a], self.credits[a]) for a in self.debits.keys() | self.credits.keys() if self._used(a)}

    def _used(self, address: str) -> bool:
        return bool(self.debits[address] or self.credits[address])

    # -- commands ------------------------------------------------------------------------------------------------------

    def _decide(self, command: Command, today: date) -> None:  # noqa: C901, PLR0912  one line per command
        match command:
            case toy.Fund(amount=amount):
                self._post_dated(command, today, [("toy:fund", "toy:source", amount)])
            case toy.Grant(purse=purse, amount=amount):
                self._post_dated(command, today, [(f"toy:purse:{purse}", "toy:fund", amount)])
            case toy.Hold(purse=purse, amount=amount):
                self._post_dated(command, today, [(f"toy:held:{purse}", f"toy:purse:{purse}", amount)])
            case toy.Release(purse=purse, amount=amount):
                self._post_dated(command, today, [(f"toy:purse:{purse}", f"toy:held:{purse}", amount)])
            case toy.Spend(purse=purse, amount=amount):
                held = self.net(f"toy:held:{purse}")
                decline("NothingHeld", amount > held)
                self._post_dated(
                    command,
                    today,
                    [
                        ("toy:spent", f"toy:held:{purse}", amount),
                        (f"toy:purse:{purse}", f"toy:held:{purse}", held - amount),
                        ("toy:bank:U", "toy:income:U", amount),
                    ],
                )
            case toy.Assess(gross=gross):
                net = (Decimal(gross) / Decimal("1.06")).quantize(Decimal(1), ROUND_HALF_UP)
                self._post(today, today, [("toy:bank:U", "toy:income:U", int(net))])
            case toy.Appropriate(amount=amount):
                self._post(today, today, [("toy:available", "toy:authority", amount)])
            case toy.AddBudgetLine(code=code):
                decline(FAULT, code in self.lines)
                self.lines.add(code)
            case toy.Introduce():
                pass
            case toy.Explode() | toy.Misfile() | toy.Stray():
                raise Declined(FAULT)
            case ReverseEntry():
                self._reverse(command, today)
            case CloseAccount():
                self._close_account(command)
            case OpenBook() | OpenPeriod():
                self._open_period(command)
            case ClosePeriod():
                self._close_period(command, today)

    def _reverse(self, command: ReverseEntry, today: date) -> None:
        decline("NotFound", not 0 < command.seq <= len(self.entries))
        posted = self.entries[command.seq - 1]
        decline("AlreadyReversed", posted.reversed)
        decline("ReversalOfReversal", posted.reverses is not None)
        decline("ReasonMissing", not command.reason)
        decline("SecondPersonNeeded", command.second_person in {"", command.actor})
        decline("ReversalBeforeOriginal", command.effective_on < posted.effective_on)
        mirrored = [(credit, debit, amount) for debit, credit, amount in posted.moved]
        self._post(command.effective_on, today, mirrored, confirmed=True, reverses=command.seq)
        posted.reversed = True

    def _close_account(self, command: CloseAccount) -> None:
        decline("NotFound", not self._used(command.address))
        decline("AccountClosed", command.address in self.closed)
        decline("AccountNotEmpty", self.net(command.address) != 0)
        decline("ReasonMissing", not command.reason)
        self.closed.add(command.address)

    def _open_period(self, command: OpenBook | OpenPeriod) -> None:
        decline("PeriodExists", command.period in self.periods)
        for starts, ends, status in sorted(self.periods.values()):
            decline("PeriodOverlaps", starts <= command.ends_on and command.starts_on <= ends)
            decline("PeriodBeforeClosed", command.starts_on < starts and status == "closed")
        self.periods[command.period] = (command.starts_on, command.ends_on, "open")

    def _close_period(self, command: ClosePeriod, today: date) -> None:
        decline("NotFound", command.period not in self.periods)
        starts, ends, status = self.periods[command.period]
        decline("PeriodStepOutOfOrder", command.to not in STEPS[STEPS.index(status) + 1 :][:1])
        decline("PeriodNotOver", today <= ends)
        decline("TwoSignaturesNeeded", command.second_person in {"", command.actor})
        if command.to == "closed":
            earlier = [other for other in self.periods.values() if other[0] < starts]
            decline("EarlierPeriodOpen", any(other[2] != "closed" for other in earlier))
            decline("OverdrawnAtPeriodEnd", self._overdrawn_on(ends))
        self.periods[command.period] = (starts, ends, command.to)

    def _overdrawn_on(self, day: date) -> bool:
        debits: defaultdict[str, int] = defaultdict(int)
        credits_: defaultdict[str, int] = defaultdict(int)
        for posted in self.entries:
            for debit, credit, amount in posted.moved if posted.effective_on <= day else ():
                debits[debit] += amount
                credits_[credit] += amount
        return any(limit_broken(a, debits[a], credits_[a]) for a in {*debits, *credits_})

    # -- posting -------------------------------------------------------------------------------------------------------

    def _post_dated(self, command: toy.Dated, today: date, moved: list[Moved]) -> None:
        alone = command.second_person in {"", command.actor}
        day = command.effective_on or today
        self._check_date(day, today, confirmed=bool(command.effective_on) and not alone)
        decline("BackdatingUnconfirmed", command.effective_on == today and alone)
        self._post(day, today, moved, confirmed=True)

    def _post(
        self, day: date, today: date, moved: list[Moved], *, confirmed: bool = False, reverses: int | None = None
    ) -> None:
        moved = [(debit, credit, amount) for debit, credit, amount in moved if amount]
        self._check_date(day, today, confirmed=confirmed)
        touched = {address for debit, credit, _ in moved for address in (debit, credit)}
        decline("AccountClosed", bool(touched & self.closed))
        debits, credits_ = self.debits.copy(), self.credits.copy()
        for debit, credit, amount in moved:
            debits[debit] += amount
            credits_[credit] += amount
        decline("NotEnough", any(limit_broken(a, debits[a], credits_[a]) for a in touched))
        self.debits, self.credits = debits, credits_
        self.entries.append(Posted(moved, day, reverses))

    def _check_date(self, day: date, today: date, *, confirmed: bool) -> None:
        decline("NotYet", day > today)
        status = next((status for starts, ends, status in self.periods.values() if starts <= day <= ends), None)
        decline("NoPeriod", status is None)
        decline("PeriodClosed", status == "closed")
        decline("BackdatingUnconfirmed", (day < today or status == "adjusting") and not confirmed)


def decline(code: str, when: bool) -> None:  # noqa: FBT001  reads as a sentence
    if when:
        raise Declined(code)
