"""Who is in a batch, which budget lines bear it; how subsidies refuse.  (pure)"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.amounts import yuan
from ledger.budgets.values import Budget
from ledger.errors import Invalid, Refused
from ledger.evaluation.values import Evaluation, Member
from ledger.registry.values import Party
from ledger.subsidies.values import Award, AwardPart, Bases, Batch, BatchState, Charge, Excluded, Exclusion, PartyBase
from policies.kernel.words import Words
from policies.subsidies.schemes import Serves, Subsidy

STATE_WORDS = {
    BatchState.COMPUTED: Words("已计算、待审核", "computed and not reviewed"),
    BatchState.PUBLICISED: Words("已公示", "publicised"),
    BatchState.APPROVED: Words("已批准", "approved"),
    BatchState.PAID: Words("已付讫", "paid"),
    BatchState.VOID: Words("已撤回", "void"),
    BatchState.REFUSED: Words("已被财政驳回", "refused by finance"),
    BatchState.SUPERSEDED: Words("已被新版本取代", "superseded by a later version"),
}


class BatchWrongState(Refused):
    zh = "补贴批次 {batch} {state_zh}，不能{wanted_zh}。"
    en = "Subsidy batch {batch} is {state_en}; it cannot be {wanted_en}."

    def __init__(self, batch: Batch, wanted: Words) -> None:
        said = STATE_WORDS[batch.state]
        super().__init__(
            batch=batch.number, state_zh=said.zh, state_en=said.en, wanted_zh=wanted.zh, wanted_en=wanted.en
        )


class BatchOfAnotherBureau(Refused):
    zh = "补贴批次 {batch} 属于 {operator}，不能由 {tenant} 办理。"
    en = "Subsidy batch {batch} is run by {operator}, not by {tenant}."


class ApprovedAlready(Refused):
    zh = "{year} 年“{scheme}”的补贴批次 {batch} {state_zh}，不能重新计算。差额须另行决定补发或追缴。"
    en = (
        "Batch {batch} of {scheme} for {year} is {state_en} and is not computed anew. Differences become top-ups or "
        "claw-backs by a decision."
    )


class VersionReasonMissing(Refused):
    zh = "{year} 年“{scheme}”已有补贴批次 {batch}（第 {version} 版）。重新计算请写明理由。"
    en = "There is batch {batch} of {scheme} for {year} (version {version}). Say why it is computed anew."


class PoolEmpty(Refused):
    zh = "{year} 年“{scheme}”可分配的预算为 0，无法计算补贴。请先下达指标。"
    en = "There is nothing to share out for {scheme} in {year}: the pool is 0. Appropriate a budget first."


class PoolTooLarge(Refused):
    zh = "拟分配 {pool} 元，而 {year} 年“{scheme}”可用的预算只有 {available} 元。请减少总额，或先追加指标。"
    en = (
        "{pool} yuan would be shared out, and the budget of {scheme} for {year} has {available} available. Share out "
        "less, or appropriate more first."
    )


class NobodyEligible(Refused):
    zh = "没有一个单位符合条件：{reasons}。请核对入网、等次、整改和住所登记。"
    en = "Nobody is eligible: {reasons_en}. Look at memberships, grades, rectifications and places of business."


class EvaluationNeeded(Refused):
    zh = "“{scheme}”以公布的等次为条件，请指明评价考核，如 national-2021:2024。"
    en = "{scheme} needs published grades: name the evaluation, such as national-2021:2024."


class BureauWithoutPlace(Refused):
    zh = "“{scheme}”只补助住所在主办部门辖区的企业，而 {operator} 在 {on} 的辖区未登记。请先登记其住所证明。"
    en = (
        "{scheme} supports firms of the region of the bureau that pays, and no paper says where {operator} is on {on}. "
        "Record the paper on its place first."
    )


class EvaluationNotPublished(Refused):
    zh = "评价考核 {evaluation} 的等次尚未公布，不能计算补贴。"
    en = "The grades of {evaluation} are not published; no subsidy is computed from them."


class EvaluationOfAnotherYear(Refused):
    zh = "{year} 年的补贴以 {year} 年的等次为准，{evaluation} 是 {evaluated} 年的。"
    en = "The subsidy of {year} rests on the grades of {year}; {evaluation} is of {evaluated}."


class SubsidyYearNotCurrent(Refused):
    zh = "今天是 {today}，不能计算 {year} 年的补贴。"
    en = "Today is {today}: the subsidy of {year} cannot be computed."


class OwnComputation(Refused):
    zh = "补贴批次 {batch} 由本人（{person}）计算，须由另一人审核。"
    en = "Batch {batch} was computed by {person}; somebody else reviews it."


class OwnReview(Refused):
    zh = "补贴批次 {batch} 由本人（{person}）审核，对其异议 {objection} 须由另一人答复。"
    en = "Batch {batch} was reviewed by {person}; somebody else answers objection {objection} to it."


class NoticeStillRunning(Refused):
    zh = "补贴批次 {batch} 的公示期至 {notice_until} 止（今天是 {today}），期满后方可批准。"
    en = "The public notice of batch {batch} runs until {notice_until} (today is {today}); it is approved after that."


class NoticeOver(Refused):
    zh = "补贴批次 {batch} 的公示期至 {notice_until} 止，今天是 {today}，不再受理异议。支付后查实有误的，依决定追缴。"
    en = (
        "The public notice of batch {batch} ended on {notice_until}, and today is {today}: objections are no longer "
        "taken. What turns out wrong after payment is recovered by a decision."
    )


class BatchObjected(Refused):
    zh = "补贴批次 {batch} 有未答复的异议：{objections}。请先答复。"
    en = "Objections to batch {batch} have not been answered: {objections}. Answer them first."


class ObjectionFiled(Refused):
    zh = "补贴批次 {batch} 已登记文号为 {file_number} 的异议（{objection}）。"
    en = "The objection with file number {file_number} is recorded for batch {batch} already ({objection})."


class ObjectionClosed(Refused):
    zh = "异议 {objection} 已经答复。"
    en = "Objection {objection} has been answered already."


class ExclusionUnchanged(Refused):
    zh = "账单 {bill} 本来就是如此，没有变化。"
    en = "Bill {bill} is so already: this changes nothing."


class NextBudgetTooSmall(Refused):
    zh = (
        "{payable} 于 {paid_on} 支付、{returned_on} 退回，须由“{scheme}”{year} 年度的预算再支付 {needed} 元，"
        "而该年度没有一条预算指标够用（可用合计 {available} 元）。请先下达或追加 {year} 年度指标，再登记退回。"
    )
    en = (
        "{payable} was paid on {paid_on} and came back on {returned_on}, so {needed} yuan are to be paid again from "
        "the budget of {scheme} for {year}, and no budget line of that year holds as much ({available} in all). "
        "Appropriate more for {year} first, then record the return."
    )


class RecoveryUnderWay(Refused):
    zh = "补贴 {award} 已有一部分依决定追缴，不能再按退汇冲回。请先将退回的款项挂账。"
    en = (
        "A part of award {award} is owed back by a ruling, so its payment is not undone as one that came back. "
        "Hold what came in suspense."
    )


class PaidThroughOwnBudget(Refused):
    zh = "补贴 {award} 由财政通过 {unit} 的本级预算支付，不经主管部门，{wanted_zh}须由财政在该单位预算中办理。"
    en = (
        "Award {award} is paid through the own budget of {unit}, not through the commission: it is {wanted_en} by "
        "finance in that budget."
    )


class AmountsUnreadable(Invalid):
    zh = "拟分配总额“{value}”应为正的整数分。"
    en = "The pool “{value}” should be a positive whole number of fen."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit, or a user, that is in the batch."""

    base: PartyBase
    grade: str


def sorted_out(
    terms: Subsidy, bases: Bases, members: Mapping[str, Member], evaluation: Evaluation | None, home: str = ""
) -> tuple[tuple[Candidate, ...], dict[str, tuple[Exclusion, str]]]:
    """Who is in the batch, and who is not and why; both by code.

    A unit joined in time when it was a member on the last day of the year whose income counts. A firm is supported
    where it works on that day.
    """
    chosen, excluded = [], {}
    published = evaluation.published if evaluation else None
    grades = {line.unit: line.grade.value for line in published.grades} if published else {}
    for code, base in sorted(bases.parties.items()):
        grade = grades.get(code, "")
        if base.cancelled:
            why: tuple[Exclusion, str] | None = (Exclusion.CANCELLED, "")
        elif terms.serves is Serves.USERS:
            why = _excluded_user(terms, base, home)
        else:
            why = _excluded_unit(terms, base, members.get(code), evaluation, grade, bases.year)
        if why:
            excluded[code] = why
        else:
            chosen.append(Candidate(base, grade))
    return tuple(chosen), excluded


def _excluded_unit(
    terms: Subsidy, base: PartyBase, member: Member | None, evaluation: Evaluation | None, grade: str, base_year: int
) -> tuple[Exclusion, str] | None:
    if terms.needs_membership:
        if member is None or not member.stands or member.joined_on is None:
            return Exclusion.NOT_A_MEMBER, ""
        if member.joined_on > date(base_year, 12, 31):
            return Exclusion.JOINED_LATE, member.joined_on.isoformat()
    if evaluation is None:
        return None
    if held := evaluation.rectifying.get(base.code):
        return Exclusion.IN_RECTIFICATION, held.number
    return None if grade else (Exclusion.NOT_PUBLISHED, evaluation.id)


def _excluded_user(terms: Subsidy, base: PartyBase, home: str) -> tuple[Exclusion, str] | None:
    if base.kind.value != terms.supported_users:
        return Exclusion.NOT_A_FIRM, base.kind.value
    if terms.needs_place:
        if not base.region:
            return Exclusion.PLACE_UNKNOWN, ""
        if not base.region.startswith(within(home)):
            return Exclusion.ELSEWHERE, base.region
    return None


def within(region: str) -> str:
    """What the codes of all places in a region begin with: province and city codes end in pairs of zeros."""
    return region.removesuffix("00").removesuffix("00")


def excluded_lines(excluded: Mapping[str, tuple[Exclusion, str]], base_fen: Mapping[str, int]) -> tuple[Excluded, ...]:
    return tuple(Excluded(unit, why, detail, base_fen[unit]) for unit, (why, detail) in sorted(excluded.items()))


def spread(awards: Sequence[Award], budget: Budget) -> tuple[AwardPart, ...]:
    """Which budget line bears which award: lines in their order, awards by unit; one award may stand on two lines.

    The caller has checked that the budget holds all of it.
    """
    room = {line.code: line.available_fen for line in budget.lines if line.available_fen}
    parts: list[AwardPart] = []
    for award in sorted(awards, key=lambda one: one.unit):
        left = award.awarded_fen
        while left:
            code = next(iter(room))
            taken = min(left, room[code])
            parts.append(AwardPart(award.number, code, taken, Charge(budget.year, code)))
            left -= taken
            room[code] -= taken
            if not room[code]:
                del room[code]
    return tuple(parts)


def check_evaluation(terms: Subsidy, evaluation: Evaluation | None, year: int) -> None:
    """Refuse grades that are not published, are of another year, or are missing where the subsidy needs them."""
    if evaluation is None:
        if terms.needs_grade:
            raise EvaluationNeeded(cite=str(terms.cites["needs_grade"]), scheme=terms.name)
        return
    if evaluation.year != year:
        raise EvaluationOfAnotherYear(year=year, evaluation=evaluation.id, evaluated=evaluation.year)
    if evaluation.published is None:
        raise EvaluationNotPublished(evaluation=evaluation.id)


def home_of(terms: Subsidy, operator: Party, year: int) -> str:
    """Region code of the bureau that pays, on the last day of the year whose records count; empty where none is asked.

    Raises:
        BureauWithoutPlace: the rules ask for it, and no paper says.
    """
    if not terms.needs_place:
        return ""
    last_day = date(year - terms.base_years_back, 12, 31)
    region = operator.region_on(last_day)
    if region is None:
        cited = str(terms.cites["needs_place"])
        raise BureauWithoutPlace(cite=cited, scheme=terms.name, operator=operator.code, on=last_day)
    return region


def check_pool(scheme: str, year: int, pool_fen: int, available_fen: int) -> None:
    if not pool_fen:
        raise PoolEmpty(scheme=scheme, year=year)
    if pool_fen > available_fen:
        raise PoolTooLarge(scheme=scheme, year=year, pool=yuan(pool_fen), available=yuan(available_fen))


def check_not_recovered(batch: Batch, award: str) -> None:
    """Refuse to undo a payment of which a part is owed back by a ruling."""
    if any(spent.recovered_fen for spent in batch.spent_on(award)):
        raise RecoveryUnderWay(award=award)


def check_passes_commission(award: Award, wanted: Words) -> None:
    """Refuse what moves the commission's money, of an award that never was there."""
    if award.own_budget:
        raise PaidThroughOwnBudget(award=award.number, unit=award.unit, wanted_zh=wanted.zh, wanted_en=wanted.en)


def check_state(batch: Batch, needed: BatchState, wanted: Words) -> None:
    if batch.state is not needed:
        raise BatchWrongState(batch, wanted)


def check_operator(batch: Batch, tenant: str) -> None:
    if batch.operator != tenant:
        raise BatchOfAnotherBureau(batch=batch.number, operator=batch.operator, tenant=tenant)
