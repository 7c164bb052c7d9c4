"""Decide a line again: back to the queue, or back to the sender. One person proposes it, another signs."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.payments.bank.postings import leaving_entry
from ledger.payments.bank.rules import check_not_importer
from ledger.payments.bank.steps import step_row
from ledger.payments.bank.store import BANK_LINES, STANDING
from ledger.payments.bank.tables import BankLineProposalTable
from ledger.payments.bank.values import STATE_AFTER, STATE_WORDS, BankLine, Decision, LineState, Proposal, Step
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_choice, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies

KIND = "payment.bank-line"
"""Kind of subject under which a decision about a line is approved."""


class NothingToReopen(Refused):
    zh = "银行明细 {line} {state_zh}，无须重开。"
    en = "Bank line {line} is {state_en} already; there is nothing to reopen."


class NotInSuspense(Refused):
    zh = "银行明细 {line} {state_zh}，不在挂账中，不能退还。"
    en = "Bank line {line} is {state_en}, not in suspense, so nothing can be sent back."


class MatchStands(Refused):
    zh = "银行明细 {line} 是 {payables} 的付款或退回凭据，该登记仍然有效。登记有误的，请先登记退回，再重开。"
    en = (
        "Bank line {line} is the evidence for {payables}, and what is on record there still stands. "
        "If that was a mistake, record the return first, then reopen the line."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeDecision(Command):
    kind: ClassVar[str] = "payment.propose-line-decision"

    line: str
    decision: Decision
    reason: str


def reads(command: ProposeDecision) -> Keys:
    # The importer is followed.
    return readable(command, BANK_LINES.keys(command.line) | STANDING.keys(command.line) | PEOPLE.keys(command.actor))


def decide(command: ProposeDecision, state: State, _policies: Policies, today: date) -> Effects:
    person = require_any_role(state, command.actor, {Role.TREASURY, Role.FINANCE})
    decision = checked_choice(Decision, command.decision, "决定", "decision")
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    line = state.one(BANK_LINES, command.line)
    check_not_importer(line, person, state.one(PEOPLE, line.importer))
    check_possible(state, line, decision)

    version = line.proposal.version + 1 if line.proposal else 1
    shown = line.content(decision, reason)
    row = BankLineProposalTable(
        line=line.number,
        version=version,
        decision=decision.value,
        reason=reason,
        proposed_on=today,
        maker=person.code,
        importer=line.importer,
    )
    request = request_rows(KIND, line.number, shown, person.code, second_pair(Role.FINANCE), version)
    return Effects(
        {
            "line": line.number,
            "decision": decision,
            "approval": {"kind": KIND, "subject": line.number, "content_hash": content_hash(shown)},
        },
        rows=(row, *request),
    )


def content_of(reader: Reader, number: str) -> Json:
    """The content of a decision as it was last proposed, on the line as it stands now."""
    line = BANK_LINES.load(reader, [number])[number]
    proposal = _proposed(line)
    return line.content(proposal.decision, proposal.reason)


def check_possible(state: State, line: BankLine, decision: Decision) -> None:
    """Only what is in suspense is sent back; what waits is not reopened, nor evidence of what still stands."""
    said = STATE_WORDS[line.state]
    if decision is Decision.SEND_BACK:
        if line.state is not LineState.SUSPENSE:
            raise NotInSuspense(line=line.number, state_zh=said.zh, state_en=said.en)
        return
    if line.state is LineState.WAITING:
        raise NothingToReopen(line=line.number, state_zh=said.zh, state_en=said.en)
    if line.state is LineState.MATCHED and (standing := state.find(STANDING, line.number)):
        raise MatchStands(line=line.number, payables=", ".join(standing))


# -- signed ------------------------------------------------------------------------------------------------------------


def signed_reads(command: Approve) -> Keys:
    if command.subject_kind != KIND:
        return frozenset()
    return BANK_LINES.keys(command.subject) | STANDING.keys(command.subject) | PEOPLE.keys(command.actor)


def signed(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    """The second signature stands."""
    if event.subject_kind != KIND:
        return Effects({})
    line = state.one(BANK_LINES, event.subject)
    proposal = _proposed(line)
    check_not_importer(line, state.one(PEOPLE, command.actor), state.one(PEOPLE, line.importer))
    check_possible(state, line, proposal.decision)

    step = Step.REOPENED if proposal.decision is Decision.REOPEN else Step.SENT_BACK
    left = (leaving_entry(line, today, proposal.reason),) if line.state is LineState.SUSPENSE else ()
    return Effects(
        {"line": line.number, "state": STATE_AFTER[step]},
        entries=left,
        rows=(step_row(line, step, today, command.actor, proposal.reason),),
    )


def _proposed(line: BankLine) -> Proposal:
    if line.proposal is None:
        raise ValueError(f"{line.number} is signed and was never proposed")
    return line.proposal


USE_CASE = UseCase(ProposeDecision, reads, decide)
REACTION = Reaction(ApprovalGiven, Approve, signed_reads, signed)
