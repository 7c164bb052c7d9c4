"""From a claim to the contracts it names."""

from collections.abc import Collection, Mapping

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.vouchers.store.contracts import BILLS_OF_CONTRACTS, CONTRACTS


def load_lines_of_claims(reader: Reader, claims: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Contracts of each claim, whatever has become of them."""
    found: dict[str, tuple[str, ...]] = {}
    for claim, contract in reader.rows(
        "SELECT claim, contract FROM voucher_claim_line WHERE book = %s AND claim = ANY(%s) ORDER BY claim, contract",
        reader.book,
        list(claims),
    ):
        found[claim] = (*found.get(claim, ()), contract)
    return found


def follow_lines_of_claims(reader: Reader, claims: Collection[str]) -> Mapping[str, Keys]:
    return {
        claim: CONTRACTS.keys(*contracts) | BILLS_OF_CONTRACTS.keys(*contracts)
        for claim, contracts in load_lines_of_claims(reader, claims).items()
    }


LINES_OF_CLAIMS = Aggregate[tuple[str, ...]](
    "voucher-claim-lines", load_lines_of_claims, follow_lines_of_claims, what="兑付明细/lines of a claim", locked=False
)
"""By claim: leads to its contracts and their bills."""
