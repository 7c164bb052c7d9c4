"""Dates, splits, caps and sentences, for all inputs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import assert_says_the_same, sentences

import ledger.vouchers
from ledger.budgets import rules as budget_rules
from ledger.budgets.values import AppropriationState, Budget, BudgetLine
from ledger.errors import Spoken
from ledger.fees.evidence import contract_identity
from ledger.registry.values import Party, PartyKind, SizeClass
from ledger.vouchers import rules
from ledger.vouchers.states import (
    STATE_WORDS,
    ApplicationState,
    ClaimState,
    ContractEnd,
    ContractState,
    VoucherState,
)
from ledger.vouchers.values import Application, CapUse, Contract, Voucher, YearUse

fen = st.integers(1, 10**12)
days = st.dates(date(2015, 1, 1), date(2030, 12, 31))

A_VOUCHER = Voucher(
    number="V-1",
    scheme="jinyun-2017",
    year=2017,
    budget_year=2017,
    holder="F",
    controller="F",
    operator="K",
    budget_line="AP-1",
    face_fen=100_00,
    denomination_fen=None,
    issued_on=date(2017, 3, 1),
    expires_on=date(2018, 1, 1),
    expired_on=None,
    available_fen=100_00,
)
A_CONTRACT = Contract(
    number="C-1",
    voucher="V-1",
    unit="U",
    contract_number="HT-1",
    service="x",
    fee_fen=200_00,
    service_ends_on=date(2017, 4, 1),
    reserved_on=date(2017, 3, 1),
    hold_until=date(2017, 6, 1),
    held_fen=50_00,
    redeemable_fen=0,
)
AN_APPLICATION = Application(
    number="A-1",
    scheme="jinyun-2017",
    year=2017,
    holder="F",
    controller="F",
    requested_fen=100_00,
    purpose="x",
    applied_on=date(2017, 3, 1),
    state=ApplicationState.SUBMITTED,
    steps=0,
)


# -- a hold is split -------------------------------------------------------------------------------------------------


@given(held=fen, share=st.integers(0, 10**12), part=fen, valid=st.booleans())
def test_no_fen_of_a_hold_appears_or_disappears(held: int, share: int, part: int, *, valid: bool) -> None:
    split = rules.split_hold(held, min(share, held), part, valid=valid)

    assert split.share_fen + split.returned_fen + split.retired_fen == held
    assert min(split.share_fen, split.returned_fen, split.retired_fen) >= 0


@given(held=fen, share=st.integers(0, 10**12), part=fen)
def test_of_a_valid_voucher_less_than_one_part_expires(held: int, share: int, part: int) -> None:
    split = rules.split_hold(held, min(share, held), part, valid=True)

    assert split.retired_fen < part
    assert (held - split.returned_fen) % part == 0 or split.returned_fen == 0


@given(held=fen, share=st.integers(0, 10**12), part=fen)
def test_to_an_expired_voucher_nothing_goes_back(held: int, share: int, part: int) -> None:
    assert rules.split_hold(held, min(share, held), part, valid=False).returned_fen == 0


@pytest.mark.parametrize(
    ("held", "share", "part", "expected"),
    [
        (30_000_00, 23_000_00, 5_000_00, (23_000_00, 5_000_00, 2_000_00)),  # five tokens used, no change on the fifth
        (30_000_00, 25_000_00, 5_000_00, (25_000_00, 5_000_00, 0)),  # whole tokens leave no rest
        (30_000_00, 16_666_66, 1, (16_666_66, 13_333_34, 0)),  # change is given to the fen
        (30_000_00, 30_000_00, 30_000_00, (30_000_00, 0, 0)),
        (30_000_00, 1, 30_000_00, (1, 0, 29_999_99)),  # no change and no tokens: all the rest expires
        (30_000_00, 0, 5_000_00, (0, 30_000_00, 0)),  # nothing is paid, nothing is lost
    ],
)
def test_split(held: int, share: int, part: int, expected: tuple[int, int, int]) -> None:
    split = rules.split_hold(held, share, part, valid=True)

    assert (split.share_fen, split.returned_fen, split.retired_fen) == expected


def test_a_share_beyond_the_hold_is_a_bug() -> None:
    with pytest.raises(ValueError, match="cannot come from a hold"):
        rules.split_hold(10, 11, 1, valid=True)


def test_the_smallest_part_is_a_fen_a_token_or_everything() -> None:
    token = replace(A_VOUCHER, denomination_fen=5_000_00)

    assert rules.smallest_part(A_VOUCHER, change_given=True, held_fen=7) == 1
    assert rules.smallest_part(token, change_given=False, held_fen=7) == 5_000_00
    assert rules.smallest_part(A_VOUCHER, change_given=False, held_fen=7) == 7


# -- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issued", "months", "last"),
    [
        (date(2017, 3, 10), 12, date(2018, 3, 10)),
        (date(2017, 3, 10), 10, date(2018, 1, 10)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),  # no corresponding day: the month's last
        (date(2017, 1, 31), 1, date(2017, 2, 28)),
        (date(2017, 12, 31), 2, date(2018, 2, 28)),
        (date(2017, 12, 1), 1, date(2018, 1, 1)),
    ],
)
def test_the_last_day_is_the_corresponding_day(issued: date, months: int, last: date) -> None:
    assert rules.last_day(issued, months, lapses=False) == last


@given(issued=days, months=st.integers(1, 60))
def test_a_voucher_that_lapses_ends_with_its_year(issued: date, months: int) -> None:
    last = rules.last_day(issued, months, lapses=True)

    assert issued <= last <= date(issued.year, 12, 31)


@given(today=days, most=st.integers(0, 400), left=st.integers(0, 400))
def test_a_hold_never_outlives_its_voucher(today: date, most: int, left: int) -> None:
    expires_on = today + timedelta(days=left)

    until = rules.hold_until(today, most, expires_on)

    assert today <= until <= expires_on
    assert until <= today + timedelta(days=most)


@given(day=days)
def test_a_voucher_is_valid_up_to_and_including_its_last_day(day: date) -> None:
    assert A_VOUCHER.valid_on(day) == (day <= A_VOUCHER.expires_on)
    assert not replace(A_VOUCHER, expired_on=date(2017, 5, 1)).valid_on(day)


# -- budget and caps -------------------------------------------------------------------------------------------------


@given(counted=st.integers(0, 10**9), grant=fen, cap=st.integers(0, 10**9))
def test_a_cap_is_never_passed(counted: int, grant: int, cap: int) -> None:
    if counted + grant <= cap:
        rules.check_cap(grant, counted, cap, "F", "s#a")
    else:
        with pytest.raises(rules.OverCap) as refused:
            rules.check_cap(grant, counted, cap, "F", "s#a")
        assert refused.value.cite == "s#a"


def test_an_application_decided_anew_does_not_count_against_itself() -> None:
    uses = CapUse(years={2016: YearUse(7, 0), 2017: YearUse(30_00, 100_00)}, open_application="A-1")
    granted = replace(AN_APPLICATION, state=ApplicationState.GRANTED, granted_fen=60_00)

    assert rules.without(uses, AN_APPLICATION) == uses
    assert rules.without(uses, granted).in_year(2017) == YearUse(30_00, 40_00)
    assert rules.without(uses, granted).in_year(2016) == YearUse(7, 0)


def test_first_is_who_never_got_anything() -> None:
    assert not CapUse().ever
    assert not CapUse(years={2017: YearUse()}).ever
    assert CapUse(years={2015: YearUse(1, 0)}).ever
    assert CapUse(years={2017: YearUse(0, 1)}).ever


def test_a_voucher_stands_on_one_budget_line() -> None:
    budget = Budget(scheme="s", year=2017, operator="K", lines=(BudgetLine("AP-1", 10_00), BudgetLine("AP-2", 50_00)))

    assert rules.line_for(budget, 10_00).code == "AP-1"
    assert rules.line_for(budget, 10_01).code == "AP-2"
    with pytest.raises(rules.BudgetLineExhausted, match=r"AP-1 10\.00, AP-2 50\.00"):
        rules.line_for(budget, 50_01)
    with pytest.raises(rules.BudgetExhausted, match=r"60\.00 yuan available, and 60\.01"):
        rules.line_for(budget, 60_01)


# -- who may ---------------------------------------------------------------------------------------------------------


def party(kind: PartyKind, size: SizeClass | None = None) -> Party:
    return Party(code="F", kind=kind, name="甲", registered_on=date(2017, 1, 1), size=size)


@pytest.mark.parametrize(
    ("applicant", "teams", "refusal"),
    [
        (party(PartyKind.FIRM, SizeClass.SMALL), False, None),
        (party(PartyKind.FIRM, SizeClass.MEDIUM), True, rules.SizeNotEligible),
        (party(PartyKind.FIRM), True, rules.SizeNotDeclared),
        (party(PartyKind.TEAM), True, None),
        (party(PartyKind.TEAM), False, rules.TeamsNotEligible),
    ],
)
def test_eligibility(applicant: Party, *, teams: bool, refusal: type[Spoken] | None) -> None:
    def check() -> None:
        rules.check_eligible(applicant, "s", ("small", "micro"), teams=teams, cite="s#a")

    if refusal is None:
        check()
    else:
        with pytest.raises(refusal):
            check()


# -- states ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contract", "state"),
    [
        (A_CONTRACT, ContractState.RESERVED),
        (replace(A_CONTRACT, accepted_on=date(2017, 4, 1)), ContractState.ACCEPTED),
        (replace(A_CONTRACT, end=ContractEnd.RELEASED), ContractState.RELEASED),
        (replace(A_CONTRACT, end=ContractEnd.EXPIRED), ContractState.EXPIRED),
        (replace(A_CONTRACT, accepted_on=date(2017, 4, 1), end=ContractEnd.UNCLAIMED), ContractState.UNCLAIMED),
        *(
            (replace(A_CONTRACT, accepted_on=date(2017, 4, 1), claim="CL-1", claim_state=claim), state)
            for claim, state in (
                (ClaimState.FILED, ContractState.CLAIMED),
                (ClaimState.PASSED, ContractState.CLAIMED),
                (ClaimState.RETURNED, ContractState.ACCEPTED),
                (ClaimState.APPROVED, ContractState.APPROVED),
                (ClaimState.PAID, ContractState.PAID),
            )
        ),
    ],
)
def test_a_contract_is_in_the_state_its_rows_say(contract: Contract, state: ContractState) -> None:
    assert contract.state is state


def test_a_voucher_is_in_the_state_its_rows_say() -> None:
    today = date(2017, 6, 1)

    assert A_VOUCHER.state(today) is VoucherState.VALID
    assert replace(A_VOUCHER, available_fen=0).state(today) is VoucherState.USED_UP
    assert replace(A_VOUCHER, available_fen=0).state(date(2018, 1, 2)) is VoucherState.EXPIRED


@pytest.mark.parametrize("states", [AppropriationState, ApplicationState, VoucherState, ContractState, ClaimState])
def test_every_state_can_be_said(states: type[AppropriationState]) -> None:
    for state in states:
        refused = rules.WrongState(rules.CONTRACT, "C-1", state, rules.Words("验收", "accepted"))

        assert state in STATE_WORDS
        assert STATE_WORDS[state].en in refused.say("en")
        assert STATE_WORDS[state].zh in refused.say("zh")


# -- what can be read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "value", "refusal"),
    [
        (budget_rules.year_of, 17, budget_rules.YearUnreadable),
        (budget_rules.year_of, "2017", budget_rules.YearUnreadable),
        (budget_rules.year_of, True, budget_rules.YearUnreadable),
        (budget_rules.year_of, 2017.0, budget_rules.YearUnreadable),
        (budget_rules.scheme_of, "vouchers/beijing-2015", budget_rules.SchemeUnreadable),
        (budget_rules.scheme_of, "", budget_rules.SchemeUnreadable),
        (budget_rules.scheme_of, 7, budget_rules.SchemeUnreadable),
        (rules.check_lines, (), rules.LinesMissing),
        (rules.check_lines, ("C-1", "C-1"), rules.LineTwice),
        (rules.check_lines, tuple(f"C-{n}" for n in range(1_001)), rules.TooManyLines),
    ],
)
def test_what_cannot_be_read(check: Callable[[object], object], value: object, refusal: type[Spoken]) -> None:
    with pytest.raises(refusal):
        check(value)


@pytest.mark.parametrize("typed", ["HT-2017-8", "ht-2017-8", " HT-2017-8 ", "ＨＴ－2017－8", "HT-2017 -8"])
def test_a_contract_number_is_one_however_it_is_typed(typed: str) -> None:
    assert contract_identity(typed) == contract_identity("HT-2017-8")


@pytest.mark.parametrize("refusal", sentences(ledger.vouchers), ids=lambda refusal: refusal.__name__)
def test_every_sentence_says_the_same_in_both_languages(refusal: type[Spoken]) -> None:
    assert_says_the_same(refusal)
