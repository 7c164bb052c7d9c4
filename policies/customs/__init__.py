"""Imported goods that paid no duty: how long customs watches them, and what falls due when they serve another use.

days              calendar days that uses touch; the last day of supervision
taxes             duty, consumption tax and VAT on a base, each rounded, the next from the rounded
transfer          `customs/transfer`: by the month, when goods are transferred or released early
diverted_use      `customs/diverted-use`: by the day, when they serve another use
late_fee          `customs/late-fee`: what being late costs, and when it is waived
supervision       how long customs supervises, when a report is due, on which routes others may use the goods
"""
