"""Rows written with raw SQL as the writer: what the service would never post, the database refuses by itself."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from year import Year

from ledger.amounts import AMOUNT_MAX
from ledger.database.engine import connect

SEQ = 1_000


@pytest.fixture
def writer(year: Year) -> Iterator[Connection]:
    """In a transaction with an entry that still lacks its transfers, and accounts that are the wrong ones for it."""
    with year.database.writer.connect() as connection:
        for seq in (SEQ, SEQ + 1):
            connection.execute(
                text(
                    f"INSERT INTO entry SELECT book, {seq}, gen_random_uuid(), command, 0, template, effective_on, "
                    "actor, citation, NULL, NULL, NULL, NULL, NULL, memo FROM entry WHERE seq = 2"
                )
            )
        for id_, address, entity, side in (
            (901, "toy:bank:K", "K", "financial"),
            (902, "toy:fiscal:U", "U", "budgetary"),
        ):
            connection.execute(
                text(
                    f"INSERT INTO account SELECT book, command, {id_}, '{address}', '{entity}', '{side}', type, "
                    "normal, asset, owner, government_code, may_overdraw, hot, opened_on FROM account "
                    "WHERE address = 'toy:bank:U'"
                )
            )
        yield connection
        connection.rollback()


def number(connection: Connection, address: str) -> int:
    """An account's id; a number stands for itself."""
    if address.isdecimal():
        return int(address)
    return connection.scalar(text("SELECT id FROM account WHERE address = :address"), {"address": address})


def transfer(
    connection: Connection,
    debit: str,
    credit: str,
    asset: str = "VOUCHER",
    amount: int = 1,
    line: str | None = None,
    seq: int = SEQ,
) -> None:
    connection.execute(
        text("INSERT INTO transfer VALUES (1, :seq, 1, :debit, :credit, :asset, :amount, :line)"),
        {
            "seq": seq,
            "debit": number(connection, debit),
            "credit": number(connection, credit),
            "asset": asset,
            "amount": amount,
            "line": line,
        },
    )


def test_a_good_row_of_each_kind_passes(writer: Connection) -> None:
    """So that the refusals below are for the reasons they give."""
    transfer(writer, "toy:purse:a", "toy:fund")
    transfer(writer, "toy:bank:U", "toy:income:U", "CNY", AMOUNT_MAX, seq=SEQ + 1)
    for seq in (SEQ, SEQ + 1):
        writer.execute(text("UPDATE book SET last_seq = :seq"), {"seq": seq})


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("987654", "toy:fund"), "debit account 987654 does not exist"),
        (("toy:purse:a", "987654"), "credit account 987654 does not exist"),
        (("toy:bank:U", "toy:fund"), "toy:bank:U holds CNY, not VOUCHER"),
        (("toy:purse:a", "toy:income:U"), "toy:income:U holds CNY, not VOUCHER"),
        (("toy:bank:U", "toy:income:U", "VOUCHER"), "toy:bank:U holds CNY, not VOUCHER"),
        (("toy:bank:U", "toy:income:U", "JADE"), "toy:bank:U holds CNY, not JADE"),
        (("toy:purse:b", "toy:fund"), "toy:purse:b is closed since 2017-04-05"),
        (("toy:fund", "toy:purse:b"), "toy:purse:b is closed since 2017-04-05"),
        (("toy:bank:U", "toy:fiscal:U", "CNY"), "toy:bank:U and toy:fiscal:U stand on different sides"),
        (("toy:fiscal:U", "toy:bank:U", "CNY"), "toy:fiscal:U and toy:bank:U stand on different sides"),
        (("toy:bank:K", "toy:income:U", "CNY"), "toy:bank:K belongs to K and toy:income:U to U"),
        (("toy:bank:U", "toy:bank:K", "CNY"), "toy:bank:U belongs to U and toy:bank:K to K"),
        (("toy:purse:a", "toy:fund", "VOUCHER", 1, None, 4_711), "its entry does not exist"),
        (("toy:purse:a", "toy:fund", "VOUCHER", 0), "transfer_amount_check"),
        (("toy:purse:a", "toy:fund", "VOUCHER", -1), "transfer_amount_check"),
        (("toy:purse:a", "toy:fund", "VOUCHER", AMOUNT_MAX + 1), "transfer_amount_check"),
        (("toy:purse:a", "toy:purse:a"), "ck_transfer_two_accounts"),
        (("toy:available", "toy:authority", "BUDGET"), "ck_transfer_budget_line"),
        (("toy:available", "toy:authority", "BUDGET", 1, "L-9"), "budget line L-9 does not exist"),
        (("toy:purse:a", "toy:fund", "VOUCHER", 1, "L-1"), "ck_transfer_budget_line"),
    ],
)
def test_a_bad_row_is_refused_for_its_reason(
    writer: Connection, row: tuple[str, str, str, int, str | None, int], says: str
) -> None:
    with pytest.raises(DBAPIError, match=says) as refused:
        transfer(writer, *row)

    assert isinstance(refused.value.orig, psycopg.errors.CheckViolation)


def test_one_bad_row_among_many_takes_the_statement_with_it(writer: Connection) -> None:
    rows = [
        f"(1, {SEQ}, {n}, {number(writer, 'toy:purse:a')}, {number(writer, 'toy:fund')}, 'VOUCHER', 1)"
        for n in range(50)
    ]
    rows[30] = rows[30].replace("VOUCHER", "CNY")

    with pytest.raises(DBAPIError, match=f"transfer 30 of entry {SEQ} is refused"), writer.begin_nested():
        writer.execute(text(f"INSERT INTO transfer VALUES {', '.join(rows)}"))

    assert writer.scalar(text(f"SELECT count(*) FROM transfer WHERE seq = {SEQ}")) == 0


def test_the_check_runs_once_for_all_rows_of_a_statement(writer: Connection) -> None:
    """Row by row it would cost as many look-ups as there are rows, on every table that guards its rows."""
    of_each_row = writer.execute(
        text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgtype::int & 1 = 1 ORDER BY tgname")
    )

    assert of_each_row.scalars().all() == []
    assert writer.scalar(text("SELECT count(*) FROM pg_trigger WHERE tgname = 'transfer_is_checked'")) == 1


def test_rows_that_are_copied_in_are_checked_as_well(year: Year) -> None:
    """Row-level security leaves COPY no way straight into a table: only past a temporary one, and past the check."""
    with connect(year.database.writer_url) as connection:
        connection.execute("CREATE TEMPORARY TABLE arrived (LIKE transfer)")
        with connection.cursor().copy("COPY arrived FROM STDIN") as copy:
            copy.write_row((1, 2, 9, 987_654, 987_655, "VOUCHER", 1, None))

        with pytest.raises(psycopg.errors.CheckViolation, match="debit account 987654 does not exist"):
            connection.execute("INSERT INTO transfer SELECT * FROM arrived")
        connection.rollback()


def test_nothing_crosses_books(writer: Connection) -> None:
    writer.execute(
        text(
            f"INSERT INTO entry SELECT 2, {SEQ}, gen_random_uuid(), command, 0, template, effective_on, actor, "
            "citation, NULL, NULL, NULL, NULL, NULL, memo FROM entry WHERE seq = 2"
        )
    )
    with pytest.raises(DBAPIError, match="does not exist"):
        writer.execute(
            text(f"INSERT INTO transfer SELECT 2, {SEQ}, 1, debit, credit, asset, 1 FROM transfer WHERE seq = 2")
        )


# -- entries -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("seq = 2", "entry_pkey"),
        ("seq = 0", "entry_seq_check"),
        (f"reverses = {SEQ + 2}", "entry_check"),
        (f"reverses = {SEQ + 3}", "entry_check"),
        ("reverses = 4", "uq_entry_reverses"),
        ("second_person = actor", "entry_check"),
        ("id = (SELECT id FROM entry WHERE seq = 3)", "uq_entry_id"),
    ],
)
def test_a_bad_entry_is_refused(writer: Connection, change: str, says: str) -> None:
    writer.execute(text("CREATE TEMPORARY TABLE copy AS SELECT * FROM entry WHERE seq = 2"))
    writer.execute(text(f"UPDATE copy SET id = gen_random_uuid(), seq = {SEQ + 2}"))
    writer.execute(text(f"UPDATE copy SET {change}"))

    with pytest.raises(DBAPIError, match=says):
        writer.execute(text("INSERT INTO entry SELECT * FROM copy"))


# -- balances ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "change"),
    [
        ("toy:purse:a", "credits = debits + 1"),
        ("toy:source", "debits = credits + 1"),
        ("toy:bank:U", "debits = -1"),
        ("toy:bank:U", "credits = -1"),
    ],
)
def test_no_limited_account_is_overdrawn_whatever_writes_it(writer: Connection, address: str, change: str) -> None:
    with pytest.raises(DBAPIError) as refused:
        writer.execute(
            text(f"UPDATE balance SET {change} WHERE account = :account"), {"account": number(writer, address)}
        )

    assert isinstance(refused.value.orig, psycopg.errors.CheckViolation)


def test_a_free_account_may_go_below_nothing(writer: Connection) -> None:
    writer.execute(
        text("UPDATE balance SET credits = debits + 1 WHERE account = :account"),
        {"account": number(writer, "toy:bank:U")},
    )


@pytest.mark.parametrize(("debits", "credits_", "floor"), [(1, 2, "D"), (2, 1, "C"), (0, 0, "X"), (-1, 0, None)])
def test_no_account_begins_overdrawn_or_with_a_limit_that_is_none(
    writer: Connection, debits: int, credits_: int, floor: str | None
) -> None:
    with pytest.raises(DBAPIError) as refused:
        writer.execute(
            text("INSERT INTO balance VALUES (1, 901, :debits, :credits, 1, :floor)"),
            {"debits": debits, "credits": credits_, "floor": floor},
        )

    assert isinstance(refused.value.orig, psycopg.errors.CheckViolation)


def test_a_total_past_the_largest_number_is_an_error_and_never_wraps(writer: Connection) -> None:
    with pytest.raises(DBAPIError) as refused:
        writer.execute(text("UPDATE balance SET debits = 9223372036854775807, credits = credits + 9223372036854775807"))

    assert isinstance(refused.value.orig, psycopg.errors.NumericValueOutOfRange | psycopg.errors.CheckViolation)
