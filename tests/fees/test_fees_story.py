"""Use, bill and payment on real books, and everything that is refused on the way."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from office import (
    COMMISSION,
    DAY_ONE,
    FIRM,
    INCUBATOR,
    OTHER_FIRM,
    OTHER_UNIT,
    REACTED,
    UNIT,
    BearByVoucher,
    ClaimEvidence,
    Office,
    instrument,
    team,
)

from ledger.amounts import AmountOutOfRange
from ledger.executor.clock import CITY
from ledger.executor.typed import FieldUnreadable
from ledger.fees.dispute_bill import DisputeBill
from ledger.fees.events import Billed, UsesRecorded
from ledger.fees.evidence import evidence_digest
from ledger.fees.invoices import InvoiceNumberUnreadable
from ledger.fees.issue_bill import IssueBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.record_use import RecordUse
from ledger.fees.rules import InstantUnreadable
from ledger.fees.store import USES
from ledger.fees.values import BillLine, Funding
from ledger.journal.tables import CalculationTable
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.text import DateUnreadable, NumberNotWhole
from policies.kernel.refusals import InvalidFacts

INVOICE, OTHER_INVOICE = "330017113012345678", "330017113012345679"
MORNING = datetime(2017, 3, 1, 9, tzinfo=CITY)
SERVICE = BillLine("材料表征", None, 1, 84_800_00)


def used(office: Office, machine: str, **more: object) -> dict[str, Any]:
    facts = {
        "user": FIRM,
        "operator": office.people["officer"],
        "started_at": MORNING,
        "minutes": 180,
        "purpose": "测试",
    }
    return {"instrument": machine, **facts, **more}


def test_three_hours_are_used_billed_and_paid(office: Office) -> None:
    machine = instrument(office)
    use = office.do(RecordUse, "officer", **used(office, machine))["use"]

    body = office.issue_bill(INVOICE, BillLine("透射电镜", use, 3, 600_00), BillLine("制样", None, 2, 50_00))
    bill = str(body["bill"])
    office.do(ReceivePayment, "officer", bill=bill, amount_fen=1_000_00, bank_reference="20170301-1")
    office.do(ReceivePayment, "officer", bill=bill, amount_fen=900_00, bank_reference="20170301-2")

    # 1,900.00 with 6 % in it: 1,792.45 and 107.55.
    assert (body["gross_fen"], body["net_fen"], body["vat_fen"]) == (1_900_00, 1_792_45, 107_55)
    assert office.balance(f"minutes:used:{machine}:{FIRM}") == office.balance(f"minutes:capacity:{machine}") == 180
    assert office.balance(f"fees:open:{bill}") == 0
    assert office.balance(f"bank:{UNIT}") == 1_900_00
    assert office.balance(f"fees:income:{UNIT}") == 1_792_45
    assert office.balance(f"fees:vat:{UNIT}") == 107_55
    paid = office.bill(bill)
    assert (paid.open_fen, paid.cash_fen, paid.uses) == (0, 1_900_00, (use,))
    assert office.load(USES, use)[use].bill == bill
    assert office.breaches() == []
    assert office.faults() == []


def test_a_bill_rests_on_a_stored_calculation_and_its_article(office: Office) -> None:
    body = office.issue_bill(INVOICE, SERVICE)

    assert (body["net_fen"], body["vat_fen"]) == (80_000_00, 4_800_00)  # the domain's worked figures
    ((citation, calculation),) = office.rows("SELECT citation, calculation FROM entry WHERE template = 'fee.bill'")
    assert citation == "vat-implementing-rules-2008#14"
    ((policy, fact_on, result),) = office.rows(
        f"SELECT policy, fact_on, result FROM {CalculationTable.__tablename__} WHERE id = :id", id=calculation
    )
    assert (policy, fact_on) == ("fees/tax-split", DAY_ONE)
    assert result == {"net_fen": 80_000_00, "vat_fen": 4_800_00}


def test_a_slice_above_meets_what_happened(office: Office) -> None:
    machine = instrument(office)
    use = office.do(RecordUse, "officer", **used(office, machine))["use"]
    bill = office.issue_bill(INVOICE, BillLine("透射电镜", use, 3, 600_00), contract="HT-1")["bill"]

    recorded, billed = REACTED

    assert isinstance(recorded, UsesRecorded)
    assert recorded.uses == (replace(office.load(USES, use)[use], bill=None),)
    assert isinstance(billed, Billed)
    assert billed.bill == office.bill(str(bill))
    assert (billed.bill.contract, billed.bill.open_fen) == ("HT-1", 1_800_00)


# -- uses --------------------------------------------------------------------------------------------------------------


def test_only_the_units_own_officer_records_its_use(office: Office) -> None:
    machine = instrument(office)

    for person in ("other officer", "operator", "applicant"):
        assert office.refused(RecordUse, person, **used(office, machine)).startswith("RoleMissing")
    assert office.refused(RecordUse, "officer", **used(office, "I-none")).startswith("NotFound")
    assert office.refused(RecordUse, "officer", **used(office, machine, user="nobody")).startswith("NotFound")
    assert office.refused(RecordUse, "officer", **used(office, machine, operator="P-x")).startswith("UnknownActor")


def test_what_has_not_happened_is_not_recorded(office: Office) -> None:
    machine = instrument(office)
    tomorrow = MORNING + timedelta(days=1)

    assert office.refused(RecordUse, "officer", **used(office, machine, started_at=tomorrow)).startswith("UseInFuture")
    assert office.refused(RecordUse, "officer", **used(office, machine, minutes=901)).startswith("UseTooLong")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"minutes": 0}, AmountOutOfRange),
        ({"minutes": -60}, AmountOutOfRange),
        ({"minutes": 1.5}, NumberNotWhole),
        ({"minutes": "60"}, FieldUnreadable),
        ({"started_at": MORNING.replace(tzinfo=None)}, InstantUnreadable),
    ],
)
def test_what_cannot_be_read_is_neither_recorded_nor_kept(
    office: Office, change: dict[str, Any], error: type[Exception]
) -> None:
    machine = instrument(office)
    before = office.rows("SELECT count(*) FROM command")

    with pytest.raises(error):
        office.run(RecordUse, "officer", **used(office, machine, **change))

    assert office.rows("SELECT count(*) FROM command") == before


def test_a_use_recorded_late_has_a_reason_and_a_second_person(office: Office) -> None:
    machine = instrument(office)
    facts = used(office, machine, started_at=MORNING - timedelta(days=2))
    second = office.people["second officer"]

    assert office.refused(RecordUse, "officer", **facts).startswith("BackdatingUnconfirmed")
    for reason, person in (("", second), ("漏登", office.people["officer"])):
        said = office.refused(RecordUse, "officer", **facts, late_reason=reason, second_person=person)
        assert said.startswith(("BackdatingUnconfirmed", "SecondPersonMissing"))
    office.do(RecordUse, "officer", **facts, late_reason="漏登", second_person=second)

    assert office.rows("SELECT effective_on, reason, second_person FROM entry WHERE template = 'fee.use'") == [
        (date(2017, 2, 27), "漏登", second)
    ]


def test_a_deputy_is_no_second_person(office: Office) -> None:
    machine = instrument(office)
    second = office.people["second officer"]
    office.do(GiveMandate, "operator", person=second, acts_for=office.people["officer"])
    late = {"started_at": MORNING - timedelta(days=2), "late_reason": "漏登", "second_person": second}

    assert office.refused(RecordUse, "officer", **used(office, machine, **late)).startswith("SecondPersonMissing")


# -- bills -------------------------------------------------------------------------------------------------------------


def test_an_invoice_is_used_once_by_anybody(office: Office) -> None:
    bill = office.issue_bill(INVOICE, SERVICE)["bill"]
    typed = f"{INVOICE[:10]} {INVOICE[10:]}"
    facts = {"payer": OTHER_FIRM, "invoice_date": DAY_ONE, "vat_rate": "0.06", "lines": (SERVICE,)}

    for person, unit in (("officer", UNIT), ("other officer", OTHER_UNIT)):
        said = office.refused(IssueBill, person, unit=unit, invoice_number=typed, **facts)
        assert said.startswith("InvoiceUsed")
        assert str(bill) in said


def test_fifty_bills_on_one_invoice_at_once_are_one(office: Office) -> None:
    facts = {"unit": UNIT, "payer": FIRM, "invoice_date": DAY_ONE, "vat_rate": "0.06", "lines": (SERVICE,)}

    futures = office.books.executor.submit_all(
        [office.command(IssueBill, "officer", invoice_number=INVOICE, **facts) for _ in range(50)]
    )

    assert sum(future.result().accepted for future in futures) == 1
    assert office.balance(f"fees:income:{UNIT}") == 80_000_00


def test_a_use_is_billed_once(office: Office) -> None:
    use = office.do(RecordUse, "officer", **used(office, instrument(office)))["use"]
    line = BillLine("透射电镜", use, 3, 600_00)
    first = office.issue_bill(INVOICE, line)["bill"]
    facts = {"unit": UNIT, "payer": FIRM, "invoice_date": DAY_ONE, "vat_rate": "0.06"}

    said = office.refused(IssueBill, "officer", invoice_number=OTHER_INVOICE, lines=(line,), **facts)

    assert said.startswith("UseBilled")
    assert str(first) in said
    twice = office.refused(IssueBill, "officer", invoice_number=OTHER_INVOICE, lines=(line, line), **facts)
    assert twice.startswith("UseTwiceOnBill")


def test_a_use_is_charged_by_its_unit_to_its_user(office: Office) -> None:
    use = office.do(RecordUse, "officer", **used(office, instrument(office)))["use"]
    line = BillLine("透射电镜", use, 3, 600_00)
    facts = {"invoice_number": INVOICE, "invoice_date": DAY_ONE, "vat_rate": "0.06", "lines": (line,)}

    assert office.refused(IssueBill, "other officer", unit=OTHER_UNIT, payer=FIRM, **facts).startswith(
        "UseOfAnotherUnit"
    )
    assert office.refused(IssueBill, "officer", unit=UNIT, payer=OTHER_FIRM, **facts).startswith("UseOfAnotherUser")
    missing = facts | {"lines": (BillLine("透射电镜", "U-none", 3, 600_00),)}
    assert office.refused(IssueBill, "officer", unit=UNIT, payer=FIRM, **missing).startswith("NotFound")


def test_a_teams_use_is_charged_to_its_recommending_body(office: Office) -> None:
    use = office.do(RecordUse, "officer", **used(office, instrument(office), user=team(office)))["use"]

    bill = office.issue_bill(INVOICE, BillLine("透射电镜", use, 3, 600_00), payer=INCUBATOR)["bill"]

    assert office.bill(str(bill)).payer == INCUBATOR


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"invoice_date": date(2017, 3, 2)}, "InvoiceInFuture"),
        ({"payer": UNIT}, "PayerIsUnit"),
        ({"payer": "nobody"}, "NotFound"),
        ({"unit": FIRM}, "WrongKind"),
        ({"unit": OTHER_UNIT}, "RoleMissingAt"),
        ({"lines": ()}, "BillWithoutLines"),
    ],
)
def test_what_is_no_bill(office: Office, change: dict[str, Any], code: str) -> None:
    facts = {"unit": UNIT, "payer": FIRM, "invoice_number": INVOICE, "invoice_date": DAY_ONE, "vat_rate": "0.06"}

    assert office.refused(IssueBill, "officer", **{**facts, "lines": (SERVICE,), **change}).startswith(code)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"invoice_number": "INV-1"}, InvoiceNumberUnreadable),
        ({"invoice_date": "2017-03-01"}, DateUnreadable),
        ({"vat_rate": "1.2"}, InvalidFacts),
        ({"vat_rate": 0.06}, NumberNotWhole),
        ({"lines": (BillLine("x", None, 1, 0),)}, AmountOutOfRange),
    ],
)
def test_what_cannot_be_read_is_no_bill(office: Office, change: dict[str, Any], error: type[Exception]) -> None:
    facts = {"unit": UNIT, "payer": FIRM, "invoice_number": INVOICE, "invoice_date": DAY_ONE, "vat_rate": "0.06"}

    with pytest.raises(error):
        office.run(IssueBill, "officer", **{**facts, "lines": (SERVICE,), **change})


# -- payments ----------------------------------------------------------------------------------------------------------


def test_never_more_than_is_open(office: Office) -> None:
    bill = office.issue_bill(INVOICE, SERVICE)["bill"]
    office.do(ReceivePayment, "officer", bill=bill, amount_fen=80_000_00, bank_reference="1")

    said = office.refused(ReceivePayment, "officer", bill=bill, amount_fen=4_800_01, bank_reference="2")

    assert said.startswith("MoreThanOpen")
    assert "4,800.00" in said
    assert "4,800.01" in said


def test_a_bank_slip_counts_once(office: Office) -> None:
    bill = office.issue_bill(INVOICE, SERVICE)["bill"]
    facts = {"bill": bill, "amount_fen": 100_00, "bank_reference": "20170301-1"}
    office.do(ReceivePayment, "officer", **facts)

    assert office.refused(ReceivePayment, "officer", **facts).startswith("ReceiptKnown")
    assert office.refused(ReceivePayment, "other officer", **facts).startswith("RoleMissing")
    assert office.refused(ReceivePayment, "officer", **facts | {"bill": "BL-none"}).startswith("NotFound")


def test_fifty_payments_at_once_never_exceed_the_bill(office: Office) -> None:
    bill = office.issue_bill(INVOICE, SERVICE)["bill"]

    futures = office.books.executor.submit_all(
        [
            office.command(ReceivePayment, "officer", bill=bill, amount_fen=10_000_00, bank_reference=str(n))
            for n in range(50)
        ]
    )

    assert sum(future.result().accepted for future in futures) == 8
    assert office.bill(str(bill)).open_fen == 4_800_00
    assert office.breaches() == []


def test_a_vouchers_part_is_owed_by_the_bureau_until_it_pays(office: Office) -> None:
    bill = str(office.issue_bill(INVOICE, SERVICE)["bill"])

    office.do(BearByVoucher, bill=bill, amount_fen=42_400_00)
    borne = office.bill(bill)
    office.do(BearByVoucher, bill=bill, amount_fen=42_400_00, paid=True)
    paid = office.bill(bill)

    assert (borne.open_fen, borne.voucher_fen, borne.voucher_due_fen, borne.cash_fen) == (
        42_400_00,
        42_400_00,
        42_400_00,
        0,
    )
    assert (paid.open_fen, paid.voucher_fen, paid.voucher_due_fen, paid.cash_fen) == (42_400_00, 42_400_00, 0, 0)
    assert office.balance(f"bank:{UNIT}") == 42_400_00
    assert office.refused(BearByVoucher, bill=bill, amount_fen=42_400_01).startswith("NotEnough")
    assert office.faults() == []


def test_the_payer_disputes_what_is_open(office: Office) -> None:
    bill = str(office.issue_bill(INVOICE, SERVICE)["bill"])
    facts = {"bill": bill, "reason": "机时与记录不符"}

    assert office.refused(DisputeBill, "officer", **facts).startswith("RoleMissing")
    assert office.refused(DisputeBill, "applicant", **facts, settled=True).startswith("NotDisputed")
    office.do(DisputeBill, "applicant", **facts)
    assert office.bill(bill).disputed
    assert office.refused(DisputeBill, "applicant", **facts).startswith("AlreadyDisputed")
    office.do(DisputeBill, "applicant", bill=bill, reason="已核对", settled=True)

    assert not office.bill(bill).disputed
    office.do(ReceivePayment, "officer", bill=bill, amount_fen=84_800_00, bank_reference="1")
    assert office.refused(DisputeBill, "applicant", **facts).startswith("NothingOpen")
    assert office.faults() == []


# -- evidence ----------------------------------------------------------------------------------------------------------


def test_one_contract_supports_one_live_claim_per_fund(office: Office) -> None:
    digest = evidence_digest("contract", UNIT, "HT-2017-01")
    office.do(ClaimEvidence, digest=digest, subject="C-1")

    said = office.refused(ClaimEvidence, digest=digest, subject="C-2")
    office.do(ClaimEvidence, digest=digest, subject="S-1", funding=Funding.SUBSIDY)
    office.do(ClaimEvidence, digest=digest, release=True)
    office.do(ClaimEvidence, digest=digest, subject="C-2")

    assert said.startswith("EvidenceClaimed")
    assert "C-1" in said
    assert office.rows("SELECT subject, claim, released_claim FROM evidence_claim ORDER BY funding DESC, claim") == [
        ("C-1", 1, None),
        ("C-2", 2, 1),
        ("S-1", 1, None),
    ]
    assert office.faults() == []


def test_fifty_claims_at_once_on_one_contract_are_one(office: Office) -> None:
    digest = evidence_digest("contract", UNIT, "HT-2017-01")

    futures = office.books.executor.submit_all(
        [office.command(ClaimEvidence, digest=digest, subject=f"C-{n}") for n in range(50)]
    )

    assert sum(future.result().accepted for future in futures) == 1


def test_the_commission_is_no_unit(office: Office) -> None:
    assert office.refused(
        IssueBill,
        "officer",
        unit=COMMISSION,
        payer=FIRM,
        invoice_number=INVOICE,
        invoice_date=DAY_ONE,
        vat_rate="0.06",
        lines=(SERVICE,),
    ).startswith("WrongKind")
