"""What was paid for a contract, and what is owed back of it: shared by refunds and claw-backs.  (pure)"""

from datetime import date

from ledger.amounts import yuan
from ledger.errors import Refused
from ledger.executor.commands import Command, State
from ledger.journal.tables import EventRow
from ledger.obligations.decided import obligation, obligation_row
from ledger.obligations.values import Obligation
from ledger.registry.store import PARTIES, WORKING_DAYS
from ledger.registry.values import PartyKind
from ledger.vouchers import rules
from ledger.vouchers.claim_values import Paid
from ledger.vouchers.states import ContractState
from ledger.vouchers.store import BILLS_OF_CONTRACTS, CLAIMS, CLAIMS_OF_CONTRACTS, CONTRACTS, VOUCHERS
from ledger.vouchers.tables import VoucherRecoveryTable
from ledger.vouchers.terms import cite
from policies.kernel.policies import Policies
from policies.kernel.words import Words
from policies.vouchers.schemes import RefundDebtor, VoucherScheme


class RecoveryMoved(Refused):
    zh = "提议 {proposal} 写明应缴回 {shown} 元，现在应为 {now} 元。请重新提议。"
    en = "Proposal {proposal} says that {shown} yuan are owed back, and now it would be {now}. Propose it anew."

    def __init__(self, proposal: str, shown_fen: int, now_fen: int) -> None:
        super().__init__(proposal=proposal, shown=yuan(shown_fen), now=yuan(now_fen))


class DebtorNotEncoded(Refused):
    zh = "计划“{scheme}”规定退款由企业缴回，而券款支付给了管理单位 {unit}；这一情形尚未编入规则。"
    en = (
        "The scheme {scheme} has the firm pay refunds back, while unit {unit} was paid by voucher; "
        "that case is not encoded."
    )


def what_was_paid(number: str, state: State, wanted: Words) -> tuple[Paid, ...]:
    """What a claim has paid of a contract's bill, less what was taken back of it, by the budget that has paid it.

    The latest year first; one, unless a part was set off in another year than the bank paid the rest. A budget of which
    all was taken back stands there with nothing.

    Raises:
        WrongState: the contract is not paid.
    """
    contract = state.one(CONTRACTS, number)
    if contract.state is not ContractState.PAID:
        raise rules.WrongState(rules.CONTRACT, contract.number, contract.state, wanted)
    voucher = state.one(VOUCHERS, contract.voucher)
    claim = state.one(CLAIMS, state.one(CLAIMS_OF_CONTRACTS, number))
    line = next(line for line in claim.lines if line.contract == number)
    return tuple(
        Paid(
            contract=number,
            voucher=voucher.number,
            holder=voucher.holder,
            body=state.one(PARTIES, voucher.holder).body,
            unit=contract.unit,
            bill=state.one(BILLS_OF_CONTRACTS, number),
            operator=voucher.operator,
            scheme=voucher.scheme,
            year=charge.year,
            budget_line=charge.budget_line,
            share_fen=fen - line.recovered.get(charge, 0),
            accepted_on=contract.accepted_on or claim.filed_on,
            unit_was_paid=contract.on_bill,
        )
        for charge, fen in sorted(claim.paid_for(number).items(), key=lambda paid: (-paid[0].year, paid[0].budget_line))
    )


def parts_of(paid: tuple[Paid, ...], amount_fen: int) -> tuple[tuple[Paid, int], ...]:
    """An amount over the budgets that have paid, in their order; each gives at most what it has paid."""
    parts, left_fen = [], amount_fen
    for one in paid:
        part_fen = min(left_fen, one.share_fen)
        left_fen -= part_fen
        if part_fen:
            parts.append((one, part_fen))
    if left_fen:
        raise ValueError(f"{amount_fen} are more than was paid for {paid[0].contract}")
    return tuple(parts)


def refund_debtor(paid: Paid, scheme: VoucherScheme) -> str:
    """Who owes a refund back: as the scheme says, whoever was paid or the firm.

    Raises:
        DebtorNotEncoded: the unit was paid and the firm owes: that the unit pays the firm back in full is not encoded.
    """
    if not paid.unit_was_paid:
        return paid.body or paid.holder
    if scheme.refund_debtor is RefundDebtor.FIRM:
        raise DebtorNotEncoded(cite=cite(scheme, "refund_debtor"), scheme=scheme.name, unit=paid.unit)
    return paid.unit


def owed_back(
    command: Command,
    paid: Paid,
    *,
    kind: str,
    debtor: str,
    ground: str,
    decision_number: str,
    citation: str,
    amount_fen: int,
    state: State,
    policies: Policies,
    today: date,
) -> Obligation:
    """The obligation, decided today: of the contract's voucher part, to the bureau that has paid it."""
    return obligation(
        number=command.number("OB", paid.contract, paid.year, paid.budget_line),
        debtor=debtor,
        creditor=paid.operator,
        subject_kind=kind,
        subject=paid.contract,
        ground=ground,
        decision_number=decision_number,
        citation=citation,
        amount_fen=amount_fen,
        scheme=paid.scheme,
        year=paid.year,
        budget_line=paid.budget_line,
        debtor_keeps_books=state.one(PARTIES, debtor).kind is PartyKind.UNIT,
        decided_on=today,
        policies=policies,
        calendar=state.one(WORKING_DAYS, "book"),
    )


def recovery_rows(paid: Paid, owed: Obligation, person: str) -> tuple[EventRow, ...]:
    """The obligation, and what of the contract it takes back."""
    return (
        obligation_row(owed),
        VoucherRecoveryTable(
            obligation=owed.number,
            contract=paid.contract,
            voucher=paid.voucher,
            kind=owed.subject_kind,
            year=owed.year,
            amount_fen=owed.amount_fen,
            decided_on=owed.decided_on,
            person=person,
        ),
    )
