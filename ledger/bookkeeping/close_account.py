"""Close an account that holds nothing: no further posting to it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.bookkeeping.events import AccountClosing
from ledger.bookkeeping.rules import AccountNotEmpty, ReasonMissing
from ledger.bookkeeping.store import ACCOUNTS
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.refusals import AccountClosed
from ledger.journal.tables import AccountClosingTable
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccount(Command):
    kind: ClassVar[str] = "account.close"

    address: str
    reason: str


def reads(command: CloseAccount) -> Keys:
    return ACCOUNTS.keys(command.address)


def decide(command: CloseAccount, state: State, _policies: Policies, today: date) -> Effects:
    account = state.one(ACCOUNTS, command.address)
    if account.closed_on:
        raise AccountClosed(address=account.address, closed_on=account.closed_on)
    if account.debits != account.credits:
        raise AccountNotEmpty(address=account.address, balance=abs(account.debits - account.credits))
    if not command.reason.strip():
        raise ReasonMissing
    row = AccountClosingTable(account=account.id, closed_on=today, reason=command.reason)
    return Effects({"address": account.address, "closed_on": today}, rows=(row,), events=(AccountClosing(),))


USE_CASE = UseCase(CloseAccount, reads, decide, alone=True)
