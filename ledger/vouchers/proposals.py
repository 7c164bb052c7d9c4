"""What takes two people of the commission: one proposes, another signs exactly what was shown, or refuses."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json, plain
from ledger.registry.rules import require_role
from ledger.registry.values import Party, Role
from ledger.vouchers import rules
from ledger.vouchers.proposal_tables import VoucherProposalEndTable, VoucherProposalTable
from ledger.vouchers.states import ProposalState
from ledger.vouchers.store import CONTRACTS, PROPOSALS, WHOLES
from ledger.vouchers.values import Contract, Proposal, Voucher
from policies.kernel.policies import Policies
from policies.kernel.words import Words

PROPOSAL = Words("提议", "proposal")


class ChangedMeanwhile(Refused):
    zh = "办理期间创新券 {voucher} 的合同 {contract} 有变化。请重新复核。"
    en = "Meanwhile contract {contract} of voucher {voucher} has changed. Decide or sign again."


def proposed(
    command: Command,
    kind: str,
    content: Mapping[str, object],
    *,
    operator: str,
    holder: Party,
    voucher: Voucher | None,
    today: date,
    concerns: Collection[str] = (),
) -> Effects:
    """The proposal as a row, and the request that a second operator signs it; nobody of the holder's may.

    Args:
        command: its number and its maker are the proposal's.
        kind: kind of subject under which it is approved.
        content: what it says, beside whom and what it is about.
        operator: the commission; its people sign.
        holder: whose rights change.
        voucher: None where it is about the holder alone.
        today: day of the proposal.
        concerns: further parties whose people may not sign.
    """
    number = command.number("PR")
    shown = plain(
        {
            "proposal": number,
            "kind": kind,
            "operator": operator,
            "holder": holder.code,
            "holder_name": holder.name,
            "voucher": voucher.number if voucher else None,
            **content,
        }
    )
    row = VoucherProposalTable(
        number=number,
        kind=kind,
        operator=operator,
        holder=holder.code,
        voucher=voucher.number if voucher else None,
        content=shown,
        maker=command.actor,
        proposed_on=today,
    )
    about = {holder.code, *([holder.body] if holder.body else []), *concerns}
    request = request_rows(kind, number, shown, command.actor, second_pair(Role.OPERATOR), concerns=about)
    return Effects(
        {"proposal": number, "approval": {"kind": kind, "subject": number, "content_hash": content_hash(shown)}},
        rows=(row, *request),
    )


def content_of(reader: Reader, number: str) -> Json:
    """The content of a proposal, which is kept as it was shown."""
    return PROPOSALS.load(reader, [number])[number].content


def reads(kind: str) -> Callable[[Approve | Reject], Keys]:
    """What the answer to a proposal of this kind reads; its holder, its voucher and its contracts are followed."""

    def keys(command: Approve | Reject) -> Keys:
        return PROPOSALS.keys(command.subject) if command.subject_kind == kind else frozenset()

    return keys


def signed(command: Approve, state: State) -> Proposal:
    """The proposal that waits for this signature, by a person of the same commission."""
    proposal = state.one(PROPOSALS, command.subject)
    require_role(state, command.actor, Role.OPERATOR, proposal.operator)
    if proposal.state is not ProposalState.PROPOSED:
        raise rules.WrongState(PROPOSAL, proposal.number, proposal.state, Words("复核", "signed"))
    return proposal


def contracts_of(voucher: Voucher, state: State) -> tuple[Contract, ...]:
    """All contracts of a voucher, as they stand now.

    Raises:
        ChangedMeanwhile: one came to be between the look-up and the lock.
    """
    found = []
    for number in state.one(WHOLES, voucher.number):
        contract = state.find(CONTRACTS, number)
        if contract is None:
            raise ChangedMeanwhile(voucher=voucher.number, contract=number)
        found.append(contract)
    return tuple(found)


def posted_row(proposal: Proposal, person: str, today: date) -> VoucherProposalEndTable:
    """It has taken effect."""
    return _end(proposal, ProposalState.POSTED, person, today, "")


def refusal(kind: str) -> Reaction[Reject, ApprovalRefused]:
    """What follows when the second person says no: nothing but that it is known."""

    def refuse(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
        if event.subject_kind != kind:
            return Effects({})
        proposal = state.one(PROPOSALS, event.subject)
        return Effects(
            {"proposal": proposal.number, "state": ProposalState.REFUSED},
            rows=(_end(proposal, ProposalState.REFUSED, command.actor, today, event.reason),),
        )

    return Reaction(ApprovalRefused, Reject, reads(kind), refuse)


def _end(proposal: Proposal, outcome: ProposalState, person: str, today: date, reason: str) -> VoucherProposalEndTable:
    return VoucherProposalEndTable(
        proposal=proposal.number, outcome=outcome.value, ended_on=today, person=person, reason=reason
    )
