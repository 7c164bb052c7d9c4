"""Fees: how a bill splits into its net amount and the tax in it."""
