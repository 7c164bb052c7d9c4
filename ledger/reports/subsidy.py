"""One version of a subsidy, as an officer of finance reads it: query, then a frozen value that prints are made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from ledger.amounts import yuan
from ledger.approvals.content import content_hash
from ledger.approvals.store import load_requests
from ledger.approvals.values import request_number
from ledger.errors import NotFound
from ledger.executor.reading import Reader
from ledger.journal.accounts import Chart
from ledger.journal.attestation import plain
from ledger.journal.bulk import run
from ledger.subsidies.content import content
from ledger.subsidies.listing import due_on
from ledger.subsidies.store import BATCHES
from ledger.subsidies.templates import TEMPLATES
from ledger.subsidies.values import BATCH, Award, Batch
from policies.kernel.derivation import Confidence
from policies.kernel.errors import Language
from policies.kernel.words import Words
from policies.subsidies.schemes import subsidy


@dataclass(frozen=True, slots=True)
class BaseRow:
    """One rate of tax in a unit's base; in fen."""

    unit: str
    vat_rate: str
    billed_fen: int
    excluded_fen: int
    voucher_fen: int
    equity_fen: int


@dataclass(frozen=True, slots=True)
class CitedValue:
    """A value of the policy that an amount rests on."""

    label: Words
    value: str | int | bool
    unit: str
    cite: str
    confidence: Confidence

    def say(self, language: Language) -> str:
        """The value as people read it: fen as yuan, ratios in percent, yes and no in words."""
        if isinstance(self.value, bool):
            return Words("是" if self.value else "否", "yes" if self.value else "no").say(language)
        if self.unit == "fen" and isinstance(self.value, int):
            return f"{yuan(self.value)} {Words('元', 'yuan').say(language)}"
        if self.unit == "ratio":
            return f"{Decimal(str(self.value)) * 100:f} %".replace(".00 %", " %")
        return str(self.value)


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """One printed line of a reference entry (参考分录)."""

    seq: int
    on: date
    entity: str
    template_zh: str
    government_code: str
    account_zh: str
    side: str
    debit_fen: int
    credit_fen: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """What became of an award on a day, with its sign: nothing that was published is changed afterwards."""

    award: str
    on: date
    kind: Literal["awarded", "owed back", "paid", "set off", "returned"]
    """The first two add up to the amount of the award as it stands, the others to what the unit has had of it."""
    amount_fen: int


@dataclass(frozen=True, slots=True)
class GradeSum:
    grade: str
    units: int
    awarded_fen: int


@dataclass(frozen=True, slots=True)
class Signed:
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SubsidySheet:
    """Everything that the approval sheet shows."""

    batch: Batch
    title: Words
    operator_name: str
    names: Mapping[str, str]
    """Of units, by code."""
    due_on: date | None
    hash: str
    """What the approval is bound to; of a batch that is not publicised, of the same content without a notice."""
    signed: tuple[Signed, ...]
    bases: tuple[BaseRow, ...]
    values: tuple[CitedValue, ...]

    @property
    def document_number(self) -> str:
        return f"{self.batch.number}/{self.batch.version}"

    @property
    def stem(self) -> str:
        """What the names of its files begin with; those of a top-up stand beside those of the year."""
        batch = self.batch
        return f"{batch.scheme}-{batch.year}" + (f"-top-up-{batch.version}" if batch.top_up else "")

    @property
    def by_grade(self) -> tuple[GradeSum, ...]:
        """Sums in the order in which grades first come, the best first where grades count."""
        order = ("优秀", "良好", "合格", "较差", "")
        found = {grade: [a for a in self.batch.awards if a.grade == grade] for grade in order}
        return tuple(
            GradeSum(grade, len(awards), sum(award.awarded_fen for award in awards))
            for grade, awards in found.items()
            if awards
        )

    def name(self, award: Award) -> str:
        return self.names.get(award.unit, award.unit)


def subsidy_sheet(reader: Reader, number: str) -> SubsidySheet:
    """The sheet of a batch as it stands.

    Raises:
        NotFound: there is no such batch.
    """
    batch = BATCHES.load(reader, [number]).get(number)
    if batch is None:
        raise NotFound("补贴批次/subsidy batch", number)
    parties = [batch.operator, *(award.unit for award in batch.awards), *(one.unit for one in batch.excluded)]
    names: dict[str, str] = dict(
        reader.rows("SELECT code, name FROM party WHERE book = %s AND code = ANY(%s)", reader.book, parties)
    )
    request = load_requests(reader, [request_number(BATCH, number)]).get(request_number(BATCH, number))
    shown = content(batch, batch.notice_until or batch.computed_on)
    return SubsidySheet(
        batch=batch,
        title=subsidy(batch.scheme, batch.computed_on, batch.computed_on).title,
        operator_name=names.get(batch.operator, batch.operator),
        names=names,
        due_on=due_on(batch),
        hash=request.content_hash if request else content_hash(plain(shown)),
        signed=_signed(reader, number),
        bases=_bases(reader, batch),
        values=_values(reader, batch),
    )


def _signed(reader: Reader, number: str) -> tuple[Signed, ...]:
    rows = reader.rows(
        "SELECT s.person, p.recorded_at FROM approval_step s "
        "JOIN command_place p ON p.book = s.book AND p.id = s.command "
        "WHERE s.book = %s AND s.request = %s AND s.decision = 'approved' AND s.version = ("
        "  SELECT max(version) FROM approval_request WHERE book = s.book AND number = s.request) ORDER BY s.position",
        reader.book,
        request_number(BATCH, number),
    )
    return tuple(Signed(*row) for row in rows)


def _bases(reader: Reader, batch: Batch) -> tuple[BaseRow, ...]:
    units = {award.base_calculation: award.unit for award in batch.awards}
    found: list[BaseRow] = []
    for id_, facts in reader.rows(
        "SELECT id, facts FROM calculation WHERE book = %s AND id = ANY(%s)", reader.book, list(units)
    ):
        found += [
            BaseRow(
                units[id_],
                str(rate["vat_rate"]),
                rate["billed_fen"],
                rate["excluded_fen"],
                rate["voucher_fen"],
                rate["equity_fen"],
            )
            for rate in facts["rates"]
        ]
    return tuple(sorted(found, key=lambda row: (row.unit, row.vat_rate)))


def _values(reader: Reader, batch: Batch) -> tuple[CitedValue, ...]:
    """Every cited value under the first award's calculations, and under a pool's: all grades of it."""
    wanted: set[UUID] = {award.calculation for award in batch.awards[:1]}
    wanted |= {award.base_calculation for award in batch.awards[:1]}
    wanted |= {award.due.calculation for award in batch.awards[:1] if award.due}
    found: dict[tuple[str, str], CitedValue] = {}
    for (derivation,) in reader.rows(
        "SELECT derivation FROM calculation WHERE book = %s AND id = ANY(%s) ORDER BY policy", reader.book, list(wanted)
    ):
        for leaf in _leaves(derivation):
            cite = leaf["cite"]
            key = (leaf["label_zh"], str(leaf["value"]))
            found[key] = CitedValue(
                Words(leaf["label_zh"], leaf["label_en"]),
                leaf["value"],
                leaf["unit"],
                f"{cite['source']} {cite['article']}",
                cite["confidence"],
            )
    return tuple(found.values())


def _leaves(step: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "cite" in step:
        yield step
    for part in step["inputs"]:
        yield from _leaves(part)


_TRANSACTIONS = """
    WITH mine AS (SELECT * FROM subsidy_award WHERE book = %(book)s AND batch = %(batch)s),
    part AS (
        SELECT y.payable, y.award, p.amount_fen
          FROM mine a
          JOIN subsidy_award_part p ON p.book = a.book AND p.award = a.number
          JOIN subsidy_payable y ON y.book = p.book AND y.award = p.award AND y.budget_line = p.budget_line),
    payment AS (
        SELECT part.payable, part.award, k.payment_batch, k.paid_on,
               part.amount_fen - coalesce(sum(o.amount_fen), 0)::int8 AS fen
          FROM part
          JOIN subsidy_payment k ON k.book = %(book)s AND k.payable = part.payable
          JOIN command q ON q.book = k.book AND q.id = k.command
          LEFT JOIN (payable_offset o JOIN command c ON c.book = o.book AND c.id = o.command)
            ON o.book = k.book AND o.payable = k.payable AND (c.block, c.position) < (q.block, q.position)
         GROUP BY part.payable, part.award, part.amount_fen, k.payment_batch, k.paid_on)
    SELECT a.number, s.taken_on, 'awarded', a.awarded_fen FROM mine a
      JOIN subsidy_batch_step s ON s.book = a.book AND s.batch = a.batch AND s.step = 'approved'
     UNION ALL
    SELECT r.award, e.ended_on, 'owed back', -r.amount_fen FROM mine a
      JOIN subsidy_recovery r ON r.book = a.book AND r.award = a.number
      JOIN subsidy_claw_back_end e ON e.book = r.book AND e.claw_back = r.claw_back
     UNION ALL
    SELECT part.award, o.offset_on, 'set off', o.amount_fen FROM part
      JOIN payable_offset o ON o.book = %(book)s AND o.payable = part.payable
     UNION ALL
    SELECT award, paid_on, 'paid', fen FROM payment
     UNION ALL
    SELECT k.award, x.bounced_on, 'returned', -k.fen FROM payment k
      JOIN subsidy_bounce x ON x.book = %(book)s AND x.payable = k.payable AND x.payment_batch = k.payment_batch
     ORDER BY 2, 1, 3, 4
"""
"""A payment is what the bank was asked for then: what is set off after it came back does not change it."""


def transactions(reader: Reader, batch: Batch) -> list[Transaction]:
    """By day: awarded, paid, returned, set off, owed back."""
    rows = run(reader.connection, _TRANSACTIONS, {"book": reader.book, "batch": batch.number})
    return [Transaction(*row) for row in rows]


def _account_zh(chart: Chart, address: str) -> str:
    """What an accountant calls it: the address means nothing outside these books."""
    of = chart.class_of(address)
    return of.name_zh if of else address


def reference_lines(reader: Reader, batch: Batch, chart: Chart) -> list[ReferenceLine]:
    """The printed lines of every entry of a batch: approvals, payments, what came back, what units have set off."""
    names = {template.name: template.name_zh for template in TEMPLATES}
    rows = reader.rows(
        "SELECT e.seq, e.effective_on, a.entity, e.template, coalesce(a.government_code, ''), a.address, a.side, "
        "sum(l.debit)::int8, sum(l.credit)::int8 FROM entry e "
        "JOIN transfer t ON t.book = e.book AND t.seq = e.seq AND t.asset IN ('CNY', 'CNY_BUDGETARY') "
        "CROSS JOIN LATERAL (VALUES (t.debit, t.amount, 0::int8), (t.credit, 0::int8, t.amount)) "
        "  l (account, debit, credit) "
        "JOIN account a ON a.book = t.book AND a.id = l.account "
        "WHERE e.book = %s AND e.template LIKE 'subsidy.%%' AND e.calculation = ANY(%s) "
        "GROUP BY 1, 2, 3, 4, 5, 6, 7, t.asset, (l.debit > 0) ORDER BY e.seq, a.entity, t.asset, (l.debit > 0) DESC, 6",
        reader.book,
        list({award.calculation for award in batch.awards}),
    )
    return [
        ReferenceLine(seq, on, entity, names[template], code, _account_zh(chart, address), side, debit, credit)
        for seq, on, entity, template, code, address, side, debit, credit in rows
    ]
