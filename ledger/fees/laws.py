"""What must always hold of bills and of machine time."""

from ledger.fees.store import PLACES, STANDS, TAKEN_BACK
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
        "fees.credits",
        "账单冲减的金额等于其红字发票之和，且不超过开票的金额和税额",
        "what was credited of a bill is what its red invoices say, and never more than its net amount and VAT",
        f"""
        SELECT b.number, coalesce(c.gross, 0), coalesce(w.credited, 0)
          FROM fee_bill b
          LEFT JOIN (SELECT bill, sum(gross_fen) AS gross, sum(net_fen) AS net, sum(vat_fen) AS vat,
                            bool_or(whole) AS whole, bool_or(gross_fen <> net_fen + vat_fen) AS crooked
                       FROM fee_credit WHERE book = %(book)s GROUP BY bill) c ON c.bill = b.number
          LEFT JOIN (SELECT bill, sum(leaves) AS credited
                       FROM ({PLACES} WHERE book = %(book)s) p
                      WHERE place = 'credited' GROUP BY bill) w ON w.bill = b.number
         WHERE b.book = %(book)s AND c.bill IS NOT NULL
           AND (c.gross <> coalesce(w.credited, 0) OR c.net > b.net_fen OR c.vat > b.vat_fen OR c.crooked
                OR c.whole <> (c.gross = b.gross_fen))
        """,  # noqa: S608  our own words
    ),
    Law(
        "fees.owed-to-payer",
        "每张账单应退用户的款项 = 冲减时已收的部分 - 已退还的款项",
        "per bill: what is owed back to its payer is what was paid and credited, less what was paid back",
        """
        SELECT coalesce(r.bill, s.bill), coalesce(r.fen, 0), coalesce(s.fen, 0)
          FROM (SELECT bill, sum(fen) AS fen
                  FROM (SELECT bill, owed_fen AS fen FROM fee_credit WHERE book = %(book)s
                        UNION ALL SELECT bill, -amount_fen FROM fee_repayment WHERE book = %(book)s) x
                 GROUP BY bill) r
          FULL JOIN (SELECT split_part(a.address, ':', 3) AS bill, b.credits - b.debits AS fen
                       FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id
                      WHERE a.book = %(book)s AND a.address LIKE 'fees:owed-to-payer:%%') s ON s.bill = r.bill
         WHERE coalesce(r.fen, 0) <> coalesce(s.fen, 0)
        """,
    ),
    Law(
        "fees.use-billed-once",
        "一次使用同时只由一张未全额冲红的账单收费",
        "a use is charged by one bill at a time that was not credited in full",
        f"""
        SELECT l.charged_use, count(*) FROM fee_bill_line l
         WHERE l.book = %(book)s AND l.charged_use IS NOT NULL AND {STANDS}
         GROUP BY l.charged_use HAVING count(*) > 1
        """,  # noqa: S608  our own words
    ),
    Law(
        "fees.receipts",
        "账单的收款记录（减去冲减后应退的部分）与账上收到的金额一致",
        "what was recorded as received on a bill, less what is owed back of it, is what its account shows",
        f"""
        SELECT b.number, coalesce(r.received, 0), coalesce(w.cash, 0)
          FROM fee_bill b
          LEFT JOIN (SELECT bill, sum(fen) AS received FROM (
                         SELECT bill, amount_fen AS fen FROM fee_receipt f WHERE book = %(book)s AND {_STANDS}
                         UNION ALL SELECT bill, -owed_fen FROM fee_credit WHERE book = %(book)s) x
                      GROUP BY bill) r ON r.bill = b.number
          LEFT JOIN (SELECT bill, sum(leaves) AS cash
                       FROM ({PLACES} WHERE book = %(book)s) p
                      WHERE place = 'cash' GROUP BY bill) w ON w.bill = b.number
         WHERE b.book = %(book)s AND coalesce(r.received, 0) <> coalesce(w.cash, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "fees.written-off",
        "账单核销的金额等于已复核的核销（未冲销的）之和",
        "what was written off of a bill is what was signed and not reversed",
        f"""
        SELECT b.number, coalesce(r.given_up, 0), coalesce(w.gone, 0)
          FROM fee_bill b
          LEFT JOIN (SELECT p.bill, sum(p.amount_fen) AS given_up
                       FROM fee_write_off_end f
                       JOIN fee_write_off p ON p.book = f.book AND p.number = f.write_off
                      WHERE f.book = %(book)s AND f.outcome = 'posted' AND {_STANDS} GROUP BY 1) r
            ON r.bill = b.number
          LEFT JOIN (SELECT bill, sum(leaves) AS gone
                       FROM ({PLACES} WHERE book = %(book)s) p
                      WHERE place = 'written-off' GROUP BY bill) w ON w.bill = b.number
         WHERE b.book = %(book)s AND coalesce(r.given_up, 0) <> coalesce(w.gone, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "fees.minutes",
        "每台仪器每个用户的机时等于其使用记录之和",
        "the machine time of each instrument and user is the sum of its records of use",
        f"""
        SELECT coalesce(u.address, s.address), coalesce(u.minutes, 0), coalesce(s.minutes, 0)
          FROM (SELECT 'minutes:used:' || instrument || ':' || used_by AS address, sum(minutes) AS minutes
                  FROM fee_use f WHERE book = %(book)s AND NOT {TAKEN_BACK} GROUP BY 1) u
          FULL JOIN (SELECT a.address, v.debits - v.credits AS minutes
                       FROM account a JOIN balance v ON v.book = a.book AND v.account = a.id
                      WHERE a.book = %(book)s AND a.address LIKE 'minutes:used:%%') s ON s.address = u.address
         WHERE coalesce(u.minutes, 0) <> coalesce(s.minutes, 0)
        """,  # noqa: S608  our own words
    ),
)
