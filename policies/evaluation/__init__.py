"""How well units open their instruments: indicators, worked examples."""
