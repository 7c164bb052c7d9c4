"""Texts: names of any length and kind come back as a sentence, never as a fault of the store."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Spoken
from ledger.executor.commands import Command
from ledger.registry.text import (
    ChoiceUnknown,
    DateUnreadable,
    NotText,
    NumberNotWhole,
    TextMissing,
    TextTooLong,
    TextUnprintable,
    checked_choice,
    checked_date,
    checked_name,
    readable,
    shown,
)
from ledger.registry.values import Role


@dataclass(frozen=True, slots=True)
class Part:
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Command):
    kind: ClassVar[str] = "test.say"
    words: tuple[str, ...] = ()
    part: Part = Part("")
    n: int = 0


def say(**facts: object) -> Say:
    return Say(tenant="t", key="k", actor="a", **facts)


@pytest.mark.parametrize("name", ["缙云县生产力促进中心", "Ångström & Söhne GmbH", "𠮷野家", "a" * 200, "  spaced  "])
def test_a_name_is_taken_without_the_blanks_around_it(name: str) -> None:
    assert checked_name(name, "名称", "name") == name.strip()


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("", TextMissing),
        (" \u3000 ", TextMissing),
        ("a" * 201, TextTooLong),
        ("名" * 10_000, TextTooLong),
        ("a\x00b", TextUnprintable),
        ("a\nb", TextUnprintable),
        ("a\x1b[31mb", TextUnprintable),
        ("a\u202eb", TextUnprintable),  # turns the direction of what follows
        ("a\u200bb", TextUnprintable),  # has no width
        ("a\ud800b", TextUnprintable),  # half a character: no encoding has it
        (None, NotText),
        (7, NotText),
        (b"name", NotText),
    ],
)
def test_a_name_that_cannot_stand_is_refused_with_a_sentence(name: object, refusal: type[Spoken]) -> None:
    with pytest.raises(refusal) as refused:
        checked_name(name, "名称", "name")

    for language in ("zh", "en"):
        sentence = refused.value.say(language)
        assert sentence.isprintable()
        assert len(sentence) < 200
    assert "名称" in refused.value.say("zh")
    assert "name" in refused.value.say("en")


@given(st.text(max_size=300))
def test_a_name_is_stored_as_it_was_checked_or_refused(name: str) -> None:
    try:
        taken = checked_name(name, "名称", "name")
    except Spoken as refused:
        taken = refused.say("zh")
    else:
        assert taken == name.strip()

    assert taken.encode("utf-8")
    assert "\0" not in taken


@pytest.mark.parametrize(
    "command",
    [
        say(words=("fine", "not\x00")),
        say(part=Part("a" * 10_000)),
        Say(tenant="t", key="k", actor="a\x00"),
        Say(tenant="t", key="k" * 10_000, actor="a"),
    ],
)
def test_every_text_of_a_command_is_looked_at(command: Say) -> None:
    with pytest.raises((TextUnprintable, TextTooLong)):
        readable(command, frozenset())


@pytest.mark.parametrize("n", [1.0, 1.5, float("nan"), Decimal(1)])
def test_a_number_that_is_not_whole_is_told_its_field(n: object) -> None:
    with pytest.raises(NumberNotWhole, match="n cannot be"):
        readable(say(n=n), frozenset())


def test_a_readable_command_gives_its_keys() -> None:
    assert readable(say(words=("fine",), n=3), frozenset()) == frozenset()


def test_a_word_outside_a_closed_list_is_told_the_list() -> None:
    with pytest.raises(ChoiceUnknown) as refused:
        checked_choice(Role, "king", "职责", "role")

    assert "unit-officer" in refused.value.say("en")
    assert checked_choice(Role, "finance", "职责", "role") is Role.FINANCE


@pytest.mark.parametrize("value", ["2017-01-01", datetime(2017, 1, 1, tzinfo=UTC), None, 20170101])
def test_only_a_date_is_a_date(value: object) -> None:
    with pytest.raises(DateUnreadable):
        checked_date(value, "日期", "date")

    assert checked_date(date(2017, 1, 1), "日期", "date") == date(2017, 1, 1)


def test_what_is_shown_fits_a_line() -> None:
    assert shown("短") == "短"
    assert shown("\x00\n" * 100) == "�" * 40 + "…"
