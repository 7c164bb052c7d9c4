"""Who may open and close periods, close accounts and take entries back; two natural persons where two sign."""

from datetime import date, timedelta

import pytest
from office import DAY_ONE, OTHER_UNIT, UNIT, Office

from ledger.bookkeeping.close_account import CloseAccount
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.values import BillLine
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.values import Role

NEXT = {"period": "2018", "starts_on": date(2018, 1, 1), "ends_on": date(2018, 12, 31)}


def code(refusal: str) -> str:
    return refusal.split(":", maxsplit=1)[0]


def test_a_period_is_opened_by_finance_or_the_commission(office: Office) -> None:
    assert {by: code(office.refused(OpenPeriod, by, **NEXT)) for by in ("applicant", "officer", "treasury")} == {
        "applicant": "RoleMissing",
        "officer": "RoleMissing",
        "treasury": "RoleMissing",
    }
    office.do(OpenPeriod, "finance", **NEXT)


@pytest.mark.parametrize("to", ["adjusting", "closed"])
def test_a_period_is_closed_by_two_of_finance(office: Office, to: str) -> None:
    office.do(OpenPeriod, "finance", **NEXT)
    office.clock.move_to(date(2018, 1, 5))
    if to == "closed":
        office.do(ClosePeriod, "finance", period="2017", to="adjusting", second_person=office.people["second finance"])

    def refused(by: str, second: str) -> str:
        return code(office.refused(ClosePeriod, by, period="2017", to=to, second_person=office.people[second]))

    assert refused("operator", "finance") == "RoleMissing"
    assert refused("finance", "auditor") == "RoleMissing"
    office.do(GiveMandate, "operator", person=office.people["third finance"], acts_for=office.people["finance"])
    assert refused("finance", "third finance") == "SecondPersonMissing", "a deputy is no second person"
    facts = {"period": "2017", "to": to, "second_person": "P-nobody"}
    assert code(office.refused(ClosePeriod, "finance", **facts)) == "UnknownActor"
    office.do(ClosePeriod, "finance", period="2017", to=to, second_person=office.people["second finance"])


def test_a_unit_s_own_entry_is_taken_back_by_its_own_officers_or_by_finance(office: Office) -> None:
    bill = str(office.issue_bill("5" * 20, BillLine("透射电镜", None, 1, 1_000_00))["bill"])
    seqs = []
    for n in range(2):
        office.do(ReceivePayment, "officer", bill=bill, amount_fen=1_00, bank_reference=f"收{n}")
        seqs.append(office.rows("SELECT max(seq) FROM entry")[0][0])
    office.hire("stranger", (OTHER_UNIT, Role.UNIT_OFFICER), by="operator")
    back = {"effective_on": DAY_ONE, "reason": "误记"}

    def refused(by: str, second: str) -> str:
        facts = {"seq": seqs[0], "second_person": office.people[second]} | back
        return code(office.refused(ReverseEntry, by, **facts))

    assert refused("officer", "stranger") == "RoleMissing"
    assert refused("stranger", "other officer") == "RoleMissing"
    assert refused("operator", "finance") == "RoleMissing"
    office.do(ReverseEntry, "officer", seq=seqs[0], second_person=office.people["second officer"], **back)
    office.do(ReverseEntry, "finance", seq=seqs[1], second_person=office.people["second finance"], **back)
    assert office.bill(bill).open_fen == 1_000_00
    assert office.bill(bill).unit == UNIT


def test_an_account_is_closed_by_finance(office: Office) -> None:
    bill = str(office.issue_bill("5" * 20, BillLine("透射电镜", None, 1, 1_00))["bill"])
    office.do(ReceivePayment, "officer", bill=bill, amount_fen=1_00, bank_reference="收")
    facts = {"address": f"fees:open:{bill}", "reason": "已结清"}

    assert code(office.refused(CloseAccount, "officer", **facts)) == "RoleMissing"
    office.clock.move_to(DAY_ONE + timedelta(days=1))
    office.do(CloseAccount, "finance", **facts)
