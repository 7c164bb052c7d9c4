"""Errors are answers: a stable code, the facts, and one sentence in each language."""

from string import Formatter
from typing import ClassVar, Literal

Language = Literal["zh", "en"]


class Spoken(Exception):
    """An error that a person reads.

    A subclass gives its sentence in Chinese and in English, with the same placeholders; its name is the stable code.
    """

    zh: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(facts)

    @property
    def code(self) -> str:
        return type(self).__name__

    def say(self, language: Language = "en") -> str:
        """The sentence with its values."""
        return (self.zh if language == "zh" else self.en).format(**self.facts)

    def __str__(self) -> str:
        return self.say("en")

    @classmethod
    def placeholders(cls, language: Language) -> set[str]:
        """Names the sentence needs; both languages must agree (a test walks every subclass)."""
        return {name for _, name, _, _ in Formatter().parse(cls.zh if language == "zh" else cls.en) if name}


class Refused(Spoken):
    """A request declined by a rule or by the state of the books. Stored as the command's answer; nothing was changed.

    `cite` names the article where a rule refuses, as `source#article`.
    """

    def __init__(self, *, cite: str | None = None, **facts: object) -> None:
        self.cite = cite
        super().__init__(**facts)


class NotFound(Refused):
    """The thing named does not exist, or is not the caller's to see. `what` is its kind as `中文/English`."""

    zh = "找不到{what_zh}“{name}”。请核对编号。"
    en = "There is no {what_en} “{name}”. Check the number."

    def __init__(self, what: str, name: str) -> None:
        zh, _, en = what.partition("/")
        super().__init__(what_zh=zh, what_en=en or zh, name=name)


class Invalid(Spoken):
    """What was given cannot be read: wrong type, shape or range. Nothing was decided and nothing stored."""
