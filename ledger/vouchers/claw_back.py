"""Claw back: by a ruling past its appeal, what was paid for contracts of a voucher is owed back; a second person signs.

A ruling against the holder also revokes what is open of the voucher and flags the holder. One against the unit takes
back what the unit was paid, and nothing else.
"""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven
from ledger.budgets.ground import Ground
from ledger.errors import Refused
from ledger.executor.calculations import stored
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.fees.issue_bill import TAX_SPLIT
from ledger.fees.store import BILLS
from ledger.journal.entries import Entry
from ledger.journal.tables import EventRow
from ledger.obligations.values import Obligation
from ledger.registry.flags import flag_row
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE, WORKING_DAYS
from ledger.registry.text import checked_choice, readable
from ledger.registry.values import Flag, Role
from ledger.vouchers import proposals, rules
from ledger.vouchers.acting import require_holder
from ledger.vouchers.claim_values import Paid
from ledger.vouchers.recovering import RecoveryMoved, owed_back, recovery_rows, what_was_paid
from ledger.vouchers.recovery_postings import claw_back_entry
from ledger.vouchers.revoking import Ruling, revoked_entries, revoked_rows, what_is_open
from ledger.vouchers.store import BILLS_OF_CONTRACTS, CLAIMS_OF_CONTRACTS, CONTRACTS, RECOVERING, VOUCHERS, WHOLES
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Proposal, RevocationGround, Voucher
from policies.kernel.policies import Policies
from policies.kernel.words import Words

KIND = "voucher.claw-back"
"""Kind of subject under which a claw-back is approved, and of what its obligations recover."""
WANTED = Words("追缴", "clawed back")


class Against(StrEnum):
    """Whom the ruling is against: who pays back."""

    HOLDER = "holder"
    UNIT = "unit"


class ContractOfAnotherVoucher(Refused):
    zh = "合同 {contract} 使用的是创新券 {used}，不是 {voucher}。"
    en = "Contract {contract} was paid by voucher {used}, not by {voucher}."


class NothingToClawBack(Refused):
    zh = "合同 {contract} 已支付的券款均已决定缴回，无可追缴。"
    en = "Of contract {contract} all that was paid is owed back already; there is nothing to claw back."


class UnitWasNotPaid(Refused):
    zh = "合同 {contract} 的券款支付给了企业，追缴须针对企业，不能针对管理单位 {unit}。"
    en = "Contract {contract} was paid to the firm; what was paid is clawed back from the firm, not from unit {unit}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeClawBack(Command):
    kind: ClassVar[str] = "voucher.claw-back"

    voucher: str
    contracts: tuple[str, ...]
    """Paid by the voucher; each with all that was paid and is not owed back already."""
    against: Against
    ground: RevocationGround
    """Reason code."""
    decision_number: str
    """Number of the ruling that was served."""
    reason: str
    decided_on: date
    appeal_until: date
    """Last day on which the ruling could be appealed, as it says itself."""
    flagged_until: date | None = None
    """Of a ruling against the holder: last day on which it gets nothing new; None: until the flag is lifted."""

    @property
    def ruling(self) -> Ruling:
        return Ruling(
            ground=self.ground,
            decision_number=self.decision_number,
            reason=self.reason,
            decided_on=self.decided_on,
            appeal_until=self.appeal_until,
            flagged_until=self.flagged_until,
        )


def reads(command: ProposeClawBack) -> Keys:
    rules.check_lines(command.contracts)
    # Of the voucher all contracts are followed, of those named claims and bills too.
    return readable(
        command,
        WHOLES.keys(command.voucher)
        | CONTRACTS.keys(*command.contracts)
        | CLAIMS_OF_CONTRACTS.keys(*command.contracts)
        | BILLS_OF_CONTRACTS.keys(*command.contracts)
        | PEOPLE.keys(command.actor),
    )


def decide(command: ProposeClawBack, state: State, policies: Policies, today: date) -> Effects:
    voucher = state.one(VOUCHERS, command.voucher)
    require_role(state, command.actor, Role.OPERATOR, voucher.operator)
    against = checked_choice(Against, command.against, "对象", "side that the ruling is against")
    ruling = command.ruling.checked(terms(policies, voucher.scheme, voucher.issued_on), today)
    paid = _paid(command.contracts, voucher, against, state)
    if against is Against.HOLDER and voucher.revocation is None:
        what_is_open(voucher, state)
    owed_fen = sum(one.share_fen for one in paid)

    content = {"contracts": list(command.contracts), "against": against, "recovered_fen": owed_fen, **asdict(ruling)}
    return proposals.proposed(
        command,
        KIND,
        content,
        operator=voucher.operator,
        holder=require_holder(state, voucher.holder),
        voucher=voucher,
        today=today,
        concerns={one.unit for one in paid},
    ).and_also(Effects({"voucher": voucher.number, "recovered_fen": owed_fen}))


def signed_reads(command: Approve) -> Keys:
    if command.subject_kind != KIND:
        return frozenset()
    return proposals.reads(KIND)(command) | RECOVERING.keys(command.subject) | WORKING_DAYS.keys("book")


def post(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """The second signature: an obligation for each contract and the budget that paid it; perhaps a revocation too."""
    if event.subject_kind != KIND:
        return Effects({})
    proposal = proposals.signed(command, state)
    ruling = Ruling.of(proposal)
    ruling.check_day(today)
    voucher = state.one(VOUCHERS, str(proposal.voucher))
    against = Against(proposal.word("against"))
    paid = _paid(tuple(map(str, proposal.content["contracts"])), voucher, against, state)
    now_fen = sum(one.share_fen for one in paid)
    if now_fen != proposal.content["recovered_fen"]:
        raise RecoveryMoved(proposal.number, int(str(proposal.content["recovered_fen"])), now_fen)

    cited = cite(terms(policies, voucher.scheme, voucher.issued_on), "revocation_grounds")
    owed = [_owed(command, one, against, ruling, cited, state, policies, today) for one in paid]
    effects = Effects(
        {
            "proposal": proposal.number,
            "voucher": voucher.number,
            "recovered_fen": now_fen,
            "obligations": [one.number for one in owed],
            "due_on": owed[0].due_on,
        },
        rows=(proposals.posted_row(proposal, command.actor, today),),
    )
    for n, (one, back) in enumerate(zip(paid, owed, strict=True), start=1):
        entry, rows = _posted(command, one, back, n, state, policies, today)
        effects = effects.and_also(Effects({}, entries=(entry,), rows=rows))
    if against is Against.HOLDER:
        effects = effects.and_also(_against_holder(command, proposal, ruling, voucher, cited, state, today))
    return effects


def _paid(contracts: tuple[str, ...], voucher: Voucher, against: Against, state: State) -> tuple[Paid, ...]:
    """What each has been paid, and is not owed back."""
    found: list[Paid] = []
    for contract in contracts:
        paid = what_was_paid(contract, state, WANTED)
        if paid[0].voucher != voucher.number:
            raise ContractOfAnotherVoucher(contract=contract, used=paid[0].voucher, voucher=voucher.number)
        if not any(one.share_fen for one in paid):
            raise NothingToClawBack(contract=contract)
        if against is Against.UNIT and not paid[0].unit_was_paid:
            raise UnitWasNotPaid(contract=contract, unit=paid[0].unit)
        found += [one for one in paid if one.share_fen]
    return tuple(found)


def _owed(
    command: Command,
    paid: Paid,
    against: Against,
    ruling: Ruling,
    citation: str,
    state: State,
    policies: Policies,
    today: date,
) -> Obligation:
    return owed_back(
        command,
        paid,
        kind=KIND,
        debtor=paid.unit if against is Against.UNIT else paid.body or paid.holder,
        ground=ruling.ground.value,
        decision_number=ruling.decision_number,
        citation=citation,
        amount_fen=paid.share_fen,
        state=state,
        policies=policies,
        today=today,
    )


def _posted(
    command: Command, paid: Paid, owed: Obligation, n: int, state: State, policies: Policies, today: date
) -> tuple[Entry, tuple[EventRow, ...]]:
    """Where the unit owes, its income and the VAT in it are split as on its bill."""
    rows = recovery_rows(paid, owed, command.actor)
    if not owed.debtor_keeps_books:
        return claw_back_entry(paid, owed, 0, Ground(today, owed.citation, memo=owed.decision_number)), rows
    bill = state.one(BILLS, paid.bill)
    facts = {"gross_fen": owed.amount_fen, "vat_rate": bill.vat_rate}
    split = policies.calculate(TAX_SPLIT, facts, on=bill.invoice_date)
    calculation = stored(command, split, n)
    ground = Ground(today, owed.citation, calculation=calculation.id, memo=owed.decision_number)
    return claw_back_entry(paid, owed, split.whole("net_fen"), ground), (*rows, calculation)


def _against_holder(
    command: Command, proposal: Proposal, ruling: Ruling, voucher: Voucher, citation: str, state: State, today: date
) -> Effects:
    """What is open of the voucher is revoked, where it was not before, and the holder is flagged."""
    flag = Flag(
        number=command.number("FL", proposal.number),
        decision_number=ruling.decision_number,
        reason=ruling.reason,
        since=today,
        until=ruling.flagged_until,
        operator=voucher.operator,
    )
    flagged = Effects(
        {"flag": flag.number, "flagged_until": flag.until}, rows=(flag_row(voucher.holder, flag, command.actor),)
    )
    if voucher.revocation is not None:
        return flagged.and_also(Effects({"revoked_fen": 0}))
    taken = what_is_open(voucher, state)
    return flagged.and_also(
        Effects(
            {"revoked_fen": taken.open_fen},
            entries=revoked_entries(voucher, taken, Ground(today, citation, memo=ruling.decision_number)),
            rows=revoked_rows(voucher, taken, proposal, ruling, state, command.actor, today),
        )
    )


USE_CASE = UseCase(ProposeClawBack, reads, decide)
REACTIONS = (Reaction(ApprovalGiven, Approve, signed_reads, post), proposals.refusal(KIND))
