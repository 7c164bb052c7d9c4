"""What came back in the year of its budget may be spent again: for every slice that pays from a budget of ours.

Whoever keeps the budget declares the reaction with its own template; what is looked up and posted is the same.
"""

from collections.abc import Collection, Mapping
from datetime import date

from ledger.approvals.approve import Approve
from ledger.budgets import addresses as budgets
from ledger.budgets.ground import Ground
from ledger.budgets.store import BUDGET_CHANGES, budget_id
from ledger.executor.commands import Aggregate, Effects, Keys, Reaction, State
from ledger.executor.reading import Reader
from ledger.journal.entries import Entry, move
from ledger.journal.templates import Flow
from ledger.obligations.addresses import REINSTATEMENT
from ledger.obligations.addresses import budget as recovery_budget
from ledger.obligations.events import BudgetCameBack
from ledger.obligations.steps import KINDS
from policies.kernel.policies import Policies

FLOWS = (Flow(budgets.AVAILABLE_BUDGET, REINSTATEMENT), Flow(budgets.LAPSED, REINSTATEMENT))
"""Of the template of whoever declares the reaction."""
OF = frozenset({"scheme", "year"})


def load_budgets_of_steps(reader: Reader, steps: Collection[str]) -> Mapping[str, str]:
    """The budget, as `budget_id`, that a step of an obligation gives back to."""
    return {
        step: budget_id(scheme, year)
        for step, scheme, year in reader.rows(
            "SELECT s.number, o.scheme, o.year FROM obligation_step s "
            "JOIN obligation o ON o.book = s.book AND o.number = s.obligation "
            "WHERE s.book = %s AND s.number = ANY(%s)",
            reader.book,
            list(steps),
        )
    }


def follow_budgets_of_steps(reader: Reader, steps: Collection[str]) -> Mapping[str, Keys]:
    return {step: BUDGET_CHANGES.keys(id_) for step, id_ in load_budgets_of_steps(reader, steps).items()}


BUDGETS_OF_STEPS = Aggregate[str](
    "obligation-step-budget",
    load_budgets_of_steps,
    follow_budgets_of_steps,
    what="追回事项/step of an obligation",
    locked=False,
)
"""By step: the budget of its obligation, which is followed."""


def reinstating(template: str, recovered: Collection[str]) -> Reaction[Approve, BudgetCameBack]:
    """The reaction of a slice whose obligations recover these kinds of subjects."""

    def react(event: BudgetCameBack, _command: Approve, state: State, _policies: Policies, _today: date) -> Effects:
        owed = event.obligation
        if owed.subject_kind not in recovered:
            return Effects({})
        budget = state.find(BUDGET_CHANGES, budget_id(owed.scheme, owed.year))
        ended = budget is None or budget.ended_on is not None
        return Effects(
            {"reinstated_fen": 0 if ended else event.amount_fen},
            entries=(reinstatement_entry(template, event, ended=ended),),
        )

    return Reaction(BudgetCameBack, Approve, _reads, react)


def _reads(command: Approve) -> Keys:
    return BUDGETS_OF_STEPS.keys(command.subject) if command.subject_kind in KINDS else frozenset()


def reinstatement_entry(template: str, back: BudgetCameBack, *, ended: bool) -> Entry:
    """What came back in the year of its budget may be spent again; it lapses where that year was ended meanwhile.

    debit   budget:available:s:y        a      credit  budget:reinstatement:s:y    a
    debit   budget:lapsed:s:y           a      credit  budget:reinstatement:s:y    a      (the year was ended)
    """
    owed = back.obligation
    bucket = budgets.LAPSED if ended else budgets.AVAILABLE_BUDGET
    return Ground(back.on, owed.citation, backdating=back.backdating, memo=back.memo).entry(
        template,
        move(
            back.amount_fen,
            debit=budgets.budget(bucket, scheme=owed.scheme, year=owed.year, operator=owed.creditor),
            credit=recovery_budget(REINSTATEMENT, scheme=owed.scheme, year=owed.year, creditor=owed.creditor),
            budget_line=owed.budget_line,
        ),
    )
