"""Tables of uses, bills, receipts and evidence, and how they are loaded."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Index, SmallInteger, text
from sqlmodel import Field

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.fees.values import Bill, BillLine, Credits, Evidence, Funding, PurposeClass, Use
from ledger.journal.tables import EventRow
from ledger.registry.store import PARTIES


class FeeUseTable(EventRow, table=True):
    """One use of an instrument; customs and bills read the same rows."""

    __tablename__ = "fee_use"
    tells_of = ("use", "number")
    __table_args__ = (
        Index("ix_fee_use_book_instrument_started_at", "instrument", "started_at", "book"),
        Index("ix_fee_use_book_used_by", "used_by", "book"),
    )

    number: str = Field(primary_key=True)
    instrument: str
    unit: str
    used_by: str
    operator: str
    started_at: datetime = Field(sa_type=DateTime(timezone=True))
    minutes: int
    purpose: str
    service: str


class FeeUseCircumstanceTable(EventRow, table=True):
    """What was stated of a use beside its time: the class of its purpose, and where the instrument stood."""

    __tablename__ = "fee_use_circumstance"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "recorded_use"], ["fee_use.book", "fee_use.number"], name="fk_fee_use_circumstance_use"
        ),
    )

    recorded_use: str = Field(primary_key=True)
    purpose_class: str
    """One of `PurposeClass`; empty: not stated."""
    place: str


class FeeBillTable(EventRow, table=True):
    """A bill with its invoice. What has become of its fen is in the journal."""

    __tablename__ = "fee_bill"
    tells_of = ("bill", "number")
    __table_args__ = (
        Index("uq_fee_bill_invoice", "invoice_number", "book", unique=True),
        Index("ix_fee_bill_book_unit", "unit", "book"),
        Index("ix_fee_bill_book_payer", "payer", "book"),
        Index("ix_fee_bill_book_contract", "contract", "book"),
    )

    number: str = Field(primary_key=True)
    unit: str
    payer: str
    contract: str | None = None
    invoice_number: str
    invoice_date: date
    issued_on: date
    gross_fen: int = Field(sa_type=BigInteger)
    net_fen: int = Field(sa_type=BigInteger)
    vat_fen: int = Field(sa_type=BigInteger)
    vat_rate: str
    calculation: UUID


class FeeBillLineTable(EventRow, table=True):
    """One line of a bill; a use stands on one line of one bill, and on another once that is credited in full."""

    __tablename__ = "fee_bill_line"
    __table_args__ = (
        Index("ix_fee_bill_line_charged_use", "charged_use", "book", postgresql_where=text("charged_use IS NOT NULL")),
        ForeignKeyConstraint(
            ["book", "bill"],
            ["fee_bill.book", "fee_bill.number"],
            name="fk_fee_bill_line_bill",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["book", "charged_use"], ["fee_use.book", "fee_use.number"], name="fk_fee_bill_line_charged_use"
        ),
    )

    bill: str = Field(primary_key=True)
    line: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    description: str
    charged_use: str | None = None
    quantity: int = Field(sa_type=BigInteger)
    price_fen: int = Field(sa_type=BigInteger)


class FeeReceiptTable(EventRow, table=True):
    """A payment of the payer that has reached the unit's bank; the same bank slip once per bill."""

    __tablename__ = "fee_receipt"
    tells_of = ("bill", "bill")
    __table_args__ = (
        Index("uq_fee_receipt_bank_reference", "bill", "bank_reference", "book", unique=True),
        ForeignKeyConstraint(["book", "bill"], ["fee_bill.book", "fee_bill.number"], name="fk_fee_receipt_bill"),
    )

    number: str = Field(primary_key=True)
    bill: str
    amount_fen: int = Field(sa_type=BigInteger)
    bank_reference: str
    received_on: date


class FeeCreditTable(EventRow, table=True):
    """A red invoice credits a bill, or a part of it."""

    __tablename__ = "fee_credit"
    tells_of = ("bill", "bill")
    __table_args__ = (
        Index("uq_fee_credit_bill", "bill", "step", "book", unique=True),
        Index("uq_fee_credit_invoice", "invoice_number", "book", unique=True),
        Index("uq_fee_credit_whole", "bill", "book", unique=True, postgresql_where=text("whole")),
        ForeignKeyConstraint(["book", "bill"], ["fee_bill.book", "fee_bill.number"], name="fk_fee_credit_bill"),
    )

    number: str = Field(primary_key=True)
    bill: str
    step: int = Field(sa_type=SmallInteger)
    """1 for the first of a bill; the index over it is the second wall behind the lock."""
    invoice_number: str
    invoice_date: date
    gross_fen: int = Field(sa_type=BigInteger)
    net_fen: int = Field(sa_type=BigInteger)
    vat_fen: int = Field(sa_type=BigInteger)
    owed_fen: int = Field(sa_type=BigInteger)
    """The part that the payer had paid already."""
    whole: bool
    """Nothing of the bill stands after it."""
    calculation: UUID
    """Of what all red invoices of the bill credit together."""
    reason: str
    credited_on: date
    person: str


class FeeRepaymentTable(EventRow, table=True):
    """What was owed back to the payer has left the unit's bank; the same bank slip once per bill."""

    __tablename__ = "fee_repayment"
    tells_of = ("bill", "bill")
    __table_args__ = (
        Index("uq_fee_repayment_bank_reference", "bill", "bank_reference", "book", unique=True),
        ForeignKeyConstraint(["book", "bill"], ["fee_bill.book", "fee_bill.number"], name="fk_fee_repayment_bill"),
    )

    number: str = Field(primary_key=True)
    bill: str
    amount_fen: int = Field(sa_type=BigInteger)
    bank_reference: str
    repaid_on: date


class FeeWriteOffTable(EventRow, table=True):
    """What a unit wants to give up of a bill, as proposed."""

    __tablename__ = "fee_write_off"
    __table_args__ = (
        Index("ix_fee_write_off_bill", "bill", "book"),
        ForeignKeyConstraint(["book", "bill"], ["fee_bill.book", "fee_bill.number"], name="fk_fee_write_off_bill"),
    )

    number: str = Field(primary_key=True)
    bill: str
    amount_fen: int = Field(sa_type=BigInteger)
    decision_number: str
    reason: str
    maker: str
    proposed_on: date


class FeeWriteOffEndTable(EventRow, table=True):
    """The second officer has signed, or refused."""

    __tablename__ = "fee_write_off_end"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "write_off"], ["fee_write_off.book", "fee_write_off.number"], name="fk_fee_write_off_end"
        ),
    )

    write_off: str = Field(primary_key=True)
    outcome: str
    ended_on: date
    person: str
    reason: str


class FeeDisputeTable(EventRow, table=True):
    """A bill is contested, or the contest is over: the last step counts."""

    __tablename__ = "fee_dispute"
    tells_of = ("bill", "bill")
    __table_args__ = (
        ForeignKeyConstraint(["book", "bill"], ["fee_bill.book", "fee_bill.number"], name="fk_fee_dispute_bill"),
    )

    bill: str = Field(primary_key=True)
    step: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    stands: bool
    reason: str
    person: str


class EvidenceClaimTable(EventRow, table=True):
    """A piece of evidence supports a claim. The n-th claim needs the row that released the one before."""

    __tablename__ = "evidence_claim"
    __table_args__ = (
        Index("ix_evidence_claim_book_subject", "subject_kind", "subject", "book"),
        ForeignKeyConstraint(
            ["book", "funding", "digest", "released_claim"],
            ["evidence_release.book", "evidence_release.funding", "evidence_release.digest", "evidence_release.claim"],
            name="fk_evidence_claim_released",
        ),
    )

    funding: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    """SHA-256 of the evidence, 64 hex digits."""
    claim: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """1 for the first, and so on."""
    released_claim: int | None = None
    """The claim before, which a row of `evidence_release` ended; none for the first."""
    subject_kind: str
    subject: str


class EvidenceReleaseTable(EventRow, table=True):
    """A refusal or a withdrawal frees the evidence."""

    __tablename__ = "evidence_release"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "funding", "digest", "claim"],
            ["evidence_claim.book", "evidence_claim.funding", "evidence_claim.digest", "evidence_claim.claim"],
            name="fk_evidence_release_claim",
            use_alter=True,
        ),
    )

    funding: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    claim: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reason: str


def follow_uses(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its user: a team's bill may go to the body it is attached to."""
    return {
        number: PARTIES.keys(user)
        for number, user in reader.rows(
            "SELECT number, used_by FROM fee_use WHERE book = %s AND number = ANY(%s)", reader.book, list(numbers)
        )
    }


TAKEN_BACK = (
    "EXISTS (SELECT FROM entry e JOIN entry x ON x.book = e.book AND x.reverses = e.seq "
    "WHERE e.book = f.book AND e.command = f.command AND e.template IN ('fee.use', 'fee.log') AND e.effective_on = "
    "((f.started_at + (f.minutes - 1) * interval '1 minute') AT TIME ZONE 'Asia/Shanghai')::date)"
)
"""Of a use, `f`: the entry that posted its minutes was reversed. A log posts one a day."""
STANDS = "NOT EXISTS (SELECT FROM fee_credit c WHERE c.book = l.book AND c.bill = l.bill AND c.whole)"
"""Of a line of a bill, `l`: it charges what it says, for the bill was not credited in full."""


def load_uses(reader: Reader, numbers: Collection[str]) -> Mapping[str, Use]:
    rows = reader.rows(
        "SELECT u.number, u.instrument, u.unit, u.used_by, u.operator, u.started_at, u.minutes, u.purpose, u.service, "  # noqa: S608  our own words
        "l.bill, c.purpose_class, c.place FROM fee_use u "
        "LEFT JOIN fee_use_circumstance c ON c.book = u.book AND c.recorded_use = u.number "
        f"LEFT JOIN fee_bill_line l ON l.book = u.book AND l.charged_use = u.number AND {STANDS} "
        "WHERE u.book = %s AND u.number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    return {row[0]: use_of(row) for row in rows}


def use_of(row: Sequence[Any]) -> Use:
    """From the columns of `fee_use`, perhaps the bill, and last what was stated of it."""
    purpose_class, place = stated(*row[-2:])
    return replace(Use(*row[:-2]), purpose_class=purpose_class, place=place)


def stated(purpose_class: str | None, place: str | None) -> tuple[PurposeClass | None, str]:
    """What was stated of a use, as its value holds it."""
    return PurposeClass(purpose_class) if purpose_class else None, place or ""


def follow_bills(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its unit and its payer."""
    return {
        number: PARTIES.keys(unit, payer)
        for number, unit, payer in reader.rows(
            "SELECT number, unit, payer FROM fee_bill WHERE book = %s AND number = ANY(%s)", reader.book, list(numbers)
        )
    }


PLACES = """
    SELECT bill,
           CASE WHEN own LIKE 'fees:open:%%' THEN
                     CASE WHEN other LIKE ANY (ARRAY['bank:%%', 'fees:owed-to-payer:%%']) THEN 'cash'
                          WHEN other LIKE 'owed-to-fiscal:%%' THEN 'voucher-paid'
                          WHEN other LIKE 'equity:%%' THEN 'equity'
                          WHEN other LIKE 'fees:written-off:%%' THEN 'written-off'
                          WHEN other LIKE 'fees:voucher:%%' THEN 'within'
                          WHEN other LIKE ANY (ARRAY['fees:income:%%', 'fees:vat:%%'])
                               THEN CASE WHEN leaves > 0 THEN 'credited' ELSE 'billed' END
                          ELSE 'elsewhere' END
                WHEN other LIKE ANY (ARRAY['bank:%%', 'owed-to-fiscal:%%']) THEN 'voucher-paid'
                WHEN other LIKE 'fees:open:%%' THEN 'within'
                ELSE 'elsewhere' END AS place,
           leaves
      FROM fee_bill_leg
"""
"""Every fen that left a bill's own accounts (or came back: negative), and where it went.

The view shows the payer what became of its bill, though the accounts are the unit's and not the payer's to see.
"""


def load_bills(reader: Reader, numbers: Collection[str]) -> Mapping[str, Bill]:
    """Bills with their lines and where their fen stand, in six statements."""
    wanted = list(numbers)
    heads = reader.rows(
        f"SELECT {', '.join(_HEAD)} FROM fee_bill WHERE book = %s AND number = ANY(%s)",  # noqa: S608  our own words
        reader.book,
        wanted,
    )
    owed: dict[str, int] = dict(
        reader.rows(
            "SELECT bill, sum(fen)::int8 FROM ("
            "SELECT bill, owed_fen AS fen FROM fee_credit WHERE book = %s AND bill = ANY(%s) UNION ALL "
            "SELECT bill, -amount_fen FROM fee_repayment WHERE book = %s AND bill = ANY(%s)) x GROUP BY bill",
            reader.book,
            wanted,
            reader.book,
            wanted,
        )
    )
    lines: dict[str, list[BillLine]] = defaultdict(list)
    for bill, *rest in reader.rows(
        "SELECT bill, description, charged_use, quantity, price_fen FROM fee_bill_line "
        "WHERE book = %s AND bill = ANY(%s) ORDER BY bill, line",
        reader.book,
        wanted,
    ):
        lines[bill].append(BillLine(*rest))
    standing: dict[str, int] = dict(
        reader.rows(
            "SELECT own, -sum(leaves)::int8 FROM fee_bill_leg WHERE book = %s AND bill = ANY(%s) GROUP BY own",
            reader.book,
            wanted,
        )
    )
    went: dict[tuple[str, str], int] = {
        (bill, place): fen
        for bill, place, fen in reader.rows(
            f"SELECT bill, place, sum(leaves)::int8 FROM ({PLACES} "  # noqa: S608  our own words
            "WHERE book = %s AND bill = ANY(%s)) p GROUP BY 1, 2",
            reader.book,
            wanted,
        )
    }
    disputes = load_disputes(reader, wanted)
    return {
        bill.number: replace(
            _with_places(bill, standing, went),
            lines=tuple(lines[bill.number]),
            disputed=disputes[bill.number].stands,
            owed_fen=owed.get(bill.number, 0),
        )
        for bill in (Bill(**dict(zip(_HEAD, row, strict=True))) for row in heads)
    }


_HEAD = (
    "number",
    "unit",
    "payer",
    "contract",
    "invoice_number",
    "invoice_date",
    "issued_on",
    "gross_fen",
    "net_fen",
    "vat_fen",
    "vat_rate",
)


def _with_places(bill: Bill, standing: Mapping[str, int], went: Mapping[tuple[str, str], int]) -> Bill:
    due = standing.get(f"fees:voucher:{bill.number}", 0)
    return replace(
        bill,
        open_fen=standing.get(f"fees:open:{bill.number}", 0),
        cash_fen=went.get((bill.number, "cash"), 0),
        voucher_fen=due + went.get((bill.number, "voucher-paid"), 0),
        voucher_due_fen=due,
        equity_fen=went.get((bill.number, "equity"), 0),
        written_off_fen=went.get((bill.number, "written-off"), 0),
        credited_fen=went.get((bill.number, "credited"), 0),
    )


def load_invoices(reader: Reader, invoice_numbers: Collection[str]) -> Mapping[str, str]:
    """The bill that an invoice or a red invoice belongs to; nothing for one not used yet."""
    wanted = list(invoice_numbers)
    return dict(
        reader.rows(
            "SELECT invoice_number, number FROM fee_bill WHERE book = %s AND invoice_number = ANY(%s) "
            "UNION ALL SELECT invoice_number, bill FROM fee_credit WHERE book = %s AND invoice_number = ANY(%s)",
            reader.book,
            wanted,
            reader.book,
            wanted,
        )
    )


def load_receipts(reader: Reader, bills: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Bank references already recorded, by bill; for every bill asked."""
    found: dict[str, set[str]] = {bill: set() for bill in bills}
    for bill, reference in reader.rows(
        "SELECT bill, bank_reference FROM fee_receipt WHERE book = %s AND bill = ANY(%s)", reader.book, list(bills)
    ):
        found[bill].add(reference)
    return {bill: frozenset(references) for bill, references in found.items()}


def load_credits(reader: Reader, bills: Collection[str]) -> Mapping[str, Credits]:
    """For every bill asked."""
    wanted = list(bills)
    paid_back: dict[str, set[str]] = defaultdict(set)
    for bill, reference in reader.rows(
        "SELECT bill, bank_reference FROM fee_repayment WHERE book = %s AND bill = ANY(%s)", reader.book, wanted
    ):
        paid_back[bill].add(reference)
    sums: dict[str, tuple[int, int, int]] = {
        bill: (count, gross_fen, net_fen)
        for bill, count, gross_fen, net_fen in reader.rows(
            "SELECT bill, count(*), sum(gross_fen)::int8, sum(net_fen)::int8 FROM fee_credit "
            "WHERE book = %s AND bill = ANY(%s) GROUP BY bill",
            reader.book,
            wanted,
        )
    }
    return {bill: Credits(*sums.get(bill, (0, 0, 0)), frozenset(paid_back[bill])) for bill in bills}


def load_entries_of_credited(reader: Reader, seqs: Collection[str]) -> Mapping[str, str]:
    """The credited bill that an entry moves something of; nothing for any other entry."""
    return {
        str(seq): bill
        for seq, bill in reader.rows(
            "SELECT t.seq, c.bill FROM transfer t JOIN account a ON a.book = t.book AND a.id IN (t.debit, t.credit) "
            "JOIN fee_credit c ON c.book = a.book AND a.address IN ('fees:open:' || c.bill, 'fees:voucher:' || c.bill, "
            "'fees:owed-to-payer:' || c.bill) WHERE t.book = %s AND t.seq = ANY(%s)",
            reader.book,
            [int(seq) for seq in seqs if seq.isdecimal()],
        )
    }


@dataclass(frozen=True, slots=True)
class Dispute:
    """How often a bill was contested or settled, and whether it is contested now."""

    steps: int = 0
    stands: bool = False


def load_disputes(reader: Reader, bills: Collection[str]) -> Mapping[str, Dispute]:
    """For every bill asked."""
    found = dict.fromkeys(bills, Dispute())
    for bill, step, stands in reader.rows(
        "SELECT DISTINCT ON (bill) bill, step, stands FROM fee_dispute WHERE book = %s AND bill = ANY(%s) "
        "ORDER BY bill, step DESC",
        reader.book,
        list(bills),
    ):
        found[bill] = Dispute(step, stands)
    return found


def load_evidence(reader: Reader, keys: Collection[str]) -> Mapping[str, Evidence]:
    """Every piece asked for, claimed or not."""
    found = {key: Evidence(Funding(key.split(":", 1)[0]), key.split(":", 1)[1]) for key in keys}
    for funding, digest, claims, released, subject_kind, subject in reader.rows(
        "SELECT DISTINCT ON (c.funding, c.digest) c.funding, c.digest, c.claim, r.claim, c.subject_kind, c.subject "
        "FROM evidence_claim c JOIN unnest(%s::text[], %s::text[]) AS w (funding, digest) USING (funding, digest) "
        "LEFT JOIN evidence_release r "
        "ON r.book = c.book AND r.funding = c.funding AND r.digest = c.digest AND r.claim = c.claim "
        "WHERE c.book = %s ORDER BY c.funding, c.digest, c.claim DESC",
        [piece.funding.value for piece in found.values()],
        [piece.digest for piece in found.values()],
        reader.book,
    ):
        live = (subject_kind, subject) if released is None else (None, None)
        found[f"{funding}:{digest}"] = Evidence(Funding(funding), digest, claims, *live)
    return found


@dataclass(frozen=True, slots=True)
class WriteOff:
    """What a unit wants to give up of a bill."""

    number: str
    bill: str
    unit: str
    payer: str
    amount_fen: int
    decision_number: str
    reason: str
    outcome: str | None
    """posted, refused; None: it waits."""


def load_write_offs(reader: Reader, numbers: Collection[str]) -> Mapping[str, WriteOff]:
    return {
        row[0]: WriteOff(*row)
        for row in reader.rows(
            "SELECT w.number, w.bill, b.unit, b.payer, w.amount_fen, w.decision_number, w.reason, e.outcome "
            "FROM fee_write_off w JOIN fee_bill b ON b.book = w.book AND b.number = w.bill "
            "LEFT JOIN fee_write_off_end e ON e.book = w.book AND e.write_off = w.number "
            "WHERE w.book = %s AND w.number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


def follow_write_offs(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The bill."""
    return {number: BILLS.keys(found.bill) for number, found in load_write_offs(reader, numbers).items()}


USES = Aggregate[Use]("use", load_uses, follow_uses, what="使用记录/record of use")
BILLS = Aggregate[Bill]("bill", load_bills, follow_bills, what="账单/bill")
WRITE_OFFS = Aggregate[WriteOff]("fee-write-off", load_write_offs, follow_write_offs, what="核销/write-off")
INVOICES = Aggregate[str]("invoice", load_invoices, what="发票/invoice")
"""By normalised invoice number, used or not: the name is what is locked."""
RECEIPTS = Aggregate[frozenset[str]]("fee-receipts", load_receipts, what="收款/receipts", locked=False)
"""Bank references by bill; the lock is the bill's."""
DISPUTES = Aggregate[Dispute]("fee-dispute", load_disputes, what="争议/dispute", locked=False)
"""By bill, whose lock it shares."""
CREDITS = Aggregate[Credits]("fee-credits", load_credits, what="红字发票/red invoices", locked=False)
"""By bill, whose lock it shares."""
ENTRIES_OF_CREDITED = Aggregate[str]("fee-credited-entry", load_entries_of_credited, what="凭证/entry", locked=False)
"""By seq: the bill, where a red invoice has credited it."""
EVIDENCE = Aggregate[Evidence]("evidence", load_evidence, what="凭据/evidence")
"""By `evidence_key(funding, digest)`: every key has a value, so what was never claimed can be locked too."""
