"""Signed heads in a file outside the database."""

import json
import threading
from collections.abc import Iterator
from datetime import date

import pytest
import toy
from databases import Database

from ledger import assembly
from ledger.assembly import BOOK, BOOK_CODE, Books
from ledger.bookkeeping.close_account import CloseAccount
from ledger.journal.anchors import Anchors, AnchorsUnreadable, anchor_head
from ledger.journal.blocks import Block, block_at
from ledger.journal.signing_key import SigningKeyUnusable


@pytest.fixture
def books(database: Database) -> Iterator[Books]:
    with Books(database.writer, clock=toy.clock_at(date(2017, 3, 1)), built=toy.toy_house()) as books:
        books.executor.run(toy.a_year())
        yield books


def fund(books: Books, key: str, amount: int = 1) -> None:
    assert books.executor.run(toy.Fund(**toy.by("P-1", key), amount=amount)).accepted


def head(database: Database) -> Block:
    with database.owner.connect() as connection:
        block = block_at(connection, BOOK, None)
        assert block
        return block


def blocks(anchors: Anchors) -> list[int]:
    return [anchor["block"] for anchor in anchors.read()]


def test_a_head_is_signed_every_so_many_blocks_at_every_closing_and_at_the_end(
    database: Database, anchors: Anchors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "ANCHOR_EVERY", 4)
    with Books(database.writer, anchors, toy.clock_at(date(2017, 3, 1)), built=toy.toy_house()) as books:
        books.executor.run(toy.a_year())
        for n in range(8):
            fund(books, f"fund-{n}")
        assert blocks(anchors) == [4, 8]
        books.executor.run(toy.Grant(**toy.by("P-1", "grant"), purse="a", amount=8))
        books.executor.run(toy.Hold(**toy.by("P-1", "hold"), purse="a", amount=8))
        assert blocks(anchors) == [4, 8]
        books.executor.run(CloseAccount(**toy.by("P-1", "close"), address="toy:purse:a", reason="empty"))
        assert blocks(anchors) == [4, 8, 12]
        fund(books, "last")

    assert blocks(anchors) == [4, 8, 12, 13]


def test_one_head_is_signed_once_and_an_older_one_never_after_it(
    books: Books, database: Database, anchors: Anchors
) -> None:
    old = head(database)
    fund(books, "fund")
    with database.owner.connect() as connection:
        for _ in range(3):
            anchor_head(connection, BOOK, BOOK_CODE, anchors)
    anchors.write(BOOK_CODE, old)

    assert blocks(anchors) == [2]


def test_a_book_without_a_block_has_no_head_to_sign(database: Database, anchors: Anchors) -> None:
    with database.owner.connect() as connection:
        assert anchor_head(connection, BOOK, BOOK_CODE, anchors) is None
    assert anchors.read() == []


def test_many_who_sign_at_once_for_the_first_time_have_one_key_and_one_line(
    books: Books, database: Database, anchors: Anchors
) -> None:
    fund(books, "fund")
    block = head(database)
    start = threading.Barrier(8)
    faults: list[BaseException] = []

    def sign() -> None:
        try:
            start.wait()
            anchors.write(BOOK_CODE, block)
        except BaseException as fault:  # noqa: BLE001  a thread's fault is the test's
            faults.append(fault)

    threads = [threading.Thread(target=sign) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert blocks(anchors) == [block.number]
    assert anchors.key_path.stat().st_mode & 0o777 == 0o600
    assert {file.name for file in anchors.path.parent.iterdir()} == {anchors.path.name, anchors.key_path.name}


def test_a_line_cut_short_by_a_power_cut_is_no_anchor_and_the_next_one_takes_its_place(
    books: Books, database: Database, anchors: Anchors
) -> None:
    anchors.write(BOOK_CODE, head(database))
    whole = anchors.path.read_bytes()
    for torn in (whole[:1], whole[: len(whole) // 2], whole[:-1]):
        anchors.path.write_bytes(whole + torn)
        assert blocks(anchors) == [1]

    fund(books, "fund")
    anchors.write(BOOK_CODE, head(database))

    assert blocks(anchors) == [1, 2]
    assert anchors.path.read_bytes().startswith(whole)


@pytest.mark.parametrize(
    "line",
    [
        *("not json", "17", "[]", "{}", "", '{"book": "main"}', "\ud800"),
        *({"block": "1"}, {"block": 0}, {"block": -1}, {"block": 2**63}, {"block": 1.5}, {"block": None}),
        *({"hash": 7}, {"signature": None}, {"public_key": []}, {"book": 1}, {"last_seq": "x"}, {"recorded_at": 0}),
    ],
)
def test_a_line_that_is_no_anchor_gets_a_sentence_with_its_number(
    books: Books, database: Database, anchors: Anchors, line: str | dict[str, object]
) -> None:
    books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=1))
    anchor = anchors.write(BOOK_CODE, head(database))
    spoiled = json.dumps(anchor | line) if isinstance(line, dict) else line
    with anchors.path.open("ab") as file:
        file.write(spoiled.encode("utf-8", "surrogatepass") + b"\n")

    with pytest.raises(AnchorsUnreadable, match="Line 2 of the anchors"):
        anchors.read()


@pytest.mark.parametrize("content", [b"", b"00", b"zz" * 32, b"\xff" * 32])
def test_a_key_that_is_none_gets_a_sentence_and_is_not_replaced(
    books: Books, database: Database, anchors: Anchors, content: bytes
) -> None:
    fund(books, "fund")
    anchors.key_path.write_bytes(content)

    with pytest.raises(SigningKeyUnusable, match="cannot be used"):
        anchors.write(BOOK_CODE, head(database))

    assert anchors.key_path.read_bytes() == content


def test_a_command_is_answered_though_its_head_cannot_be_signed(
    database: Database, anchors: Anchors, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the books: a broken key is the operator's trouble, and never the caller's answer."""
    monkeypatch.setattr(assembly, "ANCHOR_EVERY", 1)
    anchors.key_path.write_bytes(b"")
    books = Books(database.writer, anchors, toy.clock_at(date(2017, 3, 1)), built=toy.toy_house())
    books.executor.run(toy.a_year())
    answers = books.executor.submit_all([toy.Fund(**toy.by("P-1", f"f-{n}"), amount=1) for n in range(3)])

    assert all(answer.result().accepted and not answer.result().replayed for answer in answers)
    assert "what follows a commit failed" in caplog.text
    with pytest.raises(SigningKeyUnusable):
        books.close()
