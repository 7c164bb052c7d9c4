"""What is late, what an amount settles, what belongs to the treasury: small tables that a person can check."""

from dataclasses import replace
from datetime import date

import pytest
from office import assert_says_the_same, sentences

import ledger.obligations
from ledger.errors import Spoken
from ledger.obligations.values import Obligation, ObligationState, Parts, Remittable, Step, StepKind, StepState
from policies.obligations.terms import SettlesFirst, policy_of, recovery_terms

DUE = date(2017, 7, 24)
OWED = Obligation(
    number="OB-1",
    debtor="U",
    creditor="K",
    subject_kind="toy",
    subject="S-1",
    ground="refund",
    decision_number="1",
    citation="invented#toy",
    amount_fen=1_000,
    decided_on=date(2017, 7, 3),
    due_on=DUE,
    due_provisional=False,
    scheme="jinyun-2017",
    year=2017,
    budget_line="L-1",
    policy="obligations/jinyun-2017",
    debtor_keeps_books=True,
)


def step(kind: StepKind, on: date, principal_fen: int, interest_fen: int = 0, bank_fen: int = 0) -> Step:
    return Step(
        number="OS-1",
        obligation="OB-1",
        creditor="K",
        kind=kind,
        amount_fen=principal_fen + interest_fen,
        maker="P-1",
        state=StepState.POSTED,
        posted_on=on,
        parts=Parts(principal_fen, interest_fen),
        bank_fen=bank_fen,
    )


def owed(*steps: Step) -> Obligation:
    return replace(OWED, steps=steps)


@pytest.mark.parametrize("sentence", sentences(ledger.obligations), ids=lambda sentence: sentence.__name__)
def test_every_sentence_says_the_same_in_both_languages(sentence: type[Spoken]) -> None:
    assert_says_the_same(sentence)


@pytest.mark.parametrize(
    ("steps", "until", "fen_days"),
    [
        ((), DUE, 0),
        ((), date(2017, 7, 25), 1_000),  # the day after the due date is the first that is late
        ((), date(2017, 8, 3), 10_000),
        ((step(StepKind.RECEIPT, date(2017, 7, 10), 400),), date(2017, 8, 3), 6_000),  # in time
        ((step(StepKind.RECEIPT, date(2017, 7, 29), 400),), date(2017, 8, 3), 8_000),  # 400 for 5 days, 600 for 10
        ((step(StepKind.RECEIPT, date(2017, 8, 3), 1_000),), date(2017, 8, 3), 10_000),  # its last day counts
        ((step(StepKind.RECEIPT, date(2017, 8, 3), 1_000),), date(2017, 9, 3), 10_000),  # and none after it
        ((step(StepKind.OFFSET, date(2017, 7, 29), 1_000),), date(2017, 9, 3), 5_000),
        ((step(StepKind.WRITE_OFF, date(2017, 7, 29), 1_000),), date(2017, 9, 3), 5_000),
        ((step(StepKind.RECEIPT, date(2017, 7, 29), 0, 400),), date(2017, 8, 3), 10_000),  # interest bears none
    ],
)
def test_what_is_late(steps: tuple[Step, ...], until: date, fen_days: int) -> None:
    assert owed(*steps).late_fen_days(until) == fen_days


INTEREST = step(StepKind.INTEREST, date(2017, 8, 3), 0, 50)


@pytest.mark.parametrize(
    ("amount", "first", "parts"),
    [
        (1_050, SettlesFirst.PRINCIPAL, (1_000, 50)),
        (1_001, SettlesFirst.PRINCIPAL, (1_000, 1)),
        (30, SettlesFirst.PRINCIPAL, (30, 0)),
        (1_001, SettlesFirst.INTEREST, (951, 50)),
        (30, SettlesFirst.INTEREST, (0, 30)),
    ],
)
def test_what_an_amount_settles(amount: int, first: SettlesFirst, parts: tuple[int, int]) -> None:
    assert owed(INTEREST).parts_of(amount, first) == parts


@pytest.mark.parametrize(
    ("decided_on", "steps", "remittable"),
    [
        (date(2017, 7, 3), (step(StepKind.RECEIPT, date(2017, 12, 31), 1_000),), (0, 0)),  # goes back at once
        (date(2017, 7, 3), (step(StepKind.RECEIPT, date(2018, 1, 1), 1_000),), (1_000, 0)),
        (date(2018, 1, 3), (step(StepKind.RECEIPT, date(2018, 2, 1), 1_000),), (1_000, 0)),
        (date(2017, 7, 3), (INTEREST, step(StepKind.RECEIPT, date(2017, 9, 1), 1_000, 50)), (50, 0)),
        (date(2018, 1, 3), (step(StepKind.OFFSET, date(2018, 2, 1), 400),), (0, 400)),
        (
            date(2018, 1, 3),
            (step(StepKind.RECEIPT, date(2018, 2, 1), 400), step(StepKind.REMITTANCE, date(2018, 2, 2), 400, 0, 400)),
            (0, 0),
        ),
        (date(2018, 1, 3), (step(StepKind.WRITE_OFF, date(2018, 2, 1), 400),), (0, 0)),
    ],
)
def test_what_belongs_to_the_treasury(decided_on: date, steps: tuple[Step, ...], remittable: tuple[int, int]) -> None:
    assert replace(OWED, decided_on=decided_on, steps=steps).remittable == Remittable(*remittable)


def test_a_step_that_waits_speaks_for_its_amount_and_one_that_was_refused_does_not() -> None:
    posted = step(StepKind.RECEIPT, DUE, 100)
    waits = replace(posted, state=StepState.PROPOSED, posted_on=None, amount_fen=300, parts=Parts(0, 0))
    refused = replace(waits, state=StepState.REFUSED)

    obligation = owed(posted, waits, refused)

    assert (obligation.open_fen, obligation.pending_fen) == (900, 300)


@pytest.mark.parametrize(
    ("steps", "today", "state"),
    [
        ((), DUE, ObligationState.OPEN),
        ((), date(2017, 7, 25), ObligationState.OVERDUE),
        ((step(StepKind.WRITE_OFF, DUE, 1_000),), date(2017, 7, 25), ObligationState.SETTLED),
    ],
)
def test_where_it_stands(steps: tuple[Step, ...], today: date, state: ObligationState) -> None:
    assert owed(*steps).state(today) is state


def test_a_scheme_without_rules_of_its_own_has_the_general_ones() -> None:
    general = recovery_terms(policy_of("beijing-2015"), date(2016, 6, 1), date(2026, 11, 23))
    jinyun = recovery_terms(policy_of("jinyun-2017"), date(2017, 6, 1), date(2026, 11, 23))

    assert (general.days_to_pay, general.in_working_days, general.late_interest_per_day) == (30, False, None)
    assert (jinyun.days_to_pay, jinyun.in_working_days, str(jinyun.late_interest_per_day)) == (15, True, "0.0005")
    assert jinyun.appeal_until(date(2017, 6, 1)) == date(2017, 7, 31)
    assert jinyun.cites["appeal_days"].confidence == "from-memory"
    assert general.synthetic
    assert jinyun.synthetic
