"""Compose a batch: payables frozen with the payees' accounts of today, control totals, and a request for approval."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.journal.tables import EventRow
from ledger.payments.offset_tables import PaymentBatchLineOffsetTable
from ledger.payments.rules import NoPayeeAccount, check_named, check_payable_now
from ledger.payments.store import BATCHES, PAYABLES
from ledger.payments.tables import PaymentBatchLineTable, PaymentBatchTable
from ledger.payments.values import PAYMENT_BATCH, Batch, BatchLine, Payable
from ledger.registry.rules import require_any_role, require_party
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Party, PartyKind, PayeeAccount, Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeBatch(Command):
    kind: ClassVar[str] = "payment.compose-batch"

    payables: tuple[str, ...]


def reads(command: ComposeBatch) -> Keys:
    # Payer and payees are followed.
    return readable(command, PAYABLES.keys(*command.payables) | PEOPLE.keys(command.actor))


def decide(command: ComposeBatch, state: State, _policies: Policies, today: date) -> Effects:
    require_any_role(state, command.actor, {Role.FINANCE, Role.TREASURY})
    check_named(command.payables)
    payables = sorted(state.all(PAYABLES, command.payables), key=lambda payable: (payable.payee, payable.number))
    check_payable_now(payables)
    payer = require_party(state, payables[0].payer, PartyKind.BUREAU)

    lines = tuple(_line(state, n, payable, today) for n, payable in enumerate(payables, start=1))
    batch = Batch(command.number("B"), payer.code, command.actor, today, lines)

    return Effects(
        {
            "batch": batch.number,
            "count": batch.count,
            "total_fen": batch.total_fen,
            "content_hash": batch.content_hash,
        },
        rows=(
            *batch_rows(batch),
            *request_rows(
                PAYMENT_BATCH,
                batch.number,
                batch.content(),
                command.actor,
                second_pair(Role.FINANCE),
                concerns={line.payee for line in lines},
            ),
        ),
    )


def _line(state: State, n: int, payable: Payable, today: date) -> BatchLine:
    payee = require_party(state, payable.payee)
    account = _account(state, payee, today)
    return BatchLine(
        line=n,
        payable=payable.number,
        attempt=payable.attempts + 1,
        subject_kind=payable.subject_kind,
        subject=payable.subject,
        payee=payee.code,
        payee_name=payee.name,
        account_name=account.account_name,
        bank=account.bank,
        account_number=account.number,
        cnaps=account.cnaps,
        amount_fen=payable.net_fen,
        budget_line=payable.budget_line,
        document_number=payable.document_number,
        purpose=payable.purpose,
        offsets=payable.offsets,
        offset_fen=payable.offset_fen,
    )


def _account(state: State, payee: Party, today: date) -> PayeeAccount:
    """The payee's account of today; for a startup team, that of the body which receives for it."""
    holder = state.one(PARTIES, payee.body) if payee.body else payee
    account = holder.account_on(today)
    if account is None:
        raise NoPayeeAccount(payee=holder.code, name=holder.name)
    return account


def batch_rows(batch: Batch) -> tuple[EventRow, ...]:
    """The batch as it is kept."""
    head = PaymentBatchTable(
        number=batch.number,
        payer=batch.payer,
        maker=batch.maker,
        composed_on=batch.composed_on,
        line_count=batch.count,
        total_fen=batch.total_fen,
        content_hash=batch.content_hash,
    )
    return (
        head,
        *(
            PaymentBatchLineTable(
                batch=batch.number,
                line=line.line,
                payable=line.payable,
                attempt=line.attempt,
                freed_attempt=line.attempt - 1 or None,
                payee_name=line.payee_name,
                account_name=line.account_name,
                bank=line.bank,
                account_number=line.account_number,
                cnaps=line.cnaps,
                amount_fen=line.amount_fen + line.offset_fen,
                document_number=line.document_number,
            )
            for line in batch.lines
        ),
        *(
            PaymentBatchLineOffsetTable(
                batch=batch.number, payable=line.payable, position=line.offsets, offset_fen=line.offset_fen
            )
            for line in batch.lines
            if line.offset_fen
        ),
    )


def content_of(reader: Reader, batch: str) -> Json:
    """The content of a batch, which never changes."""
    return BATCHES.load(reader, [batch])[batch].content()


USE_CASE = UseCase(ComposeBatch, reads, decide)
