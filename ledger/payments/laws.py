"""What must always hold of payment batches."""

from ledger.journal.laws import Law

LAWS = (
    Law(
        "payments.control-totals",
        "支付批次的笔数、合计与其明细一致",
        "count and total of a payment batch are those of its lines",
        """
        SELECT b.number, b.line_count, count(l.line), b.total_fen,
               coalesce(sum(l.amount_fen - coalesce(o.offset_fen, 0)), 0)
          FROM payment_batch b LEFT JOIN payment_batch_line l ON l.book = b.book AND l.batch = b.number
          LEFT JOIN payment_batch_line_offset o ON o.book = l.book AND o.batch = l.batch AND o.payable = l.payable
         WHERE b.book = %(book)s
         GROUP BY b.number, b.line_count, b.total_fen
        HAVING b.line_count <> count(l.line)
            OR b.total_fen <> coalesce(sum(l.amount_fen - coalesce(o.offset_fen, 0)), 0)
        """,
    ),
    Law(
        "payments.net-of-offsets",
        "在批次中的应付事项，其付款额已扣除全部抵扣",
        "what is in a live batch is paid less all that was set off",
        """
        SELECT l.payable, l.batch, coalesce(o.offset_fen, 0), coalesce(s.offset_fen, 0)
          FROM payment_batch_line l
          LEFT JOIN payment_batch_line_offset o ON o.book = l.book AND o.batch = l.batch AND o.payable = l.payable
          LEFT JOIN (SELECT payable, sum(amount_fen) AS offset_fen FROM payable_offset
                      WHERE book = %(book)s GROUP BY 1) s ON s.payable = l.payable
         WHERE l.book = %(book)s AND coalesce(o.offset_fen, 0) <> coalesce(s.offset_fen, 0)
           AND NOT EXISTS (SELECT 1 FROM payable_freed f
                            WHERE f.book = l.book AND f.payable = l.payable AND f.attempt = l.attempt)
        """,
    ),
    Law(
        "payments.released-as-approved",
        "放行的批次经他人批准，且与批准的内容一致",
        "a released batch was approved by another person, with exactly its content",
        """
        SELECT r.batch, b.content_hash
          FROM payment_release r JOIN payment_batch b ON b.book = r.book AND b.number = r.batch
         WHERE r.book = %(book)s AND NOT EXISTS (
               SELECT 1 FROM approval_step s
                WHERE s.book = r.book AND s.request = 'payment.batch:' || r.batch AND s.decision = 'approved'
                  AND s.content_hash = b.content_hash AND s.maker = b.maker AND s.person <> b.maker)
        """,
    ),
    Law(
        "payments.paid-once",
        "每笔应付事项扣除退回后至多支付一次",
        "no payable is paid twice, net of what came back",
        """
        SELECT c.payable, count(*)
          FROM payment_confirmation c
         WHERE c.book = %(book)s AND NOT EXISTS (
               SELECT 1 FROM payment_return r WHERE r.book = c.book AND r.batch = c.batch AND r.payable = c.payable)
         GROUP BY c.payable HAVING count(*) > 1
        """,
    ),
    Law(
        "payments.freed-for-a-reason",
        "应付事项只因批次被驳回、付款失败或退回而可再付；已付未退的不得再付",
        "a payable is free again only because its batch was refused, or its payment failed or came back",
        """
        SELECT f.payable, f.attempt, l.batch
          FROM payable_freed f
          JOIN payment_batch_line l ON l.book = f.book AND l.payable = f.payable AND l.attempt = f.attempt
          LEFT JOIN payment_refusal x ON x.book = l.book AND x.batch = l.batch
          LEFT JOIN payment_confirmation c ON c.book = l.book AND c.batch = l.batch AND c.payable = l.payable
          LEFT JOIN payment_return r ON r.book = l.book AND r.batch = l.batch AND r.payable = l.payable
          LEFT JOIN payment_failure e ON e.book = l.book AND e.batch = l.batch AND e.payable = l.payable
         WHERE f.book = %(book)s AND CASE WHEN c.payable IS NOT NULL THEN r.payable IS NULL OR e.payable IS NOT NULL
                                          ELSE x.batch IS NULL AND e.payable IS NULL END
        UNION ALL
        SELECT e.payable, l.attempt, e.batch
          FROM (SELECT book, batch, payable FROM payment_return UNION ALL
                SELECT book, batch, payable FROM payment_failure) e
          JOIN payment_batch_line l ON l.book = e.book AND l.batch = e.batch AND l.payable = e.payable
         WHERE e.book = %(book)s AND NOT EXISTS (
               SELECT 1 FROM payable_freed f
                WHERE f.book = l.book AND f.payable = l.payable AND f.attempt = l.attempt)
        """,
    ),
)
