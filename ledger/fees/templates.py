"""What may be posted about uses and bills.  (pure)"""

from ledger.fees.addresses import CAPACITY, INCOME, OPEN, USED, VAT, VOUCHER_PART
from ledger.journal.templates import Flow, Template
from ledger.payments.addresses import BANK

USE = Template("fee.use", "仪器使用", "use of an instrument", (Flow(USED, CAPACITY),), frozenset({"instrument"}))
BILL = Template(
    "fee.bill", "服务费开票", "bill for a service", (Flow(OPEN, INCOME), Flow(OPEN, VAT)), frozenset({"bill", "unit"})
)
RECEIVE = Template(
    "fee.receive", "收到用户付款", "payment received from the user", (Flow(BANK, OPEN),), frozenset({"bill"})
)
VOUCHER = Template(
    "fee.voucher-part",
    "创新券承担部分",
    "part of a bill borne by a voucher",
    (Flow(VOUCHER_PART, OPEN),),
    frozenset({"bill"}),
)

TEMPLATES = (USE, BILL, RECEIVE, VOUCHER)
