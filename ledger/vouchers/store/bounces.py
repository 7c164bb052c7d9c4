"""Payments that came back: the claim that was paid, and the budgets that may pay it again."""

from collections.abc import Collection, Mapping

from ledger.budgets.store import BUDGET_CHANGES, budget_id
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.vouchers.store.claims import CLAIMS


def bounce_id(payable: str, year: int) -> str:
    return f"{payable} {year}"


def load_bounces(reader: Reader, ids: Collection[str]) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Claim, and budgets of the year of the return and of later ones; nothing for payables of other slices."""
    payables, years = zip(*(id_.rsplit(" ", 1) for id_ in ids), strict=True)
    return {
        bounce_id(payable, year): (claim, tuple(budget_id(scheme, later) for later in found))
        for payable, year, claim, scheme, found in reader.rows(
            "SELECT w.payable, w.year, c.number, c.scheme, "
            "ARRAY(SELECT DISTINCT a.year FROM voucher_appropriation a "
            "WHERE a.book = c.book AND a.scheme = c.scheme AND a.year >= w.year ORDER BY 1) "
            "FROM unnest(%s::text[], %s::int[]) AS w (payable, year) "
            "JOIN voucher_claim_payable p ON p.payable = w.payable AND p.book = %s "
            "JOIN voucher_claim c ON c.book = p.book AND c.number = p.claim",
            list(payables),
            [int(year) for year in years],
            reader.book,
        )
    }


def follow_bounces(reader: Reader, ids: Collection[str]) -> Mapping[str, Keys]:
    return {
        id_: CLAIMS.keys(claim) | BUDGET_CHANGES.keys(*budgets)
        for id_, (claim, budgets) in load_bounces(reader, ids).items()
    }


BOUNCES = Aggregate[tuple[str, tuple[str, ...]]](
    "voucher-bounce", load_bounces, follow_bounces, what="应付事项/payable", locked=False
)
"""By `bounce_id(payable, year of the return)`."""
