"""What units graded poor have to mend, and until when."""

from datetime import date
from typing import Any

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Filter, Line, Shown, Text, example
from api.dependencies import Reading, Sending, Today
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.evaluation.file_rectification import FileRectification
from ledger.evaluation.judge_rectification import JudgeRectification
from ledger.evaluation.listing import rectifications_page, steps_of
from ledger.evaluation.store import RECTIFICATIONS
from ledger.evaluation.values import Rectification, RectificationState
from ledger.executor.listing import detail

router = SliceRouter("/v1/rectifications", tag="evaluations")

_RECTIFICATION = {
    "number": "RF-1A2B-3C4D-5E6F7",
    "evaluation": "national-2026:2026",
    "unit": "12331122MA0000232L",
    "opened_on": "2026-04-20",
    "due_on": "2027-04-20",
    "state": "open",
    "overdue": False,
}
_STEP = {
    "step": "filed",
    "evidence_digest": "9f2c1e5b7d3a4c6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f9000112233445566"[:64],
    "words": "已接入在线服务平台",
    "taken_on": "2026-10-09",
}


class RectificationShown(Shown):
    model_config = example(_RECTIFICATION)

    number: str
    evaluation: str
    unit: str
    opened_on: date
    due_on: date
    state: RectificationState
    overdue: bool


class RectificationPage(Page[RectificationShown]):
    model_config = example({"items": [_RECTIFICATION], "next": None})


class RectificationStepShown(Shown):
    model_config = example(_STEP)

    step: RectificationState = Field(description="`open`: sent back")
    evidence_digest: str
    words: str
    taken_on: date


class RectificationDocument(RectificationShown):
    model_config = example({**_RECTIFICATION, "steps": [_STEP]})

    steps: list[RectificationStepShown]


@router.get("", summary="What units have to mend, the newest first")
def rectifications(
    reader: Reading,
    paging: Paging,
    today: Today,
    unit: Filter | None = None,
    open: bool = False,  # noqa: A002, FBT001, FBT002  the query's word
) -> RectificationPage:
    """With `open`, those that are neither accepted nor lifted."""
    found = rectifications_page(reader, paging.newest(), paging.look_ahead, unit=unit, open_only=open)
    return paging.page(
        RectificationPage,
        found,
        lambda one: RectificationShown.of(one, overdue=one.overdue_on(today)),
        lambda one: (one.opened_on, one.number),
    )


@router.get("/{number}", summary="A rectification with its steps", response_model=RectificationDocument)
def rectification(number: str, request: Request, reader: Reading, today: Today) -> Response:
    found: Rectification = detail(reader, RECTIFICATIONS, number)
    steps: list[Any] = [RectificationStepShown.of(step) for step in steps_of(reader, number)]
    return document(request, RectificationDocument.of(found, overdue=found.overdue_on(today), steps=steps))


class RectificationReport(Body):
    model_config = example({"evidence_digest": _STEP["evidence_digest"], "summary": "已接入在线服务平台"})

    evidence_digest: Line = Field(description="SHA-256 of the report, 64 hex digits")
    summary: Text


class RectificationFiled(Written):
    model_config = example(
        {"rectification": "RF-1A2B-3C4D-5E6F7", "state": "filed", "late": False, "proof": PROOF_EXAMPLE}
    )

    rectification: str
    state: RectificationState
    late: bool


@router.post("/{number}/reports", status_code=status.HTTP_201_CREATED, summary="File what was mended")
async def file_rectification(number: str, body: RectificationReport, sender: Sending) -> RectificationFiled:
    """By an officer of the unit."""
    command = FileRectification(
        **sender.signed, rectification=number, evidence_digest=body.evidence_digest, summary=body.summary
    )
    return RectificationFiled.told(await sender.send(command))


class RectificationJudgement(Body):
    model_config = example({"accepted": True, "reason": "现场核查属实"})

    accepted: bool
    reason: Text


class RectificationJudged(Written):
    model_config = example(
        {
            "rectification": "RF-1A2B-3C4D-5E6F7",
            "state": "accepted",
            "due_on": "2027-04-20",
            "proof": PROOF_EXAMPLE,
        }
    )

    rectification: str
    state: RectificationState
    due_on: date


@router.post("/{number}/judgement", status_code=status.HTTP_201_CREATED, summary="Accept it, or send it back")
async def judge_rectification(number: str, body: RectificationJudgement, sender: Sending) -> RectificationJudged:
    """By an officer of the department that supervises the unit, or by the commission."""
    command = JudgeRectification(**sender.signed, rectification=number, accepted=body.accepted, reason=body.reason)
    return RectificationJudged.told(await sender.send(command))
