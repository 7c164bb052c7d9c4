"""Accounts of what is owed back, by obligation; of the budget it comes from, by scheme and year.  (pure)

K is the bureau to which it is owed. A debtor that keeps books here (a unit, U) has its side of the same debt.
"""

from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import BUDGET, CNY

# ---- authority, by scheme and year -----------------------------------------------------------------------------------


def _bucket(name: str, zh: str, en: str) -> AccountClass:
    pattern = f"budget:{name}:{{scheme}}:{{year}}"
    return AccountClass(pattern, BUDGET, AccountType.BUCKET, Normal.DEBIT, zh, en, hot=True)


RECOVERING = _bucket("recovering", "待追回的预算指标", "budget being recovered")
RECOVERED = _bucket("recovered", "已追回、应缴财政的预算指标", "budget recovered for the treasury")
REINSTATED = _bucket("reinstated", "已追回、已恢复的预算指标", "budget recovered and reinstated")
WRITTEN_OFF = _bucket("written-off", "已核销的预算指标", "budget written off")
REINSTATEMENT = AccountClass(
    "budget:reinstatement:{scheme}:{year}",
    BUDGET,
    AccountType.SOURCE,
    Normal.CREDIT,
    "恢复预算指标",
    "reinstatement of budget",
    hot=True,
)
"""Where authority comes from that was spent, came back in the same year, and may be spent again."""

# ---- money -----------------------------------------------------------------------------------------------------------


def _money(pattern: str, kind: AccountType, zh: str, en: str, code: str, *, free: bool = False) -> AccountClass:
    normal = Normal.DEBIT if kind in {AccountType.ASSET, AccountType.EXPENSE} else Normal.CREDIT
    return AccountClass(
        pattern, CNY, kind, normal, zh, en, Side.FINANCIAL, code, may_overdraw=free, hot="{party}" in pattern
    )


RECOVERY = _money("recovery:{obligation}", AccountType.ASSET, "其他应收款（应追回款项）", "recovery receivable", "1218")
DUE_TO_TREASURY = _money("due-to-treasury:{party}", AccountType.LIABILITY, "应缴财政款", "due to the treasury", "2103")
PRIOR_SURPLUS = _money(
    "prior-surplus:{party}",
    AccountType.NET_ASSETS,
    "以前年度盈余调整",
    "adjustment of earlier surplus",
    "3501",
    free=True,
)
"""[from memory] Where a year that is over is corrected: it was credited with what now belongs to the treasury."""
WRITE_OFF_LOSS = _money(
    "write-off-loss:{party}", AccountType.EXPENSE, "其他费用（坏账损失）", "loss of what is written off", "5901"
)
OWED_TO_FISCAL = _money(
    "owed-to-fiscal:{obligation}", AccountType.LIABILITY, "其他应付款（应缴回款项）", "owed back to the bureau", "2307"
)
"""The debtor's side of `recovery:…`, where it keeps books here."""
LATE_COST = _money("late-cost:{party}", AccountType.EXPENSE, "其他费用（逾期加收）", "cost of being late", "5901")

ACCOUNTS: tuple[AccountClass, ...] = (
    RECOVERING,
    RECOVERED,
    REINSTATED,
    WRITTEN_OFF,
    REINSTATEMENT,
    RECOVERY,
    DUE_TO_TREASURY,
    PRIOR_SURPLUS,
    WRITE_OFF_LOSS,
    OWED_TO_FISCAL,
    LATE_COST,
)


def budget(line: AccountClass, *, scheme: str, year: int, creditor: str) -> Account:
    return line.at(entity=creditor, owner=f"scheme:{scheme}:{year}", scheme=scheme, year=year)


def obligation_owner(obligation: str) -> str:
    """Under which both sides of one debt are found."""
    return f"obligation:{obligation}"


def recovery(obligation: str, *, creditor: str) -> Account:
    return RECOVERY.at(entity=creditor, owner=obligation_owner(obligation), obligation=obligation)


def owed_to_fiscal(obligation: str, *, debtor: str) -> Account:
    return OWED_TO_FISCAL.at(entity=debtor, owner=obligation_owner(obligation), obligation=obligation)


def of_party(line: AccountClass, party: str) -> Account:
    return line.at(entity=party, owner=f"party:{party}", party=party)
