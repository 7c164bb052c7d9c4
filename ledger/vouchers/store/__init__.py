"""How decisions load what is known of vouchers: set-based, a constant number of statements for one or many.

A status follows from which rows are there; what stands of a voucher is read from the journal.

bounces        payments that came back
years          what stands in the way of ending a budget year
applications   applications, caps
vouchers       vouchers
contracts      contracts, evidence
claims         claims, their payables
claim_lines    from a claim to its contracts
claim_histories  what came before a claim, and after it
due            vouchers with all their contracts; what is over
objections     what is objected to claims
panels         the experts of claims, who may not be one, and what they think
openings       lists of vouchers issued before the books began; their old numbers
recoveries     what was taken back of paid contracts
proposals      what takes two people of the commission
closing        what is unfinished when a period is to close
standing       what stands on accounts
"""

from typing import Any

from ledger.executor.commands import Aggregate
from ledger.vouchers.store.applications import APPLICATIONS, CAPS, ISSUES, controller_cap, holder_cap
from ledger.vouchers.store.bounces import BOUNCES, bounce_id
from ledger.vouchers.store.claim_lines import LINES_OF_CLAIMS
from ledger.vouchers.store.claims import CLAIMS, CLAIMS_OF_PAYABLES
from ledger.vouchers.store.closing import UNFINISHED
from ledger.vouchers.store.contracts import (
    ACCEPTANCES,
    BILLS_OF_CONTRACTS,
    CONTRACTS,
    CONTRACTS_OF_BILLS,
    INVOICES_OF_CONTRACTS,
    MATCHES,
    NEW_MATCHES,
    SHARERS,
    acceptance_id,
    contract_evidence,
    evidence_of,
    invoice_evidence,
    match_id,
)
from ledger.vouchers.store.due import DUE, DUE_MAX, WHOLES, due_id
from ledger.vouchers.store.objections import OBJECTIONS
from ledger.vouchers.store.openings import LIST_STATES, OLD_NUMBERS, OPENING_LISTS, OPENINGS_POSTED, old_number_id
from ledger.vouchers.store.panels import PANELS
from ledger.vouchers.store.proposals import PROPOSALS
from ledger.vouchers.store.recoveries import (
    CLAIMS_OF_CONTRACTS,
    CLAIMS_OF_STEPS,
    RECOVERING,
    REFUNDED,
)
from ledger.vouchers.store.vouchers import VOUCHERS
from ledger.vouchers.store.years import YEARS_UNFINISHED

__all__ = [
    "ACCEPTANCES",
    "AGGREGATES",
    "APPLICATIONS",
    "BILLS_OF_CONTRACTS",
    "BOUNCES",
    "CAPS",
    "CLAIMS",
    "CLAIMS_OF_CONTRACTS",
    "CLAIMS_OF_PAYABLES",
    "CLAIMS_OF_STEPS",
    "CONTRACTS",
    "CONTRACTS_OF_BILLS",
    "DUE",
    "DUE_MAX",
    "INVOICES_OF_CONTRACTS",
    "ISSUES",
    "LINES_OF_CLAIMS",
    "LIST_STATES",
    "MATCHES",
    "NEW_MATCHES",
    "OBJECTIONS",
    "OLD_NUMBERS",
    "OPENINGS_POSTED",
    "OPENING_LISTS",
    "PANELS",
    "PROPOSALS",
    "RECOVERING",
    "REFUNDED",
    "SHARERS",
    "UNFINISHED",
    "VOUCHERS",
    "WHOLES",
    "YEARS_UNFINISHED",
    "acceptance_id",
    "bounce_id",
    "contract_evidence",
    "controller_cap",
    "due_id",
    "evidence_of",
    "holder_cap",
    "invoice_evidence",
    "match_id",
    "old_number_id",
]

AGGREGATES: tuple[Aggregate[Any], ...] = (
    YEARS_UNFINISHED,
    APPLICATIONS,
    ISSUES,
    CAPS,
    VOUCHERS,
    CONTRACTS,
    WHOLES,
    DUE,
    CLAIMS,
    CLAIMS_OF_PAYABLES,
    OBJECTIONS,
    BOUNCES,
    BILLS_OF_CONTRACTS,
    CONTRACTS_OF_BILLS,
    ACCEPTANCES,
    INVOICES_OF_CONTRACTS,
    SHARERS,
    MATCHES,
    NEW_MATCHES,
    LINES_OF_CLAIMS,
    PANELS,
    UNFINISHED,
    PROPOSALS,
    CLAIMS_OF_CONTRACTS,
    RECOVERING,
    REFUNDED,
    CLAIMS_OF_STEPS,
    LIST_STATES,
    OPENING_LISTS,
    OPENINGS_POSTED,
    OLD_NUMBERS,
)
