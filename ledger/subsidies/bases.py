"""What the records of a year say of each unit: sums in the store, in one statement and so in one snapshot.

A year is of the day on which a bill was issued, and of the city's day on which a use began. The unit's own use counts
for nothing here. Nobody is kept from adding records meanwhile: the block that is named says which ones were counted,
its hash binds them, and the law `subsidies.bases` sums them up again as they stood.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.journal.bulk import run
from ledger.subsidies.values import Bases, RateSum, UnitBase

_RELATED = """
    related AS (
        SELECT party AS one, other FROM (
            SELECT DISTINCT ON (party, other) party, other, stands FROM party_relation
             WHERE book = %(book)s ORDER BY party, other, step DESC) s WHERE stands),
    controller AS (
        SELECT * FROM (
            SELECT DISTINCT ON (party) party, controller FROM party_controller
             WHERE book = %(book)s ORDER BY party, step DESC) s WHERE controller IS NOT NULL),
    up (party, controller, depth) AS (
        SELECT party, controller, 1 FROM controller
         UNION ALL
        SELECT u.party, c.controller, u.depth + 1 FROM up u JOIN controller c ON c.party = u.controller
         WHERE u.depth < 32),
    actual AS (SELECT DISTINCT ON (party) party, controller FROM up ORDER BY party, depth DESC)
"""
"""Who is related to whom: as one of them declared, or because one actual controller stands at the end of both."""

_BILLS = """
    bill AS (
        SELECT b.number, b.unit, b.vat_rate,
               b.gross_fen - coalesce(c.fen, 0) - coalesce(w.fen, 0) AS billed,
               coalesce(x.excluded, false)
                   OR EXISTS (SELECT FROM related r WHERE (r.one, r.other) IN ((b.unit, b.payer), (b.payer, b.unit)))
                   OR coalesce(au.controller, b.unit) = coalesce(ap.controller, b.payer) AS excluded
          FROM fee_bill b
          LEFT JOIN (SELECT bill, sum(gross_fen) AS fen FROM fee_credit WHERE book = %(book)s GROUP BY bill) c
            ON c.bill = b.number
          LEFT JOIN (SELECT w.bill, sum(w.amount_fen) AS fen FROM fee_write_off w
                       JOIN fee_write_off_end e ON e.book = w.book AND e.write_off = w.number AND e.outcome = 'posted'
                      WHERE w.book = %(book)s GROUP BY w.bill) w ON w.bill = b.number
          LEFT JOIN (SELECT DISTINCT ON (bill) bill, excluded FROM subsidy_excluded_bill
                      WHERE book = %(book)s ORDER BY bill, step DESC) x ON x.bill = b.number
          LEFT JOIN actual au ON au.party = b.unit
          LEFT JOIN actual ap ON ap.party = b.payer
         WHERE b.book = %(book)s AND b.issued_on >= make_date(%(year)s, 1, 1)
           AND b.issued_on < make_date(%(year)s + 1, 1, 1) AND b.payer <> b.unit),
    borne AS (
        SELECT l.bill,
               sum(-l.leaves) FILTER (WHERE l.own LIKE 'fees:voucher:%%' AND l.other NOT LIKE 'bank:%%') AS voucher,
               sum(l.leaves) FILTER (WHERE l.other LIKE 'equity:%%') AS equity
          FROM account a JOIN bill ON a.address = 'fees:voucher:' || bill.number
          JOIN fee_bill_leg l ON l.book = a.book AND l.bill = bill.number
         WHERE a.book = %(book)s GROUP BY l.bill)
"""

RECORDS = f"""
    WITH RECURSIVE {_RELATED}, {_BILLS}
    SELECT 'head', encode(last_hash, 'hex'), '', last_block, last_seq, 0, 0, 0 FROM book WHERE id = %(book)s
     UNION ALL
    SELECT 'bills', bill.unit, bill.vat_rate, count(*), sum(billed)::int8,
           coalesce(sum(billed) FILTER (WHERE excluded), 0)::int8,
           coalesce(sum(borne.voucher) FILTER (WHERE NOT excluded), 0)::int8,
           coalesce(sum(borne.equity) FILTER (WHERE NOT excluded), 0)::int8
      FROM bill LEFT JOIN borne ON borne.bill = bill.number GROUP BY bill.unit, bill.vat_rate
     UNION ALL
    SELECT 'uses', unit, '', count(*), sum(minutes)::int8, 0, 0, 0 FROM fee_use
     WHERE book = %(book)s AND used_by <> unit
       AND started_at >= make_date(%(year)s, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND started_at < make_date(%(year)s + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
     GROUP BY unit ORDER BY 1, 2, 3
"""  # noqa: S608  our own words
"""The head of the chain; bills by unit and rate of tax; uses by unit."""

_UNITS = """
    SELECT p.code, p.name, EXISTS (SELECT FROM party_cancellation c WHERE c.book = p.book AND c.party = p.code)
      FROM party p WHERE p.book = %(book)s AND p.kind = 'unit' AND (p.code = ANY(%(units)s)
           OR EXISTS (SELECT FROM evaluation_member m WHERE m.book = p.book AND m.unit = p.code))
"""


def load_bases(reader: Reader, years: Collection[str]) -> Mapping[str, Bases]:
    """For every year asked, two statements."""
    return {year: _load(reader, int(year)) for year in years if year.isdecimal()}


def _load(reader: Reader, year: int) -> Bases:
    block, last_seq, block_hash = 0, 0, ""
    rates: dict[str, list[RateSum]] = defaultdict(list)
    uses: dict[str, tuple[int, int]] = {}
    for kind, name, rate, *numbers in run(reader.connection, RECORDS, {"book": reader.book, "year": year}):
        match kind:
            case "head":
                (block, last_seq, *_), block_hash = numbers, name
            case "bills":
                rates[name].append(RateSum(rate, *numbers))
            case _:
                uses[name] = (numbers[0], numbers[1])
    wanted = {"book": reader.book, "units": sorted(rates.keys() | uses.keys())}
    return Bases(
        year,
        block,
        last_seq,
        block_hash,
        {
            unit: UnitBase(unit, name, cancelled, tuple(rates[unit]), *uses.get(unit, (0, 0)))
            for unit, name, cancelled in run(reader.connection, _UNITS, wanted)
        },
    )


BASES = Aggregate[Bases]("subsidy-bases", load_bases, what="年度/year", locked=False)
"""By year, as text: the records of the year, whoever adds to them."""
