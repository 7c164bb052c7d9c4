"""Record a firm's registered capital: as it stood when the books begin to hold a share of it, and after each round."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount, yuan
from ledger.equity.postings import capital_entries
from ledger.equity.rules import check_past, checked_fen
from ledger.equity.store import COMPANIES
from ledger.equity.tables import EquityCapitalTable
from ledger.equity.values import OTHERS, Company
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.assets import CAPITAL
from ledger.journal.tables import AssetTable, EventRow
from ledger.registry.rules import require_own_or_operator, require_party
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import PartyKind
from policies.kernel.policies import Policies


class LessThanHeldElsewhere(Refused):
    zh = (
        "{firm} 的注册资本不能减至 {registered} 元：账上各单位持有和待登记的合计 {elsewhere} 元。"
        "持股单位的减资请作为股权退出办理。"
    )
    en = (
        "The registered capital of {firm} cannot come down to {registered} yuan: units of the books hold {elsewhere} "
        "of it, registered or not. A unit's own part goes by an exit."
    )


class NothingNew(Refused):
    zh = "账上 {firm} 的注册资本已是 {registered} 元，也没有新的估值。"
    en = "The books know the registered capital of {firm} as {registered} yuan already, and no value is given."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCapital(Command):
    """By the firm's own people, or an operator who has seen the register."""

    kind: ClassVar[str] = "equity.record-capital"

    firm: str
    registered_fen: int
    """All of it, after what happened."""
    document_number: str
    happened_on: date
    valuation_fen: int | None = None
    """What the whole firm was worth after it, where a round or an appraisal says so."""


def reads(command: RecordCapital) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | PARTIES.keys(command.firm) | COMPANIES.keys(command.firm))


def decide(command: RecordCapital, state: State, _policies: Policies, today: date) -> Effects:
    firm = require_party(state, command.firm, PartyKind.FIRM)
    require_own_or_operator(state, command.actor, firm.code)
    registered_fen = whole_amount(command.registered_fen)
    company: Company = state.one(COMPANIES, firm.code)
    change_fen = registered_fen - company.registered_fen
    if company.steps and not change_fen and command.valuation_fen is None:
        raise NothingNew(firm=firm.code, registered=yuan(registered_fen))
    if company.held_by(OTHERS) + change_fen < 0:
        elsewhere = company.registered_fen - company.held_by(OTHERS)
        raise LessThanHeldElsewhere(firm=firm.code, registered=yuan(registered_fen), elsewhere=yuan(elsewhere))
    happened_on = checked_date(command.happened_on, "日期", "day")
    row = EquityCapitalTable(
        firm=firm.code,
        step=company.steps + 1,
        registered_fen=registered_fen,
        valuation_fen=None if command.valuation_fen is None else checked_fen(command.valuation_fen, "valuation_fen", 1),
        document_number=checked_name(command.document_number, "文号", "number of the document"),
        happened_on=check_past(happened_on, today, "日期", "change"),
        recorded_on=today,
        person=command.actor,
    )
    asset: tuple[EventRow, ...] = () if company.steps else (_asset(firm.code),)
    return Effects(
        {"firm": firm.code, "registered_fen": registered_fen, "change_fen": change_fen},
        entries=capital_entries(firm.code, change_fen, today, row.document_number),
        rows=(*asset, row),
    )


def _asset(firm: str) -> AssetTable:
    """The capital of one firm is an asset of its own."""
    asset = CAPITAL.of(firm)
    return AssetTable(
        code=asset.code, kind=asset.kind.value, scale=asset.scale, name_zh=asset.name_zh, name_en=asset.name_en
    )


USE_CASE = UseCase(RecordCapital, reads, decide)
