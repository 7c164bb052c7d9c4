"""The entries of a voucher's life. Each docstring is the T-account.  (pure)

v = voucher, s:y = scheme and year of its budget, K = the commission, U = the unit. A zero line is left out.
"""

from ledger.budgets import addresses as budgets
from ledger.budgets.ground import Ground
from ledger.fees.addresses import fees_open, fees_voucher
from ledger.journal.entries import Entry, Transfer, move
from ledger.payments import addresses as money
from ledger.payments.addresses import bank, fiscal_income, payable
from ledger.vouchers import addresses, parts
from ledger.vouchers.claim_values import Claim, ClaimLine
from ledger.vouchers.values import Contract, Split, Voucher


def issue_entry(voucher: Voucher, ground: Ground) -> Entry:
    """A voucher is issued, and its face value is committed. No liability yet: it is conditional.

    debit   vouchers:available:v     face      credit  vouchers:issued:s:y     face
    debit   budget:committed:s:y     face      credit  budget:available:s:y    face
    """
    return ground.entry(
        "voucher.issue",
        move(voucher.face_fen, debit=parts.available(voucher), credit=parts.of_year(addresses.ISSUED, voucher)),
        parts.authority(voucher.face_fen, voucher, budgets.COMMITTED, budgets.AVAILABLE_BUDGET),
    )


def reservation_entry(voucher: Voucher, contract: str, amount_fen: int, ground: Ground) -> Entry:
    """A part of the voucher is set aside for a contract.

    debit   vouchers:held:v:contract   a
    credit  vouchers:available:v       a
    """
    return ground.entry(
        "voucher.reserve", move(amount_fen, debit=parts.held(voucher, contract), credit=parts.available(voucher))
    )


def release_entry(voucher: Voucher, contract: Contract, ground: Ground) -> Entry:
    """A reservation is taken back while the voucher is valid: the mirror image of the reservation.

    debit   vouchers:available:v       what is held
    credit  vouchers:held:v:contract   what is held
    """
    return ground.entry(
        "voucher.release",
        move(contract.held_fen, debit=parts.available(voucher), credit=parts.held(voucher, contract.number)),
    )


def acceptance_entry(voucher: Voucher, contract: Contract, split: Split, ground: Ground) -> Entry:
    """The voucher's share of the actual fee becomes redeemable; the rest of the hold goes back, or expires.

    debit   vouchers:redeemable:v:contract   share
    debit   vouchers:available:v             rest, while the voucher is valid
    debit   vouchers:expired:v               rest of a token (no change is given); the rest of a voucher that expired
    credit  vouchers:held:v:contract         all three
    debit   budget:available:s:y             what expired (budget:lapsed:s:y once the year is over)
    credit  budget:committed:s:y             what expired
    """
    held = parts.held(voucher, contract.number)
    return ground.entry(
        "voucher.accept",
        move(split.share_fen, debit=parts.redeemable(voucher, contract.claimant, contract.number), credit=held),
        move(split.returned_fen, debit=parts.available(voucher), credit=held),
        move(split.retired_fen, debit=parts.expired(voucher), credit=held),
        parts.freed_budget(split.retired_fen, voucher, ground.on),
    )


def voucher_part_withdrawn_entry(unit: str, bill: str, share_fen: int, ground: Ground) -> Entry:
    """U: the voucher pays after all nothing; the mirror image of the voucher's part.

    debit   fees:open:bill      share
    credit  fees:voucher:bill   share
    """
    return ground.entry(
        "fee.voucher-part-withdrawn",
        move(share_fen, debit=fees_open(bill, unit), credit=fees_voucher(bill, unit)),
    )


def credit_entry(voucher: Voucher, contract: Contract, split: Split, ground: Ground) -> Entry:
    """The bill was credited before it was claimed: the share that is too much goes back, or expires.

    debit   vouchers:available:v             rest, while the voucher is valid
    debit   vouchers:expired:v               rest of a token (no change is given); the rest of a voucher that expired
    credit  vouchers:redeemable:v:contract   both
    debit   budget:available:s:y             what expired (budget:lapsed:s:y once the year is over)
    credit  budget:committed:s:y             what expired
    """
    redeemable = parts.redeemable(voucher, contract.claimant, contract.number)
    return ground.entry(
        "voucher.credit",
        move(split.returned_fen, debit=parts.available(voucher), credit=redeemable),
        move(split.retired_fen, debit=parts.expired(voucher), credit=redeemable),
        parts.freed_budget(split.retired_fen, voucher, ground.on),
    )


def filing_entries(claim: Claim, ground: Ground) -> tuple[Entry, ...]:
    """A unit claims what was accepted, one entry for each contract.

    debit   vouchers:in-claim:v:claim        line
    credit  vouchers:redeemable:v:contract   line
    """
    return tuple(
        ground.of(line).entry(
            "voucher.file-claim",
            move(
                line.amount_fen,
                debit=parts.in_claim(claim, line),
                credit=parts.redeemable(line.voucher, claim.unit, line.contract),
            ),
        )
        for line in claim.lines
    )


def return_entries(claim: Claim, ground: Ground, template: str = "voucher.return-claim") -> tuple[Entry, ...]:
    """A claim is sent back, or withdrawn: the mirror image of its filing.

    debit   vouchers:redeemable:v:contract   line
    credit  vouchers:in-claim:v:claim        line
    """
    return tuple(
        ground.of(line).entry(
            template,
            move(
                line.amount_fen,
                debit=parts.redeemable(line.voucher, claim.unit, line.contract),
                credit=parts.in_claim(claim, line),
            ),
        )
        for line in claim.lines
    )


def approval_entries(claim: Claim, ground: Ground) -> tuple[Entry, ...]:
    """Finance has approved: budget is obligated and K owes, one entry for each contract.

    debit   vouchers:approved:v:claim   line      credit  vouchers:in-claim:v:claim   line
    debit   budget:obligated:s:y        line      credit  budget:committed:s:y        line
    debit   expense:K (5001)            line      credit  payable:claim (2303)        line
    """
    return tuple(
        ground.of(line).entry(
            "voucher.approve-claim",
            move(line.amount_fen, debit=parts.approved(claim, line), credit=parts.in_claim(claim, line)),
            parts.claim_authority(claim, line, budgets.OBLIGATED, budgets.COMMITTED),
            move(
                line.amount_fen,
                debit=money.of_party(money.EXPENSE, claim.operator),
                credit=payable(claim.number, payer=claim.operator),
            ),
        )
        for line in claim.lines
    )


def payment_entries(claim: Claim, ground: Ground) -> tuple[Entry, ...]:
    """The bank has confirmed what one payable pays of a claim, one entry for each contract: K and U settle.

    Where the firm is paid, there are only K's lines.

    debit   vouchers:redeemed:v:y       line      credit  vouchers:approved:v:claim   line
    debit   budget:expended:s:y         line      credit  budget:obligated:s:y        line
    debit   payable:claim (2303, K)     line      credit  fiscal-income:K (4001)      line
    debit   bank:U (1002)               line      credit  fees:voucher:bill (U)       line
    debit   7101:K                      line      credit  6001:K                      line      (budgetary side)
    debit   8001:U                      line      credit  6101:U                      line      (budgetary side)
    """
    commission = claim.operator
    return tuple(
        ground.of(line).entry(
            "voucher.pay",
            move(line.amount_fen, debit=parts.redeemed(claim, line), credit=parts.approved(claim, line)),
            parts.claim_authority(claim, line, budgets.EXPENDED, budgets.OBLIGATED),
            move(
                line.amount_fen,
                debit=payable(claim.number, payer=commission),
                credit=fiscal_income(commission),
            ),
            parts.budgetary(line.amount_fen, commission, money.BUDGET_SPENT, money.BUDGET_GRANTED),
            *_unit_is_paid(claim, line),
        )
        for line in claim.lines
    )


def _unit_is_paid(claim: Claim, line: ClaimLine) -> tuple[tuple[Transfer, ...], ...]:
    """The unit's side of a payment. A firm keeps no books here."""
    if not claim.on_bill:
        return ()
    return (
        move(line.amount_fen, debit=bank(claim.unit), credit=fees_voucher(line.bill, claim.unit)),
        parts.budgetary(line.amount_fen, claim.unit, money.FUNDS, money.SERVICE_BUDGET_INCOME),
    )


def expiry_entries(voucher: Voucher, ground: Ground) -> tuple[Entry, ...]:
    """What is left of a voucher expires, and its budget is free again. None when nothing is left.

    debit   vouchers:expired:v      rest      credit  vouchers:available:v    rest
    debit   budget:available:s:y    rest      credit  budget:committed:s:y    rest      (after the year: lapsed)
    """
    if not voucher.available_fen:
        return ()
    return (parts.retired("voucher.expire", voucher, voucher.available_fen, parts.available(voucher), ground),)


def hold_expiry_entry(voucher: Voucher, contract: Contract, ground: Ground) -> Entry:
    """A reservation ends with its voucher: what was not accepted in time expires.

    debit   vouchers:expired:v      hold      credit  vouchers:held:v:contract   hold
    debit   budget:available:s:y    hold      credit  budget:committed:s:y       hold      (after the year: lapsed)
    """
    return parts.retired(
        "voucher.expire-hold", voucher, contract.held_fen, parts.held(voucher, contract.number), ground
    )


def unclaimed_entries(voucher: Voucher, contract: Contract, ground: Ground) -> tuple[Entry, ...]:
    """What was accepted but not claimed in time expires, and the unit's bill is open again by as much.

    debit   vouchers:expired:v      share     credit  vouchers:redeemable:v:contract   share
    debit   budget:available:s:y    share     credit  budget:committed:s:y             share  (after the year: lapsed)
    debit   fees:open:bill          share     credit  fees:voucher:bill                share  (U, an entry of its own)
    """
    redeemable = parts.redeemable(voucher, contract.claimant, contract.number)
    retired = parts.retired("voucher.expire-unclaimed", voucher, contract.redeemable_fen, redeemable, ground)
    if contract.bill is None:
        raise ValueError(f"{contract.number} was accepted without a bill")
    if not contract.on_bill:
        return (retired,)
    return (
        retired,
        voucher_part_withdrawn_entry(contract.unit, contract.bill, contract.redeemable_fen, ground),
    )
