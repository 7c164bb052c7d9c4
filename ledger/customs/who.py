"""Who may act in matters of customs."""

from ledger.customs.rules import covers
from ledger.customs.store import OFFICES_OF
from ledger.customs.values import Exposure
from ledger.errors import Refused
from ledger.executor.commands import State
from ledger.registry.rules import require_any_role, require_person
from ledger.registry.values import Person, Role


class NotYourDistrict(Refused):
    zh = "{person} 不是关区 {district} 的海关人员，不能办理。请由主管海关（或其直属海关）办理。"
    en = (
        "{person} is no officer of customs for district {district}, and this takes one. The competent office, or its "
        "direct customs, can do it."
    )


class NotByTheUnit(Refused):
    zh = "{person} 属于使用单位或登记了该次使用，不能决定或有税款 {exposure}。须由海关或依海关文书办理。"
    en = (
        "{person} is of the unit or recorded the use, and cannot decide on exposure {exposure}. It takes customs, or a "
        "document of customs."
    )


def require_customs(state: State, person: str, district: str) -> Person:
    """An officer of the customs that are competent for a district."""
    found = require_any_role(state, person, {Role.CUSTOMS})
    if not _competent(state, person, district):
        raise NotYourDistrict(person=person, district=district)
    return found


def require_unit_or_customs(state: State, person: str, unit: str, district: str) -> Person:
    """An officer of the unit, or of the competent customs."""
    if require_person(state, person).has(Role.CUSTOMS) and _competent(state, person, district):
        return require_person(state, person)
    return require_any_role(state, person, {Role.UNIT_OFFICER}, unit)


def require_customs_word(state: State, person: str, exposure: Exposure) -> Person:
    """Customs, or an operator who records a document of customs; nobody of the unit, nor who recorded the use."""
    found = require_person(state, person)
    if exposure.recorder in found.counts_as or found.has(Role.UNIT_OFFICER, exposure.unit):
        raise NotByTheUnit(person=person, exposure=exposure.number)
    return found if found.has(Role.OPERATOR) else require_customs(state, person, exposure.district)


def _competent(state: State, person: str, district: str) -> bool:
    offices = state.find(OFFICES_OF, person) or ()
    return any(covers(office.district, district) for office in offices)
