"""Whatever happens to an obligation, in whatever order and year: no fen appears or disappears. Pure, no database."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ledger.journal.accounts import Normal
from ledger.journal.entries import Entry
from ledger.journal.templates import Templates
from ledger.obligations.postings import (
    Ground,
    interest_entry,
    offset_entry,
    receipt_entry,
    remittance_entry,
    write_off_entry,
)
from ledger.obligations.templates import TEMPLATES
from ledger.obligations.values import NOTHING, Obligation, Parts, Step, StepKind, StepState
from ledger.payments.values import Payable
from policies.obligations.terms import SettlesFirst

DAY_ONE = date(2017, 11, 1)
DUE = date(2017, 11, 22)
K, U = "K", "U"
GIVEN = {f"payable:{n}": -(10**9) for n in range(1_000)} | {f"fiscal-income:{K}": -(10**9)}
"""What the books hold from before: awards that are owed, and what the treasury has paid."""


class Debt(RuleBasedStateMachine):
    """One obligation of 2017 that lives into 2018."""

    def __init__(self) -> None:
        super().__init__()
        self.standing: dict[str, int] = defaultdict(int, GIVEN)
        self.entities: dict[str, str] = {}
        self.today = DAY_ONE
        self.numbers = count(1)
        self.templates = Templates(TEMPLATES)
        self.awards = count()

    @initialize(
        amount=st.integers(1, 100_000_00),
        decided_on=st.sampled_from([DAY_ONE, date(2018, 1, 2)]),
        first=st.sampled_from(SettlesFirst),
        books=st.booleans(),
    )
    def decide(self, *, amount: int, decided_on: date, first: SettlesFirst, books: bool) -> None:
        self.first, self.today = first, decided_on
        self.obligation = Obligation(
            number="OB-1",
            debtor=U,
            creditor=K,
            subject_kind="toy",
            subject="S-1",
            ground="refund",
            decision_number="1",
            citation="invented#toy",
            amount_fen=amount,
            decided_on=decided_on,
            due_on=max(DUE, decided_on),
            due_provisional=False,
            scheme="s",
            year=2017,
            budget_line="L-1",
            policy="obligations/default",
            debtor_keeps_books=books,
        )
        self.standing["budget:recovering:s:2017"] = amount
        self.standing["recovery:OB-1"] = amount
        if not self.obligation.charged_to_its_year:
            self.standing[f"due-to-treasury:{K}"] = -amount
        if books:
            self.standing["owed-to-fiscal:OB-1"] = -amount

    def post(self, entry: Entry, kind: StepKind, amount: int, parts: Parts = NOTHING, bank_fen: int = 0) -> None:
        """Declared, never below nothing where an account has a limit, and a step of the obligation."""
        self.templates.check(entry)
        for transfer in entry.transfers:
            self.standing[transfer.debit.address] += transfer.amount
            self.standing[transfer.credit.address] -= transfer.amount
            for account in (transfer.debit, transfer.credit):
                assert self.entities.setdefault(account.address, account.entity) == account.entity
                stands = self.standing[account.address] * (1 if account.of.normal is Normal.DEBIT else -1)
                assert stands >= 0 or account.of.may_overdraw, account.address
        step = Step(
            number=f"OS-{next(self.numbers)}",
            obligation="OB-1",
            creditor=K,
            kind=kind,
            amount_fen=amount,
            maker="P-1",
            state=StepState.POSTED,
            posted_on=entry.effective_on,
            parts=parts,
            bank_fen=bank_fen,
        )
        self.obligation = replace(self.obligation, steps=(*self.obligation.steps, step))

    def some(self, share: int) -> int:
        return -(-self.obligation.open_fen * share // 100)

    # -- the steps ----------------------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)

    @precondition(lambda self: self.obligation.open_fen)
    @rule(share=st.integers(1, 100))
    def receive(self, share: int) -> None:
        parts = self.obligation.parts_of(self.some(share), self.first)
        self.post(receipt_entry(self.obligation, parts, Ground(self.today)), StepKind.RECEIPT, sum(parts), parts)

    @precondition(lambda self: self.obligation.open_fen)
    @rule(share=st.integers(1, 100))
    def offset(self, share: int) -> None:
        parts = self.obligation.parts_of(self.some(share), self.first)
        award = Payable("PAY", "toy", str(next(self.awards)), K, U, 10**9, "L-1", "", DAY_ONE)
        self.post(offset_entry(self.obligation, award, parts, Ground(self.today)), StepKind.OFFSET, sum(parts), parts)
        if self.obligation.debtor_keeps_books:  # whoever made the award settles it in the debtor's books
            self.standing["owed-to-fiscal:OB-1"] += sum(parts)

    @precondition(lambda self: self.obligation.open_fen)
    @rule(share=st.integers(1, 100))
    def write_off(self, share: int) -> None:
        parts = self.obligation.parts_of(self.some(share), self.first)
        self.post(write_off_entry(self.obligation, parts, Ground(self.today)), StepKind.WRITE_OFF, sum(parts), parts)

    @precondition(lambda self: self.obligation.open_fen)
    @rule(amount=st.integers(1, 5_000_00))
    def charge(self, amount: int) -> None:
        self.post(interest_entry(self.obligation, amount, Ground(self.today)), StepKind.INTEREST, amount)

    @precondition(lambda self: self.obligation.remittable.total_fen)
    @rule()
    def remit(self) -> None:
        remittable = self.obligation.remittable
        entry = remittance_entry(self.obligation, remittable, Ground(self.today))
        self.post(entry, StepKind.REMITTANCE, remittable.total_fen, bank_fen=remittable.bank_fen)

    # -- the laws -----------------------------------------------------------------------------------------------------

    @invariant()
    def it_adds_up(self) -> None:
        """Decided + interest = received + set off + written off + open, and open is what 1218 holds."""
        owed = self.obligation
        settled = owed.total_fen(StepKind.RECEIPT, StepKind.OFFSET, StepKind.WRITE_OFF)
        assert owed.amount_fen + owed.interest_fen == settled + owed.open_fen
        assert owed.open_fen == self.standing["recovery:OB-1"]
        assert min(owed.open_parts) >= 0

    @invariant()
    def the_budget_is_somewhere(self) -> None:
        """Recovering is the open principal, and with what came back and was given up it is what was decided."""
        buckets = [
            self.standing[f"budget:{name}:s:2017"] for name in ("recovering", "recovered", "reinstated", "written-off")
        ]
        assert buckets[0] == self.obligation.open_parts.principal_fen
        assert sum(buckets) == self.obligation.amount_fen

    @invariant()
    def the_debtor_owes_what_is_open_or_given_up(self) -> None:
        owed = self.obligation
        given_up = owed.total_fen(StepKind.WRITE_OFF)
        expected = owed.open_fen + given_up if owed.debtor_keeps_books else 0
        assert -self.standing["owed-to-fiscal:OB-1"] == expected

    @invariant()
    def nothing_is_handed_over_that_did_not_come(self) -> None:
        """What is with the bureau for the treasury is what it may remit, and its bank holds exactly that."""
        remittable = self.obligation.remittable
        assert min(remittable) >= 0
        assert self.standing[f"bank:{K}"] == remittable.bank_fen
        assert remittable.total_fen <= -self.standing[f"due-to-treasury:{K}"]

    @invariant()
    def lateness_never_falls(self) -> None:
        late = [self.obligation.late_fen_days(self.today + timedelta(days=days)) for days in (0, 1, 30)]
        assert 0 <= late[0] <= late[1] <= late[2]
        assert late[1] - late[0] <= self.obligation.amount_fen


TestDebt = Debt.TestCase
TestDebt.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
