"""What must always hold of fees that become shares."""

from ledger.fees.store import PLACES
from ledger.journal.laws import Law

_CONVERTED = """
    SELECT c.number, c.agreement, c.unit, c.firm, p.version, p.converted_fen, p.new_registered_fen, s.command, w.block,
           w.position
      FROM equity_conversion_step s
      JOIN equity_conversion c ON c.book = s.book AND c.number = s.conversion
      JOIN command_place w ON w.book = s.book AND w.id = s.command
      JOIN LATERAL (SELECT * FROM equity_proposal p WHERE p.book = s.book AND p.conversion = s.conversion
                     ORDER BY p.version DESC LIMIT 1) p ON true
     WHERE s.book = %(book)s AND s.state = 'converted'
"""
"""What has converted, and where in the chain."""

_STANDS = """
    SELECT split_part(a.address, ':', 2) AS kind, split_part(a.address, ':', 3) AS firm, a.entity, a.address,
           CASE a.normal WHEN 'D' THEN b.debits - b.credits ELSE b.credits - b.debits END AS fen
      FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id
     WHERE a.book = %(book)s AND a.address LIKE 'equity:%%'
"""

LAWS = (
    Law(
        "equity.capital-held",
        "每家企业：各持有人与待登记的注册资本之和等于账上的注册资本，也等于已登记的资本加转股、减退出减资",
        "per firm: what is held and what awaits its registration is the capital issued, and that is what was recorded, "
        "with what converted since and without what was reduced",
        f"""
        WITH stands AS ({_STANDS}),
             known AS (SELECT DISTINCT ON (k.firm) k.firm, k.registered_fen, w.block, w.position
                         FROM equity_capital k JOIN command_place w ON w.book = k.book AND w.id = k.command
                        WHERE k.book = %(book)s ORDER BY k.firm, k.step DESC),
             gone AS (SELECT e.firm, e.sold_fen, w.block, w.position FROM equity_exit_step s
                        JOIN equity_exit e ON e.book = s.book AND e.number = s.exit_number
                        JOIN command_place w ON w.book = s.book AND w.id = s.command
                       WHERE s.book = %(book)s AND s.outcome = 'completed' AND e.kind = 'reduction')
        SELECT i.firm, i.issued, i.held, n.registered
          FROM (SELECT firm, coalesce(sum(fen) FILTER (WHERE kind = 'issued'), 0) AS issued,
                       coalesce(sum(fen) FILTER (WHERE kind IN ('holding', 'pending')), 0) AS held
                  FROM stands WHERE kind IN ('issued', 'holding', 'pending') GROUP BY firm) i
          FULL JOIN (SELECT k.firm, k.registered_fen
                            + coalesce((SELECT sum(c.new_registered_fen) FROM ({_CONVERTED}) c WHERE c.firm = k.firm
                                           AND (c.block, c.position) > (k.block, k.position)), 0)
                            - coalesce((SELECT sum(g.sold_fen) FROM gone g WHERE g.firm = k.firm
                                           AND (g.block, g.position) > (k.block, k.position)), 0) AS registered
                       FROM known k) n ON n.firm = i.firm
         WHERE i.issued IS DISTINCT FROM i.held OR i.issued IS DISTINCT FROM n.registered
        """,  # noqa: S608  our own words
    ),
    Law(
        "equity.fees-converted",
        "每张账单转为股权的金额等于已转股的明细之和",
        "what of each bill has become a share is what its conversions say",
        f"""
        SELECT coalesce(c.bill, w.bill), coalesce(c.fen, 0), coalesce(w.fen, 0)
          FROM (SELECT b.bill, sum(b.amount_fen) AS fen FROM ({_CONVERTED}) c
                  JOIN equity_proposal_bill b ON b.book = %(book)s AND b.conversion = c.number AND b.version = c.version
                 GROUP BY b.bill) c
          FULL JOIN (SELECT bill, sum(leaves) AS fen FROM ({PLACES} WHERE book = %(book)s) p
                      WHERE place = 'equity' GROUP BY bill) w ON w.bill = c.bill
         WHERE coalesce(c.fen, 0) <> coalesce(w.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "equity.proposals-add-up",
        "转股金额等于各账单之和，不超过评估值",
        "what converts is the sum of its bills, and no more than was appraised",
        f"""
        SELECT c.number, c.converted_fen, coalesce(sum(b.amount_fen), 0), v.appraised_fen
          FROM ({_CONVERTED}) c
          JOIN equity_conversion v ON v.book = %(book)s AND v.number = c.number
          LEFT JOIN equity_proposal_bill b ON b.book = %(book)s AND b.conversion = c.number AND b.version = c.version
         GROUP BY c.number, c.converted_fen, v.appraised_fen
        HAVING c.converted_fen <> coalesce(sum(b.amount_fen), 0) OR c.converted_fen > v.appraised_fen
        """,  # noqa: S608  our own words
    ),
    Law(
        "equity.cost",
        "每项持股的账面成本 = 转股金额 + 评估费 - 退出成本 - 已核销",
        "per holding: what it stands at is what converted and what the appraisals cost, less what went and was written "
        "down",
        f"""
        WITH moved AS (
            SELECT firm, unit, converted_fen AS fen FROM ({_CONVERTED}) c
            UNION ALL SELECT firm, unit, appraisal_fee_fen FROM equity_conversion WHERE book = %(book)s
            UNION ALL SELECT e.firm, e.unit, -s.cost_fen FROM equity_exit_step s
                        JOIN equity_exit e ON e.book = s.book AND e.number = s.exit_number
                       WHERE s.book = %(book)s AND s.outcome = 'completed'
            UNION ALL SELECT d.firm, d.unit, -d.amount_fen FROM equity_write_down_end x
                        JOIN equity_write_down d ON d.book = x.book AND d.number = x.write_down
                       WHERE x.book = %(book)s AND x.outcome = 'approved')
        SELECT coalesce(m.firm, s.firm), coalesce(m.unit, s.entity), coalesce(m.fen, 0), coalesce(s.fen, 0)
          FROM (SELECT firm, unit, sum(fen) AS fen FROM moved GROUP BY firm, unit) m
          FULL JOIN (SELECT firm, entity, sum(fen) AS fen FROM ({_STANDS}) s
                      WHERE kind IN ('investment', 'to-dispose') GROUP BY firm, entity) s
                    ON s.firm = m.firm AND s.entity = m.unit
         WHERE coalesce(m.fen, 0) <> coalesce(s.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "equity.dividends",
        "每项持股的应收股利 = 已宣告 - 已收到",
        "per holding: dividends to come are those declared less those received",
        f"""
        SELECT coalesce(d.firm, s.firm), coalesce(d.unit, s.entity), coalesce(d.fen, 0), coalesce(s.fen, 0)
          FROM (SELECT firm, unit, sum(dividend_fen - coalesce((
                           SELECT sum(r.amount_fen) FROM equity_dividend_receipt r
                            WHERE r.book = d.book AND r.dividend = d.number), 0)) AS fen
                  FROM equity_dividend d WHERE d.book = %(book)s GROUP BY firm, unit) d
          FULL JOIN (SELECT firm, entity, fen FROM ({_STANDS}) s WHERE kind = 'dividends') s
                    ON s.firm = d.firm AND s.entity = d.unit
         WHERE coalesce(d.fen, 0) <> coalesce(s.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "equity.one-agreement-per-bill",
        "计入协议的账单各有一项有效的股权凭据，反之亦然",
        "each bill that counts under an agreement has one live claim of evidence, and the other way round",
        """
        SELECT coalesce(a.number, e.subject), a.n, e.n
          FROM (SELECT a.number, count(*) AS n FROM equity_accrual a WHERE a.book = %(book)s
                   AND NOT EXISTS (SELECT FROM equity_accrual_release r WHERE r.book = a.book AND r.accrual = a.number)
                 GROUP BY 1) a
          FULL JOIN (SELECT e.subject, count(*) AS n FROM evidence_claim e
                      WHERE e.book = %(book)s AND e.funding = 'equity' AND e.subject_kind = 'equity-accrual'
                        AND NOT EXISTS (SELECT FROM evidence_release r WHERE r.book = e.book
                                           AND r.funding = e.funding AND r.digest = e.digest AND r.claim = e.claim)
                      GROUP BY 1) e ON e.subject = a.number
         WHERE a.n IS DISTINCT FROM e.n
        """,
    ),
    Law(
        "equity.own-need-first",
        "计入协议的机时不超过协议对外开放的机时",
        "no more machine time of an instrument counts under an agreement than is open under it",
        """
        SELECT a.agreement, u.instrument, sum(u.minutes), max(i.minutes_max)
          FROM equity_accrual a
          JOIN equity_accrual_use u ON u.book = a.book AND u.accrual = a.number
          JOIN LATERAL (SELECT i.minutes_max FROM equity_agreement_instrument i
                         WHERE i.book = a.book AND i.agreement = a.agreement AND i.instrument = u.instrument
                         ORDER BY i.version DESC LIMIT 1) i ON true
         WHERE a.book = %(book)s
           AND NOT EXISTS (SELECT FROM equity_accrual_release r WHERE r.book = a.book AND r.accrual = a.number)
         GROUP BY a.agreement, u.instrument HAVING sum(u.minutes) > max(i.minutes_max)
        """,
    ),
    Law(
        "equity.no-supervised-instrument",
        "计入、转股的使用日和签约日，所用仪器均不在当时已登记的海关监管期内",
        "by what was on record then, no instrument was under supervision on a day of use that was counted or converted "
        "or on the day of a signature",
        f"""
        WITH relied AS (
            SELECT u.instrument, u.first_on, u.last_on, a.command FROM equity_accrual a
              JOIN equity_accrual_use u ON u.book = a.book AND u.accrual = a.number WHERE a.book = %(book)s
            UNION ALL
            SELECT u.instrument, u.first_on, u.last_on, c.command FROM ({_CONVERTED}) c
              JOIN equity_proposal_bill b ON b.book = %(book)s AND b.conversion = c.number AND b.version = c.version
              JOIN equity_accrual_use u ON u.book = b.book AND u.accrual = b.accrual
            UNION ALL
            SELECT i.instrument, s.happened_on, s.happened_on, s.command FROM equity_agreement_step s
              JOIN equity_agreement_instrument i ON i.book = s.book AND i.agreement = s.agreement
                   AND i.version = (SELECT max(a.version) FROM equity_agreement a
                                     WHERE a.book = s.book AND a.number = s.agreement)
             WHERE s.book = %(book)s AND s.party <> '')
        SELECT r.instrument, r.first_on, r.last_on, v.item, v.since, v.until
          FROM relied r
          JOIN instrument_supervision v ON v.book = %(book)s AND v.instrument = r.instrument
               AND v.since <= r.last_on AND v.until >= r.first_on
          JOIN command_place own ON own.book = v.book AND own.id = r.command
          JOIN command_place before ON before.book = v.book AND before.id = v.recorded_by
         WHERE (before.block, before.position) < (own.block, own.position)
        """,  # noqa: S608  our own words
    ),
)
