"""What people and programs look at: letters and budgets, as far as the reader may see."""

from ledger.budgets.store import APPROPRIATIONS, BUDGETS, budget_id
from ledger.budgets.values import Appropriation, Budget
from ledger.executor.listing import Place, details, newest
from ledger.executor.reading import Reader


def appropriations_page(
    reader: Reader, after: Place, limit: int, *, scheme: str | None = None, year: int | None = None
) -> list[Appropriation]:
    return newest(
        reader, APPROPRIATIONS, "voucher_appropriation", "proposed_on", after, limit, scheme=scheme, year=year
    )


def budgets_page(reader: Reader, after: tuple[int, str], limit: int) -> list[Budget]:
    """Budgets of which a letter was posted, the latest year first, behind this year and scheme."""
    ids = [
        budget_id(scheme, year)
        for year, scheme in reader.rows(
            "SELECT a.year, a.scheme FROM voucher_appropriation a "
            "JOIN voucher_appropriation_end e ON e.book = a.book AND e.appropriation = a.number "
            "WHERE a.book = %s AND e.outcome = 'posted' AND (-a.year, a.scheme) > (%s, %s) "
            "GROUP BY 1, 2 ORDER BY a.year DESC, a.scheme LIMIT %s",
            reader.book,
            -after[0],
            after[1],
            limit,
        )
    ]
    return details(reader, BUDGETS, ids)
