"""What may be posted about budgets. Names are those that entries of every book carry (decision 0030).  (pure)"""

from ledger.budgets import addresses as a
from ledger.journal.templates import Flow, Template

OF_BUDGET = frozenset({"scheme", "year"})

TEMPLATES: tuple[Template, ...] = (
    Template(
        "voucher.appropriate", "下达预算指标", "appropriation", (Flow(a.AVAILABLE_BUDGET, a.APPROPRIATED),), OF_BUDGET
    ),
    Template(
        "voucher.cut",
        "核减预算指标",
        "cut of an appropriation",
        (Flow(a.APPROPRIATED, a.AVAILABLE_BUDGET),),
        OF_BUDGET,
    ),
    Template(
        "voucher.year-end",
        "年末结转与失效",
        "end of a budget year",
        (
            Flow(a.LAPSED, a.AVAILABLE_BUDGET),
            Flow(a.CARRIED_OUT, a.COMMITTED),
            Flow(a.CARRIED_OUT, a.OBLIGATED),
        ),
        OF_BUDGET,
    ),
    Template(
        "voucher.carry-in",
        "上年结转",
        "budget carried over from the year before",
        (Flow(a.COMMITTED, a.CARRIED_IN), Flow(a.OBLIGATED, a.CARRIED_IN)),
        OF_BUDGET,
    ),
)
