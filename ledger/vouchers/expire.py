"""Expire: what was not used, accepted or claimed in time is retired, and its budget is free again."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from ledger.budgets import rules as budget_rules
from ledger.budgets.ground import Ground
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.evidence import release_evidence_rows
from ledger.fees.store import EVIDENCE
from ledger.journal.entries import Entry
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_date, readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.postings import (
    expiry_entries,
    hold_expiry_entry,
    release_entry,
    unclaimed_entries,
)
from ledger.vouchers.release import released_rows
from ledger.vouchers.states import ContractEnd, ContractState
from ledger.vouchers.store import CONTRACTS, DUE, DUE_MAX, VOUCHERS, WHOLES, due_id, evidence_of
from ledger.vouchers.tables import VoucherContractEndTable, VoucherExpiryTable
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Contract, Voucher
from policies.kernel.policies import Policies

TIMED_OUT = "预留到期 / the reservation ran out"
VOUCHER_OVER = "创新券到期 / the voucher expired"
NOT_CLAIMED = "逾期未申请兑付 / not claimed in time"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireVoucher(Command):
    """Everything of one voucher that is over: the voucher itself, holds, what was accepted and not claimed."""

    kind: ClassVar[str] = "voucher.expire"

    voucher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireDue(Command):
    """The same for every voucher of a scheme of which something ended before a day; at most 500 at a time.

    Where several bureaus share a scheme, each names itself and ends its own.
    """

    kind: ClassVar[str] = "voucher.expire-due"

    scheme: str
    on: date
    """At the latest today."""
    operator: str | None = None
    """Only vouchers that this bureau issued; without it every voucher, and the person must work for all who issued."""


@dataclass(slots=True)
class _Ended:
    """What is over of one voucher."""

    entries: list[Entry] = field(default_factory=list)
    rows: list[EventRow] = field(default_factory=list)
    expired_fen: int = 0
    released_fen: int = 0

    def add(self, other: "_Ended") -> None:
        self.entries += other.entries
        self.rows += other.rows
        self.expired_fen += other.expired_fen
        self.released_fen += other.released_fen


def reads(command: ExpireVoucher) -> Keys:
    return readable(command, WHOLES.keys(command.voucher) | PEOPLE.keys(command.actor))


def decide(command: ExpireVoucher, state: State, policies: Policies, today: date) -> Effects:
    voucher = state.one(VOUCHERS, command.voucher)
    require_role(state, command.actor, Role.OPERATOR, voucher.operator)
    rules.check_not_revoked(voucher)
    ended = what_ended(voucher, state, policies, today=today, person=command.actor)
    if not ended.rows:
        raise rules.NothingDue(voucher=voucher.number, expires_on=voucher.expires_on, today=today)
    return Effects(
        {"voucher": voucher.number, "expired_fen": ended.expired_fen, "released_fen": ended.released_fen},
        entries=tuple(ended.entries),
        rows=tuple(ended.rows),
    )


def due_reads(command: ExpireDue) -> Keys:
    on = checked_date(command.on, "截止日期", "day")
    due = due_id(budget_rules.scheme_of(command.scheme), on, command.operator)
    return readable(command, DUE.keys(due) | PEOPLE.keys(command.actor))


def decide_due(command: ExpireDue, state: State, policies: Policies, today: date) -> Effects:
    if command.on > today:
        raise rules.DueLater(on=command.on, today=today)
    require_role(state, command.actor, Role.OPERATOR, command.operator)
    due = state.one(DUE, due_id(command.scheme, command.on, command.operator))
    ended, touched = _Ended(), []
    for number in due:
        voucher = state.find(VOUCHERS, number)
        if voucher is None:
            continue  # Came to be due between the look-up and the lock: the next run takes it.
        require_role(state, command.actor, Role.OPERATOR, voucher.operator)
        one = what_ended(voucher, state, policies, today=today, person=command.actor)
        if one.rows:
            ended.add(one)
            touched.append(number)
    return Effects(
        {
            "scheme": command.scheme,
            "vouchers": touched,
            "expired_fen": ended.expired_fen,
            "released_fen": ended.released_fen,
            "more": len(due) == DUE_MAX,
        },
        entries=tuple(ended.entries),
        rows=tuple(ended.rows),
    )


def what_ended(voucher: Voucher, state: State, policies: Policies, *, today: date, person: str) -> _Ended:
    """What of a voucher and its contracts is over today.

    A hold that ran out while its voucher is valid goes back to the voucher; everything else that is over expires. Cited
    are the rules under which the voucher was issued: they hold for it even when the scheme has ended.
    """
    scheme = terms(policies, voucher.scheme, voucher.issued_on)
    ended = _Ended()
    valid = voucher.valid_on(today)
    for number in state.one(WHOLES, voucher.number):
        contract = state.find(CONTRACTS, number)
        if contract is None:
            continue  # Reserved between the look-up and the lock, so it is not over.
        if contract.state is ContractState.RESERVED and not valid:
            ended.add(_hold_expired(voucher, contract, state, Ground(today, cite(scheme, "validity_months")), person))
        elif contract.state is ContractState.RESERVED and today > contract.hold_until:
            ended.add(_timed_out(voucher, contract, state, Ground(today, cite(scheme, "hold_days_max")), person))
        elif contract.state is ContractState.ACCEPTED and contract.claim_until and today > contract.claim_until:
            ended.add(_unclaimed(voucher, contract, Ground(today, cite(scheme, "claim_window_days")), person))
    if not valid and voucher.expired_on is None and voucher.revocation is None:
        ended.entries += expiry_entries(voucher, Ground(today, cite(scheme, "validity_months")))
        ended.rows.append(VoucherExpiryTable(voucher=voucher.number, expired_on=today, person=person))
        ended.expired_fen += voucher.available_fen
    return ended


def _timed_out(voucher: Voucher, contract: Contract, state: State, ground: Ground, person: str) -> _Ended:
    return _Ended(
        [release_entry(voucher, contract, ground)],
        list(released_rows(contract, state, ground.on, person, TIMED_OUT)),
        released_fen=contract.held_fen,
    )


def _hold_expired(voucher: Voucher, contract: Contract, state: State, ground: Ground, person: str) -> _Ended:
    """The contract is free to be supported by another voucher."""
    evidence = state.one(EVIDENCE, evidence_of(contract))
    return _Ended(
        [hold_expiry_entry(voucher, contract, ground)],
        [
            _end(contract, ContractEnd.EXPIRED, ground.on, person, VOUCHER_OVER),
            *release_evidence_rows(evidence, VOUCHER_OVER),
        ],
        expired_fen=contract.held_fen,
    )


def _unclaimed(voucher: Voucher, contract: Contract, ground: Ground, person: str) -> _Ended:
    entries = unclaimed_entries(voucher, contract, ground) if contract.redeemable_fen else ()
    return _Ended(
        list(entries),
        [_end(contract, ContractEnd.UNCLAIMED, ground.on, person, NOT_CLAIMED)],
        expired_fen=contract.redeemable_fen,
    )


def _end(contract: Contract, outcome: ContractEnd, on: date, person: str, reason: str) -> VoucherContractEndTable:
    return VoucherContractEndTable(
        contract=contract.number, outcome=outcome.value, ended_on=on, person=person, reason=reason
    )


USE_CASE = UseCase(ExpireVoucher, reads, decide)
USE_CASE_DUE = UseCase(ExpireDue, due_reads, decide_due)
