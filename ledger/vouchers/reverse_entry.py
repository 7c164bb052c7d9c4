"""No step of a voucher's life is taken back by reversing its entry."""

from ledger.bookkeeping.steps import not_reversible
from ledger.fees.templates import VOUCHER
from ledger.vouchers.templates import TEMPLATES

REACTIONS = (not_reversible((*TEMPLATES, VOUCHER)),)
