"""Judge a use of a supervised instrument: within what customs allows, or out of it with what that puts at risk.

Out of scope or not, the use is recorded; what is refused is only what cannot have been.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count

from ledger.amounts import is_whole
from ledger.customs.exposing import Counted, counted, step_row, tax_rows
from ledger.customs.postings import exposure_entry, use_entry
from ledger.customs.rules import check_overlap, check_use, judge, supervised_days
from ledger.customs.store import LINKS, OVERLAPPING, SUPERVISED, window
from ledger.customs.tables import CustomsExposureTable, CustomsUseTable
from ledger.customs.values import Consent, Exposure, ExposureState, Judgement, Supervision, Taxes, TimedUse
from ledger.executor.commands import Command, Effects, Keys, Reaction, State
from ledger.fees.events import UsesRecorded
from ledger.fees.record_log import RecordLog
from ledger.fees.record_use import RecordUse
from ledger.fees.rules import checked_instant, legal_date
from ledger.fees.values import Use
from ledger.journal.entries import Backdating
from ledger.journal.tables import EventRow
from policies.customs.supervision import sharing_article
from policies.kernel.policies import Policies


@dataclass
class Bench:
    """Uses judged one after the other: each sees what the ones before it have used up and put at risk."""

    command: Command
    policies: Policies
    today: date
    supervised: dict[str, Supervision]
    others: dict[str, list[TimedUse]]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    """Of the calculations of the command."""
    rows: list[EventRow] = field(default_factory=list)
    in_scope: dict[date, list[tuple[Consent, int]]] = field(default_factory=lambda: defaultdict(list))
    exposed: dict[date, list[Exposure]] = field(default_factory=lambda: defaultdict(list))
    told: list[dict[str, object]] = field(default_factory=list)

    def judge(self, use: Use, *, posted_on: date) -> None:
        """Take one use, if its instrument is supervised on a day of it."""
        supervision = self.supervised[use.instrument]
        found = judge(use, supervision)
        self.others[use.instrument].append(TimedUse(use.number, use.started_at, use.ended_at))
        if found is None:
            return
        exposure = None
        if found.in_scope:
            self._take_minutes(use, found, supervision, posted_on)
        else:
            exposure = self._expose(use, found, supervision, posted_on)
        self.rows.append(_use_row(use, found, _district(use, supervision), self.today))
        self.told.append(
            {
                "use": use.number,
                "in_scope": found.in_scope,
                "reasons": [reason.value for reason in found.reasons],
                "consent": found.consent,
                "exposure": exposure.number if exposure else None,
                "at_risk_fen": exposure.standing.total_fen if exposure else 0,
            }
        )

    def _take_minutes(self, use: Use, found: Judgement, supervision: Supervision, posted_on: date) -> None:
        consent = next((one for one in supervision.consents if one.number == found.consent), None)
        if consent is None:
            return
        self.in_scope[posted_on].append((consent, use.minutes))
        if consent.minutes is not None:
            left = replace(consent, left_minutes=consent.left_minutes - use.minutes)
            consents = tuple(left if one.number == left.number else one for one in supervision.consents)
            self.supervised[use.instrument] = replace(supervision, consents=consents)

    def _expose(self, use: Use, found: Judgement, supervision: Supervision, posted_on: date) -> Exposure:
        span = supervised_days(use, supervision)
        assert span is not None  # it was judged
        bare = Exposure(
            number=self.command.number("EX", use.number),
            use=use.number,
            instrument=use.instrument,
            unit=use.unit,
            district=_district(use, supervision),
            reasons=found.reasons,
            first_on=span[0],
            last_on=span[1],
            rate_on=span[0],
            state=ExposureState.DETECTED,
            steps=1,
            recorder=self.command.actor,
            standing=Taxes(),
        )
        complete = counted(bare, supervision.exposures, supervision, self.policies)
        exposure = complete.exposure
        self.supervised[use.instrument] = replace(supervision, exposures=(*supervision.exposures, exposure))
        self.rows += [
            *_exposure_rows(complete, self.command, self.today),
            *tax_rows(complete, self.command, 1, self.numbers),
        ]
        if exposure.standing.total_fen:
            self.exposed[posted_on].append(exposure)
        return exposure

    def effects(self, backdating: Backdating | None = None) -> Effects:
        """Everything that follows, an entry a day and kind; nothing where no instrument was supervised."""
        if not self.told:
            return Effects({})
        entries = [
            *(
                use_entry(used, on, self._article(on), backdating if on < self.today else None)
                for on, used in sorted(self.in_scope.items())
            ),
            *(
                exposure_entry(exposures, on, self._article(on), backdating if on < self.today else None)
                for on, exposures in sorted(self.exposed.items())
            ),
        ]
        return Effects({"customs": self.told}, entries=tuple(entries), rows=tuple(self.rows))

    def _article(self, on: date) -> str:
        return sharing_article(on, self.policies.known_on)


MINUTES_LOOKED_AT_MAX = 10**7
"""About nineteen years: how far behind a start overlapping uses are looked for; a longer use is refused anyway."""


def reads(command: RecordUse | RecordLog) -> Keys:
    windows = _windows(command)
    return LINKS.keys(*windows) | OVERLAPPING.keys(*windows.values())


def _windows(command: RecordUse | RecordLog) -> Mapping[str, str]:
    """By instrument, the stretch of time that its uses lie in."""
    times: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for use in [command] if isinstance(command, RecordUse) else command.uses:
        started_at = checked_instant(use.started_at)
        minutes = min(use.minutes, MINUTES_LOOKED_AT_MAX) if is_whole(use.minutes) and use.minutes > 0 else 0
        times[use.instrument].append((started_at, _later(started_at, minutes)))
    return {
        instrument: window(instrument, min(start for start, _ in of_it), max(end for _, end in of_it))
        for instrument, of_it in times.items()
    }


def _later(instant: datetime, minutes: int) -> datetime:
    try:
        return instant + timedelta(minutes=minutes)
    except OverflowError:  # after the year 9999: refused when it is decided
        return instant


def decide(
    event: UsesRecorded, command: RecordUse | RecordLog, state: State, policies: Policies, today: date
) -> Effects:
    windows = _windows(command)
    supervised = {
        instrument: state.one(SUPERVISED, instrument) for instrument in windows if state.find(LINKS, instrument)
    }
    others: dict[str, list[TimedUse]] = {}
    for instrument in supervised:
        overlapping: tuple[TimedUse, ...] = state.one(OVERLAPPING, windows[instrument])
        others[instrument] = list(overlapping)
    bench = Bench(command, policies, today, supervised, others)
    for use in event.uses:
        if use.instrument in supervised:
            check_use(use, supervised[use.instrument])
            check_overlap(use, bench.others[use.instrument], supervised[use.instrument])
            bench.judge(use, posted_on=legal_date(use.started_at, use.minutes))
    return bench.effects(Backdating(command.late_reason, command.second_person) if command.second_person else None)


def _district(use: Use, supervision: Supervision) -> str:
    """Of the goods on the first supervised day of a use."""
    span = supervised_days(use, supervision)
    assert span is not None  # it was judged
    return supervision.supervised_on(span[0])[0].district


def _use_row(use: Use, found: Judgement, district: str, today: date) -> CustomsUseTable:
    return CustomsUseTable(
        recorded_use=use.number,
        instrument=use.instrument,
        unit=use.unit,
        district=district,
        started_at=use.started_at,
        ended_at=use.ended_at,
        in_scope=found.in_scope,
        reasons=",".join(reason.value for reason in found.reasons),
        consent=found.consent,
        judged_on=today,
    )


def _exposure_rows(complete: Counted, command: Command, today: date) -> Iterator[EventRow]:
    exposure = complete.exposure
    yield CustomsExposureTable(
        number=exposure.number,
        recorded_use=exposure.use,
        instrument=exposure.instrument,
        unit=exposure.unit,
        district=exposure.district,
        reasons=",".join(reason.value for reason in exposure.reasons),
        first_on=exposure.first_on,
        last_on=exposure.last_on,
        rate_on=exposure.rate_on,
        detected_on=today,
    )
    yield step_row(replace(exposure, steps=0), exposure.state, exposure.standing, command, today)


REACTIONS = (
    Reaction(UsesRecorded, RecordUse, reads, decide),
    Reaction(UsesRecorded, RecordLog, reads, decide),
)
