"""What must always hold of bills and of machine time."""

from ledger.fees.store import PLACES
from ledger.journal.laws import Law

_STANDS = """NOT EXISTS (SELECT 1 FROM entry e JOIN entry x ON x.book = e.book AND x.reverses = e.seq
                                         WHERE e.book = f.book AND e.command = f.command)"""
"""The entry that the record's command posted has not been reversed."""

LAWS = (
    Law(
        "fees.bill-conserved",
        "账单每一分钱只在一处：开票 = 未收 + 已收 + 创新券 + 股权 + 核销 + 冲红",
        "each fen of a bill is in one place: billed = open + cash + voucher + equity + written off + credited",
        f"""
        SELECT b.number, b.gross_fen, coalesce(w.billed, 0), coalesce(s.standing, 0), coalesce(w.gone, 0),
               coalesce(w.elsewhere, 0)
          FROM fee_bill b
          LEFT JOIN (SELECT split_part(a.owner, ':', 2) AS bill, sum(v.debits - v.credits) AS standing
                       FROM account a JOIN balance v ON v.book = a.book AND v.account = a.id
                      WHERE a.book = %(book)s AND a.owner LIKE 'bill:%%' GROUP BY 1) s ON s.bill = b.number
          LEFT JOIN (SELECT bill, -sum(leaves) FILTER (WHERE place = 'billed') AS billed,
                            sum(leaves) FILTER (WHERE place NOT IN ('billed', 'within', 'elsewhere')) AS gone,
                            sum(abs(leaves)) FILTER (WHERE place = 'elsewhere') AS elsewhere
                       FROM ({PLACES} WHERE book = %(book)s) p
                      GROUP BY bill) w ON w.bill = b.number
         WHERE b.book = %(book)s
           AND (b.gross_fen <> coalesce(w.billed, 0) OR coalesce(w.elsewhere, 0) <> 0
                OR b.gross_fen <> coalesce(s.standing, 0) + coalesce(w.gone, 0))
        """,  # noqa: S608  our own words
    ),
    Law(
        "fees.bill-adds-up",
        "账单金额等于其明细之和",
        "the amount of a bill is the sum of its lines",
        """
        SELECT b.number, b.gross_fen, coalesce(sum(l.quantity * l.price_fen), 0)
          FROM fee_bill b LEFT JOIN fee_bill_line l ON l.book = b.book AND l.bill = b.number
         WHERE b.book = %(book)s
         GROUP BY b.number, b.gross_fen HAVING b.gross_fen <> coalesce(sum(l.quantity * l.price_fen), 0)
        """,
    ),
    Law(
        "fees.receipts",
        "账单的收款记录与账上收到的金额一致",
        "what was recorded as received on a bill is what its account shows",
        f"""
        SELECT b.number, coalesce(r.received, 0), coalesce(w.cash, 0)
          FROM fee_bill b
          LEFT JOIN (SELECT bill, sum(amount_fen) AS received FROM fee_receipt f
                      WHERE book = %(book)s AND {_STANDS} GROUP BY bill) r ON r.bill = b.number
          LEFT JOIN (SELECT bill, sum(leaves) AS cash
                       FROM ({PLACES} WHERE book = %(book)s) p
                      WHERE place = 'cash' GROUP BY bill) w ON w.bill = b.number
         WHERE b.book = %(book)s AND coalesce(r.received, 0) <> coalesce(w.cash, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "fees.minutes",
        "每台仪器每个用户的机时等于其使用记录之和",
        "the machine time of each instrument and user is the sum of its records of use",
        f"""
        SELECT coalesce(u.address, s.address), coalesce(u.minutes, 0), coalesce(s.minutes, 0)
          FROM (SELECT 'minutes:used:' || instrument || ':' || used_by AS address, sum(minutes) AS minutes
                  FROM fee_use f WHERE book = %(book)s AND {_STANDS} GROUP BY 1) u
          FULL JOIN (SELECT a.address, v.debits - v.credits AS minutes
                       FROM account a JOIN balance v ON v.book = a.book AND v.account = a.id
                      WHERE a.book = %(book)s AND a.address LIKE 'minutes:used:%%') s ON s.address = u.address
         WHERE coalesce(u.minutes, 0) <> coalesce(s.minutes, 0)
        """,  # noqa: S608  our own words
    ),
)
