"""What another policy or another budget would have given; and a change that finance signs with its impact run."""

from datetime import date, timedelta
from typing import Any

import pytest
from season import AWARDED, ENTITLED, INCOME, POOL, ROUND, SCHEME, A, B, C, D, E, Season

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.assembly import BOOK
from ledger.errors import Invalid, NotFound, Refused
from ledger.executor.calculations import load_calculations
from ledger.executor.reading import Reader
from ledger.subsidies.exclude_bill import ExcludeBill
from ledger.subsidies.impact import Change, Impact, ImpactLine, NothingWouldChange, Question, impact_run
from ledger.subsidies.policy_change import KIND, ProposePolicyChange, told
from ledger.subsidies.rules import AmountsUnreadable
from policies.kernel.refusals import RuleNotYetInForce, UnknownPolicy

ANHUI = {A: 1_600_000_00, B: 1_240_000_11, C: 1_800_000_00, D: 666_666_67, E: 200_000_00}
"""A fifth of each one's fees: no grade, no pool."""


def run(season: Season, **question: Any) -> Impact:  # noqa: ANN401
    with season.database.writer.connect() as connection:
        return impact_run(Reader(connection, BOOK), SCHEME, 2026, Question(**question), season.today)


def lines(found: Impact) -> dict[str, tuple[int | None, int | None]]:
    return {line.unit: (line.before_fen, line.after_fen) for line in found.lines}


def proposed(season: Season, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    facts = {"scheme": SCHEME, "year": 2026, "document_number": "京科发〔2026〕30号", "reason": "调整总额"}
    return season.do(ProposePolicyChange, "operator", **facts | {"pool_fen": 2 * POOL} | more)


# -- the run -----------------------------------------------------------------------------------------------------------


def test_a_larger_budget_gives_each_what_it_is_entitled_to(season: Season) -> None:
    season.compute()
    found = run(season, pool_fen=5_000_000_00)

    assert lines(found) == {unit: (AWARDED[unit], ENTITLED[unit]) for unit in AWARDED}
    assert (found.before.awarded_fen, found.after.awarded_fen) == (POOL, 4_096_666_75)
    assert (found.gaining, found.gain_fen, found.losing, found.loss_fen) == (4, 1_096_666_75, 0, 0)
    assert [(one.name, one.units, one.before_fen, one.after_fen) for one in found.by_grade()] == [
        ("优秀", 1, AWARDED[A], ENTITLED[A]),
        ("良好", 2, AWARDED[B] + AWARDED[C], ENTITLED[B] + ENTITLED[C]),
        ("合格", 1, AWARDED[D], ENTITLED[D]),
    ]
    assert [(one.name, one.units) for one in found.by_change()] == [("more-by-a-tenth-or-more", 4)]
    assert found.corrected == ()


def test_another_policy_takes_in_whom_its_own_rules_take_in(season: Season) -> None:
    season.compute()
    found = run(season, under="anhui-2022-unit")

    assert lines(found) == {unit: (AWARDED.get(unit), fen) for unit, fen in ANHUI.items()}
    assert (found.after.awarded_fen, found.after.over_fen) == (5_506_666_78, 2_506_666_78)
    assert (found.after.synthetic, found.after.evaluation, found.before.evaluation) == (True, "", ROUND)
    assert {line.unit: line.change for line in found.lines} == {
        A: Change.MORE,
        B: Change.HALF_MORE,
        C: Change.HALF_MORE,
        D: Change.HALF_MORE,
        E: Change.TAKEN_IN,
    }


def test_records_that_changed_since_are_told_apart_from_the_policy(season: Season) -> None:
    """A's bill is found to be statutory work: without A the pool of 3,000,000 pays the others in full."""
    season.compute()
    ((bill,),) = season.rows("SELECT number FROM fee_bill WHERE unit = :unit", unit=A)
    season.do(ExcludeBill, "operator", bill=bill, excluded=True, reason="法定检验")
    found = run(season, pool_fen=2_000_000_00)
    by_unit = {line.unit: line for line in found.lines}

    assert (by_unit[A].awarded_fen, by_unit[A].before_fen, by_unit[A].after_fen) == (AWARDED[A], 0, 0)
    assert (by_unit[B].awarded_fen, by_unit[B].before_fen) == (AWARDED[B], ENTITLED[B])
    assert set(found.corrected) == set(AWARDED)
    assert found.before.awarded_fen == ENTITLED[B] + ENTITLED[C] + ENTITLED[D]
    assert found.after.awarded_fen == 2_000_000_00
    assert found.losing == 3  # by the smaller pool; A loses nothing by it


def test_a_run_changes_nothing(season: Season) -> None:
    batch = season.compute()
    before = season.rows("SELECT count(*) FROM command")

    run(season, pool_fen=1)
    assert season.rows("SELECT count(*) FROM command") == before
    assert {award.unit: award.awarded_fen for award in season.batch(batch).awards} == AWARDED


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ({}, NothingWouldChange),
        ({"pool_fen": POOL, "under": SCHEME}, NothingWouldChange),
        ({"on": date(2016, 12, 31)}, RuleNotYetInForce),
        ({"under": "jinyun-2017"}, UnknownPolicy),
    ],
)
def test_what_is_no_question(season: Season, question: dict[str, Any], why: type[Exception]) -> None:
    season.compute()
    with pytest.raises(why):
        run(season, **question)


def test_a_year_without_a_batch_and_a_round_that_is_none(season: Season) -> None:
    with pytest.raises(Refused, match="no batch of beijing-september for 2026"):
        run(season, pool_fen=1)
    season.compute()
    with pytest.raises(NotFound):
        run(season, evaluation="national-2021:2024")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (100, 100, Change.SAME),
        (None, None, Change.SAME),
        (100, None, Change.LEFT_OUT),
        (None, 0, Change.TAKEN_IN),
        (100, 50, Change.HALF_LESS),
        (100, 51, Change.TENTH_LESS),
        (100, 90, Change.TENTH_LESS),
        (100, 91, Change.LESS),
        (100, 109, Change.MORE),
        (100, 110, Change.TENTH_MORE),
        (100, 149, Change.TENTH_MORE),
        (100, 150, Change.HALF_MORE),
        (0, 1, Change.HALF_MORE),
    ],
)
def test_by_how_much_a_unit_gains_or_loses(before: int | None, after: int | None, change: Change) -> None:
    assert ImpactLine(A, "", before, before, after).change is change


# -- the change that is signed -----------------------------------------------------------------------------------------


def test_a_question_of_the_pool_alone_is_answered_by_the_rules_as_they_were_known(season: Season) -> None:
    """What has been enacted since is no part of the answer, unless a day or a policy is asked for."""
    season.compute()
    day = season.today
    season.move(days=100)
    known = "SELECT DISTINCT c.known_on FROM subsidy_policy_change_line l JOIN calculation c ON c.id = l.{}"

    with pytest.raises(NothingWouldChange):
        run(season)
    proposed(season)
    assert season.rows(known.format("after_calculation")) == season.rows(known.format("before_calculation")) == [(day,)]
    proposed(season, on=day)
    assert set(season.rows(known.format("after_calculation"))) == {(day,), (season.today,)}


def test_a_change_is_signed_with_its_impact_run(season: Season) -> None:
    batch = season.compute()
    body = proposed(season)
    asked = run(season, pool_fen=2 * POOL)
    same = {name: value for name, value in told(asked).items() if name != "records"}  # one block later

    assert {name: body[name] for name in same} == same
    assert body["approval"] == {
        "kind": KIND,
        "subject": body["change"],
        "content_hash": season.request(KIND, body["change"]).content_hash,
    }
    season.sign(KIND, body["change"], "finance")
    assert season.rows("SELECT * FROM subsidy_policy_change_end") == []
    signed = season.sign(KIND, body["change"], "second finance")

    assert signed["state"] == "approved"
    assert {award.unit: award.awarded_fen for award in season.batch(batch).awards} == AWARDED  # by a decision only
    assert season.faults() == []


def test_every_amount_of_a_change_has_its_derivation(season: Season) -> None:
    season.compute()
    change = proposed(season, under="anhui-2022-unit", pool_fen=None)["change"]
    rows = season.rows(
        "SELECT unit, after_fen, before_calculation, before_base_calculation, after_calculation, "
        "after_base_calculation FROM subsidy_policy_change_line WHERE change = :change",
        change=change,
    )
    with season.database.writer.connect() as connection:
        found = load_calculations(Reader(connection, BOOK), [id_ for row in rows for id_ in row[2:] if id_])

    for unit, fen, before, before_base, after, after_base in rows:
        assert found[after].result["unit_fen"] == fen == ANHUI[unit]
        assert found[after_base].result["base_fen"] == INCOME[unit]
        assert (before is None, before_base is None) == (unit == E, unit == E)
    assert season.faults() == []


def test_who_proposes_and_who_signs(season: Season) -> None:
    season.compute()
    facts = {"scheme": SCHEME, "year": 2026, "pool_fen": 1, "document_number": "1", "reason": "x"}

    assert season.refused(ProposePolicyChange, "finance", **facts) == "RoleMissingAt"
    assert season.refused(ProposePolicyChange, f"officer {A}", **facts) == "RoleMissingAt"
    body = proposed(season)
    signature = {"subject_kind": KIND, "subject": body["change"], "content_hash": body["approval"]["content_hash"]}
    assert season.refused(Approve, "operator", **signature) == "OwnWork"
    assert season.refused(Approve, "second operator", **signature) == "WrongRole"
    assert season.refused(Approve, "finance", **signature | {"content_hash": "0" * 64}) == "ContentChanged"


def test_finance_refuses_a_change(season: Season) -> None:
    season.compute()
    change = proposed(season)["change"]
    facts = {"subject_kind": KIND, "subject": change, "content_hash": season.request(KIND, change).content_hash}
    season.do(Reject, "finance", **facts, reason="缺少依据")

    assert season.rows("SELECT outcome, reason FROM subsidy_policy_change_end") == [("refused", "缺少依据")]


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"pool_fen": 0}, AmountsUnreadable),
        ({"pool_fen": 1.5}, AmountsUnreadable),
        ({"document_number": ""}, Invalid),
        ({"reason": " "}, Invalid),
        ({"under": "x" * 300}, Invalid),
        ({"on": "2026-02-30"}, Invalid),
    ],
)
def test_what_is_not_readable(season: Season, facts: dict[str, Any], wrong: type[Invalid]) -> None:
    season.compute()
    before = season.rows("SELECT count(*) FROM subsidy_policy_change")

    with pytest.raises(wrong):
        proposed(season, **facts)
    assert season.rows("SELECT count(*) FROM subsidy_policy_change") == before


def test_a_rule_that_is_not_in_force_yet_can_be_asked_for(season: Season) -> None:
    season.compute()
    later = season.today + timedelta(days=200)
    found = run(season, on=later)

    assert found.after.on == later
    assert lines(found) == {unit: (fen, fen) for unit, fen in AWARDED.items()}  # no other rule is known
