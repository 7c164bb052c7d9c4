"""The policy kernel: sources, dated parameters with two clocks, rounding, derivations, the registry of formulas.

words       a sentence in both languages
errors      refusals and faults, bilingual
refusals    what the kernel itself declines
sources     the documents that values cite
parameters  dated values: in force on a day, as known on another
checks      what a value block must be; gaps and overlaps
loading     a policy file, read or refused with file and line
rounding    the declared ways out of exact arithmetic
figures     numbers that know where they came from
derivation  the tree of steps behind an amount, and its hash
facts       what a case states, read strictly
registry    formulas by policy and date; `calculate`, `recompute`
policies    all this as a decision sees it on one day
"""
