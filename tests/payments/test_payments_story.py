"""From payables to the bank's confirmation on real books, and everything that is refused on the way."""

from datetime import date, timedelta
from typing import Any

import pytest
from office import (
    BUREAU,
    COMMISSION,
    DAY_ONE,
    FIRM,
    INCUBATOR,
    OTHER_UNIT,
    UNIT,
    Office,
    OffsetPayable,
    team,
)

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.export import export_csv
from ledger.payments.store import BATCHES, PAYABLES
from ledger.payments.values import PAYMENT_BATCH, BatchStatus
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.text import DateUnreadable, TextMissing
from ledger.registry.values import Role


def compose(office: Office, *payables: str, by: str = "treasury") -> dict[str, Any]:
    return office.do(ComposeBatch, by, payables=payables)


def released(office: Office, *payables: str) -> str:
    """A batch made by treasury and released by finance."""
    batch = compose(office, *payables)["batch"]
    office.sign(PAYMENT_BATCH, batch, "finance")
    return str(batch)


def confirm(batch: str, *payables: str, paid_on: date = DAY_ONE) -> dict[str, Any]:
    return {"batch": batch, "paid_on": paid_on, "lines": tuple((payable, f"slip of {payable}") for payable in payables)}


def test_payables_are_composed_released_paid_and_seen_from_above(office: Office) -> None:
    ours, theirs = office.payable(UNIT, 300_00), office.payable(OTHER_UNIT, 200_00)

    composed = compose(office, theirs, ours)
    assert (composed["count"], composed["total_fen"]) == (2, 500_00)
    answer = office.sign(PAYMENT_BATCH, composed["batch"], "finance")
    assert answer["released_on"] == "2017-03-01"
    first = office.do(ConfirmPayment, "finance", **confirm(composed["batch"], ours))
    second = office.do(ConfirmPayment, "finance", **confirm(composed["batch"], theirs))

    assert (first["status"], second["status"]) == ("released", "settled")
    assert f"paid {ours}" in first
    assert office.balance("toy:paid") == 500_00
    assert office.load(PAYABLES, ours)[ours].paid_on == DAY_ONE
    assert office.breaches() == []
    assert office.faults() == []


def test_the_approval_is_bound_to_the_list_and_the_list_is_reproducible(office: Office) -> None:
    ours = office.payable(UNIT, 300_00)
    composed = compose(office, ours)
    number = composed["batch"]
    before = office.load(BATCHES, number)[number]

    office.sign(PAYMENT_BATCH, number, "finance")
    office.do(ConfirmPayment, "finance", **confirm(number, ours))
    after = office.load(BATCHES, number)[number]

    assert office.request(PAYMENT_BATCH, number).content_hash == composed["content_hash"] == before.content_hash
    assert export_csv(before) == export_csv(after)
    assert composed["content_hash"].encode() in export_csv(after)
    assert (before.status, after.status) == (BatchStatus.AWAITING, BatchStatus.SETTLED)


def test_a_batch_pays_the_account_of_its_day(office: Office) -> None:
    """A new account waits for its cooling-off time, and a frozen line keeps the old one."""
    first, second = office.payable(UNIT), office.payable(UNIT)
    office.set_account(UNIT, "99999999", "officer")

    early = compose(office, first)["batch"]
    office.clock.move_to(DAY_ONE + timedelta(days=7))
    late = compose(office, second)["batch"]

    batches = office.load(BATCHES, early, late)
    assert [batches[number].lines[0].account_number for number in (early, late)] == ["0012345678", "99999999"]


def test_a_team_is_paid_through_its_recommending_body(office: Office) -> None:
    payable = office.payable(team(office))

    number = compose(office, payable)["batch"]

    line = office.load(BATCHES, number)[number].lines[0]
    assert (line.payee_name, line.account_number) == ("创业团队", "6222000011")
    assert INCUBATOR not in line.payee


def test_a_payable_is_in_one_batch(office: Office) -> None:
    payable = office.payable()
    batch = compose(office, payable)["batch"]

    said = office.refused(ComposeBatch, "treasury", payables=(payable,))

    assert said.startswith("InAnotherBatch")
    assert batch in said


def test_two_batches_at_once_get_a_payable_once(office: Office) -> None:
    payable = office.payable()

    futures = office.books.executor.submit_all(
        [office.command(ComposeBatch, "treasury", payables=(payable,)) for _ in range(20)]
    )

    assert sum(future.result().accepted for future in futures) == 1
    assert office.rows("SELECT count(*) FROM payment_batch_line") == [(1,)]


def test_a_rejected_batch_frees_its_payables(office: Office) -> None:
    payable = office.payable()
    first = compose(office, payable)["batch"]
    shown = {"subject_kind": PAYMENT_BATCH, "subject": first}
    shown["content_hash"] = office.request(PAYMENT_BATCH, first).content_hash

    office.do(Reject, "finance", reason="账号有误", **shown)
    second = released(office, payable)

    assert office.load(BATCHES, first)[first].status is BatchStatus.REFUSED
    assert office.refused(ConfirmPayment, "finance", **confirm(first, payable)).startswith("NotReleased")
    office.do(ConfirmPayment, "finance", **confirm(second, payable))
    assert office.rows("SELECT batch, attempt, freed_attempt FROM payment_batch_line ORDER BY attempt") == [
        (first, 1, None),
        (second, 2, 1),
    ]
    assert office.faults() == []


def test_what_is_paid_is_not_paid_again(office: Office) -> None:
    payable = office.payable()
    office.do(ConfirmPayment, "finance", **confirm(released(office, payable), payable))

    assert office.refused(ComposeBatch, "treasury", payables=(payable,)).startswith("AlreadyPaid")


def test_nobody_releases_an_own_batch(office: Office) -> None:
    batch = compose(office, office.payable(), by="finance")["batch"]
    shown = office.request(PAYMENT_BATCH, batch).content_hash
    facts = {"subject_kind": PAYMENT_BATCH, "subject": batch, "content_hash": shown}

    assert office.refused(Approve, "finance", **facts).startswith("OwnWork")
    assert office.refused(Approve, "treasury", **facts).startswith("WrongRole")
    assert office.do(Approve, "second finance", **facts)["released_on"] == "2017-03-01"


def test_what_was_shown_otherwise_is_not_released(office: Office) -> None:
    batch = compose(office, office.payable())["batch"]

    said = office.refused(Approve, "finance", subject_kind=PAYMENT_BATCH, subject=batch, content_hash="0" * 64)

    assert said.startswith("ContentChanged")


def test_a_list_tampered_with_is_not_released(office: Office) -> None:
    """The hash is computed again from the rows: an account changed behind the books' back is noticed in time."""
    batch = compose(office, office.payable())["batch"]
    with office.database.owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE payment_batch_line DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE payment_batch_line SET account_number = '66666666'")
    shown = office.request(PAYMENT_BATCH, batch).content_hash

    said = office.refused(Approve, "finance", subject_kind=PAYMENT_BATCH, subject=batch, content_hash=shown)

    assert said.startswith("BatchChanged")


@pytest.mark.parametrize("person", ["officer", "operator", "applicant", "auditor"])
def test_only_treasury_and_finance_compose_and_confirm(office: Office, person: str) -> None:
    payable = office.payable()
    batch = released(office, payable)

    assert office.refused(ComposeBatch, person, payables=(payable,)).startswith("RoleMissing")
    assert office.refused(ConfirmPayment, person, **confirm(batch, payable)).startswith("RoleMissing")


def test_what_cannot_be_composed(office: Office) -> None:
    payable, to_nowhere = office.payable(), office.payable(FIRM)

    assert office.refused(ComposeBatch, "treasury", payables=()).startswith("NothingNamed")
    assert office.refused(ComposeBatch, "treasury", payables=(payable, payable)).startswith("NamedTwice")
    assert office.refused(ComposeBatch, "treasury", payables=(payable, "PAY-none")).startswith("NotFound")
    said = office.refused(ComposeBatch, "treasury", payables=(payable, to_nowhere))
    assert said.startswith("NoPayeeAccount")
    assert FIRM in said


def test_a_payment_is_confirmed_once(office: Office) -> None:
    payable = office.payable()
    batch = released(office, payable, other := office.payable())
    office.do(ConfirmPayment, "finance", **confirm(batch, payable))

    said = office.refused(ConfirmPayment, "finance", **confirm(batch, other, payable))

    assert said.startswith("AlreadyConfirmed")
    assert f"slip of {payable}" in said
    assert office.load(PAYABLES, other)[other].paid_on is None


def test_fifty_confirmations_at_once_are_one(office: Office) -> None:
    payable = office.payable()
    batch = released(office, payable)

    futures = office.books.executor.submit_all(
        [office.command(ConfirmPayment, "finance", **confirm(batch, payable)) for _ in range(50)]
    )

    assert sum(future.result().accepted for future in futures) == 1
    assert office.balance("toy:paid") == 100_00


def test_the_maker_does_not_say_that_it_was_paid(office: Office) -> None:
    payable = office.payable()
    batch = released(office, payable)

    assert office.refused(ConfirmPayment, "treasury", **confirm(batch, payable)).startswith("OwnBatch")
    deputy = office.hire("deputy", (BUREAU, Role.TREASURY))
    office.do(GiveMandate, "operator", person=deputy, acts_for=office.people["treasury"])
    assert office.refused(ConfirmPayment, "deputy", **confirm(batch, payable)).startswith("OwnBatch")


def test_only_what_is_released_is_paid(office: Office) -> None:
    payable = office.payable()
    batch = compose(office, payable)["batch"]

    assert office.refused(ConfirmPayment, "finance", **confirm(batch, payable)).startswith("NotReleased")
    assert office.refused(ConfirmPayment, "finance", **confirm("B-none", payable)).startswith("NotFound")


def test_the_bank_pays_neither_before_the_release_nor_in_the_future(office: Office) -> None:
    payable = office.payable()
    batch = released(office, payable)

    early = office.refused(ConfirmPayment, "finance", **confirm(batch, payable, paid_on=date(2017, 2, 28)))
    late = office.refused(ConfirmPayment, "finance", **confirm(batch, payable, paid_on=date(2017, 3, 2)))

    assert early.startswith("PaidBeforeRelease")
    assert late.startswith("PaidInFuture")


def test_a_slip_that_comes_later_is_dated_as_the_bank_says(office: Office) -> None:
    payable = office.payable()
    batch = released(office, payable)
    office.clock.move_to(date(2017, 3, 6))

    office.do(ConfirmPayment, "finance", **confirm(batch, payable, paid_on=date(2017, 3, 2)))

    assert office.rows("SELECT effective_on, second_person FROM entry WHERE template = 'toy.paid'") == [
        (date(2017, 3, 2), office.people["treasury"])
    ]


def test_lines_of_another_batch_and_empty_slips_are_refused(office: Office) -> None:
    payable, other = office.payable(), office.payable()
    batch = released(office, payable)
    released(office, other)

    assert office.refused(ConfirmPayment, "finance", **confirm(batch, other)).startswith("NotInBatch")
    assert office.refused(ConfirmPayment, "finance", **confirm(batch)).startswith("NothingNamed")
    assert office.refused(ConfirmPayment, "finance", **confirm(batch, payable, payable)).startswith("NamedTwice")
    with pytest.raises(TextMissing):
        office.run(ConfirmPayment, "finance", batch=batch, paid_on=DAY_ONE, lines=((payable, " "),))
    with pytest.raises(DateUnreadable):
        office.run(ConfirmPayment, "finance", batch=batch, paid_on="2017-03-01", lines=((payable, "1"),))


def test_what_is_set_off_is_not_paid(office: Office) -> None:
    """Of 300.00, 100.00 and then 50.00 are set off: the list, its total and the payment are 150.00."""
    payable, other = office.payable(UNIT, 300_00), office.payable(OTHER_UNIT, 200_00)
    office.do(OffsetPayable, payable=payable, amount_fen=100_00)
    office.do(OffsetPayable, payable=payable, amount_fen=50_00)

    batch = compose(office, payable, other)
    office.sign(PAYMENT_BATCH, batch["batch"], "finance")
    office.do(ConfirmPayment, "finance", **confirm(batch["batch"], payable))

    line = office.load(BATCHES, batch["batch"])[batch["batch"]].line_of(payable)
    assert line is not None
    assert (batch["total_fen"], line.amount_fen, line.offset_fen) == (350_00, 150_00, 150_00)
    assert office.balance("toy:paid") == 150_00
    assert office.breaches() == []
    assert office.faults() == []


def test_what_is_in_a_batch_or_paid_cannot_be_set_off(office: Office) -> None:
    payable = office.payable(UNIT, 300_00)
    batch = released(office, payable)

    assert office.refused(OffsetPayable, payable=payable, amount_fen=1).startswith("InAnotherBatch")
    office.do(ConfirmPayment, "finance", **confirm(batch, payable))
    assert office.refused(OffsetPayable, payable=payable, amount_fen=1).startswith("AlreadyPaid")


def test_not_more_is_set_off_than_is_left_and_nothing_is_left_to_pay(office: Office) -> None:
    payable = office.payable(UNIT, 300_00)
    office.do(OffsetPayable, payable=payable, amount_fen=200_00)

    said = office.refused(OffsetPayable, payable=payable, amount_fen=100_01)
    office.do(OffsetPayable, payable=payable, amount_fen=100_00)

    assert said.startswith("OffsetTooLarge")
    assert f"{payable} has 100.00 yuan left to pay; 100.01 yuan cannot be set off against it" in said
    assert office.refused(ComposeBatch, "treasury", payables=(payable,)).startswith("WhollyOffset")


def test_what_came_back_from_a_batch_can_be_set_off(office: Office) -> None:
    """A refused batch frees its payable; the next one pays less."""
    payable = office.payable(UNIT, 300_00)
    first = compose(office, payable)["batch"]
    shown = office.request(PAYMENT_BATCH, first).content_hash
    office.do(Reject, "finance", subject_kind=PAYMENT_BATCH, subject=first, content_hash=shown, reason="先抵扣")
    office.do(OffsetPayable, payable=payable, amount_fen=100_00)

    second = compose(office, payable)

    assert second["total_fen"] == 200_00
    assert office.load(BATCHES, first)[first].total_fen == 300_00
    assert office.breaches() == []


def test_the_payer_is_a_bureau(office: Office) -> None:
    payable = office.payable()

    assert office.load(PAYABLES, payable)[payable].payer == COMMISSION


def test_no_period_closes_over_an_unsettled_batch(office: Office) -> None:
    payable = office.payable()
    batch = released(office, payable)
    office.do(OpenPeriod, "operator", period="2018", starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31))
    office.clock.move_to(date(2018, 1, 2))
    second = office.people["second finance"]
    office.do(ClosePeriod, "finance", period="2017", to="adjusting", second_person=second)

    said = office.refused(ClosePeriod, "finance", period="2017", to="closed", second_person=second)
    office.do(ConfirmPayment, "finance", **confirm(batch, payable))
    office.do(ClosePeriod, "finance", period="2017", to="closed", second_person=second)

    assert said.startswith("UnfinishedWork")
    assert batch in said
