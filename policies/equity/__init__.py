"""Fees that become a share in the firm that owes them.

convertible       `equity/convertible`: how much of a bill may convert, after what was paid or borne of it
conversion        `equity/conversion`: how much converts, into which registered capital, and what stays payable
dividend          `equity/dividend`: what a holding gets of a distribution
exit_proceeds     `equity/exit`: what a holding that is sold had cost, what is gained, what goes to the treasury
terms             how long papers are good for, and what must follow when
"""
