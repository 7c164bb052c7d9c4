"""What must always hold of vouchers, their budget and what units may claim."""

from ledger.budgets.laws import BUDGET
from ledger.budgets.store import carried_to
from ledger.journal.laws import Law
from ledger.vouchers.last_days import EXPIRES_ON, HOLD_UNTIL
from policies.vouchers.schemes import SCHEMES

_FACE = f"""
    SELECT v.scheme, v.year, v.number, split_part(a.address, ':', 2) AS bucket, a.entity, b.debits - b.credits AS fen,
           CASE split_part(a.address, ':', 2) WHEN 'redeemed' THEN split_part(a.address, ':', 4)::int
                ELSE {carried_to("v.book", "v.scheme", "charged.year")} END AS budget_year
      FROM voucher v
      JOIN account a ON a.book = v.book AND a.owner = 'voucher:' || v.number
      JOIN balance b ON b.book = a.book AND b.account = a.id
     CROSS JOIN LATERAL (
           SELECT CASE split_part(a.address, ':', 2) WHEN 'approved' THEN coalesce((
               SELECT x.year FROM voucher_claim_payable p
                 JOIN voucher_claim_bounce x ON x.book = p.book AND x.payable = p.payable
                WHERE p.book = v.book AND p.claim = split_part(a.address, ':', 4) AND p.budget_line = v.budget_line
                ORDER BY x.position DESC LIMIT 1), v.year) ELSE v.year END AS year) charged
     WHERE v.book = %(book)s
"""  # noqa: S608  our own words
"""What stands on each account of each voucher.

`budget_year` is the year of the budget behind it: the one that has paid it; else that of its issue, or the later one
that pays again what came back, and from there on the one to which that was carried over.
"""

_BUDGET = f"""
    SELECT * FROM ({BUDGET}) b WHERE b.scheme IN ({", ".join(f"'{scheme}'" for scheme in SCHEMES)})
"""  # noqa: S608  our own words
"""What stands on each budget account of the voucher schemes."""


def _mirrors(bucket: str, stands_as: str, zh: str, en: str) -> Law:
    """A bucket of the budget holds what stands on these accounts of its vouchers."""
    return Law(
        f"vouchers.{bucket}",
        zh,
        en,
        f"""
        SELECT coalesce(p.scheme, f.scheme) || ':' || coalesce(p.year, f.year), coalesce(p.fen, 0), coalesce(f.fen, 0)
          FROM (SELECT scheme, year, sum(fen) AS fen FROM ({_BUDGET}) x WHERE bucket = '{bucket}' GROUP BY 1, 2) p
          FULL JOIN (SELECT scheme, budget_year AS year, sum(fen) AS fen FROM ({_FACE}) y
                      WHERE bucket IN ({stands_as}) GROUP BY 1, 2) f
            ON f.scheme = p.scheme AND f.year = p.year
         WHERE coalesce(p.fen, 0) <> coalesce(f.fen, 0)
        """,  # noqa: S608  our own words
    )


LAWS = (
    Law(
        "vouchers.face-conserved",
        "每张创新券：未了结、已兑付与各类失效的券额之和等于发放额",
        "per voucher: what is open, redeemed and retired adds up to what was issued",
        f"""
        SELECT v.number, v.face_fen, coalesce(f.fen, 0)
          FROM voucher v LEFT JOIN (SELECT number, sum(fen) AS fen FROM ({_FACE}) x GROUP BY 1) f ON f.number = v.number
         WHERE v.book = %(book)s AND v.face_fen <> coalesce(f.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "vouchers.face-of-a-voucher",
        "券额账户都属于已登记的创新券，且各账户之和等于发放总额",
        "every account of face value belongs to a voucher on record, and together they hold what was issued",
        f"""
        SELECT a.address, b.debits, b.credits
          FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id
         WHERE a.book = %(book)s AND a.asset = 'VOUCHER' AND a.owner LIKE 'voucher:%%'
           AND NOT EXISTS (SELECT 1 FROM voucher v WHERE v.book = a.book AND 'voucher:' || v.number = a.owner)
        UNION ALL
        SELECT a.address, b.credits - b.debits, coalesce(f.fen, 0)
          FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id
          LEFT JOIN (SELECT scheme, year, sum(fen) AS fen FROM ({_FACE}) x GROUP BY 1, 2) f
            ON a.address = 'vouchers:issued:' || f.scheme || ':' || f.year
         WHERE a.book = %(book)s AND a.address LIKE 'vouchers:issued:%%' AND b.credits - b.debits <> coalesce(f.fen, 0)
        """,  # noqa: S608  our own words
    ),
    _mirrors(
        "committed",
        "'available', 'held', 'redeemable', 'in-claim'",
        "每个计划和年度：已占用预算 = 可用、预留、可兑付、申请中券额之和",
        "per scheme and year: committed budget is the face value available, held, redeemable or in a claim",
    ),
    _mirrors(
        "obligated",
        "'approved'",
        "每个计划和年度：待支付预算 = 已批准券额",
        "per scheme and year: obligated budget is the face value approved",
    ),
    _mirrors(
        "expended",
        "'redeemed'",
        "每个计划和年度：已支出预算 = 已兑付券额",
        "per scheme and year: expended budget is the face value redeemed",
    ),
    Law(
        "vouchers.receivable",
        "每个单位：应收创新券款 = 其可兑付、申请中、已批准的券额",
        "per unit: what its bills expect from vouchers is the face value redeemable, in a claim or approved there",
        f"""
        SELECT coalesce(b.entity, f.entity), coalesce(b.fen, 0) AS on_bills, coalesce(f.fen, 0) AS on_vouchers
          FROM (SELECT a.entity, sum(s.debits - s.credits) AS fen
                  FROM account a JOIN balance s ON s.book = a.book AND s.account = a.id
                 WHERE a.book = %(book)s AND a.address LIKE 'fees:voucher:%%' GROUP BY 1) b
          FULL JOIN (SELECT x.entity, sum(x.fen) AS fen FROM ({_FACE}) x
                       JOIN party u ON u.book = %(book)s AND u.code = x.entity AND u.kind = 'unit'
                      WHERE x.bucket IN ('redeemable', 'in-claim', 'approved') GROUP BY 1) f ON f.entity = b.entity
         WHERE coalesce(b.fen, 0) <> coalesce(f.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "vouchers.payable",
        "每份兑付申请：应付政府补贴款 = 已批准未支付的券额",
        "per claim: what the commission owes on it is the face value approved and not yet paid",
        """
        SELECT c.number, coalesce(p.fen, 0) AS payable, coalesce(f.fen, 0) AS approved
          FROM voucher_claim c
          LEFT JOIN (SELECT a.address, b.credits - b.debits AS fen FROM account a
                       JOIN balance b ON b.book = a.book AND b.account = a.id
                      WHERE a.book = %(book)s AND a.address LIKE 'payable:%%') p ON p.address = 'payable:' || c.number
          LEFT JOIN (SELECT split_part(a.address, ':', 4) AS claim, sum(b.debits - b.credits) AS fen FROM account a
                       JOIN balance b ON b.book = a.book AND b.account = a.id
                      WHERE a.book = %(book)s AND a.address LIKE 'vouchers:approved:%%' GROUP BY 1) f
            ON f.claim = c.number
         WHERE c.book = %(book)s AND coalesce(p.fen, 0) <> coalesce(f.fen, 0)
        """,
    ),
    Law(
        "vouchers.bounced",
        "每个计划和年度：退回的预算 = 该年度支付、以后年度退回的款项",
        "per scheme and year: the bounced budget is what was paid from it and came back in a later year",
        f"""
        SELECT coalesce(p.id, x.id), coalesce(p.fen, 0) AS budget, coalesce(x.fen, 0) AS came_back
          FROM (SELECT scheme || ':' || year AS id, sum(fen) AS fen FROM ({_BUDGET}) b
                 WHERE bucket = 'bounced' GROUP BY 1) p
          FULL JOIN (SELECT y.scheme || ':' || {carried_to("y.book", "y.scheme", "y.year", "y.block")} AS id,
                            sum(y.amount_fen) AS fen FROM (
                        SELECT c.book, c.scheme, b.paid_on, x.bounced_on, k.block,
                               q.amount_fen - coalesce(f.offset_fen, 0) AS amount_fen,
                               lag(x.year, 1, c.year) OVER (PARTITION BY x.payable ORDER BY x.position) AS year
                          FROM voucher_claim_bounce x
                          JOIN voucher_claim_payment b
                            ON b.book = x.book AND b.payable = x.payable AND b.batch = x.batch
                          JOIN command k ON k.book = b.book AND k.id = b.command
                          JOIN voucher_claim_payable v ON v.book = x.book AND v.payable = x.payable
                          JOIN voucher_claim c ON c.book = v.book AND c.number = v.claim
                          JOIN payable q ON q.book = x.book AND q.number = x.payable
                          LEFT JOIN payment_batch_line_offset f
                            ON f.book = x.book AND f.batch = x.batch AND f.payable = x.payable
                         WHERE x.book = %(book)s) y
                      WHERE extract(year FROM y.paid_on) < extract(year FROM y.bounced_on) GROUP BY 1) x ON x.id = p.id
         WHERE coalesce(p.fen, 0) <> coalesce(x.fen, 0)
        """,  # noqa: S608  our own words
    ),
    Law(
        "vouchers.contract-evidence",
        "每个有效合同都占用其合同编号这一凭据",
        "every contract that has not ended holds its contract number as evidence",
        """
        SELECT c.number, c.contract_number
          FROM voucher_contract c
         WHERE c.book = %(book)s
           AND NOT EXISTS (SELECT 1 FROM voucher_contract_end x WHERE x.book = c.book AND x.contract = c.number)
           AND NOT EXISTS (
               SELECT 1 FROM evidence_claim e
                LEFT JOIN evidence_release r ON r.book = e.book AND r.funding = e.funding AND r.digest = e.digest
                      AND r.claim = e.claim
                WHERE e.book = c.book AND e.funding = 'voucher' AND e.subject_kind = 'voucher.contract'
                  AND e.subject = c.number AND r.claim IS NULL)
        """,
    ),
    Law(
        "vouchers.refusals",
        "每条不予兑付的明细：合同因此终止，撤销的券额等于明细金额",
        "every refused line has ended its contract, and what was revoked for refusals is what the lines were",
        """
        SELECT coalesce(x.contract, e.contract), x.claim, e.outcome
          FROM (SELECT * FROM voucher_claim_refusal WHERE book = %(book)s) x
          FULL JOIN (SELECT * FROM voucher_contract_end WHERE book = %(book)s AND outcome = 'refused') e
            ON e.contract = x.contract
         WHERE x.contract IS NULL OR e.contract IS NULL
        UNION ALL
        SELECT coalesce(l.voucher, t.voucher), coalesce(l.fen, 0)::text, coalesce(t.fen, 0)::text
          FROM (SELECT c.voucher, sum(n.amount_fen) AS fen
                  FROM voucher_claim_refusal x
                  JOIN voucher_claim_line n ON n.book = x.book AND n.claim = x.claim AND n.contract = x.contract
                  JOIN voucher_contract c ON c.book = x.book AND c.number = x.contract
                 WHERE x.book = %(book)s GROUP BY 1) l
          FULL JOIN (SELECT split_part(a.address, ':', 3) AS voucher, sum(m.amount) AS fen
                       FROM account a
                       JOIN transfer m ON m.book = a.book AND m.debit = a.id
                       JOIN entry e ON e.book = m.book AND e.seq = m.seq AND e.template = 'voucher.refuse-line'
                      WHERE a.book = %(book)s AND a.address LIKE 'vouchers:revoked:%%' GROUP BY 1) t
            ON t.voucher = l.voucher
         WHERE coalesce(l.fen, 0) <> coalesce(t.fen, 0)
        """,
    ),
    Law(
        "vouchers.bill-accepted-once",
        "一张账单同时只由一个有效合同验收，每个配套计划至多再有一个",
        "a bill is accepted by one live contract at a time, and by one more of each scheme that matches it",
        """
        SELECT a.bill, coalesce(m.scheme, ''), count(*)
          FROM voucher_acceptance a
          LEFT JOIN voucher_contract_match m ON m.book = a.book AND m.contract = a.contract
         WHERE a.book = %(book)s
           AND NOT EXISTS (SELECT 1 FROM voucher_contract_end x WHERE x.book = a.book AND x.contract = a.contract)
         GROUP BY 1, 2 HAVING count(*) > 1
        """,
    ),
    Law(
        "vouchers.matched",
        "配套合同与被配套合同为同一持券人、同一单位、同一合同编号，验收时为同一账单",
        "a contract that matches another is of the same holder, unit and contract number, and accepted with its bill",
        """
        SELECT m.contract, m.matches, m.scheme
          FROM voucher_contract_match m
          LEFT JOIN voucher_contract c ON c.book = m.book AND c.number = m.contract
          LEFT JOIN voucher v ON v.book = c.book AND v.number = c.voucher
          LEFT JOIN voucher_contract o ON o.book = m.book AND o.number = m.matches
          LEFT JOIN voucher w ON w.book = o.book AND w.number = o.voucher
          LEFT JOIN voucher_acceptance a ON a.book = m.book AND a.contract = m.contract
          LEFT JOIN voucher_acceptance b ON b.book = m.book AND b.contract = m.matches
         WHERE m.book = %(book)s
           AND (v.number IS NULL OR w.number IS NULL OR v.scheme <> m.scheme OR v.holder <> w.holder
                OR c.unit <> o.unit OR c.contract_number <> o.contract_number
                OR a.bill IS NOT NULL AND a.bill IS DISTINCT FROM b.bill
                OR EXISTS (SELECT 1 FROM voucher_contract_match n WHERE n.book = m.book AND n.contract = m.matches))
        """,
    ),
    Law(
        "vouchers.credited",
        "账单冲红后重新核定、尚未申请兑付的合同：可兑付券额等于核定的数额",
        "a contract whose bill was credited and that is in no claim has what its share was computed to be",
        """
        SELECT d.contract, d.share_fen, coalesce(b.debits - b.credits, 0)
          FROM (SELECT DISTINCT ON (contract) contract, share_fen FROM voucher_credit
                 WHERE book = %(book)s ORDER BY contract, position DESC) d
          JOIN voucher_contract c ON c.book = %(book)s AND c.number = d.contract
          LEFT JOIN account a ON a.book = c.book AND a.address = 'vouchers:redeemable:' || c.voucher || ':' || c.number
          LEFT JOIN balance b ON b.book = a.book AND b.account = a.id
         WHERE NOT EXISTS (SELECT 1 FROM voucher_claim_line l WHERE l.book = c.book AND l.contract = c.number)
           AND (EXISTS (SELECT 1 FROM voucher_contract_end e WHERE e.book = c.book AND e.contract = c.number)
                    AND coalesce(b.debits - b.credits, 0) <> 0
                OR NOT EXISTS (SELECT 1 FROM voucher_contract_end e WHERE e.book = c.book AND e.contract = c.number)
                    AND coalesce(b.debits - b.credits, 0) <> d.share_fen)
        """,
    ),
    Law(
        "vouchers.set-off",
        "每次抵扣：计入兑付申请各项的金额之和等于抵扣金额",
        "per offset against a claim: what counts as paid of its lines is what was set off",
        """
        SELECT coalesce(o.payable, x.payable) || ' ' || coalesce(o.position, x.position), coalesce(o.amount_fen, 0),
               coalesce(x.fen, 0)
          FROM (SELECT f.* FROM payable_offset f
                  JOIN voucher_claim_payable p ON p.book = f.book AND p.payable = f.payable
                 WHERE f.book = %(book)s) o
          FULL JOIN (SELECT payable, position, sum(amount_fen) AS fen FROM voucher_claim_offset
                      WHERE book = %(book)s GROUP BY 1, 2) x ON x.payable = o.payable AND x.position = o.position
         WHERE o.amount_fen IS DISTINCT FROM x.fen
        """,
    ),
    Law(
        "vouchers.recovered",
        "每个计划和年度：退款退回和已追缴的券额 = 待追回、已追回、已恢复、已核销的预算；每笔应追回款项与其登记一致",
        "per scheme and year: face value returned and clawed back is the budget recovering, recovered, reinstated and "
        "written off; every obligation is what was recorded for its contract",
        f"""
        SELECT coalesce(p.id, r.id), coalesce(p.fen, 0) AS budget, coalesce(r.fen, 0) AS recorded
          FROM (SELECT scheme || ':' || year AS id, sum(fen) AS fen FROM ({_BUDGET}) b
                 WHERE bucket IN ('recovering', 'recovered', 'reinstated', 'written-off') GROUP BY 1) p
          FULL JOIN (SELECT v.scheme || ':' || r.year AS id, sum(r.amount_fen) AS fen
                       FROM voucher_recovery r JOIN voucher v ON v.book = r.book AND v.number = r.voucher
                      WHERE r.book = %(book)s GROUP BY 1) r ON r.id = p.id
         WHERE coalesce(p.fen, 0) <> coalesce(r.fen, 0)
        UNION ALL
        SELECT coalesce(f.id, r.id), coalesce(f.fen, 0), coalesce(r.fen, 0)
          FROM (SELECT number || ' ' || bucket AS id, sum(fen) AS fen FROM ({_FACE}) y
                 WHERE bucket IN ('returned', 'clawed-back') GROUP BY 1) f
          FULL JOIN (SELECT voucher || CASE kind WHEN 'voucher.refund' THEN ' returned' ELSE ' clawed-back' END AS id,
                            sum(amount_fen) AS fen FROM voucher_recovery WHERE book = %(book)s GROUP BY 1) r
            ON r.id = f.id
         WHERE coalesce(f.fen, 0) <> coalesce(r.fen, 0)
        UNION ALL
        SELECT coalesce(o.number, r.obligation), coalesce(o.amount_fen, 0), coalesce(r.amount_fen, 0)
          FROM (SELECT * FROM obligation WHERE book = %(book)s
                   AND subject_kind IN ('voucher.refund', 'voucher.claw-back')) o
          FULL JOIN (SELECT * FROM voucher_recovery WHERE book = %(book)s) r
            ON r.obligation = o.number AND r.contract = o.subject AND r.kind = o.subject_kind AND r.year = o.year
         WHERE o.amount_fen IS DISTINCT FROM r.amount_fen
        """,  # noqa: S608  our own words
    ),
    Law(
        "vouchers.revoked",
        "已撤销的创新券没有未了结的券额",
        "nothing of a revoked voucher is open",
        f"""
        SELECT f.number, f.bucket, sum(f.fen)
          FROM ({_FACE}) f JOIN voucher_revocation r ON r.book = %(book)s AND r.voucher = f.number
         WHERE f.bucket IN ('available', 'held', 'redeemable', 'in-claim')
         GROUP BY 1, 2 HAVING sum(f.fen) <> 0
        """,  # noqa: S608  our own words
    ),
    Law(
        "vouchers.opened",
        "已复核的期初清单：每一行都有一张券，持券人、面额和起止日期一致",
        "every line of a signed opening list is a voucher of the same holder, face value and days",
        """
        SELECT o.number, o.legacy_number, v.number
          FROM voucher_opening o
          JOIN voucher_opening_list_end e
            ON e.book = o.book AND e.list_number = o.list_number AND e.outcome = 'posted'
          LEFT JOIN voucher v ON v.book = o.book AND v.application = o.number
         WHERE o.book = %(book)s
           AND (v.number IS NULL OR (v.holder, v.scheme, v.year, v.face_fen, v.issued_on, v.expires_on, v.budget_line)
                                <> (o.holder, o.scheme, o.year, o.face_fen, o.issued_on, o.expires_on, o.budget_line))
        """,
    ),
    Law(
        "vouchers.hold-within-voucher",
        "预留不晚于创新券到期",
        "no reservation outlives its voucher",
        f"""
        SELECT c.number, {HOLD_UNTIL}, {EXPIRES_ON}
          FROM voucher_contract c JOIN voucher v ON v.book = c.book AND v.number = c.voucher
         WHERE c.book = %(book)s AND {HOLD_UNTIL} > {EXPIRES_ON}
        """,  # noqa: S608  our own words
    ),
    Law(
        "vouchers.extensions",
        "每次延期都从创新券原有的最后一日起算",
        "every extension of a voucher begins at the last day it had",
        """
        SELECT x.voucher, x.position, x.extends, coalesce(b.expires_on, v.expires_on)
          FROM voucher_extension x
          LEFT JOIN voucher v ON v.book = x.book AND v.number = x.voucher
          LEFT JOIN voucher_extension b ON b.book = x.book AND b.voucher = x.voucher AND b.position = x.position - 1
         WHERE x.book = %(book)s
           AND (v.number IS NULL OR x.position > 1 AND b.voucher IS NULL
                OR x.extends <> coalesce(b.expires_on, v.expires_on))
        """,
    ),
)
