"""What the keeper of the books does to the books themselves: open them, open and close periods, reverse an entry.

events          what the keeper is about to do, for the slices above           (pure)
rules           what the keeper may not do                                     (pure)
store           periods, entries and trial balances as decisions see them
open_book       assets and the first period
open_period     a further stretch of legal dates
close_period    adjusting, then closed: balances stored, two signatures
reverse_entry   takes one entry back, once
steps           entries that are a step of something are not taken back alone
close_account   no further posting to an account
slice           what the slice declares
"""
