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


def require_claimant(state: State, person: str, claimant: str) -> Party:
    """A unit by its officer; where the scheme pays the firm, the firm, or the body that settles for a team."""
    party = require_party(state, claimant, PartyKind.UNIT, PartyKind.FIRM, PartyKind.BODY)
    require_role(state, person, _CLAIMS_FOR[party.kind], claimant)
    return party


_CLAIMS_FOR = {
    PartyKind.UNIT: Role.UNIT_OFFICER,
    PartyKind.FIRM: Role.APPLICANT,
    PartyKind.BODY: Role.RECOMMENDER,
}
