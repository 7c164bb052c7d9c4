"""What the records of a year say of each unit: sums in the store, in one statement and so in one snapshot.

A year is of the day on which a bill was issued, and of the city's day on which a use began. The unit's own use counts
for nothing here. A unit is looked at by what it billed, a user by what it was billed: the same bills from two sides.
Nobody is kept from adding records meanwhile: the block that is named says which ones were counted, its hash binds them,
and the law `subsidies.bases` sums them up again as they stood.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.journal.bulk import run
from ledger.registry.certificates import load_certificates
from ledger.registry.values import Certificate, CertificateKind, PartyKind, standing
from ledger.subsidies.values import Bases, PartyBase, RateSum
from policies.subsidies.schemes import Serves

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
        SELECT b.number, b.unit, b.payer, b.contract, b.vat_rate,
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

_CLAIMED = """
    claimed AS (
        SELECT DISTINCT e.subject AS contract FROM evidence_claim e
         WHERE e.book = %(book)s AND e.funding = 'voucher' AND e.subject_kind = 'voucher.contract' AND NOT EXISTS (
               SELECT FROM evidence_release r WHERE r.book = e.book AND r.funding = e.funding
                  AND r.digest = e.digest AND r.claim = e.claim)),
    member AS (
        SELECT DISTINCT ON (unit) unit, stands AND joined_on <= make_date(%(year)s, 12, 31) AS counts
          FROM evaluation_member WHERE book = %(book)s ORDER BY unit, step DESC),
    spent AS (
        SELECT bill.payer, bill.vat_rate, bill.billed, bill.excluded, NOT coalesce(member.counts, false) AS outside,
               CASE WHEN coalesce(borne.voucher, 0) = 0 AND claimed.contract IS NOT NULL THEN bill.billed
                    ELSE coalesce(borne.voucher, 0) END AS voucher,
               coalesce(borne.equity, 0) AS equity
          FROM bill LEFT JOIN borne ON borne.bill = bill.number
          LEFT JOIN claimed ON claimed.contract = bill.contract
          LEFT JOIN member ON member.unit = bill.unit)
"""
"""A voucher that the firm claims itself stands on no bill: of such a contract the whole bill was supported."""

USER_RECORDS = f"""
    WITH RECURSIVE {_RELATED}, {_BILLS}, {_CLAIMED}
    SELECT 'head', encode(last_hash, 'hex'), '', last_block, last_seq, 0, 0, 0, 0 FROM book WHERE id = %(book)s
     UNION ALL
    SELECT 'bills', payer, vat_rate, count(*), sum(billed)::int8,
           coalesce(sum(billed) FILTER (WHERE excluded), 0)::int8,
           coalesce(sum(voucher) FILTER (WHERE NOT excluded), 0)::int8,
           coalesce(sum(equity) FILTER (WHERE NOT excluded), 0)::int8,
           coalesce(sum(billed - voucher - equity) FILTER (WHERE outside AND NOT excluded), 0)::int8
      FROM spent GROUP BY payer, vat_rate
     UNION ALL
    SELECT 'uses', used_by, '', count(*), sum(minutes)::int8, 0, 0, 0, 0 FROM fee_use
     WHERE book = %(book)s AND used_by <> unit
       AND started_at >= make_date(%(year)s, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND started_at < make_date(%(year)s + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
     GROUP BY used_by ORDER BY 1, 2, 3
"""  # noqa: S608  our own words
"""The head of the chain; bills by payer and rate of tax; uses by user."""

_UNITS = """
    SELECT p.code, p.name, p.kind, EXISTS (
           SELECT FROM party_cancellation c WHERE c.book = p.book AND c.party = p.code)
      FROM party p WHERE p.book = %(book)s AND p.kind = 'unit' AND (p.code = ANY(%(codes)s)
           OR EXISTS (SELECT FROM evaluation_member m WHERE m.book = p.book AND m.unit = p.code))
"""
_USERS = """
    SELECT p.code, p.name, p.kind, EXISTS (
           SELECT FROM party_cancellation c WHERE c.book = p.book AND c.party = p.code)
      FROM party p WHERE p.book = %(book)s AND p.code = ANY(%(codes)s)
"""


def bases_id(year: int, whose: Serves = Serves.UNITS) -> str:
    return f"{whose}:{year}"


def load_bases(reader: Reader, ids: Collection[str]) -> Mapping[str, Bases]:
    """For every year asked, two statements; of users three."""
    found = {}
    for id_ in ids:
        whose, _, year = id_.partition(":")
        found[id_] = _load(reader, Serves(whose), int(year))
    return found


def _load(reader: Reader, whose: Serves, year: int) -> Bases:
    block, last_seq, block_hash = 0, 0, ""
    rates: dict[str, list[RateSum]] = defaultdict(list)
    uses: dict[str, tuple[int, int]] = {}
    of_users = whose is Serves.USERS
    asked = {"book": reader.book, "year": year}
    for kind, name, rate, *numbers in run(reader.connection, USER_RECORDS if of_users else RECORDS, asked):
        match kind:
            case "head":
                (block, last_seq, *_), block_hash = numbers, name
            case "bills":
                rates[name].append(RateSum(rate, *numbers))
            case _:
                uses[name] = (numbers[0], numbers[1])
    codes = sorted(rates.keys() | uses.keys())
    papers = load_certificates(reader, codes) if of_users else {}
    return Bases(
        year,
        block,
        last_seq,
        block_hash,
        {
            code: PartyBase(
                code,
                name,
                PartyKind(kind),
                cancelled,
                tuple(rates[code]),
                *uses.get(code, (0, 0)),
                *_proven(papers.get(code, ()), date(year, 12, 31)),
            )
            for code, name, kind, cancelled in run(
                reader.connection, _USERS if of_users else _UNITS, {"book": reader.book, "codes": codes}
            )
        },
    )


def _proven(papers: Sequence[Certificate], day: date) -> tuple[str, bool]:
    """Region of the place of business, and whether it is a high-tech enterprise."""
    place = standing(papers, CertificateKind.PLACE, day)
    return place.region if place else "", standing(papers, CertificateKind.HIGH_TECH, day) is not None


BASES = Aggregate[Bases]("subsidy-bases", load_bases, what="年度/year", locked=False)
"""By `bases_id(year, whose)`: the records of the year, whoever adds to them."""
