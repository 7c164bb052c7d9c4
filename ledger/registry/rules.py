"""Who may do what, who is related to whom, and how the registry refuses.  (pure)"""

from collections.abc import Collection

from ledger.errors import Invalid, Refused
from ledger.executor.commands import State
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.values import SYSTEM, Party, PartyKind, Person, Role

KIND_NAMES = {
    PartyKind.FIRM: ("企业", "firm"),
    PartyKind.TEAM: ("创业团队", "startup team"),
    PartyKind.UNIT: ("管理单位", "unit"),
    PartyKind.BUREAU: ("主管部门", "bureau"),
    PartyKind.BODY: ("推荐机构", "recommending body"),
}

ROLE_NAMES = {
    Role.APPLICANT: ("申请人", "applicant"),
    Role.UNIT_OFFICER: ("单位经办人", "officer of a unit"),
    Role.RECOMMENDER: ("推荐人", "recommender"),
    Role.EXPERT: ("评审专家", "expert"),
    Role.OPERATOR: ("计划管理员", "operator of the scheme"),
    Role.FINANCE: ("财政经办人", "officer of finance"),
    Role.TREASURY: ("国库支付经办人", "officer of the treasury"),
    Role.SUPERVISOR: ("主管部门评价人员", "officer of a supervising department"),
    Role.AUDITOR: ("审计人员", "auditor"),
    Role.CUSTOMS: ("海关人员", "officer of customs"),
}

ROLES_IN: dict[PartyKind, frozenset[Role]] = {
    PartyKind.FIRM: frozenset({Role.APPLICANT}),
    PartyKind.TEAM: frozenset({Role.APPLICANT}),
    PartyKind.UNIT: frozenset({Role.UNIT_OFFICER, Role.EXPERT}),
    PartyKind.BODY: frozenset({Role.RECOMMENDER, Role.EXPERT}),
    PartyKind.BUREAU: frozenset(
        {Role.OPERATOR, Role.FINANCE, Role.TREASURY, Role.SUPERVISOR, Role.AUDITOR, Role.CUSTOMS, Role.EXPERT}
    ),
}
"""A role that decides over public money exists in a bureau only."""

OWN_ROLES = frozenset({Role.APPLICANT, Role.UNIT_OFFICER, Role.RECOMMENDER})
"""Of those who act for a firm, a team, a unit or a recommending body."""


class UnknownActor(Refused):
    zh = "“{person}”没有登记为办事人员，不能办理。请先登记。"
    en = "“{person}” is no registered person and cannot act. Register the person first."


class RoleMissing(Refused):
    zh = "{person} 没有“{roles_zh}”的职责，不能办理。请由有此职责的人办理。"
    en = "{person} is not {roles_en}, and this takes one. Somebody with that role can do it."


class RoleMissingAt(Refused):
    zh = "{person} 在 {organisation} 没有“{roles_zh}”的职责，不能办理。请由该单位有此职责的人办理。"
    en = "{person} is not {roles_en} of {organisation}, and this takes one. Somebody with that role there can do it."


class SystemMayNot(Refused):
    zh = "“system”只能登记主管部门、人员和接口客户端。请由有职责的人办理。"
    en = (
        "“system” may register bureaus, people and API clients, and nothing else. "
        "Have this done by a person with the role."
    )


class SecondPersonMissing(Refused):
    zh = "此事须由两人办理，{person} 不能同时作为第二人。请写明另一人。"
    en = "This takes two people, and {person} cannot be the second one as well. Name somebody else."


class AlreadyRegistered(Refused):
    zh = "{code} 已经登记，不能重复登记。"
    en = "{code} is registered already."


class PartyCancelled(Refused):
    zh = "{name}（{code}）已注销，不能办理。"
    en = "{name} ({code}) has been cancelled; nothing can be done for it."


class WrongKind(Refused):
    zh = "{name}（{code}）登记为{kind_zh}，此处应为{wanted_zh}。"
    en = "{name} ({code}) is registered as a {kind_en}; here a {wanted_en} is needed."


class RoleNotInKind(Refused):
    zh = "“{role_zh}”的职责不能设在{kind_zh}（{organisation}）。"
    en = "The role “{role_en}” cannot be held in a {kind_en} ({organisation})."


class RoleAlreadyHeld(Refused):
    zh = "{person} 在 {organisation} 已有“{role_zh}”的职责。"
    en = "{person} is {role_en} of {organisation} already."


class RoleNotToGive(Refused):
    zh = (
        "{person} 不能授予或收回 {organisation} 的“{role_zh}”职责。"
        "主管部门的职责由在该部门有同一职责的人办理，其他单位的也可由计划管理员办理。"
    )
    en = (
        "{person} cannot give or revoke the role “{role_en}” of {organisation}. A bureau's role is given by somebody "
        "who holds it there; that of another organisation by an operator too."
    )


class RoleNotHeld(Refused):
    zh = "{person} 在 {organisation} 没有“{role_zh}”的职责，无可收回。"
    en = "{person} is not {role_en} of {organisation}; there is nothing to revoke."


class OwnRole(Refused):
    zh = "{person} 不能给自己授予职责或委托。请由他人办理。"
    en = "{person} cannot give a role or a mandate to the same natural person. Have somebody else do it."


class AgencyStands(Refused):
    zh = "{agent} 已受 {principal} 委托代理。"
    en = "{agent} acts for {principal} already."


class AgencyAbsent(Refused):
    zh = "{agent} 没有受 {principal} 委托代理，无可终止。"
    en = "{agent} does not act for {principal}; there is no agency to end."


class NotForAgents(Refused):
    zh = "{person} 为 {organisation} 的代理人，此事须由 {organisation} 自己的人员办理。"
    en = "{person} acts for {organisation} as an agent; this takes somebody of {organisation} itself."


class MandateStands(Refused):
    zh = "{person} 已受 {acts_for} 委托。"
    en = "{person} acts for {acts_for} already."


class MandateAbsent(Refused):
    zh = "{person} 没有受 {acts_for} 委托，无可撤回。"
    en = "{person} does not act for {acts_for}; there is no mandate to withdraw."


class ControllerUnknown(Refused):
    zh = "实际控制人“{controller}”既不是已登记的人员编号，也不是统一社会信用代码。请先登记该人员，或核对代码。"
    en = (
        "The actual controller “{controller}” is neither the number of a registered person nor a unified social credit "
        "code. Register the person first, or check the code."
    )


class ControlCircle(Refused):
    zh = "{party} 不能由 {controller} 控制：{controller} 本身由 {party} 控制。"
    en = "{party} cannot be controlled by {controller}: {controller} is itself controlled by {party}."


class SameParty(Refused):
    zh = "{party} 不能与自身建立关联。"
    en = "{party} cannot be related to itself."


class RelationUnchanged(Refused):
    zh = "{party} 与 {other} 的关联关系没有变化。"
    en = "Between {party} and {other} this changes nothing: it is declared so already."


class InstrumentRegistered(Refused):
    zh = "{unit} 的资产编号“{asset_number}”已登记为仪器 {instrument}。"
    en = "Asset number “{asset_number}” of {unit} is registered as instrument {instrument} already."


class TariffBackdated(Refused):
    zh = "价格自 {effective_from} 起施行，早于今天（{today}）。价格须先公布后施行。"
    en = "The price would hold from {effective_from}, before today ({today}). A price is published before it holds."


class TariffInForce(Refused):
    zh = "自 {effective_from} 起的价格 {price_fen} 分已经施行，不能更改。请另定一个较晚的日期。"
    en = "The price of {price_fen} fen from {effective_from} is in force and stays. Set one from a later day."


class CalendarEmpty(Invalid):
    zh = "通知“{notice}”没有列出任何日期。"
    en = "The notice “{notice}” names no day."


class CalendarDayTwice(Invalid):
    zh = "{day} 在同一通知中出现两次。请只列一次。"
    en = "{day} stands in the same notice twice. Name it once."


class YearNotInNotice(Invalid):
    zh = "通知“{notice}”没有 {year} 年的日期，不能视为该年安排已完整。"
    en = "The notice “{notice}” names no day of {year}, so it cannot complete that year."


# -- who may -----------------------------------------------------------------------------------------------------------


def require_own(state: State, person: str, role: Role, organisation: str) -> Person:
    """Somebody who has the role in this organisation itself, and not as its agent."""
    found = require_role(state, person, role, organisation)
    if not found.holds(role, organisation):
        raise NotForAgents(person=person, organisation=organisation)
    return found


def require_person(state: State, person: str) -> Person:
    """The registered person, or the refusal that there is none. `reads` must name PEOPLE.keys(person)."""
    if person == SYSTEM:
        raise SystemMayNot
    found = state.find(PEOPLE, person)
    if found is None:
        raise UnknownActor(person=person)
    return found


def require_role(state: State, person: str, role: Role, organisation: str | None = None) -> Person:
    """The person, who has the role in this organisation, or in any when none is named.

    A caller whose command concerns one party names it: whoever acts for a firm acts for that firm only.
    """
    return require_any_role(state, person, {role}, organisation)


def require_any_role(state: State, person: str, roles: Collection[Role], organisation: str | None = None) -> Person:
    """As `require_role`, where one of several roles will do."""
    found = require_person(state, person)
    if not any(found.has(role, organisation) for role in roles):
        zh, en = zip(*(ROLE_NAMES[role] for role in sorted(roles)), strict=True)
        facts = {"person": person, "roles_zh": "、".join(zh), "roles_en": " or ".join(en)}
        raise RoleMissingAt(**facts, organisation=organisation) if organisation else RoleMissing(**facts)
    return found


def require_post(state: State, person: str, organisation: str) -> Person:
    """Somebody who has any role in this organisation."""
    return require_any_role(state, person, list(Role), organisation)


def require_own_or_operator(state: State, person: str, party: str) -> Person:
    """Somebody who acts for this party, or an operator of the scheme."""
    if require_person(state, person).has(Role.OPERATOR):
        return require_person(state, person)
    return require_any_role(state, person, OWN_ROLES, party)


def require_party(state: State, code: str, *kinds: PartyKind) -> Party:
    """A registered party of one of these kinds (of any, when none is named) that has not been cancelled."""
    party = state.one(PARTIES, code)
    if kinds and party.kind not in kinds:
        wanted_zh, wanted_en = zip(*(KIND_NAMES[kind] for kind in kinds), strict=True)
        kind_zh, kind_en = KIND_NAMES[party.kind]
        raise WrongKind(
            name=party.name,
            code=code,
            kind_zh=kind_zh,
            kind_en=kind_en,
            wanted_zh="或".join(wanted_zh),
            wanted_en=" or ".join(wanted_en),
        )
    if party.cancelled:
        raise PartyCancelled(name=party.name, code=code)
    return party


def require_grantor(state: State, person: str, organisation: Party, role: Role) -> Person:
    """Who may give and revoke a role: somebody who holds it there; outside the bureaus an operator too."""
    found = require_person(state, person)
    by_operator = organisation.kind is not PartyKind.BUREAU and found.has(Role.OPERATOR)
    if not by_operator and not found.holds(role, organisation.code):
        zh, en = ROLE_NAMES[role]
        raise RoleNotToGive(person=person, organisation=organisation.code, role_zh=zh, role_en=en)
    return found


def check_role_fits(organisation: Party, role: Role) -> None:
    """A role that decides over public money is held in a bureau only."""
    if role not in ROLES_IN[organisation.kind]:
        (role_zh, role_en), (kind_zh, kind_en) = ROLE_NAMES[role], KIND_NAMES[organisation.kind]
        raise RoleNotInKind(
            role_zh=role_zh, role_en=role_en, kind_zh=kind_zh, kind_en=kind_en, organisation=organisation.code
        )


def same_person(one: Person, other: Person) -> bool:
    """Whether two signatures would be one natural person's: who acts for another counts as both."""
    return bool(one.counts_as & other.counts_as)


# -- who is related ----------------------------------------------------------------------------------------------------


def same_controller(one: Party, other: Party) -> bool:
    """Whether both stand under one actual controller, one of them being it included."""
    return one.controlled_by == other.controlled_by


def are_related(one: Party, other: Party) -> bool:
    """Whether a contract between them is one between related parties (关联方).

    A party is related to itself, and a startup team to the recommending body that settles for it.
    """
    return (
        same_controller(one, other)
        or other.code in one.related
        or one.code in other.related
        or one.code == other.body
        or other.code == one.body
    )
