"""The policy kernel: sources, dated parameters with two clocks, rounding, derivations, the registry of formulas."""
