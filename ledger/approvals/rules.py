"""Who may not sign, and why.  (pure)"""

from ledger.approvals.values import STATUS_ZH, Request, RequestStatus
from ledger.errors import Refused
from ledger.registry.rules import ROLE_NAMES
from ledger.registry.values import Person


class NotAwaiting(Refused):
    zh = "{request} 第 {version} 版{status_zh}，不再等待审批。"
    en = "{request}, version {version}, awaits nobody: it is {status} already."


class ContentChanged(Refused):
    zh = "{request} 已变化：您看到的内容是 {shown}，现在待批的是 {requested}（第 {version} 版）。请重新打开后再审批。"
    en = (
        "{request} has changed since it was shown: you saw {shown}, what is requested now is {requested} "
        "(version {version}). Reload it and decide again."
    )


class OwnWork(Refused):
    zh = "{request} 由 {person} 本人制单，不能由本人审批。请由另一人办理。"
    en = "{request} was made by {person}, who cannot approve it. Have another person do it."


class AlreadySigned(Refused):
    zh = "{person} 已经审批过 {request}，同一人不能审批两次。请由另一人办理。"
    en = "{person} has signed {request} already, and nobody signs twice. Have another person do it."


class CountsAsAnother(Refused):
    zh = "{person} 与 {request} 的制单人或审批人之间有委托关系，视为同一人，不能再审批。请由另一人办理。"
    en = (
        "{person} counts as somebody who made or signed {request}, because one of them acts for the other. "
        "Have another person do it."
    )


class InterestDeclared(Refused):
    zh = "{person} 已申明与 {request} 或其所涉单位有利害关系，须回避。请由另一人办理。"
    en = "{person} has declared an interest in {request} or in a party it concerns. Have another person do it."


class WorksForParty(Refused):
    zh = "{person} 在 {organisation} 任职，而 {request} 涉及该单位，须回避。请由另一人办理。"
    en = "{person} works for {organisation}, which {request} concerns, and stays out. Have another person do it."


class WrongRole(Refused):
    zh = "{request} 现在等待“{role_zh}”审批，{person} 没有这一职责。"
    en = "{request} now awaits the signature of an {role_en}, and {person} is none."


class InterestKnown(Refused):
    zh = "{person} 对 {about} 的利害关系已经登记。"
    en = "The interest of {person} in {about} is on record already."


class NotYoursToDeclare(Refused):
    zh = "{actor} 只能申明本人的利害关系；他人的由审计人员登记。"
    en = "{actor} can declare an interest of its own; one of somebody else is recorded by an auditor."


def check_signer(request: Request, shown: str, person: Person) -> None:
    """Refuse whoever may not decide on the request as it stands now.

    Args:
        request: what is requested now.
        shown: content hash of what the person saw.
        person: who wants to decide.
    """
    number = request.number
    if request.status is not RequestStatus.AWAITING:
        raise NotAwaiting(
            request=number, version=request.version, status=request.status.value, status_zh=STATUS_ZH[request.status]
        )
    if shown != request.content_hash:
        raise ContentChanged(request=number, shown=shown, requested=request.content_hash, version=request.version)
    _check_separate(request, person)
    if person.code in request.interests:
        raise InterestDeclared(person=person.code, request=number)
    for organisation, _ in sorted(person.posts):
        if organisation in request.concerns:
            raise WorksForParty(person=person.code, request=number, organisation=organisation)
    if request.stage and not person.has(request.stage.role):
        zh, en = ROLE_NAMES[request.stage.role]
        raise WrongRole(person=person.code, request=number, role_zh=zh, role_en=en)


def may_sign(request: Request, person: Person) -> bool:
    """Whether the request waits for this person, among others."""
    try:
        check_signer(request, request.content_hash, person)
    except Refused:
        return False
    return True


def _check_separate(request: Request, person: Person) -> None:
    """Maker and signers are all different natural persons; who acts for another counts as both."""
    if person.code == request.maker:
        raise OwnWork(person=person.code, request=request.number)
    if person.code in {signature.person for signature in request.signatures}:
        raise AlreadySigned(person=person.code, request=request.number)
    if person.counts_as & request.counted:
        raise CountsAsAnother(person=person.code, request=request.number)
