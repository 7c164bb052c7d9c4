"""What people and programs look at: what is owed back, page by page, newest first."""

from datetime import date

from ledger.executor.listing import Place, newest
from ledger.executor.reading import Reader
from ledger.obligations.store import OBLIGATIONS
from ledger.obligations.values import Obligation, ObligationState

_OPEN = (
    "(t.amount_fen + (SELECT coalesce(sum(CASE s.kind WHEN 'interest' THEN s.amount_fen "
    "WHEN 'remittance' THEN 0 ELSE -s.amount_fen END), 0) FROM obligation_step s "
    "JOIN obligation_step_end e ON e.book = s.book AND e.step = s.number AND e.outcome = 'posted' "
    "WHERE s.book = t.book AND s.obligation = t.number))"
)
"""SQL for what is open of an obligation, `t`."""


def obligations_page(
    reader: Reader,
    after: Place,
    limit: int,
    *,
    today: date,
    debtor: str | None = None,
    subject: str | None = None,
    state: ObligationState | None = None,
) -> list[Obligation]:
    """Obligations that the reader owes or is owed; those of one state as it is today."""
    day = f"DATE '{today.isoformat()}'"
    where = {
        None: "",
        ObligationState.SETTLED: f"AND {_OPEN} = 0",
        ObligationState.OPEN: f"AND {_OPEN} > 0 AND t.due_on >= {day}",
        ObligationState.OVERDUE: f"AND {_OPEN} > 0 AND t.due_on < {day}",
    }[state]
    return newest(reader, OBLIGATIONS, "obligation", "decided_on", after, limit, where, debtor=debtor, subject=subject)
