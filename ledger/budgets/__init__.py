"""Budgets: letters of the finance bureau, where each fen of authority stands, the end of a year. Programmes spend them.

values            letters, budgets and budget years as decisions see them                       (pure)
rules             what is refused, what can be read                                             (pure)
addresses         the sources and buckets of a scheme's year                                    (pure)
templates         which of them may meet                                                        (pure)
ground            what an entry rests on                                                        (pure)
postings          the entries of a letter and of a year's end, as T-accounts                    (pure)
events            BudgetYearEnding: by a proposal, and by the signature on it                   (pure)
tables            event rows
store             budgets as posted, letters; the year that bears what was carried over
years             budget years at their end
listing           pages of letters and budgets
appropriate       a budget letter: proposed, then posted when a second person has signed
end_year          what nobody claimed of a year's budget lapses, what is open is carried over
close_period      no period closes over a budget year that was not ended
laws              what must always hold, whoever spends
slice             what the slice declares

A programme is known by its name in `policies.programmes`; what spends its budget is an upper slice's business.
"""
