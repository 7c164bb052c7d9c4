"""A label or a sentence in both languages."""

from typing import NamedTuple

from policies.kernel.errors import Language


class Words(NamedTuple):
    zh: str
    en: str

    def say(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


def yuan(fen: int) -> str:
    """Fen as people read it in a sentence: `1,234.56`."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02d}"
