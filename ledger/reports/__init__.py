"""Query, frozen value, print: what people read of the books.

programme      a voucher programme's totals, read from the entries
budget         a budget's buckets
carried        budget carried over: where it stands, and from when on it is surplus
voucher_life   one voucher's entries as dated lines with debits and credits
derivations    how a posted amount came about
changes        what happened to whom, in its order, as one party may see it
periods        a period's steps and unfinished work; its trial balance as filed and as now known
subsidy        one version of a subsidy as an officer of finance reads it; its reference entries
subsidy_why    why one unit gets what it gets of it
subsidy_files  what leaves the house of it: lists, open data, checksums                        (pure)
holdings       what a unit holds of firms, at cost and at the last valuation
evidence       a signed bundle of one instrument's records, with their proofs
customs_files  goods, uses and tax at risk that customs takes home                        (pure)
subsidy_publication  all files of one version of it
tables         spreadsheets, the same bytes every time                                         (pure)
pdf            paper
"""
