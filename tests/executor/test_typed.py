"""Whatever an untyped caller sends in a field gets a sentence that names it; it never becomes a fault or a row."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import toy
from databases import Database

from ledger.amounts import AmountNotWhole, AmountOutOfRange, shown, whole_amount
from ledger.assembly import Books, house
from ledger.errors import Invalid, Spoken
from ledger.executor.commands import Command
from ledger.executor.typed import check_declared

DAY, NOON = date(2017, 3, 1), datetime(2017, 3, 1, 12, tzinfo=UTC)
HUGE = 10**5_000
"""More digits than Python is willing to write down."""

NOT = {
    str: (None, 3, 1.5, True, HUGE, DAY, b"x", [], ("a",), {"a": 1}, "a\0", "\ud800"),
    int: (None, 1.5, float("nan"), Decimal(1), True, "1", [1], DAY, 2**63, -HUGE),
    bool: (None, 0, 1, "true", [], 1.0),
    date: (None, "2017-02-30", "2017-03-01", NOON, 20170301, 1.5, []),
    datetime: (None, "2017-03-01T12:00", DAY, 1488340800, 1.5),
    tuple: (None, 3, "ab", {"a": 1}, 1.5),
}
"""What each kind of field cannot be."""

COMMANDS = sorted(house().registry().commands, key=lambda kind: kind.kind)


def fitting(declared: Any) -> Any:  # noqa: ANN401  any annotation
    """Some value of a declared type."""
    if get_origin(declared) is tuple:
        item, *rest = get_args(declared)
        return (fitting(item),) if rest == [Ellipsis] else tuple(map(fitting, (item, *rest)))
    if get_origin(declared) is UnionType:
        return fitting(next(part for part in get_args(declared) if part is not NoneType))
    if dataclasses.is_dataclass(declared):
        return whole(declared)
    if issubclass(declared, StrEnum):
        return next(iter(declared))
    return {str: "x", int: 1, bool: True, date: DAY, datetime: NOON}[declared]


def whole(kind: Any, **changed: object) -> Any:  # noqa: ANN401  any dataclass
    hints = get_type_hints(kind)
    return kind(**{field.name: fitting(hints[field.name]) for field in dataclasses.fields(kind)} | changed)


def unfitting(declared: Any) -> Iterator[object]:  # noqa: ANN401  any annotation
    """Values that are not of a declared type, its parts included."""
    origin, parts = get_origin(declared), get_args(declared)
    if origin is UnionType:
        rest = next(part for part in parts if part is not NoneType)
        yield from (value for value in unfitting(rest) if value is not None)
    elif origin is tuple:
        yield from NOT[tuple]
        if parts[-1] is Ellipsis:
            yield from ((fitting(parts[0]), wrong) for wrong in unfitting(parts[0]))
        else:
            yield (*map(fitting, parts), fitting(parts[0]))
            yield from ((wrong, *map(fitting, parts[1:])) for wrong in unfitting(parts[0]))
    elif dataclasses.is_dataclass(declared):
        yield from (None, 3, "x", {"a": 1}, ("x",))
        for name, part in get_type_hints(declared).items():
            yield from (whole(declared, **{name: wrong}) for wrong in unfitting(part))
    else:
        yield from NOT[str if issubclass(declared, StrEnum) else declared]


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.kind)
def test_every_field_of_every_command_is_what_it_is_declared_to_be(kind: type[Command]) -> None:
    """Both at the door alone and before anything else: what cannot be read never gets as far as the database."""
    registry = house().registry()
    check_declared(whole(kind))

    for name, declared in get_type_hints(kind).items():
        if name in {"kind", "personal"}:
            continue
        for wrong in unfitting(declared):
            command = whole(kind, **{name: wrong})
            with pytest.raises(Invalid) as refused:
                check_declared(command)
            assert said(refused.value), (name, shown(wrong))
            with pytest.raises(Invalid) as refused:
                registry.reads(command)
            assert said(refused.value), (name, shown(wrong))


def said(sentence: Spoken) -> bool:
    """Short, in both languages, without a letter that a terminal chokes on."""
    return all(len(text) < 300 and text.isprintable() for text in (sentence.say("zh"), sentence.say("en")))


def test_the_field_and_its_value_are_named() -> None:
    with pytest.raises(Invalid) as refused:
        check_declared(dataclasses.replace(toy.Grant(**toy.by("P-1", "g"), purse="a", amount=1), purse=7))  # type: ignore[arg-type]  # on purpose

    assert refused.value.say("en") == "purse is to be text that can be stored, not “7”. Correct it and send again."
    assert refused.value.say("zh") == "purse 应为可存储的文字，现为“7”。请改正后再提交。"


@pytest.mark.parametrize("amount", [HUGE, -HUGE, [HUGE], "x" * 5_000, "\ud800\n"], ids=shown)
def test_a_value_of_any_size_fits_its_sentence(amount: object) -> None:
    with pytest.raises((AmountNotWhole, AmountOutOfRange)) as refused:
        whole_amount(amount)

    assert said(refused.value)


def test_what_cannot_be_read_is_not_stored_and_touches_nobody_else(database: Database) -> None:
    with Books(database.writer, clock=toy.clock_at(DAY), built=toy.toy_house()) as books:
        books.executor.run(toy.a_year())
        wrong: Any = [7]
        bad = toy.Grant(**toy.by("P-1", "bad"), purse=wrong, amount=1)
        good = toy.Fund(**toy.by("P-1", "good"), amount=1_00)

        first, second = books.executor.submit_all([bad, good])

        with pytest.raises(Invalid, match="purse is to be text"):
            first.result()
        assert second.result().accepted
        with database.owner.connect() as connection:
            kept = connection.exec_driver_sql("SELECT key FROM command ORDER BY block, position").scalars().all()
        assert kept == ["open-2017", "good"]
