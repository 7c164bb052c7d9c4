"""What decisions add to subsidies that finance has approved; from there a top-up is reviewed and signed as a batch."""

from fastapi import status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Fen, Line, Text, Year, example
from api.dependencies import Sending, Today
from api.routing import SliceRouter
from ledger.subsidies.top_up import TopUpSubsidy

router = SliceRouter("/v1/subsidy-top-ups", tag="subsidies")


class NewTopUp(Body):
    model_config = example(
        {
            "scheme": "beijing-september",
            "year": 2026,
            "decision_number": "京科决〔2026〕12号",
            "reason": "追加预算",
            "pool_fen": 350_000_000,
            "budget_year": 2026,
        }
    )

    scheme: Line
    year: Year = Field(description="Whose batch stands, approved by finance")
    decision_number: Line = Field(description="Of the paper that decides it")
    reason: Text
    change: Line | None = Field(
        default=None, description="A signed change of policy, PC-…, whose rules, grades and pool say what is due"
    )
    pool_fen: Fen | None = Field(
        default=None, description="What is shared out in all, with what was awarded before; left out: as it stands"
    )
    budget_year: Year | None = Field(default=None, description="Whose budget pays; left out: this year's")


class SubsidyToppedUp(Written):
    model_config = example(
        {
            "batch": "SB-7F6E-5D4C-3B2A1",
            "version": 2,
            "tops_up": "SB-1A2B-3C4D-5E6F7",
            "units": 4,
            "excluded": 1,
            "pool_fen": 350_000_000,
            "due_fen": 350_000_000,
            "awarded_fen": 50_000_000,
            "budget_year": 2026,
            "synthetic": True,
            "supersedes": None,
            "proof": PROOF_EXAMPLE,
        }
    )

    batch: str = Field(description="The top-up: reviewed, signed and paid like any other batch")
    version: int
    tops_up: str = Field(description="The batch that stands for the year")
    units: int = Field(description="That miss something")
    excluded: int = Field(description="That do not, or are left out")
    pool_fen: int
    due_fen: int = Field(description="What is due to all, with what was awarded before")
    awarded_fen: int = Field(description="What is added")
    budget_year: int
    synthetic: bool
    supersedes: str | None = Field(description="A top-up that finance had not approved")


@router.post("", status_code=status.HTTP_201_CREATED, summary="Top up a subsidy that finance has approved")
async def top_up_subsidy(body: NewTopUp, sender: Sending, today: Today) -> SubsidyToppedUp:
    """By an operator. What units should have had more is added; who has had too much is listed and keeps it."""
    command = TopUpSubsidy(
        **sender.signed,
        scheme=body.scheme,
        year=body.year,
        decision_number=body.decision_number,
        reason=body.reason,
        change=body.change or "",
        pool_fen=body.pool_fen,
        budget_year=body.budget_year or today.year,
    )
    return SubsidyToppedUp.told(await sender.send(command))
