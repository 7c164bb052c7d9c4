"""What follows when a unit in rectification registers an instrument: it is flagged for whoever approves purchases."""

from datetime import date

from ledger.evaluation.store import RECTIFYING_UNITS
from ledger.evaluation.tables import EvaluationFlaggedPurchaseTable
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.registry.events import InstrumentAdded
from ledger.registry.register_instrument import RegisterInstrument
from policies.evaluation.rounds import purchases_flagged
from policies.kernel.policies import Policies


def reads(command: RegisterInstrument) -> Keys:
    return RECTIFYING_UNITS.keys(command.unit)


def flag(event: InstrumentAdded, _command: object, state: State, policies: Policies, today: date) -> Effects:
    """Nothing is refused: what stands in the laboratory is to be in the books."""
    rectification = state.one(RECTIFYING_UNITS, event.unit)
    cite = purchases_flagged(today, policies.known_on) if rectification else None
    if cite is None:
        return Effects({})
    row = EvaluationFlaggedPurchaseTable(
        instrument=event.instrument, rectification=rectification, unit=event.unit, flagged_on=today, cited=cite
    )
    return Effects({"flagged_by": rectification}, rows=(row,))


REACTIONS = (Reaction(InstrumentAdded, RegisterInstrument, reads, flag),)
