"""The second wall: what the writer's role cannot write; few statements for many; who sees what; what breaks a law."""

from datetime import datetime
from uuid import UUID

import pytest
from office import (
    COMMISSION,
    DAY_ONE,
    FIRM,
    OTHER_FIRM,
    OTHER_UNIT,
    UNIT,
    BearByVoucher,
    ClaimEvidence,
    Office,
    counted,
    instrument,
)
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.assembly import BOOK
from ledger.executor.clock import CITY
from ledger.executor.reading import Reader
from ledger.fees.credit_bill import CreditBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.record_use import RecordUse
from ledger.fees.slice import SLICE
from ledger.fees.store import (
    BILLS,
    CREDITS,
    DISPUTES,
    ENTRIES_OF_CREDITED,
    EVIDENCE,
    INVOICES,
    RECEIPTS,
    USES,
    WRITE_OFFS,
)
from ledger.fees.values import BillLine, Funding, RedInvoice
from ledger.fees.write_off import ProposeWriteOff

INVOICE = "330017113012345678"
BILL = (
    "INSERT INTO fee_bill VALUES (1, :command, :number, :unit, :payer, NULL, :invoice, '2017-03-01', '2017-03-01', "
    ":gross, :net, :vat, '0.06', :command)"
)
LINE = "INSERT INTO fee_bill_line VALUES (1, :command, :bill, :line, 'x', :use, 1, 100)"
CLAIM = "INSERT INTO evidence_claim VALUES (1, :command, 'voucher', :digest, :claim, :released, 'k', 's')"


def write(office: Office, sql: str, **values: object) -> None:
    with office.database.writer.begin() as connection:
        connection.execute(text(sql), {"command": UUID(int=0)} | values)


@pytest.fixture
def bill(office: Office) -> dict[str, str]:
    """A bill that charges one use."""
    use = office.do(
        RecordUse,
        "officer",
        instrument=instrument(office),
        user=FIRM,
        operator=office.people["officer"],
        started_at=datetime(2017, 3, 1, 9, tzinfo=CITY),
        minutes=60,
        purpose="测试",
    )["use"]
    return {"use": use, "bill": str(office.issue_bill(INVOICE, BillLine("透射电镜", use, 1, 600_00))["bill"])}


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"invoice": INVOICE}, "uq_fee_bill_invoice"),
        ({"invoice": "INV-1"}, "fee_bill_invoice_number_check"),
        ({"net": 93}, "ck_fee_bill_split"),
        ({"gross": 0, "net": 0, "vat": 0}, "fee_bill_gross_fen_check"),
        ({"payer": UNIT}, "fee_bill_check"),
    ],
)
def test_the_writer_cannot_bill_out_of_order(
    office: Office, bill: dict[str, str], change: dict[str, object], constraint: str
) -> None:
    assert bill["bill"]
    values = {"number": "BL-1", "unit": UNIT, "payer": FIRM, "invoice": "1" * 20, "gross": 100, "net": 94, "vat": 6}

    with pytest.raises(DBAPIError, match=constraint):
        write(office, BILL, **values | change)


def test_the_writer_cannot_charge_a_use_twice(office: Office, bill: dict[str, str]) -> None:
    for use, line, constraint in (
        (bill["use"], 2, "which was not credited in full"),
        ("U-none", 2, "fk_fee_bill_line_charged_use"),
        (None, 1, "fee_bill_line_pkey"),
    ):
        with pytest.raises(DBAPIError, match=constraint):
            write(office, LINE, bill=bill["bill"], line=line, use=use)
    with pytest.raises(DBAPIError, match="fk_fee_bill_line_bill"):
        write(office, LINE, bill="BL-none", line=1, use=None)


def test_the_writer_cannot_claim_evidence_twice(office: Office) -> None:
    digest = "0" * 64
    office.do(ClaimEvidence, digest=digest)

    for claim, released, constraint in (
        (1, None, "evidence_claim_pkey"),
        (2, 1, "fk_evidence_claim_released"),
        (2, None, "ck_evidence_claim_released"),
        (3, 1, "ck_evidence_claim_released"),
    ):
        with pytest.raises(DBAPIError, match=constraint):
            write(office, CLAIM, digest=digest, claim=claim, released=released)
    office.do(ClaimEvidence, digest=digest, release=True)
    write(office, CLAIM, digest=digest, claim=2, released=1)


@pytest.mark.parametrize("table", [table.__tablename__ for table in SLICE.tables])
def test_the_writer_can_only_add(office: Office, table: str) -> None:
    for statement in (f"UPDATE {table} SET book = 1", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DBAPIError, match="permission denied"):
            write(office, statement)


def test_a_bill_that_never_reached_the_journal_breaks_the_law(office: Office) -> None:
    write(office, BILL, number="BL-1", unit=UNIT, payer=FIRM, invoice="1" * 20, gross=100, net=94, vat=6)
    write(office, LINE, bill="BL-1", line=1, use=None)

    assert [breach[:2] for breach in office.breaches()] == [("fees.bill-conserved", "BL-1")]


def test_lines_receipts_and_minutes_out_of_step_break_their_laws(office: Office, bill: dict[str, str]) -> None:
    write(office, LINE, bill=bill["bill"], line=2, use=None)
    write(
        office, "INSERT INTO fee_receipt VALUES (1, :command, 'RC-1', :bill, 7, 'x', '2017-03-01')", bill=bill["bill"]
    )
    write(
        office,
        "INSERT INTO fee_use VALUES (1, :command, 'U-1', 'I-1', 'u', 'f', 'P-1', '2017-03-01T00:00Z', 9, 'p', '')",
    )

    assert [breach[0] for breach in office.breaches()] == ["fees.bill-adds-up", "fees.receipts", "fees.minutes"]


def test_one_or_many_take_the_same_number_of_statements(office: Office, bill: dict[str, str]) -> None:
    other = str(office.issue_bill("1" * 20, BillLine("制样", None, 2, 50_00))["bill"])
    office.do(ReceivePayment, "officer", bill=other, amount_fen=30_00, bank_reference="1")
    office.do(BearByVoucher, bill=other, amount_fen=20_00)
    office.do(ClaimEvidence, digest="a" * 64)
    office.do(CreditBill, "officer", bill=other, red=RedInvoice("2" * 20, DAY_ONE, 1_00, "多计"))
    given_up = {"bill": other, "amount_fen": 1_00, "decision_number": "核1号", "reason": "企业注销"}
    write_off = str(office.do(ProposeWriteOff, "officer", **given_up)["write_off"])
    seq = str(office.rows("SELECT last_seq FROM book")[0][0])
    asked = {
        USES: [bill["use"]],
        BILLS: [bill["bill"], other],
        INVOICES: [INVOICE, "1" * 20],
        RECEIPTS: [other],
        CREDITS: [other],
        DISPUTES: [other],
        ENTRIES_OF_CREDITED: [seq],
        EVIDENCE: [f"voucher:{'a' * 64}"],
        WRITE_OFFS: [write_off],
    }
    assert [aggregate.name for aggregate in SLICE.aggregates] == [aggregate.name for aggregate in asked]
    for aggregate, ids in asked.items():
        many = ids + [f"{Funding.SUBSIDY}:{n:064d}" for n in range(250)]
        taken = []
        for some in (many[:1], many):
            with office.database.writer.connect() as connection, counted(office.database.writer) as statements:
                loaded = aggregate.load(Reader(connection, BOOK), some)
                if aggregate.follow:
                    aggregate.follow(Reader(connection, BOOK), some)
                taken.append(len(statements))

        assert taken[0] == taken[1] <= 7, (aggregate.name, taken)
        for id_ in ids:
            assert loaded[id_] == office.load(aggregate, id_)[id_]


def test_each_party_sees_its_own(office: Office, bill: dict[str, str]) -> None:
    office.do(ClaimEvidence, digest="0" * 64)
    office.do(ReceivePayment, "officer", bill=bill["bill"], amount_fen=1_00, bank_reference="1")
    tables = ("fee_use", "fee_bill", "fee_bill_line", "fee_receipt", "evidence_claim", "fee_bill_leg")

    def seen(party: str) -> list[int]:
        with office.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in tables]

    assert seen(UNIT) == seen(FIRM) == [1, 1, 1, 1, 0, 3]
    assert seen(OTHER_UNIT) == seen(OTHER_FIRM) == seen(COMMISSION) == seen("") == [0] * 6
    assert seen("*") == [1, 1, 1, 1, 1, 3]
