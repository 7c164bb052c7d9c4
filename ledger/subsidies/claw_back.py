"""Claw back: by a ruling past its appeal, all or a part of a paid award is owed back; a second officer signs.

The award stays as it was: what is taken back is an obligation with a life of its own. What comes back in the year of
its budget may be spent again; the rest is the treasury's, or is set off against the unit's next award.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import is_whole, shown, yuan
from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.budgets.ground import Ground
from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json, plain
from ledger.obligations.decided import obligation, obligation_row
from ledger.obligations.reinstate import reinstating
from ledger.obligations.rulings import check_appeal_over
from ledger.obligations.values import Obligation
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE, WORKING_DAYS
from ledger.registry.text import TEXT_LENGTH_MAX, checked_choice, checked_date, checked_name, readable
from ledger.registry.values import PartyKind, Role
from ledger.subsidies import rules
from ledger.subsidies.postings import claw_back_entry
from ledger.subsidies.store import AWARDS, BATCHES, CLAW_BACKS
from ledger.subsidies.tables import SubsidyClawBackEndTable, SubsidyClawBackTable, SubsidyRecoveryTable
from ledger.subsidies.values import Batch, ClawBack, ClawBackState, RecoveryGround, Spent
from policies.kernel.policies import Policies
from policies.kernel.words import Words
from policies.subsidies.schemes import subsidy

KIND = "subsidy.claw-back"
"""Kind of subject under which a claw-back is approved, and of what its obligations recover."""


class MoreThanWasPaid(Refused):
    zh = "补贴 {award} 已支付且未决定追缴的为 {left} 元，不能追缴 {wanted} 元。"
    en = "Of award {award}, {left} yuan are paid and not owed back already; {wanted} yuan cannot be taken back."


class RecoveryUnreadable(Invalid):
    zh = "追缴金额“{value}”应为正的整数分。"
    en = "The amount “{value}” to be taken back should be a positive whole number of fen."


class RecoveryGroundNotInScheme(Refused):
    zh = "“{scheme}”没有以“{ground}”为由追缴补贴的规定，可用的理由：{grounds}。"
    en = "{scheme} does not take subsidies back on the ground “{ground}”; its grounds are: {grounds}."


class ClawBackAnswered(Refused):
    zh = "追缴提议 {claw_back} 已经答复。"
    en = "Proposal {claw_back} to take back has been answered already."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSubsidyClawBack(Command):
    """By an operator of the commission that runs the subsidy, after a ruling that was served on the unit."""

    kind: ClassVar[str] = KIND

    award: str
    amount_fen: int
    ground: RecoveryGround
    """Reason code."""
    decision_number: str
    """Number of the ruling that was served."""
    reason: str
    decided_on: date
    appeal_until: date
    """Last day on which the ruling could be appealed, as it says itself."""


def reads(command: ProposeSubsidyClawBack) -> Keys:
    if not is_whole(command.amount_fen) or command.amount_fen <= 0:
        raise RecoveryUnreadable(value=shown(command.amount_fen))
    # The batch is followed.
    return readable(command, AWARDS.keys(command.award) | PEOPLE.keys(command.actor))


def decide(command: ProposeSubsidyClawBack, state: State, policies: Policies, today: date) -> Effects:
    batch = state.one(BATCHES, state.one(AWARDS, command.award))
    require_role(state, command.actor, Role.OPERATOR, batch.operator)
    award = batch.award(command.award)
    rules.check_passes_commission(award, Words("追缴", "taken back"))
    decision_number = checked_name(command.decision_number, "决定书文号", "number of the decision")
    decided_on = checked_date(command.decided_on, "决定日期", "date of the decision")
    appeal_until = checked_date(command.appeal_until, "申诉期截止日", "end of the appeal")
    check_appeal_over(decision_number, decided_on, appeal_until, today)
    ground = checked_choice(RecoveryGround, command.ground, "理由", "ground")
    _cited(batch.scheme, batch.computed_on, ground, policies)
    _parts(batch, award.number, command.amount_fen)
    claw_back = ClawBack(
        number=command.number("SC"),
        award=award.number,
        batch=batch.number,
        unit=award.unit,
        operator=batch.operator,
        scheme=batch.scheme,
        amount_fen=command.amount_fen,
        ground=ground,
        decision_number=decision_number,
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        decided_on=decided_on,
        appeal_until=appeal_until,
        maker=command.actor,
        state=ClawBackState.PROPOSED,
    )
    content = _content(claw_back)
    row = SubsidyClawBackTable(
        number=claw_back.number,
        award=claw_back.award,
        amount_fen=claw_back.amount_fen,
        ground=claw_back.ground.value,
        decision_number=claw_back.decision_number,
        reason=claw_back.reason,
        decided_on=claw_back.decided_on,
        appeal_until=claw_back.appeal_until,
        proposed_on=today,
        maker=claw_back.maker,
    )
    request = request_rows(
        KIND, claw_back.number, content, command.actor, second_pair(Role.OPERATOR), concerns={award.unit}
    )
    return Effects(
        {
            "claw_back": claw_back.number,
            "award": award.number,
            "amount_fen": claw_back.amount_fen,
            "approval": {"kind": KIND, "subject": claw_back.number, "content_hash": content_hash(content)},
        },
        rows=(row, *request),
    )


def _content(claw_back: ClawBack) -> Json:
    """What the second officer is shown."""
    content: Json = plain(
        {
            "claw_back": claw_back.number,
            "award": claw_back.award,
            "batch": claw_back.batch,
            "scheme": claw_back.scheme,
            "unit": claw_back.unit,
            "operator": claw_back.operator,
            "amount_fen": claw_back.amount_fen,
            "ground": claw_back.ground.value,
            "decision_number": claw_back.decision_number,
            "reason": claw_back.reason,
            "decided_on": claw_back.decided_on,
            "appeal_until": claw_back.appeal_until,
        }
    )
    return content


def content_of(reader: Reader, number: str) -> Json:
    return _content(CLAW_BACKS.load(reader, [number])[number])


def _cited(scheme: str, computed_on: date, ground: RecoveryGround, policies: Policies) -> str:
    """The article under which a subsidy of the scheme is taken back, as `source#article`.

    Raises:
        RecoveryGroundNotInScheme
    """
    terms = subsidy(scheme, computed_on, policies.known_on)
    cited = str(terms.cites["claw_back_grounds"])
    if ground not in terms.claw_back_grounds:
        raise RecoveryGroundNotInScheme(
            cite=cited, scheme=scheme, ground=ground.value, grounds=", ".join(terms.claw_back_grounds)
        )
    return cited


def _parts(batch: Batch, award: str, amount_fen: int) -> tuple[tuple[Spent, int], ...]:
    """An amount over the budgets that have paid the award, in their order; each gives at most what it has paid.

    Raises:
        MoreThanWasPaid
    """
    parts, left_fen = [], amount_fen
    for spent in batch.spent_on(award):
        part_fen = min(left_fen, spent.left_fen)
        left_fen -= part_fen
        if part_fen:
            parts.append((spent, part_fen))
    if left_fen:
        raise MoreThanWasPaid(award=award, left=yuan(amount_fen - left_fen), wanted=yuan(amount_fen))
    return tuple(parts)


# -- the second signature ----------------------------------------------------------------------------------------------


def signed_reads(command: Approve | Reject) -> Keys:
    if command.subject_kind != KIND:
        return frozenset()
    # The award's batch and its unit are followed.
    return CLAW_BACKS.keys(command.subject) | WORKING_DAYS.keys("book")


def post(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """An obligation for each budget that has paid the award."""
    if event.subject_kind != KIND:
        return Effects({})
    claw_back = _waiting(state, event.subject)
    require_role(state, command.actor, Role.OPERATOR, claw_back.operator)
    batch = state.one(BATCHES, claw_back.batch)
    cited = _cited(batch.scheme, batch.computed_on, claw_back.ground, policies)
    owed = [
        _owed(command, claw_back, spent, fen, cited, state, policies, today)
        for spent, fen in _parts(batch, claw_back.award, claw_back.amount_fen)
    ]
    award = batch.award(claw_back.award)
    return Effects(
        {
            "claw_back": claw_back.number,
            "award": award.number,
            "recovered_fen": claw_back.amount_fen,
            "obligations": [one.number for one in owed],
            "due_on": owed[0].due_on,
        },
        entries=tuple(
            claw_back_entry(batch, award, one, Ground(today, one.citation, memo=one.decision_number)) for one in owed
        ),
        rows=(
            _end(claw_back, ClawBackState.POSTED, command.actor, today),
            *map(obligation_row, owed),
            *(
                SubsidyRecoveryTable(
                    obligation=one.number,
                    claw_back=claw_back.number,
                    award=award.number,
                    year=one.year,
                    budget_line=one.budget_line,
                    amount_fen=one.amount_fen,
                )
                for one in owed
            ),
        ),
    )


def refuse(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    if event.subject_kind != KIND:
        return Effects({})
    claw_back = _waiting(state, event.subject)
    return Effects(
        {"claw_back": claw_back.number, "state": ClawBackState.REFUSED},
        rows=(_end(claw_back, ClawBackState.REFUSED, command.actor, today, event.reason),),
    )


def _waiting(state: State, number: str) -> ClawBack:
    claw_back = state.one(CLAW_BACKS, number)
    if claw_back.state is not ClawBackState.PROPOSED:
        raise ClawBackAnswered(claw_back=number)
    return claw_back


def _owed(
    command: Command,
    claw_back: ClawBack,
    spent: Spent,
    fen: int,
    cited: str,
    state: State,
    policies: Policies,
    today: date,
) -> Obligation:
    return obligation(
        number=command.number("OB", claw_back.award, spent.charge.year, spent.charge.line),
        debtor=claw_back.unit,
        creditor=claw_back.operator,
        subject_kind=KIND,
        subject=claw_back.award,
        ground=claw_back.ground.value,
        decision_number=claw_back.decision_number,
        citation=cited,
        amount_fen=fen,
        scheme=claw_back.scheme,
        year=spent.charge.year,
        budget_line=spent.charge.line,
        debtor_keeps_books=state.one(PARTIES, claw_back.unit).kind is PartyKind.UNIT,
        decided_on=today,
        policies=policies,
        calendar=state.one(WORKING_DAYS, "book"),
    )


def _end(
    claw_back: ClawBack, outcome: ClawBackState, person: str, today: date, reason: str = ""
) -> SubsidyClawBackEndTable:
    return SubsidyClawBackEndTable(
        claw_back=claw_back.number, outcome=outcome.value, ended_on=today, person=person, reason=reason
    )


USE_CASE = UseCase(ProposeSubsidyClawBack, reads, decide)
REACTIONS = (
    Reaction(ApprovalGiven, Approve, signed_reads, post),
    Reaction(ApprovalRefused, Reject, signed_reads, refuse),
    reinstating("subsidy.reinstate", {KIND}),
)
