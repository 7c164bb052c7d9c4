"""What entries of every road are made of: their ground, a voucher's accounts, transfers that recur.  (pure)"""

from datetime import date

from ledger.budgets import addresses as budgets
from ledger.budgets.ground import Ground
from ledger.journal.accounts import Account, AccountClass
from ledger.journal.entries import Entry, Transfer, move
from ledger.payments import addresses as money
from ledger.vouchers import addresses
from ledger.vouchers.claim_values import Claim, ClaimLine
from ledger.vouchers.values import Voucher


def retired(
    template: str,
    voucher: Voucher,
    amount_fen: int,
    open_account: Account,
    ground: Ground,
    *,
    sink: Account | None = None,
) -> Entry:
    """Open face value leaves for good, and the budget behind it in the same entry; it expires unless told otherwise."""
    return ground.entry(
        template,
        move(amount_fen, debit=sink or expired(voucher), credit=open_account),
        freed_budget(amount_fen, voucher, ground.on),
    )


def freed_budget(amount_fen: int, voucher: Voucher, on: date) -> tuple[Transfer, ...]:
    """Budget behind retired face value: available while the voucher's year lasts, lapsed after it.

    What was carried over was carried for this voucher and lapses with it, in the year that bears it now.
    """
    bucket = budgets.AVAILABLE_BUDGET if on.year <= voucher.year else budgets.LAPSED
    return authority(amount_fen, voucher, bucket, budgets.COMMITTED)


def authority(amount_fen: int, voucher: Voucher, debit: AccountClass, credit: AccountClass) -> tuple[Transfer, ...]:
    return move(
        amount_fen, debit=of_year(debit, voucher), credit=of_year(credit, voucher), budget_line=voucher.budget_line
    )


def claim_authority(claim: Claim, line: ClaimLine, debit: AccountClass, credit: AccountClass) -> tuple[Transfer, ...]:
    return move(
        line.amount_fen,
        debit=budgets.budget(debit, scheme=claim.scheme, year=claim.budget_year, operator=claim.operator),
        credit=budgets.budget(credit, scheme=claim.scheme, year=claim.budget_year, operator=claim.operator),
        budget_line=line.budget_line,
    )


def budgetary(amount_fen: int, party: str, debit: AccountClass, credit: AccountClass) -> tuple[Transfer, ...]:
    return move(amount_fen, debit=money.of_party(debit, party), credit=money.of_party(credit, party))


def of_year(line: AccountClass, voucher: Voucher) -> Account:
    """An account of the year whose budget bears the voucher now."""
    return budgets.budget(line, scheme=voucher.scheme, year=voucher.budget_year, operator=voucher.operator)


def available(voucher: Voucher) -> Account:
    return addresses.face(addresses.AVAILABLE, voucher.number, entity=voucher.holder)


def held(voucher: Voucher, contract: str) -> Account:
    return addresses.face(addresses.HELD, voucher.number, entity=voucher.holder, contract=contract)


def expired(voucher: Voucher) -> Account:
    return addresses.face(addresses.EXPIRED, voucher.number, entity=voucher.operator)


def revoked(voucher: Voucher) -> Account:
    """For good, with a reason code: a final refusal, a revocation."""
    return addresses.face(addresses.REVOKED, voucher.number, entity=voucher.operator)


def redeemable(voucher: Voucher | str, unit: str, contract: str) -> Account:
    number = voucher if isinstance(voucher, str) else voucher.number
    return addresses.face(addresses.REDEEMABLE, number, entity=unit, contract=contract)


def in_claim(claim: Claim, line: ClaimLine) -> Account:
    return addresses.face(addresses.IN_CLAIM, line.voucher, entity=claim.unit, claim=claim.number)


def approved(claim: Claim, line: ClaimLine) -> Account:
    return addresses.face(addresses.APPROVED, line.voucher, entity=claim.unit, claim=claim.number)


def redeemed(claim: Claim, line: ClaimLine) -> Account:
    """By the year whose budget pays it."""
    return addresses.face(addresses.REDEEMED, line.voucher, entity=claim.operator, year=claim.budget_year)
