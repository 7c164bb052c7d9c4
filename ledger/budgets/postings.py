"""The entries of a budget: letters, and the end of a year. Each docstring is the T-account.  (pure)

s:y = scheme and year. A zero line is left out.
"""

from ledger.budgets import addresses
from ledger.budgets.ground import Ground
from ledger.budgets.values import Appropriation, BudgetYear, LineStanding, Nature
from ledger.journal.accounts import AccountClass
from ledger.journal.entries import Entry, Transfer, move


def appropriation_entry(letter: Appropriation, ground: Ground) -> Entry:
    """A budget letter takes effect; a cut has its sides exchanged.

    debit   budget:available:s:y      letter
    credit  budget:appropriated:s:y   letter
    """
    available, appropriated = (
        addresses.budget(line, scheme=letter.scheme, year=letter.year, operator=letter.operator)
        for line in (addresses.AVAILABLE_BUDGET, addresses.APPROPRIATED)
    )
    if letter.nature is Nature.CUT:
        return ground.entry(
            "voucher.cut", move(letter.amount_fen, debit=appropriated, credit=available, budget_line=letter.budget_line)
        )
    return ground.entry(
        "voucher.appropriate",
        move(letter.amount_fen, debit=available, credit=appropriated, budget_line=letter.budget_line),
    )


def year_end_entry(ended: BudgetYear, ground: Ground) -> Entry:
    """What nobody claimed lapses, and what is open leaves the year, each under the budget line it stands on.

    debit   budget:lapsed:s:y         available      credit  budget:available:s:y    available
    debit   budget:carried-out:s:y    committed      credit  budget:committed:s:y    committed
    debit   budget:carried-out:s:y    obligated      credit  budget:obligated:s:y    obligated
    """

    def out(line: LineStanding, fen: int, debit: AccountClass, credit: AccountClass) -> tuple[Transfer, ...]:
        return _authority(ended, ended.year, line, fen, debit, credit)

    return ground.entry(
        "voucher.year-end",
        *(out(line, line.available_fen, addresses.LAPSED, addresses.AVAILABLE_BUDGET) for line in ended.lines),
        *(out(line, line.committed_fen, addresses.CARRIED_OUT, addresses.COMMITTED) for line in ended.lines),
        *(out(line, line.obligated_fen, addresses.CARRIED_OUT, addresses.OBLIGATED) for line in ended.lines),
    )


def carry_in_entries(ended: BudgetYear, ground: Ground) -> tuple[Entry, ...]:
    """What was carried out stands in the next year's budget, in the same buckets. None when nothing was carried.

    debit   budget:committed:s:y+1    committed      credit  budget:carried-in:s:y+1    committed
    debit   budget:obligated:s:y+1    obligated      credit  budget:carried-in:s:y+1    obligated
    """
    if not ended.carried_fen:
        return ()

    def into(line: LineStanding, fen: int, bucket: AccountClass) -> tuple[Transfer, ...]:
        return _authority(ended, ended.year + 1, line, fen, bucket, addresses.CARRIED_IN)

    return (
        ground.entry(
            "voucher.carry-in",
            *(into(line, line.committed_fen, addresses.COMMITTED) for line in ended.lines),
            *(into(line, line.obligated_fen, addresses.OBLIGATED) for line in ended.lines),
        ),
    )


def _authority(
    ended: BudgetYear, year: int, line: LineStanding, fen: int, debit: AccountClass, credit: AccountClass
) -> tuple[Transfer, ...]:
    debited, credited = (
        addresses.budget(bucket, scheme=ended.scheme, year=year, operator=ended.operator) for bucket in (debit, credit)
    )
    return move(fen, debit=debited, credit=credited, budget_line=line.code)
