"""One of each thing that a path can name, in a served programme: the walk over all routes tries other parties on it.

Whoever adds a route that names something new adds a line to `THINGS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from equity_things import of_served
from office import instrument
from programme import COMMISSION, DAY_ONE, FIRM, LINE, SISTER_FIRM, UNIT
from served import Served

from api.access import Row
from ledger.budgets.appropriate import KIND as LETTER
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.customs.move_instrument import ApplyMove
from ledger.customs.record_item import ItemShare, RecordItem
from ledger.customs.submit_consent import SubmitConsent
from ledger.customs.values import GoodsKind, Route
from ledger.evaluation.join_platform import JoinPlatform
from ledger.evaluation.open_evaluation import OpenEvaluation
from ledger.evaluation.propose_grades import KIND as GRADES
from ledger.evaluation.propose_grades import ProposeGrades
from ledger.evaluation.score_units import ScoreUnits
from ledger.evaluation.values import Grade, IndicatorScore, UnitGrade, UnitScores
from ledger.fees.record_use import RecordUse
from ledger.fees.values import BillLine, PurposeClass, RedInvoice
from ledger.payments.bank.import_statement import ImportStatement
from ledger.payments.bank.values import Direction, Statement, StatementLine
from ledger.registry.register_webhook import RegisterWebhook
from ledger.subsidies.compute import ComputeSubsidy
from ledger.subsidies.policy_change import ProposePolicyChange
from ledger.vouchers.decide_refund import KIND as REFUND
from ledger.vouchers.decide_refund import ProposeRefund
from ledger.vouchers.flag_holder import ProposeFlag
from ledger.vouchers.reserve import Reserve


@dataclass(frozen=True, slots=True)
class Thing:
    owner: str
    """A person of the programme whose party may see it."""
    stranger: str
    """One whose party may not; nobody, where it is offered to all."""
    make: Callable[[Served], str]


def _voucher(served: Served) -> str:
    served.programme.letter()
    return served.programme.issue()


def _account(served: Served) -> str:
    return f"vouchers:available:{thing(served, 'voucher')}"


def _entry(served: Served) -> str:
    """Of a request of the firm's own: whose request it was may have its receipt."""
    programme = served.programme
    reservation = programme.reservation(thing(served, "voucher"), 1_000_00, 2_000_00)
    answer = programme.books.executor.run(programme.command(Reserve, "applicant", FIRM, **reservation))
    ((seq,),) = programme.rows("SELECT seq FROM entry WHERE command = :command", command=answer.command)
    served.anchor()
    return str(seq)


def _webhook(served: Served) -> str:
    address = "https://erp.example.cn/vledger"
    return str(served.programme.do(RegisterWebhook, "applicant", party=FIRM, address=address)["webhook"])


def _instrument(served: Served) -> str:
    return instrument(served.programme)


def _use(served: Served) -> str:
    programme = served.programme
    facts = {"user": FIRM, "operator": programme.people["officer"], "minutes": 60, "purpose": "断口分析"}
    started_at = programme.clock.now() - timedelta(hours=1)
    machine = thing(served, "instrument")
    return str(programme.do(RecordUse, "officer", instrument=machine, started_at=started_at, **facts)["use"])


def _bill(served: Served) -> str:
    programme = served.programme
    line = BillLine("透射电镜", thing(served, "fee_use"), 1, 600_00)
    return str(programme.issue_bill("2" * 20, line)["bill"])


def _application(served: Served) -> str:
    """It waits for the commission."""
    served.programme.letter()
    return served.programme.apply(1_000_00, SISTER_FIRM, "sister applicant")


def _appropriation(served: Served) -> str:
    programme = served.programme
    facts = {"scheme": programme.scheme, "year": 2017, "line": LINE, "amount_fen": 1_000_00}
    body = programme.do(ProposeAppropriation, "operator", **facts, letter_number="财预〔2017〕900号")
    return str(body["appropriation"])


def _approval(served: Served) -> str:
    """A grant that waits for its second signature."""
    application = thing(served, "voucher_application")
    served.programme.grant(application, 1_000_00)
    return f"voucher.issue:{application}"


def _budget(served: Served) -> str:
    served.programme.letter()
    return f"{served.programme.scheme}:2017"


def _calculation(served: Served) -> str:
    """Of a grant: the request was the commission's, the voucher is the firm's."""
    voucher = thing(served, "voucher")
    ((calculation,),) = served.programme.rows(
        "SELECT s.calculation FROM voucher v JOIN voucher_application_step s ON s.application = v.application "
        "WHERE v.number = :voucher AND s.calculation IS NOT NULL",
        voucher=voucher,
    )
    return str(calculation)


def _contract(served: Served) -> str:
    return served.programme.reserve(thing(served, "voucher"), 1_000_00, 2_000_00)


def _claim(served: Served) -> str:
    programme = served.programme
    return programme.file(programme.accepted(thing(served, "voucher"), 1_000_00, 2_000_00))


def _payable(served: Served) -> str:
    programme = served.programme
    claim = programme.file(programme.accepted(thing(served, "voucher"), 1_000_00, 2_000_00))
    (payable,) = programme.approve(claim)
    return payable


def _batch(served: Served) -> str:
    return served.programme.batch(thing(served, "payable"))


def _obligation(served: Served) -> str:
    """The unit owes the voucher part of a refund."""
    programme = served.programme
    contract = programme.accepted(thing(served, "voucher"), 1_000_00, 2_000_00)
    programme.paid(programme.file(contract))
    red = RedInvoice("7" * 20, programme.today, 500_00, "服务退款")
    proposal = programme.do(ProposeRefund, "operator", contract=contract, decision_number="退1号", red=red)["proposal"]
    return str(programme.sign(REFUND, proposal, "second operator")["obligations"][0])


def _proposal(served: Served) -> str:
    facts = {"holder": SISTER_FIRM, "decision_number": "罚9号", "reason": "材料不实"}
    return str(served.programme.do(ProposeFlag, "operator", **facts)["proposal"])


def _bank_statement(served: Served) -> str:
    """One debit of which nobody knows anything."""
    line = StatementLine("S-1", Direction.DEBIT, 100, served.programme.today, counterparty_account="1")
    statement = Statement("3301012345678901", "2017-1", (line,))
    return str(served.programme.do(ImportStatement, "finance", payer=COMMISSION, statement=statement)["statement"])


def _bank_line(served: Served) -> str:
    statement = thing(served, "bank_statement")
    ((number,),) = served.programme.rows("SELECT number FROM bank_line WHERE statement = :one", one=statement)
    return str(number)


def _evaluation(served: Served) -> str:
    """The first national round is of 2018: whatever else there is has been made by then, while vouchers were valid."""
    later = {"evaluation", "evaluation_rectification", "subsidy_batch", "subsidy_award", "subsidy_policy_change"}
    for table in sorted(THINGS.keys() - later):
        thing(served, table)
    served.programme.move(to=date(2018, 3, 1))
    return str(served.programme.do(OpenEvaluation, "operator", system="national-2018", year=2018)["evaluation"])


def _rectification(served: Served) -> str:
    """Its unit is the only one on the platform, and graded poor."""
    programme, facts = served.programme, {"document_number": "入网1号", "joined_on": DAY_ONE}
    programme.do(JoinPlatform, "operator", unit=UNIT, department=COMMISSION, **facts)
    round_ = thing(served, "evaluation")
    points = (IndicatorScore(name, 10_00) for name in ("运行使用", "共享服务成效", "组织管理"))
    programme.do(ScoreUnits, "operator", evaluation=round_, units=(UnitScores(UNIT, tuple(points)),))
    programme.do(ProposeGrades, "operator", evaluation=round_, grades=(UnitGrade(UNIT, Grade.POOR),))
    programme.sign(GRADES, round_, "finance")
    ((number,),) = programme.rows("SELECT number FROM evaluation_rectification")
    return str(number)


def _subsidy(served: Served) -> str:
    """Of 2018, for what the unit billed in 2017; computed, and not for everybody to see yet."""
    thing(served, "evaluation_rectification")
    programme, scheme = served.programme, "qingdao-2015-unit"
    facts = {"scheme": scheme, "year": 2018, "line": LINE, "amount_fen": 1_000_000_00}
    letter = programme.do(ProposeAppropriation, "operator", **facts, letter_number="财预〔2018〕901号")
    programme.sign(LETTER, letter["appropriation"], "finance")
    return str(programme.do(ComputeSubsidy, "operator", scheme=scheme, year=2018)["batch"])


def _award(served: Served) -> str:
    batch = thing(served, "subsidy_batch")
    ((number, *_), *_) = served.programme.rows("SELECT number FROM subsidy_award WHERE batch = :batch", batch=batch)
    return str(number)


def _change(served: Served) -> str:
    thing(served, "subsidy_batch")
    facts = {"scheme": "qingdao-2015-unit", "year": 2018, "document_number": "市科〔2018〕1号", "reason": "比较"}
    return str(served.programme.do(ProposePolicyChange, "operator", **facts, pool_fen=1_00)["change"])


def _item(served: Served) -> str:
    """An instrument of its own, so that other uses are not judged."""
    programme = served.programme
    machine = instrument(programme, asset_number="A-duty-free")
    body = programme.do(
        RecordItem,
        "officer",
        unit=UNIT,
        certificate_number="Z01011234567",
        declaration_number="011320171000001234",
        line=1,
        hs_code="9027809990",
        policy_document="财关税〔2016〕70号",
        goods=GoodsKind.OTHER,
        shares=(ItemShare(machine, 3_650_000_00),),
        duty_rate="0.05",
        vat_rate="0.13",
        consumption_rate="0",
        released_on=DAY_ONE,
        district="0113",
        place="理化楼101室",
    )
    served.things["supervised instrument"] = machine
    return str(body["item"])


def _supervised(served: Served) -> str:
    thing(served, "customs_item")
    return served.things["supervised instrument"]


def _consent(served: Served) -> str:
    body = served.programme.do(
        SubmitConsent,
        "officer",
        instrument=_supervised(served),
        route=Route.CASE,
        document_number="申请1号",
        users=(FIRM,),
        purposes=(PurposeClass.RESEARCH,),
        place="理化楼101室",
        minutes=600,
        valid_from=served.programme.today,
        valid_until=date(2018, 12, 31),
    )
    return str(body["consent"])


def _move(served: Served) -> str:
    facts = {"place": "3号楼", "district": "0113", "planned_on": served.programme.today, "reason": "搬迁"}
    return str(served.programme.do(ApplyMove, "officer", instrument=_supervised(served), **facts)["move"])


def _exposure(served: Served) -> str:
    programme = served.programme
    body = programme.do(
        RecordUse,
        "officer",
        instrument=_supervised(served),
        user=FIRM,
        operator=programme.people["officer"],
        started_at=programme.clock.now() - timedelta(hours=1),
        minutes=60,
        purpose="断口分析",
        purpose_class=PurposeClass.RESEARCH,
        place="理化楼101室",
    )
    return str(body["customs"][0]["exposure"])


THINGS: Mapping[str, Thing] = {
    "equity_agreement": Thing("officer", "other officer", lambda served: of_served(served, "agreement")),
    "equity_conversion": Thing("officer", "other officer", lambda served: of_served(served, "conversion")),
    "equity_dividend": Thing("officer", "applicant", lambda served: of_served(served, "dividend")),
    "equity_exit": Thing("officer", "applicant", lambda served: of_served(served, "exit")),
    "customs_item": Thing("officer", "other officer", _item),
    "customs_item_share": Thing("officer", "other officer", _supervised),
    "customs_consent": Thing("officer", "other officer", _consent),
    "customs_move": Thing("officer", "other officer", _move),
    "customs_exposure": Thing("officer", "other officer", _exposure),
    "voucher_application": Thing("sister applicant", "other applicant", _application),
    "voucher_appropriation": Thing("operator", "applicant", _appropriation),
    "approval_request": Thing("second operator", "sister applicant", _approval),
    "budget": Thing("operator", "applicant", _budget),
    "calculation": Thing("applicant", "other applicant", _calculation),
    "payable": Thing("officer", "other officer", _payable),
    "payment_batch": Thing("finance", "officer", _batch),
    "voucher_claim": Thing("officer", "applicant", _claim),
    "voucher_contract": Thing("applicant", "other applicant", _contract),
    "account": Thing("applicant", "other applicant", _account),
    "entry": Thing("applicant", "other applicant", _entry),
    "fee_bill": Thing("officer", "other officer", _bill),
    "fee_use": Thing("officer", "other officer", _use),
    "instrument": Thing("officer", "", _instrument),
    "period": Thing("applicant", "", lambda _served: "2017"),
    "party": Thing("applicant", "other applicant", lambda _: FIRM),
    "person": Thing("officer", "other officer", lambda served: served.programme.people["officer"]),
    "webhook": Thing("applicant", "other applicant", _webhook),
    "client": Thing("applicant", "other applicant", lambda served: served.client("applicant")[0]),
    "voucher": Thing("applicant", "other applicant", _voucher),
    "obligation": Thing("officer", "other officer", _obligation),
    "evaluation": Thing("officer", "", _evaluation),
    "evaluation_rectification": Thing("officer", "other officer", _rectification),
    "subsidy_award": Thing("operator", "applicant", _award),
    "subsidy_batch": Thing("operator", "applicant", _subsidy),
    "subsidy_policy_change": Thing("operator", "applicant", _change),
    "bank_statement": Thing("treasury", "officer", _bank_statement),
    "bank_line": Thing("treasury", "officer", _bank_line),
    "voucher_proposal": Thing("operator", "applicant", _proposal),
}
"""By the table in the rule's `Row`; by the thing's name, where two kinds of thing stand in one table."""

EXAMPLES: Mapping[str, str] = {
    "scheme": "vouchers",
    "name": "beijing-2015",
    "number": "1",
    "id": "national-2018:2018",
    "objection": "OBJ-1",
    "flag": "FL-1",
    "certificate": "CT-1",
}
"""For parameters that name nothing of anybody's."""


def key_of(row: Row) -> str:
    name = row.what.rpartition("/")[2]
    return name if name in THINGS else row.table


def thing(served: Served, table: str) -> str:
    """The name of one that exists; made once per programme."""
    return served.thing(table, THINGS[table].make)
