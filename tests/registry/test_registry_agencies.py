"""A professional service body acts for a unit: what its people may do there, what not, and how it ends."""

import pytest
from town import FIRM, INCUBATOR, OTHER_UNIT, UNIT, Town

from ledger.registry.end_agency import EndAgency
from ledger.registry.give_agency import GiveAgency
from ledger.registry.grant_role import GrantRole
from ledger.registry.register_instrument import RegisterInstrument
from ledger.registry.text import TextMissing
from ledger.registry.values import Role

AGENCY = {"principal": UNIT, "agent": INCUBATOR, "document_number": "委托书〔2017〕1号"}
INSTRUMENT = {"name": "透射电镜", "category": "分析仪器", "original_value_fen": 100}


def test_its_people_do_an_officer_s_work_for_the_unit_and_for_no_other(town: Town) -> None:
    work = {"unit": UNIT, "asset_number": "A:1"} | INSTRUMENT
    before = town.refused(RegisterInstrument, "recommender", **work)

    town.do(GiveAgency, "officer", **AGENCY)
    town.do(RegisterInstrument, "recommender", **work)
    elsewhere = town.refused(RegisterInstrument, "recommender", **work | {"unit": OTHER_UNIT})

    assert (before["code"], elsewhere["code"]) == ("RoleMissingAt", "RoleMissingAt")
    person = town.person("recommender")
    assert person.roles == {(INCUBATOR, Role.RECOMMENDER)}
    assert person.agencies == {(UNIT, Role.UNIT_OFFICER)}


def test_an_agent_gives_nobody_anything_in_the_unit_s_name(town: Town) -> None:
    town.do(GiveAgency, "operator", **AGENCY)
    town.hire("newcomer", (UNIT, Role.UNIT_OFFICER), by="operator")

    role = {"person": town.people["applicant"], "organisation": UNIT, "role": Role.UNIT_OFFICER}
    assert town.refused(GrantRole, "recommender", **role)["code"] == "RoleNotToGive"
    assert town.refused(GiveAgency, "recommender", **AGENCY)["code"] == "NotForAgents"
    assert town.refused(EndAgency, "applicant", **AGENCY)["code"] == "RoleMissingAt"


@pytest.mark.parametrize("by", ["officer", "operator", "recommender"])
def test_it_ends_by_either_side_or_an_operator_and_can_be_given_again(town: Town, by: str) -> None:
    town.do(GiveAgency, "officer", **AGENCY)
    assert town.refused(GiveAgency, "officer", **AGENCY)["code"] == "AgencyStands"

    town.do(EndAgency, by, **AGENCY)

    assert town.person("recommender").agencies == frozenset()
    assert town.refused(EndAgency, "operator", **AGENCY)["code"] == "AgencyAbsent"
    town.do(GiveAgency, "officer", **AGENCY)
    assert town.person("recommender").agencies


def test_between_whom_it_can_be(town: Town) -> None:
    asked = (
        ({"principal": FIRM}, "WrongKind"),
        ({"agent": OTHER_UNIT}, "WrongKind"),
        ({"agent": "91330000000000000X"}, "NotFound"),
    )
    for more, code in asked:
        assert town.refused(GiveAgency, "operator", **AGENCY | more)["code"] == code
    assert town.refused(GiveAgency, "recommender", **AGENCY)["code"] == "RoleMissingAt"
    assert town.refused(GiveAgency, "applicant", **AGENCY)["code"] == "RoleMissingAt"
    with pytest.raises(TextMissing):
        town.run(GiveAgency, "officer", **AGENCY | {"document_number": " "})
