"""Four eyes: what waits for a signature, exactly what is signed, and the signature."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Line, Shown, Text, example
from api.dependencies import Reading, Sending, TheCaller
from api.paging import Page, Paging, document, whole_in
from api.routing import SliceRouter
from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.declare_interest import DeclareInterest
from ledger.approvals.listing import BEFORE_ALL, Asked, Place, asked, waiting, waiting_for
from ledger.approvals.reject import Reject
from ledger.approvals.values import Decision, RequestStatus, subject_of
from ledger.assembly import house
from ledger.executor.commands import Answer
from ledger.journal.attestation import plain
from ledger.registry.values import Role

router = SliceRouter("/v1/approvals", tag="approvals")

_HASH = "9f2c1e5b7d3a4c6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f9000112233445566"
_REQUEST = {
    "number": "voucher.issue:A-1A2B-3C4D-5E6F7",
    "version": 1,
    "subject_kind": "voucher.issue",
    "subject": "A-1A2B-3C4D-5E6F7",
    "status": "awaiting",
    "awaits": "operator",
    "missing": 1,
    "maker": "P-1A2B-3C4D-5E6F7",
    "signatures": [],
    "asked_at": "2017-03-01T01:00:00Z",
}
_CONTENT = {"application": "A-1A2B-3C4D-5E6F7", "holder": "91331122MA0000267X", "granted_fen": 5_000_000}


class SignatureShown(Shown):
    person: str
    decision: Decision
    reason: str


class ApprovalShown(Shown):
    model_config = example(_REQUEST)

    number: str = Field(description="Kind and number of its subject, with a colon between")
    version: int = Field(description="Rises when the content changes; earlier signatures then count no more")
    subject_kind: str
    subject: str
    status: RequestStatus
    awaits: Role | None = Field(description="Whose signature comes next; null when it awaits nobody")
    missing: int = Field(description="Signatures that are missing, over all stages")
    maker: str = Field(description="Who made it, and never signs it")
    signatures: list[SignatureShown]
    asked_at: datetime


class ApprovalPage(Page[ApprovalShown]):
    model_config = example({"items": [_REQUEST], "next": None})


class ApprovalDocument(ApprovalShown):
    model_config = example({**_REQUEST, "content": _CONTENT, "content_hash": _HASH, "as_requested": True})

    content: dict[str, Any] = Field(description="Everything that is signed, as it stands now")
    content_hash: str = Field(description="SHA-256 over this content: send it with your decision")
    as_requested: bool = Field(description="Whether it is still what approval was asked for; if not, nobody can sign")


class Signature(Body):
    model_config = example({"content_hash": _HASH})

    content_hash: Line = Field(description="Of the content that you were shown")


class ApprovalRejection(Signature):
    model_config = example({"content_hash": _HASH, "reason": "The firm is larger than it declares"})

    reason: Text


class SignedAnswer(Written):
    model_config = example(
        {
            "request": "voucher.issue:A-1A2B-3C4D-5E6F7",
            "version": 1,
            "status": "given",
            "followed": {"voucher": "V-1A2B-3C4D-5E6F7", "face_fen": 5_000_000},
            "proof": PROOF_EXAMPLE,
        }
    )

    request: str
    version: int
    status: RequestStatus
    followed: dict[str, Any] = Field(description="What followed at once; the last signature sets it off")


class Interest(Body):
    model_config = example({"about": "91331122MA0000267X", "nature": "Her brother is a partner of the firm"})

    about: Line = Field(description="The request, by its number, or a party, by its code")
    nature: Text
    person: Line | None = Field(default=None, description="Whose interest; an auditor records somebody else's")


class InterestDeclared(Written):
    model_config = example({"person": "P-1A2B-3C4D-5E6F7", "about": "91331122MA0000267X", "proof": PROOF_EXAMPLE})

    person: str
    about: str


def _place(words: tuple[str, ...] | None) -> Place:
    return (whole_in(words[0]), whole_in(words[1]), words[2]) if words else BEFORE_ALL


def _summary(found: Asked) -> dict[str, Any]:
    """What a document shows beside what the request itself holds."""
    stage = found.request.stage if found.request.status is RequestStatus.AWAITING else None
    return {
        "awaits": stage.role if stage else None,
        "signatures": [SignatureShown.of(signature) for signature in found.request.signatures],
        "asked_at": found.asked_at,
    }


def _shown(found: Asked) -> ApprovalShown:
    return ApprovalShown.of(found.request, **_summary(found))


@router.get("", summary="What waits for a signature, the oldest first")
def approvals(
    reader: Reading,
    caller: TheCaller,
    paging: Paging,
    whose: Annotated[
        Literal["mine", "anybody's"], Query(description="`mine`: what you may sign now; `anybody's`: all that waits")
    ] = "mine",
) -> ApprovalPage:
    after = _place(paging.start(3))
    if whose == "mine":
        found = waiting_for(reader, caller.person, after, paging.look_ahead)
    else:
        found = waiting(reader, after, paging.look_ahead)
    return paging.page(ApprovalPage, found, _shown, lambda one: one.place)


@router.get("/{number}", summary="A request with exactly what is signed", response_model=ApprovalDocument)
def approval(number: str, request: Request, reader: Reading) -> Response:
    found = asked(reader, number)
    content = house().contents[found.request.subject_kind](reader, found.request.subject)
    shown_hash = content_hash(content)
    return document(
        request,
        ApprovalDocument.of(
            found.request,
            **_summary(found),
            content=plain(content),
            content_hash=shown_hash,
            as_requested=shown_hash == found.request.content_hash,
        ),
    )


@router.post("/{number}/signature", summary="Approve exactly what you were shown")
async def sign(number: str, body: Signature, sender: Sending) -> SignedAnswer:
    """Your signature. The last one sets off what was waiting for it, and is refused where that cannot be done yet."""
    subject_kind, subject = subject_of(number)
    answer = await sender.send(
        Approve(**sender.signed, subject_kind=subject_kind, subject=subject, content_hash=body.content_hash)
    )
    return SignedAnswer.told(answer, followed=_followed(answer))


@router.post("/{number}/rejection", summary="Reject what you were shown, with a reason")
async def reject(number: str, body: ApprovalRejection, sender: Sending) -> SignedAnswer:
    """One person's no ends this version; its maker learns the reason."""
    subject_kind, subject = subject_of(number)
    answer = await sender.send(
        Reject(
            **sender.signed,
            subject_kind=subject_kind,
            subject=subject,
            content_hash=body.content_hash,
            reason=body.reason,
        )
    )
    return SignedAnswer.told(answer, followed=_followed(answer))


_OWN = {"request", "version", "status", "signers", "missing"}


def _followed(answer: Answer) -> dict[str, Any]:
    """What the subject's slice answered beside the signature."""
    return {name: value for name, value in answer.body.items() if name not in _OWN}


@router.post("/interests", status_code=status.HTTP_201_CREATED, summary="Declare an interest, which keeps from signing")
async def declare_interest(body: Interest, sender: Sending, caller: TheCaller) -> InterestDeclared:
    person = body.person or caller.person
    command = DeclareInterest(**sender.signed, person=person, about=body.about, nature=body.nature)
    return InterestDeclared.told(await sender.send(command))
