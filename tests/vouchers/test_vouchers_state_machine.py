"""Any sequence of commands, sensible or not, on one executor and on two: the books do what a small model says.

After every command the laws of postings.md hold, a refused one has left every balance as it was, byte for byte, and the
same key gives the same answer. At the end of each run the whole book is verified.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any, ClassVar

import pytest
from databases import Cluster
from hypothesis import HealthCheck, event, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from model_books import Picture, Shelf, breaches
from model_city import City, Party, Period, Person, Verdict
from model_wishes import STRAIGHT, TWISTS, Wish, Wishes
from office import instrument, uscc
from programme import (
    BUREAU,
    COMMISSION,
    FIRM,
    INCUBATOR,
    OTHER_FIRM,
    OTHER_UNIT,
    SISTER_FIRM,
    UNIT,
    Programme,
    open_programme,
)

from ledger.assembly import BOOK, BOOK_CODE, Books, house
from ledger.database.engine import connect
from ledger.errors import Invalid
from ledger.executor.clock import CITY, SimulatedClock
from ledger.executor.commands import Answer, Command
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.values import Role

log = logging.getLogger(__name__)

DAY_ONE = date(2017, 3, 1)
NEW_UNIT, NEW_FIRM = uscc("12", 41), uscc("91", 42)
"""A unit without an account to be paid to, and a firm whose size nobody has declared."""
ANSWER_SECONDS = 60
"""Longest that anybody waits for an answer."""

BUSY = settings(
    max_examples=10,
    stateful_step_count=40,
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
DRAWN = st.randoms(note_method_calls=False, use_true_random=False)
DAYS = st.sampled_from([1, 1, 2, 3, 5, 8, 13, 31, 92, 182, 306])

TOGETHER = (*STRAIGHT, "release", "expire", "expire_due", "say_no", "dispute", "record_use", "reverse")
"""What is asked at once. Who is related to whom, interests and periods are not: they are read without a lock, so that a
reservation and a declaration of the same second may come in either order."""


# -- the town ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Town:
    """A database with a programme in it, to be copied, and the same as a model."""

    cluster: Cluster
    template: str
    people: Mapping[str, str]
    city: City


@pytest.fixture(scope="module")
def town(cluster: Cluster) -> Iterator[Town]:
    with cluster.database() as database:
        with open_programme(database) as programme:
            city = _furnish(programme)
            people = dict(programme.people)
        database.close()
        yield Town(cluster, str(database.writer_url.database), people, city)


def _furnish(programme: Programme) -> City:
    """People with two hats and deputies, newcomers, instruments; and all of it as the model has it."""
    programme.do(RegisterUnit, "operator", code=NEW_UNIT, name="新实验室")
    programme.hire("new officer", (NEW_UNIT, Role.UNIT_OFFICER), by="operator")
    programme.do(RegisterFirm, "operator", code=NEW_FIRM, name="丁公司")
    programme.hire("new applicant", (NEW_FIRM, Role.APPLICANT), by="operator")
    programme.hire("deputy", (BUREAU, Role.FINANCE))
    programme.do(GiveMandate, "operator", person=programme.people["deputy"], acts_for=programme.people["finance"])
    programme.hire("two hats", (BUREAU, Role.FINANCE), (UNIT, Role.UNIT_OFFICER))
    instruments = {instrument(programme): UNIT, instrument(programme, OTHER_UNIT, by="operator"): OTHER_UNIT}

    people = programme.people
    roles = programme.rows("SELECT person, organisation, role FROM person_role WHERE holds")
    accounts = programme.rows("SELECT party, number FROM party_account")
    kinds = {FIRM: "firm", OTHER_FIRM: "firm", SISTER_FIRM: "firm", NEW_FIRM: "firm", INCUBATOR: "body"}
    kinds |= {UNIT: "unit", OTHER_UNIT: "unit", NEW_UNIT: "unit", COMMISSION: "bureau", BUREAU: "bureau"}
    parties = {
        code: Party(kind, size="small" if kind == "firm" and code != NEW_FIRM else None) for code, kind in kinds.items()
    }
    for party, number in accounts:
        parties[party].accounts.append((DAY_ONE, number))
    parties[programme.team] = Party("team", body=INCUBATOR)
    return City(
        today=DAY_ONE,
        people={
            code: Person(
                posts=frozenset((where, role) for person, where, role in roles if person == code),
                counts_as=frozenset({code, people["finance"]} if name == "deputy" else {code}),
            )
            for name, code in people.items()
        },
        parties=parties,
        periods={str(year): Period(date(year, 1, 1), date(year, 12, 31)) for year in (2017, 2018, 2019)},
        instruments=instruments,
    )


def _acts_for(city: City) -> dict[str, str]:
    team = next(code for code, party in city.parties.items() if party.kind == "team")
    return {
        **{FIRM: "applicant", OTHER_FIRM: "other applicant", SISTER_FIRM: "sister applicant", NEW_FIRM: "new applicant"},
        **{UNIT: "officer", OTHER_UNIT: "other officer", NEW_UNIT: "new officer"},
        **{team: "recommender", INCUBATOR: "recommender"},
    }


# -- the machine -------------------------------------------------------------------------------------------------------

Outcome = tuple[str | None, Answer | None]
"""Code of the refusal, and the answer; none where nothing was decided because it could not be read."""


class OneExecutor(RuleBasedStateMachine):
    """A clerk that sends whatever comes to its mind, and compares."""

    town: ClassVar[Town]
    told: ClassVar[Counter[tuple[str, str]]]
    """How often each command was accepted and refused, over all runs."""
    processes: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        database = self.open.enter_context(self.town.cluster.database(template=self.town.template))
        self.clock = SimulatedClock(datetime(DAY_ONE.year, DAY_ONE.month, DAY_ONE.day, 9, tzinfo=CITY).astimezone(UTC))
        books = [self.open.enter_context(Books(database.writer, clock=self.clock)) for _ in range(self.processes)]
        self.executors = [one.executor for one in books]
        self.turns = cycle(self.executors)
        self.shelf = Shelf(self.open.enter_context(connect(database.owner_url, autocommit=True)))
        self.city = deepcopy(self.town.city)
        self.wishes = Wishes(self.city, dict(self.town.people), _acts_for(self.city))
        self.sent: list[tuple[Command, Answer]] = []
        self.picture = self.shelf.picture()
        self.sound = True

    def teardown(self) -> None:
        with self.open:
            if self.sound:
                self.everything_is_verified()

    def everything_is_verified(self) -> None:
        with self.shelf.connection.transaction():
            found = house().verifier().verify(_as_sqlalchemy(self.shelf), [])
        assert [str(fault) for fault in found.faults] == []
        frozen = self.shelf.rows("SELECT batch, payable, account_number FROM payment_batch_line")
        assert {(batch, payable): number for batch, payable, number in frozen} == {
            (number, payable): account
            for number, batch in self.city.batches.items()
            for payable, account in batch.accounts.items()
        }
