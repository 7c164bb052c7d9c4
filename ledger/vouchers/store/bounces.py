"""Payments that came back: the claim that was paid, and the budget of the year in which they came."""

from collections.abc import Collection, Mapping

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.vouchers.store.budgets import BUDGET_CHANGES, budget_id
from ledger.vouchers.store.claims import CLAIMS


def bounce_id(payable: str, year: int) -> str:
    return f"{payable} {year}"


def load_bounces(reader: Reader, ids: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """Claim and budget; nothing for payables of other slices."""
    payables, years = zip(*(id_.rsplit(" ", 1) for id_ in ids), strict=True)
    return {
        bounce_id(payable, year): (claim, budget_id(scheme, year))
        for payable, year, claim, scheme in reader.rows(
            "SELECT w.payable, w.year, c.number, c.scheme FROM unnest(%s::text[], %s::int[]) AS w (payable, year) "
            "JOIN voucher_claim_payable p ON p.payable = w.payable AND p.book = %s "
            "JOIN voucher_claim c ON c.book = p.book AND c.number = p.claim",
            list(payables),
            [int(year) for year in years],
            reader.book,
        )
    }


def follow_bounces(reader: Reader, ids: Collection[str]) -> Mapping[str, Keys]:
    return {
        id_: CLAIMS.keys(claim) | BUDGET_CHANGES.keys(budget)
        for id_, (claim, budget) in load_bounces(reader, ids).items()
    }


BOUNCES = Aggregate[tuple[str, str]](
    "voucher-bounce", load_bounces, follow_bounces, what="应付事项/payable", locked=False
)
"""By `bounce_id(payable, year of the return)`."""
