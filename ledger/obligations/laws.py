"""What must always hold of what is owed back, of the budget it comes from, and of what belongs to the treasury."""

from ledger.journal.laws import Law

_SETTLED = """
    SELECT s.obligation, s.creditor, s.kind, s.amount_fen, s.bank_fen, e.posted_on, e.principal_fen, e.interest_fen
      FROM obligation_step s
      JOIN obligation_step_end e ON e.book = s.book AND e.step = s.number AND e.outcome = 'posted'
     WHERE s.book = %(book)s
"""
"""Steps that were posted."""

_STANDS = """
    SELECT a.address, CASE a.normal WHEN 'D' THEN b.debits - b.credits ELSE b.credits - b.debits END AS fen
      FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id WHERE a.book = %(book)s
"""
"""What stands on each account, on its normal side."""

_LIVES = f"""
    SELECT o.number, o.debtor, o.creditor, o.scheme || ':' || o.year AS budget, o.year, o.decided_on,
           o.debtor_keeps_books, o.amount_fen AS principal,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.kind = 'interest'), 0) AS interest,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.kind = 'receipt'), 0) AS received,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.kind = 'offset'), 0) AS set_off,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.kind = 'write-off'), 0) AS written_off,
           coalesce(sum(s.principal_fen) FILTER (WHERE s.kind = 'write-off'), 0) AS principal_written_off,
           coalesce(sum(s.principal_fen) FILTER (
               WHERE s.kind IN ('receipt', 'offset') AND extract(year FROM s.posted_on) = o.year), 0) AS in_its_year,
           coalesce(sum(s.principal_fen) FILTER (
               WHERE s.kind IN ('receipt', 'offset') AND extract(year FROM s.posted_on) <> o.year), 0) AS later,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.kind = 'remittance'), 0) AS remitted
      FROM obligation o LEFT JOIN ({_SETTLED}) s ON s.obligation = o.number
     WHERE o.book = %(book)s GROUP BY o.number, o.book
"""  # noqa: S608  our own words
"""Each obligation with what has become of it, by its records."""

LAWS = (
    Law(
        "obligations.add-up",
        "每笔应追回款项：决定金额 + 加收 = 收回 + 抵扣 + 核销 + 未缴回（1218 余额）",
        "per obligation: decided + interest = received + set off + written off + open, and open is what 1218 holds",
        f"""
        SELECT l.number, l.principal + l.interest, l.received + l.set_off + l.written_off, coalesce(b.fen, 0) AS open
          FROM ({_LIVES}) l LEFT JOIN ({_STANDS}) b ON b.address = 'recovery:' || l.number
         WHERE l.principal + l.interest <> l.received + l.set_off + l.written_off + coalesce(b.fen, 0)
        UNION ALL
        SELECT b.address, b.fen, 0, 0 FROM ({_STANDS}) b
         WHERE b.address LIKE 'recovery:%%' AND NOT EXISTS (
               SELECT 1 FROM obligation o WHERE o.book = %(book)s AND 'recovery:' || o.number = b.address)
        """,  # noqa: S608  our own words
    ),
    Law(
        "obligations.debtor-side",
        "有账的欠款单位：应缴回款项 = 未缴回 + 已核销（核销不免除其债务）",
        "a debtor that keeps books: what it owes is what is open and what the bureau has written off",
        f"""
        SELECT l.number, coalesce(b.fen, 0) AS owed, l.principal + l.interest - l.received - l.set_off
          FROM ({_LIVES}) l LEFT JOIN ({_STANDS}) b ON b.address = 'owed-to-fiscal:' || l.number
         WHERE coalesce(b.fen, 0)
               <> CASE WHEN l.debtor_keeps_books THEN l.principal + l.interest - l.received - l.set_off ELSE 0 END
        """,  # noqa: S608  our own words
    ),
    Law(
        "obligations.budget",
        "每个计划和年度：待追回、已追回、已恢复、已核销的预算与追回事项一致",
        "per scheme and year: budget recovering, recovered, reinstated and written off is what the obligations say",
        f"""
        SELECT coalesce(r.address, b.address), coalesce(r.fen, 0), coalesce(b.fen, 0)
          FROM (SELECT 'budget:' || v.bucket || ':' || l.budget AS address, sum(v.fen) AS fen FROM ({_LIVES}) l
                 CROSS JOIN LATERAL (VALUES
                    ('recovering', l.principal - l.in_its_year - l.later - l.principal_written_off),
                    ('recovered', l.later), ('reinstated', l.in_its_year),
                    ('written-off', l.principal_written_off)) AS v (bucket, fen) GROUP BY 1) r
          FULL JOIN (SELECT * FROM ({_STANDS}) x
                      WHERE address ~ '^budget:(recovering|recovered|reinstated|written-off):') b
            ON b.address = r.address
         WHERE coalesce(r.fen, 0) <> coalesce(b.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "obligations.reinstated",
        "每个计划和年度：恢复的预算指标 = 当年追回的预算",
        "per scheme and year: what came back in its year was given back to the budget, and nothing else was",
        f"""
        SELECT coalesce(r.budget, s.budget), coalesce(r.fen, 0), coalesce(s.fen, 0)
          FROM (SELECT substr(address, length('budget:reinstated:') + 1) AS budget, fen FROM ({_STANDS}) x
                 WHERE address LIKE 'budget:reinstated:%%') r
          FULL JOIN (SELECT substr(address, length('budget:reinstatement:') + 1) AS budget, fen FROM ({_STANDS}) y
                      WHERE address LIKE 'budget:reinstatement:%%') s ON s.budget = r.budget
         WHERE coalesce(r.fen, 0) <> coalesce(s.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "obligations.treasury",
        "每个主管部门：应缴财政款 = 跨年决定的本金、加收和跨年收回的本金，减已上缴",
        "per bureau: due to the treasury is interest and principal of a year that is over, less what was remitted",
        f"""
        SELECT coalesce(r.address, b.address), coalesce(r.fen, 0), coalesce(b.fen, 0)
          FROM (SELECT 'due-to-treasury:' || creditor AS address,
                       sum(interest - remitted
                           + CASE WHEN extract(year FROM decided_on) = year THEN later ELSE principal END) AS fen
                  FROM ({_LIVES}) l GROUP BY 1) r
          FULL JOIN (SELECT * FROM ({_STANDS}) x WHERE address LIKE 'due-to-treasury:%%') b ON b.address = r.address
         WHERE coalesce(r.fen, 0) <> coalesce(b.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "obligations.offsets",
        "每笔抵扣同时减少应追回款项和应付事项，金额相同",
        "every offset takes the same amount from the obligation and from the payable",
        """
        SELECT s.number, s.amount_fen, p.amount_fen
          FROM obligation_step s
          JOIN obligation_step_end e ON e.book = s.book AND e.step = s.number AND e.outcome = 'posted'
          LEFT JOIN payable_offset p ON p.book = s.book AND p.ground = s.number AND p.payable = s.payable
         WHERE s.book = %(book)s AND s.kind = 'offset' AND s.amount_fen IS DISTINCT FROM p.amount_fen
        UNION ALL
        SELECT p.payable || ' ' || p.position, p.amount_fen, NULL FROM payable_offset p
         WHERE p.book = %(book)s AND NOT EXISTS (
               SELECT 1 FROM obligation_step s
                 JOIN obligation_step_end e ON e.book = s.book AND e.step = s.number AND e.outcome = 'posted'
                WHERE s.book = p.book AND s.number = p.ground AND s.kind = 'offset')
        """,
    ),
    Law(
        "obligations.signed",
        "每一步都经他人复核",
        "every step was signed by another person than its maker",
        """
        SELECT s.number, s.kind, s.maker FROM obligation_step s
          JOIN obligation_step_end e ON e.book = s.book AND e.step = s.number AND e.outcome = 'posted'
         WHERE s.book = %(book)s AND NOT EXISTS (
               SELECT 1 FROM approval_step a
                WHERE a.book = s.book AND a.request = 'obligation.' || s.kind || ':' || s.number
                  AND a.decision = 'approved' AND a.maker = s.maker AND a.person <> s.maker)
        """,
    ),
)
