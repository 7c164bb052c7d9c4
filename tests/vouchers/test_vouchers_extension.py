"""Extension: when a voucher gets a later last day, what follows it, and that nothing derived from it outlives it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from databases import Database
from hypothesis import given
from hypothesis import strategies as st
from programme import FIRM, INCUBATOR, OTHER_FIRM, OTHER_UNIT, UNIT, Programme, open_programme
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.approvals.approve import Approve
from ledger.errors import Refused
from ledger.vouchers import rules
from ledger.vouchers.accept import Accept
from ledger.vouchers.expire import ExpireDue, ExpireVoucher
from ledger.vouchers.extend import KIND, ExtensionMoved, ProposeExtension, check_as_shown, extension
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.states import ContractEnd
from ledger.vouchers.store import DUE, PROPOSALS, UNFINISHED, due_id
from ledger.vouchers.values import Contract, Revocation, RevocationGround, Voucher
from policies.vouchers.schemes import AcrossYearEnd, VoucherScheme, scheme

DAY = date(2017, 3, 1)
JINYUN, BEIJING = (scheme(name, DAY, DAY) for name in ("jinyun-2017", "beijing-2015"))
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
    issued_on=DAY,
    expires_on=date(2017, 6, 30),
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
    service_ends_on=date(2017, 6, 1),
    reserved_on=date(2017, 5, 1),
    hold_until=date(2017, 6, 30),
    held_fen=50_00,
    redeemable_fen=0,
)
OVER = replace(A_CONTRACT, hold_until=date(2017, 5, 31))
ACCEPTED = replace(A_CONTRACT, accepted_on=date(2017, 5, 20))
ENDED = replace(A_CONTRACT, end=ContractEnd.RELEASED)
LAPSING = replace(JINYUN, across_year_end=AcrossYearEnd.LAPSE)
REVOKED = replace(A_VOUCHER, revocation=Revocation("1", RevocationGround.FRAUD, DAY))
TODAY = date(2017, 6, 15)


@pytest.mark.parametrize(
    ("voucher", "months", "contracts", "terms", "code"),
    [
        (A_VOUCHER, 1, (A_CONTRACT,), JINYUN, None),
        (A_VOUCHER, 6, (OVER, ACCEPTED, A_CONTRACT), JINYUN, None),  # one of them is enough
        (A_VOUCHER, 7, (A_CONTRACT,), JINYUN, "ExtensionTooLong"),
        (A_VOUCHER, 0, (A_CONTRACT,), JINYUN, "ExtensionTooLong"),
        (A_VOUCHER, -1, (A_CONTRACT,), JINYUN, "ExtensionTooLong"),
        (A_VOUCHER, 1, (), JINYUN, "NoWorkUnderWay"),
        (A_VOUCHER, 1, (OVER, ACCEPTED, ENDED), JINYUN, "NoWorkUnderWay"),
        (A_VOUCHER, 1, (), replace(JINYUN, extension_needs_work_under_way=False), None),
        (A_VOUCHER, 1, (A_CONTRACT,), BEIJING, "ExtensionNotAllowed"),
        (replace(A_VOUCHER, extensions=1), 1, (A_CONTRACT,), JINYUN, "ExtensionsUsed"),
        (replace(A_VOUCHER, extensions=1), 1, (A_CONTRACT,), replace(JINYUN, extensions_max=2), None),
        (A_VOUCHER, 6, (A_CONTRACT,), LAPSING, None),  # to the last day of its year
        (replace(A_VOUCHER, expires_on=date(2017, 7, 1)), 6, (A_CONTRACT,), LAPSING, "ExtensionPastYear"),
        (replace(A_VOUCHER, expires_on=TODAY), 1, (A_CONTRACT,), JINYUN, None),  # its last day is a day
        (replace(A_VOUCHER, expires_on=TODAY - timedelta(1)), 1, (A_CONTRACT,), JINYUN, "VoucherExpired"),
        (replace(A_VOUCHER, expired_on=TODAY), 1, (A_CONTRACT,), JINYUN, "VoucherExpired"),
        (REVOKED, 1, (A_CONTRACT,), JINYUN, "VoucherRevoked"),
    ],
)
def test_when_a_voucher_is_extended(
    voucher: Voucher, months: int, contracts: tuple[Contract, ...], terms: VoucherScheme, code: str | None
) -> None:
    if code is None:
        assert extension(voucher, months, contracts, terms, TODAY).expires_on == rules.months_later(
            voucher.expires_on, months
        )
        return
    with pytest.raises(Refused) as refusal:
        extension(voucher, months, contracts, terms, TODAY)

    assert refusal.value.code == code
    if code.startswith(("Extension", "NoWork")):
        assert str(refusal.value.cite).startswith("invented#")  # the rule that says no


@pytest.mark.parametrize(
    ("hold_until", "reserved_on", "holds_until"),
    [
        (date(2017, 6, 30), date(2017, 5, 1), date(2017, 9, 30)),  # cut short by the voucher: as long as the voucher
        (date(2017, 6, 30), date(2017, 2, 1), date(2017, 7, 31)),  # 180 days from its own beginning
        (date(2017, 6, 30), date(2017, 1, 1), None),  # the 180 days end with the voucher anyway
        (date(2017, 6, 29), date(2016, 12, 31), None),  # it ran out of its own days
        (date(2017, 6, 10), date(2017, 5, 1), None),  # over already
    ],
)
def test_which_hold_follows_its_voucher(hold_until: date, reserved_on: date, holds_until: date | None) -> None:
    contract = replace(A_CONTRACT, hold_until=hold_until, reserved_on=reserved_on)

    extended = extension(A_VOUCHER, 3, (A_CONTRACT, contract), JINYUN, TODAY)

    assert dict(extended.holds[1:] if holds_until else {}) == ({"C-1": holds_until} if holds_until else {})
    assert len(extended.holds) == (2 if holds_until else 1)


dates = st.dates(date(2016, 6, 1), date(2017, 6, 15))


@given(reserved=st.lists(dates, min_size=1, max_size=5), months=st.integers(1, 6), days=st.integers(0, 400))
def test_no_hold_is_shortened_and_none_outlives_its_voucher(reserved: list[date], months: int, days: int) -> None:
    """Complaint A2: what was bought on a voucher outlived it."""
    terms = replace(JINYUN, hold_days_max=days, extension_needs_work_under_way=False)
    contracts = tuple(
        replace(
            A_CONTRACT, number=f"C-{n}", reserved_on=day, hold_until=rules.hold_until(day, days, A_VOUCHER.expires_on)
        )
        for n, day in enumerate(reserved)
    )

    extended = extension(A_VOUCHER, months, contracts, terms, TODAY)

    before = {contract.number: contract.hold_until for contract in contracts}
    assert all(before[number] < day <= extended.expires_on for number, day in extended.holds)
    for contract in contracts:
        if contract.hold_until >= TODAY:  # as if it had been reserved with the later day in sight
            anew = rules.hold_until(contract.reserved_on, days, extended.expires_on)
            assert dict(extended.holds).get(contract.number, contract.hold_until) == anew


# -- on the books ------------------------------------------------------------------------------------------------------


def extended(programme: Programme, months: int = 3) -> tuple[str, str]:
    """A voucher that was extended, and the contract under way for which it was."""
    programme.letter()
    voucher = programme.issue(50_000_00)
    programme.move(to=programme.voucher(voucher).expires_on - timedelta(days=40))
    contract = programme.reserve(voucher, 10_000_00, 20_000_00)
    programme.extend(voucher, months)
    return voucher, contract


def test_voucher_and_hold_get_their_later_day_and_no_fen_moves(programme: Programme) -> None:
    voucher, contract = extended(programme)
    sums = programme.rows("SELECT sum(debits), count(*) FROM balance")

    assert programme.voucher(voucher).expires_on == date(2018, 4, 1)
    assert programme.voucher(voucher).extensions == 1
    assert programme.contract(contract).hold_until == date(2018, 4, 1)
    assert programme.rows("SELECT sum(debits), count(*) FROM balance") == sums
    assert programme.breaches() == []
    assert programme.faults() == []


def test_an_extended_voucher_buys_until_its_own_last_day_and_not_after(programme: Programme) -> None:
    """Complaint A1: an expired voucher could still buy."""
    voucher, contract = extended(programme)
    last = programme.voucher(voucher).expires_on
    programme.move(to=last)
    facts = programme.reservation(voucher, 1_000_00, 2_000_00, service_ends_on=last)
    programme.do(Reserve, "applicant", **facts)
    bill = programme.billed(contract, 20_000_00)
    programme.move(days=1)

    later = programme.reservation(voucher, 1_000_00, 2_000_00)
    assert programme.refused(Reserve, "applicant", **later).startswith("VoucherExpired")
    assert programme.refused(Accept, "applicant", contract=contract, bill=bill).startswith("VoucherExpired")
    assert programme.breaches() == []


def test_nothing_is_due_before_the_extended_day_and_all_is_after(programme: Programme) -> None:
    voucher, contract = extended(programme)
    last = programme.voucher(voucher).expires_on
    programme.move(to=last)
    on = due_id(programme.scheme, last)

    assert programme.load(DUE, on)[on] == ()
    assert programme.load(UNFINISHED, "2017") == {"2017": ()}
    assert programme.refused(ExpireVoucher, "operator", voucher=voucher).startswith("NothingDue")
    programme.move(days=1)
    body = programme.do(ExpireDue, "operator", scheme=programme.scheme, on=programme.today)
    assert body["expired_fen"] == 50_000_00
    assert programme.contract(contract).state == "expired"
    assert programme.breaches() == []


def test_whatever_is_told_of_a_voucher_is_its_own_last_day(programme: Programme) -> None:
    """Complaint A3: a message to the provider gave another thing's last day as the voucher's.

    The hold for its contract is shorter than the voucher, and must not be taken for it.
    """
    programme.letter()
    voucher = programme.issue(50_000_00)
    short = programme.do(Reserve, "applicant", **programme.reservation(voucher, 1_000_00, 2_000_00))
    programme.move(to=date(2017, 8, 20))
    body = programme.do(ProposeExtension, "operator", voucher=voucher, months=2, reason="试验延期")
    shown = programme.load(PROPOSALS, body["proposal"])[body["proposal"]].content
    answer = programme.sign(KIND, str(body["proposal"]), "second operator")
    own = date(2018, 3, 1)

    assert short["hold_until"] == "2017-08-28"
    assert {told["expires_on"] for told in (body, shown, answer)} == {own.isoformat()}
    assert shown["extends"] == "2018-01-01"
    assert programme.voucher(voucher).expires_on == own
    assert programme.contract(str(short["contract"])).hold_until == date(2017, 8, 28)  # it had not cut it short
    programme.move(to=own)
    late = programme.reservation(voucher, 1_000_00, 2_000_00)
    assert "the voucher expires on 2018-03-01" in programme.refused(Reserve, "applicant", **late)
    programme.move(days=1)
    for kind, by, facts in (
        (Reserve, "applicant", programme.reservation(voucher, 1_000_00, 2_000_00)),
        (ProposeExtension, "operator", {"voucher": voucher, "months": 1, "reason": "x"}),
    ):
        assert "expired on 2018-03-01" in programme.refused(kind, by, **facts)


def test_a_scheme_without_a_rule_for_it_extends_nothing(database: Database) -> None:
    with open_programme(database, "beijing-2015") as programme:
        programme.letter()
        voucher = programme.issue(50_000_00)
        programme.reserve(voucher, 5_000_00, 5_000_00)

        answer = programme.run(ProposeExtension, "operator", voucher=voucher, months=1, reason="x")

        assert answer.body["code"] == "ExtensionNotAllowed"
        assert answer.body["cite"] == "invented#beijing-2015"


def test_of_two_proposals_the_second_signed_extends_no_further(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    programme.reserve(voucher, 10_000_00, 20_000_00)
    facts = {"voucher": voucher, "months": 2, "reason": "x"}
    first, second = (str(programme.do(ProposeExtension, "operator", **facts)["proposal"]) for _ in range(2))
    programme.sign(KIND, first, "second operator")
    shown = {"subject_kind": KIND, "subject": second}
    shown |= {"content_hash": programme.request(KIND, second).content_hash}

    assert programme.refused(Approve, "second operator", **shown).startswith("ExtensionsUsed")
    proposal = programme.load(PROPOSALS, second)[second]
    with pytest.raises(ExtensionMoved, match="now valid until 2018-03-01"):
        check_as_shown(proposal, programme.voucher(voucher))


def test_two_people_of_the_commission_extend_and_no_flagged_holder_gains(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    programme.reserve(voucher, 10_000_00, 20_000_00)
    facts: dict[str, Any] = {"voucher": voucher, "months": 2, "reason": "x"}
    assert programme.refused(ProposeExtension, "applicant", **facts).startswith("RoleMissingAt")
    proposal = str(programme.do(ProposeExtension, "operator", **facts)["proposal"])
    shown = {"subject_kind": KIND, "subject": proposal}
    shown |= {"content_hash": programme.request(KIND, proposal).content_hash}
    assert programme.refused(Approve, "operator", **shown).startswith("OwnWork")

    programme.flag()

    assert programme.refused(Approve, "second operator", **shown).startswith("HolderFlagged")
    assert programme.refused(ProposeExtension, "operator", **facts).startswith("HolderFlagged")


# -- the second wall ---------------------------------------------------------------------------------------------------


def test_holder_and_unit_see_what_is_theirs(programme: Programme) -> None:
    extended(programme)

    def seen(party: str) -> list[int]:
        with programme.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return [
                int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() or 0)
                for table in ("voucher_extension", "voucher_hold_extension")
            ]

    assert seen(FIRM) == [1, 1]
    assert seen(UNIT) == [0, 1]
    assert [seen(party) for party in (OTHER_FIRM, OTHER_UNIT, INCUBATOR, "")] == [[0, 0]] * 4


MAY_NOT_BE = {
    "voucher_extension_pkey": "INSERT INTO voucher_extension SELECT * FROM voucher_extension",
    "ck_voucher_extension_before_expiry": (
        "INSERT INTO voucher_extension SELECT book, command, voucher, 2, proposal, months, expires_on, expires_on + 9, "
        "expires_on + 1, reason, citation, person FROM voucher_extension"
    ),
    "voucher_extension_check": (
        "INSERT INTO voucher_extension SELECT book, command, voucher, 2, proposal, months, expires_on, expires_on, "
        "extended_on, reason, citation, person FROM voucher_extension"
    ),
    "ck_voucher_hold_extension_within": (
        "INSERT INTO voucher_hold_extension SELECT book, command, 'C-2', position, voucher, expires_on, expires_on + 1 "
        "FROM voucher_hold_extension"
    ),
    "fk_voucher_hold_extension": (
        "INSERT INTO voucher_hold_extension SELECT book, command, 'C-2', position, voucher, expires_on + 9, hold_until "
        "FROM voucher_hold_extension"
    ),
}


def test_the_writer_cannot_write_what_may_not_be(programme: Programme) -> None:
    extended(programme)

    for constraint, statement in MAY_NOT_BE.items():
        with pytest.raises(DBAPIError, match=constraint), programme.database.writer.begin() as connection:
            connection.execute(text(statement))


def test_rows_out_of_step_break_the_laws_about_them(programme: Programme) -> None:
    voucher, _ = extended(programme)
    with programme.database.writer.begin() as connection:
        for statement in (
            (
                "INSERT INTO voucher_extension SELECT book, command, voucher, 2, proposal, months, extends + 1, "
                "expires_on + 9, extended_on, reason, citation, person FROM voucher_extension"
            ),
            (
                "INSERT INTO voucher_contract SELECT book, command, 'C-2', voucher, unit, contract_number, service, "
                "fee_fen, service_ends_on, reserved_on, '2030-01-01', person FROM voucher_contract"
            ),
        ):
            connection.execute(text(statement))

    found = {breach[:2] for breach in programme.breaches()}
    assert {("vouchers.extensions", voucher), ("vouchers.hold-within-voucher", "C-2")} <= found
