"""Set where money for a party goes: proposed by the party or by finance, signed by an officer of finance.

A new account waits for its cooling-off time where it replaces another: whoever was cheated has time to notice.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.payments.payee_accounts import PROPOSED_ACCOUNTS, PayeeAccountProposalTable, ProposedAccount
from ledger.registry.rules import OWN_ROLES, NotForAgents, require_any_role, require_party, require_person
from ledger.registry.store import PARTIES, PARTY_CHANGES, PEOPLE
from ledger.registry.tables import PartyAccountTable
from ledger.registry.text import checked_name, readable, shown
from ledger.registry.values import Party, PartyKind, Person, Role
from policies.kernel.policies import Policies

KIND = "payment.payee-account"
"""Kind of subject under which an account is approved; the subject is its party."""
COOLING_OFF = timedelta(days=7)
"""Between the signature on a changed account and the first payment to it. Synthetic: no rule in hand names the days."""

_NUMBER = re.compile(r"[0-9]{8,32}")
_CNAPS = re.compile(r"[0-9]{12}")


class TeamHasNoAccount(Refused):
    zh = "创业团队 {team} 没有自己的收款账户，由推荐机构 {body} 代收。请为推荐机构设置。"
    en = "The startup team {team} has no account of its own: {body} receives for it. Set the body's account."


class AccountUnchanged(Refused):
    zh = "{party} 的收款账户已经是 {bank} {number}（{account_name}），没有变化。"
    en = "The account of {party} is {number} at {bank} ({account_name}) already; this changes nothing."


class BankNumberWrong(Invalid):
    zh = "银行账号“{number}”应为 8 至 32 位数字。请核对。"
    en = "The bank account number “{number}” should be 8 to 32 digits. Check it."


class CnapsWrong(Invalid):
    zh = "联行号“{cnaps}”应为 12 位数字。请核对。"
    en = "The CNAPS number “{cnaps}” should be 12 digits. Check it."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePayeeAccount(Command):
    """A proposal that waits is replaced by the next one; signatures on it count no more."""

    kind: ClassVar[str] = "payment.propose-payee-account"

    party: str
    account_name: str
    bank: str
    account_number: str
    """8 to 32 digits."""
    cnaps: str
    """12 digits; how its last one is checked is not published, so only the length is."""


def reads(command: ProposePayeeAccount) -> Keys:
    # The party is followed.
    return readable(command, PROPOSED_ACCOUNTS.keys(command.party) | PEOPLE.keys(command.actor))


def decide(command: ProposePayeeAccount, state: State, _policies: Policies, today: date) -> Effects:
    party = require_party(state, command.party)
    if party.kind is PartyKind.TEAM:
        raise TeamHasNoAccount(team=party.code, body=party.body)
    maker = _may_propose(state, command.actor, party)
    proposed = _checked(command, party, state.one(PROPOSED_ACCOUNTS, party.code).version + 1)

    content = proposed.content(party.code, party.name)
    request = request_rows(
        KIND,
        party.code,
        content,
        maker.code,
        second_pair(Role.FINANCE),
        proposed.version,
        concerns=() if party.kind is PartyKind.BUREAU else {party.code},
    )
    row = PayeeAccountProposalTable(
        party=party.code,
        version=proposed.version,
        account_name=proposed.account_name,
        bank=proposed.bank,
        number=proposed.number,
        cnaps=proposed.cnaps,
        replaces=proposed.replaces,
        maker=maker.code,
        proposed_on=today,
    )
    return Effects(
        {
            "party": party.code,
            "approval": {"kind": KIND, "subject": party.code, "content_hash": content_hash(content)},
        },
        rows=(row, *request),
    )


def _may_propose(state: State, code: str, party: Party) -> Person:
    """Who acts for the party, or an officer of finance."""
    person = require_person(state, code)
    if person.has(Role.FINANCE):
        return person
    require_any_role(state, code, OWN_ROLES, party.code)
    if not any(person.holds(role, party.code) for role in OWN_ROLES):
        raise NotForAgents(person=code, organisation=party.code)
    return person


def _checked(command: ProposePayeeAccount, party: Party, version: int) -> ProposedAccount:
    if not _NUMBER.fullmatch(command.account_number):
        raise BankNumberWrong(number=shown(command.account_number))
    if not _CNAPS.fullmatch(command.cnaps):
        raise CnapsWrong(cnaps=shown(command.cnaps))
    name = checked_name(command.account_name, "户名", "account name")
    bank = checked_name(command.bank, "开户行", "bank")
    now = party.account
    told = (name, bank, command.account_number, command.cnaps)
    if now and told == (now.account_name, now.bank, now.number, now.cnaps):
        raise AccountUnchanged(party=party.code, account_name=name, bank=bank, number=now.number)
    return ProposedAccount(version, *told, replaces=now.number if now else "", maker=command.actor)


def content_of(reader: Reader, party: str) -> Json:
    """The content of the account as it was last proposed."""
    proposed = PROPOSED_ACCOUNTS.load(reader, [party])[party]
    return proposed.content(party, PARTIES.load(reader, [party])[party].name)


# -- signed ------------------------------------------------------------------------------------------------------------


def signed_reads(command: Approve) -> Keys:
    return PROPOSED_ACCOUNTS.keys(command.subject) if command.subject_kind == KIND else frozenset()


def signed(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    """The second signature: paid to from today, or after the cooling-off time where it replaces another."""
    if event.subject_kind != KIND:
        return Effects({})
    party = require_party(state, event.subject)
    proposed = state.one(PROPOSED_ACCOUNTS, party.code)
    replaced = state.one(PARTY_CHANGES, party.code).account
    since = today + COOLING_OFF if replaced else today
    row = PartyAccountTable(
        party=party.code,
        step=replaced + 1,
        account_name=proposed.account_name,
        bank=proposed.bank,
        number=proposed.number,
        cnaps=proposed.cnaps,
        since=since,
        maker=proposed.maker,
        second_person=command.actor,
    )
    return Effects({"party": party.code, "since": since}, rows=(row,))


USE_CASE = UseCase(ProposePayeeAccount, reads, decide)
SIGNED = Reaction(ApprovalGiven, Approve, signed_reads, signed)
