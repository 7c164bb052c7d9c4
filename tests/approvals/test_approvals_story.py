"""Requests on real books: signed, refused, changed, rejected; what happens above when the last signature stands."""

import pytest
from office import AWARD, BUREAU, COMMISSION, FIRM, UNIT, Office

from ledger.approvals.approve import Approve
from ledger.approvals.declare_interest import DeclareInterest
from ledger.approvals.reject import Reject
from ledger.approvals.values import RequestStatus, Stage, second_pair
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.text import TextMissing
from ledger.registry.values import SYSTEM, Role


def shown(office: Office, award: str) -> dict[str, str]:
    """What a person who opens the request now would send back."""
    return {"subject_kind": AWARD, "subject": award, "content_hash": office.request(AWARD, award).content_hash}


def test_two_officers_sign_and_the_award_becomes_payable(office: Office) -> None:
    award = office.award(amount_fen=500_000_00)["award"]

    first = office.do(Approve, "finance", **shown(office, award))
    second = office.do(Approve, "second finance", **shown(office, award))

    assert (first["status"], first["missing"], "payable" in first) == ("awaiting", 1, False)
    assert (second["status"], second["missing"], "payable" in second) == ("given", 0, True)
    assert second["signers"] == [office.people["finance"], office.people["second finance"]]
    assert office.rows("SELECT payee, amount_fen FROM payable") == [(UNIT, 500_000_00)]
    assert office.breaches() == []
    assert office.faults() == []


def test_nobody_approves_own_work(office: Office) -> None:
    office.hire("both", (COMMISSION, Role.OPERATOR), (BUREAU, Role.FINANCE))
    award = office.award(by="both")["award"]

    said = office.refused(Approve, "both", **shown(office, award))

    assert said.startswith("OwnWork")
    assert office.people["both"] in said


def test_what_changed_since_it_was_shown_is_not_approved(office: Office) -> None:
    award = office.award(amount_fen=100_00)["award"]
    before = shown(office, award)
    office.award(award=award, amount_fen=900_00)

    said = office.refused(Approve, "finance", **before)

    assert said.startswith("ContentChanged")
    assert before["content_hash"] in said
    assert shown(office, award)["content_hash"] in said


def test_a_change_forgets_earlier_signatures(office: Office) -> None:
    award = office.award(amount_fen=100_00)["award"]
    office.do(Approve, "finance", **shown(office, award))
    office.award(award=award, amount_fen=200_00)

    again = office.do(Approve, "finance", **shown(office, award))
    last = office.do(Approve, "second finance", **shown(office, award))

    assert (again["version"], again["missing"]) == (2, 1)
    assert last["status"] == "given"
    assert office.rows("SELECT amount_fen FROM payable") == [(200_00,)]


def test_nobody_signs_two_stages(office: Office) -> None:
    office.hire("two hats", (COMMISSION, Role.OPERATOR), (BUREAU, Role.FINANCE))
    award = office.award(stages=(*second_pair(Role.OPERATOR), Stage(Role.FINANCE, 1)))["award"]
    office.do(Approve, "two hats", **shown(office, award))

    said = office.refused(Approve, "two hats", **shown(office, award))

    assert said.startswith("AlreadySigned")
    assert office.do(Approve, "finance", **shown(office, award))["status"] == "given"


def test_a_stage_waits_for_its_role(office: Office) -> None:
    award = office.award(stages=(*second_pair(Role.TREASURY), Stage(Role.FINANCE, 1)))["award"]

    said = office.refused(Approve, "finance", **shown(office, award))

    assert said.startswith("WrongRole")
    assert "officer of the treasury" in said
    office.do(Approve, "treasury", **shown(office, award))
    office.do(Approve, "finance", **shown(office, award))


@pytest.mark.parametrize(("person", "acts_for"), [("finance", "operator"), ("operator", "finance")])
def test_who_acts_for_the_maker_counts_as_the_maker(office: Office, person: str, acts_for: str) -> None:
    award = office.award(by="operator")["award"]
    office.do(GiveMandate, "operator", person=office.people[person], acts_for=office.people[acts_for])

    assert office.refused(Approve, "finance", **shown(office, award)).startswith("CountsAsAnother")


@pytest.mark.parametrize("given", ["before", "after"])
@pytest.mark.parametrize(
    ("person", "acts_for"), [("finance", "second finance"), ("second finance", "finance"), ("both", "third finance")]
)
def test_two_people_with_a_mandate_between_them_are_one_signature(
    office: Office, person: str, acts_for: str, given: str
) -> None:
    award = office.award()["award"]
    if given == "after":
        office.do(Approve, "finance", **shown(office, award))
    for deputy in ("finance", "second finance") if person == "both" else (person,):
        office.do(GiveMandate, "operator", person=office.people[deputy], acts_for=office.people[acts_for])
    if given == "before":
        office.do(Approve, "finance", **shown(office, award))

    said = office.refused(Approve, "second finance", **shown(office, award))

    assert said.startswith("CountsAsAnother")
    assert office.request(AWARD, award).missing == 1


def test_a_declared_interest_blocks(office: Office) -> None:
    award = office.award()["award"]
    mine = {"person": office.people["finance"], "nature": "配偶任职于该实验室"}
    office.do(DeclareInterest, "finance", about=f"{AWARD}:{award}", **mine)

    assert office.refused(Approve, "finance", **shown(office, award)).startswith("InterestDeclared")
    assert office.refused(DeclareInterest, "finance", about=f"{AWARD}:{award}", **mine).startswith("InterestKnown")


def test_an_interest_in_a_party_blocks_everything_that_concerns_it(office: Office) -> None:
    office.do(DeclareInterest, "auditor", person=office.people["finance"], about=UNIT, nature="持股")

    ours, another = office.award(UNIT)["award"], office.award(FIRM)["award"]

    assert office.refused(Approve, "finance", **shown(office, ours)).startswith("InterestDeclared")
    assert office.do(Approve, "finance", **shown(office, another))["missing"] == 1


def test_only_an_auditor_declares_for_somebody_else(office: Office) -> None:
    facts = {"person": office.people["finance"], "about": UNIT, "nature": "持股"}

    assert office.refused(DeclareInterest, "second finance", **facts).startswith("NotYoursToDeclare")
    assert office.refused(DeclareInterest, "auditor", **facts | {"about": "nothing"}).startswith("NotFound")


def test_nobody_of_a_party_signs_what_it_gains_by(office: Office) -> None:
    office.hire("expert", (UNIT, Role.EXPERT), by="operator")
    award = office.award(UNIT, stages=second_pair(Role.EXPERT))["award"]

    assert office.refused(Approve, "expert", **shown(office, award)).startswith("WorksForParty")


def test_one_person_rejects_and_nothing_becomes_payable(office: Office) -> None:
    award = office.award()["award"]
    office.do(Approve, "finance", **shown(office, award))

    body = office.do(Reject, "second finance", reason="附件不全", **shown(office, award))

    assert body["status"] == "refused"
    assert office.request(AWARD, award).status is RequestStatus.REFUSED
    said = office.refused(Approve, "third finance", **shown(office, award))
    assert said.startswith("NotAwaiting")
    assert "refused" in said
    assert office.rows("SELECT * FROM payable") == []


def test_the_maker_cannot_reject_either_and_a_reason_is_needed(office: Office) -> None:
    office.hire("both", (COMMISSION, Role.OPERATOR), (BUREAU, Role.FINANCE))
    award = office.award(by="both")["award"]

    assert office.refused(Reject, "both", reason="改主意了", **shown(office, award)).startswith("OwnWork")
    with pytest.raises(TextMissing):
        office.run(Reject, "finance", reason="  ", **shown(office, award))


def test_what_is_settled_awaits_nobody(office: Office) -> None:
    award = office.award()["award"]
    office.sign(AWARD, award, "finance", "second finance")

    said = office.refused(Approve, "third finance", **shown(office, award))

    assert said.startswith("NotAwaiting")
    assert "given" in said
    assert office.rows("SELECT count(*) FROM payable") == [(1,)]


def test_strangers_and_the_system_sign_nothing(office: Office) -> None:
    award = office.award()["award"]

    assert office.refused(Approve, "P-nobody", **shown(office, award)).startswith("UnknownActor")
    assert office.refused(Approve, SYSTEM, **shown(office, award)).startswith("SystemMayNot")
    assert office.refused(Approve, "finance", **shown(office, award) | {"subject": "A-none"}).startswith("NotFound")


def test_fifty_signatures_at_once_are_two(office: Office) -> None:
    award = office.award()["award"]
    names = [f"finance {n}" for n in range(50)]
    for name in names:
        office.hire(name, (BUREAU, Role.FINANCE))
    facts = shown(office, award)

    futures = office.books.executor.submit_all([office.command(Approve, name, **facts) for name in names])
    answers = [future.result() for future in futures]

    assert sum(answer.accepted for answer in answers) == 2
    assert {answer.body["code"] for answer in answers if not answer.accepted} == {"NotAwaiting"}
    assert office.rows("SELECT count(*) FROM payable") == [(1,)]
    assert office.faults() == []
