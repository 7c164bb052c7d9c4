"""What people and programs look at: batches and their awards, as far as the reader may see."""

from ledger.executor.listing import Place, newest
from ledger.executor.reading import Reader
from ledger.subsidies.store import BATCHES
from ledger.subsidies.values import Batch


def batches_page(
    reader: Reader, after: Place, limit: int, *, scheme: str | None = None, year: int | None = None
) -> list[Batch]:
    """Batches, those computed last first."""
    return newest(reader, BATCHES, "subsidy_batch", "computed_on", after, limit, scheme=scheme, year=year)
