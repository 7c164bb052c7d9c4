"""File a claim: a unit asks to be paid what firms have accepted."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_party, require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import PartyKind, Role
from ledger.vouchers import rules
from ledger.vouchers.parts import Ground
from ledger.vouchers.postings import filing_entries
from ledger.vouchers.store import CONTRACTS, VOUCHERS, budget_id
from ledger.vouchers.tables import VoucherClaimLineTable, VoucherClaimTable
from ledger.vouchers.values import Claim, ClaimLine, ClaimState, Contract, ContractState, Correction, Voucher
from policies.kernel.policies import Policies
from policies.kernel.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class FileClaim(Command):
    kind: ClassVar[str] = "voucher.file-claim"

    unit: str
    contracts: tuple[str, ...]
    """Accepted contracts of one scheme, borne by one year's budget; each is claimed with all that is redeemable."""


def reads(command: FileClaim) -> Keys:
    rules.check_lines(command.contracts)
    # Vouchers are followed.
    return readable(
        command, CONTRACTS.keys(*command.contracts) | PARTIES.keys(command.unit) | PEOPLE.keys(command.actor)
    )


def decide(command: FileClaim, state: State, _policies: Policies, today: date) -> Effects:
    return filed(command, command.unit, command.contracts, state, today)


def filed(
    command: Command,
    claimant: str,
    numbers: tuple[str, ...],
    state: State,
    today: date,
    corrects: Correction | None = None,
) -> Effects:
    """A claim of these contracts, whichever way the unit has asked for it."""
    require_role(state, command.actor, Role.UNIT_OFFICER, claimant)
    unit = require_party(state, claimant, PartyKind.UNIT)
    contracts = state.all(CONTRACTS, numbers)
    vouchers = {contract.number: state.one(VOUCHERS, contract.voucher) for contract in contracts}
    first = vouchers[contracts[0].number]
    for contract in contracts:
        check_line(contract, unit.code, today)
        _check_same_budget(contract, vouchers[contract.number], contracts[0], first)

    claim = Claim(
        number=command.number("CL"),
        unit=unit.code,
        scheme=first.scheme,
        year=first.budget_year,
        budget_year=first.budget_year,
        operator=first.operator,
        filed_on=today,
        state=ClaimState.FILED,
        steps=0,
        notice_until=None,
        lines=tuple(_line(contract, vouchers[contract.number]) for contract in contracts),
        corrects=corrects,
    )
    return Effects(
        {"claim": claim.number, "amount_fen": claim.amount_fen, "lines": len(claim.lines)},
        entries=filing_entries(claim, Ground(today)),
        rows=(
            VoucherClaimTable(
                number=claim.number,
                unit=claim.unit,
                scheme=claim.scheme,
                year=claim.year,
                operator=claim.operator,
                filed_on=today,
                person=command.actor,
            ),
            *(
                VoucherClaimLineTable(
                    claim=claim.number,
                    contract=contract.number,
                    attempt=contract.claims + 1,
                    amount_fen=contract.redeemable_fen,
                )
                for contract in contracts
            ),
        ),
    )


def check_line(contract: Contract, unit: str, today: date) -> None:
    """Refuse what is not this unit's, not accepted, too late, or worth nothing."""
    if contract.unit != unit:
        raise rules.ContractOfAnotherUnit(contract=contract.number, unit=contract.unit, claimant=unit)
    rules.check_state(contract, ContractState.ACCEPTED, Words("申请兑付", "claimed"))
    if contract.claim_until is not None and today > contract.claim_until:
        raise rules.ClaimWindowOver(
            contract=contract.number,
            accepted_on=contract.accepted_on,
            claim_until=contract.claim_until,
            today=today,
        )
    if not contract.redeemable_fen:
        raise rules.NothingToClaim(contract=contract.number)


def _check_same_budget(contract: Contract, voucher: Voucher, first: Contract, first_voucher: Voucher) -> None:
    found, wanted = (budget_id(v.scheme, v.budget_year) for v in (voucher, first_voucher))
    if found != wanted:
        raise rules.MixedClaim(contract=contract.number, found=found, first=first.number, wanted=wanted)


def _line(contract: Contract, voucher: Voucher) -> ClaimLine:
    if contract.bill is None:
        raise ValueError(f"{contract.number} was accepted without a bill")
    return ClaimLine(
        contract=contract.number,
        voucher=voucher.number,
        holder=voucher.holder,
        bill=contract.bill,
        amount_fen=contract.redeemable_fen,
        budget_line=voucher.budget_line,
        calculation=contract.calculation,
        citation=contract.citation,
    )


USE_CASE = UseCase(FileClaim, reads, decide)
