"""Review a batch: another officer of the commission passes it. It is publicised, and its total is committed."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.approvals.content import content_hash
from ledger.approvals.requests import request_rows
from ledger.approvals.values import Stage
from ledger.budgets.ground import Ground
from ledger.budgets.rules import NoBudget
from ledger.budgets.store import BUDGET_CHANGES, budget_id
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE, WORKING_DAYS
from ledger.registry.text import readable
from ledger.registry.values import Role
from ledger.subsidies import rules
from ledger.subsidies.content import content
from ledger.subsidies.postings import commitment_entries
from ledger.subsidies.steps import step_row
from ledger.subsidies.store import BATCHES
from ledger.subsidies.tables import SubsidyAwardPartTable
from ledger.subsidies.values import BATCH, BatchState
from policies.calendar.table import working_days
from policies.kernel.policies import Policies
from policies.kernel.words import Words
from policies.subsidies.schemes import subsidy


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSubsidy(Command):
    """By an operator other than the one who computed it. A batch that is not passed is taken back instead."""

    kind: ClassVar[str] = "subsidy.review"

    batch: str


def reads(command: ReviewSubsidy) -> Keys:
    # The subsidy's year and the budget are followed.
    return readable(command, BATCHES.keys(command.batch) | PEOPLE.keys(command.actor) | WORKING_DAYS.keys("book"))


def decide(command: ReviewSubsidy, state: State, policies: Policies, today: date) -> Effects:
    batch = state.one(BATCHES, command.batch)
    reviewer = require_role(state, command.actor, Role.OPERATOR, batch.operator)
    rules.check_state(batch, BatchState.COMPUTED, Words("审核", "reviewed"))
    if batch.maker in reviewer.counts_as:
        raise rules.OwnComputation(batch=batch.number, person=reviewer.code)
    budget = state.find(BUDGET_CHANGES, budget_id(batch.scheme, batch.budget_year))
    if budget is None or budget.ended_on is not None:
        raise NoBudget(scheme=batch.scheme, year=batch.budget_year)
    if batch.awarded_fen:
        rules.check_pool(batch.scheme, batch.budget_year, batch.awarded_fen, budget.available_fen)

    terms = subsidy(batch.scheme, batch.computed_on, policies.known_on)
    days = state.one(WORKING_DAYS, "book")
    calendar = working_days(policies.known_on).with_rows(days.days, days.published)
    notice = calendar.after(today, terms.publicity_working_days)
    passed = replace(batch, parts=rules.spread(batch.awards, budget))
    shown = content(passed, notice.date)
    return Effects(
        {
            "batch": batch.number,
            "state": BatchState.PUBLICISED,
            "awarded_fen": batch.awarded_fen,
            "notice_until": notice.date,
            "notice_provisional": notice.provisional,
            "approval": {"kind": BATCH, "subject": batch.number, "content_hash": content_hash(shown)},
        },
        entries=commitment_entries(passed, Ground(today, memo=batch.number)),
        rows=(
            step_row(batch, BatchState.PUBLICISED, today, command.actor, notice_until=notice.date),
            *(
                SubsidyAwardPartTable(award=part.award, budget_line=part.budget_line, amount_fen=part.amount_fen)
                for part in passed.parts
            ),
            *request_rows(
                BATCH,
                batch.number,
                shown,
                command.actor,
                (Stage(Role.FINANCE, terms.officers(batch.awarded_fen)),),
                concerns={award.unit for award in batch.awards},
            ),
        ),
    )


def content_of(reader: Reader, number: str) -> Json:
    """The content of a batch as it was publicised."""
    batch = BATCHES.load(reader, [number])[number]
    if batch.notice_until is None:
        raise ValueError(f"{number} asks for approval and was never publicised")
    return content(batch, batch.notice_until)


USE_CASE = UseCase(ReviewSubsidy, reads, decide)
