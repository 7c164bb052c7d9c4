"""Subsidies after the fact: formulas, values, worked examples."""
