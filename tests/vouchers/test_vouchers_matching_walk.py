"""Whatever two payers and a firm do, in any order: every fen has one payer, and a refusal changes nothing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from databases import Cluster
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programme import CITY_COMMISSION, FIRM, LINE, UNIT, Programme, open_programme

from ledger.budgets.appropriate import KIND as LETTER
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.executor.commands import Command
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.values import RedInvoice
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.return_payment import ReturnPayment
from ledger.registry.values import CertificateKind
from ledger.vouchers.accept import Accept
from ledger.vouchers.credit_bill import CreditContractBill
from ledger.vouchers.decide_application import KIND as ISSUE
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.decide_refund import KIND as REFUND
from ledger.vouchers.decide_refund import ProposeRefund
from ledger.vouchers.expire import ExpireVoucher
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.match import MatchContract
from ledger.vouchers.release import ReleaseHold
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.review_claim import KIND as CLAIM
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.withdraw_claim import WithdrawClaim

PAIRS = {
    "shandong-2023": ("liaocheng-2023", date(2023, 7, 3)),
    "qingdao-2015-district": ("qingdao-2015-city", date(2016, 7, 1)),
}
STEPS = ("reserve", "match", "bill", "accept", "pay_bill", "credit", "claim", "decide", "pay", "come_back", "refund")
STEPS += ("release", "expire", "withdraw", "later")


@dataclass
class Walk:
    """The firm, the unit and two payers; each step is tried on one of what there is, by number."""

    programme: Programme
    city: str
    vouchers: dict[str, str] = field(default_factory=dict)
    """By payer: operator's name."""
    contracts: list[str] = field(default_factory=list)
    bills: dict[str, str] = field(default_factory=dict)
    """By the first payer's contract."""
    claims: list[str] = field(default_factory=list)
    payables: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def attempt(self, what: str, kind: type[Command], by: str, **facts: Any) -> dict[str, Any] | None:  # noqa: ANN401
        """The answer, if it was accepted, as it was rehearsed; a refusal has moved nothing."""
        before = self.programme.rows("SELECT account, debits, credits FROM balance ORDER BY account")
        command = self.programme.command(kind, by, **facts)
        rehearsed = self.programme.books.rehearsal.run(command)
        answer = self.programme.books.executor.run(command)
        assert (rehearsed.accepted, rehearsed.body) == (answer.accepted, answer.body), "it was rehearsed otherwise"
        if answer.accepted:
            self.done[what] += 1
            return answer.body
        assert self.programme.rows("SELECT account, debits, credits FROM balance ORDER BY account") == before
        return None

    def one(self, of: list[str], n: int) -> str:
        return of[n % len(of)] if of else "C-0000-0000-00000"

    def payer(self, voucher: str) -> str:
        return next((name for name, number in self.vouchers.items() if number == voucher), "operator")

    # -- steps ---------------------------------------------------------------------------------------------------------

    def reserve(self, n: int) -> None:
        fee_fen = 1 + n % 30_000_00
        ratio = 6 if self.city == "liaocheng-2023" else 2
        facts = self.programme.reservation(self.vouchers["operator"], max(1, fee_fen * ratio // 10), fee_fen)
        if body := self.attempt("reserve", Reserve, "applicant", **facts):
            self.contracts.append(body["contract"])

    def match(self, n: int) -> None:
        lead = self.one(self.contracts, n)
        amount_fen = 1 + n % 3_000_00
        facts = {"contract": lead, "voucher": self.vouchers["city operator"], "amount_fen": amount_fen}
        if body := self.attempt("match", MatchContract, "applicant", **facts):
            self.contracts.append(body["contract"])

    def bill(self, n: int) -> None:
        contract = self.one(self.contracts, n)
        if contract in self.bills or not self.contracts:
            return
        found = self.programme.contract(contract)
        lead = found.matches or contract
        if lead not in self.bills:
            fee_fen = max(1, found.fee_fen - n % 7)
            self.bills[lead] = self.programme.billed(lead, fee_fen)

    def accept(self, n: int) -> None:
        contract = self.one(self.contracts, n)
        found = self.programme.contract(contract) if self.contracts else None
        bill = self.bills.get((found.matches or contract) if found else "", "BL-0000-0000-00000")
        self.attempt("accept", Accept, "applicant", contract=contract, bill=bill)

    def pay_bill(self, n: int) -> None:
        if not self.bills:
            return
        bill = self.one(sorted(self.bills.values()), n)
        open_fen = self.programme.bill(bill).open_fen
        slip = f"收{next(self.programme._papers)}"
        self.attempt("pay_bill", ReceivePayment, "officer", bill=bill, amount_fen=max(1, open_fen), bank_reference=slip)

    def red(self, n: int) -> RedInvoice:
        return RedInvoice(f"{next(self.programme._papers):020d}", self.programme.today, 1 + n % 3_000_00, "部分未做")

    def credit(self, n: int) -> None:
        self.attempt("credit", CreditContractBill, "officer", contract=self.one(self.contracts, n), red=self.red(n))

    def claim(self, n: int) -> None:
        contract = self.one(self.contracts, n)
        found = self.programme.contract(contract) if self.contracts else None
        claimant = found.claimant if found else UNIT
        by = "officer" if claimant == UNIT else "applicant"
        if body := self.attempt("claim", FileClaim, by, unit=claimant, contracts=(contract,)):
            self.claims.append(body["claim"])

    def decide(self, n: int) -> None:
        """Passed, or sent back; what was passed is signed once its notice is over."""
        claim = self.one(self.claims, n)
        by = self.payer(self.programme.claim(claim).lines[0].voucher) if self.claims else "operator"
        passed = n % 5 > 0
        facts = {"claim": claim, "passed": passed, "reason": "" if passed else "材料不全"}
        if self.attempt("decide", ReviewClaim, by, **facts) and passed:
            until = self.programme.claim(claim).notice_until
            assert until is not None
            self.programme.move(to=max(self.programme.today, until + timedelta(days=1)))
            self.payables += self.programme.sign(CLAIM, claim, "finance", "second finance")["payables"]

    def pay(self, n: int) -> None:
        payable = self.one(self.payables, n)
        if body := self.attempt("pay", ComposeBatch, "finance", payables=(payable,)):
            self.programme.sign("payment.batch", body["batch"], "second finance")
            self.programme.confirm(body["batch"], payable)

    def come_back(self, n: int) -> None:
        payable = self.one(self.payables, n)
        of = "SELECT batch FROM payment_confirmation WHERE payable = :one ORDER BY paid_on DESC, batch"
        for (batch,) in self.programme.rows(of, one=payable)[:1]:
            facts = {"batch": batch, "payable": payable, "returned_on": self.programme.today, "reason": "户名不符"}
            slip = f"退{next(self.programme._papers)}"
            self.attempt("come_back", ReturnPayment, "treasury", **facts, bank_reference=slip)

    def refund(self, n: int) -> None:
        contract = self.one(self.contracts, n)
        facts = {"contract": contract, "decision_number": f"退{n}", "red": self.red(n)}
        if body := self.attempt("refund", ProposeRefund, "operator", **facts):
            self.programme.sign(REFUND, body["proposal"], "second operator")

    def release(self, n: int) -> None:
        self.attempt("release", ReleaseHold, "applicant", contract=self.one(self.contracts, n), reason="合同取消")

    def expire(self, n: int) -> None:
        by = sorted(self.vouchers)[n % 2]
        self.attempt("expire", ExpireVoucher, by, voucher=self.vouchers[by])

    def withdraw(self, n: int) -> None:
        claim = self.one(self.claims, n)
        by = "officer" if not self.claims or self.programme.claim(claim).unit == UNIT else "applicant"
        self.attempt("withdraw", WithdrawClaim, by, claim=claim, reason="更正")

    def later(self, n: int) -> None:
        self.programme.move(days=1 + n % 60)

    # -- what must hold ------------------------------------------------------------------------------------------------

    def check(self) -> None:
        assert self.programme.breaches() == []
        for lead, number in self.bills.items():
            bill = self.programme.bill(number)
            shares = [
                self.programme.contract(contract)
                for contract in self.contracts
                if lead in {contract, self.programme.contract(contract).matches}
            ]
            borne = sum(one.share_fen for one in shares if one.accepted_on and one.bill == number)
            assert borne <= bill.fee_fen, "nobody is paid more than the service costs"


def walk(programme: Programme, city: str) -> Walk:
    """Both budgets and vouchers; the unit is local, the firm certified and has an account."""
    programme.found_city()
    programme.letter()
    facts = {"scheme": city, "year": programme.today.year, "letter_number": "市1号", "amount_fen": 10**9, "line": LINE}
    letter = programme.do(ProposeAppropriation, "city operator", tenant=CITY_COMMISSION, **facts)
    programme.sign(LETTER, letter["appropriation"], "finance")
    programme.certify(UNIT, CertificateKind.PLACE, "371500")
    programme.certify(FIRM, CertificateKind.HIGH_TECH)
    programme.set_account(FIRM, "6222000099")
    one = Walk(programme, city)
    one.vouchers["operator"] = programme.issue(200_000_00)
    application = programme.apply(200_000_00, scheme=city)
    programme.do(DecideApplication, "city operator", application=application, grant_fen=200_000_00)
    one.vouchers["city operator"] = str(programme.sign(ISSUE, application, "second city operator")["voucher"])
    return one


drawn = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 10**7)), min_size=6, max_size=40)


@pytest.mark.parametrize("scheme", PAIRS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=drawn)
def test_whatever_two_payers_do_the_laws_hold(cluster: Cluster, scheme: str, steps: list[tuple[str, int]]) -> None:
    city, day = PAIRS[scheme]
    with cluster.database() as database, open_programme(database, scheme, day) as programme:
        one = walk(programme, city)
        for what, n in (("reserve", 20_000_00), ("match", 0), *steps):
            getattr(one, what)(n)
        one.check()
        assert programme.faults() == []


@pytest.mark.parametrize("scheme", PAIRS)
def test_a_walk_of_two_payers_comes_past_every_step(cluster: Cluster, scheme: str) -> None:
    """Always the same: so what is drawn above is neither all refused nor all one."""
    city, day = PAIRS[scheme]
    with cluster.database() as database, open_programme(database, scheme, day) as programme:
        one = walk(programme, city)
        for what, n in (
            *(("reserve", 10_000_00), ("match", 0), ("bill", 0), ("accept", 0), ("accept", 1), ("credit", 1)),
            *(("pay_bill", 0), ("claim", 0), ("claim", 1), ("withdraw", 1), ("claim", 1), ("decide", 3)),
            *(("decide", 2), ("pay", 0), ("pay", 1), ("come_back", 1), ("pay", 1), ("refund", 100_00)),
            *(("reserve", 5_000_00), ("match", 2), ("release", 2), ("later", 59), ("expire", 0)),
        ):
            getattr(one, what)(n)
            one.check()

        assert set(one.done) >= {"reserve", "match", "accept", "credit", "claim", "withdraw", "decide", "pay"}
        assert set(one.done) >= {"come_back", "refund", "release", "pay_bill"}, one.done
        assert programme.faults() == []
