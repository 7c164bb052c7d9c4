"""`vledger trial-balance`: debits and credits per entity and asset."""

import json
from dataclasses import asdict

from api.books import open_books
from api.cli.account import KnownAt, On, day, instant
from api.cli.options import AsJson, Data, in_language
from api.cli.tables import print_table, units
from ledger.assembly import BOOK
from ledger.journal.balances import TrialLine, summed
from ledger.journal.balances import trial_balance as load


def trial_balance(on: On = "", known_at: KnownAt = "", data: Data = None, *, as_json: AsJson = False) -> None:
    """Debits and credits of every account, by entity and asset, at two clocks.  试算平衡表."""
    with open_books(data) as books, books.snapshot() as connection:
        lines = load(connection, BOOK, day(on), instant(known_at))
    if as_json:
        totals = [asdict(line) for line in summed(lines)]
        print(json.dumps({"totals": totals, "accounts": [asdict(line) for line in lines]}, ensure_ascii=False))
        return
    print_trial_balance(summed(lines))


def print_trial_balance(totals: list[TrialLine]) -> None:
    """The books are in balance where each pair of columns is equal."""
    headings = in_language(zh="主体|资产|方面|借方|贷方|差额", en="entity|asset|side|debits|credits|difference")
    print_table(headings.split("|"), [_row(total) for total in totals], right=3)


def _row(total: TrialLine) -> list[str]:
    entity = total.entity or in_language(zh="全部主体", en="all entities")
    figures = (total.debits, total.credits, total.debits - total.credits)
    return [entity, total.asset, total.side, *(units(total.asset, figure) for figure in figures)]
