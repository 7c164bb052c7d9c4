"""What may be posted about subsidies: which lines of the chart may meet, and what their addresses share.  (pure)"""

from ledger.budgets import addresses as b
from ledger.journal.templates import Flow, Template
from ledger.obligations.addresses import OWED_TO_FISCAL
from ledger.payments.addresses import (
    BANK,
    BUDGET_GRANTED,
    BUDGET_SPENT,
    EXPENSE,
    FISCAL_INCOME,
    FUNDS,
    PAYABLE,
    SERVICE_BUDGET_INCOME,
)
from ledger.subsidies import addresses as a

OF_BUDGET = frozenset({"scheme", "year"})
OF_AWARD = OF_BUDGET | {"claim"}

TEMPLATES: tuple[Template, ...] = (
    Template(
        "subsidy.commit", "补贴公示", "award list publicised", (Flow(b.COMMITTED, b.AVAILABLE_BUDGET),), OF_BUDGET
    ),
    Template(
        "subsidy.release",
        "撤回补贴名单",
        "award list taken back",
        (Flow(b.AVAILABLE_BUDGET, b.COMMITTED), Flow(b.LAPSED, b.COMMITTED)),
        OF_BUDGET,
    ),
    Template(
        "subsidy.approve",
        "批准补贴",
        "subsidy approved",
        (Flow(b.OBLIGATED, b.COMMITTED), Flow(EXPENSE, PAYABLE)),
        OF_AWARD,
    ),
    Template(
        "subsidy.pay",
        "补贴到账",
        "subsidy paid",
        (
            Flow(b.EXPENDED, b.OBLIGATED),
            Flow(PAYABLE, FISCAL_INCOME),
            Flow(BANK, a.SUBSIDY_INCOME),
            Flow(BUDGET_SPENT, BUDGET_GRANTED),
            Flow(FUNDS, a.OTHER_BUDGET_INCOME),
            Flow(FUNDS, SERVICE_BUDGET_INCOME),
        ),
        OF_AWARD,
    ),
    Template(
        "subsidy.bounce",
        "补贴退回",
        "subsidy that came back",
        (
            Flow(b.OBLIGATED, b.EXPENDED),
            Flow(FISCAL_INCOME, PAYABLE),
            Flow(a.SUBSIDY_INCOME, BANK),
            Flow(BUDGET_GRANTED, BUDGET_SPENT),
            Flow(a.OTHER_BUDGET_INCOME, FUNDS),
            Flow(SERVICE_BUDGET_INCOME, FUNDS),
        ),
        OF_AWARD,
    ),
    Template(
        "subsidy.offset",
        "补贴抵扣应追回款项",
        "subsidy set off against what its unit owes",
        (Flow(b.EXPENDED, b.OBLIGATED), Flow(OWED_TO_FISCAL, a.SUBSIDY_INCOME)),
        OF_BUDGET | {"obligation"},
    ),
)
