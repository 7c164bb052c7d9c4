"""Submit an agreement: which fees of a firm may become a share in it, and how large a share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.equity.rules import (
    NAMED_MAX,
    AgreementNeverValid,
    InstrumentNamedTwice,
    InstrumentNotTheUnits,
    NoInstrumentNamed,
    check_state,
    check_unsupervised,
    checked_share,
    require_fit_firm,
    require_university,
)
from ledger.equity.store import AGREEMENTS
from ledger.equity.tables import EquityAgreementInstrumentTable, EquityAgreementStepTable, EquityAgreementTable
from ledger.equity.values import Agreement, AgreementState, NamedInstrument, Supply
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_own
from ledger.registry.store import INSTRUMENTS, PARTIES, PEOPLE
from ledger.registry.supervision import SUPERVISED_DAYS
from ledger.registry.text import checked_choice, checked_date, checked_name, readable
from ledger.registry.values import Role
from policies.equity.terms import equity_terms
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAgreement(Command):
    """By an officer of the unit itself."""

    kind: ClassVar[str] = "equity.submit-agreement"

    unit: str
    firm: str
    document_number: str
    supply: Supply
    share_max: str
    """As decimal text: the largest share that the unit may come to hold."""
    named: tuple[NamedInstrument, ...]
    valid_from: date
    valid_until: date
    vat_in_cash: bool = True
    """The firm pays the value-added tax in cash, and the net amount converts; false: the gross amount converts."""
    related: bool = False
    """A founder of the firm is on the unit's staff."""
    agreement: str = ""
    """Given: one that is still a draft, or was refused, changed."""


def reads(command: SubmitAgreement) -> Keys:
    instruments = [one.instrument for one in command.named[:NAMED_MAX]]
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | PARTIES.keys(command.unit, command.firm)
        | INSTRUMENTS.keys(*instruments)
        | SUPERVISED_DAYS.keys(*instruments)
        | (AGREEMENTS.keys(command.agreement) if command.agreement else frozenset()),
    )


def decide(command: SubmitAgreement, state: State, policies: Policies, today: date) -> Effects:
    require_own(state, command.actor, Role.UNIT_OFFICER, command.unit)
    unit = require_university(state, command.unit, today)
    firm = require_fit_firm(state, command.firm, today)
    before = _before(command, state)
    wanted = Agreement(
        number=before.number if before else command.number("EA"),
        version=before.version + 1 if before else 1,
        unit=unit.code,
        firm=firm.code,
        document_number=checked_name(command.document_number, "协议编号", "number of the agreement"),
        supply=checked_choice(Supply, command.supply, "服务类别", "kind of supply"),
        share_max=checked_share(command.share_max, equity_terms(today, policies.known_on)),
        vat_in_cash=command.vat_in_cash,
        related=command.related or firm.code in unit.related or firm.controlled_by == unit.controlled_by,
        valid_from=checked_date(command.valid_from, "有效期起", "first day"),
        valid_until=checked_date(command.valid_until, "有效期止", "last day"),
        named=_named(command, state, today),
        submitted_on=before.submitted_on if before else today,
        steps=before.steps if before else 0,
    )
    if wanted.valid_until < max(wanted.valid_from, today):
        raise AgreementNeverValid(valid_from=wanted.valid_from, valid_until=wanted.valid_until)
    return Effects(
        {
            "agreement": wanted.number,
            "version": wanted.version,
            "state": AgreementState.DRAFT,
            "related": wanted.related,
        },
        rows=tuple(_rows(command, wanted, today)),
    )


def _before(command: SubmitAgreement, state: State) -> Agreement | None:
    if not command.agreement:
        return None
    before = state.one(AGREEMENTS, command.agreement)
    require_own(state, command.actor, Role.UNIT_OFFICER, before.unit)
    check_state(before, {AgreementState.DRAFT}, "修改", "changed")
    return before


def _named(command: SubmitAgreement, state: State, today: date) -> tuple[NamedInstrument, ...]:
    if not 0 < len(command.named) <= NAMED_MAX:
        raise NoInstrumentNamed(most=NAMED_MAX)
    found: dict[str, NamedInstrument] = {}
    for one in command.named:
        if one.instrument in found:
            raise InstrumentNamedTwice(instrument=one.instrument)
        instrument = state.one(INSTRUMENTS, one.instrument)
        if instrument.unit != command.unit:
            raise InstrumentNotTheUnits(instrument=instrument.code, owner=instrument.unit, unit=command.unit)
        check_unsupervised(state, instrument.code, today, today, command.document_number)
        found[instrument.code] = NamedInstrument(instrument.code, whole_amount(one.minutes_max))
    return tuple(found.values())


def _rows(command: SubmitAgreement, wanted: Agreement, today: date) -> Iterator[EventRow]:
    yield EquityAgreementTable(
        number=wanted.number,
        version=wanted.version,
        unit=wanted.unit,
        firm=wanted.firm,
        document_number=wanted.document_number,
        supply=wanted.supply.value,
        share_max=wanted.share_max,
        vat_in_cash=wanted.vat_in_cash,
        related=wanted.related,
        valid_from=wanted.valid_from,
        valid_until=wanted.valid_until,
        submitted_on=today,
        person=command.actor,
    )
    for named in wanted.named:
        yield EquityAgreementInstrumentTable(
            agreement=wanted.number,
            version=wanted.version,
            instrument=named.instrument,
            minutes_max=named.minutes_max,
        )
    yield step_row(wanted, AgreementState.DRAFT, today, command.actor, wanted.document_number)


def step_row(  # each part has its name
    agreement: Agreement,
    state: AgreementState,
    on: date,
    person: str,
    document_number: str = "",
    reason: str = "",
    party: str = "",
) -> EquityAgreementStepTable:
    """The next step of an agreement."""
    return EquityAgreementStepTable(
        agreement=agreement.number,
        step=agreement.steps + 1,
        state=state.value,
        party=party,
        document_number=document_number,
        reason=reason,
        happened_on=on,
        person=person,
    )


USE_CASE = UseCase(SubmitAgreement, reads, decide)
