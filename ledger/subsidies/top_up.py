"""Top up a subsidy that finance has approved: what its units should have had more, by a decision of its own.

What is due is computed over the records and grades of today, by the rules of the batch, or by those of a signed change
of policy; what was awarded before is taken off, and what is missing goes the whole road of a batch: review, public
notice, two officers of finance, payment. Nothing is taken back here: whoever has had too much is listed with the
amount, and owes it by a ruling only. What a ruling has taken back is not given back: it counts as awarded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.amounts import is_whole, shown, yuan
from ledger.budgets.rules import NoBudget, scheme_of, year_of
from ledger.budgets.store import BUDGET_CHANGES, budget_id
from ledger.errors import Invalid, Refused
from ledger.evaluation.store import EVALUATIONS, PLATFORM
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from ledger.subsidies import rules
from ledger.subsidies.bases import BASES, bases_id
from ledger.subsidies.impact import ChangeState
from ledger.subsidies.policy_change_store import GRADES_OF_YEARS, POLICY_CHANGES
from ledger.subsidies.shares import Kept, Line, Shares, shares
from ledger.subsidies.store import BATCHES, YEARS
from ledger.subsidies.values import Award, Batch, BatchState, Due, Excluded, Exclusion, TopUp, Year, awarded_by, year_id
from ledger.subsidies.versions import awards_of, batch_rows, new_batch, supersede
from policies.calculators import Calculation
from policies.kernel.policies import Policies
from policies.kernel.words import Words
from policies.subsidies.schemes import Subsidy, serves, subsidy
from policies.subsidies.top_up import TOP_UP


class NothingToTopUp(Refused):
    zh = "{year} 年“{scheme}”没有补贴批次，无从补发。请先计算该年度的补贴。"
    en = "There is no batch of {scheme} for {year} to top up. Compute that year's subsidy first."


class NobodyMissesAnything(Refused):
    zh = "{year} 年“{scheme}”：按现在的记录、等次、规则和 {pool} 元的总额，没有单位应当补发。"
    en = "Of {scheme} for {year}, nobody is due more by today's records, grades and rules out of a pool of {pool} yuan."


class TopUpTooLarge(Refused):
    zh = "应补发 {needed} 元，而“{scheme}”{year} 年度可用的预算只有 {available} 元。请先追加指标。"
    en = "{needed} yuan are to be added, and the budget of {scheme} for {year} has {available}. Appropriate more first."


class BudgetYearNotCurrent(Refused):
    zh = "今天是 {today}，{year} 年的补贴不能由 {budget_year} 年度的预算补发。请用本年度或未结转的上年度预算。"
    en = (
        "Today is {today}: the subsidy of {year} is not topped up from the budget of {budget_year}. Use the budget of "
        "this year, or of the last if it has not ended."
    )


class ChangeNotSigned(Refused):
    zh = "政策调整 {change} 尚未经财政批准，不能据以补发。"
    en = "Change of policy {change} has not been signed by finance; nothing is topped up by it."


class ChangeOfAnotherYear(Refused):
    zh = "政策调整 {change} 测算的是批次 {batch}，不是 {year} 年“{scheme}”的 {live}。"
    en = "Change of policy {change} is of batch {batch}, not of {live}, which stands for {scheme} in {year}."


class ChangeOfAnotherSubsidy(Refused):
    zh = "政策调整 {change} 改用“{under}”的规则。“{scheme}”的补发须按其自身的规则计算。"
    en = "Change of policy {change} goes over to the rules of {under}. {scheme} is topped up by rules of its own."


class PoolSaidTwice(Invalid):
    zh = "政策调整 {change} 已定总额，不能另定为 {pool} 元。"
    en = "Change of policy {change} sets the pool; it is not set to {pool} yuan beside it."


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpSubsidy(Command):
    """By an operator of the commission that runs the subsidy. A later one replaces what finance has not approved."""

    kind: ClassVar[str] = "subsidy.top-up"

    scheme: str
    """With the year: what is topped up."""
    year: int
    decision_number: str
    """Of the paper that decides it."""
    reason: str
    budget_year: int
    """Whose budget pays: of this year, or of the last while it has not ended."""
    change: str = ""
    """Number of a signed change of policy; empty: by the rules, the grades and the pool as they stand."""
    pool_fen: int | None = None
    """What is shared out in all, with what was awarded before; None: as much as stands, or as the change says."""


def reads(command: TopUpSubsidy) -> Keys:
    id_ = year_id(scheme_of(command.scheme), year_of(command.year))
    if command.pool_fen is not None:
        if not is_whole(command.pool_fen) or command.pool_fen <= 0:
            raise rules.AmountsUnreadable(value=shown(command.pool_fen))
        if command.change:
            raise PoolSaidTwice(change=command.change, pool=yuan(command.pool_fen))
    whose = serves(command.scheme)
    # What stands and what was added, the rounds whose grades they rest on, and that of the change, are followed.
    return readable(
        command,
        YEARS.keys(id_)
        | BUDGET_CHANGES.keys(budget_id(command.scheme, year_of(command.budget_year)))
        | GRADES_OF_YEARS.keys(id_)
        | BASES.keys(*(bases_id(command.year - back, whose) for back in (0, 1)))
        | (POLICY_CHANGES.keys(command.change) if command.change else frozenset())
        | PLATFORM.keys("book")
        | PARTIES.keys(command.tenant)
        | PEOPLE.keys(command.actor),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """By which rules, grades and pool it is computed what is due."""

    terms: Subsidy
    evaluation: str
    pool_fen: int


def decide(command: TopUpSubsidy, state: State, policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR, command.tenant)
    year: Year = state.one(YEARS, year_id(command.scheme, command.year))
    main = _main(command, year, state)
    if command.budget_year not in {today.year, today.year - 1} or command.budget_year < command.year:
        raise BudgetYearNotCurrent(today=today, year=command.year, budget_year=command.budget_year)
    standing = (main, *state.all(BATCHES, year.topped_up))
    before = state.one(BATCHES, year.open_top_up) if year.open_top_up else None
    asked = _asked(command, standing[-1], state, today)
    evaluation = state.one(EVALUATIONS, asked.evaluation) if asked.evaluation else None
    rules.check_evaluation(asked.terms, evaluation, command.year)
    bases = state.one(BASES, bases_id(command.year - asked.terms.base_years_back, asked.terms.serves))
    home = rules.home_of(asked.terms, state.one(PARTIES, command.tenant), command.year)

    due = shares(asked.terms, bases, state.one(PLATFORM, "book"), evaluation, asked.pool_fen, home)
    # What a ruling has taken back counts as awarded: a top-up does not give it back.
    had, kept = awarded_by(standing), Kept(command)
    added = {line.unit: _top_up(line, had, policies, today) for line in due.lines}
    found = _missing(due, added, had)
    if not found.lines:
        raise NobodyMissesAnything(scheme=command.scheme, year=command.year, pool=yuan(asked.pool_fen))
    batch = new_batch(
        command,
        asked.terms,
        command.year,
        year.versions + 1,
        bases,
        found,
        evaluation,
        asked.pool_fen,
        today,
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        awards=_awards(awards_of(command, asked.terms, found, bases, kept), due, had, added, kept),
        top_up=TopUp(
            batch=main.number,
            decision_number=checked_name(command.decision_number, "决定文号", "number of the decision"),
            change=command.change,
            budget_year=command.budget_year,
            rules_on=asked.terms.on,
            known_on=asked.terms.known_on,
        ),
    )
    _check_budget(command, state, batch, before)
    superseded = supersede(before, batch, state, today, command.actor)
    return Effects(
        {
            "batch": batch.number,
            "version": batch.version,
            "tops_up": main.number,
            "units": len(batch.awards),
            "excluded": len(batch.excluded),
            "pool_fen": batch.pool_fen,
            "due_fen": sum(line.awarded_fen for line in due.lines),
            "awarded_fen": batch.awarded_fen,
            "budget_year": batch.budget_year,
            "synthetic": batch.synthetic,
            "supersedes": before.number if before else None,
        },
        entries=superseded[0],
        rows=(*kept.rows, *batch_rows(batch), *superseded[1]),
    )


def _main(command: TopUpSubsidy, year: Year, state: State) -> Batch:
    """The batch that stands, which finance has approved."""
    if year.live is None:
        raise NothingToTopUp(scheme=command.scheme, year=command.year)
    main = state.one(BATCHES, year.live)
    rules.check_operator(main, command.tenant)
    if main.state not in {BatchState.APPROVED, BatchState.PAID}:
        raise rules.BatchWrongState(main, Words("补发", "topped up"))
    return main


def _asked(command: TopUpSubsidy, last: Batch, state: State, today: date) -> _Asked:
    """What was asked for last holds on, but for the pool that is named; or all is as the signed change says."""
    if not command.change:
        pool_fen = last.pool_fen if command.pool_fen is None else command.pool_fen
        return _Asked(subsidy(command.scheme, last.rules_on, last.known_on), last.evaluation, pool_fen)
    change = state.one(POLICY_CHANGES, command.change)
    main, after = last.top_up.batch if last.top_up else last.number, change.impact.after
    if change.state is not ChangeState.APPROVED:
        raise ChangeNotSigned(change=change.number)
    if change.impact.batch != main:
        raise ChangeOfAnotherYear(
            change=change.number, batch=change.impact.batch, live=main, scheme=command.scheme, year=command.year
        )
    if after.scheme != command.scheme:
        raise ChangeOfAnotherSubsidy(change=change.number, under=after.scheme, scheme=command.scheme)
    return _Asked(subsidy(after.scheme, after.on, max(today, after.on)), after.evaluation, after.pool_fen)


def _top_up(line: Line, had: Mapping[str, int], policies: Policies, today: date) -> Calculation:
    return policies.calculate(TOP_UP, {"due_fen": line.awarded_fen, "had_fen": had.get(line.unit, 0)}, on=today)


def _missing(due: Shares, added: Mapping[str, Calculation], had: Mapping[str, int]) -> Shares:
    """Only who misses something, with what is missing; everybody else is left out with a reason."""
    missing = {unit: calculation.whole("top_up_fen") for unit, calculation in added.items()}
    lines = tuple(replace(line, awarded_fen=missing[line.unit]) for line in due.lines if missing[line.unit])
    nothing_more = (
        Excluded(line.unit, Exclusion.NOTHING_MORE, yuan(too_much) if too_much else "", line.base_fen)
        for line in due.lines
        if not missing[line.unit]
        for too_much in [had.get(line.unit, 0) - line.awarded_fen]
    )
    units = {line.unit for line in lines}
    return Shares(
        lines=lines,
        excluded=tuple(sorted((*due.excluded, *nothing_more), key=lambda one: one.unit)),
        base={unit: calculation for unit, calculation in due.base.items() if unit in units},
        share={unit: calculation for unit, calculation in due.share.items() if unit in units},
    )


def _awards(
    awards: Iterable[Award], due: Shares, had: Mapping[str, int], added: Mapping[str, Calculation], kept: Kept
) -> tuple[Award, ...]:
    """Each with what is due to it and what it was awarded before."""
    found, due_fen = list(awards), {line.unit: line.awarded_fen for line in due.lines}
    calculations = kept.keep({award.unit: added[award.unit] for award in found})
    return tuple(
        replace(award, due=Due(due_fen[award.unit], had.get(award.unit, 0), calculations[award.unit]))
        for award in found
    )


def _check_budget(command: TopUpSubsidy, state: State, batch: Batch, before: Batch | None) -> None:
    """The budget that pays holds all of it, with what the top-up before has committed there."""
    budget = state.find(BUDGET_CHANGES, budget_id(command.scheme, command.budget_year))
    if budget is None or budget.ended_on is not None:
        raise NoBudget(scheme=command.scheme, year=command.budget_year)
    free_again = before and before.state is BatchState.PUBLICISED and before.budget_year == command.budget_year
    available_fen = budget.available_fen + (sum(before.by_charge().values()) if before and free_again else 0)
    if batch.awarded_fen > available_fen:
        raise TopUpTooLarge(
            needed=yuan(batch.awarded_fen),
            scheme=command.scheme,
            year=command.budget_year,
            available=yuan(available_fen),
        )


USE_CASE = UseCase(TopUpSubsidy, reads, decide)
