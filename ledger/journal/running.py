"""The accounts a batch touches, with their balances as they run: limits are checked command by command."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledger.amounts import TOTAL_MAX, yuan
from ledger.journal.accounts import Account, AccountClass, Normal
from ledger.journal.bulk import run
from ledger.journal.entries import Entry
from ledger.journal.refusals import AccountClosed, AccountOfAnotherEntity, NotEnough, TotalTooLarge

CACHE_MAX = 200_000


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """What never changes about an account that exists."""

    id: int
    entity: str
    closed_on: date | None


@dataclass(slots=True)
class Running:
    """One account in a batch."""

    account: Account
    known: KnownAccount | None
    """None: the batch opens it."""
    debits: int = 0
    credits: int = 0
    debited: int = 0
    """What the batch has added so far."""
    credited: int = 0
    movement: int = 0
    """Net debit of the command being applied."""
    id: int = 0

    @property
    def of(self) -> AccountClass:
        return self.account.of

    @property
    def touched(self) -> bool:
        return bool(self.debited or self.credited)

    @property
    def standing(self) -> int:
        """Balance on the normal side."""
        net = self.debits + self.debited - self.credits - self.credited
        return net if self.of.normal is Normal.DEBIT else -net


class AccountDirectory:
    """Accounts by address, remembered: an account row never changes, and a closing empties the memory."""

    def __init__(self, book: int) -> None:
        self.book = book
        self._known: dict[str, KnownAccount] = {}

    def forget(self) -> None:
        self._known.clear()

    def find(self, connection: Connection, addresses: Iterable[str]) -> dict[str, KnownAccount]:
        wanted = set(addresses)
        if unknown := [address for address in wanted if address not in self._known]:
            if len(self._known) > CACHE_MAX:
                self._known.clear()
                unknown = list(wanted)
            rows = run(
                connection,
                "SELECT a.address, a.id, a.entity, x.closed_on FROM account a "
                "LEFT JOIN account_closing x ON x.book = a.book AND x.account = a.id "
                "WHERE a.book = %s AND a.address = ANY(%s)",
                [self.book, unknown],
            )
            self._known.update((address, KnownAccount(*rest)) for address, *rest in rows)
        return {address: self._known[address] for address in wanted if address in self._known}


_STANDING = "SELECT account, debits, credits FROM balance WHERE book = %s AND account = ANY(%s) ORDER BY account"
_LOCKED = f"{_STANDING} FOR UPDATE"


class RunningBalances:
    """Balances of every account the commands of a batch may touch, locked until it commits.

    Not locked, they are good for a rehearsal, which writes nothing.
    """

    def __init__(
        self, connection: Connection, directory: AccountDirectory, accounts: Iterable[Account], *, locked: bool = True
    ) -> None:
        by_address = {account.address: account for account in accounts}
        known = directory.find(connection, by_address)
        self.by_address = {a: Running(account, known.get(a)) for a, account in by_address.items()}
        # Sorted, and in a statement of its own: two executors on one book never wait for each other in a circle.
        ids = sorted(account.id for account in known.values())
        found = run(connection, _LOCKED if locked else _STANDING, [directory.book, ids]) if ids else []
        standing = {account: (debits, credits_) for account, debits, credits_ in found}
        for running in self.by_address.values():
            if running.known:
                running.id = running.known.id
                running.debits, running.credits = standing[running.id]

    def apply(self, entries: Sequence[Entry]) -> None:
        """Add what one command moves, or refuse it and leave everything as it was.

        Limits hold at the end of each entry: within one entry the order of its lines means nothing.
        """
        done: list[tuple[Running, int, int]] = []
        try:
            for entry in entries:
                for running in self._add(entry, done):
                    self._check(running)
        except Exception:
            for running, debit, credit in done:
                running.debited -= debit
                running.credited -= credit
            raise
        finally:
            for running, _, _ in done:
                running.movement = 0

    def _add(self, entry: Entry, done: list[tuple[Running, int, int]]) -> list[Running]:
        touched = {}
        for transfer in entry.transfers:
            for account, debit, credit in ((transfer.debit, transfer.amount, 0), (transfer.credit, 0, transfer.amount)):
                running = self.by_address[account.address]
                self._check_identity(running, account)
                running.debited += debit
                running.credited += credit
                running.movement += debit - credit
                done.append((running, debit, credit))
                touched[account.address] = running
        return list(touched.values())

    @staticmethod
    def _check_identity(running: Running, account: Account) -> None:
        entity = running.known.entity if running.known else running.account.entity
        if entity != account.entity:
            raise AccountOfAnotherEntity(address=account.address, entity=entity, wanted=account.entity)
        if running.known and running.known.closed_on:
            raise AccountClosed(address=account.address, closed_on=running.known.closed_on)

    @staticmethod
    def _check(running: Running) -> None:
        """Refuse a total past the largest number, or a bucket below nothing."""
        if max(running.debits + running.debited, running.credits + running.credited) > TOTAL_MAX:
            raise TotalTooLarge(address=running.account.address, largest=TOTAL_MAX)
        if not running.of.may_overdraw and running.standing < 0:
            taken = -running.movement if running.of.normal is Normal.DEBIT else running.movement
            show = yuan if running.of.asset.scale else str
            raise NotEnough(
                account_zh=running.of.name_zh,
                account_en=running.of.name_en,
                address=running.account.address,
                available=show(running.standing + taken),
                needed=show(taken),
            )
