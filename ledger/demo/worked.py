"""A worked example as a story: people and commands in turn, and every figure of the notes beside the books' own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from ledger.approvals.approve import Approve
from ledger.assembly import BOOK
from ledger.bookkeeping.open_book import OpenBook
from ledger.demo import names
from ledger.demo.stage import Stage
from ledger.executor.commands import Command
from ledger.journal.bulk import run
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_instrument import RegisterInstrument
from ledger.registry.register_person import Post, RegisterPerson
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.values import SYSTEM, Role

OPENS_ON = date(2017, 1, 1)
CLOSES_ON = date(2030, 12, 31)


@dataclass(frozen=True, slots=True)
class WorkedFigure:
    """One figure of a worked example."""

    zh: str
    en: str
    note_fen: int
    books_fen: int
    remark_zh: str = ""
    remark_en: str = ""

    @property
    def agrees(self) -> bool:
        return self.note_fen == self.books_fen


@dataclass(slots=True)
class Teller:
    """Sends one command after the other; the key of each is its place in the story, so the second run sends nothing."""

    stage: Stage
    commission: str
    people: dict[str, str] = field(default_factory=dict)
    """By the name that the story knows them under."""
    _sent: int = 0

    def do(self, day: date, kind: Callable[..., Command], by: str, /, **facts: object) -> dict[str, Any]:
        """The answer to a command of this person."""
        self._sent += 1
        command = kind(tenant=self.commission, actor=self.people.get(by, by), key=f"demo:{self._sent:04d}", **facts)
        (answer,) = self.stage.on(day, [command])
        return dict(answer.body)

    def end(self, day: date, kind: Callable[..., Command], by: str, key: str, /, **facts: object) -> dict[str, Any]:
        """The last command, under a key by which the story is known to be complete."""
        command = kind(tenant=self.commission, actor=self.people[by], key=f"demo:{key}", **facts)
        (answer,) = self.stage.on(day, [command])
        return dict(answer.body)

    def sign(self, day: date, approval: dict[str, str], *people: str) -> dict[str, Any]:
        """Signatures in turn on what a command has asked for; the answer to the last."""
        answers = [
            self.do(
                day,
                Approve,
                person,
                subject_kind=approval["kind"],
                subject=approval["subject"],
                content_hash=approval["content_hash"],
            )
            for person in people
        ]
        return answers[-1]

    # -- who and what there is ----------------------------------------------------------------------------------------

    def open(self, day: date) -> None:
        self.do(day, OpenBook, SYSTEM, period="演示", starts_on=OPENS_ON, ends_on=CLOSES_ON)
        self.do(day, RegisterBureau, SYSTEM, code=self.commission, name="合成科学技术委员会")
        self.hire(day, "operator", self.commission, Role.OPERATOR, by=SYSTEM)

    def hire(self, day: date, name: str, organisation: str, role: Role, by: str = "operator") -> None:
        """A natural person with one role."""
        facts = {"name": f"合成人员{len(self.people) + 1}", "posts": (Post(organisation, role),)}
        self.people[name] = str(self.do(day, RegisterPerson, by, **facts)["person"])

    def bureau(self, day: date, number: int, name: str) -> str:
        code = names.code(names.BUREAU, number)
        self.do(day, RegisterBureau, "operator", code=code, name=name)
        return code

    def unit(self, day: date, number: int) -> str:
        code = names.code(names.UNIT, number)
        self.do(day, RegisterUnit, "operator", code=code, name=names.unit_name(number))
        return code

    def firm(self, day: date, number: int) -> str:
        code = names.code(names.FIRM, number)
        self.do(day, RegisterFirm, "operator", code=code, name=names.firm_name(number))
        return code

    def instrument(self, day: date, by: str, unit: str, number: int, value_fen: int) -> str:
        facts = {"name": "合成质谱仪", "category": "质谱", "asset_number": f"D{number:02d}"}
        body = self.do(day, RegisterInstrument, by, unit=unit, original_value_fen=value_fen, **facts)
        return str(body["instrument"])


def balance_of(connection: Connection, pattern: str) -> int:
    """What stands on all accounts of a pattern (`%` for anything), on their normal sides, in fen."""
    ((fen,),) = run(
        connection,
        "SELECT coalesce(sum(CASE a.normal WHEN 'D' THEN b.debits - b.credits ELSE b.credits - b.debits END), 0)::int8 "
        "FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id "
        "WHERE a.book = %s AND a.address LIKE %s",
        [BOOK, pattern],
    )
    return int(fen)


def calculated(connection: Connection, policy: str, name: str, **facts: object) -> list[int]:
    """One result of each stored calculation of a policy with these facts, in the order recorded."""
    rows = run(
        connection,
        "SELECT c.facts, c.result FROM calculation c JOIN command_place p ON p.book = c.book AND p.id = c.command "
        "WHERE c.book = %s AND c.policy = %s ORDER BY p.block, p.position, c.id",
        [BOOK, policy],
    )
    return [
        int(result[name]) for given, result in rows if all(given.get(fact) == value for fact, value in facts.items())
    ]
