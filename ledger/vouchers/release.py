"""Release a hold: the contract is off, or was not accepted in time, and its part goes back to the voucher."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.evidence import release_evidence_rows
from ledger.fees.store import EVIDENCE
from ledger.journal.tables import EventRow
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Party, PartyKind, Role
from ledger.vouchers import rules
from ledger.vouchers.acting import require_acting_for
from ledger.vouchers.parts import Ground
from ledger.vouchers.postings import release_entry
from ledger.vouchers.store import CONTRACTS, VOUCHERS, contract_evidence
from ledger.vouchers.tables import VoucherContractEndTable
from ledger.vouchers.values import Contract, ContractEnd
from policies.kernel.policies import Policies
from policies.kernel.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold(Command):
    """By whoever acts for the holder at any time; by the commission once the hold has run out."""

    kind: ClassVar[str] = "voucher.release-hold"

    contract: str
    reason: str


def reads(command: ReleaseHold) -> Keys:
    return readable(command, CONTRACTS.keys(command.contract) | PEOPLE.keys(command.actor))


def decide(command: ReleaseHold, state: State, _policies: Policies, today: date) -> Effects:
    contract = state.one(CONTRACTS, command.contract)
    voucher = state.one(VOUCHERS, contract.voucher)
    _check_actor(command, state, contract, voucher.operator, state.one(PARTIES, voucher.holder), today)
    reason = checked_name(command.reason, "理由", "reason")
    rules.check_reserved(contract, voucher, Words("取消预留", "released"), today)

    return Effects(
        {"contract": contract.number, "released_fen": contract.held_fen},
        entries=(release_entry(voucher, contract, Ground(today, memo=reason)),),
        rows=released_rows(contract, state, today, command.actor, reason),
    )


def released_rows(contract: Contract, state: State, today: date, person: str, reason: str) -> tuple[EventRow, ...]:
    """The contract has ended, and may support another claim."""
    evidence = state.one(EVIDENCE, contract_evidence(contract.unit, contract.contract_number))
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
