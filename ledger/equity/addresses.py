"""Accounts of registered capital, of what a holding has cost, and of what it yields.  (pure)"""

from ledger.equity.values import OTHERS
from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import CAPITAL, CNY, CNY_BUDGETARY

ISSUED = AccountClass(
    "equity:issued:{firm}", CAPITAL, AccountType.SOURCE, Normal.CREDIT, "注册资本", "registered capital"
)
HOLDING = AccountClass(
    "equity:holding:{firm}:{holder}", CAPITAL, AccountType.BUCKET, Normal.DEBIT, "持有的注册资本", "capital held"
)
PENDING = AccountClass(
    "equity:pending:{firm}:{agreement}",
    CAPITAL,
    AccountType.BUCKET,
    Normal.DEBIT,
    "待登记的注册资本",
    "capital not registered yet",
)


def _financial(pattern: str, code: str, kind: AccountType, zh: str, en: str, *, free: bool = False) -> AccountClass:
    normal = Normal.DEBIT if kind in {AccountType.ASSET, AccountType.EXPENSE} else Normal.CREDIT
    return AccountClass(
        f"equity:{pattern}", CNY, kind, normal, zh, en, side=Side.FINANCIAL, government_code=code, may_overdraw=free
    )


def _budgetary(code: str, kind: AccountType, zh: str, en: str, *, free: bool = False) -> AccountClass:
    normal = Normal.CREDIT if kind is AccountType.BUDGET_INCOME else Normal.DEBIT
    return AccountClass(
        f"equity:{code}:{{unit}}", CNY_BUDGETARY, kind, normal, zh, en, Side.BUDGETARY, code, may_overdraw=free
    )


INVESTMENT = _financial(
    "investment:{firm}:{unit}", "1501", AccountType.ASSET, "长期股权投资", "long-term equity investment"
)
TO_DISPOSE = _financial(
    "to-dispose:{firm}:{unit}", "1902", AccountType.ASSET, "待处理财产损溢", "assets awaiting disposal"
)
DIVIDENDS = _financial("dividends:{firm}:{unit}", "1215", AccountType.ASSET, "应收股利", "dividends receivable")
RETURNS = _financial("returns:{unit}", "4602", AccountType.INCOME, "投资收益", "return on investments", free=True)
RENT = _financial("rent:{unit}", "4605", AccountType.INCOME, "租金收入", "rental income", free=True)
TO_TREASURY = _financial("to-treasury:{unit}", "2103", AccountType.LIABILITY, "应缴财政款", "due to the treasury")
DISPOSED = _financial("disposed:{unit}", "5301", AccountType.EXPENSE, "资产处置费用", "cost of assets disposed of")

FUNDS = _budgetary(
    "8001", AccountType.BUDGET_BALANCE, "资金结存（股权投资）", "funds on hand, of investments (budgetary)", free=True
)
"""Of a unit's funds the books know what passed through them and nothing else: they set no limit."""
SERVICE_SPENT = _budgetary("7201", AccountType.BUDGET_EXPENSE, "事业支出", "spending on services (budgetary)")
OTHER_SPENT = _budgetary("7901", AccountType.BUDGET_EXPENSE, "其他支出", "other spending (budgetary)")
BUDGET_RETURNS = _budgetary(
    "6602", AccountType.BUDGET_INCOME, "投资预算收益", "return on investments (budgetary)", free=True
)

ACCOUNTS = (
    ISSUED,
    HOLDING,
    PENDING,
    INVESTMENT,
    TO_DISPOSE,
    DIVIDENDS,
    RETURNS,
    RENT,
    TO_TREASURY,
    DISPOSED,
    FUNDS,
    SERVICE_SPENT,
    OTHER_SPENT,
    BUDGET_RETURNS,
)


def issued(firm: str) -> Account:
    """All registered capital of a firm that the books know."""
    return ISSUED.at(entity=firm, owner=f"party:{firm}", firm=firm)


def holding(firm: str, holder: str = OTHERS) -> Account:
    """What one holder has of it: a unit, or all others together."""
    entity = firm if holder == OTHERS else holder
    return HOLDING.at(entity=entity, owner=f"party:{entity}", firm=firm, holder=holder)


def pending(firm: str, agreement: str, unit: str) -> Account:
    return PENDING.at(entity=unit, owner=f"agreement:{agreement}", firm=firm, agreement=agreement)


def of_holding(line: AccountClass, firm: str, unit: str) -> Account:
    """An account of one unit's holding in one firm."""
    return line.at(entity=unit, owner=f"party:{unit}", firm=firm, unit=unit)


def of_unit(line: AccountClass, unit: str) -> Account:
    return line.at(entity=unit, owner=f"party:{unit}", unit=unit)
