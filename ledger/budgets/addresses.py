"""Accounts of budget authority, by scheme and year.  (pure)

Appropriated and carried in are the sources; the buckets between them hold each fen of it once.
"""

from ledger.journal.accounts import Account, AccountClass, AccountType, Normal
from ledger.journal.assets import BUDGET


def _bucket(name: str, zh: str, en: str) -> AccountClass:
    pattern = f"budget:{name}:{{scheme}}:{{year}}"
    return AccountClass(pattern, BUDGET, AccountType.BUCKET, Normal.DEBIT, zh, en, hot=True)


APPROPRIATED = AccountClass(
    "budget:appropriated:{scheme}:{year}",
    BUDGET,
    AccountType.SOURCE,
    Normal.CREDIT,
    "预算下达",
    "appropriated budget",
    hot=True,
)
AVAILABLE_BUDGET = _bucket("available", "可用预算指标", "available budget")
COMMITTED = _bucket("committed", "已占用的预算指标", "committed budget")
OBLIGATED = _bucket("obligated", "已批准待支付的预算指标", "obligated budget")
EXPENDED = _bucket("expended", "已支出的预算指标", "budget expended")
LAPSED = _bucket("lapsed", "已失效的预算指标", "lapsed budget")
BOUNCED = _bucket("bounced", "上年支付后退回的预算指标", "budget of payments that came back in a later year")
CARRIED_OUT = _bucket("carried-out", "结转下年的预算指标", "budget carried over to the next year")
CARRIED_IN = AccountClass(
    "budget:carried-in:{scheme}:{year}",
    BUDGET,
    AccountType.SOURCE,
    Normal.CREDIT,
    "上年结转的预算指标",
    "budget carried over from the year before",
    hot=True,
)

ACCOUNTS: tuple[AccountClass, ...] = (
    APPROPRIATED,
    AVAILABLE_BUDGET,
    COMMITTED,
    OBLIGATED,
    EXPENDED,
    LAPSED,
    BOUNCED,
    CARRIED_OUT,
    CARRIED_IN,
)


def budget(line: AccountClass, *, scheme: str, year: int, operator: str) -> Account:
    """An account of a scheme's year: a bucket of its budget, or what was issued."""
    return line.at(entity=operator, owner=f"scheme:{scheme}:{year}", scheme=scheme, year=year)
