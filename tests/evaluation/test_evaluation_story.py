"""A round from its opening to the published grades, and what follows for a unit that is graded poor."""

from datetime import date
from typing import Any

import pytest
from office import COMMISSION
from platform_books import EDUCATION, HEALTH, INDICATORS, NAMES, ROUND, A, B, C, D, Platform, points
from sqlalchemy import text

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.errors import Invalid
from ledger.evaluation.answer_objection import AnswerScoreObjection
from ledger.evaluation.file_rectification import FileRectification
from ledger.evaluation.join_platform import JoinPlatform
from ledger.evaluation.judge_rectification import JudgeRectification
from ledger.evaluation.leave_platform import LeavePlatform
from ledger.evaluation.object_to_score import ObjectToScore
from ledger.evaluation.open_evaluation import OpenEvaluation
from ledger.evaluation.propose_grades import KIND, ProposeGrades
from ledger.evaluation.score_units import ScoreUnits
from ledger.evaluation.values import Grade, IndicatorScore, LeftOut, RectificationState, UnitGrade, UnitScores
from ledger.registry.register_instrument import RegisterInstrument

EXCELLENT, GOOD, QUALIFIED, POOR = Grade
REPORT = "ab" * 32


def officer(unit: str) -> str:
    return f"officer of {NAMES[unit]}"


def refused(platform: Platform, kind: Any, actor: str, tenant: str = COMMISSION, **facts: Any) -> str:  # noqa: ANN401
    """The code of what is declined; nothing of it is written."""
    answer = platform.books.executor.run(platform.command(kind, actor, tenant, **facts))
    assert not answer.accepted, answer.body
    return str(answer.body["code"])


def scored(platform: Platform) -> None:
    platform.score(points(A, 90), points(B, 70))
    platform.score(points(C, 40), by="health", tenant=HEALTH)


def test_a_round_ends_in_published_grades(platform: Platform) -> None:
    opened = platform.rows("SELECT id, system, year FROM evaluation")
    scored(platform)
    proposed = platform.do(ProposeGrades, "operator", **platform.grades({A: EXCELLENT, B: GOOD, C: POOR}))
    published = platform.sign(KIND, ROUND, "finance")

    stands = platform.evaluation().published
    assert opened == [(ROUND, "national-2026", 2026)]
    assert proposed["grades"] == {"优秀": 1, "良好": 1, "合格": 0, "较差": 1}
    assert (published["version"], published["late"]) == (1, False)
    assert stands is not None
    assert [(line.unit, line.grade, line.rank, line.total_hundredths) for line in stands.grades] == [
        (A, EXCELLENT, 1, 90_00),
        (B, GOOD, 2, 70_00),
        (C, POOR, 3, 40_00),
    ]
    assert platform.breaches() == []
    assert platform.faults() == []


def test_what_a_round_says_when_it_is_opened(platform: Platform) -> None:
    body = platform.do(OpenEvaluation, "operator", system="national-2021", year=2026)

    assert body["evaluation"] == "national-2021:2026"
    assert (body["score_by"], body["publish_by"]) == ("2026-01-31", "2026-04-30")
    assert body["synthetic"] is True
    assert len(body["indicators"]) == 9


@pytest.mark.parametrize(
    ("system", "year", "code"),
    [
        ("national-2026", 2026, "EvaluationIsOpen"),
        ("national-2026", 2025, "NoRoundThatYear"),  # every second year from 2026
        ("national-2021", 2024, "EvaluationYearNotCurrent"),
        ("national-2021", 2027, "EvaluationYearNotCurrent"),
    ],
)
def test_a_round_is_opened_once_and_in_its_year(platform: Platform, system: str, year: int, code: str) -> None:
    assert refused(platform, OpenEvaluation, "operator", system=system, year=year) == code


def test_who_may_open_a_round(platform: Platform) -> None:
    facts = {"system": "national-2021", "year": 2026}

    assert refused(platform, OpenEvaluation, "finance", **facts) == "RoleMissingAt"
    assert refused(platform, OpenEvaluation, "education", EDUCATION, **facts) == "RoleMissingAt"


# -- membership --------------------------------------------------------------------------------------------------------


def test_a_unit_joins_once_changes_its_department_and_leaves(platform: Platform) -> None:
    same = {"unit": A, "department": EDUCATION, "joined_on": date(2025, 5, 6), "document_number": "入网1号"}

    assert refused(platform, JoinPlatform, "operator", **same) == "AlreadyAMember"
    assert refused(platform, JoinPlatform, "operator", **same | {"joined_on": date(2026, 3, 3)}) == "JoinsInTheFuture"
    assert refused(platform, JoinPlatform, "operator", **same | {"department": B}) == "WrongKind"
    assert refused(platform, JoinPlatform, "education", **same) == "RoleMissing"
    platform.join(A, HEALTH)
    assert platform.evaluation().members[A].department == HEALTH
    platform.do(LeavePlatform, "operator", unit=A, document_number="退网1号")
    assert A not in platform.evaluation().members
    assert refused(platform, LeavePlatform, "operator", unit=A, document_number="退网2号") == "NotAMember"


def test_who_joined_after_the_opening_may_be_graded_and_need_not(platform: Platform) -> None:
    scored(platform)
    platform.move(days=1)
    platform.join(D, joined_on=platform.today)

    platform.publish({A: EXCELLENT, B: GOOD, C: QUALIFIED})

    assert platform.evaluation().published.grade_of(D) is None  # type: ignore[union-attr]  # it was published


# -- scores ------------------------------------------------------------------------------------------------------------


def test_a_department_scores_its_own_units_and_the_commission_any(platform: Platform) -> None:
    other = {"evaluation": ROUND, "units": (points(C, 50),)}

    assert refused(platform, ScoreUnits, "education", EDUCATION, **other) == "SupervisedByAnother"
    assert refused(platform, ScoreUnits, "health", EDUCATION, **other) == "RoleMissingAt"
    assert refused(platform, ScoreUnits, "finance", **other) == "RoleMissingAt"
    body = platform.score(points(C, 50), by="operator", tenant=COMMISSION)
    assert body["units"][0]["total_hundredths"] == 50_00
    assert refused(platform, ScoreUnits, "education", EDUCATION, evaluation=ROUND, units=(points(D, 50),)) == (
        "NotAMember"
    )


@pytest.mark.parametrize(
    ("units", "code", "said"),
    [
        ((), "NobodyNamed", "No unit is named"),
        ((points(A, 50), points(A, 60)), "UnitTwice", A),
        ((points(A, 101),), "ScoresUnreadable", A),  # more than the maximum
        ((UnitScores(A, points(A, 50).scores[1:]),), "ScoresUnreadable", f"lacks “{INDICATORS[0]}”"),
        ((points(A, 50, 不存在=1),), "ScoresUnreadable", "“不存在” is no indicator"),
        ((UnitScores(A, (*points(A, 50).scores, IndicatorScore(INDICATORS[0], 1))),), "ScoresUnreadable", "twice"),
    ],
)
def test_scores_that_cannot_be_are_refused_all_together(
    platform: Platform, units: tuple[UnitScores, ...], code: str, said: str
) -> None:
    with pytest.raises(Invalid) as caught:
        platform.books.executor.run(
            platform.command(
                ScoreUnits, "education", EDUCATION, evaluation=ROUND, units=(points(B, 50), *units) if units else ()
            )
        )

    assert type(caught.value).__name__ == code
    assert said in str(caught.value)
    assert platform.rows("SELECT 1 FROM evaluation_score") == []


def test_a_score_is_given_anew_with_a_reason_and_the_old_one_stays(platform: Platform) -> None:
    platform.score(points(A, 50))
    again = {"evaluation": ROUND, "units": (points(A, 60),)}

    assert refused(platform, ScoreUnits, "education", EDUCATION, **again) == "ReasonMissing"
    body = platform.do(ScoreUnits, "education", EDUCATION, reason="漏计机时", **again)
    assert body["units"][0]["version"] == 2
    assert platform.rows("SELECT version, total_hundredths FROM evaluation_score ORDER BY version") == [
        (1, 50_00),
        (2, 60_00),
    ]


# -- objections --------------------------------------------------------------------------------------------------------


def test_an_objection_holds_the_grades_back_until_it_is_answered(platform: Platform) -> None:
    scored(platform)
    given = {A: EXCELLENT, B: GOOD, C: QUALIFIED}
    wish = {"evaluation": ROUND, "unit": C, "reason": "未计大型设备机时"}

    assert refused(platform, ObjectToScore, officer(A), **wish) == "RoleMissingAt"
    objection = platform.do(ObjectToScore, officer(C), C, **wish)["objection"]
    assert refused(platform, ObjectToScore, officer(C), C, **wish) == "ObjectionKnown"
    assert refused(platform, ProposeGrades, "operator", **platform.grades(given)) == "ObjectionsOpen"
    answer = {"evaluation": ROUND, "objection": objection, "upheld": True, "reason": "补计"}
    assert refused(platform, AnswerScoreObjection, "education", EDUCATION, **answer) == "SupervisedByAnother"
    platform.do(AnswerScoreObjection, "health", HEALTH, **answer)
    assert refused(platform, AnswerScoreObjection, "health", HEALTH, **answer) == "ObjectionAnswered"
    platform.score(points(C, 60), by="health", tenant=HEALTH, reason="异议成立")
    platform.publish(given)
    assert platform.evaluation().published.grades[2].total_hundredths == 60_00  # type: ignore[union-attr]


def test_an_objection_after_the_proposal_keeps_finance_from_signing(platform: Platform) -> None:
    scored(platform)
    platform.do(ProposeGrades, "operator", **platform.grades({A: EXCELLENT, B: GOOD, C: QUALIFIED}))
    platform.do(ObjectToScore, officer(C), C, evaluation=ROUND, unit=C, reason="未计机时")
    shown = platform.request(KIND, ROUND).content_hash

    code = refused(platform, Approve, "finance", subject_kind=KIND, subject=ROUND, content_hash=shown)

    assert code == "ObjectionsOpen"
    assert platform.evaluation().published is None


# -- grades ------------------------------------------------------------------------------------------------------------


def test_every_member_is_graded_or_left_out_with_a_reason(platform: Platform) -> None:
    platform.score(points(A, 90), points(B, 70))

    def code(given: dict[str, Grade], *out: str) -> str:
        return refused(platform, ProposeGrades, "operator", **platform.grades(given, *out))

    assert code({A: EXCELLENT, B: GOOD}) == "MembersMissing"
    assert code({A: EXCELLENT, B: GOOD, C: GOOD}) == "NotScored"
    assert code({A: EXCELLENT, B: GOOD}, C, D) == "NotAMember"
    platform.publish({A: EXCELLENT, B: GOOD}, C)
    (out,) = platform.evaluation().published.left_out  # type: ignore[union-attr]
    assert (out.unit, out.why, out.reason) == (C, LeftOut.NOT_EVALUATED, "筹建中")


def test_grades_follow_the_order_of_scores_or_say_why(platform: Platform) -> None:
    scored(platform)
    upside = {A: GOOD, B: EXCELLENT, C: QUALIFIED}

    assert refused(platform, ProposeGrades, "operator", **platform.grades(upside)) == "GradeOutOfOrder"
    lines = tuple(
        UnitGrade(unit, grade, "现场核查发现在线服务平台停用" if unit == A else "") for unit, grade in upside.items()
    )
    platform.publish({}, grades=lines)
    assert platform.evaluation().published.grade_of(A) is GOOD  # type: ignore[union-attr]


def test_units_of_one_total_are_ordered_by_what_sharing_brings(platform: Platform) -> None:
    """Sharing weighs 40, the rest 60: 50 everywhere is 30 + 20; 40 and 65 are 24 + 26."""
    platform.score(points(A, 50), points(B, 40, sharing=65))
    platform.score(points(C, 50), by="health", tenant=HEALTH)
    found = {unit: (one.total_hundredths, one.sharing_hundredths) for unit, one in platform.evaluation().scores.items()}

    wrong = refused(platform, ProposeGrades, "operator", **platform.grades({A: EXCELLENT, B: GOOD, C: EXCELLENT}))
    apart = refused(platform, ProposeGrades, "operator", **platform.grades({A: GOOD, B: EXCELLENT, C: QUALIFIED}))
    platform.publish({A: GOOD, B: EXCELLENT, C: GOOD})

    assert found == {A: (50_00, 20_00), B: (50_00, 26_00), C: (50_00, 20_00)}
    assert (wrong, apart) == ("GradeOutOfOrder", "GradeOutOfOrder")  # equal in both, units share a rank and a grade
    assert [(line.unit, line.rank) for line in platform.evaluation().published.grades] == [(B, 1), (A, 2), (C, 2)]  # type: ignore[union-attr]


def test_published_grades_are_locked_and_a_fix_is_a_new_version_with_its_reason(platform: Platform) -> None:
    scored(platform)
    platform.publish({A: EXCELLENT, B: GOOD, C: POOR})
    better = {A: EXCELLENT, B: GOOD, C: QUALIFIED}

    assert refused(platform, ProposeGrades, "operator", **platform.grades(better)) == "PublishedWithoutReason"
    same = platform.grades({A: EXCELLENT, B: GOOD, C: POOR}, reason="再次公布")
    assert refused(platform, ProposeGrades, "operator", **same) == "NothingPublishedAnew"
    platform.publish(better, reason="复核后更正")

    assert platform.evaluation().published.version == 2  # type: ignore[union-attr]
    assert platform.rows("SELECT version, grade FROM evaluation_grade WHERE unit = :unit ORDER BY 1", unit=C) == [
        (1, "较差"),
        (2, "合格"),
    ]
    assert platform.rectification(C).state is RectificationState.LIFTED
    assert platform.faults() == []


def test_finance_signs_what_it_was_shown_and_the_maker_does_not(platform: Platform) -> None:
    scored(platform)
    first = platform.do(ProposeGrades, "operator", **platform.grades({A: EXCELLENT, B: GOOD, C: POOR}))
    signature = {"subject_kind": KIND, "subject": ROUND, "content_hash": first["approval"]["content_hash"]}

    assert refused(platform, Approve, "second operator", **signature) == "WrongRole"
    platform.do(ProposeGrades, "operator", **platform.grades({A: EXCELLENT, B: EXCELLENT, C: POOR}))
    assert refused(platform, Approve, "finance", **signature) == "ContentChanged"
    platform.score(points(B, 71), reason="补计")
    shown = platform.request(KIND, ROUND).content_hash
    assert refused(platform, Approve, "finance", **signature | {"content_hash": shown}) == "ResultMoved"


def test_finance_may_refuse_and_grades_are_proposed_again(platform: Platform) -> None:
    scored(platform)
    given = {A: EXCELLENT, B: GOOD, C: POOR}
    shown = platform.do(ProposeGrades, "operator", **platform.grades(given))["approval"]["content_hash"]
    platform.do(Reject, "finance", subject_kind=KIND, subject=ROUND, content_hash=shown, reason="请附理由")

    published = platform.publish(given)

    assert published["version"] == 2
    assert platform.faults() == []


def test_grades_published_after_april_are_late(platform: Platform) -> None:
    scored(platform)
    platform.move(to=date(2026, 5, 1))

    assert platform.publish({A: EXCELLENT, B: GOOD, C: QUALIFIED})["late"] is True


# -- rectification -----------------------------------------------------------------------------------------------------


@pytest.fixture
def poor(platform: Platform) -> Platform:
    scored(platform)
    platform.publish({A: EXCELLENT, B: GOOD, C: POOR})
    return platform


def test_a_poor_unit_has_a_year_to_mend_and_its_department_judges(poor: Platform) -> None:
    held = poor.rectification(C)
    filed = {"rectification": held.number, "evidence_digest": REPORT, "summary": "已接入在线服务平台"}
    judged = {"rectification": held.number, "accepted": False, "reason": "未附使用记录"}

    assert held.due_on == date(2027, 3, 2)
    assert refused(poor, JudgeRectification, "health", HEALTH, **judged) == "RectificationWrongState"
    assert refused(poor, FileRectification, officer(A), A, **filed) == "RoleMissingAt"
    poor.do(FileRectification, officer(C), C, **filed)
    assert refused(poor, FileRectification, officer(C), C, **filed) == "RectificationWrongState"
    assert refused(poor, JudgeRectification, "education", EDUCATION, **judged) == "SupervisedByAnother"
    assert poor.do(JudgeRectification, "health", HEALTH, **judged)["state"] == "open"
    poor.do(FileRectification, officer(C), C, **filed)
    poor.do(JudgeRectification, "health", HEALTH, **judged | {"accepted": True})
    assert poor.rectification(C).state is RectificationState.ACCEPTED
    assert poor.faults() == []


BOUGHT = {"name": "质谱仪", "category": "030122", "original_value_fen": 1_200_000_00}


def test_what_a_unit_registers_while_it_mends_is_flagged(poor: Platform) -> None:
    """A look at how it was bought, and no refusal; units that need not mend, and the same one afterwards, are not."""
    held = poor.rectification(C)
    flagged = poor.do(RegisterInstrument, officer(C), C, unit=C, asset_number="1", **BOUGHT)
    other = poor.do(RegisterInstrument, officer(A), A, unit=A, asset_number="1", **BOUGHT)
    filed = {"rectification": held.number, "evidence_digest": REPORT, "summary": "已接入在线服务平台"}
    poor.do(FileRectification, officer(C), C, **filed)
    poor.do(JudgeRectification, "health", HEALTH, rectification=held.number, accepted=True, reason="属实")
    later = poor.do(RegisterInstrument, officer(C), C, unit=C, asset_number="2", **BOUGHT)

    assert flagged["flagged_by"] == held.number
    assert "flagged_by" not in other | later
    assert poor.rows("SELECT instrument FROM evaluation_flagged_purchase") == [(flagged["instrument"],)]
    assert poor.breaches() == []
    with poor.database.owner.begin() as connection:
        connection.execute(text("ALTER TABLE evaluation_flagged_purchase DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE evaluation_flagged_purchase SET unit = :unit"), {"unit": A})
    assert [breach[0] for breach in poor.breaches()] == ["evaluation: flagged purchases"]


def test_a_report_after_the_deadline_is_taken_and_seen_to_be_late(poor: Platform) -> None:
    held = poor.rectification(C)
    filed = {"rectification": held.number, "evidence_digest": REPORT, "summary": "已接入"}

    assert not held.overdue_on(held.due_on)
    assert poor.evaluation().rectifying[C].overdue_on(date(2027, 3, 3))
    poor.move(to=date(2027, 3, 3))
    assert poor.do(FileRectification, officer(C), C, **filed)["late"] is True


def test_a_unit_in_rectification_is_left_out_of_the_next_round(poor: Platform) -> None:
    poor.do(OpenEvaluation, "operator", system="national-2021", year=2026)
    other = "national-2021:2026"

    code = refused(poor, ScoreUnits, "health", HEALTH, evaluation=other, units=(points(C, 80),))

    assert code == "UnitInRectification"
    assert poor.evaluation(other).rectifying[C].number == poor.rectification(C).number
