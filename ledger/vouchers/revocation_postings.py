"""The entries of a revocation. Each docstring is the T-account; the budget behind is freed in the same entry.  (pure)

v = voucher, s:y = scheme and year of its budget, U = the unit.
"""

from ledger.budgets.ground import Ground
from ledger.journal.entries import Entry
from ledger.vouchers import parts
from ledger.vouchers.postings import voucher_part_withdrawn_entry
from ledger.vouchers.values import Contract, Voucher


def revocation_entries(voucher: Voucher, ground: Ground) -> tuple[Entry, ...]:
    """What is available of a voucher is revoked. None when nothing is.

    debit   vouchers:revoked:v      rest      credit  vouchers:available:v    rest
    debit   budget:available:s:y    rest      credit  budget:committed:s:y    rest      (after the year: lapsed)
    """
    if not voucher.available_fen:
        return ()
    return (
        parts.retired(
            "voucher.revoke",
            voucher,
            voucher.available_fen,
            parts.available(voucher),
            ground,
            sink=parts.revoked(voucher),
        ),
    )


def hold_revocation_entry(voucher: Voucher, contract: Contract, ground: Ground) -> Entry:
    """A reservation is revoked with its voucher.

    debit   vouchers:revoked:v      hold      credit  vouchers:held:v:contract   hold
    debit   budget:available:s:y    hold      credit  budget:committed:s:y       hold      (after the year: lapsed)
    """
    return parts.retired(
        "voucher.revoke-hold",
        voucher,
        contract.held_fen,
        parts.held(voucher, contract.number),
        ground,
        sink=parts.revoked(voucher),
    )


def accepted_revocation_entries(voucher: Voucher, contract: Contract, ground: Ground) -> tuple[Entry, ...]:
    """What was accepted and not claimed is revoked, and the unit's bill is open again by as much. None for no share.

    debit   vouchers:revoked:v      share     credit  vouchers:redeemable:v:contract   share
    debit   budget:available:s:y    share     credit  budget:committed:s:y             share  (after the year: lapsed)
    debit   fees:open:bill          share     credit  fees:voucher:bill                share  (U, an entry of its own)
    """
    if contract.bill is None:
        raise ValueError(f"{contract.number} was accepted without a bill")
    if not contract.redeemable_fen:
        return ()
    return (
        parts.retired(
            "voucher.revoke-accepted",
            voucher,
            contract.redeemable_fen,
            parts.redeemable(voucher, contract.claimant, contract.number),
            ground,
            sink=parts.revoked(voucher),
        ),
        *(
            [voucher_part_withdrawn_entry(contract.unit, contract.bill, contract.redeemable_fen, ground)]
            if contract.on_bill
            else []
        ),
    )
