"""Takes commands, runs batches. It knows no slice: slices declare their aggregates and commands to it.

slices       what a slice declares
commands     what a command is, what it reads, what it may decide        (pure)
typed        is every field of a command what it is declared to be?      (pure)
clock        where the date comes from
reading      locks by name, loads by aggregate
listing      pages of things for those who read, and their details
calculations  a computed amount, kept beside the entry that uses it
idempotency  the key, the stored answer, the same key with another body
batch        one batch: read, decide, write
rehearsal    what a command would be answered, with nothing written
together     many commands in one transaction: all of them, or none
executor     the queue, the thread, what is tried again
faults       named points where a test may pull the plug
tables       personal fields, apart from what is attested
personal     is what stands apart still what the books hold a digest of? a check of `verify`
"""
