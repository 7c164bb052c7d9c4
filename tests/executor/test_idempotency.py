"""A key happens once: its answer is given again, to the person who sends the same."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import toy
from databases import Database
from plugs import Opener
from reading_back import everything, one, rows, standing, verify

from ledger.amounts import AmountOutOfRange
from ledger.assembly import Books
from ledger.executor.idempotency import KeyReused
from ledger.executor.typed import FieldUnreadable, NumberNotWhole

GRANT = toy.Grant(**toy.by("P-1", "grant"), purse="a", amount=10)


def test_the_same_key_and_body_get_the_stored_answer_and_change_nothing(books: Books, database: Database) -> None:
    first = books.executor.run(GRANT)
    before = everything(database)

    again = books.executor.run(replace(GRANT))

    assert again == replace(first, replayed=True)
    assert not first.replayed
    assert everything(database) == before


def test_the_same_key_with_another_body_is_told_what_differs_and_changes_nothing(
    books: Books, database: Database
) -> None:
    books.executor.run(GRANT)
    before = everything(database)

    for other, fields in (
        (replace(GRANT, amount=11), "amount"),
        (replace(GRANT, purse="b", amount=11), "amount, purse"),
        (replace(GRANT, effective_on=toy.date(2017, 2, 1)), "effective_on"),
        (toy.Hold(**toy.by("P-1", "grant"), purse="a", amount=10), "kind"),
        (toy.Fund(**toy.by("P-1", "grant"), amount=12), "kind, amount, purse"),
    ):
        with pytest.raises(KeyReused) as refused:
            books.executor.run(other)
        assert refused.value.facts == {"key": "grant", "fields": fields}
        for language in ("zh", "en"):
            assert fields in refused.value.say(language)
    assert everything(database) == before


def test_who_signs_under_a_colleagues_key_is_not_told_that_it_has_signed(books: Books, database: Database) -> None:
    books.executor.run(GRANT)
    before = everything(database)

    with pytest.raises(KeyReused) as refused:
        books.executor.run(replace(GRANT, actor="P-2"))

    assert refused.value.facts == {"key": "grant", "fields": "actor"}
    assert everything(database) == before


def test_a_key_is_one_tenant_s_own(books: Books, database: Database) -> None:
    for tenant in ("K", "U", "K:grant", ""):
        assert not books.executor.run(replace(GRANT, tenant=tenant)).replayed

    assert standing(database)["toy:purse:a"] == 40


@pytest.mark.parametrize(
    ("key", "tenant"),
    [("x" * 300, "K"), ("钥匙", "科委"), ("'; DROP TABLE entry; --", "%s"), ("a\nb", "c\td"), ("", "")],
)
def test_any_text_is_a_key(books: Books, key: str, tenant: str) -> None:
    strange = replace(GRANT, key=key, tenant=tenant)

    assert books.executor.run(strange).accepted
    assert books.executor.run(strange).replayed


def test_two_pairs_of_tenant_and_key_never_share_an_id() -> None:
    one = replace(GRANT, tenant="K", key="a\nb")
    other = replace(GRANT, tenant="K\na", key="b")

    assert one.id_in("main") != other.id_in("main")
    assert one.number("G") != other.number("G")


# -- refusals and faults -----------------------------------------------------------------------------------------------


def test_a_refusal_sticks_even_when_its_reason_has_gone(books: Books, database: Database) -> None:
    too_much = replace(GRANT, amount=2_000_00)
    refused = books.executor.run(too_much)
    books.executor.run(toy.Fund(**toy.by("P-1", "more"), amount=5_000_00))

    again = books.executor.run(too_much)

    assert (refused.accepted, refused.body["code"]) == (False, "NotEnough")
    assert again == replace(refused, replayed=True)
    assert "toy:purse:a" not in standing(database)
    assert books.executor.run(replace(too_much, key="another")).accepted


def test_a_stored_refusal_keeps_both_sentences_and_the_facts(books: Books) -> None:
    body = books.executor.run(replace(GRANT, amount=2_000_00)).body

    assert body["zh"] == "基金（toy:fund）余额 1,000.00，需要 2,000.00，不足。请减少金额，或先补充后再提交。"
    assert body["en"].startswith("fund (toy:fund) holds 1,000.00, and 2,000.00 is needed.")
    assert body["facts"] == {
        "account_zh": "基金",
        "account_en": "fund",
        "address": "toy:fund",
        "available": "1,000.00",
        "needed": "2,000.00",
    }


def test_a_fault_is_not_stored_and_the_same_key_may_try_again(books: Books, database: Database) -> None:
    before = everything(database)

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            books.executor.run(toy.Explode(**toy.by("P-1", "grant")))

    assert everything(database) == before
    assert books.executor.run(GRANT).accepted


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        *((0, AmountOutOfRange), (-1, AmountOutOfRange), (10**15 + 1, AmountOutOfRange), (2**63, FieldUnreadable)),
        *((10**30, FieldUnreadable), (True, FieldUnreadable), (1.0, NumberNotWhole), ("1", FieldUnreadable)),
        (None, FieldUnreadable),
    ],
)
def test_what_cannot_be_read_is_told_and_not_stored(
    books: Books, database: Database, amount: object, error: type[Exception]
) -> None:
    before = everything(database)

    with pytest.raises((error, TypeError)) as told:
        books.executor.run(replace(GRANT, amount=amount))

    assert isinstance(told.value, error)
    assert everything(database) == before
    assert books.executor.run(GRANT).accepted


# -- many at once ------------------------------------------------------------------------------------------------------


def test_twenty_callers_with_one_key_have_one_execution_and_one_answer(books: Books, database: Database) -> None:
    with ThreadPoolExecutor(20) as callers:
        answers = list(callers.map(books.executor.run, [GRANT] * 20))

    assert sum(not answer.replayed for answer in answers) == 1
    assert len({(answer.command, answer.block, str(answer.body)) for answer in answers}) == 1
    assert standing(database)["toy:purse:a"] == 10
    assert one(database, "SELECT count(*) FROM command WHERE key = 'grant'") == 1


def test_one_key_at_two_executors_and_in_one_burst_executes_once(
    books: Books, open_books: Opener, database: Database
) -> None:
    other = open_books()
    for n in range(10):
        command = replace(GRANT, key=f"both-{n}")
        futures = [each.executor.submit_all([command] * 3) for each in (books, other)]
        answers = [future.result() for burst in futures for future in burst]
        assert sum(not answer.replayed for answer in answers) == 1

    assert standing(database)["toy:purse:a"] == 100
    assert verify(database).ok


def test_one_key_for_two_things_at_two_executors_executes_one_and_tells_the_other(
    books: Books, open_books: Opener, database: Database
) -> None:
    """They share no purse: only the key itself keeps them apart."""
    other = open_books()
    for n in range(10):
        commands = [replace(GRANT, key=f"race-{n}", purse=purse) for purse in "ab"]
        futures = [each.executor.submit(command) for each, command in zip((books, other), commands, strict=True)]
        faults = [future.exception() for future in futures]
        assert sorted(type(fault).__name__ for fault in faults) == ["KeyReused", "NoneType"]

    purses = standing(database)
    assert purses.get("toy:purse:a", 0) + purses.get("toy:purse:b", 0) == 100


# -- personal data -----------------------------------------------------------------------------------------------------

HELLO = toy.Introduce(**toy.by("P-1", "hello"), name="王小明", purpose="visit")


def test_the_books_hold_a_salted_digest_and_the_name_stands_apart(books: Books, database: Database) -> None:
    books.executor.run(HELLO)
    books.executor.run(replace(HELLO, key="again"))

    requests = [request for (request,) in rows(database, "SELECT request FROM command WHERE kind = 'toy.introduce'")]
    assert all(set(request) == {"name", "purpose"} and set(request["name"]) == {"digest"} for request in requests)
    assert requests[0]["name"] != requests[1]["name"]
    assert all(request["purpose"] == "visit" for request in requests)
    assert rows(database, "SELECT field, value FROM personal") == [("name", "王小明")] * 2
    for table in ("command", "entry", "block"):
        assert one(database, f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%王小明%'") == 0


def test_another_name_under_the_same_key_is_told_apart_by_its_digest(books: Books) -> None:
    books.executor.run(HELLO)

    assert books.executor.run(HELLO).replayed
    with pytest.raises(KeyReused, match="what differs: name"):
        books.executor.run(replace(HELLO, name="王小红"))


def test_a_name_can_be_erased_and_every_proof_stands(books: Books, database: Database) -> None:
    first = books.executor.run(HELLO)
    with database.owner.begin() as connection:
        connection.exec_driver_sql("DELETE FROM personal")

    assert verify(database).ok
    assert books.executor.run(HELLO) == replace(first, replayed=True)
    assert books.executor.run(replace(HELLO, name="王小红")).replayed, "what was erased cannot be compared"
    with pytest.raises(KeyReused, match="what differs: purpose"):
        books.executor.run(replace(HELLO, purpose="work"))
    assert rows(database, "SELECT * FROM personal") == []
    assert verify(database).ok
