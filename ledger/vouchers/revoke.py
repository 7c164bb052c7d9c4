"""Revoke a voucher: by a decision past its appeal, all that is open is taken back; a second person signs.

What finance has approved is owed already; once paid, it is recovered by a claw-back.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven
from ledger.budgets.ground import Ground
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.registry.flags import flag_row
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Flag, Role
from ledger.vouchers import proposals, rules
from ledger.vouchers.acting import require_holder
from ledger.vouchers.revoking import Open, Ruling, revoked_entries, revoked_rows, what_is_open
from ledger.vouchers.store import VOUCHERS, WHOLES
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import RevocationGround, Voucher
from policies.kernel.policies import Policies

KIND = "voucher.revocation"
"""Kind of subject under which a revocation is approved."""


class NothingToRevoke(Refused):
    zh = "创新券 {voucher} 没有未了结的券额，无可撤销。已支付的款项须另行追缴。"
    en = "Nothing of voucher {voucher} is open, so there is nothing to revoke. What was paid is recovered instead."


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

    @property
    def ruling(self) -> Ruling:
        return Ruling(
            ground=self.ground,
            decision_number=self.decision_number,
            reason=self.reason,
            decided_on=self.decided_on,
            appeal_until=self.appeal_until,
            flagged_until=self.flagged_until,
        )


def reads(command: ProposeRevocation) -> Keys:
    return readable(command, WHOLES.keys(command.voucher) | PEOPLE.keys(command.actor))


def decide(command: ProposeRevocation, state: State, policies: Policies, today: date) -> Effects:
    voucher = state.one(VOUCHERS, command.voucher)
    require_role(state, command.actor, Role.OPERATOR, voucher.operator)
    ruling = command.ruling.checked(terms(policies, voucher.scheme, voucher.issued_on), today)
    taken = _open(voucher, state)

    return proposals.proposed(
        command,
        KIND,
        asdict(ruling),
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
    ruling = Ruling.of(proposal)
    ruling.check_day(today)
    voucher = state.one(VOUCHERS, str(proposal.voucher))
    taken = _open(voucher, state)

    flag = Flag(
        number=command.number("FL", proposal.number),
        decision_number=ruling.decision_number,
        reason=ruling.reason,
        since=today,
        until=ruling.flagged_until,
        operator=voucher.operator,
    )
    cited = cite(terms(policies, voucher.scheme, voucher.issued_on), "revocation_grounds")
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
        entries=revoked_entries(voucher, taken, Ground(today, cited, memo=ruling.decision_number)),
        rows=(
            *revoked_rows(voucher, taken, proposal, ruling, state, command.actor, today),
            proposals.posted_row(proposal, command.actor, today),
            flag_row(voucher.holder, flag, command.actor),
        ),
    )


def _open(voucher: Voucher, state: State) -> Open:
    """What is open of it, and that is something."""
    rules.check_not_revoked(voucher)
    taken = what_is_open(voucher, state)
    if not taken.open_fen:
        raise NothingToRevoke(voucher=voucher.number)
    return taken


USE_CASE = UseCase(ProposeRevocation, reads, decide)
REACTIONS = (Reaction(ApprovalGiven, Approve, proposals.reads(KIND), post), proposals.refusal(KIND))
