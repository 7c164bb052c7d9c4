"""What people and programs look at: batches and their awards, as far as the reader may see."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ledger.amounts import shown
from ledger.errors import Invalid
from ledger.executor.listing import Place, detail, newest
from ledger.executor.reading import Reader
from ledger.subsidies.impact import PolicyChange
from ledger.subsidies.policy_change_store import POLICY_CHANGES
from ledger.subsidies.store import BATCHES
from ledger.subsidies.values import Batch, BatchState
from policies.subsidies.schemes import subsidy


def batches_page(
    reader: Reader, after: Place, limit: int, *, scheme: str | None = None, year: int | None = None
) -> list[Batch]:
    """Batches, those computed last first."""
    return newest(reader, BATCHES, "subsidy_batch", "computed_on", after, limit, scheme=scheme, year=year)


def policy_changes_page(reader: Reader, after: Place, limit: int) -> list[PolicyChange]:
    """Changes of a policy or budget that were proposed, the newest first."""
    return newest(reader, POLICY_CHANGES, "subsidy_policy_change", "proposed_on", after, limit)


def due_on(batch: Batch) -> date | None:
    """Last day on which it is paid in time, under the rules that it was computed by; None where no rule says.

    No rule says until when what a decision adds is paid.
    """
    if batch.top_up:
        return None
    return subsidy(batch.scheme, batch.computed_on, batch.computed_on).due_on(batch.year)


def is_overdue(batch: Batch, today: date) -> bool:
    """Whether it stands, is not paid, and the last day for that is over."""
    last = due_on(batch)
    waits = batch.state in {BatchState.COMPUTED, BatchState.PUBLICISED, BatchState.APPROVED}
    return waits and last is not None and today > last


@dataclass(frozen=True, slots=True)
class AwardShown:
    """A line of a batch. What it is computed from is shown to its unit and to the bureaus."""

    number: str
    unit: str
    name: str
    grade: str
    entitled_fen: int
    awarded_fen: int
    base_fen: int | None
    bills: int | None
    billed_fen: int | None
    excluded_fen: int | None
    uses: int | None
    minutes: int | None
    base_calculation: UUID | None
    calculation: UUID | None
    paid_fen: int | None
    due_fen: int | None
    """Of a top-up: what is due in all, beside what was awarded before."""
    had_fen: int | None
    top_up_calculation: UUID | None


_OWN = "(SELECT ledger_party()) IN ('*', a.unit)"


def awards_page(
    reader: Reader, batch: str, after: str, limit: int | None = None, *, unit: str | None = None
) -> list[AwardShown]:
    """Awards of a batch by unit."""
    own = ", ".join(
        f"CASE WHEN {_OWN} THEN a.{column} END"
        for column in (
            "base_fen",
            "bills",
            "billed_fen",
            "excluded_fen",
            "uses",
            "minutes",
            "base_calculation",
            "calculation",
        )
    )
    rows = reader.rows(
        f"SELECT a.number, a.unit, coalesce(p.name, ''), a.grade, a.entitled_fen, a.awarded_fen, {own}, "  # noqa: S608  our own words
        f"CASE WHEN {_OWN} THEN (SELECT coalesce(sum(r.amount_fen), 0)::int8 FROM subsidy_award_part r "
        "  JOIN subsidy_payable y ON y.book = r.book AND y.award = r.award AND y.budget_line = r.budget_line "
        "  WHERE r.book = a.book AND r.award = a.number AND EXISTS (SELECT FROM subsidy_payment k "
        "    WHERE k.book = y.book AND k.payable = y.payable AND NOT EXISTS (SELECT FROM subsidy_bounce x "
        "      WHERE x.book = k.book AND x.payable = k.payable AND x.payment_batch = k.payment_batch))) END, "
        f"d.due_fen, d.had_fen, CASE WHEN {_OWN} THEN d.calculation END "
        "FROM subsidy_award a LEFT JOIN subsidy_top_up_award d ON d.book = a.book AND d.award = a.number "
        "LEFT JOIN party p ON p.book = a.book AND p.code = a.unit "
        "WHERE a.book = %s AND a.batch = %s AND a.unit > %s AND a.unit = coalesce(%s, a.unit) "
        "ORDER BY a.unit LIMIT %s",
        reader.book,
        batch,
        after,
        unit,
        limit,
    )
    return [AwardShown(*row) for row in rows]


class VersionUnknown(Invalid):
    zh = "没有可以比较的补贴批次“{number}”。请核对编号。"
    en = "There is no batch “{number}” to compare with. Check the number."


def seen_version(reader: Reader, number: str) -> Batch:
    """A batch that the reader may see.

    Raises:
        VersionUnknown: there is none.
    """
    if not reader.rows("SELECT 1 FROM subsidy_batch WHERE book = %s AND number = %s", reader.book, number):
        raise VersionUnknown(number=shown(number))
    return detail(reader, BATCHES, number)


def version_before(reader: Reader, batch: Batch) -> Batch | None:
    """The version before this one that the reader may see; None for the first.

    A top-up is compared with one that it superseded, and with nothing that was paid.
    """
    added = (
        "AND t.batch IS NOT NULL AND NOT EXISTS (SELECT FROM subsidy_batch_step s WHERE s.book = b.book "
        "AND s.batch = b.number AND s.step = 'approved')"
    )
    rows = reader.rows(
        "SELECT b.number FROM subsidy_batch b "  # noqa: S608  our own words
        "LEFT JOIN subsidy_top_up t ON t.book = b.book AND t.batch = b.number "
        "WHERE b.book = %s AND b.scheme = %s AND b.year = %s AND b.version < %s "
        f"{added if batch.top_up else 'AND t.batch IS NULL'} ORDER BY b.version DESC LIMIT 1",
        reader.book,
        batch.scheme,
        batch.year,
        batch.version,
    )
    return detail(reader, BATCHES, rows[0][0]) if rows else None
