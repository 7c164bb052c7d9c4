"""A municipal university whose firm may pay with a share: the worked example of the notes, on real books."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from customs_books import BUREAU, COMMISSION, FIRM, LAB, Laboratory, furnished_laboratory, open_books
from databases import Cluster, Database
from office import Furnished, uscc

from ledger.equity.accrue_bill import AccrueBill
from ledger.equity.convert import ProposeConversion
from ledger.equity.decide_agreement import DecideAgreement
from ledger.equity.exit_holding import CompleteExit, ProposeExit
from ledger.equity.file_appraisal import FileAppraisal
from ledger.equity.record_capital import RecordCapital
from ledger.equity.record_resolution import RecordResolution
from ledger.equity.register_conversion import PublishConversion, RegisterConversion
from ledger.equity.sign_agreement import SignAgreement
from ledger.equity.store import AGREEMENT, AGREEMENTS, COMPANIES, CONVERSION, CONVERSIONS, EXIT
from ledger.equity.submit_agreement import SubmitAgreement
from ledger.equity.values import Agreement, Company, Conversion, ExitKind, NamedInstrument, Supply
from ledger.fees.issue_bill import IssueBill
from ledger.fees.record_use import RecordUse
from ledger.fees.values import BillLine
from ledger.registry.record_certificate import RecordCertificate
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.set_tariff import SetTariff
from ledger.registry.values import CertificateKind, ChargeUnit, Role, UserClass

EDUCATION = uscc("11", 67)
"""The department of the university."""
PRICE_FEN = 600_00
"""Of an hour."""
REGISTERED_FEN = 2_000_000_00
PRE_MONEY_FEN = 20_000_000_00

__all__ = ["BUREAU", "COMMISSION", "EDUCATION", "FIRM", "LAB"]


@dataclass
class University(Laboratory):
    def agreement(self, number: str) -> Agreement:
        return self.load(AGREEMENTS, number)[number]

    def conversion(self, number: str) -> Conversion:
        return self.load(CONVERSIONS, number)[number]

    def company(self, firm: str = FIRM) -> Company:
        return self.load(COMPANIES, firm)[firm]

    # -- the road -----------------------------------------------------------------------------------------------------

    def priced(self, asset_number: str = "A-1", price_fen: int = PRICE_FEN) -> str:
        """An instrument that paid its duty, with a price for outsiders from tomorrow on; tomorrow comes."""
        machine = self.machine(asset_number)
        self.price(machine, price_fen)
        return machine

    def price(self, machine: str, price_fen: int = PRICE_FEN) -> None:
        self.do(
            SetTariff,
            "officer",
            instrument=machine,
            charge_unit=ChargeUnit.HOUR,
            user_class=UserClass.EXTERNAL,
            price_fen=price_fen,
            effective_from=self.today,
        )

    def terms(self, *machines: str, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        return {
            "unit": LAB,
            "firm": FIRM,
            "document_number": "协议2026-1",
            "supply": Supply.SERVICE,
            "share_max": "0.34",
            "named": tuple(NamedInstrument(machine, 1_000 * 60) for machine in machines),
            "valid_from": self.today,
            "valid_until": self.today + timedelta(days=3 * 365),
        } | changed

    def submitted(self, *machines: str, **changed: Any) -> str:  # noqa: ANN401
        return str(self.do(SubmitAgreement, "officer", **self.terms(*machines, **changed))["agreement"])

    def decided(self, agreement: str) -> str:
        self.do(
            DecideAgreement, "officer", agreement=agreement, feasibility_number="可研1号", decision_number="党政会1号"
        )
        return agreement

    def approved(self, agreement: str) -> str:
        supervisors = ("department", "second department") if self.agreement(agreement).related else ("department",)
        self.sign(AGREEMENT, self.decided(agreement), *supervisors, "finance", "second finance")
        return agreement

    def signed(self, *machines: str, **changed: Any) -> str:  # noqa: ANN401
        """An agreement in force."""
        agreement = self.approved(self.submitted(*machines, **changed))
        self.do(SignAgreement, "officer", agreement=agreement, party=LAB)
        self.do(SignAgreement, "applicant", agreement=agreement, party=FIRM)
        return agreement

    def used(self, machine: str, hours: int, **changed: Any) -> str:  # noqa: ANN401
        """A use of so many hours that ends today or on the last day it takes; its number."""
        start = self.today
        self.move(days=hours // 24 + 1)
        facts = self.use_facts(machine, f"{start} 00:00", hours * 60, **changed)
        return str(self.do(RecordUse, "officer", **facts)["use"])

    def bill_facts(self, *lines: BillLine, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        return {
            "unit": LAB,
            "payer": FIRM,
            "invoice_number": f"2026{next(self._keys):016d}",
            "invoice_date": self.today,
            "lines": lines,
            "vat_rate": "0.06",
        } | changed

    def billed(self, machine: str, hours: int, price_fen: int = PRICE_FEN, **changed: Any) -> str:  # noqa: ANN401
        """A use of so many hours, and its bill."""
        use = self.used(machine, hours)
        line = BillLine("机时费", use, hours, price_fen)
        return str(self.do(IssueBill, "officer", **self.bill_facts(line, **changed))["bill"])

    def accrued(self, agreement: str, machine: str, hours: int, **changed: Any) -> str:  # noqa: ANN401
        """A bill that counts."""
        bill = self.billed(machine, hours, **changed)
        self.do(AccrueBill, "applicant", agreement=agreement, bill=bill)
        return bill

    def capital(self, registered_fen: int = REGISTERED_FEN, **changed: Any) -> None:  # noqa: ANN401
        facts = {"document_number": "登记1号", "happened_on": self.today} | changed
        self.do(RecordCapital, "applicant", firm=FIRM, registered_fen=registered_fen, **facts)

    def appraisal_facts(self, agreement: str, appraised_fen: int, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        return {
            "agreement": agreement,
            "report_number": f"评报{next(self._keys)}",
            "filing_number": "备案1号",
            "appraised_on": self.today,
            "appraised_fen": appraised_fen,
            "pre_money_fen": PRE_MONEY_FEN,
        } | changed

    def appraised(self, agreement: str, appraised_fen: int, **changed: Any) -> str:  # noqa: ANN401
        facts = self.appraisal_facts(agreement, appraised_fen, **changed)
        return str(self.do(FileAppraisal, "officer", **facts)["conversion"])

    def resolution_facts(self, conversion: str, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        return {
            "conversion": conversion,
            "resolution_number": "股东会1号",
            "resolved_on": self.today,
            "votes_for": 100,
            "votes_all": 100,
            "registered_fen": self.company().registered_fen,
            "priority_waived": True,
        } | changed

    def resolved(self, agreement: str, appraised_fen: int, **changed: Any) -> str:  # noqa: ANN401
        """A conversion that waits for nothing but the bills."""
        conversion = self.appraised(agreement, appraised_fen, **changed)
        self.do(RecordResolution, "applicant", **self.resolution_facts(conversion))
        return conversion

    def proposed(self, conversion: str, *bills: str) -> dict[str, Any]:
        return self.do(ProposeConversion, "officer", conversion=conversion, bills=bills)

    def converted(self, agreement: str, appraised_fen: int, *bills: str, **changed: Any) -> str:  # noqa: ANN401
        conversion = self.resolved(agreement, appraised_fen, **changed)
        self.proposed(conversion, *bills)
        self.sign(CONVERSION, conversion, "second officer")
        return conversion

    def held(self, conversion: str) -> str:
        """Registered and published today."""
        facts = {"conversion": conversion, "happened_on": self.today}
        self.do(RegisterConversion, "officer", document_number="变更1号", **facts)
        self.do(PublishConversion, "officer", document_number="公示1号", **facts)
        return conversion

    def exit_facts(self, sold_fen: int, price_fen: int, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        return {
            "unit": LAB,
            "firm": FIRM,
            "exit_kind": ExitKind.SALE,
            "sold_fen": sold_fen,
            "price_fen": price_fen,
            "appraisal_number": "评报9号",
            "buyer": "某投资公司",
        } | changed

    def left(self, sold_fen: int, price_fen: int, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        """An exit, approved and completed; the answer to the last."""
        leaving = str(self.do(ProposeExit, "officer", **self.exit_facts(sold_fen, price_fen, **changed))["exit"])
        self.sign(EXIT, leaving, "department", "finance", "second finance")
        return self.do(CompleteExit, "officer", exit=leaving, bank_reference=f"流水{leaving}")


@contextmanager
def open_university(database: Database, furnished: Furnished) -> Iterator[University]:
    """On a copy of the furnished database."""
    yield from open_books(University, database, furnished.people, 2_000)


@contextmanager
def furnished_university(cluster: Cluster) -> Iterator[Furnished]:
    """A laboratory of a municipal university, with its department, to be copied."""
    with furnished_laboratory(cluster) as lab, cluster.database(lab.template) as database:
        people: dict[str, str] = {}
        for university in open_books(University, database, lab.people, 1_000):
            university.do(RegisterBureau, "operator", code=EDUCATION, name="教育委员会")
            for name in ("department", "second department"):
                university.hire(name, (EDUCATION, Role.SUPERVISOR))
            university.do(
                RecordCertificate,
                "operator",
                party=LAB,
                certificate=CertificateKind.MUNICIPAL_UNIVERSITY,
                paper_number="市属高校名录1",
                valid_from=date(2024, 1, 1),
            )
            people = university.people
        database.close()
        yield Furnished(str(database.writer_url.database), people)
