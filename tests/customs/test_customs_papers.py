"""Certificates, declarations, consents and offices: what they ask, and who may say what."""

from datetime import date
from typing import Any

import pytest
from customs_books import AIRPORT, FIRM, LAB, OTHER_FIRM, OTHER_LAB, Laboratory
from office import assert_says_the_same, sentences

import ledger.customs
from ledger.customs.decide_consent import DecideConsent, WithdrawConsent
from ledger.customs.record_item import ItemShare, RecordItem
from ledger.customs.register_office import RegisterCustomsOffice
from ledger.customs.submit_consent import SubmitConsent
from ledger.customs.values import ConsentState, GoodsKind, Route
from ledger.errors import Invalid, Spoken
from ledger.fees.values import PurposeClass


def declined(lab: Laboratory, kind: Any, actor: str, **facts: Any) -> str:  # noqa: ANN401
    """Code and sentence, whether it cannot be read or is refused; nothing is posted."""
    try:
        return lab.refused(kind, actor, **facts)
    except Invalid as wrong:
        return f"{wrong.code}: {wrong.say('en')}"


@pytest.mark.parametrize("refusal", sentences(ledger.customs), ids=lambda refusal: refusal.__name__)
def test_every_sentence_exists_in_both_languages(refusal: type[Spoken]) -> None:
    assert_says_the_same(refusal)


# -- items -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "released_on", "years", "until"),
    [
        (GoodsKind.OTHER, date(2025, 3, 10), 3, "2028-03-10"),
        (GoodsKind.OTHER, date(2017, 10, 23), 5, "2022-10-23"),
        (GoodsKind.OTHER, date(2017, 10, 24), 3, "2020-10-24"),
        (GoodsKind.VEHICLE, date(2025, 3, 10), 6, "2031-03-10"),
        (GoodsKind.SHIP_OR_AIRCRAFT, date(2024, 2, 29), 8, "2032-02-29"),
        (GoodsKind.OTHER, date(2024, 2, 29), 3, "2027-02-28"),
    ],
)
def test_how_long_goods_are_supervised(
    lab: Laboratory, kind: GoodsKind, released_on: date, years: int, until: str
) -> None:
    machine = lab.machine()

    body = lab.do_import(machine, goods=kind, released_on=released_on)

    assert (body["supervision_years"], body["supervised_until"]) == (years, until)
    assert lab.faults() == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"certificate_number": "A01011234567"}, "CertificateUnreadable"),
        ({"certificate_number": "Z0101123456"}, "CertificateUnreadable"),
        ({"certificate_number": "z01011234567"}, "CertificateUnreadable"),
        ({"declaration_number": "0001201413928493"}, "DeclarationUnreadable"),  # sixteen digits, as of 2014
        ({"declaration_number": "01131925100000123X"}, "DeclarationUnreadable"),
        ({"declaration_number": "011320250000000123"}, "DeclarationOfExport"),
        ({"hs_code": "90278099"}, "HsCodeUnreadable"),
        ({"hs_code": "9027.809990"}, "HsCodeUnreadable"),
        ({"district": "13"}, "DistrictUnreadable"),
        ({"line": 0}, "LineUnreadable"),
        ({"duty_rate": "5%"}, "RateUnreadable"),
        ({"vat_rate": "1"}, "RateUnreadable"),
        ({"capacity": 0}, "CapacityUnreadable"),
        ({"goods": "airship"}, "ChoiceUnknown"),
        ({"place": " "}, "TextMissing"),
        ({"policy_document": ""}, "TextMissing"),
        ({"released_on": date(2026, 9, 29)}, "ReleaseInFuture"),
        ({"released_on": date(2007, 12, 31)}, "RuleNotYetInForce"),
        ({"unit": OTHER_LAB}, "RoleMissingAt"),
        ({"unit": FIRM}, "WrongKind"),
        ({"shares": ()}, "ItemWithoutInstruments"),
        ({"shares": tuple(ItemShare(f"I-{n}", 1) for n in range(201))}, "TooManyInstruments"),
    ],
)
def test_what_an_item_asks(lab: Laboratory, changed: dict[str, object], code: str) -> None:
    machine = lab.machine()

    said = declined(lab, RecordItem, "officer", **lab.import_facts((machine, 100), **changed))

    assert said.startswith(f"{code}: ")
    assert lab.rows("SELECT 1 FROM customs_item") == []


def test_one_line_of_a_declaration_is_recorded_once(lab: Laboratory) -> None:
    machine, other = lab.machine(), lab.machine("A-2")
    facts = lab.import_facts((machine, 100))
    lab.do(RecordItem, "officer", **facts)

    assert declined(lab, RecordItem, "officer", **facts | {"shares": (ItemShare(other, 5),)}).startswith("ItemKnown")
    lab.do(RecordItem, "officer", **facts | {"line": 2})


def test_an_item_of_several_instruments_and_an_instrument_of_several_items(lab: Laboratory) -> None:
    one, two = lab.machine(), lab.machine("A-2")
    item = lab.do(RecordItem, "officer", **lab.import_facts((one, 600_00), (two, 400_00)))["item"]
    lab.do_import(one, 50_00)

    assert lab.rows("SELECT value_fen FROM customs_item WHERE number = :n", n=item) == [(1_000_00,)]
    assert [item.value_of(one) for item in lab.supervision(one).items] in ([600_00, 50_00], [50_00, 600_00])
    twice = lab.import_facts((one, 1), (one, 2))
    assert declined(lab, RecordItem, "officer", **twice).startswith("InstrumentTwiceOnItem")


def test_who_records_an_item(lab: Laboratory) -> None:
    machine = lab.machine()

    lab.do(RecordItem, "customs", **lab.import_facts((machine, 100)))
    lab.do(RecordItem, "airport", **lab.import_facts((machine, 100), district="0101"))
    for by in ("airport", "operator", "other officer", "applicant"):
        assert declined(lab, RecordItem, by, **lab.import_facts((machine, 100))).startswith("RoleMissingAt")


def test_a_direct_customs_is_competent_for_all_its_offices(lab: Laboratory) -> None:
    machine = lab.machine()
    lab.do(RegisterCustomsOffice, "operator", bureau=AIRPORT, district="0100", document_number="关函3号")

    lab.do(RecordItem, "airport", **lab.import_facts((machine, 100), district="0117"))

    facts = {"bureau": AIRPORT, "document_number": "1号"}
    again = declined(lab, RegisterCustomsOffice, "operator", district="0100", **facts)
    assert again.startswith("OfficeUnchanged")
    assert declined(lab, RegisterCustomsOffice, "customs", district="0101", **facts).startswith("RoleMissing")
    not_a_bureau = {"bureau": LAB, "document_number": "1号"}
    assert declined(lab, RegisterCustomsOffice, "operator", district="0101", **not_a_bureau).startswith("WrongKind")


# -- consents ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"valid_until": date(2028, 3, 11)}, "ConsentOutlivesSupervision"),
        ({"valid_from": date(2025, 3, 9)}, "NotSupervised"),
        ({"valid_from": date(2028, 1, 1), "valid_until": date(2027, 12, 31)}, "ConsentNeverValid"),
        ({"purposes": (PurposeClass.RESEARCH, PurposeClass.TESTING)}, "PurposeNotForConsent"),
        ({"users": ()}, "UsersMissing"),
        ({"users": ("91110000000000000X",)}, "NotFound"),
        ({"minutes": None}, "MinutesMissing"),
        ({"minutes": 0}, "AmountOutOfRange"),
        ({"place": ""}, "TextMissing"),
        ({"document_number": ""}, "TextMissing"),
    ],
)
def test_what_a_consent_asks(lab: Laboratory, changed: dict[str, object], code: str) -> None:
    machine = lab.imported()
    facts = lab.consent_facts(machine) | {"users": (FIRM,)} | changed

    try:
        said = declined(lab, SubmitConsent, "officer", **facts)
    except Spoken as wrong:  # what is not there
        said = f"{wrong.code}: "

    assert said.startswith(f"{code}: ")


def test_the_last_day_of_a_consent_may_be_that_of_the_supervision(lab: Laboratory) -> None:
    machine = lab.imported()

    assert lab.granted(machine, valid_until=date(2028, 3, 10))


def test_there_was_no_platform_route_before_it_was_made(lab: Laboratory) -> None:
    machine = lab.imported(released_on=date(2017, 11, 1))
    facts = lab.consent_facts(machine, route=Route.PLATFORM, valid_until=date(2019, 1, 1))

    early = declined(lab, SubmitConsent, "officer", **facts | {"valid_from": date(2018, 10, 29)})

    assert early.startswith("NoPlatformRoute")
    lab.do(SubmitConsent, "officer", **facts | {"valid_from": date(2018, 10, 30)})


def test_a_consent_that_was_returned_is_submitted_anew(lab: Laboratory) -> None:
    machine = lab.imported()
    consent = str(lab.do(SubmitConsent, "officer", **lab.consent_facts(machine, minutes=9_999))["consent"])
    changed = lab.consent_facts(machine, FIRM, OTHER_FIRM, minutes=600, consent=consent)
    assert declined(lab, SubmitConsent, "officer", **changed).startswith("ConsentNotReturned")
    lab.decide(consent, ConsentState.RETURNED, reason="机时过多")

    again = lab.do(SubmitConsent, "officer", **changed)
    lab.decide(consent, ConsentState.GRANTED)

    assert (again["consent"], again["version"]) == (consent, 2)
    stands = lab.consent(consent)
    assert (stands.users, stands.left_minutes, stands.state) == ({FIRM, OTHER_FIRM}, 600, ConsentState.GRANTED)
    assert lab.faults() == []


STEPS = {
    ConsentState.SUBMITTED: {"returned", "refused", "granted"},
    ConsentState.GRANTED: {"suspended", "revoked"},
    ConsentState.SUSPENDED: {"granted", "revoked"},
    ConsentState.REFUSED: set(),
    ConsentState.REVOKED: set(),
}


@pytest.mark.parametrize("state", list(STEPS))
def test_which_decision_may_follow_which(lab: Laboratory, state: ConsentState) -> None:
    machine = lab.imported()
    ways = {
        ConsentState.SUBMITTED: (),
        ConsentState.GRANTED: (ConsentState.GRANTED,),
        ConsentState.SUSPENDED: (ConsentState.GRANTED, ConsentState.SUSPENDED),
        ConsentState.REFUSED: (ConsentState.REFUSED,),
        ConsentState.REVOKED: (ConsentState.GRANTED, ConsentState.REVOKED),
    }
    possible = set()
    for wanted in ConsentState:
        consent = str(lab.do(SubmitConsent, "officer", **lab.consent_facts(machine))["consent"])
        for step in ways[state]:
            lab.decide(consent, step)
        facts = {"since": lab.today, "document_number": "1号", "reason": "审核"}
        answer = lab.run(DecideConsent, "customs", consent=consent, outcome=wanted, **facts)
        if answer.accepted:
            possible.add(wanted.value)

    assert possible == STEPS[state]
    assert lab.breaches() == []


def test_who_decides_a_consent(lab: Laboratory) -> None:
    machine = lab.imported()
    case = str(lab.do(SubmitConsent, "officer", **lab.consent_facts(machine))["consent"])
    on_platform = lab.consent_facts(machine, route=Route.PLATFORM, minutes=None, users=())
    platform = str(lab.do(SubmitConsent, "officer", **on_platform)["consent"])
    facts = {"outcome": ConsentState.GRANTED, "since": lab.today, "document_number": "1号"}

    for by in ("officer", "operator", "finance", "airport"):
        assert declined(lab, DecideConsent, by, consent=case, **facts).split(":")[0] in {
            "RoleMissing",
            "NotYourDistrict",
        }
    lab.do(DecideConsent, "operator", consent=platform, **facts)
    future = facts | {"since": date(2026, 9, 29)}
    assert declined(lab, DecideConsent, "customs", consent=case, **future).startswith("DecidedInFuture")


def test_a_unit_withdraws_what_it_asked_or_has(lab: Laboratory) -> None:
    machine = lab.imported()
    consent = lab.granted(machine)
    refused = declined(lab, WithdrawConsent, "other officer", consent=consent, reason="不再共用")
    assert refused.startswith("RoleMissingAt")

    lab.do(WithdrawConsent, "officer", consent=consent, reason="不再共用")

    assert lab.consent(consent).state is ConsentState.WITHDRAWN
    assert lab.use(machine, "2026-09-28 08:00", 30)["reasons"] == ["EXPIRED_CONSENT"]
    assert declined(lab, WithdrawConsent, "officer", consent=consent, reason="再次").startswith("ConsentNotSo")
