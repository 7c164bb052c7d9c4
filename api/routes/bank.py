"""What the bank says: statements taken in, lines matched by another person than who took them in."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Request, Response, status
from pydantic import Field

from api.access import BATCH, PAYABLE
from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Day, Filter, Line, Shown, Text, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.errors import Invalid
from ledger.payments.bank.decide_line import ProposeDecision
from ledger.payments.bank.files import read_statements
from ledger.payments.bank.hold_in_suspense import HoldInSuspense
from ledger.payments.bank.import_statement import ImportStatement
from ledger.payments.bank.listing import ReadLine, lines_page, read_lines, statement_named, statements_page
from ledger.payments.bank.match_payment import MatchPayment
from ledger.payments.bank.match_return import MatchReturn
from ledger.payments.bank.meaning import Meaning, Unclear
from ledger.payments.bank.set_aside import SetAside
from ledger.payments.bank.values import LINES_MAX, Decision, Direction, LineState, Statement

router = SliceRouter("/v1", tag="bank")

_STATEMENT = {
    "number": "BS-1A2B-3C4D-5E6F7",
    "payer": "11331122MA0000002X",
    "account_number": "3301012345678901",
    "reference": "2017-04-07",
    "imported_on": "2017-04-08",
    "line_count": 12,
    "new_count": 12,
    "waiting": 2,
}
_MEANING = {"batch": "B-1A2B-3C4D-5E6F7", "payables": ["PAY-1A2B-3C4D-5E6F7"]}
_LINE = {
    "number": "BL-1A2B-3C4D-5E6F7",
    "statement": "BS-1A2B-3C4D-5E6F7",
    "payer": "11331122MA0000002X",
    "account_number": "3301012345678901",
    "reference": "20170407-0031",
    "direction": "debit",
    "amount_fen": 2_000_000,
    "booked_on": "2017-04-07",
    "our_id": "PAY-1A2B-3C4D-5E6F7",
    "returned": False,
    "return_reason": "",
    "counterparty_account": "0012345678",
    "counterparty_name": "Materials laboratory",
    "purpose": "创新券兑付",
    "state": "waiting",
    "means": _MEANING,
    "why": None,
}


class SeveralStatements(Invalid):
    zh = "文件含 {count} 份对账单。一次请求只登记一份，请分别提交。"
    en = "The file holds {count} statements. One request takes one of them; send each by itself."


# -- statements --------------------------------------------------------------------------------------------------------


class BankStatementShown(Shown):
    model_config = example(_STATEMENT)

    number: str
    payer: str
    account_number: str = Field(description="Ours")
    reference: str = Field(description="The bank's number of the statement")
    imported_on: date
    line_count: int
    new_count: int = Field(description="Lines that no earlier statement had")
    waiting: int = Field(description="Lines of it that wait for a person")


class BankStatementPage(Page[BankStatementShown]):
    model_config = example({"items": [_STATEMENT], "next": None})


@router.get("/bank-statements", summary="Statements that were taken in, newest first")
def statements(reader: Reading, paging: Paging, account_number: Filter | None = None) -> BankStatementPage:
    found = statements_page(reader, paging.newest(), paging.look_ahead, account_number=account_number)
    return paging.page(BankStatementPage, found, BankStatementShown.of, lambda one: (one.imported_on, one.number))


@router.get("/bank-statements/{number}", summary="A statement", response_model=BankStatementShown)
def statement(number: str, request: Request, reader: Reading) -> Response:
    return document(request, BankStatementShown.of(statement_named(reader, number)))


class NewStatement(Body):
    model_config = example(
        {
            "payer": "11331122MA0000002X",
            "file": "账号,对账单编号,记账日期,流水号,借贷,金额（元）,业务编号\n"
            "3301012345678901,2017-04-07,2017-04-07,20170407-0031,借,20000.00,PAY-1A2B-3C4D-5E6F7\n",
        }
    )

    payer: Line = Field(description="The bureau whose account it is")
    file: Annotated[str, Field(strict=True, pattern="[<\n]")] = Field(
        description="The bank's file as text: camt.053 in XML, or CSV; one statement of at most 2,000 lines"
    )

    def statement(self) -> Statement:
        found = read_statements(self.file.encode())
        if len(found) > 1:
            raise SeveralStatements(count=len(found))
        return found[0]


class StatementImported(Written):
    model_config = example(
        {
            "statement": "BS-1A2B-3C4D-5E6F7",
            "lines": ["BL-1A2B-3C4D-5E6F7"],
            "count": 1,
            "known": 0,
            "proof": PROOF_EXAMPLE,
        }
    )

    statement: str
    lines: Annotated[list[str], Field(max_length=LINES_MAX)] = Field(description="Those that are new; they wait")
    count: int
    known: int = Field(description="Lines that an earlier statement had; they count once")


@router.post("/bank-statements", status_code=status.HTTP_201_CREATED, summary="Take in a bank statement")
async def take_in(body: NewStatement, sender: Sending) -> StatementImported:
    """By treasury or finance. It says what the bank has booked, and not what that means."""
    return StatementImported.told(
        await sender.send(ImportStatement(**sender.signed, payer=body.payer, statement=body.statement()))
    )


# -- lines -------------------------------------------------------------------------------------------------------------


class MeaningShown(Shown):
    model_config = example(_MEANING)

    batch: str
    payables: list[str]


class BankLineShown(Shown):
    model_config = example(_LINE)

    number: str
    statement: str
    payer: str
    account_number: str
    reference: str = Field(description="The bank's own")
    direction: Direction = Field(description="debit: money left our account; credit: money came")
    amount_fen: int
    booked_on: date
    our_id: str = Field(description="The one number of ours that came with it, or nothing")
    returned: bool = Field(description="The bank marks it as a return")
    return_reason: str
    counterparty_account: str
    counterparty_name: str
    purpose: str
    state: LineState
    means: MeaningShown | None = Field(description="While it waits: the payments that it means by itself")
    why: Unclear | None = Field(description="While it waits: why it is not clear by itself")


class BankLinePage(Page[BankLineShown]):
    model_config = example({"items": [_LINE], "next": None})


def _shown(one: ReadLine) -> BankLineShown:
    clear = one.found if isinstance(one.found, Meaning) else None
    return BankLineShown.of(
        one.line,
        means=MeaningShown(batch=clear.batch, payables=sorted(clear.payables)) if clear else None,
        why=one.found if isinstance(one.found, Unclear) else None,
    )


@router.get("/bank-lines", summary="Lines of statements, newest first; those that wait say what they mean")
def lines(
    reader: Reading, paging: Paging, statement: Filter | None = None, state: LineState | None = None
) -> BankLinePage:
    found = lines_page(reader, paging.newest(), paging.look_ahead, statement=statement, state=state)
    return paging.page(BankLinePage, found, _shown, lambda one: (one.line.booked_on, one.line.number))


@router.get("/bank-lines/{number}", summary="A line", response_model=BankLineShown)
def line(number: str, request: Request, reader: Reading) -> Response:
    (found,) = read_lines(reader, [number])
    return document(request, _shown(found))


class Dated(Body):
    on: Day = Field(description="The day it was booked; a later one, with a reason, where that day's period is closed")
    reason: str = Field(default="", max_length=200, strict=True)


class PaymentMatch(Dated):
    model_config = example({**_MEANING, "on": "2017-04-07", "reason": ""})

    batch: Line
    payables: Annotated[list[Line], Field(min_length=1, max_length=LINES_MAX)] = Field(
        description="All that the line paid: one, or those of a batch that the bank booked in one sum"
    )


class LineMatched(Written):
    model_config = example({"line": "BL-1A2B-3C4D-5E6F7", "batch": "B-1A2B-3C4D-5E6F7", "proof": PROOF_EXAMPLE})

    line: str
    batch: str


@router.post("/bank-lines/{number}/payment", status_code=status.HTTP_201_CREATED, summary="It is a payment of ours")
async def match_payment(number: str, body: PaymentMatch, sender: Sending) -> LineMatched:
    """By another person than who took the line in. A reason where the line does not say so by itself."""
    await sender.check_visible(BATCH, body.batch)
    await sender.check_visible(PAYABLE, *body.payables)
    command = MatchPayment(
        **sender.signed,
        line=number,
        batch=body.batch,
        payables=tuple(body.payables),
        on=body.on,
        reason=body.reason,
    )
    return LineMatched.told(await sender.send(command))


class ReturnMatch(Dated):
    model_config = example(
        {"batch": "B-1A2B-3C4D-5E6F7", "payable": "PAY-1A2B-3C4D-5E6F7", "on": "2017-04-10", "reason": ""}
    )

    batch: Line
    payable: Line


@router.post("/bank-lines/{number}/return", status_code=status.HTTP_201_CREATED, summary="A payment that came back")
async def match_return(number: str, body: ReturnMatch, sender: Sending) -> LineMatched:
    """By another person than who took the line in. What it paid is owed again."""
    await sender.check_visible(BATCH, body.batch)
    await sender.check_visible(PAYABLE, body.payable)
    command = MatchReturn(
        **sender.signed, line=number, batch=body.batch, payable=body.payable, on=body.on, reason=body.reason
    )
    return LineMatched.told(await sender.send(command))


class AsideReason(Body):
    model_config = example({"reason": "Interest of the account"})

    reason: Text


class LineMoved(Written):
    model_config = example({"line": "BL-1A2B-3C4D-5E6F7", "state": "set-aside", "proof": PROOF_EXAMPLE})

    line: str
    state: LineState


@router.post("/bank-lines/{number}/aside", status_code=status.HTTP_201_CREATED, summary="No business of these books")
async def set_aside(number: str, body: AsideReason, sender: Sending) -> LineMoved:
    """By another person than who took the line in; two people can put it back."""
    return LineMoved.told(await sender.send(SetAside(**sender.signed, line=number, reason=body.reason)))


class Suspense(Body):
    model_config = example({"on": "2017-04-07", "reason": "The sender is not known to the bank either"})

    on: Day
    reason: Text = Field(description="What was tried to find out")


@router.post("/bank-lines/{number}/suspense", status_code=status.HTTP_201_CREATED, summary="Nobody knows what came")
async def suspend(number: str, body: Suspense, sender: Sending) -> LineMoved:
    """The books show the money until two people decide."""
    command = HoldInSuspense(**sender.signed, line=number, on=body.on, reason=body.reason)
    return LineMoved.told(await sender.send(command))


class LineDecision(Body):
    model_config = example({"decision": "send-back", "reason": "The sender asked for it"})

    decision: Literal["reopen", "send-back"] = Field(
        description="reopen: back to the queue; send-back: out of suspense to its sender"
    )
    reason: Text


class LineDecisionProposed(Written):
    model_config = example(
        {
            "line": "BL-1A2B-3C4D-5E6F7",
            "decision": "send-back",
            "approval": {**APPROVAL_EXAMPLE, "kind": "payment.bank-line", "subject": "BL-1A2B-3C4D-5E6F7"},
            "proof": PROOF_EXAMPLE,
        }
    )

    line: str
    decision: Literal["reopen", "send-back"]
    approval: ApprovalAsked


@router.post("/bank-lines/{number}/decisions", status_code=status.HTTP_201_CREATED, summary="Propose to decide anew")
async def decide(number: str, body: LineDecision, sender: Sending) -> LineDecisionProposed:
    """Signed by an officer of finance."""
    command = ProposeDecision(**sender.signed, line=number, decision=Decision(body.decision), reason=body.reason)
    return LineDecisionProposed.told(await sender.send(command))
