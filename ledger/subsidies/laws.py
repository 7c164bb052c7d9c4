"""What must always hold of subsidies, their budget and what they rest on."""

from ledger.journal.laws import Law
from policies.subsidies.schemes import SUBSIDIES, Serves, result_of, serves

_STEP = """
    LEFT JOIN LATERAL (SELECT step FROM subsidy_batch_step
                        WHERE book = b.book AND batch = b.number ORDER BY position DESC LIMIT 1) s ON true
"""
_SCHEMES = ", ".join(f"'{scheme}'" for scheme in SUBSIDIES)

_RESULTS = ", ".join(f"('{scheme}', '{name}')" for scheme in SUBSIDIES if (name := result_of(scheme)))
"""Which result of its calculation an award is, by subsidy; a pool's has a row for each."""


def _whose(scheme: str, of_unit: str, of_user: str) -> str:
    users = ", ".join(f"'{one}'" for one in SUBSIDIES if serves(one) is Serves.USERS)
    return f"CASE WHEN {scheme} IN ({users}) THEN {of_user} ELSE {of_unit} END"


_STANDS = f"""
    SELECT split_part(a.address, ':', 3) AS scheme, split_part(a.address, ':', 2) AS bucket,
           sum(x.debits - x.credits) AS fen
      FROM account a JOIN balance x ON x.book = a.book AND x.account = a.id
     WHERE a.book = %(book)s AND a.address LIKE 'budget:%%' AND split_part(a.address, ':', 3) IN ({_SCHEMES})
     GROUP BY 1, 2
"""  # noqa: S608  our own words
"""What stands in each bucket of a subsidy's budget, over all its years: what is open may have been carried over."""

_PARTS = f"""
    SELECT b.book, b.scheme, p.award, p.budget_line, p.amount_fen, s.step, y.payable,
           coalesce(o.offset_fen, 0) AS offset_fen,
           EXISTS (SELECT FROM subsidy_payment k WHERE k.book = y.book AND k.payable = y.payable
                      AND NOT EXISTS (SELECT FROM subsidy_bounce x WHERE x.book = k.book AND x.payable = k.payable
                                         AND x.payment_batch = k.payment_batch)) AS paid
      FROM subsidy_batch b {_STEP}
      JOIN subsidy_award a ON a.book = b.book AND a.batch = b.number
      JOIN subsidy_award_part p ON p.book = a.book AND p.award = a.number
      LEFT JOIN subsidy_payable y ON y.book = p.book AND y.award = p.award AND y.budget_line = p.budget_line
      LEFT JOIN LATERAL (SELECT offset_fen FROM payable_offset WHERE book = y.book AND payable = y.payable
                          ORDER BY position DESC LIMIT 1) o ON true
     WHERE b.book = %(book)s AND s.step IN ('publicised', 'approved')
"""  # noqa: S608  our own words
"""Every part of an award that is committed or owed, what of it is paid and what was set off."""


def _bucket(name: str, fen: str, zh: str, en: str) -> Law:
    return Law(
        f"subsidies.{name}",
        zh,
        en,
        f"""
        SELECT coalesce(x.scheme, p.scheme), coalesce(x.fen, 0), coalesce(p.fen, 0)
          FROM (SELECT * FROM ({_STANDS}) q WHERE bucket = '{name}') x
          FULL JOIN (SELECT scheme, sum({fen})::int8 AS fen FROM ({_PARTS}) q GROUP BY 1) p ON p.scheme = x.scheme
         WHERE coalesce(x.fen, 0) <> coalesce(p.fen, 0)
        """,  # noqa: S608  our own words
    )


LAWS = (
    _bucket(
        "committed",
        "CASE step WHEN 'publicised' THEN amount_fen ELSE 0 END",
        "每项补贴：已占用预算 = 已公示而未批准的补贴",
        "per subsidy: committed budget is what is publicised and not approved",
    ),
    _bucket(
        "obligated",
        "CASE WHEN step = 'approved' AND NOT paid THEN amount_fen - offset_fen ELSE 0 END",
        "每项补贴：待支付预算 = 已批准而未支付的补贴",
        "per subsidy: obligated budget is what is approved and not paid",
    ),
    Law(
        "subsidies.parts",
        "每笔补贴：各预算指标负担之和等于补贴额",
        "per award: what its budget lines bear adds up to it",
        f"""
        SELECT a.number, a.awarded_fen, coalesce(p.fen, 0)
          FROM subsidy_batch b {_STEP}
          JOIN subsidy_award a ON a.book = b.book AND a.batch = b.number
          LEFT JOIN (SELECT book, award, sum(amount_fen) AS fen FROM subsidy_award_part GROUP BY 1, 2) p
            ON p.book = a.book AND p.award = a.number
         WHERE b.book = %(book)s AND s.step IN ('publicised', 'approved') AND a.awarded_fen <> coalesce(p.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "subsidies.within-pool",
        "每个批次：补贴合计不超过可分配总额，每个单位不超过其应得额",
        "per batch: awards stay within the pool, and each within its entitlement",
        """
        SELECT b.number, b.pool_fen, sum(a.awarded_fen), count(*) FILTER (WHERE a.awarded_fen > a.entitled_fen)
          FROM subsidy_batch b JOIN subsidy_award a ON a.book = b.book AND a.batch = b.number
         WHERE b.book = %(book)s AND b.policy = 'subsidies/beijing-september'
         GROUP BY b.number, b.pool_fen
        HAVING sum(a.awarded_fen) > b.pool_fen OR bool_or(a.awarded_fen > a.entitled_fen)
        """,
    ),
    Law(
        "subsidies.as-computed",
        "每笔补贴等于其计算结果",
        "every award is what its calculations say",
        f"""
        SELECT a.number, a.base_fen, (n.result ->> 'base_fen')::int8
          FROM subsidy_award a LEFT JOIN calculation n ON n.book = a.book AND n.id = a.base_calculation
         WHERE a.book = %(book)s AND a.base_fen IS DISTINCT FROM (n.result ->> 'base_fen')::int8
         UNION ALL
        SELECT a.number, a.awarded_fen, coalesce((c.result ->> r.name)::int8, (u.row ->> 'awarded_fen')::int8)
          FROM subsidy_award a JOIN subsidy_batch b ON b.book = a.book AND b.number = a.batch
          LEFT JOIN subsidy_top_up_award d ON d.book = a.book AND d.award = a.number
          LEFT JOIN (VALUES {_RESULTS}) r (scheme, name) ON r.scheme = b.scheme
          LEFT JOIN calculation c ON c.book = a.book AND c.id = a.calculation
          LEFT JOIN (SELECT c.book, c.id, r.row FROM calculation c
                      CROSS JOIN LATERAL jsonb_array_elements(c.result -> 'units') AS r (row)
                      WHERE c.book = %(book)s AND c.policy = 'subsidies/beijing-september') u
            ON u.book = c.book AND u.id = c.id AND u.row ->> 'code' = a.unit
         WHERE a.book = %(book)s AND coalesce(d.due_fen, a.awarded_fen) IS DISTINCT FROM
               coalesce((c.result ->> r.name)::int8, (u.row ->> 'awarded_fen')::int8)
        """,  # noqa: S608  our own words
    ),
    Law(
        "subsidies.bases",
        "每笔补贴所依据的账单和使用记录，与计算时账簿中的记录相符",
        "the bills and uses under every award are those that the books held when it was computed",
        f"""
        SELECT a.number, a.bills, coalesce(f.bills, 0), a.uses, coalesce(u.uses, 0), a.minutes, coalesce(u.minutes, 0)
          FROM subsidy_award a
          LEFT JOIN (
               SELECT b.number, {_whose("b.scheme", "f.unit", "f.payer")} AS code, count(*) AS bills
                 FROM subsidy_batch b JOIN fee_bill f ON f.book = b.book AND f.payer <> f.unit
                  AND f.issued_on >= make_date(b.base_year, 1, 1) AND f.issued_on < make_date(b.base_year + 1, 1, 1)
                 JOIN command k ON k.book = f.book AND k.id = f.command AND k.block <= b.block
                WHERE b.book = %(book)s GROUP BY 1, 2) f ON f.number = a.batch AND f.code = a.unit
          LEFT JOIN (
               SELECT b.number, {_whose("b.scheme", "u.unit", "u.used_by")} AS code, count(*) AS uses,
                      sum(u.minutes) AS minutes
                 FROM subsidy_batch b JOIN fee_use u ON u.book = b.book AND u.used_by <> u.unit
                  AND u.started_at >= make_date(b.base_year, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
                  AND u.started_at < make_date(b.base_year + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
                 JOIN command k ON k.book = u.book AND k.id = u.command AND k.block <= b.block
                WHERE b.book = %(book)s GROUP BY 1, 2) u ON u.number = a.batch AND u.code = a.unit
         WHERE a.book = %(book)s AND (a.bills::int8, a.uses::int8, a.minutes::numeric) IS DISTINCT FROM
               (coalesce(f.bills, 0), coalesce(u.uses, 0), coalesce(u.minutes, 0)::numeric)
        """,  # noqa: S608  our own words
    ),
    Law(
        "subsidies.one-stands",
        "每项补贴每个年度至多有一个有效批次、一个未批准的补发批次",
        "of a subsidy's year one batch stands at most, and one top-up that is not approved",
        f"""
        SELECT b.scheme || ':' || b.year, count(*) FROM subsidy_batch b {_STEP}
          LEFT JOIN subsidy_top_up t ON t.book = b.book AND t.batch = b.number
         WHERE b.book = %(book)s AND coalesce(s.step, 'computed') NOT IN ('void', 'refused', 'superseded')
           AND NOT (t.batch IS NOT NULL AND coalesce(s.step, 'computed') = 'approved')
         GROUP BY b.scheme, b.year, t.batch IS NULL HAVING count(*) > 1
        """,  # noqa: S608  our own words
    ),
    Law(
        "subsidies.topped-up",
        "每笔补发 = 核定数减去此前已批准的补贴，且只补给已批准的批次",
        "every top-up is what is due less what was awarded before, and adds to a batch that is approved",
        f"""
        SELECT a.number, a.awarded_fen, d.due_fen, d.had_fen, coalesce(h.fen, 0), (c.result ->> 'top_up_fen')::int8
          FROM subsidy_batch b {_STEP}
          JOIN subsidy_top_up t ON t.book = b.book AND t.batch = b.number
          JOIN subsidy_award a ON a.book = b.book AND a.batch = b.number
          LEFT JOIN subsidy_top_up_award d ON d.book = a.book AND d.award = a.number
          LEFT JOIN calculation c ON c.book = d.book AND c.id = d.calculation
          LEFT JOIN LATERAL (
               SELECT sum(e.awarded_fen)::int8 AS fen
                 FROM subsidy_batch o
                 JOIN subsidy_batch_step p ON p.book = o.book AND p.batch = o.number AND p.step = 'approved'
                 JOIN subsidy_award e ON e.book = o.book AND e.batch = o.number AND e.unit = a.unit
                WHERE o.book = b.book AND o.scheme = b.scheme AND o.year = b.year AND o.version < b.version) h ON true
         WHERE b.book = %(book)s
           AND ((a.awarded_fen, d.had_fen) IS DISTINCT FROM (d.due_fen - d.had_fen, coalesce(h.fen, 0))
                OR a.awarded_fen IS DISTINCT FROM (c.result ->> 'top_up_fen')::int8
                OR NOT EXISTS (SELECT FROM subsidy_batch_step q
                                WHERE q.book = t.book AND q.batch = t.tops_up AND q.step = 'approved'))
        """,  # noqa: S608  our own words
    ),
)
