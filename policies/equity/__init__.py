"""Fees that become a share in the firm that owes them.

conversion        `equity/conversion`: how much converts, into which registered capital, and what stays payable
"""
