"""What may be posted about customs' goods.  (pure)"""

from ledger.customs.addresses import AT_RISK, CONTINGENT, GRANTED, IMPORT_TAX, LATE_FEE, LEFT, USED
from ledger.journal.templates import Flow, Template
from ledger.payments.addresses import BANK

GRANT = Template(
    "customs.grant-minutes",
    "海关同意机时",
    "minutes of a consent granted",
    (Flow(LEFT, GRANTED),),
    frozenset({"consent"}),
)
USE = Template(
    "customs.use-minutes",
    "使用海关同意的机时",
    "minutes of a consent used",
    (Flow(USED, LEFT), Flow(USED, GRANTED)),
    agree_each=frozenset({"consent"}),
)
RETURN = Template(
    "customs.return-minutes",
    "退回海关同意的机时",
    "minutes of a consent given back",
    (Flow(LEFT, USED), Flow(GRANTED, USED)),
    agree_each=frozenset({"consent"}),
)
EXPOSE = Template(
    "customs.expose",
    "登记或有进口税款",
    "import tax at risk recorded",
    (Flow(AT_RISK, CONTINGENT),),
)
SETTLE = Template(
    "customs.settle",
    "调整、核销或有进口税款",
    "import tax at risk restated or settled",
    (Flow(AT_RISK, CONTINGENT), Flow(CONTINGENT, AT_RISK)),
)
PAY = Template(
    "customs.pay",
    "补缴进口税款及滞纳金",
    "import tax and late fee paid",
    (Flow(IMPORT_TAX, BANK), Flow(LATE_FEE, BANK)),
)

TEMPLATES = (GRANT, USE, RETURN, EXPOSE, SETTLE, PAY)
