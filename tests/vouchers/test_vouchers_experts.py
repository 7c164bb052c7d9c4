"""Expert review: who may judge, what a claim needs, and what becomes of an opinion."""

import pytest
from programme import COMMISSION, FIRM, OTHER_UNIT, UNIT, Programme
from sqlalchemy import text

from ledger.approvals.content import content_hash
from ledger.approvals.declare_interest import DeclareInterest
from ledger.errors import Invalid
from ledger.executor.commands import Command
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.values import Role
from ledger.vouchers.appoint_experts import AppointExperts, ExpertNamedTwice, ExpertsMissing, TooManyExperts
from ledger.vouchers.claim_content import content
from ledger.vouchers.correct_claim import CorrectClaim
from ledger.vouchers.experts import Panel
from ledger.vouchers.give_opinion import GiveOpinion, LineOpinion, SupportUnclear
from ledger.vouchers.refuse_lines import LineRefusal
from ledger.vouchers.review_claim import KIND as CLAIM
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.rules import LinesMissing, LineTwice
from ledger.vouchers.store import PANELS

LARGE, SMALL = 100_000_00, 99_999_99


@pytest.fixture
def claim(programme: Programme) -> str:
    """One line at the amount from which experts review it, and one a fen below."""
    programme.letter()
    voucher = programme.issue(200_000_00)
    return programme.file(*(programme.accepted(voucher, amount, 2 * amount) for amount in (LARGE, SMALL)))


@pytest.fixture
def large(programme: Programme, claim: str) -> str:
    return next(line.contract for line in programme.claim(claim).lines if line.amount_fen == LARGE)


def panel(programme: Programme, claim: str) -> Panel:
    found: Panel = programme.load(PANELS, claim)[claim]
    return found


def passing(claim: str, *refused: str, reason: str = "") -> dict[str, object]:
    lines = tuple(LineRefusal(contract, "other", "x") for contract in refused)
    return {"claim": claim, "passed": True, "reason": reason, "refused": lines}


def test_a_large_line_is_not_passed_without_its_opinions(programme: Programme, claim: str, large: str) -> None:
    """OpenSPP/openspp-modules#538 (complaint 11): a part could be approved while what it stands on was not."""
    assert programme.refused(ReviewClaim, "operator", **passing(claim)).startswith("OpinionsMissing")

    programme.panel(claim, "first", "second", "third")
    programme.judge(claim, "first")
    refusal = programme.refused(ReviewClaim, "operator", **passing(claim))
    programme.do(
        GiveOpinion, "second", claim=claim, lines=(LineOpinion(contract=large, supports=True, reason="符合研发需要"),)
    )

    assert f"Contract {large} claims 100,000.00 yuan" in refusal
    assert programme.review(claim)["state"] == "passed"
    assert programme.faults() == []


def test_a_line_that_is_refused_needs_no_opinion(programme: Programme, claim: str, large: str) -> None:
    assert programme.review(claim, large)["amount_fen"] == SMALL


def test_a_claim_is_sent_back_without_experts(programme: Programme, claim: str) -> None:
    programme.do(ReviewClaim, "operator", claim=claim, passed=False, reason="材料不全")


def test_finance_is_shown_every_opinion(programme: Programme, claim: str) -> None:
    programme.panel(claim, "first", "second")
    programme.judge(claim, "first")
    programme.judge(claim, "second", *(line.contract for line in programme.claim(claim).lines))
    programme.review(claim)
    found = programme.claim(claim)
    assert found.notice_until
    shown = content(found, found.notice_until)

    assert content_hash(shown) == programme.request(CLAIM, claim).content_hash
    told = {(opinion["expert"], opinion["contract"], opinion["supports"]) for opinion in shown["opinions"]}
    assert told == {
        (programme.people[name], line.contract, name == "first") for line in found.lines for name in ("first", "second")
    }


def test_who_passes_a_line_against_its_experts_says_why(programme: Programme, claim: str, large: str) -> None:
    programme.panel(claim, "first", "second")
    for name in ("first", "second"):
        programme.judge(claim, name, large)

    silent = programme.refused(ReviewClaim, "operator", **passing(claim))
    programme.do(ReviewClaim, "operator", **passing(claim, reason="专家所指问题已由检测报告澄清"))
    found = programme.claim(claim)

    assert silent.startswith("ReasonMissing")
    assert found.review == "专家所指问题已由检测报告澄清"
    assert found.notice_until
    assert content_hash(content(found, found.notice_until)) == programme.request(CLAIM, claim).content_hash


# -- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("organisation", [UNIT, FIRM])
def test_whoever_works_for_a_party_is_kept_out(programme: Programme, claim: str, organisation: str) -> None:
    own = Role.UNIT_OFFICER if organisation == UNIT else Role.APPLICANT
    programme.hire("two hats", (organisation, own), (COMMISSION, Role.EXPERT))
    programme.hire("deputy", (COMMISSION, Role.EXPERT))
    programme.hire("outsider", (OTHER_UNIT, Role.EXPERT))
    programme.do(GiveMandate, "operator", person=programme.people["deputy"], acts_for=programme.people["two hats"])

    for name in ("two hats", "deputy"):
        refusal = programme.refused(AppointExperts, "operator", claim=claim, experts=(programme.people[name],))
        assert refusal.startswith("ExpertOfParty")
    programme.panel(claim, "outsider")


@pytest.mark.parametrize("about", [UNIT, FIRM])
def test_whoever_has_declared_an_interest_is_kept_out(programme: Programme, claim: str, about: str) -> None:
    programme.hire("cousin", (COMMISSION, Role.EXPERT))
    cousin = programme.people["cousin"]
    programme.do(DeclareInterest, "cousin", person=cousin, about=about, nature="亲属任职")

    refusal = programme.refused(AppointExperts, "operator", claim=claim, experts=(cousin,))

    assert refusal.startswith("ExpertInterested")


def test_an_opinion_counts_only_while_its_expert_has_no_interest(programme: Programme, claim: str) -> None:
    """Declared after the opinion was given, before the claim is passed."""
    programme.panel(claim, "first", "second")
    for name in ("first", "second"):
        programme.judge(claim, name)
    programme.do(DeclareInterest, "second", person=programme.people["second"], about=UNIT, nature="即将入职")

    missing = programme.refused(ReviewClaim, "operator", **passing(claim))
    programme.panel(claim, "third")
    programme.judge(claim, "third")

    assert "2 opinions are needed, and 1 are there" in missing
    programme.review(claim)


def test_who_appoints_whom(programme: Programme, claim: str) -> None:
    programme.panel(claim, "first")
    programme.hire("all in one", (COMMISSION, Role.EXPERT), (COMMISSION, Role.OPERATOR))
    first, both, officer = (programme.people[name] for name in ("first", "all in one", "officer"))

    for actor, expert, code in (
        ("operator", first, "ExpertAppointed"),
        ("operator", officer, "RoleMissing"),
        ("operator", "P-0000-0000-0000", "UnknownActor"),
        ("officer", first, "RoleMissingAt"),
        ("first", first, "RoleMissingAt"),
        ("all in one", both, "OwnAppointment"),
    ):
        assert programme.refused(AppointExperts, actor, claim=claim, experts=(expert,)).startswith(code)


def test_an_expert_does_not_review(programme: Programme, claim: str) -> None:
    programme.hire("all in one", (COMMISSION, Role.EXPERT), (COMMISSION, Role.OPERATOR))
    programme.panel(claim, "all in one", "second")
    for name in ("all in one", "second"):
        programme.judge(claim, name)

    assert programme.refused(ReviewClaim, "all in one", **passing(claim)).startswith("ReviewerIsExpert")


def test_who_gives_an_opinion_on_what(programme: Programme, claim: str, large: str) -> None:
    programme.panel(claim, "first")
    programme.hire("second", (COMMISSION, Role.EXPERT))
    one = (LineOpinion(contract=large, supports=True, reason="符合"),)

    for actor, lines, code in (
        ("second", one, "NotAppointed"),
        ("operator", one, "RoleMissing"),
        ("first", (LineOpinion(contract="C-1", supports=True, reason="符合"),), "LineNotInClaim"),
    ):
        assert programme.refused(GiveOpinion, actor, claim=claim, lines=lines).startswith(code)
    programme.do(GiveOpinion, "first", claim=claim, lines=one)
    assert programme.refused(GiveOpinion, "first", claim=claim, lines=one).startswith("OpinionGiven")
    programme.review(claim, large)
    assert programme.refused(GiveOpinion, "first", claim=claim, lines=one).startswith("WrongState")
    assert programme.refused(AppointExperts, "operator", claim=claim, experts=(programme.people["second"],)).startswith(
        "WrongState"
    )


@pytest.mark.parametrize(
    ("kind", "facts", "fault"),
    [
        (AppointExperts, {"experts": ()}, ExpertsMissing),
        (AppointExperts, {"experts": ("P-1", "P-1")}, ExpertNamedTwice),
        (AppointExperts, {"experts": tuple(f"P-{n}" for n in range(51))}, TooManyExperts),
        (GiveOpinion, {"lines": ()}, LinesMissing),
        (GiveOpinion, {"lines": (LineOpinion(contract="C-1", supports=True, reason="x"),) * 2}, LineTwice),
        (GiveOpinion, {"lines": (LineOpinion(contract="C-1", supports=True, reason=" "),)}, Invalid),
        (GiveOpinion, {"lines": (LineOpinion(contract="C-1", supports=1, reason="x"),)}, SupportUnclear),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_read(
    programme: Programme, kind: type[Command], facts: dict[str, object], fault: type[Invalid]
) -> None:
    with pytest.raises(fault):
        programme.run(kind, "operator", claim="CL-1", **facts)


# -- what stays --------------------------------------------------------------------------------------------------------


def test_opinions_on_a_claim_count_for_the_one_that_corrects_it(programme: Programme, claim: str, large: str) -> None:
    """unicef/hope#4944 (complaint 20): the review need not be made again because a paper was wrong."""
    programme.panel(claim, "first", "second")
    for name in ("first", "second"):
        programme.judge(claim, name, large)
    programme.do(ReviewClaim, "operator", claim=claim, passed=False, reason="收款单位名称有误")

    facts = {"unit": UNIT, "corrects": claim, "statement": "已更正"}
    new = str(programme.do(CorrectClaim, "officer", **facts)["claim"])
    carried = programme.claim(new).opinions
    programme.panel(new, "first")
    programme.do(GiveOpinion, "first", claim=new, lines=(LineOpinion(contract=large, supports=True, reason="已澄清"),))
    later = {(o.expert, o.contract): (o.claim, o.supports) for o in programme.claim(new).opinions}

    assert {opinion.claim for opinion in carried} == {claim}
    assert later[programme.people["first"], large] == (new, True)
    assert later[programme.people["second"], large] == (claim, False)
    programme.review(new)
    assert programme.faults() == []


def test_opinions_and_experts_are_the_bureaus_to_see(programme: Programme, claim: str) -> None:
    programme.panel(claim, "first")
    programme.judge(claim, "first")

    def seen(party: str) -> list[int]:
        with programme.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return [
                connection.execute(text(f"SELECT count(*) FROM voucher_claim_{table}")).scalar_one()
                for table in ("expert", "opinion")
            ]

    assert seen("*") == [1, 2]
    assert seen(UNIT) == seen(FIRM) == seen("") == [0, 0]


def test_the_panel_knows_who_is_kept_out(programme: Programme, claim: str) -> None:
    found = panel(programme, claim)

    assert found.experts == frozenset()
    assert found.staff == {programme.people["officer"], programme.people["applicant"]}
    assert found.interested == frozenset()
