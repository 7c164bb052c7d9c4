"""Published totals of real programmes, beside which computed ones are shown."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from policies.kernel.derivation import Cite
from policies.kernel.words import Words


@dataclass(frozen=True, slots=True)
class PublishedTotals:
    """What was published about one programme in one year."""

    title: Words
    year: int
    issued_fen: int
    used_fen: int
    """Accepted: the voucher's part of services that the firms confirmed."""
    redeemed_fen: int
    """Paid, and confirmed by the bank."""
    carriers: int
    """Distinct units with accepted use."""
    firms: int
    projects: int
    cite: Cite


@cache
def published(programme: str) -> PublishedTotals:
    """The totals of a programme, such as `jinyun-2017`."""
    path = files("policies") / "vouchers" / f"{programme}-published.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return PublishedTotals(
        title=Words(table["title_zh"], table["title_en"]),
        year=table["year"],
        issued_fen=table["issued_fen"],
        used_fen=table["used_fen"],
        redeemed_fen=table["redeemed_fen"],
        carriers=table["carriers"],
        firms=table["firms"],
        projects=table["projects"],
        cite=Cite(**table["cite"]),
    )
