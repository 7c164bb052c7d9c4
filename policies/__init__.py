"""What the rules say: dated parameters with their sources, and pure formulas. No clock, no database, no web."""
