"""From a bank's file to what it means, on real books; and everything that waits for a person, or is refused."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from office import BUREAU, COMMISSION, DAY_ONE, OTHER_UNIT, UNIT, Office

from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.reject import Reject
from ledger.assembly import BOOK
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.executor.reading import Reader
from ledger.payments.bank.decide_line import KIND, ProposeDecision, content_of
from ledger.payments.bank.files import read_statements
from ledger.payments.bank.hold_in_suspense import HoldInSuspense
from ledger.payments.bank.import_statement import ImportStatement
from ledger.payments.bank.match_payment import MatchPayment
from ledger.payments.bank.match_return import MatchReturn
from ledger.payments.bank.meaning import Unclear
from ledger.payments.bank.reconcile import QueuedLine, commands, queue
from ledger.payments.bank.set_aside import SetAside
from ledger.payments.bank.store import BANK_LINES
from ledger.payments.bank.values import BankLine, Decision, Direction, LineState, Statement, StatementLine
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.fail_payment import FailPayment
from ledger.payments.return_payment import ReturnPayment
from ledger.payments.store import BATCHES, PAYABLES
from ledger.payments.values import PAYMENT_BATCH, BatchStatus
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.values import Role

OURS = "1208010109000001"
ACCOUNTS = {UNIT: "0012345678", OTHER_UNIT: "0087654321"}
SUSPENSE = f"payments:suspense:{COMMISSION}"

_numbers: Iterator[int] = count(1)


def batch_of(office: Office, *payables: str) -> str:
    """Composed by treasury and released by finance."""
    batch = office.do(ComposeBatch, "treasury", payables=payables)["batch"]
    office.sign(PAYMENT_BATCH, batch, "finance")
    return str(batch)


def booked(amount_fen: int, direction: Direction = Direction.DEBIT, **more: Any) -> StatementLine:  # noqa: ANN401
    facts = {"reference": f"R-{next(_numbers)}", "booked_on": DAY_ONE} | more
    return StatementLine(direction=direction, amount_fen=amount_fen, **facts)


def paid(payable: str, amount_fen: int = 100_00, **more: Any) -> StatementLine:  # noqa: ANN401
    return booked(amount_fen, references=(payable,), **more)


def came(amount_fen: int, **more: Any) -> StatementLine:  # noqa: ANN401
    return booked(amount_fen, Direction.CREDIT, **more)


def imported(office: Office, *lines: StatementLine, **more: object) -> dict[str, Any]:
    """By the treasury, which then does not say what the lines mean."""
    statement = Statement(OURS, f"S-{next(_numbers)}", lines)
    return office.do(ImportStatement, "treasury", payer=COMMISSION, statement=statement, **more)


def waiting(office: Office, statement: str) -> tuple[QueuedLine, ...]:
    with office.database.writer.connect() as connection:
        return queue(Reader(connection, BOOK), statement)


def reconciled(office: Office, statement: str, by: str = "second finance") -> list[QueuedLine]:
    """Sends what is clear; gives what waits for a person. Of two lines that mean one payment the second is declined."""
    found = waiting(office, statement)
    sent = commands(found, tenant="office", key=f"rec-{next(_numbers)}", actor=office.people[by])
    for answer in [future.result() for future in office.books.executor.submit_all(sent)]:
        assert answer.accepted or answer.body["code"] == "LineUnclear", answer.body
    return list(waiting(office, statement))


def line(office: Office, number: str) -> BankLine:
    return office.load(BANK_LINES, number)[number]


@pytest.fixture
def second_treasury(office: Office) -> str:
    """Somebody who imports, so that the treasury's batches can be matched by finance."""
    return office.hire("second treasury", (BUREAU, Role.TREASURY))


# -- what is clear -----------------------------------------------------------------------------------------------------


def test_a_statement_confirms_what_was_paid_and_says_why_the_rest_waits(office: Office) -> None:
    ours, theirs, part = office.payable(UNIT), office.payable(OTHER_UNIT, 70_00), office.payable(UNIT, 50_00)
    batch = batch_of(office, ours, theirs, part)
    statement = imported(
        office,
        paid(ours),
        booked(70_00, counterparty_account=ACCOUNTS[OTHER_UNIT]),  # without a number of ours
        paid(part, 49_00),
        came(1, purpose="结息"),
    )
    assert (statement["count"], statement["known"], len(statement["lines"])) == (4, 0, 4)

    rest = reconciled(office, statement["statement"])

    assert [one.found for one in rest] == [Unclear.AMOUNT_DIFFERS, Unclear.A_RECEIPT]
    assert rest[0].why
    assert rest[0].why.en == "its amount is not what was to be paid"
    payables = office.load(PAYABLES, ours, theirs, part)
    assert [payables[number].paid_on for number in (ours, theirs, part)] == [DAY_ONE, DAY_ONE, None]
    assert office.load(BATCHES, batch)[batch].status is BatchStatus.RELEASED
    assert office.balance("toy:paid") == 170_00
    assert office.breaches() == []
    assert office.faults() == []


def test_one_booking_pays_a_whole_batch(office: Office) -> None:
    """wyeworks/nucore-open#6415: reconcile a whole invoice with one transaction id, not line by line."""
    payables = [office.payable(UNIT, fen) for fen in (10_00, 20_00, 30_00)]
    batch = batch_of(office, *payables)
    statement = imported(office, booked(60_00, references=(batch,)))

    assert reconciled(office, statement["statement"]) == []

    loaded = office.load(BATCHES, batch)[batch]
    assert loaded.status is BatchStatus.SETTLED
    assert len({confirmation.bank_reference for confirmation in loaded.confirmations}) == 1
    assert office.rows("SELECT count(DISTINCT line) FROM bank_line_payment") == [(1,)]
    assert office.faults() == []


def test_what_came_back_is_found_by_its_number_and_paid_again(office: Office) -> None:
    payable = office.payable()
    first = batch_of(office, payable)
    out = imported(office, paid(payable))
    reconciled(office, out["statement"])
    reason = {"returned": True, "return_reason": "AC04 账户已销户", "counterparty_account": ACCOUNTS[UNIT]}
    back = imported(office, came(100_00, references=(payable,), **reason))

    assert reconciled(office, back["statement"]) == []
    assert office.load(BATCHES, first)[first].return_of(payable).reason == "AC04 账户已销户"
    assert office.balance("toy:paid") == 0
    second = batch_of(office, payable)
    again = imported(office, paid(payable))

    assert reconciled(office, again["statement"]) == []
    assert office.load(BATCHES, second)[second].status is BatchStatus.SETTLED
    assert office.balance("toy:paid") == 100_00
    assert office.faults() == []


def test_what_a_person_confirmed_from_a_slip_gets_its_evidence_and_counts_once(office: Office) -> None:
    payable = office.payable()
    batch = batch_of(office, payable)
    office.do(ConfirmPayment, "finance", batch=batch, paid_on=DAY_ONE, lines=((payable, "slip"),))
    office.do(ReturnPayment, "finance", **noted(batch, payable))
    statement = imported(office, paid(payable), came(100_00, references=(payable,)), paid(payable))

    rest = reconciled(office, statement["statement"])

    assert [one.found for one in rest] == [Unclear.PAID_ALREADY]
    assert office.rows("SELECT what, count(*)::int4 FROM bank_line_payment GROUP BY 1 ORDER BY 1") == [
        ("paid", 1),
        ("returned", 1),
    ]
    assert office.rows("SELECT count(*) FROM entry WHERE template LIKE 'toy.%'") == [(2,)]
    assert office.faults() == []


def noted(batch: str, payable: str) -> dict[str, Any]:
    return {
        "batch": batch,
        "payable": payable,
        "returned_on": DAY_ONE,
        "bank_reference": "slip",
        "reason": "户名不符",
    }


def test_a_file_of_camt_ends_in_the_books(office: Office) -> None:
    """The sample of version 2 with the numbers of real payables in it."""
    first, second, third = office.payable(UNIT, 1_234_50), office.payable(UNIT, 1_000_90), office.payable(UNIT, 5)
    text = (Path(__file__).parent / "statements" / "version-02.xml").read_text("utf-8")
    for sample, number in (("PAY-0001-0002-0003", first), ("PAY-0001-0002-0004", second), ("NOTPROVIDED", third)):
        text = text.replace(sample, number)
    batch_of(office, first, second, third)
    office.clock.move_to(date(2017, 3, 8))
    (statement,) = read_statements(text.encode())

    answer = office.do(ImportStatement, "treasury", payer=COMMISSION, statement=statement)
    rest = reconciled(office, answer["statement"])

    assert [one.found for one in rest] == [Unclear.NUMBER_UNKNOWN]
    assert office.balance("toy:paid") == 2_235_45
    assert office.rows("SELECT DISTINCT effective_on FROM entry WHERE template = 'toy.paid'") == [(date(2017, 3, 7),)]
    assert office.faults() == []


# -- nothing counts twice ----------------------------------------------------------------------------------------------


def test_the_same_statement_counts_once(office: Office) -> None:
    payable = office.payable()
    batch_of(office, payable)
    statement = Statement(OURS, "S-1", (paid(payable),))
    first = office.do(ImportStatement, "treasury", payer=COMMISSION, statement=statement)

    said = office.refused(ImportStatement, "finance", payer=COMMISSION, statement=statement)

    assert said.startswith("StatementKnown")
    assert first["statement"] in said
    assert office.rows("SELECT count(*) FROM bank_line") == [(1,)]


def test_a_line_of_two_statements_counts_once(office: Office) -> None:
    """A day's statement, then the month's with the same line and a new one."""
    payable = office.payable()
    batch_of(office, payable)
    one, other = paid(payable), came(1)
    imported(office, one)

    month = imported(office, other, one)

    assert (month["count"], month["known"], len(month["lines"])) == (2, 1, 1)
    assert office.rows("SELECT count(*) FROM bank_line") == [(2,)]
    assert office.breaches() == []


def test_a_line_that_says_otherwise_than_before_is_refused(office: Office) -> None:
    one = came(100, reference="R")
    imported(office, one)
    changed = Statement(OURS, "S-other", (came(101, reference="R"),))

    said = office.refused(ImportStatement, "treasury", payer=COMMISSION, statement=changed)

    assert said.startswith("LineChanged")
    assert "was imported as 1.00 yuan" in said


def test_two_who_import_at_once_count_a_line_once(office: Office) -> None:
    one = came(100)
    sent = [
        office.command(ImportStatement, "treasury", payer=COMMISSION, statement=Statement(OURS, f"T-{n}", (one,)))
        for n in range(10)
    ]

    answers = [future.result() for future in office.books.executor.submit_all(sent)]

    assert all(answer.accepted for answer in answers)
    assert sorted(answer.body["known"] for answer in answers) == [0, *[1] * 9]
    assert office.rows("SELECT count(*) FROM bank_line") == [(1,)]


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        (Statement(OURS, "S", ()), "StatementEmpty", "no booked line"),
        (Statement(OURS, "S", (came(1, reference="R"), came(2, reference="R"))), "LineTwice", "R twice"),
        (Statement(OURS, "S", (came(1, booked_on=date(2017, 3, 2)),)), "BookedInFuture", "2017-03-02"),
        (
            Statement(OURS, "S", (came(100), booked(30)), opening_fen=-50, closing_fen=21),
            "StatementDoesNotAddUp",
            "opens with -0.50 yuan and its lines lead to 0.20, but it closes with 0.21",
        ),
    ],
)
def test_a_statement_that_cannot_be_true_is_refused(
    office: Office, statement: Statement, code: str, words: str
) -> None:
    """unicef/hope#5062, #5852: dates of reconciliation were not validated, and the import failed. Here each is said."""
    said = office.refused(ImportStatement, "treasury", payer=COMMISSION, statement=statement)

    assert said.startswith(code)
    assert words in said


def test_a_payment_booked_before_its_release_is_not_confirmed_by_itself(office: Office) -> None:
    """unicef/hope#5062, #5852 again: the date is looked at before anything is confirmed."""
    payable = office.payable()
    office.clock.move_to(date(2017, 3, 6))
    batch = batch_of(office, payable)
    statement = imported(office, paid(payable, booked_on=date(2017, 3, 3)))

    (rest,) = reconciled(office, statement["statement"])

    assert rest.found is Unclear.TOO_EARLY
    by_hand = {"line": rest.line.number, "batch": batch, "payables": (payable,), "on": date(2017, 3, 3)}
    assert office.refused(MatchPayment, "finance", **by_hand).startswith("LineUnclear")
    said = office.refused(MatchPayment, "finance", **by_hand, reason="柜台办理")
    assert said.startswith("PaidBeforeRelease")


# -- by hand -----------------------------------------------------------------------------------------------------------


def test_who_imports_does_not_reconcile(office: Office) -> None:
    payable = office.payable()
    batch = batch_of(office, payable)
    office.hire("deputy", (BUREAU, Role.FINANCE))
    office.do(GiveMandate, "operator", person=office.people["deputy"], acts_for=office.people["treasury"])
    (number,) = imported(office, paid(payable))["lines"]
    (receipt,) = imported(office, came(5_00))["lines"]
    match = {"line": number, "batch": batch, "payables": (payable,), "on": DAY_ONE}

    for person in ("treasury", "deputy"):
        assert office.refused(MatchPayment, person, **match).startswith("OwnImport")
        assert office.refused(SetAside, person, line=number, reason="x").startswith("OwnImport")
        held = {"line": receipt, "on": DAY_ONE, "reason": "x"}
        assert office.refused(HoldInSuspense, person, **held).startswith("OwnImport")
        proposal = {"line": number, "decision": Decision.REOPEN, "reason": "x"}
        assert office.refused(ProposeDecision, person, **proposal).startswith("OwnImport")
    assert office.refused(MatchPayment, "officer", **match).startswith("RoleMissing")


def test_who_made_the_batch_does_not_say_that_it_was_paid(office: Office, second_treasury: str) -> None:
    assert second_treasury
    payable = office.payable()
    batch = batch_of(office, payable)
    statement = Statement(OURS, "S-1", (paid(payable),))
    (number,) = office.do(ImportStatement, "second treasury", payer=COMMISSION, statement=statement)["lines"]

    match = {"line": number, "batch": batch, "payables": (payable,), "on": DAY_ONE}
    assert office.refused(MatchPayment, "treasury", **match).startswith("OwnBatch")
    assert office.do(MatchPayment, "finance", **match)["status"] == "settled"


def test_a_person_matches_what_the_bank_left_unclear_and_says_why(office: Office) -> None:
    ours, same = office.payable(), office.payable()
    batch = batch_of(office, ours, same)
    statement = imported(office, booked(100_00, counterparty_account=ACCOUNTS[UNIT], purpose="兑付"))
    (rest,) = reconciled(office, statement["statement"])
    assert rest.found is Unclear.SEVERAL_FIT

    match = {"line": rest.line.number, "batch": batch, "payables": (same,), "on": DAY_ONE}
    said = office.refused(MatchPayment, "second finance", **match)
    assert said.startswith("LineUnclear")
    assert "several payments fit equally" in said
    office.do(MatchPayment, "second finance", **match, reason="电话核实：附言对应第二笔")

    assert line(office, rest.line.number).state is LineState.MATCHED
    assert office.load(PAYABLES, same)[same].paid_on == DAY_ONE
    assert office.load(PAYABLES, ours)[ours].paid_on is None
    assert office.rows("SELECT reason FROM bank_line_step") == [("电话核实：附言对应第二笔",)]


def test_what_is_over_under_or_twice_is_not_confirmed_even_by_hand(office: Office) -> None:
    payable, other = office.payable(), office.payable()
    batch = batch_of(office, payable, other)
    numbers = imported(office, paid(payable, 99_99), paid(payable, 100_01), paid(payable), paid(payable))["lines"]
    match = {"batch": batch, "on": DAY_ONE, "reason": "核实"}
    under, over, once, twice = numbers

    for number in (under, over):
        said = office.refused(MatchPayment, "finance", **match, line=number, payables=(payable,))
        assert said.startswith("AmountDiffers")
        assert "100.00 together" in said
    office.do(MatchPayment, "finance", **match, line=once, payables=(payable,))
    said = office.refused(MatchPayment, "finance", **match, line=twice, payables=(payable,))
    assert said.startswith("EvidencedAlready")
    assert once in said
    assert office.refused(MatchPayment, "finance", **match, line=once, payables=(other,)).startswith("LineNotWaiting")
    assert office.balance("toy:paid") == 100_00


def test_what_was_returned_too_much_never_or_twice_is_not_believed(office: Office) -> None:
    payable, unpaid = office.payable(), office.payable()
    batch = batch_of(office, payable, unpaid)
    reconciled(office, imported(office, paid(payable))["statement"])
    over, never, once, twice = imported(
        office,
        came(100_01, references=(payable,)),
        came(100_00, references=(unpaid,)),
        came(100_00, references=(payable,)),
        came(100_00, references=(payable,)),
    )["lines"]
    match = {"batch": batch, "on": DAY_ONE, "reason": "核实"}

    assert office.refused(MatchReturn, "finance", **match, line=over, payable=payable).startswith("AmountDiffers")
    assert office.refused(MatchReturn, "finance", **match, line=never, payable=unpaid).startswith("NotPaid")
    office.do(MatchReturn, "finance", **match, line=once, payable=payable)
    assert office.refused(MatchReturn, "finance", **match, line=twice, payable=payable).startswith("EvidencedAlready")
    assert office.balance("toy:paid") == 0


def test_a_line_is_matched_in_its_own_direction_payer_and_batch(office: Office) -> None:
    payable, other = office.payable(), office.payable()
    batch = batch_of(office, payable)
    batch_of(office, other)
    out, back = imported(office, paid(payable), came(100_00, references=(payable,)))["lines"]
    statement = Statement("999", "S-9", (paid(payable),))
    (foreign,) = office.do(ImportStatement, "treasury", payer=BUREAU, statement=statement)["lines"]
    match = {"batch": batch, "on": DAY_ONE, "reason": "核实"}

    wrong = office.refused(MatchPayment, "finance", **match, line=back, payables=(payable,))
    assert wrong.startswith("WrongDirection")
    assert "a receipt; it cannot be matched as a payment" in wrong
    assert office.refused(MatchReturn, "finance", **match, line=out, payable=payable).startswith("WrongDirection")
    assert office.refused(MatchPayment, "finance", **match, line=foreign, payables=(payable,)).startswith(
        "PayerDiffers"
    )
    assert office.refused(MatchPayment, "finance", **match, line=out, payables=(other,)).startswith("NotInBatch")
    assert office.refused(MatchPayment, "finance", **match, line=out, payables=()).startswith("NothingNamed")
    assert office.refused(MatchPayment, "finance", **match, line="BL-0", payables=(payable,)).startswith("NotFound")


def test_some_on_record_and_some_not_are_matched_apart(office: Office) -> None:
    payables = tuple(office.payable() for _ in range(2))
    batch = batch_of(office, *payables)
    office.do(ConfirmPayment, "finance", batch=batch, paid_on=DAY_ONE, lines=((payables[0], "slip"),))
    (number,) = imported(office, booked(200_00, references=(batch,)))["lines"]

    match = {"line": number, "batch": batch, "payables": payables, "on": DAY_ONE, "reason": "整批"}
    assert office.refused(MatchPayment, "second finance", **match).startswith("Mixed")


def test_a_line_of_a_closed_period_is_dated_later_with_a_reason(office: Office) -> None:
    payable = office.payable()
    office.do(OpenPeriod, "operator", period="2018", starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31))
    batch = batch_of(office, payable)
    office.do(ConfirmPayment, "finance", batch=batch, paid_on=DAY_ONE, lines=((payable, "slip"),))
    office.clock.move_to(date(2018, 1, 5))
    second = office.people["second finance"]
    for to in ("adjusting", "closed"):
        office.do(ClosePeriod, "finance", period="2017", to=to, second_person=second)
    late = {"booked_on": date(2017, 12, 29), "references": (payable,), "returned": True}
    (number,) = imported(office, came(100_00, **late))["lines"]
    match = {"line": number, "batch": batch, "payable": payable}

    assert office.refused(MatchReturn, "finance", **match, on=date(2017, 12, 29)).startswith("PeriodClosed")
    later = date(2018, 1, 5)
    assert office.refused(MatchReturn, "finance", **match, on=later).startswith("ReasonForAnotherDay")
    for day in (date(2017, 12, 28), date(2018, 1, 6)):
        assert office.refused(MatchReturn, "finance", **match, on=day, reason="x").startswith("BookedOtherwise")
    office.do(MatchReturn, "finance", **match, on=later, reason="2017 年度已结账")
    assert office.load(PAYABLES, payable)[payable].paid_on is None
    assert office.faults() == []


def test_no_period_closes_over_a_line_that_waits(office: Office) -> None:
    (number,) = imported(office, came(1))["lines"]
    office.do(OpenPeriod, "operator", period="2018", starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31))
    office.clock.move_to(date(2018, 1, 2))
    second = office.people["second finance"]
    office.do(ClosePeriod, "finance", period="2017", to="adjusting", second_person=second)

    said = office.refused(ClosePeriod, "finance", period="2017", to="closed", second_person=second)
    office.do(SetAside, "finance", line=number, reason="结息，不属本账簿")
    office.do(ClosePeriod, "finance", period="2017", to="closed", second_person=second)

    assert number in said


def test_a_batch_whose_payment_was_given_up_takes_no_line(office: Office) -> None:
    payable = office.payable()
    batch = batch_of(office, payable)
    office.do(FailPayment, "finance", batch=batch, payable=payable, failed_on=DAY_ONE, reason="冻结")
    statement = imported(office, paid(payable))

    (rest,) = reconciled(office, statement["statement"])

    assert rest.found is Unclear.ATTEMPT_OVER
    match = {"line": rest.line.number, "batch": batch, "payables": (payable,), "on": DAY_ONE, "reason": "实际已付"}
    assert office.refused(MatchPayment, "second finance", **match).startswith("AlreadyFailed")


# -- what nobody can match ---------------------------------------------------------------------------------------------


def propose(
    office: Office, number: str, decision: Decision, by: str = "finance", reason: str = "已查明"
) -> dict[str, Any]:
    return office.do(ProposeDecision, by, line=number, decision=decision, reason=reason)


def test_a_receipt_stands_in_suspense_until_two_people_send_it_back(office: Office) -> None:
    (number,) = imported(office, came(88_00, counterparty_name="某公司"))["lines"]
    office.clock.move_to(date(2017, 3, 3))

    office.do(HoldInSuspense, "finance", line=number, on=DAY_ONE, reason="无法查明来源")
    assert (office.balance(SUSPENSE), office.balance(f"bank:{COMMISSION}")) == (88_00, 88_00)
    assert line(office, number).state is LineState.SUSPENSE
    assert office.breaches() == []
    propose(office, number, Decision.SEND_BACK)
    shown = office.request(KIND, number).content_hash
    facts = {"subject_kind": KIND, "subject": number, "content_hash": shown}
    assert office.refused(Approve, "finance", **facts).startswith("OwnWork")
    answer = office.do(Approve, "second finance", **facts)

    assert answer["state"] == "set-aside"
    assert (office.balance(SUSPENSE), office.balance(f"bank:{COMMISSION}")) == (0, 0)
    assert office.rows("SELECT effective_on FROM entry WHERE template LIKE 'payment.suspense%' ORDER BY seq") == [
        (DAY_ONE,),
        (date(2017, 3, 3),),
    ]
    assert office.faults() == []


def test_a_receipt_that_turns_out_to_be_a_return_leaves_suspense_and_is_matched(office: Office) -> None:
    payable = office.payable()
    batch = batch_of(office, payable)
    reconciled(office, imported(office, paid(payable))["statement"])
    (number,) = imported(office, came(100_00))["lines"]
    office.do(HoldInSuspense, "finance", line=number, on=DAY_ONE, reason="无附言")

    propose(office, number, Decision.REOPEN)
    office.sign(KIND, number, "second finance")
    assert office.balance(SUSPENSE) == 0
    match = {"line": number, "batch": batch, "payable": payable, "on": DAY_ONE, "reason": "收款单位来函：系退款"}
    office.do(MatchReturn, "finance", **match)

    assert line(office, number).state is LineState.MATCHED
    assert office.load(PAYABLES, payable)[payable].paid_on is None
    assert office.faults() == []


def test_a_decision_is_overturned_by_two_people_and_only_as_it_was_shown(office: Office) -> None:
    """unicef/hope#6391: override and reset of a reconciliation, permission-gated, with protection against conflicts."""
    (number,) = imported(office, came(5_00))["lines"]
    office.do(SetAside, "finance", line=number, reason="误判")
    propose(office, number, Decision.REOPEN)
    stale = office.request(KIND, number).content_hash
    facts = {"subject_kind": KIND, "subject": number}

    propose(office, number, Decision.REOPEN, by="second finance", reason="系退款")  # what was shown before is void
    assert office.refused(Approve, "third finance", **facts, content_hash=stale).startswith("ContentChanged")
    shown = office.request(KIND, number).content_hash
    assert office.refused(Approve, "operator", **facts, content_hash=shown).startswith("WrongRole")
    office.do(Approve, "third finance", **facts, content_hash=shown)
    assert line(office, number).state is LineState.WAITING
    assert office.refused(Approve, "finance", **facts, content_hash=shown).startswith("NotAwaiting")

    office.do(HoldInSuspense, "finance", line=number, on=DAY_ONE, reason="来源不明")
    propose(office, number, Decision.REOPEN)
    office.do(Reject, "second finance", **facts, content_hash=office.request(KIND, number).content_hash, reason="再查")
    assert line(office, number).state is LineState.SUSPENSE
    assert office.breaches() == []


def test_who_imported_a_line_does_not_sign_about_it_either(office: Office) -> None:
    statement = Statement(OURS, "S-1", (came(5_00),))
    (number,) = office.do(ImportStatement, "finance", payer=COMMISSION, statement=statement)["lines"]
    office.do(SetAside, "treasury", line=number, reason="结息")
    propose(office, number, Decision.REOPEN, by="treasury")
    facts = {"subject_kind": KIND, "subject": number}
    facts["content_hash"] = office.request(KIND, number).content_hash

    assert office.refused(Approve, "finance", **facts).startswith("OwnImport")
    office.do(Approve, "second finance", **facts)


def test_what_is_shown_of_a_decision_is_what_is_signed(office: Office) -> None:
    (number,) = imported(office, came(88_00, counterparty_name="某公司"))["lines"]
    office.do(HoldInSuspense, "finance", line=number, on=DAY_ONE, reason="无法查明来源")
    propose(office, number, Decision.SEND_BACK)

    with office.database.writer.connect() as connection:
        shown = content_of(Reader(connection, BOOK), number)

    assert content_hash(shown) == office.request(KIND, number).content_hash
    assert (shown["amount_fen"], shown["decision"]) == (88_00, Decision.SEND_BACK)


def test_a_match_is_reopened_only_when_what_it_proves_was_taken_back(office: Office) -> None:
    """Matched with the wrong payment: its return is recorded first; then the line can prove the right one."""
    wrong, right = office.payable(), office.payable()
    batch = batch_of(office, wrong, right)
    (number,) = imported(office, booked(100_00, counterparty_account=ACCOUNTS[UNIT]))["lines"]
    match = {"line": number, "batch": batch, "on": DAY_ONE, "reason": "核实"}
    office.do(MatchPayment, "finance", **match, payables=(wrong,))
    reopen = {"line": number, "decision": Decision.REOPEN, "reason": "配错"}

    said = office.refused(ProposeDecision, "finance", **reopen)
    assert said.startswith("MatchStands")
    assert wrong in said
    office.do(ReturnPayment, "finance", **noted(batch, wrong))
    office.do(ProposeDecision, "finance", **reopen)
    office.sign(KIND, number, "second finance")
    office.do(MatchPayment, "finance", **match, payables=(right,))

    payables = office.load(PAYABLES, wrong, right)
    assert [payables[n].paid_on for n in (wrong, right)] == [None, DAY_ONE]
    assert office.balance("toy:paid") == 100_00
    assert office.faults() == []


def test_what_cannot_be_decided_about_a_line(office: Office) -> None:
    (number,) = imported(office, came(5_00))["lines"]
    (out,) = imported(office, booked(5_00))["lines"]

    nothing = office.refused(ProposeDecision, "finance", line=number, decision=Decision.REOPEN, reason="x")
    assert nothing.startswith("NothingToReopen")
    send_back = {"line": number, "decision": Decision.SEND_BACK, "reason": "x"}
    assert office.refused(ProposeDecision, "finance", **send_back).startswith("NotInSuspense")
    held = {"line": out, "on": DAY_ONE, "reason": "x"}
    assert office.refused(HoldInSuspense, "finance", **held).startswith("WrongDirection")
    office.do(SetAside, "finance", line=number, reason="结息")
    assert office.refused(SetAside, "finance", line=number, reason="结息").startswith("LineNotWaiting")


def test_suspense_is_not_emptied_by_reversing_its_entry(office: Office) -> None:
    (number,) = imported(office, came(5_00))["lines"]
    office.do(HoldInSuspense, "finance", line=number, on=DAY_ONE, reason="来源不明")
    ((seq,),) = office.rows("SELECT seq FROM entry WHERE template = 'payment.suspense'")

    facts = {"seq": seq, "effective_on": DAY_ONE, "reason": "误记", "second_person": office.people["second finance"]}
    assert office.refused(ReverseEntry, "finance", **facts).startswith("LineStepNotReversible")


def test_only_a_bureaus_account_is_imported_by_treasury_or_finance(office: Office) -> None:
    statement = Statement(OURS, "S-1", (came(1),))

    for payer, person, code in (
        (UNIT, "treasury", "WrongKind"),
        ("K-none", "treasury", "NotFound"),
        (COMMISSION, "operator", "RoleMissing"),
    ):
        said = office.refused(ImportStatement, person, payer=payer, statement=statement)
        assert said.startswith(code)


def test_a_line_that_is_declined_keeps_no_other_waiting(office: Office, second_treasury: str) -> None:
    """The batch's maker reconciles: his own batch is declined, another's goes through; the first waits for another."""
    assert second_treasury
    mine, other = office.payable(), office.payable()
    batch_of(office, mine)
    theirs = office.do(ComposeBatch, "second treasury", payables=(other,))["batch"]
    office.sign(PAYMENT_BATCH, theirs, "finance")
    statement = Statement(OURS, "S-1", (paid(mine), paid(other)))
    answer = office.do(ImportStatement, "finance", payer=COMMISSION, statement=statement)
    sent = commands(waiting(office, answer["statement"]), tenant="office", key="rec", actor=office.people["treasury"])

    answers = [future.result() for future in office.books.executor.submit_all(sent)]

    assert sorted(a.body.get("code", "") for a in answers) == ["", "OwnBatch"]
    assert [one.line.our_id for one in waiting(office, answer["statement"])] == [mine]
    assert reconciled(office, answer["statement"]) == []
    office.clock.move_to(DAY_ONE + timedelta(days=1))
    assert office.faults() == []
