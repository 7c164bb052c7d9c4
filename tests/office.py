"""Books with registry, approvals, payments and fees, a few people, and a small slice of awards above them.

An award is proposed by one person, signed by two officers of finance, becomes payable, and is paid by the bank: what an
upper slice does with the three below it. It also moves a bill's part to a voucher and claims evidence.
"""

import importlib
import pkgutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from types import ModuleType
from typing import Any, ClassVar

from databases import Cluster, Database
from hypothesis import settings
from sqlalchemy import Connection, Engine, event, text

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven
from ledger.approvals.requests import renewed_rows, request_rows
from ledger.approvals.slice import SLICE as APPROVALS_SLICE
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import FINANCE_TWO, Request, Stage, request_number
from ledger.assembly import BOOK, Books, House
from ledger.bookkeeping.open_book import OpenBook
from ledger.bookkeeping.slice import bookkeeping
from ledger.errors import Spoken
from ledger.executor.clock import CITY, SimulatedClock
from ledger.executor.commands import Aggregate, Answer, Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.executor.slices import Slice
from ledger.fees.addresses import VOUCHER_PART, fees_voucher
from ledger.fees.events import Billed, UsesRecorded
from ledger.fees.evidence import claim_evidence_rows, evidence_key, release_evidence_rows
from ledger.fees.issue_bill import IssueBill
from ledger.fees.postings import voucher_part_entry
from ledger.fees.record_use import RecordUse
from ledger.fees.slice import SLICE as FEES_SLICE
from ledger.fees.store import BILLS, EVIDENCE
from ledger.fees.values import Bill, BillLine, Funding
from ledger.journal.accounts import AccountClass, AccountType, Normal
from ledger.journal.assets import VOUCHER
from ledger.journal.entries import Backdating, entry, move
from ledger.journal.templates import Flow, Template
from ledger.payments.addresses import BANK, bank
from ledger.payments.bank.match_payment import MatchPayment
from ledger.payments.bank.match_return import MatchReturn
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.events import PaymentConfirmed, PaymentReturned
from ledger.payments.payables import offset_row, payable_row
from ledger.payments.return_payment import ReturnPayment
from ledger.payments.rules import check_offset
from ledger.payments.set_payee_account import KIND as PAYEE_ACCOUNT
from ledger.payments.set_payee_account import ProposePayeeAccount
from ledger.payments.slice import SLICE as PAYMENTS_SLICE
from ledger.payments.store import PAYABLES
from ledger.registry.register_body import RegisterBody
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_instrument import RegisterInstrument
from ledger.registry.register_person import Post, RegisterPerson
from ledger.registry.register_team import RegisterTeam
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.slice import SLICE as REGISTRY_SLICE
from ledger.registry.uscc import final_check, organisation_check
from ledger.registry.values import SYSTEM, Role
from policies.kernel.policies import Policies

AWARD = "toy.award"
DAY_ONE = date(2017, 3, 1)


def uscc(authority: str, number: int) -> str:
    """A code that passes both checks, of an organisation that does not exist."""
    eight = f"MA{number:06d}"
    seventeen = f"{authority}331122{eight}{organisation_check(eight)}"
    return seventeen + final_check(seventeen)


COMMISSION, BUREAU, UNIT, OTHER_UNIT = uscc("11", 21), uscc("11", 22), uscc("12", 23), uscc("12", 24)
INCUBATOR, FIRM, OTHER_FIRM = uscc("52", 25), uscc("91", 26), uscc("91", 27)

SOURCE = AccountClass("toy:source", VOUCHER, AccountType.SOURCE, Normal.CREDIT, "来源", "source")
PAID = AccountClass("toy:paid", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "已付", "paid")

# -- a slice above -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAward(Command):
    kind: ClassVar[str] = "toy.propose-award"

    payee: str
    amount_fen: int
    stages: tuple[Stage, ...] = FINANCE_TWO
    award: str = ""
    """Given: the award's content is changed, and its request made anew."""


def _award_reads(command: ProposeAward) -> Keys:
    return APPROVALS.keys(request_number(AWARD, command.award)) if command.award else frozenset()


def _propose(command: ProposeAward, state: State, _policies: Policies, _today: date) -> Effects:
    award = command.award or command.number("A")
    content = {"award": award, "payee": command.payee, "amount_fen": command.amount_fen}
    request = state.find(APPROVALS, request_number(AWARD, award))
    if request:
        rows = renewed_rows(request, content, command.actor)
    else:
        rows = request_rows(AWARD, award, content, command.actor, command.stages, concerns={command.payee})
    return Effects({"award": award, **content}, rows=rows)


def _approved(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    if event.subject_kind != AWARD:
        return Effects({})
    proposed = state.one(PROPOSED, event.subject)
    row = payable_row(
        number=command.number("PAY"),
        subject_kind=AWARD,
        subject=event.subject,
        payer=COMMISSION,
        payee=proposed["payee"],
        amount_fen=proposed["amount_fen"],
        budget_line="2017-01",
        purpose="奖励",
        created_on=today,
    )
    return Effects({"payable": row.number}, rows=(row,))


def _paid(event: PaymentConfirmed, _c: Command, _s: State, _p: Policies, today: date) -> Effects:
    """Each confirmed payment is seen from above, with what it pays."""
    late = Backdating("银行回单迟到", event.maker) if event.paid_on < today else None
    seen = entry(
        "toy.paid",
        event.paid_on,
        move(event.payable.net_fen, debit=PAID.at(entity=COMMISSION), credit=SOURCE.at(entity=COMMISSION)),
        backdating=late,
        memo=f"{event.payable.subject} {event.bank_reference}",
    )
    return Effects({f"paid {event.payable.number}": event.payable.subject}, entries=(seen,))


def _came_back(event: PaymentReturned, _c: Command, _s: State, _p: Policies, today: date) -> Effects:
    """What came back is seen from above too."""
    late = Backdating("银行退票迟到", event.maker) if event.returned_on < today else None
    seen = entry(
        "toy.came-back",
        event.returned_on,
        move(event.payable.amount_fen, debit=SOURCE.at(entity=COMMISSION), credit=PAID.at(entity=COMMISSION)),
        backdating=late,
        memo=f"{event.payable.subject} {event.bank_reference}",
    )
    return Effects({f"came back {event.payable.number}": event.payable.subject}, entries=(seen,))


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetPayable(Command):
    kind: ClassVar[str] = "toy.offset-payable"

    payable: str
    amount_fen: int


def _offset(command: OffsetPayable, state: State, _policies: Policies, today: date) -> Effects:
    payable = state.one(PAYABLES, command.payable)
    check_offset(payable, command.amount_fen)
    return Effects({}, rows=(offset_row(payable, command.amount_fen, "OB-1", today),))


def _load_proposed(reader: Reader, awards: Collection[str]) -> Mapping[str, dict[str, Any]]:
    """The latest proposal of each award, from the answers of the commands that made it."""
    return dict(
        reader.rows(
            "SELECT DISTINCT ON (answer ->> 'award') answer ->> 'award', answer FROM command "
            "WHERE book = %s AND kind = 'toy.propose-award' AND answer ->> 'award' = ANY(%s) "
            "ORDER BY answer ->> 'award', block DESC, position DESC",
            reader.book,
            list(awards),
        )
    )


PROPOSED = Aggregate[dict[str, Any]]("toy-award", _load_proposed, what="奖励/award")


@dataclass(frozen=True, slots=True, kw_only=True)
class BearByVoucher(Command):
    kind: ClassVar[str] = "toy.bear-by-voucher"

    bill: str
    amount_fen: int
    paid: bool = False
    """True: the bureau pays what a voucher has borne before."""


def _bear(command: BearByVoucher, state: State, _policies: Policies, today: date) -> Effects:
    bill = state.one(BILLS, command.bill)
    if command.paid:
        came = move(command.amount_fen, debit=bank(bill.unit), credit=fees_voucher(bill.number, bill.unit))
        return Effects({}, entries=(entry("toy.voucher-paid", today, came),))
    return Effects({}, entries=(voucher_part_entry(bill, command.amount_fen, today),))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEvidence(Command):
    kind: ClassVar[str] = "toy.claim-evidence"

    digest: str
    funding: Funding = Funding.VOUCHER
    subject: str = "C-1"
    release: bool = False


def _claim(command: ClaimEvidence, state: State, _policies: Policies, _today: date) -> Effects:
    evidence = state.one(EVIDENCE, evidence_key(command.funding, command.digest))
    if command.release:
        return Effects({}, rows=release_evidence_rows(evidence, "退回"))
    return Effects({}, rows=claim_evidence_rows(evidence, "toy.claim", command.subject))


REACTED: list[object] = []
"""Events of fees, as a slice above met them."""


def _met(event: object, _c: Command, _s: State, _p: Policies, _t: date) -> Effects:
    REACTED.append(event)
    return Effects({})


AWARDS_SLICE = Slice(
    name="toy-awards",
    use_cases=(
        UseCase(ProposeAward, _award_reads, _propose),
        UseCase(OffsetPayable, lambda command: PAYABLES.keys(command.payable), _offset),
        UseCase(BearByVoucher, lambda command: BILLS.keys(command.bill), _bear),
        UseCase(ClaimEvidence, lambda c: EVIDENCE.keys(evidence_key(c.funding, c.digest)), _claim),
    ),
    reactions=(
        Reaction(ApprovalGiven, Approve, lambda c: PROPOSED.keys(c.subject), _approved),
        Reaction(PaymentConfirmed, ConfirmPayment, lambda _: frozenset(), _paid),
        Reaction(PaymentConfirmed, MatchPayment, lambda _: frozenset(), _paid),
        Reaction(PaymentReturned, ReturnPayment, lambda _: frozenset(), _came_back),
        Reaction(PaymentReturned, MatchReturn, lambda _: frozenset(), _came_back),
        Reaction(UsesRecorded, RecordUse, lambda _: frozenset(), _met),
        Reaction(Billed, IssueBill, lambda _: frozenset(), _met),
    ),
    aggregates=(PROPOSED,),
    accounts=(SOURCE, PAID),
    templates=(
        Template("toy.paid", "已付", "paid", (Flow(PAID, SOURCE),)),
        Template("toy.came-back", "退回", "came back", (Flow(SOURCE, PAID),)),
        Template("toy.voucher-paid", "券款到账", "voucher money arrives", (Flow(BANK, VOUCHER_PART),)),
    ),
)


def built(*more: Slice) -> House:
    house = House(
        (
            bookkeeping(lambda: house.chart),
            REGISTRY_SLICE,
            APPROVALS_SLICE,
            PAYMENTS_SLICE,
            FEES_SLICE,
            AWARDS_SLICE,
            *more,
        )
    )
    return house


untimed = settings(deadline=None)
"""For properties: a busy machine is no counter-example."""


def sentences(package: ModuleType) -> list[type[Spoken]]:
    """Every error class of a slice."""
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    found, waiting = [], [Spoken]
    while waiting:
        children = waiting.pop().__subclasses__()
        waiting += children
        found += [child for child in children if child.__module__.startswith(f"{package.__name__}.")]
    return sorted(found, key=lambda refusal: refusal.__name__)


def assert_says_the_same(refusal: type[Spoken]) -> None:
    """Chinese and English, with the same facts; a fact that is a word has a form for Chinese (`status_zh`)."""
    facts = {
        language: {name.removesuffix("_zh").removesuffix("_en") for name in refusal.placeholders(language)}
        for language in ("zh", "en")
    }
    assert facts["zh"] == facts["en"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refusal.zh)
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in refusal.en)
    assert refusal.zh.endswith("。")
    assert refusal.en.endswith(".")


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    statements: list[str] = []

    def note(_c: Connection, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


# -- the office --------------------------------------------------------------------------------------------------------


@dataclass
class Office:
    books: Books
    clock: SimulatedClock
    database: Database
    house: House
    people: dict[str, str] = field(default_factory=dict)
    _keys: Iterator[int] = field(default_factory=count)

    def run(self, kind: type[Command], actor: str = SYSTEM, **facts: object) -> Answer:
        return self.books.executor.run(self.command(kind, actor, **facts))

    def command(self, kind: type[Command], actor: str = SYSTEM, **facts: object) -> Command:
        return kind(tenant="office", key=f"k{next(self._keys)}", actor=self.people.get(actor, actor), **facts)

    def do(self, kind: type[Command], actor: str = SYSTEM, **facts: object) -> dict[str, Any]:
        """The answer of a command that is accepted."""
        answer = self.run(kind, actor, **facts)
        assert answer.accepted, answer.body["en"]
        return answer.body

    def refused(self, kind: type[Command], actor: str = SYSTEM, **facts: object) -> str:
        """Code and sentence of a command that is declined; it has changed no balance."""
        before = self.rows("SELECT account, debits, credits, version FROM balance ORDER BY account")
        answer = self.run(kind, actor, **facts)
        assert not answer.accepted, answer.body
        assert self.rows("SELECT account, debits, credits, version FROM balance ORDER BY account") == before
        return f"{answer.body['code']}: {answer.body['en']}"

    def hire(self, name: str, *posts: tuple[str, Role], by: str = SYSTEM) -> str:
        body = self.do(RegisterPerson, by, name=name, posts=tuple(Post(*post) for post in posts))
        self.people[name] = str(body["person"])
        return self.people[name]

    def rows(self, sql: str, **parameters: object) -> list[Any]:
        with self.database.owner.connect() as connection:
            return list(connection.execute(text(sql), parameters))

    def load(self, aggregate: Aggregate[Any], *ids: str) -> dict[str, Any]:
        with self.database.writer.connect() as connection:
            return dict(aggregate.load(Reader(connection, BOOK), list(ids)))

    def bill(self, number: str) -> Bill:
        return self.load(BILLS, number)[number]

    def request(self, subject_kind: str, subject: str) -> Request:
        number = request_number(subject_kind, subject)
        return self.load(APPROVALS, number)[number]

    def balance(self, address: str) -> int:
        """On the normal side; an account not opened yet holds nothing."""
        rows = self.rows(
            "SELECT CASE a.normal WHEN 'D' THEN debits - credits ELSE credits - debits END FROM account a "
            "JOIN balance b ON b.account = a.id WHERE a.address = :address",
            address=address,
        )
        return int(rows[0][0]) if rows else 0

    def breaches(self) -> list[tuple[Any, ...]]:
        """Every row at fault under the laws of all slices."""
        with self.database.owner.connect() as connection:
            return [
                (law.name, *row)
                for part in self.house.slices
                for law in part.laws
                for row in connection.exec_driver_sql(law.breaches, {"book": BOOK})
            ]

    def faults(self) -> list[str]:
        """What `verify` finds in the whole book."""
        with self.database.owner.connect() as connection:
            return [str(fault) for fault in self.house.verifier().verify(connection, []).faults]

    # -- short cuts ----------------------------------------------------------------------------------------------------

    def award(
        self, payee: str = UNIT, amount_fen: int = 100_00, by: str = "operator", **more: object
    ) -> dict[str, Any]:
        return self.do(ProposeAward, by, payee=payee, amount_fen=amount_fen, **more)

    def sign(self, subject_kind: str, subject: str, *people: str) -> dict[str, Any]:
        """Signatures in turn on what is requested now; the answer to the last."""
        shown = self.request(subject_kind, subject).content_hash
        answers = [
            self.do(Approve, person, subject_kind=subject_kind, subject=subject, content_hash=shown)
            for person in people
        ]
        return answers[-1]

    def set_account(self, party: str, number: str, by: str = "finance", **more: str) -> dict[str, Any]:
        """Proposed, and signed by another officer of finance; the answer to the signature."""
        facts = {"account_name": f"户名{number[-2:]}", "bank": "中国银行缙云支行", "cnaps": "104343912345"} | more
        self.do(ProposePayeeAccount, by, party=party, account_number=number, **facts)
        return self.sign(PAYEE_ACCOUNT, party, "second finance")

    def payable(self, payee: str = UNIT, amount_fen: int = 100_00) -> str:
        """An award that two officers of finance have signed."""
        award = self.award(payee, amount_fen)["award"]
        return str(self.sign(AWARD, award, "finance", "second finance")["payable"])

    def issue_bill(self, invoice_number: str, *lines: BillLine, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        facts = {"unit": UNIT, "payer": FIRM, "invoice_date": DAY_ONE, "vat_rate": "0.06"} | more
        return self.do(IssueBill, "officer", invoice_number=invoice_number, lines=lines, **facts)


@dataclass(frozen=True, slots=True)
class Furnished:
    """A database with an office in it, to be copied."""

    template: str
    people: Mapping[str, str]


@contextmanager
def furnished(cluster: Cluster) -> Iterator[Furnished]:
    with cluster.database() as database:
        with open_office(database) as office:
            furnish(office)
        database.close()
        yield Furnished(str(database.writer_url.database), office.people)


@contextmanager
def open_office(database: Database, people: Mapping[str, str] | None = None, *more: Slice) -> Iterator[Office]:
    clock = SimulatedClock(datetime(2017, 3, 1, 9, tzinfo=CITY).astimezone(UTC))
    house = built(*more)
    REACTED.clear()
    with Books(database.writer, clock=clock, built=house) as books:
        yield Office(books, clock, database, house, dict(people or {}), count(1_000 if people else 0))


def furnish(office: Office) -> None:
    """Open books, bureaus, units, firms, people, and accounts to be paid to."""
    office.do(OpenBook, period="2017", starts_on=date(2017, 1, 1), ends_on=date(2017, 12, 31))
    office.do(RegisterBureau, code=COMMISSION, name="科学技术局")
    office.do(RegisterBureau, code=BUREAU, name="财政局")
    office.hire("operator", (COMMISSION, Role.OPERATOR))
    for name in ("finance", "second finance", "third finance"):
        office.hire(name, (BUREAU, Role.FINANCE))
    office.hire("treasury", (BUREAU, Role.TREASURY))
    office.hire("auditor", (BUREAU, Role.AUDITOR))
    for code, name in ((UNIT, "理化实验室"), (OTHER_UNIT, "材料实验室")):
        office.do(RegisterUnit, "operator", code=code, name=name)
    office.do(RegisterBody, "operator", code=INCUBATOR, name="孵化器")
    for code, name in ((FIRM, "甲公司"), (OTHER_FIRM, "乙公司")):
        office.do(RegisterFirm, "operator", code=code, name=name)
    for name in ("officer", "second officer"):
        office.hire(name, (UNIT, Role.UNIT_OFFICER), by="operator")
    office.hire("other officer", (OTHER_UNIT, Role.UNIT_OFFICER), by="operator")
    office.hire("applicant", (FIRM, Role.APPLICANT), by="operator")
    for code, number in ((UNIT, "0012345678"), (OTHER_UNIT, "0087654321"), (INCUBATOR, "6222000011")):
        office.set_account(code, number)


def instrument(office: Office, unit: str = UNIT, asset_number: str = "A-1", by: str = "officer") -> str:
    body = office.do(
        RegisterInstrument,
        by,
        unit=unit,
        name="透射电镜",
        category="电子显微镜",
        asset_number=asset_number,
        original_value_fen=3_000_000_00,
    )
    return str(body["instrument"])


def team(office: Office) -> str:
    return str(office.do(RegisterTeam, "operator", recommending_body=INCUBATOR, name="创业团队")["party"])
