"""What this slice declares."""

from ledger.executor.slices import Slice
from ledger.subsidies import (
    approve,
    claw_back,
    compute,
    exclude_bill,
    guards,
    objections,
    offset,
    pay,
    policy_change,
    policy_change_store,
    policy_change_tables,
    review,
    top_up,
    void,
)
from ledger.subsidies.addresses import ACCOUNTS
from ledger.subsidies.laws import LAWS
from ledger.subsidies.store import AGGREGATES
from ledger.subsidies.tables import TABLES
from ledger.subsidies.templates import TEMPLATES
from ledger.subsidies.values import BATCH

SLICE = Slice(
    name="subsidies",
    use_cases=(
        exclude_bill.USE_CASE,
        compute.USE_CASE,
        top_up.USE_CASE,
        review.USE_CASE,
        void.USE_CASE,
        claw_back.USE_CASE,
        policy_change.USE_CASE,
        *objections.USE_CASES,
    ),
    reactions=(
        *approve.REACTIONS,
        *pay.REACTIONS,
        *offset.REACTIONS,
        *claw_back.REACTIONS,
        *policy_change.REACTIONS,
        *guards.REACTIONS,
    ),
    aggregates=(*AGGREGATES, *policy_change_store.AGGREGATES),
    accounts=ACCOUNTS,
    templates=TEMPLATES,
    tables=(*TABLES, *policy_change_tables.TABLES),
    laws=LAWS,
    contents={
        BATCH: review.content_of,
        claw_back.KIND: claw_back.content_of,
        policy_change.KIND: policy_change.content_of,
    },
)
