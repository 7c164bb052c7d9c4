"""Give an opinion: an appointed expert judges lines of a claim, each with a reason.

It binds nobody. Whoever passes the claim against it says why, and finance is shown both.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.claim_tables import VoucherClaimOpinionTable
from ledger.vouchers.claim_values import Claim
from ledger.vouchers.experts import check_impartial
from ledger.vouchers.refuse_lines import LineNotInClaim
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS, PANELS
from policies.kernel.policies import Policies
from policies.kernel.words import Words


class NotAppointed(Refused):
    zh = "{person} 不是兑付申请 {claim} 的评审专家，不能提出意见。"
    en = "{person} is not appointed as an expert of claim {claim} and gives no opinion on it."


class OpinionGiven(Refused):
    zh = "{person} 已对兑付申请 {claim} 的合同 {contract} 提出意见，不能更改。"
    en = "{person} has given an opinion on contract {contract} of claim {claim} already; it stands."


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOpinion:
    """What the expert thinks of one line."""

    contract: str
    supports: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOpinion(Command):
    kind: ClassVar[str] = "voucher.give-opinion"

    claim: str
    lines: tuple[LineOpinion, ...]
    """Some lines of the claim or all; each is judged once by each expert."""


class SupportUnclear(Invalid):
    zh = "合同 {contract} 的意见须为支持（true）或不支持（false），现为“{value}”。"
    en = "The opinion on contract {contract} is to be true or false, not “{value}”."


def reads(command: GiveOpinion) -> Keys:
    rules.check_lines([line.contract for line in command.lines])
    for line in command.lines:
        checked_name(line.reason, "意见理由", "reason of the opinion", TEXT_LENGTH_MAX)
        if not isinstance(line.supports, bool):
            raise SupportUnclear(contract=line.contract, value=line.supports)
    return readable(command, CLAIMS.keys(command.claim) | PANELS.keys(command.claim) | PEOPLE.keys(command.actor))


def decide(command: GiveOpinion, state: State, _policies: Policies, today: date) -> Effects:
    claim = state.one(CLAIMS, command.claim)
    panel = state.one(PANELS, claim.number)
    expert = require_role(state, command.actor, Role.EXPERT)
    if expert.code not in panel.experts:
        raise NotAppointed(person=expert.code, claim=claim.number)
    check_impartial(panel, expert, claim.number)
    if claim.state is not ClaimState.FILED:
        raise rules.WrongState(rules.CLAIM, claim.number, claim.state, Words("评审", "judged by experts"))
    for line in command.lines:
        _check_line(claim, expert.code, line.contract)

    return Effects(
        {"claim": claim.number, "lines": len(command.lines)},
        rows=tuple(
            VoucherClaimOpinionTable(
                claim=claim.number,
                contract=line.contract,
                expert=expert.code,
                supports=line.supports,
                reason=line.reason.strip(),
                given_on=today,
            )
            for line in command.lines
        ),
    )


def _check_line(claim: Claim, expert: str, contract: str) -> None:
    if contract not in {line.contract for line in claim.lines}:
        raise LineNotInClaim(contract=contract, claim=claim.number)
    for opinion in claim.opinions:
        if (opinion.claim, opinion.contract, opinion.expert) == (claim.number, contract, expert):
            raise OpinionGiven(person=expert, claim=claim.number, contract=contract)


USE_CASE = UseCase(GiveOpinion, reads, decide)
