"""Objections to claims, with their answers."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.vouchers.claim_values import Objection


def load_objections(reader: Reader, claims: Collection[str]) -> Mapping[str, tuple[Objection, ...]]:
    """Objections to each claim asked, in the order in which they were raised."""
    found: dict[str, list[Objection]] = defaultdict(list)
    for claim, *fields in reader.rows(
        "SELECT o.claim, o.number, o.file_number, o.reason, o.raised_on, a.upheld, coalesce(a.reason, ''), "
        "a.answered_on FROM voucher_claim_objection o "
        "LEFT JOIN voucher_claim_objection_answer a ON a.book = o.book AND a.objection = o.number "
        "WHERE o.book = %s AND o.claim = ANY(%s) ORDER BY o.raised_on, o.number",
        reader.book,
        list(claims),
    ):
        found[claim].append(Objection(*fields))
    return {claim: tuple(found[claim]) for claim in claims}


OBJECTIONS = Aggregate[tuple[Objection, ...]](
    "voucher-claim-objections", load_objections, what="异议/objections", locked=False
)
"""By claim, whose lock they share."""
