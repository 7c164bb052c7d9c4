"""`vledger period` on a programme's books: what is listed, filed, compared, opened, closed, and asked before."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from databases import Database
from office import BUREAU, UNIT
from programme import Programme, open_programme
from typer.testing import CliRunner, Result

from api.books import open_books
from api.cli.main import build
from ledger.assembly import BOOK
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.errors import NotFound, Spoken
from ledger.fees.values import BillLine
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_person import Post, RegisterPerson
from ledger.registry.values import SYSTEM, Role
from ledger.reports.periods import Sides, period_report

LAST_DAY = date(2017, 12, 31)


@dataclass(frozen=True, slots=True)
class Keeper:
    """A bill of 106 yuan of 1 March 2017; it is January 2018."""

    programme: Programme
    bill_entry: int

    def close(self, to: str, *more: str, input: str | None = None) -> Result:  # noqa: A002  as the runner names it
        finance, second = (self.programme.people[name] for name in ("finance", "second finance"))
        words = ("period", "close", "2017", "--to", to, "--as", finance, "--second", second)
        return vledger(*words, *more, input=input)

    def take_the_bill_back(self) -> None:
        self.programme.do(
            ReverseEntry,
            "finance",
            seq=self.bill_entry,
            effective_on=LAST_DAY,
            reason="重复开票",
            second_person=self.programme.people["second finance"],
        )


@pytest.fixture
def keeper(here: Database) -> Iterator[Keeper]:
    with open_programme(here) as programme:
        programme.issue_bill("20170000000000000001", BillLine("测试", None, 1, 106_00))
        ((seq,),) = programme.rows("SELECT seq FROM entry WHERE template = 'fee.bill'")
        programme.move(to=date(2018, 1, 5))
        yield Keeper(programme, seq)


def vledger(*words: str, input: str | None = None) -> Result:  # noqa: A002  as the runner names it
    return CliRunner().invoke(build(words), list(words), input=input)


def read(*words: str) -> Any:  # noqa: ANN401  any JSON value
    answer = vledger("period", *words, "--json")
    assert answer.exit_code == 0, (answer.output, answer.exception)
    return json.loads(answer.stdout)


# -- reading -----------------------------------------------------------------------------------------------------------


def test_every_period_is_listed_with_its_last_step(keeper: Keeper) -> None:
    before = read("list")["periods"]
    closed = json.loads(keeper.close("adjusting", "--yes", "--json").stdout)
    after = read("list")["periods"]

    assert [(p["period"], p["starts_on"], p["ends_on"], p["status"]) for p in before] == [
        (str(year), f"{year}-01-01", f"{year}-12-31", "open") for year in (2017, 2018, 2019)
    ]
    assert after[1:] == before[1:]
    assert after[0] == before[0] | {
        "status": "adjusting",
        "signatures": [keeper.programme.people[name] for name in ("finance", "second finance")],
        "block": closed["block"],
    }


def test_a_period_is_shown_with_each_step_and_what_is_unfinished(keeper: Keeper) -> None:
    keeper.programme.letter()
    waits = keeper.programme.apply(50_000_00)
    keeper.close("adjusting", "--yes")

    shown = read("show", "2017")

    assert waits not in shown["unfinished"]
    assert [step["status"] for step in shown["steps"]] == ["open", "adjusting"]
    assert shown["unfinished"] == []
    assert "No work is unfinished." in vledger("period", "show", "2017").stdout


def test_a_period_that_is_not_there_is_named(keeper: Keeper) -> None:
    assert keeper
    for words in (
        ("show", "1999"),
        ("report", "1999"),
        ("close", "1999", "--to", "closed", "--as", "a", "--second", "b"),
    ):
        answer = vledger("period", *words)

        assert isinstance(answer.exception, NotFound)
        assert "1999" in answer.exception.say("zh")


# -- as filed and as now known -----------------------------------------------------------------------------------------


def test_a_period_that_was_never_filed_shows_what_is_known_now(keeper: Keeper) -> None:
    found = read("report", "2017")

    assert keeper
    assert (found["status"], found["filed"], found["differing"]) == ("open", None, [])
    assert {line["asset"]: line["known"] for line in found["totals"] if line["entity"] == UNIT} == {
        "CNY": {"debits": 106_00, "credits": 106_00}
    }
    assert {(line["filed"], line["difference"]) for line in found["totals"]} == {(None, None)}
    assert "Nothing was filed yet" in vledger("period", "report", "2017").stdout


TAKEN_BACK = {
    "fees:income": (100_00, 0),
    "fees:open": (0, 106_00),
    "fees:vat": (6_00, 0),
}
"""Debits and credits that taking the bill back adds."""


def test_what_was_entered_late_is_the_difference_from_what_was_filed(keeper: Keeper) -> None:
    """Both are recorded at one instant: what was known is told by entries, not by the clock."""
    keeper.close("adjusting", "--yes")
    at_once = read("report", "2017")
    keeper.take_the_bill_back()

    found = read("report", "2017")

    assert at_once["differing"] == []
    (total,) = [line for line in found["totals"] if line["entity"] == UNIT]
    assert total["filed"] == {"debits": 106_00, "credits": 106_00}
    assert total["known"] == {"debits": 212_00, "credits": 212_00}
    assert total["difference"] == {"debits": 106_00, "credits": 106_00}
    assert {
        line["address"].rpartition(":")[0]: (line["difference"]["debits"], line["difference"]["credits"])
        for line in found["differing"]
    } == TAKEN_BACK
    assert "fees:open" in vledger("period", "report", "2017").stdout


def test_after_the_close_nothing_differs_from_the_balances_stored_but_all_from_the_first_filing(keeper: Keeper) -> None:
    keeper.close("adjusting", "--yes")
    keeper.take_the_bill_back()
    keeper.close("closed", "--yes")

    last, first = read("report", "2017"), read("report", "2017", "--filed", "adjusting")

    assert (last["filed"]["status"], last["differing"]) == ("closed", [])
    assert last["filed"]["trial_balance_hash"]
    assert all(line["filed"] == line["known"] for line in last["totals"])
    assert len(first["differing"]) == len(TAKEN_BACK)
    assert "Nothing differs" in vledger("period", "report", "2017").stdout
    assert keeper.programme.faults() == []


def test_entries_of_the_next_period_are_in_neither(keeper: Keeper) -> None:
    keeper.close("adjusting", "--yes")
    before = read("report", "2017")
    keeper.programme.issue_bill(
        "20180000000000000002", BillLine("测试", None, 1, 212_00), invoice_date=date(2018, 1, 5)
    )

    assert read("report", "2017") == before


def test_a_balance_stored_at_the_close_that_is_not_what_stands_shows(keeper: Keeper) -> None:
    """The stored balances are read, not computed again: the owner's hand in either is seen."""
    keeper.close("adjusting", "--yes")
    keeper.close("closed", "--yes")
    with keeper.programme.database.owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE period_balance DISABLE TRIGGER period_balance_is_insert_only")
        connection.exec_driver_sql("UPDATE period_balance SET debits = debits + 1 WHERE debits = 10600")

    with keeper.programme.database.owner.connect() as connection:
        (line,) = period_report(connection, BOOK, "2017").differing

    assert (line.filed, line.known) == (Sides(106_01, 0), Sides(106_00, 0))
    assert line.difference == Sides(-1, 0)


def test_a_step_that_was_not_taken_is_not_reported(keeper: Keeper) -> None:
    answer = vledger("period", "report", "2017", "--filed", "closed")

    assert keeper
    assert isinstance(answer.exception, Spoken)
    assert answer.exception.say("en") == "Period 2017 has not been closed yet; it is open."


# -- closing -----------------------------------------------------------------------------------------------------------


def test_closing_asks_and_no_changes_nothing(keeper: Keeper) -> None:
    no = keeper.close("adjusting", input="n\n")
    nobody_there = keeper.close("adjusting", input="")
    still = read("show", "2017")["status"]
    yes = keeper.close("adjusting", input="y\n")

    assert (no.exit_code, nobody_there.exit_code, still) == (1, 1, "open")
    assert (no.stdout, yes.exit_code) == ("", 0)
    assert no.stderr.endswith("There is no way back. Go on? [y/N] Nothing was changed.\n")
    assert "open → adjusting" in no.stderr
    assert keeper.programme.people["second finance"] in no.stderr
    assert yes.stdout.startswith("Period 2017: adjusting, block ")


def test_what_is_unfinished_is_listed_first_and_the_same_words_close_once_it_is_done(here: Database) -> None:
    """A refusal is not repeated for ever: its reason may go."""
    with open_programme(here) as programme:
        keeper = Keeper(programme, 0)
        programme.letter()
        contract = programme.reserve(programme.issue(50_000_00), 10_000_00, 20_000_00)
        programme.move(to=date(2018, 1, 1))
        keeper.close("adjusting", "--yes")

        asked = keeper.close("closed", input="n\n")
        refused = keeper.close("closed", "--yes")
        programme.expire_due()
        programme.end_year()
        done = keeper.close("closed", "--yes")

        assert "2 unfinished" in asked.stderr
        assert "jinyun-2017:2017" in asked.stderr, "its budget has not been ended"
        assert asked.stderr.index(contract) < asked.stderr.index("There is no way back")
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert f"Period 2017 has unfinished work and cannot be closed: {contract}." in refused.stderr
        assert done.exit_code == 0
        assert programme.faults() == []


def test_the_same_words_are_the_same_request(keeper: Keeper) -> None:
    first = keeper.close("adjusting", "--yes", "--json")
    again = keeper.close("adjusting", "--json")
    told = keeper.close("adjusting")

    assert json.loads(again.stdout) == json.loads(first.stdout) | {"replayed": True}
    assert again.stderr == "", "what was done is not asked again"
    assert told.stdout.endswith("(done before; nothing was changed)\n")


def test_a_key_of_ones_own_stands_for_one_request(keeper: Keeper) -> None:
    first = keeper.close("closed", "--yes", "--key", "mine")
    keeper.close("adjusting", "--yes")
    again = keeper.close("closed", "--yes", "--key", "mine")
    other = keeper.close("adjusting", "--yes", "--key", "mine")

    assert (first.exit_code, again.exit_code) == (1, 1)
    assert again.stderr.splitlines()[-1] == first.stderr.splitlines()[-1]
    assert type(other.exception).__name__ == "KeyReused"


@pytest.mark.parametrize("words", [("--to", "open"), ("--to", "shut"), ()])
def test_there_are_two_steps(keeper: Keeper, words: tuple[str, ...]) -> None:
    assert keeper
    assert vledger("period", "close", "2017", *words, "--as", "a", "--second", "b").exit_code == 2


# -- opening -----------------------------------------------------------------------------------------------------------


def open_period(code: str, first: str, last: str, *more: str, by: str = "P-1") -> Result:
    return vledger("period", "open", code, "--from", first, "--to", last, "--as", by, *more)


def officer_of_finance() -> str:
    """Somebody of a bureau, in books that were just opened."""
    with open_books(None) as books, books.commands() as commands:
        by = {"tenant": "t", "actor": SYSTEM}
        commands.executor.run(RegisterBureau(**by, key="b", code=BUREAU, name="财政局"))
        person = RegisterPerson(**by, key="p", name="张三", posts=(Post(BUREAU, Role.FINANCE),))
        return str(commands.executor.run(person).body["person"])


def test_the_first_period_opens_the_books_and_a_further_one_is_added(here: Database) -> None:
    nothing = read("list")
    first = json.loads(open_period("2017", "2017-01-01", "2017-12-31", "--json").stdout)
    again = json.loads(open_period("2017", "2017-01-01", "2017-12-31", "--json").stdout)
    nobody = open_period("2018", "2018-01-01", "2018-12-31")
    further = open_period("2018", "2018-01-01", "2018-12-31", by=officer_of_finance())

    assert here
    assert "no registered person" in nobody.stderr
    assert nothing == {"periods": []}
    assert "CNY" in first["assets"]
    assert again == first | {"replayed": True}
    assert further.stdout == "Period 2018 is open: 2018-01-01 to 2018-12-31.\n"
    assert [period["period"] for period in read("list")["periods"]] == ["2017", "2018"]


def test_a_period_over_another_is_refused_in_one_sentence_or_one_object(here: Database) -> None:
    assert here
    open_period("2017", "2017-01-01", "2017-12-31")

    told = open_period("2018", "2017-12-31", "2018-12-31")
    as_object = open_period("2018", "2017-12-31", "2018-12-31", "--json")

    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == "2017-12-31 to 2018-12-31 overlaps period 2017. Choose dates that do not.\n"
    assert as_object.exit_code == 1
    assert json.loads(as_object.stdout)["refusal"]["code"] == "PeriodOverlaps"


def test_a_day_that_does_not_exist_is_wrong_usage(here: Database) -> None:
    assert here
    words = ["period", "open", "2017", "--from", "2017-02-30", "--to", "2017-12-31", "--as", "P-1"]

    answer = subprocess.run([sys.executable, "-m", "api.cli.main", *words], capture_output=True, text=True, check=False)

    assert answer.returncode == 2
    assert "2017-02-30" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
