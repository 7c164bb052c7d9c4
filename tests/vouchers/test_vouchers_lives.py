"""Whatever befalls a voucher, in whatever order: every law of every slice holds, and a refusal moves no fen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from databases import Cluster
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from programme import FIRM, OTHER_FIRM, OTHER_UNIT, UNIT, Programme, open_programme

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.executor.commands import Answer
from ledger.fees.issue_bill import IssueBill
from ledger.fees.values import BillLine
from ledger.vouchers.accept import Accept
from ledger.vouchers.expire import ExpireDue
from ledger.vouchers.extend import ProposeExtension
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.flag_holder import ProposeFlag
from ledger.vouchers.lift_flag import ProposeLift
from ledger.vouchers.release import ReleaseHold
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.revoke import ProposeRevocation

APPLICANTS = {FIRM: "applicant", OTHER_FIRM: "other applicant"}
OFFICERS = {UNIT: "officer", OTHER_UNIT: "other officer"}


@dataclass
class Fates:
    """Draws what happens next, sensible or not, from what is there."""

    programme: Programme
    r: Random

    def happen(self, steps: int) -> None:
        verbs: tuple[Callable[[], object], ...] = (
            *(self.reserve, self.accept, self.file, self.propose_revocation, self.sign, self.sign),
            *(
                self.propose_extension,
                self.issue,
                self.release,
                self.review,
                self.flag,
                self.lift,
                self.expire,
                self.days_pass,
            ),
        )
        for _ in range(steps):
            self.r.choice(verbs)()
            assert self.programme.breaches() == []
        assert self.programme.faults() == []

    def ask(self, kind: Any, by: str, **facts: object) -> Answer:  # noqa: ANN401  any command
        """A refusal leaves every balance as it was, byte for byte."""
        sql = "SELECT b::text FROM balance b ORDER BY account"
        before = self.programme.rows(sql)
        answer = self.programme.run(kind, by, **facts)
        event(f"{kind.kind}: {'accepted' if answer.accepted else answer.body['code']}")
        if not answer.accepted:
            assert self.programme.rows(sql) == before
        return answer

    def one_of(self, sql: str) -> tuple[Any, ...] | None:
        rows = self.programme.rows(sql)
        return tuple(self.r.choice(rows)) if rows else None

    def part_of(self, fen: int) -> int:
        return self.r.choice([fen, fen // 2, fen // 3, 1_000_00]) or 1

    # -- the straight road --------------------------------------------------------------------------------------------

    def issue(self) -> None:
        holder = self.r.choice([FIRM, OTHER_FIRM])
        if self.programme.today.year == 2017 and not self.programme.holder(holder).flag_on(self.programme.today):
            self.programme.issue(self.r.choice([20_000_00, 7_000_01]), holder, APPLICANTS[holder])

    def reserve(self) -> None:
        if found := self.one_of("SELECT number, holder FROM voucher"):
            number, holder = found
            available = self.programme.voucher(number).available_fen
            amount = self.part_of(available)
            facts = self.programme.reservation(number, amount, amount * 2)
            days = self.r.choice([0, 20, 90])
            facts |= {"unit": self.r.choice([UNIT, OTHER_UNIT])}
            facts |= {"service_ends_on": self.programme.today + timedelta(days=days)}
            self.ask(Reserve, APPLICANTS[holder], **facts)

    def accept(self) -> None:
        found = self.one_of(
            "SELECT c.number, c.unit, c.contract_number, c.fee_fen, v.holder FROM voucher_contract c "
            "JOIN voucher v ON v.number = c.voucher "
            "WHERE NOT EXISTS (SELECT FROM voucher_acceptance a WHERE a.contract = c.number)"
        )
        if found:
            contract, unit, paper, fee, holder = found
            bill = self.programme.do(
                IssueBill,
                OFFICERS[unit],
                unit=unit,
                payer=holder,
                invoice_number=f"2017{self.r.getrandbits(52):016d}",
                invoice_date=self.programme.today,
                lines=(BillLine("性能测试", None, 1, self.part_of(fee)),),
                vat_rate="0.06",
                contract=paper,
            )["bill"]
            self.ask(Accept, APPLICANTS[holder], contract=contract, bill=bill)

    def release(self) -> None:
        if found := self.one_of(
            "SELECT c.number, v.holder FROM voucher_contract c JOIN voucher v ON v.number = c.voucher"
        ):
            self.ask(ReleaseHold, APPLICANTS[found[1]], contract=found[0], reason="合同取消")

    def file(self) -> None:
        if found := self.one_of(
            "SELECT c.number, c.unit FROM voucher_contract c JOIN voucher_acceptance a ON a.contract = c.number"
        ):
            self.ask(FileClaim, OFFICERS[found[1]], unit=found[1], contracts=(found[0],))

    def review(self) -> None:
        if found := self.one_of("SELECT number FROM voucher_claim"):
            self.ask(ReviewClaim, "operator", claim=found[0], passed=self.r.random() < 0.5, reason="核对合同")

    def expire(self) -> None:
        self.ask(ExpireDue, "operator", scheme=self.programme.scheme, on=self.programme.today)

    def days_pass(self) -> None:
        self.programme.move(days=self.r.choice([1, 10, 40, 120]))

    # -- decisions ----------------------------------------------------------------------------------------------------

    def propose_revocation(self) -> None:
        if found := self.one_of("SELECT number FROM voucher"):
            self.ask(ProposeRevocation, "operator", **self.programme.revocation(found[0]))

    def propose_extension(self) -> None:
        if found := self.one_of("SELECT number FROM voucher"):
            months = self.r.choice([1, 3, 6, 7])
            self.ask(ProposeExtension, "operator", voucher=found[0], months=months, reason="试验延期")

    def flag(self) -> None:
        facts = {"holder": self.r.choice([FIRM, OTHER_FIRM]), "decision_number": "1", "reason": "x"}
        self.ask(ProposeFlag, "operator", **facts, until=self.programme.today + timedelta(days=20))

    def lift(self) -> None:
        if found := self.one_of("SELECT number, party FROM party_flag"):
            facts = {"holder": found[1], "flag": found[0], "decision_number": "2", "reason": "x"}
            self.ask(ProposeLift, "operator", **facts)

    def sign(self) -> None:
        """Some request that waits, by whoever may sign it."""
        found = self.one_of(
            "SELECT q.subject_kind, q.subject, q.content_hash, q.stages -> 0 ->> 'role', count(s.request) "
            "FROM approval_request q LEFT JOIN approval_step s ON s.request = q.number AND s.version = q.version "
            "GROUP BY 1, 2, 3, 4, q.stages HAVING count(s.request) < max((q.stages -> 0 ->> 'count')::int)"
        )
        if found:
            kind, subject, shown, role, signed = found
            by = {"operator": ["second operator"], "finance": ["finance", "second finance"]}[role][signed]
            facts = {"subject_kind": kind, "subject": subject, "content_hash": shown}
            if self.r.random() < 0.9:
                self.ask(Approve, by, **facts)
            else:
                self.ask(Reject, by, **facts, reason="材料不全")


@pytest.fixture(scope="module")
def town(cluster: Cluster) -> Iterator[tuple[Cluster, str, dict[str, str], str]]:
    """A database with a programme in it, to be copied."""
    with cluster.database() as database:
        with open_programme(database) as programme:
            programme.letter()
            people, team = dict(programme.people), programme.team
        database.close()
        yield cluster, str(database.writer_url.database), people, team


@pytest.mark.timeout(900)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(r=st.randoms(use_true_random=True))
def test_no_fate_of_a_voucher_breaks_a_law(town: tuple[Cluster, str, dict[str, str], str], r: Random) -> None:
    """Never a fen more or less: the laws of postings.md, after every command of any sequence."""
    cluster, template, people, team = town
    with cluster.database(template) as database, open_programme(database, furnished=(people, team)) as programme:
        fates = Fates(programme, r)
        programme.issue(50_000_00)
        programme.issue(30_000_00, OTHER_FIRM, "other applicant")
        fates.happen(60)
