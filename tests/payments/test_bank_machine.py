"""Any sequence of what people and their bank do with payments: every law holds, no fen is counted twice, none is lost.

What is sent is sensible or not; a refusal has left every balance as it was. At the end the whole book is verified.
"""

from contextlib import ExitStack
from datetime import date, timedelta
from random import Random
from typing import Any, ClassVar

import pytest
from databases import Cluster
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from office import BUREAU, COMMISSION, DAY_ONE, OTHER_UNIT, UNIT, Furnished, open_office

from ledger.approvals.approve import Approve
from ledger.assembly import BOOK
from ledger.errors import Invalid
from ledger.executor.commands import Answer
from ledger.executor.reading import Reader
from ledger.payments.bank.decide_line import KIND, ProposeDecision
from ledger.payments.bank.hold_in_suspense import HoldInSuspense
from ledger.payments.bank.import_statement import ImportStatement
from ledger.payments.bank.match_payment import MatchPayment
from ledger.payments.bank.match_return import MatchReturn
from ledger.payments.bank.reconcile import commands, queue
from ledger.payments.bank.set_aside import SetAside
from ledger.payments.bank.store import load_lines
from ledger.payments.bank.values import BankLine, Decision, Direction, LineState, Statement, StatementLine
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.fail_payment import FailPayment
from ledger.payments.return_payment import ReturnPayment
from ledger.payments.store import load_batches, load_payables
from ledger.payments.values import PAYMENT_BATCH, Batch, Payable
from ledger.registry.values import Role

OURS = "1208010109000001"
PEOPLE = ("treasury", "second treasury", "finance", "second finance", "third finance")
ACCOUNTS = {UNIT: "0012345678", OTHER_UNIT: "0087654321"}
DRAWN = st.randoms(use_true_random=True)


def somebody(r: Random) -> str:
    """One who may, more often than not."""
    return r.choice(PEOPLE[:2] if r.random() < 0.7 else PEOPLE)


class Bank(RuleBasedStateMachine):
    cluster: ClassVar[Cluster]
    furnished: ClassVar[Furnished]
    accepted: ClassVar[dict[str, int]]
    """How often each command was accepted, over all runs."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        database = self.open.enter_context(self.cluster.database(self.furnished.template))
        self.office = self.open.enter_context(open_office(database, self.furnished.people))
        self.office.hire("second treasury", (BUREAU, Role.TREASURY))
        self.today = DAY_ONE
        self.seen: list[StatementLine] = []
        """Lines that the bank has told of before."""
        self.numbers = 0
        self.sound = True

    def teardown(self) -> None:
        with self.open:
            if self.sound:
                assert self.office.faults() == []

    # -- what stands --------------------------------------------------------------------------------------------------

    def loaded(self, table: str, load: Any) -> list[Any]:  # noqa: ANN401  any kind of thing
        numbers = [row[0] for row in self.office.rows(f"SELECT number FROM {table} ORDER BY number")]
        with self.office.database.writer.connect() as connection:
            return list(load(Reader(connection, BOOK), numbers).values()) if numbers else []

    @property
    def payables(self) -> list[Payable]:
        return self.loaded("payable", load_payables)

    @property
    def batches(self) -> list[Batch]:
        return self.loaded("payment_batch", load_batches)

    @property
    def lines(self) -> list[BankLine]:
        return self.loaded("bank_line", load_lines)

    def send(self, kind: Any, actor: str, **facts: Any) -> Answer | None:  # noqa: ANN401  any command
        """One command; what cannot be read is none, and a refusal changes no balance."""
        before = self.office.rows("SELECT account, debits, credits, version FROM balance ORDER BY account")
        try:
            answer = self.office.run(kind, actor, **facts)
        except Invalid:
            return None
        if answer.accepted:
            self.accepted[kind.kind] = self.accepted.get(kind.kind, 0) + 1
        else:
            assert self.office.rows("SELECT account, debits, credits, version FROM balance ORDER BY account") == before
        return answer

    def everything_holds(self) -> None:
        self.sound = False
        assert self.office.breaches() == []
        paid_fen = sum(payable.amount_fen for payable in self.payables if payable.paid_on)
        assert self.office.balance("toy:paid") == paid_fen
        held_fen = sum(line.amount_fen for line in self.lines if line.state is LineState.SUSPENSE)
        assert self.office.balance(f"payments:suspense:{COMMISSION}") == held_fen
        assert self.office.balance(f"bank:{COMMISSION}") == held_fen
        evidence = self.office.rows("SELECT batch, payable, what FROM bank_line_payment")
        assert len(evidence) == len({tuple(row) for row in evidence})
        self.sound = True

    # -- payments -----------------------------------------------------------------------------------------------------

    @rule(r=DRAWN, more=st.integers(1, 3))
    def a_batch_is_released(self, r: Random, more: int) -> None:
        new = [self.office.payable(r.choice([UNIT, OTHER_UNIT]), r.choice([100_00, 200_00])) for _ in range(more)]
        free = [payable.number for payable in self.payables if not payable.batch and not payable.paid_on]
        maker = r.choice(["treasury", "second treasury"])
        answer = self.send(ComposeBatch, maker, payables=tuple(r.sample(free, min(len(free), r.randint(1, 4))) or new))
        if answer and answer.accepted:
            self.office.sign(PAYMENT_BATCH, answer.body["batch"], "third finance")
        self.everything_holds()

    @rule(r=DRAWN)
    def somebody_says_what_the_bank_did(self, r: Random) -> None:
        if not self.batches:
            return
        batch, person = r.choice(self.batches), somebody(r)
        payable = r.choice(batch.lines).payable
        facts = {"batch": batch.number}
        match r.choice(["paid", "back", "failed"]):
            case "paid":
                self.send(ConfirmPayment, person, **facts, paid_on=self.today, lines=((payable, "slip"),))
            case "back":
                self.send(
                    ReturnPayment,
                    person,
                    **facts,
                    payable=payable,
                    returned_on=self.today,
                    bank_reference="slip",
                    reason="户名不符",
                )
            case _:
                self.send(FailPayment, person, **facts, payable=payable, failed_on=self.today, reason="冻结")
        self.everything_holds()

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.today = min(self.today + timedelta(days), date(2017, 12, 31))
        self.office.clock.move_to(self.today)

    # -- the bank -----------------------------------------------------------------------------------------------------

    @rule(r=DRAWN, count=st.integers(1, 4))
    def a_statement_comes(self, r: Random, count: int) -> None:
        lines = [self.booked(r) for _ in range(count)]
        lines += r.sample(self.seen, min(len(self.seen), r.choice([0, 0, 1])))
        distinct = {(line.reference, line.direction): line for line in lines}
        self.numbers += 1
        statement = Statement(OURS, f"S-{self.numbers}", tuple(distinct.values()))
        answer = self.send(ImportStatement, r.choice(PEOPLE), payer=COMMISSION, statement=statement)
        assert answer
        assert answer.accepted, answer.body
        self.seen += lines
        self.everything_holds()

    def booked(self, r: Random) -> StatementLine:
        """A line about some payment as often as not; its amount, account, number and day as they should be, or not."""
        self.numbers += 1
        batches = self.batches
        batch = r.choice(batches) if batches and r.random() < 0.8 else None
        of_batch = r.choice(batch.lines) if batch else None
        direction = r.choice([Direction.DEBIT, Direction.DEBIT, Direction.CREDIT])
        amount_fen = of_batch.amount_fen if of_batch else 55
        ids: tuple[str, ...] = (of_batch.payable,) if of_batch else ()
        if batch and r.random() < 0.2:
            amount_fen, ids = batch.total_fen, (batch.number,)
        amount_fen += r.choice([0, 0, 0, 0, 1, -1])
        account = of_batch.account_number if of_batch and r.random() < 0.5 else r.choice(["", "99999999"])
        return StatementLine(
            reference=f"R-{self.numbers}",
            direction=direction,
            amount_fen=amount_fen,
            booked_on=max(DAY_ONE, self.today - timedelta(r.choice([0, 0, 0, 3]))),
            references=ids if r.random() < 0.7 else (),
            returned=direction is Direction.CREDIT and r.random() < 0.5,
            counterparty_account=account if r.random() < 0.7 else "",
        )

    @rule(r=DRAWN)
    def a_statement_is_reconciled(self, r: Random) -> None:
        statements = self.office.rows("SELECT DISTINCT statement FROM bank_line ORDER BY 1")
        if not statements:
            return
        self.numbers += 1
        with self.office.database.writer.connect() as connection:
            found = queue(Reader(connection, BOOK), r.choice(statements)[0])
        actor = self.office.people[somebody(r)]
        sent = commands(found, tenant="office", key=f"rec-{self.numbers}", actor=actor)
        for command, future in zip(sent, self.office.books.executor.submit_all(sent), strict=True):
            if future.result().accepted:
                self.accepted[f"{command.kind} by itself"] = self.accepted.get(f"{command.kind} by itself", 0) + 1
        self.everything_holds()

    @rule(r=DRAWN, times=st.integers(2, 6))
    def somebody_looks_at_lines(self, r: Random, times: int) -> None:
        for _ in range(times):
            if lines := self.lines:
                waiting = [line for line in lines if line.state is LineState.WAITING]
                self.somebody_looks_at(r, r.choice(waiting if waiting and r.random() < 0.8 else lines), somebody(r))
                self.everything_holds()

    def somebody_looks_at(self, r: Random, line: BankLine, person: str) -> None:
        on = r.choice([line.booked_on, self.today])
        fitting = [
            (batch.number, one.payable)
            for batch in self.batches
            for one in batch.lines
            if one.amount_fen == line.amount_fen or r.random() < 0.1
        ]
        match r.choice(["match", "match", "aside", "hold", "hold", "propose"]):
            case "match" if fitting:
                batch, payable = r.choice(fitting)
                facts = {"line": line.number, "batch": batch, "on": on, "reason": "核实"}
                if line.direction is Direction.DEBIT:
                    self.send(MatchPayment, person, **facts, payables=(payable,))
                else:
                    self.send(MatchReturn, person, **facts, payable=payable)
            case "aside":
                self.send(SetAside, person, line=line.number, reason="结息")
            case "hold":
                self.send(HoldInSuspense, person, line=line.number, on=on, reason="来源不明")
            case _:
                self.somebody_proposes(r, r.choice(self.lines), person)

    def somebody_proposes(self, r: Random, line: BankLine, person: str) -> None:
        decision = r.choice([Decision.REOPEN, Decision.REOPEN, Decision.SEND_BACK])
        answer = self.send(ProposeDecision, person, line=line.number, decision=decision, reason="已查明")
        if answer and answer.accepted:
            shown = answer.body["approval"]["content_hash"]
            facts = {"subject_kind": KIND, "subject": line.number, "content_hash": shown}
            self.send(Approve, r.choice(PEOPLE), **facts)


@pytest.mark.timeout(900)  # a failure is shrunk before it is told
def test_whatever_people_and_their_bank_do_every_law_holds(cluster: Cluster, furnished_office: Furnished) -> None:
    Bank.cluster, Bank.furnished, Bank.accepted = cluster, furnished_office, {}

    run_state_machine_as_test(
        Bank,
        settings=settings(
            max_examples=8,
            stateful_step_count=40,
            deadline=None,
            derandomize=False,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


COMMANDS = {
    *("payment.confirm", "payment.return", "payment.fail", "payment.match", "payment.match-return"),
    *("payment.match by itself", "payment.set-aside"),
    *("payment.hold-in-suspense", "payment.propose-line-decision", "approval.approve"),
}


def test_a_long_walk_comes_past_every_command(cluster: Cluster, furnished_office: Furnished) -> None:
    """By the same rules, until it has: so what the machine above draws is neither all refused nor all one."""
    Bank.cluster, Bank.furnished, Bank.accepted = cluster, furnished_office, {}
    r, bank = Random(7), Bank()  # noqa: S311  a walk, no secret; one that is soon past them all
    try:
        for _ in range(500):
            bank.a_batch_is_released(r=r, more=2)
            bank.a_statement_comes(r=r, count=3)
            bank.a_statement_is_reconciled(r=r)
            bank.somebody_says_what_the_bank_did(r=r)
            bank.somebody_looks_at_lines(r=r, times=4)
            bank.days_pass(days=r.randint(1, 3))
            if Bank.accepted.keys() >= COMMANDS:
                break
    finally:
        bank.teardown()

    assert COMMANDS - Bank.accepted.keys() == set()
