"""Subsidies to units that open their instruments, and to users of them: computed, reviewed, publicised, approved, paid.

values            bases, awards, batches, and how two versions differ                          (pure)
rules             who is in a batch, which budget lines bear it; refusals                       (pure)
content           what finance is shown, and signs                                             (pure)
addresses         the unit's income                                                            (pure)
templates         which lines may meet                                                         (pure)
postings          the entries as T-accounts                                                    (pure)
steps             the row of one step of a batch                                               (pure)
tables            event rows
bases             what the records of a year say of each unit or user: sums in the store
records           the bills and uses under one line, one by one, as they stood
store             how decisions load batches and years
listing           pages of batches and awards
shares            base, entitlement and share of every unit under one set of rules
exclude_bill      a bill counts for no subsidy
compute           all awards of a year, or why a unit has none; a later run supersedes the whole batch
top_up            what a decision adds to a batch that finance has approved
versions          lines and rows of a computed batch, and what it supersedes
review            another officer passes it: publicised, and its total is committed
void              taken back before finance has approved it
objections        objections during the public notice, and their answers
approve           two officers of finance have signed: every award is owed; or it is refused
pay               the bank has paid an award, or has sent the payment back
impact            what another policy or budget would have given for a year: who gains, who loses
policy_change     a change is proposed with its impact run, and finance signs it
policy_change_tables, policy_change_store      its event rows, and how decisions load it
claw_back         a ruling takes a paid award back, or a part of it
offset            a part of an award is settled by what its unit owes
guards            what others may not do over a subsidy under way
laws              what must always hold
slice             what the slice declares
"""
