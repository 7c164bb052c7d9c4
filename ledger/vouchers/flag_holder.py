"""Flag a holder: by a decision it gets nothing new for a time; a second person signs. A revocation flags by itself."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.registry.flags import flag_row
from ledger.registry.rules import require_party, require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Flag, PartyKind, Role
from ledger.vouchers import proposals
from ledger.vouchers.acting import require_holder
from ledger.vouchers.flags import check_flag_ahead
from policies.kernel.policies import Policies

KIND = "voucher.flag"
"""Kind of subject under which a flag is approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeFlag(Command):
    """By an operator of the commission under whose name it is sent."""

    kind: ClassVar[str] = "voucher.flag-holder"

    holder: str
    decision_number: str
    reason: str
    """What the holder is told."""
    until: date | None = None
    """Last day; None: until it is lifted. It begins when the second person signs."""


def reads(command: ProposeFlag) -> Keys:
    return readable(command, PARTIES.keys(command.holder, command.tenant) | PEOPLE.keys(command.actor))


def decide(command: ProposeFlag, state: State, _policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR, command.tenant)
    operator = require_party(state, command.tenant, PartyKind.BUREAU)
    check_flag_ahead(command.until, today)
    content = {
        "decision_number": checked_name(command.decision_number, "决定书文号", "number of the decision"),
        "reason": checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        "until": command.until,
    }
    holder = require_holder(state, command.holder)
    return proposals.proposed(command, KIND, content, operator=operator.code, holder=holder, voucher=None, today=today)


def post(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    """From today it gets nothing new; what it has goes on."""
    if event.subject_kind != KIND:
        return Effects({})
    proposal = proposals.signed(command, state)
    until = proposal.day("until")
    check_flag_ahead(until, today)
    flag = Flag(
        number=command.number("FL", proposal.number),
        decision_number=proposal.word("decision_number"),
        reason=proposal.word("reason"),
        since=today,
        until=until,
        operator=proposal.operator,
    )
    return Effects(
        {"proposal": proposal.number, "holder": proposal.holder, "flag": flag.number, "until": flag.until},
        rows=(
            flag_row(proposal.holder, flag, command.actor),
            proposals.posted_row(proposal, command.actor, today),
        ),
    )


USE_CASE = UseCase(ProposeFlag, reads, decide)
REACTIONS = (Reaction(ApprovalGiven, Approve, proposals.reads(KIND), post), proposals.refusal(KIND))
