"""Claims: a unit asks to be paid what firms have accepted; the commission reviews, finance signs under approvals."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response, status
from pydantic import Field

from api.access import CONTRACT
from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Filter, Line, Shown, Text, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.executor.listing import detail
from ledger.vouchers.answer_objection import AnswerObjection
from ledger.vouchers.appoint_experts import EXPERTS_MAX, AppointExperts
from ledger.vouchers.claim_values import Claim, RefusedLine
from ledger.vouchers.correct_claim import CorrectClaim
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.give_opinion import GiveOpinion, LineOpinion
from ledger.vouchers.listing import ClaimStep, claim_steps, claims_page
from ledger.vouchers.raise_objection import RaiseObjection
from ledger.vouchers.refusal_reasons import RefusalReason
from ledger.vouchers.refuse_lines import LineRefusal
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.rules import CLAIM_LINES_MAX
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS, OBJECTIONS
from ledger.vouchers.withdraw_claim import WithdrawClaim

router = SliceRouter("/v1/claims", tag="claims")

_CLAIM = {
    "number": "CL-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "scheme": "jinyun-2017",
    "year": 2017,
    "operator": "11331122MA0000002X",
    "filed_on": "2017-04-03",
    "state": "passed",
    "notice_until": "2017-04-12",
    "amount_fen": 2_000_000,
    "refused_fen": 0,
}
_LINE = {
    "contract": "C-1A2B-3C4D-5E6F7",
    "voucher": "V-1A2B-3C4D-5E6F7",
    "holder": "91331122MA0000267X",
    "bill": "BL-1A2B-3C4D-5E6F7",
    "amount_fen": 2_000_000,
    "budget_line": "AP-1A2B-3C4D-5E6F7",
    "calculation": "3b0c8d7e-52d7-5f0e-8f0a-8f1a1c2d3e4f",
    "citation": "invented#jinyun-2017",
}
_STEP = {"step": "passed", "taken_on": "2017-04-05", "reason": ""}
_OPINION = {
    "contract": "C-1A2B-3C4D-5E6F7",
    "expert": "P-1A2B-3C4D-5E6F7",
    "claim": "CL-1A2B-3C4D-5E6F7",
    "supports": True,
    "reason": "The tests belong to the development of a new alloy",
    "given_on": "2017-04-04",
}
_OBJECTION = {
    "number": "OBJ-1A2B-3C4D-5E6F7",
    "file_number": "信访〔2017〕12号",
    "reason": "The test was paid by the district already",
    "raised_on": "2017-04-07",
    "upheld": None,
    "answer": "",
    "answered_on": None,
}
_REFUSAL = {
    "contract": "C-9Z8Y-7X6W-5V4T3",
    "reason_code": "excluded-service",
    "sentence": "A statutory certification is not supported (article 7)",
}


class ClaimShown(Shown):
    model_config = example(_CLAIM)

    number: str
    unit: str = Field(description="Who claims and is paid: the unit; the firm, where the scheme pays the firm")
    scheme: str
    year: int = Field(description="Of the vouchers' budget")
    operator: str = Field(description="The commission that reviews it")
    filed_on: date
    state: ClaimState
    notice_until: date | None = Field(description="Last day of the public notice; finance signs after it")
    amount_fen: int = Field(description="Of the lines that go on")
    refused_fen: int = Field(description="Of the lines that were refused for good")


class ClaimLineShown(Shown):
    contract: str
    voucher: str
    holder: str
    bill: str
    amount_fen: int
    budget_line: str
    calculation: UUID | None = Field(description="Of what the voucher pays; see calculations")
    citation: str = Field(description="Source and article that it rests on")


class RefusedLineShown(ClaimLineShown):
    reason: RefusalReason
    sentence: str = Field(description="What the reason means in this case")


class ClaimPayableShown(Shown):
    number: str
    budget_line: str
    paid: bool


class ClaimStepShown(Shown):
    step: str
    taken_on: date
    reason: str


class CorrectionShown(Shown):
    claim: str = Field(description="The earlier claim")
    sent_back: str = Field(description="Why it was sent back")
    statement: str = Field(description="What the unit has corrected")


class OpinionShown(Shown):
    contract: str
    expert: str
    claim: str = Field(description="The claim for which it was given: this one, or one that it corrects")
    supports: bool
    reason: str
    given_on: date


class ObjectionShown(Shown):
    number: str
    file_number: str = Field(description="Of the paper in the commission's files, which say who objects")
    reason: str
    raised_on: date
    upheld: bool | None = Field(description="Null until it is answered; finance does not sign before")
    answer: str
    answered_on: date | None


class ClaimDocument(ClaimShown):
    model_config = example(
        {
            **_CLAIM,
            "lines": [_LINE],
            "refused": [],
            "payables": [],
            "corrects": None,
            "correct_until": None,
            "corrected_by": None,
            "opinions": [_OPINION],
            "objections": [_OBJECTION],
            "history": [_STEP],
        }
    )

    lines: list[ClaimLineShown]
    refused: list[RefusedLineShown]
    payables: list[ClaimPayableShown] = Field(description="What is to be paid, by budget line")
    corrects: CorrectionShown | None
    correct_until: date | None = Field(description="Of one that was sent back: last day on which it may be corrected")
    corrected_by: str | None = Field(description="The claim that corrects it")
    opinions: list[OpinionShown] = Field(description="Of experts, the latest of each on each line")
    objections: list[ObjectionShown] = Field(description="Raised during its public notice")
    history: list[ClaimStepShown] = Field(description="Its steps in their order, with the reason of each")


class ClaimPage(Page[ClaimShown]):
    model_config = example({"items": [_CLAIM], "next": None})


class NewClaim(Body):
    model_config = example({"unit": "12331122MA0000232L", "contracts": ["C-1A2B-3C4D-5E6F7"]})

    unit: Line = Field(description="Who claims: the unit; the firm, where the scheme pays the firm")
    contracts: Annotated[list[Line], Field(min_length=1, max_length=CLAIM_LINES_MAX)] = Field(
        description="Accepted, of one scheme and year; each is claimed with all that is redeemable"
    )


class Filed(Written):
    model_config = example({"claim": "CL-1A2B-3C4D-5E6F7", "amount_fen": 2_000_000, "lines": 1, "proof": PROOF_EXAMPLE})

    claim: str
    amount_fen: int
    lines: int


class CorrectionFiled(Body):
    model_config = example(
        {
            "unit": "12331122MA0000232L",
            "statement": "The test report is attached",
            "contracts": ["C-1A2B-3C4D-5E6F7"],
        }
    )

    unit: Line
    statement: Text = Field(description="What was corrected")
    contracts: Annotated[list[Line], Field(max_length=CLAIM_LINES_MAX)] = Field(
        default=[], description="Lines that are filed again; none named: all of them"
    )


class Withdrawal(Body):
    model_config = example({"reason": "The bill was wrong"})

    reason: Text


class Withdrawn(Written):
    model_config = example(
        {"claim": "CL-1A2B-3C4D-5E6F7", "state": "withdrawn", "amount_fen": 2_000_000, "proof": PROOF_EXAMPLE}
    )

    claim: str
    state: ClaimState
    amount_fen: int = Field(description="Redeemable again")


class RefusedLineNamed(Body):
    contract: Line
    reason_code: RefusalReason
    sentence: Text = Field(description="What the reason means in this case, with the article")


class Review(Body):
    model_config = example({"passed": True, "reason": "", "refused": [_REFUSAL]})

    passed: Annotated[bool, Field(strict=True, description="False sends it back to the unit, with the reason")]
    reason: str = Field(default="", max_length=200, strict=True)
    refused: Annotated[list[RefusedLineNamed], Field(max_length=CLAIM_LINES_MAX)] = Field(
        default=[], description="Lines that are refused for good, of a claim that is passed"
    )


class Reviewed(Written):
    model_config = example(
        {
            "claim": "CL-1A2B-3C4D-5E6F7",
            "state": "passed",
            "amount_fen": 2_000_000,
            "refused_fen": 0,
            "notice_until": "2017-04-12",
            "notice_provisional": False,
            "correct_until": None,
            "approval": {**APPROVAL_EXAMPLE, "kind": "voucher.claim", "subject": "CL-1A2B-3C4D-5E6F7"},
            "proof": PROOF_EXAMPLE,
        }
    )

    claim: str
    state: ClaimState
    amount_fen: int | None = Field(default=None, description="Of what goes on; null where nothing does")
    refused_fen: int = 0
    notice_until: date | None = Field(default=None, description="Last day of the public notice")
    notice_provisional: bool | None = Field(default=None, description="True: days of that year are not published yet")
    correct_until: date | None = Field(default=None, description="Of one that is sent back")
    approval: ApprovalAsked | None = Field(default=None, description="What finance is asked to sign")


def _refused(one: RefusedLine) -> RefusedLineShown:
    return RefusedLineShown.of(one.line, reason=one.reason, sentence=one.sentence)


def _whole(claim: Claim) -> dict[str, Any]:
    return {
        "lines": [ClaimLineShown.of(line) for line in claim.lines],
        "refused": [_refused(one) for one in claim.refused],
        "payables": [ClaimPayableShown.of(payable) for payable in claim.payables],
        "corrects": CorrectionShown.of(claim.corrects) if claim.corrects else None,
        "opinions": [OpinionShown.of(opinion) for opinion in claim.opinions],
    }


@router.get("", summary="Claims that you may see, newest first")
def claims(
    reader: Reading,
    paging: Paging,
    unit: Filter | None = None,
    scheme: Filter | None = None,
    last_step: ClaimStep | None = None,
) -> ClaimPage:
    found = claims_page(reader, paging.newest(), paging.look_ahead, unit=unit, scheme=scheme, last_step=last_step)
    return paging.page(ClaimPage, found, ClaimShown.of, lambda claim: (claim.filed_on, claim.number))


@router.get("/{number}", summary="A claim with its lines, steps and payables", response_model=ClaimDocument)
def claim(number: str, request: Request, reader: Reading) -> Response:
    history = [ClaimStepShown.of(step) for step in claim_steps(reader, number)]
    found = detail(reader, CLAIMS, number)
    objections = [ObjectionShown.of(one) for one in detail(reader, OBJECTIONS, number)]
    return document(request, ClaimDocument.of(found, **_whole(found), objections=objections, history=history))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Claim what firms have accepted")
async def file(body: NewClaim, sender: Sending) -> Filed:
    """By an officer of the unit; by the firm, where the scheme pays the firm and the bill is paid in full."""
    await sender.check_visible(CONTRACT, *body.contracts)
    command = FileClaim(**sender.signed, unit=body.unit, contracts=tuple(body.contracts))
    return Filed.told(await sender.send(command))


@router.post("/{number}/corrections", status_code=status.HTTP_201_CREATED, summary="File anew what was sent back")
async def correct(number: str, body: CorrectionFiled, sender: Sending) -> Filed:
    """The new claim names the old one, and may leave lines out. Until the day that was named when it was sent back."""
    await sender.check_visible(CONTRACT, *body.contracts)
    command = CorrectClaim(
        **sender.signed,
        unit=body.unit,
        corrects=number,
        statement=body.statement,
        contracts=tuple(body.contracts),
    )
    return Filed.told(await sender.send(command))


@router.post("/{number}/withdrawal", status_code=status.HTTP_201_CREATED, summary="Take a claim back")
async def withdraw(number: str, body: Withdrawal, sender: Sending) -> Withdrawn:
    """By the unit, before the commission has passed it. Every line is redeemable again."""
    return Withdrawn.told(await sender.send(WithdrawClaim(**sender.signed, claim=number, reason=body.reason)))


@router.post("/{number}/review", status_code=status.HTTP_201_CREATED, summary="Pass a claim on, or send it back")
async def review(number: str, body: Review, sender: Sending) -> Reviewed:
    """By the commission. What is passed has its public notice; single lines may be refused for good."""
    refused = tuple(LineRefusal(line.contract, line.reason_code, line.sentence) for line in body.refused)
    command = ReviewClaim(**sender.signed, claim=number, passed=body.passed, reason=body.reason, refused=refused)
    return Reviewed.told(await sender.send(command))


class NewObjection(Body):
    model_config = example({name: _OBJECTION[name] for name in ("file_number", "reason")})

    file_number: Line = Field(description="Of the paper in the commission's files")
    reason: Text = Field(description="What is objected")


class ObjectionRaised(Written):
    model_config = example(
        {
            "objection": "OBJ-1A2B-3C4D-5E6F7",
            "claim": "CL-1A2B-3C4D-5E6F7",
            "notice_until": "2017-04-12",
            "proof": PROOF_EXAMPLE,
        }
    )

    objection: str
    claim: str
    notice_until: date


@router.post("/{number}/objections", status_code=status.HTTP_201_CREATED, summary="Record an objection to a claim")
async def object_to(number: str, body: NewObjection, sender: Sending) -> ObjectionRaised:
    """By the commission, during the public notice. Finance cannot approve the claim until it is answered."""
    command = RaiseObjection(**sender.signed, claim=number, file_number=body.file_number, reason=body.reason)
    return ObjectionRaised.told(await sender.send(command))


class ObjectionAnswer(Body):
    model_config = example({"upheld": False, "reason": "The district's decision names another contract"})

    upheld: Annotated[bool, Field(strict=True, description="True sends the claim back to the unit")]
    reason: Text


class ObjectionAnswered(Written):
    model_config = example(
        {
            "objection": "OBJ-1A2B-3C4D-5E6F7",
            "upheld": False,
            "claim": "CL-1A2B-3C4D-5E6F7",
            "state": "passed",
            "correct_until": None,
            "proof": PROOF_EXAMPLE,
        }
    )

    objection: str
    upheld: bool
    claim: str
    state: ClaimState
    correct_until: date | None = Field(default=None, description="Of a claim that goes back")


@router.post(
    "/{number}/objections/{objection}/answer", status_code=status.HTTP_201_CREATED, summary="Answer an objection"
)
async def answer(number: str, objection: str, body: ObjectionAnswer, sender: Sending) -> ObjectionAnswered:
    """By another officer of the commission than the one who passed the claim."""
    command = AnswerObjection(
        **sender.signed, claim=number, objection=objection, upheld=body.upheld, reason=body.reason
    )
    return ObjectionAnswered.told(await sender.send(command))


class NewPanel(Body):
    model_config = example({"experts": ["P-1A2B-3C4D-5E6F7", "P-2A2B-3C4D-5E6F7"]})

    experts: Annotated[list[Line], Field(min_length=1, max_length=EXPERTS_MAX)]


class PanelAppointed(Written):
    model_config = example({"claim": "CL-1A2B-3C4D-5E6F7", "experts": ["P-1A2B-3C4D-5E6F7"], "proof": PROOF_EXAMPLE})

    claim: str
    experts: list[str] = Field(description="All who are appointed by now")


@router.post("/{number}/experts", status_code=status.HTTP_201_CREATED, summary="Appoint experts for a claim")
async def appoint(number: str, body: NewPanel, sender: Sending) -> PanelAppointed:
    """By the commission. Nobody of the unit or of a holder, and nobody with a declared interest."""
    command = AppointExperts(**sender.signed, claim=number, experts=tuple(body.experts))
    return PanelAppointed.told(await sender.send(command))


class NewLineOpinion(Body):
    contract: Line
    supports: Annotated[bool, Field(strict=True)]
    reason: Text


class NewOpinion(Body):
    model_config = example({"lines": [{name: _OPINION[name] for name in ("contract", "supports", "reason")}]})

    lines: Annotated[list[NewLineOpinion], Field(min_length=1, max_length=CLAIM_LINES_MAX)]


class OpinionGiven(Written):
    model_config = example({"claim": "CL-1A2B-3C4D-5E6F7", "lines": 1, "proof": PROOF_EXAMPLE})

    claim: str
    lines: int = Field(description="Lines that were judged")


@router.post("/{number}/opinions", status_code=status.HTTP_201_CREATED, summary="Judge lines of a claim as an expert")
async def judge(number: str, body: NewOpinion, sender: Sending) -> OpinionGiven:
    """By an appointed expert, once for each line. Whoever passes the claim against most of them says why."""
    lines = tuple(
        LineOpinion(contract=line.contract, supports=line.supports, reason=line.reason) for line in body.lines
    )
    return OpinionGiven.told(await sender.send(GiveOpinion(**sender.signed, claim=number, lines=lines)))
