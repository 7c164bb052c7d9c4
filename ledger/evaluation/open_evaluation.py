"""Open an evaluation: a year's round under one indicator system."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.evaluation.rules import EvaluationIsOpen, check_opening_year
from ledger.evaluation.store import EVALUATIONS
from ledger.evaluation.tables import EvaluationTable
from ledger.evaluation.values import evaluation_id
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_party, require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import PartyKind, Role
from policies.evaluation.rounds import round_of
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEvaluation(Command):
    """By an operator of the commission that runs it."""

    kind: ClassVar[str] = "evaluation.open"

    system: str
    """Such as `national-2026`."""
    year: int
    """In which units are evaluated: of what they did in the year before."""


def reads(command: OpenEvaluation) -> Keys:
    return readable(
        command,
        EVALUATIONS.keys(evaluation_id(command.system, command.year))
        | PARTIES.keys(command.tenant)
        | PEOPLE.keys(command.actor),
    )


def decide(command: OpenEvaluation, state: State, policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR, command.tenant)
    commission = require_party(state, command.tenant, PartyKind.BUREAU)
    check_opening_year(command.year, today)
    rules = round_of(command.system, command.year, today, policies.known_on)
    id_ = evaluation_id(command.system, command.year)
    if known := state.find(EVALUATIONS, id_):
        raise EvaluationIsOpen(year=command.year, system=command.system, opened_on=known.opened_on)
    row = EvaluationTable(
        id=id_,
        system=command.system,
        year=command.year,
        commission=commission.code,
        opened_on=today,
        person=command.actor,
    )
    return Effects(
        {
            "evaluation": id_,
            "score_by": rules.score_by,
            "publish_by": rules.publish_by,
            "indicators": list(rules.indicators),
            "synthetic": rules.synthetic,
        },
        rows=(row,),
    )


USE_CASE = UseCase(OpenEvaluation, reads, decide)
