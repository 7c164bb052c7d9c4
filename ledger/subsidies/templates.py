"""What may be posted about subsidies: which lines of the chart may meet, and what their addresses share.  (pure)"""

from ledger.budgets import addresses as b
from ledger.journal.templates import Flow, Template
from ledger.obligations import reinstate
from ledger.obligations.addresses import DUE_TO_TREASURY, OWED_TO_FISCAL, RECOVERING, RECOVERY
from ledger.payments.addresses import (
    BANK,
    BUDGET_GRANTED,
    BUDGET_SPENT,
    EXPENSE,
    FISCAL_INCOME,
    FUNDS,
    PAYABLE,
    PRIOR_YEARS,
    SERVICE_BUDGET_INCOME,
    SURPLUS,
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
            Flow(BANK, FISCAL_INCOME),
            Flow(FUNDS, BUDGET_GRANTED),
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
            Flow(FISCAL_INCOME, BANK),
            Flow(BUDGET_GRANTED, FUNDS),
        ),
        OF_AWARD,
    ),
    Template(
        "subsidy.bounce-carried",
        "结转后补贴退回",
        "subsidy that came back after its budget was carried over",
        (
            Flow(b.CARRIED_OUT, b.EXPENDED),
            Flow(b.CARRIED_OUT, b.CARRIED_IN),
            Flow(b.OBLIGATED, b.CARRIED_IN),
            Flow(FISCAL_INCOME, PAYABLE),
            Flow(a.SUBSIDY_INCOME, BANK),
            Flow(BUDGET_GRANTED, BUDGET_SPENT),
            Flow(a.OTHER_BUDGET_INCOME, FUNDS),
            Flow(SERVICE_BUDGET_INCOME, FUNDS),
            Flow(FISCAL_INCOME, BANK),
            Flow(BUDGET_GRANTED, FUNDS),
        ),
        frozenset({"scheme", "claim"}),
    ),
    Template(
        "subsidy.bounce-later",
        "上年补贴退回",
        "subsidy that came back in a later year",
        (
            Flow(b.BOUNCED, b.EXPENDED),
            Flow(b.OBLIGATED, b.AVAILABLE_BUDGET),
            Flow(PRIOR_YEARS, PAYABLE),
            Flow(PRIOR_YEARS, BANK),
            Flow(SURPLUS, FUNDS),
        ),
        frozenset({"scheme", "claim"}),
    ),
    Template(
        "subsidy.offset",
        "补贴抵扣应追回款项",
        "subsidy set off against what its unit owes",
        (Flow(b.EXPENDED, b.OBLIGATED), Flow(OWED_TO_FISCAL, a.SUBSIDY_INCOME)),
        OF_BUDGET | {"obligation"},
    ),
    Template(
        "subsidy.claw-back",
        "追缴补贴",
        "subsidy clawed back",
        (
            Flow(RECOVERING, b.EXPENDED),
            Flow(RECOVERY, EXPENSE),
            Flow(RECOVERY, DUE_TO_TREASURY),
            Flow(a.SUBSIDY_INCOME, OWED_TO_FISCAL),
        ),
        OF_BUDGET | {"obligation"},
    ),
    Template(
        "subsidy.reinstate",
        "追回补贴指标恢复可用",
        "recovered budget of a subsidy available again",
        reinstate.FLOWS,
        reinstate.OF,
    ),
)
