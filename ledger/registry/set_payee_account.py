"""Set where money for a party goes: two people, and a cooling-off time when it replaces another account."""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import (
    COOLING_OFF,
    OWN_ROLES,
    BankNumberWrong,
    CnapsWrong,
    SecondPersonMissing,
    TeamHasNoAccount,
    require_any_role,
    require_party,
    require_person,
    same_person,
)
from ledger.registry.store import PARTIES, PARTY_CHANGES, PEOPLE, PartyAccountTable
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Party, PartyKind, Person, Role
from policies.kernel.policies import Policies

_NUMBER = re.compile(r"[0-9]{8,32}")
_CNAPS = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPayeeAccount(Command):
    kind: ClassVar[str] = "registry.set-payee-account"

    party: str
    account_name: str
    bank: str
    account_number: str
    """8 to 32 digits."""
    cnaps: str
    """12 digits; how its last one is checked is not published, so only the length is."""
    second_person: str


def reads(command: SetPayeeAccount) -> Keys:
    keys = PEOPLE.keys(command.actor, command.second_person) | PARTIES.keys(command.party)
    return readable(command, keys | PARTY_CHANGES.keys(command.party))


def decide(command: SetPayeeAccount, state: State, _policies: Policies, today: date) -> Effects:
    party = require_party(state, command.party)
    if party.kind is PartyKind.TEAM:
        raise TeamHasNoAccount(team=party.code, body=party.body)
    maker = _may_set(state, command.actor, party)
    if same_person(maker, _may_set(state, command.second_person, party)):
        raise SecondPersonMissing(person=command.actor)
    if not _NUMBER.fullmatch(command.account_number):
        raise BankNumberWrong(number=command.account_number)
    if not _CNAPS.fullmatch(command.cnaps):
        raise CnapsWrong(cnaps=command.cnaps)

    replaced = state.one(PARTY_CHANGES, party.code).account
    since = today + COOLING_OFF if replaced else today

    row = PartyAccountTable(
        party=party.code,
        step=replaced + 1,
        account_name=checked_name(command.account_name, "户名", "account name"),
        bank=checked_name(command.bank, "开户行", "bank"),
        number=command.account_number,
        cnaps=command.cnaps,
        since=since,
        maker=command.actor,
        second_person=command.second_person,
    )
    return Effects({"party": party.code, "since": since}, rows=(row,))


def _may_set(state: State, code: str, party: Party) -> Person:
    """Who acts for the party, or an officer of finance."""
    person = require_person(state, code)
    return person if person.has(Role.FINANCE) else require_any_role(state, code, OWN_ROLES, party.code)


USE_CASE = UseCase(SetPayeeAccount, reads, decide)
