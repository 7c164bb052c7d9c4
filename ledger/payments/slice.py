"""What this slice declares."""

from ledger.executor.slices import Slice
from ledger.payments import compose_batch, confirm, fail_payment, payee_accounts, return_payment, set_payee_account
from ledger.payments.addresses import ACCOUNTS
from ledger.payments.bank import declared as bank
from ledger.payments.close_period import NOTHING_UNSETTLED
from ledger.payments.laws import LAWS
from ledger.payments.offset_tables import TABLES as OFFSET_TABLES
from ledger.payments.release import FREE, RELEASE
from ledger.payments.store import BATCHES, PAYABLES, UNSETTLED
from ledger.payments.tables import TABLES
from ledger.payments.values import PAYMENT_BATCH

SLICE = Slice(
    name="payments",
    use_cases=(
        set_payee_account.USE_CASE,
        compose_batch.USE_CASE,
        confirm.USE_CASE,
        return_payment.USE_CASE,
        fail_payment.USE_CASE,
        *bank.USE_CASES,
    ),
    reactions=(set_payee_account.SIGNED, RELEASE, FREE, NOTHING_UNSETTLED, *bank.REACTIONS),
    aggregates=(PAYABLES, BATCHES, UNSETTLED, payee_accounts.PROPOSED_ACCOUNTS, *bank.AGGREGATES),
    accounts=(*ACCOUNTS, *bank.ACCOUNTS),
    templates=bank.TEMPLATES,
    tables=(*TABLES, *OFFSET_TABLES, *payee_accounts.TABLES, *bank.TABLES),
    laws=(*LAWS, *bank.LAWS),
    contents={
        PAYMENT_BATCH: compose_batch.content_of,
        set_payee_account.KIND: set_payee_account.content_of,
        **bank.CONTENTS,
    },
)
