"""Ratios measured in one run, on one machine, against the plainest way to write the same rows.

house        the smallest books that a redemption needs
redemption   64 callers redeem against one hot, limited budget; beside bare inserts of the same rows
bulk         100,000 transfers through `journal.post`; beside COPY into a bare table
"""
