"""Revoke a voucher: by a decision past its appeal, all that is open is taken back; a second person signs.

What is open is what still stands under committed budget: available, held, accepted and not yet claimed. A claim under
way is settled first, by sending it back or by refusing its line: finance signs a claim as it was shown, so nothing is
taken out of it beneath. What finance has approved is owed already; once paid, it is recovered by a claw-back.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import ClassVar, TypeVar

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.fees.evidence import release_evidence_rows
from ledger.fees.store import EVIDENCE
from ledger.journal.tables import EventRow
from ledger.registry.flags import flag_row
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_choice, checked_name, readable
from ledger.registry.values import Flag, Role
from ledger.vouchers import proposals, rules
from ledger.vouchers.acting import require_holder
from ledger.vouchers.flags import check_flag_ahead
from ledger.vouchers.parts import Ground
from ledger.vouchers.proposal_tables import VoucherRevocationTable
from ledger.vouchers.revocation_postings import (
    accepted_revocation_entries,
    hold_revocation_entry,
    revocation_entries,
)
from ledger.vouchers.store import INVOICES_OF_CONTRACTS, VOUCHERS, WHOLES, contract_evidence
from ledger.vouchers.tables import VoucherContractEndTable
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import (
    Contract,
    ContractEnd,
    ContractState,
    Proposal,
    RevocationGround,
    Voucher,
)
from policies.kernel.policies import Policies
from policies.vouchers.schemes import VoucherScheme

T = TypeVar("T")

KIND = "voucher.revocation"
"""Kind of subject under which a revocation is approved."""


class AppealOpen(Refused):
    zh = "决定书 {decision}（{decided_on}）的申诉期至 {appeal_until} 止，今天是 {today}。期满后才能撤销创新券。"
    en = (
        "Decision {decision} of {decided_on} can be appealed until {appeal_until}, and today is {today}. "
        "The voucher can be revoked after that."
    )


class DecisionDatesCrossed(Refused):
    zh = "决定书 {decision} 的日期 {decided_on} 晚于其申诉期截止日 {appeal_until}。请核对。"
    en = "Decision {decision} is dated {decided_on}, after the end of its appeal, {appeal_until}. Check the dates."


class GroundNotInScheme(Refused):
    zh = "计划“{scheme}”没有以“{ground}”为由撤销创新券的规定，可用的理由：{grounds}。"
    en = "The scheme {scheme} does not revoke vouchers on the ground “{ground}”; its grounds are: {grounds}."


class NothingToRevoke(Refused):
    zh = "创新券 {voucher} 没有未了结的券额，无可撤销。已支付的款项须另行追缴。"
    en = "Nothing of voucher {voucher} is open, so there is nothing to revoke. What was paid is recovered instead."


class ClaimUnderWay(Refused):
    zh = "合同 {contract} 在兑付申请 {claim} 中，尚未了结。请先退回该申请或不予兑付该项，再撤销创新券 {voucher}。"
    en = (
        "Contract {contract} stands in claim {claim}, which is not settled. Send the claim back or refuse its line, "
        "then revoke voucher {voucher}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRevocation(Command):
    kind: ClassVar[str] = "voucher.revoke"

    voucher: str
    ground: RevocationGround
    """Reason code."""
    decision_number: str
    """Number of the decision that the holder was served."""
    reason: str
    """What the holder is told."""
    decided_on: date
    appeal_until: date
    """Last day on which the decision could be appealed, as it says itself."""
    flagged_until: date | None = None
    """Last day on which the holder gets nothing new; None: until the flag is lifted."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """What was decided, as the signer is shown it."""

    ground: RevocationGround
    decision_number: str
    reason: str
    decided_on: date
    appeal_until: date
    flagged_until: date | None

    def check(self, today: date) -> None:
        """Refuse what can still be appealed, and a flag that would change nothing."""
        if self.decided_on > self.appeal_until:
            raise DecisionDatesCrossed(
                decision=self.decision_number, decided_on=self.decided_on, appeal_until=self.appeal_until
            )
        if today <= self.appeal_until:
            raise AppealOpen(
                decision=self.decision_number,
                decided_on=self.decided_on,
                appeal_until=self.appeal_until,
                today=today,
            )
        check_flag_ahead(self.flagged_until, today)

    @classmethod
    def of(cls, proposal: Proposal) -> "_Decision":
        return cls(
            RevocationGround(proposal.word("ground")),
            proposal.word("decision_number"),
            proposal.word("reason"),
            date.fromisoformat(proposal.word("decided_on")),
            date.fromisoformat(proposal.word("appeal_until")),
            proposal.day("flagged_until"),
        )


def reads(command: ProposeRevocation) -> Keys:
    return readable(command, WHOLES.keys(command.voucher) | PEOPLE.keys(command.actor))


def decide(command: ProposeRevocation, state: State, policies: Policies, today: date) -> Effects:
    voucher = state.one(VOUCHERS, command.voucher)
    require_role(state, command.actor, Role.OPERATOR, voucher.operator)
    decision = _Decision(
        checked_choice(RevocationGround, command.ground, "理由", "ground"),
        checked_name(command.decision_number, "决定书文号", "number of the decision"),
        checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        command.decided_on,
        command.appeal_until,
        command.flagged_until,
    )
    scheme = terms(policies, voucher.scheme, voucher.issued_on)
    check_ground(decision.ground, scheme)
    decision.check(today)
    taken = what_is_open(voucher, state)

    return proposals.proposed(
        command,
        KIND,
        asdict(decision),
        operator=voucher.operator,
        holder=require_holder(state, voucher.holder),
        voucher=voucher,
        today=today,
    ).and_also(Effects({"voucher": voucher.number, "open_fen": taken.open_fen}))


def post(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """The second signature takes back what is open today, ends what it was open for, and flags the holder."""
    if event.subject_kind != KIND:
        return Effects({})
    proposal = proposals.signed(command, state)
    decision = _Decision.of(proposal)
    decision.check(today)
    voucher = state.one(VOUCHERS, str(proposal.voucher))
    taken = what_is_open(voucher, state)

    flag = Flag(
        number=command.number("FL", proposal.number),
        decision_number=decision.decision_number,
        reason=decision.reason,
        since=today,
        until=decision.flagged_until,
        operator=voucher.operator,
    )
    cited = cite(terms(policies, voucher.scheme, voucher.issued_on), "revocation_grounds")
    ground = Ground(today, cited, memo=decision.decision_number)
    return Effects(
        {
            "proposal": proposal.number,
            "voucher": voucher.number,
            "revoked_fen": taken.open_fen,
            "available_fen": taken.available_fen,
            "held_fen": taken.held_fen,
            "accepted_fen": taken.accepted_fen,
            "flag": flag.number,
            "flagged_until": flag.until,
        },
        entries=(
            *revocation_entries(voucher, ground),
            *(hold_revocation_entry(voucher, contract, ground) for contract in taken.held),
            *(e for contract in taken.accepted for e in accepted_revocation_entries(voucher, contract, ground)),
        ),
        rows=(
            _row(voucher, proposal, decision, command.actor, today),
            proposals.posted_row(proposal, command.actor, today),
            flag_row(voucher.holder, flag, command.actor),
            *_ended_rows(taken, decision, state, command.actor, today),
        ),
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
        VoucherRevoked: it was revoked before.
        ClaimUnderWay: a part of it stands in a claim that nobody has settled.
        NothingToRevoke: nothing is open.
        ChangedMeanwhile: a contract came to be while this was looked up.
    """
    rules.check_not_revoked(voucher)
    contracts = proposals.contracts_of(voucher, state)
    for contract in contracts:
        if contract.state is ContractState.CLAIMED:
            raise ClaimUnderWay(contract=contract.number, claim=contract.claim, voucher=voucher.number)
    found = Open(
        voucher.available_fen,
        tuple(contract for contract in contracts if contract.state is ContractState.RESERVED),
        tuple(contract for contract in contracts if contract.state is ContractState.ACCEPTED),
    )
    if not found.open_fen:
        raise NothingToRevoke(voucher=voucher.number)
    return found


def _evidence_of(contract: Contract, state: State) -> tuple[str, ...]:
    """The contract, and the invoice once it was accepted."""
    paper = contract_evidence(contract.unit, contract.contract_number)
    if contract.accepted_on is None:
        return (paper,)
    return paper, _loaded(state.find(INVOICES_OF_CONTRACTS, contract.number), contract)


def _loaded(found: T | None, contract: Contract) -> T:
    if found is None:
        raise proposals.ChangedMeanwhile(voucher=contract.voucher, contract=contract.number)
    return found


def _row(voucher: Voucher, proposal: Proposal, decision: _Decision, person: str, today: date) -> VoucherRevocationTable:
    return VoucherRevocationTable(
        voucher=voucher.number,
        proposal=proposal.number,
        ground=decision.ground.value,
        decision_number=decision.decision_number,
        reason=decision.reason,
        decided_on=decision.decided_on,
        appeal_until=decision.appeal_until,
        revoked_on=today,
        person=person,
    )


def _ended_rows(taken: Open, decision: _Decision, state: State, person: str, today: date) -> tuple[EventRow, ...]:
    """Its contracts have ended, and neither they nor their invoices support this voucher any more."""
    reason = f"创新券撤销（{decision.decision_number}）/ the voucher was revoked ({decision.decision_number})"
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


USE_CASE = UseCase(ProposeRevocation, reads, decide)
REACTIONS = (Reaction(ApprovalGiven, Approve, proposals.reads(KIND), post), proposals.refusal(KIND))
