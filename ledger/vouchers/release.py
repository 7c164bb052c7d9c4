"""Release a hold: the contract is off, or was not accepted in time, and its part goes back to the voucher."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.budgets.ground import Ground
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.evidence import release_evidence_rows
from ledger.fees.store import EVIDENCE
from ledger.journal.tables import EventRow
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Party, PartyKind, Role
from ledger.vouchers import rules
from ledger.vouchers.acting import require_acting_for
from ledger.vouchers.postings import release_entry
from ledger.vouchers.states import ContractEnd, ContractState
from ledger.vouchers.store import CONTRACTS, MATCHES, VOUCHERS, evidence_of
from ledger.vouchers.tables import VoucherContractEndTable
from ledger.vouchers.values import Contract
from policies.kernel.policies import Policies
from policies.kernel.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold(Command):
    """By whoever acts for the holder at any time; by the commission once the hold has run out.

    What matches it under another payer's voucher is released with it.
    """

    kind: ClassVar[str] = "voucher.release-hold"

    contract: str
    reason: str


def reads(command: ReleaseHold) -> Keys:
    return readable(
        command, CONTRACTS.keys(command.contract) | MATCHES.keys(command.contract) | PEOPLE.keys(command.actor)
    )


def decide(command: ReleaseHold, state: State, _policies: Policies, today: date) -> Effects:
    contract = state.one(CONTRACTS, command.contract)
    voucher = state.one(VOUCHERS, contract.voucher)
    _check_actor(command, state, contract, voucher.operator, state.one(PARTIES, voucher.holder), today)
    reason = checked_name(command.reason, "理由", "reason")
    rules.check_reserved(contract, voucher, Words("取消预留", "released"), today)

    released = (contract, *_released_with(contract, state, today))
    return Effects(
        {
            "contract": contract.number,
            "released_fen": contract.held_fen,
            "released_with": [match.number for match in released[1:]],
        },
        entries=tuple(
            release_entry(state.one(VOUCHERS, one.voucher), one, Ground(today, memo=reason)) for one in released
        ),
        rows=tuple(row for one in released for row in released_rows(one, state, today, command.actor, reason)),
    )


def _released_with(contract: Contract, state: State, today: date) -> tuple[Contract, ...]:
    """What matches it and still can be released; what ended with its own voucher is posted by that one's expiry."""
    matches = (state.find(CONTRACTS, number) for number in state.one(MATCHES, contract.number))
    return tuple(
        match
        for match in matches
        if match and match.state is ContractState.RESERVED and state.one(VOUCHERS, match.voucher).valid_on(today)
    )


def released_rows(contract: Contract, state: State, today: date, person: str, reason: str) -> tuple[EventRow, ...]:
    """The contract has ended, and may support another claim."""
    evidence = state.one(EVIDENCE, evidence_of(contract))
    end = VoucherContractEndTable(
        contract=contract.number, outcome=ContractEnd.RELEASED.value, ended_on=today, person=person, reason=reason
    )
    return (end, *release_evidence_rows(evidence, reason))


def _check_actor(
    command: ReleaseHold, state: State, contract: Contract, operator: str, holder: Party, today: date
) -> None:
    person = state.find(PEOPLE, command.actor)
    if person is None or not person.has(Role.OPERATOR, operator):
        require_acting_for(state, command.actor, holder)
    elif today <= contract.hold_until and not _acts_for(person.roles, holder):
        raise rules.HoldStands(contract=contract.number, hold_until=contract.hold_until)


def _acts_for(roles: frozenset[tuple[str, Role]], holder: Party) -> bool:
    wanted = (holder.body, Role.RECOMMENDER) if holder.kind is PartyKind.TEAM else (holder.code, Role.APPLICANT)
    return wanted in roles


USE_CASE = UseCase(ReleaseHold, reads, decide)
