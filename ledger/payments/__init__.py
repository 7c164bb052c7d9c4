"""Payment batches: what is owed, a frozen list of it, its release by a second person, the bank's confirmation.

values            payables, batches and their lines; control totals; PAYMENT_BATCH            (pure)
addresses         accounts of what is payable, of the bank, of what the treasury paid; ACCOUNTS  (pure)
payables          payable_row, offset_row: how an upper slice says that something is to be paid, or set off  (pure)
events            PaymentConfirmed (of the command ConfirmPayment)                            (pure)
rules             what is refused                                                             (pure)
export            the list as the bank gets it, the same bytes every time                     (pure)
store             tables; the aggregates PAYABLES and BATCHES
offset_tables     what was set off of a payable; the batches that pay the rest
compose_batch     freeze payables, with the payees' accounts of today, and ask for approval
release           what follows an approval or a refusal of a batch
confirm           the bank has paid: each line once, by a person other than the maker
close_period      no period closes over an unsettled batch
laws              control totals; released as approved
slice             what the slice declares

Nothing is posted here: upper slices post when a payment is confirmed, to the accounts that they share here. Amounts are
never touched after composition.
"""
