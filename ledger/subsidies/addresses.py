"""Accounts of a unit that takes in a subsidy; those of the bureau that pays stand with payments and budgets.  (pure)"""

from ledger.journal.accounts import AccountClass, AccountType, Normal, Side
from ledger.journal.assets import CNY
from ledger.payments.addresses import SERVICE_BUDGET_INCOME, budgetary

SUBSIDY_INCOME = AccountClass(
    "subsidy-income:{party}",
    CNY,
    AccountType.INCOME,
    Normal.CREDIT,
    "非同级财政拨款收入",
    "appropriation from another level of government",
    side=Side.FINANCIAL,
    government_code="4601",
    may_overdraw=True,
    hot=True,
)
OTHER_BUDGET_INCOME = budgetary(
    "6601", AccountType.BUDGET_INCOME, "非同级财政拨款预算收入", "appropriation from another level (budgetary)"
)
ACCOUNTS: tuple[AccountClass, ...] = (SUBSIDY_INCOME, OTHER_BUDGET_INCOME)

BUDGET_INCOMES = {"6101": SERVICE_BUDGET_INCOME, "6601": OTHER_BUDGET_INCOME}
"""By the code that a subsidy's rules name (mapping key)."""
