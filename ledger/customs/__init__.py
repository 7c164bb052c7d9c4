"""Instruments that came in without duty: who may use them, and what falls due when they serve another use.

values            items, consents, exposures, an instrument with all that concerns it                  (pure)
addresses         accounts of what is at risk and of consented minutes; ACCOUNTS                        (pure)
templates         customs.grant-minutes, customs.use-minutes, customs.expose, customs.settle            (pure)
postings          the entries, each with its T-account                                                 (pure)
rules             shapes of customs' numbers; whether a use is within what customs allows               (pure)
exposing          the tax on all of an instrument's days together, less what was counted
who               officers of the competent customs, or of the unit
tables            event rows
store             the aggregates LINKS, SUPERVISED, ITEMS, CONSENTS, EXPOSURES, OFFICES and their likes
deadlines         days that are coming up, or have passed without what they ask
report_store      the yearly reports: drafted from the records, filed; REPORTS
query_log         what customs has asked: noted before it is answered
listing           goods, uses, consents, exposures, risk, moves page by page, as far as the reader may see
laws              what is at risk is what the accounts show; every use of a supervised instrument is judged
register_office   a bureau is the customs of a district
record_item       a line of a declaration, and the instruments it is; uses recorded before are judged now
end_item          a supervision that ends before its time, with the tax that is paid
file_report       the yearly report, drafted from the records; a later version says why it differs
move_instrument   the unit applies, customs approves, it is moved, and perhaps back
submit_consent    for what others may use an instrument, as the unit asks, or has on the national platform
decide_consent    customs returns, refuses, grants, suspends, revokes; the unit withdraws
decide_exposure   under review, cleared, assessed, reported, guaranteed, contested
pay_exposure      taxes that customs set were paid, with what being late cost
judge_use         what a recorded use sets off: in scope, or out of it with its exposure
reverse_entry     uses that are taken back give their minutes back; what they put at risk stays until customs clears it
slice             what the slice declares

A use out of scope is recorded, never refused or hidden. Its exposure is an estimate: only customs assesses or clears
it. Customs reads the same rows of `fee_use` that the bills read.
"""
