"""Open the books with vouchers that were issued before: a list is proposed, and posted when finance has signed it.

Only what the scheme's control records need is opened: face value and the budget behind it. What was paid before the
books began has no entries of money here; it stands in the books of that time.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import yuan
from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.budgets import addresses as budgets
from ledger.budgets import rules as budget_rules
from ledger.budgets.ground import Ground
from ledger.budgets.store import BUDGET_CHANGES, budget_id
from ledger.errors import NotFound, Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.journal.entries import Entry, move
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Role
from ledger.vouchers import addresses, parts
from ledger.vouchers.opening import LIST_MAX, ListState, Opening, OpeningList
from ledger.vouchers.opening_tables import VoucherOpeningListEndTable, VoucherOpeningListTable
from ledger.vouchers.record_opening import ListProposed
from ledger.vouchers.store import LIST_STATES, OPENING_LISTS, OPENINGS_POSTED
from ledger.vouchers.tables import VoucherExpiryTable, VoucherTable
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Voucher
from policies.kernel.policies import Policies

KIND = "voucher.opening"
"""Kind of subject under which a list is approved; the subject is its number."""


class ListTooLong(Refused):
    zh = "期初清单“{list_number}”有 {count} 张券，一份清单最多 {most} 张。请分成几份清单。"
    en = "The opening list “{list_number}” has {count} vouchers; a list has at most {most}. Make several lists."


class ListOfSeveral(Refused):
    zh = "期初清单“{list_number}”中有几个主管部门的券：{operators}。请分别列清单。"
    en = "The opening list “{list_number}” has vouchers of several commissions: {operators}. Make a list for each."


class OpeningOverBudget(Refused):
    zh = "指标 {line}（“{scheme}”{year} 年度）可用 {available} 元，清单需要 {needed} 元（可用券额与已兑付之和）。"
    en = (
        "Budget line {line} of {scheme} for {year} has {available} yuan available; the list needs {needed} (what is "
        "open and what was paid)."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeOpening(Command):
    """Nothing is added to the list from here on."""

    kind: ClassVar[str] = "voucher.propose-opening"

    list_number: str


def reads(command: ProposeOpening) -> Keys:
    return readable(
        command,
        LIST_STATES.keys(command.list_number) | OPENING_LISTS.keys(command.list_number) | PEOPLE.keys(command.actor),
    )


def decide(command: ProposeOpening, state: State, _policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR, command.tenant)
    found = state.find(OPENING_LISTS, command.list_number)
    operators = sorted({one.operator for one in found.openings}) if found else []
    if found is None or command.tenant not in operators:
        raise NotFound("期初清单/opening list", command.list_number)
    if len(operators) > 1:
        raise ListOfSeveral(list_number=found.number, operators=", ".join(operators))
    if found.state is not ListState.RECORDING:
        raise ListProposed(list_number=found.number, state=found.state.value)
    if len(found.openings) > LIST_MAX:
        raise ListTooLong(list_number=found.number, count=len(found.openings), most=LIST_MAX)

    shown = found.content()
    row = VoucherOpeningListTable(
        list_number=found.number,
        operator=command.tenant,
        voucher_count=len(found.openings),
        lines_hash=found.lines_hash(),
        maker=command.actor,
        proposed_on=today,
    )
    return Effects(
        {
            "list": found.number,
            "vouchers": len(found.openings),
            "approval": {"kind": KIND, "subject": found.number, "content_hash": content_hash(shown)},
        },
        rows=(row, *request_rows(KIND, found.number, shown, command.actor, second_pair(Role.FINANCE))),
    )


def content_of(reader: Reader, list_number: str) -> Json:
    """The content of a list: of its lines as they were recorded."""
    return OPENING_LISTS.load(reader, [list_number])[list_number].content()


# -- signed, or refused ------------------------------------------------------------------------------------------------


def signed_reads(command: Approve) -> Keys:
    if command.subject_kind != KIND:
        return frozenset()
    return LIST_STATES.keys(command.subject) | OPENINGS_POSTED.keys(command.subject)


def post(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """The second signature: every voucher of the list stands in the books, and its budget with it."""
    if event.subject_kind != KIND:
        return Effects({})
    found = _proposed(state, event.subject)
    _check_budgets(found, state)
    vouchers = [(one, _voucher(one, command.number("V", one.number))) for one in found.openings]
    return Effects(
        {"list": found.number, "vouchers": len(vouchers), "open_fen": sum(one.open_fen for one in found.openings)},
        entries=tuple(_entry(one, voucher, policies, today) for one, voucher in vouchers),
        rows=(
            *(_row(one, voucher) for one, voucher in vouchers),
            *(
                VoucherExpiryTable(voucher=voucher.number, expired_on=today, person=command.actor)
                for one, voucher in vouchers
                if not one.open_fen and one.expires_on < today
            ),
            _end(found, ListState.POSTED, today, command.actor, ""),
        ),
    )


def refused_reads(command: Reject) -> Keys:
    if command.subject_kind != KIND:
        return frozenset()
    return LIST_STATES.keys(command.subject) | OPENING_LISTS.keys(command.subject)


def refuse(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    """The second person said no: its old numbers are free to be recorded on another list."""
    if event.subject_kind != KIND:
        return Effects({})
    found = _proposed(state, event.subject)
    return Effects(
        {"list": found.number, "state": ListState.REFUSED},
        rows=(_end(found, ListState.REFUSED, today, command.actor, event.reason),),
    )


def _proposed(state: State, number: str) -> OpeningList:
    found = state.one(OPENING_LISTS, number)
    if found.state is not ListState.PROPOSED:
        raise ListProposed(list_number=number, state=found.state.value)
    return found


def _check_budgets(found: OpeningList, state: State) -> None:
    for (scheme, year, line), needed_fen in found.by_line().items():
        budget = state.one(BUDGET_CHANGES, budget_id(scheme, year))
        if budget.ended_on:
            raise budget_rules.YearEnded(scheme=scheme, year=year, ended_on=budget.ended_on)
        known = budget.line(line)
        available_fen = known.available_fen if known else 0
        if available_fen < needed_fen:
            raise OpeningOverBudget(
                line=line, scheme=scheme, year=year, available=yuan(available_fen), needed=yuan(needed_fen)
            )


def _voucher(opening: Opening, number: str) -> Voucher:
    return Voucher(
        number=number,
        scheme=opening.scheme,
        year=opening.year,
        budget_year=opening.year,
        holder=opening.holder,
        controller=opening.controller,
        operator=opening.operator,
        budget_line=opening.budget_line,
        face_fen=opening.face_fen,
        denomination_fen=opening.denomination_fen,
        issued_on=opening.issued_on,
        expires_on=opening.expires_on,
        expired_on=None,
        available_fen=opening.open_fen,
    )


def _entry(opening: Opening, voucher: Voucher, policies: Policies, today: date) -> Entry:
    """A voucher as the books begin with it.

    debit   vouchers:available:v   open      credit  vouchers:issued:s:y    face
    debit   vouchers:redeemed:v:y  paid
    debit   vouchers:expired:v     the rest of its face value
    debit   budget:committed:s:y   open      credit  budget:available:s:y   open and paid
    debit   budget:expended:s:y    paid
    """
    issued = parts.of_year(addresses.ISSUED, voucher)
    redeemed = addresses.face(addresses.REDEEMED, voucher.number, entity=voucher.operator, year=voucher.year)
    citation = cite(terms(policies, voucher.scheme, voucher.issued_on), "validity_months")
    return Ground(today, citation, memo=opening.legacy_number).entry(
        "voucher.open",
        move(opening.open_fen, debit=parts.available(voucher), credit=issued),
        move(opening.redeemed_fen, debit=redeemed, credit=issued),
        move(opening.retired_fen, debit=parts.expired(voucher), credit=issued),
        parts.authority(opening.open_fen, voucher, budgets.COMMITTED, budgets.AVAILABLE_BUDGET),
        parts.authority(opening.redeemed_fen, voucher, budgets.EXPENDED, budgets.AVAILABLE_BUDGET),
    )


def _row(opening: Opening, voucher: Voucher) -> VoucherTable:
    return VoucherTable(
        number=voucher.number,
        application=opening.number,
        scheme=voucher.scheme,
        year=voucher.year,
        holder=voucher.holder,
        body=opening.body,
        controller=voucher.controller,
        operator=voucher.operator,
        budget_line=voucher.budget_line,
        face_fen=voucher.face_fen,
        denomination_fen=voucher.denomination_fen,
        issued_on=voucher.issued_on,
        expires_on=voucher.expires_on,
    )


def _end(found: OpeningList, outcome: ListState, today: date, person: str, reason: str) -> VoucherOpeningListEndTable:
    return VoucherOpeningListEndTable(
        list_number=found.number, outcome=outcome.value, ended_on=today, person=person, reason=reason
    )


USE_CASE = UseCase(ProposeOpening, reads, decide)
REACTIONS = (
    Reaction(ApprovalGiven, Approve, signed_reads, post),
    Reaction(ApprovalRefused, Reject, refused_reads, refuse),
)
