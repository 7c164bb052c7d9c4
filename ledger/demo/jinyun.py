"""Jinyun's vouchers of 2017, from the budget letter to the bank's slip: real totals, generated projects."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from ledger.approvals.approve import Approve
from ledger.bookkeeping.open_book import OpenBook
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.budgets.values import LineFields
from ledger.demo import names
from ledger.demo.plan import HOUR_PRICE_FEN, PROJECT_MONTHS, UNPAID_MONTH, Plan, PlannedVoucher, Project
from ledger.demo.stage import Stage, values
from ledger.executor.clock import CITY
from ledger.executor.commands import Answer, Command
from ledger.fees.issue_bill import IssueBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.record_use import RecordUse
from ledger.fees.values import BillLine
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.set_payee_account import ProposePayeeAccount
from ledger.payments.values import PAYMENT_BATCH
from ledger.registry.declare_size import DeclareSize
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_instrument import RegisterInstrument
from ledger.registry.register_person import Post, RegisterPerson
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.set_tariff import SetTariff
from ledger.registry.values import SYSTEM, ChargeUnit, Role, UserClass
from ledger.vouchers.accept import Accept
from ledger.vouchers.apply import Apply
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.expire import ExpireDue
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.review_claim import ReviewClaim

SCHEME = "jinyun-2017"
YEAR = 2017
APPROPRIATED_FEN = 200_000_000
"""Invented, like everything here but the totals: round, and a little more than what was issued."""
VAT_RATE = "0.06"

COMMISSION = names.code(names.BUREAU, 1)
FINANCE = names.code(names.BUREAU, 2)
LAST_COMMAND = "expire-2017-12-31"
"""Key of the command that ends the story: where it is, the year is complete."""


Storyline: TypeAlias = Iterator[date]
"""Yields each day before it lives it, so that several can be told side by side in the order of days."""


@dataclass(slots=True)
class Cast:
    """Numbers of people and things, as the registry gave them."""

    operators: list[str] = field(default_factory=list)
    finance: list[str] = field(default_factory=list)
    applicants: list[str] = field(default_factory=list)
    officers: list[str] = field(default_factory=list)
    instruments: list[str] = field(default_factory=list)
    vouchers: dict[int, str] = field(default_factory=dict)
    contracts: dict[int, str] = field(default_factory=dict)


class Year:
    """The year, told in waves; nothing in it that a city could not send."""

    def __init__(self, stage: Stage, plan: Plan) -> None:
        self._stage = stage
        self._plan = plan
        self._cast = Cast()
        self._holder_of = {project.number: voucher for voucher in plan.vouchers for project in voucher.projects}

    def tell(self) -> None:
        self._open()
        self._appropriate()
        for wave in sorted({voucher.wave for voucher in self._plan.vouchers}):
            self._issue(wave, date(YEAR, 2, 8) + timedelta(days=9 * wave))
        in_order_of_days([self._season(month) for month in (*PROJECT_MONTHS, UNPAID_MONTH)])
        self._stage.on(
            date(YEAR, 12, 31),
            [ExpireDue(**_by(COMMISSION, self._cast.operators[0], LAST_COMMAND), scheme=SCHEME, on=date(YEAR, 12, 31))],
        )

    # -- the stage is set ----------------------------------------------------------------------------------------------

    def _open(self) -> None:
        day, on = date(YEAR, 1, 3), self._stage.on
        opening = OpenBook(
            **_by(COMMISSION, SYSTEM, "open"), period=str(YEAR), starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 12, 31)
        )
        on(day, [opening])
        bureaus = ((COMMISSION, "合成科技局"), (FINANCE, "合成财政局"))
        on(day, [RegisterBureau(**_by(COMMISSION, SYSTEM, f"bureau-{c}"), code=c, name=name) for c, name in bureaus])
        cast = self._cast
        cast.operators = self._people(COMMISSION, Role.OPERATOR, 2, day)
        cast.finance = self._people(FINANCE, Role.FINANCE, 3, day)
        self._units(day)
        self._firms(day)

    def _people(self, organisation: str, role: Role, count: int, day: date) -> list[str]:
        return values(
            self._stage.on(
                day,
                [
                    RegisterPerson(
                        **_by(COMMISSION, SYSTEM, f"person-{organisation}-{role}-{n}"),
                        name=f"合成人员{n + 1}",
                        posts=(Post(organisation, role),),
                    )
                    for n in range(count)
                ],
            ),
            "person",
        )

    def _units(self, day: date) -> None:
        cast, units = self._cast, range(self._plan.units)
        operator, on = cast.operators[0], self._stage.on
        on(
            day,
            [
                RegisterUnit(**_by(COMMISSION, operator, f"unit-{n}"), code=unit(n), name=names.unit_name(n + 1))
                for n in units
            ],
        )
        people = [
            RegisterPerson(
                **_by(COMMISSION, operator, f"officer-{n}"),
                name=f"合成人员U{n}",
                posts=(Post(unit(n), Role.UNIT_OFFICER),),
            )
            for n in units
        ]
        cast.officers = values(on(day, people), "person")
        accounts = on(
            day,
            [
                ProposePayeeAccount(
                    **_by(unit(n), cast.officers[n], f"account-{n}"),
                    party=unit(n),
                    account_name=names.unit_name(n + 1),
                    bank="合成银行",
                    account_number=f"{6_200_000_000 + n}",
                    cnaps=f"{100_000_000_000 + n}",
                )
                for n in units
            ],
        )
        self._approve(day, FINANCE, cast.finance[0], accounts)
        cast.instruments = values(
            on(
                day,
                [
                    RegisterInstrument(
                        **_by(unit(n), cast.officers[n], f"instrument-{n}"),
                        unit=unit(n),
                        name="合成分析仪",
                        category="分析仪器",
                        asset_number=f"U{n:02d}-001",
                        original_value_fen=80_000_000,
                    )
                    for n in units
                ],
            ),
            "instrument",
        )
        on(
            day,
            [
                SetTariff(
                    **_by(unit(n), cast.officers[n], f"tariff-{n}"),
                    instrument=cast.instruments[n],
                    charge_unit=ChargeUnit.HOUR,
                    user_class=UserClass.EXTERNAL,
                    price_fen=HOUR_PRICE_FEN,
                    effective_from=day,
                )
                for n in units
            ],
        )

    def _firms(self, day: date) -> None:
        cast, firms = self._cast, range(self._plan.holders)
        operator, on = cast.operators[0], self._stage.on
        on(
            day,
            [
                RegisterFirm(**_by(COMMISSION, operator, f"firm-{n}"), code=firm(n), name=names.firm_name(n + 1))
                for n in firms
            ],
        )
        cast.applicants = values(
            on(
                day,
                [
                    RegisterPerson(
                        **_by(COMMISSION, operator, f"applicant-{n}"),
                        name=f"合成人员F{n}",
                        posts=(Post(firm(n), Role.APPLICANT),),
                    )
                    for n in firms
                ],
            ),
            "person",
        )
        on(
            day,
            [
                DeclareSize(
                    **_by(firm(n), cast.applicants[n], f"size-{n}"),
                    firm=firm(n),
                    sector="industry",
                    employees=30 + n,
                    revenue_fen=(500 + n) * 1_000_000,
                )
                for n in firms
            ],
        )

    # -- money and vouchers --------------------------------------------------------------------------------------------

    def _appropriate(self) -> None:
        (proposed,) = self._stage.on(
            date(YEAR, 1, 20),
            [
                ProposeAppropriation(
                    **_by(COMMISSION, self._cast.operators[0], "letter"),
                    scheme=SCHEME,
                    year=YEAR,
                    letter_number="合成财指〔2017〕1号",
                    amount_fen=APPROPRIATED_FEN,
                    line=LineFields("SYN-2017-01", "2060499", "50799", "本级财力", "2017年第一批"),
                )
            ],
        )
        self._approve(date(YEAR, 1, 23), FINANCE, self._cast.finance[0], [proposed])

    def _issue(self, wave: int, day: date) -> None:
        cast = self._cast
        vouchers = [voucher for voucher in self._plan.vouchers if voucher.wave == wave]
        applied = self._stage.on(
            day,
            [
                Apply(
                    **_by(firm(v.firm), cast.applicants[v.firm], f"apply-{v.number}"),
                    holder=firm(v.firm),
                    scheme=SCHEME,
                    requested_fen=v.face_fen,
                    purpose="合成：新产品研发测试",
                )
                for v in vouchers
            ],
        )
        decided = self._stage.on(
            day + timedelta(days=3),
            [
                DecideApplication(
                    **_by(COMMISSION, cast.operators[0], f"decide-{v.number}"),
                    application=application,
                    grant_fen=v.face_fen,
                )
                for v, application in zip(vouchers, values(applied, "application"), strict=True)
            ],
        )
        issued = self._approve(day + timedelta(days=5), COMMISSION, cast.operators[1], decided)
        cast.vouchers |= dict(zip([v.number for v in vouchers], values(issued, "voucher"), strict=True))

    def _approve(self, day: date, tenant: str, person: str, requested: list[Answer]) -> list[Answer]:
        """Sign what was shown, by its hash."""
        asked: list[dict[str, Any]] = [answer.body["approval"] for answer in requested]
        return self._stage.on(
            day,
            [
                Approve(
                    **_by(tenant, person, f"approve-{person}-{a['subject']}"),
                    subject_kind=a["kind"],
                    subject=a["subject"],
                    content_hash=a["content_hash"],
                )
                for a in asked
            ],
        )

    # -- services ------------------------------------------------------------------------------------------------------

    def _season(self, month: int) -> Storyline:
        """The projects of one month, from contract to claim; each day is yielded before it is lived."""
        projects = [project for project in self._plan.projects if project.month == month]
        yield from self._serve(projects, month)
        yield from self._claim(projects, month)

    def _serve(self, projects: list[Project], month: int) -> Storyline:
        cast, on = self._cast, self._stage.on
        yield (day := date(YEAR, month, 3))
        contracts = values(on(day, map(self._reserve, projects)), "contract")
        cast.contracts |= dict(zip([project.number for project in projects], contracts, strict=True))
        yield (day := date(YEAR, month, 17))
        uses = values(on(day, map(self._use, projects), hour=18), "use")
        yield (day := date(YEAR, month, 20))
        bills = values(on(day, map(self._bill, projects, uses)), "bill")
        yield (day := date(YEAR, month, 22))
        on(day, map(self._accept, projects, contracts, bills))
        yield (day := date(YEAR, month, 25))
        on(day, map(self._pay_own_part, projects, bills))

    def _accept(self, project: Project, contract: str, bill: str) -> Command:
        return self._by_firm(project, Accept, f"accept-{project.number}", contract=contract, bill=bill)

    def _pay_own_part(self, project: Project, bill: str) -> Command:
        return ReceivePayment(
            **_by(unit(project.unit), self._cast.officers[project.unit], f"own-part-{project.number}"),
            bill=bill,
            amount_fen=project.fee_fen - project.accepted_fen,
            bank_reference=f"SYN-IN-{project.number:04d}",
        )

    def _reserve(self, project: Project) -> Command:
        voucher = self._holder_of[project.number]
        return self._by_firm(
            project,
            Reserve,
            f"reserve-{project.number}",
            voucher=self._cast.vouchers[voucher.number],
            unit=unit(project.unit),
            contract_number=contract_number(project),
            service="合成：材料成分分析",
            fee_fen=project.contract_fee_fen,
            amount_fen=project.reserved_fen,
            service_ends_on=date(YEAR, project.month, 28),
        )

    def _use(self, project: Project) -> Command:
        return RecordUse(
            **_by(unit(project.unit), self._cast.officers[project.unit], f"use-{project.number}"),
            instrument=self._cast.instruments[project.unit],
            user=firm(self._voucher(project).firm),
            operator=self._cast.officers[project.unit],
            started_at=datetime(YEAR, project.month, 17, 9, tzinfo=CITY),
            minutes=max(1, project.hours) * 60,
            purpose="research",
        )

    def _bill(self, project: Project, use: str) -> Command:
        machine_fen = project.hours * HOUR_PRICE_FEN
        lines = (
            BillLine("合成：样品制备与报告", None, 1, project.fee_fen - machine_fen),
            *((BillLine("合成：机时", use, project.hours, HOUR_PRICE_FEN),) if project.hours else ()),
        )
        return IssueBill(
            **_by(unit(project.unit), self._cast.officers[project.unit], f"bill-{project.number}"),
            unit=unit(project.unit),
            payer=firm(self._voucher(project).firm),
            contract=contract_number(project),
            invoice_number=f"{YEAR}{project.number:016d}",
            invoice_date=date(YEAR, project.month, 20),
            lines=lines,
            vat_rate=VAT_RATE,
        )

    def _voucher(self, project: Project) -> PlannedVoucher:
        return self._holder_of[project.number]

    def _by_firm(self, project: Project, command: Callable[..., Command], key: str, **more: object) -> Command:
        holder = self._voucher(project).firm
        return command(**_by(firm(holder), self._cast.applicants[holder], key), **more)

    # -- claims and payment --------------------------------------------------------------------------------------------

    def _claim(self, projects: list[Project], month: int) -> Storyline:
        """Each unit claims the month's contracts: reviewed, published, signed by two, and paid but for the last."""
        cast, on, following = self._cast, self._stage.on, month + 1
        by_unit: dict[int, list[str]] = defaultdict(list)
        for project in projects:
            by_unit[project.unit].append(cast.contracts[project.number])
        claims = [
            FileClaim(**_by(unit(n), cast.officers[n], f"claim-{month}-{n}"), unit=unit(n), contracts=tuple(contracts))
            for n, contracts in sorted(by_unit.items())
        ]
        yield (day := date(YEAR, following, 5))
        filed = on(day, claims)
        yield (day := date(YEAR, following, 6))
        reviews = [
            ReviewClaim(**_by(COMMISSION, cast.operators[1], f"review-{month}-{claim}"), claim=claim, passed=True)
            for claim in values(filed, "claim")
        ]
        reviewed = on(day, reviews)
        yield (day := date(YEAR, following, 18))
        self._approve(day, FINANCE, cast.finance[0], reviewed)
        yield (day := date(YEAR, following, 19))
        signed = self._approve(day, FINANCE, cast.finance[1], reviewed)
        if all(project.paid for project in projects):
            yield from self._pay([payable for answer in signed for payable in answer.body["payables"]], following)

    def _pay(self, payables: list[str], month: int) -> Storyline:
        cast, on = self._cast, self._stage.on
        yield (day := date(YEAR, month, 21))
        (batch,) = on(day, [ComposeBatch(**_by(FINANCE, cast.finance[2], f"batch-{month}"), payables=tuple(payables))])
        yield (day := date(YEAR, month, 22))
        release = Approve(
            **_by(FINANCE, cast.finance[0], f"release-{month}"),
            subject_kind=PAYMENT_BATCH,
            subject=batch.body["batch"],
            content_hash=batch.body["content_hash"],
        )
        on(day, [release])
        yield (day := date(YEAR, month, 26))
        slips = tuple((payable, f"SYN-OUT-{month:02d}-{n:03d}") for n, payable in enumerate(payables, start=1))
        confirmation = ConfirmPayment(
            **_by(FINANCE, cast.finance[1], f"confirm-{month}"), batch=batch.body["batch"], paid_on=day, lines=slips
        )
        on(day, [confirmation])


def in_order_of_days(storylines: Iterable[Storyline]) -> None:
    """Live several storylines at once: whoever has the earliest day goes on."""
    waiting = [(next(line), n, line) for n, line in enumerate(storylines)]
    heapq.heapify(waiting)
    while waiting:
        _, n, line = heapq.heappop(waiting)
        if (day := next(line, None)) is not None:
            heapq.heappush(waiting, (day, n, line))


def firm(n: int) -> str:
    return names.code(names.FIRM, 1_000 + n)


def unit(n: int) -> str:
    return names.code(names.UNIT, 2_000 + n)


def contract_number(project: Project) -> str:
    """As the two parties number it."""
    return f"SYN-{YEAR}-{project.number:03d}"


def _by(tenant: str, actor: str, key: str) -> dict[str, Any]:
    return {"tenant": tenant, "actor": actor, "key": f"demo:{key}"}


def commands_in(plan: Plan) -> int:
    """How many commands the year takes, for the progress bar."""
    projects, vouchers = len(plan.projects), len(plan.vouchers)
    claims = len({(project.month, project.unit) for project in plan.projects})
    months = len(PROJECT_MONTHS)
    return 8 + 2 + plan.units * 6 + plan.holders * 3 + 3 * vouchers + 5 * projects + 4 * claims + 3 * months + 1
