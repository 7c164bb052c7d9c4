"""What this slice declares."""

from ledger.bookkeeping.steps import not_reversible
from ledger.budgets import appropriate, end_year
from ledger.budgets.addresses import ACCOUNTS
from ledger.budgets.close_period import YEARS_ENDED
from ledger.budgets.laws import LAWS
from ledger.budgets.store import APPROPRIATIONS, BUDGET_CHANGES, BUDGETS, LETTERS
from ledger.budgets.tables import TABLES
from ledger.budgets.templates import TEMPLATES
from ledger.budgets.years import BUDGET_YEARS, UNSETTLED_YEARS
from ledger.executor.slices import Slice

SLICE = Slice(
    name="budgets",
    use_cases=(appropriate.USE_CASE, end_year.USE_CASE),
    reactions=(*appropriate.REACTIONS, *end_year.REACTIONS, YEARS_ENDED, not_reversible(TEMPLATES)),
    aggregates=(APPROPRIATIONS, LETTERS, BUDGETS, BUDGET_CHANGES, BUDGET_YEARS, UNSETTLED_YEARS),
    accounts=ACCOUNTS,
    templates=TEMPLATES,
    tables=TABLES,
    laws=LAWS,
    contents={appropriate.KIND: appropriate.content_of, end_year.KIND: end_year.content_of},
)
