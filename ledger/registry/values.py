"""Parties, people, instruments and tariffs as decisions see them.  (pure)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SYSTEM = "system"
"""The actor of the very first commands: it may register bureaus, people and API clients, and nothing else."""


class PartyKind(StrEnum):
    FIRM = "firm"
    TEAM = "team"
    """创业团队: not incorporated, attached to a recommending body that receives and settles for it."""
    UNIT = "unit"
    """管理单位: runs instruments, earns fees."""
    BUREAU = "bureau"
    BODY = "body"
    """推荐机构: recommends firms and teams."""


class SizeClass(StrEnum):
    """工信部联企业〔2011〕300号."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Role(StrEnum):
    """What a person does for an organisation."""

    APPLICANT = "applicant"
    """For a firm or a team."""
    UNIT_OFFICER = "unit-officer"
    RECOMMENDER = "recommender"
    """For a recommending body."""
    EXPERT = "expert"
    OPERATOR = "operator"
    """For the commission that runs the scheme."""
    FINANCE = "finance"
    """An officer of a finance bureau; never a firm's or a unit's own bookkeeper."""
    TREASURY = "treasury"
    SUPERVISOR = "supervisor"
    """For a department (主管部门) that evaluates the units it supervises."""
    AUDITOR = "auditor"
    CUSTOMS = "customs"


class ChargeUnit(StrEnum):
    HOUR = "hour"
    SAMPLE = "sample"
    SERVICE = "service"


class UserClass(StrEnum):
    INTERNAL = "internal"
    EXTERNAL = "external"
    SMALL = "small"
    """Small and micro enterprises and startup teams, where a unit prices them apart."""


@dataclass(frozen=True, slots=True)
class PayeeAccount:
    account_name: str
    bank: str
    number: str
    """8 to 32 digits; text, because zeros in front count."""
    cnaps: str
    """12 digits of the bank's branch (联行号)."""
    since: date
    """First day it may be paid to: the end of the cooling-off time where it replaces another."""


@dataclass(frozen=True, slots=True)
class Flag:
    """By a decision, a party gets no new voucher and makes no new reservation for a time."""

    number: str
    """`FL-…`"""
    decision_number: str
    reason: str
    since: date
    until: date | None
    """Last day; None: until it is lifted."""
    operator: str
    """The bureau that decided, and that can lift it."""

    def stands_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class CertificateKind(StrEnum):
    """What a paper proves about a party."""

    HIGH_TECH = "high-tech-enterprise"
    """高新技术企业证书."""
    PLACE = "place-of-business"
    """营业执照或法人证书所载住所: in which region it works."""
    MUTUAL_LIST = "mutual-recognition-list"
    """互认名录: a unit of that region, listed for use with the vouchers of others."""
    MUNICIPAL_UNIVERSITY = "municipal-university"
    """市属高校: a university of the city, by the list of its education commission."""
    OWN_BUDGET = "own-budget"
    """部门预算批复: a unit whose own budget the same finance bureau approves, and pays through."""


@dataclass(frozen=True, slots=True)
class Certificate:
    number: str
    """`CT-…`"""
    kind: CertificateKind
    region: str
    """Six digits (GB/T 2260) where the kind names a place; else empty."""
    paper_number: str
    valid_from: date
    valid_until: date | None
    """Last day; None: until it is withdrawn."""
    withdrawn_on: date | None = None
    """From this day on it proves nothing; what was decided on it before stands."""

    def stands_on(self, day: date) -> bool:
        return (
            self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
            and (self.withdrawn_on is None or day < self.withdrawn_on)
        )


def standing(papers: Sequence[Certificate], kind: CertificateKind, day: date) -> Certificate | None:
    """The certificate of a kind that stands on a day; of several, the oldest first, the latest."""
    return next((one for one in reversed(papers) if one.kind is kind and one.stands_on(day)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organisation or a startup team."""

    code: str
    """Unified social credit code; of a team, its number `T-…`."""
    kind: PartyKind
    name: str
    registered_on: date
    body: str | None = None
    """The recommending body a team is attached to."""
    controller: str | None = None
    """Actual controller (实际控制人) at the end of what was declared: an organisation's code or a person's `P-…`."""
    related: frozenset[str] = frozenset()
    """Parties it declared or that declared it, and those under the same actual controller."""
    size: SizeClass | None = None
    """As last declared; None: never declared."""
    account: PayeeAccount | None = None
    """As last set; before its `since` the one it replaces is paid: ask `account_on`."""
    earlier_accounts: tuple[PayeeAccount, ...] = ()
    """Latest first."""
    flags: tuple[Flag, ...] = ()
    """Those that were not lifted, over or not."""
    certificates: tuple[Certificate, ...] = ()
    """All of them, the oldest first."""
    cancelled: bool = False

    @property
    def controlled_by(self) -> str:
        """What caps per actual controller are counted under: the controller, or the party itself where it has none."""
        return self.controller or self.code

    def flag_on(self, day: date) -> Flag | None:
        """The flag that stands on a day; of several the one that lasts longest."""
        standing = [flag for flag in self.flags if flag.stands_on(day)]
        return max(standing, key=lambda flag: flag.until or date.max) if standing else None

    def certificate_on(self, kind: CertificateKind, day: date) -> Certificate | None:
        """The certificate of a kind that stands on a day; of several the latest."""
        return standing(self.certificates, kind, day)

    def region_on(self, day: date) -> str | None:
        """Region code of its place of business on a day; None: no paper says."""
        place = self.certificate_on(CertificateKind.PLACE, day)
        return place.region if place else None

    def account_on(self, day: date) -> PayeeAccount | None:
        """Where money goes on a day; None: no account whose time has come."""
        accounts = (self.account, *self.earlier_accounts) if self.account else ()
        return next((account for account in accounts if account.since <= day), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A natural person, not a login. The name is personal and stands apart from the books."""

    code: str
    """`P-…`."""
    roles: frozenset[tuple[str, Role]] = frozenset()
    """Organisation and role, its own."""
    agencies: frozenset[tuple[str, Role]] = frozenset()
    """Unit and role that it has because its body acts for the unit (委托代理)."""
    acts_for: frozenset[str] = frozenset()
    """People whose mandate it has: it counts as each of them too."""

    @property
    def counts_as(self) -> frozenset[str]:
        return self.acts_for | {self.code}

    @property
    def posts(self) -> frozenset[tuple[str, Role]]:
        """Organisation and role, its own and those of its body's agencies."""
        return self.roles | self.agencies

    def has(self, role: Role, organisation: str | None = None) -> bool:
        """Whether it has the role in this organisation, or in any when none is named; also as its agent."""
        return any(role == held and organisation in {None, where} for where, held in self.posts)

    def holds(self, role: Role, organisation: str) -> bool:
        """Whether the role is its own: what an agent may not do for its principal asks this."""
        return (organisation, role) in self.roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    code: str
    """`I-…`."""
    unit: str
    name: str
    category: str
    asset_number: str
    """The unit's own."""
    original_value_fen: int
    registered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffLine:
    charge_unit: ChargeUnit
    user_class: UserClass
    price_fen: int
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Prices of one instrument, each from its day until the next of its kind."""

    instrument: str
    lines: tuple[TariffLine, ...] = ()

    def price_fen(self, charge_unit: ChargeUnit, user_class: UserClass, on: date) -> int | None:
        """Price in force on a day; small users pay the external price where they have none of their own."""
        classes = [user_class, UserClass.EXTERNAL] if user_class is UserClass.SMALL else [user_class]
        for wanted in classes:
            dated = {
                line.effective_from: line.price_fen
                for line in self.lines
                if line.charge_unit == charge_unit and line.user_class == wanted and line.effective_from <= on
            }
            if dated:
                return dated[max(dated)]
        return None
