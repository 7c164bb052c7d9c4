"""What this slice declares."""

from ledger.bookkeeping.steps import not_reversible
from ledger.customs import (
    decide_consent,
    decide_exposure,
    end_item,
    file_report,
    judge_use,
    move_instrument,
    pay_exposure,
    record_item,
    register_office,
    reverse_entry,
    submit_consent,
)
from ledger.customs.addresses import ACCOUNTS
from ledger.customs.laws import LAWS
from ledger.customs.report_store import REPORTS
from ledger.customs.store import AGGREGATES
from ledger.customs.tables import TABLES
from ledger.customs.templates import TEMPLATES
from ledger.executor.slices import Slice

SLICE = Slice(
    name="customs",
    use_cases=(
        register_office.USE_CASE,
        record_item.USE_CASE,
        submit_consent.USE_CASE,
        *decide_consent.USE_CASES,
        decide_exposure.USE_CASE,
        pay_exposure.USE_CASE,
        end_item.USE_CASE,
        file_report.USE_CASE,
        *move_instrument.USE_CASES,
    ),
    reactions=(*judge_use.REACTIONS, reverse_entry.GIVES_BACK, not_reversible(TEMPLATES)),
    aggregates=(*AGGREGATES, REPORTS),
    accounts=ACCOUNTS,
    templates=TEMPLATES,
    tables=TABLES,
    laws=LAWS,
)
