"""What may be posted about bank lines.  (pure)"""

from ledger.journal.templates import Flow, Template
from ledger.payments.addresses import BANK
from ledger.payments.bank.addresses import SUSPENSE

HELD = Template(
    "payment.suspense", "待查收款挂账", "receipt held in suspense", (Flow(BANK, SUSPENSE),), frozenset({"party"})
)
LEFT = Template(
    "payment.suspense-left", "待查收款销账", "receipt leaves suspense", (Flow(SUSPENSE, BANK),), frozenset({"party"})
)

TEMPLATES = (HELD, LEFT)
