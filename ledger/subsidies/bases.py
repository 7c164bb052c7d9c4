"""What the records of a year say of each unit: sums in the store, in one statement and so in one snapshot.

A year is of the day on which a bill was issued, and of the city's day on which a use began. The unit's own use counts
for nothing here. A unit is looked at by what it billed, a user by what it was billed: the same bills from two sides.
Nobody is kept from adding records meanwhile: the block that is named says which ones were counted, its hash binds them,
and the law `subsidies.bases` sums them up again as they stood.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.fees.evidence import contract_digest
from ledger.journal.bulk import run
from ledger.registry.certificates import load_certificates
from ledger.registry.values import Certificate, CertificateKind, PartyKind, standing
from ledger.subsidies.values import Bases, PartyBase, RateSum
from policies.subsidies.schemes import Serves


def known(row: str, *, then: bool) -> str:
    """SQL: whether a row counts; all do, or those that the books held at a block."""
    if not then:
        return "true"
    of_row = f"q.book = {row}.book AND q.id = {row}.command"
    return f"(SELECT q.block FROM command_place q WHERE {of_row}) <= %(block)s"  # noqa: S608  our own words


def related(*, then: bool = False) -> str:
    """SQL for `related` and `actual`: who declared whom, and whose actual controller stands at the end of both."""
    return f"""
    related AS (
        SELECT party AS one, other FROM (
            SELECT DISTINCT ON (party, other) party, other, stands FROM party_relation t
             WHERE book = %(book)s AND {known("t", then=then)} ORDER BY party, other, step DESC) s WHERE stands),
    controller AS (
        SELECT * FROM (
            SELECT DISTINCT ON (party) party, controller FROM party_controller t
             WHERE book = %(book)s AND {known("t", then=then)} ORDER BY party, step DESC) s
         WHERE controller IS NOT NULL),
    up (party, controller, depth) AS (
        SELECT party, controller, 1 FROM controller
         UNION ALL
        SELECT u.party, c.controller, u.depth + 1 FROM up u JOIN controller c ON c.party = u.controller
         WHERE u.depth < 32),
    actual AS (SELECT DISTINCT ON (party) party, controller FROM up ORDER BY party, depth DESC)
    """  # noqa: S608  our own words


def bills(*, then: bool = False, only: str = "true") -> str:
    """SQL for `bill` and `borne`: what counts of the bills of a year, and what vouchers and equity bear of them.

    Args:
        then: as the books held them at a block, and their last entry.
        only: SQL that keeps some of them, over `b`.
    """
    upto = "AND l.seq <= %(last_seq)s" if then else ""
    return f"""
    bill AS (
        SELECT b.number, b.unit, b.payer, b.contract, b.vat_rate, b.invoice_number, b.issued_on,
               b.gross_fen - coalesce(c.fen, 0) - coalesce(w.fen, 0) AS billed,
               coalesce(x.excluded, false) AS statutory, x.reason,
               EXISTS (SELECT FROM related r WHERE (r.one, r.other) IN ((b.unit, b.payer), (b.payer, b.unit)))
                   OR coalesce(au.controller, b.unit) = coalesce(ap.controller, b.payer) AS kin
          FROM fee_bill b
          LEFT JOIN (SELECT bill, sum(gross_fen) AS fen FROM fee_credit t
                      WHERE book = %(book)s AND {known("t", then=then)} GROUP BY bill) c ON c.bill = b.number
          LEFT JOIN (SELECT w.bill, sum(w.amount_fen) AS fen FROM fee_write_off w
                       JOIN fee_write_off_end e ON e.book = w.book AND e.write_off = w.number AND e.outcome = 'posted'
                      WHERE w.book = %(book)s AND {known("e", then=then)} GROUP BY w.bill) w ON w.bill = b.number
          LEFT JOIN (SELECT DISTINCT ON (bill) bill, excluded, reason FROM subsidy_excluded_bill t
                      WHERE book = %(book)s AND {known("t", then=then)} ORDER BY bill, step DESC) x
            ON x.bill = b.number
          LEFT JOIN actual au ON au.party = b.unit
          LEFT JOIN actual ap ON ap.party = b.payer
         WHERE b.book = %(book)s AND b.issued_on >= make_date(%(year)s, 1, 1)
           AND b.issued_on < make_date(%(year)s + 1, 1, 1) AND b.payer <> b.unit AND {known("b", then=then)}
           AND {only}),
    borne AS (
        SELECT parts.bill, sum(voucher) AS voucher, least(sum(equity), min(whole.billed) - sum(voucher)) AS equity
          FROM (
            SELECT l.bill, -l.leaves AS voucher, 0 AS equity
              FROM account a JOIN bill ON a.address = 'fees:voucher:' || bill.number
              JOIN fee_bill_leg l ON l.book = a.book AND l.bill = bill.number {upto}
             WHERE a.book = %(book)s AND l.own LIKE 'fees:voucher:%%' AND l.other NOT LIKE 'bank:%%'
            UNION ALL
            SELECT l.bill, 0, l.with_vat_fen
              FROM fee_converted l JOIN bill ON bill.number = l.bill WHERE l.book = %(book)s {upto}) parts
          JOIN bill whole ON whole.number = parts.bill GROUP BY parts.bill)
    """  # noqa: S608  our own words


RECORDS = f"""
    WITH RECURSIVE {related()}, {bills()}
    SELECT 'head', encode(last_hash, 'hex'), '', last_block, last_seq, 0, 0, 0 FROM book WHERE id = %(book)s
     UNION ALL
    SELECT 'bills', bill.unit, bill.vat_rate, count(*), sum(billed)::int8,
           coalesce(sum(billed) FILTER (WHERE statutory OR kin), 0)::int8,
           coalesce(sum(borne.voucher) FILTER (WHERE NOT (statutory OR kin)), 0)::int8,
           coalesce(sum(borne.equity) FILTER (WHERE NOT (statutory OR kin)), 0)::int8
      FROM bill LEFT JOIN borne ON borne.bill = bill.number GROUP BY bill.unit, bill.vat_rate
     UNION ALL
    SELECT 'uses', unit, '', count(*), sum(minutes)::int8, 0, 0, 0 FROM fee_use
     WHERE book = %(book)s AND used_by <> unit
       AND started_at >= make_date(%(year)s, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND started_at < make_date(%(year)s + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
     GROUP BY unit ORDER BY 1, 2, 3
"""  # noqa: S608  our own words
"""The head of the chain; bills by unit and rate of tax; uses by unit."""

USER_RECORDS = f"""
    WITH RECURSIVE {related()}, {bills()},
    member AS (
        SELECT DISTINCT ON (unit) unit, stands AND joined_on <= make_date(%(year)s, 12, 31) AS counts
          FROM evaluation_member WHERE book = %(book)s ORDER BY unit, step DESC),
    spent AS (
        SELECT bill.payer, bill.unit, bill.contract, bill.vat_rate, bill.billed, statutory OR kin AS excluded,
               NOT coalesce(member.counts, false) AS outside,
               coalesce(borne.voucher, 0) AS voucher, coalesce(borne.equity, 0) AS equity
          FROM bill LEFT JOIN borne ON borne.bill = bill.number
          LEFT JOIN member ON member.unit = bill.unit)
    SELECT 'head', encode(last_hash, 'hex'), '', last_block, last_seq, 0, 0, 0, 0, NULL FROM book WHERE id = %(book)s
     UNION ALL
    SELECT 'bills', payer, vat_rate, count(*), sum(billed)::int8,
           coalesce(sum(billed) FILTER (WHERE excluded), 0)::int8,
           coalesce(sum(voucher) FILTER (WHERE NOT excluded), 0)::int8,
           coalesce(sum(equity) FILTER (WHERE NOT excluded), 0)::int8,
           coalesce(sum(billed - voucher - equity) FILTER (WHERE outside AND NOT excluded), 0)::int8,
           jsonb_agg(jsonb_build_array(unit, contract, outside, billed - equity))
               FILTER (WHERE contract IS NOT NULL AND voucher = 0 AND NOT excluded)
      FROM spent GROUP BY payer, vat_rate
     UNION ALL
    SELECT 'uses', used_by, '', count(*), sum(minutes)::int8, 0, 0, 0, 0, NULL FROM fee_use
     WHERE book = %(book)s AND used_by <> unit
       AND started_at >= make_date(%(year)s, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND started_at < make_date(%(year)s + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
     GROUP BY used_by ORDER BY 1, 2, 3
"""  # noqa: S608  our own words
"""The head of the chain; bills by payer and rate of tax, with the voucher contracts that bear nothing of them; uses."""

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
    """For every year asked, two statements; of users four."""
    found = {}
    for id_ in ids:
        whose, _, year = id_.partition(":")
        found[id_] = (_of_users if whose == Serves.USERS else _of_units)(reader, int(year))
    return found


def _of_units(reader: Reader, year: int) -> Bases:
    rows = run(reader.connection, RECORDS, {"book": reader.book, "year": year})
    rates: dict[str, list[RateSum]] = defaultdict(list)
    for _, unit, vat_rate, *sums in (row for row in rows if row[0] == "bills"):
        rates[unit].append(RateSum(vat_rate, *sums))
    uses = _uses(rows)
    parties = run(reader.connection, _UNITS, {"book": reader.book, "codes": sorted(rates.keys() | uses.keys())})
    return _bases(
        year,
        rows,
        (
            PartyBase(code, name, PartyKind(kind), cancelled, tuple(rates[code]), *uses.get(code, (0, 0)))
            for code, name, kind, cancelled in parties
        ),
    )


def _of_users(reader: Reader, year: int) -> Bases:
    rows = run(reader.connection, USER_RECORDS, {"book": reader.book, "year": year})
    billed = [row for row in rows if row[0] == "bills"]
    named = [(unit, number) for row in billed for unit, number, *_ in row[-1] or ()]
    supported = claimed_contracts(reader, named)
    rates: dict[str, list[RateSum]] = defaultdict(list)
    for _, user, vat_rate, *sums, contracts in billed:
        plain = RateSum(vat_rate, *sums)
        claimed = [(fen, outside) for *contract, outside, fen in contracts or () if tuple(contract) in supported]
        rates[user].append(
            replace(
                plain,
                voucher_fen=plain.voucher_fen + sum(fen for fen, _ in claimed),
                outside_fen=plain.outside_fen - sum(fen for fen, outside in claimed if outside),
            )
        )
    uses = _uses(rows)
    codes = sorted(rates.keys() | uses.keys())
    papers = load_certificates(reader, codes)
    return _bases(
        year,
        rows,
        (
            PartyBase(
                code,
                name,
                PartyKind(kind),
                cancelled,
                tuple(rates[code]),
                *uses.get(code, (0, 0)),
                *_proven(papers[code], date(year, 12, 31)),
            )
            for code, name, kind, cancelled in run(reader.connection, _USERS, {"book": reader.book, "codes": codes})
        ),
    )


def _uses(rows: Sequence[Sequence[Any]]) -> dict[str, tuple[int, int]]:
    """How often and for how many minutes, by unit or user."""
    return {row[1]: (row[3], row[4]) for row in rows if row[0] == "uses"}


def _bases(year: int, rows: Sequence[Sequence[Any]], parties: Iterable[PartyBase]) -> Bases:
    """With the head of the chain, where the books have one."""
    head = next((row for row in rows if row[0] == "head"), ("head", "", "", 0, 0))
    return Bases(year, head[3], head[4], head[1], {one.code: one for one in parties})


def claimed_contracts(
    reader: Reader, contracts: Iterable[tuple[str, str]], block: int | None = None
) -> set[tuple[str, str]]:
    """Contracts, by unit and number, that a live claim to voucher money rests on, now or as of a block.

    A voucher that the firm claims itself stands on no bill: of such a contract the whole bill was supported. The
    evidence is read after the bills: at worst it knows a claim that is newer than the block.
    """
    digests = {contract_digest(unit, number): (unit, number) for unit, number in contracts}
    rows = run(
        reader.connection,
        "SELECT DISTINCT e.digest FROM evidence_claim e "  # noqa: S608  our own words
        "WHERE e.book = %(book)s AND e.funding = 'voucher' "
        f"AND e.digest = ANY(%(digests)s) AND {known('e', then=block is not None)} AND NOT EXISTS ("
        "SELECT FROM evidence_release r WHERE r.book = e.book AND r.funding = e.funding AND r.digest = e.digest "
        f"AND r.claim = e.claim AND {known('r', then=block is not None)})",
        {"book": reader.book, "digests": list(digests), "block": block},
    )
    return {digests[digest] for (digest,) in rows}


def _proven(papers: Sequence[Certificate], day: date) -> tuple[str, bool]:
    """Region of the place of business, and whether it is a high-tech enterprise."""
    place = standing(papers, CertificateKind.PLACE, day)
    return place.region if place else "", standing(papers, CertificateKind.HIGH_TECH, day) is not None


BASES = Aggregate[Bases]("subsidy-bases", load_bases, what="年度/year", locked=False)
"""By `bases_id(year, whose)`: the records of the year, whoever adds to them."""
