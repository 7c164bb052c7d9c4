"""The lines of the chart on which a voucher's life is written.  (pure)

`budget:` accounts hold authority, `vouchers:` accounts face value; both are control records of the scheme. Money of the
commission (K) and of the unit (U) stands in each one's own books, beside the accounts of `ledger.fees` and of
`ledger.payments`.
"""

from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import BUDGET, CNY, CNY_BUDGETARY, VOUCHER

# ---- authority, by scheme and year -----------------------------------------------------------------------------------


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
COMMITTED = _bucket("committed", "已发券占用的预算指标", "budget committed to vouchers")
OBLIGATED = _bucket("obligated", "已批准待支付的预算指标", "budget obligated to approved claims")
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

# ---- face value, by voucher ------------------------------------------------------------------------------------------


def _face(name: str, parts: str, zh: str, en: str) -> AccountClass:
    return AccountClass(f"vouchers:{name}:{parts}", VOUCHER, AccountType.BUCKET, Normal.DEBIT, zh, en)


ISSUED = AccountClass(
    "vouchers:issued:{scheme}:{year}",
    VOUCHER,
    AccountType.SOURCE,
    Normal.CREDIT,
    "已发放创新券",
    "face value issued",
    hot=True,
)
AVAILABLE = _face("available", "{voucher}", "创新券可用额度", "available face value")
HELD = _face("held", "{voucher}:{contract}", "为合同预留的券额", "face value held for a contract")
REDEEMABLE = _face("redeemable", "{voucher}:{contract}", "可兑付的券额", "redeemable face value")
IN_CLAIM = _face("in-claim", "{voucher}:{claim}", "兑付申请中的券额", "face value in a claim")
APPROVED = _face("approved", "{voucher}:{claim}", "已批准兑付的券额", "face value approved for payment")
REDEEMED = _face("redeemed", "{voucher}:{year}", "已兑付的券额", "redeemed face value")
EXPIRED = _face("expired", "{voucher}", "已过期的券额", "expired face value")
RETURNED = _face("returned", "{voucher}", "退款退回的券额", "face value returned by refunds")
CLAWED_BACK = _face("clawed-back", "{voucher}", "已追缴的券额", "face value clawed back")
REVOKED = _face("revoked", "{voucher}", "已撤销的券额", "revoked face value")

# ---- money -----------------------------------------------------------------------------------------------------------


def _money(pattern: str, kind: AccountType, zh: str, en: str, code: str, *, hot: bool = True) -> AccountClass:
    normal = Normal.DEBIT if kind in {AccountType.ASSET, AccountType.EXPENSE} else Normal.CREDIT
    return AccountClass(pattern, CNY, kind, normal, zh, en, Side.FINANCIAL, code, hot=hot)


def _budgetary(code: str, kind: AccountType, zh: str, en: str) -> AccountClass:
    normal = Normal.CREDIT if kind is AccountType.BUDGET_INCOME else Normal.DEBIT
    return AccountClass(f"{code}:{{party}}", CNY_BUDGETARY, kind, normal, zh, en, Side.BUDGETARY, code, hot=True)


EXPENSE = _money("expense:{party}", AccountType.EXPENSE, "业务活动费用", "operating expense", "5001")
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

BUDGET_SPENT = _budgetary("7101", AccountType.BUDGET_EXPENSE, "行政支出", "administrative spending (budgetary)")
BUDGET_GRANTED = _budgetary("6001", AccountType.BUDGET_INCOME, "财政拨款预算收入", "fiscal appropriation (budgetary)")
FUNDS = _budgetary("8001", AccountType.BUDGET_BALANCE, "资金结存", "funds on hand (budgetary)")
SERVICE_BUDGET_INCOME = _budgetary("6101", AccountType.BUDGET_INCOME, "事业预算收入", "service income (budgetary)")
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
    ISSUED,
    AVAILABLE,
    HELD,
    REDEEMABLE,
    IN_CLAIM,
    APPROVED,
    REDEEMED,
    EXPIRED,
    RETURNED,
    CLAWED_BACK,
    REVOKED,
    EXPENSE,
    PRIOR_YEARS,
    BUDGET_SPENT,
    BUDGET_GRANTED,
    FUNDS,
    SERVICE_BUDGET_INCOME,
    SURPLUS,
)


def voucher_owner(voucher: str) -> str:
    """Under which all accounts of one voucher are found."""
    return f"voucher:{voucher}"


def budget(line: AccountClass, *, scheme: str, year: int, operator: str) -> Account:
    """An account of a scheme's year: a bucket of its budget, or what was issued."""
    return line.at(entity=operator, owner=f"scheme:{scheme}:{year}", scheme=scheme, year=year)


def face(line: AccountClass, voucher: str, *, entity: str, **parts: str | int) -> Account:
    """An account of one voucher. `entity` is whose it is: the holder's, the unit's once accepted, K's once retired."""
    return line.at(entity=entity, owner=voucher_owner(voucher), voucher=voucher, **parts)


def of_party(line: AccountClass, party: str) -> Account:
    return line.at(entity=party, party=party)
