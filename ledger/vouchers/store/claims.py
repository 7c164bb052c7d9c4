"""Claims with their lines, steps and payables."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from ledger.budgets.store import carried_to
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.registry.store import PARTIES
from ledger.vouchers.claim_values import Charge, Claim, ClaimLine, ClaimPayable, RefusedLine, SetOff
from ledger.vouchers.refusal_reasons import RefusalReason
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store.claim_histories import claim_histories
from ledger.vouchers.store.panels import opinions_of

_SET_OFF = (
    "EXISTS (SELECT FROM payable_offset o WHERE o.book = p.book AND o.payable = p.payable "
    "AND o.offset_fen = o.payable_fen)"
)
"""Whether all of the payable `p` was set off against what its payee owes."""
_PAID = (
    "(EXISTS (SELECT FROM voucher_claim_payment b WHERE b.book = p.book AND b.payable = p.payable "  # noqa: S608  our own words
    "AND NOT EXISTS (SELECT FROM voucher_claim_bounce x "
    f"WHERE x.book = b.book AND x.payable = b.payable AND x.batch = b.batch)) OR {_SET_OFF})"
)
"""Whether a payment of the payable `p` was confirmed and has not come back, or nothing is left to be paid."""

_PAYABLES = f"""
    SELECT p.claim, p.payable, p.budget_line, paid.block IS NOT NULL OR {_SET_OFF},
           {carried_to("c.book", "c.scheme", "charged.year", "coalesce(paid.block, 9223372036854775807)")},
           charged.budget_line, {carried_to("c.book", "c.scheme", "charged.year")}, charged.bounces
      FROM voucher_claim_payable p
      JOIN voucher_claim c ON c.book = p.book AND c.number = p.claim
      LEFT JOIN LATERAL (SELECT year, budget_line, position FROM voucher_claim_bounce
                          WHERE book = p.book AND payable = p.payable ORDER BY position DESC LIMIT 1) x ON true
      LEFT JOIN LATERAL (SELECT k.block FROM voucher_claim_payment b
                           JOIN command k ON k.book = b.book AND k.id = b.command
                          WHERE b.book = p.book AND b.payable = p.payable
                            AND NOT EXISTS (SELECT FROM voucher_claim_bounce y WHERE y.book = b.book
                                               AND y.payable = b.payable AND y.batch = b.batch)) paid ON true
     CROSS JOIN LATERAL (SELECT coalesce(x.year, c.year) AS year, coalesce(x.budget_line, p.budget_line) AS budget_line,
                                coalesce(x.position, 0) AS bounces) charged
     WHERE p.book = %s AND p.claim = ANY(%s) ORDER BY p.claim, p.budget_line
"""  # noqa: S608  our own words
"""What pays each payable: the budget of its claim, or the later one charged when a payment came back; and the year to
which that has been carried, as it was when it was paid and as it is now."""


def claim_states(reader: Reader, numbers: Collection[str]) -> dict[str, ClaimState]:
    rows = reader.rows(
        "SELECT c.number, s.step, NOT EXISTS (SELECT FROM voucher_claim_payable p "  # noqa: S608  our own words
        f"  WHERE p.book = c.book AND p.claim = c.number AND NOT {_PAID}) FROM voucher_claim c "
        "LEFT JOIN LATERAL (SELECT step FROM voucher_claim_step s WHERE s.book = c.book AND s.claim = c.number "
        "ORDER BY position DESC LIMIT 1) s ON true WHERE c.book = %s AND c.number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    return {number: _claim_state(step, all_paid=all_paid) for number, step, all_paid in rows}


def _claim_state(step: str | None, *, all_paid: bool) -> ClaimState:
    if step == ClaimState.APPROVED and all_paid:
        return ClaimState.PAID
    return ClaimState(step or ClaimState.FILED)


def load_claims(reader: Reader, numbers: Collection[str]) -> Mapping[str, Claim]:
    """Claims with their lines, refused ones apart, their steps and payables, in nine statements."""
    wanted = list(numbers)
    states = claim_states(reader, wanted)
    lines: dict[str, list[ClaimLine]] = defaultdict(list)
    refused: dict[str, list[RefusedLine]] = defaultdict(list)
    for claim, reason, sentence, *rest in reader.rows(
        "SELECT l.claim, x.reason_code, x.sentence, l.contract, c.voucher, v.holder, c.unit, a.bill, l.amount_fen, "
        "v.budget_line, coalesce(d.calculation, a.calculation), coalesce(d.citation, a.citation) "
        "FROM voucher_claim_line l "
        "JOIN voucher_contract c ON c.book = l.book AND c.number = l.contract "
        "JOIN voucher v ON v.book = c.book AND v.number = c.voucher "
        "JOIN voucher_acceptance a ON a.book = l.book AND a.contract = l.contract "
        "LEFT JOIN LATERAL (SELECT calculation, citation FROM voucher_credit WHERE book = l.book "
        "AND contract = l.contract AND share_fen = l.amount_fen ORDER BY position DESC LIMIT 1) d ON true "
        "LEFT JOIN voucher_claim_refusal x ON x.book = l.book AND x.claim = l.claim AND x.contract = l.contract "
        "WHERE l.book = %s AND l.claim = ANY(%s) ORDER BY l.claim, l.contract",
        reader.book,
        wanted,
    ):
        line = ClaimLine(**dict(zip(_LINE_FIELDS, rest, strict=True)))
        if reason is None:
            lines[claim].append(line)
        else:
            refused[claim].append(RefusedLine(line=line, reason=RefusalReason(reason), sentence=sentence))
    steps: dict[str, tuple[int, date | None, str, str | None]] = {
        claim: (count, notice, review, reviewer)
        for claim, count, notice, review, reviewer in reader.rows(
            "SELECT claim, count(*)::int4, max(notice_until), "
            "coalesce(max(reason) FILTER (WHERE step = 'passed'), ''), max(person) FILTER (WHERE step = 'passed') "
            "FROM voucher_claim_step "
            "WHERE book = %s AND claim = ANY(%s) GROUP BY claim",
            reader.book,
            wanted,
        )
    }
    payables: dict[str, list[ClaimPayable]] = defaultdict(list)
    for claim, payable, budget_line, paid, year, charged_line, open_in, bounces in reader.rows(
        _PAYABLES, reader.book, wanted
    ):
        charge = Charge(year, charged_line)
        payables[claim].append(ClaimPayable(payable, budget_line, paid, charge, open_in, bounces))
    set_off: dict[str, list[SetOff]] = defaultdict(list)
    for claim, contract, year, line_code, fen in reader.rows(
        "SELECT claim, contract, year, budget_line, amount_fen FROM voucher_claim_offset "
        "WHERE book = %s AND claim = ANY(%s) ORDER BY claim, payable, position, contract",
        reader.book,
        wanted,
    ):
        set_off[claim].append(SetOff(contract, Charge(year, line_code), fen))
    recovered = _recovered(reader, wanted)
    histories = claim_histories(reader, wanted)
    opinions = opinions_of(reader, wanted)
    found = {}
    for number, unit, on_bill, scheme, year, borne_by, operator, filed_on in reader.rows(
        "SELECT c.number, c.unit, p.kind = 'unit', c.scheme, c.year, "  # noqa: S608  our own words
        f"{carried_to('c.book', 'c.scheme', 'c.year')}, c.operator, c.filed_on FROM voucher_claim c "
        "JOIN party p ON p.book = c.book AND p.code = c.unit WHERE c.book = %s AND c.number = ANY(%s)",
        reader.book,
        wanted,
    ):
        count, notice_until, review, reviewer = steps.get(number, (0, None, "", None))
        found[number] = Claim(
            number=number,
            unit=unit,
            on_bill=on_bill,
            scheme=scheme,
            year=year,
            budget_year=borne_by,
            operator=operator,
            filed_on=filed_on,
            state=states[number],
            steps=count,
            notice_until=notice_until,
            lines=tuple(replace(line, recovered=recovered.get(line.contract, {})) for line in lines[number]),
            set_off=tuple(set_off[number]),
            refused=tuple(refused[number]),
            opinions=opinions.get(number, ()),
            review=review,
            reviewer=reviewer,
            corrects=histories[number].corrects,
            sent_back=histories[number].sent_back,
            correct_until=histories[number].correct_until,
            corrected_by=histories[number].corrected_by,
            payables=tuple(payables[number]),
        )
    return found


def _recovered(reader: Reader, claims: Collection[str]) -> Mapping[str, Mapping[Charge, int]]:
    """By contract in these claims: what is owed back of it by decision, by the budget that had paid it."""
    found: dict[str, dict[Charge, int]] = defaultdict(dict)
    for contract, year, line, fen in reader.rows(
        "SELECT r.contract, r.year, o.budget_line, sum(r.amount_fen)::int8 FROM voucher_recovery r "
        "JOIN obligation o ON o.book = r.book AND o.number = r.obligation WHERE r.book = %s AND r.contract IN ("
        "SELECT l.contract FROM voucher_claim_line l WHERE l.book = %s AND l.claim = ANY(%s)) GROUP BY 1, 2, 3",
        reader.book,
        reader.book,
        list(claims),
    ):
        found[contract][Charge(year, line)] = fen
    return found


_LINE_FIELDS = (
    "contract",
    "voucher",
    "holder",
    "unit",
    "bill",
    "amount_fen",
    "budget_line",
    "calculation",
    "citation",
)


def load_claims_of_payables(reader: Reader, payables: Collection[str]) -> Mapping[str, str]:
    """The claim that a payable pays; nothing for payables of other slices."""
    return dict(
        reader.rows(
            "SELECT payable, claim FROM voucher_claim_payable WHERE book = %s AND payable = ANY(%s)",
            reader.book,
            list(payables),
        )
    )


def follow_payables(reader: Reader, payables: Collection[str]) -> Mapping[str, Keys]:
    return {payable: CLAIMS.keys(claim) for payable, claim in load_claims_of_payables(reader, payables).items()}


def follow_claims(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Who claims."""
    return {
        number: PARTIES.keys(unit)
        for number, unit in reader.rows(
            "SELECT number, unit FROM voucher_claim WHERE book = %s AND number = ANY(%s)", reader.book, list(numbers)
        )
    }


CLAIMS = Aggregate[Claim]("voucher-claim", load_claims, follow_claims, what="兑付申请/claim")
CLAIMS_OF_PAYABLES = Aggregate[str](
    "voucher-claim-payable", load_claims_of_payables, follow_payables, what="应付事项/payable", locked=False
)
