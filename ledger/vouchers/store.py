"""How decisions load what is known of vouchers: set-based, a constant number of statements for one or many.

A status follows from which rows are there; what stands of a voucher is read from the journal.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.fees.evidence import evidence_digest, evidence_key
from ledger.fees.store import EVIDENCE
from ledger.fees.values import Funding
from ledger.registry.store import PARTIES
from ledger.vouchers.numbers import contract_identity
from ledger.vouchers.values import (
    Application,
    ApplicationState,
    Appropriation,
    AppropriationState,
    Budget,
    BudgetLine,
    CapUse,
    Claim,
    ClaimLine,
    ClaimPayable,
    ClaimState,
    Contract,
    ContractEnd,
    LineFields,
    Nature,
    Voucher,
    YearUse,
)

# -- budgets -----------------------------------------------------------------------------------------------------------


def budget_id(scheme: str, year: int) -> str:
    return f"{scheme}:{year}"


def load_budgets(reader: Reader, ids: Collection[str]) -> Mapping[str, Budget]:
    """Budgets that were appropriated, with what is available under each line, in two statements."""
    wanted = list(ids)
    lines: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for id_, operator, line in reader.rows(
        "SELECT a.scheme || ':' || a.year, a.operator, a.number FROM voucher_appropriation a "
        "JOIN voucher_appropriation_end e ON e.book = a.book AND e.appropriation = a.number AND e.outcome = 'posted' "
        "WHERE a.book = %s AND a.nature = 'appropriate' AND a.scheme || ':' || a.year = ANY(%s) "
        "ORDER BY e.ended_on, a.number",
        reader.book,
        wanted,
    ):
        lines[id_].append((operator, line))
    available: dict[tuple[str, str], int] = {
        (address, line): fen
        for address, line, fen in reader.rows(
            "SELECT a.address, leg.budget_line, sum(leg.fen)::int8 FROM account a CROSS JOIN LATERAL ("
            "  SELECT budget_line, amount AS fen FROM transfer WHERE book = a.book AND debit = a.id"
            "  UNION ALL SELECT budget_line, -amount FROM transfer WHERE book = a.book AND credit = a.id) leg "
            "WHERE a.book = %s AND a.address = ANY(%s) GROUP BY 1, 2",
            reader.book,
            [f"budget:available:{id_}" for id_ in wanted],
        )
    }
    found = {}
    for id_, posted in lines.items():
        scheme, year = id_.rsplit(":", 1)
        found[id_] = Budget(
            scheme=scheme,
            year=int(year),
            operator=posted[0][0],
            lines=tuple(BudgetLine(line, available.get((f"budget:available:{id_}", line), 0)) for _, line in posted),
        )
    return found


def load_appropriations(reader: Reader, numbers: Collection[str]) -> Mapping[str, Appropriation]:
    rows = reader.rows(
        "SELECT a.number, a.scheme, a.year, a.operator, a.nature, a.letter_number, a.budget_line, a.amount_fen, "
        "e.outcome, a.project_code, a.functional_class, a.economic_class, a.funding_source, a.plan_stage "
        "FROM voucher_appropriation a "
        "LEFT JOIN voucher_appropriation_end e ON e.book = a.book AND e.appropriation = a.number "
        "WHERE a.book = %s AND a.number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    return {
        number: Appropriation(
            number=number,
            scheme=scheme,
            year=year,
            operator=operator,
            nature=Nature(nature),
            letter_number=letter,
            budget_line=line,
            amount_fen=amount,
            fields=None if nature == Nature.CUT else LineFields(*fields),
            state=AppropriationState(outcome or AppropriationState.PROPOSED),
        )
        for number, scheme, year, operator, nature, letter, line, amount, outcome, *fields in rows
    }


def follow_appropriations(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The budget it changes."""
    return {
        number: BUDGET_CHANGES.keys(budget_id(scheme, year))
        for number, scheme, year in reader.rows(
            "SELECT number, scheme, year FROM voucher_appropriation WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


@dataclass(frozen=True, slots=True)
class Letter:
    """What is known of a budget letter by its number."""

    attempts: int = 0
    live: str | None = None
    """The appropriation it was recorded as, proposed or posted; None: free to be proposed."""


def letter_id(scheme: str, year: int, letter_number: str) -> str:
    return f"{scheme}:{year}:{letter_number}"


def load_letters(reader: Reader, ids: Collection[str]) -> Mapping[str, Letter]:
    """For every letter asked, recorded or not."""
    found = dict.fromkeys(ids, Letter())
    for id_, attempts, number, outcome in reader.rows(
        "SELECT DISTINCT ON (1) a.scheme || ':' || a.year || ':' || a.letter_number, a.attempt, a.number, e.outcome "
        "FROM voucher_appropriation a "
        "LEFT JOIN voucher_appropriation_end e ON e.book = a.book AND e.appropriation = a.number "
        "WHERE a.book = %s AND a.scheme || ':' || a.year || ':' || a.letter_number = ANY(%s) "
        "ORDER BY 1, a.attempt DESC",
        reader.book,
        list(ids),
    ):
        found[id_] = Letter(attempts, None if outcome == AppropriationState.REFUSED else number)
    return found


# -- applications and caps ---------------------------------------------------------------------------------------------

_APPLICATION_STATES = {
    None: ApplicationState.SUBMITTED,
    "granted": ApplicationState.GRANTED,
    "returned": ApplicationState.SUBMITTED,
    "issued": ApplicationState.ISSUED,
    "rejected": ApplicationState.REJECTED,
}


def load_applications(reader: Reader, numbers: Collection[str]) -> Mapping[str, Application]:
    """Applications with their steps, in two statements."""
    wanted = list(numbers)
    steps: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for application, *rest in reader.rows(
        "SELECT application, step, granted_fen, calculation, citation FROM voucher_application_step "
        "WHERE book = %s AND application = ANY(%s) ORDER BY application, position",
        reader.book,
        wanted,
    ):
        steps[application].append(tuple(rest))
    return {
        number: _application(steps[number], number, *rest)
        for number, *rest in reader.rows(
            "SELECT number, scheme, year, holder, controller, requested_fen, purpose, applied_on "
            "FROM voucher_application WHERE book = %s AND number = ANY(%s)",
            reader.book,
            wanted,
        )
    }


def _application(steps: list[tuple[Any, ...]], *columns: Any) -> Application:  # noqa: ANN401  columns of a row
    number, scheme, year, holder, controller, requested, purpose, applied_on = columns
    grants = [rest for step, *rest in steps if step == "granted"]
    granted_fen, calculation, citation = grants[-1] if grants else (None, None, "")
    return Application(
        number=number,
        scheme=scheme,
        year=year,
        holder=holder,
        controller=controller,
        requested_fen=requested,
        purpose=purpose,
        applied_on=applied_on,
        state=_APPLICATION_STATES[steps[-1][0] if steps else None],
        steps=len(steps),
        grants=len(grants),
        granted_fen=granted_fen,
        calculation=calculation,
        citation=citation,
    )


def follow_applications(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its applicant, its budget, and the caps it counts towards."""
    return {
        number: PARTIES.keys(holder)
        | BUDGETS.keys(budget_id(scheme, year))
        | CAPS.keys(holder_cap(holder, scheme), controller_cap(controller, scheme))
        for number, scheme, year, holder, controller in reader.rows(
            "SELECT number, scheme, year, holder, controller FROM voucher_application "
            "WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


def follow_issues(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The application, and the budget it will take from."""
    return {
        number: APPLICATIONS.keys(number) | BUDGET_CHANGES.keys(budget_id(scheme, year))
        for number, scheme, year in reader.rows(
            "SELECT number, scheme, year FROM voucher_application WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


def holder_cap(holder: str, scheme: str) -> str:
    """Under which is locked and counted what one firm or team got of a scheme."""
    return f"holder:{holder}:{scheme}"


def controller_cap(controller: str, scheme: str) -> str:
    """Under which is locked and counted what all under one actual controller got of a scheme."""
    return f"controller:{controller}:{scheme}"


_WANTED_USES = "unnest(%s::text[], %s::text[], %s::text[]) AS w (kind, code, scheme)"


def _united(columns: str, table: str, joins: str = "", where: str = "") -> str:
    """Rows of a table by holder, and by controller: each half by its own index."""
    halves = (
        f"SELECT w.kind || ':' || w.code || ':' || w.scheme AS id, {columns} FROM {_WANTED_USES} "  # noqa: S608  our own words
        f"JOIN {table} t ON t.book = %s AND t.scheme = w.scheme AND t.{whose} = w.code {joins} "
        f"WHERE w.kind = '{whose}' {where}"
        for whose in ("holder", "controller")
    )
    return " UNION ALL ".join(halves)


_LAST_STEP = (
    "LEFT JOIN LATERAL (SELECT step, granted_fen FROM voucher_application_step s WHERE s.book = t.book "
    "AND s.application = t.number ORDER BY position DESC LIMIT 1) s ON true"
)


def load_caps(reader: Reader, ids: Collection[str]) -> Mapping[str, CapUse]:
    """What was issued and granted to each holder or controller, by year, in two statements; for every one asked."""
    split = [(*id_.rsplit(":", 1)[0].split(":", 1), id_.rsplit(":", 1)[1]) for id_ in ids]
    kinds, codes, schemes = (list(part) for part in zip(*split, strict=True))
    wanted = (kinds, codes, schemes, reader.book) * 2
    issued: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    pending: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    still_open: dict[str, str] = {}
    for id_, year, fen in reader.rows(
        f"SELECT id, year, sum(face_fen)::int8 FROM ({_united('t.year, t.face_fen', 'voucher')}) v GROUP BY 1, 2",  # noqa: S608  our own words
        *wanted,
    ):
        issued[id_][year] = fen
    for id_, application, year, step, fen in reader.rows(
        _united(
            "t.number, t.year, s.step, s.granted_fen",
            "voucher_application",
            _LAST_STEP,
            "AND coalesce(s.step, 'returned') IN ('granted', 'returned')",
        ),
        *wanted,
    ):
        still_open[id_] = application
        pending[id_][year] += fen if step == "granted" else 0
    return {
        id_: CapUse(
            years={year: YearUse(issued[id_][year], pending[id_][year]) for year in {*issued[id_], *pending[id_]}},
            open_application=still_open.get(id_),
        )
        for id_ in ids
    }


# -- vouchers and contracts --------------------------------------------------------------------------------------------


def _standing(reader: Reader, addresses: Iterable[str]) -> dict[str, int]:
    """What stands on each of these accounts, by address; nothing where none was opened."""
    return dict(
        reader.rows(
            "SELECT a.address, b.debits - b.credits FROM account a "
            "JOIN balance b ON b.book = a.book AND b.account = a.id WHERE a.book = %s AND a.address = ANY(%s)",
            reader.book,
            list(addresses),
        )
    )


def load_vouchers(reader: Reader, numbers: Collection[str]) -> Mapping[str, Voucher]:
    """Vouchers with what is available of each, in two statements."""
    wanted = list(numbers)
    standing = _standing(reader, [f"vouchers:available:{number}" for number in wanted])
    return {
        row[0]: Voucher(
            **dict(zip(_VOUCHER_FIELDS, row, strict=True)),
            available_fen=standing.get(f"vouchers:available:{row[0]}", 0),
        )
        for row in reader.rows(
            "SELECT v.number, v.scheme, v.year, v.holder, v.controller, v.operator, v.budget_line, v.face_fen, "
            "v.denomination_fen, v.issued_on, v.expires_on, e.expired_on FROM voucher v "
            "LEFT JOIN voucher_expiry e ON e.book = v.book AND e.voucher = v.number "
            "WHERE v.book = %s AND v.number = ANY(%s)",
            reader.book,
            wanted,
        )
    }


_VOUCHER_FIELDS = (
    "number",
    "scheme",
    "year",
    "holder",
    "controller",
    "operator",
    "budget_line",
    "face_fen",
    "denomination_fen",
    "issued_on",
    "expires_on",
    "expired_on",
)


def follow_vouchers(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its holder, and with a team the body that acts for it."""
    return {
        number: PARTIES.keys(holder)
        for number, holder in reader.rows(
            "SELECT number, holder FROM voucher WHERE book = %s AND number = ANY(%s)", reader.book, list(numbers)
        )
    }


def contract_evidence(unit: str, contract_number: str) -> str:
    """Key of a contract as evidence: it supports one live claim to voucher money."""
    return evidence_key(Funding.VOUCHER, evidence_digest("contract", unit, contract_identity(contract_number)))


def invoice_evidence(invoice_number: str) -> str:
    """Key of an invoice as evidence."""
    return evidence_key(Funding.VOUCHER, evidence_digest("invoice", invoice_number))


_LAST_CLAIM = (
    "LEFT JOIN LATERAL (SELECT claim, attempt FROM voucher_claim_line WHERE book = c.book AND contract = c.number "
    "ORDER BY attempt DESC LIMIT 1) l ON true "
    "LEFT JOIN voucher_claim_step r ON r.book = c.book AND r.claim = l.claim AND r.step = 'returned'"
)
_CLAIM_UNTIL = "greatest(a.claim_until, r.taken_on + (a.claim_until - a.accepted_on))"
"""What was claimed in time and sent back may be claimed again within as many days."""


def load_contracts(reader: Reader, numbers: Collection[str]) -> Mapping[str, Contract]:
    """Contracts with their acceptance, their last claim and what stands on them, in three statements."""
    rows = reader.rows(
        "SELECT c.number, c.voucher, c.unit, c.contract_number, c.service, c.fee_fen, c.service_ends_on, "  # noqa: S608  our own words
        f"c.reserved_on, c.hold_until, a.bill, a.accepted_on, {_CLAIM_UNTIL}, l.claim, coalesce(l.attempt, 0), "
        "a.calculation, coalesce(a.citation, ''), e.outcome "
        "FROM voucher_contract c "
        "LEFT JOIN voucher_acceptance a ON a.book = c.book AND a.contract = c.number "
        "LEFT JOIN voucher_contract_end e ON e.book = c.book AND e.contract = c.number "
        f"{_LAST_CLAIM} "
        "WHERE c.book = %s AND c.number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    found = {row[0]: dict(zip(_CONTRACT_FIELDS, row, strict=False)) for row in rows}
    claims = _claim_states(reader, {fields["claim"] for fields in found.values() if fields["claim"]})
    addresses = {row[0]: f"{row[1]}:{row[0]}" for row in rows}
    standing = _standing(
        reader, [f"vouchers:{bucket}:{of}" for of in addresses.values() for bucket in ("held", "redeemable")]
    )
    return {
        row[0]: Contract(
            **found[row[0]],
            held_fen=standing.get(f"vouchers:held:{addresses[row[0]]}", 0),
            redeemable_fen=standing.get(f"vouchers:redeemable:{addresses[row[0]]}", 0),
            claim_state=claims.get(found[row[0]]["claim"]),
            end=ContractEnd(row[-1]) if row[-1] else None,
        )
        for row in rows
    }


_CONTRACT_FIELDS = (
    "number",
    "voucher",
    "unit",
    "contract_number",
    "service",
    "fee_fen",
    "service_ends_on",
    "reserved_on",
    "hold_until",
    "bill",
    "accepted_on",
    "claim_until",
    "claim",
    "claims",
    "calculation",
    "citation",
)


def follow_contracts(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its voucher, its unit, and the contract as evidence."""
    return {
        number: VOUCHERS.keys(voucher) | PARTIES.keys(unit) | EVIDENCE.keys(contract_evidence(unit, contract_number))
        for number, voucher, unit, contract_number in reader.rows(
            "SELECT number, voucher, unit, contract_number FROM voucher_contract WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


def load_wholes(reader: Reader, vouchers: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Numbers of all contracts of each voucher; for every voucher asked."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(vouchers, ())
    for voucher, contract in reader.rows(
        "SELECT voucher, number FROM voucher_contract WHERE book = %s AND voucher = ANY(%s) "
        "ORDER BY reserved_on, number",
        reader.book,
        list(vouchers),
    ):
        found[voucher] += (contract,)
    return found


def follow_wholes(reader: Reader, vouchers: Collection[str]) -> Mapping[str, Keys]:
    return {
        voucher: VOUCHERS.keys(voucher) | CONTRACTS.keys(*contracts)
        for voucher, contracts in load_wholes(reader, vouchers).items()
    }


def due_id(scheme: str, on: date) -> str:
    return f"{scheme}:{on.isoformat()}"


_DUE = f"""
    SELECT w.id, d.number FROM unnest(%s::text[], %s::text[], %s::date[]) AS w (id, scheme, day)
    CROSS JOIN LATERAL (
        SELECT v.number FROM voucher v
         WHERE v.book = %s AND v.scheme = w.scheme AND v.expires_on < w.day
           AND NOT EXISTS (SELECT FROM voucher_expiry e WHERE e.book = v.book AND e.voucher = v.number)
        UNION
        SELECT v.number FROM voucher v
          JOIN voucher_contract c ON c.book = v.book AND c.voucher = v.number
          LEFT JOIN voucher_acceptance a ON a.book = c.book AND a.contract = c.number
          {_LAST_CLAIM}
         WHERE v.book = %s AND v.scheme = w.scheme AND (l.claim IS NULL OR r.claim IS NOT NULL)
           AND coalesce({_CLAIM_UNTIL}, c.hold_until) < w.day
           AND NOT EXISTS (SELECT FROM voucher_contract_end e WHERE e.book = c.book AND e.contract = c.number)
        ORDER BY 1 LIMIT %s) d
"""  # noqa: S608  our own words
"""Vouchers past their last day, and vouchers with a hold that ran out or an acceptance not claimed in time."""


def load_due(reader: Reader, ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Vouchers of a scheme of which something ended before a day and is not posted yet, at most so many at a time."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(ids, ())
    split = [id_.rsplit(":", 1) for id_ in ids]
    for id_, voucher in reader.rows(
        _DUE,
        list(ids),
        [scheme for scheme, _ in split],
        [date.fromisoformat(day) for _, day in split],
        reader.book,
        reader.book,
        DUE_MAX,
    ):
        found[id_] += (voucher,)
    return found


DUE_MAX = 500
"""Most vouchers that one run of expiry takes; a further run takes the next."""


def follow_due(reader: Reader, ids: Collection[str]) -> Mapping[str, Keys]:
    return {id_: WHOLES.keys(*vouchers) for id_, vouchers in load_due(reader, ids).items()}


# -- claims ------------------------------------------------------------------------------------------------------------


def _claim_states(reader: Reader, numbers: Collection[str]) -> dict[str, ClaimState]:
    rows = reader.rows(
        "SELECT c.number, s.step, NOT EXISTS (SELECT FROM voucher_claim_payable p "
        "  LEFT JOIN voucher_claim_payment b ON b.book = p.book AND b.payable = p.payable "
        "  WHERE p.book = c.book AND p.claim = c.number AND b.payable IS NULL) FROM voucher_claim c "
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
    """Claims with their lines, steps and payables, in five statements."""
    wanted = list(numbers)
    states = _claim_states(reader, wanted)
    lines: dict[str, list[ClaimLine]] = defaultdict(list)
    for claim, *rest in reader.rows(
        "SELECT l.claim, l.contract, c.voucher, v.holder, a.bill, l.amount_fen, v.budget_line, a.calculation, "
        "a.citation "
        "FROM voucher_claim_line l "
        "JOIN voucher_contract c ON c.book = l.book AND c.number = l.contract "
        "JOIN voucher v ON v.book = c.book AND v.number = c.voucher "
        "JOIN voucher_acceptance a ON a.book = l.book AND a.contract = l.contract "
        "WHERE l.book = %s AND l.claim = ANY(%s) ORDER BY l.claim, l.contract",
        reader.book,
        wanted,
    ):
        lines[claim].append(ClaimLine(**dict(zip(_LINE_FIELDS, rest, strict=True))))
    steps: dict[str, tuple[int, date | None]] = {
        claim: (count, notice)
        for claim, count, notice in reader.rows(
            "SELECT claim, count(*)::int4, max(notice_until) FROM voucher_claim_step "
            "WHERE book = %s AND claim = ANY(%s) GROUP BY claim",
            reader.book,
            wanted,
        )
    }
    payables: dict[str, list[ClaimPayable]] = defaultdict(list)
    for claim, payable, budget_line, paid in reader.rows(
        "SELECT p.claim, p.payable, p.budget_line, b.payable IS NOT NULL FROM voucher_claim_payable p "
        "LEFT JOIN voucher_claim_payment b ON b.book = p.book AND b.payable = p.payable "
        "WHERE p.book = %s AND p.claim = ANY(%s) ORDER BY p.claim, p.budget_line",
        reader.book,
        wanted,
    ):
        payables[claim].append(ClaimPayable(payable, budget_line, paid=paid))
    found = {}
    for number, unit, scheme, year, operator, filed_on in reader.rows(
        "SELECT number, unit, scheme, year, operator, filed_on FROM voucher_claim WHERE book = %s AND number = ANY(%s)",
        reader.book,
        wanted,
    ):
        count, notice_until = steps.get(number, (0, None))
        found[number] = Claim(
            number=number,
            unit=unit,
            scheme=scheme,
            year=year,
            operator=operator,
            filed_on=filed_on,
            state=states[number],
            steps=count,
            notice_until=notice_until,
            lines=tuple(lines[number]),
            payables=tuple(payables[number]),
        )
    return found


_LINE_FIELDS = ("contract", "voucher", "holder", "bill", "amount_fen", "budget_line", "calculation", "citation")


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


# -- acceptances -------------------------------------------------------------------------------------------------------


def follow_invoices_of_bills(reader: Reader, bills: Collection[str]) -> Mapping[str, Keys]:
    """The invoice of a bill as evidence."""
    return {
        bill: EVIDENCE.keys(invoice_evidence(invoice_number))
        for bill, invoice_number in reader.rows(
            "SELECT number, invoice_number FROM fee_bill WHERE book = %s AND number = ANY(%s)", reader.book, list(bills)
        )
    }


# -- closing a period --------------------------------------------------------------------------------------------------


def load_unfinished(reader: Reader, periods: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Claims under way and expiries not posted that lie in each period or before it; for every period asked."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(periods, ())
    for period, number in reader.rows(
        "SELECT p.code, c.number FROM period p JOIN voucher_claim c ON c.book = p.book AND c.filed_on <= p.ends_on "
        "LEFT JOIN LATERAL (SELECT step FROM voucher_claim_step s WHERE s.book = c.book AND s.claim = c.number "
        "ORDER BY position DESC LIMIT 1) s ON true "
        "WHERE p.book = %s AND p.code = ANY(%s) AND coalesce(s.step, 'passed') = 'passed' "
        "UNION ALL "
        "SELECT p.code, v.number FROM period p JOIN voucher v ON v.book = p.book AND v.expires_on < p.ends_on "
        "WHERE p.book = %s AND p.code = ANY(%s) "
        "AND NOT EXISTS (SELECT FROM voucher_expiry e WHERE e.book = v.book AND e.voucher = v.number) ORDER BY 1, 2",
        reader.book,
        list(periods),
        reader.book,
        list(periods),
    ):
        found[period] += (number,)
    return found


BUDGETS = Aggregate[Budget]("voucher-budget", load_budgets, what="预算/budget", locked=False)
"""By `budget_id(scheme, year)`; the journal keeps the account from being overdrawn."""
BUDGET_CHANGES = Aggregate[Budget]("voucher-budget-change", load_budgets, what="预算/budget")
"""The same, locked, by whoever takes from one of its lines: the journal knows no limit per line."""
APPROPRIATIONS = Aggregate[Appropriation](
    "voucher-appropriation", load_appropriations, follow_appropriations, what="指标文件/budget letter"
)
LETTERS = Aggregate[Letter]("voucher-letter", load_letters, what="指标文号/letter number")
APPLICATIONS = Aggregate[Application](
    "voucher-application", load_applications, follow_applications, what="申领/application"
)
ISSUES = Aggregate[None](
    "voucher-issue", lambda _reader, _ids: {}, follow_issues, what="申领/application", locked=False
)
"""By application: leads to what an issue needs."""
CAPS = Aggregate[CapUse]("voucher-cap", load_caps, what="已发放额度/vouchers issued")
"""By `holder_cap` and `controller_cap`; locked, so that two grants do not both pass a cap."""
VOUCHERS = Aggregate[Voucher]("voucher", load_vouchers, follow_vouchers, what="创新券/voucher")
CONTRACTS = Aggregate[Contract]("voucher-contract", load_contracts, follow_contracts, what="合同/contract")
WHOLES = Aggregate[tuple[str, ...]]("voucher-whole", load_wholes, follow_wholes, what="创新券/voucher", locked=False)
"""A voucher with all its contracts."""
DUE = Aggregate[tuple[str, ...]]("voucher-due", load_due, follow_due, what="到期事项/what is due")
"""By `due_id(scheme, day)`."""
CLAIMS = Aggregate[Claim]("voucher-claim", load_claims, what="兑付申请/claim")
CLAIMS_OF_PAYABLES = Aggregate[str](
    "voucher-claim-payable", load_claims_of_payables, follow_payables, what="应付事项/payable", locked=False
)
INVOICES_OF_BILLS = Aggregate[None](
    "voucher-invoice", lambda _reader, _ids: {}, follow_invoices_of_bills, what="发票/invoice", locked=False
)
"""By bill: leads to its invoice as evidence."""
UNFINISHED = Aggregate[tuple[str, ...]]("voucher-unfinished", load_unfinished, what="未完成的工作/work", locked=False)
"""By period."""

AGGREGATES: tuple[Aggregate[Any], ...] = (
    BUDGETS,
    BUDGET_CHANGES,
    APPROPRIATIONS,
    LETTERS,
    APPLICATIONS,
    ISSUES,
    CAPS,
    VOUCHERS,
    CONTRACTS,
    WHOLES,
    DUE,
    CLAIMS,
    CLAIMS_OF_PAYABLES,
    INVOICES_OF_BILLS,
    UNFINISHED,
)
