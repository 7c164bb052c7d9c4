"""Who may call what: every route of the API, in one place. A route that is not here does not start.

`public`: no sign-in. `scoped`: a token with the scope; lists show what row-level security lets the caller's party see.
`owned`: besides, the thing named in the path is looked up as that party before anything else; what it may not see is
answered as what does not exist (404). `offered`: the thing named is open to every party that has signed in; it is
looked up all the same, so that what does not exist is a 404 and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Row:
    """A thing named in the path: the table and column where it is looked up as the caller's party."""

    table: str
    column: str
    parameter: str
    what: str
    """Its name for people, `中文/English`."""
    read: Callable[[str], object] = str
    """From the path to the column's type; a ValueError means that there is no such thing."""


@dataclass(frozen=True, slots=True)
class Access:
    scope: str | None = None
    """None: no sign-in."""
    row: Row | None = None
    reason: str = ""
    """Why nobody's party is checked, where it is not."""

    @property
    def owned(self) -> bool:
        """Whether the thing named is hidden from parties that may not see it."""
        return self.row is not None and not self.reason


def public(reason: str) -> Access:
    return Access(reason=reason)


def scoped(scope: str) -> Access:
    return Access(scope)


def owned(scope: str, row: Row) -> Access:
    return Access(scope, row)


def offered(scope: str, reason: str, row: Row | None = None) -> Access:
    return Access(scope, row, reason)


BANK_LINE = Row("bank_line", "number", "number", "银行明细/bank line")
BANK_STATEMENT = Row("bank_statement", "number", "number", "对账单/bank statement")
ACCOUNT = Row("account", "address", "address", "账户/account")
BILL = Row("fee_bill", "number", "number", "账单/bill")
EVALUATION = Row("evaluation", "id", "id", "评价考核/evaluation")
ENTRY = Row("entry", "seq", "seq", "凭证/entry", int)
INSTRUMENT = Row("instrument", "code", "code", "仪器/instrument")
PERIOD = Row("period", "code", "code", "会计期间/period")
PARTY = Row("party", "code", "code", "单位或团队/party")
PERSON = Row("person", "code", "code", "办事人员/person")
CLIENT = Row("client", "code", "code", "接口客户端/API client")
USE = Row("fee_use", "number", "number", "使用记录/record of use")
APPLICATION = Row("voucher_application", "number", "number", "申领/application")
APPROPRIATION = Row("voucher_appropriation", "number", "number", "指标文件/budget letter")
APPROVAL = Row("approval_request", "number", "number", "审批事项/request for approval")
BATCH = Row("payment_batch", "number", "number", "支付批次/payment batch")
BUDGET = Row("voucher_appropriation", "scheme || ':' || year", "id", "预算/budget")
CALCULATION = Row("calculation", "id", "id", "计算/calculation", UUID)
CLAIM = Row("voucher_claim", "number", "number", "兑付申请/claim")
CONTRACT = Row("voucher_contract", "number", "number", "合同/contract")
PAYABLE = Row("payable", "number", "number", "应付事项/payable")
OBLIGATION = Row("obligation", "number", "number", "应追回款项/obligation")
AWARD = Row("subsidy_award", "number", "number", "补贴/award")
SUBSIDY = Row("subsidy_batch", "number", "number", "补贴批次/subsidy batch")
SUBSIDY_CHANGE = Row("subsidy_policy_change", "number", "number", "政策调整/change of policy")
RECTIFICATION = Row("evaluation_rectification", "number", "number", "整改事项/rectification")
PROPOSAL = Row("voucher_proposal", "number", "number", "提议/proposal")
AGREEMENT = Row("equity_agreement", "number", "number", "转股协议/agreement")
CONVERSION = Row("equity_conversion", "number", "number", "转股/conversion")
DIVIDEND = Row("equity_dividend", "number", "number", "股利/dividend")
LEAVING = Row("equity_exit", "number", "number", "股权退出/exit")
CONSENT = Row("customs_consent", "number", "number", "海关同意/consent")
EXPOSURE = Row("customs_exposure", "number", "number", "或有税款/exposure")
DUTY_FREE = Row("customs_item_share", "instrument", "code", "减免税仪器/duty-free instrument")
ITEM = Row("customs_item", "number", "number", "减免税货物/duty-free item")
MOVE = Row("customs_move", "number", "number", "移动/move")
VOUCHER = Row("voucher", "number", "number", "创新券/voucher")
WEBHOOK = Row("webhook", "number", "number", "通知地址/webhook")

ACCESS: Mapping[str, Access] = {
    # health and metrics
    "GET /healthz": public("says that the process answers, and nothing else"),
    "GET /readyz": public("says whether the store answers, and nothing else"),
    "GET /metrics": public("counts and times by route; a proxy keeps it inside"),
    # documentation
    "GET /openapi.json": public("what this API is"),
    "GET /docs": public("the same, to read and try"),
    "GET /docs/{name}": public("scripts and styles of the page"),
    # sign-in
    "POST /v1/token": public("the client's credentials are in the request"),
    # calculators
    "GET /v1/policies": public("published rules"),
    "POST /v1/policies/{scheme}/{name}/calculations": public("published rules; nothing is stored"),
    "POST /v1/estimates": public("published rules; nothing is stored"),
    # organisations
    "GET /v1/organisations": scoped("organisations.read"),
    "GET /v1/organisations/{code}": owned("organisations.read", PARTY),
    "POST /v1/organisations/firms": scoped("organisations.write"),
    "POST /v1/organisations/teams": scoped("organisations.write"),
    "POST /v1/organisations/units": scoped("organisations.write"),
    "POST /v1/organisations/bodies": scoped("organisations.write"),
    "POST /v1/organisations/bureaus": scoped("organisations.write"),
    "POST /v1/organisations/{code}/cancellation": owned("organisations.write", PARTY),
    "POST /v1/organisations/{code}/size": owned("organisations.write", PARTY),
    "POST /v1/organisations/{code}/controller": owned("organisations.write", PARTY),
    "POST /v1/organisations/{code}/relations": owned("organisations.write", PARTY),
    "POST /v1/organisations/{code}/relations/end": owned("organisations.write", PARTY),
    "POST /v1/organisations/{code}/agencies": owned("organisations.write", PARTY),
    "POST /v1/organisations/{code}/agencies/end": owned("organisations.write", PARTY),
    "GET /v1/organisations/{code}/payee-accounts": owned("organisations.read", PARTY),
    "POST /v1/organisations/{code}/payee-accounts": owned("organisations.write", PARTY),
    "POST /v1/organisations/{code}/certificates": owned("organisations.write", PARTY),
    "POST /v1/organisations/{code}/certificates/{certificate}/withdrawal": owned("organisations.write", PARTY),
    # people
    "GET /v1/people": scoped("people.read"),
    "POST /v1/people": scoped("people.write"),
    "GET /v1/people/{code}": owned("people.read", PERSON),
    "POST /v1/people/{code}/roles": owned("people.write", PERSON),
    "POST /v1/people/{code}/roles/revocation": owned("people.write", PERSON),
    "POST /v1/people/{code}/mandates": owned("people.write", PERSON),
    "POST /v1/people/{code}/mandates/withdrawal": owned("people.write", PERSON),
    # instruments
    "GET /v1/instruments": scoped("instruments.read"),
    "POST /v1/instruments": scoped("instruments.write"),
    "GET /v1/instruments/{code}": offered("instruments.read", "instruments are offered to all", INSTRUMENT),
    "GET /v1/instruments/{code}/prices": offered("instruments.read", "prices are published", INSTRUMENT),
    "POST /v1/instruments/{code}/prices": offered("instruments.write", "who may is the books' to say", INSTRUMENT),
    # uses
    "GET /v1/uses": scoped("uses.read"),
    "POST /v1/uses": scoped("uses.write"),
    "POST /v1/uses/logs": scoped("uses.write"),
    "GET /v1/uses/{number}": owned("uses.read", USE),
    # bills
    "GET /v1/bills": scoped("bills.read"),
    "POST /v1/bills": scoped("bills.write"),
    "GET /v1/bills/{number}": owned("bills.read", BILL),
    "POST /v1/bills/{number}/receipts": owned("bills.write", BILL),
    "POST /v1/bills/{number}/credit-notes": owned("bills.write", BILL),
    "POST /v1/bills/{number}/repayments": owned("bills.write", BILL),
    "POST /v1/bills/{number}/write-offs": owned("bills.write", BILL),
    "POST /v1/bills/{number}/dispute": owned("bills.write", BILL),
    "POST /v1/bills/{number}/settlement": owned("bills.write", BILL),
    # calendar days
    "GET /v1/calendar-days": scoped("calendar.read"),
    "POST /v1/calendar-days": scoped("calendar.write"),
    # clients of the API
    "GET /v1/clients": scoped("clients.read"),
    "POST /v1/clients": scoped("clients.write"),
    "GET /v1/clients/{code}": owned("clients.read", CLIENT),
    "POST /v1/clients/{code}/credentials": owned("clients.write", CLIENT),
    "POST /v1/clients/{code}/revocation": owned("clients.write", CLIENT),
    # applications
    "GET /v1/applications": scoped("applications.read"),
    "GET /v1/applications/{number}": owned("applications.read", APPLICATION),
    "POST /v1/applications": scoped("applications.write"),
    "POST /v1/applications/{number}/grant": owned("applications.write", APPLICATION),
    "POST /v1/applications/{number}/rejection": owned("applications.write", APPLICATION),
    # budget letters, budgets
    "GET /v1/appropriations": scoped("budgets.read"),
    "GET /v1/appropriations/{number}": owned("budgets.read", APPROPRIATION),
    "GET /v1/budgets": scoped("budgets.read"),
    "GET /v1/budgets/{id}": owned("budgets.read", BUDGET),
    "POST /v1/budgets/year-ends": scoped("budgets.write"),
    "POST /v1/appropriations": scoped("budgets.write"),
    "POST /v1/appropriations/cuts": scoped("budgets.write"),
    # vouchers
    "GET /v1/vouchers": scoped("vouchers.read"),
    "GET /v1/vouchers/{number}": owned("vouchers.read", VOUCHER),
    "GET /v1/vouchers/{number}/life": owned("vouchers.read", VOUCHER),
    "POST /v1/vouchers/{number}/contracts": owned("vouchers.write", VOUCHER),
    "POST /v1/vouchers/{number}/expiry": owned("vouchers.write", VOUCHER),
    "POST /v1/vouchers/expiries": scoped("vouchers.write"),
    # contracts
    "GET /v1/contracts": scoped("vouchers.read"),
    "GET /v1/contracts/{number}": owned("vouchers.read", CONTRACT),
    "POST /v1/contracts/{number}/acceptance": owned("vouchers.write", CONTRACT),
    "POST /v1/contracts/{number}/matches": owned("vouchers.write", CONTRACT),
    "POST /v1/contracts/{number}/credit-notes": owned("bills.write", CONTRACT),
    "POST /v1/contracts/{number}/release": owned("vouchers.write", CONTRACT),
    # decisions
    "GET /v1/proposals": scoped("decisions.read"),
    "GET /v1/proposals/{number}": owned("decisions.read", PROPOSAL),
    "POST /v1/vouchers/{number}/extensions": owned("decisions.write", VOUCHER),
    "POST /v1/vouchers/{number}/revocations": owned("decisions.write", VOUCHER),
    "POST /v1/vouchers/{number}/claw-backs": owned("decisions.write", VOUCHER),
    "POST /v1/contracts/{number}/refunds": owned("decisions.write", CONTRACT),
    "POST /v1/organisations/{code}/flags": owned("decisions.write", PARTY),
    "POST /v1/organisations/{code}/flags/{flag}/lifting": owned("decisions.write", PARTY),
    # obligations
    "GET /v1/obligations": scoped("obligations.read"),
    "GET /v1/obligations/{number}": owned("obligations.read", OBLIGATION),
    "POST /v1/obligations/{number}/receipts": owned("obligations.write", OBLIGATION),
    "POST /v1/obligations/{number}/offsets": owned("obligations.write", OBLIGATION),
    "POST /v1/obligations/{number}/write-offs": owned("obligations.write", OBLIGATION),
    "POST /v1/obligations/{number}/interest": owned("obligations.write", OBLIGATION),
    "POST /v1/obligations/{number}/remittances": owned("obligations.write", OBLIGATION),
    # claims
    "GET /v1/claims": scoped("claims.read"),
    "GET /v1/claims/{number}": owned("claims.read", CLAIM),
    "POST /v1/claims": scoped("claims.write"),
    "POST /v1/claims/{number}/corrections": owned("claims.write", CLAIM),
    "POST /v1/claims/{number}/withdrawal": owned("claims.write", CLAIM),
    "POST /v1/claims/{number}/review": owned("claims.write", CLAIM),
    "POST /v1/claims/{number}/experts": owned("claims.write", CLAIM),
    "POST /v1/claims/{number}/opinions": owned("claims.write", CLAIM),
    "POST /v1/claims/{number}/objections": owned("claims.write", CLAIM),
    "POST /v1/claims/{number}/objections/{objection}/answer": owned("claims.write", CLAIM),
    # equity
    "GET /v1/equity/agreements": scoped("equity.read"),
    "GET /v1/equity/agreements/{number}": owned("equity.read", AGREEMENT),
    "POST /v1/equity/agreements": scoped("equity.write"),
    "POST /v1/equity/agreements/{number}/decision": owned("equity.write", AGREEMENT),
    "POST /v1/equity/agreements/{number}/signatures": owned("equity.write", AGREEMENT),
    "POST /v1/equity/agreements/{number}/suspension": owned("equity.write", AGREEMENT),
    "POST /v1/equity/agreements/{number}/end": owned("equity.write", AGREEMENT),
    "POST /v1/equity/agreements/{number}/bills": owned("equity.write", AGREEMENT),
    "POST /v1/equity/agreements/{number}/releases": owned("equity.write", AGREEMENT),
    "POST /v1/equity/agreements/{number}/appraisals": owned("equity.write", AGREEMENT),
    "GET /v1/equity/conversions": scoped("equity.read"),
    "GET /v1/equity/conversions/{number}": owned("equity.read", CONVERSION),
    "POST /v1/equity/conversions/{number}/giving-up": owned("equity.write", CONVERSION),
    "POST /v1/equity/conversions/{number}/resolution": owned("equity.write", CONVERSION),
    "POST /v1/equity/conversions/{number}/proposals": owned("equity.write", CONVERSION),
    "POST /v1/equity/conversions/{number}/registration": owned("equity.write", CONVERSION),
    "POST /v1/equity/conversions/{number}/publication": owned("equity.write", CONVERSION),
    "GET /v1/equity/holdings": scoped("equity.read"),
    "GET /v1/equity/files/holdings": scoped("equity.read"),
    "GET /v1/equity/statements/{code}": owned("equity.read", PARTY),
    "POST /v1/equity/capital": scoped("equity.write"),
    "GET /v1/equity/dividends": scoped("equity.read"),
    "POST /v1/equity/dividends": scoped("equity.write"),
    "POST /v1/equity/dividends/{number}/receipts": owned("equity.write", DIVIDEND),
    "GET /v1/equity/exits": scoped("equity.read"),
    "POST /v1/equity/exits": scoped("equity.write"),
    "POST /v1/equity/exits/{number}/completion": owned("equity.write", LEAVING),
    "GET /v1/equity/write-downs": scoped("equity.read"),
    "POST /v1/equity/write-downs": scoped("equity.write"),
    "POST /v1/equity/payments": scoped("equity.write"),
    "GET /v1/equity/deadlines": scoped("equity.read"),
    # customs
    "POST /v1/customs/offices": scoped("customs.write"),
    "GET /v1/customs/items": scoped("customs.read"),
    "GET /v1/customs/items/{number}": owned("customs.read", ITEM),
    "POST /v1/customs/items": scoped("customs.write"),
    "POST /v1/customs/items/{number}/end": owned("customs.write", ITEM),
    "GET /v1/customs/moves": scoped("customs.read"),
    "GET /v1/customs/moves/{number}": owned("customs.read", MOVE),
    "POST /v1/customs/moves": scoped("customs.write"),
    "POST /v1/customs/moves/{number}/steps": owned("customs.write", MOVE),
    "GET /v1/customs/consents": scoped("customs.read"),
    "GET /v1/customs/consents/{number}": owned("customs.read", CONSENT),
    "POST /v1/customs/consents": scoped("customs.write"),
    "POST /v1/customs/consents/{number}/decisions": owned("customs.write", CONSENT),
    "POST /v1/customs/consents/{number}/withdrawal": owned("customs.write", CONSENT),
    "GET /v1/customs/uses": scoped("customs.read"),
    "GET /v1/customs/risk": scoped("customs.read"),
    "GET /v1/customs/files/uses": scoped("customs.read"),
    "GET /v1/customs/files/items": scoped("customs.read"),
    "GET /v1/customs/files/exposures": scoped("customs.read"),
    "GET /v1/customs/deadlines": scoped("customs.read"),
    "GET /v1/customs/evidence/{code}": owned("customs.read", DUTY_FREE),
    "GET /v1/customs/encumbrances": scoped("customs.read"),
    "GET /v1/customs/queries": scoped("customs.read"),
    "GET /v1/customs/reports": scoped("customs.read"),
    "POST /v1/customs/reports": scoped("customs.write"),
    "GET /v1/customs/exposures": scoped("customs.read"),
    "GET /v1/customs/exposures/{number}": owned("customs.read", EXPOSURE),
    "POST /v1/customs/exposures/{number}/decisions": owned("customs.write", EXPOSURE),
    "POST /v1/customs/exposures/{number}/payment": owned("customs.write", EXPOSURE),
    # evaluation
    "GET /v1/evaluations": scoped("evaluations.read"),
    "GET /v1/evaluations/{id}": offered("evaluations.read", "rounds are open to all", EVALUATION),
    "GET /v1/evaluations/{id}/grades": offered("evaluations.read", "grades are published", EVALUATION),
    "GET /v1/evaluations/{id}/scores": offered("evaluations.read", "a unit finds its own scores in it", EVALUATION),
    "GET /v1/evaluations/{id}/indicators": offered("evaluations.read", "a unit finds its own uses in it", EVALUATION),
    "POST /v1/evaluations": scoped("evaluations.write"),
    "POST /v1/evaluations/{id}/scores": offered("evaluations.write", "who may is the books' to say", EVALUATION),
    "POST /v1/evaluations/{id}/grades": offered("evaluations.write", "who may is the books' to say", EVALUATION),
    "POST /v1/evaluations/{id}/objections": offered("evaluations.write", "who may is the books' to say", EVALUATION),
    "POST /v1/evaluations/{id}/objections/{objection}/answer": offered(
        "evaluations.write", "who may is the books' to say", EVALUATION
    ),
    "GET /v1/flagged-purchases": scoped("evaluations.read"),
    "GET /v1/rectifications": scoped("evaluations.read"),
    "GET /v1/rectifications/{number}": owned("evaluations.read", RECTIFICATION),
    "POST /v1/rectifications/{number}/reports": owned("evaluations.write", RECTIFICATION),
    "POST /v1/rectifications/{number}/judgement": owned("evaluations.write", RECTIFICATION),
    "POST /v1/organisations/{code}/membership": owned("organisations.write", PARTY),
    "POST /v1/organisations/{code}/membership/end": owned("organisations.write", PARTY),
    # subsidies
    "GET /v1/subsidies": scoped("subsidies.read"),
    "GET /v1/subsidies/{number}": owned("subsidies.read", SUBSIDY),
    "GET /v1/subsidies/{number}/awards": owned("subsidies.read", SUBSIDY),
    "GET /v1/subsidies/{number}/bills": owned("subsidies.read", SUBSIDY),
    "GET /v1/subsidies/{number}/uses": owned("subsidies.read", SUBSIDY),
    "GET /v1/subsidies/{number}/differences": owned("subsidies.read", SUBSIDY),
    "GET /v1/subsidies/{number}/publication": owned("subsidies.read", SUBSIDY),
    "POST /v1/subsidies": scoped("subsidies.write"),
    "POST /v1/subsidies/{number}/review": owned("subsidies.write", SUBSIDY),
    "POST /v1/subsidies/{number}/withdrawal": owned("subsidies.write", SUBSIDY),
    "POST /v1/subsidies/{number}/objections": owned("subsidies.write", SUBSIDY),
    "POST /v1/subsidies/{number}/objections/{objection}/answer": owned("subsidies.write", SUBSIDY),
    "GET /v1/subsidy-policy-changes": scoped("subsidies.read"),
    "GET /v1/subsidy-policy-changes/{number}": owned("subsidies.read", SUBSIDY_CHANGE),
    "POST /v1/subsidy-policy-changes": scoped("subsidies.write"),
    "POST /v1/subsidy-top-ups": scoped("subsidies.write"),
    "POST /v1/subsidy-awards/{number}/claw-backs": owned("subsidies.write", AWARD),
    "POST /v1/bills/{number}/subsidy-exclusion": owned("bills.write", BILL),
    # approvals
    "GET /v1/approvals": scoped("approvals.read"),
    "GET /v1/approvals/{number}": owned("approvals.read", APPROVAL),
    "POST /v1/approvals/{number}/signature": owned("approvals.write", APPROVAL),
    "POST /v1/approvals/{number}/rejection": owned("approvals.write", APPROVAL),
    "POST /v1/approvals/interests": scoped("approvals.write"),
    # payables, payment batches
    "GET /v1/payables": scoped("payments.read"),
    "GET /v1/payables/{number}": owned("payments.read", PAYABLE),
    "GET /v1/payment-batches": scoped("payments.read"),
    "GET /v1/payment-batches/{number}": owned("payments.read", BATCH),
    "GET /v1/payment-batches/{number}/export": owned("payments.read", BATCH),
    "POST /v1/payment-batches": scoped("payments.write"),
    "POST /v1/payment-batches/{number}/confirmations": owned("payments.write", BATCH),
    "POST /v1/payment-batches/{number}/returns": owned("payments.write", BATCH),
    "POST /v1/payment-batches/{number}/failures": owned("payments.write", BATCH),
    # what the bank says
    "GET /v1/bank-statements": scoped("bank.read"),
    "GET /v1/bank-statements/{number}": owned("bank.read", BANK_STATEMENT),
    "POST /v1/bank-statements": scoped("bank.write"),
    "GET /v1/bank-lines": scoped("bank.read"),
    "GET /v1/bank-lines/{number}": owned("bank.read", BANK_LINE),
    "POST /v1/bank-lines/{number}/payment": owned("bank.write", BANK_LINE),
    "POST /v1/bank-lines/{number}/return": owned("bank.write", BANK_LINE),
    "POST /v1/bank-lines/{number}/aside": owned("bank.write", BANK_LINE),
    "POST /v1/bank-lines/{number}/suspense": owned("bank.write", BANK_LINE),
    "POST /v1/bank-lines/{number}/decisions": owned("bank.write", BANK_LINE),
    # calculations
    "GET /v1/calculations/{id}": owned("books.read", CALCULATION),
    # accounts, entries, the chain
    "GET /v1/accounts": scoped("books.read"),
    "GET /v1/accounts/{address}/balance": owned("books.read", ACCOUNT),
    "GET /v1/accounts/{address}/statement": owned("books.read", ACCOUNT),
    "GET /v1/entries/{seq}": owned("books.read", ENTRY),
    "GET /v1/entries/{seq}/receipt": owned("books.read", ENTRY),
    "GET /v1/blocks": offered("books.read", "hashes and counts of the whole chain: whoever holds a receipt needs them"),
    "GET /v1/blocks/anchors": offered("books.read", "signed heads, which are worth the more the more people keep them"),
    "GET /v1/blocks/{number}": offered("books.read", "as the list of blocks"),
    "GET /v1/periods": offered("books.read", "whoever sends an entry must know which dates are open"),
    "GET /v1/periods/{code}": offered("books.read", "as the list of periods", PERIOD),
    # changes
    "GET /v1/changes": scoped("changes.read"),
    "GET /v1/webhooks": scoped("changes.read"),
    "GET /v1/webhooks/key": offered("changes.read", "a public key"),
    "GET /v1/webhooks/{number}": owned("changes.read", WEBHOOK),
    "GET /v1/webhooks/{number}/sendings": owned("changes.read", WEBHOOK),
    "POST /v1/webhooks": scoped("webhooks.write"),
    "POST /v1/webhooks/{number}/withdrawal": owned("webhooks.write", WEBHOOK),
    "POST /v1/webhooks/{number}/resumption": owned("webhooks.write", WEBHOOK),
}
"""By method and path."""
