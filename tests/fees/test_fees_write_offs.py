"""A unit gives up what a payer does not pay: two of its officers, never more than is open, and undone by reversal."""

import pytest
from office import FIRM, UNIT, Office

from ledger.amounts import AmountOutOfRange
from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.fees.dispute_bill import DisputeBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.values import BillLine
from ledger.fees.write_off import KIND, ProposeWriteOff

REASON = {"decision_number": "核〔2017〕1号", "reason": "企业注销"}


@pytest.fixture
def bill(office: Office) -> str:
    """1,000.00, of which 400.00 are paid."""
    number = str(office.issue_bill("8" * 20, BillLine("透射电镜", None, 1, 1_000_00))["bill"])
    office.do(ReceivePayment, "officer", bill=number, amount_fen=400_00, bank_reference="收1")
    return number


def proposed(office: Office, bill: str, amount_fen: int = 600_00) -> tuple[str, str]:
    """The write-off, and the hash of what is shown."""
    body = office.do(ProposeWriteOff, "officer", bill=bill, amount_fen=amount_fen, **REASON)
    return str(body["write_off"]), str(body["approval"]["content_hash"])


def test_two_officers_of_the_unit_give_up_what_is_open(office: Office, bill: str) -> None:
    number, shown = proposed(office, bill)
    before = office.bill(bill)
    answer = office.do(Approve, "second officer", subject_kind=KIND, subject=number, content_hash=shown)

    after = office.bill(bill)
    assert (before.open_fen, before.written_off_fen) == (600_00, 0), "nothing is given up before it is signed"
    assert answer["open_fen"] == 0
    assert (after.open_fen, after.cash_fen, after.written_off_fen) == (0, 400_00, 600_00)
    assert office.balance(f"fees:written-off:{UNIT}") == 600_00
    assert office.balance(f"fees:vat:{UNIT}") != 0, "the VAT of it stays owed"
    assert office.breaches() == []


def test_a_part_is_given_up_and_the_rest_still_paid(office: Office, bill: str) -> None:
    number, shown = proposed(office, bill, 100_00)
    office.do(Approve, "second officer", subject_kind=KIND, subject=number, content_hash=shown)
    office.do(ReceivePayment, "officer", bill=bill, amount_fen=500_00, bank_reference="收2")

    found = office.bill(bill)
    assert (found.open_fen, found.cash_fen, found.written_off_fen) == (0, 900_00, 100_00)
    assert office.breaches() == []


def test_who_signs_and_who_does_not(office: Office, bill: str) -> None:
    number, shown = proposed(office, bill)
    facts = {"subject_kind": KIND, "subject": number, "content_hash": shown}
    refusals = {
        by: office.refused(Approve, by, **facts).split(":")[0]
        for by in ("officer", "other officer", "applicant", "finance")
    }

    assert refusals == {
        "officer": "OwnWork",
        "other officer": "RoleMissingAt",
        "applicant": "WorksForParty",
        "finance": "WrongRole",
    }
    stranger = office.refused(ProposeWriteOff, "other officer", bill=bill, amount_fen=1, **REASON)
    assert stranger.startswith("RoleMissingAt")


def test_what_was_paid_or_contested_meanwhile_is_not_given_up(office: Office, bill: str) -> None:
    number, shown = proposed(office, bill)
    facts = {"subject_kind": KIND, "subject": number, "content_hash": shown}
    office.do(ReceivePayment, "officer", bill=bill, amount_fen=1, bank_reference="收2")
    assert office.refused(Approve, "second officer", **facts).startswith("MoreThanOpen")
    office.do(DisputeBill, "applicant", bill=bill, reason="数量不符")
    assert office.refused(ProposeWriteOff, "officer", bill=bill, amount_fen=1, **REASON).startswith("Disputed")


def test_a_refused_one_is_over_and_more_than_open_is_not_proposed(office: Office, bill: str) -> None:
    number, shown = proposed(office, bill)
    facts = {"subject_kind": KIND, "subject": number, "content_hash": shown}
    office.do(Reject, "second officer", reason="再催收", **facts)

    assert office.refused(Approve, "second officer", **facts).startswith("NotAwaiting")
    assert office.refused(ProposeWriteOff, "officer", bill=bill, amount_fen=600_01, **REASON).startswith("MoreThanOpen")
    with pytest.raises(AmountOutOfRange):
        office.run(ProposeWriteOff, "officer", bill=bill, amount_fen=0, **REASON)
    assert office.bill(bill).open_fen == 600_00


def test_the_payer_pays_after_all(office: Office, bill: str) -> None:
    """The write-off is taken back by reversing its entry; what was open is open again."""
    number, shown = proposed(office, bill)
    office.do(Approve, "second officer", subject_kind=KIND, subject=number, content_hash=shown)
    ((seq,),) = office.rows("SELECT seq FROM entry WHERE template = 'fee.write-off'")
    office.do(
        ReverseEntry,
        "finance",
        seq=seq,
        effective_on=office.clock.now().date(),
        reason="企业付款",
        second_person=office.people["second finance"],
    )

    assert office.bill(bill).open_fen == 600_00
    office.do(ReceivePayment, "officer", bill=bill, amount_fen=600_00, bank_reference="收3")
    assert office.breaches() == []
    assert office.bill(bill).payer == FIRM
