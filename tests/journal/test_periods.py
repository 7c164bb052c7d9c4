"""Periods go one way; what was filed stands; corrections are reversals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
import toy
from databases import Database
from sqlalchemy import text

from ledger.assembly import BOOK, Books
from ledger.bookkeeping.close_account import CloseAccount
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_book import OpenBook
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.executor.clock import SimulatedClock
from ledger.executor.commands import Answer, Command
from ledger.journal.balances import TrialLine, balance, trial_balance
from ledger.journal.verify import Verification

NEW_YEAR = date(2018, 1, 2)


@dataclass(slots=True)
class Office:
    """A keeper of the books; every request gets a key of its own."""

    books: Books
    clock: SimulatedClock
    database: Database
    requests: int = 0

    def ask(self, kind: type[Command], person: str = "P-1", **fields: object) -> Answer:
        self.requests += 1
        return self.books.executor.run(kind(**toy.by(person, f"request-{self.requests}"), **fields))

    def do(self, kind: type[Command], **fields: object) -> Answer:
        answer = self.ask(kind, **fields)
        assert answer.accepted, answer.body
        return answer

    def refused(self, kind: type[Command], **fields: object) -> str:
        """The code of the refusal."""
        answer = self.ask(kind, **fields)
        assert not answer.accepted
        return str(answer.body["code"])

    def close_year(self, year: int) -> None:
        for step in ("adjusting", "closed"):
            self.do(ClosePeriod, period=str(year), to=step, second_person="P-2")

    def open_year(self, year: int) -> str | None:
        fields = {"period": str(year), "starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
        answer = self.ask(OpenPeriod, **fields)
        return None if answer.accepted else str(answer.body["code"])

    def verify(self) -> Verification:
        with self.database.owner.connect() as connection:
            return toy.toy_house().verifier().verify(connection, [])

    def standing(self, address: str, day: date | None = None) -> int:
        with self.database.owner.connect() as connection:
            return balance(connection, BOOK, address, day).standing


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """2017 and 2018 are open; it is a day of December 2017."""
    clock = toy.clock_at(date(2017, 12, 20))
    with Books(database.writer, clock=clock, built=toy.toy_house()) as books:
        office = Office(books, clock, database)
        books.executor.run(toy.a_year())
        assert office.open_year(2018) is None
        office.do(toy.Fund, amount=100)
        yield office


# -- the order ---------------------------------------------------------------------------------------------------------


def test_a_period_is_open_then_adjusting_then_closed_and_never_goes_back(office: Office) -> None:
    step = {"period": "2017", "second_person": "P-2"}
    office.clock.move_to(NEW_YEAR)

    for wanted in ("closed", "open", "shut", ""):
        assert office.refused(ClosePeriod, to=wanted, **step) == "PeriodStepOutOfOrder"
    office.do(ClosePeriod, to="adjusting", **step)
    for wanted in ("open", "adjusting"):
        assert office.refused(ClosePeriod, to=wanted, **step) == "PeriodStepOutOfOrder"
    office.do(ClosePeriod, to="closed", **step)
    for wanted in ("open", "adjusting", "closed"):
        assert office.refused(ClosePeriod, to=wanted, **step) == "PeriodStepOutOfOrder"
    assert office.refused(ClosePeriod, to="adjusting", period="1999", second_person="P-2") == "NotFound"
    assert office.verify().ok


def test_it_is_not_closed_before_it_is_over_nor_by_one_person(office: Office) -> None:
    office.clock.move_to(date(2017, 12, 31))
    assert office.refused(ClosePeriod, period="2017", to="adjusting", second_person="P-2") == "PeriodNotOver"
    office.clock.move_to(date(2018, 1, 1), hour=0)
    for nobody_else in ("P-1", "", " ", " P-1 "):
        refusal = office.refused(ClosePeriod, period="2017", to="adjusting", second_person=nobody_else)
        assert refusal == "TwoSignaturesNeeded"
    office.do(ClosePeriod, period="2017", to="adjusting", second_person="P-2")


def test_periods_do_not_overlap_and_a_book_is_opened_once(office: Office) -> None:
    def open_(code: str, first: date, last: date) -> str:
        return office.refused(OpenPeriod, period=code, starts_on=first, ends_on=last)

    assert open_("2018", date(2030, 1, 1), date(2030, 12, 31)) == "PeriodExists"
    assert open_("x", date(2018, 12, 31), date(2019, 1, 1)) == "PeriodOverlaps"
    assert open_("x", date(2000, 1, 1), date(2030, 1, 1)) == "PeriodOverlaps"
    assert open_("x", date(2020, 1, 2), date(2020, 1, 1)) == "PeriodBackwards"
    again = {"period": "x", "starts_on": date(2020, 1, 1), "ends_on": date(2020, 1, 2)}
    assert office.refused(OpenBook, **again) == "BookAlreadyOpen"
    office.do(OpenPeriod, period="one day", starts_on=date(2019, 1, 1), ends_on=date(2019, 1, 1))


def test_what_comes_before_a_closed_period_is_closed_before_it_and_nothing_is_opened_there(office: Office) -> None:
    """Otherwise an entry dated earlier would change what was filed."""
    assert office.open_year(2016) is None
    office.clock.move_to(NEW_YEAR)
    office.do(ClosePeriod, period="2017", to="adjusting", second_person="P-2")

    assert office.refused(ClosePeriod, period="2017", to="closed", second_person="P-2") == "EarlierPeriodOpen"
    office.close_year(2016)
    office.do(ClosePeriod, period="2017", to="closed", second_person="P-2")

    assert office.open_year(2015) == "PeriodBeforeClosed"
    assert office.open_year(2019) is None
    assert office.verify().ok


# -- dates -------------------------------------------------------------------------------------------------------------


def test_an_entry_is_dated_today_or_earlier_with_a_reason_and_a_second_person(office: Office) -> None:
    def fund(day: date, second: str = "P-2") -> str | None:
        answer = office.ask(toy.Fund, amount=1, effective_on=day, second_person=second)
        return None if answer.accepted else str(answer.body["code"])

    assert fund(date(2017, 12, 21)) == "NotYet"
    assert fund(date(2016, 12, 31)) == "NoPeriod"
    for nobody_else in ("", " ", "P-1", "P-1 "):
        assert fund(date(2017, 12, 19), nobody_else) == "BackdatingUnconfirmed"
        assert fund(date(2017, 12, 20), nobody_else) == "BackdatingUnconfirmed", (
            "said, though not needed, so it must hold"
        )
    assert fund(date(2017, 12, 20)) is None
    assert fund(date(2017, 12, 19)) is None
    assert fund(date(2017, 1, 1)) is None


def test_an_adjusting_period_takes_confirmed_entries_only_and_a_closed_one_none(office: Office) -> None:
    last_day = {"amount": 1, "effective_on": date(2017, 12, 31)}
    office.clock.move_to(NEW_YEAR)
    office.do(ClosePeriod, period="2017", to="adjusting", second_person="P-2")
    assert office.refused(toy.Fund, **last_day) == "BackdatingUnconfirmed"
    office.do(toy.Fund, second_person="P-2", **last_day)
    office.do(ClosePeriod, period="2017", to="closed", second_person="P-2")

    assert office.refused(toy.Fund, second_person="P-2", **last_day) == "PeriodClosed"
    office.do(toy.Fund, amount=1)
    assert office.verify().ok


# -- what was filed ----------------------------------------------------------------------------------------------------


def test_a_report_as_filed_and_as_now_known_differ_by_what_was_entered_late(office: Office) -> None:
    office.do(toy.Grant, purse="a", amount=30)
    office.clock.move_to(NEW_YEAR)
    filed_at = office.clock.now()
    office.clock.move_to(date(2018, 1, 9))
    late = {"effective_on": date(2017, 12, 30), "second_person": "P-2"}
    office.do(toy.Fund, amount=7, **late)
    office.do(toy.Grant, purse="b", amount=5, **late)
    office.do(toy.Grant, purse="a", amount=2)

    with office.database.owner.connect() as connection:
        end = date(2017, 12, 31)
        filed = trial_balance(connection, BOOK, end, filed_at)
        known = trial_balance(connection, BOOK, end)
        now = trial_balance(connection, BOOK)

    assert sums(filed) == {"toy:source": (0, 100), "toy:fund": (100, 30), "toy:purse:a": (30, 0)}
    assert difference(filed, known) == {"toy:source": (0, 7), "toy:fund": (7, 5), "toy:purse:b": (5, 0)}
    assert difference(known, now) == {"toy:fund": (0, 2), "toy:purse:a": (2, 0)}
    for lines in (filed, known, now):
        assert sum(line.debits - line.credits for line in lines) == 0


def sums(lines: list[TrialLine]) -> dict[str, tuple[int, int]]:
    return {line.address: (line.debits, line.credits) for line in lines}


def difference(before: list[TrialLine], after: list[TrialLine]) -> dict[str, tuple[int, int]]:
    old, new = sums(before), sums(after)
    changed = {a: (new[a][0] - old.get(a, (0, 0))[0], new[a][1] - old.get(a, (0, 0))[1]) for a in new}
    return {address: both for address, both in changed.items() if any(both)}


def test_the_balances_stored_at_the_close_are_those_of_the_last_day(office: Office) -> None:
    office.do(toy.Grant, purse="a", amount=30)
    office.clock.move_to(NEW_YEAR)
    office.do(toy.Grant, purse="a", amount=4)
    office.close_year(2017)
    office.do(toy.Grant, purse="a", amount=5)

    with office.database.owner.connect() as connection:
        stored = connection.execute(
            text("SELECT a.address, p.debits, p.credits FROM period_balance p JOIN account a ON a.id = p.account")
        )
        assert {address: (debits, credits_) for address, debits, credits_ in stored} == sums(
            trial_balance(connection, BOOK, date(2017, 12, 31))
        )
    assert office.standing("toy:purse:a", date(2017, 12, 31)) == 30
    assert office.standing("toy:purse:a") == 39
    assert office.verify().ok


def test_a_period_is_not_closed_over_an_account_that_was_overdrawn_on_its_last_day(office: Office) -> None:
    """A late entry can take what came after its date: today's balance allows it, the year's end does not."""
    office.clock.move_to(NEW_YEAR)
    office.do(toy.Fund, amount=50)
    late = {"effective_on": date(2017, 12, 31), "second_person": "P-2"}
    office.do(toy.Grant, purse="a", amount=120, **late)
    assert office.standing("toy:fund", date(2017, 12, 31)) == -20
    office.do(ClosePeriod, period="2017", to="adjusting", second_person="P-2")

    assert office.refused(ClosePeriod, period="2017", to="closed", second_person="P-2") == "OverdrawnAtPeriodEnd"
    office.do(ReverseEntry, seq=3, effective_on=date(2017, 12, 31), reason="too early", second_person="P-2")
    office.do(ClosePeriod, period="2017", to="closed", second_person="P-2")
    assert office.verify().ok


# -- corrections -------------------------------------------------------------------------------------------------------


def test_an_entry_is_taken_back_once_by_its_mirror_image(office: Office) -> None:
    office.do(toy.Grant, purse="a", amount=30)
    office.do(toy.Hold, purse="a", amount=20)
    office.do(toy.Spend, purse="a", amount=12)
    back = {"seq": 4, "effective_on": date(2017, 12, 20), "reason": "wrong purse", "second_person": "P-2"}

    office.do(ReverseEntry, **back)

    assert [office.standing(f"toy:{name}") for name in ("purse:a", "held:a", "spent", "bank:U", "income:U")] == [
        *(10, 20, 0, 0, 0)
    ]
    assert office.refused(ReverseEntry, **back) == "AlreadyReversed"
    assert office.refused(ReverseEntry, **(back | {"seq": 5})) == "ReversalOfReversal"
    assert office.refused(ReverseEntry, **(back | {"seq": 99})) == "NotFound"
    assert office.verify().ok


def test_a_reversal_needs_a_reason_a_second_person_and_a_day_not_before_the_original(office: Office) -> None:
    back = {"seq": 1, "effective_on": date(2017, 12, 20), "reason": "wrong letter", "second_person": "P-2"}

    assert office.refused(ReverseEntry, **(back | {"reason": "  "})) == "ReasonMissing"
    for nobody_else in ("", " ", "P-1", " P-1"):
        assert office.refused(ReverseEntry, **(back | {"second_person": nobody_else})) == "SecondPersonNeeded"
    assert office.refused(ReverseEntry, **(back | {"effective_on": date(2017, 12, 19)})) == "ReversalBeforeOriginal"
    assert office.refused(ReverseEntry, **(back | {"effective_on": date(2017, 12, 21)})) == "NotYet"


def test_what_was_spent_since_cannot_be_taken_back(office: Office) -> None:
    office.do(toy.Grant, purse="a", amount=30)
    back = {"seq": 1, "effective_on": date(2017, 12, 20), "reason": "no letter", "second_person": "P-2"}

    assert office.refused(ReverseEntry, **back) == "NotEnough"
    assert office.standing("toy:fund") == 70


def test_an_account_is_closed_empty_once_and_takes_nothing_more(office: Office) -> None:
    office.do(toy.Grant, purse="a", amount=30)
    assert office.refused(CloseAccount, address="toy:purse:a", reason="unused") == "AccountNotEmpty"
    assert office.refused(CloseAccount, address="toy:purse:z", reason="unused") == "NotFound"
    office.do(toy.Hold, purse="a", amount=30)
    assert office.refused(CloseAccount, address="toy:purse:a", reason="") == "ReasonMissing"
    office.do(CloseAccount, address="toy:purse:a", reason="unused")

    assert office.refused(CloseAccount, address="toy:purse:a", reason="unused") == "AccountClosed"
    for kind in (toy.Grant, toy.Release):
        assert office.refused(kind, purse="a", amount=1) == "AccountClosed"
    hold_back = {"seq": 3, "effective_on": date(2017, 12, 20), "reason": "unused", "second_person": "P-2"}
    assert office.refused(ReverseEntry, **hold_back) == "AccountClosed"
    office.do(toy.Spend, purse="a", amount=30)
    assert office.verify().ok
