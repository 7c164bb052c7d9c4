"""Close a period in two steps, one way: adjusting, then closed with its balances stored and two signatures."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.bookkeeping.events import PeriodClosing, PeriodStepping
from ledger.bookkeeping.rules import (
    EarlierPeriodOpen,
    OutOfBalance,
    OverdrawnAtPeriodEnd,
    PeriodNotOver,
    PeriodStepOutOfOrder,
    TwoSignaturesNeeded,
)
from ledger.bookkeeping.store import CALENDAR, PERIOD_END, TrialBalance
from ledger.errors import NotFound
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.balances import TrialLine
from ledger.journal.periods import ORDER, Period, PeriodStatus
from ledger.journal.tables import PeriodBalanceTable, PeriodStepTable
from ledger.journal.verify_receipt import canonical
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePeriod(Command):
    kind: ClassVar[str] = "period.close"

    period: str
    to: str
    """`adjusting` or `closed`."""
    second_person: str
    """Signs beside the actor."""


def reads(command: ClosePeriod) -> Keys:
    return CALENDAR.keys("book") | PERIOD_END.keys(command.period)


def decide(command: ClosePeriod, state: State, _policies: Policies, today: date) -> Effects:
    calendar = state.one(CALENDAR, "book")
    period = calendar.named(command.period)
    if period is None:
        raise NotFound("会计期间/period", command.period)
    _check_step(period.code, period.status, command.to)
    if today <= period.ends_on:
        raise PeriodNotOver(period=period.code, ends_on=period.ends_on, today=today)
    if command.second_person.strip() in {"", command.actor}:
        raise TwoSignaturesNeeded(person=command.actor)
    standing = state.one(PERIOD_END, command.period)
    _check_trial_balance(standing.lines)
    closed = command.to == PeriodStatus.CLOSED
    if closed:
        _check_that_it_will_stand(period, calendar.periods, standing)
    digest = trial_balance_hash(standing)
    step = PeriodStepTable(
        period=period.code,
        status=command.to,
        first_signature=command.actor,
        second_signature=command.second_person,
        trial_balance_hash=digest if closed else None,
    )
    balances = tuple(
        PeriodBalanceTable(period=period.code, account=account, debits=debits, credits=credits_)
        for account, debits, credits_ in standing.accounts
    )
    return Effects(
        {"period": period.code, "status": command.to, "accounts": len(balances), "trial_balance_hash": digest.hex()},
        rows=(step, *(balances if closed else ())),
        events=(
            PeriodStepping(command.second_person),
            *((PeriodClosing(period.code, period.ends_on),) if closed else ()),
        ),
    )


def _check_step(code: str, status: PeriodStatus, wanted: str) -> None:
    following = ORDER[ORDER.index(status) + 1 :][:1]
    if wanted not in following:
        raise PeriodStepOutOfOrder(period=code, status=status, wanted=wanted)


def _check_trial_balance(lines: tuple[TrialLine, ...]) -> None:
    """Debits equal credits for every entity and asset of money, and for every other asset over the book."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        entity = line.entity if line.asset.startswith("CNY") else "*"
        sums[entity, line.asset] += line.debits - line.credits
    for (entity, asset), difference in sorted(sums.items()):
        if difference:
            raise OutOfBalance(entity=entity, asset=asset, difference=difference)


def _check_that_it_will_stand(period: Period, periods: tuple[Period, ...], standing: TrialBalance) -> None:
    """Nothing can still be entered before it, and no limit is broken on its last day."""
    for earlier in periods:
        if earlier.starts_on < period.starts_on and earlier.status is not PeriodStatus.CLOSED:
            raise EarlierPeriodOpen(period=period.code, earlier=earlier.code)
    for line in standing.overdrawn:
        missing = abs(line.debits - line.credits)
        raise OverdrawnAtPeriodEnd(period=period.code, address=line.address, missing=missing)


def trial_balance_hash(standing: TrialBalance) -> bytes:
    """SHA-256 over every account's debits and credits, by account."""
    return hashlib.sha256(canonical(sorted([list(account) for account in standing.accounts]))).digest()


USE_CASE = UseCase(ClosePeriod, reads, decide, alone=True)
