"""Objections during the public notice: who records them, who answers, and what finance is kept from."""

from datetime import timedelta

import pytest
from programme import Programme

from ledger.approvals.approve import Approve
from ledger.approvals.listing import BEFORE_ALL, waiting
from ledger.approvals.reject import Reject
from ledger.approvals.values import RequestStatus
from ledger.assembly import BOOK
from ledger.executor.reading import Reader
from ledger.vouchers.answer_objection import AnswerObjection
from ledger.vouchers.raise_objection import RaiseObjection
from ledger.vouchers.review_claim import KIND
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import OBJECTIONS


@pytest.fixture
def claim(programme: Programme) -> str:
    """On public notice."""
    programme.letter()
    number = programme.file(programme.accepted(programme.issue(), 10_000_00, 20_000_00))
    programme.review(number)
    return number


def raised(programme: Programme, claim: str, file_number: str = "信访〔2017〕1号") -> str:
    facts = {"claim": claim, "file_number": file_number, "reason": "该检测已获区级补贴"}
    return str(programme.do(RaiseObjection, "operator", **facts)["objection"])


def answering(claim: str, objection: str, *, upheld: bool) -> dict[str, object]:
    return {"claim": claim, "objection": objection, "upheld": upheld, "reason": "已核查"}


def test_the_last_signature_waits_for_every_answer(programme: Programme, claim: str) -> None:
    first, second = raised(programme, claim), raised(programme, claim, "信访〔2017〕2号")
    programme.do(AnswerObjection, "second operator", **answering(claim, first, upheld=False))
    programme.move(to=programme.claim(claim).notice_until + timedelta(days=1))  # type: ignore[operator]  # it was passed
    programme.sign(KIND, claim, "finance")
    shown = programme.request(KIND, claim).content_hash

    facts = {"subject_kind": KIND, "subject": claim, "content_hash": shown}
    refusal = programme.refused(Approve, "second finance", **facts)
    programme.do(AnswerObjection, "second operator", **answering(claim, second, upheld=False))
    programme.sign(KIND, claim, "second finance")

    assert refusal.startswith("ObjectionOpen: Objections to claim")
    assert second in refusal
    assert first not in refusal
    assert programme.claim(claim).state is ClaimState.APPROVED
    assert programme.faults() == []


def test_what_is_upheld_goes_back_and_nobody_is_asked_any_more(programme: Programme, claim: str) -> None:
    programme.sign(KIND, claim, "finance")
    objection = raised(programme, claim)
    answer = programme.do(AnswerObjection, "second operator", **answering(claim, objection, upheld=True))

    found = programme.claim(claim)
    assert (found.state, found.correct_until.isoformat()) == (ClaimState.RETURNED, answer["correct_until"])  # type: ignore[union-attr]  # it was sent back
    assert found.sent_back == "已核查"
    assert programme.request(KIND, claim).status is RequestStatus.LAPSED
    with programme.database.writer.connect() as connection:
        numbers = [asked.request.number for asked in waiting(Reader(connection, BOOK), BEFORE_ALL, 100)]
    assert f"{KIND}:{claim}" not in numbers
    late = answering(claim, objection, upheld=False)
    assert programme.refused(AnswerObjection, "second operator", **late).startswith("ObjectionAnswered")
    assert programme.breaches() == []
    assert programme.faults() == []


def test_finance_may_send_back_what_is_objected_to(programme: Programme, claim: str) -> None:
    """Its no needs no answer; the objection then has nothing to be answered for."""
    objection = raised(programme, claim)
    shown = programme.request(KIND, claim).content_hash
    no = {"subject_kind": KIND, "subject": claim, "content_hash": shown, "reason": "异议属实"}
    programme.do(Reject, "finance", **no)

    assert programme.claim(claim).state is ClaimState.RETURNED
    moot = answering(claim, objection, upheld=True)
    assert programme.refused(AnswerObjection, "second operator", **moot).startswith("WrongState")


def test_an_objection_is_recorded_once_and_in_time(programme: Programme, claim: str) -> None:
    raised(programme, claim)
    again = {"claim": claim, "file_number": "信访〔2017〕1号", "reason": "同上"}

    assert programme.refused(RaiseObjection, "operator", **again).startswith("ObjectionKnown")
    programme.move(to=programme.claim(claim).notice_until + timedelta(days=1))  # type: ignore[operator]  # it was passed
    late = again | {"file_number": "信访〔2017〕9号"}
    assert programme.refused(RaiseObjection, "operator", **late).startswith("NoticeOver")
    assert len(programme.load(OBJECTIONS, claim)[claim]) == 1


def test_only_the_commission_records_and_answers(programme: Programme, claim: str) -> None:
    facts = {"claim": claim, "file_number": "信访〔2017〕1号", "reason": "x"}
    objection = raised(programme, claim, "信访〔2017〕3号")

    for person in ("officer", "applicant", "finance"):
        assert programme.refused(RaiseObjection, person, **facts).startswith("RoleMissing")
        answer = answering(claim, objection, upheld=True)
        assert programme.refused(AnswerObjection, person, **answer).startswith("RoleMissing")
    own = programme.refused(AnswerObjection, "operator", **answering(claim, objection, upheld=False))
    assert own.startswith("OwnReviewAnswered")
    nothing = answering(claim, "OBJ-none", upheld=False)
    assert programme.refused(AnswerObjection, "second operator", **nothing).startswith("NotFound")
