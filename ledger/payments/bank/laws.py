"""What must always hold of bank lines."""

from ledger.journal.laws import Law

_LINES = """
    SELECT l.book, l.number, l.payer, l.amount_fen, l.direction, s.step, s.position
      FROM bank_line l LEFT JOIN LATERAL (
           SELECT step, position FROM bank_line_step WHERE book = l.book AND line = l.number
            ORDER BY position DESC LIMIT 1) s ON true
     WHERE l.book = %(book)s
"""
"""Every line with the last step it took."""

LAWS = (
    Law(
        "payments.bank-line-matched",
        "已匹配的银行明细恰为其所佐证款项之和，未匹配的不佐证任何有效登记",
        "a matched bank line is the sum of the payments for which it is the evidence, and no other line is evidence",
        f"""
        SELECT l.number, coalesce(l.step, 'waiting'), l.amount_fen, coalesce(e.fen, 0)
          FROM ({_LINES}) l LEFT JOIN LATERAL (
               SELECT sum(b.amount_fen - coalesce(o.offset_fen, 0)) AS fen
                 FROM bank_line_payment p
                 JOIN payment_batch_line b ON b.book = p.book AND b.batch = p.batch AND b.payable = p.payable
                 JOIN payment_confirmation c ON c.book = p.book AND c.batch = p.batch AND c.payable = p.payable
                 LEFT JOIN payment_return t ON t.book = p.book AND t.batch = p.batch AND t.payable = p.payable
                 LEFT JOIN payment_batch_line_offset o
                   ON o.book = p.book AND o.batch = p.batch AND o.payable = p.payable
                WHERE p.book = l.book AND p.line = l.number AND p.position = l.position
                  AND p.what = CASE l.direction WHEN 'debit' THEN 'paid' ELSE 'returned' END
                  AND (p.what = 'paid' OR t.batch IS NOT NULL)) e ON true
         WHERE coalesce(e.fen, 0) <> CASE l.step WHEN 'matched' THEN l.amount_fen ELSE 0 END
        UNION ALL
        SELECT l.number, coalesce(l.step, 'waiting'), l.amount_fen, count(*)
          FROM ({_LINES}) l JOIN bank_line_payment p ON p.book = l.book AND p.line = l.number
          LEFT JOIN payment_return t ON t.book = p.book AND t.batch = p.batch AND t.payable = p.payable
         WHERE (p.what = 'returned' OR t.batch IS NULL)
           AND (p.position IS DISTINCT FROM l.position
                OR p.what <> CASE l.direction WHEN 'debit' THEN 'paid' ELSE 'returned' END)
         GROUP BY l.number, l.step, l.amount_fen
        """,  # noqa: S608  our own words
    ),
    Law(
        "payments.bank-lines-counted",
        "每份对账单的新明细条数与其登记一致",
        "a statement has as many new lines as it says",
        """
        SELECT s.number, s.new_count, count(l.number)
          FROM bank_statement s LEFT JOIN bank_line l ON l.book = s.book AND l.statement = s.number
         WHERE s.book = %(book)s
         GROUP BY s.number, s.new_count HAVING s.new_count <> count(l.number)
        """,
    ),
    Law(
        "payments.suspense",
        "每个单位：待查收款余额 = 挂账中的银行明细之和",
        "per bureau: what stands in suspense is the receipts that nobody could match",
        f"""
        SELECT coalesce(a.entity, l.payer), coalesce(a.fen, 0), coalesce(l.fen, 0)
          FROM (SELECT a.entity, sum(b.credits - b.debits) AS fen
                  FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id
                 WHERE a.book = %(book)s AND a.address LIKE 'payments:suspense:%%' GROUP BY 1) a
          FULL JOIN (SELECT payer, sum(amount_fen) AS fen FROM ({_LINES}) x WHERE step = 'suspense' GROUP BY 1) l
            ON l.payer = a.entity
         WHERE coalesce(a.fen, 0) <> coalesce(l.fen, 0)
        """,  # noqa: S608  our own words
    ),
)
