"""A year of a real programme, told through the same commands that a city would send.

names       organisations that do not exist, with codes that check
plan        who does what with how much: generated from a seed to meet the published totals to the fen  (pure)
stage       people and organisations, and one way to send commands and keep what they answered
jinyun      the year itself, in waves
season      a September's units, instruments and uses, drawn from a seed to the published means         (pure)
september   from records of use to a signed, paid and published batch
worked      a worked example as a story: every figure of the notes beside the books' own
customs     what uses of duty-free goods put at risk, what ends cost, what being late costs
equity      fees that become a share, on nine ways
"""
