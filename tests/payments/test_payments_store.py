"""The second wall: what the writer's own role cannot write, few statements for many, who sees what."""

from uuid import UUID

import pytest
from office import COMMISSION, FIRM, OTHER_UNIT, UNIT, Office, OffsetPayable, counted
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.assembly import BOOK
from ledger.executor.reading import Reader
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.slice import SLICE
from ledger.payments.store import BATCHES, PAYABLES, UNSETTLED
from ledger.payments.values import PAYMENT_BATCH

LINE = (
    "INSERT INTO payment_batch_line VALUES (1, :command, :batch, :line, :payable, :attempt, :freed, '户', '户', '行', "
    "'12345678', '104343912345', :amount, '')"
)
CONFIRMATION = (
    "INSERT INTO payment_confirmation VALUES "
    "(1, :command, :batch, :payable, :released_on, :paid_on, '1', :maker, :person)"
)


def write(office: Office, sql: str, **values: object) -> None:
    with office.database.writer.begin() as connection:
        connection.execute(text(sql), {"command": UUID(int=0)} | values)


@pytest.fixture
def batch(office: Office) -> dict[str, object]:
    """A released batch of one payable, and one payable that is free."""
    payable, free = office.payable(), office.payable()
    number = office.do(ComposeBatch, "treasury", payables=(payable,))["batch"]
    office.sign(PAYMENT_BATCH, number, "finance")
    return {"batch": number, "payable": payable, "free": free}


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({}, "uq_payment_batch_line"),
        ({"attempt": 2, "freed": 1}, "fk_payment_batch_line_freed"),
        ({"attempt": 2}, "ck_payment_batch_line_attempt"),
        ({"payable": "free", "amount": 1}, "fk_payment_batch_line_payable"),
        ({"payable": "free", "batch": "B-none"}, "fk_payment_batch_line_batch"),
        ({"payable": "free", "attempt": 2, "freed": 1}, "fk_payment_batch_line_freed"),
    ],
)
def test_the_writer_cannot_pay_twice_or_another_amount(
    office: Office, batch: dict[str, object], change: dict[str, object], constraint: str
) -> None:
    other = office.do(ComposeBatch, "treasury", payables=(office.payable(),))["batch"]
    values = {"batch": other, "line": 2, "payable": batch["payable"], "attempt": 1, "freed": None, "amount": 100_00}
    values |= change
    values["payable"] = batch.get(str(values["payable"]), values["payable"])

    with pytest.raises(DBAPIError, match=constraint):
        write(office, LINE, **values)


def test_the_writer_can_write_a_line_in_order(office: Office, batch: dict[str, object]) -> None:
    write(office, LINE, batch=batch["batch"], line=2, payable=batch["free"], attempt=1, freed=None, amount=100_00)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"person": "treasury"}, "ck_payment_confirmation_two_people"),
        ({"person": "treasury", "maker": "finance"}, "fk_payment_confirmation_maker"),
        ({"paid_on": "2017-02-28"}, "ck_payment_confirmation_after_release"),
        ({"paid_on": "2017-02-28", "released_on": "2017-02-27"}, "fk_payment_confirmation_release"),
        ({"payable": "free"}, "fk_payment_confirmation_line"),
        ({"twice": True}, "payment_confirmation_pkey"),
    ],
)
def test_the_writer_cannot_confirm_out_of_order(
    office: Office, batch: dict[str, object], change: dict[str, object], constraint: str
) -> None:
    values = {"payable": "payable", "released_on": "2017-03-01", "paid_on": "2017-03-01"} | change
    if values.pop("twice", False):
        office.do(
            ConfirmPayment,
            "finance",
            batch=batch["batch"],
            paid_on=office.clock.now().date(),
            lines=((batch["payable"], "1"),),
        )
    values["payable"] = batch[str(values["payable"])]
    for role, person in (("maker", "treasury"), ("person", "finance")):
        values[role] = office.people[str(values.get(role, person))]

    with pytest.raises(DBAPIError, match=constraint):
        write(office, CONFIRMATION, batch=batch["batch"], **values)


def test_what_is_not_released_cannot_be_confirmed(office: Office) -> None:
    payable = office.payable()
    batch = office.do(ComposeBatch, "treasury", payables=(payable,))["batch"]
    people = {"maker": office.people["treasury"], "person": office.people["finance"]}

    with pytest.raises(DBAPIError, match="fk_payment_confirmation_release"):
        write(
            office, CONFIRMATION, batch=batch, payable=payable, released_on="2017-03-01", paid_on="2017-03-01", **people
        )


def test_a_release_without_an_approval_breaks_a_law(office: Office) -> None:
    batch = office.do(ComposeBatch, "treasury", payables=(office.payable(),))["batch"]
    write(office, "INSERT INTO payment_release VALUES (1, :command, :batch, '2017-03-01', 'P-x')", batch=batch)

    assert [breach[:2] for breach in office.breaches()] == [("payments.released-as-approved", batch)]


OFFSET = (
    "INSERT INTO payable_offset VALUES (1, :command, :payable, :position, :before, :payable_fen, :before_fen, "
    ":amount, :sum, 'OB-1', '2017-03-01')"
)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"position": 1, "before": None, "before_fen": 0, "sum": 10_00}, "payable_offset_pkey"),
        ({"before": None}, "ck_payable_offset_before"),
        ({"before_fen": 20_00, "sum": 30_00}, "fk_payable_offset_before"),
        ({"sum": 50_00}, "ck_payable_offset_sum"),
        ({"amount": 70_01, "sum": 100_01}, "ck_payable_offset_within"),
        ({"payable_fen": 200_00}, "fk_payable_offset_payable"),
    ],
)
def test_the_writer_cannot_set_off_another_sum(office: Office, change: dict[str, object], constraint: str) -> None:
    """Of 100.00, 30.00 are set off; the next is to name that, and stay within the payable."""
    payable = office.payable()
    office.do(OffsetPayable, payable=payable, amount_fen=30_00)
    right = {"position": 2, "before": 1, "payable_fen": 100_00, "before_fen": 30_00, "amount": 10_00, "sum": 40_00}

    with pytest.raises(DBAPIError, match=constraint):
        write(office, OFFSET, payable=payable, **right | change)
    write(office, OFFSET, payable=payable, **right)


def test_the_writer_cannot_pay_less_than_what_was_not_set_off(office: Office) -> None:
    payable = office.payable()
    office.do(OffsetPayable, payable=payable, amount_fen=30_00)
    office.do(OffsetPayable, payable=payable, amount_fen=10_00)
    batch = office.do(ComposeBatch, "treasury", payables=(office.payable(),))["batch"]
    write(office, LINE, batch=batch, line=2, payable=payable, attempt=1, freed=None, amount=100_00)
    row = "INSERT INTO payment_batch_line_offset VALUES (1, :command, :batch, :payable, :position, :sum)"

    with pytest.raises(DBAPIError, match="fk_payment_batch_line_offset_sum"):
        write(office, row, batch=batch, payable=payable, position=2, sum=50_00)
    write(office, row, batch=batch, payable=payable, position=1, sum=30_00)

    assert ("payments.net-of-offsets", payable, batch, 30_00, 40_00) in office.breaches()


def test_a_line_too_many_breaks_the_control_totals(office: Office, batch: dict[str, object]) -> None:
    write(office, LINE, batch=batch["batch"], line=2, payable=batch["free"], attempt=1, freed=None, amount=100_00)

    assert office.breaches() == [("payments.control-totals", batch["batch"], 1, 2, 100_00, 200_00)]


@pytest.mark.parametrize("table", [table.__tablename__ for table in SLICE.tables])
def test_the_writer_can_only_add(office: Office, table: str) -> None:
    for statement in (f"UPDATE {table} SET book = 1", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DBAPIError, match="permission denied"):
            write(office, statement)


def test_one_or_many_take_the_same_number_of_statements(office: Office) -> None:
    payables = [office.payable(UNIT, 100 + n) for n in range(4)]
    batches = [office.do(ComposeBatch, "treasury", payables=(payable,))["batch"] for payable in payables]
    for aggregate, ids in ((PAYABLES, payables), (BATCHES, batches)):
        many = ids + [f"none-{n}" for n in range(250)]
        taken = []
        for some in (many[:1], many):
            with office.database.writer.connect() as connection, counted(office.database.writer) as statements:
                loaded = aggregate.load(Reader(connection, BOOK), some)
                aggregate.follow(Reader(connection, BOOK), some)
                taken.append(len(statements))

        assert taken[0] == taken[1] <= 6, (aggregate.name, taken)
        assert loaded == {number: office.load(aggregate, number)[number] for number in ids}


def test_unsettled_batches_of_many_periods_take_one_statement(office: Office) -> None:
    batch = office.do(ComposeBatch, "treasury", payables=(office.payable(),))["batch"]

    with counted(office.database.writer) as statements:
        found = office.load(UNSETTLED, "2017", *(f"none-{n}" for n in range(255)))

    assert (len(statements), found["2017"], found["none-1"]) == (1, (batch,), ())


def test_each_party_sees_its_own(office: Office) -> None:
    ours, theirs = office.payable(UNIT), office.payable(OTHER_UNIT)
    batch = office.do(ComposeBatch, "treasury", payables=(ours, theirs))["batch"]
    office.sign(PAYMENT_BATCH, batch, "finance")
    tables = ("payable", "payment_batch_line", "payment_batch", "payment_release")

    def seen(party: str) -> list[int]:
        with office.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in tables]

    assert seen(UNIT) == seen(OTHER_UNIT) == [1, 1, 0, 0]
    assert seen(FIRM) == seen("") == [0, 0, 0, 0]
    assert seen(COMMISSION) == seen("*") == [2, 2, 1, 1]
