"""Contracts with their acceptance, their last claim and what stands on them; what they use as evidence."""

from collections.abc import Collection, Mapping

from ledger.executor.commands import Aggregate, Key, Keys
from ledger.executor.reading import Reader
from ledger.fees.evidence import contract_digest, evidence_digest, evidence_key
from ledger.fees.store import BILLS, CREDITS, EVIDENCE
from ledger.fees.values import Funding
from ledger.registry.store import PARTIES
from ledger.vouchers.last_days import HOLD_UNTIL
from ledger.vouchers.states import ContractEnd
from ledger.vouchers.store.claims import claim_states
from ledger.vouchers.store.standing import standing
from ledger.vouchers.store.vouchers import VOUCHERS
from ledger.vouchers.values import Contract


def contract_evidence(unit: str, contract_number: str, matching: str | None = None) -> str:
    """Key of a contract as evidence: it supports one live claim to voucher money.

    A payer that matches it (`matching`: its scheme) is another payer of the same claim, and supports it once as well.
    """
    return evidence_key(Funding.VOUCHER, contract_digest(unit, contract_number, *_beside(matching)))


def invoice_evidence(invoice_number: str, matching: str | None = None) -> str:
    """Key of an invoice as evidence; `matching` as for a contract."""
    return evidence_key(Funding.VOUCHER, evidence_digest("invoice", invoice_number, *_beside(matching)))


def _beside(matching: str | None) -> tuple[str, ...]:
    return ("matching", matching) if matching else ()


def evidence_of(contract: Contract) -> str:
    """Key of this contract as evidence."""
    return contract_evidence(contract.unit, contract.contract_number, contract.matching)


LAST_CLAIM = (
    "LEFT JOIN LATERAL (SELECT claim, attempt, amount_fen FROM voucher_claim_line "
    "WHERE book = c.book AND contract = c.number ORDER BY attempt DESC LIMIT 1) l ON true "
    "LEFT JOIN LATERAL (SELECT max(s.taken_on) AS taken_on FROM voucher_claim_line n JOIN voucher_claim_step s "
    "ON s.book = n.book AND s.claim = n.claim AND s.step = 'returned' WHERE n.book = c.book AND n.contract = c.number) "
    "r ON true"
)
CLAIM_UNTIL = "greatest(a.claim_until, r.taken_on + (a.claim_until - a.accepted_on))"
"""What was claimed in time and sent back may be claimed again within as many days; a withdrawal gives no new time."""
LAST_DAY = f"coalesce({CLAIM_UNTIL}, {HOLD_UNTIL})"
"""Of a contract that waits: to be accepted, or to be claimed."""
WAITING = (
    f"LEFT JOIN voucher_acceptance a ON a.book = c.book AND a.contract = c.number {LAST_CLAIM} "  # noqa: S608  our own words
    "WHERE (l.claim IS NULL OR EXISTS (SELECT FROM voucher_claim_step s WHERE s.book = c.book AND s.claim = l.claim "
    "AND s.step IN ('returned', 'withdrawn'))) "
    "AND NOT EXISTS (SELECT FROM voucher_contract_end e WHERE e.book = c.book AND e.contract = c.number)"
)
"""Contracts that nobody claims now and that have not ended: once their last day has passed, that is to be posted."""


def load_contracts(reader: Reader, numbers: Collection[str]) -> Mapping[str, Contract]:
    """Contracts with their acceptance, their last claim and what stands on them, in three statements."""
    rows = reader.rows(
        "SELECT c.number, c.voucher, c.unit, c.contract_number, c.service, c.fee_fen, c.service_ends_on, "  # noqa: S608  our own words
        f"c.reserved_on, {HOLD_UNTIL}, a.bill, a.accepted_on, {CLAIM_UNTIL}, l.claim, coalesce(l.attempt, 0), "
        "coalesce(d.calculation, a.calculation), coalesce(d.citation, a.citation, ''), coalesce(d.position, 0), "
        "(SELECT coalesce(sum(y.amount_fen), 0)::int8 FROM voucher_recovery y "
        "WHERE y.book = c.book AND y.contract = c.number), f.payee, coalesce(l.amount_fen, 0), m.matches, m.scheme, "
        "e.outcome "
        "FROM voucher_contract c "
        "LEFT JOIN voucher_acceptance a ON a.book = c.book AND a.contract = c.number "
        "LEFT JOIN voucher_acceptance_payee f ON f.book = c.book AND f.contract = c.number "
        "LEFT JOIN voucher_contract_match m ON m.book = c.book AND m.contract = c.number "
        "LEFT JOIN voucher_contract_end e ON e.book = c.book AND e.contract = c.number "
        f"{LAST_CLAIM} "
        "LEFT JOIN LATERAL (SELECT position, calculation, citation FROM voucher_credit "
        "WHERE book = c.book AND contract = c.number ORDER BY position DESC LIMIT 1) d ON true "
        "WHERE c.book = %s AND c.number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    found = {row[0]: dict(zip(_CONTRACT_FIELDS, row, strict=False)) for row in rows}
    claims = claim_states(reader, {fields["claim"] for fields in found.values() if fields["claim"]})
    addresses = {row[0]: f"{row[1]}:{row[0]}" for row in rows}
    face = standing(
        reader, [f"vouchers:{bucket}:{of}" for of in addresses.values() for bucket in ("held", "redeemable")]
    )
    return {
        row[0]: Contract(
            **found[row[0]],
            held_fen=face.get(f"vouchers:held:{addresses[row[0]]}", 0),
            redeemable_fen=face.get(f"vouchers:redeemable:{addresses[row[0]]}", 0),
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
    "credits",
    "recovered_fen",
    "payee",
    "claimed_fen",
    "matches",
    "matching",
)


def follow_contracts(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its voucher, its unit, and the contract as evidence."""
    return {
        number: VOUCHERS.keys(voucher)
        | PARTIES.keys(unit)
        | EVIDENCE.keys(contract_evidence(unit, contract_number, matching))
        | (Keys({Key("voucher-contract", matches)}) if matches else Keys())
        for number, voucher, unit, contract_number, matching, matches in reader.rows(
            "SELECT c.number, c.voucher, c.unit, c.contract_number, m.scheme, m.matches FROM voucher_contract c "
            "LEFT JOIN voucher_contract_match m ON m.book = c.book AND m.contract = c.number "
            "WHERE c.book = %s AND c.number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


def acceptance_id(contract: str, bill: str) -> str:
    """Under which is looked up what a contract accepted with a bill would use as evidence."""
    return f"{contract} {bill}"


def follow_acceptances(reader: Reader, ids: Collection[str]) -> Mapping[str, Keys]:
    """The bill's invoice as evidence of this contract."""
    contracts, bills = zip(*(id_.split(" ", 1) for id_ in ids), strict=True)
    return {
        acceptance_id(contract, bill): EVIDENCE.keys(invoice_evidence(invoice_number, matching))
        for contract, bill, invoice_number, matching in reader.rows(
            "SELECT w.contract, b.number, b.invoice_number, m.scheme "
            "FROM unnest(%s::text[], %s::text[]) AS w (contract, bill) "
            "JOIN fee_bill b ON b.book = %s AND b.number = w.bill "
            "LEFT JOIN voucher_contract_match m ON m.book = b.book AND m.contract = w.contract",
            list(contracts),
            list(bills),
            reader.book,
        )
    }


def load_invoices_of_contracts(reader: Reader, contracts: Collection[str]) -> Mapping[str, str]:
    """Key of the invoice that each accepted contract uses as evidence."""
    return {
        contract: invoice_evidence(invoice_number, matching)
        for contract, invoice_number, matching in reader.rows(
            "SELECT a.contract, b.invoice_number, m.scheme FROM voucher_acceptance a "
            "JOIN fee_bill b ON b.book = a.book AND b.number = a.bill "
            "LEFT JOIN voucher_contract_match m ON m.book = a.book AND m.contract = a.contract "
            "WHERE a.book = %s AND a.contract = ANY(%s)",
            reader.book,
            list(contracts),
        )
    }


def follow_invoices_of_contracts(reader: Reader, contracts: Collection[str]) -> Mapping[str, Keys]:
    return {contract: EVIDENCE.keys(key) for contract, key in load_invoices_of_contracts(reader, contracts).items()}


def load_bills_of_contracts(reader: Reader, contracts: Collection[str]) -> Mapping[str, str]:
    """The bill that each accepted contract was accepted with."""
    return dict(
        reader.rows(
            "SELECT contract, bill FROM voucher_acceptance WHERE book = %s AND contract = ANY(%s)",
            reader.book,
            list(contracts),
        )
    )


def follow_bills_of_contracts(reader: Reader, contracts: Collection[str]) -> Mapping[str, Keys]:
    return {
        contract: BILLS.keys(bill) | CREDITS.keys(bill)
        for contract, bill in load_bills_of_contracts(reader, contracts).items()
    }


def load_contracts_of_bills(reader: Reader, bills: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The live contracts that have accepted each bill: one, and those that match it."""
    return _accepted_with(reader, "bill", bills)


def load_sharers(reader: Reader, contracts: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The live contracts that share the bill of each, itself included."""
    return _accepted_with(reader, "contract", contracts)


def follow_sharers(reader: Reader, contracts: Collection[str]) -> Mapping[str, Keys]:
    return {
        contract: CONTRACTS.keys(*sharers) | INVOICES_OF_CONTRACTS.keys(*sharers)
        for contract, sharers in load_sharers(reader, contracts).items()
    }


def _accepted_with(reader: Reader, what: str, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Live contracts accepted with the bill of what is asked for; whoever is matched stands before who matches it."""
    found: dict[str, tuple[str, ...]] = {}
    for id_, contract in reader.rows(
        f"SELECT w.{what}, a.contract FROM voucher_acceptance w "  # noqa: S608  our own words
        "JOIN voucher_acceptance a ON a.book = w.book AND a.bill = w.bill "
        "LEFT JOIN voucher_contract_match m ON m.book = a.book AND m.contract = a.contract "
        f"WHERE w.book = %s AND w.{what} = ANY(%s) "
        "AND NOT EXISTS (SELECT FROM voucher_contract_end e WHERE e.book = a.book AND e.contract = a.contract) "
        f"GROUP BY w.{what}, a.contract, m.contract ORDER BY w.{what}, m.contract IS NOT NULL, a.contract",
        reader.book,
        list(ids),
    ):
        found[id_] = (*found.get(id_, ()), contract)
    return found


def load_matches(reader: Reader, contracts: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """By contract: those that match it and have not ended."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(contracts, ())
    for matched, contract in reader.rows(
        "SELECT m.matches, m.contract FROM voucher_contract_match m WHERE m.book = %s AND m.matches = ANY(%s) "
        "AND NOT EXISTS (SELECT FROM voucher_contract_end e WHERE e.book = m.book AND e.contract = m.contract) "
        "ORDER BY m.matches, m.contract",
        reader.book,
        list(contracts),
    ):
        found[matched] += (contract,)
    return found


def follow_matches(reader: Reader, contracts: Collection[str]) -> Mapping[str, Keys]:
    return {contract: CONTRACTS.keys(*found) for contract, found in load_matches(reader, contracts).items()}


def match_id(contract: str, voucher: str) -> str:
    """Under which is looked up what a voucher that matches a contract would use as evidence."""
    return f"{contract} {voucher}"


def follow_new_matches(reader: Reader, ids: Collection[str]) -> Mapping[str, Keys]:
    """The contract as evidence of the voucher's scheme."""
    contracts, vouchers = zip(*(id_.split(" ", 1) for id_ in ids), strict=True)
    return {
        match_id(contract, voucher): EVIDENCE.keys(contract_evidence(unit, contract_number, scheme))
        for contract, voucher, unit, contract_number, scheme in reader.rows(
            "SELECT c.number, v.number, c.unit, c.contract_number, v.scheme "
            "FROM unnest(%s::text[], %s::text[]) AS w (contract, voucher) "
            "JOIN voucher_contract c ON c.book = %s AND c.number = w.contract "
            "JOIN voucher v ON v.book = c.book AND v.number = w.voucher",
            list(contracts),
            list(vouchers),
            reader.book,
        )
    }


CONTRACTS = Aggregate[Contract]("voucher-contract", load_contracts, follow_contracts, what="合同/contract")
ACCEPTANCES = Aggregate[None](
    "voucher-invoice", lambda _reader, _ids: {}, follow_acceptances, what="发票/invoice", locked=False
)
"""By `acceptance_id`: leads to the bill's invoice as evidence."""
INVOICES_OF_CONTRACTS = Aggregate[str](
    "voucher-contract-invoice",
    load_invoices_of_contracts,
    follow_invoices_of_contracts,
    what="发票/invoice",
    locked=False,
)
"""By accepted contract: the key of its invoice as evidence."""
BILLS_OF_CONTRACTS = Aggregate[str](
    "voucher-contract-bill", load_bills_of_contracts, follow_bills_of_contracts, what="账单/bill", locked=False
)
"""By accepted contract: its bill, which is followed."""
CONTRACTS_OF_BILLS = Aggregate[tuple[str, ...]](
    "voucher-bill-contract", load_contracts_of_bills, what="合同/contract", locked=False
)
"""By bill, whose lock it shares: the live contracts that have accepted it."""
SHARERS = Aggregate[tuple[str, ...]](
    "voucher-contract-sharers", load_sharers, follow_sharers, what="合同/contract", locked=False
)
"""By accepted contract: the live contracts that share its bill, which are followed with their evidence."""
MATCHES = Aggregate[tuple[str, ...]](
    "voucher-contract-matches", load_matches, follow_matches, what="合同/contract", locked=False
)
"""By contract: those that match it and have not ended, which are followed."""
NEW_MATCHES = Aggregate[None](
    "voucher-new-match", lambda _reader, _ids: {}, follow_new_matches, what="合同/contract", locked=False
)
"""By `match_id`: leads to the contract as evidence of the voucher that is to match it."""
