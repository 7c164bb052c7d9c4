"""Subsidies: computed, reviewed, publicised, objected to; what each line rests on; how two versions differ."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response, status
from pydantic import Field

from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Fen, Filter, Line, Shown, Text, Year, example
from api.dependencies import Reading, Sending, Today
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.assembly import house
from ledger.executor.listing import detail
from ledger.reports.pdf.seal import configured_seal
from ledger.reports.subsidy_publication import published
from ledger.subsidies.compute import ComputeSubsidy
from ledger.subsidies.listing import (
    AwardShown,
    awards_page,
    batches_page,
    due_on,
    is_overdue,
    seen_version,
    version_before,
)
from ledger.subsidies.objections import AnswerSubsidyObjection, ObjectToSubsidy
from ledger.subsidies.review import ReviewSubsidy
from ledger.subsidies.store import BATCHES
from ledger.subsidies.values import Batch, BatchState, Exclusion, differences
from ledger.subsidies.void import VoidSubsidy
from policies.kernel.errors import Language
from policies.subsidies.schemes import Serves

router = SliceRouter("/v1/subsidies", tag="subsidies")

_UNIT = "12331122MA0000232L"
_BATCH = {
    "number": "SB-1A2B-3C4D-5E6F7",
    "scheme": "beijing-september",
    "serves": "units",
    "year": 2026,
    "version": 1,
    "operator": "11331122MA0000002X",
    "evaluation": "national-2026:2026",
    "evaluation_version": 1,
    "pool_fen": 300_000_000,
    "entitled_fen": 409_666_675,
    "awarded_fen": 300_000_000,
    "units": 4,
    "base_year": 2025,
    "block": 128,
    "last_seq": 512,
    "block_hash": "9f2c1e5b7d3a4c6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f900011223344556",
    "policy": "subsidies/beijing-september",
    "policy_version": "2024-01-01+0f3a9b1c2d4e",
    "synthetic": True,
    "reason": "",
    "computed_on": "2026-09-01",
    "state": "publicised",
    "notice_until": "2026-09-08",
    "due_on": "2026-09-30",
    "overdue": False,
    "top_up": None,
}
_TOP_UP = {
    "batch": "SB-1A2B-3C4D-5E6F7",
    "decision_number": "京科决〔2026〕12号",
    "change": "",
    "budget_year": 2026,
    "rules_on": "2026-09-01",
    "known_on": "2026-09-01",
}
_EXCLUDED = {"unit": _UNIT, "why": "in-rectification", "detail": "RF-1A2B-3C4D-5E6F7", "base_fen": 100_000_000}
_AWARD = {
    "number": "AW-1A2B-3C4D-5E6F7",
    "unit": _UNIT,
    "name": "理化实验室",
    "grade": "优秀",
    "entitled_fen": 200_000_000,
    "awarded_fen": 146_460_534,
    "base_fen": 800_000_000,
    "bills": 412,
    "billed_fen": 848_000_000,
    "excluded_fen": 0,
    "uses": 4_120,
    "minutes": 247_200,
    "base_calculation": "0f0b2f5e-8a5d-5b3e-9b43-0c2f7f7d3c11",
    "calculation": "5e0b2f5e-8a5d-5b3e-9b43-0c2f7f7d3c12",
    "paid_fen": 0,
    "due_fen": None,
    "had_fen": None,
    "top_up_calculation": None,
}


class TopUpShown(Shown):
    model_config = example(_TOP_UP)

    batch: str = Field(description="The batch that stands for the year, to which this one adds")
    decision_number: str
    change: str = Field(description="The signed change of policy; empty: none")
    budget_year: int = Field(description="Whose budget pays")
    rules_on: date = Field(description="Day whose rules say what is due, as they were known on `known_on`")
    known_on: date


class SubsidyBatchShown(Shown):
    model_config = example(_BATCH)

    number: str
    scheme: str
    serves: Serves = Field(description="`units` for what they earned, or `users` for what they spent")
    year: int = Field(description="Of the subsidy; its budget pays, unless it is a top-up")
    version: int
    operator: str
    evaluation: str = Field(description="The round whose grades count; empty where none are needed")
    evaluation_version: int
    pool_fen: int = Field(description="What is shared out")
    entitled_fen: int = Field(description="All entitlements, before the pool is looked at")
    awarded_fen: int
    units: int
    base_year: int = Field(description="Of the income, or the spending, that counts")
    block: int = Field(description="Up to which the records were read; its hash binds them")
    last_seq: int
    block_hash: str
    policy: str
    policy_version: str
    synthetic: bool = Field(description="True: its formula, or how it is run, is invented")
    reason: str = Field(description="Why this version replaced the one before")
    computed_on: date
    state: BatchState
    notice_until: date | None
    due_on: date | None = Field(description="Last day on which it is paid in time; null where no rule says")
    overdue: bool
    top_up: TopUpShown | None = Field(description="Of a batch that adds to another by a decision")


class SubsidyBatchPage(Page[SubsidyBatchShown]):
    model_config = example({"items": [_BATCH], "next": None})


class ExcludedUnitShown(Shown):
    model_config = example(_EXCLUDED)

    unit: str
    why: Exclusion
    detail: str
    base_fen: int


class SubsidyBatchDocument(SubsidyBatchShown):
    model_config = example({**_BATCH, "excluded": [_EXCLUDED]})

    excluded: list[ExcludedUnitShown] = Field(description="Units that are left out; a unit sees itself")


class SubsidyAwardShown(Shown):
    """What an award is computed from is shown to its unit and to the bureaus; to others it is null."""

    model_config = example(_AWARD)

    number: str
    unit: str = Field(description="Whose it is; of a subsidy to users, the firm")
    name: str
    grade: str
    entitled_fen: int
    awarded_fen: int
    base_fen: int | None
    bills: int | None = Field(description="Bills of the base year; `GET /v1/bills` lists them")
    billed_fen: int | None = Field(description="With tax, less red invoices")
    excluded_fen: int | None = Field(
        description="Of it, related parties, statutory work and other bills that do not count"
    )
    uses: int | None = Field(description="Uses by others, or by the user; `GET /v1/uses` lists them")
    minutes: int | None
    base_calculation: UUID | None
    calculation: UUID | None
    paid_fen: int | None
    due_fen: int | None = Field(description="Of a top-up: what is due in all; `calculation` is that of it")
    had_fen: int | None = Field(description="Of a top-up: what was awarded before")
    top_up_calculation: UUID | None


class SubsidyAwardPage(Page[SubsidyAwardShown]):
    model_config = example({"items": [_AWARD], "next": None})


_DIFFERENCE = {"unit": _UNIT, "before_fen": 122_050_45, "after_fen": 0, "why": ["base", "entitlement"]}


class AwardDifference(Shown):
    model_config = example(_DIFFERENCE)

    unit: str
    before_fen: int | None = Field(description="Null: it was not in that version")
    after_fen: int | None
    why: list[str]


class AwardDifferences(Shown):
    model_config = example({"before": "SB-1A2B-3C4D-5E6F7", "after": "SB-7F6E-5D4C-3B2A1", "units": [_DIFFERENCE]})

    before: str | None = Field(description="Null: it is the first version")
    after: str
    units: list[AwardDifference]


def _more(batch: Batch, today: date) -> dict[str, Any]:
    top_up = TopUpShown.of(batch.top_up) if batch.top_up else None
    return {
        "units": len(batch.awards),
        "due_on": due_on(batch),
        "overdue": is_overdue(batch, today),
        "top_up": top_up,
    }


@router.get("", summary="Batches, the newest first")
def subsidies(
    reader: Reading, paging: Paging, today: Today, scheme: Filter | None = None, year: Year | None = None
) -> SubsidyBatchPage:
    """From its public notice on a batch is for everybody to read; before, for the bureaus."""
    found = batches_page(reader, paging.newest(), paging.look_ahead, scheme=scheme, year=year)
    return paging.page(
        SubsidyBatchPage,
        found,
        lambda batch: SubsidyBatchShown.of(batch, **_more(batch, today)),
        lambda batch: (batch.computed_on, batch.number),
    )


@router.get("/{number}", summary="A batch with the units it leaves out", response_model=SubsidyBatchDocument)
def subsidy(number: str, request: Request, reader: Reading, today: Today) -> Response:
    batch = detail(reader, BATCHES, number)
    seen = {unit for (unit,) in reader.rows("SELECT unit FROM subsidy_exclusion WHERE batch = %s", number)}
    excluded = [ExcludedUnitShown.of(one) for one in batch.excluded if one.unit in seen]
    return document(request, SubsidyBatchDocument.of(batch, **_more(batch, today), excluded=excluded))


@router.get("/{number}/awards", summary="Its awards, by unit")
def awards(number: str, reader: Reading, paging: Paging, unit: Filter | None = None) -> SubsidyAwardPage:
    start = paging.start(1)
    found = awards_page(reader, number, start[0] if start else "", paging.look_ahead, unit=unit)
    return paging.page(SubsidyAwardPage, found, SubsidyAwardShown.of, _place)


def _place(award: AwardShown) -> tuple[object, ...]:
    return (award.unit,)


@router.get("/{number}/differences", summary="How its awards differ from those of another version")
def award_differences(
    number: str,
    reader: Reading,
    since: Annotated[
        Filter | None, Query(description="Number of the version to compare with; left out: the one before it")
    ] = None,
) -> AwardDifferences:
    after = detail(reader, BATCHES, number)
    before = version_before(reader, after) if since is None else seen_version(reader, since)
    found = differences(before, after) if before else ()
    units = [AwardDifference.of(one, why=list(one.why)) for one in found]
    return AwardDifferences(before=before.number if before else None, after=after.number, units=units)


@router.get(
    "/{number}/publication",
    summary="Paper, lists, entries and open data of a batch, in one file",
    response_class=Response,
    responses={
        200: {
            "description": "A ZIP with checksums; PDF is sealed where a seal is configured",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}, "example": "PK (binary)"}
            },
        }
    },
)
def publication(
    number: str,
    reader: Reading,
    language: Annotated[Language, Query(description="Of the paper")] = "zh",
    *,
    notices: Annotated[bool, Query(description="A notice for each unit too")] = False,
) -> Response:
    """For the commission and the bureau. Open data is in it once finance has approved the batch."""
    files = published(reader, number, house().chart, language, notices=notices).sealed(configured_seal())
    headers = {"Content-Disposition": f'attachment; filename="{number}.zip"', "Cache-Control": "private, no-store"}
    return Response(files.zipped(), headers=headers, media_type="application/octet-stream")


# -- what is done ------------------------------------------------------------------------------------------------------


class NewSubsidy(Body):
    model_config = example(
        {
            "scheme": "beijing-september",
            "year": 2026,
            "evaluation": "national-2026:2026",
            "pool_fen": 300_000_000,
            "reason": "剔除法定检验",
        }
    )

    scheme: Line
    year: Year
    evaluation: Line | None = Field(default=None, description="The round whose grades count")
    pool_fen: Fen | None = Field(default=None, description="What is shared out; left out: all that is available")
    reason: Text | None = Field(default=None, description="Why it is computed anew")


class SubsidyComputed(Written):
    model_config = example(
        {
            "batch": "SB-1A2B-3C4D-5E6F7",
            "version": 1,
            "units": 4,
            "excluded": 1,
            "pool_fen": 300_000_000,
            "entitled_fen": 409_666_675,
            "awarded_fen": 300_000_000,
            "synthetic": True,
            "supersedes": None,
            "proof": PROOF_EXAMPLE,
        }
    )

    batch: str
    version: int
    units: int
    excluded: int
    pool_fen: int
    entitled_fen: int
    awarded_fen: int
    synthetic: bool
    supersedes: str | None


@router.post("", status_code=status.HTTP_201_CREATED, summary="Compute a subsidy's awards of a year")
async def compute_subsidy(body: NewSubsidy, sender: Sending) -> SubsidyComputed:
    """By an operator of the commission. A version that finance has not approved is superseded as a whole."""
    command = ComputeSubsidy(
        **sender.signed,
        scheme=body.scheme,
        year=body.year,
        evaluation=body.evaluation or "",
        pool_fen=body.pool_fen,
        reason=body.reason or "",
    )
    return SubsidyComputed.told(await sender.send(command))


class SubsidyReviewed(Written):
    model_config = example(
        {
            "batch": "SB-1A2B-3C4D-5E6F7",
            "state": "publicised",
            "awarded_fen": 300_000_000,
            "notice_until": "2026-09-08",
            "notice_provisional": False,
            "approval": APPROVAL_EXAMPLE | {"kind": "subsidy.batch", "subject": "SB-1A2B-3C4D-5E6F7"},
            "proof": PROOF_EXAMPLE,
        }
    )

    batch: str
    state: BatchState
    awarded_fen: int
    notice_until: date
    notice_provisional: bool
    approval: ApprovalAsked


@router.post("/{number}/review", status_code=status.HTTP_201_CREATED, summary="Pass a batch: it is publicised")
async def review_subsidy(number: str, sender: Sending) -> SubsidyReviewed:
    """By an operator other than the one who computed it. Its total is committed; after the notice finance signs."""
    return SubsidyReviewed.told(await sender.send(ReviewSubsidy(**sender.signed, batch=number)))


class SubsidyTakenBack(Body):
    model_config = example({"reason": "名单有误"})

    reason: Text


class SubsidyVoided(Written):
    model_config = example({"batch": "SB-1A2B-3C4D-5E6F7", "state": "void", "proof": PROOF_EXAMPLE})

    batch: str
    state: BatchState


@router.post("/{number}/withdrawal", status_code=status.HTTP_201_CREATED, summary="Take a batch back")
async def void_subsidy(number: str, body: SubsidyTakenBack, sender: Sending) -> SubsidyVoided:
    """By an operator, before finance has approved it."""
    return SubsidyVoided.told(await sender.send(VoidSubsidy(**sender.signed, batch=number, reason=body.reason)))


class NewSubsidyObjection(Body):
    model_config = example({"file_number": "异议〔2026〕1号", "reason": "甲所收入有误"})

    file_number: Line = Field(description="Of the paper in the commission's files; who objects stands there")
    reason: Text


class SubsidyObjected(Written):
    model_config = example(
        {
            "objection": "SO-1A2B-3C4D-5E6F7",
            "batch": "SB-1A2B-3C4D-5E6F7",
            "notice_until": "2026-09-08",
            "proof": PROOF_EXAMPLE,
        }
    )

    objection: str
    batch: str
    notice_until: date


@router.post("/{number}/objections", status_code=status.HTTP_201_CREATED, summary="Record an objection to a batch")
async def object_to_subsidy(number: str, body: NewSubsidyObjection, sender: Sending) -> SubsidyObjected:
    """By the commission, which has received it, during the public notice. Until it is answered finance cannot sign."""
    command = ObjectToSubsidy(**sender.signed, batch=number, file_number=body.file_number, reason=body.reason)
    return SubsidyObjected.told(await sender.send(command))


class SubsidyObjectionAnswer(Body):
    model_config = example({"upheld": False, "reason": "核对无误"})

    upheld: bool
    reason: Text


class SubsidyObjectionAnswered(Written):
    model_config = example(
        {
            "objection": "SO-1A2B-3C4D-5E6F7",
            "upheld": False,
            "batch": "SB-1A2B-3C4D-5E6F7",
            "state": "publicised",
            "proof": PROOF_EXAMPLE,
        }
    )

    objection: str
    upheld: bool
    batch: str
    state: BatchState


@router.post(
    "/{number}/objections/{objection}/answer", status_code=status.HTTP_201_CREATED, summary="Answer an objection"
)
async def answer_subsidy_objection(
    number: str, objection: str, body: SubsidyObjectionAnswer, sender: Sending
) -> SubsidyObjectionAnswered:
    """By another officer of the commission than the reviewer. If it is upheld, the batch is taken back."""
    command = AnswerSubsidyObjection(
        **sender.signed, batch=number, objection=objection, upheld=body.upheld, reason=body.reason
    )
    return SubsidyObjectionAnswered.told(await sender.send(command))
