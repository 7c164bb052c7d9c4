"""What fees say has happened; upper slices react in the same transaction.  (pure)"""

from dataclasses import dataclass

from ledger.executor.commands import Event
from ledger.fees.values import Bill, Use


@dataclass(frozen=True, slots=True)
class UsesRecorded(Event):
    """Published by the commands `RecordUse` and `RecordLog`: all uses of one command at once, by day."""

    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Billed(Event):
    """Published by the command `IssueBill`; the whole bill is open."""

    bill: Bill


@dataclass(frozen=True, slots=True)
class BillCredited(Event):
    """Published by the command `CreditBill`."""

    bill: Bill
    """As it stood before."""
