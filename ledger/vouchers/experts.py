"""Who may judge a claim as an expert, and which lines need whose opinions.  (pure)"""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.amounts import yuan
from ledger.errors import Refused
from ledger.registry.values import Person
from ledger.vouchers.claim_values import Claim, ClaimLine, Opinion


class ExpertOfParty(Refused):
    zh = "{expert} 任职于兑付申请 {claim} 所涉单位或受其人员委托，须回避，不能作为评审专家。"
    en = "{expert} works for a party of claim {claim}, or acts for somebody who does, and cannot judge it as an expert."


class ExpertInterested(Refused):
    zh = "{expert} 已申明与兑付申请 {claim} 或其所涉单位有利害关系，须回避，不能作为评审专家。"
    en = "{expert} has declared an interest in claim {claim} or in a party of it, and cannot judge it as an expert."


class OpinionsMissing(Refused):
    zh = (
        "合同 {contract} 兑付额 {amount} 元，达到专家评审标准（{from_amount} 元），"
        "须有 {needed} 份专家意见，现有 {given} 份。请指定专家并待其提出意见。"
    )
    en = (
        "Contract {contract} claims {amount} yuan; from {from_amount} on, experts review it. "
        "{needed} opinions are needed, and {given} are there. Appoint experts and wait for their opinions."
    )


class ReviewerIsExpert(Refused):
    zh = "{person} 是兑付申请 {claim} 的评审专家，不能再作为审核人。请由另一人审核。"
    en = "{person} is an expert of claim {claim} and cannot review it as well. Have another person do it."


@dataclass(frozen=True, slots=True)
class Panel:
    """The experts of a claim, and who may not be one."""

    experts: frozenset[str]
    """Appointed."""
    staff: frozenset[str]
    """Who works for a party of the claim, and everybody for whom these act."""
    interested: frozenset[str]
    """Who has declared an interest in the claim or in a party of it."""

    def partial(self, person: frozenset[str]) -> bool:
        """Whether somebody who counts as these people is kept out."""
        return bool(person & (self.staff | self.interested))


def check_impartial(panel: Panel, person: Person, claim: str) -> None:
    """Refuse an expert of the unit or of a holder, and whoever has declared an interest."""
    if person.counts_as & panel.staff:
        raise ExpertOfParty(expert=person.code, claim=claim)
    if person.counts_as & panel.interested:
        raise ExpertInterested(expert=person.code, claim=claim)


def check_reviewed(claim: Claim, panel: Panel, from_fen: int, needed: int, cite: str) -> None:
    """Refuse to pass a line that experts must see and too few impartial ones have seen."""
    for line in lines_for_experts(claim, from_fen):
        given = len(counted(claim, line.contract, panel))
        if given < needed:
            raise OpinionsMissing(
                cite=cite,
                contract=line.contract,
                amount=yuan(line.amount_fen),
                from_amount=yuan(from_fen),
                needed=needed,
                given=given,
            )


def lines_for_experts(claim: Claim, from_fen: int) -> Iterator[ClaimLine]:
    return (line for line in claim.lines if line.amount_fen >= from_fen)


def counted(claim: Claim, contract: str, panel: Panel) -> list[Opinion]:
    """Opinions on a line, without those of experts who have turned out to be partial."""
    return [
        opinion
        for opinion in claim.opinions
        if opinion.contract == contract and not panel.partial(frozenset({opinion.expert}))
    ]


def against_experts(claim: Claim, panel: Panel) -> bool:
    """Whether a line that goes on has more opinions against it than for it."""
    return any(
        sum(-1 if opinion.supports else 1 for opinion in counted(claim, line.contract, panel)) > 0
        for line in claim.lines
    )
