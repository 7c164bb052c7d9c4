"""What the decisions about vouchers see. Amounts are whole fen of face value unless said otherwise.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from ledger.journal.attestation import Json
from ledger.vouchers.refusal_reasons import RefusalReason
from policies.kernel.words import Words


class AppropriationState(StrEnum):
    PROPOSED = "proposed"
    POSTED = "posted"
    REFUSED = "refused"


class ApplicationState(StrEnum):
    SUBMITTED = "submitted"
    """Waits for the commission; so does one whose grant was refused by the second person."""
    GRANTED = "granted"
    """Waits for the second signature."""
    ISSUED = "issued"
    REJECTED = "rejected"


class VoucherState(StrEnum):
    VALID = "valid"
    USED_UP = "used-up"
    """Nothing is available any more: all of it is reserved, accepted, paid or retired."""
    EXPIRED = "expired"
    REVOKED = "revoked"


class ContractState(StrEnum):
    RESERVED = "reserved"
    ACCEPTED = "accepted"
    CLAIMED = "claimed"
    APPROVED = "approved"
    PAID = "paid"
    RELEASED = "released"
    """The reservation was taken back while the voucher was valid."""
    EXPIRED = "expired"
    """The reservation ended with its voucher."""
    UNCLAIMED = "unclaimed"
    """Accepted, but not claimed in time."""
    REFUSED = "refused"
    """Claimed, and refused for good."""
    REVOKED = "revoked"
    """Its voucher was revoked before it was claimed."""
    CREDITED = "credited"
    """Its bill was credited in full before it was claimed."""


class ClaimState(StrEnum):
    FILED = "filed"
    PASSED = "passed"
    """Reviewed by the commission; waits for finance."""
    RETURNED = "returned"
    """Sent back for correction."""
    WITHDRAWN = "withdrawn"
    """Taken back by the unit before it was passed."""
    REFUSED = "refused"
    """Every line of it was refused for good."""
    APPROVED = "approved"
    """Part of it may be paid already, where its vouchers stand on several budget lines."""
    PAID = "paid"


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    POSTED = "posted"
    REFUSED = "refused"


STATE_WORDS: Mapping[StrEnum, Words] = {
    AppropriationState.PROPOSED: Words("待复核", "awaiting the second signature"),
    AppropriationState.POSTED: Words("已入账", "posted"),
    AppropriationState.REFUSED: Words("已驳回", "refused"),
    ApplicationState.SUBMITTED: Words("待审核", "awaiting a decision"),
    ApplicationState.GRANTED: Words("已审核、待复核", "granted and awaiting the second signature"),
    ApplicationState.ISSUED: Words("已发放", "issued"),
    ApplicationState.REJECTED: Words("已驳回", "rejected"),
    VoucherState.VALID: Words("有效", "valid"),
    VoucherState.USED_UP: Words("可用额度已用完", "used up"),
    VoucherState.EXPIRED: Words("已过期", "expired"),
    VoucherState.REVOKED: Words("已撤销", "revoked"),
    ContractState.RESERVED: Words("已预留、待验收", "reserved and not yet accepted"),
    ContractState.ACCEPTED: Words("已验收、待申请兑付", "accepted and not yet claimed"),
    ContractState.CLAIMED: Words("已申请兑付", "in a claim"),
    ContractState.APPROVED: Words("已批准、待支付", "approved and not yet paid"),
    ContractState.PAID: Words("已支付", "paid"),
    ContractState.RELEASED: Words("预留已取消", "released"),
    ContractState.EXPIRED: Words("预留已随券过期", "expired with its voucher"),
    ContractState.UNCLAIMED: Words("逾期未申请兑付、已失效", "expired because it was not claimed in time"),
    ContractState.REFUSED: Words("不予兑付", "refused"),
    ContractState.REVOKED: Words("已随券撤销", "revoked with its voucher"),
    ContractState.CREDITED: Words("账单已全额冲红", "over, its bill having been credited in full"),
    ClaimState.FILED: Words("待审核", "awaiting review"),
    ClaimState.PASSED: Words("已审核、待财政批准", "passed and awaiting finance"),
    ClaimState.RETURNED: Words("已退回", "sent back"),
    ClaimState.WITHDRAWN: Words("已撤回", "withdrawn"),
    ClaimState.REFUSED: Words("不予兑付", "refused"),
    ClaimState.APPROVED: Words("已批准、待支付", "approved and not yet paid"),
    ClaimState.PAID: Words("已支付", "paid"),
    ProposalState.PROPOSED: Words("待复核", "awaiting the second signature"),
    ProposalState.POSTED: Words("已生效", "in effect"),
    ProposalState.REFUSED: Words("已驳回", "refused"),
}
"""How a state is said in a sentence: `it is {…}`."""


class Nature(StrEnum):
    """What a budget letter does."""

    APPROPRIATE = "appropriate"
    """A first letter or a supplement: a budget line of its own."""
    CUT = "cut"


class ContractEnd(StrEnum):
    """How a contract ends without being paid."""

    RELEASED = "released"
    EXPIRED = "expired"
    UNCLAIMED = "unclaimed"
    REFUSED = "refused"
    REVOKED = "revoked"
    CREDITED = "credited"


class RevocationGround(StrEnum):
    """Why a voucher is revoked: the reason code."""

    FRAUD = "fraud"
    DISQUALIFIED = "disqualified"
    """The holder no longer is whom the scheme is for."""


GROUND_WORDS: Mapping[RevocationGround, Words] = {
    RevocationGround.FRAUD: Words("骗取、套取", "fraud"),
    RevocationGround.DISQUALIFIED: Words("丧失资格", "loss of qualification"),
}


@dataclass(frozen=True, slots=True)
class LineFields:
    """What a budget line is for, beside the number of its letter."""

    project_code: str
    functional_class: str
    """支出功能分类, e.g. `2060503`."""
    economic_class: str
    """政府支出经济分类, e.g. `50799`."""
    funding_source: str
    plan_stage: str
    """用款计划"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appropriation:
    """A budget letter for one scheme and year, under one budget line."""

    number: str
    scheme: str
    year: int
    operator: str
    """The commission whose budget it is."""
    nature: Nature
    letter_number: str
    """指标文号"""
    budget_line: str
    """Its own number; of a cut, the line that is cut."""
    amount_fen: int
    fields: LineFields | None
    """Of the line it opens; None for a cut."""
    proposed_on: date
    state: AppropriationState


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """What is still available under one budget line of a scheme's year."""

    code: str
    available_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The budget of one scheme and year, as posted."""

    scheme: str
    year: int
    operator: str
    lines: tuple[BudgetLine, ...] = ()
    """In the order in which they were first appropriated."""
    ended_on: date | None = None
    """Day on which its year was ended."""

    @property
    def available_fen(self) -> int:
        return sum(line.available_fen for line in self.lines)

    def line(self, code: str) -> BudgetLine | None:
        return next((line for line in self.lines if line.code == code), None)


@dataclass(frozen=True, slots=True)
class LineStanding:
    """What stands under one budget line of a scheme's year, in fen of authority."""

    code: str
    available_fen: int
    committed_fen: int
    obligated_fen: int

    @property
    def carried_fen(self) -> int:
        """What is open: it goes to the next year's budget."""
        return self.committed_fen + self.obligated_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetYear:
    """The budget of a scheme's year, appropriated or carried in, as whoever ends the year finds it."""

    scheme: str
    year: int
    operator: str
    lines: tuple[LineStanding, ...]
    """Those under which something stands."""
    versions: int = 0
    """How often its end was proposed."""
    document_number: str = ""
    """Of the finance document that carries over, as last proposed."""
    ended_on: date | None = None
    earlier: int | None = None
    """An earlier year in which something still stands."""
    overdue: tuple[str, ...] = ()
    """Vouchers of which something was over by the end of the year and is not posted."""
    in_payment: tuple[str, ...] = ()
    """Released batches with claims it bears, of which the bank has not told yet."""

    @property
    def lapsed_fen(self) -> int:
        """What nobody has claimed: it is lost when the year ends."""
        return sum(line.available_fen for line in self.lines)

    @property
    def carried_fen(self) -> int:
        return sum(line.carried_fen for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    number: str
    scheme: str
    year: int
    """Calendar year of the application: of its budget and of its caps."""
    holder: str
    controller: str
    """Under whose name caps per actual controller are counted; the holder itself where it has none."""
    requested_fen: int
    purpose: str
    applied_on: date
    state: ApplicationState
    steps: int
    """How many steps it has taken; the next is one more."""
    grants: int = 0
    """How often it was granted: the version of the request for approval."""
    granted_fen: int | None = None
    """As last granted."""
    calculation: UUID | None = None
    """The stored calculation of the last grant."""
    citation: str = ""
    """What the last grant rests on."""


@dataclass(frozen=True, slots=True)
class YearUse:
    """What one holder or controller got of a scheme in a year."""

    issued_fen: int = 0
    pending_fen: int = 0
    """Granted and waiting for the second signature."""

    returned_fen: int = 0
    """Of what was issued, what refunds have returned."""

    def counted_fen(self, *, refunds_restore: bool) -> int:
        """What counts towards the yearly cap: two applications at once do not both slip through.

        `refunds_restore`: whether the scheme gives the room of a refund back.
        """
        return self.issued_fen + self.pending_fen - (self.returned_fen if refunds_restore else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapUse:
    """What one holder, or one actual controller, got of one scheme so far."""

    years: Mapping[int, YearUse] = field(default_factory=dict)
    open_application: str | None = None
    """An application of the holder that is not yet decided or not yet signed."""

    def in_year(self, year: int) -> YearUse:
        return self.years.get(year, YearUse())

    @property
    def ever(self) -> bool:
        """Whether anything was ever issued or granted."""
        return any(use.issued_fen + use.pending_fen for use in self.years.values())


@dataclass(frozen=True, slots=True)
class Revocation:
    """A decision that took back what was open of a voucher."""

    decision_number: str
    ground: RevocationGround
    revoked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    number: str
    scheme: str
    year: int
    """In which it was issued: of its caps, and of its budget until that is carried over."""
    budget_year: int
    """Whose budget bears what is open of it now."""
    holder: str
    controller: str
    operator: str
    budget_line: str
    face_fen: int
    denomination_fen: int | None
    """Face value of one token; None where any amount may be used."""
    issued_on: date
    expires_on: date
    """Last day on which it may be used, as last extended."""
    expired_on: date | None
    """Day on which its expiry was posted."""
    available_fen: int
    extensions: int = 0
    """How often it was given a later last day."""
    revocation: Revocation | None = None

    def valid_on(self, day: date) -> bool:
        return self.revocation is None and self.expired_on is None and day <= self.expires_on

    def state(self, today: date) -> VoucherState:
        if self.revocation:
            return VoucherState.REVOKED
        if not self.valid_on(today):
            return VoucherState.EXPIRED
        return VoucherState.VALID if self.available_fen else VoucherState.USED_UP


@dataclass(frozen=True, slots=True)
class Split:
    """What becomes of a hold when its service is accepted, in fen of face value."""

    share_fen: int
    """The voucher's share of the actual fee."""
    returned_fen: int
    """Goes back to the voucher."""
    retired_fen: int
    """Expires: no change is given, or the voucher is no longer valid."""

    @property
    def held_fen(self) -> int:
        return self.share_fen + self.returned_fen + self.retired_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract between the holder and a unit, for which a part of a voucher is set aside."""

    number: str
    voucher: str
    unit: str
    contract_number: str
    """As the parties number it."""
    service: str
    fee_fen: int
    """Fee agreed, in fen of money with VAT."""
    service_ends_on: date
    reserved_on: date
    hold_until: date
    """Last day on which the service may be accepted."""
    held_fen: int
    redeemable_fen: int
    bill: str | None = None
    accepted_on: date | None = None
    calculation: UUID | None = None
    """The stored calculation of what the voucher pays."""
    citation: str = ""
    """What that rests on."""
    claim_until: date | None = None
    """Last day on which the unit may claim what was accepted."""
    claim: str | None = None
    """The claim it stands in now."""
    claims: int = 0
    """In how many claims it has stood, this one included."""
    claim_state: ClaimState | None = None
    credits: int = 0
    """How often its bill was credited since it was accepted."""
    recovered_fen: int = 0
    """Of what was paid, what was decided to be owed back."""
    payee: str | None = None
    """Of an accepted one, where its scheme pays the firm: who claims and is paid. None: the unit."""
    claimed_fen: int = 0
    """What it brought into the claim in which it stood last."""
    matches: str | None = None
    """The contract under another payer's voucher beside which this one pays (配套)."""
    matching: str | None = None
    """The scheme under which it does."""
    end: ContractEnd | None = None

    @property
    def claimant(self) -> str:
        """Who claims what was accepted, and is paid."""
        return self.payee or self.unit

    @property
    def share_fen(self) -> int:
        """What its voucher bears of the service, once accepted, whether claimed or paid; less what was taken back."""
        return (self.redeemable_fen or self.claimed_fen) - self.recovered_fen if self.end is None else 0

    @property
    def on_bill(self) -> bool:
        """Whether the unit's bill waits for the voucher; otherwise the firm pays all of it, and is paid for that."""
        return self.payee is None

    @property
    def state(self) -> ContractState:
        if self.end is not None:
            return ContractState(self.end.value)
        if self.accepted_on is None:
            return ContractState.RESERVED
        if self.claim is None or self.claim_state is None:
            return ContractState.ACCEPTED
        return _CONTRACT_IN_CLAIM[self.claim_state]


_CONTRACT_IN_CLAIM = {
    ClaimState.FILED: ContractState.CLAIMED,
    ClaimState.PASSED: ContractState.CLAIMED,
    ClaimState.RETURNED: ContractState.ACCEPTED,
    ClaimState.WITHDRAWN: ContractState.ACCEPTED,
    ClaimState.REFUSED: ContractState.REFUSED,
    ClaimState.APPROVED: ContractState.APPROVED,
    ClaimState.PAID: ContractState.PAID,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """What one contract brings into a claim."""

    contract: str
    voucher: str
    holder: str
    unit: str
    bill: str
    amount_fen: int
    budget_line: str
    calculation: UUID | None = None
    """The stored calculation that gave its amount, when the service was accepted."""
    citation: str = ""
    """What that rests on."""
    recovered: Mapping["Charge", int] = field(default_factory=dict)
    """Of what it was paid, what was decided to be owed back, by the budget that had paid it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What one budget has paid for a contract."""

    contract: str
    voucher: str
    holder: str
    body: str | None
    """That settles for a startup team."""
    unit: str
    bill: str
    operator: str
    scheme: str
    year: int
    """Of the budget that has paid."""
    budget_line: str
    share_fen: int
    """Paid, and not owed back."""
    accepted_on: date
    unit_was_paid: bool
    """Otherwise the firm was, which had paid the whole bill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A line that was refused for good: it stays in sight, with its reason."""

    line: ClaimLine
    reason: RefusalReason
    sentence: str
    """What the reason means in this case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a claim corrects: an earlier one that was sent back."""

    claim: str
    """The earlier one."""
    sent_back: str
    """Why it was sent back."""
    statement: str
    """What the unit has corrected."""


@dataclass(frozen=True, slots=True)
class Charge:
    """The budget that pays."""

    year: int
    budget_line: str


@dataclass(frozen=True, slots=True)
class SetOff:
    """A part of a line that was settled by what its payee owed, and the budget that bore it."""

    contract: str
    charge: Charge
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What an expert thinks of one line of a claim, or of a claim that it corrects."""

    contract: str
    expert: str
    claim: str
    """The claim for which it was given."""
    supports: bool
    reason: str
    given_on: date


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody has against a claim that is on public notice."""

    number: str
    file_number: str
    """Of the paper in the commission's files, which say who objects."""
    reason: str
    raised_on: date
    upheld: bool | None = None
    answer: str = ""
    answered_on: date | None = None
    """None: nobody has answered it yet."""


@dataclass(frozen=True, slots=True)
class ClaimPayable:
    """What is to be paid of a claim under one budget line."""

    number: str
    budget_line: str
    """Of the vouchers whose lines it pays."""
    paid: bool
    """Confirmed by the bank, and not sent back since."""
    charge: Charge
    """What has paid it, or pays it now: the budget of its vouchers, or a later one when a payment came back after its
    year; as carried over by then."""
    open_in: int
    """Year in which what is open of that budget stands now: it pays again what comes back."""
    bounces: int = 0
    """How often a payment of it came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one unit claims of one scheme and year; or one firm, where the scheme pays the firm."""

    number: str
    unit: str
    """Who claims and is paid."""
    on_bill: bool
    """Whether it is the unit, whose bills wait for the vouchers."""
    scheme: str
    year: int
    """Whose budget bore its vouchers when it was filed."""
    budget_year: int
    """Whose budget bears what is not paid of it now."""
    operator: str
    filed_on: date
    state: ClaimState
    steps: int
    """How many steps it has taken; the next is one more."""
    notice_until: date | None
    """Last day of the public notice; before its end finance cannot approve."""
    lines: tuple[ClaimLine, ...]
    """Those that go on: what was refused is no longer among them."""
    refused: tuple[RefusedLine, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    """Of experts, the latest of each on each line; those on the claim that it corrects among them."""
    review: str = ""
    """What the reviewer said when it was passed."""
    reviewer: str | None = None
    """Who has passed it."""
    corrects: Correction | None = None
    sent_back: str = ""
    """Why it was sent back."""
    correct_until: date | None = None
    """Of one that was sent back: the last day on which it may be corrected."""
    corrected_by: str | None = None
    """The claim that corrects it."""
    payables: tuple[ClaimPayable, ...] = ()
    set_off: tuple[SetOff, ...] = ()

    @property
    def amount_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def refused_fen(self) -> int:
        return sum(refused.line.amount_fen for refused in self.refused)

    def under(self, budget_line: str) -> tuple[ClaimLine, ...]:
        return tuple(line for line in self.lines if line.budget_line == budget_line)

    def paid_by(self, payable: ClaimPayable) -> "Claim":
        """The part of it that one payable pays, under the budget that has paid it or pays it now."""
        charge = payable.charge
        lines = tuple(replace(line, budget_line=charge.budget_line) for line in self.under(payable.budget_line))
        return replace(self, budget_year=charge.year, lines=lines)

    def between(self, from_fen: int, until_fen: int) -> "Claim":
        """The part of it that lies between two amounts, its lines laid end to end in their order."""
        lines, begins = [], 0
        for line in self.lines:
            part_fen = min(begins + line.amount_fen, until_fen) - max(begins, from_fen)
            begins += line.amount_fen
            if part_fen > 0:
                lines.append(replace(line, amount_fen=part_fen))
        return replace(self, lines=tuple(lines))

    def paid_for(self, contract: str) -> Mapping[Charge, int]:
        """What each budget has paid for a contract: by setting off, and for the rest by the bank."""
        line = next(line for line in self.lines if line.contract == contract)
        payable = next(payable for payable in self.payables if payable.budget_line == line.budget_line)
        found: dict[Charge, int] = {}
        for part in self.set_off:
            if part.contract == contract:
                found[part.charge] = found.get(part.charge, 0) + part.amount_fen
        rest_fen = line.amount_fen - sum(found.values())
        if payable.paid and rest_fen:
            found[payable.charge] = found.get(payable.charge, 0) + rest_fen
        return found

    def payable(self, number: str) -> ClaimPayable:
        return next(payable for payable in self.payables if payable.number == number)

    @property
    def by_budget_line(self) -> Mapping[str, int]:
        """Amount by budget line, in the order of the lines' codes."""
        codes = sorted({line.budget_line for line in self.lines})
        return {code: sum(line.amount_fen for line in self.under(code)) for code in codes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something that the commission proposes about a voucher or its holder, and that a second person of it signs."""

    number: str
    kind: str
    """Kind of subject under which it is approved."""
    operator: str
    holder: str
    voucher: str | None
    content: Json
    """Exactly what the second person is shown."""
    maker: str
    state: ProposalState
    proposed_on: date

    def word(self, name: str) -> str:
        return str(self.content[name])

    def day(self, name: str) -> date | None:
        return date.fromisoformat(self.word(name)) if self.content[name] else None
