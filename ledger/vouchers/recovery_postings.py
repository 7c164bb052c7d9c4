"""The entries by which what was paid for a contract is owed back. Each docstring is the T-account.  (pure)

v = voucher, s:y = scheme and year of the budget that paid, K = the commission, U = the unit, o = the obligation.
"""

from ledger.budgets import addresses as budgets
from ledger.budgets.ground import Ground
from ledger.fees.addresses import fees_income, fees_open, fees_vat, fees_voucher
from ledger.journal.accounts import Account
from ledger.journal.entries import Entry, Transfer, move
from ledger.obligations.addresses import DUE_TO_TREASURY, RECOVERING, owed_to_fiscal, recovery
from ledger.obligations.addresses import budget as recovery_budget
from ledger.obligations.addresses import of_party as of_bureau
from ledger.obligations.values import Obligation
from ledger.payments import addresses as money
from ledger.vouchers import addresses, parts
from ledger.vouchers.claim_values import Claim, Paid


def refund_entry(paid: Paid, owed: Obligation, ground: Ground) -> Entry:
    """The service was refunded: its voucher part is owed back. The red invoice has an entry of its own.

    debit   vouchers:returned:v          a      credit  vouchers:redeemed:v:y        a
    debit   budget:recovering:s:y        a      credit  budget:expended:s:y          a
    debit   recovery:o (1218, K)         a      credit  expense:K (5001)             a      (decided in y)
    debit   recovery:o (1218, K)         a      credit  due-to-treasury:K (2103)     a      (decided later)
    debit   fees:open:bill (U)           a      credit  owed-to-fiscal:o (2307, U)   a      (U was paid)
    """
    return ground.entry(
        "voucher.refund",
        *_taken_back(paid, owed, addresses.face(addresses.RETURNED, paid.voucher, entity=paid.operator)),
        *(
            [
                move(
                    owed.amount_fen,
                    debit=fees_open(paid.bill, paid.unit),
                    credit=owed_to_fiscal(owed.number, debtor=owed.debtor),
                )
            ]
            if owed.debtor_keeps_books
            else []
        ),
    )


def claw_back_entry(paid: Paid, owed: Obligation, net_fen: int, ground: Ground) -> Entry:
    """What was paid is taken back by a ruling; the bill stays as it is, and where the unit owes, its income goes.

    debit   vouchers:clawed-back:v       a      credit  vouchers:redeemed:v:y        a
    debit   budget:recovering:s:y        a      credit  budget:expended:s:y          a
    debit   recovery:o (1218, K)         a      credit  expense:K (5001)             a      (decided in y)
    debit   recovery:o (1218, K)         a      credit  due-to-treasury:K (2103)     a      (decided later)
    debit   fees:income:U                net    credit  owed-to-fiscal:o (2307, U)   net    (U owes)
    debit   fees:vat:U                   VAT    credit  owed-to-fiscal:o (2307, U)   VAT    (U owes)
    """
    owed_back = owed_to_fiscal(owed.number, debtor=owed.debtor)
    return ground.entry(
        "voucher.claw-back",
        *_taken_back(paid, owed, addresses.face(addresses.CLAWED_BACK, paid.voucher, entity=paid.operator)),
        *(
            [
                move(net_fen, debit=fees_income(paid.unit), credit=owed_back),
                move(owed.amount_fen - net_fen, debit=fees_vat(paid.unit), credit=owed_back),
            ]
            if owed.debtor_keeps_books
            else []
        ),
    )


def _taken_back(paid: Paid, owed: Obligation, sink: Account) -> tuple[tuple[Transfer, ...], ...]:
    """K's side, and the face value. Later than the year of its budget the money is the treasury's."""
    amount_fen = owed.amount_fen
    redeemed = addresses.face(addresses.REDEEMED, paid.voucher, entity=paid.operator, year=owed.year)
    relieved = (
        money.of_party(money.EXPENSE, paid.operator)
        if owed.charged_to_its_year
        else of_bureau(DUE_TO_TREASURY, paid.operator)
    )
    return (
        move(amount_fen, debit=sink, credit=redeemed),
        move(
            amount_fen,
            debit=recovery_budget(RECOVERING, scheme=owed.scheme, year=owed.year, creditor=owed.creditor),
            credit=budgets.budget(budgets.EXPENDED, scheme=owed.scheme, year=owed.year, operator=owed.creditor),
            budget_line=owed.budget_line,
        ),
        move(amount_fen, debit=recovery(owed.number, creditor=owed.creditor), credit=relieved),
    )


def offset_entries(part: Claim, owed: Obligation, ground: Ground) -> tuple[Entry, ...]:
    """A part of a claim is settled by what its payee owes, one entry for each contract. K's money is posted beside it.

    debit   vouchers:redeemed:v:y       line      credit  vouchers:approved:v:claim   line
    debit   budget:expended:s:y         line      credit  budget:obligated:s:y        line
    debit   owed-to-fiscal:o (2307, U)  line      credit  fees:voucher:bill (U)       line      (U owes)
    """
    return tuple(
        ground.of(line).entry(
            "voucher.offset",
            move(line.amount_fen, debit=parts.redeemed(part, line), credit=parts.approved(part, line)),
            parts.claim_authority(part, line, budgets.EXPENDED, budgets.OBLIGATED),
            *(
                [
                    move(
                        line.amount_fen,
                        debit=owed_to_fiscal(owed.number, debtor=owed.debtor),
                        credit=fees_voucher(line.bill, part.unit),
                    )
                ]
                if owed.debtor_keeps_books
                else []
            ),
        )
        for line in part.lines
    )
