"""Appoint experts for a claim: the commission names them, and none of them may belong to a party of it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role, same_person
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.claim_tables import VoucherClaimExpertTable
from ledger.vouchers.experts import check_impartial
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS, PANELS
from policies.kernel.policies import Policies
from policies.kernel.words import Words

EXPERTS_MAX = 50
"""Most experts named at once."""


class ExpertsMissing(Invalid):
    zh = "没有写明专家。"
    en = "No expert is named."


class TooManyExperts(Invalid):
    zh = "一次最多指定 {most} 名专家，现为 {count} 名。"
    en = "At most {most} experts are named at once, not {count}."


class ExpertNamedTwice(Invalid):
    zh = "专家 {expert} 出现两次。请只写一次。"
    en = "The expert {expert} is named twice. Name each once."


class ExpertAppointed(Refused):
    zh = "{expert} 已是兑付申请 {claim} 的评审专家。"
    en = "{expert} is an expert of claim {claim} already."


class OwnAppointment(Refused):
    zh = "{person} 不能指定本人为评审专家。请由另一人指定。"
    en = "{person} cannot appoint the same natural person as an expert. Have another person do it."


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointExperts(Command):
    """Before the claim is passed; more may be appointed later."""

    kind: ClassVar[str] = "voucher.appoint-experts"

    claim: str
    experts: tuple[str, ...]
    """Registered people with the role of an expert."""


def reads(command: AppointExperts) -> Keys:
    _check_named(command.experts)
    return readable(
        command,
        CLAIMS.keys(command.claim) | PANELS.keys(command.claim) | PEOPLE.keys(command.actor, *command.experts),
    )


def _check_named(experts: tuple[str, ...]) -> None:
    if not experts:
        raise ExpertsMissing
    if len(experts) > EXPERTS_MAX:
        raise TooManyExperts(most=EXPERTS_MAX, count=len(experts))
    for place, expert in enumerate(experts):
        if expert in experts[:place]:
            raise ExpertNamedTwice(expert=expert)


def decide(command: AppointExperts, state: State, _policies: Policies, today: date) -> Effects:
    claim = state.one(CLAIMS, command.claim)
    actor = require_role(state, command.actor, Role.OPERATOR, claim.operator)
    if claim.state is not ClaimState.FILED:
        raise rules.WrongState(rules.CLAIM, claim.number, claim.state, Words("指定专家", "given to experts"))
    panel = state.one(PANELS, claim.number)
    for code in command.experts:
        expert = require_role(state, code, Role.EXPERT)
        if same_person(actor, expert):
            raise OwnAppointment(person=actor.code)
        if code in panel.experts:
            raise ExpertAppointed(expert=code, claim=claim.number)
        check_impartial(panel, expert, claim.number)

    return Effects(
        {"claim": claim.number, "experts": sorted(panel.experts | set(command.experts))},
        rows=tuple(
            VoucherClaimExpertTable(claim=claim.number, expert=code, appointed_on=today, person=actor.code)
            for code in command.experts
        ),
    )


USE_CASE = UseCase(AppointExperts, reads, decide)
