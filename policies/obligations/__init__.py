"""What is owed back to a bureau: until when it is to be paid, when a decision stands, what being late costs.

terms           the rules of a scheme's recoveries on a day, typed; the last day to pay
due_date        `obligations/…-due-date`: the last day to pay, told step by step
late_interest   `obligations/…-late-interest`: what being late costs, where a scheme has it
default.toml    for schemes that say nothing of their own: a term in days, no interest
<scheme>.toml   for those that do
"""
