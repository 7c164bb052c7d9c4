"""Propose another policy or another budget for a subsidy, with its impact on a year that stands; finance signs it.

What is signed is the impact run, line by line. It changes no award: rules come into force by the dates in their policy
file, and what a unit should have got more, or less, is made good by a decision of its own.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from ledger.amounts import is_whole, shown
from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import FINANCE_TWO
from ledger.budgets.rules import scheme_of, year_of
from ledger.errors import Refused
from ledger.evaluation.store import EVALUATIONS, PLATFORM
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json, plain
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_date, checked_name, readable
from ledger.registry.values import Role
from ledger.subsidies import rules
from ledger.subsidies.bases import BASES, bases_id
from ledger.subsidies.impact import (
    ChangeState,
    Computed,
    Impact,
    ImpactLine,
    NothingToCompare,
    PolicyChange,
    Question,
    Records,
    Side,
    Total,
    impact,
)
from ledger.subsidies.policy_change_store import GRADES_OF_YEARS, POLICY_CHANGES
from ledger.subsidies.policy_change_tables import (
    SubsidyPolicyChangeEndTable,
    SubsidyPolicyChangeLineTable,
    SubsidyPolicyChangeSideTable,
    SubsidyPolicyChangeTable,
)
from ledger.subsidies.shares import Kept
from ledger.subsidies.store import BATCHES, YEARS
from ledger.subsidies.values import year_id
from policies.kernel.policies import Policies
from policies.subsidies.schemes import serves

KIND = "subsidy.policy-change"


class ChangeAnswered(Refused):
    zh = "政策调整 {change} 已经答复。"
    en = "Change of policy {change} has been answered already."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePolicyChange(Command):
    """By an operator of the commission that runs the subsidy."""

    kind: ClassVar[str] = KIND

    scheme: str
    """With the year: what would be compared; the batch that stands."""
    year: int
    under: str = ""
    """Another subsidy; empty: the same."""
    on: date | None = None
    """Whose rules in force; None: of the day on which the batch was computed."""
    pool_fen: int | None = None
    """What would be shared out; None: as much as was."""
    evaluation: str = ""
    """Whose grades would count; empty: those of the batch."""
    document_number: str
    """Of the paper that changes the policy."""
    reason: str

    @property
    def question(self) -> Question:
        return Question(under=self.under, on=self.on, pool_fen=self.pool_fen, evaluation=self.evaluation)


def reads(command: ProposePolicyChange) -> Keys:
    if command.pool_fen is not None and (not is_whole(command.pool_fen) or command.pool_fen <= 0):
        raise rules.AmountsUnreadable(value=shown(command.pool_fen))
    if command.under:
        scheme_of(command.under)
    if command.on is not None:
        checked_date(command.on, "规则日期", "day of the rules")
    scheme_of(command.scheme)
    id_ = year_id(command.scheme, year_of(command.year))
    evaluation = EVALUATIONS.keys(command.evaluation) if command.evaluation else frozenset()
    # The batch that stands, and the round whose grades it rests on, are followed.
    return readable(
        command,
        YEARS.keys(id_)
        | GRADES_OF_YEARS.keys(id_)
        | BASES.keys(*(bases_id(command.year - back, serves(command.scheme)) for back in (0, 1)))
        | evaluation
        | PLATFORM.keys("book")
        | PARTIES.keys(command.tenant)
        | PEOPLE.keys(command.actor),
    )


def decide(command: ProposePolicyChange, state: State, _policies: Policies, today: date) -> Effects:
    year = state.one(YEARS, year_id(command.scheme, command.year))
    if year.live is None:
        raise NothingToCompare(scheme=command.scheme, year=command.year)
    batch, topped_up = state.one(BATCHES, year.live), state.all(BATCHES, year.topped_up)
    require_role(state, command.actor, Role.OPERATOR, batch.operator)
    rounds = {command.evaluation, *(one.evaluation for one in (batch, *topped_up))}
    records = Records(
        {one: state.one(BASES, bases_id(one, batch.serves)) for one in (command.year, command.year - 1)},
        state.one(PLATFORM, "book"),
        {id_: state.one(EVALUATIONS, id_) for id_ in rounds - {""}},
        state.one(PARTIES, command.tenant),
        tuple(topped_up),
    )
    found = impact(batch, command.question, records, today)
    change = PolicyChange(
        number=command.number("PC"),
        operator=batch.operator,
        document_number=checked_name(command.document_number, "文号", "number of the document"),
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        maker=command.actor,
        proposed_on=today,
        impact=found.impact,
        state=ChangeState.PROPOSED,
    )
    content = _content(change)
    kept = Kept(command)
    rows = _rows(change, found, kept, today)
    request = request_rows(
        KIND,
        change.number,
        content,
        command.actor,
        FINANCE_TWO,
        concerns={line.unit for line in found.impact.lines},
    )
    return Effects(
        {
            "change": change.number,
            **told(found.impact),
            "approval": {"kind": KIND, "subject": change.number, "content_hash": content_hash(content)},
        },
        rows=(*kept.rows, *rows, *request),
    )


# -- what is shown and kept --------------------------------------------------------------------------------------------


def told(found: Impact) -> dict[str, Json]:
    """An impact run as an object: both sides, who gains and loses, by grade and by how much, every unit."""
    answer: dict[str, Json] = plain(
        {
            "scheme": found.scheme,
            "year": found.year,
            "batch": found.batch,
            "synthetic": found.before.synthetic or found.after.synthetic,
            "records": {"block": found.block, "last_seq": found.last_seq, "block_hash": found.block_hash},
            "before": _side(found.before),
            "after": _side(found.after),
            "gaining": found.gaining,
            "gain_fen": found.gain_fen,
            "losing": found.losing,
            "loss_fen": found.loss_fen,
            "corrected": list(found.corrected),
            "by_grade": [_total(total) for total in found.by_grade()],
            "by_change": [_total(total) for total in found.by_change()],
            "lines": [_line(line) for line in found.lines],
        }
    )
    return answer


def _side(side: Side) -> dict[str, object]:
    return {
        "scheme": side.scheme,
        "on": side.on,
        "policy": side.policy,
        "policy_version": side.policy_version,
        "synthetic": side.synthetic,
        "base_year": side.base_year,
        "evaluation": side.evaluation,
        "evaluation_version": side.evaluation_version,
        "pool_fen": side.pool_fen,
        "entitled_fen": side.entitled_fen,
        "awarded_fen": side.awarded_fen,
        "over_fen": side.over_fen,
        "units": side.units,
    }


def _total(total: Total) -> dict[str, object]:
    return {
        "name": total.name,
        "units": total.units,
        "before_fen": total.before_fen,
        "after_fen": total.after_fen,
    }


def _line(line: ImpactLine) -> dict[str, object]:
    return {
        "unit": line.unit,
        "grade": line.grade,
        "awarded_fen": line.awarded_fen,
        "before_fen": line.before_fen,
        "after_fen": line.after_fen,
        "difference_fen": line.difference_fen,
        "change": line.change,
    }


def _content(change: PolicyChange) -> Json:
    """What two officers of finance are shown."""
    return {
        "change": change.number,
        "operator": change.operator,
        "document_number": change.document_number,
        "reason": change.reason,
        **told(change.impact),
    }


def content_of(reader: Reader, number: str) -> Json:
    return _content(POLICY_CHANGES.load(reader, [number])[number])


def _rows(
    change: PolicyChange, found: Computed, kept: Kept, today: date
) -> tuple[SubsidyPolicyChangeTable | SubsidyPolicyChangeSideTable | SubsidyPolicyChangeLineTable, ...]:
    run = change.impact
    before_base, before = kept.keep(found.before.base), kept.keep(found.before.share)
    after_base, after = kept.keep(found.after.base), kept.keep(found.after.share)
    return (
        SubsidyPolicyChangeTable(
            number=change.number,
            batch=run.batch,
            operator=change.operator,
            block=run.block,
            last_seq=run.last_seq,
            block_hash=run.block_hash,
            document_number=change.document_number,
            reason=change.reason,
            proposed_on=today,
            maker=change.maker,
        ),
        _side_row(change.number, "before", run.before),
        _side_row(change.number, "after", run.after),
        *(
            SubsidyPolicyChangeLineTable(
                change=change.number,
                unit=line.unit,
                grade=line.grade,
                awarded_fen=line.awarded_fen,
                before_fen=line.before_fen,
                after_fen=line.after_fen,
                before_base_calculation=before_base.get(line.unit),
                before_calculation=before.get(line.unit),
                after_base_calculation=after_base.get(line.unit),
                after_calculation=after.get(line.unit),
            )
            for line in run.lines
        ),
    )


def _side_row(change: str, name: Literal["before", "after"], side: Side) -> SubsidyPolicyChangeSideTable:
    return SubsidyPolicyChangeSideTable(
        change=change,
        side=name,
        scheme=side.scheme,
        rules_on=side.on,
        policy=side.policy,
        policy_version=side.policy_version,
        synthetic=side.synthetic,
        base_year=side.base_year,
        evaluation=side.evaluation,
        evaluation_version=side.evaluation_version,
        pool_fen=side.pool_fen,
        entitled_fen=side.entitled_fen,
        awarded_fen=side.awarded_fen,
        units=side.units,
    )


# -- the answer of finance ---------------------------------------------------------------------------------------------


def answer_reads(command: Approve | Reject) -> Keys:
    return POLICY_CHANGES.keys(command.subject) if command.subject_kind == KIND else frozenset()


def approve(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    if event.subject_kind != KIND:
        return Effects({})
    return _ended(state, event.subject, ChangeState.APPROVED, command.actor, today)


def refuse(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    if event.subject_kind != KIND:
        return Effects({})
    return _ended(state, event.subject, ChangeState.REFUSED, command.actor, today, event.reason)


def _ended(state: State, number: str, outcome: ChangeState, person: str, today: date, reason: str = "") -> Effects:
    if state.one(POLICY_CHANGES, number).state is not ChangeState.PROPOSED:
        raise ChangeAnswered(change=number)
    row = SubsidyPolicyChangeEndTable(
        change=number, outcome=outcome.value, ended_on=today, person=person, reason=reason
    )
    return Effects({"change": number, "state": outcome}, rows=(row,))


USE_CASE = UseCase(ProposePolicyChange, reads, decide)
REACTIONS = (
    Reaction(ApprovalGiven, Approve, answer_reads, approve),
    Reaction(ApprovalRefused, Reject, answer_reads, refuse),
)
