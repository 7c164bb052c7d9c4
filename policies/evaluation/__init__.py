"""How well units open their instruments: indicator systems, ranks, the terms of a round, worked examples."""
