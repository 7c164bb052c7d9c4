"""The entries of a subsidy's life. Each docstring is the T-account.  (pure)

s:y = scheme and year of the budget, K = the commission, U = the unit. A zero line is left out. Firms keep no books
here: of a subsidy to users the lines of U are left out too. Where finance pays a unit through its own budget, the lines
of K are left out, and U takes it in as an appropriation of its own: fiscal-income:U (4001) and, budgetary, 6001:U.
"""

from dataclasses import replace

from ledger.budgets import addresses as budgets
from ledger.budgets.ground import Ground
from ledger.journal.accounts import AccountClass
from ledger.journal.entries import Entry, Transfer, move
from ledger.obligations import addresses as obligations
from ledger.obligations.values import Obligation
from ledger.payments import addresses as money
from ledger.payments.addresses import bank, fiscal_income, payable
from ledger.subsidies.addresses import BUDGET_INCOMES, SUBSIDY_INCOME
from ledger.subsidies.values import Award, AwardPart, Batch, Charge
from policies.subsidies.schemes import Serves


def commitment_entries(batch: Batch, ground: Ground) -> tuple[Entry, ...]:
    """The award list is publicised: its total is committed, each budget line for its part. None where nothing is paid.

    debit   budget:committed:s:y   total      credit  budget:available:s:y   total
    """
    moves = [
        authority(batch, charge, fen, budgets.COMMITTED, budgets.AVAILABLE_BUDGET)
        for charge, fen in sorted(batch.by_charge().items())
    ]
    return (ground.entry("subsidy.commit", *moves),) if moves else ()


def release_entries(batch: Batch, ground: Ground) -> tuple[Entry, ...]:
    """The list is taken back before finance has approved: the mirror image, while the year lasts; after it, lapsed.

    debit   budget:available:s:y   total      credit  budget:committed:s:y   total      (after the year: lapsed)
    """
    bucket = budgets.AVAILABLE_BUDGET if ground.on.year <= batch.budget_year else budgets.LAPSED
    moves = [
        authority(batch, charge, fen, bucket, budgets.COMMITTED) for charge, fen in sorted(batch.by_charge().items())
    ]
    return (ground.entry("subsidy.release", *moves),) if moves else ()


def approval_entry(batch: Batch, award: Award, part: AwardPart, ground: Ground) -> Entry:
    """Two officers of finance have signed: budget is obligated, and K owes.

    debit   budget:obligated:s:y   part      credit  budget:committed:s:y    part
    debit   expense:K (5001)       part      credit  payable:award (2303)    part
    """
    owed = move(
        part.amount_fen,
        debit=money.of_party(money.EXPENSE, batch.operator),
        credit=payable(award.number, payer=batch.operator),
    )
    return ground.entry(
        "subsidy.approve",
        authority(batch, part.charge, part.amount_fen, budgets.OBLIGATED, budgets.COMMITTED),
        *([] if award.own_budget else [owed]),
    )


def payment_entry(batch: Batch, award: Award, part: AwardPart, fen: int, income: str, ground: Ground) -> Entry:
    """The bank has confirmed: budget is expended, K and U settle. What was set off before is not in it.

    debit   budget:expended:s:y         fen      credit  budget:obligated:s:y          fen
    debit   payable:award (2303, K)     fen      credit  fiscal-income:K (4001)        fen
    debit   bank:U (1002)               fen      credit  subsidy-income:U (4601)       fen
    debit   7101:K                      fen      credit  6001:K                        fen      (budgetary side)
    debit   8001:U                      fen      credit  6601:U or 6101:U              fen      (budgetary side)
    """
    return ground.entry("subsidy.pay", *_settled(batch, award, part, fen, income))


def bounce_entry(
    batch: Batch, award: Award, part: AwardPart, paid_by: Charge, fen: int, income: str, ground: Ground
) -> Entry:
    """The payment came back in the year in which it was made: every line of it is taken back, and it is owed again.

    Where the budget that paid has ended meanwhile, what comes back is carried over like all that was open in it: then,
    with o = the year in which that stands now, instead of the first line

    debit   budget:carried-out:s:y      fen      credit  budget:expended:s:y           fen
    debit   budget:obligated:s:o        fen      credit  budget:carried-in:s:o         fen      (years between: both)

    debit   budget:obligated:s:y        fen      credit  budget:expended:s:y           fen
    debit   fiscal-income:K (4001)      fen      credit  payable:award (2303, K)       fen
    debit   subsidy-income:U (4601)     fen      credit  bank:U (1002)                 fen
    debit   6001:K                      fen      credit  7101:K                        fen      (budgetary side)
    debit   6601:U or 6101:U            fen      credit  8001:U                        fen      (budgetary side)
    """
    taken_back = [_reversed(moves) for moves in _money(batch, award, fen, income)]
    return ground.entry(
        "subsidy.bounce" if part.charge == paid_by else "subsidy.bounce-carried",
        _obligated_again(batch, paid_by, part.charge, fen),
        *taken_back,
    )


def _obligated_again(batch: Batch, paid_by: Charge, now: Charge, fen: int) -> tuple[Transfer, ...]:
    """What was spent goes back to where it came from, and on to the year in which that is open."""
    moves: list[Transfer] = []
    from_bucket = budgets.EXPENDED
    for year in range(paid_by.year, now.year):
        moves += authority(batch, Charge(year, now.line), fen, budgets.CARRIED_OUT, from_bucket)
        from_bucket = budgets.CARRIED_IN
    return (*moves, *authority(batch, now, fen, budgets.OBLIGATED, from_bucket))


def later_bounce_entry(batch: Batch, award: Award, paid_by: Charge, anew: Charge, fen: int, ground: Ground) -> Entry:
    """The payment came back after its year, whose spending stands: another year's budget is obligated to pay again.

    r = year of the return. What K and U booked as income of the year of payment is taken back from earlier years.

    debit   budget:bounced:s:y          fen      credit  budget:expended:s:y           fen
    debit   budget:obligated:s:r        fen      credit  budget:available:s:r          fen      (r's budget line)
    debit   prior-years:K (3501)        fen      credit  payable:award (2303, K)       fen
    debit   prior-years:U (3501)        fen      credit  bank:U (1002)                 fen
    debit   8202:U                      fen      credit  8001:U                        fen      (budgetary side)
    """
    commission, unit = batch.operator, award.unit
    owed_again = move(
        fen, debit=money.of_party(money.PRIOR_YEARS, commission), credit=payable(award.number, payer=commission)
    )
    of_unit = [
        move(fen, debit=money.of_party(money.PRIOR_YEARS, unit), credit=bank(unit)),
        _budgetary(fen, unit, money.SURPLUS, money.FUNDS),
    ]
    return ground.entry(
        "subsidy.bounce-later",
        authority(batch, paid_by, fen, budgets.BOUNCED, budgets.EXPENDED),
        authority(batch, anew, fen, budgets.OBLIGATED, budgets.AVAILABLE_BUDGET),
        *([] if award.own_budget else [owed_again]),
        *(of_unit if batch.serves is Serves.UNITS else []),
    )


def offset_entry(batch: Batch, award: Award, part: AwardPart, fen: int, owed: Obligation, ground: Ground) -> Entry:
    """A part of an award is settled by what its unit owes. K's money is posted beside it; no cash moves.

    debit   budget:expended:s:y         fen      credit  budget:obligated:s:y          fen
    debit   owed-to-fiscal:o (2307, U)  fen      credit  subsidy-income:U (4601)       fen      (where U keeps books)
    """
    unit = obligations.owed_to_fiscal(owed.number, debtor=owed.debtor)
    income = money.of_party(SUBSIDY_INCOME, award.unit)
    return ground.entry(
        "subsidy.offset",
        authority(batch, part.charge, fen, budgets.EXPENDED, budgets.OBLIGATED),
        *([move(fen, debit=unit, credit=income)] if owed.debtor_keeps_books else []),
    )


def claw_back_entry(batch: Batch, award: Award, owed: Obligation, ground: Ground) -> Entry:
    """What was paid is owed back, to the budget that has paid it; the award stays as it was.

    debit   budget:recovering:s:y     a      credit  budget:expended:s:y          a
    debit   recovery:o (1218, K)      a      credit  expense:K (5001)             a      (decided in y)
    debit   recovery:o (1218, K)      a      credit  due-to-treasury:K (2103)     a      (decided later)
    debit   subsidy-income:U (4601)   a      credit  owed-to-fiscal:o (2307, U)   a      (where U keeps books)
    """
    fen, creditor = owed.amount_fen, batch.operator
    relieved = (
        money.of_party(money.EXPENSE, creditor)
        if owed.charged_to_its_year
        else obligations.of_party(obligations.DUE_TO_TREASURY, creditor)
    )
    income = money.of_party(SUBSIDY_INCOME, award.unit)
    return ground.entry(
        "subsidy.claw-back",
        move(
            fen,
            debit=obligations.budget(obligations.RECOVERING, scheme=owed.scheme, year=owed.year, creditor=creditor),
            credit=budgets.budget(budgets.EXPENDED, scheme=owed.scheme, year=owed.year, operator=creditor),
            budget_line=owed.budget_line,
        ),
        move(fen, debit=obligations.recovery(owed.number, creditor=creditor), credit=relieved),
        *(
            [move(fen, debit=income, credit=obligations.owed_to_fiscal(owed.number, debtor=owed.debtor))]
            if owed.debtor_keeps_books
            else []
        ),
    )


def _settled(batch: Batch, award: Award, part: AwardPart, fen: int, income: str) -> list[tuple[Transfer, ...]]:
    return [
        authority(batch, part.charge, fen, budgets.EXPENDED, budgets.OBLIGATED),
        *_money(batch, award, fen, income),
    ]


def _money(batch: Batch, award: Award, fen: int, income: str) -> list[tuple[Transfer, ...]]:
    """What a payment moves in the books of K and U; `income` is empty where U keeps none here."""
    commission, unit = batch.operator, award.unit
    if award.own_budget:
        return [
            move(fen, debit=bank(unit), credit=fiscal_income(unit)),
            _budgetary(fen, unit, money.FUNDS, money.BUDGET_GRANTED),
        ]
    of_commission = [
        move(fen, debit=payable(award.number, payer=commission), credit=fiscal_income(commission)),
        _budgetary(fen, commission, money.BUDGET_SPENT, money.BUDGET_GRANTED),
    ]
    if batch.serves is Serves.USERS:
        return of_commission
    return [
        *of_commission,
        move(fen, debit=bank(unit), credit=money.of_party(SUBSIDY_INCOME, unit)),
        _budgetary(fen, unit, money.FUNDS, BUDGET_INCOMES[income]),
    ]


def _reversed(moves: tuple[Transfer, ...]) -> tuple[Transfer, ...]:
    return tuple(replace(one, debit=one.credit, credit=one.debit) for one in moves)


def _budgetary(fen: int, party: str, debit: AccountClass, credit: AccountClass) -> tuple[Transfer, ...]:
    return move(fen, debit=money.of_party(debit, party), credit=money.of_party(credit, party))


def authority(
    batch: Batch, charge: Charge, fen: int, debit: AccountClass, credit: AccountClass
) -> tuple[Transfer, ...]:
    debited, credited = (
        budgets.budget(bucket, scheme=batch.scheme, year=charge.year, operator=batch.operator)
        for bucket in (debit, credit)
    )
    return move(fen, debit=debited, credit=credited, budget_line=charge.line)
