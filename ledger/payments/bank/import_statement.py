"""Import a statement: its lines become rows that wait; what is known from before is counted once."""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import shown, whole_amount
from ledger.errors import Invalid
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.payments.bank.meaning import our_id
from ledger.payments.bank.rules import StatementKnown, check_statement, check_unchanged
from ledger.payments.bank.store import BANK_ACCOUNTS, KNOWN_LINES, STATEMENTS, line_id, statement_id
from ledger.payments.bank.tables import BankLineTable, BankStatementTable
from ledger.payments.bank.values import Direction, Statement, StatementLine
from ledger.registry.rules import require_any_role, require_party
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_choice, checked_name, readable
from ledger.registry.values import PartyKind, Role
from policies.kernel.policies import Policies

_ACCOUNT = re.compile(r"[0-9A-Z]{1,34}")


class AccountUnreadable(Invalid):
    zh = "账号“{value}”不能识别，应只含数字和大写字母。"
    en = "The account number “{value}” cannot be read. It has digits and capital letters only."


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStatement(Command):
    """Says what the bank has booked, and not what that means."""

    kind: ClassVar[str] = "payment.import-statement"

    payer: str
    """Code of the bureau whose account it is."""
    statement: Statement


def reads(command: ImportStatement) -> Keys:
    statement = command.statement
    account = checked_name(statement.account_number, "账号", "account number")
    reference = checked_name(statement.reference, "对账单编号", "number of the statement")
    if not _ACCOUNT.fullmatch(account) or account != statement.account_number:
        raise AccountUnreadable(value=shown(statement.account_number))
    return readable(
        command,
        PARTIES.keys(command.payer)
        | PEOPLE.keys(command.actor)
        | BANK_ACCOUNTS.keys(account)
        | STATEMENTS.keys(statement_id(account, reference))
        | KNOWN_LINES.keys(*(_id(account, line) for line in statement.lines)),
    )


def decide(command: ImportStatement, state: State, _policies: Policies, today: date) -> Effects:
    require_any_role(state, command.actor, {Role.TREASURY, Role.FINANCE})
    payer = require_party(state, command.payer, PartyKind.BUREAU)
    statement = command.statement
    known = state.find(STATEMENTS, statement_id(statement.account_number, statement.reference))
    if known:
        raise StatementKnown(
            account_number=statement.account_number,
            statement=statement.reference,
            imported_on=known.imported_on,
            known=known.number,
        )
    check_statement(statement, today)
    new = [line for line in statement.lines if not _known(statement.account_number, line, state)]

    number = command.number("BS")
    head = BankStatementTable(
        number=number,
        payer=payer.code,
        account_number=statement.account_number,
        reference=statement.reference,
        imported_on=today,
        line_count=len(statement.lines),
        new_count=len(new),
        person=command.actor,
    )
    rows = [_row(command, number, line) for line in new]
    return Effects(
        {
            "statement": number,
            "lines": [row.number for row in rows],
            "count": len(statement.lines),
            "known": len(statement.lines) - len(new),
        },
        rows=(head, *rows),
    )


def _id(account_number: str, line: StatementLine) -> str:
    direction = checked_choice(Direction, line.direction, "借贷方向", "direction")
    return line_id(account_number, direction, _reference(line))


def _reference(line: StatementLine) -> str:
    return checked_name(line.reference, "银行流水号", "bank reference")


def _known(account_number: str, line: StatementLine, state: State) -> bool:
    """Whether another statement had it before."""
    before = state.find(KNOWN_LINES, _id(account_number, line))
    if before:
        check_unchanged(line, before)
    return before is not None


def _row(command: ImportStatement, statement: str, line: StatementLine) -> BankLineTable:
    account_number = command.statement.account_number
    return BankLineTable(
        number=command.number("BL", line.direction, _reference(line)),
        statement=statement,
        payer=command.payer,
        account_number=account_number,
        reference=_reference(line),
        direction=line.direction,
        amount_fen=whole_amount(line.amount_fen),
        booked_on=line.booked_on,
        our_id=our_id(line.references, line.purpose),
        returned=line.returned,
        return_reason=line.return_reason,
        counterparty_account=line.counterparty_account,
        counterparty_name=line.counterparty_name,
        purpose=line.purpose,
        importer=command.actor,
    )


USE_CASE = UseCase(ImportStatement, reads, decide)
