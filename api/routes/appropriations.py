"""Budget letters: proposed, then posted when a second person has signed under approvals."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response, status
from pydantic import Field

from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Fen, Filter, Line, Shown, Year, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.budgets.listing import appropriations_page
from ledger.budgets.store import APPROPRIATIONS
from ledger.budgets.values import Appropriation, AppropriationState, LineFields, Nature
from ledger.executor.listing import detail

router = SliceRouter("/v1/appropriations", tag="budgets")

_FIELDS = {
    "project_code": "P-2017-018",
    "functional_class": "2060503",
    "economic_class": "50799",
    "funding_source": "general public budget",
    "plan_stage": "Q1",
}
_LETTER = {
    "number": "AP-1A2B-3C4D-5E6F7",
    "scheme": "jinyun-2017",
    "year": 2017,
    "operator": "11331122MA0000002X",
    "nature": "appropriate",
    "letter_number": "财预〔2017〕1号",
    "budget_line": "AP-1A2B-3C4D-5E6F7",
    "amount_fen": 1_000_000_000,
    "line": _FIELDS,
    "proposed_on": "2017-03-01",
    "state": "posted",
}


class LineShown(Shown):
    project_code: str
    functional_class: str
    economic_class: str
    funding_source: str
    plan_stage: str


class AppropriationShown(Shown):
    model_config = example(_LETTER)

    number: str
    scheme: str
    year: int
    operator: str = Field(description="The commission whose budget it is")
    nature: Nature
    letter_number: str
    budget_line: str = Field(description="Its own number; of a cut, the line that is cut")
    amount_fen: int
    line: LineShown | None = Field(description="What the line is for; null for a cut")
    proposed_on: date
    state: AppropriationState


class AppropriationPage(Page[AppropriationShown]):
    model_config = example({"items": [_LETTER], "next": None})


class NewLine(Body):
    project_code: Line
    functional_class: Line = Field(description="支出功能分类")
    economic_class: Line = Field(description="政府支出经济分类")
    funding_source: Line
    plan_stage: Line = Field(description="用款计划")


class NewLetter(Body):
    model_config = example(
        {
            "scheme": "jinyun-2017",
            "year": 2017,
            "letter_number": "财预〔2017〕1号",
            "amount_fen": 1_000_000_000,
            "line": _FIELDS,
        }
    )

    scheme: Line
    year: Year
    letter_number: Line = Field(description="指标文号")
    amount_fen: Fen
    line: NewLine


class NewCut(Body):
    model_config = example(
        {
            "scheme": "jinyun-2017",
            "year": 2017,
            "letter_number": "财预〔2017〕9号",
            "amount_fen": 100_000_000,
            "budget_line": "AP-1A2B-3C4D-5E6F7",
        }
    )

    scheme: Line
    year: Year
    letter_number: Line = Field(description="指标文号")
    amount_fen: Fen = Field(description="At most what is still available under the line")
    budget_line: Line


class Proposed(Written):
    model_config = example(
        {"appropriation": "AP-1A2B-3C4D-5E6F7", "approval": APPROVAL_EXAMPLE, "proof": PROOF_EXAMPLE}
    )

    appropriation: str
    approval: ApprovalAsked


def _shown(letter: Appropriation) -> AppropriationShown:
    return AppropriationShown.of(letter, line=LineShown.of(letter.fields) if letter.fields else None)


@router.get("", summary="Budget letters, newest first")
def appropriations(
    reader: Reading,
    paging: Paging,
    scheme: Filter | None = None,
    year: Annotated[int | None, Query(ge=1, le=9999, description="Of the budget")] = None,
) -> AppropriationPage:
    found = appropriations_page(reader, paging.newest(), paging.look_ahead, scheme=scheme, year=year)
    return paging.page(AppropriationPage, found, _shown, lambda letter: (letter.proposed_on, letter.number))


@router.get("/{number}", summary="A budget letter", response_model=AppropriationShown)
def appropriation(number: str, request: Request, reader: Reading) -> Response:
    return document(request, _shown(detail(reader, APPROPRIATIONS, number)))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Propose a letter that opens a budget line")
async def propose(body: NewLetter, sender: Sending) -> Proposed:
    """By the commission or the finance bureau; an officer of finance signs."""
    command = ProposeAppropriation(
        **sender.signed,
        scheme=body.scheme,
        year=body.year,
        letter_number=body.letter_number,
        amount_fen=body.amount_fen,
        line=LineFields(**body.line.model_dump()),
    )
    return Proposed.told(await sender.send(command))


@router.post("/cuts", status_code=status.HTTP_201_CREATED, summary="Propose a letter that cuts a budget line")
async def cut(body: NewCut, sender: Sending) -> Proposed:
    command = ProposeAppropriation(
        **sender.signed,
        scheme=body.scheme,
        year=body.year,
        letter_number=body.letter_number,
        amount_fen=body.amount_fen,
        cut=body.budget_line,
    )
    return Proposed.told(await sender.send(command))
