"""What may be posted about vouchers: which lines of the chart may meet, and what their addresses share.  (pure)"""

from ledger.budgets import addresses as b
from ledger.fees.addresses import INCOME, OPEN, VAT, VOUCHER_PART
from ledger.journal.accounts import AccountClass
from ledger.journal.templates import Flow, Template
from ledger.obligations import reinstate
from ledger.obligations.addresses import DUE_TO_TREASURY, OWED_TO_FISCAL, RECOVERING, RECOVERY
from ledger.payments.addresses import (
    BANK,
    BUDGET_GRANTED,
    BUDGET_SPENT,
    EXPENSE,
    FISCAL_INCOME,
    FUNDS,
    PAYABLE,
    PRIOR_YEARS,
    SERVICE_BUDGET_INCOME,
    SURPLUS,
)
from ledger.vouchers import addresses as a

OF_BUDGET = frozenset({"scheme", "year"})
OF_VOUCHER = OF_BUDGET | {"voucher"}
OF_CONTRACT = OF_VOUCHER | {"contract"}
OF_CLAIM = OF_VOUCHER | {"claim"}


def _retires(
    name: str, zh: str, en: str, open_account: AccountClass, shared: frozenset[str], sink: AccountClass = a.EXPIRED
) -> Template:
    return Template(name, zh, en, (Flow(sink, open_account), *_FREES_BUDGET), shared)


_FREES_BUDGET = (Flow(b.AVAILABLE_BUDGET, b.COMMITTED), Flow(b.LAPSED, b.COMMITTED))

_OWED_BACK = (Flow(RECOVERING, b.EXPENDED), Flow(RECOVERY, EXPENSE), Flow(RECOVERY, DUE_TO_TREASURY))

TEMPLATES: tuple[Template, ...] = (
    Template(
        "voucher.open",
        "期初创新券",
        "voucher that the books begin with",
        (
            Flow(a.AVAILABLE, a.ISSUED),
            Flow(a.REDEEMED, a.ISSUED),
            Flow(a.EXPIRED, a.ISSUED),
            Flow(b.COMMITTED, b.AVAILABLE_BUDGET),
            Flow(b.EXPENDED, b.AVAILABLE_BUDGET),
        ),
        OF_VOUCHER,
    ),
    Template(
        "voucher.issue",
        "发放创新券",
        "issue of a voucher",
        (Flow(a.AVAILABLE, a.ISSUED), Flow(b.COMMITTED, b.AVAILABLE_BUDGET)),
        OF_VOUCHER,
    ),
    Template("voucher.reserve", "为合同预留", "reservation for a contract", (Flow(a.HELD, a.AVAILABLE),), OF_CONTRACT),
    Template("voucher.release", "取消预留", "release of a reservation", (Flow(a.AVAILABLE, a.HELD),), OF_CONTRACT),
    Template(
        "voucher.accept",
        "服务验收",
        "acceptance of a service",
        (Flow(a.REDEEMABLE, a.HELD), Flow(a.AVAILABLE, a.HELD), Flow(a.EXPIRED, a.HELD), *_FREES_BUDGET),
        OF_CONTRACT,
    ),
    Template(
        "voucher.credit",
        "账单冲红、券额退回",
        "bill credited, its share given back",
        (Flow(a.AVAILABLE, a.REDEEMABLE), Flow(a.EXPIRED, a.REDEEMABLE), *_FREES_BUDGET),
        OF_CONTRACT,
    ),
    Template(
        "fee.voucher-part-withdrawn",
        "撤回由创新券承担的部分",
        "part of a bill no longer paid by voucher",
        (Flow(OPEN, VOUCHER_PART),),
        frozenset({"bill"}),
    ),
    Template(
        "voucher.file-claim",
        "申请兑付",
        "filing of a claim",
        (Flow(a.IN_CLAIM, a.REDEEMABLE),),
        OF_CLAIM | OF_CONTRACT,
    ),
    Template(
        "voucher.return-claim",
        "退回兑付申请",
        "claim sent back",
        (Flow(a.REDEEMABLE, a.IN_CLAIM),),
        OF_CLAIM | OF_CONTRACT,
    ),
    Template(
        "voucher.withdraw-claim",
        "撤回兑付申请",
        "withdrawal of a claim",
        (Flow(a.REDEEMABLE, a.IN_CLAIM),),
        OF_CLAIM | OF_CONTRACT,
    ),
    Template(
        "voucher.approve-claim",
        "批准兑付",
        "approval of a claim",
        (Flow(a.APPROVED, a.IN_CLAIM), Flow(b.OBLIGATED, b.COMMITTED), Flow(EXPENSE, PAYABLE)),
        OF_CLAIM,
    ),
    Template(
        "voucher.pay",
        "兑付到账",
        "payment of a claim",
        (
            Flow(a.REDEEMED, a.APPROVED),
            Flow(b.EXPENDED, b.OBLIGATED),
            Flow(PAYABLE, FISCAL_INCOME),
            Flow(BANK, VOUCHER_PART),
            Flow(BUDGET_SPENT, BUDGET_GRANTED),
            Flow(FUNDS, SERVICE_BUDGET_INCOME),
        ),
        OF_CLAIM | {"bill"},
    ),
    _retires("voucher.refuse-line", "驳回兑付明细", "refusal of a claim's line", a.IN_CLAIM, OF_CLAIM, sink=a.REVOKED),
    Template(
        "voucher.bounce",
        "兑付退回",
        "payment of a claim that came back",
        (
            Flow(a.APPROVED, a.REDEEMED),
            Flow(b.OBLIGATED, b.EXPENDED),
            Flow(FISCAL_INCOME, PAYABLE),
            Flow(VOUCHER_PART, BANK),
            Flow(BUDGET_GRANTED, BUDGET_SPENT),
            Flow(SERVICE_BUDGET_INCOME, FUNDS),
        ),
        OF_CLAIM | {"bill"},
    ),
    Template(
        "voucher.bounce-carried",
        "结转后兑付退回",
        "payment of a claim that came back after its budget was carried over",
        (
            Flow(a.APPROVED, a.REDEEMED),
            Flow(b.CARRIED_OUT, b.EXPENDED),
            Flow(b.CARRIED_OUT, b.CARRIED_IN),
            Flow(b.OBLIGATED, b.CARRIED_IN),
            Flow(FISCAL_INCOME, PAYABLE),
            Flow(VOUCHER_PART, BANK),
            Flow(BUDGET_GRANTED, BUDGET_SPENT),
            Flow(SERVICE_BUDGET_INCOME, FUNDS),
        ),
        frozenset({"scheme", "voucher", "claim", "bill"}),
    ),
    Template(
        "voucher.bounce-later",
        "上年兑付退回",
        "payment of a claim that came back in a later year",
        (
            Flow(a.APPROVED, a.REDEEMED),
            Flow(b.BOUNCED, b.EXPENDED),
            Flow(b.OBLIGATED, b.AVAILABLE_BUDGET),
            Flow(PRIOR_YEARS, PAYABLE),
            Flow(VOUCHER_PART, BANK),
            Flow(SURPLUS, FUNDS),
        ),
        frozenset({"scheme", "voucher", "claim", "bill"}),
    ),
    Template(
        "voucher.refund",
        "决定退款",
        "refund of a paid service decided",
        (Flow(a.RETURNED, a.REDEEMED), *_OWED_BACK, Flow(OPEN, OWED_TO_FISCAL)),
        OF_VOUCHER | {"obligation"},
    ),
    Template(
        "voucher.claw-back",
        "决定追缴",
        "claw-back decided",
        (Flow(a.CLAWED_BACK, a.REDEEMED), *_OWED_BACK, Flow(INCOME, OWED_TO_FISCAL), Flow(VAT, OWED_TO_FISCAL)),
        OF_VOUCHER | {"obligation"},
    ),
    Template(
        "voucher.offset",
        "兑付抵扣应追回款项",
        "claim set off against what its payee owes",
        (
            Flow(a.REDEEMED, a.APPROVED),
            Flow(b.EXPENDED, b.OBLIGATED),
            Flow(OWED_TO_FISCAL, VOUCHER_PART),
        ),
        OF_CLAIM | {"obligation", "bill"},
    ),
    Template(
        "voucher.reinstate",
        "追回指标恢复可用",
        "recovered budget available again",
        reinstate.FLOWS,
        reinstate.OF,
    ),
    _retires("voucher.expire", "创新券过期", "expiry of a voucher", a.AVAILABLE, OF_VOUCHER),
    _retires("voucher.expire-hold", "预留随券过期", "expiry of a reservation", a.HELD, OF_CONTRACT),
    _retires(
        "voucher.expire-unclaimed",
        "逾期未申请兑付",
        "expiry of what was not claimed in time",
        a.REDEEMABLE,
        OF_CONTRACT,
    ),
    _retires("voucher.revoke", "撤销创新券", "revocation of a voucher", a.AVAILABLE, OF_VOUCHER, a.REVOKED),
    _retires("voucher.revoke-hold", "预留随券撤销", "revocation of a reservation", a.HELD, OF_CONTRACT, a.REVOKED),
    _retires(
        "voucher.revoke-accepted",
        "已验收未兑付的部分随券撤销",
        "revocation of what was accepted",
        a.REDEEMABLE,
        OF_CONTRACT,
        a.REVOKED,
    ),
)
