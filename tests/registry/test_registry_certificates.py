"""What papers prove about a party: recorded by an operator, for a time, and withdrawn without touching what was."""

from datetime import date, timedelta

import pytest
from town import FIRM, INCUBATOR, UNIT, Town

from ledger.errors import Spoken
from ledger.registry.record_certificate import RecordCertificate, RegionNotAsked, RegionUnreadable
from ledger.registry.register_team import RegisterTeam
from ledger.registry.text import ChoiceUnknown, DateUnreadable, TextMissing
from ledger.registry.values import CertificateKind
from ledger.registry.withdraw_certificate import WithdrawCertificate

HIGH_TECH = {"certificate": CertificateKind.HIGH_TECH, "paper_number": "GR201633000001"}
PLACE = {"certificate": CertificateKind.PLACE, "paper_number": "证1", "region": "371500"}
FIRST = date(2016, 11, 21)


def test_it_holds_from_its_first_day_to_its_last(town: Town) -> None:
    last = date(2019, 11, 20)
    answer = town.do(RecordCertificate, "operator", party=FIRM, valid_from=FIRST, valid_until=last, **HIGH_TECH)

    firm, day = town.party(FIRM), timedelta(days=1)
    found = [
        firm.certificate_on(CertificateKind.HIGH_TECH, on) is not None for on in (FIRST - day, FIRST, last, last + day)
    ]
    assert found == [False, True, True, False]
    assert firm.certificates[0].number == answer["certificate"]
    assert firm.region_on(FIRST) is None


def test_one_withdrawn_proves_nothing_from_that_day_on_and_still_what_was(town: Town) -> None:
    number = town.do(RecordCertificate, "operator", party=UNIT, valid_from=FIRST, **PLACE)["certificate"]
    withdrawal = {"party": UNIT, "certificate": number, "reason": "住所变更"}

    withdrawn_on = town.do(WithdrawCertificate, "operator", **withdrawal)["withdrawn_on"]

    unit, today = town.party(UNIT), date.fromisoformat(withdrawn_on)
    assert (unit.region_on(today - timedelta(days=1)), unit.region_on(today)) == ("371500", None)
    assert town.refused(WithdrawCertificate, "operator", **withdrawal)["code"] == "CertificateWithdrawn"
    town.do(RecordCertificate, "operator", party=UNIT, valid_from=today, **PLACE | {"region": "110000"})
    assert town.party(UNIT).region_on(today) == "110000"


def test_what_a_party_is_on_a_day_has_one_answer(town: Town) -> None:
    town.do(RecordCertificate, "operator", party=UNIT, valid_from=FIRST, valid_until=FIRST + timedelta(days=9), **PLACE)

    for begins, ends in ((FIRST, None), (FIRST + timedelta(days=9), None), (date(2010, 1, 1), FIRST)):
        refusal = town.refused(RecordCertificate, "operator", party=UNIT, valid_from=begins, valid_until=ends, **PLACE)
        assert refusal["code"] == "CertificateStands"
    town.do(RecordCertificate, "operator", party=UNIT, valid_from=FIRST + timedelta(days=10), **PLACE)


def test_who_records_what_of_whom(town: Town) -> None:
    team = str(town.do(RegisterTeam, "operator", recommending_body=INCUBATOR, name="团队")["party"])
    mutual = {"certificate": CertificateKind.MUTUAL_LIST, "paper_number": "互认1号", "region": "120000"}
    asked = (
        ("applicant", FIRM, HIGH_TECH, "RoleMissing"),
        ("officer", UNIT, PLACE, "RoleMissing"),
        ("operator", UNIT, HIGH_TECH, "NotOfThisKind"),
        ("operator", FIRM, mutual, "NotOfThisKind"),
        ("operator", team, PLACE, "NotOfThisKind"),
        ("operator", "91330000000000000X", PLACE, "NotFound"),
    )
    for actor, party, paper, code in asked:
        assert town.refused(RecordCertificate, actor, party=party, valid_from=FIRST, **paper)["code"] == code
    facts = {"party": UNIT, "certificate": "CT-0000-0000-0000", "reason": "误记"}
    assert town.refused(WithdrawCertificate, "operator", **facts)["code"] == "NotFound"
    never = {"valid_from": FIRST, "valid_until": FIRST - timedelta(days=1)}
    assert town.refused(RecordCertificate, "operator", party=UNIT, **never, **PLACE)["code"] == "NeverValid"
    assert town.party(UNIT).certificates == ()


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        ({"region": "37150"}, RegionUnreadable),
        ({"region": "聊城"}, RegionUnreadable),
        ({"region": "071500"}, RegionUnreadable),
        ({"region": ""}, RegionUnreadable),
        ({"region": "３７１５００"}, RegionUnreadable),
        ({"paper_number": "  "}, TextMissing),
        ({"certificate": "diploma"}, ChoiceUnknown),
        ({"valid_from": "2016-11-21"}, DateUnreadable),
        (HIGH_TECH, RegionNotAsked),
    ],
)
def test_what_cannot_be_read_changes_nothing(town: Town, spoilt: dict[str, object], fault: type[Spoken]) -> None:
    party = FIRM if spoilt is HIGH_TECH else UNIT
    with pytest.raises(fault):
        town.run(RecordCertificate, "operator", **{"party": party, "valid_from": FIRST, **PLACE, **spoilt})
    assert town.party(party).certificates == ()
