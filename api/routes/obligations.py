"""What is owed back to a bureau, and the steps by which it is settled; each step takes two people."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request, Response, status
from pydantic import Field

from api.access import PAYABLE
from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Day, Fen, Filter, Line, Shown, Text, example
from api.dependencies import Reading, Sending, Today
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.executor.listing import detail
from ledger.obligations.charge_interest import ChargeInterest
from ledger.obligations.listing import obligations_page
from ledger.obligations.offset import OffsetRecovery
from ledger.obligations.receive import ReceiveRecovery
from ledger.obligations.remit import RemitRecovery
from ledger.obligations.store import OBLIGATIONS
from ledger.obligations.values import Obligation, ObligationState, StepKind, StepState
from ledger.obligations.write_off import WriteOffRecovery

router = SliceRouter("/v1/obligations", tag="obligations")

_OBLIGATION = {
    "number": "OB-1A2B-3C4D-5E6F7",
    "debtor": "12331122MA0000232L",
    "creditor": "11331122MA0000002X",
    "subject_kind": "voucher.refund",
    "subject": "C-1A2B-3C4D-5E6F7",
    "ground": "refund",
    "decision_number": "缙科退〔2017〕2号",
    "citation": "invented#jinyun-2017",
    "amount_fen": 500_000,
    "interest_fen": 0,
    "open_fen": 500_000,
    "pending_fen": 0,
    "decided_on": "2017-05-09",
    "due_on": "2017-06-01",
    "due_provisional": False,
    "scheme": "jinyun-2017",
    "year": 2017,
    "state": "open",
}
_STEP = {
    "number": "OS-1A2B-3C4D-5E6F7",
    "kind": "receipt",
    "amount_fen": 300_000,
    "dated_on": "2017-05-15",
    "reference": "20170515-0031",
    "payable": None,
    "reason": "",
    "state": "posted",
    "posted_on": "2017-05-15",
    "principal_fen": 300_000,
    "interest_fen": 0,
}


class ObligationShown(Shown):
    """Decided + interest = received + set off + written off + open."""

    model_config = example(_OBLIGATION)

    number: str
    debtor: str
    creditor: str
    subject_kind: str = Field(description="What was paid and is recovered")
    subject: str
    ground: str
    decision_number: str
    citation: str = Field(description="Source and article that it rests on")
    amount_fen: int = Field(description="Principal")
    interest_fen: int = Field(description="Charged for being late")
    open_fen: int
    pending_fen: int = Field(description="Of what is open, spoken for by steps that await a signature")
    decided_on: date
    due_on: date = Field(description="Last day to pay without being late")
    due_provisional: bool = Field(description="True: days of that year are not published yet, and it may move")
    scheme: str
    year: int = Field(description="Of the budget that was spent")
    state: ObligationState


class ObligationStepShown(Shown):
    number: str
    kind: StepKind
    amount_fen: int
    dated_on: date | None = Field(description="The bank's or the treasury's date; of interest, its last day")
    reference: str
    payable: str | None = Field(description="Against what is set off")
    reason: str
    state: StepState
    posted_on: date | None
    principal_fen: int
    interest_fen: int


class ObligationPage(Page[ObligationShown]):
    model_config = example({"items": [_OBLIGATION], "next": None})


class ObligationDocument(ObligationShown):
    model_config = example({**_OBLIGATION, "steps": [_STEP]})

    steps: list[ObligationStepShown]


def _shown(found: Obligation, today: date) -> dict[str, Any]:
    return {"state": found.state(today)}


@router.get("", summary="What you owe, or what is owed to you, newest first")
def obligations(
    reader: Reading,
    paging: Paging,
    today: Today,
    debtor: Filter | None = None,
    subject: Filter | None = None,
    state: ObligationState | None = None,
) -> ObligationPage:
    found = obligations_page(
        reader, paging.newest(), paging.look_ahead, today=today, debtor=debtor, subject=subject, state=state
    )
    return paging.page(
        ObligationPage,
        found,
        lambda one: ObligationShown.of(one, **_shown(one, today)),
        lambda one: (one.decided_on, one.number),
    )


@router.get("/{number}", summary="An obligation with its steps", response_model=ObligationDocument)
def obligation(number: str, request: Request, reader: Reading, today: Today) -> Response:
    found = detail(reader, OBLIGATIONS, number)
    steps = [ObligationStepShown.of(step, **step.parts._asdict()) for step in found.steps]
    return document(request, ObligationDocument.of(found, **_shown(found, today), steps=steps))


class ObligationStepProposed(Written):
    model_config = example(
        {
            "step": "OS-1A2B-3C4D-5E6F7",
            "obligation": "OB-1A2B-3C4D-5E6F7",
            "amount_fen": 300_000,
            "approval": {**APPROVAL_EXAMPLE, "kind": "obligation.receipt", "subject": "OS-1A2B-3C4D-5E6F7"},
            "proof": PROOF_EXAMPLE,
        }
    )

    step: str
    obligation: str
    amount_fen: int
    approval: ApprovalAsked = Field(description="What an officer of finance is asked to sign")


class NewRecovery(Body):
    model_config = example(
        {name: _STEP[name] for name in ("amount_fen",)}
        | {
            "received_on": "2017-05-15",
            "bank_reference": "20170515-0031",
        }
    )

    amount_fen: Fen
    received_on: Day = Field(description="As the bank's slip says")
    bank_reference: Line = Field(description="A slip counts once")


@router.post("/{number}/receipts", status_code=status.HTTP_201_CREATED, summary="Record what the debtor has paid")
async def receive(number: str, body: NewRecovery, sender: Sending) -> ObligationStepProposed:
    """By the bureau. What comes in the year of its budget may be spent again; what comes later is the treasury's."""
    command = ReceiveRecovery(
        **sender.signed,
        obligation=number,
        amount_fen=body.amount_fen,
        received_on=body.received_on,
        bank_reference=body.bank_reference,
    )
    return ObligationStepProposed.told(await sender.send(command))


class NewOffset(Body):
    model_config = example(
        {
            "payable": "PAY-1A2B-3C4D-5E6F7",
            "amount_fen": 200_000,
            "decision_number": "缙财抵〔2017〕1号",
            "reason": "Agreed with the laboratory",
        }
    )

    payable: Line = Field(description="What the debtor is to be paid by the same bureau, in no batch yet")
    amount_fen: Fen
    decision_number: Line
    reason: Text


@router.post("/{number}/offsets", status_code=status.HTTP_201_CREATED, summary="Keep a part of what it is to be paid")
async def offset(number: str, body: NewOffset, sender: Sending) -> ObligationStepProposed:
    """By a decision: gross on both sides, and the bank pays the rest."""
    await sender.check_visible(PAYABLE, body.payable)
    command = OffsetRecovery(
        **sender.signed,
        obligation=number,
        payable=body.payable,
        amount_fen=body.amount_fen,
        decision_number=body.decision_number,
        reason=body.reason,
    )
    return ObligationStepProposed.told(await sender.send(command))


class NewWriteOff(Body):
    model_config = example(
        {"amount_fen": 200_000, "decision_number": "缙财核〔2018〕1号", "reason": "The firm was struck off"}
    )

    amount_fen: Fen
    decision_number: Line
    reason: Text


@router.post("/{number}/write-offs", status_code=status.HTTP_201_CREATED, summary="Give up what will not be had")
async def write_off(number: str, body: NewWriteOff, sender: Sending) -> ObligationStepProposed:
    """By a decision. What the debtor owes it owes all the same."""
    command = WriteOffRecovery(
        **sender.signed,
        obligation=number,
        amount_fen=body.amount_fen,
        decision_number=body.decision_number,
        reason=body.reason,
    )
    return ObligationStepProposed.told(await sender.send(command))


class NewInterest(Body):
    model_config = example({"until": "2017-07-31", "decision_number": "缙财息〔2017〕1号"})

    until: Day = Field(description="Last day it is charged for; at the latest today")
    decision_number: Line


class InterestProposed(ObligationStepProposed):
    model_config = example(
        {
            "step": "OS-1A2B-3C4D-5E6F7",
            "obligation": "OB-1A2B-3C4D-5E6F7",
            "amount_fen": 15_000,
            "approval": {**APPROVAL_EXAMPLE, "kind": "obligation.interest", "subject": "OS-1A2B-3C4D-5E6F7"},
            "synthetic": True,
            "calculation": "3b0c8d7e-52d7-5f0e-8f0a-8f1a1c2d3e4f",
            "proof": PROOF_EXAMPLE,
        }
    )

    synthetic: bool = Field(description="True: the rate is invented")
    calculation: UUID


@router.post("/{number}/interest", status_code=status.HTTP_201_CREATED, summary="Charge what being late costs")
async def charge(number: str, body: NewInterest, sender: Sending) -> InterestProposed:
    """By a decision, where the scheme has late interest."""
    command = ChargeInterest(**sender.signed, obligation=number, until=body.until, decision_number=body.decision_number)
    return InterestProposed.told(await sender.send(command))


class NewRemittance(Body):
    model_config = example({"remitted_on": "2018-01-12", "remittance_number": "缴款书2018-0007"})

    remitted_on: Day
    remittance_number: Line


@router.post(
    "/{number}/remittances", status_code=status.HTTP_201_CREATED, summary="Hand over what belongs to the treasury"
)
async def remit(number: str, body: NewRemittance, sender: Sending) -> ObligationStepProposed:
    """All that came in, belongs to the treasury and was not handed over yet."""
    command = RemitRecovery(
        **sender.signed,
        obligation=number,
        remitted_on=body.remitted_on,
        remittance_number=body.remittance_number,
    )
    return ObligationStepProposed.told(await sender.send(command))
