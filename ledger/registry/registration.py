"""What the registration of any organisation comes to; the use cases differ in who may and in what kind."""

from datetime import date

from ledger.executor.commands import Effects, State
from ledger.registry.rules import AlreadyRegistered
from ledger.registry.store import PARTY_CHANGES
from ledger.registry.tables import PartyTable
from ledger.registry.text import checked_name
from ledger.registry.uscc import checked_uscc
from ledger.registry.values import PartyKind


def registered(code: str, name: str, kind: PartyKind, state: State, today: date) -> Effects:
    """An organisation under its unified social credit code, once."""
    code = checked_uscc(code)
    if state.one(PARTY_CHANGES, code).registered:
        raise AlreadyRegistered(code=code)
    return party(code, name, kind, today)


def party(code: str, name: str, kind: PartyKind, today: date, body: str | None = None) -> Effects:
    row = PartyTable(
        code=code, kind=kind.value, name=checked_name(name, "名称", "name"), body=body, registered_on=today
    )
    return Effects({"party": code}, rows=(row,))
