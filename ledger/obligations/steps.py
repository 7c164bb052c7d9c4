"""What all steps of an obligation share: one person proposes, an officer of finance signs exactly what was shown."""

from dataclasses import dataclass
from datetime import date

from ledger.approvals.content import content_hash
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.executor.commands import Effects, Event, State
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.journal.entries import Backdating, Entry
from ledger.journal.tables import EventRow
from ledger.obligations.postings import Ground
from ledger.obligations.store import OBLIGATIONS, STEPS
from ledger.obligations.tables import ObligationStepTable
from ledger.obligations.values import NOTHING, Obligation, Parts, Step, StepKind
from ledger.registry.values import Role
from policies.kernel.policies import Policies
from policies.obligations.terms import RecoveryTerms, recovery_terms

SLIP_DATE = "按回单日期入账 / dated by the slip"


def subject_kind(kind: StepKind) -> str:
    """Kind of subject under which a step is approved."""
    return f"obligation.{kind}"


KINDS = {subject_kind(kind): kind for kind in StepKind}


def terms_of_obligation(policies: Policies, obligation: Obligation) -> RecoveryTerms:
    """What held on the day it was decided, as far as known today."""
    return recovery_terms(obligation.policy, obligation.decided_on, policies.known_on)


def proposed(
    obligation: Obligation, step: Step, today: date, *, attempt: int = 1, rows: tuple[EventRow, ...] = ()
) -> Effects:
    """The step as a row, and the request for its signature; nobody of the debtor's may give it."""
    shown = content(obligation, step)
    kind = subject_kind(step.kind)
    row = ObligationStepTable(
        number=step.number,
        obligation=obligation.number,
        creditor=obligation.creditor,
        kind=step.kind.value,
        amount_fen=step.amount_fen,
        bank_fen=step.bank_fen,
        dated_on=step.dated_on,
        reference=step.reference,
        attempt=attempt,
        payable=step.payable,
        reason=step.reason,
        calculation=step.calculation,
        maker=step.maker,
        proposed_on=today,
    )
    return Effects(
        {
            "step": step.number,
            "obligation": obligation.number,
            "amount_fen": step.amount_fen,
            "approval": {"kind": kind, "subject": step.number, "content_hash": content_hash(shown)},
        },
        rows=(
            row,
            *request_rows(
                kind, step.number, shown, step.maker, second_pair(Role.FINANCE), concerns={obligation.debtor}
            ),
            *rows,
        ),
    )


def content(obligation: Obligation, step: Step) -> Json:
    """What the second person is shown, and signs."""
    return {
        "step": step.number,
        "kind": step.kind.value,
        "obligation": obligation.number,
        "debtor": obligation.debtor,
        "creditor": obligation.creditor,
        "owed_fen": obligation.amount_fen,
        "due_on": obligation.due_on.isoformat(),
        "amount_fen": step.amount_fen,
        "dated_on": step.dated_on and step.dated_on.isoformat(),
        "reference": step.reference,
        "payable": step.payable,
        "reason": step.reason,
        "calculation": step.calculation and str(step.calculation),
    }


def content_of(reader: Reader, number: str) -> Json:
    """The content of a step as it was proposed."""
    step = STEPS.load(reader, [number])[number]
    return content(OBLIGATIONS.load(reader, [step.obligation])[step.obligation], step)


@dataclass(frozen=True, slots=True)
class Signed:
    """A step whose second signature stands, with what there is to decide by."""

    obligation: Obligation
    step: Step
    state: State
    policies: Policies
    today: date

    @property
    def terms(self) -> RecoveryTerms:
        return terms_of_obligation(self.policies, self.obligation)

    def ground(self, on: date | None = None) -> Ground:
        """Today, or the day of a slip; then the maker is the second person who stands for the earlier date."""
        step, day = self.step, on or self.today
        late = Backdating(SLIP_DATE, step.maker) if day < self.today else None
        return Ground(day, self.obligation.citation, step.reference, late, step.calculation)


@dataclass(frozen=True, slots=True)
class Posting:
    """What a signed step does."""

    entry: Entry
    parts: Parts = NOTHING
    rows: tuple[EventRow, ...] = ()
    events: tuple[Event, ...] = ()
