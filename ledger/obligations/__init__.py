"""Obligations: what is owed back to a bureau, from the decision to the last fen received, set off or written off.

values            obligations, their steps, what is open, late or the treasury's                    (pure)
decided           obligation, obligation_row: how an upper slice says that something is owed back   (pure)
events            BudgetCameBack, AwardOffset (both of the command Approve)                         (pure)
rules             what several steps refuse                                                         (pure)
addresses         accounts of both sides of the debt and of the budget it comes from                (pure)
templates         which of them may meet                                                            (pure)
postings          the entries as T-accounts                                                         (pure)
tables, store     event rows; the aggregates OBLIGATIONS, STEPS, SLIPS
steps             what all steps share: proposed by one person, signed by an officer of finance
rulings           a ruling is carried out once it can no longer be appealed                         (pure)
reinstate         what came back in its year may be spent again: for the slices that pay from budgets
receive           the debtor has paid, all or a part; a slip counts once
offset            a part of what the debtor is to be paid is kept instead
write_off         by a decision, it will not be had
charge_interest   by a decision, where the policy has it: what being late costs
remit             what belongs to the treasury is handed over to it
listing           what is owed back, page by page
sign              the second person has signed, or refused
close_period      no period closes over a step that awaits its signature
reverse_entry     no step is taken back by reversing its entry
laws              what must always hold
slice             what the slice declares

An obligation is never an edit of what was paid. The slice whose payment it recovers decides it, with two people, and
posts that decision; from then on it lives here. What follows for budget and award the upper slices do by reaction.
"""
