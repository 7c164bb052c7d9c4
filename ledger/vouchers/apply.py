"""Apply: a firm or a startup team asks for vouchers of a scheme."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.budgets import rules as budget_rules
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.vouchers import rules
from ledger.vouchers.acting import require_acting_for, require_holder
from ledger.vouchers.flags import check_unflagged
from ledger.vouchers.store import CAPS, holder_cap
from ledger.vouchers.tables import VoucherApplicationTable
from ledger.vouchers.terms import cite, terms
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply(Command):
    kind: ClassVar[str] = "voucher.apply"

    holder: str
    """Code of the firm, or number of the startup team."""
    scheme: str
    requested_fen: int
    """Face value asked for."""
    purpose: str


def reads(command: Apply) -> Keys:
    scheme = budget_rules.scheme_of(command.scheme)
    return readable(
        command,
        PARTIES.keys(command.holder) | PEOPLE.keys(command.actor) | CAPS.keys(holder_cap(command.holder, scheme)),
    )


def decide(command: Apply, state: State, policies: Policies, today: date) -> Effects:
    holder = require_holder(state, command.holder)
    require_acting_for(state, command.actor, holder)
    check_unflagged(holder, today)
    purpose = checked_name(command.purpose, "用途", "purpose", TEXT_LENGTH_MAX)
    requested_fen = whole_amount(command.requested_fen)
    scheme = terms(policies, command.scheme, today)
    rules.check_eligible(
        holder, scheme.name, scheme.eligible_sizes, teams=scheme.teams_eligible, cite=cite(scheme, "eligible_sizes")
    )
    so_far = state.one(CAPS, holder_cap(holder.code, scheme.name))
    if so_far.open_application:
        raise rules.ApplicationOpen(holder=holder.code, scheme=scheme.name, application=so_far.open_application)
    # Declined here already where nothing could be granted whatever the commission decides.
    used_fen = so_far.in_year(today.year).counted_fen(refunds_restore=scheme.refund_restores_cap)
    scheme.granted(requested_fen=requested_fen, used_fen=used_fen, first_time=not so_far.ever)

    number = command.number("A")
    row = VoucherApplicationTable(
        number=number,
        scheme=scheme.name,
        year=today.year,
        holder=holder.code,
        body=holder.body,
        controller=holder.controlled_by,
        requested_fen=requested_fen,
        purpose=purpose,
        applied_on=today,
        applicant=command.actor,
    )
    return Effects({"application": number, "scheme": scheme.name, "synthetic": scheme.synthetic}, rows=(row,))


USE_CASE = UseCase(Apply, reads, decide)
