"""Correct a claim that was sent back: the unit files it anew, and the new claim names the old one.

Nothing that was entered is lost: the old claim stays as it was, and its lines are filed again without being named.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.vouchers import rules
from ledger.vouchers.acting import require_claimant
from ledger.vouchers.claim_tables import VoucherClaimCorrectionTable
from ledger.vouchers.claim_values import Claim, Correction
from ledger.vouchers.file_claim import filed
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS, LINES_OF_CLAIMS
from policies.kernel.policies import Policies
from policies.kernel.words import Words


class CorrectionTooLate(Refused):
    zh = "兑付申请 {claim} 应于 {correct_until} 前更正，今天是 {today}，已逾期。各合同在申请兑付期限内的，请另行申请。"
    en = (
        "Claim {claim} could be corrected until {correct_until}, and today is {today}. "
        "File a new claim of those contracts whose own time for claiming is not over."
    )


class AlreadyCorrected(Refused):
    zh = "兑付申请 {claim} 已由 {by} 更正，不能再次更正。"
    en = "Claim {claim} is corrected by {by} already; it is corrected once."


class LineNotSentBack(Refused):
    zh = "合同 {contract} 不在被退回的兑付申请 {claim} 的明细中。请只更正其中的明细，其他合同另行申请。"
    en = (
        "Contract {contract} is no line of claim {claim} that was sent back. "
        "Correct lines of that claim only, and claim others apart."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectClaim(Command):
    """Until the day that was named when it was sent back."""

    kind: ClassVar[str] = "voucher.correct-claim"

    unit: str
    corrects: str
    """The claim that was sent back."""
    statement: str
    """What was corrected."""
    contracts: tuple[str, ...] = ()
    """The lines that are filed again; none named: all of them."""


def reads(command: CorrectClaim) -> Keys:
    if command.contracts:
        rules.check_lines(command.contracts)
    # The contracts of the old claim and their vouchers are followed.
    return readable(
        command,
        CLAIMS.keys(command.corrects)
        | LINES_OF_CLAIMS.keys(command.corrects)
        | PARTIES.keys(command.unit)
        | PEOPLE.keys(command.actor),
    )


def decide(command: CorrectClaim, state: State, _policies: Policies, today: date) -> Effects:
    require_claimant(state, command.actor, command.unit)
    old = state.one(CLAIMS, command.corrects)
    statement = checked_name(command.statement, "更正说明", "statement of what was corrected", TEXT_LENGTH_MAX)
    _check_correctable(old, command.unit, today)
    sent_back = {line.contract for line in old.lines}
    for contract in command.contracts:
        if contract not in sent_back:
            raise LineNotSentBack(contract=contract, claim=old.number)

    numbers = command.contracts or tuple(line.contract for line in old.lines)
    correction = Correction(claim=old.number, sent_back=old.sent_back, statement=statement)
    new = filed(command, command.unit, numbers, state, today, correction)
    row = VoucherClaimCorrectionTable(claim=command.number("CL"), corrects=old.number, statement=statement)
    return new.and_also(Effects({"corrects": old.number}, rows=(row,)))


def _check_correctable(old: Claim, unit: str, today: date) -> None:
    """Refuse a claim of another unit, one that was not sent back or is corrected already, and whoever is too late."""
    if old.unit != unit:
        raise rules.ClaimOfAnotherUnit(claim=old.number, unit=old.unit, claimant=unit)
    if old.state is not ClaimState.RETURNED or old.correct_until is None:
        raise rules.WrongState(rules.CLAIM, old.number, old.state, Words("更正", "corrected"))
    if old.corrected_by:
        raise AlreadyCorrected(claim=old.number, by=old.corrected_by)
    if today > old.correct_until:
        raise CorrectionTooLate(claim=old.number, correct_until=old.correct_until, today=today)


USE_CASE = UseCase(CorrectClaim, reads, decide)
