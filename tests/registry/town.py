"""A small town on real books: a commission, a bureau of finance, a unit, an incubator, firms, and who works there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from ledger.assembly import BOOK, Books
from ledger.executor.clock import SimulatedClock
from ledger.executor.commands import Answer, Command
from ledger.executor.reading import Reader
from ledger.registry.register_person import Post, RegisterPerson
from ledger.registry.store import load_parties, load_people
from ledger.registry.uscc import final_check, organisation_check
from ledger.registry.values import SYSTEM, Party, Person, Role


def uscc(authority: str, number: int) -> str:
    """A code that passes both checks, for organisations that do not exist."""
    eight = f"MA{number:06d}"
    seventeen = f"{authority}331122{eight}{organisation_check(eight)}"
    return seventeen + final_check(seventeen)


COMMISSION, FINANCE, UNIT, OTHER_UNIT = uscc("11", 1), uscc("11", 2), uscc("12", 3), uscc("12", 4)
INCUBATOR = uscc("52", 5)
FIRM, SISTER, HOLDING, STRANGER = (uscc("91", number) for number in (6, 7, 8, 9))


@dataclass
class Town:
    books: Books
    clock: SimulatedClock
    database: object
    people: dict[str, str] = field(default_factory=dict)
    _keys: Iterator[int] = field(default_factory=count)

    def run(self, kind: type[Command], actor: str = SYSTEM, **facts: object) -> Answer:
        actor = self.people.get(actor, actor)
        return self.books.executor.run(kind(tenant="town", key=f"k{next(self._keys)}", actor=actor, **facts))

    def do(self, kind: type[Command], actor: str = SYSTEM, **facts: object) -> dict[str, object]:
        """The answer of a command that is accepted."""
        answer = self.run(kind, actor, **facts)
        assert answer.accepted, answer.body["en"]
        return answer.body

    def refused(self, kind: type[Command], actor: str = SYSTEM, **facts: object) -> dict[str, object]:
        """The refusal of a command that is declined."""
        answer = self.run(kind, actor, **facts)
        assert not answer.accepted, answer.body
        return answer.body

    def hire(self, name: str, *posts: tuple[str, Role], by: str = SYSTEM) -> str:
        body = self.do(RegisterPerson, by, name=name, posts=tuple(Post(*post) for post in posts))
        self.people[name] = str(body["person"])
        return self.people[name]

    def party(self, code: str) -> Party:
        with self.database.writer.connect() as connection:
            return load_parties(Reader(connection, BOOK), [code])[code]

    def person(self, name: str) -> Person:
        code = self.people[name]
        with self.database.writer.connect() as connection:
            return load_people(Reader(connection, BOOK), [code])[code]

    def move_to(self, day: date) -> None:
        self.clock.move_to(day)
