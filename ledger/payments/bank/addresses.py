"""Where receipts stand that nobody can match.  (pure)"""

from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import CNY

SUSPENSE = AccountClass(
    "payments:suspense:{party}",
    CNY,
    AccountType.LIABILITY,
    Normal.CREDIT,
    "其他应付款（待查收款）",
    "other payables (receipts in suspense)",
    side=Side.FINANCIAL,
    government_code="2307",
    hot=True,
)

ACCOUNTS = (SUSPENSE,)


def suspense(bureau: str) -> Account:
    return SUSPENSE.at(entity=bureau, owner=f"party:{bureau}", party=bureau)
