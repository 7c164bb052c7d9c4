"""Fees that become a share, in a served programme: each step once, for the walk over all routes."""

from datetime import date, timedelta

from office import instrument, uscc
from programme import FIRM, UNIT, Programme
from served import Served

from ledger.equity.accrue_bill import AccrueBill
from ledger.equity.convert import ProposeConversion
from ledger.equity.decide_agreement import DecideAgreement
from ledger.equity.dividends import DeclareDividend
from ledger.equity.exit_holding import ProposeExit
from ledger.equity.file_appraisal import FileAppraisal
from ledger.equity.record_capital import RecordCapital
from ledger.equity.record_resolution import RecordResolution
from ledger.equity.register_conversion import RegisterConversion
from ledger.equity.sign_agreement import SignAgreement
from ledger.equity.store import AGREEMENT, CONVERSION
from ledger.equity.submit_agreement import SubmitAgreement
from ledger.equity.values import ExitKind, NamedInstrument, Supply
from ledger.equity.write_down import ProposeWriteDown
from ledger.fees.issue_bill import IssueBill
from ledger.fees.record_use import RecordUse
from ledger.fees.values import BillLine
from ledger.registry.record_certificate import RecordCertificate
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.set_tariff import SetTariff
from ledger.registry.values import CertificateKind, ChargeUnit, Role, UserClass

EDUCATION = uscc("11", 81)
PRICE_FEN = 600_00


def submitted(programme: Programme) -> str:
    """A draft, of a unit that is a municipal university from now on."""
    machine = instrument(programme, asset_number="A-equity")
    listed = {"party": UNIT, "paper_number": "名录1", "valid_from": date(2017, 1, 1)}
    programme.do(RecordCertificate, "operator", certificate=CertificateKind.MUNICIPAL_UNIVERSITY, **listed)
    price = {"charge_unit": ChargeUnit.HOUR, "user_class": UserClass.EXTERNAL, "price_fen": PRICE_FEN}
    programme.do(SetTariff, "officer", instrument=machine, **price, effective_from=programme.today)
    body = programme.do(
        SubmitAgreement,
        "officer",
        unit=UNIT,
        firm=FIRM,
        document_number="协议1号",
        supply=Supply.SERVICE,
        share_max="0.1",
        named=(NamedInstrument(machine, 6_000),),
        valid_from=programme.today,
        valid_until=programme.today + timedelta(days=700),
    )
    return str(body["agreement"])


def decided(programme: Programme, agreement: str) -> None:
    """It waits for the department."""
    papers = {"feasibility_number": "可研1号", "decision_number": "党政会1号"}
    programme.do(DecideAgreement, "officer", agreement=agreement, **papers)


def signed(programme: Programme, agreement: str) -> None:
    decided(programme, agreement)
    programme.do(RegisterBureau, "operator", code=EDUCATION, name="教育委员会")
    programme.hire("department", (EDUCATION, Role.SUPERVISOR))
    programme.sign(AGREEMENT, agreement, "department", "finance", "second finance")
    programme.do(SignAgreement, "officer", agreement=agreement, party=UNIT)
    programme.do(SignAgreement, "applicant", agreement=agreement, party=FIRM)


def proposed(programme: Programme, agreement: str) -> str:
    """A conversion of one bill that waits for its second signature."""
    ((machine,),) = programme.rows(
        "SELECT instrument FROM equity_agreement_instrument WHERE agreement = :number", number=agreement
    )
    started_at = programme.clock.now() - timedelta(hours=1)
    facts = {"user": FIRM, "operator": programme.people["officer"], "minutes": 60, "purpose": "断口分析"}
    use = str(programme.do(RecordUse, "officer", instrument=machine, started_at=started_at, **facts)["use"])
    bill = programme.do(
        IssueBill,
        "officer",
        unit=UNIT,
        payer=FIRM,
        invoice_number="6" * 20,
        invoice_date=programme.today,
        lines=(BillLine("机时费", use, 1, PRICE_FEN),),
        vat_rate="0.06",
    )["bill"]
    programme.do(AccrueBill, "applicant", agreement=agreement, bill=bill)
    paper = {"document_number": "登记1号", "happened_on": programme.today}
    programme.do(RecordCapital, "applicant", firm=FIRM, registered_fen=1_000_000_00, **paper)
    papers = {"report_number": "评报1号", "filing_number": "备1号", "appraised_on": programme.today}
    worth = {"appraised_fen": 600_00, "pre_money_fen": 2_000_000_00}
    conversion = str(programme.do(FileAppraisal, "officer", agreement=agreement, **papers, **worth)["conversion"])
    votes = {"votes_for": 1, "votes_all": 1, "registered_fen": 1_000_000_00, "priority_waived": True}
    resolved = {"resolution_number": "股东会1号", "resolved_on": programme.today}
    programme.do(RecordResolution, "applicant", conversion=conversion, **resolved, **votes)
    programme.do(ProposeConversion, "officer", conversion=conversion, bills=(bill,))
    return conversion


def held(programme: Programme, conversion: str) -> None:
    if "second officer" not in programme.people:
        programme.hire("second officer", (UNIT, Role.UNIT_OFFICER), by="operator")
    programme.sign(CONVERSION, conversion, "second officer")
    paper = {"document_number": "变更1号", "happened_on": programme.today}
    programme.do(RegisterConversion, "officer", conversion=conversion, **paper)


def dividend(programme: Programme) -> str:
    paper = {"resolution_number": "利润1号", "declared_on": programme.today, "distributed_fen": 1_000_000_00}
    return str(programme.do(DeclareDividend, "officer", unit=UNIT, firm=FIRM, **paper)["dividend"])


def leaving(programme: Programme) -> str:
    """An exit of a part that waits for the department."""
    facts = {"exit_kind": ExitKind.SALE, "sold_fen": 100, "price_fen": 300, "appraisal_number": "评报2号"}
    return str(programme.do(ProposeExit, "officer", unit=UNIT, firm=FIRM, buyer="某公司", **facts)["exit"])


def writing_down(programme: Programme) -> str:
    """A write-down of a part that waits for the department."""
    facts = {"amount_fen": 1, "document_number": "核销1号", "reason": "亏损"}
    return str(programme.do(ProposeWriteDown, "officer", unit=UNIT, firm=FIRM, **facts)["write_down"])


def a_holding(programme: Programme) -> str:
    """All steps to a share; the conversion."""
    agreement = submitted(programme)
    signed(programme, agreement)
    conversion = proposed(programme, agreement)
    held(programme, conversion)
    return conversion


def of_served(served: Served, make: str) -> str:
    """What one step gives, the ones before it made."""
    programme = served.programme
    if "equity" not in served.things:
        served.things["equity"] = a_holding(programme)
    if make == "agreement":
        ((number,),) = programme.rows("SELECT DISTINCT number FROM equity_agreement")
        return str(number)
    return served.things["equity"] if make == "conversion" else {"dividend": dividend, "exit": leaving}[make](programme)
