"""What must always hold, as a query that finds the rows where it does not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """A law of the books.

    `breaches` is one SELECT with `%(book)s` as its only parameter; each row it gives is a breach, its first column the
    name of the thing at fault, the others the figures that do not agree.
    """

    name: str
    zh: str
    en: str
    breaches: str
