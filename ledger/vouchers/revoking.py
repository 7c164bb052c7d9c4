"""A ruling against the holder of a voucher, and what it takes back of what is open; for revocations and claw-backs.

What is open is what still stands under committed budget: available, held, accepted and not yet claimed. A claim under
way is settled first, by sending it back or by refusing its line: finance signs a claim as it was shown, so nothing is
taken out of it beneath.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from ledger.budgets.ground import Ground
from ledger.errors import Refused
from ledger.executor.commands import State
from ledger.fees.evidence import release_evidence_rows
from ledger.fees.store import EVIDENCE
from ledger.journal.entries import Entry
from ledger.journal.tables import EventRow
from ledger.obligations.rulings import check_appeal_over
from ledger.registry.text import TEXT_LENGTH_MAX, checked_choice, checked_name
from ledger.vouchers import proposals
from ledger.vouchers.flags import check_flag_ahead
from ledger.vouchers.proposal_tables import VoucherRevocationTable
from ledger.vouchers.revocation_postings import (
    accepted_revocation_entries,
    hold_revocation_entry,
    revocation_entries,
)
from ledger.vouchers.states import ContractEnd, ContractState
from ledger.vouchers.store import INVOICES_OF_CONTRACTS, evidence_of
from ledger.vouchers.tables import VoucherContractEndTable
from ledger.vouchers.terms import cite
from ledger.vouchers.values import Contract, Proposal, RevocationGround, Voucher
from policies.vouchers.schemes import VoucherScheme

T = TypeVar("T")


class GroundNotInScheme(Refused):
    zh = "计划“{scheme}”没有以“{ground}”为由撤销创新券的规定，可用的理由：{grounds}。"
    en = "The scheme {scheme} does not revoke vouchers on the ground “{ground}”; its grounds are: {grounds}."


class ClaimUnderWay(Refused):
    zh = "合同 {contract} 在兑付申请 {claim} 中，尚未了结。请先退回该申请或不予兑付该项，再撤销创新券 {voucher}。"
    en = (
        "Contract {contract} stands in claim {claim}, which is not settled. Send the claim back or refuse its line, "
        "then revoke voucher {voucher}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What was decided, as it was served and as the signer is shown it."""

    ground: RevocationGround
    decision_number: str
    reason: str
    decided_on: date
    appeal_until: date
    """Last day on which the decision could be appealed, as it says itself."""
    flagged_until: date | None
    """Last day on which the holder gets nothing new; None: until the flag is lifted."""

    def checked(self, scheme: VoucherScheme, today: date) -> "Ruling":
        """Refuse what is not for the scheme, can still be appealed, or would flag for no time."""
        checked = Ruling(
            ground=checked_choice(RevocationGround, self.ground, "理由", "ground"),
            decision_number=checked_name(self.decision_number, "决定书文号", "number of the decision"),
            reason=checked_name(self.reason, "理由", "reason", TEXT_LENGTH_MAX),
            decided_on=self.decided_on,
            appeal_until=self.appeal_until,
            flagged_until=self.flagged_until,
        )
        check_ground(checked.ground, scheme)
        checked.check_day(today)
        return checked

    def check_day(self, today: date) -> None:
        check_appeal_over(self.decision_number, self.decided_on, self.appeal_until, today)
        check_flag_ahead(self.flagged_until, today)

    @classmethod
    def of(cls, proposal: Proposal) -> "Ruling":
        return cls(
            ground=RevocationGround(proposal.word("ground")),
            decision_number=proposal.word("decision_number"),
            reason=proposal.word("reason"),
            decided_on=date.fromisoformat(proposal.word("decided_on")),
            appeal_until=date.fromisoformat(proposal.word("appeal_until")),
            flagged_until=proposal.day("flagged_until"),
        )


def check_ground(ground: RevocationGround, scheme: VoucherScheme) -> None:
    """Refuse a reason for which the scheme does not revoke."""
    if ground not in scheme.revocation_grounds:
        raise GroundNotInScheme(
            cite=cite(scheme, "revocation_grounds"),
            scheme=scheme.name,
            ground=ground.value,
            grounds=", ".join(scheme.revocation_grounds),
        )


@dataclass(frozen=True, slots=True)
class Open:
    """What is open of a voucher and can be revoked."""

    available_fen: int
    held: tuple[Contract, ...]
    accepted: tuple[Contract, ...]
    """Accepted and not yet claimed, those of which nothing is redeemable included."""

    @property
    def held_fen(self) -> int:
        return sum(contract.held_fen for contract in self.held)

    @property
    def accepted_fen(self) -> int:
        return sum(contract.redeemable_fen for contract in self.accepted)

    @property
    def open_fen(self) -> int:
        return self.available_fen + self.held_fen + self.accepted_fen


def what_is_open(voucher: Voucher, state: State) -> Open:
    """Everything of the voucher that can be revoked.

    Raises:
        ClaimUnderWay: a part of it stands in a claim that nobody has settled.
        ChangedMeanwhile: a contract came to be while this was looked up.
    """
    contracts = proposals.contracts_of(voucher, state)
    for contract in contracts:
        if contract.state is ContractState.CLAIMED:
            raise ClaimUnderWay(contract=contract.number, claim=contract.claim, voucher=voucher.number)
    return Open(
        voucher.available_fen,
        tuple(contract for contract in contracts if contract.state is ContractState.RESERVED),
        tuple(contract for contract in contracts if contract.state is ContractState.ACCEPTED),
    )


def revoked_entries(voucher: Voucher, taken: Open, ground: Ground) -> tuple[Entry, ...]:
    return (
        *revocation_entries(voucher, ground),
        *(hold_revocation_entry(voucher, contract, ground) for contract in taken.held),
        *(entry for contract in taken.accepted for entry in accepted_revocation_entries(voucher, contract, ground)),
    )


def revoked_rows(
    voucher: Voucher, taken: Open, proposal: Proposal, ruling: Ruling, state: State, person: str, today: date
) -> tuple[EventRow, ...]:
    """The revocation; its contracts have ended, and neither they nor their invoices support this voucher any more."""
    return (
        VoucherRevocationTable(
            voucher=voucher.number,
            proposal=proposal.number,
            ground=ruling.ground.value,
            decision_number=ruling.decision_number,
            reason=ruling.reason,
            decided_on=ruling.decided_on,
            appeal_until=ruling.appeal_until,
            revoked_on=today,
            person=person,
        ),
        *_ended_rows(taken, ruling, state, person, today),
    )


def _ended_rows(taken: Open, ruling: Ruling, state: State, person: str, today: date) -> tuple[EventRow, ...]:
    reason = f"创新券撤销（{ruling.decision_number}）/ the voucher was revoked ({ruling.decision_number})"
    rows: list[EventRow] = []
    for contract in (*taken.held, *taken.accepted):
        rows.append(
            VoucherContractEndTable(
                contract=contract.number,
                outcome=ContractEnd.REVOKED.value,
                ended_on=today,
                person=person,
                reason=reason,
            )
        )
        for key in _evidence_of(contract, state):
            rows += release_evidence_rows(_loaded(state.find(EVIDENCE, key), contract), reason)
    return tuple(rows)


def _evidence_of(contract: Contract, state: State) -> tuple[str, ...]:
    """The contract, and the invoice once it was accepted."""
    paper = evidence_of(contract)
    if contract.accepted_on is None:
        return (paper,)
    return paper, _loaded(state.find(INVOICES_OF_CONTRACTS, contract.number), contract)


def _loaded(found: T | None, contract: Contract) -> T:
    if found is None:
        raise proposals.ChangedMeanwhile(voucher=contract.voucher, contract=contract.number)
    return found
