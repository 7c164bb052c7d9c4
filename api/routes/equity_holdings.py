"""What units hold of firms, and what becomes of it: the register, capital, dividends, exits, write-downs, payments."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Response, status
from pydantic import Field

from api.access import PARTY
from api.answers import PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Day, Fen, Filter, Line, Shown, Text, Whole, example
from api.dependencies import Reading, Sending, TheCaller, Today
from api.files import FILE, ROWS_MAX, FileFormat, Wanted, file_answer
from api.paging import Page, Paging
from api.routing import SliceRouter
from ledger.equity.deadlines import DueKind, deadlines
from ledger.equity.dividends import DeclareDividend, ReceiveDividend
from ledger.equity.exit_holding import CompleteExit, ProposeExit
from ledger.equity.listing import Holding, dividends_page, exits_page, holdings_page, write_downs_page
from ledger.equity.pay import PayVat, RemitProceeds
from ledger.equity.record_capital import RecordCapital
from ledger.equity.values import ExitKind
from ledger.equity.write_down import ProposeWriteDown
from ledger.errors import NotFound
from ledger.registry.store import WORKING_DAYS
from ledger.reports.holdings import holding_rows, holdings_statement
from ledger.reports.pdf.holdings import holdings_pdf
from policies.calendar.table import working_days
from policies.equity.terms import equity_terms
from policies.kernel.errors import Language
from policies.kernel.rounding import ratio_text

router = SliceRouter("/v1/equity", tag="equity")

_VALUATION = {"value_fen": 3_500_000_000, "on": "2027-06-30", "document_number": "B轮增资"}
_HOLDING = {
    "unit": "12331122MA0000232L",
    "firm": "91331122MA0000267X",
    "held_fen": 6_000_000,
    "pending_fen": 0,
    "registered_fen": 206_000_000,
    "share": "0.029126",
    "cost_fen": 61_200_000,
    "to_dispose_fen": 0,
    "valuation": _VALUATION,
    "value_fen": 101_941_748,
    "dividends_due_fen": 0,
}

# -- the register ------------------------------------------------------------------------------------------------------


class ValuationShown(Shown):
    model_config = example(_VALUATION)

    value_fen: int = Field(description="Of the whole firm")
    on: date
    document_number: str


class HoldingShown(Shown):
    model_config = example(_HOLDING)

    unit: str
    firm: str
    held_fen: int = Field(description="Registered capital that the register shows")
    pending_fen: int = Field(description="Converted, and not registered yet")
    registered_fen: int = Field(description="Of the whole firm")
    share: str = Field(description="Six places, for show; reckoned with exactly")
    cost_fen: int
    to_dispose_fen: int = Field(description="Cost of what is to be written off")
    valuation: ValuationShown | None = Field(description="The last that the books know")
    value_fen: int | None = Field(description="The holding's part of it")
    dividends_due_fen: int


class HoldingPage(Page[HoldingShown]):
    model_config = example({"items": [_HOLDING], "next": None})


def _shown(holding: Holding) -> HoldingShown:
    return HoldingShown.of(
        holding,
        share=ratio_text(holding.share),
        valuation=ValuationShown.of(holding.valuation) if holding.valuation else None,
    )


@router.get("/holdings", summary="The register of holdings")
def holdings(reader: Reading, paging: Paging, unit: Filter | None = None, firm: Filter | None = None) -> HoldingPage:
    """At cost and at the last appraisal. A unit sees its own; a firm, who holds of it."""
    words = paging.start(2)
    after = (words[0], words[1]) if words else ("", "")
    found = holdings_page(reader, after, paging.look_ahead, unit=unit, firm=firm)
    return paging.page(HoldingPage, found, _shown, lambda one: (one.unit, one.firm))


@router.get("/files/holdings", summary="The register as a file", response_class=Response, responses=FILE)
def holdings_file(
    reader: Reading, unit: Filter | None = None, firm: Filter | None = None, wanted: Wanted = FileFormat.CSV
) -> Response:
    """As `GET /v1/equity/holdings`, whole."""
    found = holdings_page(reader, ("", ""), ROWS_MAX + 1, unit=unit, firm=firm)
    return file_answer("holdings", "持股登记", holding_rows(found), wanted)


STATEMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "PDF, in Chinese or English",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}, "example": "…"}},
    }
}


@router.get("/statements/{code}", summary="The same on paper", response_class=Response, responses=STATEMENT)
def statement(
    code: str,
    reader: Reading,
    caller: TheCaller,
    today: Today,
    language: Annotated[Language, Query(description="Of the paper")] = "zh",
) -> Response:
    """Of one unit, as of today, for itself and the bureaus; the same books give the same bytes."""
    if caller.party != code and not reader.sees_everything:
        raise NotFound(PARTY.what, code)
    found = holdings_statement(reader, code, today)
    headers = {"Content-Disposition": f'attachment; filename="{found.document_number}.pdf"'}
    return Response(holdings_pdf(found, language), headers=headers, media_type="application/octet-stream")


class NewCapital(Body):
    model_config = example(
        {
            "firm": "91331122MA0000267X",
            "registered_fen": 250_000_000,
            "document_number": "变更通知2027-3",
            "happened_on": "2027-06-30",
            "valuation_fen": 3_500_000_000,
        }
    )

    firm: Line
    registered_fen: Fen = Field(description="All of it, after what happened")
    document_number: Line
    happened_on: Day
    valuation_fen: Fen | None = Field(default=None, description="What the firm was worth after it")


class CapitalRecorded(Written):
    model_config = example(
        {"firm": "91331122MA0000267X", "registered_fen": 250_000_000, "change_fen": 44_000_000, "proof": PROOF_EXAMPLE}
    )

    firm: str
    registered_fen: int
    change_fen: int


@router.post("/capital", status_code=status.HTTP_201_CREATED, summary="Record a firm's registered capital")
async def record_capital(body: NewCapital, sender: Sending) -> CapitalRecorded:
    """By the firm's own people or an operator: first, and after each round. What changes is the others'."""
    return CapitalRecorded.told(await sender.send(RecordCapital(**sender.signed, **body.model_dump())))


# -- dividends ---------------------------------------------------------------------------------------------------------

_DIVIDEND = {
    "number": "ED-1A2B-3C4D-5E6F7",
    "firm": "91331122MA0000267X",
    "unit": "12331122MA0000232L",
    "dividend_fen": 4_368_932,
    "remitted": False,
    "received_fen": 4_368_932,
}


class DividendShown(Shown):
    model_config = example(_DIVIDEND)

    number: str
    firm: str
    unit: str
    dividend_fen: int
    remitted: bool = Field(description="It goes on to the treasury")
    received_fen: int


class DividendPage(Page[DividendShown]):
    model_config = example({"items": [_DIVIDEND], "next": None})


@router.get("/dividends", summary="Dividends, the newest first")
def dividends(reader: Reading, paging: Paging, unit: Filter | None = None, firm: Filter | None = None) -> DividendPage:
    found = dividends_page(reader, paging.newest(), paging.look_ahead, unit=unit, firm=firm)
    return paging.page(DividendPage, found, DividendShown.of, lambda one: (one.recorded_on, one.number))


class NewDividend(Body):
    model_config = example(
        {
            "unit": "12331122MA0000232L",
            "firm": "91331122MA0000267X",
            "resolution_number": "利润分配2027-1",
            "declared_on": "2027-05-20",
            "distributed_fen": 150_000_000,
            "remitted": False,
        }
    )

    unit: Line
    firm: Line
    resolution_number: Line
    declared_on: Day
    distributed_fen: Fen = Field(description="What the firm distributes to all its members")
    remitted: bool = False


class DividendDeclared(Written):
    model_config = example(
        {"dividend": "ED-1A2B-3C4D-5E6F7", "dividend_fen": 4_368_932, "remitted": False, "proof": PROOF_EXAMPLE}
    )

    dividend: str
    dividend_fen: int
    remitted: bool


@router.post("/dividends", status_code=status.HTTP_201_CREATED, summary="Declare a dividend")
async def declare_dividend(body: NewDividend, sender: Sending) -> DividendDeclared:
    """By an officer of the unit, on the firm's resolution."""
    return DividendDeclared.told(await sender.send(DeclareDividend(**sender.signed, **body.model_dump())))


class NewDividendReceipt(Body):
    model_config = example({"amount_fen": 4_368_932, "bank_reference": "20270601-0012"})

    amount_fen: Fen
    bank_reference: Line


class DividendReceived(Written):
    model_config = example(
        {"receipt": "DR-1A2B-3C4D-5E6F7", "dividend": "ED-1A2B-3C4D-5E6F7", "left_fen": 0, "proof": PROOF_EXAMPLE}
    )

    receipt: str
    dividend: str
    left_fen: int


@router.post("/dividends/{number}/receipts", status_code=status.HTTP_201_CREATED, summary="A dividend has come")
async def receive_dividend(number: str, body: NewDividendReceipt, sender: Sending) -> DividendReceived:
    command = ReceiveDividend(**sender.signed, dividend=number, **body.model_dump())
    return DividendReceived.told(await sender.send(command))


# -- exits and write-downs ---------------------------------------------------------------------------------------------

_EXIT = {
    "unit": "12331122MA0000232L",
    "firm": "91331122MA0000267X",
    "kind": "sale",
    "sold_fen": 6_000_000,
    "price_fen": 101_941_748,
    "appraisal_number": "评报字〔2027〕9号",
    "buyer": "某投资公司",
    "notified_on": "2027-06-01",
    "retained_document": "",
}


class ExitShown(Shown):
    model_config = example({"number": "EE-1A2B-3C4D-5E6F7", **_EXIT, "outcome": "approved"})

    number: str
    unit: str
    firm: str
    kind: ExitKind
    sold_fen: int = Field(description="Registered capital")
    price_fen: int
    appraisal_number: str
    buyer: str
    notified_on: date | None = Field(description="When the other members were told")
    retained_document: str = Field(description="Approval by which the gain stays; empty: all goes to the treasury")
    outcome: str | None = Field(description="approved, refused, completed; null: it waits")


class ExitPage(Page[ExitShown]):
    model_config = example({"items": [{"number": "EE-1A2B-3C4D-5E6F7", **_EXIT, "outcome": "approved"}], "next": None})


@router.get("/exits", summary="Exits, the newest first")
def exits(reader: Reading, paging: Paging, unit: Filter | None = None, firm: Filter | None = None) -> ExitPage:
    found = exits_page(reader, paging.newest(), paging.look_ahead, unit=unit, firm=firm)
    return paging.page(ExitPage, found, ExitShown.of, lambda one: (one.proposed_on, one.number))


class NewExit(Body):
    model_config = example(_EXIT | {"retained_document": None})

    unit: Line
    firm: Line
    kind: ExitKind
    sold_fen: Fen
    price_fen: Whole = Field(ge=0)
    appraisal_number: Line
    buyer: Line | None = None
    notified_on: Day | None = None
    retained_document: Line | None = None


class ExitProposed(Written):
    model_config = example(
        {
            "exit": "EE-1A2B-3C4D-5E6F7",
            "approval": {"kind": "equity.exit", "subject": "EE-1A2B-3C4D-5E6F7", "content_hash": "6" * 64},
            "proof": PROOF_EXAMPLE,
        }
    )

    exit: str
    approval: ApprovalAsked


@router.post("/exits", status_code=status.HTTP_201_CREATED, summary="Propose to leave a holding, or a part of it")
async def propose_exit(body: NewExit, sender: Sending) -> ExitProposed:
    """By an officer of the unit; the department and finance sign through approvals."""
    command = ProposeExit(
        **sender.signed,
        unit=body.unit,
        firm=body.firm,
        exit_kind=body.kind,
        sold_fen=body.sold_fen,
        price_fen=body.price_fen,
        appraisal_number=body.appraisal_number,
        buyer=body.buyer or "",
        notified_on=body.notified_on,
        retained_document=body.retained_document or "",
    )
    return ExitProposed.told(await sender.send(command))


class ExitDone(Body):
    model_config = example({"bank_reference": "20270715-0003"})

    bank_reference: Line


class ExitCompleted(Written):
    model_config = example(
        {
            "exit": "EE-1A2B-3C4D-5E6F7",
            "cost_fen": 61_200_000,
            "to_treasury_fen": 101_941_748,
            "retained_fen": 0,
            "left_fen": 0,
            "proof": PROOF_EXAMPLE,
        }
    )

    exit: str
    cost_fen: int
    to_treasury_fen: int
    retained_fen: int
    left_fen: int = Field(description="Registered capital that is still held")


@router.post("/exits/{number}/completion", status_code=status.HTTP_201_CREATED, summary="The share has gone")
async def complete_exit(number: str, body: ExitDone, sender: Sending) -> ExitCompleted:
    """By an officer of the unit, when the price has come."""
    command = CompleteExit(**sender.signed, exit=number, bank_reference=body.bank_reference)
    return ExitCompleted.told(await sender.send(command))


_WRITE_DOWN = {
    "unit": "12331122MA0000232L",
    "firm": "91331122MA0000267X",
    "amount_fen": 61_200_000,
    "document_number": "核销2028-1",
    "reason": "法院裁定企业破产",
}


class WriteDownShown(Shown):
    model_config = example({"number": "EW-1A2B-3C4D-5E6F7", **_WRITE_DOWN, "outcome": None})

    number: str
    unit: str
    firm: str
    amount_fen: int
    document_number: str
    reason: str
    outcome: str | None = Field(description="approved, refused; null: it waits")


class WriteDownPage(Page[WriteDownShown]):
    model_config = example({"items": [{"number": "EW-1A2B-3C4D-5E6F7", **_WRITE_DOWN, "outcome": None}], "next": None})


@router.get("/write-downs", summary="Write-downs, the newest first")
def write_downs(
    reader: Reading, paging: Paging, unit: Filter | None = None, firm: Filter | None = None
) -> WriteDownPage:
    found = write_downs_page(reader, paging.newest(), paging.look_ahead, unit=unit, firm=firm)
    return paging.page(WriteDownPage, found, WriteDownShown.of, lambda one: (one.proposed_on, one.number))


class NewWriteDown(Body):
    model_config = example(_WRITE_DOWN)

    unit: Line
    firm: Line
    amount_fen: Fen
    document_number: Line
    reason: Text


class WriteDownProposed(Written):
    model_config = example(
        {
            "write_down": "EW-1A2B-3C4D-5E6F7",
            "approval": {"kind": "equity.write-down", "subject": "EW-1A2B-3C4D-5E6F7", "content_hash": "6" * 64},
            "proof": PROOF_EXAMPLE,
        }
    )

    write_down: str
    approval: ApprovalAsked


@router.post("/write-downs", status_code=status.HTTP_201_CREATED, summary="Propose to write a holding down")
async def propose_write_down(body: NewWriteDown, sender: Sending) -> WriteDownProposed:
    """By an officer of the unit: set apart at once, an expense once the department and finance have signed."""
    return WriteDownProposed.told(await sender.send(ProposeWriteDown(**sender.signed, **body.model_dump())))


# -- what is paid, what is due -----------------------------------------------------------------------------------------


class PaymentKind(StrEnum):
    VAT = "vat"
    TREASURY = "treasury"


class NewPayment(Body):
    model_config = example(
        {
            "unit": "12331122MA0000232L",
            "kind": "treasury",
            "amount_fen": 101_941_748,
            "bank_reference": "20270720-0001",
        }
    )

    unit: Line
    kind: PaymentKind
    amount_fen: Fen
    bank_reference: Line


class PaymentRecorded(Written):
    model_config = example({"payment": "EP-1A2B-3C4D-5E6F7", "amount_fen": 101_941_748, "proof": PROOF_EXAMPLE})

    payment: str
    amount_fen: int


@router.post("/payments", status_code=status.HTTP_201_CREATED, summary="VAT paid in cash, or proceeds to the treasury")
async def pay(body: NewPayment, sender: Sending) -> PaymentRecorded:
    """By an officer of the unit; never more than is owed."""
    kind = PayVat if body.kind is PaymentKind.VAT else RemitProceeds
    command = kind(**sender.signed, unit=body.unit, amount_fen=body.amount_fen, bank_reference=body.bank_reference)
    return PaymentRecorded.told(await sender.send(command))


_DEADLINE = {
    "on": "2026-12-10",
    "kind": "registration-due",
    "subject": "EC-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "firm": "91331122MA0000267X",
    "provisional": False,
}


class EquityDeadline(Shown):
    model_config = example(_DEADLINE)

    on: date
    kind: DueKind
    subject: str
    unit: str
    firm: str
    provisional: bool = Field(description="Counted into a year whose holidays are not published yet")


class EquityDeadlines(Shown):
    model_config = example({"items": [_DEADLINE]})

    items: list[EquityDeadline]


@router.get("/deadlines", summary="What must follow, the nearest first; also what is overdue")
def due(
    reader: Reading,
    today: Today,
    days: Annotated[int, Query(ge=0, le=3_660, description="From today on")] = 60,
) -> EquityDeadlines:
    """Appraisals that run out, shares to register, capital to publish, agreements that end."""
    own = WORKING_DAYS.load(reader, ["book"])["book"]
    calendar = working_days(today).with_rows(own.days, own.published)
    found = deadlines(reader, today + timedelta(days=days), calendar, lambda day: equity_terms(day, today))
    return EquityDeadlines(items=[EquityDeadline.of(one) for one in found])
