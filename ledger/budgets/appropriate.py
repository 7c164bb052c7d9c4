"""A budget letter: proposed by one person, posted when a second has signed."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount, yuan
from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.bookkeeping.store import BEGINNING
from ledger.budgets import rules
from ledger.budgets.ground import Ground
from ledger.budgets.postings import appropriation_entry
from ledger.budgets.store import APPROPRIATIONS, BUDGET_CHANGES, LETTERS, budget_id, letter_id
from ledger.budgets.tables import AppropriationEndTable, AppropriationTable
from ledger.budgets.values import Appropriation, AppropriationState, Budget, LineFields, Nature
from ledger.errors import NotFound
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.journal.tables import BudgetLineTable, EventRow
from ledger.registry.rules import require_any_role, require_party
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import PartyKind, Role
from policies.kernel.policies import Policies
from policies.kernel.words import Words
from policies.programmes import programme

KIND = "voucher.appropriation"
"""Kind of subject under which a letter is approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAppropriation(Command):
    """A letter or a supplement opens a budget line; a cut takes from one."""

    kind: ClassVar[str] = "voucher.propose-appropriation"

    scheme: str
    """Such as `beijing-2015`."""
    year: int
    letter_number: str
    """指标文号"""
    amount_fen: int
    line: LineFields | None = None
    """What the new budget line is for; not given for a cut."""
    cut: str | None = None
    """The budget line that is cut."""


def reads(command: ProposeAppropriation) -> Keys:
    scheme, year = rules.scheme_of(command.scheme), rules.year_of(command.year)
    return readable(
        command,
        LETTERS.keys(letter_id(scheme, year, command.letter_number))
        | BUDGET_CHANGES.keys(budget_id(scheme, year))
        | BEGINNING.keys("book")
        | PEOPLE.keys(command.actor)
        | PARTIES.keys(command.tenant),
    )


def decide(command: ProposeAppropriation, state: State, policies: Policies, today: date) -> Effects:
    require_any_role(state, command.actor, {Role.OPERATOR, Role.FINANCE}, command.tenant)
    require_party(state, command.tenant, PartyKind.BUREAU)
    letter_number = checked_name(command.letter_number, "指标文号", "letter number")
    if (command.line is None) == (command.cut is None):
        raise rules.LineOrCut
    begins_on = state.one(BEGINNING, "book")
    if begins_on.year <= command.year < today.year:
        raise rules.YearNotCurrent(year=command.year, today=today, today_year=today.year)
    # A year that was over before the books began is opened with what was appropriated for it.
    opens = command.year < begins_on.year
    on = date(command.year, 12, 31) if opens else max(today, date(command.year, 1, 1))
    programme(command.scheme, on=on, known_on=policies.known_on)
    letter = state.one(LETTERS, letter_id(command.scheme, command.year, command.letter_number))
    if letter.live:
        raise rules.LetterRecorded(letter_number=letter_number, appropriation=letter.live)

    number = command.number("AP")
    proposed = Appropriation(
        number=number,
        scheme=command.scheme,
        year=command.year,
        operator=command.tenant,
        nature=Nature.CUT if command.cut else Nature.APPROPRIATE,
        letter_number=letter_number,
        budget_line=command.cut or number,
        amount_fen=whole_amount(command.amount_fen),
        fields=command.line,
        proposed_on=today,
        state=AppropriationState.PROPOSED,
    )
    _check_budget(proposed, state.find(BUDGET_CHANGES, budget_id(command.scheme, command.year)))

    shown = content(proposed)
    return Effects(
        {"appropriation": number, "approval": {"kind": KIND, "subject": number, "content_hash": content_hash(shown)}},
        rows=(
            _row(proposed, letter.attempts + 1, command.actor, today),
            *request_rows(KIND, number, shown, command.actor, second_pair(Role.FINANCE)),
        ),
    )


def content(letter: Appropriation) -> Json:
    """What the second person is shown, and signs."""
    fields = letter.fields or _NO_FIELDS
    return {
        "appropriation": letter.number,
        "scheme": letter.scheme,
        "year": letter.year,
        "operator": letter.operator,
        "nature": letter.nature.value,
        "letter_number": letter.letter_number,
        "budget_line": letter.budget_line,
        "amount_fen": letter.amount_fen,
        "project_code": fields.project_code,
        "functional_class": fields.functional_class,
        "economic_class": fields.economic_class,
        "funding_source": fields.funding_source,
        "plan_stage": fields.plan_stage,
    }


_NO_FIELDS = LineFields("", "", "", "", "")


def content_of(reader: Reader, appropriation: str) -> Json:
    """The content of a letter as it was proposed."""
    return content(APPROPRIATIONS.load(reader, [appropriation])[appropriation])


def _check_budget(letter: Appropriation, budget: Budget | None) -> None:
    """A budget belongs to one bureau and is open; a cut takes what is still available."""
    if budget and budget.operator != letter.operator:
        raise rules.BudgetOfAnotherBureau(
            scheme=letter.scheme, year=letter.year, operator=budget.operator, tenant=letter.operator
        )
    if budget and budget.ended_on:
        raise rules.YearEnded(scheme=letter.scheme, year=letter.year, ended_on=budget.ended_on)
    if letter.nature is Nature.CUT:
        line = budget.line(letter.budget_line) if budget else None
        if line is None:
            raise NotFound("预算指标/budget line", letter.budget_line)
        if line.available_fen < letter.amount_fen:
            raise rules.CutTooDeep(line=line.code, available=yuan(line.available_fen), cut=yuan(letter.amount_fen))


def _row(letter: Appropriation, attempt: int, maker: str, today: date) -> AppropriationTable:
    fields = letter.fields or _NO_FIELDS
    return AppropriationTable(
        number=letter.number,
        scheme=letter.scheme,
        year=letter.year,
        operator=letter.operator,
        nature=letter.nature.value,
        letter_number=letter.letter_number,
        attempt=attempt,
        budget_line=letter.budget_line,
        amount_fen=letter.amount_fen,
        project_code=fields.project_code,
        functional_class=fields.functional_class,
        economic_class=fields.economic_class,
        funding_source=fields.funding_source,
        plan_stage=fields.plan_stage,
        maker=maker,
        proposed_on=today,
    )


# -- signed, or refused ------------------------------------------------------------------------------------------------


def answer_reads(command: Approve | Reject) -> Keys:
    return APPROPRIATIONS.keys(command.subject) if command.subject_kind == KIND else frozenset()


def post(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    """The second signature stands: the budget is there."""
    if event.subject_kind != KIND:
        return Effects({})
    letter = _proposed(state, event.subject, Words("入账", "posted"))
    _check_budget(letter, state.find(BUDGET_CHANGES, budget_id(letter.scheme, letter.year)))
    ground = Ground(on=today, memo=letter.letter_number)
    return Effects(
        {"appropriation": letter.number, "budget_line": letter.budget_line},
        entries=(appropriation_entry(letter, ground),),
        rows=(_end(letter, AppropriationState.POSTED, today, command.actor, ""), *_line_rows(letter)),
    )


def refuse(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    """The second person said no: the letter may be proposed again."""
    if event.subject_kind != KIND:
        return Effects({})
    letter = _proposed(state, event.subject, Words("驳回", "refused"))
    return Effects(
        {"appropriation": letter.number},
        rows=(_end(letter, AppropriationState.REFUSED, today, command.actor, event.reason),),
    )


def _proposed(state: State, number: str, wanted: Words) -> Appropriation:
    letter = state.one(APPROPRIATIONS, number)
    if letter.state is not AppropriationState.PROPOSED:
        raise rules.LetterWrongState(letter, wanted)
    return letter


def _end(
    letter: Appropriation, outcome: AppropriationState, today: date, person: str, reason: str
) -> AppropriationEndTable:
    return AppropriationEndTable(
        appropriation=letter.number, outcome=outcome.value, ended_on=today, person=person, reason=reason
    )


def _line_rows(letter: Appropriation) -> tuple[EventRow, ...]:
    if letter.fields is None:
        return ()
    return (
        BudgetLineTable(
            code=letter.budget_line,
            document_number=letter.letter_number,
            project_code=letter.fields.project_code,
            functional_class=letter.fields.functional_class,
            economic_class=letter.fields.economic_class,
            funding_source=letter.fields.funding_source,
            plan_stage=letter.fields.plan_stage,
        ),
    )


USE_CASE = UseCase(ProposeAppropriation, reads, decide)
REACTIONS = (
    Reaction(ApprovalGiven, Approve, answer_reads, post),
    Reaction(ApprovalRefused, Reject, answer_reads, refuse),
)
