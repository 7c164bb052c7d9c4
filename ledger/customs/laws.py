"""What must always hold of customs' goods."""

from ledger.fees.store import TAKEN_BACK
from ledger.journal.laws import Law

_STANDING = """
    SELECT s.exposure, s.state, s.duty_fen, s.vat_fen, s.consumption_fen
      FROM (SELECT DISTINCT ON (exposure) * FROM customs_exposure_step
             WHERE book = %(book)s ORDER BY exposure, step DESC) s
"""
"""The last step of every exposure."""

LAWS = (
    Law(
        "customs.at-risk",
        "每笔或有税款的账户余额等于其最后一步的金额；已排除、已缴纳的为零",
        "per exposure and kind of tax: what its account shows is what its last step says; nothing once cleared or paid",
        f"""
        SELECT coalesce(s.address, a.address), coalesce(s.fen, 0), coalesce(a.fen, 0)
          FROM (SELECT 'customs:at-risk:' || x.exposure || ':' || t.tax AS address,
                       CASE WHEN x.state IN ('cleared', 'paid') THEN 0 ELSE t.fen END AS fen
                  FROM ({_STANDING}) x
                  CROSS JOIN LATERAL (VALUES ('duty', x.duty_fen), ('vat', x.vat_fen),
                                             ('consumption', x.consumption_fen)) AS t (tax, fen)) s
          FULL JOIN (SELECT c.address, b.debits - b.credits AS fen
                       FROM account c JOIN balance b ON b.book = c.book AND b.account = c.id
                      WHERE c.book = %(book)s AND c.address LIKE 'customs:at-risk:%%') a ON a.address = s.address
         WHERE coalesce(s.fen, 0) <> coalesce(a.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "customs.estimates",
        "未经海关核定的或有税款等于各减免税货物估算之和",
        "what is at risk before customs has set it is the sum of what each item was counted with",
        f"""
        SELECT x.exposure, x.duty_fen, x.vat_fen, x.consumption_fen, t.duty, t.vat, t.consumption
          FROM ({_STANDING}) x
          LEFT JOIN (SELECT exposure, sum(duty_fen) AS duty, sum(vat_fen) AS vat, sum(consumption_fen) AS consumption
                       FROM (SELECT DISTINCT ON (exposure, item) * FROM customs_exposure_tax
                              WHERE book = %(book)s ORDER BY exposure, item, step DESC) l
                      GROUP BY exposure) t ON t.exposure = x.exposure
         WHERE x.state IN ('detected', 'under-review')
           AND (x.duty_fen, x.vat_fen, x.consumption_fen)
               <> (coalesce(t.duty, 0), coalesce(t.vat, 0), coalesce(t.consumption, 0))
        """,  # noqa: S608  our own words
    ),
    Law(
        "customs.out-of-scope-is-recorded",
        "每次超出许可范围的使用都有一条或有税款记录，许可范围内的没有",
        "each use out of scope has one exposure, each use in scope none",
        """
        SELECT coalesce(u.recorded_use, e.recorded_use), u.in_scope
          FROM (SELECT recorded_use, in_scope, reasons, consent FROM customs_use WHERE book = %(book)s) u
          FULL JOIN (SELECT recorded_use FROM customs_exposure WHERE book = %(book)s) e
                    ON e.recorded_use = u.recorded_use
         WHERE u.recorded_use IS NULL OR u.in_scope = (e.recorded_use IS NOT NULL)
            OR u.in_scope <> (u.reasons = '')
        """,
    ),
    Law(
        "customs.every-use-is-judged",
        "监管期内的每次使用都已判断",
        "each use of an instrument under supervision is judged",
        """
        SELECT u.number, s.item
          FROM customs_item_share s
          JOIN customs_item i ON i.book = s.book AND i.number = s.item
          LEFT JOIN customs_item_end x ON x.book = i.book AND x.item = i.number
          JOIN fee_use u ON u.book = s.book AND u.instrument = s.instrument
         WHERE s.book = %(book)s
           AND (u.started_at AT TIME ZONE 'Asia/Shanghai')::date <= least(i.supervised_until, x.ended_on)
           AND ((u.started_at + u.minutes * interval '1 minute' - interval '1 microsecond')
                AT TIME ZONE 'Asia/Shanghai')::date >= i.released_on
           AND NOT EXISTS (SELECT FROM customs_use j WHERE j.book = u.book AND j.recorded_use = u.number)
        """,
    ),
    Law(
        "customs.minutes",
        "每项海关同意的已用机时等于据以使用的记录之和",
        "the minutes used of each consent are those of the uses that rest on it and were not taken back",
        f"""
        SELECT coalesce(u.consent, a.consent), coalesce(u.minutes, 0), coalesce(a.minutes, 0)
          FROM (SELECT j.consent, sum(f.minutes) AS minutes FROM customs_use j
                  JOIN fee_use f ON f.book = j.book AND f.number = j.recorded_use
                 WHERE j.book = %(book)s AND j.in_scope AND j.consent IS NOT NULL AND NOT {TAKEN_BACK} GROUP BY 1) u
          FULL JOIN (SELECT split_part(c.address, ':', 3) AS consent, b.debits - b.credits AS minutes
                       FROM account c JOIN balance b ON b.book = c.book AND b.account = c.id
                      WHERE c.book = %(book)s AND c.address LIKE 'customs:consent-used:%%') a
                    ON a.consent = u.consent
         WHERE coalesce(u.minutes, 0) <> coalesce(a.minutes, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "customs.same-uses",
        "海关所见的使用起止时间与账单所据的使用记录一致",
        "the times by which a use was judged are those of the record that the bills read",
        """
        SELECT j.recorded_use FROM customs_use j
          JOIN fee_use f ON f.book = j.book AND f.number = j.recorded_use
         WHERE j.book = %(book)s AND (j.instrument <> f.instrument OR j.started_at <> f.started_at
               OR j.ended_at <> f.started_at + f.minutes * interval '1 minute')
        """,
    ),
    Law(
        "customs.consent-within-supervision",
        "海关同意的有效期不超过监管期",
        "no consent outlives the supervision",
        """
        SELECT c.number, c.version, c.valid_until FROM customs_consent c
         WHERE c.book = %(book)s AND c.valid_until > coalesce(
               (SELECT max(i.supervised_until) FROM customs_item_share s
                  JOIN customs_item i ON i.book = s.book AND i.number = s.item
                 WHERE s.book = c.book AND s.instrument = c.instrument), '-infinity')
        """,
    ),
)
