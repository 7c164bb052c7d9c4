"""Durations, lines, invoices and evidence, for all inputs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from office import FIRM, INCUBATOR, OTHER_FIRM, OTHER_UNIT, UNIT, assert_says_the_same, sentences, untimed

import ledger.fees
from ledger.amounts import AMOUNT_MAX, AmountNotWhole, AmountOutOfRange
from ledger.errors import Spoken
from ledger.executor.clock import CITY
from ledger.fees.evidence import (
    EvidenceClaimed,
    claim_evidence_rows,
    evidence_digest,
    evidence_key,
    release_evidence_rows,
)
from ledger.fees.invoices import InvoiceNumberUnreadable, invoice
from ledger.fees.postings import bill_entry
from ledger.fees.rules import (
    BillWithoutLines,
    InstantUnreadable,
    TooManyBillLines,
    UseBilled,
    UseInFuture,
    UseOfAnotherUnit,
    UseOfAnotherUser,
    UseTooLong,
    UseTwiceOnBill,
    check_chargeable,
    check_duration,
    checked_lines,
)
from ledger.fees.values import Bill, BillLine, Evidence, Funding, Use
from ledger.registry.text import TextMissing
from ledger.registry.values import Party, PartyKind

TODAY = date(2017, 3, 1)
NINE = datetime(2017, 3, 1, 9, tzinfo=CITY)
LINE = BillLine("透射电镜", "U-1", 3, 600_00)
USE = Use("U-1", "I-1", UNIT, FIRM, "P-1", NINE, 180, "测试", "")
USER = Party(code=FIRM, kind=PartyKind.FIRM, name="甲公司", registered_on=TODAY)
TEAM = Party(code="T-1", kind=PartyKind.TEAM, name="团队", registered_on=TODAY, body=INCUBATOR)

# -- how long ----------------------------------------------------------------------------------------------------------


@untimed
@given(
    started_at=st.integers(-600_000, 600_000).map(lambda minutes: NINE + timedelta(minutes=minutes)),
    minutes=st.integers(1, 600_000),
)
def test_a_use_is_recorded_when_it_is_over(started_at: datetime, minutes: int) -> None:
    """Accepted exactly when its end is not after the midnight that ends today; its day is the last it touches."""
    end = started_at.astimezone(UTC) + timedelta(minutes=minutes)
    over = end <= datetime(2017, 3, 2, tzinfo=CITY).astimezone(UTC)

    try:
        length, day = check_duration(started_at, minutes, TODAY)
    except (UseInFuture, UseTooLong):
        assert not over
    else:
        assert over
        assert length == minutes
        assert day == (end - timedelta(minutes=1)).astimezone(CITY).date() <= TODAY


@pytest.mark.parametrize(
    ("started_at", "minutes", "day"),
    [
        (NINE, 180, TODAY),
        (NINE, 900, TODAY),  # until midnight
        (datetime(2017, 2, 28, 23, tzinfo=CITY), 60, date(2017, 2, 28)),  # ends at 00:00 and does not touch March
        (datetime(2017, 2, 28, 23, tzinfo=CITY), 61, TODAY),
        (datetime(2017, 2, 25, 9, tzinfo=CITY), 4 * 24 * 60, TODAY),  # four days without a break
        (datetime(2017, 2, 28, 16, tzinfo=UTC), 1, TODAY),  # midnight in the city
        (datetime(2017, 2, 28, 12, tzinfo=timezone(timedelta(hours=-8))), 1, TODAY),
    ],
)
def test_the_day_of_a_use(started_at: datetime, minutes: int, day: date) -> None:
    assert check_duration(started_at, minutes, TODAY)[1] == day


@pytest.mark.parametrize(
    ("started_at", "minutes", "refusal"),
    [
        (NINE + timedelta(days=1), 1, UseInFuture),
        (datetime(2017, 3, 2, tzinfo=CITY), 1, UseInFuture),
        (NINE, 901, UseTooLong),
        (NINE, AMOUNT_MAX, UseTooLong),
        (datetime.min.replace(tzinfo=CITY), AMOUNT_MAX, UseTooLong),
        (NINE, 0, AmountOutOfRange),
        (NINE, -5, AmountOutOfRange),
        (NINE, 1.5, AmountNotWhole),
        (NINE, "60", AmountNotWhole),
        (NINE, True, AmountNotWhole),
        (NINE.replace(tzinfo=None), 60, InstantUnreadable),
        (date(2017, 3, 1), 60, InstantUnreadable),
        ("2017-03-01T09:00", 60, InstantUnreadable),
    ],
)
def test_what_is_no_duration(started_at: object, minutes: object, refusal: type[Spoken]) -> None:
    with pytest.raises(refusal):
        check_duration(started_at, minutes, TODAY)


# -- lines -------------------------------------------------------------------------------------------------------------


@untimed
@given(
    lines=st.lists(
        st.builds(BillLine, st.just("x"), st.none(), st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1
    )
)
def test_a_bill_is_the_sum_of_its_lines(lines: list[BillLine]) -> None:
    assert checked_lines(lines) == sum(line.amount_fen for line in lines)


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([], BillWithoutLines),
        ([replace(LINE, use=None)] * 501, TooManyBillLines),
        ([LINE, LINE], UseTwiceOnBill),
        ([replace(LINE, quantity=0)], AmountOutOfRange),
        ([replace(LINE, quantity=-1)], AmountOutOfRange),
        ([replace(LINE, quantity=1.5)], AmountNotWhole),
        ([replace(LINE, price_fen=0)], AmountOutOfRange),
        ([replace(LINE, price_fen="600")], AmountNotWhole),
        ([replace(LINE, quantity=AMOUNT_MAX, price_fen=2)], AmountOutOfRange),
        ([replace(LINE, use=None, quantity=AMOUNT_MAX, price_fen=1)] * 2, AmountOutOfRange),
        ([replace(LINE, description=" ")], TextMissing),
    ],
)
def test_what_is_no_bill(lines: list[BillLine], refusal: type[Spoken]) -> None:
    with pytest.raises(refusal):
        checked_lines(lines)


@pytest.mark.parametrize(
    ("use", "user", "unit", "payer", "refusal"),
    [
        (USE, USER, OTHER_UNIT, FIRM, UseOfAnotherUnit),
        (USE, USER, UNIT, OTHER_FIRM, UseOfAnotherUser),
        (replace(USE, user="T-1"), TEAM, UNIT, FIRM, UseOfAnotherUser),
        (replace(USE, bill="BL-9"), USER, UNIT, FIRM, UseBilled),
    ],
)
def test_which_use_may_be_charged_to_whom(use: Use, user: Party, unit: str, payer: str, refusal: type[Spoken]) -> None:
    with pytest.raises(refusal):
        check_chargeable(use, user, unit, payer)


def test_a_team_or_its_body_pays_for_the_team() -> None:
    for payer in ("T-1", INCUBATOR):
        check_chargeable(replace(USE, user="T-1"), TEAM, UNIT, payer)


@untimed
@given(net_fen=st.integers(0, 10**15), vat_fen=st.integers(0, 10**15))
def test_the_entry_of_a_bill_opens_its_gross_amount(net_fen: int, vat_fen: int) -> None:
    assume(net_fen + vat_fen)
    bill = Bill("BL-1", UNIT, FIRM, None, "1" * 20, TODAY, TODAY, net_fen + vat_fen, net_fen, vat_fen)

    posted = bill_entry(bill, TODAY, "source#1", UUID(int=1))

    assert sum(transfer.amount for transfer in posted.transfers) == bill.gross_fen
    assert {transfer.debit.address for transfer in posted.transfers} == {"fees:open:BL-1"}
    assert {transfer.credit.address: transfer.amount for transfer in posted.transfers} == {
        address: amount
        for address, amount in ((f"fees:income:{UNIT}", net_fen), (f"fees:vat:{UNIT}", vat_fen))
        if amount
    }


# -- invoices ----------------------------------------------------------------------------------------------------------


@untimed
@given(digits=st.integers(0, 10**20 - 1), cut=st.integers(1, 19), by=st.sampled_from([" ", "-", "\u3000", " - "]))
def test_one_invoice_is_one_invoice_however_it_is_typed(digits: int, cut: int, by: str) -> None:
    number = f"{digits:020d}"

    assert invoice(f" {number[:cut]}{by}{number[cut:]} ") == number


@pytest.mark.parametrize(
    "typed", ["", "123", "1" * 19, "1" * 21, "1" * 17 + "X", "１" * 20, 10**19, None, "INV-2017-1"]
)
def test_what_is_no_invoice_number(typed: object) -> None:
    with pytest.raises(InvoiceNumberUnreadable):
        invoice(typed)


def test_the_three_kinds_of_invoice_numbers() -> None:
    assert invoice("3300171130 12345678") == "330017113012345678"
    assert invoice("033001700104-12345678") == "03300170010412345678"
    assert invoice("25112000000012345678") == "25112000000012345678"


# -- evidence ----------------------------------------------------------------------------------------------------------


@untimed
@given(steps=st.lists(st.booleans(), max_size=12))
def test_evidence_supports_one_live_claim(steps: list[bool]) -> None:
    """Whatever the order of claims and releases: never two at once, and each claim names the release before it."""
    evidence, held, claims = Evidence(Funding.VOUCHER, "0" * 64), False, 0
    for claim in steps:
        if claim and held:
            with pytest.raises(EvidenceClaimed):
                claim_evidence_rows(evidence, "voucher.contract", "C")
        elif claim:
            (row,) = claim_evidence_rows(evidence, "voucher.contract", "C")
            assert (row.claim, row.released_claim) == (claims + 1, claims or None)
            claims, held = claims + 1, True
        else:
            rows = release_evidence_rows(evidence, "退回")
            assert [row.claim for row in rows] == ([claims] if held else [])
            held = False
        evidence = replace(evidence, claims=claims, subject="C" if held else None, subject_kind="voucher.contract")


@untimed
@given(st.lists(st.lists(st.text(), min_size=1, max_size=3).map(tuple), min_size=2, max_size=2, unique=True))
def test_two_pieces_of_evidence_never_look_alike(pieces: list[tuple[str, ...]]) -> None:
    one, other = pieces

    assert evidence_digest(*one) != evidence_digest(*other)


def test_kinds_of_funding_are_kept_apart() -> None:
    keys = {evidence_key(funding, "0" * 64) for funding in Funding}

    assert len(keys) == len(Funding)


@pytest.mark.parametrize("refusal", sentences(ledger.fees), ids=lambda refusal: refusal.__name__)
def test_both_languages_say_the_same(refusal: type[Spoken]) -> None:
    assert_says_the_same(refusal)
