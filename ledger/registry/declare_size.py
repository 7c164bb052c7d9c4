"""Declare a firm's sector and figures; its size class follows by the standard, with the calculation kept."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.calculations import stored
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_own_or_operator, require_party
from ledger.registry.store import PARTIES, PARTY_CHANGES, PEOPLE
from ledger.registry.tables import PartySizeTable
from ledger.registry.text import readable
from ledger.registry.values import PartyKind, SizeClass
from policies.kernel.policies import Policies
from policies.registry.size_class import POLICY


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareSize(Command):
    kind: ClassVar[str] = "registry.declare-size"

    firm: str
    sector: str
    """As the policy `registry/size-class` names it, e.g. `software`."""
    employees: int | None = None
    revenue_fen: int | None = None
    """Of the last year."""
    assets_fen: int | None = None


def reads(command: DeclareSize) -> Keys:
    keys = PEOPLE.keys(command.actor) | PARTIES.keys(command.firm) | PARTY_CHANGES.keys(command.firm)
    return readable(command, keys)


def decide(command: DeclareSize, state: State, policies: Policies, today: date) -> Effects:
    firm = require_party(state, command.firm, PartyKind.FIRM)
    require_own_or_operator(state, command.actor, firm.code)

    calculation = policies.calculate(POLICY, _facts(command), on=today)

    size = SizeClass(str(calculation.result["size"]))
    kept = stored(command, calculation)
    row = PartySizeTable(
        party=firm.code,
        step=state.one(PARTY_CHANGES, firm.code).size + 1,
        size=size.value,
        declared_on=today,
        calculation=kept.id,
    )
    return Effects({"firm": firm.code, "size": size.value, "version": calculation.version}, rows=(row, kept))


def _facts(command: DeclareSize) -> dict[str, object]:
    measures = {name: getattr(command, name) for name in ("employees", "revenue_fen", "assets_fen")}
    return {"sector": command.sector} | {name: value for name, value in measures.items() if value is not None}


USE_CASE = UseCase(DeclareSize, reads, decide)
