"""What payments say has happened; upper slices react in the same transaction.  (pure)"""

from dataclasses import dataclass
from datetime import date

from ledger.executor.commands import Event
from ledger.payments.values import Payable


@dataclass(frozen=True, slots=True)
class PaymentConfirmed(Event):
    """The bank has paid one line. Published, once per line, by the command `ConfirmPayment`."""

    payable: Payable
    batch: str
    paid_on: date
    """May lie before today: an entry of that day is backdated and names its reason and the `maker`."""
    bank_reference: str
    maker: str
    """Who composed the batch; never who confirms the payment."""
