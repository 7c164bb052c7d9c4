"""How agreements, conversions and holdings are loaded. A firm's capital has one lock, an agreement another."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from ledger.approvals.values import request_number
from ledger.equity.addresses import holding
from ledger.equity.values import (
    OTHERS,
    Accrual,
    Agreement,
    AgreementState,
    Company,
    Conversion,
    ConversionState,
    ConvertedBill,
    CountedUse,
    Dividend,
    Exit,
    ExitKind,
    NamedInstrument,
    Proposal,
    Resolution,
    Supply,
    Valuation,
    WriteDown,
)
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.fees.evidence import evidence_digest, evidence_key
from ledger.fees.store import BILLS, EVIDENCE, TAKEN_BACK, use_of
from ledger.fees.values import Funding, Use
from ledger.registry.store import INSTRUMENTS, PARTIES, TARIFFS
from ledger.registry.supervision import SUPERVISED_DAYS

AGREEMENT = "equity.agreement"
CONVERSION = "equity.conversion"
EXIT = "equity.exit"
WRITE_DOWN = "equity.write-down"
"""Kinds of subject under which these are approved."""


def bill_evidence(bill: str) -> str:
    """Id, in EVIDENCE, of a bill as what supports a share."""
    return evidence_key(Funding.EQUITY, evidence_digest("bill", bill))


# -- agreements --------------------------------------------------------------------------------------------------------

_AGREEMENT = (
    "number, version, unit, firm, document_number, supply, share_max, vat_in_cash, related, valid_from, valid_until, "
    "min(submitted_on) OVER (PARTITION BY number)"
)


def load_agreements(reader: Reader, numbers: Collection[str]) -> Mapping[str, Agreement]:
    """In their last versions, with what counts under them."""
    wanted = list(numbers)
    heads = reader.rows(
        f"SELECT DISTINCT ON (number) {_AGREEMENT} FROM equity_agreement "  # noqa: S608  our own words
        "WHERE book = %s AND number = ANY(%s) ORDER BY number, version DESC",
        reader.book,
        wanted,
    )
    named: dict[tuple[str, int], list[NamedInstrument]] = defaultdict(list)
    for agreement, version, instrument, minutes_max in reader.rows(
        "SELECT agreement, version, instrument, minutes_max FROM equity_agreement_instrument "
        "WHERE book = %s AND agreement = ANY(%s) ORDER BY instrument",
        reader.book,
        wanted,
    ):
        named[agreement, version].append(NamedInstrument(instrument, minutes_max))
    steps = _agreement_steps(reader, wanted)
    reviewed = {
        subject
        for (subject,) in reader.rows(
            "SELECT s.subject FROM (SELECT DISTINCT ON (number) number, subject, version FROM approval_request "
            "  WHERE book = %s AND number = ANY(%s) ORDER BY number, version DESC) s "
            "WHERE EXISTS (SELECT FROM approval_step a WHERE a.book = %s AND a.request = s.number "
            "              AND a.version = s.version AND a.decision = 'approved')",
            reader.book,
            [request_number(AGREEMENT, number) for number in wanted],
            reader.book,
        )
    }
    accruals = _accruals(reader, wanted)
    conversions: dict[str, list[str]] = defaultdict(list)
    for agreement, number in reader.rows(
        "SELECT agreement, number FROM equity_conversion WHERE book = %s AND agreement = ANY(%s) "
        "ORDER BY recorded_on, number",
        reader.book,
        wanted,
    ):
        conversions[agreement].append(number)
    return {
        row[0]: _agreement(
            row,
            tuple(named[row[0], row[1]]),
            steps[row[0]],
            tuple(accruals[row[0]]),
            tuple(conversions[row[0]]),
            reviewed=row[0] in reviewed,
        )
        for row in heads
    }


def _agreement_steps(reader: Reader, wanted: list[str]) -> Mapping[str, list[tuple[Any, ...]]]:
    steps: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for agreement, *step in reader.rows(
        "SELECT agreement, state, party, document_number, reason, happened_on FROM equity_agreement_step "
        "WHERE book = %s AND agreement = ANY(%s) ORDER BY agreement, step",
        reader.book,
        wanted,
    ):
        steps[agreement].append(tuple(step))
    return steps


def _agreement(  # each part has its name
    row: tuple[Any, ...],
    named: tuple[NamedInstrument, ...],
    steps: list[tuple[Any, ...]],
    accruals: tuple[Accrual, ...],
    conversions: tuple[str, ...],
    *,
    reviewed: bool,
) -> Agreement:
    state = AgreementState(steps[-1][0]) if steps else AgreementState.DRAFT
    if state is AgreementState.UNIT_DECIDED and reviewed:
        state = AgreementState.DEPT_REVIEWED
    if state is AgreementState.SIGNED and accruals:
        state = AgreementState.ACCRUING
    decided = next((step for step in reversed(steps) if step[0] == AgreementState.UNIT_DECIDED.value), None)
    return Agreement(
        number=row[0],
        version=row[1],
        unit=row[2],
        firm=row[3],
        document_number=row[4],
        supply=Supply(row[5]),
        share_max=row[6],
        vat_in_cash=row[7],
        related=row[8],
        valid_from=row[9],
        valid_until=row[10],
        submitted_on=row[11],
        named=named,
        state=state,
        steps=len(steps),
        feasibility_number=decided[3] if decided else "",
        decision_number=decided[2] if decided else "",
        signed={party: day for _, party, _, _, day in steps if party},
        accruals=accruals,
        conversions=conversions,
    )


def _accruals(reader: Reader, agreements: list[str]) -> Mapping[str, list[Accrual]]:
    """Those that were not released, by agreement."""
    heads = reader.rows(
        "SELECT a.number, a.agreement, a.bill, a.accrued_on FROM equity_accrual a "
        "WHERE a.book = %s AND a.agreement = ANY(%s) AND NOT EXISTS ("
        "SELECT FROM equity_accrual_release r WHERE r.book = a.book AND r.accrual = a.number) "
        "ORDER BY a.accrued_on, a.number",
        reader.book,
        agreements,
    )
    uses: dict[str, list[CountedUse]] = defaultdict(list)
    for accrual, *use in reader.rows(
        "SELECT c.accrual, c.recorded_use, c.instrument, c.minutes, c.first_on, c.last_on, c.amount_fen, "  # noqa: S608  our own words
        f"{TAKEN_BACK} FROM equity_accrual_use c JOIN fee_use f ON f.book = c.book AND f.number = c.recorded_use "
        "WHERE c.book = %s AND c.accrual = ANY(%s) ORDER BY c.accrual, c.recorded_use",
        reader.book,
        [row[0] for row in heads],
    ):
        uses[accrual].append(CountedUse(*use))
    found: dict[str, list[Accrual]] = defaultdict(list)
    for number, agreement, bill, accrued_on in heads:
        found[agreement].append(Accrual(number, agreement, bill, accrued_on, tuple(uses[number])))
    return found


def follow_agreements(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its parties, its instruments with their supervision and prices, what the firm's capital is, what is counted."""
    wanted = list(numbers)
    found: dict[str, Keys] = dict.fromkeys(numbers, frozenset())
    for number, unit, firm in reader.rows(
        "SELECT DISTINCT number, unit, firm FROM equity_agreement WHERE book = %s AND number = ANY(%s)",
        reader.book,
        wanted,
    ):
        found[number] |= PARTIES.keys(unit, firm) | COMPANIES.keys(firm)
    for agreement, instrument in reader.rows(
        "SELECT DISTINCT agreement, instrument FROM equity_agreement_instrument "
        "WHERE book = %s AND agreement = ANY(%s)",
        reader.book,
        wanted,
    ):
        found[agreement] |= INSTRUMENTS.keys(instrument) | SUPERVISED_DAYS.keys(instrument) | TARIFFS.keys(instrument)
    for agreement, bill in reader.rows(
        "SELECT DISTINCT agreement, bill FROM equity_accrual WHERE book = %s AND agreement = ANY(%s)",
        reader.book,
        wanted,
    ):
        found[agreement] |= BILLS.keys(bill) | EVIDENCE.keys(bill_evidence(bill))
    return found


def load_uses_of_bills(reader: Reader, bills: Collection[str]) -> Mapping[str, Mapping[str, Use]]:
    """The uses that each bill charges and nobody has taken back, by number; for every bill asked."""
    found: dict[str, dict[str, Use]] = {bill: {} for bill in bills}
    for bill, *row in reader.rows(
        "SELECT l.bill, f.number, f.instrument, f.unit, f.used_by, f.operator, f.started_at, f.minutes, f.purpose, "  # noqa: S608  our own words
        "f.service, l.bill, c.purpose_class, c.place FROM fee_bill_line l "
        "JOIN fee_use f ON f.book = l.book AND f.number = l.charged_use "
        "LEFT JOIN fee_use_circumstance c ON c.book = f.book AND c.recorded_use = f.number "
        f"WHERE l.book = %s AND l.bill = ANY(%s) AND NOT {TAKEN_BACK}",
        reader.book,
        list(bills),
    ):
        use = use_of(row)
        found[bill][use.number] = use
    return found


# -- a firm's capital --------------------------------------------------------------------------------------------------

_STANDS = """
    SELECT a.address, a.entity, (CASE a.normal WHEN 'D' THEN b.debits - b.credits ELSE b.credits - b.debits END)::int8
      FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id
     WHERE a.book = %s AND a.address LIKE ANY (%s)
"""


def load_companies(reader: Reader, firms: Collection[str]) -> Mapping[str, Company]:
    """For every firm asked, known or not."""
    wanted = list(firms)
    steps: dict[str, int] = dict(
        reader.rows(
            "SELECT firm, max(step) FROM equity_capital WHERE book = %s AND firm = ANY(%s) GROUP BY firm",
            reader.book,
            wanted,
        )
    )
    stands: dict[str, dict[str, dict[str, int]]] = {firm: defaultdict(lambda: defaultdict(int)) for firm in firms}
    kinds = ("issued", "holding", "pending", "investment", "to-dispose")
    for address, entity, fen in reader.rows(
        _STANDS, reader.book, [f"equity:{kind}:{firm}%" for kind in kinds for firm in wanted]
    ):
        _, kind, firm, *_ = address.split(":")
        stands[firm][kind][OTHERS if address == holding(firm).address else entity] += fen
    valuations = _valuations(reader, wanted)
    return {
        firm: Company(
            firm=firm,
            steps=steps.get(firm, 0),
            registered_fen=stands[firm]["issued"].get(firm, 0),
            held_fen=_standing(stands[firm]["holding"]),
            pending_fen=_standing(stands[firm]["pending"]),
            cost_fen=_standing(stands[firm]["investment"]),
            disposal_fen=_standing(stands[firm]["to-dispose"]),
            valuation=valuations.get(firm),
        )
        for firm in firms
    }


def _standing(fen: Mapping[str, int]) -> dict[str, int]:
    return {who: amount for who, amount in fen.items() if amount}


def _valuations(reader: Reader, firms: list[str]) -> Mapping[str, Valuation]:
    """The latest by firm: from a round or an appraisal recorded, or from a conversion that took place."""
    return {
        firm: Valuation(value, on, document)
        for firm, value, on, document in reader.rows(
            "SELECT DISTINCT ON (firm) firm, value, day, document FROM ("
            "  SELECT firm, valuation_fen AS value, happened_on AS day, document_number AS document "
            "    FROM equity_capital WHERE book = %s AND firm = ANY(%s) AND valuation_fen IS NOT NULL "
            "  UNION ALL "
            "  SELECT c.firm, c.pre_money_fen + p.converted_fen, c.appraised_on, c.report_number "
            "    FROM equity_conversion c "
            "    JOIN LATERAL (SELECT converted_fen FROM equity_proposal p WHERE p.book = c.book "
            "                  AND p.conversion = c.number ORDER BY p.version DESC LIMIT 1) p ON true "
            "   WHERE c.book = %s AND c.firm = ANY(%s) AND EXISTS (SELECT FROM equity_conversion_step s "
            "         WHERE s.book = c.book AND s.conversion = c.number AND s.state = 'converted')) v "
            "ORDER BY firm, day DESC, value DESC",
            reader.book,
            firms,
            reader.book,
            firms,
        )
    }


# -- conversions -------------------------------------------------------------------------------------------------------


def load_conversions(reader: Reader, numbers: Collection[str]) -> Mapping[str, Conversion]:
    wanted = list(numbers)
    rows = reader.rows(
        "SELECT number, agreement, unit, firm, report_number, filing_number, appraised_on, valid_until, appraised_fen, "
        "pre_money_fen, recorded_on FROM equity_conversion WHERE book = %s AND number = ANY(%s)",
        reader.book,
        wanted,
    )
    resolutions = {
        conversion: Resolution(*rest)
        for conversion, *rest in reader.rows(
            "SELECT conversion, resolution_number, resolved_on, registered_fen FROM equity_resolution "
            "WHERE book = %s AND conversion = ANY(%s)",
            reader.book,
            wanted,
        )
    }
    steps: dict[str, list[tuple[ConversionState, date]]] = defaultdict(list)
    for conversion, state, happened_on in reader.rows(
        "SELECT conversion, state, happened_on FROM equity_conversion_step WHERE book = %s AND conversion = ANY(%s) "
        "ORDER BY conversion, step",
        reader.book,
        wanted,
    ):
        steps[conversion].append((ConversionState(state), happened_on))
    proposals = _proposals(reader, wanted)
    return {
        row[0]: Conversion(
            number=row[0],
            agreement=row[1],
            unit=row[2],
            firm=row[3],
            report_number=row[4],
            filing_number=row[5],
            appraised_on=row[6],
            valid_until=row[7],
            appraised_fen=row[8],
            pre_money_fen=row[9],
            recorded_on=row[10],
            state=steps[row[0]][-1][0] if steps[row[0]] else ConversionState.APPRAISED,
            steps=len(steps[row[0]]),
            resolution=resolutions.get(row[0]),
            proposal=proposals.get(row[0]),
            days=dict(steps[row[0]]),
        )
        for row in rows
    }


def _proposals(reader: Reader, conversions: list[str]) -> Mapping[str, Proposal]:
    """The latest of each."""
    bills: dict[tuple[str, int], list[ConvertedBill]] = defaultdict(list)
    for conversion, version, *bill in reader.rows(
        "SELECT conversion, version, bill, accrual, convertible_fen, amount_fen FROM equity_proposal_bill "
        "WHERE book = %s AND conversion = ANY(%s) ORDER BY conversion, version, bill",
        reader.book,
        conversions,
    ):
        bills[conversion, version].append(ConvertedBill(*bill))
    return {
        conversion: Proposal(
            version, maker, fee_fen, converted_fen, new_fen, reserve_fen, tuple(bills[conversion, version])
        )
        for conversion, version, maker, fee_fen, converted_fen, new_fen, reserve_fen in reader.rows(
            "SELECT DISTINCT ON (conversion) conversion, version, maker, fee_fen, converted_fen, new_registered_fen, "
            "reserve_fen FROM equity_proposal WHERE book = %s AND conversion = ANY(%s) "
            "ORDER BY conversion, version DESC",
            reader.book,
            conversions,
        )
    }


def follow_conversions(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The agreement, under whose lock it is."""
    return {
        number: AGREEMENTS.keys(agreement)
        for number, agreement in reader.rows(
            "SELECT number, agreement FROM equity_conversion WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


# -- what a holding yields ---------------------------------------------------------------------------------------------


def load_dividends(reader: Reader, numbers: Collection[str]) -> Mapping[str, Dividend]:
    wanted = list(numbers)
    received: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for dividend, reference, fen in reader.rows(
        "SELECT dividend, bank_reference, amount_fen FROM equity_dividend_receipt "
        "WHERE book = %s AND dividend = ANY(%s)",
        reader.book,
        wanted,
    ):
        received[dividend].append((reference, fen))
    return {
        number: Dividend(
            number,
            firm,
            unit,
            fen,
            remitted,
            sum(amount for _, amount in received[number]),
            recorded_on,
            frozenset(reference for reference, _ in received[number]),
        )
        for number, firm, unit, fen, remitted, recorded_on in reader.rows(
            "SELECT number, firm, unit, dividend_fen, remitted, recorded_on FROM equity_dividend "
            "WHERE book = %s AND number = ANY(%s)",
            reader.book,
            wanted,
        )
    }


def load_exits(reader: Reader, numbers: Collection[str]) -> Mapping[str, Exit]:
    rows = reader.rows(
        "SELECT e.number, e.firm, e.unit, e.kind, e.sold_fen, e.price_fen, e.buyer, e.appraisal_number, e.notified_on, "
        "e.retained_document, e.maker, e.proposed_on, (SELECT s.outcome FROM equity_exit_step s WHERE s.book = e.book "
        "AND s.exit_number = e.number ORDER BY s.step DESC LIMIT 1) FROM equity_exit e "
        "WHERE e.book = %s AND e.number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    return {
        row[0]: Exit(
            number=row[0],
            firm=row[1],
            unit=row[2],
            kind=ExitKind(row[3]),
            sold_fen=row[4],
            price_fen=row[5],
            buyer=row[6],
            appraisal_number=row[7],
            notified_on=row[8],
            retained_document=row[9],
            maker=row[10],
            proposed_on=row[11],
            outcome=row[12],
        )
        for row in rows
    }


def load_write_downs(reader: Reader, numbers: Collection[str]) -> Mapping[str, WriteDown]:
    return {
        row[0]: WriteDown(*row)
        for row in reader.rows(
            "SELECT w.number, w.firm, w.unit, w.amount_fen, w.document_number, w.reason, w.proposed_on, x.outcome "
            "FROM equity_write_down w LEFT JOIN equity_write_down_end x "
            "ON x.book = w.book AND x.write_down = w.number WHERE w.book = %s AND w.number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


def follow_of(table: str) -> Callable[[Reader, Collection[str]], Mapping[str, Keys]]:
    """The firm, under whose lock what is held of it changes, and the unit."""

    def follow(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
        return {
            number: COMPANIES.keys(firm) | PARTIES.keys(firm, unit)
            for number, firm, unit in reader.rows(
                f"SELECT number, firm, unit FROM {table} WHERE book = %s AND number = ANY(%s)",  # noqa: S608  our own words
                reader.book,
                list(numbers),
            )
        }

    return follow


def declared(firm: str, unit: str, resolution: str) -> str:
    """Name under which a distribution is locked and looked up: one resolution pays a holder once."""
    return f"{firm} {unit} {resolution}"


def load_declared(reader: Reader, ids: Collection[str]) -> Mapping[str, str]:
    """The dividend of a resolution; nothing where none is declared."""
    firms, units, resolutions = zip(*(id_.split(" ", 2) for id_ in ids), strict=True)
    return {
        declared(firm, unit, resolution): number
        for firm, unit, resolution, number in reader.rows(
            "SELECT firm, unit, resolution_number, number FROM equity_dividend "
            "JOIN unnest(%s::text[], %s::text[], %s::text[]) AS w (firm, unit, resolution_number) "
            "USING (firm, unit, resolution_number) WHERE book = %s",
            list(firms),
            list(units),
            list(resolutions),
            reader.book,
        )
    }


def paid(unit: str, kind: str, bank_reference: str) -> str:
    """Name under which a payment is locked and looked up: a slip counts once."""
    return f"{unit} {kind} {bank_reference}"


def load_paid(reader: Reader, ids: Collection[str]) -> Mapping[str, str]:
    """The payment of a slip; nothing where it is not recorded."""
    units, kinds, references = zip(*(id_.split(" ", 2) for id_ in ids), strict=True)
    return {
        paid(unit, kind, reference): number
        for unit, kind, reference, number in reader.rows(
            "SELECT unit, kind, bank_reference, number FROM equity_payment "
            "JOIN unnest(%s::text[], %s::text[], %s::text[]) AS w (unit, kind, bank_reference) "
            "USING (unit, kind, bank_reference) WHERE book = %s",
            list(units),
            list(kinds),
            list(references),
            reader.book,
        )
    }


def load_vat_owed(reader: Reader, units: Collection[str]) -> Mapping[str, int]:
    """Value-added tax that each unit owes by its account; for every unit asked, in fen."""
    found = dict.fromkeys(units, 0)
    for entity, fen in reader.rows(
        "SELECT a.entity, (b.credits - b.debits)::int8 FROM account a "
        "JOIN balance b ON b.book = a.book AND b.account = a.id WHERE a.book = %s AND a.address = ANY(%s)",
        reader.book,
        [f"fees:vat:{unit}" for unit in units],
    ):
        found[entity] = fen
    return found


AGREEMENTS = Aggregate[Agreement]("equity-agreement", load_agreements, follow_agreements, what="转股协议/agreement")
COMPANIES = Aggregate[Company]("equity-company", load_companies, what="企业/firm")
"""By firm: its registered capital and who holds it."""
CONVERSIONS = Aggregate[Conversion](
    "equity-conversion", load_conversions, follow_conversions, what="转股/conversion", locked=False
)
"""Under the lock of its agreement."""
USES_OF_BILLS = Aggregate[Mapping[str, Use]]("equity-uses-of-bill", load_uses_of_bills, what="账单/bill", locked=False)
"""By bill. Its lines never change, and a use is taken back in a batch of its own."""
DIVIDEND_LIST = Aggregate[Dividend](
    "equity-dividend", load_dividends, follow_of("equity_dividend"), what="股利/dividend", locked=False
)
EXITS = Aggregate[Exit]("equity-exit", load_exits, follow_of("equity_exit"), what="股权退出/exit", locked=False)
WRITE_DOWNS = Aggregate[WriteDown](
    "equity-write-down", load_write_downs, follow_of("equity_write_down"), what="股权核销/write-down", locked=False
)
"""All three under the lock of the firm."""
DECLARED = Aggregate[str]("equity-declared", load_declared, what="股利决议/resolution on profits")
PAID = Aggregate[str]("equity-paid", load_paid, what="付款/payment")
VAT_OWED = Aggregate[int]("equity-vat-owed", load_vat_owed, what="单位/unit")
"""By unit."""

AGGREGATES: tuple[Aggregate[Any], ...] = (
    AGREEMENTS,
    COMPANIES,
    CONVERSIONS,
    USES_OF_BILLS,
    DIVIDEND_LIST,
    EXITS,
    WRITE_DOWNS,
    DECLARED,
    PAID,
    VAT_OWED,
)
