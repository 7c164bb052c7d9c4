"""What may be posted about uses and bills.  (pure)"""

from ledger.fees.addresses import CAPACITY, INCOME, OPEN, OWED_TO_PAYER, USED, VAT, VOUCHER_PART, WRITTEN_OFF
from ledger.journal.templates import Flow, Template
from ledger.payments.addresses import BANK

USE = Template("fee.use", "仪器使用", "use of an instrument", (Flow(USED, CAPACITY),), frozenset({"instrument"}))
LOG = Template("fee.log", "仪器使用日志", "log of uses", (Flow(USED, CAPACITY),), agree_each=frozenset({"instrument"}))
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

CREDIT = Template(
    "fee.credit",
    "红字发票冲减",
    "bill credited by a red invoice",
    (Flow(INCOME, OPEN), Flow(VAT, OPEN), Flow(OPEN, OWED_TO_PAYER)),
    frozenset({"bill", "unit"}),
)
REPAY = Template("fee.repay", "退还用户款项", "payment back to the user", (Flow(OWED_TO_PAYER, BANK),))
WRITE_OFF = Template("fee.write-off", "核销应收账款", "bill written off", (Flow(WRITTEN_OFF, OPEN),), frozenset())

TEMPLATES = (USE, LOG, BILL, RECEIVE, VOUCHER, CREDIT, REPAY, WRITE_OFF)
