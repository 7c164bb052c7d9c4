"""Bases, awards and batches of a subsidy, as decisions see them. Amounts are whole fen.  (pure)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from ledger.registry.values import PartyKind
from policies.subsidies.schemes import Serves, serves

AWARD = "subsidy.award"
"""Kind of subject of a payable."""
BATCH = "subsidy.batch"
"""Kind of subject under which a batch is approved."""


@dataclass(frozen=True, slots=True)
class RateSum:
    """A unit's bills of one year to others, or a user's bills from others, under one rate of tax, tax included."""

    vat_rate: str
    bills: int
    billed_fen: int
    """Less what red invoices credited and what was written off."""
    excluded_fen: int
    """Of it, bills to related parties and for statutory work."""
    voucher_fen: int
    """Of the other bills, what vouchers bear."""
    equity_fen: int
    """Of the other bills, what became equity."""
    outside_fen: int = 0
    """Of the other bills of a user, those of units that are not on the platform, less what vouchers and equity bear."""

    def left_out_fen(self, *, platform_only: bool) -> int:
        """Bills that do not count; with those of units outside the platform, where only the platform's do."""
        return self.excluded_fen + (self.outside_fen if platform_only else 0)

    def facts(self, *, platform_only: bool) -> dict[str, object]:
        """As the calculator of the base asks."""
        return {
            "vat_rate": self.vat_rate,
            "billed_fen": self.billed_fen,
            "excluded_fen": self.left_out_fen(platform_only=platform_only),
            "voucher_fen": self.voucher_fen,
            "equity_fen": self.equity_fen,
        }


@dataclass(frozen=True, slots=True)
class PartyBase:
    """What the records of a year say of one unit, or of one user."""

    code: str
    name: str
    kind: PartyKind
    cancelled: bool
    rates: tuple[RateSum, ...] = ()
    uses: int = 0
    """Uses in the year: of a unit's instruments by others, or by the user of others' instruments."""
    minutes: int = 0
    region: str = ""
    """Region code of a user's place of business on the last day of the year; empty: no paper says."""
    high_tech: bool = False
    """A user certified as a high-tech enterprise on that day."""

    @property
    def bills(self) -> int:
        return sum(rate.bills for rate in self.rates)

    @property
    def billed_fen(self) -> int:
        return sum(rate.billed_fen for rate in self.rates)


@dataclass(frozen=True, slots=True)
class Bases:
    """The records of a year, as the books held them at one block: its hash binds every record that counts."""

    year: int
    block: int
    last_seq: int
    block_hash: str
    """64 hex digits."""
    parties: Mapping[str, PartyBase] = field(default_factory=dict)
    """Units on the platform, and those that billed or were used in the year; or users that were billed or used."""


class Exclusion(StrEnum):
    """Why a unit, or a user, is not in a batch."""

    CANCELLED = "cancelled"
    NOT_A_MEMBER = "not-a-member"
    JOINED_LATE = "joined-late"
    NOT_PUBLISHED = "not-published"
    """It has no published grade."""
    IN_RECTIFICATION = "in-rectification"
    NOT_A_FIRM = "not-a-firm"
    """A user that is no firm."""
    PLACE_UNKNOWN = "place-unknown"
    """No paper says where the firm works."""
    ELSEWHERE = "elsewhere"
    """It works in a region that another bureau supports."""
    NOTHING_MORE = "nothing-more"
    """Of a top-up: it has had what is due, or more."""


EXCLUSION_ZH = {
    Exclusion.CANCELLED: "已注销",
    Exclusion.NOT_A_MEMBER: "未入网",
    Exclusion.JOINED_LATE: "入网过晚",
    Exclusion.NOT_PUBLISHED: "没有公布的等次",
    Exclusion.IN_RECTIFICATION: "正在整改",
    Exclusion.NOT_A_FIRM: "不是企业",
    Exclusion.PLACE_UNKNOWN: "住所未登记",
    Exclusion.ELSEWHERE: "住所不在辖区",
    Exclusion.NOTHING_MORE: "无需补发",
}


@dataclass(frozen=True, slots=True)
class Excluded:
    """A unit that is left out, and what it would have counted for."""

    unit: str
    why: Exclusion
    detail: str
    """A date, a rectification's number, a region code, what it has had too much; empty where the reason says all."""
    base_fen: int


@dataclass(frozen=True, slots=True)
class Due:
    """What is due to a unit, beside what was awarded to it before: its award is what is missing."""

    due_fen: int
    had_fen: int
    calculation: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One line of a batch."""

    number: str
    """`AW-…`"""
    unit: str
    """Whose it is: of a subsidy to users, the firm."""
    grade: str
    base_fen: int
    entitled_fen: int
    """Before the pool is looked at."""
    awarded_fen: int
    base_calculation: UUID
    calculation: UUID
    bills: int
    billed_fen: int
    excluded_fen: int
    uses: int
    minutes: int
    due: Due | None = None
    """Of a top-up; then `calculation` is that of what is due in all."""
    own_budget: bool = False
    """Once finance has approved it: paid through the unit's own budget, and nothing of it passes the commission."""

    @property
    def shown_fen(self) -> tuple[int, int, int]:
        """The three amounts of its line: base, entitlement, award; of a top-up due, awarded before, topped up."""
        if self.due:
            return self.due.due_fen, self.due.had_fen, self.awarded_fen
        return self.base_fen, self.entitled_fen, self.awarded_fen


@dataclass(frozen=True, slots=True, order=True)
class Charge:
    """The budget that bears something."""

    year: int
    line: str


@dataclass(frozen=True, slots=True)
class AwardPart:
    """What one budget line bears of an award; a part is one payable."""

    award: str
    budget_line: str
    """As it was publicised: which part it is."""
    amount_fen: int
    charge: Charge
    """The budget that bears it now: carried over with its year, or of the year in which a payment came back."""
    payable: str | None = None
    paid: bool = False
    """A payment was confirmed and has not come back, or nothing is left to be paid."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one budget has paid of an award, by bank or by set-off, and what of that is owed back."""

    award: str
    charge: Charge
    spent_fen: int
    recovered_fen: int = 0

    @property
    def left_fen(self) -> int:
        return self.spent_fen - self.recovered_fen


class RecoveryGround(StrEnum):
    """Why a paid subsidy is owed back."""

    FALSE_RECORDS = "false-records"
    """The unit's records were false."""
    CORRECTED_RECORDS = "corrected-records"
    """Bills or uses that it rested on were taken back or corrected later."""
    NOT_ENTITLED = "not-entitled"
    """The unit was graded anew, or should have been left out."""
    RECOMPUTED = "recomputed"
    """An impact run shows that it is entitled to less, and that is made good."""


class ClawBackState(StrEnum):
    PROPOSED = "proposed"
    POSTED = "posted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClawBack:
    """What is to be taken back of an award by a ruling."""

    number: str
    """`SC-…`"""
    award: str
    batch: str
    unit: str
    operator: str
    scheme: str
    amount_fen: int
    ground: RecoveryGround
    decision_number: str
    reason: str
    decided_on: date
    appeal_until: date
    maker: str
    state: ClawBackState


class BatchState(StrEnum):
    COMPUTED = "computed"
    PUBLICISED = "publicised"
    """Reviewed by the commission; the public notice runs or is over; waits for finance."""
    APPROVED = "approved"
    PAID = "paid"
    VOID = "void"
    """Taken back by the commission before finance had approved."""
    REFUSED = "refused"
    """By finance."""
    SUPERSEDED = "superseded"
    """By a later version of the whole batch."""


LIVE = frozenset({BatchState.COMPUTED, BatchState.PUBLICISED, BatchState.APPROVED, BatchState.PAID})


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody objected to a batch during its public notice."""

    number: str
    file_number: str
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """补发: what makes a batch one that adds to another, by a decision."""

    batch: str
    """The one that stands for the year."""
    decision_number: str
    change: str
    """The signed change of policy whose rules say what is due; empty: the rules stay as they were."""
    budget_year: int
    """Whose budget pays it."""
    rules_on: date
    """With `known_on`: day whose rules say what is due, as they were known on another."""
    known_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """All awards of a subsidy and year: one version of them; or what a decision adds to them."""

    number: str
    """`SB-…`"""
    scheme: str
    year: int
    """Of the subsidy; its budget pays, unless it is a top-up."""
    version: int
    """Counted through the year, top-ups with the others."""
    operator: str
    evaluation: str
    """The round whose grades it rests on; empty where it needs none."""
    evaluation_version: int
    pool_fen: int
    base_year: int
    block: int
    last_seq: int
    block_hash: str
    policy: str
    policy_version: str
    synthetic: bool
    reason: str
    """Why a version before it was replaced."""
    maker: str
    computed_on: date
    state: BatchState
    steps: int = 0
    notice_until: date | None = None
    reviewer: str = ""
    awards: tuple[Award, ...] = ()
    """By unit."""
    excluded: tuple[Excluded, ...] = ()
    parts: tuple[AwardPart, ...] = ()
    """Once the batch was publicised."""
    objections: tuple[Objection, ...] = ()
    spent: tuple[Spent, ...] = ()
    """Of what is paid, the budget of the latest year first."""
    top_up: TopUp | None = None

    @property
    def budget_year(self) -> int:
        """Of the budget that pays."""
        return self.top_up.budget_year if self.top_up else self.year

    @property
    def rules_on(self) -> date:
        """Day whose rules it was shared out by."""
        return self.top_up.rules_on if self.top_up else self.computed_on

    @property
    def known_on(self) -> date:
        """Day as of whose knowledge those rules were read."""
        return self.top_up.known_on if self.top_up else self.computed_on

    @property
    def serves(self) -> Serves:
        return serves(self.scheme)

    @property
    def entitled_fen(self) -> int:
        return sum(award.entitled_fen for award in self.awards)

    @property
    def awarded_fen(self) -> int:
        return sum(award.awarded_fen for award in self.awards)

    @property
    def open_objections(self) -> tuple[Objection, ...]:
        return tuple(one for one in self.objections if not one.answered)

    def award(self, number: str) -> Award:
        return next(award for award in self.awards if award.number == number)

    def part(self, payable: str) -> AwardPart:
        return next(part for part in self.parts if part.payable == payable)

    def by_charge(self) -> dict[Charge, int]:
        """What each budget bears."""
        found: dict[Charge, int] = {}
        for part in self.parts:
            found[part.charge] = found.get(part.charge, 0) + part.amount_fen
        return found

    def spent_on(self, award: str) -> tuple[Spent, ...]:
        return tuple(one for one in self.spent if one.award == award)


def awarded_by(batches: Iterable[Batch]) -> dict[str, int]:
    """What each unit was awarded by all of them, in fen."""
    found: dict[str, int] = {}
    for batch in batches:
        for award in batch.awards:
            found[award.unit] = found.get(award.unit, 0) + award.awarded_fen
    return found


@dataclass(frozen=True, slots=True)
class Year:
    """A subsidy's year: how often it was computed, the version that stands, and what decisions have added to it."""

    versions: int = 0
    live: str | None = None
    """Number of the batch that stands; None: there is none."""
    topped_up: tuple[str, ...] = ()
    """Numbers of the top-ups that finance has approved, the first first."""
    open_top_up: str | None = None
    """Number of the one that finance has not approved yet; None: there is none."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a unit's award differs between two versions of a batch."""

    unit: str
    before_fen: int | None
    """None: it was not in the version before."""
    after_fen: int | None
    why: tuple[str, ...]
    """What of it changed: `base`, `grade`, `entitlement`, `pool`, `excluded`, `included`."""


def year_id(scheme: str, year: int) -> str:
    return f"{scheme}:{year}"


def differences(before: Batch, after: Batch) -> tuple[Difference, ...]:
    """Units whose award is not the same, by code, with what changed."""
    old, new = ({award.unit: award for award in batch.awards} for batch in (before, after))
    found = []
    for unit in sorted(old.keys() | new.keys()):
        one, other = old.get(unit), new.get(unit)
        if one and other and one.awarded_fen == other.awarded_fen:
            continue
        found.append(
            Difference(unit, one.awarded_fen if one else None, other.awarded_fen if other else None, _why(one, other))
        )
    return tuple(found)


def _why(one: Award | None, other: Award | None) -> tuple[str, ...]:
    if one is None:
        return ("included",)
    if other is None:
        return ("excluded",)
    changed = [
        name
        for name, before, after in (
            ("base", one.base_fen, other.base_fen),
            ("grade", one.grade, other.grade),
            ("entitlement", one.entitled_fen, other.entitled_fen),
        )
        if before != after
    ]
    return tuple(changed) or ("pool",)
