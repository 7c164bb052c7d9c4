"""Register a bureau as the customs of a district; a later step changes it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.customs.rules import DISTRICT, DistrictUnreadable, checked_code
from ledger.customs.store import OFFICES
from ledger.customs.tables import CustomsOfficeTable
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_party, require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import PartyKind, Role
from policies.kernel.policies import Policies


class OfficeUnchanged(Refused):
    zh = "{bureau} 已登记为关区 {district} 的海关。"
    en = "{bureau} is registered as the customs of district {district} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCustomsOffice(Command):
    """By an operator, on a document of customs. A code that ends in 00 is a direct customs with all its offices."""

    kind: ClassVar[str] = "customs.register-office"

    bureau: str
    district: str
    document_number: str


def reads(command: RegisterCustomsOffice) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | PARTIES.keys(command.bureau) | OFFICES.keys(command.bureau))


def decide(command: RegisterCustomsOffice, state: State, _policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR)
    bureau = require_party(state, command.bureau, PartyKind.BUREAU)
    district = checked_code(command.district, DISTRICT, DistrictUnreadable)
    office = state.one(OFFICES, bureau.code)
    if office.district == district:
        raise OfficeUnchanged(bureau=bureau.code, district=district)
    row = CustomsOfficeTable(
        bureau=bureau.code,
        step=office.steps + 1,
        district=district,
        document_number=checked_name(command.document_number, "文号", "number of the document"),
        recorded_on=today,
        person=command.actor,
    )
    return Effects({"bureau": bureau.code, "district": district}, rows=(row,))


USE_CASE = UseCase(RegisterCustomsOffice, reads, decide)
