"""Changes of a subsidy's policy or budget, each with its impact run; `?dry_run=true` is the run alone."""

from datetime import date
from typing import Any

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Day, Fen, Line, Shown, Text, Year, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.executor.listing import detail
from ledger.subsidies.impact import Change, ChangeState, PolicyChange
from ledger.subsidies.listing import policy_changes_page
from ledger.subsidies.policy_change import KIND, ProposePolicyChange
from ledger.subsidies.policy_change_store import POLICY_CHANGES

router = SliceRouter("/v1/subsidy-policy-changes", tag="subsidies")

_NUMBER = "PC-1A2B-3C4D-5E6F7"
_UNIT = "12331122MA0000232L"
_SIDE = {
    "scheme": "beijing-september",
    "on": "2026-09-01",
    "policy": "subsidies/beijing-september",
    "policy_version": "2024-01-01+0f3a9b1c2d4e",
    "synthetic": True,
    "base_year": 2025,
    "evaluation": "national-2026:2026",
    "evaluation_version": 1,
    "pool_fen": 300_000_000,
    "entitled_fen": 409_666_675,
    "awarded_fen": 300_000_000,
    "over_fen": 0,
    "units": 4,
}
_GRADE = {"name": "优秀", "units": 1, "before_fen": 146_460_534, "after_fen": 200_000_000}
_CHANGE = {"name": "more-by-a-tenth-or-more", "units": 4, "before_fen": 300_000_000, "after_fen": 409_666_675}
_LINE = {
    "unit": _UNIT,
    "grade": "优秀",
    "awarded_fen": 146_460_534,
    "before_fen": 146_460_534,
    "after_fen": 200_000_000,
    "difference_fen": 53_539_466,
    "change": "more-by-a-tenth-or-more",
}


class NewPolicyChange(Body):
    model_config = example(
        {
            "scheme": "beijing-september",
            "year": 2026,
            "pool_fen": 500_000_000,
            "document_number": "京科发〔2026〕30号",
            "reason": "调整总额",
        }
    )

    scheme: Line
    year: Year = Field(description="Whose batch stands")
    under: Line | None = Field(default=None, description="Another subsidy; left out: the same")
    on: Day | None = Field(default=None, description="Rules in force on this day; it may lie ahead")
    pool_fen: Fen | None = Field(default=None, description="Another total; left out: as much as was shared out")
    evaluation: Line | None = Field(default=None, description="Another round of grades")
    document_number: Line = Field(description="Of the paper that changes the policy")
    reason: Text


class ImpactRecords(Shown):
    model_config = example({"block": 128, "last_seq": 512, "block_hash": "9f2c" * 16})

    block: int = Field(description="Up to which the records were read; its hash binds them")
    last_seq: int
    block_hash: str


class ImpactSide(Shown):
    model_config = example(_SIDE)

    scheme: str
    on: date = Field(description="Day whose rules in force")
    policy: str
    policy_version: str
    synthetic: bool
    base_year: int
    evaluation: str
    evaluation_version: int
    pool_fen: int
    entitled_fen: int
    awarded_fen: int
    over_fen: int = Field(description="By how much the pool is too small, where none is shared out")
    units: int


class ImpactTotal(Shown):
    model_config = example(_GRADE)

    name: str = Field(description="A grade, or by how much units gain or lose")
    units: int
    before_fen: int
    after_fen: int


class ImpactLineShown(Shown):
    model_config = example(_LINE)

    unit: str
    grade: str
    awarded_fen: int | None = Field(description="In the batch; null: not in it")
    before_fen: int | None = Field(description="Under the batch's own rules, over the records of today")
    after_fen: int | None
    difference_fen: int
    change: Change


class PolicyChangeProposed(Written):
    model_config = example(
        {
            "change": _NUMBER,
            "scheme": "beijing-september",
            "year": 2026,
            "batch": "SB-1A2B-3C4D-5E6F7",
            "synthetic": True,
            "records": {"block": 128, "last_seq": 512, "block_hash": "9f2c" * 16},
            "before": _SIDE,
            "after": _SIDE | {"pool_fen": 500_000_000, "awarded_fen": 409_666_675},
            "gaining": 4,
            "gain_fen": 109_666_675,
            "losing": 0,
            "loss_fen": 0,
            "corrected": [],
            "by_grade": [_GRADE],
            "by_change": [_CHANGE],
            "lines": [_LINE],
            "approval": APPROVAL_EXAMPLE | {"kind": KIND, "subject": _NUMBER},
            "proof": PROOF_EXAMPLE,
        }
    )

    change: str
    scheme: str
    year: int
    batch: str
    synthetic: bool
    records: ImpactRecords
    before: ImpactSide
    after: ImpactSide
    gaining: int
    gain_fen: int
    losing: int
    loss_fen: int
    corrected: list[str] = Field(description="Units that their own rules would give something else today")
    by_grade: list[ImpactTotal]
    by_change: list[ImpactTotal]
    lines: list[ImpactLineShown]
    approval: ApprovalAsked = Field(description="What two officers of finance are asked to sign")


_PROPOSED = {
    "number": _NUMBER,
    "state": "approved",
    "scheme": "beijing-september",
    "year": 2026,
    "batch": "SB-1A2B-3C4D-5E6F7",
    "document_number": "京科发〔2026〕30号",
    "reason": "调整总额",
    "proposed_on": "2026-10-12",
    "before": _SIDE,
    "after": _SIDE | {"pool_fen": 500_000_000, "awarded_fen": 409_666_675},
    "gaining": 4,
    "gain_fen": 109_666_675,
    "losing": 0,
    "loss_fen": 0,
}


class PolicyChangeShown(Shown):
    model_config = example(_PROPOSED)

    number: str
    state: ChangeState
    scheme: str
    year: int
    batch: str = Field(description="The batch that stood")
    document_number: str
    reason: str
    proposed_on: date
    before: ImpactSide
    after: ImpactSide
    gaining: int
    gain_fen: int
    losing: int
    loss_fen: int


class PolicyChangePage(Page[PolicyChangeShown]):
    model_config = example({"items": [_PROPOSED], "next": None})


class PolicyChangeDocument(PolicyChangeShown):
    model_config = example({**_PROPOSED, "lines": [_LINE]})

    lines: list[ImpactLineShown] = Field(description="Every unit, as it was signed")


def _shown(change: PolicyChange) -> dict[str, Any]:
    run = change.impact
    return {
        **{
            name: getattr(run, name)
            for name in ("scheme", "year", "batch", "gaining", "gain_fen", "losing", "loss_fen")
        },
        "before": ImpactSide.of(run.before),
        "after": ImpactSide.of(run.after),
    }


@router.get("", summary="Changes of a policy or budget that were proposed, the newest first")
def policy_changes(reader: Reading, paging: Paging) -> PolicyChangePage:
    """For the bureaus."""
    found = policy_changes_page(reader, paging.newest(), paging.look_ahead)
    return paging.page(
        PolicyChangePage,
        found,
        lambda change: PolicyChangeShown.of(change, **_shown(change)),
        lambda change: (change.proposed_on, change.number),
    )


@router.get("/{number}", summary="A change with its impact run, line by line", response_model=PolicyChangeDocument)
def policy_change(number: str, request: Request, reader: Reading) -> Response:
    change = detail(reader, POLICY_CHANGES, number)
    lines = [ImpactLineShown.of(line) for line in change.impact.lines]
    return document(request, PolicyChangeDocument.of(change, **_shown(change), lines=lines))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Propose another policy or budget, with its impact run")
async def propose_policy_change(body: NewPolicyChange, sender: Sending) -> PolicyChangeProposed:
    """By an operator. A dry run is the impact run alone. It changes no award; finance signs it line by line."""
    command = ProposePolicyChange(
        **sender.signed,
        scheme=body.scheme,
        year=body.year,
        under=body.under or "",
        on=body.on,
        pool_fen=body.pool_fen,
        evaluation=body.evaluation or "",
        document_number=body.document_number,
        reason=body.reason,
    )
    return PolicyChangeProposed.told(await sender.send(command))
