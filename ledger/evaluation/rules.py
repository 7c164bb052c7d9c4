"""Who may, what is complete, in which order grades stand; how evaluation refuses.  (pure)"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from ledger.errors import Invalid, Refused
from ledger.evaluation.values import (
    GRADE_EN,
    ORDER,
    Evaluation,
    Grade,
    Graded,
    LeftOut,
    Member,
    NotEvaluated,
    Rectification,
    RectificationState,
    Score,
    Ungraded,
    UnitGrade,
)
from ledger.registry.text import TEXT_LENGTH_MAX, checked_choice, checked_name, shown
from policies.kernel.refusals import Several
from policies.kernel.words import Words

NAMED_MAX = 5
_DIGEST = re.compile(r"[0-9a-f]{64}")

RECTIFICATION_WORDS = {
    RectificationState.OPEN: Words("正在整改", "under way"),
    RectificationState.FILED: Words("已提交、待验收", "filed and not judged"),
    RectificationState.ACCEPTED: Words("已验收", "accepted"),
    RectificationState.LIFTED: Words("已解除", "lifted"),
}
FILED, JUDGED = Words("提交整改报告", "filed"), Words("验收", "judged")


class EvaluationIsOpen(Refused):
    zh = "{year} 年“{system}”的评价考核已于 {opened_on} 启动。"
    en = "The evaluation of {year} under {system} was opened on {opened_on} already."


class EvaluationYearNotCurrent(Refused):
    zh = "今天是 {today}，只能启动 {earliest} 年或 {today_year} 年的评价考核，不能启动 {year} 年的。"
    en = "Today is {today}: an evaluation of {earliest} or {today_year} can be opened, and none of {year}."


class NotAMember(Refused):
    zh = "{unit} 没有加入平台，不能评价考核。请先登记入网。"
    en = "Unit {unit} is not on the platform and cannot be evaluated. Let it join first."


class AlreadyAMember(Refused):
    zh = "{unit} 已于 {joined_on} 加入平台，主管部门为 {department}，没有变化。"
    en = "Unit {unit} joined the platform on {joined_on} under department {department}: this changes nothing."


class JoinsInTheFuture(Refused):
    zh = "入网日期 {joined_on} 在今天（{today}）之后。请在入网之后登记。"
    en = "The unit would join on {joined_on}, after today ({today}). Record it once it has joined."


class SupervisedByAnother(Refused):
    zh = "{unit} 的主管部门是 {department}，不是 {tenant}。请由其主管部门或市科委办理。"
    en = "Unit {unit} is supervised by {department}, not by {tenant}. Its department or the commission can do this."


class UnitTwice(Invalid):
    zh = "同一单位出现两次：{units}。每个单位只列一次。"
    en = "A unit stands here twice: {units}. Name each of them once."


class NobodyNamed(Invalid):
    zh = "没有列出任何单位。"
    en = "No unit is named."


class ScoresUnreadable(Several):
    zh = "得分不能使用：{problems}。"
    en = "The scores cannot be used: {problems}."


class UnitInRectification(Refused):
    zh = "{unit} 正在整改（{rectification}，期限 {due_on}），不参加本次评价考核。整改验收后再评价。"
    en = (
        "Unit {unit} is in rectification ({rectification}, due on {due_on}) and is left out of this evaluation. It is "
        "scored again once that is accepted."
    )


class ReasonMissing(Refused):
    zh = "{unit} 已有得分（第 {version} 版），或结果已公布。请写明重新评分的理由。"
    en = "Unit {unit} has a score (version {version}) or the results are published. Say why it is scored anew."


class PublishedWithoutReason(Refused):
    zh = "评价结果已公布并锁定（第 {version} 版）。如需更正，请写明理由，作为新版本提出。"
    en = "The results are published and locked (version {version}). To correct them, give the reason: a new version."


class ObjectionsOpen(Refused):
    zh = "尚有未答复的异议：{objections}。请先答复，再公布等次。"
    en = "These objections have not been answered: {objections}. Answer them before the grades are published."


class ObjectionKnown(Refused):
    zh = "{unit} 对第 {version} 版得分已提出异议（{objection}）。"
    en = "Unit {unit} has objected to version {version} of its score already ({objection})."


class ObjectionAnswered(Refused):
    zh = "异议 {objection} 已于 {answered_on} 答复。"
    en = "Objection {objection} was answered on {answered_on} already."


class NotScored(Refused):
    zh = "没有得分的单位不能定等次：{units}。请先评分，或列为不参评并写明理由。"
    en = "These units have no score and cannot be graded: {units}. Score them, or name them as not evaluated, and why."


class MembersMissing(Refused):
    zh = "平台成员 {units} 既没有等次，也没有列为不参评。请逐一写明。"
    en = "These members have no grade and are not named as not evaluated: {units}. Say of each which it is."


class GradeOutOfOrder(Refused):
    zh = (
        "{unit}（第 {rank} 名，{grade_zh}）的等次与得分次序不符：{other}（第 {other_rank} 名）为{other_grade_zh}。"
        "请更正，或写明理由。"
    )
    en = (
        "The grade of {unit} (rank {rank}, {grade_en}) does not follow the order of scores: {other} (rank "
        "{other_rank}) is {other_grade_en}. Correct it, or give the reason."
    )

    def __init__(self, line: Graded, other: Graded) -> None:
        super().__init__(
            unit=line.unit,
            rank=line.rank,
            grade_zh=line.grade.value,
            grade_en=GRADE_EN[line.grade],
            other=other.unit,
            other_rank=other.rank,
            other_grade_zh=other.grade.value,
            other_grade_en=GRADE_EN[other.grade],
        )


class NothingPublishedAnew(Refused):
    zh = "所提等次与已公布的第 {version} 版完全相同，无须重新公布。"
    en = "These grades are those of the published version {version}: there is nothing to publish anew."


class ResultMoved(Refused):
    zh = "提出等次之后，{units} 的得分、成员资格或整改情况有变动。请重新提出。"
    en = (
        "Since the grades were proposed, scores, membership or rectifications have changed: {units}. Propose the "
        "grades again."
    )


class ResultEnded(Refused):
    zh = "{evaluation} 第 {version} 版等次已处理完毕，不能再签署。"
    en = "Version {version} of the grades of {evaluation} has been dealt with; it cannot be signed any more."


class RectificationWrongState(Refused):
    zh = "整改事项 {rectification} {state_zh}，不能{wanted_zh}。"
    en = "Rectification {rectification} is {state_en}; it cannot be {wanted_en}."

    def __init__(self, held: Rectification, wanted: Words) -> None:
        said = RECTIFICATION_WORDS[held.state]
        super().__init__(
            rectification=held.number, state_zh=said.zh, state_en=said.en, wanted_zh=wanted.zh, wanted_en=wanted.en
        )


class DigestUnreadable(Invalid):
    zh = "报告摘要“{digest}”应为 64 位十六进制数字（SHA-256）。"
    en = "The digest of the report “{digest}” should be 64 hex digits (SHA-256)."


def some(names: Sequence[str]) -> str:
    """Names as a sentence has them: the first few, and how many there are."""
    return ", ".join(names[:NAMED_MAX]) + (f" … ({len(names)})" if len(names) > NAMED_MAX else "")


def check_once(units: Iterable[str]) -> None:
    """At least one unit, and each once."""
    named = sorted(units)
    if not named:
        raise NobodyNamed
    if twice := [unit for unit, same in groupby(named) if len(list(same)) > 1]:
        raise UnitTwice(units=some(twice))


def check_supervised(member: Member, tenant: str, commission: str) -> None:
    """The unit is on the platform, and this bureau supervises it or runs the evaluation."""
    if not member.stands:
        raise NotAMember(unit=member.unit)
    if tenant not in {member.department, commission}:
        raise SupervisedByAnother(unit=member.unit, department=member.department, tenant=tenant)


def check_evaluated(evaluation: Evaluation, unit: str) -> None:
    """The unit takes part: it is not mending what an earlier evaluation found."""
    held = evaluation.rectifying.get(unit)
    if held is not None and held.evaluation != evaluation.id:
        raise UnitInRectification(unit=unit, rectification=held.number, due_on=held.due_on)


def expected_members(evaluation: Evaluation) -> dict[str, Member]:
    """Units that were on the platform when the evaluation was opened, and are."""
    return {
        unit: member
        for unit, member in evaluation.members.items()
        if member.joined_on is not None and member.joined_on <= evaluation.opened_on
    }


def left_out(evaluation: Evaluation, not_evaluated: Sequence[NotEvaluated]) -> tuple[Ungraded, ...]:
    """Members without a grade: who is in rectification by itself, the others as named."""
    named = {
        one.unit: Ungraded(one.unit, LeftOut.NOT_EVALUATED, checked_name(one.reason, "理由", "reason", TEXT_LENGTH_MAX))
        for one in not_evaluated
    }
    held = {
        unit: Ungraded(unit, LeftOut.IN_RECTIFICATION, one.number)
        for unit, one in evaluation.rectifying.items()
        if unit in evaluation.members and one.evaluation != evaluation.id
    }
    return tuple(line for _, line in sorted({**named, **held}.items()))


def check_complete(evaluation: Evaluation, grades: Sequence[UnitGrade], ungraded: Sequence[Ungraded]) -> None:
    """Every member is graded, with a score, or left out, with a reason; nobody is both."""
    graded = [one.unit for one in grades]
    out = {one.unit: one for one in ungraded}
    for unit in graded:
        check_evaluated(evaluation, unit)
    if both := sorted(set(graded) & out.keys()):
        raise UnitTwice(units=some(both))
    if unscored := sorted(unit for unit in graded if unit not in evaluation.scores):
        raise NotScored(units=some(unscored))
    if strangers := sorted(unit for unit in out if unit not in evaluation.members):
        raise NotAMember(unit=strangers[0])
    if missing := sorted(expected_members(evaluation).keys() - set(graded) - out.keys()):
        raise MembersMissing(units=some(missing))


def ranks(scores: Mapping[str, Score]) -> dict[str, int]:
    """By total alone, where a system says nothing of ties: equal totals share a rank."""
    totals = sorted((score.total_hundredths for score in scores.values()), reverse=True)
    return {unit: totals.index(score.total_hundredths) + 1 for unit, score in scores.items()}


def graded_lines(grades: Sequence[UnitGrade], scores: Mapping[str, Score], order: Mapping[str, int]) -> list[Graded]:
    """Each unit's grade with its rank and points, by rank."""
    lines = [
        Graded(
            one.unit,
            checked_choice(Grade, one.grade, "等次", "grade"),
            order[one.unit],
            scores[one.unit].total_hundredths,
            scores[one.unit].sharing_hundredths,
            one.reason.strip(),
        )
        for one in grades
    ]
    return sorted(lines, key=lambda line: (line.rank, line.unit))


def check_order(lines: Sequence[Graded]) -> None:
    """Whoever stands higher has no worse grade, and equal ranks have one grade; a unit with a reason is set apart."""
    before: Graded | None = None
    for line in (line for line in lines if not line.reason):
        if before is not None:
            better, worse = ORDER.index(line.grade), ORDER.index(before.grade)
            if better < worse or (line.rank == before.rank and better != worse):
                raise GradeOutOfOrder(line, before)
        before = line


def check_opening_year(year: int, today: date) -> None:
    """This year's round, or that of the year before, which may be late."""
    if year not in {today.year - 1, today.year}:
        raise EvaluationYearNotCurrent(year=year, earliest=today.year - 1, today=today, today_year=today.year)


def checked_digest(value: str) -> str:
    """SHA-256 as 64 hex digits, in lower case."""
    digest = value.strip().lower()
    if not _DIGEST.fullmatch(digest):
        raise DigestUnreadable(digest=shown(value))
    return digest
