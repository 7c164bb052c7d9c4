"""The entries of a subsidy's life. Each docstring is the T-account.  (pure)

s:y = scheme and year of the budget, K = the commission, U = the unit. A zero line is left out.
"""

from collections.abc import Mapping

from ledger.budgets import addresses as budgets
from ledger.budgets.ground import Ground
from ledger.journal.accounts import AccountClass
from ledger.journal.entries import Entry, Transfer, move
from ledger.obligations.addresses import owed_to_fiscal
from ledger.obligations.values import Obligation
from ledger.payments import addresses as money
from ledger.payments.addresses import bank, fiscal_income, payable
from ledger.subsidies.addresses import BUDGET_INCOMES, SUBSIDY_INCOME
from ledger.subsidies.values import Award, AwardPart, Batch


def commitment_entries(batch: Batch, lines: Mapping[str, int], ground: Ground) -> tuple[Entry, ...]:
    """The award list is publicised: its total is committed, each budget line for its part. None where nothing is paid.

    debit   budget:committed:s:y   total      credit  budget:available:s:y   total
    """
    moves = [
        authority(batch, batch.year, fen, line, budgets.COMMITTED, budgets.AVAILABLE_BUDGET)
        for line, fen in sorted(lines.items())
    ]
    return (ground.entry("subsidy.commit", *moves),) if moves else ()


def release_entries(batch: Batch, ground: Ground) -> tuple[Entry, ...]:
    """The list is taken back before finance has approved: the mirror image, while the year lasts; after it, lapsed.

    debit   budget:available:s:y   total      credit  budget:committed:s:y   total      (after the year: lapsed)
    """
    year = batch.budget_year
    bucket = budgets.AVAILABLE_BUDGET if ground.on.year <= batch.year else budgets.LAPSED
    moves = [
        authority(batch, year, fen, line, bucket, budgets.COMMITTED) for line, fen in sorted(batch.by_line().items())
    ]
    return (ground.entry("subsidy.release", *moves),) if moves else ()


def approval_entry(batch: Batch, award: Award, part: AwardPart, ground: Ground) -> Entry:
    """Two officers of finance have signed: budget is obligated, and K owes.

    debit   budget:obligated:s:y   part      credit  budget:committed:s:y    part
    debit   expense:K (5001)       part      credit  payable:award (2303)    part
    """
    return ground.entry(
        "subsidy.approve",
        authority(batch, batch.budget_year, part.amount_fen, part.budget_line, budgets.OBLIGATED, budgets.COMMITTED),
        move(
            part.amount_fen,
            debit=money.of_party(money.EXPENSE, batch.operator),
            credit=payable(award.number, payer=batch.operator),
        ),
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


def bounce_entry(batch: Batch, award: Award, part: AwardPart, fen: int, income: str, ground: Ground) -> Entry:
    """The payment came back in its year: every line of it is taken back; what is owed is owed again.

    debit   budget:obligated:s:y        fen      credit  budget:expended:s:y           fen
    debit   fiscal-income:K (4001)      fen      credit  payable:award (2303, K)       fen
    debit   subsidy-income:U (4601)     fen      credit  bank:U (1002)                 fen
    debit   6001:K                      fen      credit  7101:K                        fen      (budgetary side)
    debit   6601:U or 6101:U            fen      credit  8001:U                        fen      (budgetary side)
    """
    settled = _settled(batch, award, part, fen, income)
    taken_back = [tuple(transfer.reversed for transfer in transfers) for transfers in settled]
    return ground.entry("subsidy.bounce", *taken_back)


def offset_entry(batch: Batch, award: Award, part: AwardPart, fen: int, owed: Obligation, ground: Ground) -> Entry:
    """A part of an award is settled by what its unit owes. K's money is posted beside it; no cash moves.

    debit   budget:expended:s:y         fen      credit  budget:obligated:s:y          fen
    debit   owed-to-fiscal:o (2307, U)  fen      credit  subsidy-income:U (4601)       fen      (where U keeps books)
    """
    unit = owed_to_fiscal(owed.number, debtor=owed.debtor)
    income = money.of_party(SUBSIDY_INCOME, award.unit)
    return ground.entry(
        "subsidy.offset",
        authority(batch, batch.budget_year, fen, part.budget_line, budgets.EXPENDED, budgets.OBLIGATED),
        *([move(fen, debit=unit, credit=income)] if owed.debtor_keeps_books else []),
    )


def _settled(batch: Batch, award: Award, part: AwardPart, fen: int, income: str) -> list[tuple[Transfer, ...]]:
    commission, unit = batch.operator, award.unit
    return [
        authority(batch, batch.budget_year, fen, part.budget_line, budgets.EXPENDED, budgets.OBLIGATED),
        move(fen, debit=payable(award.number, payer=commission), credit=fiscal_income(commission)),
        move(fen, debit=bank(unit), credit=money.of_party(SUBSIDY_INCOME, unit)),
        _budgetary(fen, commission, money.BUDGET_SPENT, money.BUDGET_GRANTED),
        _budgetary(fen, unit, money.FUNDS, BUDGET_INCOMES[income]),
    ]


def _budgetary(fen: int, party: str, debit: AccountClass, credit: AccountClass) -> tuple[Transfer, ...]:
    return move(fen, debit=money.of_party(debit, party), credit=money.of_party(credit, party))


def authority(
    batch: Batch, year: int, fen: int, line: str, debit: AccountClass, credit: AccountClass
) -> tuple[Transfer, ...]:
    debited, credited = (
        budgets.budget(bucket, scheme=batch.scheme, year=year, operator=batch.operator) for bucket in (debit, credit)
    )
    return move(fen, debit=debited, credit=credited, budget_line=line)
