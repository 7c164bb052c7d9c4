"""What the decisions about vouchers see. Amounts are whole fen of face value unless said otherwise.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from ledger.journal.attestation import Json
from ledger.vouchers.states import (
    ApplicationState,
    ClaimState,
    ContractEnd,
    ContractState,
    ProposalState,
    VoucherState,
)
from policies.kernel.words import Words


class RevocationGround(StrEnum):
    """Why a voucher is revoked: the reason code."""

    FRAUD = "fraud"
    DISQUALIFIED = "disqualified"
    """The holder no longer is whom the scheme is for."""


GROUND_WORDS: Mapping[RevocationGround, Words] = {
    RevocationGround.FRAUD: Words("骗取、套取", "fraud"),
    RevocationGround.DISQUALIFIED: Words("丧失资格", "loss of qualification"),
}


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
