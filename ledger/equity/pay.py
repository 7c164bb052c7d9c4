"""What a unit pays: the value-added tax of fees that bring no cash, and to the treasury what is the treasury's."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount, yuan
from ledger.equity.postings import remittance_entry, vat_entry
from ledger.equity.store import PAID, VAT_OWED, paid
from ledger.equity.tables import EquityPaymentTable
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.entries import Entry
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies

VAT, TREASURY = "vat", "treasury"


class PaymentKnown(Refused):
    zh = "{unit} 的银行流水号 {bank_reference} 已登记为付款 {payment}，不能重复登记。"
    en = "Bank reference {bank_reference} of {unit} is recorded as payment {payment} already."


class MoreVatThanOwed(Refused):
    zh = "{unit} 账上应交增值税 {owed} 元，缴纳 {amount} 元超出。请核对金额。"
    en = "By the books {unit} owes {owed} yuan of value-added tax; {amount} yuan were paid. Check the amount."


@dataclass(frozen=True, slots=True, kw_only=True)
class PayVat(Command):
    """By an officer of the unit: what it owes of value-added tax has left its bank, whatever the fees brought."""

    kind: ClassVar[str] = "equity.pay-vat"

    unit: str
    amount_fen: int
    bank_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemitProceeds(Command):
    """By an officer of the unit: proceeds of an exit, or a dividend that is handed on, have gone to the treasury."""

    kind: ClassVar[str] = "equity.remit-proceeds"

    unit: str
    amount_fen: int
    bank_reference: str


def reads(command: PayVat | RemitProceeds) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | PAID.keys(paid(command.unit, _kind(command), command.bank_reference.strip()))
        | (VAT_OWED.keys(command.unit) if isinstance(command, PayVat) else frozenset()),
    )


def decide(command: PayVat | RemitProceeds, state: State, _policies: Policies, today: date) -> Effects:
    """Never more than is owed; of what is the treasury's, the account's limit sees to that."""
    require_own(state, command.actor, Role.UNIT_OFFICER, command.unit)
    amount_fen = whole_amount(command.amount_fen)
    reference = checked_name(command.bank_reference, "银行流水号", "bank reference")
    if known := state.find(PAID, paid(command.unit, _kind(command), reference)):
        raise PaymentKnown(unit=command.unit, bank_reference=reference, payment=known)
    if isinstance(command, PayVat) and amount_fen > (owed_fen := state.one(VAT_OWED, command.unit)):
        raise MoreVatThanOwed(unit=command.unit, owed=yuan(owed_fen), amount=yuan(amount_fen))
    row = EquityPaymentTable(
        number=command.number("EP"),
        unit=command.unit,
        kind=_kind(command),
        amount_fen=amount_fen,
        bank_reference=reference,
        paid_on=today,
        person=command.actor,
    )
    return Effects(
        {"payment": row.number, "amount_fen": amount_fen},
        entries=(_entry(command, amount_fen, today, reference),),
        rows=(row,),
    )


def _kind(command: PayVat | RemitProceeds) -> str:
    return VAT if isinstance(command, PayVat) else TREASURY


def _entry(command: PayVat | RemitProceeds, amount_fen: int, today: date, reference: str) -> Entry:
    if isinstance(command, PayVat):
        return vat_entry(command.unit, amount_fen, today, reference)
    return remittance_entry(command.unit, amount_fen, today, reference)


USE_CASES = (UseCase(PayVat, reads, decide), UseCase(RemitProceeds, reads, decide))
