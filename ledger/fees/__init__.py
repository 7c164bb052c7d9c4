"""Use of an instrument, bills, what is paid on them, and which evidence supports which claim.

values            uses, bills and where each fen of a bill stands, evidence                          (pure)
addresses         accounts of bills and of machine time; ACCOUNTS                                       (pure)
templates         fee.use, fee.log, fee.bill, fee.receive, fee.voucher-part, fee.credit, fee.repay, fee.write-off (pure)
postings          the entries, each with its T-account                                               (pure)
invoices          what an invoice number may look like                                               (pure)
evidence          evidence_key, claim_evidence_rows, release_evidence_rows: one live claim per fund  (pure)
events            UsesRecorded (of RecordUse, RecordLog), Billed (of IssueBill), BillCredited (of CreditBill) (pure)
rules             what is refused                                                                    (pure)
store             tables; the aggregates USES, BILLS, INVOICES, EVIDENCE
listing           uses and bills page by page, receipts of a bill
laws              every fen of a bill is in exactly one place
record_use        minutes of an instrument for a user
record_log        many uses at once, as a log book has them: all of them or none
issue_bill        a bill with its invoice, split into fee and VAT
receive_payment   the payer's own part reaches the unit's bank
crediting         what a red invoice takes back, and what is owed back to the payer                  (pure)
credit_bill       a red invoice credits a bill that no contract has accepted
repay_payer       what was owed back has left the unit's bank
write_off         the unit gives up what the payer does not pay; two of its officers
reverse_entry     what a red invoice has credited is not reversed besides
dispute_bill      the payer contests a bill, or contests it no more
slice             what the slice declares

What a bill's payer has paid is not kept in an account of its own: it is what moved from the bill's open account to the
unit's bank, read from the transfers. So money that left a bill for anywhere else is noticed by the law, not hidden in a
bucket. A voucher's part moves to `fees:voucher:<bill>`, still receivable, and on to the bank when the bureau pays.
"""
