"""Conversions of fees into a share: appraised, resolved, proposed, registered, published."""

from datetime import date

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Day, Fen, Filter, Line, Shown, Text, Whole, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.equity.convert import BILLS_MAX, ProposeConversion
from ledger.equity.file_appraisal import FileAppraisal, GiveUpConversion
from ledger.equity.listing import conversions_page
from ledger.equity.record_resolution import RecordResolution
from ledger.equity.register_conversion import PublishConversion, RegisterConversion
from ledger.equity.store import CONVERSIONS
from ledger.equity.values import Conversion, ConversionState
from ledger.executor.listing import detail

router = SliceRouter("/v1/equity", tag="equity")

_APPRAISAL = {
    "report_number": "评报字〔2026〕88号",
    "filing_number": "备2026-17",
    "appraised_on": "2026-11-01",
    "appraised_fen": 60_000_000,
    "pre_money_fen": 2_000_000_000,
}
_RESOLUTION = {"number": "股东会2026-4", "resolved_on": "2026-11-10", "registered_fen": 200_000_000}
_PART = {"bill": "BL-1A2B-3C4D-5E6F7", "convertible_fen": 56_603_774, "amount_fen": 56_603_774}
_PROPOSAL = {
    "version": 1,
    "fee_fen": 56_603_774,
    "converted_fen": 56_603_774,
    "new_registered_fen": 5_660_377,
    "reserve_fen": 50_943_397,
    "bills": [_PART],
}
_CONVERSION = {
    "number": "EC-1A2B-3C4D-5E6F7",
    "agreement": "EA-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "firm": "91331122MA0000267X",
    **_APPRAISAL,
    "valid_until": "2027-11-01",
    "state": "held",
    "resolution": _RESOLUTION,
    "proposal": _PROPOSAL,
    "days": {"appraised": "2026-11-01", "resolved": "2026-11-10", "converted": "2026-11-20"},
}


class ResolutionShown(Shown):
    model_config = example(_RESOLUTION)

    number: str
    resolved_on: date
    registered_fen: int = Field(description="Registered capital before")


class ConvertedBillShown(Shown):
    model_config = example(_PART)

    bill: str
    convertible_fen: int = Field(description="What of the bill might convert")
    amount_fen: int = Field(description="What does; the rest stays payable in cash")


class ConversionProposalShown(Shown):
    model_config = example(_PROPOSAL)

    version: int
    fee_fen: int = Field(description="What may convert of the bills, no more than was appraised")
    converted_fen: int
    new_registered_fen: int
    reserve_fen: int
    bills: list[ConvertedBillShown]


class ConversionShown(Shown):
    model_config = example(_CONVERSION)

    number: str
    agreement: str
    unit: str
    firm: str
    report_number: str
    filing_number: str
    appraised_on: date
    valid_until: date = Field(description="Last day on which the appraisal is good")
    appraised_fen: int
    pre_money_fen: int
    state: ConversionState
    resolution: ResolutionShown | None
    proposal: ConversionProposalShown | None
    days: dict[ConversionState, date]


class ConversionPage(Page[ConversionShown]):
    model_config = example({"items": [_CONVERSION], "next": None})


def _shown(conversion: Conversion) -> ConversionShown:
    resolution, proposal = conversion.resolution, conversion.proposal
    return ConversionShown.of(
        conversion,
        resolution=ResolutionShown.of(resolution) if resolution else None,
        proposal=ConversionProposalShown.of(proposal, bills=[ConvertedBillShown.of(one) for one in proposal.bills])
        if proposal
        else None,
        days=dict(conversion.days),
    )


@router.get("/conversions", summary="Conversions, the newest first")
def conversions(
    reader: Reading, paging: Paging, agreement: Filter | None = None, unit: Filter | None = None
) -> ConversionPage:
    """A unit and a firm see their own."""
    found = conversions_page(reader, paging.newest(), paging.look_ahead, agreement=agreement, unit=unit)
    return paging.page(ConversionPage, found, _shown, lambda one: (one.recorded_on, one.number))


@router.get("/conversions/{number}", summary="One conversion", response_model=ConversionShown)
def conversion(number: str, request: Request, reader: Reading) -> Response:
    return document(request, _shown(detail(reader, CONVERSIONS, number)))


class NewAppraisal(Body):
    model_config = example(_APPRAISAL | {"appraisal_fee_fen": 1_200_000})

    report_number: Line
    filing_number: Line
    appraised_on: Day
    appraised_fen: Fen = Field(description="What the claim is worth: no more converts")
    pre_money_fen: Fen = Field(description="What the firm is worth before")
    appraisal_fee_fen: Whole = Field(default=0, ge=0, description="Paid by the unit; a part of what the share costs")


class ConversionStep(Written):
    model_config = example({"conversion": "EC-1A2B-3C4D-5E6F7", "state": "resolved", "proof": PROOF_EXAMPLE})

    conversion: str
    state: ConversionState


class ConversionBegun(ConversionStep):
    model_config = example(
        {
            "conversion": "EC-1A2B-3C4D-5E6F7",
            "agreement": "EA-1A2B-3C4D-5E6F7",
            "state": "appraised",
            "valid_until": "2027-11-01",
            "proof": PROOF_EXAMPLE,
        }
    )

    agreement: str
    valid_until: date


@router.post(
    "/agreements/{number}/appraisals",
    status_code=status.HTTP_201_CREATED,
    summary="File an appraisal: a conversion begins",
)
async def file_appraisal(number: str, body: NewAppraisal, sender: Sending) -> ConversionBegun:
    """By an officer of the unit."""
    command = FileAppraisal(**sender.signed, agreement=number, **body.model_dump())
    return ConversionBegun.told(await sender.send(command))


class GivenUp(Body):
    model_config = example({"reason": "评估报告过期"})

    reason: Text


@router.post("/conversions/{number}/giving-up", status_code=status.HTTP_201_CREATED, summary="Give a conversion up")
async def give_up_conversion(number: str, body: GivenUp, sender: Sending) -> ConversionStep:
    """By an officer of the unit, before anything has converted."""
    command = GiveUpConversion(**sender.signed, conversion=number, reason=body.reason)
    return ConversionStep.told(await sender.send(command))


class NewResolution(Body):
    model_config = example(
        {
            "resolution_number": "股东会2026-4",
            "resolved_on": "2026-11-10",
            "votes_for": 90,
            "votes_all": 100,
            "registered_fen": 200_000_000,
            "priority_waived": True,
        }
    )

    resolution_number: Line
    resolved_on: Day
    votes_for: Whole
    votes_all: Whole = Field(description="All there are, whoever came")
    registered_fen: Fen = Field(description="Registered capital before the increase")
    priority_waived: bool


@router.post(
    "/conversions/{number}/resolution", status_code=status.HTTP_201_CREATED, summary="Record the members' resolution"
)
async def record_resolution(number: str, body: NewResolution, sender: Sending) -> ConversionStep:
    """By a person of the firm."""
    command = RecordResolution(**sender.signed, conversion=number, **body.model_dump())
    return ConversionStep.told(await sender.send(command))


class NewProposal(Body):
    model_config = example({"bills": ["BL-1A2B-3C4D-5E6F7"]})

    bills: list[Line] = Field(min_length=1, max_length=BILLS_MAX)


class ProposedPart(Body):
    bill: str
    amount_fen: int


class ConversionProposed(Written):
    model_config = example(
        {
            "conversion": "EC-1A2B-3C4D-5E6F7",
            "version": 1,
            "converted_fen": 56_603_774,
            "new_registered_fen": 5_660_377,
            "reserve_fen": 50_943_397,
            "share": "0.027523",
            "bills": [{"bill": "BL-1A2B-3C4D-5E6F7", "amount_fen": 56_603_774}],
            "approval": {"kind": "equity.conversion", "subject": "EC-1A2B-3C4D-5E6F7", "content_hash": "6" * 64},
            "proof": PROOF_EXAMPLE,
        }
    )

    conversion: str
    version: int
    converted_fen: int
    new_registered_fen: int
    reserve_fen: int
    share: str = Field(description="Of the unit afterwards, six places")
    bills: list[ProposedPart]
    approval: ApprovalAsked


@router.post(
    "/conversions/{number}/proposals", status_code=status.HTTP_201_CREATED, summary="Propose which bills convert"
)
async def propose_conversion(number: str, body: NewProposal, sender: Sending) -> ConversionProposed:
    """By an officer of the unit; another signs through approvals, and with that it is posted."""
    command = ProposeConversion(**sender.signed, conversion=number, bills=tuple(body.bills))
    return ConversionProposed.told(await sender.send(command))


class ConversionDone(Body):
    model_config = example({"document_number": "变更通知2026-55", "happened_on": "2026-11-25"})

    document_number: Line
    happened_on: Day


class ConversionDue(ConversionStep):
    model_config = example(
        {
            "conversion": "EC-1A2B-3C4D-5E6F7",
            "state": "registered",
            "due_on": "2026-12-10",
            "late": False,
            "proof": PROOF_EXAMPLE,
        }
    )

    due_on: date
    late: bool


@router.post(
    "/conversions/{number}/registration", status_code=status.HTTP_201_CREATED, summary="The share is registered"
)
async def register_conversion(number: str, body: ConversionDone, sender: Sending) -> ConversionDue:
    command = RegisterConversion(**sender.signed, conversion=number, **body.model_dump())
    return ConversionDue.told(await sender.send(command))


@router.post(
    "/conversions/{number}/publication", status_code=status.HTTP_201_CREATED, summary="What was paid in is published"
)
async def publish_conversion(number: str, body: ConversionDone, sender: Sending) -> ConversionDue:
    command = PublishConversion(**sender.signed, conversion=number, **body.model_dump())
    return ConversionDue.told(await sender.send(command))
