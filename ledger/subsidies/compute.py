"""Compute a subsidy's awards of a year: every unit with its base, its entitlement and its share, or why it has none.

Nothing is posted. A later run supersedes the whole batch, until finance has approved it.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import is_whole, shown
from ledger.budgets.rules import NoBudget, scheme_of, year_of
from ledger.budgets.store import BUDGET_CHANGES, budget_id
from ledger.evaluation.store import EVALUATIONS, PLATFORM
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from ledger.subsidies import rules
from ledger.subsidies.bases import BASES, bases_id
from ledger.subsidies.shares import Kept, shares
from ledger.subsidies.store import BATCHES, YEARS
from ledger.subsidies.values import (
    Batch,
    BatchState,
    Year,
    year_id,
)
from ledger.subsidies.versions import awards_of, batch_rows, new_batch, supersede
from policies.kernel.policies import Policies
from policies.subsidies.schemes import serves, subsidy


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeSubsidy(Command):
    """By an operator of the commission that runs the subsidy."""

    kind: ClassVar[str] = "subsidy.compute"

    scheme: str
    """Such as `beijing-september`."""
    year: int
    """Of the budget that pays."""
    evaluation: str = ""
    """The round whose grades count; where the subsidy needs none, empty."""
    pool_fen: int | None = None
    """What is shared out; None: all that the budget has available."""
    reason: str = ""
    """Why it is computed anew, where a version stands."""


def reads(command: ComputeSubsidy) -> Keys:
    id_ = budget_id(scheme_of(command.scheme), year_of(command.year))
    if command.pool_fen is not None and (not is_whole(command.pool_fen) or command.pool_fen < 0):
        raise rules.AmountsUnreadable(value=shown(command.pool_fen))
    # How many years back the base lies is the policy's to say: both years that any subsidy may ask for are read.
    whose = serves(command.scheme)
    bases = BASES.keys(bases_id(command.year, whose), bases_id(command.year - 1, whose))
    evaluation = EVALUATIONS.keys(command.evaluation) if command.evaluation else frozenset()
    return readable(
        command,
        YEARS.keys(year_id(command.scheme, command.year))
        | BUDGET_CHANGES.keys(id_)
        | bases
        | evaluation
        | PLATFORM.keys("book")
        | PARTIES.keys(command.tenant)
        | PEOPLE.keys(command.actor),
    )


def decide(command: ComputeSubsidy, state: State, policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR, command.tenant)
    if command.year not in {today.year, today.year - 1}:
        raise rules.SubsidyYearNotCurrent(year=command.year, today=today)
    terms = subsidy(command.scheme, today, policies.known_on)
    evaluation = state.one(EVALUATIONS, command.evaluation) if command.evaluation else None
    rules.check_evaluation(terms, evaluation, command.year)
    before = _standing(command, state)
    pool_fen = _pool(command, state, before)
    bases = state.one(BASES, bases_id(command.year - terms.base_years_back, terms.serves))
    home = rules.home_of(terms, state.one(PARTIES, command.tenant), command.year)

    found, kept = shares(terms, bases, state.one(PLATFORM, "book"), evaluation, pool_fen, home), Kept(command)
    year = state.one(YEARS, year_id(command.scheme, command.year))
    batch = new_batch(
        command,
        terms,
        command.year,
        year.versions + 1,
        bases,
        found,
        evaluation,
        pool_fen,
        today,
        reason=_reason(command, before),
        awards=awards_of(command, terms, found, bases, kept),
    )
    superseded = supersede(before, batch, state, today, command.actor)
    return Effects(
        {
            "batch": batch.number,
            "version": batch.version,
            "units": len(batch.awards),
            "excluded": len(batch.excluded),
            "pool_fen": pool_fen,
            "entitled_fen": batch.entitled_fen,
            "awarded_fen": batch.awarded_fen,
            "synthetic": batch.synthetic,
            "supersedes": before.number if before else None,
        },
        entries=superseded[0],
        rows=(*kept.rows, *batch_rows(batch), *superseded[1]),
    )


def _standing(command: ComputeSubsidy, state: State) -> Batch | None:
    """The version that stands, which this one will supersede."""
    year: Year = state.one(YEARS, year_id(command.scheme, command.year))
    if year.live is None:
        return None
    batch = state.one(BATCHES, year.live)
    rules.check_operator(batch, command.tenant)
    if batch.state in {BatchState.APPROVED, BatchState.PAID}:
        said = rules.STATE_WORDS[batch.state]
        raise rules.ApprovedAlready(
            scheme=batch.scheme, year=batch.year, batch=batch.number, state_zh=said.zh, state_en=said.en
        )
    return batch


def _reason(command: ComputeSubsidy, before: Batch | None) -> str:
    if before is None and not command.reason.strip():
        return ""
    if not command.reason.strip() and before is not None:
        raise rules.VersionReasonMissing(
            scheme=before.scheme, year=before.year, batch=before.number, version=before.version
        )
    return checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)


def _pool(command: ComputeSubsidy, state: State, before: Batch | None) -> int:
    """What is shared out: at most what is available, with what the version before has committed."""
    budget = state.find(BUDGET_CHANGES, budget_id(command.scheme, command.year))
    if budget is None:
        raise NoBudget(scheme=command.scheme, year=command.year)
    committed = sum(before.by_charge().values()) if before and before.state is BatchState.PUBLICISED else 0
    available_fen = budget.available_fen + committed
    pool_fen = available_fen if command.pool_fen is None else command.pool_fen
    rules.check_pool(command.scheme, command.year, pool_fen, available_fen)
    return pool_fen


USE_CASE = UseCase(ComputeSubsidy, reads, decide)
