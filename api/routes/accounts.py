"""Accounts: what stands on them at two clocks, and their statements."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.bodies import Day, Filter, Instant, Shown, example
from api.dependencies import Reading
from api.paging import Page, Paging
from api.routing import SliceRouter
from ledger.journal.balances import balance
from ledger.journal.listing import accounts_page
from ledger.journal.statements import statement

router = SliceRouter("/v1/accounts", tag="accounts")

_ACCOUNT = {
    "address": "vouchers:available:V-1A2B-3C4D-5E6F7",
    "entity": "91331122MA0000267X",
    "side": "control",
    "type": "bucket",
    "normal": "D",
    "asset": "VOUCHER",
    "owner": "voucher:V-1A2B-3C4D-5E6F7",
    "government_code": None,
    "opened_on": "2017-03-06",
    "standing": 3_000_000,
}
_BALANCE = {
    "address": "vouchers:available:V-1A2B-3C4D-5E6F7",
    "entity": "91331122MA0000267X",
    "asset": "VOUCHER",
    "normal": "D",
    "debits": 5_000_000,
    "credits": 2_000_000,
    "standing": 3_000_000,
    "effective_on": "2017-03-31",
    "known_at": None,
}
_LINE = {
    "seq": 41,
    "line": 1,
    "effective_on": "2017-03-07",
    "recorded_at": "2017-03-07T01:00:00Z",
    "template": "voucher.reserve",
    "counterpart": "vouchers:held:V-1A2B-3C4D-5E6F7:C-1A2B-3C4D-5E6F7",
    "debit": 0,
    "credit": 2_000_000,
    "balance": 3_000_000,
    "reverses": None,
    "memo": "HT-2017-031",
}


class AccountItem(Shown):
    model_config = example(_ACCOUNT)

    address: str
    entity: str = Field(description="Whose it is")
    side: str = Field(description="financial, budgetary or control")
    type: str
    normal: str = Field(description="D or C: the side on which it stands")
    asset: str = Field(description="CNY, CNY_BUDGETARY, BUDGET and VOUCHER in whole fen, MINUTE in whole minutes")
    owner: str
    government_code: str | None = Field(description="Of the government accounting system, where one exists")
    opened_on: date
    standing: int = Field(description="On the normal side, in whole units of the asset")


class AccountPage(Page[AccountItem]):
    model_config = example({"items": [_ACCOUNT], "next": None})


class BalanceShown(Shown):
    model_config = example(_BALANCE)

    address: str
    entity: str
    asset: str
    normal: str
    debits: int
    credits: int
    standing: int
    effective_on: date | None
    known_at: datetime | None


class StatementLineShown(Shown):
    model_config = example(_LINE)

    seq: int = Field(description="Number of the entry")
    line: int
    effective_on: date = Field(description="Legal date")
    recorded_at: datetime
    template: str
    counterpart: str = Field(description="The other account; empty when it is another party's and not yours to see")
    debit: int
    credit: int
    balance: int = Field(description="On the normal side, after this line")
    reverses: int | None
    memo: str


class StatementShown(Shown):
    model_config = example(
        {
            "address": _ACCOUNT["address"],
            "entity": _ACCOUNT["entity"],
            "asset": "VOUCHER",
            "normal": "D",
            "opening": 5_000_000,
            "lines": [_LINE],
            "closing": 3_000_000,
            "more_after": None,
        }
    )

    address: str
    entity: str
    asset: str
    normal: str
    opening: int
    lines: list[StatementLineShown]
    closing: int
    more_after: int | None = Field(description="Give this as `after` for the next page; null on the last")


@router.get("", summary="Accounts that you may see, by address")
def accounts(
    reader: Reading,
    paging: Paging,
    prefix: Annotated[Filter, Query(description="How the address begins")] = "",
    asset: Filter | None = None,
) -> AccountPage:
    after = (paging.start(1) or ("",))[0]
    found = accounts_page(reader.connection, reader.book, after, paging.look_ahead, prefix=prefix, asset=asset)
    return paging.page(AccountPage, found, AccountItem.of, lambda account: (account.address,))


@router.get("/{address}/balance", summary="What stands on an account, by legal date and as known at an instant")
def account_balance(
    address: str,
    reader: Reading,
    effective_on: Annotated[Day | None, Query(description="Entries dated up to this day; all without it")] = None,
    known_at: Annotated[Instant | None, Query(description="As recorded up to this instant")] = None,
) -> BalanceShown:
    found = balance(reader.connection, reader.book, address, effective_on, known_at)
    return BalanceShown.of(found, effective_on=effective_on, known_at=known_at)


@router.get("/{address}/statement", summary="The lines of an account, in the order in which they were recorded")
def account_statement(
    address: str,
    reader: Reading,
    after: Annotated[int, Query(ge=0, le=2**62, description="`more_after` of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="Most entries on the page")] = 50,
) -> StatementShown:
    found = statement(reader.connection, reader.book, address, after, limit)
    return StatementShown.of(found, lines=[StatementLineShown.of(line) for line in found.lines])
