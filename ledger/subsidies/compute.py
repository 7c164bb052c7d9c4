"""Compute a subsidy's awards of a year: every unit with its base, its entitlement and its share, or why it has none.

Nothing is posted. A later run supersedes the whole batch, until finance has approved it.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import is_whole, shown
from ledger.approvals.requests import lapse_rows
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import request_number
from ledger.budgets.ground import Ground
from ledger.budgets.rules import NoBudget, scheme_of, year_of
from ledger.budgets.store import BUDGET_CHANGES, budget_id
from ledger.evaluation.store import EVALUATIONS, PLATFORM
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.entries import Entry
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from ledger.subsidies import rules
from ledger.subsidies.bases import BASES, bases_id
from ledger.subsidies.postings import release_entries
from ledger.subsidies.shares import Kept, Shares, shares
from ledger.subsidies.steps import step_row
from ledger.subsidies.store import BATCHES, YEARS
from ledger.subsidies.tables import SubsidyAwardTable, SubsidyBatchTable, SubsidyExclusionTable
from ledger.subsidies.values import (
    BATCH,
    Award,
    Bases,
    Batch,
    BatchState,
    Year,
    year_id,
)
from policies.kernel.policies import Policies
from policies.subsidies.schemes import Subsidy, serves, subsidy


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
    batch = Batch(
        number=command.number("SB"),
        scheme=command.scheme,
        year=command.year,
        version=year.versions + 1,
        operator=command.tenant,
        evaluation=evaluation.id if evaluation else "",
        evaluation_version=evaluation.published.version if evaluation and evaluation.published else 0,
        pool_fen=pool_fen,
        base_year=bases.year,
        block=bases.block,
        last_seq=bases.last_seq,
        block_hash=bases.block_hash,
        policy=terms.calculator,
        policy_version=found.version,
        synthetic=terms.synthetic,
        reason=_reason(command, before),
        maker=command.actor,
        computed_on=today,
        state=BatchState.COMPUTED,
        awards=_awards(command, terms, found, bases, kept),
        excluded=found.excluded,
    )
    superseded = _superseded(before, batch, state, today, command.actor)
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
        rows=(*kept.rows, *_rows(batch), *superseded[1]),
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


def _awards(command: Command, terms: Subsidy, found: Shares, bases: Bases, kept: Kept) -> tuple[Award, ...]:
    base, share = kept.keep(found.base), kept.keep(found.share)
    return tuple(
        Award(
            number=command.number("AW", line.unit),
            unit=line.unit,
            grade=line.grade,
            base_fen=line.base_fen,
            entitled_fen=line.entitled_fen,
            awarded_fen=line.awarded_fen,
            base_calculation=base[line.unit],
            calculation=share[line.unit],
            bills=records.bills,
            billed_fen=records.billed_fen,
            excluded_fen=sum(rate.left_out_fen(platform_only=terms.needs_membership) for rate in records.rates),
            uses=records.uses,
            minutes=records.minutes,
        )
        for line in found.lines
        if (records := bases.parties[line.unit])
    )


def _superseded(
    before: Batch | None, batch: Batch, state: State, today: date, person: str
) -> tuple[tuple[Entry, ...], tuple[EventRow, ...]]:
    """What takes the version before out of the way: its commitment goes back, nobody is asked for it any more."""
    if before is None:
        return (), ()
    words = f"{batch.number}: {batch.reason}"
    request = state.find(APPROVALS, request_number(BATCH, before.number))
    return (
        release_entries(before, Ground(today, memo=words)) if before.parts else (),
        (
            step_row(before, BatchState.SUPERSEDED, today, person, words),
            *(lapse_rows(request, words) if request else ()),
        ),
    )


def _rows(batch: Batch) -> tuple[EventRow, ...]:
    head = SubsidyBatchTable(
        number=batch.number,
        scheme=batch.scheme,
        year=batch.year,
        version=batch.version,
        operator=batch.operator,
        evaluation=batch.evaluation,
        evaluation_version=batch.evaluation_version,
        pool_fen=batch.pool_fen,
        base_year=batch.base_year,
        block=batch.block,
        last_seq=batch.last_seq,
        block_hash=batch.block_hash,
        policy=batch.policy,
        policy_version=batch.policy_version,
        synthetic=batch.synthetic,
        reason=batch.reason,
        maker=batch.maker,
        computed_on=batch.computed_on,
    )
    awards = (
        SubsidyAwardTable(
            number=award.number,
            batch=batch.number,
            unit=award.unit,
            grade=award.grade,
            base_fen=award.base_fen,
            entitled_fen=award.entitled_fen,
            awarded_fen=award.awarded_fen,
            base_calculation=award.base_calculation,
            calculation=award.calculation,
            bills=award.bills,
            billed_fen=award.billed_fen,
            excluded_fen=award.excluded_fen,
            uses=award.uses,
            minutes=award.minutes,
        )
        for award in batch.awards
    )
    excluded = (
        SubsidyExclusionTable(
            batch=batch.number, unit=one.unit, why=one.why.value, detail=one.detail, base_fen=one.base_fen
        )
        for one in batch.excluded
    )
    return (head, *awards, *excluded)


USE_CASE = UseCase(ComputeSubsidy, reads, decide)
