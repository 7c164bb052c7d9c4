"""What may be posted about obligations after they were decided.  (pure)

The entry of the decision is the deciding slice's: it knows what was paid, out of which buckets.
"""

from ledger.journal.templates import Flow, Template
from ledger.obligations import addresses as a
from ledger.payments.addresses import BANK, FISCAL_INCOME, PAYABLE

OF_ONE = frozenset({"obligation", "scheme", "year"})
_COMES_BACK = (
    Flow(a.REINSTATED, a.RECOVERING),
    Flow(a.RECOVERED, a.RECOVERING),
    Flow(a.PRIOR_SURPLUS, a.DUE_TO_TREASURY),
)

TEMPLATES: tuple[Template, ...] = (
    Template(
        "obligation.receive",
        "收回应追回款项",
        "receipt of what was owed back",
        (
            *_COMES_BACK,
            Flow(FISCAL_INCOME, a.RECOVERY),
            Flow(BANK, a.RECOVERY),
            Flow(a.OWED_TO_FISCAL, BANK),
        ),
        OF_ONE,
    ),
    Template(
        "obligation.offset",
        "以应付款抵扣应追回款项",
        "offset of what was owed back against an award",
        (*_COMES_BACK, Flow(PAYABLE, a.RECOVERY)),
        OF_ONE,
    ),
    Template(
        "obligation.write-off",
        "核销应追回款项",
        "write-off of what was owed back",
        (Flow(a.WRITTEN_OFF, a.RECOVERING), Flow(a.WRITE_OFF_LOSS, a.RECOVERY)),
        OF_ONE,
    ),
    Template(
        "obligation.charge-interest",
        "逾期加收",
        "late interest",
        (Flow(a.RECOVERY, a.DUE_TO_TREASURY), Flow(a.LATE_COST, a.OWED_TO_FISCAL)),
        OF_ONE,
    ),
    Template(
        "obligation.remit",
        "上缴财政",
        "remittance to the treasury",
        (Flow(a.DUE_TO_TREASURY, BANK), Flow(a.DUE_TO_TREASURY, FISCAL_INCOME)),
        frozenset({"party"}),
    ),
)
