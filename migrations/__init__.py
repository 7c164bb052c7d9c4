"""Forward-only migrations, written by hand: a ledger's tables are more than their columns."""
