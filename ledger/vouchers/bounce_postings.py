"""The entries of a payment that came back. Each docstring is the T-account.  (pure)

v = voucher, s:y = scheme and year of the budget that paid, K = the commission, U = the unit.
"""

from dataclasses import replace

from ledger.budgets import addresses as budgets
from ledger.budgets.ground import Ground
from ledger.fees.addresses import fees_voucher
from ledger.journal.accounts import AccountClass
from ledger.journal.entries import Entry, Transfer, move
from ledger.payments import addresses as money
from ledger.payments.addresses import bank, fiscal_income, payable
from ledger.vouchers import parts
from ledger.vouchers.claim_values import Charge, Claim, ClaimLine


def bounce_entries(claim: Claim, open_in: int, ground: Ground) -> tuple[Entry, ...]:
    """The payment came back in the year in which it was made: every line of it is taken back, `approved` stands again.

    Where the budget that paid has ended meanwhile, what comes back is carried over like all that was open in it: then,
    with o = the year in which that stands now, instead of the second line

    debit   budget:carried-out:s:y      line      credit  budget:expended:s:y         line
    debit   budget:obligated:s:o        line      credit  budget:carried-in:s:o       line      (years between: both)

    debit   vouchers:approved:v:claim   line      credit  vouchers:redeemed:v:y       line
    debit   budget:obligated:s:y        line      credit  budget:expended:s:y         line
    debit   fiscal-income:K (4001)      line      credit  payable:claim (2303, K)     line
    debit   fees:voucher:bill (U)       line      credit  bank:U (1002)               line
    debit   6001:K                      line      credit  7101:K                      line      (budgetary side)
    debit   6101:U                      line      credit  8001:U                      line      (budgetary side)
    """
    commission = claim.operator
    return tuple(
        ground.of(line).entry(
            "voucher.bounce" if open_in == claim.budget_year else "voucher.bounce-carried",
            _approved_again(claim, line),
            _obligated_again(claim, line, open_in),
            move(
                line.amount_fen,
                debit=fiscal_income(commission),
                credit=payable(claim.number, payer=commission),
            ),
            parts.budgetary(line.amount_fen, commission, money.BUDGET_GRANTED, money.BUDGET_SPENT),
            *_unit_gives_back(claim, line, money.SERVICE_BUDGET_INCOME),
        )
        for line in claim.lines
    )


def later_bounce_entries(claim: Claim, anew: Charge, ground: Ground) -> tuple[Entry, ...]:
    """The payment came back after its year, whose spending stands: another year's budget is obligated to pay again.

    r = year of the return. What K and U booked as income of the year of payment is taken back from earlier years.

    debit   vouchers:approved:v:claim   line      credit  vouchers:redeemed:v:y       line
    debit   budget:bounced:s:y          line      credit  budget:expended:s:y         line
    debit   budget:obligated:s:r        line      credit  budget:available:s:r        line      (r's budget line)
    debit   prior-years:K (3501)        line      credit  payable:claim (2303, K)     line
    debit   fees:voucher:bill (U)       line      credit  bank:U (1002)               line
    debit   8202:U                      line      credit  8001:U                      line      (budgetary side)
    """
    commission = claim.operator
    charged = replace(claim, budget_year=anew.year)
    return tuple(
        replace(ground, calculation=line.calculation).entry(
            "voucher.bounce-later",
            _approved_again(claim, line),
            parts.claim_authority(claim, line, budgets.BOUNCED, budgets.EXPENDED),
            parts.claim_authority(
                charged,
                replace(line, budget_line=anew.budget_line),
                budgets.OBLIGATED,
                budgets.AVAILABLE_BUDGET,
            ),
            move(
                line.amount_fen,
                debit=money.of_party(money.PRIOR_YEARS, commission),
                credit=payable(claim.number, payer=commission),
            ),
            *_unit_gives_back(claim, line, money.SURPLUS),
        )
        for line in claim.lines
    )


def _unit_gives_back(claim: Claim, line: ClaimLine, income: AccountClass) -> tuple[tuple[Transfer, ...], ...]:
    """The unit's side. A firm keeps no books here."""
    if not claim.on_bill:
        return ()
    return (
        move(line.amount_fen, debit=fees_voucher(line.bill, claim.unit), credit=bank(claim.unit)),
        parts.budgetary(line.amount_fen, claim.unit, income, money.FUNDS),
    )


def _obligated_again(claim: Claim, line: ClaimLine, open_in: int) -> tuple[Transfer, ...]:
    """What was spent goes back to where it came from, and on to the year in which that is open."""
    moves: list[Transfer] = []
    from_bucket = budgets.EXPENDED
    for year in range(claim.budget_year, open_in):
        moves += parts.claim_authority(replace(claim, budget_year=year), line, budgets.CARRIED_OUT, from_bucket)
        from_bucket = budgets.CARRIED_IN
    last = replace(claim, budget_year=open_in)
    return (*moves, *parts.claim_authority(last, line, budgets.OBLIGATED, from_bucket))


def _approved_again(claim: Claim, line: ClaimLine) -> tuple[Transfer, ...]:
    return move(line.amount_fen, debit=parts.approved(claim, line), credit=parts.redeemed(claim, line))
