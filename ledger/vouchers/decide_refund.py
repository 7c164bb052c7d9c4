"""Decide a refund: a service that was paid by voucher is refunded by a red invoice; its voucher part is owed back.

The commission proposes it on the unit's red invoice, a second person of it signs. The share is computed anew from what
the service costs now, as when a bill is credited before it is claimed.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven
from ledger.budgets.ground import Ground
from ledger.errors import Refused
from ledger.executor.calculations import stored
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.fees.crediting import checked_red_invoice, credited
from ledger.fees.invoices import invoice
from ledger.fees.store import BILLS, INVOICES
from ledger.fees.values import RedInvoice
from ledger.journal.entries import Entry
from ledger.journal.tables import EventRow
from ledger.obligations.values import Obligation
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE, WORKING_DAYS
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Role
from ledger.vouchers import proposals
from ledger.vouchers.acting import require_holder
from ledger.vouchers.claim_values import Paid
from ledger.vouchers.matching import case_of
from ledger.vouchers.recovering import (
    RecoveryMoved,
    owed_back,
    parts_of,
    recovery_rows,
    refund_debtor,
    what_was_paid,
)
from ledger.vouchers.recovery_postings import refund_entry
from ledger.vouchers.store import BILLS_OF_CONTRACTS, CLAIMS_OF_CONTRACTS, CONTRACTS, RECOVERING, REFUNDED, VOUCHERS
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Proposal
from policies.kernel.policies import Policies
from policies.kernel.registry import Calculation
from policies.kernel.words import Words
from policies.vouchers.schemes import VoucherScheme

KIND = "voucher.refund"
"""Kind of subject under which a refund is approved, and of what its obligation recovers."""
WANTED = Words("退款", "refunded")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRefund(Command):
    kind: ClassVar[str] = "voucher.decide-refund"

    contract: str
    decision_number: str
    """Of the commission's paper that the debtor is served."""
    red: RedInvoice
    """Of the unit."""


class RefundOfMatch(Refused):
    zh = "合同 {contract} 与 {matches} 配套。请对 {matches} 提议退款，各出资方的份额一并计算。"
    en = "Contract {contract} matches {matches}. Propose the refund for {matches}: every payer's share follows from it."


@dataclass(frozen=True, slots=True)
class _Part:
    """What follows from a red invoice on one of the paid contracts that share its bill."""

    paid: tuple[Paid, ...]
    scheme: VoucherScheme
    share: Calculation | None
    """What the voucher pays of the bill now; None: nothing of the bill is left."""

    @property
    def amount_fen(self) -> int:
        """What is owed back to this payer."""
        return sum(one.share_fen for one in self.paid) - (self.share.whole("public_fen") if self.share else 0)


@dataclass(frozen=True, slots=True)
class _Refund:
    parts: tuple[_Part, ...]
    """By payer; whoever is matched first."""

    @property
    def first(self) -> _Part:
        return self.parts[0]

    @property
    def contracts(self) -> list[str]:
        return [part.paid[0].contract for part in self.parts]

    @property
    def amount_fen(self) -> int:
        """What is owed back."""
        return sum(part.amount_fen for part in self.parts)

    @property
    def reopened_fen(self) -> int:
        """Of the bill, what vouchers had paid and pay no more; nothing where the firm was paid."""
        return sum(part.amount_fen for part in self.parts if part.paid[0].unit_was_paid)


def reads(command: ProposeRefund) -> Keys:
    # Voucher and holder, bill, and the contracts that share it with the claims that paid them are followed.
    return readable(
        command,
        CONTRACTS.keys(command.contract)
        | CLAIMS_OF_CONTRACTS.keys(command.contract)
        | BILLS_OF_CONTRACTS.keys(command.contract)
        | REFUNDED.keys(command.contract)
        | INVOICES.keys(invoice(command.red.invoice_number))
        | PEOPLE.keys(command.actor),
    )


def decide(command: ProposeRefund, state: State, policies: Policies, today: date) -> Effects:
    contract = state.one(CONTRACTS, command.contract)
    voucher = state.one(VOUCHERS, contract.voucher)
    require_role(state, command.actor, Role.OPERATOR, voucher.operator)
    if contract.matches:
        raise RefundOfMatch(contract=contract.number, matches=contract.matches)
    paid = what_was_paid(command.contract, state, WANTED)
    bill = state.one(BILLS, paid[0].bill)
    red = checked_red_invoice(command.red, bill, state, today)
    refund = _refund(command.contract, red, state, policies)
    # Whether it fits the bill is found out now, and not by whoever signs.
    credited(command, red, bill, state, policies, today, refund.reopened_fen)

    content = {
        "contracts": refund.contracts,
        "bill": bill.number,
        "decision_number": checked_name(command.decision_number, "决定书文号", "number of the decision"),
        **asdict(red),
        "recovered_fen": refund.amount_fen,
        "creditors": {part.paid[0].operator: part.amount_fen for part in refund.parts},
        "debtor": refund_debtor(paid[0], refund.first.scheme),
    }
    return proposals.proposed(
        command,
        KIND,
        content,
        operator=voucher.operator,
        holder=require_holder(state, voucher.holder),
        voucher=voucher,
        today=today,
        concerns={paid[0].unit},
    ).and_also(Effects({"contract": command.contract, "recovered_fen": refund.amount_fen, "debtor": content["debtor"]}))


def signed_reads(command: Approve) -> Keys:
    if command.subject_kind != KIND:
        return frozenset()
    return proposals.reads(KIND)(command) | RECOVERING.keys(command.subject) | WORKING_DAYS.keys("book")


def post(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """The second signature: the bill is credited, and the voucher's part of it is owed back."""
    if event.subject_kind != KIND:
        return Effects({})
    proposal = proposals.signed(command, state)
    number = str(proposal.content["contracts"][0])
    bill = state.one(BILLS, state.one(BILLS_OF_CONTRACTS, number))
    red = checked_red_invoice(_red(proposal), bill, state, today)
    refund = _refund(number, red, state, policies)
    if refund.amount_fen != proposal.content["recovered_fen"] or refund.contracts != proposal.content["contracts"]:
        raise RecoveryMoved(proposal.number, int(str(proposal.content["recovered_fen"])), refund.amount_fen)

    note = credited(command, red, bill, state, policies, today, refund.reopened_fen)
    entries, rows, answer = _owed(command, proposal, refund, state, policies, today)
    return Effects(
        {"proposal": proposal.number, "contract": number, "recovered_fen": refund.amount_fen, **answer},
        entries=entries,
        rows=(*rows, proposals.posted_row(proposal, command.actor, today)),
    ).and_also(note)


def _red(proposal: Proposal) -> RedInvoice:
    return RedInvoice(
        invoice_number=proposal.word("invoice_number"),
        invoice_date=date.fromisoformat(proposal.word("invoice_date")),
        amount_fen=int(str(proposal.content["amount_fen"])),
        reason=proposal.word("reason"),
    )


def _refund(number: str, red: RedInvoice, state: State, policies: Policies) -> _Refund:
    """Every payer's share of what the service costs now; whoever matches is told what it matches now.

    Raises:
        WrongState: one of the contracts that share the bill is not paid.
    """
    parts: list[_Part] = []
    shares: dict[str, int] = {}
    for sharer in state.one(REFUNDED, number):
        contract = state.one(CONTRACTS, sharer)
        paid = what_was_paid(sharer, state, WANTED)
        scheme = terms(policies, paid[0].scheme, paid[0].accepted_on)
        left_fen = max(0, state.one(BILLS, paid[0].bill).fee_fen - red.amount_fen)
        held_fen = sum(one.share_fen for one in paid)
        case = case_of(
            scheme,
            state.one(PARTIES, paid[0].holder),
            state.one(PARTIES, paid[0].unit),
            paid[0].accepted_on,
            shares.get(contract.matches or "", 0),
        )
        share = scheme.accepted(fee_fen=left_fen, held_fen=held_fen, case=case) if left_fen and held_fen else None
        shares[sharer] = share.whole("public_fen") if share else 0
        parts.append(_Part(paid, scheme, share))
    return _Refund(tuple(parts))


def _owed(
    command: Command, proposal: Proposal, refund: _Refund, state: State, policies: Policies, today: date
) -> tuple[tuple[Entry, ...], tuple[EventRow, ...], dict[str, object]]:
    """One obligation for each budget that has paid.

    None, where a voucher's share does not change: it was limited by what was held for the contract.
    """
    entries: list[Entry] = []
    rows: list[EventRow] = []
    obligations: list[Obligation] = []
    for n, part in enumerate(refund.parts, 2):
        calculation = stored(command, part.share, n) if part.share else None
        rows += [calculation] if calculation else []
        for paid, amount_fen in parts_of(part.paid, part.amount_fen):
            owed = owed_back(
                command,
                paid,
                kind=KIND,
                debtor=refund_debtor(paid, part.scheme),
                ground="refund",
                decision_number=proposal.word("decision_number"),
                citation=cite(part.scheme, "refund_debtor"),
                amount_fen=amount_fen,
                state=state,
                policies=policies,
                today=today,
            )
            ground = Ground(
                today, owed.citation, calculation=calculation.id if calculation else None, memo=owed.decision_number
            )
            entries.append(refund_entry(paid, owed, ground))
            rows += recovery_rows(paid, owed, command.actor)
            obligations.append(owed)
    return (
        tuple(entries),
        tuple(rows),
        {
            "obligations": [owed.number for owed in obligations],
            "due_on": obligations[0].due_on if obligations else None,
        },
    )


USE_CASE = UseCase(ProposeRefund, reads, decide)
REACTIONS = (Reaction(ApprovalGiven, Approve, signed_reads, post), proposals.refusal(KIND))
