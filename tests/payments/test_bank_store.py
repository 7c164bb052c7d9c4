"""The second wall behind bank lines: what the writer cannot write, few statements for many, who sees what."""

from typing import Any
from uuid import UUID

import pytest
from office import BUREAU, COMMISSION, DAY_ONE, FIRM, OTHER_UNIT, UNIT, Office, counted
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.assembly import BOOK
from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.payments.bank.hold_in_suspense import HoldInSuspense
from ledger.payments.bank.import_statement import ImportStatement
from ledger.payments.bank.match_payment import MatchPayment
from ledger.payments.bank.reconcile import queue
from ledger.payments.bank.set_aside import SetAside
from ledger.payments.bank.store import (
    AGGREGATES,
    BANK_ACCOUNTS,
    BANK_LINES,
    CANDIDATES,
    EVIDENCED,
    KNOWN_LINES,
    STANDING,
    STATEMENTS,
    line_id,
    statement_id,
)
from ledger.payments.bank.tables import (
    TABLES,
    BankLinePaymentTable,
    BankLineProposalTable,
    BankLineStepTable,
    BankLineTable,
    BankStatementTable,
)
from ledger.payments.bank.values import Direction, Statement, StatementLine
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.values import PAYMENT_BATCH

OURS = "1208010109000001"


def write(office: Office, sql: str, **values: object) -> None:
    with office.database.writer.begin() as connection:
        connection.execute(text(sql), {"command": UUID(int=0)} | values)


def copied(table: type[Any], where: str = "true", **changes: str) -> str:
    """Adds a row that is there once more, some of its columns changed."""
    columns = [column.name for column in table.__table__.columns]
    changes["command"] = ":command"
    picked = ", ".join(changes.get(name, name) for name in columns)
    name = table.__tablename__
    return f"INSERT INTO {name} ({', '.join(columns)}) SELECT {picked} FROM {name} WHERE {where} LIMIT 1"


@pytest.fixture
def stock(office: Office) -> dict[str, str]:
    """Of one statement: a line that is matched, one in suspense, one set aside, one that waits."""
    ours, theirs = office.payable(UNIT), office.payable(OTHER_UNIT)
    batch = str(office.do(ComposeBatch, "treasury", payables=(ours, theirs))["batch"])
    office.sign(PAYMENT_BATCH, batch, "finance")
    lines = (
        StatementLine("R-1", Direction.DEBIT, 100_00, DAY_ONE, (ours,)),
        StatementLine("R-2", Direction.CREDIT, 5_00, DAY_ONE),
        StatementLine("R-3", Direction.CREDIT, 6_00, DAY_ONE),
        StatementLine("R-4", Direction.DEBIT, 7_00, DAY_ONE),
    )
    answer = office.do(ImportStatement, "treasury", payer=COMMISSION, statement=Statement(OURS, "S-1", lines))
    matched, held, aside, waiting = answer["lines"]
    office.do(MatchPayment, "finance", line=matched, batch=batch, payables=(ours,), on=DAY_ONE)
    office.do(HoldInSuspense, "finance", line=held, on=DAY_ONE, reason="来源不明")
    office.do(SetAside, "finance", line=aside, reason="结息")
    return {
        "statement": answer["statement"],
        "batch": batch,
        "ours": ours,
        "theirs": theirs,
        "matched": matched,
        "held": held,
        "aside": aside,
        "waiting": waiting,
    }


A_SECOND_STEP = {"position": "2", "position_before": "1"}
MAY_NOT_BE = {
    "a statement twice": (copied(BankStatementTable, number="'BS-2'"), "uq_bank_statement_reference"),
    "a line of no statement": (
        copied(BankLineTable, number="'BL-2'", reference="'R'", statement="'BS-0'"),
        "fk_bank_line_statement",
    ),
    "a line twice": (copied(BankLineTable, number="'BL-2'"), "uq_bank_line_reference"),
    "a line over nothing": (
        copied(BankLineTable, number="'BL-2'", reference="'R'", amount_fen="0"),
        "bank_line_amount_fen_check",
    ),
    "a step by who imported": (
        copied(BankLineStepTable, line=":waiting", person="importer", reason="'x'"),
        "ck_bank_line_step_another_person",
    ),
    "a step under another importer": (
        copied(BankLineStepTable, line=":waiting", importer="'P-0'"),
        "fk_bank_line_step_importer",
    ),
    "two last steps": (copied(BankLineStepTable), "bank_line_step_pkey"),
    "a second match without reopening": (
        copied(BankLineStepTable, "line = :matched", **A_SECOND_STEP, step_before="'matched'", step="'matched'"),
        "ck_bank_line_step_order",
    ),
    "a step after one that was not": (
        copied(
            BankLineStepTable,
            "line = :matched",
            **A_SECOND_STEP,
            step_before="'suspense'",
            step="'reopened'",
            reason="'x'",
        ),
        "fk_bank_line_step_before",
    ),
    "a first step after nothing before": (
        copied(BankLineStepTable, line=":waiting", **A_SECOND_STEP),
        "ck_bank_line_step_first",
    ),
    "an end without a reason": (
        copied(BankLineStepTable, line=":waiting", step="'set-aside'", reason="''"),
        "bank_line_step_check",
    ),
    "a payment with two lines": (copied(BankLinePaymentTable, line=":held"), "bank_line_payment_pkey"),
    "evidence of what was not paid": (
        copied(BankLinePaymentTable, payable=":theirs"),
        "fk_bank_line_payment_confirmation",
    ),
    "evidence without a step": (
        copied(BankLinePaymentTable, what="'returned'", position="9"),
        "fk_bank_line_payment_step",
    ),
}


def test_the_writer_cannot_write_what_may_not_be(office: Office, stock: dict[str, str]) -> None:
    for words, (statement, constraint) in MAY_NOT_BE.items():
        with pytest.raises(DBAPIError, match=constraint):
            write(office, statement, **stock)
        assert words


def test_a_proposal_of_who_imported_is_not_written(office: Office, stock: dict[str, str]) -> None:
    sql = (
        "INSERT INTO bank_line_proposal SELECT 1, :command, number, 1, 'reopen', 'x', '2017-03-01', importer, importer "
        "FROM bank_line WHERE number = :aside"
    )
    assert BankLineProposalTable.__tablename__ in sql
    with pytest.raises(DBAPIError, match="ck_bank_line_proposal_another_person"):
        write(office, sql, **stock)


def test_the_writer_can_only_add(office: Office) -> None:
    for table in TABLES:
        for statement in (f"UPDATE {table.__tablename__} SET book = 1", f"DELETE FROM {table.__tablename__}"):
            with pytest.raises(DBAPIError, match="permission denied"):
                write(office, statement)


@pytest.mark.parametrize(
    ("statement", "law", "row"),
    [
        (copied(BankLinePaymentTable, what="'returned'"), "payments.bank-line-matched", "matched"),
        (copied(BankLineStepTable, line=":waiting"), "payments.bank-line-matched", "waiting"),
        (copied(BankLineTable, number="'BL-2'", reference="'R'"), "payments.bank-lines-counted", "statement"),
    ],
)
def test_rows_out_of_step_break_the_law_about_them(
    office: Office, stock: dict[str, str], statement: str, law: str, row: str
) -> None:
    assert office.breaches() == []

    write(office, statement, **stock)

    assert [breach[:2] for breach in office.breaches()] == [(law, stock[row])]


def test_a_fen_in_suspense_that_no_line_explains_breaks_the_law(office: Office, stock: dict[str, str]) -> None:
    assert stock
    with office.database.owner.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE balance SET credits = credits + 1 WHERE account = "
            "(SELECT id FROM account WHERE address LIKE 'payments:suspense:%%')"
        )

    assert office.breaches() == [("payments.suspense", COMMISSION, 5_01, 5_00)]


def test_one_or_many_take_the_same_number_of_statements(office: Office, stock: dict[str, str]) -> None:
    asked: dict[Aggregate[Any], tuple[str, str]] = {
        STATEMENTS: (statement_id(OURS, "S-1"), "{} S-1"),
        BANK_ACCOUNTS: (OURS, "{}"),
        KNOWN_LINES: (line_id(OURS, Direction.DEBIT, "R-1"), "{} debit R-1"),
        BANK_LINES: (stock["matched"], "{}"),
        CANDIDATES: (stock["matched"], "{}"),
        EVIDENCED: (stock["batch"], "{}"),
        STANDING: (stock["matched"], "{}"),
    }
    assert set(asked) == set(AGGREGATES)
    for aggregate, (id_, other) in asked.items():
        many = [id_, *(other.format(n) for n in range(250))]
        taken = []
        for some in (many[:1], many):
            with office.database.writer.connect() as connection, counted(office.database.writer) as statements:
                loaded = aggregate.load(Reader(connection, BOOK), some)
                if aggregate.follow:
                    aggregate.follow(Reader(connection, BOOK), some)
                taken.append(len(statements))

        assert taken[0] == taken[1] <= 2, aggregate.name
        assert loaded.get(id_) == office.load(aggregate, id_).get(id_)


def test_a_queue_takes_two_statements_however_long(office: Office, stock: dict[str, str]) -> None:
    with office.database.writer.connect() as connection, counted(office.database.writer) as statements:
        (found,) = queue(Reader(connection, BOOK), stock["statement"])

    assert (found.line.number, len(statements)) == (stock["waiting"], 2)


def test_a_statement_is_its_bureaus_and_each_payee_sees_its_own_evidence(office: Office, stock: dict[str, str]) -> None:
    assert stock

    def seen(party: str) -> list[int]:
        with office.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return [connection.execute(text(f"SELECT count(*) FROM {t.__tablename__}")).scalar() for t in TABLES]

    assert seen(COMMISSION) == seen("*") == [1, 4, 3, 1, 0]
    assert seen(UNIT) == [0, 0, 0, 1, 0]
    assert seen(OTHER_UNIT) == seen(BUREAU) == seen(FIRM) == seen("") == [0, 0, 0, 0, 0]
