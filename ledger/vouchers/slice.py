"""What this slice declares."""

from ledger.executor.slices import Slice
from ledger.vouchers import (
    accept,
    apply,
    appropriate,
    approve_claim,
    bounce_claim,
    close_period,
    correct_claim,
    decide_application,
    end_year,
    expire,
    extend,
    file_claim,
    flag_holder,
    issue,
    lift_flag,
    pay_claim,
    proposals,
    release,
    reserve,
    reverse_entry,
    review_claim,
    revoke,
    withdraw_claim,
)
from ledger.vouchers.addresses import ACCOUNTS
from ledger.vouchers.claim_tables import CLAIM_TABLES
from ledger.vouchers.laws import LAWS
from ledger.vouchers.store import AGGREGATES
from ledger.vouchers.tables import TABLES
from ledger.vouchers.templates import TEMPLATES

SLICE = Slice(
    name="vouchers",
    use_cases=(
        appropriate.USE_CASE,
        apply.USE_CASE,
        decide_application.USE_CASE,
        reserve.USE_CASE,
        release.USE_CASE,
        accept.USE_CASE,
        file_claim.USE_CASE,
        correct_claim.USE_CASE,
        withdraw_claim.USE_CASE,
        review_claim.USE_CASE,
        expire.USE_CASE,
        expire.USE_CASE_DUE,
        extend.USE_CASE,
        revoke.USE_CASE,
        flag_holder.USE_CASE,
        lift_flag.USE_CASE,
        end_year.USE_CASE,
    ),
    reactions=(
        *appropriate.REACTIONS,
        *issue.REACTIONS,
        *approve_claim.REACTIONS,
        *pay_claim.REACTIONS,
        *bounce_claim.REACTIONS,
        *extend.REACTIONS,
        *revoke.REACTIONS,
        *flag_holder.REACTIONS,
        *lift_flag.REACTIONS,
        *end_year.REACTIONS,
        *close_period.REACTIONS,
        *reverse_entry.REACTIONS,
    ),
    aggregates=AGGREGATES,
    accounts=ACCOUNTS,
    templates=TEMPLATES,
    tables=(*TABLES, *CLAIM_TABLES),
    laws=LAWS,
    contents={
        appropriate.KIND: appropriate.content_of,
        decide_application.KIND: decide_application.content_of,
        review_claim.KIND: review_claim.content_of,
        end_year.KIND: end_year.content_of,
        extend.KIND: proposals.content_of,
        revoke.KIND: proposals.content_of,
        flag_holder.KIND: proposals.content_of,
        lift_flag.KIND: proposals.content_of,
    },
)
