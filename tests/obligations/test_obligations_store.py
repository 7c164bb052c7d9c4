"""The second wall: what the writer's own role cannot write; few statements for many; who sees what; broken laws."""

from datetime import date
from uuid import UUID

import pytest
from debts import Desk
from office import COMMISSION, FIRM, OTHER_UNIT, UNIT, counted
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.approvals.content import content_hash
from ledger.assembly import BOOK
from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.obligations.charge_interest import ChargeInterest
from ledger.obligations.offset import OffsetRecovery
from ledger.obligations.receive import ReceiveRecovery
from ledger.obligations.remit import RemitRecovery
from ledger.obligations.slice import SLICE
from ledger.obligations.steps import KINDS
from ledger.obligations.store import OBLIGATIONS, SLIPS, STEPS, UNSIGNED
from ledger.obligations.tables import ObligationStepEndTable, ObligationStepTable, ObligationTable
from ledger.obligations.values import StepState
from ledger.obligations.write_off import WriteOffRecovery

TABLES = (ObligationTable, ObligationStepTable, ObligationStepEndTable)


def write(desk: Desk, sql: str) -> None:
    with desk.office.database.writer.begin() as connection:
        connection.execute(text(sql), {"command": UUID(int=0)})


def copied(table: type, **changes: str) -> str:
    """Adds a row that is there once more, some of its columns changed."""
    columns = [column.name for column in table.__table__.columns]  # type: ignore[attr-defined]  # every table class has one
    changes["command"] = ":command"
    picked = ", ".join(changes.get(name, name) for name in columns)
    name = table.__tablename__  # type: ignore[attr-defined]  # as above
    return f"INSERT INTO {name} ({', '.join(columns)}) SELECT {picked} FROM {name} LIMIT 1"


@pytest.fixture
def owed(desk: Desk) -> str:
    """1,000.00 owed; 300.00 of it received; a second receipt of 1.00 waits."""
    desk.spend(1_000_00)
    obligation = desk.owed(1_000_00)
    desk.receive(obligation, 300_00, "回单1")
    desk.office.do(ReceiveRecovery, "treasury", **desk.receipt(obligation, 1_00, "回单2"))
    return obligation


def test_what_waits_for_a_signature_is_shown_as_it_was_hashed(desk: Desk) -> None:
    """A step of every kind."""
    desk.spend(10_000_00)
    desk.open_next_year()
    obligation, award = desk.owed(10_000_00), desk.award(1_000_00)
    desk.move(to=date(2018, 3, 1))
    desk.receive(obligation, 100_00, "回单1")
    decided = {"obligation": obligation, "decision_number": "1"}
    proposed = [
        desk.office.do(ReceiveRecovery, "treasury", **desk.receipt(obligation, 1_00, "回单2")),
        desk.office.do(OffsetRecovery, "operator", **desk.against(obligation, award, 1_00)),
        desk.office.do(WriteOffRecovery, "operator", **decided, amount_fen=1_00, reason="无法收回"),
        desk.office.do(ChargeInterest, "operator", **decided, until=desk.today),
        desk.office.do(RemitRecovery, "treasury", obligation=obligation, remitted_on=desk.today, remittance_number="1"),
    ]

    asked = [answer["approval"] for answer in proposed]

    assert {approval["kind"] for approval in asked} == set(KINDS)
    with desk.office.database.writer.connect() as connection:
        reader = Reader(connection, BOOK)
        shown = [desk.office.house.contents[one["kind"]](reader, one["subject"]) for one in asked]
    assert [content_hash(content) for content in shown] == [approval["content_hash"] for approval in asked]


MAY_NOT_BE = {
    "an obligation twice": (copied(ObligationTable), "obligation_pkey"),
    "a debtor of itself": (copied(ObligationTable, number="'OB-2'", debtor="creditor"), "obligation_check"),
    "no decision": (copied(ObligationTable, number="'OB-2'", decision_number="''"), "obligation_decision_number_check"),
    "due before it was decided": (
        copied(ObligationTable, number="'OB-2'", due_on="decided_on - 1"),
        "obligation_check",
    ),
    "a budget of a year to come": (copied(ObligationTable, number="'OB-2'", year="2018"), "obligation_check"),
    "a slip that counts twice": (copied(ObligationStepTable, number="'OS-2'"), "uq_obligation_step_slip"),
    "a step of another bureau": (
        copied(ObligationStepTable, number="'OS-2'", reference="'x'", creditor="'K2'"),
        "fk_obligation_step_obligation",
    ),
    "a slip of tomorrow": (
        copied(ObligationStepTable, number="'OS-2'", reference="'x'", dated_on="proposed_on + 1"),
        "ck_obligation_step_future",
    ),
    "an offset against nothing": (
        copied(ObligationStepTable, number="'OS-2'", kind="'offset'", dated_on="NULL", reason="'x'"),
        "ck_obligation_step_payable",
    ),
    "a write-off without a reason": (
        copied(ObligationStepTable, number="'OS-2'", kind="'write-off'", dated_on="NULL"),
        "ck_obligation_step_reason",
    ),
    "interest without a calculation": (
        copied(ObligationStepTable, number="'OS-2'", kind="'interest'"),
        "ck_obligation_step_calculation",
    ),
    "a receipt that says how it came": (
        copied(ObligationStepTable, number="'OS-2'", reference="'x'", bank_fen="1"),
        "ck_obligation_step_bank",
    ),
    "a step that ends twice": (copied(ObligationStepEndTable), "obligation_step_end_pkey"),
    "a step signed by its maker": (copied(ObligationStepEndTable, step="'OS-2'", person="maker"), "two_people"),
    "another maker than the step's": (
        copied(
            ObligationStepEndTable,
            step="(SELECT max(number) FROM obligation_step s WHERE s.reference = '回单2')",
            maker="'P-x'",
        ),
        "fk_obligation_step_end_step",
    ),
    "a refusal without a reason": (
        copied(ObligationStepEndTable, step="'OS-2'", outcome="'refused'", posted_on="NULL", principal_fen="0"),
        "obligation_step_end_check",
    ),
    "a refused step that settled something": (
        copied(ObligationStepEndTable, step="'OS-2'", outcome="'refused'", posted_on="NULL", reason="'x'"),
        "ck_obligation_step_end_parts",
    ),
}


@pytest.mark.usefixtures("owed")
def test_the_writer_cannot_write_what_may_not_be(desk: Desk) -> None:
    for what, (sql, constraint) in MAY_NOT_BE.items():
        with pytest.raises(DBAPIError) as wall:
            write(desk, sql)
        assert constraint in str(wall.value), what


@pytest.mark.parametrize("table", [table.__tablename__ for table in SLICE.tables])
def test_the_writer_can_only_add(desk: Desk, table: str) -> None:
    for statement in (f"UPDATE {table} SET book = 1", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DBAPIError, match="permission denied"):
            write(desk, statement)


@pytest.mark.parametrize("aggregate", [OBLIGATIONS, STEPS, SLIPS], ids=lambda aggregate: aggregate.name)
def test_one_or_many_take_the_same_number_of_statements(desk: Desk, owed: str, aggregate: Aggregate) -> None:  # type: ignore[type-arg]  # of anything
    (step,) = desk.office.rows("SELECT number FROM obligation_step WHERE reference = '回单1'")
    one = {OBLIGATIONS.name: owed, STEPS.name: step[0], SLIPS.name: "回单1"}[aggregate.name]
    taken = []
    for ids in ([one], [one, *(f"none-{n}" for n in range(255))]):
        with desk.office.database.writer.connect() as connection, counted(desk.office.database.writer) as statements:
            reader = Reader(connection, BOOK)
            assert aggregate.load(reader, ids)[one]
            if aggregate.follow:
                aggregate.follow(reader, ids)
            taken.append(len(statements))

    assert taken[0] == taken[1] <= 3


def test_what_waits_in_many_periods_takes_one_statement(desk: Desk, owed: str) -> None:
    (waits,) = [step for step in desk.obligation(owed).steps if step.state is StepState.PROPOSED]

    with counted(desk.office.database.writer) as statements:
        found = desk.office.load(UNSIGNED, "2017", *(f"none-{n}" for n in range(255)))

    assert (len(statements), found["2017"], found["none-1"]) == (1, (waits.number,), ())


@pytest.mark.usefixtures("owed")
def test_both_sides_of_a_debt_see_it_and_nobody_else(desk: Desk) -> None:
    def seen(party: str) -> list[int]:
        with desk.office.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return [
                connection.execute(text(f"SELECT count(*) FROM {table.__tablename__}")).scalar()  # type: ignore[attr-defined]  # every table class has one
                for table in TABLES
            ]

    assert seen(UNIT) == seen(COMMISSION) == seen("*") == [1, 2, 1]
    assert seen(OTHER_UNIT) == seen(FIRM) == seen("") == [0, 0, 0]


BREAKS = {
    "obligations.add-up": copied(ObligationTable, number="'OB-2'", debtor_keeps_books="false"),
    "obligations.debtor-side": copied(ObligationTable, number="'OB-2'"),
    "obligations.budget": copied(ObligationTable, number="'OB-2'", year="2016"),
    "obligations.treasury": copied(ObligationTable, number="'OB-2'", year="2016"),
    "obligations.signed": (
        "INSERT INTO obligation_step_end SELECT book, :command, number, obligation, 'posted', proposed_on, 0, 0, '', "
        "maker, 'P-x' FROM obligation_step WHERE reference = '回单2'"
    ),
    "obligations.offsets": (
        "INSERT INTO payable_offset SELECT book, :command, number, 1, NULL, amount_fen, 0, 1, 1, 'OS-x', created_on "
        "FROM payable"
    ),
}


@pytest.mark.usefixtures("owed")
@pytest.mark.parametrize("law", BREAKS)
def test_what_does_not_agree_breaks_its_law(desk: Desk, law: str) -> None:
    desk.award(1_00)
    assert desk.office.breaches() == []

    write(desk, BREAKS[law])

    assert law in {breach[0] for breach in desk.office.breaches()}


def test_budget_that_came_back_and_was_not_given_back_breaks_a_law(desk: Desk, owed: str) -> None:
    """As if nobody kept the budget: its account of what came back stands alone."""
    with desk.office.database.owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE account DISABLE TRIGGER USER")
        connection.exec_driver_sql(
            "UPDATE account SET address = 'budget:reinstatement:other:2017' "
            "WHERE address LIKE 'budget:reinstatement:%%'"
        )

    assert "obligations.reinstated" in {breach[0] for breach in desk.office.breaches()}
    assert owed
