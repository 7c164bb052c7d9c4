"""What was paid comes back: refunds and claw-backs, who decides them, who owes, and what the books say of it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from databases import Cluster
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programme import COMMISSION, FIRM, OTHER_FIRM, UNIT, Programme, open_programme

from ledger.approvals.approve import Approve
from ledger.budgets.end_year import ProposeYearEnd
from ledger.errors import Invalid
from ledger.executor.commands import Answer
from ledger.fees.values import RedInvoice
from ledger.obligations.offset import OffsetRecovery
from ledger.obligations.receive import ReceiveRecovery
from ledger.obligations.steps import subject_kind
from ledger.obligations.store import OBLIGATIONS
from ledger.obligations.values import Obligation, StepKind
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.return_payment import ReturnPayment
from ledger.registry.values import Role
from ledger.vouchers.claw_back import KIND as CLAW_BACK
from ledger.vouchers.claw_back import Against, ProposeClawBack
from ledger.vouchers.decide_refund import KIND as REFUND
from ledger.vouchers.decide_refund import ProposeRefund
from ledger.vouchers.expire import ExpireDue
from ledger.vouchers.states import ContractState
from ledger.vouchers.store import CAPS, holder_cap

FEE, SHARE = 40_000_00, 20_000_00


@pytest.fixture
def voucher(programme: Programme) -> str:
    programme.letter()
    return programme.issue()


@pytest.fixture
def contract(programme: Programme, voucher: str) -> str:
    """Paid: 40,000.00 of fee, half of it by voucher; the firm's own half is open."""
    made = programme.accepted(voucher, SHARE, FEE)
    programme.paid(programme.file(made))
    return made


def red(programme: Programme, amount_fen: int) -> RedInvoice:
    number = f"9{programme.today.year}{next(programme._papers):015d}"
    return RedInvoice(number, programme.today, amount_fen, "部分服务未提供")


def refunding(programme: Programme, contract: str, amount_fen: int) -> dict[str, Any]:
    return {"contract": contract, "decision_number": "缙科退1号", "red": red(programme, amount_fen)}


def refund(programme: Programme, contract: str, amount_fen: int) -> dict[str, Any]:
    proposal = programme.do(ProposeRefund, "operator", **refunding(programme, contract, amount_fen))["proposal"]
    return programme.sign(REFUND, proposal, "second operator")


def clawing(programme: Programme, voucher: str, *contracts: str, **more: object) -> dict[str, Any]:
    ruling = programme.revocation(voucher) | {"contracts": contracts, "against": Against.HOLDER}
    return ruling | more


def claw_back(programme: Programme, voucher: str, *contracts: str, **more: object) -> dict[str, Any]:
    proposal = programme.do(ProposeClawBack, "operator", **clawing(programme, voucher, *contracts, **more))["proposal"]
    return programme.sign(CLAW_BACK, proposal, "second operator")


def owed(programme: Programme, number: object) -> Obligation:
    found: Obligation = programme.load(OBLIGATIONS, str(number))[str(number)]
    return found


def receive(programme: Programme, obligation: object, amount_fen: int) -> None:
    facts = {"obligation": obligation, "amount_fen": amount_fen, "received_on": programme.today}
    step = programme.do(ReceiveRecovery, "finance", **facts, bank_reference=f"缴{next(programme._papers)}")
    programme.sign(subject_kind(StepKind.RECEIPT), step["step"], "second finance")


# -- refunds -----------------------------------------------------------------------------------------------------------


def test_a_refund_says_who_owes_what_until_when_and_why(programme: Programme, contract: str) -> None:
    answer = refund(programme, contract, 10_000_00)

    debt = owed(programme, answer["obligations"][0])
    assert (debt.debtor, debt.creditor, debt.amount_fen) == (UNIT, COMMISSION, 5_000_00)
    assert (debt.subject_kind, debt.subject, debt.decision_number) == (REFUND, contract, "缙科退1号")
    assert (debt.scheme, debt.year, debt.citation) == ("jinyun-2017", 2017, "invented#jinyun-2017")
    assert answer["due_on"] == debt.due_on.isoformat() > programme.today.isoformat()
    found = programme.contract(contract)
    assert (found.state, found.recovered_fen) == (ContractState.PAID, 5_000_00)
    bill = programme.bill(str(found.bill))
    assert (bill.open_fen, bill.voucher_fen, bill.credited_fen) == (15_000_00, 15_000_00, 10_000_00)
    assert programme.breaches() == []
    assert programme.faults() == []


@pytest.mark.parametrize("parts", [(40_000_00,), (1, 39_999_99), (13_333_33, 13_333_33, 13_333_34)])
def test_however_it_is_cut_up_all_of_it_comes_back(programme: Programme, contract: str, parts: tuple[int, ...]) -> None:
    debts = [debt for part in parts for debt in refund(programme, contract, part)["obligations"]]

    assert sum(owed(programme, debt).amount_fen for debt in debts) == SHARE
    assert programme.contract(contract).recovered_fen == SHARE
    assert programme.bill(str(programme.contract(contract).bill)).fee_fen == 0
    again = refunding(programme, contract, 1)
    assert programme.refused(ProposeRefund, "operator", **again).startswith("MoreThanStands")
    assert programme.breaches() == []


def test_a_share_that_was_limited_by_the_hold_comes_back_last(programme: Programme, voucher: str) -> None:
    """The voucher paid 10,000.00 of 40,000.00: with 30,000.00 left it still would, and nobody owes anything."""
    made = programme.accepted(voucher, 10_000_00, FEE)
    programme.paid(programme.file(made))

    first = refund(programme, made, 10_000_00)
    second = refund(programme, made, 12_000_00)

    assert (first["recovered_fen"], first["obligations"]) == (0, [])
    # 18,000.00 are left, of which half may be the voucher's.
    assert second["recovered_fen"] == 1_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_a_refund_restores_the_cap_where_the_scheme_says_so(programme: Programme, contract: str) -> None:
    """Both schemes shipped say no; a claw-back never does."""
    refund(programme, contract, 10_000_00)
    claw_back(programme, programme.contract(contract).voucher, contract, against=Against.UNIT)
    cap = holder_cap(FIRM, programme.scheme)
    uses = programme.load(CAPS, cap)[cap].in_year(2017)

    assert uses.counted_fen(refunds_restore=False) == 50_000_00
    assert uses.counted_fen(refunds_restore=True) == 45_000_00


def test_what_is_not_paid_is_credited_and_not_refunded(programme: Programme, voucher: str) -> None:
    made = programme.accepted(voucher, SHARE, FEE)

    refusal = programme.refused(ProposeRefund, "operator", **refunding(programme, made, 1_00))

    assert refusal == f"WrongState: Contract {made} is accepted and not yet claimed; it cannot be refunded."


def test_two_people_of_the_commission_decide_and_nobody_of_the_unit(programme: Programme, contract: str) -> None:
    facts = refunding(programme, contract, 1_000_00)
    for person in ("officer", "applicant", "finance"):
        assert programme.refused(ProposeRefund, person, **facts).startswith("RoleMissing")
    proposal = programme.do(ProposeRefund, "operator", **facts)["proposal"]
    programme.hire("two hats", (COMMISSION, Role.OPERATOR), (UNIT, Role.UNIT_OFFICER))
    shown = {
        "subject_kind": REFUND,
        "subject": proposal,
        "content_hash": programme.request(REFUND, proposal).content_hash,
    }

    assert programme.refused(Approve, "operator", **shown).startswith("OwnWork")
    assert programme.refused(Approve, "two hats", **shown).startswith("WorksForParty")


def test_figures_that_have_moved_are_not_signed(programme: Programme, contract: str) -> None:
    """Two refunds at once: what the second would take back is another amount once the first is posted."""
    made = [
        programme.do(ProposeRefund, "operator", **refunding(programme, contract, amount))["proposal"]
        for amount in (30_000_00, 20_000_00)
    ]
    programme.sign(REFUND, made[0], "second operator")
    shown = {
        "subject_kind": REFUND,
        "subject": made[1],
        "content_hash": programme.request(REFUND, made[1]).content_hash,
    }

    refusal = programme.refused(Approve, "second operator", **shown)

    assert refusal.startswith("MoreThanStands") or "Propose it anew" in refusal
    assert owed(programme, programme.rows("SELECT number FROM obligation")[0][0]).amount_fen == 15_000_00


def test_a_refund_after_its_year_is_the_treasurys(programme: Programme, contract: str) -> None:
    programme.move(to=date(2018, 1, 15))
    answer = refund(programme, contract, FEE)

    assert programme.balance(f"due-to-treasury:{COMMISSION}") == SHARE
    assert programme.balance(f"expense:{COMMISSION}") == SHARE, "the year that is over keeps its expense"
    receive(programme, answer["obligations"][0], SHARE)
    assert (programme.budget("recovered"), programme.budget("reinstated")) == (SHARE, 0)
    assert programme.breaches() == []
    assert programme.faults() == []


def test_a_slip_of_a_year_that_was_ended_meanwhile_reinstates_nothing(programme: Programme, contract: str) -> None:
    """It came in December and is signed in January, after the budget was ended: it lapses like all that was left."""
    answer = refund(programme, contract, FEE)
    programme.move(to=date(2017, 12, 20))
    facts = {"obligation": answer["obligations"][0], "amount_fen": SHARE, "received_on": programme.today}
    step = programme.do(ReceiveRecovery, "finance", **facts, bank_reference="缴1")["step"]
    programme.move(to=date(2018, 1, 10))
    programme.expire_due()
    programme.end_year()
    lapsed = programme.budget("lapsed")

    programme.sign(subject_kind(StepKind.RECEIPT), step, "second finance")

    assert (programme.budget("available"), programme.budget("lapsed")) == (0, lapsed + SHARE)
    assert programme.budget("reinstated") == SHARE
    assert programme.breaches() == []


# -- claw-backs --------------------------------------------------------------------------------------------------------


def test_a_ruling_against_the_unit_takes_its_income_and_leaves_the_firm_alone(
    programme: Programme, voucher: str, contract: str
) -> None:
    income, vat = programme.balance(f"fees:income:{UNIT}"), programme.balance(f"fees:vat:{UNIT}")

    answer = claw_back(programme, voucher, contract, against=Against.UNIT)

    (number,) = answer["obligations"]
    assert (owed(programme, number).debtor, owed(programme, number).ground) == (UNIT, "fraud")
    # 20,000.00 with 6 % in it.
    assert income - programme.balance(f"fees:income:{UNIT}") == 18_867_92
    assert vat - programme.balance(f"fees:vat:{UNIT}") == 1_132_08
    assert programme.balance(f"owed-to-fiscal:{number}") == SHARE
    assert programme.holder(FIRM).flag_on(programme.today) is None
    assert programme.voucher(voucher).revocation is None
    assert programme.face("available", voucher) == 30_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_a_ruling_against_the_holder_revokes_and_flags_once(programme: Programme, voucher: str) -> None:
    first, second = (programme.accepted(voucher, 10_000_00, 20_000_00) for _ in range(2))
    programme.paid(programme.file(first, second))

    answer = claw_back(programme, voucher, first)
    later = claw_back(programme, voucher, second)

    assert (answer["revoked_fen"], later["revoked_fen"]) == (30_000_00, 0)
    assert owed(programme, answer["obligations"][0]).debtor == FIRM
    assert programme.holder(FIRM).flag_on(programme.today) is not None
    assert programme.face("clawed-back", voucher) == 20_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_what_a_refund_has_left_is_clawed_back(programme: Programme, voucher: str, contract: str) -> None:
    refund(programme, contract, 10_000_00)

    answer = claw_back(programme, voucher, contract, against=Against.UNIT)

    assert answer["recovered_fen"] == 15_000_00
    assert (programme.face("returned", voucher), programme.face("clawed-back", voucher)) == (5_000_00, 15_000_00)
    nothing = clawing(programme, voucher, contract, against=Against.UNIT)
    assert programme.refused(ProposeClawBack, "operator", **nothing).startswith("NothingToClawBack")
    assert programme.breaches() == []


def test_what_cannot_be_clawed_back_is_refused(programme: Programme, voucher: str, contract: str) -> None:
    other = programme.issue(10_000_00, OTHER_FIRM, "other applicant")
    waiting = programme.accepted(voucher, 1_000_00, 2_000_00)

    def refused(*contracts: str, of: str = voucher, **more: object) -> str:
        return programme.refused(ProposeClawBack, "operator", **clawing(programme, of, *contracts, **more))

    assert refused(contract, of=other).startswith("ContractOfAnotherVoucher")
    assert refused(waiting).startswith("WrongState")
    assert refused(contract, appeal_until=programme.today).startswith("AppealOpen")
    assert refused(contract, decided_on=programme.today).startswith("DecisionDatesCrossed")
    assert refused(contract, flagged_until=programme.today - timedelta(days=1)).startswith("FlagOver")
    programme.file(waiting)
    assert refused(contract).startswith("ClaimUnderWay"), "a claim under way is settled first"
    for wrong in ((), (contract, contract)):
        with pytest.raises(Invalid):
            programme.run(ProposeClawBack, "operator", **clawing(programme, voucher, *wrong))


# -- set off against the next claim ------------------------------------------------------------------------------------


def claimed(programme: Programme, voucher: str, amount_fen: int = 10_000_00) -> tuple[str, str]:
    """A contract of an approved claim, and what is to be paid of it."""
    contract = programme.accepted(voucher, amount_fen, 2 * amount_fen)
    (payable,) = programme.approve(programme.file(contract))
    return contract, payable


def set_off(programme: Programme, debt: object, payable: str, amount_fen: int) -> dict[str, Any]:
    facts = {"obligation": debt, "payable": payable, "amount_fen": amount_fen}
    step = programme.do(OffsetRecovery, "finance", **facts, decision_number="抵1号", reason="抵扣")["step"]
    return programme.sign(subject_kind(StepKind.OFFSET), step, "second finance")


def test_a_claim_that_is_set_off_altogether_is_paid(programme: Programme, voucher: str, contract: str) -> None:
    (debt,) = refund(programme, contract, 30_000_00)["obligations"]
    second, payable = claimed(programme, voucher)

    set_off(programme, debt, payable, 10_000_00)

    found = programme.contract(second)
    assert (found.state, programme.claim(str(found.claim)).state.value) == (ContractState.PAID, "paid")
    assert programme.balance(f"payable:{found.claim}") == 0
    assert owed(programme, debt).open_fen == 5_000_00
    assert refund(programme, second, 20_000_00)["recovered_fen"] == 10_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_a_contract_paid_by_two_years_is_taken_back_from_both(
    programme: Programme, voucher: str, contract: str
) -> None:
    """A part was set off in December, the bank paid the rest in January from the budget that was carried over."""
    (debt,) = refund(programme, contract, FEE)["obligations"]
    programme.move(to=date(2017, 11, 1))
    second, payable = claimed(programme, voucher)
    set_off(programme, debt, payable, 4_000_00)
    programme.move(to=date(2018, 1, 10))
    programme.expire_due()
    programme.end_year()
    programme.confirm(programme.batch(payable), payable)
    assert (programme.face("redeemed", voucher, 2017), programme.face("redeemed", voucher, 2018)) == (
        4_000_00,
        6_000_00,
    )

    part = refund(programme, second, 14_000_00)
    rest = claw_back(programme, voucher, second, against=Against.UNIT)

    # 7,000.00 come back: 6,000.00 of 2018, which has paid last, and 1,000.00 of 2017.
    assert [(owed(programme, one).year, owed(programme, one).amount_fen) for one in part["obligations"]] == [
        (2018, 6_000_00),
        (2017, 1_000_00),
    ]
    assert [(owed(programme, one).year, owed(programme, one).amount_fen) for one in rest["obligations"]] == [
        (2017, 3_000_00)
    ]
    assert programme.breaches() == []
    assert programme.faults() == []


@dataclass
class Claimant:
    """A unit that owes, and what a claim of it is to be paid; what cannot be done is refused and changes nothing."""

    programme: Programme
    debt: str
    payable: str
    contracts: list[str]
    done: Counter[str] = field(default_factory=Counter)

    def set_off(self, amount_fen: int) -> None:
        facts = {"obligation": self.debt, "payable": self.payable, "amount_fen": amount_fen}
        answer = self.programme.run(OffsetRecovery, "finance", **facts, decision_number="抵", reason="抵扣")
        self._sign("set off", answer, subject_kind(StepKind.OFFSET), "step", "second finance")

    def pay(self, _: int) -> None:
        answer = self.programme.run(ComposeBatch, "finance", payables=(self.payable,))
        self._sign("pay", answer, "payment.batch", "batch", "second finance")
        if answer.accepted:
            self.programme.confirm(str(answer.body["batch"]), self.payable)

    def come_back(self, _: int) -> None:
        of = "SELECT batch FROM payment_confirmation WHERE payable = :one ORDER BY paid_on DESC"
        for (batch,) in self.programme.rows(of, one=self.payable)[:1]:
            facts = {"batch": batch, "payable": self.payable, "returned_on": self.programme.today, "reason": "户名不符"}
            slip = f"退{next(self.programme._papers)}"
            answer = self.programme.run(ReturnPayment, "treasury", **facts, bank_reference=slip)
            self.done["come back"] += answer.accepted

    def refund(self, amount_fen: int) -> None:
        facts = refunding(self.programme, self.contracts[amount_fen % 2], amount_fen)
        answer = self.programme.run(ProposeRefund, "operator", **facts)
        self._sign("refund", answer, REFUND, "proposal", "second operator")

    def next_year(self, _: int) -> None:
        programme, year = self.programme, self.programme.today.year
        if year == 2019:
            return
        programme.move(to=date(year + 1, 1, 10))
        programme.run(ExpireDue, "operator", scheme=programme.scheme, on=programme.today)
        facts = {"scheme": programme.scheme, "year": year, "document_number": f"财结{year}"}
        answer = programme.run(ProposeYearEnd, "operator", **facts)
        if answer.accepted:
            programme.sign("voucher.year-end", f"{programme.scheme}:{year}", "finance")
            self.done["next year"] += 1
        programme.letter(100_000_00)

    def _sign(self, what: str, answer: Answer, kind: str, subject: str, person: str) -> None:
        if answer.accepted:
            self.programme.sign(kind, str(answer.body[subject]), person)
            self.done[what] += 1


def claimant(programme: Programme, split: int) -> Claimant:
    """Two lines under one payable, and 20,000.00 owed of a refund."""
    programme.letter()
    voucher = programme.issue()
    first = programme.accepted(voucher, SHARE, FEE)
    programme.paid(programme.file(first))
    (debt,) = refund(programme, first, FEE)["obligations"]
    contracts = [programme.accepted(voucher, amount, 2 * amount) for amount in (split, 10_000_00 - split)]
    (payable,) = programme.approve(programme.file(*contracts))
    return Claimant(programme, debt, payable, contracts)


STEPS = ("set_off", "pay", "come_back", "refund", "next_year")
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 12_000_00)), min_size=1, max_size=8)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, split=st.integers(1, 9_999_99))
def test_whatever_happens_to_what_is_owed_the_laws_hold(
    cluster: Cluster, steps: list[tuple[str, int]], split: int
) -> None:
    """Set off, paid, sent back and refunded in any order, over the years."""
    with cluster.database() as database, open_programme(database) as programme:
        one = claimant(programme, split)
        for what, amount in steps:
            getattr(one, what)(amount)
            assert programme.breaches() == []
        assert programme.faults() == []


def test_a_walk_comes_past_every_one_of_these(programme: Programme) -> None:
    """Always the same: so what is drawn above is neither all refused nor all one."""
    one = claimant(programme, 3_000_00)
    for what, amount in (
        *(("set_off", 1_000_00), ("pay", 0), ("come_back", 0), ("set_off", 4_000_00), ("next_year", 0), ("pay", 0)),
        *(("refund", 5_000_00), ("refund", 6_000_01), ("come_back", 0), ("next_year", 0), ("refund", 100)),
    ):
        getattr(one, what)(amount)

    assert one.done == {"set off": 2, "pay": 2, "come back": 1, "refund": 3, "next year": 2}
    assert programme.breaches() == []
    assert programme.faults() == []
