"""Extend a voucher before it expires, where its scheme allows it; a second person signs.

A hold that was cut short by its voucher's last day is measured anew, and still never outlives its voucher.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from ledger.vouchers import proposals, rules
from ledger.vouchers.acting import require_holder
from ledger.vouchers.flags import check_unflagged
from ledger.vouchers.proposal_tables import VoucherExtensionTable, VoucherHoldExtensionTable
from ledger.vouchers.states import ContractState
from ledger.vouchers.store import VOUCHERS, WHOLES
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Contract, Proposal, Voucher
from policies.kernel.policies import Policies
from policies.vouchers.schemes import AcrossYearEnd, VoucherScheme

KIND = "voucher.extension"
"""Kind of subject under which an extension is approved."""


class ExtensionNotAllowed(Refused):
    zh = "计划“{scheme}”不允许延长创新券的有效期。创新券 {voucher} 有效至 {expires_on}。"
    en = "The scheme {scheme} does not extend vouchers. Voucher {voucher} is valid until {expires_on}."


class ExtensionsUsed(Refused):
    zh = "创新券 {voucher} 已延期 {count} 次，计划“{scheme}”最多允许 {most} 次。其有效期至 {expires_on}。"
    en = (
        "Voucher {voucher} was extended {count} time(s), and the scheme {scheme} allows {most}. "
        "It is valid until {expires_on}."
    )


class ExtensionTooLong(Refused):
    zh = "计划“{scheme}”每次延期 1 至 {most} 个月，不能延期 {months} 个月。"
    en = "The scheme {scheme} extends a voucher by 1 to {most} months, not by {months}."


class ExtensionPastYear(Refused):
    zh = "计划“{scheme}”的额度年末失效，创新券 {voucher} 最迟有效至 {last}，不能延至 {wanted}。"
    en = (
        "What is open in {scheme} lapses at the year end: voucher {voucher} can be valid until {last} at the latest, "
        "not until {wanted}."
    )


class NoWorkUnderWay(Refused):
    zh = "创新券 {voucher} 没有正在进行的服务合同。计划“{scheme}”只为正在进行的项目延期。"
    en = "No contract of voucher {voucher} is under way, and {scheme} extends a voucher only for work under way."


class ExtensionMoved(Refused):
    zh = "创新券 {voucher} 的有效期现为 {expires_on}，与提出延期时不同。请重新提出。"
    en = "Voucher {voucher} is now valid until {expires_on}, not as when the extension was proposed. Propose it anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeExtension(Command):
    kind: ClassVar[str] = "voucher.extend"

    voucher: str
    months: int
    """Whole months, counted from its last day."""
    reason: str


@dataclass(frozen=True, slots=True)
class Extended:
    """A voucher's new last day, and that of each hold which it had cut short."""

    expires_on: date
    holds: tuple[tuple[str, date], ...]
    """Contract and day."""


def reads(command: ProposeExtension) -> Keys:
    return readable(command, WHOLES.keys(command.voucher) | PEOPLE.keys(command.actor))


def decide(command: ProposeExtension, state: State, policies: Policies, today: date) -> Effects:
    voucher = state.one(VOUCHERS, command.voucher)
    require_role(state, command.actor, Role.OPERATOR, voucher.operator)
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    holder = require_holder(state, voucher.holder)
    check_unflagged(holder, today)
    scheme = terms(policies, voucher.scheme, today)
    extended = extension(voucher, command.months, proposals.contracts_of(voucher, state), scheme, today)

    content = {
        "months": command.months,
        "extends": voucher.expires_on,
        "expires_on": extended.expires_on,
        "holds": [{"contract": contract, "hold_until": until} for contract, until in extended.holds],
        "reason": reason,
        "synthetic": scheme.synthetic,
    }
    return proposals.proposed(
        command, KIND, content, operator=voucher.operator, holder=holder, voucher=voucher, today=today
    ).and_also(Effects({"voucher": voucher.number, "expires_on": extended.expires_on, "synthetic": scheme.synthetic}))


def extension(
    voucher: Voucher, months: int, contracts: tuple[Contract, ...], scheme: VoucherScheme, today: date
) -> Extended:
    """By whole months from its last day, if the scheme allows it today.

    Raises:
        VoucherRevoked, VoucherExpired: only a valid voucher is extended.
        ExtensionNotAllowed, ExtensionsUsed, ExtensionTooLong, ExtensionPastYear, NoWorkUnderWay: the scheme says no.
    """
    rules.check_valid(voucher, today)
    named = {"scheme": scheme.name, "voucher": voucher.number}
    if not scheme.extensions_max:
        raise ExtensionNotAllowed(cite=cite(scheme, "extensions_max"), expires_on=voucher.expires_on, **named)
    if voucher.extensions >= scheme.extensions_max:
        raise ExtensionsUsed(
            cite=cite(scheme, "extensions_max"),
            count=voucher.extensions,
            most=scheme.extensions_max,
            expires_on=voucher.expires_on,
            **named,
        )
    if not 1 <= months <= scheme.extension_months_max:
        raise ExtensionTooLong(
            cite=cite(scheme, "extension_months_max"),
            scheme=scheme.name,
            most=scheme.extension_months_max,
            months=months,
        )
    under_way = [c for c in contracts if c.state is ContractState.RESERVED and today <= c.hold_until]
    if scheme.extension_needs_work_under_way and not under_way:
        raise NoWorkUnderWay(cite=cite(scheme, "extension_needs_work_under_way"), **named)
    until = rules.months_later(voucher.expires_on, months)
    last = date(voucher.year, 12, 31)
    if scheme.across_year_end is AcrossYearEnd.LAPSE and until > last:
        raise ExtensionPastYear(cite=cite(scheme, "across_year_end"), last=last, wanted=until, **named)
    return Extended(until, tuple(_longer_holds(voucher, until, under_way, scheme.hold_days_max)))


def _longer_holds(voucher: Voucher, until: date, under_way: list[Contract], days_max: int) -> list[tuple[str, date]]:
    """Holds that the voucher's last day had cut short, measured as if it had been this one from the start."""
    cut = [contract for contract in under_way if contract.hold_until == voucher.expires_on]
    anew = [(contract, rules.hold_until(contract.reserved_on, days_max, until)) for contract in cut]
    return [(contract.number, day) for contract, day in anew if day > contract.hold_until]


def check_as_shown(proposal: Proposal, voucher: Voucher) -> None:
    """Refuse the signature when another extension came first: the signer was shown other days."""
    if proposal.day("extends") != voucher.expires_on:
        raise ExtensionMoved(voucher=voucher.number, expires_on=voucher.expires_on)


def post(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """The second signature: from today the voucher has its new last day, and so have its holds."""
    if event.subject_kind != KIND:
        return Effects({})
    proposal = proposals.signed(command, state)
    voucher = state.one(VOUCHERS, str(proposal.voucher))
    check_unflagged(require_holder(state, voucher.holder), today)
    scheme = terms(policies, voucher.scheme, today)
    months = int(proposal.word("months"))
    extended = extension(voucher, months, proposals.contracts_of(voucher, state), scheme, today)
    check_as_shown(proposal, voucher)

    position = voucher.extensions + 1
    row = VoucherExtensionTable(
        voucher=voucher.number,
        position=position,
        proposal=proposal.number,
        months=months,
        extends=voucher.expires_on,
        expires_on=extended.expires_on,
        extended_on=today,
        reason=proposal.word("reason"),
        citation=cite(scheme, "extension_months_max"),
        person=command.actor,
    )
    return Effects(
        {
            "proposal": proposal.number,
            "voucher": voucher.number,
            "expires_on": extended.expires_on,
            "holds": [{"contract": contract, "hold_until": day} for contract, day in extended.holds],
            "synthetic": scheme.synthetic,
        },
        rows=(row, *_hold_rows(row, extended), proposals.posted_row(proposal, command.actor, today)),
    )


def _hold_rows(row: VoucherExtensionTable, extended: Extended) -> tuple[EventRow, ...]:
    return tuple(
        VoucherHoldExtensionTable(
            contract=contract,
            voucher=row.voucher,
            position=row.position,
            expires_on=row.expires_on,
            hold_until=until,
        )
        for contract, until in extended.holds
    )


USE_CASE = UseCase(ProposeExtension, reads, decide)
REACTIONS = (Reaction(ApprovalGiven, Approve, proposals.reads(KIND), post), proposals.refusal(KIND))
