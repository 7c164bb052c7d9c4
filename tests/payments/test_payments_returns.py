"""What the bank sent back or never carried out: the payable is paid again elsewhere, the old list stays as it was."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from office import BUREAU, DAY_ONE, FIRM, OTHER_UNIT, UNIT, Office
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.export import export_csv
from ledger.payments.fail_payment import FailPayment
from ledger.payments.return_payment import ReturnPayment
from ledger.payments.store import BATCHES, PAYABLES
from ledger.payments.values import PAYMENT_BATCH, BatchStatus
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.text import DateUnreadable, TextMissing
from ledger.registry.values import Role


def released(office: Office, *payables: str) -> str:
    batch = office.do(ComposeBatch, "treasury", payables=payables)["batch"]
    office.sign(PAYMENT_BATCH, batch, "finance")
    return str(batch)


def confirmed(office: Office, *payables: str) -> str:
    """A batch of which the bank has paid these lines."""
    batch = released(office, *payables)
    lines = tuple((payable, f"slip of {payable}") for payable in payables)
    office.do(ConfirmPayment, "finance", batch=batch, paid_on=office.clock.now().date(), lines=lines)
    return batch


def back(batch: str, payable: str, on: date = DAY_ONE, **more: object) -> dict[str, Any]:
    return {
        "batch": batch,
        "payable": payable,
        "returned_on": on,
        "bank_reference": "R-1",
        "reason": "账号与户名不符",
    } | more


def failed(batch: str, payable: str, on: date = DAY_ONE) -> dict[str, Any]:
    return {"batch": batch, "payable": payable, "failed_on": on, "reason": "收款账户已销户"}


def account(office: Office, number: str) -> None:
    """A corrected account for the unit; it may be paid to after the cooling-off time."""
    office.set_account(UNIT, number, "officer")
    office.clock.move_to(office.clock.now().date() + timedelta(days=7))


def test_what_came_back_is_paid_again_to_a_corrected_account(office: Office) -> None:
    ours, theirs = office.payable(UNIT, 300_00), office.payable(OTHER_UNIT, 200_00)
    first = confirmed(office, ours, theirs)
    before = export_csv(office.load(BATCHES, first)[first])

    answer = office.do(ReturnPayment, "finance", **back(first, ours))
    assert (answer["status"], answer["paid_fen"], answer["returned_fen"]) == ("settled-in-part", 200_00, 300_00)
    assert office.balance("toy:paid") == 200_00
    account(office, "99999999")
    second = confirmed(office, ours)

    batches = office.load(BATCHES, first, second)
    assert export_csv(batches[first]) == before
    assert [batches[n].line_of(ours).account_number for n in (first, second)] == ["0012345678", "99999999"]
    assert [batches[n].status for n in (first, second)] == [BatchStatus.SETTLED_IN_PART, BatchStatus.SETTLED]
    assert office.balance("toy:paid") == 500_00
    assert office.rows("SELECT batch, attempt, freed_attempt FROM payment_batch_line ORDER BY attempt, line")[2:] == [
        (second, 2, 1)
    ]
    assert office.breaches() == []
    assert office.faults() == []


def test_it_may_come_back_again_and_again(office: Office) -> None:
    payable = office.payable()
    for n in range(3):
        batch = confirmed(office, payable)
        office.do(ReturnPayment, "finance", **back(batch, payable, bank_reference=f"R-{n}"))
        assert office.load(PAYABLES, payable)[payable].paid_on is None
    confirmed(office, payable)

    assert office.balance("toy:paid") == 100_00
    assert office.refused(ComposeBatch, "treasury", payables=(payable,)).startswith("AlreadyPaid")
    assert office.faults() == []


def test_what_did_not_happen_does_not_come_back(office: Office) -> None:
    payable, other = office.payable(), office.payable()
    batch = released(office, payable)
    paid = confirmed(office, other)
    office.clock.move_to(date(2017, 3, 6))

    assert office.refused(ReturnPayment, "finance", **back("B-none", payable)).startswith("NotFound")
    assert office.refused(ReturnPayment, "finance", **back(batch, other)).startswith("NotInBatch")
    assert "record that it failed" in office.refused(ReturnPayment, "finance", **back(batch, payable))
    assert office.refused(ReturnPayment, "finance", **back(paid, other, date(2017, 3, 7))).startswith(
        "ReturnedInFuture"
    )
    early = office.refused(ReturnPayment, "finance", **back(paid, other, date(2017, 2, 28)))
    assert early.startswith("ReturnedBeforePaid")


def test_a_payment_comes_back_once(office: Office) -> None:
    payable = office.payable()
    batch = confirmed(office, payable)

    futures = office.books.executor.submit_all(
        [office.command(ReturnPayment, "finance", **back(batch, payable)) for _ in range(20)]
    )

    assert sum(future.result().accepted for future in futures) == 1
    said = office.refused(ReturnPayment, "finance", **back(batch, payable, bank_reference="R-2"))
    assert said.startswith("AlreadyReturned")
    assert "R-1" in said
    assert office.balance("toy:paid") == 0


def test_what_came_back_is_not_confirmed_again_in_its_old_batch(office: Office) -> None:
    payable = office.payable()
    batch = confirmed(office, payable)
    office.do(ReturnPayment, "finance", **back(batch, payable))

    said = office.refused(ConfirmPayment, "finance", batch=batch, paid_on=DAY_ONE, lines=((payable, "slip"),))

    assert said.startswith("AlreadyConfirmed")


@pytest.mark.parametrize(
    ("person", "code"), [("treasury", "OwnBatch"), ("deputy", "OwnBatch"), ("officer", "RoleMissing")]
)
def test_who_may_say_what_the_bank_did(office: Office, person: str, code: str) -> None:
    office.hire("deputy", (BUREAU, Role.TREASURY))
    office.do(GiveMandate, "operator", person=office.people["deputy"], acts_for=office.people["treasury"])
    payable, other = office.payable(), office.payable()
    batch = confirmed(office, payable)

    assert office.refused(ReturnPayment, person, **back(batch, payable)).startswith(code)
    assert office.refused(FailPayment, person, **failed(released(office, other), other)).startswith(code)


def test_a_return_that_cannot_be_read_is_no_command(office: Office) -> None:
    payable = office.payable()
    batch = confirmed(office, payable)

    with pytest.raises(DateUnreadable):
        office.run(ReturnPayment, "finance", **back(batch, payable, returned_on="2017-03-01"))
    with pytest.raises(TextMissing):
        office.run(ReturnPayment, "finance", **back(batch, payable, reason=" "))
    with pytest.raises(TextMissing):
        office.run(ReturnPayment, "finance", **back(batch, payable, bank_reference=""))


def test_a_slip_of_a_return_that_comes_later_is_dated_as_the_bank_says(office: Office) -> None:
    payable = office.payable()
    batch = confirmed(office, payable)
    office.clock.move_to(date(2017, 3, 6))

    office.do(ReturnPayment, "finance", **back(batch, payable, date(2017, 3, 2)))

    assert office.rows("SELECT effective_on, second_person FROM entry WHERE template = 'toy.came-back'") == [
        (date(2017, 3, 2), office.people["treasury"])
    ]


def test_a_batch_is_never_stuck_between_its_bank_and_its_period(office: Office) -> None:
    """unicef/hope#4971: a payment plan stuck in reconciliation. Each line ends here: paid, sent back, or not made."""
    paid, returned, never = (office.payable() for _ in range(3))
    batch = released(office, paid, returned, never)
    slips = tuple((payable, f"slip of {payable}") for payable in (paid, returned))
    office.do(ConfirmPayment, "finance", batch=batch, paid_on=DAY_ONE, lines=slips)
    office.do(ReturnPayment, "finance", **back(batch, returned))
    office.do(OpenPeriod, "operator", period="2018", starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31))
    office.clock.move_to(date(2018, 1, 2))
    second = office.people["second finance"]
    office.do(ClosePeriod, "finance", period="2017", to="adjusting", second_person=second)
    assert batch in office.refused(ClosePeriod, "finance", period="2017", to="closed", second_person=second)

    answer = office.do(FailPayment, "finance", **failed(batch, never, date(2017, 12, 29)))

    assert {word: answer[word] for word in ("status", "paid_fen", "returned_fen", "failed_fen", "open_fen")} == {
        "status": "settled-in-part",
        "paid_fen": 100_00,
        "returned_fen": 100_00,
        "failed_fen": 100_00,
        "open_fen": 0,
    }
    office.do(ClosePeriod, "finance", period="2017", to="closed", second_person=second)
    confirmed(office, returned, never)
    assert office.faults() == []


def test_what_was_not_carried_out_is_neither_paid_nor_sent_back_nor_failed_again(office: Office) -> None:
    payable, other = office.payable(), office.payable()
    batch = released(office, payable, other)
    office.do(FailPayment, "finance", **failed(batch, payable))
    office.do(ConfirmPayment, "finance", batch=batch, paid_on=DAY_ONE, lines=((other, "slip"),))

    slip = {"batch": batch, "paid_on": DAY_ONE, "lines": ((payable, "slip"),)}
    assert office.refused(ConfirmPayment, "finance", **slip).startswith("AlreadyFailed")
    assert office.refused(ReturnPayment, "finance", **back(batch, payable)).startswith("NotPaid")
    assert office.refused(FailPayment, "finance", **failed(batch, payable)).startswith("AlreadyFailed")
    assert office.refused(FailPayment, "finance", **failed(batch, other)).startswith("AlreadyConfirmed")
    assert office.refused(FailPayment, "finance", **failed(batch, "PAY-none")).startswith("NotInBatch")


def test_a_failure_lies_between_the_release_and_today(office: Office) -> None:
    payable, other = office.payable(), office.payable()
    batch = released(office, payable)
    waiting = office.do(ComposeBatch, "treasury", payables=(other,))["batch"]

    early = office.refused(FailPayment, "finance", **failed(batch, payable, date(2017, 2, 28)))
    late = office.refused(FailPayment, "finance", **failed(batch, payable, date(2017, 3, 2)))

    assert early.startswith("PaidBeforeRelease")
    assert late.startswith("PaidInFuture")
    assert office.refused(FailPayment, "finance", **failed(waiting, other)).startswith("NotReleased")


# -- the second wall ---------------------------------------------------------------------------------------------------


def write(office: Office, sql: str, **values: object) -> None:
    with office.database.writer.begin() as connection:
        connection.execute(text(sql), {"command": UUID(int=0)} | values)


RETURN = (
    "INSERT INTO payment_return VALUES "
    "(1, :command, :batch, :payable, :paid_on, :returned_on, :reference, :reason, :maker, :person)"
)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"person": "treasury"}, "ck_payment_return_two_people"),
        ({"person": "treasury", "maker": "finance"}, "fk_payment_return_confirmation"),
        ({"returned_on": "2017-02-28"}, "ck_payment_return_after_payment"),
        ({"returned_on": "2017-02-28", "paid_on": "2017-02-28"}, "fk_payment_return_confirmation"),
        ({"payable": "waiting"}, "fk_payment_return_confirmation"),
        ({"reason": ""}, "payment_return_reason_check"),
        ({"twice": True}, "payment_return_pkey"),
    ],
)
def test_the_writer_cannot_send_back_what_was_not_paid(
    office: Office, change: dict[str, object], constraint: str
) -> None:
    numbers = {"paid": office.payable(), "waiting": office.payable()}
    batch = released(office, *numbers.values())
    office.do(ConfirmPayment, "finance", batch=batch, paid_on=DAY_ONE, lines=((numbers["paid"], "slip"),))
    values = {"payable": "paid", "paid_on": "2017-03-01", "returned_on": "2017-03-01", "reason": "账号有误"} | change
    if values.pop("twice", False):
        office.do(ReturnPayment, "finance", **back(batch, numbers["paid"]))
    values["payable"] = numbers[str(values["payable"])]
    for role, person in (("maker", "treasury"), ("person", "finance")):
        values[role] = office.people[str(values.get(role, person))]

    with pytest.raises(DBAPIError, match=constraint):
        write(office, RETURN, batch=batch, reference="R-1", **values)


def test_a_payable_freed_without_a_return_breaks_laws(office: Office) -> None:
    """And once it is paid again, it is paid twice: the second law says so."""
    payable = office.payable()
    confirmed(office, payable)

    write(office, "INSERT INTO payable_freed VALUES (1, :command, :payable, 1, '')", payable=payable)
    assert [breach[:3] for breach in office.breaches()] == [("payments.freed-for-a-reason", payable, 1)]
    confirmed(office, payable)

    assert ("payments.paid-once", payable, 2) in office.breaches()


def test_a_return_that_frees_nothing_breaks_a_law(office: Office) -> None:
    payable = office.payable()
    batch = confirmed(office, payable)
    people = {"maker": office.people["treasury"], "person": office.people["finance"]}
    days = {"paid_on": "2017-03-01", "returned_on": "2017-03-01"}

    write(office, RETURN, batch=batch, payable=payable, reference="R-1", reason="账号有误", **days, **people)

    assert [breach[:3] for breach in office.breaches()] == [("payments.freed-for-a-reason", payable, 1)]


def test_each_payee_sees_what_came_back_to_it(office: Office) -> None:
    ours, theirs = office.payable(UNIT), office.payable(OTHER_UNIT)
    batch = confirmed(office, ours, theirs)
    office.do(ReturnPayment, "finance", **back(batch, ours))

    def seen(party: str) -> list[str]:
        with office.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return list(connection.execute(text("SELECT payable FROM payment_return")).scalars())

    assert seen(UNIT) == seen("*") == [ours]
    assert seen(OTHER_UNIT) == seen(FIRM) == seen("") == []
