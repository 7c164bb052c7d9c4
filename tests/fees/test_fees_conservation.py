"""Every fen of a bill is in exactly one place, whatever is done with the bill and in whatever order."""

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import DAY_ONE, BearByVoucher, Office

from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.executor.commands import Answer
from ledger.fees.credit_bill import CreditBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.repay_payer import RepayPayer
from ledger.fees.values import BillLine, RedInvoice

GROSS = 1_000_00
steps = st.lists(
    st.tuples(st.sampled_from(["receive", "bear", "pay", "credit", "repay", "take back"]), st.integers(1, GROSS + 1)),
    min_size=1,
    max_size=10,
)
invoices = count(10**19)


class Model:
    """A bill in a few lines: where its fen are, and what has been done that can be taken back."""

    def __init__(self, gross: int, seq: int) -> None:
        self.open, self.cash, self.due, self.paid, self.credited, self.owed = gross, 0, 0, 0, 0, 0
        self.red = False
        """A red invoice has credited it: nothing of it is reversed any more."""
        self.done: list[tuple[str, int, int]] = [("bill", gross, seq)]

    def move(self, what: str, amount: int) -> bool:
        """Whether it is possible; if so it has happened."""
        source, target = {
            "receive": ("open", "cash"),
            "bear": ("open", "due"),
            "pay": ("due", "paid"),
            "back bill": ("open", "credited"),
            "back receive": ("cash", "open"),
            "back bear": ("due", "open"),
            "back pay": ("paid", "due"),
        }[what]
        if amount > getattr(self, source):
            return False
        setattr(self, source, getattr(self, source) - amount)
        setattr(self, target, getattr(self, target) + amount)
        return True

    def credit(self, amount: int) -> bool:
        """Open first, then what was paid, which is owed back."""
        if amount > self.open + self.cash:
            return False
        paid = max(0, amount - self.open)
        self.open, self.cash = self.open - amount + paid, self.cash - paid
        self.credited, self.owed, self.red = self.credited + amount, self.owed + paid, True
        return True

    def repay(self, amount: int) -> bool:
        if amount > self.owed:
            return False
        self.owed -= amount
        return True


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_a_bill_is_conserved(office: Office, steps: list[tuple[str, int]]) -> None:
    issued = office.issue_bill(str(next(invoices)), BillLine("测试", None, 1, GROSS))
    bill = str(issued["bill"])
    model = Model(GROSS, last_seq(office))

    for n, (what, amount) in enumerate(steps):
        answer, possible, done = attempt(office, model, bill, n, what, amount)
        assert answer.accepted == possible, (what, amount, answer.body)
        if possible and done:
            model.done.append((*done, last_seq(office)))
        found = office.bill(bill)
        assert (found.open_fen, found.cash_fen, found.voucher_due_fen, found.voucher_fen) == (
            model.open,
            model.cash,
            model.due,
            model.due + model.paid,
        )
        assert (found.credited_fen, found.owed_fen) == (model.credited, model.owed)
        assert found.gross_fen == (
            found.open_fen
            + found.cash_fen
            + found.voucher_fen
            + found.equity_fen
            + found.written_off_fen
            + found.credited_fen
        )

    assert office.breaches() == []


def attempt(
    office: Office, model: Model, bill: str, n: int, what: str, amount: int
) -> tuple[Answer, bool, tuple[str, int] | None]:
    """Do it on the books and in the model; what was done, where it can be taken back later."""
    if what == "receive":
        facts: dict[str, Any] = {"bill": bill, "amount_fen": amount, "bank_reference": f"slip {n}"}
        return office.run(ReceivePayment, "officer", **facts), model.move(what, amount), (what, amount)
    if what in {"bear", "pay"}:
        facts = {"bill": bill, "amount_fen": amount, "paid": what == "pay"}
        return office.run(BearByVoucher, **facts), model.move(what, amount), (what, amount)
    if what == "credit":
        facts = {"bill": bill, "red": RedInvoice(str(next(invoices)), DAY_ONE, amount, "冲减")}
        return office.run(CreditBill, "officer", **facts), model.credit(amount), None
    if what == "repay":
        facts = {"bill": bill, "amount_fen": amount, "bank_reference": f"back {n}"}
        return office.run(RepayPayer, "officer", **facts), model.repay(amount), None
    taken, amount, seq = model.done[amount % len(model.done)]
    answer = office.run(
        ReverseEntry,
        "officer",
        seq=seq,
        effective_on=DAY_ONE,
        reason="记错",
        second_person=office.people["second officer"],
    )
    if model.red:
        assert answer.body["code"] in {"AlreadyReversed", "CreditNotReversible"}
    if answer.body.get("code") in {"AlreadyReversed", "CreditNotReversible"}:
        return answer, False, None
    return answer, model.move(f"back {taken}", amount), None


def last_seq(office: Office) -> int:
    return int(office.rows("SELECT last_seq FROM book")[0][0])
