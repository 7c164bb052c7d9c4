"""What this slice declares."""

from ledger.bookkeeping.steps import not_reversible
from ledger.equity import (
    accrue_bill,
    convert,
    decide_agreement,
    dividends,
    end_agreement,
    exit_holding,
    file_appraisal,
    pay,
    record_capital,
    record_resolution,
    register_conversion,
    release_accrual,
    sign_agreement,
    submit_agreement,
    write_down,
)
from ledger.equity.addresses import ACCOUNTS
from ledger.equity.laws import LAWS
from ledger.equity.store import AGGREGATES, AGREEMENT, CONVERSION, EXIT, WRITE_DOWN
from ledger.equity.tables import TABLES
from ledger.equity.templates import TEMPLATES
from ledger.executor.slices import Slice

SLICE = Slice(
    name="equity",
    use_cases=(
        submit_agreement.USE_CASE,
        decide_agreement.USE_CASE,
        sign_agreement.USE_CASE,
        *end_agreement.USE_CASES,
        accrue_bill.USE_CASE,
        release_accrual.USE_CASE,
        record_capital.USE_CASE,
        *file_appraisal.USE_CASES,
        record_resolution.USE_CASE,
        convert.USE_CASE,
        *register_conversion.USE_CASES,
        *dividends.USE_CASES,
        *exit_holding.USE_CASES,
        write_down.USE_CASE,
        *pay.USE_CASES,
    ),
    reactions=(
        *decide_agreement.REACTIONS,
        *convert.REACTIONS,
        *exit_holding.REACTIONS,
        *write_down.REACTIONS,
        not_reversible(TEMPLATES),
    ),
    aggregates=AGGREGATES,
    accounts=ACCOUNTS,
    templates=TEMPLATES,
    tables=TABLES,
    laws=LAWS,
    contents={
        AGREEMENT: decide_agreement.content_of,
        CONVERSION: convert.content_of,
        EXIT: exit_holding.content_of,
        WRITE_DOWN: write_down.content_of,
    },
)
