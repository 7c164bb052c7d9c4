"""Who is related to whom, who may what, which account and which price holds on a day: tables a person can check."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.executor.commands import State
from ledger.registry.rules import (
    ROLE_NAMES,
    ROLES_IN,
    PartyCancelled,
    RoleMissing,
    RoleMissingAt,
    SystemMayNot,
    UnknownActor,
    WrongKind,
    are_related,
    require_party,
    require_role,
    same_controller,
    same_person,
)
from ledger.registry.values import (
    ChargeUnit,
    Party,
    PartyKind,
    PayeeAccount,
    Person,
    Role,
    Tariff,
    TariffLine,
    UserClass,
)

DAY = date(2017, 3, 1)


def party(code: str, **facts: object) -> Party:
    return Party(**{"code": code, "kind": PartyKind.FIRM, "name": code, "registered_on": DAY} | facts)


A, B = party("A"), party("B")


@pytest.mark.parametrize(
    ("one", "other", "controlled_alike", "related"),
    [
        (A, A, True, True),
        (A, B, False, False),
        (A, party("B", controller="P-1"), False, False),
        (party("A", controller="P-1"), party("B", controller="P-1"), True, True),
        (party("A", controller="P-1"), party("B", controller="P-2"), False, False),
        (party("A", controller="B"), B, True, True),  # the controller itself
        (A, party("B", related=frozenset({"A"})), False, True),
        (A, party("B", related=frozenset({"C"})), False, False),
        (party("T-1", body="B"), B, False, True),  # the body settles for its team
        (party("T-1", body="B"), party("T-2", body="B"), False, False),  # neighbours in one incubator
    ],
)
def test_who_is_related(one: Party, other: Party, controlled_alike: bool, related: bool) -> None:  # noqa: FBT001
    assert same_controller(one, other) is controlled_alike
    assert are_related(one, other) is related
    assert are_related(other, one) is related


parties = st.builds(
    party,
    st.sampled_from("ABCD"),
    controller=st.sampled_from([None, "A", "P-1", "P-2"]),
    related=st.frozensets(st.sampled_from("ABCD")),
    body=st.sampled_from([None, "A", "B"]),
)


@given(parties, parties)
def test_relation_has_no_direction(one: Party, other: Party) -> None:
    assert are_related(one, other) == are_related(other, one)
    assert same_controller(one, other) == same_controller(other, one)
    assert are_related(one, one)


@pytest.mark.parametrize(
    ("controller", "counted_under"),
    [(None, "A"), ("P-1", "P-1"), ("B", "B")],
)
def test_what_a_cap_per_controller_is_counted_under(controller: str | None, counted_under: str) -> None:
    assert party("A", controller=controller).controlled_by == counted_under


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Person(code="P-1"), Person(code="P-1"), True),
        (Person(code="P-1"), Person(code="P-2"), False),
        (Person(code="P-1", acts_for=frozenset({"P-2"})), Person(code="P-2"), True),
        (Person(code="P-1", acts_for=frozenset({"P-3"})), Person(code="P-2", acts_for=frozenset({"P-3"})), True),
        (Person(code="P-1", acts_for=frozenset({"P-3"})), Person(code="P-2"), False),
    ],
)
def test_who_acts_for_another_counts_as_both(one: Person, other: Person, same: bool) -> None:  # noqa: FBT001
    assert same_person(one, other) is same
    assert same_person(other, one) is same


STATE = State(
    {
        "person": {"P-1": Person(code="P-1", roles=frozenset({("U", Role.UNIT_OFFICER), ("K", Role.OPERATOR)}))},
        "party": {"A": A, "C": party("C", cancelled=True)},
    }
)


@pytest.mark.parametrize(
    ("person", "role", "organisation", "refusal"),
    [
        ("P-1", Role.OPERATOR, None, None),
        ("P-1", Role.OPERATOR, "K", None),
        ("P-1", Role.UNIT_OFFICER, "U", None),
        ("P-1", Role.FINANCE, None, RoleMissing),
        ("P-1", Role.UNIT_OFFICER, "V", RoleMissingAt),  # of another unit
        ("P-1", Role.OPERATOR, "U", RoleMissingAt),
        ("P-2", Role.OPERATOR, None, UnknownActor),
        ("system", Role.OPERATOR, None, SystemMayNot),
        ("", Role.OPERATOR, None, UnknownActor),
    ],
)
def test_who_has_a_role(person: str, role: Role, organisation: str | None, refusal: type[Exception] | None) -> None:
    if refusal is None:
        assert require_role(STATE, person, role, organisation).code == person
    else:
        with pytest.raises(refusal, match=person or None):
            require_role(STATE, person, role, organisation)


def test_a_party_of_another_kind_or_cancelled_is_refused() -> None:
    assert require_party(STATE, "A") is A
    with pytest.raises(WrongKind, match="registered as a firm; here a unit or recommending body is needed"):
        require_party(STATE, "A", PartyKind.UNIT, PartyKind.BODY)
    with pytest.raises(PartyCancelled, match="C"):
        require_party(STATE, "C")


def test_every_role_has_a_name_and_a_place() -> None:
    assert ROLE_NAMES.keys() == set(Role)
    assert set().union(*ROLES_IN.values()) == set(Role)
    assert ROLES_IN.keys() == set(PartyKind)


def account(number: str, since: date) -> PayeeAccount:
    return PayeeAccount(account_name="n", bank="b", number=number, cnaps="0" * 12, since=since)


FIRST, SECOND, THIRD = (account(str(n) * 8, date(2017, 3, day)) for n, day in ((1, 1), (2, 10), (3, 12)))


@pytest.mark.parametrize(
    ("day", "paid_to"),
    [
        (date(2017, 2, 28), None),
        (date(2017, 3, 1), FIRST),
        (date(2017, 3, 9), FIRST),  # the second cools off
        (date(2017, 3, 10), SECOND),
        (date(2017, 3, 11), SECOND),
        (date(2017, 3, 12), THIRD),
    ],
)
def test_the_account_on_a_day(day: date, paid_to: PayeeAccount | None) -> None:
    assert party("A", account=THIRD, earlier_accounts=(SECOND, FIRST)).account_on(day) == paid_to
    assert A.account_on(day) is None


def line(user_class: UserClass, price_fen: int, since: date) -> TariffLine:
    return TariffLine(charge_unit=ChargeUnit.HOUR, user_class=user_class, price_fen=price_fen, effective_from=since)


TARIFF = Tariff(
    instrument="I-1",
    lines=(
        line(UserClass.EXTERNAL, 300_00, date(2018, 1, 1)),
        line(UserClass.EXTERNAL, 200_00, date(2017, 1, 1)),
        line(UserClass.SMALL, 150_00, date(2018, 7, 1)),
    ),
)


@pytest.mark.parametrize(
    ("charge_unit", "user_class", "day", "price_fen"),
    [
        (ChargeUnit.HOUR, UserClass.EXTERNAL, date(2016, 12, 31), None),
        (ChargeUnit.HOUR, UserClass.EXTERNAL, date(2017, 1, 1), 200_00),
        (ChargeUnit.HOUR, UserClass.EXTERNAL, date(2017, 12, 31), 200_00),
        (ChargeUnit.HOUR, UserClass.EXTERNAL, date(2018, 1, 1), 300_00),
        (ChargeUnit.HOUR, UserClass.SMALL, date(2018, 6, 30), 300_00),  # no price of their own yet
        (ChargeUnit.HOUR, UserClass.SMALL, date(2018, 7, 1), 150_00),
        (ChargeUnit.HOUR, UserClass.INTERNAL, date(2018, 7, 1), None),
        (ChargeUnit.SAMPLE, UserClass.EXTERNAL, date(2018, 7, 1), None),
    ],
)
def test_the_price_on_a_day(charge_unit: ChargeUnit, user_class: UserClass, day: date, price_fen: int | None) -> None:
    assert TARIFF.price_fen(charge_unit, user_class, day) == price_fen
