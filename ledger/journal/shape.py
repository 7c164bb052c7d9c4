"""Laws of the journal itself: what holds for any book, whatever it is about.  (pure)"""

from ledger.journal.laws import Law

SHAPE = (
    Law(
        "balances",
        "账户余额等于其分录之和",
        "the balance is not the sum of its transfers",
        """
        SELECT coalesce(a.address, 'account ' || coalesce(b.account, m.account)),
               b.debits, b.credits, m.debits, m.credits
          FROM (SELECT account, debits, credits FROM balance WHERE book = %(book)s) b
          FULL JOIN (
              SELECT account, sum(debit) AS debits, sum(credit) AS credits FROM (
                  SELECT debit AS account, amount AS debit, 0 AS credit FROM transfer WHERE book = %(book)s
                  UNION ALL SELECT credit, 0, amount FROM transfer WHERE book = %(book)s) t
               GROUP BY 1) m USING (account)
          LEFT JOIN account a ON a.book = %(book)s AND a.id = coalesce(b.account, m.account)
         WHERE b.debits IS DISTINCT FROM m.debits OR b.credits IS DISTINCT FROM m.credits OR a.id IS NULL
        """,
    ),
    Law(
        "limits",
        "余额上限与账户一致，且未透支",
        "the limit kept with the balance is not the account's, or it is overdrawn",
        """
        SELECT a.address, b.floor, b.debits, b.credits FROM account a
          LEFT JOIN balance b ON b.book = a.book AND b.account = a.id
         WHERE a.book = %(book)s AND (b.floor IS DISTINCT FROM CASE WHEN a.may_overdraw THEN NULL ELSE a.normal END
            OR CASE WHEN a.may_overdraw THEN false WHEN a.normal = 'D' THEN b.debits < b.credits
                    ELSE b.credits < b.debits END)
        """,
    ),
    Law(
        "days",
        "逐日汇总等于其分录之和",
        "the sum of the day is not the sum of its transfers",
        """
        SELECT coalesce(n.address, 'account ' || account) || ' on ' || effective_on,
               d.debits, d.credits, m.debits, m.credits
          FROM (SELECT * FROM day_balance WHERE book = %(book)s) d
          FULL JOIN (
              SELECT x.account, e.effective_on, sum(x.debit) AS debits, sum(x.credit) AS credits FROM (
                  SELECT debit AS account, amount AS debit, 0 AS credit, seq FROM transfer WHERE book = %(book)s
                  UNION ALL SELECT credit, 0, amount, seq FROM transfer WHERE book = %(book)s) x
                JOIN account a ON a.book = %(book)s AND a.id = x.account AND a.hot
                JOIN entry e ON e.book = %(book)s AND e.seq = x.seq GROUP BY 1, 2) m USING (account, effective_on)
          LEFT JOIN account n ON n.book = %(book)s AND n.id = account
         WHERE d.debits IS DISTINCT FROM m.debits OR d.credits IS DISTINCT FROM m.credits
        """,
    ),
    Law(
        "money stays within an entity",
        "资金不跨主体",
        "moves money between two entities, or between sides, or an asset its account does not hold",
        """
        SELECT 'entry ' || t.seq, d.address, c.address, t.asset FROM transfer t
          LEFT JOIN account d ON d.book = t.book AND d.id = t.debit
          LEFT JOIN account c ON c.book = t.book AND c.id = t.credit
          LEFT JOIN entry e ON e.book = t.book AND e.seq = t.seq
         WHERE t.book = %(book)s AND (d.id IS NULL OR c.id IS NULL OR e.seq IS NULL
            OR d.asset <> t.asset OR c.asset <> t.asset OR d.side <> c.side
            OR (t.asset IN ('CNY', 'CNY_BUDGETARY') AND d.entity <> c.entity))
        """,
    ),
    Law(
        "budget lines are known",
        "预算指标的每一笔都落在已登记的预算项目上",
        "names a budget line that does not exist",
        """
        SELECT 'entry ' || t.seq, t.budget_line FROM transfer t
          LEFT JOIN budget_line l ON l.book = t.book AND l.code = t.budget_line
         WHERE t.book = %(book)s AND t.budget_line IS NOT NULL AND l.code IS NULL
        """,
    ),
    Law(
        "entries say something",
        "每张凭证至少一笔",
        "has no transfer",
        """
        SELECT 'entry ' || e.seq FROM entry e WHERE e.book = %(book)s
           AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.book = e.book AND t.seq = e.seq)
        """,
    ),
    Law(
        "reversals mirror",
        "冲销凭证与原凭证金额相等、借贷相反",
        "does not mirror the entry it takes back",
        """
        SELECT 'entry ' || r.seq, r.reverses FROM entry r
          LEFT JOIN entry e ON e.book = r.book AND e.seq = r.reverses
         WHERE r.book = %(book)s AND r.reverses IS NOT NULL AND (e.seq IS NULL OR e.template <> r.template OR EXISTS (
            (SELECT debit, credit, asset, amount FROM transfer WHERE book = r.book AND seq = r.seq
             EXCEPT ALL SELECT credit, debit, asset, amount FROM transfer WHERE book = r.book AND seq = r.reverses)
            UNION ALL
            (SELECT credit, debit, asset, amount FROM transfer WHERE book = r.book AND seq = r.reverses
             EXCEPT ALL SELECT debit, credit, asset, amount FROM transfer WHERE book = r.book AND seq = r.seq)))
        """,
    ),
    Law(
        "dates lie in periods",
        "凭证日期在会计期间内，且不晚于入账日",
        "is dated outside every period, or after the day it was recorded",
        """
        SELECT 'entry ' || e.seq, e.effective_on FROM entry e
          JOIN command c ON c.book = e.book AND c.id = e.command
          JOIN block k ON k.book = c.book AND k.number = c.block
         WHERE e.book = %(book)s AND (
            e.effective_on > (k.recorded_at AT TIME ZONE 'Asia/Shanghai')::date OR NOT EXISTS (
            SELECT 1 FROM period p WHERE p.book = e.book AND e.effective_on BETWEEN p.starts_on AND p.ends_on))
        """,
    ),
    Law(
        "closed periods stand",
        "已结账期间的余额等于结账时所存",
        "the balance stored at the close is not what its entries give",
        """
        SELECT p.period || ' account ' || p.account, p.debits, p.credits, m.debits, m.credits FROM period_balance p
          JOIN period q ON q.book = p.book AND q.code = p.period
          LEFT JOIN LATERAL (
              SELECT coalesce(sum(x.amount) FILTER (WHERE x.side = 'D'), 0) AS debits,
                     coalesce(sum(x.amount) FILTER (WHERE x.side = 'C'), 0) AS credits
                FROM (SELECT 'D' AS side, amount, seq FROM transfer WHERE book = p.book AND debit = p.account
                      UNION ALL SELECT 'C', amount, seq FROM transfer WHERE book = p.book AND credit = p.account) x
                JOIN entry e ON e.book = p.book AND e.seq = x.seq AND e.effective_on <= q.ends_on) m ON true
         WHERE p.book = %(book)s AND (m.debits <> p.debits OR m.credits <> p.credits)
        """,
    ),
)
"""What holds for any book, whatever is sold."""
