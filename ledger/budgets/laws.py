"""What must always hold of budgets, whoever spends them."""

from ledger.journal.laws import Law

BUDGET = """
    SELECT split_part(a.address, ':', 3) AS scheme, split_part(a.address, ':', 4)::int AS year,
           split_part(a.address, ':', 2) AS bucket, b.debits - b.credits AS fen
      FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id
     WHERE a.book = %(book)s AND a.address LIKE 'budget:%%'
"""
"""What stands on each budget account of every scheme and year."""

LAWS = (
    Law(
        "budgets.appropriated",
        "每个计划和年度：下达的预算等于已复核的指标文件之和；各科目之和等于下达与上年结转之和",
        "per scheme and year: what was appropriated is what the signed letters say; all buckets add up to what was "
        "appropriated and carried in",
        f"""
        SELECT coalesce(l.id, j.id), coalesce(l.fen, 0) AS letters, coalesce(j.appropriated, 0),
               coalesce(j.carried_in, 0), coalesce(j.buckets, 0)
          FROM (SELECT p.scheme || ':' || p.year AS id,
                       sum(CASE p.nature WHEN 'cut' THEN -p.amount_fen ELSE p.amount_fen END) AS fen
                  FROM voucher_appropriation p
                  JOIN voucher_appropriation_end e
                    ON e.book = p.book AND e.appropriation = p.number AND e.outcome = 'posted'
                 WHERE p.book = %(book)s GROUP BY 1) l
          FULL JOIN (SELECT scheme || ':' || year AS id,
                            -coalesce(sum(fen) FILTER (WHERE bucket = 'appropriated'), 0) AS appropriated,
                            -coalesce(sum(fen) FILTER (WHERE bucket = 'carried-in'), 0) AS carried_in,
                            coalesce(sum(fen) FILTER (WHERE bucket NOT IN ('appropriated', 'carried-in')), 0) AS buckets
                       FROM ({BUDGET}) x GROUP BY 1) j ON j.id = l.id
         WHERE coalesce(l.fen, 0) <> coalesce(j.appropriated, 0)
            OR coalesce(j.appropriated, 0) + coalesce(j.carried_in, 0) <> coalesce(j.buckets, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "budgets.carried",
        "每个计划：一个年度结转出去的预算，等于下一年度结转进来的预算",
        "per scheme: what a year carries out, the next year carries in",
        f"""
        SELECT coalesce(o.scheme, i.scheme) || ':' || coalesce(o.year, i.year - 1), coalesce(o.fen, 0),
               coalesce(i.fen, 0)
          FROM (SELECT scheme, year, sum(fen) AS fen FROM ({BUDGET}) x WHERE bucket = 'carried-out' GROUP BY 1, 2) o
          FULL JOIN (SELECT scheme, year, -sum(fen) AS fen FROM ({BUDGET}) y
                      WHERE bucket = 'carried-in' GROUP BY 1, 2) i ON i.scheme = o.scheme AND i.year = o.year + 1
         WHERE coalesce(o.fen, 0) <> coalesce(i.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "budgets.ended-years",
        "已办理年末结转的年度，没有可用、已占用或待支付的预算",
        "nothing is available, committed or obligated in a year that was ended",
        f"""
        SELECT e.scheme || ':' || e.year, x.bucket, x.fen
          FROM voucher_year_end e JOIN ({BUDGET}) x ON x.scheme = e.scheme AND x.year = e.year
         WHERE e.book = %(book)s AND x.bucket IN ('available', 'committed', 'obligated') AND x.fen <> 0
        """,  # noqa: S608  our own words
    ),
    Law(
        "budgets.budget-lines",
        "没有一条预算指标被超支",
        "no budget line is overdrawn",
        """
        SELECT a.address || ' ' || leg.budget_line, sum(leg.fen) AS available
          FROM account a CROSS JOIN LATERAL (
               SELECT budget_line, amount AS fen FROM transfer WHERE book = a.book AND debit = a.id
               UNION ALL SELECT budget_line, -amount FROM transfer WHERE book = a.book AND credit = a.id) leg
         WHERE a.book = %(book)s AND a.address LIKE 'budget:available:%%'
         GROUP BY a.address, leg.budget_line HAVING sum(leg.fen) < 0
        """,
    ),
)
