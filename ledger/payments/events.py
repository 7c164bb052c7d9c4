"""What payments say has happened; upper slices react in the same transaction.  (pure)"""

from dataclasses import dataclass
from datetime import date

from ledger.executor.commands import Event
from ledger.payments.values import Payable


@dataclass(frozen=True, slots=True)
class PaymentConfirmed(Event):
    """The bank has paid one line. Published, once per line, by `ConfirmPayment` and by `MatchPayment`."""

    payable: Payable
    batch: str
    paid_on: date
    """May lie before today: an entry of that day is backdated and names its reason and the `maker`."""
    bank_reference: str
    maker: str
    """Who composed the batch; never who confirms the payment."""


@dataclass(frozen=True, slots=True)
class PaymentReturned(Event):
    """The bank has sent one payment back. Published by `ReturnPayment` and by `MatchReturn`.

    The payable is free to be paid again; what is owed to its payee is owed as before the payment.
    """

    payable: Payable
    batch: str
    """The batch whose payment came back."""
    paid_on: date
    returned_on: date
    """May lie before today: an entry of that day is backdated and names its reason and the `maker`."""
    bank_reference: str
    """Of the return."""
    reason: str
    maker: str
    """Who composed the batch; never who records the return."""
