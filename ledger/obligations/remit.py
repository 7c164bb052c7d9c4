"""Remit: what came in and belongs to the treasury is handed over to it, a step of its own."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.obligations.postings import remittance_entry
from ledger.obligations.rules import check_dated, require_bureau
from ledger.obligations.steps import Posting, Signed, proposed
from ledger.obligations.store import OBLIGATIONS
from ledger.obligations.values import Remittable, Step, StepKind
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from policies.kernel.policies import Policies


class NothingToRemit(Refused):
    zh = "{obligation} 没有收到而尚未上缴财政的款项。"
    en = "Of obligation {obligation} nothing has come in that is still to be handed over to the treasury."


@dataclass(frozen=True, slots=True, kw_only=True)
class RemitRecovery(Command):
    """All that came in of an obligation, belongs to the treasury and was not handed over yet."""

    kind: ClassVar[str] = "obligation.remit"

    obligation: str
    remitted_on: date
    remittance_number: str
    """缴款书号"""


def reads(command: RemitRecovery) -> Keys:
    return readable(command, OBLIGATIONS.keys(command.obligation) | PEOPLE.keys(command.actor))


def decide(command: RemitRecovery, state: State, _policies: Policies, today: date) -> Effects:
    obligation = state.one(OBLIGATIONS, command.obligation)
    person = require_bureau(state, command.actor, obligation)
    remitted_on = checked_date(command.remitted_on, "上缴日期", "date of the remittance")
    check_dated(obligation, remitted_on, today)
    remittable = obligation.remittable
    if not remittable.total_fen:
        raise NothingToRemit(obligation=obligation.number)

    step = Step(
        number=command.number("OS"),
        obligation=obligation.number,
        creditor=obligation.creditor,
        kind=StepKind.REMITTANCE,
        amount_fen=remittable.total_fen,
        bank_fen=remittable.bank_fen,
        dated_on=remitted_on,
        reference=checked_name(command.remittance_number, "缴款书号", "number of the remittance"),
        maker=person.code,
    )
    return proposed(obligation, step, today)


def effect(signed: Signed) -> Posting:
    step = signed.step
    remitted = Remittable(step.bank_fen, step.amount_fen - step.bank_fen)
    return Posting(remittance_entry(signed.obligation, remitted, signed.ground(step.dated_on)))


USE_CASE = UseCase(RemitRecovery, reads, decide)
