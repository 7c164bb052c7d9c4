"""Budget letters, budgets and budget years as decisions see them. Amounts are whole fen of authority.  (pure)"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from policies.kernel.words import Words


class AppropriationState(StrEnum):
    PROPOSED = "proposed"
    POSTED = "posted"
    REFUSED = "refused"


APPROPRIATION_WORDS = {
    AppropriationState.PROPOSED: Words("待复核", "awaiting the second signature"),
    AppropriationState.POSTED: Words("已入账", "posted"),
    AppropriationState.REFUSED: Words("已驳回", "refused"),
}


class Nature(StrEnum):
    """What a budget letter does."""

    APPROPRIATE = "appropriate"
    """A first letter or a supplement: a budget line of its own."""
    CUT = "cut"


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

    @property
    def lapsed_fen(self) -> int:
        """What nobody has claimed: it is lost when the year ends."""
        return sum(line.available_fen for line in self.lines)

    @property
    def carried_fen(self) -> int:
        return sum(line.carried_fen for line in self.lines)
