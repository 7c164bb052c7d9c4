"""Who acts for the holder of a voucher.  (pure)"""

from ledger.executor.commands import State
from ledger.registry.rules import require_party, require_role
from ledger.registry.values import Party, PartyKind, Person, Role


def require_holder(state: State, holder: str) -> Party:
    """A firm or a startup team that is registered and not cancelled."""
    return require_party(state, holder, PartyKind.FIRM, PartyKind.TEAM)


def require_acting_for(state: State, person: str, holder: Party) -> Person:
    """The firm's applicant; for a startup team, which is no legal person, the recommender of its body."""
    if holder.kind is PartyKind.TEAM:
        return require_role(state, person, Role.RECOMMENDER, holder.body)
    return require_role(state, person, Role.APPLICANT, holder.code)
