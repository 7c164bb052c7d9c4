"""Accounts of what is at risk, and of the minutes that customs consented to.  (pure)"""

from ledger.customs.values import Tax
from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import CNY, CONSENT_MINUTE, IMPORT_TAX_AT_RISK

AT_RISK = AccountClass(
    "customs:at-risk:{exposure}:{tax}",
    IMPORT_TAX_AT_RISK,
    AccountType.BUCKET,
    Normal.DEBIT,
    "或有进口税款",
    "import tax at risk",
)
CONTINGENT = AccountClass(
    "customs:contingent:{instrument}",
    IMPORT_TAX_AT_RISK,
    AccountType.SOURCE,
    Normal.CREDIT,
    "或有进口税款来源",
    "source of import tax at risk",
)
GRANTED = AccountClass(
    "customs:consent-granted:{consent}",
    CONSENT_MINUTE,
    AccountType.SOURCE,
    Normal.CREDIT,
    "海关同意的机时",
    "minutes that customs consented to",
)
LEFT = AccountClass(
    "customs:consent-left:{consent}",
    CONSENT_MINUTE,
    AccountType.BUCKET,
    Normal.DEBIT,
    "海关同意的剩余机时",
    "minutes left of a consent",
)
USED = AccountClass(
    "customs:consent-used:{consent}",
    CONSENT_MINUTE,
    AccountType.BUCKET,
    Normal.DEBIT,
    "已使用的海关同意机时",
    "minutes used of a consent",
)

IMPORT_TAX = AccountClass(
    "customs:import-tax:{unit}",
    CNY,
    AccountType.EXPENSE,
    Normal.DEBIT,
    "业务活动费用（补缴进口税款）",
    "import tax paid after all",
    side=Side.FINANCIAL,
    government_code="5001",
)
LATE_FEE = AccountClass(
    "customs:late-fee:{unit}",
    CNY,
    AccountType.EXPENSE,
    Normal.DEBIT,
    "其他费用（滞纳金）",
    "late fee",
    side=Side.FINANCIAL,
    government_code="5901",
)

ACCOUNTS = (AT_RISK, CONTINGENT, GRANTED, LEFT, USED, IMPORT_TAX, LATE_FEE)


def at_risk(exposure: str, tax: Tax, unit: str) -> Account:
    """What one kind of tax may cost for one use."""
    return AT_RISK.at(entity=unit, owner=f"exposure:{exposure}", exposure=exposure, tax=tax.value)


def contingent(instrument: str, unit: str) -> Account:
    return CONTINGENT.at(entity=unit, owner=f"instrument:{instrument}", instrument=instrument)


def consent_granted(consent: str, unit: str) -> Account:
    return GRANTED.at(entity=unit, owner=f"consent:{consent}", consent=consent)


def consent_left(consent: str, unit: str) -> Account:
    return LEFT.at(entity=unit, owner=f"consent:{consent}", consent=consent)


def consent_used(consent: str, unit: str) -> Account:
    return USED.at(entity=unit, owner=f"consent:{consent}", consent=consent)


def import_tax(unit: str) -> Account:
    """What a unit has paid of import taxes after all."""
    return IMPORT_TAX.at(entity=unit, owner=f"party:{unit}", unit=unit)


def late_fee(unit: str) -> Account:
    return LATE_FEE.at(entity=unit, owner=f"party:{unit}", unit=unit)
