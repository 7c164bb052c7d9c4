"""Record a voucher that was issued before the books began, as a line of a list that a second person will sign."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import AMOUNT_MAX, AmountNotWhole, AmountOutOfRange, is_whole, shown, whole_amount, yuan
from ledger.bookkeeping.store import BEGINNING
from ledger.budgets import rules as budget_rules
from ledger.budgets.store import BUDGETS, LETTERS, budget_id, letter_id
from ledger.budgets.values import Budget
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.acting import require_holder
from ledger.vouchers.opening import ListState
from ledger.vouchers.opening_tables import VoucherOpeningTable
from ledger.vouchers.store import LIST_STATES, OLD_NUMBERS, old_number_id
from ledger.vouchers.terms import terms
from policies.kernel.policies import Policies


class IssuedInTheBooks(Refused):
    zh = "券 {legacy_number} 于 {issued_on} 发放，账簿自 {begins_on} 起记账。账簿开始以后的券请按申领、审核、发放办理。"
    en = (
        "Voucher {legacy_number} was issued on {issued_on}, and the books begin on {begins_on}. What is issued since "
        "then goes the road of application, grant and issue."
    )


class MoreThanFace(Refused):
    zh = "券 {legacy_number}：已兑付 {redeemed} 元与可用 {open} 元之和超过面额 {face} 元。"
    en = "Voucher {legacy_number}: {redeemed} yuan paid and {open} open are more than its face value of {face}."


class ExpiredBeforeIssue(Refused):
    zh = "券 {legacy_number} 的到期日 {expires_on} 早于发放日 {issued_on}。请核对。"
    en = "Voucher {legacy_number} expires on {expires_on}, before it was issued on {issued_on}. Check the dates."


class OldNumberRecorded(Refused):
    zh = "计划“{scheme}”的原券号 {legacy_number} 已登记为 {opening}，不能重复登记。"
    en = "Old number {legacy_number} of {scheme} is recorded as {opening} already."


class ListProposed(Refused):
    zh = "期初清单“{list_number}”已提交复核（{state}），不能再增加。请另用一个清单编号。"
    en = "The opening list “{list_number}” was proposed ({state}); nothing is added to it. Use another list number."


class LetterUnknown(Refused):
    zh = "计划“{scheme}”{year} 年度没有已入账的指标文号“{letter_number}”。请先录入该年度的期初指标并由财政复核。"
    en = (
        "No letter “{letter_number}” is posted for {scheme} in {year}. Enter the budget letter of that year first and "
        "have finance sign it."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOpening(Command):
    """By an operator of the commission that issued it."""

    kind: ClassVar[str] = "voucher.record-opening"

    list_number: str
    """Of the paper that lists what was open when the books began."""
    scheme: str
    legacy_number: str
    """As the voucher was numbered before."""
    holder: str
    issued_on: date
    expires_on: date
    """Last day, as last extended."""
    face_fen: int
    redeemed_fen: int
    """Paid before the books began; 0 or more."""
    open_fen: int
    """Usable still; what was reserved or claimed and not paid counts as open, and is reserved again. 0 or more."""
    letter_number: str
    """Of the budget letter (指标文号) of the year of issue that bears it."""


def reads(command: RecordOpening) -> Keys:
    scheme = budget_rules.scheme_of(command.scheme)
    issued_on = checked_date(command.issued_on, "发放日期", "day of issue")
    return readable(
        command,
        LIST_STATES.keys(command.list_number)
        | OLD_NUMBERS.keys(old_number_id(scheme, command.legacy_number))
        | LETTERS.keys(letter_id(scheme, issued_on.year, command.letter_number))
        | BUDGETS.keys(budget_id(scheme, issued_on.year))
        | BEGINNING.keys("book")
        | PARTIES.keys(command.holder)
        | PEOPLE.keys(command.actor),
    )


def decide(command: RecordOpening, state: State, policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR, command.tenant)
    list_number = checked_name(command.list_number, "期初清单编号", "number of the opening list")
    legacy_number = checked_name(command.legacy_number, "原券号", "old number")
    _check_list(list_number, state)
    recorded = state.find(OLD_NUMBERS, old_number_id(command.scheme, legacy_number))
    if recorded:
        raise OldNumberRecorded(scheme=command.scheme, legacy_number=legacy_number, opening=recorded)
    holder = require_holder(state, command.holder)
    _check_days(command, state.one(BEGINNING, "book"))
    scheme = terms(policies, command.scheme, command.issued_on)
    for amount_fen in _amounts(command):
        rules.check_whole_tokens(amount_fen, scheme.denomination_fen)

    row = VoucherOpeningTable(
        number=command.number("VO"),
        list_number=list_number,
        scheme=scheme.name,
        year=command.issued_on.year,
        operator=command.tenant,
        holder=holder.code,
        body=holder.body,
        controller=holder.controlled_by,
        legacy_number=legacy_number,
        budget_line=_line(command, state),
        face_fen=command.face_fen,
        redeemed_fen=command.redeemed_fen,
        open_fen=command.open_fen,
        denomination_fen=scheme.denomination_fen,
        issued_on=command.issued_on,
        expires_on=command.expires_on,
        recorded_on=today,
        person=command.actor,
    )
    return Effects({"opening": row.number, "list": list_number, "synthetic": scheme.synthetic}, rows=(row,))


def _check_list(list_number: str, state: State) -> None:
    found = state.one(LIST_STATES, list_number)
    if found is not ListState.RECORDING:
        raise ListProposed(list_number=list_number, state=found.value)


def _check_days(command: RecordOpening, begins_on: date) -> None:
    checked_date(command.expires_on, "到期日", "last day")
    if command.issued_on >= begins_on:
        raise IssuedInTheBooks(legacy_number=command.legacy_number, issued_on=command.issued_on, begins_on=begins_on)
    if command.expires_on < command.issued_on:
        raise ExpiredBeforeIssue(
            legacy_number=command.legacy_number, expires_on=command.expires_on, issued_on=command.issued_on
        )


def _amounts(command: RecordOpening) -> tuple[int, ...]:
    """Face value, and what is open of it: what goes in tokens where the scheme has them."""
    face_fen = whole_amount(command.face_fen)
    parts = tuple(_nothing_or_more(value) for value in (command.redeemed_fen, command.open_fen))
    if sum(parts) > face_fen:
        raise MoreThanFace(
            legacy_number=command.legacy_number,
            redeemed=yuan(command.redeemed_fen),
            open=yuan(command.open_fen),
            face=yuan(face_fen),
        )
    return face_fen, command.open_fen


def _nothing_or_more(value: object) -> int:
    if not is_whole(value):
        raise AmountNotWhole(value=shown(value))
    if not 0 <= value <= AMOUNT_MAX:
        raise AmountOutOfRange(value=shown(value), largest=AMOUNT_MAX)
    return value


def _line(command: RecordOpening, state: State) -> str:
    """The budget line of the letter, posted for the same commission."""
    year = command.issued_on.year
    letter = state.one(LETTERS, letter_id(command.scheme, year, command.letter_number))
    budget: Budget | None = state.find(BUDGETS, budget_id(command.scheme, year))
    if budget and budget.operator != command.tenant:
        raise budget_rules.BudgetOfAnotherBureau(
            scheme=command.scheme, year=year, operator=budget.operator, tenant=command.tenant
        )
    if budget and budget.ended_on:
        raise budget_rules.YearEnded(scheme=command.scheme, year=year, ended_on=budget.ended_on)
    if budget is None or letter.live is None or budget.line(letter.live) is None:
        raise LetterUnknown(scheme=command.scheme, year=year, letter_number=command.letter_number)
    return letter.live


USE_CASE = UseCase(RecordOpening, reads, decide)
