"""What may be posted about fees that become shares.  (pure)"""

from ledger.equity import addresses as a
from ledger.fees.addresses import INCOME, OPEN, VAT
from ledger.journal.templates import Flow, Template
from ledger.payments.addresses import BANK

FIRM, UNIT = frozenset({"firm"}), frozenset({"unit"})

RENTED = Template("equity.lease", "使用费转列租金收入", "fee shown as rent", (Flow(INCOME, a.RENT),), UNIT)
PAY_VAT = Template(
    "equity.pay-vat", "缴纳增值税", "value-added tax paid", (Flow(VAT, BANK), Flow(a.SERVICE_SPENT, a.FUNDS)), UNIT
)
APPRAISE = Template(
    "equity.pay-appraisal",
    "支付评估费",
    "appraisal paid",
    (Flow(a.INVESTMENT, BANK), Flow(a.OTHER_SPENT, a.FUNDS)),
    UNIT,
)
CAPITAL = Template(
    "equity.record-capital",
    "登记企业注册资本",
    "registered capital recorded",
    (Flow(a.HOLDING, a.ISSUED), Flow(a.ISSUED, a.HOLDING)),
    FIRM,
)
CONVERT = Template(
    "equity.convert",
    "服务费转股",
    "fee converted into a share",
    (Flow(a.INVESTMENT, OPEN), Flow(a.PENDING, a.ISSUED)),
    FIRM,
)
REGISTER = Template("equity.register", "股权变更登记", "share registered", (Flow(a.HOLDING, a.PENDING),), FIRM)
DECLARE = Template(
    "equity.declare-dividend",
    "宣告股利",
    "dividend declared",
    (Flow(a.DIVIDENDS, a.RETURNS), Flow(a.DIVIDENDS, a.TO_TREASURY)),
    UNIT,
)
RECEIVE = Template(
    "equity.receive-dividend",
    "收到股利",
    "dividend received",
    (Flow(BANK, a.DIVIDENDS), Flow(a.FUNDS, a.BUDGET_RETURNS)),
    UNIT,
)
EXIT = Template(
    "equity.exit",
    "股权退出",
    "exit from a holding",
    (
        Flow(a.DISPOSED, a.INVESTMENT),
        Flow(BANK, a.TO_TREASURY),
        Flow(BANK, a.RETURNS),
        Flow(a.FUNDS, a.BUDGET_RETURNS),
        Flow(a.HOLDING, a.HOLDING),
        Flow(a.ISSUED, a.HOLDING),
    ),
    FIRM | UNIT,
)
SET_APART = Template(
    "equity.set-apart",
    "股权转入待处理",
    "holding set apart for disposal",
    (Flow(a.TO_DISPOSE, a.INVESTMENT), Flow(a.INVESTMENT, a.TO_DISPOSE)),
    FIRM | UNIT,
)
WRITE_DOWN = Template(
    "equity.write-down", "核销股权投资", "holding written off", (Flow(a.DISPOSED, a.TO_DISPOSE),), UNIT
)
REMIT = Template("equity.remit", "上缴财政款", "paid to the treasury", (Flow(a.TO_TREASURY, BANK),))

TEMPLATES = (
    RENTED,
    PAY_VAT,
    APPRAISE,
    CAPITAL,
    CONVERT,
    REGISTER,
    DECLARE,
    RECEIVE,
    EXIT,
    SET_APART,
    WRITE_DOWN,
    REMIT,
)
