"""On which days customs supervises an instrument: what more than one slice above must know.

The rows are customs' own; the view `instrument_supervision` shows of them what concerns the instrument.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader


@dataclass(frozen=True, slots=True)
class SupervisedDays:
    """One import of an instrument, and the days on which it is supervised."""

    item: str
    since: date
    """The release."""
    until: date
    """Last day."""

    def meets(self, first_on: date, last_on: date) -> bool:
        """Whether a day of this stretch is supervised."""
        return self.since <= last_on and first_on <= self.until


def supervised_between(spans: Iterable[SupervisedDays], first_on: date, last_on: date) -> SupervisedDays | None:
    """The import that is supervised longest, of those with a day in this stretch."""
    return max((span for span in spans if span.meets(first_on, last_on)), key=lambda span: span.until, default=None)


def load_supervised_days(reader: Reader, instruments: Collection[str]) -> Mapping[str, tuple[SupervisedDays, ...]]:
    """For every instrument asked, supervised or not."""
    found: dict[str, list[SupervisedDays]] = defaultdict(list)
    for instrument, *columns in reader.rows(
        "SELECT instrument, item, since, until FROM instrument_supervision "
        "WHERE book = %s AND instrument = ANY(%s) ORDER BY since, item",
        reader.book,
        list(instruments),
    ):
        found[instrument].append(SupervisedDays(*columns))
    return {instrument: tuple(found[instrument]) for instrument in instruments}


SUPERVISED_DAYS = Aggregate[tuple[SupervisedDays, ...]]("supervised-days", load_supervised_days, what="仪器/instrument")
"""By instrument; locked by whoever records goods of it, and by whoever relies on its being free of supervision."""
