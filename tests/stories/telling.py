"""How a story is told: a step is one verb with its facts, and says which balances it changes to what, or its refusal.

A story is a TOML file. Each `[[step]]` has a day, one verb with its facts, and either the balances it changes
(`[step.books]`: all of them, and no other balance may change) or the refusal it meets (`refused`, `says`). Amounts are
yuan as people write them. Accounts are named in words, by whoever tells the story.
"""

import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from office import Office

from ledger.amounts import yuan
from ledger.executor.commands import Answer, Command

Books = TypeVar("Books", bound=Office)

ENDINGS = {
    "expense": "expense 5001",
    "fiscal-income": "income 4001",
    "bank": "bank 1002",
    "fees:income": "income 4101",
    "fees:vat": "VAT 2101",
    "fees:owed-to-payer": "owed back 2307",
    "payments:suspense": "suspense 2307",
    "prior-years": "prior years 3501",
    "recovery": "recovery 1218",
    "owed-to-fiscal": "owed to fiscal 2307",
    "due-to-treasury": "due to treasury 2103",
    "prior-surplus": "prior surplus 3501",
    "write-off-loss": "write-off loss 5901",
}


def fen(text: str) -> int:
    """`1,234.56` yuan in fen."""
    whole = int(text.replace(",", "").replace(".", ""))
    assert yuan(whole) == text, f"write {yuan(whole)}, not {text}"
    return whole


@dataclass
class Telling(ABC, Generic[Books]):
    """Tells on these books; a subclass has the verbs and the names of accounts."""

    programme: Books
    numbers: dict[str, str] = field(default_factory=dict)
    """What the story calls something, and its number in the books."""
    _papers: int = 0

    def tell(self, story: Mapping[str, Any]) -> None:
        for number, step in enumerate(story["step"], start=1):
            self.programme.clock.move_to(step["on"])
            self._step(step, f"step {number} on {step['on']}")

    def _step(self, step: Mapping[str, Any], where: str) -> None:
        (verb,) = step.keys() - {"on", "books", "refused", "says", "text"}
        before = self.books()
        answer = getattr(self, verb.replace("-", "_"))(**{k.replace("-", "_"): v for k, v in step[verb].items()})
        changed = {name: fen_ for name, fen_ in self.books().items() if fen_ != before.get(name, 0)}
        if "refused" in step:
            assert not answer.accepted, f"{where}: {verb} was not refused: {answer.body}"
            assert (answer.body["code"], changed) == (step["refused"], {}), f"{where}: {answer.body}"
            for words in [step["says"]] if isinstance(step["says"], str) else step["says"]:
                assert words in answer.body["en"], f"{where}: {answer.body['en']}"
        else:
            assert answer.accepted, f"{where}: {verb} was refused: {answer.body.get('en')}"
            expected = {name: fen(amount) for name, amount in step.get("books", {}).items()}
            found, wanted = shown(changed), shown(expected)
            assert found == wanted, f"{where}: {verb} changed {found}, not {wanted}"

    def books(self) -> dict[str, int]:
        """What stands on every account, on its normal side, by its name in the story."""
        rows = self.programme.rows(
            "SELECT a.address, CASE a.normal WHEN 'D' THEN debits - credits ELSE credits - debits END FROM account a "
            "JOIN balance b ON b.book = a.book AND b.account = a.id"
        )
        names = {number: name for name, number in self.numbers.items()}
        return {self._name(address, names): fen_ for address, fen_ in rows}

    @abstractmethod
    def _name(self, address: str, names: Mapping[str, str]) -> str:
        """What the story calls an account."""

    def named(self, name: str, answer_field: str, kind: type[Command], by: str, **facts: object) -> Answer:
        """Run a command and remember what the story calls what it made."""
        answer = self.programme.run(kind, by, **facts)
        if answer.accepted:
            self.numbers[name] = answer.body[answer_field]
        return answer

    def paper(self, prefix: str) -> str:
        return f"{prefix}-{self._next()}"

    def _next(self) -> int:
        self._papers += 1
        return self._papers


NOTHING = Answer(accepted=True, body={}, command=None, block=0)  # type: ignore[arg-type]  # no command was run


def shown(balances: Mapping[str, int]) -> dict[str, str]:
    return {name: yuan(balances[name]) for name in sorted(balances)}


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
