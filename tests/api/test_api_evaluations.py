"""A round of evaluation over HTTP: a department scores, a unit objects, the commission grades, everybody reads."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import Database
from office import instrument
from programme import COMMISSION, FIRM, OTHER_UNIT, UNIT, Programme
from served import Served, open_served

from ledger.evaluation.propose_grades import KIND
from ledger.fees.record_use import RecordUse
from policies.evaluation.rounds import round_of

ROUND = "national-2026:2026"
BOUGHT = {
    "unit": OTHER_UNIT,
    "name": "质谱仪",
    "category": "030122",
    "asset_number": "20180001",
    "original_value_fen": 1_200_000_00,
}
ROOT = f"/v1/evaluations/{ROUND}"
DAY_ONE = date(2026, 3, 2)
REPORT = "ab" * 32


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[Served]:
    """Two units on the platform, under the commission itself; an instrument used in 2025; the round of 2026 is open."""
    with open_served(database, tmp_path, day=date(2025, 3, 3)) as served:
        _used(served.programme)
        served.programme.move(to=DAY_ONE)
        for unit in (UNIT, OTHER_UNIT):
            member = {"department": COMMISSION, "joined_on": "2026-03-01", "document_number": "入网1号"}
            assert served.post("operator", f"/v1/organisations/{unit}/membership", member).status_code == 201
        assert served.post("operator", "/v1/evaluations", {"system": "national-2026", "year": 2026}).status_code == 201
        yield served


def _used(programme: Programme) -> None:
    """An hour by a firm, two by the unit itself."""
    facts = {"operator": programme.people["officer"], "purpose": "断口分析", "instrument": instrument(programme)}
    started_at = programme.clock.now() - timedelta(hours=3)
    for user, minutes in ((FIRM, 60), (UNIT, 120)):
        programme.do(RecordUse, "officer", user=user, started_at=started_at, minutes=minutes, **facts)


def points(unit: str, hundredths: int) -> dict[str, Any]:
    indicators = round_of("national-2026", 2026, DAY_ONE, DAY_ONE).indicators
    return {"unit": unit, "scores": [{"indicator": name, "score_hundredths": hundredths} for name in indicators]}


def graded(served: Served, first: str, second: str, **more: object) -> dict[str, Any]:
    grades = [{"unit": UNIT, "grade": first}, {"unit": OTHER_UNIT, "grade": second}]
    answer = served.post("operator", f"{ROOT}/grades", {"grades": grades, **more})
    assert answer.status_code == 201, answer.text
    signature = {"content_hash": answer.json()["approval"]["content_hash"]}
    signed = served.post("finance", f"/v1/approvals/{KIND}:{ROUND}/signature", signature)
    assert signed.status_code == 200, signed.text
    return dict(answer.json())


def test_a_round_from_the_scores_to_the_published_grades(served: Served) -> None:
    scored = served.post("operator", f"{ROOT}/scores", {"units": [points(UNIT, 90_00), points(OTHER_UNIT, 40_00)]})
    before = served.get("applicant", f"{ROOT}/grades").json()
    graded(served, "优秀", "较差")

    shown = served.get("applicant", ROOT).json()
    listed = served.get("applicant", f"{ROOT}/grades", limit=1).json()
    rest = served.get("applicant", f"{ROOT}/grades", cursor=listed["next"]).json()

    assert scored.status_code == 201
    assert scored.json()["units"][0]["total_hundredths"] in {90_00, 40_00}
    assert before == {"items": [], "next": None}
    assert (shown["version"], shown["synthetic"]) == (1, True)
    assert shown["grades"] == {"优秀": 1, "良好": 0, "合格": 0, "较差": 1}
    assert [(line["unit"], line["grade"], line["rank"]) for line in (*listed["items"], *rest["items"])] == [
        (UNIT, "优秀", 1),
        (OTHER_UNIT, "较差", 2),
    ]
    assert served.get("applicant", "/v1/evaluations").json()["items"] == [shown]
    assert served.programme.faults() == []


def test_a_unit_sees_its_own_score_and_objects_to_it(served: Served) -> None:
    served.post("operator", f"{ROOT}/scores", {"units": [points(UNIT, 90_00), points(OTHER_UNIT, 40_00)]})
    wish = {"unit": OTHER_UNIT, "reason": "未计大型设备机时"}

    mine = served.get("other officer", f"{ROOT}/scores").json()["items"]
    another = served.post("officer", f"{ROOT}/objections", wish)
    raised = served.post("other officer", f"{ROOT}/objections", wish)
    path = f"{ROOT}/objections/{raised.json()['objection']}/answer"
    held = served.post("operator", f"{ROOT}/grades", {"grades": [{"unit": UNIT, "grade": "优秀"}]})
    answered = served.post("operator", path, {"upheld": False, "reason": "机时已计"})
    told = served.get("other officer", f"{ROOT}/scores").json()["items"]

    assert [(one["unit"], one["total_hundredths"]) for one in mine] == [(OTHER_UNIT, 40_00)]
    assert len(served.get("operator", f"{ROOT}/scores").json()["items"]) == 2
    assert served.get("applicant", f"{ROOT}/scores").json()["items"] == []
    assert (another.status_code, another.json()["code"]) == (409, "RoleMissingAt")
    assert (raised.status_code, answered.status_code) == (201, 201)
    assert (held.status_code, held.json()["code"]) == (409, "ObjectionsOpen")
    assert (told[0]["objected"], told[0]["upheld"], told[0]["answer"]) == (wish["reason"], False, "机时已计")


def test_a_poor_unit_mends_and_is_judged(served: Served) -> None:
    served.post("operator", f"{ROOT}/scores", {"units": [points(UNIT, 90_00), points(OTHER_UNIT, 40_00)]})
    graded(served, "优秀", "较差")
    (held,) = served.get("other officer", "/v1/rectifications", open="true").json()["items"]
    path = f"/v1/rectifications/{held['number']}"

    bought = served.post("other officer", "/v1/instruments", BOUGHT)
    flagged = served.get("operator", "/v1/flagged-purchases", unit=OTHER_UNIT).json()["items"]

    filed = served.post("other officer", f"{path}/reports", {"evidence_digest": REPORT, "summary": "已接入"})
    spoilt = served.post("other officer", f"{path}/reports", {"evidence_digest": "ab", "summary": "已接入"})
    judged = served.post("operator", f"{path}/judgement", {"accepted": True, "reason": "属实"})
    shown = served.get("other officer", path).json()

    assert (held["unit"], held["due_on"], held["overdue"]) == (OTHER_UNIT, "2027-03-02", False)
    assert bought.json()["flagged_by"] == held["number"]
    assert [(one["instrument"], one["unit"]) for one in flagged] == [(bought.json()["instrument"], OTHER_UNIT)]
    assert flagged[0]["cited"].startswith("state-council-2014-70#")
    assert served.get("other officer", "/v1/flagged-purchases", rectification=held["number"]).json()["items"] == flagged
    assert served.get("officer", "/v1/flagged-purchases").json()["items"] == []
    assert served.get("officer", path).status_code == 404
    assert served.get("officer", "/v1/rectifications").json()["items"] == []
    assert filed.json()["state"] == "filed"
    assert spoilt.json()["code"] in {"DigestUnreadable", "RectificationWrongState"}
    assert judged.json()["state"] == shown["state"] == "accepted"
    assert [step["step"] for step in shown["steps"]] == ["filed", "accepted"]
    assert served.get("other officer", "/v1/rectifications", open="true").json()["items"] == []
    after = served.post("other officer", "/v1/instruments", BOUGHT | {"asset_number": "20180002"})
    assert after.json()["flagged_by"] is None


def test_recorded_uses_of_the_year_before_are_shown_to_who_scores(served: Served) -> None:
    year = {
        "unit": UNIT,
        "instruments": 1,
        "uses": 2,
        "effective_minutes": 180,
        "external_minutes": 60,
        "users": 1,
    }

    assert served.get("operator", f"{ROOT}/indicators").json() == {"items": [year], "next": None}
    assert served.get("officer", f"{ROOT}/indicators").json()["items"] == [year]


def test_what_cannot_be_is_refused_by_its_field(served: Served) -> None:
    twice = served.post("operator", f"{ROOT}/scores", {"units": [points(UNIT, 90_00)] * 2})
    over = served.post("operator", f"{ROOT}/scores", {"units": [points(UNIT, 100_01)]})
    half = served.post(
        "operator",
        f"{ROOT}/scores",
        {"units": [points(UNIT, 90_00) | {"scores": [{"indicator": "运行机时", "score_hundredths": 1}]}]},
    )
    grade = served.post("operator", f"{ROOT}/grades", {"grades": [{"unit": UNIT, "grade": "优"}]})

    assert (twice.status_code, twice.json()["code"]) == (422, "UnitTwice")
    assert over.status_code == 422
    assert (half.status_code, half.json()["code"]) == (422, "ScoresUnreadable")
    assert "统筹管理" in half.json()["detail"]
    assert grade.status_code == 422
    assert served.get("applicant", "/v1/evaluations/national-2026:2030").status_code == 404
