"""The entries of a claim's other roads. Each docstring is the T-account.  (pure)

v = voucher, s:y = scheme and year of its budget, U = the unit. A zero line is left out.
"""

from ledger.budgets.ground import Ground
from ledger.journal.entries import Entry
from ledger.vouchers import parts
from ledger.vouchers.claim_values import Claim, ClaimLine
from ledger.vouchers.postings import voucher_part_withdrawn_entry
from ledger.vouchers.values import Voucher


def refusal_entries(claim: Claim, line: ClaimLine, voucher: Voucher, ground: Ground) -> tuple[Entry, ...]:
    """A line of a claim is refused for good, and the unit's bill is open again by as much.

    debit   vouchers:revoked:v      line     credit  vouchers:in-claim:v:claim   line
    debit   budget:available:s:y    line     credit  budget:committed:s:y        line   (after the year: lapsed)
    debit   fees:open:bill          line     credit  fees:voucher:bill           line   (U, an entry of its own)
    """
    of_line = ground.of(line)
    return (
        parts.retired(
            "voucher.refuse-line",
            voucher,
            line.amount_fen,
            parts.in_claim(claim, line),
            of_line,
            sink=parts.revoked(voucher),
        ),
        *([voucher_part_withdrawn_entry(claim.unit, line.bill, line.amount_fen, of_line)] if claim.on_bill else []),
    )
