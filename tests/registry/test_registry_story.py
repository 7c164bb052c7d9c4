"""A town gets on the books: who registers whom, what is declared, what is refused, and what the books say then."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from town import COMMISSION, FINANCE, FIRM, HOLDING, INCUBATOR, OTHER_UNIT, SISTER, STRANGER, UNIT, Town, uscc

from ledger.amounts import AmountNotWhole, AmountOutOfRange
from ledger.assembly import BOOK, House
from ledger.errors import Spoken
from ledger.executor.commands import Command
from ledger.executor.reading import Reader
from ledger.executor.typed import FieldUnreadable
from ledger.journal.tables import CalculationTable
from ledger.registry.cancel_registration import CancelRegistration
from ledger.registry.declare_controller import DeclareController
from ledger.registry.declare_relation import DeclareRelation
from ledger.registry.declare_size import DeclareSize
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.grant_role import GrantRole
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_instrument import RegisterInstrument
from ledger.registry.register_person import Post, RegisterPerson
from ledger.registry.register_team import RegisterTeam
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.revoke_role import RevokeRole
from ledger.registry.rules import (
    CalendarDayTwice,
    CalendarEmpty,
    YearNotInNotice,
    are_related,
    same_controller,
)
from ledger.registry.set_calendar_days import SetCalendarDays
from ledger.registry.set_tariff import SetTariff
from ledger.registry.store import TARIFFS, WORKING_DAYS
from ledger.registry.text import (
    ChoiceUnknown,
    DateUnreadable,
    NumberNotWhole,
    TextMissing,
    TextTooLong,
    TextUnprintable,
)
from ledger.registry.uscc import UsccCheckWrong, UsccUnreadable
from ledger.registry.values import ChargeUnit, PartyKind, Role, SizeClass, UserClass
from ledger.registry.withdraw_mandate import WithdrawMandate
from policies.calendar.table import working_days
from policies.kernel.refusals import InvalidFacts

# -- who registers whom ------------------------------------------------------------------------------------------------


def test_the_system_registers_bureaus_and_people_and_nothing_else(town: Town) -> None:
    assert town.party(COMMISSION).kind is PartyKind.BUREAU
    assert town.person("finance").roles == {(FINANCE, Role.FINANCE)}
    for kind, facts in (
        (RegisterFirm, {"code": uscc("91", 20), "name": "企业"}),
        (RegisterUnit, {"code": uscc("12", 20), "name": "实验室"}),
        (GrantRole, {"person": town.people["officer"], "organisation": FINANCE, "role": Role.FINANCE}),
        (CancelRegistration, {"party": FIRM, "reason": "注销"}),
    ):
        assert town.refused(kind, **facts)["code"] == "SystemMayNot"


def test_a_code_is_registered_once(town: Town) -> None:
    refusal = town.refused(RegisterFirm, "operator", code=UNIT, name="同码")

    assert refusal["code"] == "AlreadyRegistered"
    assert UNIT in str(refusal["zh"])


def test_two_who_register_one_code_at_once_get_one_registration(town: Town) -> None:
    code = uscc("91", 30)
    futures = town.books.executor.submit_all(
        [
            RegisterFirm(tenant="t", key=f"same{n}", actor=town.people["operator"], code=code, name=f"企业{n}")
            for n in range(5)
        ]
    )

    assert sorted(future.result().accepted for future in futures) == [False] * 4 + [True]


def test_a_mistyped_code_changes_nothing(town: Town) -> None:
    wrong: dict[str, type[Spoken]] = {
        "91350100M000100Y4A": UsccCheckWrong,
        "12100000400000624d": UsccUnreadable,
        "12100000 400000624": UsccUnreadable,
        "": UsccUnreadable,
        "12100000400000624\x00": TextUnprintable,
        "1" * 10_000: TextTooLong,
    }
    for code, refusal in wrong.items():
        with pytest.raises(refusal):
            town.run(RegisterFirm, "operator", code=code, name="企业")


def test_a_name_that_cannot_stand_changes_nothing(town: Town) -> None:
    code = uscc("91", 40)
    wrong = {"": TextMissing, "名" * 1_000: TextTooLong, "名" * 10_000: TextTooLong, "a\x00b": TextUnprintable}
    for name, refusal in wrong.items():
        with pytest.raises(refusal):
            town.run(RegisterFirm, "operator", code=code, name=name)
        with pytest.raises(refusal):
            town.run(RegisterPerson, "operator", name=name)

    town.do(RegisterFirm, "operator", code=code, name="企业")


def test_a_recommending_body_registers_firms_and_its_own_teams(town: Town) -> None:
    town.do(RegisterFirm, "recommender", code=uscc("91", 50), name="在孵企业")
    team = str(town.do(RegisterTeam, "recommender", recommending_body=INCUBATOR, name="创业团队")["party"])

    assert team.startswith("T-")
    assert town.party(team).body == INCUBATOR
    assert are_related(town.party(team), town.party(INCUBATOR))
    facts = {"recommending_body": INCUBATOR, "name": "创业团队"}
    assert town.refused(RegisterTeam, "officer", **facts)["code"] == "RoleMissingAt"
    assert town.refused(RegisterTeam, "operator", **facts | {"recommending_body": UNIT})["code"] == "WrongKind"
    assert town.refused(RegisterTeam, "operator", **facts | {"recommending_body": "nobody"})["code"] == "NotFound"


def test_whoever_is_not_registered_cannot_act(town: Town) -> None:
    assert town.refused(RegisterFirm, "P-0000", code=uscc("91", 60), name="企业")["code"] == "UnknownActor"
    assert town.refused(RegisterFirm, "applicant", code=uscc("91", 60), name="企业")["code"] == "RoleMissing"
    assert town.refused(RegisterBureau, "finance", code=uscc("11", 60), name="局")["code"] == "RoleMissing"


def test_a_name_of_a_person_stands_apart_from_the_books(town: Town) -> None:
    with town.database.owner.connect() as connection:
        stored = connection.execute(
            text(
                "SELECT c.request, p.value FROM command c JOIN personal p ON p.command = c.id WHERE p.value = 'officer'"
            )
        ).one()

    assert "officer" not in str(stored.request["name"])


# -- roles -------------------------------------------------------------------------------------------------------------


def test_a_bureaus_role_is_given_by_who_holds_it_there(town: Town) -> None:
    clerk = town.hire("clerk", by="operator")
    facts = {"person": clerk, "organisation": FINANCE, "role": Role.FINANCE}

    assert town.refused(GrantRole, "operator", **facts)["code"] == "RoleNotToGive"
    town.do(GrantRole, "finance", **facts)
    assert town.person("clerk").has(Role.FINANCE, FINANCE)
    assert town.refused(GrantRole, "finance", **facts)["code"] == "RoleAlreadyHeld"
    town.do(RevokeRole, "finance", **facts)
    assert town.refused(RevokeRole, "finance", **facts)["code"] == "RoleNotHeld"
    assert not town.person("clerk").roles
    town.do(GrantRole, "finance", **facts)
    assert town.person("clerk").roles == {(FINANCE, Role.FINANCE)}


def test_a_role_over_public_money_exists_in_a_bureau_only(town: Town) -> None:
    posts = (Post(UNIT, Role.FINANCE),)

    assert town.refused(RegisterPerson, name="x", posts=posts)["code"] == "RoleNotInKind"
    facts = {"person": town.people["officer"], "organisation": UNIT}
    assert town.refused(GrantRole, "operator", **facts, role=Role.OPERATOR)["code"] == "RoleNotInKind"


def test_nobody_gives_a_role_to_the_same_natural_person(town: Town) -> None:
    facts = {"organisation": UNIT, "role": Role.EXPERT}
    assert town.refused(GrantRole, "operator", person=town.people["operator"], **facts)["code"] == "OwnRole"
    town.do(GiveMandate, "operator", person=town.people["officer"], acts_for=town.people["operator"])

    assert town.refused(GrantRole, "operator", person=town.people["officer"], **facts)["code"] == "OwnRole"


def test_a_role_that_does_not_exist_is_told_which_do(town: Town) -> None:
    with pytest.raises(ChoiceUnknown, match="unit-officer"):
        town.run(RegisterPerson, "operator", name="x", posts=(Post(UNIT, "king"),))


def test_a_person_is_hired_by_who_may_give_each_role(town: Town) -> None:
    refusal = town.refused(RegisterPerson, "officer", name="x", posts=(Post(OTHER_UNIT, Role.UNIT_OFFICER),))
    assert refusal["code"] == "RoleNotToGive"
    assert town.refused(RegisterPerson, "officer", name="x")["code"] == "RoleMissing"

    town.hire("third officer", (UNIT, Role.UNIT_OFFICER), by="officer")

    assert town.person("third officer").has(Role.UNIT_OFFICER, UNIT)


def test_a_mandate_is_given_by_the_principal_and_ends(town: Town) -> None:
    facts = {"person": town.people["officer"], "acts_for": town.people["finance"]}
    assert town.refused(GiveMandate, "officer", **facts)["code"] == "RoleMissing"

    town.do(GiveMandate, "finance", **facts)
    assert town.person("officer").counts_as == {town.people["officer"], town.people["finance"]}
    assert town.refused(GiveMandate, "operator", **facts)["code"] == "MandateStands"
    town.do(WithdrawMandate, "operator", **facts)
    assert town.refused(WithdrawMandate, "finance", **facts)["code"] == "MandateAbsent"
    assert town.person("officer").counts_as == {town.people["officer"]}
    own = {"person": town.people["finance"], "acts_for": town.people["finance"]}
    assert town.refused(GiveMandate, "finance", **own)["code"] == "OwnRole"


# -- what is declared --------------------------------------------------------------------------------------------------


def test_a_firm_gets_the_size_class_of_its_figures(town: Town) -> None:
    town.do(DeclareSize, "applicant", firm=FIRM, sector="software", employees=9, revenue_fen=40_000_000)
    assert town.party(FIRM).size is SizeClass.MICRO

    answer = town.do(DeclareSize, "applicant", firm=FIRM, sector="software", employees=100, revenue_fen=1_000_000_000)

    assert answer["size"] == "medium"
    assert town.party(FIRM).size is SizeClass.MEDIUM
    with town.database.writer.connect() as connection:
        kept = connection.execute(text(f"SELECT policy, result FROM {CalculationTable.__tablename__}")).all()
    assert [(policy, result["size"]) for policy, result in kept] == [
        ("registry/size-class", "micro"),
        ("registry/size-class", "medium"),
    ]


def test_a_sector_that_is_not_encoded_is_refused(town: Town) -> None:
    refusal = town.refused(DeclareSize, "applicant", firm=FIRM, sector="catering", employees=9, revenue_fen=1)

    assert refusal["code"] == "SectorNotEncoded"
    assert refusal["cite"]
    assert town.party(FIRM).size is None


def test_a_size_of_impossible_figures_is_not_computed(town: Town) -> None:
    for employees in (-1, 10**30, "9", True):
        with pytest.raises((InvalidFacts, FieldUnreadable), match="employees"):
            town.run(DeclareSize, "applicant", firm=FIRM, sector="software", employees=employees, revenue_fen=1)
    with pytest.raises(NumberNotWhole, match="employees"):
        town.run(DeclareSize, "applicant", firm=FIRM, sector="software", employees=9.5, revenue_fen=1)
    with pytest.raises(InvalidFacts, match="revenue_fen is missing"):
        town.run(DeclareSize, "applicant", firm=FIRM, sector="software", employees=9)


def test_only_its_own_people_or_an_operator_declare_for_a_firm(town: Town) -> None:
    facts = {"sector": "software", "employees": 9, "revenue_fen": 1}

    assert town.refused(DeclareSize, "applicant", firm=SISTER, **facts)["code"] == "RoleMissingAt"
    assert town.refused(DeclareSize, "operator", firm=UNIT, **facts)["code"] == "WrongKind"
    town.do(DeclareSize, "operator", firm=SISTER, **facts)


def test_the_actual_controller_is_the_end_of_the_chain(town: Town) -> None:
    owner = town.hire("owner", by="operator")
    town.do(DeclareController, "applicant", party=FIRM, controller=HOLDING)
    assert town.party(FIRM).controller == HOLDING
    assert town.party(HOLDING).related == {FIRM}

    town.do(DeclareController, "operator", party=HOLDING, controller=owner)
    town.do(DeclareController, "operator", party=SISTER, controller=owner)

    firm, sister, stranger = town.party(FIRM), town.party(SISTER), town.party(STRANGER)
    assert firm.controller == sister.controller == owner
    assert firm.related == {HOLDING, SISTER}
    assert same_controller(firm, sister)
    assert not same_controller(firm, stranger)
    assert not are_related(sister, stranger)


def test_control_runs_in_no_circle(town: Town) -> None:
    town.do(DeclareController, "operator", party=FIRM, controller=HOLDING)
    town.do(DeclareController, "operator", party=HOLDING, controller=SISTER)

    for controller in (FIRM, SISTER):
        refusal = town.refused(DeclareController, "operator", party=SISTER, controller=controller)
        assert refusal["code"] == "ControlCircle"


def test_two_halves_of_a_circle_at_once_do_not_close_it(town: Town) -> None:
    futures = town.books.executor.submit_all(
        [
            DeclareController(tenant="t", key=party, actor=town.people["operator"], party=party, controller=controller)
            for party, controller in ((FIRM, SISTER), (SISTER, HOLDING), (HOLDING, FIRM))
        ]
    )

    assert [future.result().accepted for future in futures] == [True, True, False]


def test_only_an_operator_changes_a_declared_controller(town: Town) -> None:
    town.do(DeclareController, "applicant", party=FIRM, controller=HOLDING)

    refusal = town.refused(DeclareController, "applicant", party=FIRM, controller=None)
    assert refusal["code"] == "RoleMissing"
    town.do(DeclareController, "operator", party=FIRM, controller=None)
    assert town.party(FIRM).controller is None
    assert not town.party(FIRM).related


def test_a_controller_is_a_registered_person_or_an_organisation(town: Town) -> None:
    refusal = town.refused(DeclareController, "applicant", party=FIRM, controller="P-0000-0000-0000")
    assert refusal["code"] == "ControllerUnknown"
    with pytest.raises(UsccUnreadable):
        town.run(DeclareController, "applicant", party=FIRM, controller="Mr. Wang")

    outside = uscc("91", 70)
    town.do(DeclareController, "applicant", party=FIRM, controller=outside)
    assert town.party(FIRM).controller == outside


def test_a_relation_counts_from_both_sides_until_an_operator_ends_it(town: Town) -> None:
    facts = {"party": FIRM, "other": UNIT, "ground": "持股 30%"}
    town.do(DeclareRelation, "applicant", **facts)
    firm, unit = town.party(FIRM), town.party(UNIT)
    assert (firm.related, unit.related) == ({UNIT}, {FIRM})
    assert are_related(unit, firm)
    assert not are_related(unit, town.party(SISTER))

    reversed_facts = {"party": UNIT, "other": FIRM, "ground": "同上"}
    assert town.refused(DeclareRelation, "officer", **reversed_facts)["code"] == "RelationUnchanged"
    assert town.refused(DeclareRelation, "applicant", **facts, stands=False)["code"] == "RoleMissing"
    town.do(DeclareRelation, "operator", **reversed_facts, stands=False)
    assert not town.party(FIRM).related
    town.do(DeclareRelation, "officer", **reversed_facts)
    assert town.party(FIRM).related == {UNIT}


def test_a_relation_needs_another_party(town: Town) -> None:
    facts = {"party": FIRM, "ground": "持股"}

    assert town.refused(DeclareRelation, "applicant", **facts, other=FIRM)["code"] == "SameParty"
    with pytest.raises(UsccUnreadable):
        town.run(DeclareRelation, "applicant", **facts, other="somebody")
    with pytest.raises(TextMissing):
        town.run(DeclareRelation, "applicant", party=FIRM, other=UNIT, ground=" ")


# -- instruments and prices --------------------------------------------------------------------------------------------

MICROSCOPE = {
    "unit": UNIT,
    "name": "透射电镜",
    "category": "分析仪器",
    "asset_number": "A:1",
    "original_value_fen": 100,
}


def test_an_instrument_is_registered_once(town: Town) -> None:
    instrument = town.do(RegisterInstrument, "officer", **MICROSCOPE)["instrument"]

    refusal = town.refused(RegisterInstrument, "operator", **MICROSCOPE)
    assert refusal["code"] == "InstrumentRegistered"
    assert str(instrument) in str(refusal["en"])
    town.do(RegisterInstrument, "operator", **MICROSCOPE | {"unit": OTHER_UNIT})
    assert town.refused(RegisterInstrument, "officer", **MICROSCOPE | {"unit": OTHER_UNIT})["code"] == "RoleMissingAt"
    assert town.refused(RegisterInstrument, "operator", **MICROSCOPE | {"unit": FIRM})["code"] == "WrongKind"


def test_an_original_value_is_whole_fen(town: Town) -> None:
    for value, refusal in (
        *[(value, AmountOutOfRange) for value in (0, -1, 10**15 + 1, 2**63)],
        *[(value, AmountNotWhole) for value in ("100", True, None)],
        (1.5, NumberNotWhole),
    ):
        with pytest.raises(refusal):
            town.run(RegisterInstrument, "officer", **MICROSCOPE | {"original_value_fen": value})


def test_prices_are_published_before_they_hold(town: Town) -> None:
    instrument = str(town.do(RegisterInstrument, "officer", **MICROSCOPE)["instrument"])
    price = {"instrument": instrument, "charge_unit": ChargeUnit.HOUR, "user_class": UserClass.EXTERNAL}
    today, later = date(2017, 1, 3), date(2017, 7, 1)

    town.do(SetTariff, "officer", **price, price_fen=200_00, effective_from=today)
    town.do(SetTariff, "officer", **price, price_fen=999_00, effective_from=later)
    town.do(SetTariff, "officer", **price, price_fen=300_00, effective_from=later)  # corrected in time

    with town.database.writer.connect() as connection:
        tariff = TARIFFS.load(Reader(connection, BOOK), [instrument])[instrument]
    assert tariff.price_fen(ChargeUnit.HOUR, UserClass.EXTERNAL, date(2017, 6, 30)) == 200_00
    assert tariff.price_fen(ChargeUnit.HOUR, UserClass.EXTERNAL, later) == 300_00
    again = {"price_fen": 1_00, "effective_from": today}
    assert town.refused(SetTariff, "officer", **price, **again)["code"] == "TariffInForce"
    again["effective_from"] = today - timedelta(days=1)
    assert town.refused(SetTariff, "officer", **price, **again)["code"] == "TariffBackdated"
    assert town.refused(SetTariff, "applicant", **price, **again)["code"] == "RoleMissingAt"
    with pytest.raises(DateUnreadable):
        town.run(SetTariff, "officer", **price, price_fen=1, effective_from="2017-07-01")
    with pytest.raises(AmountOutOfRange):
        town.run(SetTariff, "officer", **price, price_fen=0, effective_from=later)


# -- working days ------------------------------------------------------------------------------------------------------


def test_an_operators_notice_makes_a_year_known(town: Town) -> None:
    new_year, make_up = date(2027, 1, 1), date(2027, 1, 3)
    town.do(
        SetCalendarDays, "operator", notice="国办发明电〔2026〕1号", off=(new_year,), worked=(make_up,), completes=2027
    )
    town.do(SetCalendarDays, "operator", notice="更正", off=(make_up,))

    with town.database.writer.connect() as connection:
        known = WORKING_DAYS.load(Reader(connection, BOOK), ["book"])["book"]
    shipped = working_days(date(2026, 11, 23))
    table = shipped.with_rows(known.days, known.published)
    assert not table.works(new_year)
    assert not table.works(make_up)
    assert known.published == {2027}
    assert not table.after(date(2026, 12, 20), 15).provisional


def test_a_notice_that_says_nothing_or_two_things(town: Town) -> None:
    day = date(2027, 1, 1)
    wrong: list[tuple[dict[str, object], type[Spoken]]] = [
        ({}, CalendarEmpty),
        ({"off": (day,), "worked": (day,)}, CalendarDayTwice),
        ({"off": (day,), "completes": 2028}, YearNotInNotice),
        ({"off": ("2027-01-01",)}, DateUnreadable),
    ]
    for facts, refusal in wrong:
        with pytest.raises(refusal):
            town.run(SetCalendarDays, "operator", notice="n", **facts)
    assert town.refused(SetCalendarDays, "finance", notice="n", off=(day,))["code"] == "RoleMissing"


# -- the end -----------------------------------------------------------------------------------------------------------


def test_nothing_new_is_done_for_a_cancelled_party(town: Town) -> None:
    town.do(CancelRegistration, "operator", party=FIRM, reason="注销")

    assert town.party(FIRM).cancelled
    size = {"sector": "software", "employees": 1, "revenue_fen": 1}
    refused: list[tuple[type[Command], str, dict[str, object]]] = [
        (DeclareSize, "applicant", {"firm": FIRM} | size),
        (CancelRegistration, "operator", {"party": FIRM, "reason": "again"}),
        (RegisterPerson, "operator", {"name": "x", "posts": (Post(FIRM, Role.APPLICANT),)}),
    ]
    for kind, actor, facts in refused:
        assert town.refused(kind, actor, **facts)["code"] == "PartyCancelled"


def test_a_town_verifies(town: Town, house: House) -> None:
    town.do(DeclareSize, "applicant", firm=FIRM, sector="software", employees=9, revenue_fen=1)
    town.do(DeclareController, "applicant", party=FIRM, controller=HOLDING)

    with town.database.owner.connect() as connection:
        result = house.verifier().verify(connection, [])

    assert result.ok, result.faults
    assert result.calculations == 1
