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
from hypothesis import HealthCheck, Phase, event, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from model_books import Shelf, breaches
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
from ledger.executor.batch import NO_BLOCK
from ledger.executor.clock import CITY, SimulatedClock
from ledger.executor.commands import Answer, Command
from ledger.executor.rehearsal import Rehearsal
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
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
DRAWN = st.randoms(use_true_random=True)
"""By a seed, which is printed: a step that fails is shrunk by leaving others out, not from within."""


def twists(verb: str) -> st.SearchStrategy[str]:
    """Half of what is asked is as it should be."""
    return st.just("") | st.sampled_from(TWISTS[verb])


QUIET = 0.15
"""How often nobody does anything for some days, though there is something to do."""
DAYS, SEASONS = st.sampled_from([1, 2, 5, 8, 13, 31]), st.sampled_from([92, 182, 306])

CROWDED = 0.4
"""How often, with two executors, several ask at once."""
ALONE = ("registry.", "approval.declare-interest", "voucher.propose-year-end")
"""What is not asked in a crowd: parties and interests are read without a lock, so that a reservation and a declaration
of the same second may come in either order. So is all that stands in a budget by whoever proposes the end of its year;
whoever signs it has the books to himself, and may do so in any crowd."""
TOGETHER = (
    *(verb for verb in STRAIGHT if verb != "end_year"),
    *("return_payment", "fail_payment", "release", "expire_due", "say_no", "dispute", "record_use", "reverse"),
    *("credit", "repay", "raise_objection"),
)


# -- the town ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Town:
    """A database with a programme in it, to be copied, and the same as a model."""

    cluster: Cluster
    template: str
    people: Mapping[str, str]
    acts_for: Mapping[str, str]
    city: City


@pytest.fixture(scope="module")
def town(cluster: Cluster) -> Iterator[Town]:
    with cluster.database() as database:
        with open_programme(database) as programme:
            city = _furnish(programme)
            people = dict(programme.people)
        database.close()
        yield Town(cluster, str(database.writer_url.database), people, _acts_for(city), city)


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
        FIRM: "applicant",
        OTHER_FIRM: "other applicant",
        SISTER_FIRM: "sister applicant",
        NEW_FIRM: "new applicant",
        UNIT: "officer",
        OTHER_UNIT: "other officer",
        NEW_UNIT: "new officer",
        team: "recommender",
        INCUBATOR: "recommender",
    }


# -- the machine -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    code: str | None
    """Of the refusal."""
    answer: Answer | None
    """None where nothing was decided because the command could not be read."""


def outcome_of(future: Future[Answer]) -> Outcome:
    """Anything but an answer or a sentence about what cannot be read is a fault, and raised."""
    try:
        answer = future.result(ANSWER_SECONDS)
    except Invalid as unreadable:
        return Outcome(unreadable.code, None)
    return Outcome(None if answer.accepted else str(answer.body["code"]), answer)


def rehearse(rehearsal: Rehearsal, command: Command) -> Outcome:
    (found,) = rehearsal.run_all([command])
    future: Future[Answer] = Future()
    if isinstance(found, BaseException):
        future.set_exception(found)
    else:
        future.set_result(found)
    return outcome_of(future)


def as_rehearsed(outcome: Outcome) -> Outcome:
    """The same in all but where it stands."""
    return replace(outcome, answer=outcome.answer and replace(outcome.answer, block=NO_BLOCK))


class OneExecutor(RuleBasedStateMachine):
    """Sends what comes to anybody's mind, and compares."""

    town: ClassVar[Town]
    told: ClassVar[Counter[tuple[str, str]]]
    """How often each command was accepted and refused, over all runs."""
    processes: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.database = self.open.enter_context(self.town.cluster.database(self.town.template))
        self.clock = SimulatedClock(datetime(DAY_ONE.year, DAY_ONE.month, DAY_ONE.day, 9, tzinfo=CITY).astimezone(UTC))
        books = [self.open.enter_context(Books(self.database.writer, clock=self.clock)) for _ in range(self.processes)]
        self.executors = [one.executor for one in books]
        self.rehearsal = books[0].rehearsal
        self.turns = cycle(self.executors)
        self.shelf = Shelf(self.open.enter_context(connect(self.database.owner_url, autocommit=True)))
        self.city = deepcopy(self.town.city)
        self.wishes = Wishes(self.city, dict(self.town.people), dict(self.town.acts_for))
        self.sent: list[tuple[Command, Answer]] = []
        self.picture = self.shelf.picture()
        self.sound = True

    def teardown(self) -> None:
        with self.open:
            if self.sound:
                self.everything_is_verified()

    def everything_is_verified(self) -> None:
        with self.database.owner.connect() as connection:
            found = house().verifier().verify(connection, [])
        assert [str(fault) for fault in found.faults] == []
        frozen = self.shelf.rows("SELECT batch, payable, account_number FROM payment_batch_line")
        assert {(batch, payable): number for batch, payable, number in frozen} == {
            (number, payable): account
            for number, batch in self.city.batches.items()
            for payable, account in batch.accounts.items()
        }

    @contextmanager
    def step(self) -> Iterator[None]:
        """A step that fails leaves the run to its own message: nothing is verified after it."""
        self.sound = False
        yield
        self.sound = True

    # -- asking and comparing -----------------------------------------------------------------------------------------

    def ask(self, r: Random, wish: Wish | None, *, laws: bool = True) -> None:
        """One command on whichever executor has its turn, and the same once more on the next.

        Where there is nothing of the kind to ask, the road goes on instead.
        """
        wish = wish or self.wishes.next_step(r)
        if wish is None:
            return
        with self.step():
            rehearsed = rehearse(self.rehearsal, wish.command)
            assert self.shelf.picture() == self.picture, "a rehearsal has changed the books"
            outcome = outcome_of(next(self.turns).submit(wish.command))
            self.tell(wish.command, outcome)
            assert rehearsed == as_rehearsed(outcome), f"{wish.command} was rehearsed otherwise"
            self.compare(wish, wish.judge(), outcome)
            before, self.picture = self.picture, self.shelf.picture()
            if outcome.code:
                assert self.picture.rows == before.rows
            else:
                assert self.picture.standing == self.city.balances()
            self.ask_again(wish.command, outcome)
            if laws:
                self.the_laws_hold()

    def tell(self, command: Command, outcome: Outcome) -> None:
        word = outcome.code or "accepted"
        note(f"{self.city.today} {command}: {word}")
        event(f"{command.kind}: {word}")
        self.told[command.kind, word] += 1

    def compare(self, wish: Wish, verdict: Verdict, outcome: Outcome) -> None:
        if outcome.code is None:
            assert not verdict.against, f"{wish.command} was accepted"
            self.take(verdict, outcome)
        else:
            assert outcome.code in verdict.against | verdict.perhaps, f"{wish.command}: {outcome}"

    def take(self, verdict: Verdict, outcome: Outcome) -> None:
        assert outcome.answer
        verdict.take(outcome.answer.body)
        self.city.posted(verdict.about, self.shelf.entries_of(outcome.answer.command))

    def ask_again(self, command: Command, outcome: Outcome) -> None:
        """The stored answer, whichever executor is asked, and nothing moves; what could not be read was not kept."""
        again = outcome_of(next(self.turns).submit(command))
        if outcome.answer:
            assert again.answer == replace(outcome.answer, replayed=True)
            self.sent.append((command, outcome.answer))
        else:
            assert again == outcome
            assert not self.shelf.places([command.id_in(BOOK_CODE)])
        assert self.shelf.picture().rows == self.picture.rows

    def the_laws_hold(self) -> None:
        assert breaches(self.picture, self.shelf.facts()) == []
        for part in house().slices:
            for law in part.laws:
                assert self.shelf.rows(law.breaches, {"book": BOOK}) == [], law.name

    # -- the straight road --------------------------------------------------------------------------------------------

    @initialize(r=DRAWN, steps=st.integers(0, 80))
    def some_of_the_road_is_behind(self, r: Random, steps: int) -> None:
        for _ in range(steps):
            self.take_next_step(r, laws=False)
        self.the_laws_hold()

    @rule(r=DRAWN, steps=st.integers(1, 9))
    def the_road_goes_on(self, r: Random, steps: int) -> None:
        for _ in range(steps):
            self.take_next_step(r, laws=True)

    def take_next_step(self, r: Random, *, laws: bool) -> None:
        wish = self.wishes.next_step(r)
        if wish is None or r.random() < QUIET:
            self.days_pass(r.choice([1, 4, 8]))
        else:
            self.ask(r, wish, laws=laws)

    @rule(days=DAYS)
    def days_pass(self, days: int) -> None:
        self.city.today += timedelta(days)
        self.clock.move_to(self.city.today)

    @rule(days=SEASONS)
    def a_season_passes(self, days: int) -> None:
        """Holds, vouchers and the time for claims run out."""
        self.days_pass(days)

    @rule()
    def a_year_ends(self) -> None:
        self.days_pass((date(self.city.today.year + 1, 1, 2) - self.city.today).days)

    # -- one verb, as it should be or not -----------------------------------------------------------------------------

    @rule(r=DRAWN, twist=twists("propose"))
    def propose(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.propose(r, twist))

    @rule(r=DRAWN, twist=twists("sign"))
    def sign(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.sign(r, twist))

    @rule(r=DRAWN, twist=twists("say_no"))
    def say_no(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.say_no(r, twist))

    @rule(r=DRAWN, twist=twists("declare_interest"))
    def declare_interest(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.declare_interest(r, twist))

    @rule(r=DRAWN, twist=twists("apply"))
    def apply(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.apply(r, twist))

    @rule(r=DRAWN, twist=twists("decide"))
    def decide(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.decide(r, twist))

    @rule(r=DRAWN, twist=twists("reserve"))
    def reserve(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.reserve(r, twist))

    @rule(r=DRAWN, twist=twists("release"))
    def release(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.release(r, twist))

    @rule(r=DRAWN, twist=twists("record_use"))
    def record_use(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.record_use(r, twist))

    @rule(r=DRAWN, twist=twists("issue_bill"))
    def issue_bill(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.issue_bill(r, twist))

    @rule(r=DRAWN, twist=twists("accept"))
    def accept(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.accept(r, twist))

    @rule(r=DRAWN, twist=twists("receive"))
    def receive(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.receive(r, twist))

    @rule(r=DRAWN, twist=twists("credit"))
    def credit(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.credit(r, twist))

    @rule(r=DRAWN, twist=twists("repay"))
    def repay(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.repay(r, twist))

    @rule(r=DRAWN, twist=twists("dispute"))
    def dispute(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.dispute(r, twist))

    @rule(r=DRAWN, twist=twists("file_claim"))
    def file_claim(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.file_claim(r, twist))

    @rule(r=DRAWN, twist=twists("review"))
    def review(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.review(r, twist))

    @rule(r=DRAWN, twist=twists("raise_objection"))
    def raise_objection(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.raise_objection(r, twist))

    @rule(r=DRAWN, twist=twists("answer_objection"))
    def answer_objection(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.answer_objection(r, twist))

    @rule(r=DRAWN, twist=twists("withdraw"))
    def withdraw(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.withdraw(r, twist))

    @rule(r=DRAWN, twist=twists("correct"))
    def correct(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.correct(r, twist))

    @rule(r=DRAWN, twist=twists("compose"))
    def compose(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.compose(r, twist))

    @rule(r=DRAWN, twist=twists("confirm"))
    def confirm(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.confirm(r, twist))

    @rule(r=DRAWN, twist=twists("return_payment"))
    def return_payment(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.return_payment(r, twist))

    @rule(r=DRAWN, twist=twists("fail_payment"))
    def fail_payment(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.fail_payment(r, twist))

    @rule(r=DRAWN, twist=twists("expire"))
    def expire(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.expire(r, twist))

    @rule(r=DRAWN, twist=twists("expire_due"))
    def expire_due(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.expire_due(r, twist))

    @rule(r=DRAWN, twist=twists("declare_size"))
    def declare_size(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.declare_size(r, twist))

    @rule(r=DRAWN, twist=twists("declare_controller"))
    def declare_controller(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.declare_controller(r, twist))

    @rule(r=DRAWN, twist=twists("declare_relation"))
    def declare_relation(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.declare_relation(r, twist))

    @rule(r=DRAWN, twist=twists("propose_account"))
    def propose_account(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.propose_account(r, twist))

    @rule(r=DRAWN, twist=twists("reverse"))
    def reverse(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.reverse(r, twist))

    @rule(r=DRAWN, twist=twists("open_period"))
    def open_period(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.open_period(r, twist))

    @rule(r=DRAWN, twist=twists("end_year"))
    def end_year(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.end_year(r, twist))

    @rule(r=DRAWN, twist=twists("close_period"))
    def close_period(self, r: Random, twist: str) -> None:
        self.ask(r, self.wishes.close_period(r, twist))

    # -- keys that were used before -----------------------------------------------------------------------------------

    @precondition(lambda self: self.sent)
    @rule(r=DRAWN)
    def an_old_key_comes_back(self, r: Random) -> None:
        """With its body: the answer of that day. With another body or for another command: nothing at all."""
        with self.step():
            command, answer = r.choice(self.sent)
            again = outcome_of(next(self.turns).submit(command))
            assert again.answer == replace(answer, replayed=True)
            other, _ = r.choice(self.sent)
            for changed in (self.with_another_body(r, command), replace(other, key=command.key, tenant=command.tenant)):
                if changed != command:
                    outcome = outcome_of(next(self.turns).submit(changed))
                    self.tell(changed, outcome)
                    assert outcome.code == "KeyReused"
            assert self.shelf.picture().rows == self.picture.rows

    @staticmethod
    def with_another_body(r: Random, command: Command) -> Command:
        """One date, number, word or answer in it changed, such that it can still be read."""
        kept = {"tenant", "key", "actor", "invoice_number", "scheme"}
        if getattr(command, "refused", ()):
            kept |= {"passed"}  # lines are refused of what is passed only
        plain = [f.name for f in fields(command) if f.name not in kept]
        values = {name: getattr(command, name) for name in plain}
        changes: dict[str, Any] = {}
        for name, value in values.items():
            match value:
                case bool():
                    changes[name] = not value
                case int():
                    changes[name] = value + 1
                case datetime():
                    changes[name] = value + timedelta(minutes=1)
                case date():
                    changes[name] = value + timedelta(1)
                case str():
                    changes[name] = f"{value}x"
        name = r.choice(sorted(changes)) if changes else None
        return replace(command, **{name: changes[name]}) if name else command


class TwoExecutors(OneExecutor):
    """Two sets of books on one database, asked in turn and at once."""

    processes = 2

    def ask(self, r: Random, wish: Wish | None, *, laws: bool = True) -> None:
        """As often as not together with others, who want the same or something else."""
        if laws and r.random() < CROWDED and not (wish and wish.command.kind.startswith(ALONE)):
            self.ask_at_once(r, wish)
        else:
            super().ask(r, wish, laws=laws)

    def ask_at_once(self, r: Random, wish: Wish | None) -> None:
        """What is sent together happens in some order: the one in which the blocks tell it."""
        wishes = self.crowd(r, wish)
        with self.step():
            futures = [next(self.turns).submit(one.command) for one in wishes]
            outcomes = [outcome_of(future) for future in futures]
            for one, outcome in zip(wishes, outcomes, strict=True):
                self.tell(one.command, outcome)
            self.compare_in_order(wishes, outcomes)
            self.picture = self.shelf.picture()
            assert self.picture.standing == self.city.balances()
            for one, outcome in zip(wishes, outcomes, strict=True):
                if outcome.answer:
                    self.ask_again(one.command, outcome)
            self.the_laws_hold()

    def crowd(self, r: Random, wish: Wish | None) -> list[Wish]:
        """One wish and some more; some by several people, some sent twice by one."""
        others = [self.wishes.draw(r, verb, r.choice(["", "", *TWISTS[verb]])) for verb in r.choices(TOGETHER, k=2)]
        wishes = [
            one for one in (wish, *others, self.wishes.next_step(r)) if one and not one.command.kind.startswith(ALONE)
        ]
        for one in list(wishes):
            wishes += [replace(one, command=self.wishes.rival(one.command)) for _ in range(r.choice([0, 0, 1, 2]))]
            wishes += [one] * r.choice([0, 0, 0, 1])
        r.shuffle(wishes)
        return wishes

    def compare_in_order(self, wishes: list[Wish], outcomes: list[Outcome]) -> None:
        """An acceptance stands on the moment of its block; a refusal on that or on an earlier one of the burst.

        Some things are read without a lock, so a refusal may have seen what another command was about to change. A
        grant takes nothing yet and reads the budget so: it too may stand on an earlier moment. What cannot be read, in
        the light of what there is, has no place of its own: it stands on any moment of the burst.
        """
        places = self.shelf.places(wish.command.id_in(BOOK_CODE) for wish in wishes)
        decided: dict[tuple[int, int], tuple[Wish, Outcome]] = {}
        unread: list[tuple[Wish, Outcome]] = []
        for wish, outcome in zip(wishes, outcomes, strict=True):
            if outcome.answer is None:
                unread.append((wish, outcome))
                continue
            place = places[wish.command.id_in(BOOK_CODE)]
            _, first = decided.setdefault(place, (wish, outcome))
            assert first.answer
            assert replace(first.answer, replayed=False) == replace(outcome.answer, replayed=False)
        unreadable = [set(wish.judge().against) for wish, _ in unread]
        before: list[list[Verdict]] = []
        for n, (_, (wish, outcome)) in enumerate(sorted(decided.items(), key=lambda item: item[0])):
            before.append([other.judge() for _, (other, _) in sorted(decided.items(), key=lambda item: item[0])])
            earlier = [verdicts[n] for verdicts in before]
            self.compare_loosely(wish, earlier, outcome)
            for codes, (other, _) in zip(unreadable, unread, strict=True):
                codes.update(other.judge().against)
        for codes, (other, said) in zip(unreadable, unread, strict=True):
            assert said.code in codes, f"{other.command}: {said}"

    def compare_loosely(self, wish: Wish, moments: list[Verdict], outcome: Outcome) -> None:
        now = moments[-1]
        if outcome.code is None:
            reads_freely = wish.command.kind == "voucher.decide-application"
            assert any(not verdict.against for verdict in (moments if reads_freely else [now])), f"{wish.command}"
            self.take(next(verdict for verdict in reversed(moments) if not verdict.against), outcome)
        else:
            against = frozenset().union(*(verdict.against | verdict.perhaps for verdict in moments))
            assert outcome.code in against | ({"NotEnough"} if against else set()), f"{wish.command}: {outcome}"


@pytest.mark.timeout(900)  # a failure is shrunk before it is told
@pytest.mark.parametrize("machine", [OneExecutor, TwoExecutors])
def test_the_books_do_what_the_model_says(town: Town, machine: type[OneExecutor]) -> None:
    machine.town, machine.told = town, Counter()
    run_state_machine_as_test(machine, settings=BUSY)
    for (kind, word), times in sorted(machine.told.items()):
        log.info("%6d  %s: %s", times, kind, word)
