"""What a computed batch comes to, be it a year's awards or what a decision adds to them: lines and rows."""

from datetime import date

from ledger.approvals.requests import lapse_rows
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import request_number
from ledger.budgets.ground import Ground
from ledger.evaluation.values import Evaluation
from ledger.executor.commands import Command, State
from ledger.journal.entries import Entry
from ledger.journal.tables import EventRow
from ledger.subsidies.postings import release_entries
from ledger.subsidies.shares import Kept, Shares
from ledger.subsidies.steps import step_row
from ledger.subsidies.tables import (
    SubsidyAwardTable,
    SubsidyBatchTable,
    SubsidyExclusionTable,
    SubsidyTopUpAwardTable,
    SubsidyTopUpTable,
)
from ledger.subsidies.values import BATCH, Award, Bases, Batch, BatchState, TopUp
from policies.subsidies.schemes import Subsidy


def new_batch(
    command: Command,
    terms: Subsidy,
    subsidy_year: int,
    version: int,
    bases: Bases,
    found: Shares,
    evaluation: Evaluation | None,
    pool_fen: int,
    today: date,
    *,
    reason: str,
    awards: tuple[Award, ...],
    top_up: TopUp | None = None,
) -> Batch:
    """A batch that is computed now; `top_up` makes it one that adds to another."""
    return Batch(
        number=command.number("SB"),
        scheme=terms.name,
        year=subsidy_year,
        version=version,
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
        maker=command.actor,
        computed_on=today,
        state=BatchState.COMPUTED,
        reason=reason,
        awards=awards,
        excluded=found.excluded,
        top_up=top_up,
    )


def awards_of(command: Command, terms: Subsidy, found: Shares, bases: Bases, kept: Kept) -> tuple[Award, ...]:
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


def supersede(
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


def batch_rows(batch: Batch) -> tuple[EventRow, ...]:
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
    return (head, *awards, *excluded, *_top_up_rows(batch))


def _top_up_rows(batch: Batch) -> tuple[EventRow, ...]:
    if batch.top_up is None:
        return ()
    added = SubsidyTopUpTable(
        batch=batch.number,
        tops_up=batch.top_up.batch,
        decision_number=batch.top_up.decision_number,
        change=batch.top_up.change,
        budget_year=batch.top_up.budget_year,
        rules_on=batch.top_up.rules_on,
        known_on=batch.top_up.known_on,
    )
    return (
        added,
        *(
            SubsidyTopUpAwardTable(
                award=award.number,
                due_fen=award.due.due_fen,
                had_fen=award.due.had_fen,
                calculation=award.due.calculation,
            )
            for award in batch.awards
            if award.due
        ),
    )
