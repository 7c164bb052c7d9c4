"""What uses out of scope put at risk: the tax on all of an instrument's days together, less what was counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from ledger.customs.tables import CustomsExposureStepTable, CustomsExposureTaxTable
from ledger.customs.values import ESTIMATED, Exposure, ExposureState, Item, Supervision, Taxes
from ledger.executor.calculations import stored
from ledger.executor.commands import Command
from ledger.journal.tables import EventRow
from policies.customs.diverted_use import POLICY
from policies.kernel.policies import Policies
from policies.kernel.registry import Calculation


@dataclass(frozen=True, slots=True)
class Counted:
    """What the days up to one use cost together, by item, and what that use added."""

    exposure: Exposure
    """With its estimates, and these standing."""
    together: Mapping[str, Calculation]


def counted(exposure: Exposure, before: Sequence[Exposure], supervision: Supervision, policies: Policies) -> Counted:
    """An exposure with the tax on its days and those of the ones before it, less what they were counted with.

    A day that is counted already adds nothing. An item that it was counted on, and that it does not touch any more, is
    told with nothing.
    """
    together: dict[str, Calculation] = {}
    estimates: dict[str, Taxes] = {}
    for item in supervision.items:
        days = frozenset(_days_of(exposure, item))
        if not days and item.number not in exposure.estimates:
            continue
        known = frozenset(day for one in before if one.counts for day in _days_of(one, item))
        found = _tax_on(item, supervision.instrument, len(known | days), exposure.rate_on, policies)
        together[item.number] = found
        before_it = [one.estimates.get(item.number, Taxes()) for one in before if one.counts]
        estimates[item.number] = _taxes(found).beyond(_sum(before_it))
    standing = _sum(list(estimates.values()))
    return Counted(replace(exposure, estimates=estimates, standing=standing), together)


@dataclass(frozen=True, slots=True)
class Restated:
    """An estimate that is another one now, because other days count."""

    before: Exposure
    after: Counted


def restated(supervision: Supervision, policies: Policies) -> tuple[Restated, ...]:
    """Estimates that change when each is counted anew after the ones before it; what customs has set stands."""
    seen: list[Exposure] = []
    changed = []
    for exposure in supervision.exposures:
        now = exposure
        if exposure.state in ESTIMATED:
            again = counted(exposure, seen, supervision, policies)
            if again.exposure.estimates != exposure.estimates:
                changed.append(Restated(exposure, again))
                now = again.exposure
        seen.append(now)
    return tuple(changed)


def restated_rows(
    changes: Sequence[Restated], command: Command, today: date, numbers: Iterator[int], reason: str
) -> Iterator[EventRow]:
    """A step of each that changed: its state stays, its amounts are others."""
    for change in changes:
        exposure = change.after.exposure
        yield step_row(exposure, exposure.state, exposure.standing, command, today, reason=reason)
        other = frozenset(
            item for item, taxes in exposure.estimates.items() if change.before.estimates.get(item) != taxes
        )
        yield from tax_rows(change.after, command, exposure.steps + 1, numbers, other)


def step_row(  # each part has its name
    exposure: Exposure,
    state: ExposureState,
    standing: Taxes,
    command: Command,
    today: date,
    *,
    document_number: str = "",
    reason: str = "",
) -> CustomsExposureStepTable:
    """The next step of an exposure."""
    return CustomsExposureStepTable(
        exposure=exposure.number,
        step=exposure.steps + 1,
        state=state.value,
        duty_fen=standing.duty_fen,
        vat_fen=standing.vat_fen,
        consumption_fen=standing.consumption_fen,
        document_number=document_number,
        reason=reason,
        taken_on=today,
        person=command.actor,
    )


def tax_rows(
    found: Counted, command: Command, step: int, numbers: Iterator[int], only: frozenset[str] | None = None
) -> Iterator[EventRow]:
    """The calculations of an exposure, and what it adds to each item's tax."""
    for item, calculation in found.together.items():
        if only is not None and item not in only:
            continue
        row = stored(command, calculation, next(numbers))
        yield row
        yield _tax_row(found.exposure, item, calculation, row.id, step)


def _tax_row(
    exposure: Exposure, item: str, calculation: Calculation, calculation_id: UUID, step: int
) -> CustomsExposureTaxTable:
    added = exposure.estimates[item]
    return CustomsExposureTaxTable(
        exposure=exposure.number,
        step=step,
        item=item,
        days=calculation.whole("days"),
        base_fen=calculation.whole("base_fen"),
        duty_fen=added.duty_fen,
        vat_fen=added.vat_fen,
        consumption_fen=added.consumption_fen,
        calculation=calculation_id,
    )


def _days_of(exposure: Exposure, item: Item) -> Iterator[date]:
    """Days of a use on which the item is supervised."""
    for n in range((exposure.last_on - exposure.first_on).days + 1):
        day = exposure.first_on + timedelta(days=n)
        if item.supervised_on(day):
            yield day


def _tax_on(item: Item, instrument: str, days: int, on: date, policies: Policies) -> Calculation:
    facts = {
        "value_fen": item.value_of(instrument),
        "supervision_years": item.supervision_years,
        "duty_rate": item.duty_rate,
        "vat_rate": item.vat_rate,
        "consumption_rate": item.consumption_rate,
        "released_on": item.released_on,
        "days": days,
    }
    return policies.calculate(POLICY, facts, on=on)


def _taxes(found: Calculation) -> Taxes:
    return Taxes(found.whole("duty_fen"), found.whole("vat_fen"), found.whole("consumption_fen"))


def _sum(parts: Sequence[Taxes]) -> Taxes:
    whole = Taxes()
    for part in parts:
        whole = whole.plus(part)
    return whole
