"""The rules of one subsidy on one day, typed, for whoever runs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from policies.calculators import Calculation, calculate
from policies.kernel.derivation import Cite
from policies.kernel.loading import read_policy
from policies.kernel.parameters import DAY, Rules
from policies.kernel.refusals import UnknownPolicy
from policies.kernel.words import Words
from policies.vouchers.schemes import AcrossYearEnd


class Serves(StrEnum):
    """Whose subsidy it is."""

    UNITS = "units"
    """Those that open their instruments, for what they earned."""
    USERS = "users"
    """The firms that used them, for what they spent."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """Which calculators and which files run a subsidy."""

    calculator: str
    rules: str
    """The file with its rates and caps, and with its name."""
    base: str
    operation: str
    pooled: bool = False
    """The calculator shares a pool among all units; else it is asked for each of them."""
    serves: Serves = Serves.UNITS
    income_fact: str = ""
    result: str = ""
    asks_high_tech: bool = False
    more_facts: Mapping[str, object] = field(default_factory=dict)


_LEFT_OUT = {"excluded_fen": 0}
"""What does not count stands outside the base already."""
_QINGDAO_DISTRICT = _Terms(
    "subsidies/qingdao-2015-firm",
    "subsidies/qingdao-2015",
    "subsidies/qingdao-2015-firm-base",
    "subsidies/qingdao-2015-firm-operation",
    serves=Serves.USERS,
    income_fact="fees_fen",
    result="district_fen",
    asks_high_tech=True,
)

_SUBSIDIES = {
    "beijing-september": _Terms(
        "subsidies/beijing-september",
        "subsidies/beijing-september",
        "subsidies/beijing-september-base",
        "subsidies/beijing-september-operation",
        pooled=True,
    ),
    "qingdao-2015-unit": _Terms(
        "subsidies/qingdao-2015-unit",
        "subsidies/qingdao-2015",
        "subsidies/qingdao-2015-base",
        "subsidies/qingdao-2015-operation",
        income_fact="fees_fen",
        result="unit_fen",
    ),
    "anhui-2022-unit": _Terms(
        "subsidies/anhui-2022-unit",
        "subsidies/anhui-2022",
        "subsidies/anhui-2022-base",
        "subsidies/anhui-2022-operation",
        income_fact="income_fen",
        result="unit_fen",
        more_facts=_LEFT_OUT,
    ),
    "anhui-2022-user": _Terms(
        "subsidies/anhui-2022-user",
        "subsidies/anhui-2022",
        "subsidies/anhui-2022-user-base",
        "subsidies/anhui-2022-user-operation",
        serves=Serves.USERS,
        income_fact="spend_fen",
        result="user_fen",
        more_facts=_LEFT_OUT,
    ),
    "qingdao-2015-firm-district": _QINGDAO_DISTRICT,
    "qingdao-2015-firm-city": replace(_QINGDAO_DISTRICT, result="city_match_max_fen"),
}
SUBSIDIES = tuple(_SUBSIDIES)
"""Programmes that pay units for how they opened their instruments, and firms for what they used of them."""


def serves(name: str) -> Serves:
    """Whose subsidy one of `SUBSIDIES` is; of any other name, the units'."""
    return _SUBSIDIES[name].serves if name in _SUBSIDIES else Serves.UNITS


def result_of(name: str) -> str | None:
    """The result of its calculation that one of them gets; None: all of them stand in one calculation."""
    return _SUBSIDIES[name].result or None


@dataclass(frozen=True, slots=True)
class Claimant:
    """A unit or a user, with what its subsidy is computed from."""

    code: str
    income_fen: int
    """Of a user: what it spent."""
    grade: str = ""
    """Where the subsidy needs one."""
    high_tech: bool = False
    """A certified high-tech enterprise."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a unit or a user is entitled to and what of it the pool pays; in fen."""

    code: str
    entitled_fen: int
    awarded_fen: int


@dataclass(frozen=True, slots=True)
class Shared:
    """The shares of all units with the calculations behind them: one of a pool, or one of each unit."""

    shares: tuple[Share, ...]
    """By code."""
    calculations: Mapping[str, Calculation]
    """By unit; of a pool the one that all share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsidy:
    """A subsidy's rules in force on a day."""

    name: str
    title: Words
    on: date
    known_on: date
    synthetic: bool
    """Its formula, or how it is run, is invented."""
    calculator: str
    serves: Serves
    pooled: bool
    base_years_back: int
    needs_grade: bool
    needs_membership: bool
    """A unit, to have its subsidy; of a subsidy to users, the unit that billed them."""
    supported_users: str
    """Kind of party, such as `firm`; empty of subsidies to units."""
    needs_place: bool
    """Only firms that papers show to be in the bureau's region."""
    publicity_working_days: int
    across_year_end: AcrossYearEnd
    unit_budget_income: str
    """Budgetary account in which a unit takes it in: `6101` or `6601`; empty of subsidies to users."""
    pay_by_month: int | None
    """Month of the year by whose end it is paid; None where no rule says."""
    claw_back_grounds: tuple[str, ...]
    approval_bands: tuple[tuple[int, int], ...]
    """From a total in fen on, how many officers of finance sign; lowest first."""
    cites: Mapping[str, Cite]

    def due_on(self, year: int) -> date | None:
        """Last day on which the subsidy of a year is paid in time."""
        month = self.pay_by_month
        return None if month is None else date(year + month // 12, month % 12 + 1, 1) - DAY

    def officers(self, total_fen: int) -> int:
        """Of finance, who sign a batch of this total: two at least."""
        return max([2, *(officers for from_fen, officers in self.approval_bands if from_fen <= total_fen)])

    def base(self, rates: Sequence[Mapping[str, object]]) -> Calculation:
        """`base_fen` of one unit, from its bills by rate of tax."""
        return calculate(_SUBSIDIES[self.name].base, {"rates": list(rates)}, on=self.on, known_on=self.known_on)

    def shared(self, claimants: Sequence[Claimant], budget_fen: int) -> Shared:
        """What each unit gets.

        Raises:
            Refused: a grade that no row of the policy matches.
        """
        ordered = sorted(claimants, key=lambda one: one.code)
        return self._pooled(ordered, budget_fen) if self.pooled else self._each(ordered)

    def _pooled(self, claimants: Sequence[Claimant], budget_fen: int) -> Shared:
        units = [{"code": one.code, "grade": one.grade, "income_fen": one.income_fen} for one in claimants]
        found = calculate(
            self.calculator, {"budget_fen": budget_fen, "units": units}, on=self.on, known_on=self.known_on
        )
        rows = found.table("units")
        shares = tuple(Share(str(r["code"]), int(r["entitled_fen"]), int(r["awarded_fen"])) for r in rows)
        return Shared(shares, dict.fromkeys((share.code for share in shares), found))

    def _each(self, claimants: Sequence[Claimant]) -> Shared:
        terms = _SUBSIDIES[self.name]
        found = {
            one.code: calculate(
                self.calculator,
                {
                    terms.income_fact: one.income_fen,
                    **terms.more_facts,
                    **({"high_tech": one.high_tech} if terms.asks_high_tech else {}),
                },
                on=self.on,
                known_on=self.known_on,
            )
            for one in claimants
        }
        amounts = {code: calculation.whole(terms.result) for code, calculation in found.items()}
        return Shared(tuple(Share(code, fen, fen) for code, fen in amounts.items()), found)


def subsidy(name: str, on: date, known_on: date) -> Subsidy:
    """The rules of one of `SUBSIDIES` in force on a day, as known on another.

    Raises:
        UnknownPolicy: there is none of this name.
        RuleNotYetInForce: the day is before its first rule.
    """
    if name not in _SUBSIDIES:
        raise UnknownPolicy(name, sorted(_SUBSIDIES))
    terms = _SUBSIDIES[name]
    operation = Rules(read_policy(terms.operation), on, known_on)
    told = operation.policy.parameters
    return Subsidy(
        name=name,
        title=read_policy(terms.rules).title,
        on=on,
        known_on=known_on,
        synthetic=operation.policy.synthetic,
        calculator=terms.calculator,
        serves=terms.serves,
        pooled=terms.pooled,
        base_years_back=operation.whole("base_years_back"),
        needs_grade=operation.yes("needs_grade"),
        needs_membership=operation.yes("needs_membership"),
        supported_users=operation.word("supported_users") if "supported_users" in told else "",
        needs_place="needs_place" in told and operation.yes("needs_place"),
        publicity_working_days=operation.whole("publicity_working_days"),
        across_year_end=AcrossYearEnd(operation.word("across_year_end")),
        unit_budget_income=operation.word("unit_budget_income") if "unit_budget_income" in told else "",
        pay_by_month=operation.whole("pay_by_month") if "pay_by_month" in told else None,
        claw_back_grounds=tuple(str(row["ground"]) for row in operation.rows("claw_back_grounds")),
        approval_bands=tuple(
            sorted((int(str(row["from"])), int(str(row["officers"]))) for row in operation.rows("approval_bands"))
        ),
        cites=operation.cites(),
    )
