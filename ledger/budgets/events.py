"""What budgets say has happened; upper slices react in the same transaction.  (pure)"""

from dataclasses import dataclass

from ledger.executor.commands import Event


@dataclass(frozen=True, slots=True)
class BudgetYearEnding(Event):
    """A budget year is to be ended, or is: by `ProposeYearEnd`, and by `Approve` once finance has signed.

    Whoever spends the budget refuses while it is at work on something that the year bears.
    """

    scheme: str
    year: int
