"""Accounts of bills and of machine time.  (pure)"""

from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import CNY, MINUTE

OPEN = AccountClass(
    "fees:open:{bill}",
    CNY,
    AccountType.ASSET,
    Normal.DEBIT,
    "应收账款（用户）",
    "receivable from the user",
    side=Side.FINANCIAL,
    government_code="1212",
)
VOUCHER_PART = AccountClass(
    "fees:voucher:{bill}",
    CNY,
    AccountType.ASSET,
    Normal.DEBIT,
    "应收账款（创新券）",
    "receivable from the voucher's programme",
    side=Side.FINANCIAL,
    government_code="1212",
)
INCOME = AccountClass(
    "fees:income:{unit}",
    CNY,
    AccountType.INCOME,
    Normal.CREDIT,
    "事业收入",
    "income from services",
    side=Side.FINANCIAL,
    government_code="4101",
    may_overdraw=True,
    hot=True,
)
VAT = AccountClass(
    "fees:vat:{unit}",
    CNY,
    AccountType.LIABILITY,
    Normal.CREDIT,
    "应交增值税",
    "VAT payable",
    side=Side.FINANCIAL,
    government_code="2101",
    may_overdraw=True,
    hot=True,
)
OWED_TO_PAYER = AccountClass(
    "fees:owed-to-payer:{bill}",
    CNY,
    AccountType.LIABILITY,
    Normal.CREDIT,
    "其他应付款（应退用户）",
    "owed back to the user",
    side=Side.FINANCIAL,
    government_code="2307",
)
WRITTEN_OFF = AccountClass(
    "fees:written-off:{unit}",
    CNY,
    AccountType.EXPENSE,
    Normal.DEBIT,
    "其他费用（坏账损失）",
    "loss of bills that are given up",
    side=Side.FINANCIAL,
    government_code="5901",
    hot=True,
)
CAPACITY = AccountClass(
    "minutes:capacity:{instrument}",
    MINUTE,
    AccountType.SOURCE,
    Normal.CREDIT,
    "机时来源",
    "machine time of the instrument",
)
USED = AccountClass(
    "minutes:used:{instrument}:{user}",
    MINUTE,
    AccountType.BUCKET,
    Normal.DEBIT,
    "已用机时",
    "machine time used",
)

ACCOUNTS = (OPEN, VOUCHER_PART, INCOME, VAT, OWED_TO_PAYER, WRITTEN_OFF, CAPACITY, USED)


def bill_owner(bill: str) -> str:
    """What the accounts of one bill belong to."""
    return f"bill:{bill}"


def fees_open(bill: str, unit: str) -> Account:
    """What the payer of a bill still owes the unit."""
    return OPEN.at(entity=unit, owner=bill_owner(bill), bill=bill)


def fees_voucher(bill: str, unit: str) -> Account:
    """What a voucher bears of a bill and the bureau has not paid yet."""
    return VOUCHER_PART.at(entity=unit, owner=bill_owner(bill), bill=bill)


def fees_owed_to_payer(bill: str, unit: str) -> Account:
    """What was paid of a bill, then credited, and not yet paid back. Not the bill's own: the bill is settled."""
    return OWED_TO_PAYER.at(entity=unit, owner=f"party:{unit}", bill=bill)


def fees_written_off(unit: str) -> Account:
    """What a unit has given up of its bills."""
    return WRITTEN_OFF.at(entity=unit, owner=f"party:{unit}", unit=unit)


def fees_income(unit: str) -> Account:
    return INCOME.at(entity=unit, owner=f"party:{unit}", unit=unit)


def fees_vat(unit: str) -> Account:
    return VAT.at(entity=unit, owner=f"party:{unit}", unit=unit)


def minutes_capacity(instrument: str, unit: str) -> Account:
    return CAPACITY.at(entity=unit, owner=f"instrument:{instrument}", instrument=instrument)


def minutes_used(instrument: str, user: str, unit: str) -> Account:
    return USED.at(entity=unit, owner=f"instrument:{instrument}", instrument=instrument, user=user)
