"""`vledger account`: balance and statement of one account."""

import json
from datetime import date, datetime
from typing import Annotated

import typer

from api.books import open_books
from api.cli.options import AsJson, Data, in_language
from api.cli.tables import print_table, units
from ledger.assembly import BOOK
from ledger.errors import Invalid
from ledger.executor.clock import CITY
from ledger.journal.attestation import plain
from ledger.journal.balances import balance as balance_of
from ledger.journal.statements import Statement, StatementLine
from ledger.journal.statements import statement as statement_of

app = typer.Typer(no_args_is_help=True, help="Balance and statement of an account.  账户余额与明细")

Address = Annotated[str, typer.Argument(help="Address, such as budget:available:jinyun-2017:2017.  账户地址")]
On = Annotated[str, typer.Option("--on", help="Count entries dated up to this day, YYYY-MM-DD.  凭证日期截至")]
KnownAt = Annotated[
    str, typer.Option("--known-at", help="Count what was recorded by this instant, ISO 8601.  入账时刻截至")
]


class NoSuchInstant(Invalid):
    zh = "{option} 须为带时区或北京时间的 ISO 8601 时刻或日期，如 2017-06-30T12:00:00+08:00，不能是“{given}”。"
    en = "{option} must be an ISO 8601 date or instant, such as 2017-06-30T12:00:00+08:00, not “{given}”."


@app.command()
def balance(
    address: Address, on: On = "", known_at: KnownAt = "", data: Data = None, *, as_json: AsJson = False
) -> None:
    """The balance, at two clocks.  余额（可按凭证日期与入账时刻）."""
    effective_on, known = day(on), instant(known_at)
    with open_books(data) as books, books.snapshot() as connection:
        found = balance_of(connection, BOOK, address, effective_on, known)
    if as_json:
        print(
            json.dumps(
                {
                    "address": found.address,
                    "entity": found.entity,
                    "asset": found.asset,
                    "normal": found.normal,
                    "debits": found.debits,
                    "credits": found.credits,
                    "balance": found.standing,
                    "effective_on": plain(effective_on),
                    "known_at": plain(known),
                },
                ensure_ascii=False,
            )
        )
    else:
        print(f"{found.address}  {found.asset}  {units(found.asset, found.standing)}")


@app.command()
def statement(
    address: Address,
    after: Annotated[int, typer.Option(help="Continue after this entry.  从该凭证号之后")] = 0,
    limit: Annotated[int, typer.Option(help="Entries per page.  每页凭证数", min=1, max=10_000)] = 200,
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """The lines of an account with the balance after each.  明细账."""
    with open_books(data) as books, books.snapshot() as connection:
        found = statement_of(connection, BOOK, address, after, limit)
    if as_json:
        print(json.dumps(_as_object(found), ensure_ascii=False))
        return
    print(f"{found.address}  {found.entity}  {found.asset}")
    headings = in_language(
        zh="凭证号|日期|事项|对方账户|借方|贷方|余额", en="entry|date|event|counterpart|debit|credit|balance"
    ).split("|")
    opening = ["", "", in_language(zh="期初", en="opening"), "", "", "", units(found.asset, found.opening)]
    print_table(headings, [opening, *(_row(found.asset, line) for line in found.lines)], right=3)
    if found.more_after is not None:
        print(in_language(zh=f"后面还有：--after {found.more_after}", en=f"There is more: --after {found.more_after}"))


def _row(asset: str, line: StatementLine) -> list[str]:
    debit, credit = (units(asset, side) if side else "" for side in (line.debit, line.credit))
    event = line.template + (f" (冲销/reverses {line.reverses})" if line.reverses else "")
    return [str(line.seq), str(line.effective_on), event, line.counterpart, debit, credit, units(asset, line.balance)]


def _as_object(found: Statement) -> dict[str, object]:
    return {
        "address": found.address,
        "entity": found.entity,
        "asset": found.asset,
        "opening": found.opening,
        "lines": [{name: plain(getattr(line, name)) for name in StatementLine.__slots__} for line in found.lines],
        "closing": found.closing,
        "more_after": found.more_after,
    }


def day(text: str) -> date | None:
    """A date option; empty means none was given."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NoSuchInstant(option="--on", given=text) from None


def instant(text: str) -> datetime | None:
    """An instant option; without a zone it is the city's time."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise NoSuchInstant(option="--known-at", given=text) from None
    return found if found is None or found.tzinfo else found.replace(tzinfo=CITY)
