"""Budgets: where each fen of authority of a scheme's year stands."""

from typing import Annotated, Any

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Line, Shown, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document, whole_in
from api.routing import SliceRouter
from ledger.budgets.end_year import ProposeYearEnd
from ledger.budgets.listing import budgets_page
from ledger.budgets.store import BUDGETS, budget_id
from ledger.budgets.values import Budget
from ledger.executor.listing import detail
from ledger.reports.budget import budget_standing

router = SliceRouter("/v1/budgets", tag="budgets")

_BUDGET = {
    "id": "jinyun-2017:2017",
    "scheme": "jinyun-2017",
    "year": 2017,
    "operator": "11331122MA0000002X",
    "available_fen": 995_000_000,
    "lines": [{"code": "AP-1A2B-3C4D-5E6F7", "available_fen": 995_000_000}],
}
_BUCKETS = [{"bucket": "appropriated", "fen": 1_000_000_000}, {"bucket": "available", "fen": 995_000_000}]
LATEST = (10_000, "")


class BudgetLineShown(Shown):
    code: str
    available_fen: int


class BudgetShown(Shown):
    model_config = example(_BUDGET)

    id: str
    scheme: str
    year: int
    operator: str = Field(description="The commission whose budget it is")
    available_fen: int = Field(description="Not yet committed to vouchers")
    lines: list[BudgetLineShown] = Field(description="The same by budget line")


class BucketShown(Shown):
    bucket: str
    fen: int


class BudgetDocument(BudgetShown):
    model_config = example({**_BUDGET, "buckets": _BUCKETS})

    buckets: list[BucketShown] = Field(description="What was appropriated, then the buckets that add up to it")


class BudgetPage(Page[BudgetShown]):
    model_config = example({"items": [_BUDGET], "next": None})


def _summary(budget: Budget) -> dict[str, Any]:
    lines = [BudgetLineShown.of(line) for line in budget.lines]
    return {"id": budget_id(budget.scheme, budget.year), "lines": lines}


def _shown(budget: Budget) -> BudgetShown:
    return BudgetShown.of(budget, **_summary(budget))


@router.get("", summary="Budgets, the latest year first")
def budgets(reader: Reading, paging: Paging) -> BudgetPage:
    words = paging.start(2)
    after = (whole_in(words[0]), words[1]) if words else LATEST
    found = budgets_page(reader, after, paging.look_ahead)
    return paging.page(BudgetPage, found, _shown, lambda budget: (budget.year, budget.scheme))


@router.get("/{id}", summary="A budget with its buckets", response_model=BudgetDocument)
def budget(id: str, request: Request, reader: Reading) -> Response:  # noqa: A002  the name in the path
    found = detail(reader, BUDGETS, id)
    standing = budget_standing(reader.connection, reader.book, found.scheme, found.year)
    buckets = [BucketShown.of(bucket) for bucket in standing]
    return document(request, BudgetDocument.of(found, **_summary(found), buckets=buckets))


class YearEnd(Body):
    model_config = example({"scheme": "jinyun-2017", "year": 2017, "document_number": "财结〔2018〕1号"})

    scheme: Line
    year: Annotated[int, Field(strict=True, ge=2000, le=9999)]
    document_number: str = Field(
        default="", max_length=100, strict=True, description="Of the finance document; needed where anything is carried"
    )


class YearEndProposed(Written):
    model_config = example(
        {
            "scheme": "jinyun-2017",
            "year": 2017,
            "lapsed_fen": 120_000,
            "carried_fen": 3_000_000,
            "approval": {**APPROVAL_EXAMPLE, "kind": "voucher.year-end", "subject": "jinyun-2017:2017"},
            "proof": PROOF_EXAMPLE,
        }
    )

    scheme: str
    year: int
    lapsed_fen: int = Field(description="What nobody has claimed: it is lost")
    carried_fen: int = Field(description="What is open: it goes to the next year's budget")
    approval: ApprovalAsked = Field(description="What an officer of finance is asked to sign")


@router.post("/year-ends", status_code=status.HTTP_201_CREATED, summary="Propose to end a budget year")
async def end_year(body: YearEnd, sender: Sending) -> YearEndProposed:
    """By the commission whose budget it is, once the year is over. The signature counts for the figures shown."""
    command = ProposeYearEnd(**sender.signed, scheme=body.scheme, year=body.year, document_number=body.document_number)
    return YearEndProposed.told(await sender.send(command))
