"""What is wrong with a row, and what only looks so.  (pure)"""

from dataclasses import dataclass
from string import ascii_uppercase

from ledger.errors import Spoken
from ledger.executor.commands import Answer
from policies.kernel.errors import Language
from policies.kernel.words import Words


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing about one row, in a sentence."""

    row: int
    """As the spreadsheet counts: the first is 1."""
    column: int | None
    """From nought; None: the row as a whole."""
    words: Words
    warning: bool = False
    """Worth a look, and no obstacle."""

    @property
    def place(self) -> str:
        """Such as `D7`, or `7` for the row."""
        return f"{letters(self.column)}{self.row}" if self.column is not None else str(self.row)

    def say(self, language: Language) -> str:
        return f"{self.place}: {self.words.zh if language == 'zh' else self.words.en}"


def letters(column: int) -> str:
    """Name of a column: A, B, … Z, AA."""
    name = ""
    place = column + 1
    while place:
        place, rest = divmod(place - 1, len(ascii_uppercase))
        name = ascii_uppercase[rest] + name
    return name


def spoken(row: int, column: int | None, error: Spoken) -> Fault:
    return Fault(row, column, Words(error.say("zh"), error.say("en")))


def refused(row: int, answer: Answer) -> Fault:
    """Why the books decline what a row asks."""
    return Fault(row, None, Words(str(answer.body["zh"]), str(answer.body["en"])))
