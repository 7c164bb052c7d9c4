"""Refuse lines of a claim for good: each with a reason of the declared list and a sentence; the rest goes on.

What is refused never comes back to the voucher. The unit's bill is open again by as much, and contract and invoice may
support another claim.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ledger.budgets.ground import Ground
from ledger.errors import Invalid, Refused
from ledger.executor.commands import Keys, State
from ledger.fees.evidence import release_evidence_rows
from ledger.fees.store import EVIDENCE
from ledger.journal.entries import Entry
from ledger.journal.tables import EventRow
from ledger.registry.text import TEXT_LENGTH_MAX, checked_choice, checked_name
from ledger.vouchers.claim_postings import refusal_entries
from ledger.vouchers.claim_values import Claim, RefusedLine
from ledger.vouchers.refusal_reasons import RefusalReason
from ledger.vouchers.states import ContractEnd
from ledger.vouchers.store import CONTRACTS, INVOICES_OF_CONTRACTS, VOUCHERS, evidence_of
from ledger.vouchers.tables import VoucherClaimRefusalTable, VoucherContractEndTable


class LineNotInClaim(Refused):
    zh = "合同 {contract} 不在兑付申请 {claim} 的待办明细中，不能单独驳回。"
    en = "Contract {contract} is no line of claim {claim} that goes on; it cannot be refused there."


class LineRefusedTwice(Invalid):
    zh = "合同 {contract} 的驳回出现两次。请只列一次。"
    en = "The refusal of contract {contract} stands there twice. Name it once."


@dataclass(frozen=True, slots=True)
class LineRefusal:
    """A line that is to be refused, as the reviewer says it."""

    contract: str
    reason_code: str
    """Of the declared list, such as `excluded-service`."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Refusals:
    """What follows from refusing lines."""

    claim: Claim
    """What is left of it."""
    entries: tuple[Entry, ...] = ()
    rows: tuple[EventRow, ...] = ()


def refusal_reads(contracts: Iterable[str]) -> Keys:
    """The contracts, whose vouchers and contract numbers are followed, and their invoices as evidence."""
    numbers = tuple(contracts)
    return CONTRACTS.keys(*numbers) | INVOICES_OF_CONTRACTS.keys(*numbers)


def refuse_lines(
    claim: Claim, refusals: tuple[LineRefusal, ...], state: State, ground: Ground, person: str
) -> Refusals:
    """The claim without these lines, and what is posted and written for them."""
    refused: dict[str, RefusedLine] = {}
    for refusal in refusals:
        if refusal.contract in refused:
            raise LineRefusedTwice(contract=refusal.contract)
        refused[refusal.contract] = _refused(claim, refusal)
    entries: list[Entry] = []
    rows: list[EventRow] = []
    for one in refused.values():
        voucher = state.one(VOUCHERS, one.line.voucher)
        entries += refusal_entries(claim, one.line, voucher, replace(ground, memo=one.sentence))
        rows += _rows(claim, one, state, ground, person)
    left = replace(
        claim,
        lines=tuple(line for line in claim.lines if line.contract not in refused),
        refused=(*claim.refused, *refused.values()),
    )
    return Refusals(left, tuple(entries), tuple(rows))


def _refused(claim: Claim, refusal: LineRefusal) -> RefusedLine:
    reason = checked_choice(RefusalReason, refusal.reason_code, "驳回原因", "reason for a refusal")
    sentence = checked_name(refusal.sentence, "驳回说明", "sentence about the refusal", TEXT_LENGTH_MAX)
    line = next((line for line in claim.lines if line.contract == refusal.contract), None)
    if line is None:
        raise LineNotInClaim(contract=refusal.contract, claim=claim.number)
    return RefusedLine(line=line, reason=reason, sentence=sentence)


def _rows(claim: Claim, refused: RefusedLine, state: State, ground: Ground, person: str) -> tuple[EventRow, ...]:
    contract = state.one(CONTRACTS, refused.line.contract)
    of_contract = state.one(EVIDENCE, evidence_of(contract))
    of_invoice = state.one(EVIDENCE, state.one(INVOICES_OF_CONTRACTS, contract.number))
    return (
        VoucherClaimRefusalTable(
            claim=claim.number,
            contract=contract.number,
            reason_code=refused.reason.value,
            sentence=refused.sentence,
            refused_on=ground.on,
            person=person,
        ),
        VoucherContractEndTable(
            contract=contract.number,
            outcome=ContractEnd.REFUSED.value,
            ended_on=ground.on,
            person=person,
            reason=refused.sentence,
        ),
        *release_evidence_rows(of_contract, refused.sentence),
        *release_evidence_rows(of_invoice, refused.sentence),
    )
