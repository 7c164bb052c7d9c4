"""Whatever commission, bureau, bank and units do, in any order: the laws hold, and a refusal moves nothing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from databases import Cluster
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from season import SCHEME, UNITS, A, B, C, D, Season, open_season

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import request_number
from ledger.budgets.end_year import KIND as YEAR_END
from ledger.budgets.end_year import ProposeYearEnd
from ledger.executor.commands import Command
from ledger.obligations.offset import OffsetRecovery
from ledger.obligations.receive import ReceiveRecovery
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.return_payment import ReturnPayment
from ledger.subsidies.claw_back import KIND as CLAW_BACK
from ledger.subsidies.claw_back import ProposeSubsidyClawBack
from ledger.subsidies.compute import ComputeSubsidy
from ledger.subsidies.exclude_bill import ExcludeBill
from ledger.subsidies.objections import AnswerSubsidyObjection, ObjectToSubsidy
from ledger.subsidies.policy_change import KIND as CHANGE
from ledger.subsidies.policy_change import ProposePolicyChange
from ledger.subsidies.review import ReviewSubsidy
from ledger.subsidies.top_up import TopUpSubsidy
from ledger.subsidies.values import BATCH, RecoveryGround
from ledger.subsidies.void import VoidSubsidy

NONE = "SB-0000-0000-00000"
STEPS = ("bill", "exclude", "compute", "compute", "review", "review", "object", "answer", "void", "sign", "sign")
STEPS += (
    "refuse",
    "pay",
    "pay",
    "come_back",
    "claw_back",
    "receive",
    "offset",
    "end_year",
    "letter",
    "later",
    "change",
    "sign_change",
    "top_up",
    "top_up",
)


@dataclass
class Walk:
    """Each step is tried on one of what there is, by number."""

    season: Season
    batches: list[str] = field(default_factory=list)
    objections: list[tuple[str, str]] = field(default_factory=list)
    payables: list[str] = field(default_factory=list)
    obligations: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def attempt(self, what: str, kind: type[Command], by: str, **facts: Any) -> dict[str, Any] | None:  # noqa: ANN401
        """The answer, if it was accepted, as it was rehearsed; a refusal has moved nothing."""
        before = self.season.rows("SELECT account, debits, credits FROM balance ORDER BY account")
        command = self.season.command(kind, by, **facts)
        rehearsed = self.season.books.rehearsal.run(command)
        answer = self.season.books.executor.run(command)
        assert (rehearsed.accepted, rehearsed.body) == (answer.accepted, answer.body), "it was rehearsed otherwise"
        if answer.accepted:
            self.done[what] += 1
            return answer.body
        assert self.season.rows("SELECT account, debits, credits FROM balance ORDER BY account") == before
        self.done[f"{what}: {answer.body['code']}"] += 1
        return None

    def one(self, of: list[Any], n: int, nothing: Any = NONE) -> Any:  # noqa: ANN401  of whatever kind
        return of[n % len(of)] if of else nothing

    def approve(self, what: str, kind: str, subject: str, *people: str) -> dict[str, Any] | None:
        """Signatures in turn on what is requested now, as far as they are taken; the answer to the last."""
        name = request_number(kind, subject)
        request = self.season.load(APPROVALS, name).get(name)
        shown = request.content_hash if request else "0" * 64
        answer = None
        for person in people:
            facts = {"subject_kind": kind, "subject": subject, "content_hash": shown}
            answer = self.attempt(what, Approve, person, **facts)
        return answer

    # -- the records ---------------------------------------------------------------------------------------------------

    def bill(self, n: int) -> None:
        self.season.bill(UNITS[n % len(UNITS)], 1 + n % 900_000_00)

    def exclude(self, n: int) -> None:
        bills = [number for (number,) in self.season.rows("SELECT number FROM fee_bill ORDER BY number")]
        facts = {"bill": self.one(bills, n), "excluded": n % 3 > 0, "reason": "法定检验"}
        self.attempt("exclude", ExcludeBill, "operator", **facts)

    # -- a batch -------------------------------------------------------------------------------------------------------

    def compute(self, n: int) -> None:
        pool = None if n % 2 else 1 + n % 4_000_000_00
        facts = self.season.computation(pool_fen=pool, reason="记录更正")
        if body := self.attempt("compute", ComputeSubsidy, "operator", **facts):
            self.batches.append(body["batch"])

    def review(self, n: int) -> None:
        by = "operator" if n % 7 == 0 else "second operator"
        self.attempt("review", ReviewSubsidy, by, batch=self.last(n))

    def last(self, n: int) -> str:
        """Mostly the batch that was computed last; an earlier one now and then."""
        return str(self.one(self.batches, n) if n % 5 == 0 else self.one(self.batches, -1))

    def object(self, n: int) -> None:
        batch = self.last(n)
        facts = {"batch": batch, "file_number": f"异议〔2026〕{n}号", "reason": "收入有误"}
        if body := self.attempt("object", ObjectToSubsidy, "operator", **facts):
            self.objections.append((batch, body["objection"]))

    def answer(self, n: int) -> None:
        batch, objection = self.one(self.objections, n, (NONE, "SO-0"))
        facts = {"batch": batch, "objection": objection, "upheld": n % 4 == 0, "reason": "核对"}
        self.attempt("answer", AnswerSubsidyObjection, "third operator", **facts)

    def void(self, n: int) -> None:
        if n % 3 == 0:
            self.attempt("void", VoidSubsidy, "operator", batch=self.last(n), reason="名单有误")

    def sign(self, n: int) -> None:
        """After the notice, mostly."""
        batch = self.last(n)
        if n % 4 and self.batches and (until := self.season.batch(batch).notice_until):
            self.season.move(to=max(self.season.today, until + timedelta(days=1)))
        if body := self.approve("sign", BATCH, batch, "finance", "second finance"):
            self.payables += body.get("followed", body).get("payables", body.get("payables", []))

    def refuse(self, n: int) -> None:
        if n % 3:
            return
        batch = self.last(n)
        name = request_number(BATCH, batch)
        request = self.season.load(APPROVALS, name).get(name)
        facts = {"subject_kind": BATCH, "subject": batch, "content_hash": request.content_hash if request else "0" * 64}
        self.attempt("refuse", Reject, "third finance", **facts, reason="请附依据")

    def change(self, n: int) -> None:
        facts = {"scheme": SCHEME, "year": 2026, "pool_fen": 1 + n, "document_number": "1号", "reason": "测算"}
        if body := self.attempt("change", ProposePolicyChange, "operator", **facts):
            self.changes.append(body["change"])

    def sign_change(self, n: int) -> None:
        self.approve("sign_change", CHANGE, self.one(self.changes, n, "PC-0"), "finance", "second finance")

    def top_up(self, n: int) -> None:
        """Out of a larger pool or a smaller one, or by a change; from a budget that may have ended."""
        change = self.one(self.changes, n, "") if n % 3 == 0 else ""
        facts = {
            "scheme": SCHEME,
            "year": 2026,
            "budget_year": self.season.today.year - (n % 5 == 0),
            "decision_number": f"京科决{n}号",
            "reason": "补发",
            "change": change,
            "pool_fen": None if change or n % 2 else 1 + n % 5_000_000_00,
        }
        if body := self.attempt("top_up", TopUpSubsidy, "operator", **facts):
            self.batches.append(body["batch"])

    # -- money ---------------------------------------------------------------------------------------------------------

    def letter(self, n: int) -> None:
        year, number = self.season.today.year, f"财预追加{next(self.season._keys)}号"
        self.season.letter(1 + n % 2_000_000_00, number, year=year)
        self.done["letter"] += 1

    def pay(self, n: int) -> None:
        payable = self.one(self.payables, n)
        if body := self.attempt("pay", ComposeBatch, "finance", payables=(payable,)):
            self.season.sign("payment.batch", body["batch"], "second finance")
            self.season.confirm(body["batch"], payable)

    def come_back(self, n: int) -> None:
        payable = self.one(self.payables, n)
        of = "SELECT batch FROM payment_confirmation WHERE payable = :one ORDER BY paid_on DESC, batch"
        for (batch,) in self.season.rows(of, one=payable)[:1]:
            facts = {"batch": batch, "payable": payable, "returned_on": self.season.today, "reason": "户名不符"}
            slip = f"退{next(self.season._keys)}"
            self.attempt("come_back", ReturnPayment, "treasury", **facts, bank_reference=slip)

    def claw_back(self, n: int) -> None:
        awards = [number for (number,) in self.season.rows("SELECT award FROM subsidy_payable ORDER BY award")]
        facts = {
            "award": self.one(awards, n, "AW-0000-0000-00000"),
            "amount_fen": 1 + n % 700_000_00,
            "ground": RecoveryGround.FALSE_RECORDS,
            "decision_number": f"京科决{n}号",
            "reason": "机时记录不实",
            "decided_on": self.season.today - timedelta(days=70),
            "appeal_until": self.season.today - timedelta(days=9),
        }
        body = self.attempt("claw_back", ProposeSubsidyClawBack, "operator", **facts)
        if body and (signed := self.approve("claw_back signed", CLAW_BACK, body["claw_back"], "second operator")):
            self.obligations += signed["obligations"]

    def receive(self, n: int) -> None:
        slip = {"amount_fen": 1 + n % 700_000_00, "received_on": self.season.today, "bank_reference": f"收款{n}"}
        obligation = self.one(self.obligations, n, "OB-0000-0000-00000")
        if body := self.attempt("receive", ReceiveRecovery, "operator", obligation=obligation, **slip):
            self.approve("receive signed", "obligation.receipt", body["step"], "finance")

    def offset(self, n: int) -> None:
        facts = {
            "obligation": self.one(self.obligations, n, "OB-0000-0000-00000"),
            "payable": self.one(self.payables, n),
            "amount_fen": 1 + n % 700_000_00,
        }
        paper = {"decision_number": f"抵扣{n}号", "reason": "抵扣"}
        if body := self.attempt("offset", OffsetRecovery, "operator", **facts, **paper):
            self.approve("offset signed", "obligation.offset", body["step"], "finance")

    # -- time ----------------------------------------------------------------------------------------------------------

    def later(self, n: int) -> None:
        self.season.move(to=min(self.season.today + timedelta(days=1 + n % 75), date(2027, 11, 30)))

    def end_year(self, n: int) -> None:
        """Only of a year that is over."""
        if n % 2 and self.season.today.year == 2026:
            self.season.move(to=date(2027, 1, 15))
        facts = {"scheme": SCHEME, "year": 2026, "document_number": "财结〔2027〕1号"}
        if self.attempt("end_year", ProposeYearEnd, "operator", **facts):
            self.approve("end_year signed", YEAR_END, f"{SCHEME}:2026", "finance")

    # -- what must hold ------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """The laws; and nobody has earned more than it was awarded, over all years."""
        assert self.season.breaches() == []
        for unit in (A, B, C, D):
            rows = self.season.rows(
                "SELECT coalesce(sum(a.awarded_fen), 0)::int8 FROM subsidy_award a "
                "WHERE a.unit = :unit AND EXISTS (SELECT FROM subsidy_payable p WHERE p.award = a.number)",
                unit=unit,
            )
            earned = self.season.balance(f"subsidy-income:{unit}") + self.season.balance(f"prior-years:{unit}")
            assert 0 <= earned <= rows[0][0]


drawn = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 10**8)), min_size=6, max_size=40)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=drawn)
def test_whatever_is_done_to_a_september_the_laws_hold(cluster: Cluster, steps: list[tuple[str, int]]) -> None:
    with cluster.database() as database, open_season(database) as season:
        season.to_autumn()
        one = Walk(season)
        for what, n in (("compute", 1), ("review", 1), *steps):
            getattr(one, what)(n)
            one.check()
        assert season.faults() == []


def test_a_walk_comes_past_every_step(cluster: Cluster) -> None:
    """Always the same: so what is drawn above is neither all refused nor all one."""
    with cluster.database() as database, open_season(database) as season:
        season.to_autumn()
        one = Walk(season)
        for what, n in (
            *(("compute", 1), ("change", 5), ("review", 1), ("object", 1), ("sign", 1), ("answer", 1), ("void", 3)),
            *(("compute", 2_000_000_00), ("review", 2), ("refuse", 3), ("exclude", 1), ("compute", 3), ("review", 4)),
            *(("sign", 6), ("pay", 0), ("pay", 1), ("pay", 2), ("pay", 3), ("come_back", 1), ("pay", 1), ("later", 74)),
            *(
                ("claw_back", 100_000_00),
                ("receive", 60_000_00),
                ("offset", 2),
                ("letter", 1_900_000_00),
                ("later", 20),
            ),
            *(("exclude", 6), ("top_up", 1), ("review", 1), ("sign", 1), ("pay", 4), ("change", 3_800_000_00)),
            *(("top_up", 3), ("sign_change", 1)),
            *(("end_year", 1), ("letter", 1_000_000_00), ("come_back", 3), ("pay", 3), ("receive", 40_000_00)),
            *(("top_up", 3), ("review", 1), ("void", 3), ("top_up", 9), ("review", 1), ("sign", 1), ("pay", 8)),
            *(("claw_back", 10_000_05), ("exclude", 1), ("top_up", 1), ("review", 1), ("sign", 1), ("later", 30)),
        ):
            getattr(one, what)(n)
            one.check()

        assert set(one.done) >= {"compute", "review", "object", "answer", "void", "sign", "refuse", "change"}, one.done
        assert one.done["top_up"] > 1, one.done
        assert one.done["sign_change"] == 2, one.done  # both signatures
        assert set(one.done) >= {"pay", "come_back", "claw_back signed", "receive signed", "end_year signed"}, one.done
        assert season.faults() == []
