"""What obligations say has happened; upper slices react in the same transaction.  (pure)"""

from dataclasses import dataclass
from datetime import date

from ledger.executor.commands import Event
from ledger.journal.entries import Backdating
from ledger.obligations.values import Obligation
from ledger.payments.values import Payable


@dataclass(frozen=True, slots=True)
class BudgetCameBack(Event):
    """In the year of its budget principal was received or set off: so much may be spent again.

    Published by the command `Approve`. Whoever keeps the budget gives it back, from `budget:reinstatement`.
    """

    obligation: Obligation
    amount_fen: int
    on: date
    """May lie before today: an entry of that day is backdated."""
    backdating: Backdating | None
    memo: str


@dataclass(frozen=True, slots=True)
class AwardOffset(Event):
    """A part of what was to be paid is settled by what its payee owes. Published by the command `Approve`.

    The bureau's two accounts are cleared already; whoever made the award treats the part as paid.
    """

    obligation: Obligation
    payable: Payable
    """As it stands after the offset."""
    amount_fen: int
    """The last part of `payable.offset_fen`."""
    on: date
    memo: str
