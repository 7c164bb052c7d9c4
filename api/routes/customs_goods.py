"""Goods that came in without duty, and where they are used: items of declarations, ends of supervision, moves."""

from datetime import date
from typing import Any

from fastapi import Request, Response, status
from pydantic import Field

from api.access import INSTRUMENT
from api.answers import JUDGED_EXAMPLE, PROOF_EXAMPLE, UseJudged, Written
from api.bodies import Body, Day, Fen, Filter, Line, Shown, Text, Whole, example
from api.dependencies import Reading, Sending, Today
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.customs.end_item import EndItem
from ledger.customs.listing import ItemFilter, items_page, moves_page
from ledger.customs.move_instrument import ApplyMove, StepMove
from ledger.customs.record_item import ItemShare, RecordItem
from ledger.customs.register_office import RegisterCustomsOffice
from ledger.customs.store import ITEMS, MOVES
from ledger.customs.values import GoodsKind, Item, ItemOutcome, MoveState
from ledger.executor.listing import detail

router = SliceRouter("/v1/customs", tag="customs", noted=True)

# -- offices -----------------------------------------------------------------------------------------------------------


class NewCustomsOffice(Body):
    model_config = example({"bureau": "11331122MA000061XX", "district": "0113", "document_number": "关函〔2026〕1号"})

    bureau: Line
    district: Line = Field(description="Four digits; one that ends in 00 is a direct customs with all its offices")
    document_number: Line


class CustomsOfficeRegistered(Written):
    model_config = example({"bureau": "11331122MA000061XX", "district": "0113", "proof": PROOF_EXAMPLE})

    bureau: str
    district: str


@router.post("/offices", status_code=status.HTTP_201_CREATED, summary="Say which bureau is the customs of a district")
async def register_office(body: NewCustomsOffice, sender: Sending) -> CustomsOfficeRegistered:
    """By an operator. From then on the bureau's clients see that district, and nothing else of the book."""
    command = RegisterCustomsOffice(
        **sender.signed, bureau=body.bureau, district=body.district, document_number=body.document_number
    )
    return CustomsOfficeRegistered.told(await sender.send(command))


# -- items -------------------------------------------------------------------------------------------------------------

_SHARE = {"instrument": "I-1A2B-3C4D-5E6F7", "value_fen": 365_000_000}
_FACTS = {
    "unit": "12331122MA0000232L",
    "certificate_number": "Z01011234567",
    "declaration_number": "011320251000001234",
    "line": 1,
    "hs_code": "9027809990",
    "policy_document": "财关税〔2021〕23号",
    "kind": "other",
    "shares": [_SHARE],
    "duty_rate": "0.05",
    "vat_rate": "0.13",
    "consumption_rate": "0",
    "released_on": "2025-03-10",
    "district": "0113",
    "place": "理化楼101室",
    "capacity": 1,
}
_ITEM = {
    "number": "CI-1A2B-3C4D-5E6F7",
    **_FACTS,
    "supervision_years": 3,
    "supervised_until": "2028-03-10",
    "days_left": 475,
    "ended_on": None,
    "outcome": None,
}


class ItemShareShown(Shown):
    model_config = example(_SHARE)

    instrument: str
    value_fen: int = Field(description="Part of the item's taxable value")


class ItemShown(Shown):
    model_config = example(_ITEM)

    number: str
    unit: str
    certificate_number: str = Field(description="codeCpd of the national platform's record of type 5")
    declaration_number: str = Field(description="declarationNumber")
    line: int
    hs_code: str = Field(description="hsCode")
    policy_document: str
    kind: GoodsKind
    shares: list[ItemShareShown]
    duty_rate: str
    vat_rate: str
    consumption_rate: str
    released_on: date
    supervision_years: int
    supervised_until: date
    days_left: int = Field(description="Of the supervision, today taken in; 0 once it is over")
    district: str = Field(description="responsibleCustoms")
    place: str
    capacity: int = Field(description="How many uses at once")
    ended_on: date | None = Field(description="Last day of a supervision that ended before its time")
    outcome: ItemOutcome | None


class ItemPage(Page[ItemShown]):
    model_config = example({"items": [_ITEM], "next": None})


def _shown(item: Item, today: date) -> ItemShown:
    return ItemShown.of(
        item,
        shares=[ItemShareShown.of(share) for share in item.shares],
        days_left=max(0, (item.last_day - today).days + 1),
    )


@router.get("/items", summary="Goods under supervision, or that were")
def items(  # filters, by name
    reader: Reading,
    paging: Paging,
    today: Today,
    certificate: Filter | None = None,
    declaration: Filter | None = None,
    hs_code: Filter | None = None,
    instrument: Filter | None = None,
    asset_number: Filter | None = None,
    unit: Filter | None = None,
    district: Filter | None = None,
    supervised_on: Day | None = None,
    ends_from: Day | None = None,
    ends_until: Day | None = None,
) -> ItemPage:
    """A unit sees its own, customs those of its district. `supervised_on`, `ends_from`, `ends_until` go by days."""
    wanted = ItemFilter(
        certificate_number=certificate,
        declaration_number=declaration,
        hs_code=hs_code,
        instrument=instrument,
        asset_number=asset_number,
        unit=unit,
        district=district,
        supervised_on=supervised_on,
        ends_from=ends_from,
        ends_until=ends_until,
    )
    found = items_page(reader, paging.newest(), paging.look_ahead, wanted)
    return paging.page(ItemPage, found, lambda one: _shown(one, today), lambda one: (one.released_on, one.number))


@router.get("/items/{number}", summary="One item of a declaration", response_model=ItemShown)
def item(number: str, request: Request, reader: Reading, today: Today) -> Response:
    return document(request, _shown(detail(reader, ITEMS, number), today))


class NewItemShare(Body):
    model_config = example(_SHARE)

    instrument: Line
    value_fen: Fen


class NewItem(Body):
    model_config = example(_FACTS)

    unit: Line
    certificate_number: Line = Field(description="Z and eleven digits or capital letters")
    declaration_number: Line = Field(description="Eighteen digits; the ninth is 1 for an import")
    line: Whole
    hs_code: Line = Field(description="Ten digits")
    policy_document: Line = Field(description="Number of the policy the goods came in under")
    kind: GoodsKind
    shares: list[NewItemShare] = Field(min_length=1, max_length=200)
    duty_rate: Line = Field(description='Decimal text such as "0.05"')
    vat_rate: Line
    consumption_rate: Line
    released_on: Day
    district: Line = Field(description="Competent customs, four digits")
    place: Line = Field(description="Where customs agreed that they are used")
    capacity: Whole = Field(default=1, description="How many uses at once the instruments allow")


class ItemRecorded(Written):
    model_config = example(
        {
            "item": "CI-1A2B-3C4D-5E6F7",
            "supervision_years": 3,
            "supervised_until": "2028-03-10",
            "days_left": 475,
            "customs": [JUDGED_EXAMPLE],
            "proof": PROOF_EXAMPLE,
        }
    )

    item: str
    supervision_years: int
    supervised_until: date
    days_left: int
    customs: list[UseJudged] = Field(default=[], description="Uses that were recorded before, and are judged now")


@router.post("/items", status_code=status.HTTP_201_CREATED, summary="Record goods that came in without duty")
async def record_item(body: NewItem, sender: Sending) -> ItemRecorded:
    """By an officer of the unit, or of the competent customs."""
    await sender.check_visible(INSTRUMENT, *(share.instrument for share in body.shares))
    facts = body.model_dump(exclude={"shares", "kind"})
    command = RecordItem(
        **sender.signed,
        **facts,
        goods=body.kind,
        shares=tuple(ItemShare(share.instrument, share.value_fen) for share in body.shares),
    )
    return ItemRecorded.told(await sender.send(command))


class NewItemEnd(Body):
    model_config = example(
        {
            "outcome": "early-released",
            "ended_on": "2026-08-28",
            "document_number": "关准〔2026〕7号",
            "payment_number": "011320261234567890",
        }
    )

    outcome: ItemOutcome
    ended_on: Day = Field(description="Last day of the supervision")
    document_number: Line
    payment_number: Line | None = Field(default=None, description="Of the back tax, where any falls due")


class ItemEnded(Written):
    model_config = example(
        {"item": "CI-1A2B-3C4D-5E6F7", "outcome": "early-released", "paid_fen": 34_036_250, "proof": PROOF_EXAMPLE}
    )

    item: str
    outcome: ItemOutcome
    paid_fen: int = Field(description="Back tax by the months of the supervision")


@router.post("/items/{number}/end", status_code=status.HTTP_201_CREATED, summary="End a supervision before its time")
async def end_item(number: str, body: NewItemEnd, sender: Sending) -> ItemEnded:
    """By an officer of the competent customs."""
    command = EndItem(
        **sender.signed,
        item=number,
        outcome=body.outcome,
        ended_on=body.ended_on,
        document_number=body.document_number,
        payment_number=body.payment_number or "",
    )
    return ItemEnded.told(await sender.send(command))


# -- moves -------------------------------------------------------------------------------------------------------------

_MOVE = {
    "number": "CM-1A2B-3C4D-5E6F7",
    "instrument": "I-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "place": "怀柔园区3号楼",
    "district": "0113",
    "planned_on": "2026-10-08",
    "state": "approved",
    "moved_on": None,
    "returned_on": None,
}


class MoveShown(Shown):
    model_config = example(_MOVE)

    number: str
    instrument: str
    unit: str
    place: str
    district: str = Field(description="Of the new place; another than the goods' means supervision there")
    planned_on: date
    state: MoveState
    moved_on: date | None
    returned_on: date | None


class MovePage(Page[MoveShown]):
    model_config = example({"items": [_MOVE], "next": None})


@router.get("/moves", summary="Moves: applied for, approved, made")
def moves(reader: Reading, paging: Paging, instrument: Filter | None = None, unit: Filter | None = None) -> MovePage:
    found = moves_page(reader, paging.newest(), paging.look_ahead, instrument=instrument, unit=unit)
    return paging.page(MovePage, found, MoveShown.of, lambda one: (one.planned_on, one.number))


@router.get("/moves/{number}", summary="One move", response_model=MoveShown)
def move(number: str, request: Request, reader: Reading) -> Response:
    return document(request, MoveShown.of(detail(reader, MOVES, number)))


class NewMove(Body):
    model_config = example(
        {
            "instrument": "I-1A2B-3C4D-5E6F7",
            "place": "怀柔园区3号楼",
            "district": "0113",
            "planned_on": "2026-10-08",
            "reason": "实验室搬迁",
        }
    )

    instrument: Line
    place: Line
    district: Line
    planned_on: Day
    reason: Text


class MoveApplied(Written):
    model_config = example(
        {"move": "CM-1A2B-3C4D-5E6F7", "state": "applied", "other_district": False, "proof": PROOF_EXAMPLE}
    )

    move: str
    state: MoveState
    other_district: bool = Field(description="It leaves the customs district: supervision elsewhere is needed")


@router.post("/moves", status_code=status.HTTP_201_CREATED, summary="Ask customs to use an instrument elsewhere")
async def apply_move(body: NewMove, sender: Sending) -> MoveApplied:
    """By an officer of the unit, before the move."""
    await sender.check_visible(INSTRUMENT, body.instrument)
    return MoveApplied.told(await sender.send(ApplyMove(**sender.signed, **body.model_dump())))


class NewMoveStep(Body):
    model_config = example(
        {"outcome": "approved", "since": "2026-10-01", "document_number": "关准〔2026〕8号", "reason": None}
    )

    outcome: MoveState
    since: Day
    document_number: Line | None = Field(default=None, description="Of customs' decision")
    reason: Text | None = None


class MoveStepped(Written):
    model_config = example({"move": "CM-1A2B-3C4D-5E6F7", "state": "approved", "proof": PROOF_EXAMPLE})

    move: str
    state: MoveState


@router.post("/moves/{number}/steps", status_code=status.HTTP_201_CREATED, summary="Approve, refuse, move, move back")
async def step_move(number: str, body: NewMoveStep, sender: Sending) -> MoveStepped:
    """Customs approves or refuses; the unit says that it has moved the instrument, or taken it back."""
    facts: dict[str, Any] = {"document_number": body.document_number or "", "reason": body.reason or ""}
    command = StepMove(**sender.signed, move=number, outcome=body.outcome, since=body.since, **facts)
    return MoveStepped.told(await sender.send(command))
