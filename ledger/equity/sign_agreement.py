"""Sign an agreement: the unit and the firm each for itself. With the second signature uses begin to count."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.equity.rules import check_state, check_unsupervised, require_fit_firm, require_university
from ledger.equity.store import AGREEMENTS
from ledger.equity.submit_agreement import step_row
from ledger.equity.values import AgreementState
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


class SignedAlready(Refused):
    zh = "{party} 已于 {on} 签署协议 {agreement}。"
    en = "{party} signed agreement {agreement} on {on} already."


class NotAParty(Refused):
    zh = "{party} 不是协议 {agreement} 的签约方。"
    en = "{party} is no party to agreement {agreement}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAgreement(Command):
    """By a person of the party's own, today."""

    kind: ClassVar[str] = "equity.sign-agreement"

    agreement: str
    party: str
    """The unit or the firm."""


def reads(command: SignAgreement) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | AGREEMENTS.keys(command.agreement))


def decide(command: SignAgreement, state: State, _policies: Policies, today: date) -> Effects:
    agreement = state.one(AGREEMENTS, command.agreement)
    roles = {agreement.unit: Role.UNIT_OFFICER, agreement.firm: Role.APPLICANT}
    if command.party not in roles:
        raise NotAParty(party=command.party, agreement=agreement.number)
    require_own(state, command.actor, roles[command.party], command.party)
    check_state(agreement, {AgreementState.FINANCE_APPROVED}, "签署", "signed")
    if signed_on := agreement.signed.get(command.party):
        raise SignedAlready(party=command.party, agreement=agreement.number, on=signed_on)
    require_university(state, agreement.unit, today)
    require_fit_firm(state, agreement.firm, today)
    for named in agreement.named:
        check_unsupervised(state, named.instrument, today, today, agreement.document_number)

    last = len(agreement.signed) == 1
    after = AgreementState.SIGNED if last else AgreementState.FINANCE_APPROVED
    return Effects(
        {"agreement": agreement.number, "state": after},
        rows=(step_row(agreement, after, today, command.actor, agreement.document_number, party=command.party),),
    )


USE_CASE = UseCase(SignAgreement, reads, decide)
