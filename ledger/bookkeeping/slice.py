"""What this slice declares."""

from collections.abc import Callable

from ledger.bookkeeping import close_account, close_period, open_book, open_period, reverse_entry
from ledger.bookkeeping.store import ACCOUNTS, BEGINNING, CALENDAR, ENTRIES, PERIOD_END
from ledger.executor.slices import Slice
from ledger.journal.accounts import Chart


def bookkeeping(chart: Callable[[], Chart]) -> Slice:
    """The slice, given where the whole chart is found once all slices are known."""
    return Slice(
        name="bookkeeping",
        use_cases=(
            open_book.USE_CASE,
            open_period.USE_CASE,
            close_period.USE_CASE,
            close_account.USE_CASE,
            reverse_entry.use_case(chart),
        ),
        aggregates=(BEGINNING, CALENDAR, PERIOD_END, ENTRIES, ACCOUNTS),
    )
