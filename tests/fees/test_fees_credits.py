"""Red invoices: what they take back, to the fen, what is owed back, and what may be billed anew."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import DAY_ONE, FIRM, OTHER_UNIT, UNIT, Office, instrument
from test_fees_story import INVOICE, OTHER_INVOICE, used

from ledger.amounts import AmountOutOfRange
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.fees.credit_bill import CreditBill
from ledger.fees.invoices import InvoiceNumberUnreadable
from ledger.fees.issue_bill import IssueBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.record_use import RecordUse
from ledger.fees.repay_payer import RepayPayer
from ledger.fees.store import USES
from ledger.fees.values import BillLine, RedInvoice


def red(number: int, amount_fen: int, **changes: Any) -> RedInvoice:  # noqa: ANN401
    facts = {"invoice_number": f"2017{number:016d}", "invoice_date": DAY_ONE, "reason": "多计机时"} | changes
    return RedInvoice(amount_fen=amount_fen, **facts)


def billed(office: Office, gross_fen: int = 1_060_00, invoice_number: str = INVOICE) -> str:
    return str(office.issue_bill(invoice_number, BillLine("性能测试", None, 1, gross_fen))["bill"])


def test_an_open_bill_is_credited_in_part_then_in_full(office: Office) -> None:
    bill = billed(office)

    part = office.do(CreditBill, "officer", bill=bill, red=red(1, 353_33))
    after = office.bill(bill)
    office.do(CreditBill, "officer", bill=bill, red=red(2, 706_67))

    # 353.33 with 6 % in it: 333.33 and 20.00; together with the rest 1,000.00 and 60.00.
    assert (part["net_fen"], part["vat_fen"], part["open_fen"], part["owed_fen"]) == (333_33, 20_00, 706_67, 0)
    assert (after.open_fen, after.credited_fen, after.fee_fen) == (706_67, 353_33, 706_67)
    whole = office.bill(bill)
    assert (whole.open_fen, whole.credited_fen, whole.fee_fen) == (0, 1_060_00, 0)
    assert office.balance(f"fees:income:{UNIT}") == office.balance(f"fees:vat:{UNIT}") == 0
    assert office.breaches() == []
    assert office.faults() == []


def test_what_was_paid_is_owed_back_and_paid_back(office: Office) -> None:
    bill = billed(office)
    office.do(ReceivePayment, "officer", bill=bill, amount_fen=1_000_00, bank_reference="S-1")

    note = office.do(CreditBill, "officer", bill=bill, red=red(1, 560_00))
    assert (note["open_fen"], note["owed_fen"]) == (0, 500_00), "60.00 were open, the rest was paid"
    assert (office.bill(bill).cash_fen, office.bill(bill).credited_fen) == (500_00, 560_00)
    too_much = office.refused(RepayPayer, "officer", bill=bill, amount_fen=500_01, bank_reference="B-1")
    back = office.do(RepayPayer, "officer", bill=bill, amount_fen=200_00, bank_reference="B-1")
    twice = office.refused(RepayPayer, "officer", bill=bill, amount_fen=200_00, bank_reference="B-1")
    office.do(RepayPayer, "officer", bill=bill, amount_fen=300_00, bank_reference="B-2")

    assert too_much.startswith("MoreThanOwedBack: Of bill")
    assert "500.00 yuan are owed back" in too_much
    assert twice.startswith("RepaymentKnown")
    assert back["owed_fen"] == 300_00
    assert office.balance(f"fees:owed-to-payer:{bill}") == office.bill(bill).owed_fen == 0
    assert office.balance(f"bank:{UNIT}") == 500_00
    assert office.breaches() == []


def test_a_use_is_billed_anew_once_its_bill_is_credited_in_full(office: Office) -> None:
    use = office.do(RecordUse, "officer", **used(office, instrument(office)))["use"]
    line = BillLine("透射电镜", use, 3, 600_00)
    wrong = str(office.issue_bill(INVOICE, line)["bill"])
    again: dict[str, Any] = {"unit": UNIT, "payer": FIRM, "invoice_date": DAY_ONE, "vat_rate": "0.06", "lines": (line,)}

    office.do(CreditBill, "officer", bill=wrong, red=red(1, 900_00))
    assert office.refused(IssueBill, "officer", invoice_number=OTHER_INVOICE, **again).startswith("UseBilled")
    office.do(CreditBill, "officer", bill=wrong, red=red(2, 900_00))
    assert office.load(USES, use)[use].bill is None
    right = office.do(IssueBill, "officer", invoice_number=OTHER_INVOICE, **again)["bill"]

    assert office.load(USES, use)[use].bill == right
    assert office.breaches() == []
    assert office.faults() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_fen": 1_060_01}, "MoreThanStands"),
        ({"invoice_number": INVOICE}, "InvoiceUsed"),
        ({"invoice_date": DAY_ONE.replace(day=2)}, "InvoiceInFuture"),
        ({"invoice_date": DAY_ONE.replace(month=2)}, "CreditBeforeBill"),
    ],
)
def test_what_does_not_fit_its_bill_is_refused(office: Office, changes: dict[str, Any], code: str) -> None:
    bill = billed(office)
    note = red(1, **({"amount_fen": 100} | changes))

    assert office.refused(CreditBill, "officer", bill=bill, red=note).startswith(f"{code}: ")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount_fen": 0}, AmountOutOfRange),
        ({"amount_fen": -5}, AmountOutOfRange),
        ({"invoice_number": "12"}, InvoiceNumberUnreadable),
    ],
)
def test_what_cannot_be_read_is_not_kept(office: Office, changes: dict[str, Any], error: type[Exception]) -> None:
    bill = billed(office)
    with pytest.raises(error):
        office.run(CreditBill, "officer", bill=bill, red=red(1, **({"amount_fen": 100} | changes)))


def test_only_an_officer_of_the_unit_credits_and_pays_back(office: Office) -> None:
    bill = billed(office)

    for person in ("other officer", "operator", "applicant"):
        assert office.refused(CreditBill, person, bill=bill, red=red(1, 100)).startswith("RoleMissing")
        repay = {"bill": bill, "amount_fen": 1, "bank_reference": "B"}
        assert office.refused(RepayPayer, person, **repay).startswith("RoleMissing")


def test_a_red_invoice_number_counts_once_for_bills_and_red_invoices_alike(office: Office) -> None:
    bill = billed(office)
    office.do(CreditBill, "officer", bill=bill, red=red(7, 100))

    assert office.refused(CreditBill, "officer", bill=bill, red=red(7, 100)).startswith("InvoiceUsed")
    facts: dict[str, Any] = {"unit": UNIT, "payer": FIRM, "invoice_date": DAY_ONE, "vat_rate": "0.06"}
    line = BillLine("性能测试", None, 1, 100)
    assert office.refused(
        IssueBill, "officer", invoice_number=red(7, 1).invoice_number, lines=(line,), **facts
    ).startswith("InvoiceUsed")


def test_what_was_credited_is_not_reversed_besides(office: Office) -> None:
    bill = billed(office)
    office.do(ReceivePayment, "officer", bill=bill, amount_fen=60_00, bank_reference="S-1")
    office.do(CreditBill, "officer", bill=bill, red=red(1, 1_060_00))
    office.do(RepayPayer, "officer", bill=bill, amount_fen=60_00, bank_reference="B-1")

    entries = [seq for (seq,) in office.rows("SELECT seq FROM entry WHERE template LIKE 'fee.%' ORDER BY seq")]
    assert len(entries) == 4
    for seq in entries:
        facts = {"seq": seq, "effective_on": DAY_ONE, "reason": "r", "second_person": office.people["second officer"]}
        assert office.refused(ReverseEntry, "officer", **facts).startswith("CreditNotReversible")


invoices = count(10**6, 100)
amounts = st.lists(st.integers(1, 400_00), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gross=st.integers(1, 1_000_00), paid=st.integers(0, 1_000_00), parts=amounts)
def test_parts_add_up_to_the_bill_to_the_fen(office: Office, gross: int, paid: int, parts: list[int]) -> None:
    """However a bill is cut up, net and VAT of its red invoices together are those of what they credit together."""
    numbers = next(invoices)
    bill = billed(office, gross, f"2017{numbers:016d}")
    paid = min(paid, gross)
    if paid:
        office.do(ReceivePayment, "officer", bill=bill, amount_fen=paid, bank_reference="S")
    left = gross
    owed = 0
    for n, part in enumerate([*parts, gross], start=1):
        amount = min(part, left)
        if not amount:
            break
        note = office.do(CreditBill, "officer", bill=bill, red=red(numbers + n, amount))
        opened = office.bill(bill)
        left -= amount
        owed = max(0, paid - left)
        assert (note["gross_fen"], note["owed_fen"], opened.owed_fen) == (amount, owed, owed)
        assert (opened.open_fen, opened.cash_fen) == (max(0, left - paid), min(paid, left))
        assert note["net_fen"] >= 0
        assert note["vat_fen"] >= 0

    whole = office.bill(bill)
    ((net, vat),) = office.rows("SELECT sum(net_fen), sum(vat_fen) FROM fee_credit WHERE bill = :bill", bill=bill)
    assert left == 0
    assert (net, vat) == (whole.net_fen, whole.vat_fen)
    assert office.breaches() == []


def test_another_unit_does_not_see_it(office: Office) -> None:
    """Who may see a bill sees its red invoices; nobody else does."""
    bill = billed(office)
    office.do(CreditBill, "officer", bill=bill, red=red(1, 100))

    for party, seen in ((UNIT, 1), (FIRM, 1), (OTHER_UNIT, 0), ("*", 1)):
        with office.database.reader.begin() as connection:
            connection.exec_driver_sql("SELECT set_config('ledger.party', %s, true)", (party,))
            ((found,),) = connection.exec_driver_sql("SELECT count(*) FROM fee_credit")
        assert found == seen, party
