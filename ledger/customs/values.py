"""Goods under customs' supervision, consents, and what is at risk, as decisions see them.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from ledger.fees.values import PurposeClass

SCIENCE = frozenset({PurposeClass.RESEARCH, PurposeClass.DEVELOPMENT, PurposeClass.TEACHING})
"""What duty-free goods are for; any other purpose is another use."""


class GoodsKind(StrEnum):
    SHIP_OR_AIRCRAFT = "ship-or-aircraft"
    VEHICLE = "vehicle"
    OTHER = "other"


class Route(StrEnum):
    """On which ground others may use the goods."""

    CASE = "case"
    """Customs consents per case."""
    PLATFORM = "platform"
    """The instrument is managed on the national platform (国科发基〔2018〕245号)."""


class ConsentState(StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    """Customs asks for changes; the unit submits anew."""
    REFUSED = "refused"
    GRANTED = "granted"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    """By the unit itself; on the platform, the registration ended."""


class Reason(StrEnum):
    """Why a use is out of scope."""

    NO_CONSENT = "NO_CONSENT"
    PURPOSE = "PURPOSE"
    PLACE = "PLACE"
    USER = "USER"
    EXPIRED_CONSENT = "EXPIRED_CONSENT"
    OVER_HOURS = "OVER_HOURS"


class Tax(StrEnum):
    DUTY = "duty"
    VAT = "vat"
    CONSUMPTION = "consumption"


class ExposureState(StrEnum):
    DETECTED = "detected"
    UNDER_REVIEW = "under-review"
    CLEARED = "cleared"
    """Customs says that nothing falls due."""
    ASSESSED = "assessed"
    """Customs has set the amounts."""
    REPORTED = "reported"
    GUARANTEED = "guaranteed"
    CONTESTED = "contested"
    PAID = "paid"


OVER = frozenset({ExposureState.CLEARED, ExposureState.PAID})
"""Nothing is at risk any more."""
ESTIMATED = frozenset({ExposureState.DETECTED, ExposureState.UNDER_REVIEW})
"""What is at risk is our estimate; later it is what customs has set."""


class ItemOutcome(StrEnum):
    """How a supervision ends before its time."""

    TRANSFERRED = "transferred-duty-paid"
    CARRIED_OVER = "carried-over"
    """结转: to a subject with the same privilege, where the supervision goes on."""
    EARLY_RELEASED = "early-released"
    REEXPORTED = "re-exported"


@dataclass(frozen=True, slots=True)
class Taxes:
    """Import taxes in fen, by kind."""

    duty_fen: int = 0
    vat_fen: int = 0
    consumption_fen: int = 0

    @property
    def total_fen(self) -> int:
        return self.duty_fen + self.vat_fen + self.consumption_fen

    def by_kind(self) -> Mapping[Tax, int]:
        return {Tax.DUTY: self.duty_fen, Tax.VAT: self.vat_fen, Tax.CONSUMPTION: self.consumption_fen}

    def plus(self, other: "Taxes") -> "Taxes":
        return Taxes(
            self.duty_fen + other.duty_fen,
            self.vat_fen + other.vat_fen,
            self.consumption_fen + other.consumption_fen,
        )

    def beyond(self, counted: "Taxes") -> "Taxes":
        """What is not counted yet; never below nothing, kind by kind."""
        return Taxes(
            max(0, self.duty_fen - counted.duty_fen),
            max(0, self.vat_fen - counted.vat_fen),
            max(0, self.consumption_fen - counted.consumption_fen),
        )


@dataclass(frozen=True, slots=True)
class Share:
    """What one declared item is to one instrument: an item may hold several, an instrument come in several items."""

    instrument: str
    value_fen: int
    """Part of the item's taxable value."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a declaration that paid no duty."""

    number: str
    """`CI-…`"""
    unit: str
    """Holder of the certificate."""
    certificate_number: str
    """征免税证明编号."""
    declaration_number: str
    """报关单号."""
    line: int
    """项号."""
    hs_code: str
    """商品编码, ten digits."""
    policy_document: str
    """Number of the policy the goods came in under."""
    kind: GoodsKind
    duty_rate: str
    vat_rate: str
    consumption_rate: str
    released_on: date
    supervision_years: int
    supervised_until: date
    """Last day, the anniversary of the release taken in."""
    district: str
    """Competent customs, four digits."""
    place: str
    """Where customs agreed that they are used."""
    capacity: int = 1
    """How many uses at once they allow."""
    shares: tuple[Share, ...] = ()
    ended_on: date | None = None
    """Last day of a supervision that ended before its time."""
    outcome: ItemOutcome | None = None

    @property
    def last_day(self) -> date:
        """On which it is supervised."""
        return min(self.supervised_until, self.ended_on) if self.ended_on else self.supervised_until

    def supervised_on(self, day: date) -> bool:
        return self.released_on <= day <= self.last_day

    def value_of(self, instrument: str) -> int:
        """In fen."""
        return sum(share.value_fen for share in self.shares if share.instrument == instrument)


@dataclass(frozen=True, slots=True)
class Consent:
    """On what others may use an instrument."""

    number: str
    """`CS-…`"""
    instrument: str
    unit: str
    route: Route
    document_number: str
    """Of customs' decision; of the registration on the platform."""
    users: frozenset[str]
    """Codes; empty: whoever (only on the platform's route)."""
    purposes: frozenset[PurposeClass]
    place: str
    minutes: int | None
    """Granted; None: no limit (only on the platform's route)."""
    valid_from: date
    valid_until: date
    version: int = 1
    state: ConsentState = ConsentState.SUBMITTED
    steps: int = 0
    left_minutes: int = 0
    stands: tuple[tuple[date, date], ...] = ()
    """Days, first and last, on which it stood granted and neither suspended nor revoked."""

    def stands_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_until and any(first <= day <= last for first, last in self.stands)


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one use out of scope puts at risk: an estimate until customs assesses."""

    number: str
    """`EX-…`"""
    use: str
    instrument: str
    unit: str
    district: str
    reasons: tuple[Reason, ...]
    first_on: date
    last_on: date
    """Days that the use touched, within the supervision."""
    rate_on: date
    """Day whose rates count: that of the act."""
    state: ExposureState
    steps: int
    recorder: str
    """Who recorded the use."""
    standing: Taxes
    """At risk now."""
    estimates: Mapping[str, Taxes] = field(default_factory=dict)
    """By item: what it added to the tax of the days counted before."""

    @property
    def counts(self) -> bool:
        """Whether its days count as another use: all do but those that customs has cleared."""
        return self.state is not ExposureState.CLEARED


class MoveState(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    MOVED = "moved"
    RETURNED = "returned"
    """Back at the place it came from; supervision in another district is closed."""


@dataclass(frozen=True, slots=True)
class Move:
    """An instrument that is to be used elsewhere."""

    number: str
    """`CM-…`"""
    instrument: str
    unit: str
    place: str
    district: str
    """Of the new place; another one than the goods' means supervision there (异地监管)."""
    planned_on: date
    state: MoveState
    steps: int
    moved_on: date | None = None
    returned_on: date | None = None

    def stands_on(self, day: date) -> bool:
        """Whether the instrument stands at the new place."""
        if self.moved_on is None or day < self.moved_on:
            return False
        return self.returned_on is None or day < self.returned_on


@dataclass(frozen=True, slots=True)
class Supervision:
    """Everything about one instrument that came in without duty."""

    instrument: str
    items: tuple[Item, ...] = ()
    consents: tuple[Consent, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    """In the order in which they were recorded."""
    moves: tuple[Move, ...] = ()
    """In the order in which they were applied for."""

    def supervised_on(self, day: date) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.supervised_on(day))

    @property
    def capacity(self) -> int:
        return max((item.capacity for item in self.items), default=1)

    def places_on(self, day: date) -> frozenset[str]:
        """Where it may be used on a day: where customs last agreed."""
        moved = [move for move in self.moves if move.stands_on(day)]
        if moved:
            return frozenset({max(moved, key=lambda move: move.moved_on or date.min).place})
        return frozenset(item.place for item in self.supervised_on(day))


@dataclass(frozen=True, slots=True)
class ReportLine:
    """How one supervised instrument was used in a year, as the yearly report says."""

    item: str
    instrument: str
    value_fen: int
    place: str
    state: str
    """`supervised`, `expired`, or how the supervision ended, at the end of the year."""
    uses: int
    own_minutes: int
    shared_minutes: int
    """By others, in scope."""
    outside_minutes: int
    """Out of scope, by whomever."""


@dataclass(frozen=True, slots=True)
class Report:
    """The yearly report of a unit on its duty-free goods (减免税货物使用状况报告书)."""

    unit: str
    year: int
    draft: tuple[ReportLine, ...] | None
    """As the records stand now; None in a list of many, where it is not drawn up."""
    versions: int = 0
    filed: tuple[ReportLine, ...] = ()
    """As last filed."""
    filed_on: date | None = None
    """First filing."""

    @property
    def changed(self) -> bool | None:
        """The records are others than what was last filed; None where they are not drawn up."""
        return None if self.draft is None else self.versions > 0 and self.draft != self.filed

    def overdue_on(self, day: date, due_on: date) -> bool:
        """Whether it should have been filed by now."""
        return self.filed_on is None and self.draft != () and day > due_on


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a use was within what customs allows."""

    reasons: tuple[Reason, ...] = ()
    """Empty: in scope."""
    consent: str | None = None
    """The consent it rests on; None where it needs none, or has none."""
    limited: bool = False
    """The consent counts minutes."""

    @property
    def in_scope(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class TimedUse:
    """A use as it was judged, for finding those that overlap."""

    number: str
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Minutes of a consent that the uses of one entry had taken."""

    consent: str
    unit: str
    minutes: int
    limited: bool
