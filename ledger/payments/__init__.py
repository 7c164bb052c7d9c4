"""Payment batches: what is owed, a frozen list of it, its release by a second person, what the bank did with it.

values            payables, batches and their lines; control totals; PAYMENT_BATCH            (pure)
addresses         accounts of what is payable, of the bank, of what the treasury paid; ACCOUNTS  (pure)
payables          payable_row, offset_row, charged_anew_row: what is to be paid, set off, paid by another budget  (pure)
events            PaymentConfirmed, PaymentReturned: by hand or by a line of the bank          (pure)
rules             what is refused                                                             (pure)
export            the list as the bank gets it, the same bytes every time                     (pure)
tables, store     event rows; the aggregates PAYABLES and BATCHES
offset_tables     what was set off of a payable; the batches that pay the rest
listing           pages of payables and batches; the list for the bank
payee_accounts    accounts of payees as proposed: table and aggregate
set_payee_account  where money for a party goes: proposed, signed by finance, with a cooling-off time
compose_batch     freeze payables, with the payees' accounts of today, and ask for approval
release           what follows an approval or a refusal of a batch
confirm           the bank has paid: each line once, by a person other than the maker
return_payment    the bank has sent a payment back: its payable is free to be paid again
fail_payment      the bank has not carried a line out: its payable is free too
bank              statements from files; what their lines mean; what waits for a person
close_period      no period closes over an unsettled batch, nor over a bank line that waits
laws              control totals; released as approved; nothing paid twice, net of what came back
slice             what the slice declares

Nothing is posted here but receipts in suspense: upper slices post when a payment is confirmed or comes back, to the
accounts that they share here. Amounts are never touched after composition.
"""
