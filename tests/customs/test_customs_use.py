"""Every use of a supervised instrument is judged; out of scope it is recorded with what it puts at risk."""

from datetime import date, datetime, timedelta

import pytest
from customs_books import FIRM, LAB, OTHER_FIRM, OTHER_LAB, PLACE, RELEASED, Laboratory

from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.customs.values import ConsentState, ExposureState, Reason, Route, Taxes
from ledger.executor.clock import CITY
from ledger.fees.record_log import LoggedUse, RecordLog
from ledger.fees.record_use import RecordUse
from ledger.fees.values import PurposeClass


def test_the_worked_example_of_twelve_days(lab: Laboratory) -> None:
    """3,650,000 yuan, three years, 5 % and 13 %: one day is 621.67, ten are 6,216.67, twelve are 7,460.00."""
    machine = lab.imported()
    totals = []
    for day in range(1, 13):
        lab.use(machine, f"2026-09-{day:02d} 09:00", 60)
        totals.append(lab.at_risk())

    assert (totals[0], totals[9], totals[11]) == (621_67, 6_216_67, 7_460_00)
    exposures = lab.supervision(machine).exposures
    assert len(exposures) == 12
    assert sum(one.standing.duty_fen for one in exposures) == 2_000_00
    assert sum(one.standing.vat_fen for one in exposures) == 5_460_00
    assert {one.reasons for one in exposures} == {(Reason.NO_CONSENT,)}
    assert {one.state for one in exposures} == {ExposureState.DETECTED}
    assert lab.breaches() == []
    assert lab.faults() == []


def test_the_day_counting_vector(lab: Laboratory) -> None:
    """Four sessions of 830 minutes on four days: 2,486.67, whatever the order in which they are recorded."""
    machine = lab.imported()
    risks = [
        lab.use(machine, start, minutes)["at_risk_fen"]
        for start, minutes in (
            ("2026-09-07 08:00", 20),
            ("2026-09-01 09:00", 180),
            ("2026-09-03 23:00", 120),
            ("2026-09-01 14:00", 510),
        )
    ]

    assert risks == [621_67, 621_66, 1_243_34, 0]
    assert lab.at_risk() == 2_486_67
    ((minutes,),) = lab.rows("SELECT sum(minutes) FROM fee_use")
    assert minutes == 830


def test_a_use_across_the_new_year_touches_both_days(lab: Laboratory) -> None:
    machine = lab.imported()
    lab.move(to=date(2027, 1, 2))

    lab.use(machine, "2026-12-31 23:00", 120)

    (exposure,) = lab.supervision(machine).exposures
    assert (exposure.first_on, exposure.last_on) == (date(2026, 12, 31), date(2027, 1, 1))
    assert lab.at_risk() == 1_243_33
    ((on,),) = lab.rows("SELECT effective_on FROM entry WHERE template = 'customs.expose'")
    assert on == date(2027, 1, 1)


def test_a_use_within_a_consent_takes_its_minutes(lab: Laboratory) -> None:
    machine = lab.imported()
    consent = lab.granted(machine, minutes=600)

    told = lab.use(machine, "2026-09-01 09:00", 240)

    assert (told["in_scope"], told["consent"], told["at_risk_fen"]) == (True, consent, 0)
    assert lab.consent(consent).left_minutes == 360
    assert lab.balance(f"customs:consent-used:{consent}") == 240
    assert lab.at_risk() == 0
    assert lab.faults() == []


def test_the_holders_own_research_needs_no_consent(lab: Laboratory) -> None:
    machine = lab.imported()

    own = lab.use(machine, "2026-09-01 09:00", user=LAB, purpose_class=PurposeClass.TEACHING)
    for_sale = lab.use(machine, "2026-09-02 09:00", user=LAB, purpose_class=PurposeClass.PRODUCTION)
    elsewhere = lab.use(machine, "2026-09-03 09:00", user=LAB, place="分析楼")

    assert (own["in_scope"], own["consent"]) == (True, None)
    assert for_sale["reasons"] == ["PURPOSE"]
    assert elsewhere["reasons"] == ["PLACE"]


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({}, []),
        ({"user": OTHER_FIRM}, ["USER"]),
        ({"purpose_class": PurposeClass.TEACHING}, ["PURPOSE"]),  # customs consented to research and development
        ({"purpose_class": PurposeClass.TESTING}, ["PURPOSE"]),
        ({"place": "分析楼"}, ["PLACE"]),
        ({"place": "理化楼 101 室"}, ["PLACE"]),
        ({"place": "理化楼１０１室"}, []),  # full-width figures are the same
        ({"minutes": 601}, ["OVER_HOURS"]),
        ({"start": "2025-12-31 23:30"}, ["EXPIRED_CONSENT"]),
        ({"user": OTHER_FIRM, "place": "分析楼"}, ["PLACE", "USER"]),
        ({"user": OTHER_FIRM, "purpose_class": PurposeClass.PRODUCTION, "place": "楼外"}, ["PURPOSE", "PLACE", "USER"]),
    ],
)
def test_why_a_use_is_out_of_scope(lab: Laboratory, changed: dict[str, object], reasons: list[str]) -> None:
    machine = lab.imported()
    lab.granted(machine)

    told = lab.use(machine, **({"start": "2026-09-01 09:00"} | changed))  # type: ignore[arg-type]  # by name

    assert told["reasons"] == reasons
    assert told["in_scope"] is (not reasons)
    assert (lab.at_risk() > 0) is bool(reasons)
    assert lab.breaches() == []


def test_a_consent_that_is_suspended_covers_nothing_meanwhile(lab: Laboratory) -> None:
    machine = lab.imported()
    consent = lab.granted(machine, valid_from=date(2026, 9, 1))
    lab.move(to=date(2026, 10, 10))
    lab.decide(consent, ConsentState.SUSPENDED, since=date(2026, 10, 1))
    lab.decide(consent, ConsentState.GRANTED, since=date(2026, 10, 5))

    judged = [lab.use(machine, f"{day} 09:00", 60)["reasons"] for day in ("2026-09-30", "2026-10-01", "2026-10-05")]

    assert judged == [[], ["EXPIRED_CONSENT"], []]
    assert lab.consent(consent).left_minutes == 480


def test_a_platform_registration_covers_whoever_does_research(lab: Laboratory) -> None:
    machine = lab.imported()
    lab.granted(machine, route=Route.PLATFORM, users=(), minutes=None, document_number="NRII-2026-7")

    judged = [
        lab.use(machine, "2026-09-01 09:00", user=OTHER_FIRM)["in_scope"],
        lab.use(machine, "2026-09-02 09:00", 5000, user=OTHER_LAB)["in_scope"],
        lab.use(machine, "2026-09-08 09:00", purpose_class=PurposeClass.TESTING)["in_scope"],
    ]

    assert judged == [True, True, False]
    assert lab.faults() == []


def test_of_several_consents_one_that_covers_is_enough(lab: Laboratory) -> None:
    machine = lab.imported()
    lab.granted(machine, OTHER_FIRM)
    lab.granted(machine, FIRM, minutes=30)
    covering = lab.granted(machine, FIRM, minutes=500)

    assert lab.use(machine, "2026-09-01 09:00", 300)["consent"] == covering


def test_before_and_after_the_supervision_nothing_is_judged(lab: Laboratory) -> None:
    machine = lab.imported()
    lab.move(to=date(2028, 3, 20))

    last = lab.use(machine, "2028-03-10 09:00")
    after = lab.use(machine, "2028-03-11 09:00", purpose_class="", place="")

    assert last["reasons"] == ["NO_CONSENT"]
    assert after == {}
    assert lab.breaches() == []


def test_a_use_into_the_last_day_counts_only_supervised_days(lab: Laboratory) -> None:
    machine = lab.imported()
    lab.move(to=date(2028, 3, 20))

    lab.use(machine, "2028-03-10 20:00", 3 * 24 * 60)

    (exposure,) = lab.supervision(machine).exposures
    assert (exposure.first_on, exposure.last_on) == (date(2028, 3, 10), date(2028, 3, 10))
    assert lab.at_risk() == 621_67


def test_a_log_is_judged_use_by_use(lab: Laboratory) -> None:
    """Each sees what the ones before it have used up: minutes of the consent, and days that are counted."""
    machine, plain = lab.imported(), lab.machine("A-2")
    consent = lab.granted(machine, minutes=100)

    def logged(instrument: str, start: str, minutes: int) -> LoggedUse:
        started_at = datetime.fromisoformat(start).replace(tzinfo=CITY)
        return LoggedUse(instrument, FIRM, started_at, minutes, "分析", "", PurposeClass.RESEARCH, PLACE)

    body = lab.do(
        RecordLog,
        "officer",
        unit=LAB,
        operator=lab.people["officer"],
        uses=(
            logged(machine, "2026-09-02 13:00", 60),
            logged(machine, "2026-09-01 09:00", 60),
            logged(plain, "2026-09-01 09:00", 60),
            logged(machine, "2026-09-02 09:00", 60),
            logged(machine, "2026-09-03 09:00", 40),
        ),
        late_reason="月末汇总登记",
        second_person=lab.people["second officer"],
    )

    assert [(one["in_scope"], one["at_risk_fen"]) for one in body["customs"]] == [
        (True, 0),
        (False, 621_67),  # the hour that the log has first takes the minutes of that day
        (False, 0),  # a day that is counted already
        (True, 0),
    ]
    assert lab.consent(consent).left_minutes == 0
    assert lab.faults() == []


def test_several_items_of_one_instrument_are_each_taxed(lab: Laboratory) -> None:
    """The main part, and an accessory that was released later."""
    machine = lab.imported()
    lab.use(machine, "2025-09-01 09:00")
    lab.do_import(machine, 1_095_000_00, released_on=date(2026, 3, 10), duty_rate="0")

    lab.use(machine, "2026-09-01 09:00")

    second = lab.supervision(machine).exposures[1]
    assert sorted(one.total_fen for one in second.estimates.values()) == [130_00, 621_66]
    assert lab.at_risk() == 1_243_33 + 130_00
    assert lab.faults() == []


# -- what cannot have been ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"start": "2025-03-09 09:00"}, "UseBeforeRelease"),
        ({"start": "2026-09-28 10:00", "minutes": 900}, "UseTooLong"),
        ({"start": "2026-09-29 09:00"}, "UseInFuture"),
        ({"purpose_class": ""}, "CircumstancesMissing"),
        ({"place": " "}, "CircumstancesMissing"),
        ({"start": "2026-09-10 11:59"}, "UsesOverlap"),
        ({"start": "2026-09-10 08:00", "minutes": 61}, "UsesOverlap"),
        ({"start": "2026-09-09 08:00", "minutes": 3000}, "UsesOverlap"),
    ],
)
def test_a_use_that_cannot_have_been_is_refused(lab: Laboratory, changed: dict[str, object], said: str) -> None:
    machine = lab.imported()
    lab.use(machine, "2026-09-10 09:00", 180)

    facts = lab.use_facts(machine, **({"start": "2026-09-20 09:00"} | changed))  # type: ignore[arg-type]  # by name

    assert lab.refused(RecordUse, "officer", **facts).startswith(said)
    lab.use(machine, "2026-09-10 12:00", 60)  # right after it is no overlap


def test_as_many_at_once_as_the_instrument_serves(lab: Laboratory) -> None:
    machine = lab.imported(capacity=2)
    lab.use(machine, "2026-09-10 09:00", 180)
    lab.use(machine, "2026-09-10 10:00", 180)

    refused = lab.refused(RecordUse, "officer", **lab.use_facts(machine, "2026-09-10 11:00"))
    assert refused.startswith("UsesOverlap")
    assert "serves at most 2 at once" in refused
    lab.use(machine, "2026-09-10 12:00", 60)


def test_overlaps_within_one_log_are_refused_too(lab: Laboratory) -> None:
    machine = lab.imported()
    at = datetime(2026, 9, 1, 9, tzinfo=CITY)
    uses = tuple(
        LoggedUse(machine, FIRM, at + timedelta(minutes=n), 60, "分析", "", PurposeClass.RESEARCH, PLACE)
        for n in (0, 59)
    )

    refused = lab.refused(
        RecordLog,
        "officer",
        unit=LAB,
        operator=lab.people["officer"],
        uses=uses,
        late_reason="汇总",
        second_person=lab.people["second officer"],
    )

    assert refused.startswith("UsesOverlap")
    assert lab.rows("SELECT 1 FROM fee_use") == []


# -- an import that is recorded late -----------------------------------------------------------------------------------


def test_uses_before_the_import_was_recorded_are_judged_with_it(lab: Laboratory) -> None:
    machine = lab.machine()
    lab.use(machine, "2026-09-01 09:00")
    lab.use(machine, "2026-09-02 09:00", user=LAB, place=PLACE)
    lab.use(machine, "2026-09-03 09:00", purpose_class="", place="")
    assert lab.at_risk() == 0

    body = lab.do_import(machine)

    assert [(one["in_scope"], one["reasons"]) for one in body["customs"]] == [
        (False, ["NO_CONSENT"]),
        (True, []),
        (False, ["NO_CONSENT", "PURPOSE", "PLACE"]),
    ]
    assert lab.at_risk() == Taxes(333_33, 910_00).total_fen
    assert (body["supervision_years"], body["supervised_until"]) == (3, "2028-03-10")
    assert lab.today > RELEASED
    assert lab.faults() == []


# -- a use that is taken back ------------------------------------------------------------------------------------------


def seq_of(lab: Laboratory, template: str) -> int:
    ((seq,),) = lab.rows("SELECT max(seq) FROM entry WHERE template = :template", template=template)
    return int(seq)


def take_back(lab: Laboratory, seq: int) -> dict[str, object]:
    facts = {"effective_on": lab.today, "reason": "登记有误", "second_person": lab.people["second officer"]}
    return lab.do(ReverseEntry, "officer", seq=seq, **facts)


def test_a_use_taken_back_gives_its_minutes_back_and_may_be_recorded_anew(lab: Laboratory) -> None:
    machine = lab.imported()
    consent = lab.granted(machine, minutes=300)
    lab.use(machine, "2026-09-01 09:00", 240)

    take_back(lab, seq_of(lab, "fee.use"))
    again = lab.use(machine, "2026-09-01 09:00", 250)

    assert (again["in_scope"], lab.consent(consent).left_minutes) == (True, 50)
    assert lab.balance(f"customs:consent-used:{consent}") == 250
    assert lab.faults() == []


def test_one_day_of_a_log_taken_back_leaves_the_others(lab: Laboratory) -> None:
    machine = lab.imported()
    consent = lab.granted(machine, minutes=300)
    at = datetime(2026, 9, 1, 9, tzinfo=CITY)
    lab.do(
        RecordLog,
        "officer",
        unit=LAB,
        operator=lab.people["officer"],
        uses=tuple(
            LoggedUse(machine, FIRM, at + timedelta(days=n), 60, "分析", "", PurposeClass.RESEARCH, PLACE)
            for n in (0, 1, 2)
        ),
        late_reason="汇总",
        second_person=lab.people["second officer"],
    )

    take_back(lab, seq_of(lab, "fee.log"))

    assert lab.consent(consent).left_minutes == 180
    assert lab.faults() == []


def test_what_a_use_put_at_risk_stays_when_it_is_taken_back(lab: Laboratory) -> None:
    """Otherwise two people of the unit could let a use disappear that customs would ask about."""
    machine = lab.imported()
    lab.use(machine, "2026-09-01 09:00")

    take_back(lab, seq_of(lab, "fee.use"))

    assert lab.at_risk() == 621_67
    assert lab.faults() == []
    facts = {"effective_on": lab.today, "reason": "撤回", "second_person": lab.people["second officer"]}
    refused = lab.refused(ReverseEntry, "officer", seq=seq_of(lab, "customs.expose"), **facts)
    assert refused.startswith("StepNotReversible")
