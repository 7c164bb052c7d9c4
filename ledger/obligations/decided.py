"""How an upper slice says that something is owed back: the obligation with its due date, and its row.  (pure)"""

from datetime import date

from ledger.amounts import whole_amount
from ledger.obligations.tables import ObligationTable
from ledger.obligations.values import Obligation
from ledger.registry.store import OperatorDays
from policies.calendar.table import working_days
from policies.kernel.policies import Policies
from policies.obligations.terms import RecoveryTerms, policy_of, recovery_terms


def terms_of(policies: Policies, scheme: str, on: date) -> RecoveryTerms:
    """What holds for the recoveries of a scheme that are decided on a day, as far as known today."""
    return recovery_terms(policy_of(scheme), on, policies.known_on)


def obligation(
    *,
    number: str,
    debtor: str,
    creditor: str,
    subject_kind: str,
    subject: str,
    ground: str,
    decision_number: str,
    citation: str,
    amount_fen: int,
    scheme: str,
    year: int,
    budget_line: str,
    debtor_keeps_books: bool,
    decided_on: date,
    policies: Policies,
    calendar: OperatorDays,
) -> Obligation:
    """What is owed back from today on; whoever writes it has the decision of two people for it.

    The entry of the decision moves the budget to `budget:recovering` and debits `recovery:<number>`; where the debtor
    keeps books, it credits `owed-to-fiscal:<number>` there.

    Args:
        number: the obligation's own, by `command.number("OB", …)`.
        debtor: code of the party that owes.
        creditor: code of the bureau whose money was paid.
        subject_kind: what is recovered, e.g. `voucher.refund`; comes back in events.
        subject: number of what is recovered.
        ground: why, as a word of the deciding slice.
        decision_number: of the decision that was served, or of the paper that stands for it.
        citation: the article it rests on, as `source#article`.
        amount_fen: whole fen.
        scheme: whose budget was spent; its policy says until when it is to be paid.
        year: of that budget.
        budget_line: code of the budget line.
        debtor_keeps_books: whether the debtor has accounts here.
        decided_on: today.
        policies: as the decision has them.
        calendar: the operator's working days.
    """
    terms = terms_of(policies, scheme, decided_on)
    due = terms.due(decided_on, working_days(policies.known_on).with_rows(calendar.days, calendar.published))
    return Obligation(
        number=number,
        debtor=debtor,
        creditor=creditor,
        subject_kind=subject_kind,
        subject=subject,
        ground=ground,
        decision_number=decision_number,
        citation=citation,
        amount_fen=whole_amount(amount_fen),
        decided_on=decided_on,
        due_on=due.date,
        due_provisional=due.provisional,
        scheme=scheme,
        year=year,
        budget_line=budget_line,
        policy=terms.policy,
        debtor_keeps_books=debtor_keeps_books,
    )


def obligation_row(owed: Obligation) -> ObligationTable:
    return ObligationTable(
        number=owed.number,
        debtor=owed.debtor,
        creditor=owed.creditor,
        subject_kind=owed.subject_kind,
        subject=owed.subject,
        ground=owed.ground,
        decision_number=owed.decision_number,
        citation=owed.citation,
        amount_fen=owed.amount_fen,
        decided_on=owed.decided_on,
        due_on=owed.due_on,
        due_provisional=owed.due_provisional,
        scheme=owed.scheme,
        year=owed.year,
        budget_line=owed.budget_line,
        policy=owed.policy,
        debtor_keeps_books=owed.debtor_keeps_books,
    )
