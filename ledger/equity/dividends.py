"""Dividends: a firm's resolution gives the unit its part; later the money comes."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount, yuan
from ledger.equity.postings import declaration_entry, receipt_entry
from ledger.equity.rules import NotSoMuchHeld, check_past
from ledger.equity.store import COMPANIES, DECLARED, DIVIDEND_LIST, declared
from ledger.equity.tables import EquityDividendReceiptTable, EquityDividendTable
from ledger.equity.values import Company, Dividend
from ledger.errors import Refused
from ledger.executor.calculations import first_article, stored
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import Role
from policies.equity.dividend import POLICY
from policies.kernel.policies import Policies


class DeclaredAlready(Refused):
    zh = "{firm} 的利润分配决议 {resolution} 已登记为股利 {dividend}。"
    en = "Resolution {resolution} of {firm} on its profits is recorded as dividend {dividend} already."


class DividendTooSmall(Refused):
    zh = "按持股比例应得的股利不足一分，无需登记。"
    en = "The holding's part of it is less than a fen; there is nothing to record."


class MoreThanDeclared(Refused):
    zh = "股利 {dividend} 尚应收 {left} 元，收款 {amount} 元超出。请核对金额。"
    en = "Of dividend {dividend} {left} yuan are to come, and {amount} yuan were received. Check the amount."


class DividendReceiptKnown(Refused):
    zh = "股利 {dividend} 已登记银行流水号 {bank_reference} 的收款，不能重复登记。"
    en = "A receipt with bank reference {bank_reference} is recorded for dividend {dividend} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareDividend(Command):
    """By an officer of the unit, on the firm's resolution."""

    kind: ClassVar[str] = "equity.declare-dividend"

    unit: str
    firm: str
    resolution_number: str
    declared_on: date
    distributed_fen: int
    """What the firm distributes to all its members."""
    remitted: bool = False
    """True: the unit hands it on to the treasury."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveDividend(Command):
    """By an officer of the unit: it has reached the bank."""

    kind: ClassVar[str] = "equity.receive-dividend"

    dividend: str
    amount_fen: int
    bank_reference: str


def declare_reads(command: DeclareDividend) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | COMPANIES.keys(command.firm)
        | DECLARED.keys(declared(command.firm, command.unit, command.resolution_number.strip())),
    )


def declare(command: DeclareDividend, state: State, policies: Policies, today: date) -> Effects:
    require_own(state, command.actor, Role.UNIT_OFFICER, command.unit)
    resolution = checked_name(command.resolution_number, "决议编号", "number of the resolution")
    declared_on = checked_date(command.declared_on, "决议日期", "day of the resolution")
    check_past(declared_on, today, "决议日期", "resolution")
    if known := state.find(DECLARED, declared(command.firm, command.unit, resolution)):
        raise DeclaredAlready(firm=command.firm, resolution=resolution, dividend=known)
    company: Company = state.one(COMPANIES, command.firm)
    held_fen = company.held_by(command.unit)
    if not held_fen:
        raise NotSoMuchHeld(unit=command.unit, firm=command.firm, held=yuan(0), sold=yuan(0))
    facts = {
        "distributed_fen": whole_amount(command.distributed_fen),
        "held_fen": held_fen,
        "registered_fen": company.registered_fen,
    }
    reckoned = policies.calculate(POLICY, facts, on=declared_on)
    if not reckoned.whole("dividend_fen"):
        raise DividendTooSmall
    calculation = stored(command, reckoned)
    dividend = Dividend(
        number=command.number("ED"),
        firm=command.firm,
        unit=command.unit,
        dividend_fen=reckoned.whole("dividend_fen"),
        remitted=command.remitted,
        received_fen=0,
        recorded_on=today,
        references=frozenset(),
    )
    row = EquityDividendTable(
        number=dividend.number,
        firm=dividend.firm,
        unit=dividend.unit,
        resolution_number=resolution,
        distributed_fen=command.distributed_fen,
        dividend_fen=dividend.dividend_fen,
        remitted=dividend.remitted,
        calculation=calculation.id,
        declared_on=declared_on,
        recorded_on=today,
        person=command.actor,
    )
    return Effects(
        {"dividend": dividend.number, "dividend_fen": dividend.dividend_fen, "remitted": dividend.remitted},
        entries=(declaration_entry(dividend, today, first_article(reckoned), calculation.id, resolution),),
        rows=(calculation, row),
    )


def receive_reads(command: ReceiveDividend) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | DIVIDEND_LIST.keys(command.dividend))


def receive(command: ReceiveDividend, state: State, _policies: Policies, today: date) -> Effects:
    dividend = state.one(DIVIDEND_LIST, command.dividend)
    require_own(state, command.actor, Role.UNIT_OFFICER, dividend.unit)
    amount_fen = whole_amount(command.amount_fen)
    reference = checked_name(command.bank_reference, "银行流水号", "bank reference")
    if reference in dividend.references:
        raise DividendReceiptKnown(dividend=dividend.number, bank_reference=reference)
    left = dividend.dividend_fen - dividend.received_fen
    if amount_fen > left:
        raise MoreThanDeclared(dividend=dividend.number, left=yuan(left), amount=yuan(amount_fen))
    row = EquityDividendReceiptTable(
        number=command.number("DR"),
        dividend=dividend.number,
        amount_fen=amount_fen,
        bank_reference=reference,
        received_on=today,
        person=command.actor,
    )
    return Effects(
        {"receipt": row.number, "dividend": dividend.number, "left_fen": left - amount_fen},
        entries=(receipt_entry(dividend, amount_fen, today, reference),),
        rows=(row,),
    )


USE_CASES = (UseCase(DeclareDividend, declare_reads, declare), UseCase(ReceiveDividend, receive_reads, receive))
