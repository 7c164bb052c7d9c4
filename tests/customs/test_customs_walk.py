"""Whatever is done, in whatever order: what is at risk is what still counts, reckoned anew from the days alone."""

from datetime import date, datetime, timedelta

from customs_books import FIRM, LAB, OTHER_FIRM, PLACE, Laboratory, open_laboratory
from databases import Cluster
from hypothesis import given, settings
from hypothesis import strategies as st
from office import Furnished

from ledger.customs.decide_exposure import DecideExposure
from ledger.customs.values import ExposureState, Supervision, Taxes
from ledger.executor.clock import CITY
from ledger.fees.record_use import RecordUse
from ledger.fees.values import PurposeClass
from policies.calculators import calculate

HOURS_MAX = 24 * 26
steps = st.lists(
    st.one_of(
        st.tuples(st.just("use"), st.integers(0, HOURS_MAX), st.integers(1, 60), st.booleans(), st.booleans()),
        st.tuples(st.just("clear"), st.integers(0, 30)),
        st.tuples(st.just("assess"), st.integers(0, 30), st.integers(0, 10**6)),
        st.tuples(st.just("accessory"), st.integers(1, 10**8), st.integers(0, 500)),
    ),
    min_size=1,
    max_size=12,
)


def expected(supervision: Supervision) -> Taxes:
    """Of estimates alone: the tax on all days that count, item by item, from the calendar and the public calculator."""
    whole = Taxes()
    for item in supervision.items:
        days = {
            one.first_on + timedelta(days=n)
            for one in supervision.exposures
            if one.state is not ExposureState.CLEARED
            for n in range((one.last_on - one.first_on).days + 1)
            if item.supervised_on(one.first_on + timedelta(days=n))
        }
        facts = {
            "value_fen": item.value_of(supervision.instrument),
            "supervision_years": item.supervision_years,
            "duty_rate": item.duty_rate,
            "vat_rate": item.vat_rate,
            "consumption_rate": item.consumption_rate,
            "released_on": item.released_on,
            "days": len(days),
        }
        tax = calculate("customs/diverted-use", facts, on=date(2026, 9, 1), known_on=date(2026, 9, 28))
        whole = whole.plus(Taxes(tax.whole("duty_fen"), tax.whole("vat_fen"), tax.whole("consumption_fen")))
    return whole


def decided(lab: Laboratory, number: str, outcome: ExposureState, **more: int) -> bool:
    facts = {"exposure": number, "document_number": "1号", "reason": "审核", "outcome": outcome}
    return lab.run(DecideExposure, "customs", **facts, **more).accepted


def take(lab: Laboratory, machine: str, step: tuple[object, ...]) -> None:
    supervision = lab.supervision(machine)
    match step:
        case ("use", int(hour), int(minutes), bool(by_firm), bool(science)):
            at = datetime(2026, 9, 1, tzinfo=CITY) + timedelta(hours=hour)
            facts = lab.use_facts(machine, f"{at:%Y-%m-%d %H:%M}", minutes, FIRM if by_firm else LAB, place=PLACE)
            purpose = PurposeClass.RESEARCH if science else PurposeClass.PRODUCTION
            lab.run(RecordUse, "officer", **facts | {"purpose_class": purpose})  # refused where it overlaps
        case ("clear", int(n)) if supervision.exposures:
            one = supervision.exposures[n % len(supervision.exposures)]
            decided(lab, one.number, ExposureState.UNDER_REVIEW)
            decided(lab, one.number, ExposureState.CLEARED)
        case ("assess", int(n), int(fen)) if supervision.exposures:
            one = supervision.exposures[n % len(supervision.exposures)]
            decided(lab, one.number, ExposureState.UNDER_REVIEW)
            decided(lab, one.number, ExposureState.ASSESSED, duty_fen=fen, vat_fen=0, consumption_fen=0)
        case ("accessory", int(value), int(before)):
            lab.do_import(machine, value, released_on=date(2026, 9, 27) - timedelta(days=before))
        case _:
            pass


@settings(max_examples=12, deadline=None)
@given(walk=steps)
def test_what_is_at_risk_is_what_the_days_cost(
    cluster: Cluster, furnished: Furnished, walk: list[tuple[object, ...]]
) -> None:
    with cluster.database(furnished.template) as database, open_laboratory(database, furnished.people) as lab:
        machine = lab.imported()
        lab.granted(machine, OTHER_FIRM)
        for step in walk:
            take(lab, machine, step)

        supervision = lab.supervision(machine)
        standing = Taxes()
        for one in supervision.exposures:
            standing = standing.plus(one.standing)
        assert lab.at_risk() == standing.total_fen
        if all(one.state is not ExposureState.ASSESSED for one in supervision.exposures):
            assert standing == expected(supervision)
        assert lab.breaches() == []
        assert lab.faults() == []
