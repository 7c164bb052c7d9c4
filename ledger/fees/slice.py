"""What this slice declares."""

from ledger.executor.slices import Slice
from ledger.fees import dispute_bill, issue_bill, receive_payment, record_use
from ledger.fees.addresses import ACCOUNTS
from ledger.fees.laws import LAWS
from ledger.fees.store import (
    BILLS,
    DISPUTES,
    EVIDENCE,
    INVOICES,
    RECEIPTS,
    USES,
    EvidenceClaimTable,
    EvidenceReleaseTable,
    FeeBillLineTable,
    FeeBillTable,
    FeeDisputeTable,
    FeeReceiptTable,
    FeeUseTable,
)
from ledger.fees.templates import TEMPLATES

SLICE = Slice(
    name="fees",
    use_cases=(record_use.USE_CASE, issue_bill.USE_CASE, receive_payment.USE_CASE, dispute_bill.USE_CASE),
    aggregates=(USES, BILLS, INVOICES, RECEIPTS, DISPUTES, EVIDENCE),
    accounts=ACCOUNTS,
    templates=TEMPLATES,
    tables=(
        FeeUseTable,
        FeeBillTable,
        FeeBillLineTable,
        FeeReceiptTable,
        FeeDisputeTable,
        EvidenceClaimTable,
        EvidenceReleaseTable,
    ),
    laws=LAWS,
)
