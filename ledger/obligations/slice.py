"""What this slice declares."""

from ledger.executor.slices import Slice
from ledger.obligations import charge_interest, offset, receive, remit, sign, write_off
from ledger.obligations.addresses import ACCOUNTS
from ledger.obligations.close_period import NOTHING_UNSIGNED
from ledger.obligations.laws import LAWS
from ledger.obligations.reinstate import BUDGETS_OF_STEPS
from ledger.obligations.reverse_entry import NOT_REVERSIBLE
from ledger.obligations.steps import KINDS, content_of
from ledger.obligations.store import OBLIGATIONS, SLIPS, STEPS, UNSIGNED
from ledger.obligations.tables import TABLES
from ledger.obligations.templates import TEMPLATES

SLICE = Slice(
    name="obligations",
    use_cases=(
        receive.USE_CASE,
        offset.USE_CASE,
        write_off.USE_CASE,
        charge_interest.USE_CASE,
        remit.USE_CASE,
    ),
    reactions=(*sign.REACTIONS, NOTHING_UNSIGNED, NOT_REVERSIBLE),
    aggregates=(OBLIGATIONS, STEPS, SLIPS, UNSIGNED, BUDGETS_OF_STEPS),
    accounts=ACCOUNTS,
    templates=TEMPLATES,
    tables=TABLES,
    laws=LAWS,
    contents=dict.fromkeys(KINDS, content_of),
)
