"""The lines of the chart on which a voucher's life is written.  (pure)

`budget:` accounts hold authority, `vouchers:` accounts face value; both are control records of the scheme. Money of the
commission (K) and of the unit (U) stands in each one's own books, beside the accounts of `ledger.fees` and of
`ledger.payments`.
"""

from ledger.journal.accounts import Account, AccountClass, AccountType, Normal
from ledger.journal.assets import VOUCHER

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


ACCOUNTS: tuple[AccountClass, ...] = (
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
