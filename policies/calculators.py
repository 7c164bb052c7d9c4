"""All calculators of the shipped policies: importing this registers them."""

from policies.calendar import term
from policies.customs import diverted_use, late_fee, transfer
from policies.equity import conversion, convertible, dividend, exit_proceeds
from policies.evaluation import indicators, scores
from policies.fees import tax_split
from policies.kernel.registry import Calculation, calculate, differences, formulas, recompute
from policies.obligations import due_date, late_interest
from policies.registry import size_class
from policies.subsidies import anhui_2022, base, beijing_september, qingdao_2015, top_up
from policies.vouchers import beijing_2015, beijing_2026, co_funding, shandong_liaocheng_2023, two_payers

__all__ = ["SLICES", "Calculation", "calculate", "differences", "formulas", "recompute"]

SLICES = (
    beijing_2015,
    beijing_2026,
    shandong_liaocheng_2023,
    co_funding,
    two_payers,
    qingdao_2015,
    anhui_2022,
    beijing_september,
    base,
    top_up,
    indicators,
    scores,
    tax_split,
    term,
    size_class,
    due_date,
    late_interest,
    transfer,
    diverted_use,
    late_fee,
    conversion,
    convertible,
    dividend,
    exit_proceeds,
)
"""The modules whose formulas are registered; a new slice is one more name here."""
