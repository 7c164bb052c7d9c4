"""The entries of uses and bills.  (pure)"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from ledger.fees import addresses
from ledger.fees.values import Bill, Credit, Use
from ledger.journal.entries import Backdating, Entry, Transfer, entry, move
from ledger.payments.addresses import bank


def use_entry(use: Use, on: date, backdating: Backdating | None = None) -> Entry:
    """Machine time goes to its user.

    debit   minutes:used:<instrument>:<user>      minutes
    credit  minutes:capacity:<instrument>         minutes
    """
    return entry("fee.use", on, _used(use), backdating=backdating)


def log_entry(uses: Sequence[Use], on: date, backdating: Backdating | None = None) -> Entry:
    """Machine time of one day's uses goes to their users: for each of them as in `use_entry`.

    debit   minutes:used:<instrument>:<user>      minutes
    credit  minutes:capacity:<instrument>         minutes
    """
    return entry("fee.log", on, *(_used(use) for use in uses), backdating=backdating)


def _used(use: Use) -> tuple[Transfer, ...]:
    return move(
        use.minutes,
        debit=addresses.minutes_used(use.instrument, use.user, use.unit),
        credit=addresses.minutes_capacity(use.instrument, use.unit),
    )


def bill_entry(bill: Bill, on: date, citation: str, calculation: UUID) -> Entry:
    """The fee is earned and the VAT on all of it is owed, whoever will pay which part.

    debit   fees:open:<bill>      gross
    credit  fees:income:<unit>    net
    credit  fees:vat:<unit>       VAT
    """
    receivable = addresses.fees_open(bill.number, bill.unit)
    return entry(
        "fee.bill",
        on,
        move(bill.net_fen, debit=receivable, credit=addresses.fees_income(bill.unit)),
        move(bill.vat_fen, debit=receivable, credit=addresses.fees_vat(bill.unit)),
        citation=citation,
        calculation=calculation,
    )


def receipt_entry(bill: Bill, amount_fen: int, on: date, memo: str = "") -> Entry:
    """The payer's own part has reached the bank.

    debit   bank:<unit>         paid
    credit  fees:open:<bill>    paid
    """
    return entry(
        "fee.receive",
        on,
        move(amount_fen, debit=bank(bill.unit), credit=addresses.fees_open(bill.number, bill.unit)),
        memo=memo,
    )


def voucher_part_entry(
    bill: Bill, amount_fen: int, on: date, citation: str = "", calculation: UUID | None = None
) -> Entry:
    """A voucher bears a part of the bill: the bureau owes it now, and the payer no more.

    debit   fees:voucher:<bill>    accepted
    credit  fees:open:<bill>       accepted
    """
    return entry(
        "fee.voucher-part",
        on,
        move(
            amount_fen,
            debit=addresses.fees_voucher(bill.number, bill.unit),
            credit=addresses.fees_open(bill.number, bill.unit),
        ),
        citation=citation,
        calculation=calculation,
    )


def credit_entry(bill: Bill, credit: Credit, on: date, citation: str, calculation: UUID) -> Entry:
    """A red invoice takes the fee back, or a part of it. What the payer has paid of that is owed back.

    debit   fees:income:<unit>    net        credit  fees:open:<bill>             net
    debit   fees:vat:<unit>       VAT        credit  fees:open:<bill>             VAT
    debit   fees:open:<bill>      paid       credit  fees:owed-to-payer:<bill>    paid
    """
    receivable = addresses.fees_open(bill.number, bill.unit)
    return entry(
        "fee.credit",
        on,
        move(credit.net_fen, debit=addresses.fees_income(bill.unit), credit=receivable),
        move(credit.vat_fen, debit=addresses.fees_vat(bill.unit), credit=receivable),
        move(credit.owed_fen, debit=receivable, credit=addresses.fees_owed_to_payer(bill.number, bill.unit)),
        citation=citation,
        calculation=calculation,
        memo=credit.reason,
    )


def repayment_entry(bill: Bill, amount_fen: int, on: date, memo: str = "") -> Entry:
    """What was owed back to the payer has left the bank.

    debit   fees:owed-to-payer:<bill>    paid back
    credit  bank:<unit>                  paid back
    """
    return entry(
        "fee.repay",
        on,
        move(amount_fen, debit=addresses.fees_owed_to_payer(bill.number, bill.unit), credit=bank(bill.unit)),
        memo=memo,
    )


def write_off_entry(bill: Bill, amount_fen: int, on: date, memo: str = "") -> Entry:
    """The unit gives up what the payer does not pay. The VAT of it stays owed.

    debit   fees:written-off:<unit>    given up
    credit  fees:open:<bill>           given up
    """
    return entry(
        "fee.write-off",
        on,
        move(
            amount_fen,
            debit=addresses.fees_written_off(bill.unit),
            credit=addresses.fees_open(bill.number, bill.unit),
        ),
        memo=memo,
    )
