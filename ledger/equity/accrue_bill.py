"""Count a bill under an agreement: the firm confirms the use, and that its fee may become a share.

What is counted stays open and may be paid in cash until it converts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.equity.postings import lease_entry
from ledger.equity.rules import (
    BillCountedAlready,
    NothingOfAgreement,
    check_bill,
    check_counted,
    check_in_force,
    check_own_need,
    check_price,
    check_rate,
    counted_uses,
    require_fit_firm,
)
from ledger.equity.store import AGREEMENTS, USES_OF_BILLS, bill_evidence
from ledger.equity.tables import EquityAccrualTable, EquityAccrualUseTable
from ledger.equity.values import Agreement, CountedUse, Supply
from ledger.executor.calculations import first_article, stored
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.evidence import claim_evidence_rows
from ledger.fees.issue_bill import TAX_SPLIT
from ledger.fees.store import BILLS, EVIDENCE
from ledger.fees.values import Bill
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE, TARIFFS
from ledger.registry.text import readable
from ledger.registry.values import Role
from policies.equity.terms import supply_rates
from policies.kernel.policies import Policies

ACCRUAL = "equity-accrual"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccrueBill(Command):
    """By a person of the firm itself: the bill is the unit's statement, this is the firm's."""

    kind: ClassVar[str] = "equity.accrue-bill"

    agreement: str
    bill: str


def reads(command: AccrueBill) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | AGREEMENTS.keys(command.agreement)
        | BILLS.keys(command.bill)
        | USES_OF_BILLS.keys(command.bill)
        | EVIDENCE.keys(bill_evidence(command.bill)),
    )


def decide(command: AccrueBill, state: State, policies: Policies, today: date) -> Effects:
    agreement = state.one(AGREEMENTS, command.agreement)
    require_own(state, command.actor, Role.APPLICANT, agreement.firm)
    require_fit_firm(state, agreement.firm, today)
    check_in_force(agreement, "计入账单", "added to")
    bill = state.one(BILLS, command.bill)
    check_bill(bill, agreement)
    if agreement.accrual_of(bill.number):
        raise BillCountedAlready(bill=bill.number, agreement=agreement.number)
    check_rate(bill, agreement.supply, supply_rates(agreement.supply.value, bill.invoice_date, policies.known_on))
    uses = _uses(agreement, bill, state)
    row = EquityAccrualTable(
        number=command.number("AC"),
        agreement=agreement.number,
        bill=bill.number,
        eligible_fen=sum(use.amount_fen for use in uses),
        accrued_on=today,
        person=command.actor,
    )
    evidence = claim_evidence_rows(state.one(EVIDENCE, bill_evidence(bill.number)), ACCRUAL, row.number)
    return Effects(
        {
            "accrual": row.number,
            "agreement": agreement.number,
            "bill": bill.number,
            "eligible_fen": row.eligible_fen,
            "uses": [use.use for use in uses],
        },
        rows=(row, *_use_rows(row.number, uses), *evidence),
    ).and_also(_rent(command, agreement, bill, row.eligible_fen, policies, today))


def _uses(agreement: Agreement, bill: Bill, state: State) -> tuple[CountedUse, ...]:
    """Guards G2, G3 and G4, use by use."""
    uses = counted_uses(bill, agreement, state.one(USES_OF_BILLS, bill.number))
    if not uses:
        raise NothingOfAgreement(bill=bill.number, agreement=agreement.number)
    check_counted(state, uses)
    check_own_need(agreement, uses)
    lines = {line.use: line for line in bill.lines if line.use}
    for use in uses:
        check_price(use, lines[use.use], state.one(TARIFFS, use.instrument))
    return uses


def _use_rows(accrual: str, uses: tuple[CountedUse, ...]) -> Iterator[EventRow]:
    for use in uses:
        yield EquityAccrualUseTable(
            accrual=accrual,
            recorded_use=use.use,
            instrument=use.instrument,
            minutes=use.minutes,
            first_on=use.first_on,
            last_on=use.last_on,
            amount_fen=use.amount_fen,
        )


def _rent(  # each part has its name
    command: Command, agreement: Agreement, bill: Bill, eligible_fen: int, policies: Policies, today: date
) -> Effects:
    """Of an agreement that lets instruments, the fee is shown as rent."""
    if agreement.supply is not Supply.LEASE:
        return Effects({})
    facts = {"gross_fen": eligible_fen, "vat_rate": bill.vat_rate}
    split = policies.calculate(TAX_SPLIT, facts, on=bill.invoice_date)
    entry = lease_entry(agreement.unit, split.whole("net_fen"), today, first_article(split), bill.number)
    return Effects({"rent_fen": split.whole("net_fen")}, entries=(entry,), rows=(stored(command, split),))


USE_CASE = UseCase(AccrueBill, reads, decide)
