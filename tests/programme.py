"""A voucher programme on real books: a commission, a bureau of finance, two units, firms, a startup team.

Every step of a voucher's life is one method, with sensible facts where a test does not care.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from databases import Database
from office import BUREAU, COMMISSION, FIRM, INCUBATOR, OTHER_FIRM, OTHER_UNIT, UNIT, Office, uscc

from ledger.approvals.slice import SLICE as APPROVALS
from ledger.assembly import Books, House
from ledger.bookkeeping.open_book import OpenBook
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.bookkeeping.slice import bookkeeping
from ledger.budgets.appropriate import KIND as APPROPRIATION
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.budgets.end_year import KIND as YEAR_END
from ledger.budgets.end_year import ProposeYearEnd
from ledger.budgets.slice import SLICE as BUDGETS
from ledger.budgets.values import LineFields
from ledger.customs.slice import SLICE as CUSTOMS
from ledger.equity.slice import SLICE as EQUITY
from ledger.evaluation.slice import SLICE as EVALUATION
from ledger.executor.clock import CITY, SimulatedClock
from ledger.fees.issue_bill import IssueBill
from ledger.fees.slice import SLICE as FEES
from ledger.fees.values import BillLine
from ledger.obligations.slice import SLICE as OBLIGATIONS
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.slice import SLICE as PAYMENTS
from ledger.payments.values import PAYMENT_BATCH
from ledger.registry.declare_size import DeclareSize
from ledger.registry.record_certificate import RecordCertificate
from ledger.registry.register_body import RegisterBody
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_team import RegisterTeam
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.slice import SLICE as REGISTRY
from ledger.registry.store import PARTIES
from ledger.registry.values import CertificateKind, Party, Role
from ledger.subsidies.slice import SLICE as SUBSIDIES
from ledger.vouchers.accept import Accept
from ledger.vouchers.apply import Apply
from ledger.vouchers.appoint_experts import AppointExperts
from ledger.vouchers.claim_values import Claim
from ledger.vouchers.decide_application import KIND as ISSUE
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.expire import ExpireDue
from ledger.vouchers.extend import KIND as EXTENSION
from ledger.vouchers.extend import ProposeExtension
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.flag_holder import KIND as FLAG
from ledger.vouchers.flag_holder import ProposeFlag
from ledger.vouchers.give_opinion import GiveOpinion, LineOpinion
from ledger.vouchers.lift_flag import KIND as LIFT
from ledger.vouchers.lift_flag import ProposeLift
from ledger.vouchers.refuse_lines import LineRefusal
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.review_claim import KIND as CLAIM
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.revoke import KIND as REVOCATION
from ledger.vouchers.revoke import ProposeRevocation
from ledger.vouchers.slice import SLICE as VOUCHERS
from ledger.vouchers.store import CLAIMS, CONTRACTS
from ledger.vouchers.store import VOUCHERS as VOUCHER
from ledger.vouchers.values import Contract, Voucher

SCHEME = "jinyun-2017"
TOKENS = "beijing-2015"
DAY_ONE = date(2017, 3, 1)
LINE = LineFields("P-2017-018", "2060503", "50799", "general public budget", "Q1")
SISTER_FIRM = uscc("91", 28)
CITY_COMMISSION = uscc("11", 29)

__all__ = ["BUREAU", "COMMISSION", "FIRM", "INCUBATOR", "OTHER_FIRM", "OTHER_UNIT", "SISTER_FIRM", "UNIT"]


@dataclass
class Programme(Office):
    scheme: str = SCHEME
    team: str = ""
    _papers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def today(self) -> date:
        return self.clock.now().astimezone(CITY).date()

    def move(self, days: int = 0, to: date | None = None) -> None:
        self.clock.move_to(to or self.today + timedelta(days=days))

    def command(self, kind: Any, actor: str = "system", tenant: str = COMMISSION, **facts: Any) -> Any:  # noqa: ANN401
        return kind(tenant=tenant, key=f"k{next(self._keys)}", actor=self.people.get(actor, actor), **facts)

    # -- what stands --------------------------------------------------------------------------------------------------

    def budget(self, bucket: str, year: int = 2017) -> int:
        return self.balance(f"budget:{bucket}:{self.scheme}:{year}")

    def face(self, bucket: str, *parts: str | int) -> int:
        return self.balance(":".join(["vouchers", bucket, *map(str, parts)]))

    def voucher(self, number: str) -> Voucher:
        return self.load(VOUCHER, number)[number]

    def contract(self, number: str) -> Contract:
        return self.load(CONTRACTS, number)[number]

    def holder(self, code: str) -> Party:
        return self.load(PARTIES, code)[code]

    def claim(self, number: str) -> Claim:
        return self.load(CLAIMS, number)[number]

    # -- the road -----------------------------------------------------------------------------------------------------

    def letter(self, amount_fen: int = 10_000_000_00, **more: object) -> str:
        """A budget letter, proposed and signed; its budget line."""
        facts = {"scheme": self.scheme, "year": self.today.year, "line": LINE} | more
        number = f"财预〔2017〕{next(self._papers)}号"
        body = self.do(ProposeAppropriation, "operator", **{"letter_number": number, "amount_fen": amount_fen} | facts)
        return str(self.sign(APPROPRIATION, body["appropriation"], "finance")["budget_line"])

    def apply(self, amount_fen: int, holder: str = FIRM, by: str = "applicant", **more: object) -> str:
        facts = {"scheme": self.scheme, "purpose": "新产品性能测试"} | more
        return str(self.do(Apply, by, holder=holder, requested_fen=amount_fen, **facts)["application"])

    def grant(self, application: str, grant_fen: int | None) -> dict[str, Any]:
        return self.do(DecideApplication, "operator", application=application, grant_fen=grant_fen)

    def issue(self, amount_fen: int = 50_000_00, holder: str = FIRM, by: str = "applicant") -> str:
        """Application, decision and second signature; the voucher."""
        application = self.apply(amount_fen, holder, by)
        self.grant(application, amount_fen)
        return str(self.sign(ISSUE, application, "second operator")["voucher"])

    def reserve(self, voucher: str, amount_fen: int, fee_fen: int, by: str = "applicant", **more: object) -> str:
        return str(self.do(Reserve, by, **self.reservation(voucher, amount_fen, fee_fen, **more))["contract"])

    def reservation(self, voucher: str, amount_fen: int, fee_fen: int, **more: object) -> dict[str, object]:
        return {
            "voucher": voucher,
            "unit": UNIT,
            "contract_number": f"HT-{next(self._papers)}",
            "service": "性能测试",
            "fee_fen": fee_fen,
            "amount_fen": amount_fen,
            "service_ends_on": self.today + timedelta(days=30),
        } | more

    def billed(self, contract: str, fee_fen: int, by: str = "officer", **more: object) -> str:
        """The unit's bill for a contract."""
        found = self.contract(contract)
        facts = {
            "unit": found.unit,
            "payer": self.voucher(found.voucher).holder,
            "invoice_number": f"{self.today.year}{next(self._papers):016d}",
            "invoice_date": self.today,
            "lines": (BillLine("性能测试", None, 1, fee_fen),),
            "vat_rate": "0.06",
            "contract": found.contract_number,
        } | more
        return str(self.do(IssueBill, by, **facts)["bill"])

    def accept(self, contract: str, bill: str, by: str = "applicant") -> dict[str, Any]:
        return self.do(Accept, by, contract=contract, bill=bill)

    def accepted(self, voucher: str, amount_fen: int, fee_fen: int, by: str = "applicant") -> str:
        """A contract that was reserved, billed as agreed and accepted."""
        contract = self.reserve(voucher, amount_fen, fee_fen, by)
        self.accept(contract, self.billed(contract, fee_fen), by)
        return contract

    def file(self, *contracts: str, unit: str = UNIT, by: str = "officer") -> str:
        return str(self.do(FileClaim, by, unit=unit, contracts=contracts)["claim"])

    def review(self, claim: str, *refused: str) -> dict[str, Any]:
        """Passed, without the contracts that are refused for good."""
        lines = tuple(LineRefusal(contract, "not-performed", "检测报告未出具") for contract in refused)
        return self.do(ReviewClaim, "operator", claim=claim, passed=True, refused=lines)

    def panel(self, claim: str, *experts: str) -> None:
        """Appoints experts; whoever is not known yet is hired by the commission."""
        for name in experts:
            if name not in self.people:
                self.hire(name, (COMMISSION, Role.EXPERT))
        self.do(AppointExperts, "operator", claim=claim, experts=tuple(self.people[name] for name in experts))

    def judge(self, claim: str, expert: str, *against: str) -> dict[str, Any]:
        """An opinion on every line, for all but those."""
        lines = tuple(
            LineOpinion(contract=line.contract, supports=line.contract not in against, reason="符合研发需要")
            for line in self.claim(claim).lines
        )
        return self.do(GiveOpinion, expert, claim=claim, lines=lines)

    def approve(self, claim: str) -> list[str]:
        """Passed, the public notice over, signed by two officers of finance; the payables."""
        self.review(claim)
        self.move(to=self.claim(claim).notice_until + timedelta(days=1))  # type: ignore[operator]  # it was passed
        return list(self.sign(CLAIM, claim, "finance", "second finance")["payables"])

    def batch(self, *payables: str) -> str:
        """A payment batch, composed and released."""
        batch = str(self.do(ComposeBatch, "finance", payables=payables)["batch"])
        self.sign(PAYMENT_BATCH, batch, "second finance")
        return batch

    def confirm(self, batch: str, *payables: str, paid_on: date | None = None) -> dict[str, Any]:
        lines = tuple((payable, f"回单{next(self._papers)}") for payable in payables)
        return self.do(ConfirmPayment, "treasury", batch=batch, paid_on=paid_on or self.today, lines=lines)

    def expire_due(self) -> dict[str, Any]:
        return self.do(ExpireDue, "operator", scheme=self.scheme, on=self.today)

    def end_year(self, year: int = 2017, document_number: str = "财结〔2018〕1号") -> dict[str, Any]:
        """The end of a budget year, proposed and signed."""
        facts = {"scheme": self.scheme, "year": year, "document_number": document_number}
        self.do(ProposeYearEnd, "operator", **facts)
        return self.sign(YEAR_END, f"{self.scheme}:{year}", "finance")

    def paid(self, claim: str) -> None:
        payables = self.approve(claim)
        self.confirm(self.batch(*payables), *payables)

    # -- a second payer -----------------------------------------------------------------------------------------------

    def found_city(self) -> None:
        """The commission of another payer, with its operators; the same finance bureau signs."""
        self.do(RegisterBureau, code=CITY_COMMISSION, name="市科学技术局")
        for name in ("city operator", "second city operator"):
            self.hire(name, (CITY_COMMISSION, Role.OPERATOR))

    def certify(self, party: str, kind: CertificateKind, region: str = "", **more: object) -> str:
        facts = {"paper_number": f"证{next(self._papers)}", "valid_from": self.today} | more
        body = self.do(RecordCertificate, "operator", party=party, certificate=kind, region=region, **facts)
        return str(body["certificate"])

    # -- decisions about a voucher and its holder ---------------------------------------------------------------------

    def revocation(self, voucher: str, **more: object) -> dict[str, object]:
        """A decision of two months ago, whose time for an appeal was over yesterday."""
        return {
            "voucher": voucher,
            "ground": "fraud",
            "decision_number": f"缙科罚〔2017〕{next(self._papers)}号",
            "reason": "虚构服务合同",
            "decided_on": self.today - timedelta(days=61),
            "appeal_until": self.today - timedelta(days=1),
        } | more

    def revoke(self, voucher: str, **more: object) -> dict[str, Any]:
        """Proposed and signed; the answer to the signature."""
        proposal = self.do(ProposeRevocation, "operator", **self.revocation(voucher, **more))["proposal"]
        return self.sign(REVOCATION, proposal, "second operator")

    def extend(self, voucher: str, months: int = 3) -> dict[str, Any]:
        proposal = self.do(ProposeExtension, "operator", voucher=voucher, months=months, reason="试验延期")["proposal"]
        return self.sign(EXTENSION, proposal, "second operator")

    def flag(self, holder: str = FIRM, **more: object) -> dict[str, Any]:
        facts = {"holder": holder, "decision_number": f"缙科罚〔2017〕{next(self._papers)}号", "reason": "虚假材料"}
        proposal = self.do(ProposeFlag, "operator", **facts | more)["proposal"]
        return self.sign(FLAG, proposal, "second operator")

    def lift(self, flag: str, holder: str = FIRM) -> dict[str, Any]:
        facts = {"holder": holder, "flag": flag, "decision_number": "缙科复〔2017〕1号", "reason": "申诉成立"}
        proposal = self.do(ProposeLift, "operator", **facts)["proposal"]
        return self.sign(LIFT, proposal, "second operator")


@contextmanager
def open_programme(
    database: Database, scheme: str = SCHEME, day: date = DAY_ONE, furnished: tuple[dict[str, str], str] | None = None
) -> Iterator[Programme]:
    """A programme founded in a fresh database; with its people and its team given, one that stands there already."""
    clock = SimulatedClock(datetime(day.year, day.month, day.day, 9, tzinfo=CITY).astimezone(UTC))
    lower = (REGISTRY, APPROVALS, PAYMENTS, OBLIGATIONS, FEES, EVALUATION)
    house = House((bookkeeping(lambda: house.chart), *lower, VOUCHERS, SUBSIDIES, CUSTOMS, EQUITY, BUDGETS))
    with Books(database.writer, clock=clock, built=house) as books:
        programme = Programme(books, clock, database, house, scheme=scheme)
        if furnished:
            programme.people, programme.team = dict(furnished[0]), furnished[1]
            programme._keys = programme._papers = count(1_000)
        else:
            _found(programme, day.year)
        yield programme


def _found(programme: Programme, year: int) -> None:
    programme.do(OpenBook, period=str(year), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
    programme.do(RegisterBureau, code=COMMISSION, name="科学技术局")
    programme.do(RegisterBureau, code=BUREAU, name="财政局")
    for name in ("operator", "second operator", "third operator"):
        programme.hire(name, (COMMISSION, Role.OPERATOR))
    for name in ("finance", "second finance", "third finance"):
        programme.hire(name, (BUREAU, Role.FINANCE))
    programme.hire("treasury", (BUREAU, Role.TREASURY))
    for later in (year + 1, year + 2):
        programme.do(OpenPeriod, "finance", period=str(later), starts_on=date(later, 1, 1), ends_on=date(later, 12, 31))
    for code, name, officer in ((UNIT, "理化实验室", "officer"), (OTHER_UNIT, "材料实验室", "other officer")):
        programme.do(RegisterUnit, "operator", code=code, name=name)
        programme.hire(officer, (code, Role.UNIT_OFFICER), by="operator")
        programme.set_account(code, f"0012345{len(programme.people):03d}", account_name=name)
    for code, name, applicant in (
        (FIRM, "甲公司", "applicant"),
        (OTHER_FIRM, "乙公司", "other applicant"),
        (SISTER_FIRM, "丙公司", "sister applicant"),
    ):
        programme.do(RegisterFirm, "operator", code=code, name=name)
        programme.do(DeclareSize, "operator", firm=code, sector="software", employees=20, revenue_fen=3_000_000_00)
        programme.hire(applicant, (code, Role.APPLICANT), by="operator")
    programme.do(RegisterBody, "operator", code=INCUBATOR, name="孵化器")
    programme.hire("recommender", (INCUBATOR, Role.RECOMMENDER), by="operator")
    programme.team = str(programme.do(RegisterTeam, "operator", recommending_body=INCUBATOR, name="创业团队")["party"])
