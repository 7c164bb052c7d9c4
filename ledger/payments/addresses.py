"""Accounts of money that is to be paid, is paid, or has come.  (pure)

They stand here because every programme that pays uses them; what the money was for stands in its own slice.
"""

from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import CNY, CNY_BUDGETARY

BANK = AccountClass(
    "bank:{party}",
    CNY,
    AccountType.ASSET,
    Normal.DEBIT,
    "银行存款",
    "bank",
    side=Side.FINANCIAL,
    government_code="1002",
    may_overdraw=True,
    hot=True,
)
"""Of any party. Of its bank account the books know what passed through them and nothing else: they set no limit."""
PAYABLE = AccountClass(
    "payable:{claim}",
    CNY,
    AccountType.LIABILITY,
    Normal.CREDIT,
    "应付政府补贴款",
    "subsidies payable",
    side=Side.FINANCIAL,
    government_code="2303",
)
"""What a bureau owes on one claim, under whichever budget lines."""
FISCAL_INCOME = AccountClass(
    "fiscal-income:{party}",
    CNY,
    AccountType.INCOME,
    Normal.CREDIT,
    "财政拨款收入",
    "fiscal appropriation income",
    side=Side.FINANCIAL,
    government_code="4001",
    hot=True,
)
"""What the treasury has paid for a bureau."""

EXPENSE = AccountClass(
    "expense:{party}",
    CNY,
    AccountType.EXPENSE,
    Normal.DEBIT,
    "业务活动费用",
    "operating expense",
    side=Side.FINANCIAL,
    government_code="5001",
    hot=True,
)


def budgetary(code: str, kind: AccountType, zh: str, en: str) -> AccountClass:
    normal = Normal.CREDIT if kind is AccountType.BUDGET_INCOME else Normal.DEBIT
    return AccountClass(f"{code}:{{party}}", CNY_BUDGETARY, kind, normal, zh, en, Side.BUDGETARY, code, hot=True)


BUDGET_SPENT = budgetary("7101", AccountType.BUDGET_EXPENSE, "行政支出", "administrative spending (budgetary)")
BUDGET_GRANTED = budgetary("6001", AccountType.BUDGET_INCOME, "财政拨款预算收入", "fiscal appropriation (budgetary)")
FUNDS = budgetary("8001", AccountType.BUDGET_BALANCE, "资金结存", "funds on hand (budgetary)")
SERVICE_BUDGET_INCOME = budgetary("6101", AccountType.BUDGET_INCOME, "事业预算收入", "service income (budgetary)")

PRIOR_YEARS = AccountClass(
    "prior-years:{party}",
    CNY,
    AccountType.NET_ASSETS,
    Normal.CREDIT,
    "以前年度盈余调整",
    "adjustment of earlier years' surplus",
    Side.FINANCIAL,
    "3501",
    may_overdraw=True,
    hot=True,
)
"""Takes back an income of a year that is over."""

SURPLUS = AccountClass(
    "8202:{party}",
    CNY_BUDGETARY,
    AccountType.BUDGET_BALANCE,
    Normal.CREDIT,
    "非财政拨款结余",
    "surplus of earlier years (budgetary)",
    Side.BUDGETARY,
    "8202",
    may_overdraw=True,
    hot=True,
)
"""Takes back a budgetary income of a year that is over."""

ACCOUNTS = (
    BANK,
    PAYABLE,
    FISCAL_INCOME,
    EXPENSE,
    BUDGET_SPENT,
    BUDGET_GRANTED,
    FUNDS,
    SERVICE_BUDGET_INCOME,
    PRIOR_YEARS,
    SURPLUS,
)


def bank(party: str) -> Account:
    return BANK.at(entity=party, owner=f"party:{party}", party=party)


def payable(claim: str, *, payer: str) -> Account:
    return PAYABLE.at(entity=payer, owner=f"claim:{claim}", claim=claim)


def fiscal_income(bureau: str) -> Account:
    return FISCAL_INCOME.at(entity=bureau, party=bureau)


def of_party(line: AccountClass, party: str) -> Account:
    return line.at(entity=party, party=party)
