"""What is refused about statements and their lines.  (pure)"""

from collections import Counter
from collections.abc import Collection
from datetime import date

from ledger.amounts import yuan
from ledger.errors import Invalid, Refused
from ledger.payments.bank.meaning import WHY, Unclear
from ledger.payments.bank.values import (
    DIRECTION_WORDS,
    LINES_MAX,
    STATE_WORDS,
    BankLine,
    Direction,
    LineState,
    Statement,
    StatementLine,
)
from ledger.registry.rules import same_person
from ledger.registry.values import Person

# -- statements --------------------------------------------------------------------------------------------------------


class StatementEmpty(Refused):
    zh = "对账单 {statement} 没有任何已记账的明细，不必导入。"
    en = "Statement {statement} has no booked line; there is nothing to import."


class StatementTooLong(Invalid):
    zh = "对账单 {statement} 有 {count} 条明细，最多 {largest} 条。请向银行索取较短期间的对账单。"
    en = (
        "Statement {statement} has {count} lines, and {largest} are the most. "
        "Ask the bank for statements of shorter periods."
    )


class StatementKnown(Refused):
    zh = "账户 {account_number} 的对账单 {statement} 已于 {imported_on} 导入（{known}），不再重复计入。"
    en = "Statement {statement} of account {account_number} was imported on {imported_on} as {known}; it counts once."


class StatementDoesNotAddUp(Refused):
    zh = "对账单 {statement} 期初 {opening} 元，加减明细后应为 {expected} 元，期末却是 {closing} 元。文件可能不完整。"
    en = (
        "Statement {statement} opens with {opening} yuan and its lines lead to {expected}, but it closes with "
        "{closing}. The file may be incomplete."
    )


class LineTwice(Refused):
    zh = "对账单 {statement} 中流水号 {reference} 出现两次（同一借贷方向）。请向银行核实。"
    en = "Statement {statement} has the bank reference {reference} twice in the same direction. Ask the bank."


class LineChanged(Refused):
    zh = "流水号 {reference} 曾于 {before_on} 以 {before} 元导入，现为 {now_on}、{now} 元。请向银行核实。"
    en = (
        "Bank reference {reference} was imported as {before} yuan on {before_on}, and is {now} on {now_on} now. "
        "Ask the bank."
    )


class BookedInFuture(Refused):
    zh = "流水号 {reference} 的记账日期 {booked_on} 晚于今天（{today}）。请核对文件中的日期。"
    en = (
        "The line with bank reference {reference} is booked on {booked_on}, later than today ({today}). Check the file."
    )


def check_statement(statement: Statement, today: date) -> None:
    """Something in it, not too much, each line once, none from the future; its balances agree where it has two."""
    lines = statement.lines
    if not lines:
        raise StatementEmpty(statement=statement.reference)
    if len(lines) > LINES_MAX:
        raise StatementTooLong(statement=statement.reference, count=len(lines), largest=LINES_MAX)
    counted = Counter((line.reference, line.direction) for line in lines)
    for (reference, _), times in counted.items():
        if times > 1:
            raise LineTwice(statement=statement.reference, reference=reference)
    for line in lines:
        if line.booked_on > today:
            raise BookedInFuture(reference=line.reference, booked_on=line.booked_on, today=today)
    _check_balances(statement)


def _check_balances(statement: Statement) -> None:
    if statement.opening_fen is None or statement.closing_fen is None:
        return
    moved = sum(line.amount_fen if line.direction is Direction.CREDIT else -line.amount_fen for line in statement.lines)
    expected_fen = statement.opening_fen + moved
    if expected_fen != statement.closing_fen:
        raise StatementDoesNotAddUp(
            statement=statement.reference,
            opening=yuan(statement.opening_fen),
            expected=yuan(expected_fen),
            closing=yuan(statement.closing_fen),
        )


def check_unchanged(line: StatementLine, before: BankLine) -> None:
    """A line that was imported with another statement says now what it said then."""
    if (line.amount_fen, line.booked_on) != (before.amount_fen, before.booked_on):
        raise LineChanged(
            reference=line.reference,
            before=yuan(before.amount_fen),
            before_on=before.booked_on,
            now=yuan(line.amount_fen),
            now_on=line.booked_on,
        )


# -- lines -------------------------------------------------------------------------------------------------------------


class LineNotWaiting(Refused):
    zh = "银行明细 {line} {state_zh}，不在待核对之列。"
    en = "Bank line {line} is {state_en}; it is not waiting to be matched."


class OwnImport(Refused):
    zh = "银行明细 {line} 由 {importer} 导入，{person} 是本人或与其有委托关系，不能核对。请由另一人办理。"
    en = (
        "Bank line {line} was imported by {importer}, and {person} is that person or counts as it. "
        "Who imports bank lines does not reconcile them: have another person do it."
    )


class WrongDirection(Refused):
    zh = "银行明细 {line} 是{direction_zh}，不能作为{wanted_zh}核对。"
    en = "Bank line {line} is a {direction_en}; it cannot be matched as a {wanted_en}."


class PayerDiffers(Refused):
    zh = "银行明细 {line} 是 {payer} 账户的，批次 {batch} 由 {other} 支付。"
    en = "Bank line {line} is of an account of {payer}, and batch {batch} is paid by {other}."


class AmountDiffers(Refused):
    zh = "银行明细 {line} 为 {amount} 元，所列款项合计 {total} 元。多付、少付不能确认，请向银行核实。"
    en = (
        "Bank line {line} is over {amount} yuan, and the payments named are {total} together. "
        "What was paid in part or too much is not confirmed: ask the bank."
    )


class LineUnclear(Refused):
    zh = "银行明细 {line} 不能自动核对为所列款项：{why_zh}。确属该款项的，请写明理由。"
    en = "Bank line {line} does not by itself mean the payments named: {why_en}. If it does, say why."


class Mixed(Refused):
    zh = "所列款项有的已有登记（{on_record}），有的没有（{open}）。请分开核对。"
    en = "Some of the payments named are on record already ({on_record}), some are not ({open}). Match them apart."


class EvidencedAlready(Refused):
    zh = "{payable} 已由银行明细 {line} 佐证，不能再用另一条明细。"
    en = "Bank line {line} is the evidence for {payable} already; another line cannot be."


class BookedOtherwise(Refused):
    zh = "银行明细 {line} 的记账日期是 {booked_on}，不能按 {on} 入账。请填 {booked_on} 至 {today} 之间的日期。"
    en = "Bank line {line} was booked on {booked_on} and cannot be dated {on}. Give a day from then to today ({today})."


class ReasonForAnotherDay(Refused):
    zh = "银行明细 {line} 的记账日期是 {booked_on}，改按 {on} 入账须写明理由。"
    en = "Bank line {line} was booked on {booked_on}; to date it {on}, say why."


def check_waiting(line: BankLine) -> None:
    if line.state is not LineState.WAITING:
        said = STATE_WORDS[line.state]
        raise LineNotWaiting(line=line.number, state_zh=said.zh, state_en=said.en)


def check_not_importer(line: BankLine, person: Person, importer: Person) -> None:
    """Who imports bank lines does not reconcile them."""
    if same_person(person, importer):
        raise OwnImport(line=line.number, importer=line.importer, person=person.code)


def check_direction(line: BankLine, wanted: Direction) -> None:
    if line.direction is not wanted:
        found, asked = DIRECTION_WORDS[line.direction], DIRECTION_WORDS[wanted]
        raise WrongDirection(
            line=line.number, direction_zh=found.zh, direction_en=found.en, wanted_zh=asked.zh, wanted_en=asked.en
        )


def check_dated(line: BankLine, on: date, today: date, reason: str) -> None:
    """The bank's day; a later one only with a reason, such as a period that is closed."""
    if not line.booked_on <= on <= today:
        raise BookedOtherwise(line=line.number, booked_on=line.booked_on, on=on, today=today)
    if on != line.booked_on and not reason:
        raise ReasonForAnotherDay(line=line.number, booked_on=line.booked_on, on=on)


def check_amount(line: BankLine, total_fen: int) -> None:
    if total_fen != line.amount_fen:
        raise AmountDiffers(line=line.number, amount=yuan(line.amount_fen), total=yuan(total_fen))


def refuse_unclear(line: BankLine, why: Unclear | None) -> None:
    """It is not what the line means by itself, and nobody says why it should be."""
    said = WHY.get(why) if why else None
    raise LineUnclear(
        line=line.number,
        why_zh=said.zh if said else "它另有所指",
        why_en=said.en if said else "it means other payments",
    )


def check_alike(on_record: Collection[str], still_open: Collection[str]) -> None:
    """All on record before, or none."""
    if on_record and still_open:
        raise Mixed(on_record=", ".join(sorted(on_record)), open=", ".join(sorted(still_open)))
