"""What another policy, or another budget, would have given for a year: who gains, who loses, and by how much.

Both sides are computed over the same records, grades and memberships, as the books hold them at one block: what differs
between them is the rules' and the pool's doing, and nothing else. What the batch awarded stands beside; where it is not
what its own rules give today, the records have changed since. Nothing is posted, and no award changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.errors import NotFound, Refused
from ledger.evaluation.store import EVALUATIONS, PLATFORM
from ledger.evaluation.values import Evaluation, Grade, Member
from ledger.executor.reading import Reader
from ledger.registry.store import PARTIES
from ledger.registry.values import Party
from ledger.subsidies import rules
from ledger.subsidies.bases import BASES, bases_id
from ledger.subsidies.shares import Line, Shares, shares
from ledger.subsidies.store import BATCHES, YEARS
from ledger.subsidies.values import Bases, Batch, awarded_by, year_id
from policies.subsidies.schemes import Subsidy, subsidy


class NothingToCompare(Refused):
    zh = "{year} 年“{scheme}”没有补贴批次，无从比较。请先计算该年度的补贴。"
    en = "There is no batch of {scheme} for {year} to compare with. Compute that year's subsidy first."


class NothingWouldChange(Refused):
    zh = "{year} 年“{scheme}”：规则、总额和等次都与批次 {batch} 相同，没有可以测算的变化。"
    en = "Rules, pool and grades are those of batch {batch} of {scheme} for {year}: there is no change to look at."


class OthersServed(Refused):
    zh = "“{under}”补助的对象与“{scheme}”不同，两者不能比较。"
    en = "{under} supports others than {scheme} does: one cannot be compared with the other."


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Another policy or another budget for the subsidy of a year."""

    under: str = ""
    """Another subsidy; empty: the same."""
    on: date | None = None
    """Whose rules in force; None: those by which the batch, or its last top-up, was shared out. May lie ahead."""
    pool_fen: int | None = None
    """What would be shared out; None: as much as was."""
    evaluation: str = ""
    """Whose grades would count; empty: those of the batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Rules and pool, and what they give. Amounts are whole fen."""

    scheme: str
    on: date
    """Day whose rules in force."""
    policy: str
    policy_version: str
    synthetic: bool
    base_year: int
    evaluation: str
    evaluation_version: int
    pool_fen: int
    entitled_fen: int
    awarded_fen: int
    units: int

    @property
    def over_fen(self) -> int:
        """What the pool is too small by: of subsidies that share none out."""
        return max(self.awarded_fen - self.pool_fen, 0)


class Change(StrEnum):
    """By how much a unit would gain or lose."""

    LEFT_OUT = "left-out"
    HALF_LESS = "less-by-half-or-more"
    TENTH_LESS = "less-by-a-tenth-or-more"
    LESS = "less"
    SAME = "same"
    MORE = "more"
    TENTH_MORE = "more-by-a-tenth-or-more"
    HALF_MORE = "more-by-half-or-more"
    TAKEN_IN = "taken-in"


CHANGE_ZH = {
    Change.LEFT_OUT: "不再列入",
    Change.HALF_LESS: "减少五成以上",
    Change.TENTH_LESS: "减少一至五成",
    Change.LESS: "减少不足一成",
    Change.SAME: "不变",
    Change.MORE: "增加不足一成",
    Change.TENTH_MORE: "增加一至五成",
    Change.HALF_MORE: "增加五成以上",
    Change.TAKEN_IN: "新列入",
}


@dataclass(frozen=True, slots=True)
class ImpactLine:
    """One unit under both. None: it is left out."""

    unit: str
    grade: str
    """As it would count; empty where it counts nowhere."""
    awarded_fen: int | None
    """In the batch, with what was added to it."""
    before_fen: int | None
    """Under the rules that stand, over the records of today."""
    after_fen: int | None

    @property
    def difference_fen(self) -> int:
        return (self.after_fen or 0) - (self.before_fen or 0)

    @property
    def change(self) -> Change:
        if self.after_fen is None:
            return Change.SAME if self.before_fen is None else Change.LEFT_OUT
        if self.before_fen is None:
            return Change.TAKEN_IN
        fen = self.difference_fen
        if fen == 0:
            return Change.SAME
        half, tenth = abs(fen) * 2 >= self.before_fen, abs(fen) * 10 >= self.before_fen
        if fen < 0:
            return Change.HALF_LESS if half else Change.TENTH_LESS if tenth else Change.LESS
        return Change.HALF_MORE if half else Change.TENTH_MORE if tenth else Change.MORE


@dataclass(frozen=True, slots=True)
class Total:
    """Several units together."""

    name: str
    """A grade, or a `Change`."""
    units: int
    before_fen: int
    after_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """A year under its own rules and under others."""

    scheme: str
    year: int
    batch: str
    block: int
    last_seq: int
    block_hash: str
    before: Side
    after: Side
    lines: tuple[ImpactLine, ...]
    """By unit; units that are left out of both and of the batch are not listed."""

    @property
    def gaining(self) -> int:
        return sum(line.difference_fen > 0 for line in self.lines)

    @property
    def losing(self) -> int:
        return sum(line.difference_fen < 0 for line in self.lines)

    @property
    def gain_fen(self) -> int:
        """What those that gain would gain."""
        return sum(max(line.difference_fen, 0) for line in self.lines)

    @property
    def loss_fen(self) -> int:
        """What those that lose would lose; not negative."""
        return sum(max(-line.difference_fen, 0) for line in self.lines)

    @property
    def corrected(self) -> tuple[str, ...]:
        """Units that their own rules would give something else today: their records, or others', have changed since."""
        return tuple(line.unit for line in self.lines if line.awarded_fen != line.before_fen)

    def by_grade(self) -> tuple[Total, ...]:
        """Best first; units that count under no grade last."""
        return _totals([*map(str, Grade), ""], ((line.grade, line) for line in self.lines))

    def by_change(self) -> tuple[Total, ...]:
        """From those that lose all to those that come in."""
        return _totals(map(str, Change), ((line.change, line) for line in self.lines))


def _totals(names: Iterable[str], lines: Iterable[tuple[str, ImpactLine]]) -> tuple[Total, ...]:
    of: dict[str, list[ImpactLine]] = {name: [] for name in names}
    for name, line in lines:
        of[name].append(line)
    return tuple(
        Total(name, len(group), sum(x.before_fen or 0 for x in group), sum(x.after_fen or 0 for x in group))
        for name, group in of.items()
        if group
    )


class ChangeState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """Another policy or another budget, proposed with what it would have done to a year."""

    number: str
    """`PC-…`"""
    operator: str
    document_number: str
    """Of the paper that changes the policy."""
    reason: str
    maker: str
    proposed_on: date
    impact: Impact
    state: ChangeState


@dataclass(frozen=True, slots=True)
class Computed:
    """An impact with the calculations of both sides."""

    impact: Impact
    before: Shares
    after: Shares


@dataclass(frozen=True, slots=True)
class Records:
    """What both sides are computed over."""

    bases: Mapping[int, Bases]
    """By year."""
    members: Mapping[str, Member]
    evaluations: Mapping[str, Evaluation]
    operator: Party
    """The bureau that pays."""
    topped_up: tuple[Batch, ...] = ()
    """What decisions have added to the batch, the first first."""


def impact(batch: Batch, question: Question, records: Records, today: date) -> Computed:
    """The year of a batch under its own rules and under those of the question.

    Raises:
        NothingWouldChange: the question is the batch.
        OthersServed: the question's subsidy is to users and the batch's to units, or the other way round.
        KeyError: a round of the question is not among the records.
        EvaluationNeeded, EvaluationOfAnotherYear, EvaluationNotPublished: of the grades that would count.
        NobodyEligible: one of the two leaves everybody out.
        RuleNotYetInForce: the day is before the subsidy's first rule.
    """
    stands = (batch, *records.topped_up)
    last = stands[-1]
    own = _Side(subsidy(batch.scheme, last.rules_on, last.known_on), last.pool_fen, last.evaluation, last.rules_on)
    on = question.on or last.rules_on
    # Of the pool or the grades alone: by the rules that stand, as they were known then.
    known_on = max(today, on) if question.under or question.on else last.known_on
    terms = subsidy(question.under or batch.scheme, on, known_on)
    if terms.serves is not batch.serves:
        raise OthersServed(under=terms.name, scheme=batch.scheme)
    graded = terms.needs_grade or terms.name == batch.scheme
    other = _Side(
        terms,
        last.pool_fen if question.pool_fen is None else question.pool_fen,
        question.evaluation or (last.evaluation if graded else ""),
        on,
    )
    if (other.terms, other.pool_fen, other.evaluation) == (own.terms, own.pool_fen, own.evaluation):
        raise NothingWouldChange(scheme=batch.scheme, year=batch.year, batch=batch.number)
    before, after = (one.computed(batch.year, records) for one in (own, other))
    at = records.bases[batch.year - other.terms.base_years_back]
    return Computed(
        Impact(
            scheme=batch.scheme,
            year=batch.year,
            batch=batch.number,
            block=at.block,
            last_seq=at.last_seq,
            block_hash=at.block_hash,
            before=own.told(batch.year, records, before),
            after=other.told(batch.year, records, after),
            lines=_lines(awarded_by(stands), before, after),
        ),
        before,
        after,
    )


@dataclass(frozen=True, slots=True)
class _Side:
    terms: Subsidy
    pool_fen: int
    evaluation: str
    on: date

    def _grades(self, records: Records) -> Evaluation | None:
        return records.evaluations[self.evaluation] if self.evaluation else None

    def computed(self, year: int, records: Records) -> Shares:
        evaluation = self._grades(records)
        rules.check_evaluation(self.terms, evaluation, year)
        bases = records.bases[year - self.terms.base_years_back]
        home = rules.home_of(self.terms, records.operator, year)
        return shares(self.terms, bases, records.members, evaluation, self.pool_fen, home)

    def told(self, year: int, records: Records, found: Shares) -> Side:
        evaluation = self._grades(records)
        return Side(
            scheme=self.terms.name,
            on=self.on,
            policy=self.terms.calculator,
            policy_version=found.version,
            synthetic=self.terms.synthetic,
            base_year=year - self.terms.base_years_back,
            evaluation=evaluation.id if evaluation else "",
            evaluation_version=evaluation.published.version if evaluation and evaluation.published else 0,
            pool_fen=self.pool_fen,
            entitled_fen=sum(line.entitled_fen for line in found.lines),
            awarded_fen=sum(line.awarded_fen for line in found.lines),
            units=len(found.lines),
        )


def _lines(awarded: Mapping[str, int], before: Shares, after: Shares) -> tuple[ImpactLine, ...]:
    old, new = ({line.unit: line for line in side.lines} for side in (before, after))
    return tuple(
        ImpactLine(
            unit, _grade(new.get(unit), old.get(unit)), awarded.get(unit), _fen(old.get(unit)), _fen(new.get(unit))
        )
        for unit in sorted(awarded.keys() | old.keys() | new.keys())
    )


def _grade(*lines: Line | None) -> str:
    return next((line.grade for line in lines if line and line.grade), "")


def _fen(line: Line | None) -> int | None:
    return line.awarded_fen if line else None


def impact_run(reader: Reader, scheme: str, year: int, question: Question, today: date) -> Impact:
    """Over what the reader sees: one that may see everything.

    Raises:
        NothingToCompare: the year has no batch.
    """
    id_ = year_id(scheme, year)
    found = YEARS.load(reader, [id_])[id_]
    if found.live is None:
        raise NothingToCompare(scheme=scheme, year=year)
    batches = BATCHES.load(reader, [found.live, *found.topped_up])
    batch, topped_up = batches[found.live], tuple(batches[number] for number in found.topped_up)
    years = {year - back: bases_id(year - back, batch.serves) for back in (0, 1)}
    bases = BASES.load(reader, years.values())
    rounds = {question.evaluation, *(one.evaluation for one in batches.values())} - {""}
    evaluations = EVALUATIONS.load(reader, rounds)
    for unknown in rounds - evaluations.keys():
        raise NotFound("评价考核/evaluation", unknown)
    records = Records(
        {one: bases[id_] for one, id_ in years.items()},
        PLATFORM.load(reader, ["book"])["book"],
        evaluations,
        PARTIES.load(reader, [batch.operator])[batch.operator],
        topped_up,
    )
    return impact(batch, question, records, today).impact
