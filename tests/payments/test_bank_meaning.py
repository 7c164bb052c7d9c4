"""What a bank line means: a table that a person can check. Nothing that differs is guessed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import untimed

from ledger.payments.bank.meaning import WHY, Meaning, Unclear, meaning, our_id
from ledger.payments.bank.values import BankLine, Candidate, Direction

DAY = date(2017, 3, 7)
PAYABLE, OTHER, BATCH = "PAY-0001-0002-0003", "PAY-0001-0002-0004", "B-0001-0002-0003"
LINE = BankLine(
    number="BL-1",
    statement="BS-1",
    payer="K",
    account_number="120801",
    reference="R-1",
    direction=Direction.DEBIT,
    amount_fen=100_00,
    booked_on=DAY,
    our_id=PAYABLE,
    counterparty_account="0012345678",
    importer="P-1",
)
BARE = replace(LINE, our_id="")
BACK = replace(LINE, direction=Direction.CREDIT)
BARE_BACK = replace(BACK, our_id="", returned=True)
OPEN = Candidate(BATCH, PAYABLE, 1, 100_00, "0012345678", date(2017, 3, 6))
ALSO_OPEN = replace(OPEN, payable=OTHER, amount_fen=50_00, account_number="0087654321")
PAID = replace(OPEN, paid_on=DAY, paid_line="BL-0")
NOTED = replace(OPEN, paid_on=DAY)
RETURNED = replace(PAID, returned_on=DAY, returned_line="BL-2")
RETURN_NOTED = replace(PAID, returned_on=DAY)
FAILED = replace(OPEN, failed=True)

ONE = Meaning(BATCH, frozenset({PAYABLE}))
ON_RECORD = replace(ONE, on_record=True)
BOTH = Meaning(BATCH, frozenset({PAYABLE, OTHER}))
OF_BATCH = replace(LINE, our_id=BATCH, counterparty_account="")


@pytest.mark.parametrize(
    ("line", "candidates", "found"),
    [
        # money left, with a payable's number
        (LINE, [OPEN], ONE),
        (replace(LINE, counterparty_account=""), [OPEN], ONE),
        (LINE, [], Unclear.NUMBER_UNKNOWN),
        (replace(LINE, amount_fen=99_99), [OPEN], Unclear.AMOUNT_DIFFERS),  # in part
        (replace(LINE, amount_fen=100_01), [OPEN], Unclear.AMOUNT_DIFFERS),  # too much
        (replace(LINE, counterparty_account="99999999"), [OPEN], Unclear.ACCOUNT_DIFFERS),
        (replace(LINE, booked_on=date(2017, 3, 5)), [OPEN], Unclear.TOO_EARLY),
        (LINE, [NOTED], ON_RECORD),  # a person has confirmed it from a slip
        (LINE, [PAID], Unclear.PAID_ALREADY),  # twice
        (LINE, [FAILED], Unclear.ATTEMPT_OVER),
        (LINE, [RETURNED, replace(OPEN, attempt=2, batch="B-2")], replace(ONE, batch="B-2")),  # paid again
        (LINE, [RETURNED], Unclear.PAID_ALREADY),
        # money left, with a batch's number: one booking for all of it
        (replace(OF_BATCH, amount_fen=150_00), [OPEN, ALSO_OPEN], BOTH),
        (replace(OF_BATCH, amount_fen=50_00), [PAID, ALSO_OPEN], Meaning(BATCH, frozenset({OTHER}))),
        (replace(OF_BATCH, amount_fen=100_00), [OPEN, ALSO_OPEN], Unclear.AMOUNT_DIFFERS),
        (OF_BATCH, [NOTED], ON_RECORD),
        (OF_BATCH, [PAID], Unclear.PAID_ALREADY),
        (replace(OF_BATCH, booked_on=date(2017, 3, 5)), [OPEN], Unclear.TOO_EARLY),
        # money left, without a number: amount and account, and only one
        (BARE, [OPEN, ALSO_OPEN], ONE),
        (BARE, [OPEN, replace(OPEN, payable=OTHER)], Unclear.SEVERAL_FIT),
        (BARE, [OPEN, replace(NOTED, payable=OTHER)], Unclear.SEVERAL_FIT),
        (BARE, [NOTED], ON_RECORD),
        (BARE, [PAID], Unclear.NOTHING_FITS),
        (replace(BARE, amount_fen=1), [OPEN], Unclear.NOTHING_FITS),
        (replace(BARE, booked_on=date(2017, 3, 5)), [OPEN], Unclear.NOTHING_FITS),
        (replace(BARE, counterparty_account=""), [OPEN], Unclear.NO_NUMBER),
        # money came, with a payable's number
        (BACK, [PAID], ONE),
        (BACK, [NOTED], ONE),
        (BACK, [OPEN], Unclear.NOT_PAID),
        (BACK, [RETURNED], Unclear.BACK_ALREADY),
        (BACK, [RETURN_NOTED], ON_RECORD),
        (replace(BACK, amount_fen=1), [PAID], Unclear.AMOUNT_DIFFERS),
        (replace(BACK, booked_on=date(2017, 3, 6)), [PAID], Unclear.TOO_EARLY),
        (replace(BACK, our_id=BATCH), [PAID], Unclear.WHOLE_BATCH_BACK),
        # money came, without a number: only what the bank itself calls a return
        (BARE_BACK, [PAID], ONE),
        (BARE_BACK, [PAID, replace(PAID, payable=OTHER)], Unclear.SEVERAL_FIT),
        (BARE_BACK, [OPEN], Unclear.NOTHING_FITS),
        (replace(BARE_BACK, returned=False), [PAID], Unclear.A_RECEIPT),
    ],
)
def test_what_a_line_means(line: BankLine, candidates: list[Candidate], found: Meaning | Unclear) -> None:
    assert meaning(line, candidates) == found


def test_every_doubt_has_its_words() -> None:
    assert set(WHY) == set(Unclear)


@pytest.mark.parametrize(
    ("references", "purpose", "found"),
    [
        ((PAYABLE,), "", PAYABLE),
        (("x", BATCH.lower()), "", BATCH),
        ((), f"创新券兑付{PAYABLE}退回", PAYABLE),
        ((), f"{PAYABLE} {OTHER}", ""),
        ((), f"{PAYABLE} {PAYABLE}", PAYABLE),
        ((PAYABLE,), OTHER, PAYABLE),
        ((), "AB-0001-0002-0003", ""),
        ((), "PAY-0001-0002-000", ""),
        ((), "PAY-0001-0002-00034", ""),
        ((), "PAY-000I-0002-0003", ""),
    ],
)
def test_our_number_is_found_or_there_is_none(references: tuple[str, ...], purpose: str, found: str) -> None:
    assert our_id(references, purpose) == found


amounts = st.sampled_from([50_00, 100_00, 150_00])
accounts = st.sampled_from(["", "0012345678", "0087654321"])
days = st.dates(date(2017, 3, 1), date(2017, 3, 9))


@st.composite
def candidate(draw: st.DrawFn) -> Candidate:
    paid_on = draw(st.none() | days)
    returned_on = draw(st.none() | days) if paid_on else None
    return Candidate(
        batch=draw(st.sampled_from([BATCH, "B-2"])),
        payable=draw(st.sampled_from([PAYABLE, OTHER])),
        attempt=1,
        amount_fen=draw(amounts),
        account_number=draw(st.sampled_from(["0012345678", "0087654321"])),
        released_on=draw(days),
        paid_on=paid_on,
        paid_line=draw(st.sampled_from([None, "BL-0"])) if paid_on else None,
        returned_on=returned_on,
        returned_line=draw(st.sampled_from([None, "BL-2"])) if returned_on else None,
        failed=draw(st.booleans()) if not paid_on else False,
    )


@untimed
@given(
    candidates=st.lists(candidate(), max_size=5, unique_by=lambda one: (one.batch, one.payable)),
    our=st.sampled_from(["", PAYABLE, BATCH]),
    direction=st.sampled_from(Direction),
    returned=st.booleans(),
    amount=amounts,
    account=accounts,
    on=days,
)
def test_whatever_is_found_its_amount_is_the_lines_to_the_fen(
    *,
    candidates: list[Candidate],
    our: str,
    direction: Direction,
    returned: bool,
    amount: int,
    account: str,
    on: date,
) -> None:
    line = replace(
        LINE,
        our_id=our,
        direction=direction,
        returned=returned,
        amount_fen=amount,
        counterparty_account=account,
        booked_on=on,
    )

    found = meaning(line, candidates)

    if isinstance(found, Meaning):
        meant = [one for one in candidates if one.batch == found.batch and one.payable in found.payables]
        assert sum(one.amount_fen for one in meant) == amount
        evidence = {one.paid_line if direction is Direction.DEBIT else one.returned_line for one in meant}
        assert evidence == {None}
        if direction is Direction.CREDIT:
            assert len(meant) == 1
            assert all(one.paid_on for one in meant)
