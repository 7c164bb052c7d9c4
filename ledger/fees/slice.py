"""What this slice declares."""

from ledger.executor.slices import Slice
from ledger.fees import (
    credit_bill,
    dispute_bill,
    issue_bill,
    receive_payment,
    record_log,
    record_use,
    repay_payer,
    write_off,
)
from ledger.fees.addresses import ACCOUNTS
from ledger.fees.laws import LAWS
from ledger.fees.reverse_entry import NOT_REVERSIBLE
from ledger.fees.store import (
    BILLS,
    CREDITS,
    DISPUTES,
    ENTRIES_OF_CREDITED,
    EVIDENCE,
    INVOICES,
    RECEIPTS,
    USES,
    WRITE_OFFS,
    EvidenceClaimTable,
    EvidenceReleaseTable,
    FeeBillLineTable,
    FeeBillTable,
    FeeCreditTable,
    FeeDisputeTable,
    FeeReceiptTable,
    FeeRepaymentTable,
    FeeUseCircumstanceTable,
    FeeUseTable,
    FeeWriteOffEndTable,
    FeeWriteOffTable,
)
from ledger.fees.templates import TEMPLATES

SLICE = Slice(
    name="fees",
    use_cases=(
        record_use.USE_CASE,
        record_log.USE_CASE,
        issue_bill.USE_CASE,
        receive_payment.USE_CASE,
        dispute_bill.USE_CASE,
        credit_bill.USE_CASE,
        repay_payer.USE_CASE,
        write_off.USE_CASE,
    ),
    reactions=(NOT_REVERSIBLE, *write_off.REACTIONS),
    aggregates=(USES, BILLS, INVOICES, RECEIPTS, CREDITS, DISPUTES, ENTRIES_OF_CREDITED, EVIDENCE, WRITE_OFFS),
    accounts=ACCOUNTS,
    templates=TEMPLATES,
    tables=(
        FeeUseTable,
        FeeUseCircumstanceTable,
        FeeBillTable,
        FeeBillLineTable,
        FeeReceiptTable,
        FeeCreditTable,
        FeeRepaymentTable,
        FeeDisputeTable,
        FeeWriteOffTable,
        FeeWriteOffEndTable,
        EvidenceClaimTable,
        EvidenceReleaseTable,
    ),
    laws=LAWS,
    contents={write_off.KIND: write_off.content_of},
)
