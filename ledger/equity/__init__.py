"""Fees that a firm owes and that become a share in it: agreements, conversions, holdings and what they yield.

values               agreements, counted bills, conversions, a firm's capital                        (pure)
addresses            accounts of capital, of what a holding cost, of what it yields; ACCOUNTS        (pure)
templates            equity.convert, equity.register, equity.exit and their likes                    (pure)
postings             the entries, each with its T-account                                            (pure)
rules                the guards, and what is refused                                                 (pure)
reckoning            how much of which bills converts                                                (pure)
tables               event rows
store                the aggregates AGREEMENTS, COMPANIES, CONVERSIONS and their likes
listing              agreements, conversions, the register of holdings page by page
deadlines            what must follow when, and has not
encumbrances         agreements that name an instrument, for customs to ask
laws                 capital held is capital issued; each fen of a fee in one place; nothing supervised
submit_agreement     which fees of a firm may become a share, and how large
decide_agreement     the unit after its feasibility study, its department, finance
sign_agreement       the unit and the firm, each for itself
end_agreement        suspended, taken up again, settled in cash, terminated
accrue_bill          the firm confirms that a bill counts
release_accrual      a counted bill falls due in cash
record_capital       a firm's registered capital, first and after each round; what it is worth
file_appraisal       with it a conversion begins; or it is given up
record_resolution    the firm's members take the unit in
convert              one officer proposes, another signs, the fee is a share
register_conversion  the register shows it, the public system too
dividends            declared, received
exit_holding         proposed, approved, completed: sold, or ceased with a reduction
write_down           set apart, then written off
pay                  value-added tax in cash; proceeds to the treasury
slice                what the slice declares

A counted bill stays open, and may be paid in cash, until it converts. That an instrument is free of customs'
supervision is asked of each day of use, when it is counted and again when it converts: an import may have been
recorded in between.
"""
