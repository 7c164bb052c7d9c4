"""The records under a line, one by one: they add up to it, as they stood, whatever is corrected afterwards."""

from datetime import date, datetime

from office import FIRM, OTHER_FIRM
from season import INCOME, A, B, C, D, E, Season

from ledger.assembly import BOOK
from ledger.executor.clock import CITY
from ledger.executor.reading import Reader
from ledger.fees.credit_bill import CreditBill
from ledger.fees.record_use import RecordUse
from ledger.fees.values import RedInvoice
from ledger.registry.declare_relation import DeclareRelation
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_instrument import RegisterInstrument
from ledger.subsidies.exclude_bill import ExcludeBill
from ledger.subsidies.records import BillRecord, LeftOutBill, UseRecord, bill_records, use_records


def bills(season: Season, batch: str, unit: str) -> list[BillRecord]:
    with season.database.writer.connect() as connection:
        return bill_records(Reader(connection, BOOK), season.batch(batch), unit)


def uses(season: Season, batch: str, unit: str) -> list[UseRecord]:
    with season.database.writer.connect() as connection:
        return use_records(Reader(connection, BOOK), season.batch(batch), unit)


def adds_up(season: Season, batch: str) -> bool:
    """Every line is the sum of its records."""
    for award in season.batch(batch).awards:
        found, used = bills(season, batch, award.unit), uses(season, batch, award.unit)
        sums = (
            len(found),
            sum(one.billed_fen for one in found),
            sum(one.billed_fen for one in found if one.left_out),
            len(used),
            sum(one.minutes for one in used),
        )
        assert sums == (award.bills, award.billed_fen, award.excluded_fen, award.uses, award.minutes), award.unit
    return True


def test_records_add_up_to_the_line_and_stay_what_they_were(spring: Season) -> None:
    """Bills of A: research, statutory work, and to a firm it is related to; one use of three hours."""
    spring.do(RegisterFirm, "operator", code=OTHER_FIRM, name="关联公司")
    spring.do(DeclareRelation, "operator", party=OTHER_FIRM, other=A, stands=True, ground="股东相同")
    statutory = spring.bill(A, 1_000_00)
    kin = spring.bill(A, 2_000_00, payer=OTHER_FIRM)
    thing = {"name": "显微镜", "category": "030122", "asset_number": "A-1", "original_value_fen": 600_000_00}
    instrument = spring.do(RegisterInstrument, "operator", unit=A, **thing)["instrument"]
    began = datetime(2025, 3, 3, 5, tzinfo=CITY)
    facts = {"instrument": instrument, "user": FIRM, "started_at": began, "minutes": 180, "purpose": "能谱"}
    spring.do(RecordUse, f"officer {A}", **facts, operator=spring.people[f"officer {A}"])
    spring.do(ExcludeBill, "operator", bill=statutory, excluded=True, reason="法定检验")
    spring.to_autumn()
    batch = spring.compute()
    before = {unit: (bills(spring, batch, unit), uses(spring, batch, unit)) for unit in INCOME}

    of_a = {one.bill: one for one in before[A][0]}
    assert [(of_a[one].left_out, of_a[one].reason, of_a[one].counts_fen) for one in (statutory, kin)] == [
        (LeftOutBill.EXCLUDED, "法定检验", 0),
        (LeftOutBill.RELATED, "", 0),
    ]
    assert sum(one.counts_fen for one in of_a.values()) == INCOME[A]
    assert [(one.instrument, one.used_by, one.minutes) for one in before[A][1]] == [(instrument, FIRM, 180)]
    assert adds_up(spring, batch)

    # What is corrected from now on is in no line of this batch.
    ((bill,),) = spring.rows("SELECT number FROM fee_bill WHERE unit = :unit", unit=D)
    red = RedInvoice("9" * 20, spring.today, 333_333_33, "服务退款")
    spring.do(CreditBill, f"officer {D}", bill=bill, red=red)
    spring.do(ExcludeBill, "operator", bill=statutory, excluded=False, reason="核实为科研服务")
    spring.do(DeclareRelation, "operator", party=OTHER_FIRM, other=A, stands=False, ground="已转让")
    assert {unit: (bills(spring, batch, unit), uses(spring, batch, unit)) for unit in INCOME} == before
    assert adds_up(spring, batch)
    later = spring.compute(reason="记录更正")
    assert bills(spring, later, D) != before[D][0]
    assert adds_up(spring, later)


def test_a_page_begins_behind_a_record(spring: Season) -> None:
    for n in range(5):
        spring.bill(B, 100 + n)
    spring.to_autumn()
    batch = spring.batch(spring.compute())
    with spring.database.writer.connect() as connection:
        reader = Reader(connection, BOOK)
        whole = bill_records(reader, batch, B)
        first = bill_records(reader, batch, B, limit=2)
        rest = bill_records(reader, batch, B, (first[-1].issued_on, first[-1].bill))

    assert [*first, *rest] == whole
    assert (len(whole), whole) == (6, sorted(whole, key=lambda one: (one.issued_on, one.bill)))


def test_of_whom_there_is_nothing(season: Season) -> None:
    batch = season.compute()

    assert [one.billed_fen for one in bills(season, batch, E)] == [INCOME[E]], "left out, and its records are told"
    assert bills(season, batch, FIRM) == uses(season, batch, C) == []
    assert date(2025, 3, 3) == bills(season, batch, C)[0].issued_on
