"""What the bank's part of payments declares; the slice takes it up."""

from ledger.payments.bank import (
    decide_line,
    hold_in_suspense,
    import_statement,
    match_payment,
    match_return,
    reverse_entry,
    set_aside,
)
from ledger.payments.bank.addresses import ACCOUNTS
from ledger.payments.bank.laws import LAWS
from ledger.payments.bank.store import AGGREGATES
from ledger.payments.bank.tables import TABLES
from ledger.payments.bank.templates import TEMPLATES

USE_CASES = (
    import_statement.USE_CASE,
    match_payment.USE_CASE,
    match_return.USE_CASE,
    set_aside.USE_CASE,
    hold_in_suspense.USE_CASE,
    decide_line.USE_CASE,
)
CONTENTS = {decide_line.KIND: decide_line.content_of}
REACTIONS = (decide_line.REACTION, reverse_entry.REACTION)

__all__ = ["ACCOUNTS", "AGGREGATES", "CONTENTS", "LAWS", "REACTIONS", "TABLES", "TEMPLATES", "USE_CASES"]
