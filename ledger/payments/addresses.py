"""Accounts of money that is to be paid, is paid, or has come.  (pure)

They stand here because every programme that pays uses them; what the money was for stands in its own slice.
"""

from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import CNY

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

ACCOUNTS = (BANK, PAYABLE, FISCAL_INCOME)


def bank(party: str) -> Account:
    return BANK.at(entity=party, owner=f"party:{party}", party=party)


def payable(claim: str, *, payer: str) -> Account:
    return PAYABLE.at(entity=payer, owner=f"claim:{claim}", claim=claim)


def fiscal_income(bureau: str) -> Account:
    return FISCAL_INCOME.at(entity=bureau, party=bureau)
