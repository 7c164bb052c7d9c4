"""What takes two people of the commission: extensions, revocations, refunds, claw-backs, flags; what was proposed."""

from datetime import date
from typing import Annotated, Any

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Day, Filter, Line, Shown, Text, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routes.bills import NewCreditNote
from api.routing import SliceRouter
from ledger.executor.listing import detail
from ledger.vouchers.claw_back import Against, ProposeClawBack
from ledger.vouchers.decide_refund import ProposeRefund
from ledger.vouchers.extend import ProposeExtension
from ledger.vouchers.flag_holder import ProposeFlag
from ledger.vouchers.lift_flag import ProposeLift
from ledger.vouchers.listing import proposals_page
from ledger.vouchers.revoke import ProposeRevocation
from ledger.vouchers.rules import CLAIM_LINES_MAX
from ledger.vouchers.states import ProposalState
from ledger.vouchers.store import PROPOSALS
from ledger.vouchers.values import RevocationGround

router = SliceRouter("/v1", tag="decisions")

_PROPOSAL = {
    "number": "PR-1A2B-3C4D-5E6F7",
    "kind": "voucher.extension",
    "operator": "11331122MA0000002X",
    "holder": "91331122MA0000267X",
    "voucher": "V-1A2B-3C4D-5E6F7",
    "state": "proposed",
    "proposed_on": "2017-06-01",
    "maker": "P-1A2B-3C4D-5E6F7",
}
_RULING = {
    "ground": "fraud",
    "decision_number": "缙科罚〔2017〕3号",
    "reason": "The contract was invented",
    "decided_on": "2017-03-01",
    "appeal_until": "2017-04-30",
    "flagged_until": None,
}


def _asked(kind: str) -> dict[str, Any]:
    return {
        "proposal": _PROPOSAL["number"],
        "approval": {**APPROVAL_EXAMPLE, "kind": kind, "subject": _PROPOSAL["number"]},
        "proof": PROOF_EXAMPLE,
    }


class ProposalShown(Shown):
    """Proposed by one person of the commission; another signs exactly what was shown, or refuses."""

    model_config = example(_PROPOSAL)

    number: str
    kind: str
    operator: str = Field(description="The commission whose people decide")
    holder: str = Field(description="Whose rights change")
    voucher: str | None
    state: ProposalState
    proposed_on: date
    maker: str


class ProposalPage(Page[ProposalShown]):
    model_config = example({"items": [_PROPOSAL], "next": None})


class ProposalDocument(ProposalShown):
    model_config = example({**_PROPOSAL, "content": {"proposal": _PROPOSAL["number"], "months": 3}})

    content: dict[str, Any] = Field(description="Exactly what the second person is shown")


@router.get("/proposals", summary="What was proposed about vouchers and their holders, newest first")
def proposals(
    reader: Reading, paging: Paging, voucher: Filter | None = None, holder: Filter | None = None
) -> ProposalPage:
    found = proposals_page(reader, paging.newest(), paging.look_ahead, voucher=voucher, holder=holder)
    return paging.page(ProposalPage, found, ProposalShown.of, lambda one: (one.proposed_on, one.number))


@router.get("/proposals/{number}", summary="A proposal with all that is signed", response_model=ProposalDocument)
def proposal(number: str, request: Request, reader: Reading) -> Response:
    return document(request, ProposalDocument.of(detail(reader, PROPOSALS, number)))


class Proposed(Written):
    proposal: str
    approval: ApprovalAsked = Field(description="What a second person is asked to sign")


# -- a later last day --------------------------------------------------------------------------------------------------


class NewExtension(Body):
    model_config = example({"months": 3, "reason": "The furnace was out of order in May"})

    months: Annotated[int, Field(strict=True, ge=1, le=120)] = Field(description="Counted from its last day")
    reason: Text


class ExtensionProposed(Proposed):
    model_config = example(
        {
            **_asked("voucher.extension"),
            "voucher": "V-1A2B-3C4D-5E6F7",
            "expires_on": "2018-03-31",
            "synthetic": True,
        }
    )

    voucher: str
    expires_on: date = Field(description="Its last day once it is signed")
    synthetic: bool = Field(description="True: figures of the scheme are invented")


@router.post("/vouchers/{number}/extensions", status_code=status.HTTP_201_CREATED, summary="Propose a later last day")
async def extend(number: str, body: NewExtension, sender: Sending) -> ExtensionProposed:
    """By the commission, where the scheme allows it."""
    command = ProposeExtension(**sender.signed, voucher=number, months=body.months, reason=body.reason)
    return ExtensionProposed.told(await sender.send(command))


# -- rulings -----------------------------------------------------------------------------------------------------------


class Ruling(Body):
    model_config = example(_RULING)

    ground: RevocationGround = Field(description="Reason code")
    decision_number: Line = Field(description="Of the decision that was served")
    reason: Text
    decided_on: Day
    appeal_until: Day = Field(description="Last day on which it could be appealed, as it says itself")
    flagged_until: Day | None = Field(
        default=None, description="Last day on which the holder gets nothing new; null: until the flag is lifted"
    )


class RevocationProposed(Proposed):
    model_config = example({**_asked("voucher.revocation"), "voucher": "V-1A2B-3C4D-5E6F7", "open_fen": 3_000_000})

    voucher: str
    open_fen: int = Field(description="What would be revoked today")


@router.post(
    "/vouchers/{number}/revocations", status_code=status.HTTP_201_CREATED, summary="Propose to revoke a voucher"
)
async def revoke(number: str, body: Ruling, sender: Sending) -> RevocationProposed:
    """By the commission, once the decision can no longer be appealed. The second signature flags the holder too."""
    command = ProposeRevocation(
        **sender.signed,
        voucher=number,
        ground=body.ground,
        decision_number=body.decision_number,
        reason=body.reason,
        decided_on=body.decided_on,
        appeal_until=body.appeal_until,
        flagged_until=body.flagged_until,
    )
    return RevocationProposed.told(await sender.send(command))


class ClawBackRuling(Ruling):
    model_config = example({**_RULING, "contracts": ["C-1A2B-3C4D-5E6F7"], "against": "holder"})

    contracts: Annotated[list[Line], Field(min_length=1, max_length=CLAIM_LINES_MAX)] = Field(
        description="Paid by the voucher; each with all that was paid and is not owed back"
    )
    against: Against = Field(description="Who pays back; against the holder, what is open is revoked as well")


class RecoveryProposed(Proposed):
    recovered_fen: int = Field(description="What will be owed back")


class ClawBackProposed(RecoveryProposed):
    model_config = example({**_asked("voucher.claw-back"), "voucher": "V-1A2B-3C4D-5E6F7", "recovered_fen": 2_000_000})

    voucher: str


@router.post(
    "/vouchers/{number}/claw-backs", status_code=status.HTTP_201_CREATED, summary="Propose to claw back what was paid"
)
async def claw_back(number: str, body: ClawBackRuling, sender: Sending) -> ClawBackProposed:
    """By the commission, once the ruling can no longer be appealed. One obligation comes of each contract."""
    command = ProposeClawBack(
        **sender.signed,
        voucher=number,
        contracts=tuple(body.contracts),
        against=body.against,
        ground=body.ground,
        decision_number=body.decision_number,
        reason=body.reason,
        decided_on=body.decided_on,
        appeal_until=body.appeal_until,
        flagged_until=body.flagged_until,
    )
    return ClawBackProposed.told(await sender.send(command))


class NewRefund(NewCreditNote):
    model_config = example(
        {
            "decision_number": "缙科退〔2017〕2号",
            "invoice_number": "20170000000000000098",
            "invoice_date": "2017-05-08",
            "amount_fen": 1_000_000,
            "reason": "A quarter of the tests was not done",
        }
    )

    decision_number: Line = Field(description="Of the commission's paper that the debtor is served")


class RefundProposed(RecoveryProposed):
    model_config = example(
        {
            **_asked("voucher.refund"),
            "contract": "C-1A2B-3C4D-5E6F7",
            "recovered_fen": 500_000,
            "debtor": "12331122MA0000232L",
        }
    )

    contract: str
    debtor: str


@router.post(
    "/contracts/{number}/refunds", status_code=status.HTTP_201_CREATED, summary="Propose a refund of a paid service"
)
async def refund(number: str, body: NewRefund, sender: Sending) -> RefundProposed:
    """By the commission, on the unit's red invoice. The voucher's share is computed anew; the rest is owed back."""
    command = ProposeRefund(**sender.signed, contract=number, decision_number=body.decision_number, red=body.red())
    return RefundProposed.told(await sender.send(command))


# -- flags -------------------------------------------------------------------------------------------------------------


class NewFlag(Body):
    model_config = example(
        {"decision_number": "缙科罚〔2017〕4号", "reason": "False statements", "until": "2018-12-31"}
    )

    decision_number: Line
    reason: Text
    until: Day | None = Field(default=None, description="Last day; null: until it is lifted")


class FlagProposed(Proposed):
    model_config = example(_asked("voucher.flag"))


@router.post(
    "/organisations/{code}/flags", status_code=status.HTTP_201_CREATED, summary="Propose that a holder gets nothing new"
)
async def flag(code: str, body: NewFlag, sender: Sending) -> FlagProposed:
    """By the commission. From the second signature on there is no new voucher and no new reservation."""
    command = ProposeFlag(
        **sender.signed, holder=code, decision_number=body.decision_number, reason=body.reason, until=body.until
    )
    return FlagProposed.told(await sender.send(command))


class Lifting(Body):
    model_config = example({"decision_number": "缙科复〔2017〕1号", "reason": "The appeal was upheld"})

    decision_number: Line
    reason: Text


class LiftingProposed(Proposed):
    model_config = example(_asked("voucher.flag-lift"))


@router.post(
    "/organisations/{code}/flags/{flag}/lifting",
    status_code=status.HTTP_201_CREATED,
    summary="Propose to lift a flag",
)
async def lift(code: str, flag: str, body: Lifting, sender: Sending) -> LiftingProposed:
    """By the commission that set it."""
    command = ProposeLift(
        **sender.signed, holder=code, flag=flag, decision_number=body.decision_number, reason=body.reason
    )
    return LiftingProposed.told(await sender.send(command))
