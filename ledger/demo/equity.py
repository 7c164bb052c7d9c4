"""The worked example of fees that become a share: 1,000 hours at 600 yuan, under one agreement after the other.

Each firm goes another way: the net fee or the gross one, appraised below the fee, an odd fen, the largest share
reached, a lease, an exit that is handed on or kept, an insolvency, an agreement that ends before anything converts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from ledger.assembly import BOOK
from ledger.demo import names
from ledger.demo.stage import Stage
from ledger.demo.worked import Teller, WorkedFigure, balance_of
from ledger.equity.accrue_bill import AccrueBill
from ledger.equity.convert import ProposeConversion
from ledger.equity.decide_agreement import DecideAgreement
from ledger.equity.dividends import DeclareDividend, ReceiveDividend
from ledger.equity.end_agreement import EndAgreement
from ledger.equity.exit_holding import CompleteExit, ProposeExit
from ledger.equity.file_appraisal import FileAppraisal
from ledger.equity.pay import PayVat, RemitProceeds
from ledger.equity.record_capital import RecordCapital
from ledger.equity.record_resolution import RecordResolution
from ledger.equity.register_conversion import PublishConversion, RegisterConversion
from ledger.equity.sign_agreement import SignAgreement
from ledger.equity.submit_agreement import SubmitAgreement
from ledger.equity.values import ExitKind, NamedInstrument, Supply
from ledger.equity.write_down import ProposeWriteDown
from ledger.executor.clock import CITY
from ledger.fees.issue_bill import IssueBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.record_use import RecordUse
from ledger.fees.values import BillLine, PurposeClass
from ledger.journal.bulk import run
from ledger.registry.record_certificate import RecordCertificate
from ledger.registry.set_tariff import SetTariff
from ledger.registry.values import CertificateKind, ChargeUnit, Role, UserClass

COMMISSION = names.code(names.BUREAU, 41)
UNIT = names.code(names.UNIT, 44)
LAST_COMMAND = "remitted"
STEPS = 260
"""How many commands, for the progress bar."""
DAY = date(2026, 3, 2)
HOURS = (320, 410, 270)
PRICE_FEN = 600_00
PRE_MONEY_FEN = 20_000_000_00
REGISTERED_FEN = 2_000_000_00
FEE_FEN = 600_000_00
VALUED_FEN = 35_000_000_00


@dataclass(frozen=True, slots=True)
class Way:
    """One firm, and what is particular about its agreement."""

    number: int
    """Of the firm."""
    registered_fen: int = REGISTERED_FEN
    pre_money_fen: int = PRE_MONEY_FEN
    appraised_fen: int = FEE_FEN
    appraisal_fee_fen: int = 0
    vat_in_cash: bool = False
    share_max: str = "0.34"
    supply: Supply = Supply.SERVICE
    one_bill_fen: int | None = None
    """Given: one bill of this amount for the service, and no hours."""

    @property
    def firm(self) -> str:
        return names.code(names.FIRM, 50 + self.number)


NET = Way(1, vat_in_cash=True)
GROSS = Way(2, appraisal_fee_fen=12_000_00)
RETAINED = Way(3, appraisal_fee_fen=12_000_00)
BELOW = Way(4, appraised_fen=570_000_00)
ODD = Way(5, 1_375_000_00, 18_888_000_00, 512_345_67, one_bill_fen=512_345_67)
CAPPED = Way(6, 1_000_000_00, 4_000_000_00, share_max="0.1")
LEASE = Way(7, vat_in_cash=True, supply=Supply.LEASE)
INSOLVENT = Way(8)
ENDED = Way(9)
WAYS = (NET, GROSS, RETAINED, BELOW, ODD, CAPPED, LEASE, INSOLVENT, ENDED)


@dataclass(slots=True)
class EquityStory:
    """Told once, from the agreement to the treasury."""

    stage: Stage
    teller: Teller = field(init=False)
    agreements: dict[Way, str] = field(default_factory=dict)
    bills: dict[Way, list[str]] = field(default_factory=dict)
    uses: dict[Way, list[tuple[str, int]]] = field(default_factory=dict)
    """With their hours."""
    waiting: list[tuple[date, Way, str, datetime, int]] = field(default_factory=list)
    """Uses to record: day, firm, instrument, start, hours."""

    def __post_init__(self) -> None:
        self.teller = Teller(self.stage, COMMISSION)

    def tell(self) -> None:
        self._found()
        for way in WAYS:
            self._agree(way)
        self._record()
        billed_on = DAY + timedelta(days=45)
        for way in WAYS:
            self._bill(way, billed_on)
        for way in WAYS:
            if way not in (LEASE, ENDED):
                self._convert(way, billed_on)
        self._afterwards(billed_on + timedelta(days=60))

    def _found(self) -> None:
        teller = self.teller
        teller.open(DAY)
        finance, education = teller.bureau(DAY, 42, "合成财政局"), teller.bureau(DAY, 43, "合成教育委员会")
        teller.hire(DAY, "finance", finance, Role.FINANCE, by="system")
        teller.hire(DAY, "second finance", finance, Role.FINANCE, by="system")
        teller.hire(DAY, "department", education, Role.SUPERVISOR, by="system")
        teller.unit(DAY, 44)
        teller.hire(DAY, "officer", UNIT, Role.UNIT_OFFICER)
        teller.hire(DAY, "second officer", UNIT, Role.UNIT_OFFICER)
        listed = {"party": UNIT, "paper_number": "合成市属高校名录", "valid_from": date(2020, 1, 1)}
        teller.do(DAY, RecordCertificate, "operator", certificate=CertificateKind.MUNICIPAL_UNIVERSITY, **listed)
        for way in WAYS:
            teller.firm(DAY, 50 + way.number)
            teller.hire(DAY, f"applicant {way.number}", way.firm, Role.APPLICANT)

    def _agree(self, way: Way) -> None:
        teller, applicant = self.teller, f"applicant {way.number}"
        machine = teller.instrument(DAY, "officer", UNIT, way.number, 5_000_000_00)
        price = (ChargeUnit.HOUR, PRICE_FEN) if way.one_bill_fen is None else (ChargeUnit.SERVICE, way.one_bill_fen)
        facts = {"charge_unit": price[0], "user_class": UserClass.EXTERNAL, "price_fen": price[1]}
        teller.do(DAY, SetTariff, "officer", instrument=machine, effective_from=DAY, **facts)
        agreement = teller.do(
            DAY,
            SubmitAgreement,
            "officer",
            unit=UNIT,
            firm=way.firm,
            document_number=f"合成协议{way.number}",
            supply=way.supply,
            share_max=way.share_max,
            named=(NamedInstrument(machine, 1_000 * 60),),
            valid_from=DAY,
            valid_until=DAY + timedelta(days=3 * 365),
            vat_in_cash=way.vat_in_cash,
        )["agreement"]
        papers = {"feasibility_number": f"可研{way.number}", "decision_number": f"党政会{way.number}"}
        asked = teller.do(DAY, DecideAgreement, "officer", agreement=agreement, **papers)["approval"]
        teller.sign(DAY, asked, "department", "finance", "second finance")
        teller.do(DAY, SignAgreement, "officer", agreement=agreement, party=UNIT)
        teller.do(DAY, SignAgreement, applicant, agreement=agreement, party=way.firm)
        self.agreements[way] = str(agreement)
        self._use(way, machine)

    def _use(self, way: Way, machine: str) -> None:
        """One use after the other; recorded on their last days, and billed later."""
        start = datetime.combine(DAY, time(), CITY)
        for hours in HOURS if way.one_bill_fen is None else (8,):
            recorded_on = (start + timedelta(hours=hours, minutes=-1)).date()
            self.waiting.append((recorded_on, way, machine, start, hours))
            start += timedelta(hours=hours)

    def _bill(self, way: Way, billed_on: date) -> None:
        self.bills[way] = []
        for n, (use, hours) in enumerate(self.uses[way], start=1):
            quantity, price_fen = (hours, PRICE_FEN) if way.one_bill_fen is None else (1, way.one_bill_fen)
            bill = self.teller.do(
                billed_on,
                IssueBill,
                "officer",
                unit=UNIT,
                payer=way.firm,
                invoice_number=f"2026{way.number:08d}{n:08d}",
                invoice_date=billed_on,
                lines=(BillLine("合成机时费", use, quantity, price_fen),),
                vat_rate="0.13" if way.supply is Supply.LEASE else "0.06",
            )["bill"]
            self.bills[way].append(str(bill))
            facts = {"agreement": self.agreements[way], "bill": bill}
            self.teller.do(billed_on, AccrueBill, f"applicant {way.number}", **facts)

    def _record(self) -> None:
        """Day by day, for the clock never goes back."""
        for recorded_on, way, machine, start, hours in sorted(self.waiting, key=lambda one: (one[0], one[1].number)):
            use = self.teller.do(
                recorded_on,
                RecordUse,
                "officer",
                instrument=machine,
                user=way.firm,
                operator=self.teller.people["officer"],
                started_at=start,
                minutes=hours * 60,
                purpose="合成样品分析",
                purpose_class=PurposeClass.DEVELOPMENT,
            )["use"]
            self.uses.setdefault(way, []).append((str(use), hours))

    def _convert(self, way: Way, on: date) -> None:
        teller, applicant = self.teller, f"applicant {way.number}"
        capital = {"document_number": f"登记{way.number}", "happened_on": on}
        teller.do(on, RecordCapital, applicant, firm=way.firm, registered_fen=way.registered_fen, **capital)
        conversion = teller.do(
            on,
            FileAppraisal,
            "officer",
            agreement=self.agreements[way],
            report_number=f"评报{way.number}",
            filing_number=f"备{way.number}",
            appraised_on=on,
            appraised_fen=way.appraised_fen,
            pre_money_fen=way.pre_money_fen,
            appraisal_fee_fen=way.appraisal_fee_fen,
        )["conversion"]
        votes = {"votes_for": 100, "votes_all": 100, "priority_waived": True, "registered_fen": way.registered_fen}
        papers = {"resolution_number": f"股东会{way.number}", "resolved_on": on}
        teller.do(on, RecordResolution, applicant, conversion=conversion, **papers, **votes)
        bills = tuple(self.bills[way])
        asked = teller.do(on, ProposeConversion, "officer", conversion=conversion, bills=bills)["approval"]
        teller.sign(on, asked, "second officer")
        done = {"conversion": conversion, "happened_on": on}
        teller.do(on, RegisterConversion, "officer", document_number=f"变更{way.number}", **done)
        teller.do(on, PublishConversion, "officer", document_number=f"公示{way.number}", **done)

    def _afterwards(self, on: date) -> None:
        self._pay(NET, (0, 1, 2), on)
        paid = {"unit": UNIT, "amount_fen": 33_962_26, "bank_reference": "税1"}
        self.teller.do(on, PayVat, "officer", **paid)
        ended = {"document_number": "函9", "reason": "双方协商一致"}
        self.teller.do(on, EndAgreement, "officer", agreement=self.agreements[ENDED], **ended)
        self._pay(ENDED, (0, 1, 2), on)
        self._write_down(on)
        self._dividend(on)
        self._leave(RETAINED, on, "财资批1号")
        self._leave(GROSS, on, "")
        treasury = {"unit": UNIT, "amount_fen": 1_019_417_48 + 612_000_00, "bank_reference": "缴库1"}
        self.teller.end(on, RemitProceeds, "officer", LAST_COMMAND, **treasury)

    def _pay(self, way: Way, which: Sequence[int], on: date) -> None:
        """What of these bills is open is paid in cash."""
        for n in which:
            slip = {"bill": self.bills[way][n], "bank_reference": f"流水{way.number}-{n}"}
            self.teller.do(on, ReceivePayment, "officer", amount_fen=self._open_fen(way, n), **slip)

    @staticmethod
    def _open_fen(way: Way, n: int) -> int:
        """All of it, or the VAT of it where the net fee has converted."""
        return HOURS[n] * PRICE_FEN if way is ENDED else (10_867_92, 13_924_53, 9_169_81)[n]

    def _dividend(self, on: date) -> None:
        paper = {"resolution_number": "利润1", "declared_on": on, "distributed_fen": 1_500_000_00}
        dividend = self.teller.do(on, DeclareDividend, "officer", unit=UNIT, firm=GROSS.firm, **paper)["dividend"]
        slip = {"amount_fen": 43_689_32, "bank_reference": "股利1"}
        self.teller.do(on, ReceiveDividend, "officer", dividend=dividend, **slip)

    def _leave(self, way: Way, on: date, retained_document: str) -> None:
        facts: dict[str, Any] = {
            "unit": UNIT,
            "firm": way.firm,
            "exit_kind": ExitKind.SALE,
            "sold_fen": 60_000_00,
            "price_fen": 1_019_417_48,
            "appraisal_number": f"评报{way.number}0",
            "buyer": "合成投资机构",
            "retained_document": retained_document,
        }
        body = self.teller.do(on, ProposeExit, "officer", **facts)
        self.teller.sign(on, body["approval"], "department", "finance", "second finance")
        self.teller.do(on, CompleteExit, "officer", exit=body["exit"], bank_reference=f"转让{way.number}")

    def _write_down(self, on: date) -> None:
        facts = {"unit": UNIT, "firm": INSOLVENT.firm, "amount_fen": FEE_FEN, "document_number": "核销8"}
        body = self.teller.do(on, ProposeWriteDown, "officer", **facts, reason="合成：企业破产")
        self.teller.sign(on, body["approval"], "department", "finance", "second finance")


# -- the figures -------------------------------------------------------------------------------------------------------


def figures(connection: Connection) -> list[WorkedFigure]:
    """Every figure of the example, the books' own beside it."""
    found = _of_income(connection)
    for way, zh, en, converted, registered, reserve in (
        (NET, "净额转股", "the net fee", 566_037_74, 56_603_77, 509_433_97),
        (GROSS, "全额转股", "the gross fee", 600_000_00, 60_000_00, 540_000_00),
        (BELOW, "评估57万元", "appraised at 570,000", 570_000_00, 57_000_00, 513_000_00),
        (ODD, "带零头", "an odd fen", 512_345_67, 37_297_50, 475_048_17),
        (CAPPED, "上限10%", "at most 10 %", 444_444_44, 111_111_11, 333_333_33),
    ):
        books = _proposal(connection, way)
        found += [
            WorkedFigure(f"{zh}：转股", f"{en}: converted", converted, books[0]),
            WorkedFigure(f"{zh}：新增注册资本", f"{en}: registered capital", registered, books[1]),
            WorkedFigure(f"{zh}：资本公积", f"{en}: reserve", reserve, books[2]),
        ]
    return found + _of_holdings(connection)


def _of_income(connection: Connection) -> list[WorkedFigure]:
    vat, rent = 33_962_26, balance_of(connection, "equity:rent:%")
    return [
        WorkedFigure("服务收入（不含税，6%）", "income from services, net of 6 %", 566_037_74, _net(connection, NET)),
        WorkedFigure("租金收入（不含税，13%）", "rent, net of 13 %", 530_973_45, rent),
        WorkedFigure("租赁的增值税", "VAT of the lease", 69_026_55, _vat(connection, LEASE)),
        WorkedFigure("企业以现金支付的增值税", "VAT that the firm pays in cash", vat, _received(connection, NET)),
        WorkedFigure("单位缴纳的增值税", "VAT that the unit pays", vat, balance_of(connection, "equity:7201:%")),
    ]


def _of_holdings(connection: Connection) -> list[WorkedFigure]:
    remark = ("评估费计入成本", "what the appraisal cost is a part of it")
    corrected = (
        "算例表中预算一列为 419,417.48：未扣除评估费；更正后与留存收益相同",
        "the note's budgetary column says 419,417.48, without the appraisal's fee; corrected it is the gain",
    )
    retained = _completed(connection, RETAINED)
    remitted = _completed(connection, GROSS)
    budget = balance_of(connection, "equity:6602:%") - 43_689_32
    below, capped = _open(connection, BELOW), _open(connection, CAPPED)
    appraisals = balance_of(connection, "equity:7901:%")
    return [
        WorkedFigure("评估57万元：尚应付现金", "appraised at 570,000: payable in cash", 30_000_00, below),
        WorkedFigure("上限10%：尚应付现金", "at most 10 %: payable in cash", 155_555_56, capped),
        WorkedFigure("评估费（预算会计）", "appraisals (budgetary)", 24_000_00, appraisals),
        WorkedFigure("应得股利", "dividend", 43_689_32, balance_of(connection, "equity:returns:%") - 407_417_48),
        WorkedFigure("退出：成本", "exit: cost", 612_000_00, remitted[0], *remark),
        WorkedFigure("退出：上缴", "exit: to the treasury", 1_019_417_48, remitted[1]),
        WorkedFigure("退出（留存收益）：上缴", "exit, gain retained: to the treasury", 612_000_00, retained[1]),
        WorkedFigure("退出（留存收益）：收益", "exit, gain retained: gain", 407_417_48, retained[2] - retained[1]),
        WorkedFigure("退出（留存收益）：预算收益", "exit, gain retained: budgetary", 407_417_48, budget, *corrected),
        WorkedFigure("破产核销", "insolvency: written off", FEE_FEN, _written_down(connection)),
        WorkedFigure("终止协议：收到现金", "agreement ended: paid in cash", FEE_FEN, _received(connection, ENDED)),
        WorkedFigure("应缴财政款余额", "still due to the treasury", 0, balance_of(connection, "equity:to-treasury:%")),
    ]


def _one(connection: Connection, sql: str, firm: str) -> tuple[int, ...]:
    (row,) = run(connection, sql, {"book": BOOK, "firm": firm})
    return tuple(int(value) for value in row)


def _net(connection: Connection, way: Way) -> int:
    sql = "SELECT sum(net_fen)::int8 FROM fee_bill WHERE book = %(book)s AND payer = %(firm)s"
    return _one(connection, sql, way.firm)[0]


def _vat(connection: Connection, way: Way) -> int:
    sql = "SELECT sum(vat_fen)::int8 FROM fee_bill WHERE book = %(book)s AND payer = %(firm)s"
    return _one(connection, sql, way.firm)[0]


def _received(connection: Connection, way: Way) -> int:
    sql = (
        "SELECT coalesce(sum(r.amount_fen), 0)::int8 FROM fee_receipt r JOIN fee_bill b ON b.book = r.book "
        "AND b.number = r.bill WHERE r.book = %(book)s AND b.payer = %(firm)s"
    )
    return _one(connection, sql, way.firm)[0]


def _open(connection: Connection, way: Way) -> int:
    sql = (
        "SELECT sum(v.debits - v.credits)::int8 FROM fee_bill b JOIN account a ON a.book = b.book "
        "AND a.address = 'fees:open:' || b.number JOIN balance v ON v.book = a.book AND v.account = a.id "
        "WHERE b.book = %(book)s AND b.payer = %(firm)s"
    )
    return _one(connection, sql, way.firm)[0]


def _proposal(connection: Connection, way: Way) -> tuple[int, ...]:
    """Converted, new registered capital, reserve."""
    sql = (
        "SELECT p.converted_fen, p.new_registered_fen, p.reserve_fen FROM equity_proposal p "
        "JOIN equity_conversion c ON c.book = p.book AND c.number = p.conversion "
        "WHERE p.book = %(book)s AND c.firm = %(firm)s"
    )
    return _one(connection, sql, way.firm)


def _completed(connection: Connection, way: Way) -> tuple[int, ...]:
    """Cost, what went to the treasury, price."""
    sql = (
        "SELECT s.cost_fen, s.to_treasury_fen, e.price_fen FROM equity_exit_step s "
        "JOIN equity_exit e ON e.book = s.book AND e.number = s.exit_number "
        "WHERE s.book = %(book)s AND e.firm = %(firm)s AND s.outcome = 'completed'"
    )
    return _one(connection, sql, way.firm)


def _written_down(connection: Connection) -> int:
    """Of disposal costs, what no exit was."""
    exits = sum(_completed(connection, way)[0] for way in (GROSS, RETAINED))
    return balance_of(connection, "equity:disposed:%") - exits
