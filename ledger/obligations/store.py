"""How obligations, their steps and the slips of the bank are loaded: set-based, a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.obligations.values import Obligation, Parts, Step, StepKind, StepState
from ledger.payments.store import PAYABLES
from ledger.registry.store import PARTIES

_STEP = (
    "SELECT s.number, s.obligation, s.creditor, s.kind, s.amount_fen, s.dated_on, s.reference, s.payable, s.reason, "
    "s.calculation, s.maker, coalesce(e.outcome, 'proposed'), e.posted_on, s.bank_fen, coalesce(e.principal_fen, 0), "
    "coalesce(e.interest_fen, 0) FROM obligation_step s "
    "LEFT JOIN obligation_step_end e ON e.book = s.book AND e.step = s.number "
)
_STEP_FIELDS = (
    "number",
    "obligation",
    "creditor",
    "kind",
    "amount_fen",
    "dated_on",
    "reference",
    "payable",
    "reason",
    "calculation",
    "maker",
    "state",
    "posted_on",
    "bank_fen",
)
_OBLIGATION_FIELDS = (
    "number",
    "debtor",
    "creditor",
    "subject_kind",
    "subject",
    "ground",
    "decision_number",
    "citation",
    "amount_fen",
    "decided_on",
    "due_on",
    "due_provisional",
    "scheme",
    "year",
    "budget_line",
    "policy",
    "debtor_keeps_books",
)


def _step(row: tuple[Any, ...]) -> Step:
    fields = dict(zip(_STEP_FIELDS, row, strict=False))
    fields["kind"], fields["state"] = StepKind(fields["kind"]), StepState(fields["state"])
    return Step(**fields, parts=Parts(*row[-2:]))


def load_steps(reader: Reader, numbers: Collection[str]) -> Mapping[str, Step]:
    rows = reader.rows(f"{_STEP} WHERE s.book = %s AND s.number = ANY(%s)", reader.book, list(numbers))
    return {row[0]: _step(row) for row in rows}


def follow_steps(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its obligation; of an offset, the payable too."""
    return {
        number: OBLIGATIONS.keys(obligation) | (PAYABLES.keys(payable) if payable else frozenset())
        for number, obligation, payable in reader.rows(
            "SELECT number, obligation, payable FROM obligation_step WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


def load_obligations(reader: Reader, numbers: Collection[str]) -> Mapping[str, Obligation]:
    """Obligations with their steps, in two statements."""
    wanted = list(numbers)
    steps: dict[str, list[Step]] = defaultdict(list)
    for row in reader.rows(
        f"{_STEP} WHERE s.book = %s AND s.obligation = ANY(%s) ORDER BY s.proposed_on, s.number", reader.book, wanted
    ):
        steps[row[1]].append(_step(row))
    return {
        row[0]: Obligation(**dict(zip(_OBLIGATION_FIELDS, row, strict=True)), steps=tuple(steps[row[0]]))
        for row in reader.rows(
            f"SELECT {', '.join(_OBLIGATION_FIELDS)} FROM obligation WHERE book = %s AND number = ANY(%s)",  # noqa: S608  our own words
            reader.book,
            wanted,
        )
    }


def follow_obligations(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its two sides."""
    return {
        number: PARTIES.keys(debtor, creditor)
        for number, debtor, creditor in reader.rows(
            "SELECT number, debtor, creditor FROM obligation WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip of the bank by its reference: what each bureau has recorded it as."""

    attempts: Mapping[str, int]
    """How often, by bureau."""
    live: Mapping[str, tuple[str, str]]
    """Step and obligation for which it counts, by bureau; not there: free to be recorded."""


def load_slips(reader: Reader, references: Collection[str]) -> Mapping[str, Slip]:
    """For every reference asked, recorded or not."""
    attempts: dict[str, dict[str, int]] = {reference: {} for reference in references}
    live: dict[str, dict[str, tuple[str, str]]] = {reference: {} for reference in references}
    for reference, creditor, attempt, step, obligation, outcome in reader.rows(
        "SELECT s.reference, s.creditor, s.attempt, s.number, s.obligation, e.outcome FROM obligation_step s "
        "LEFT JOIN obligation_step_end e ON e.book = s.book AND e.step = s.number "
        "WHERE s.book = %s AND s.kind = 'receipt' AND s.reference = ANY(%s) ORDER BY s.attempt",
        reader.book,
        list(references),
    ):
        attempts[reference][creditor] = attempt
        if outcome != StepState.REFUSED:
            live[reference][creditor] = (step, obligation)
    return {reference: Slip(attempts[reference], live[reference]) for reference in references}


def load_unsigned(reader: Reader, periods: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """For every period asked: the steps proposed up to its end that still wait for a signature."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(periods, ())
    for period, step in reader.rows(
        "SELECT p.code, s.number FROM period p JOIN obligation_step s ON s.book = p.book "
        "AND coalesce(s.dated_on, s.proposed_on) <= p.ends_on WHERE p.book = %s AND p.code = ANY(%s) "
        "AND NOT EXISTS (SELECT FROM obligation_step_end e WHERE e.book = s.book AND e.step = s.number) "
        "ORDER BY s.proposed_on, s.number",
        reader.book,
        list(periods),
    ):
        found[period] += (step,)
    return found


OBLIGATIONS = Aggregate[Obligation]("obligation", load_obligations, follow_obligations, what="应追回款项/obligation")
STEPS = Aggregate[Step]("obligation-step", load_steps, follow_steps, what="追回事项/step of an obligation")
SLIPS = Aggregate[Slip]("recovery-slip", load_slips, what="银行流水号/bank reference")
"""By reference, recorded or not: the name is what is locked."""
UNSIGNED = Aggregate[tuple[str, ...]]("unsigned-steps", load_unsigned, what="会计期间/period", locked=False)
"""By period."""
