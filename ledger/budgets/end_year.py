"""End a budget year: proposed by one person, posted when a second has signed. What is open is carried over."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import yuan
from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.budgets import rules
from ledger.budgets.events import BudgetYearEnding
from ledger.budgets.ground import Ground
from ledger.budgets.postings import carry_in_entries, year_end_entry
from ledger.budgets.store import budget_id
from ledger.budgets.tables import YearEndProposalTable, YearEndTable
from ledger.budgets.values import BudgetYear
from ledger.budgets.years import BUDGET_YEARS
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies
from policies.kernel.refusals import RuleEnded
from policies.programmes import Programme, programme

KIND = "voucher.year-end"
"""Kind of subject under which the end of a budget year is approved; the subject is `scheme:year`."""


class YearNotOver(Refused):
    zh = "{year} 年度尚未结束（今天是 {today}），不能办理年末结转。"
    en = "The year {year} is not over (today is {today}); its end cannot be proposed."


class NothingToEnd(Refused):
    zh = "计划“{scheme}”{year} 年度没有可用、已占用或待支付的预算，无须办理年末结转。"
    en = "Nothing is available, committed or obligated in the budget of {scheme} for {year}: there is nothing to end."


class EarlierYearOpen(Refused):
    zh = "计划“{scheme}”{earlier} 年度尚未办理年末结转。请先办理 {earlier} 年度，再办理 {year} 年度。"
    en = "The budget of {scheme} for {earlier} has not been ended. End {earlier} first, then {year}."


class DocumentMissing(Refused):
    zh = "计划“{scheme}”{year} 年度有 {carried} 元需结转下年，请填写结转的财政文号。"
    en = "{carried} yuan of {scheme} for {year} are carried over: give the number of the finance document."


class FiguresMoved(Refused):
    zh = "计划“{scheme}”{year} 年度的预算在提出结转后有变动（现失效 {lapsed} 元、结转 {carried} 元）。请重新提出。"
    en = (
        "The budget of {scheme} for {year} has moved since its end was proposed ({lapsed} yuan lapse now, {carried} "
        "are carried over). Propose it again."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeYearEnd(Command):
    """What nobody claimed of a year's budget lapses; what is committed or obligated goes to the next year's."""

    kind: ClassVar[str] = "voucher.propose-year-end"

    scheme: str
    year: int
    document_number: str = ""
    """Of the finance document that carries over; needed where something is carried."""


def reads(command: ProposeYearEnd) -> Keys:
    year = budget_id(rules.scheme_of(command.scheme), rules.year_of(command.year))
    return readable(command, BUDGET_YEARS.keys(year) | PEOPLE.keys(command.actor))


def decide(command: ProposeYearEnd, state: State, policies: Policies, today: date) -> Effects:
    require_any_role(state, command.actor, {Role.OPERATOR, Role.FINANCE}, command.tenant)
    ending = state.find(BUDGET_YEARS, budget_id(command.scheme, command.year))
    if ending is None:
        raise rules.NoBudget(scheme=command.scheme, year=command.year)
    if ending.operator != command.tenant:
        raise rules.BudgetOfAnotherBureau(
            scheme=ending.scheme, year=ending.year, operator=ending.operator, tenant=command.tenant
        )
    check_can_end(ending, today)
    document_number = _document(command, ending)

    shown = content(ending, document_number, _rules_at_the_end(ending, policies))
    subject, version = budget_id(ending.scheme, ending.year), ending.versions + 1
    row = YearEndProposalTable(
        scheme=ending.scheme,
        year=ending.year,
        version=version,
        operator=ending.operator,
        document_number=document_number,
        lapsed_fen=ending.lapsed_fen,
        carried_fen=ending.carried_fen,
        maker=command.actor,
        proposed_on=today,
    )
    return Effects(
        {
            "scheme": ending.scheme,
            "year": ending.year,
            "lapsed_fen": ending.lapsed_fen,
            "carried_fen": ending.carried_fen,
            "approval": {"kind": KIND, "subject": subject, "content_hash": content_hash(shown)},
        },
        rows=(row, *request_rows(KIND, subject, shown, command.actor, second_pair(Role.FINANCE), version)),
        events=(BudgetYearEnding(ending.scheme, ending.year),),
    )


def check_can_end(ending: BudgetYear, today: date) -> None:
    """Refuse what would leave something behind; the slices that spend the budget refuse what they are at work on."""
    scheme, year = ending.scheme, ending.year
    if today.year <= year:
        raise YearNotOver(year=year, today=today)
    if ending.ended_on:
        raise rules.YearEnded(scheme=scheme, year=year, ended_on=ending.ended_on)
    if not ending.lines:
        raise NothingToEnd(scheme=scheme, year=year)
    if ending.earlier is not None:
        raise EarlierYearOpen(scheme=scheme, year=year, earlier=ending.earlier)


def _document(command: ProposeYearEnd, ending: BudgetYear) -> str:
    if not ending.carried_fen:
        return ""
    if not command.document_number.strip():
        raise DocumentMissing(scheme=ending.scheme, year=ending.year, carried=yuan(ending.carried_fen))
    return checked_name(command.document_number, "结转文号", "number of the finance document")


def _rules_at_the_end(ending: BudgetYear, policies: Policies) -> Programme:
    """As in force on the last day of the year; of a scheme that has ended, on its own last day."""
    try:
        return programme(ending.scheme, on=date(ending.year, 12, 31), known_on=policies.known_on)
    except RuleEnded as ended:
        last = date.fromisoformat(str(ended.facts["last"]))
        return programme(ending.scheme, on=last, known_on=policies.known_on)


def content(ending: BudgetYear, document_number: str, scheme: Programme) -> Json:
    """What the second person is shown, and signs: every figure of every line."""
    return {
        "scheme": ending.scheme,
        "year": ending.year,
        "operator": ending.operator,
        "document_number": document_number,
        "across_year_end": scheme.across_year_end,
        "synthetic": scheme.synthetic,
        "lapsed_fen": ending.lapsed_fen,
        "carried_fen": ending.carried_fen,
        "lines": [
            {
                "budget_line": line.code,
                "available_fen": line.available_fen,
                "committed_fen": line.committed_fen,
                "obligated_fen": line.obligated_fen,
            }
            for line in ending.lines
        ],
    }


def content_of(reader: Reader, subject: str) -> Json:
    """The content of a year's end by the figures of now, under the rules as known when it was last proposed."""
    ending = BUDGET_YEARS.load(reader, [subject])[subject]
    ((proposed_on,),) = reader.rows(
        "SELECT max(proposed_on) FROM voucher_year_end_proposal WHERE book = %s AND scheme = %s AND year = %s",
        reader.book,
        ending.scheme,
        ending.year,
    )
    return content(ending, ending.document_number, _rules_at_the_end(ending, Policies(proposed_on)))


# -- signed ------------------------------------------------------------------------------------------------------------


def is_year_end(command: Approve) -> bool:
    return command.subject_kind == KIND


def answer_reads(command: Approve) -> Keys:
    return BUDGET_YEARS.keys(command.subject) if is_year_end(command) else frozenset()


def post(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """The second signature stands, on the figures as they are: the year ends today."""
    if event.subject_kind != KIND:
        return Effects({})
    ending = state.one(BUDGET_YEARS, event.subject)
    check_can_end(ending, today)
    scheme = _rules_at_the_end(ending, policies)
    if content_hash(content(ending, ending.document_number, scheme)) != event.content_hash:
        raise FiguresMoved(
            scheme=ending.scheme,
            year=ending.year,
            lapsed=yuan(ending.lapsed_fen),
            carried=yuan(ending.carried_fen),
        )

    ground = Ground(today, scheme.cite, memo=ending.document_number)
    row = YearEndTable(
        scheme=ending.scheme,
        year=ending.year,
        version=ending.versions,
        operator=ending.operator,
        ended_on=today,
        person=command.actor,
    )
    return Effects(
        {
            "scheme": ending.scheme,
            "year": ending.year,
            "lapsed_fen": ending.lapsed_fen,
            "carried_fen": ending.carried_fen,
        },
        entries=(year_end_entry(ending, ground), *carry_in_entries(ending, ground)),
        rows=(row,),
        events=(BudgetYearEnding(ending.scheme, ending.year),),
    )


USE_CASE = UseCase(ProposeYearEnd, reads, decide)
REACTIONS = (
    # Which year bears each open voucher changes with it: whoever is about to post on one must see it, or not yet.
    Reaction(ApprovalGiven, Approve, answer_reads, post, shuts_the_gate=is_year_end),
)
