"""Vouchers issued before the books began: recorded on a list, signed by finance, then vouchers like any other."""

from collections.abc import Iterator
from datetime import date

import pytest
from databases import Database
from programme import COMMISSION, FIRM, LINE, OTHER_FIRM, TOKENS, Programme, open_programme

from ledger.amounts import AmountNotWhole, AmountOutOfRange
from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.errors import Spoken
from ledger.registry.text import DateUnreadable, TextMissing
from ledger.vouchers.open_vouchers import KIND, ProposeOpening
from ledger.vouchers.record_opening import RecordOpening
from ledger.vouchers.store import CAPS, OPENING_LISTS, holder_cap
from policies.kernel.refusals import UnknownPolicy

LIST, LETTER = "期初1号", "京财预〔2016〕1号"


@pytest.fixture
def begun(database: Database) -> Iterator[Programme]:
    """Books that begin with 2017, and the budget of 2016."""
    with open_programme(database, TOKENS, date(2017, 1, 3)) as programme:
        programme.letter(1_000_000_00, year=2016, letter_number=LETTER)
        yield programme


def line(legacy_number: str = "16-1", **more: object) -> dict[str, object]:
    return {
        "tenant": COMMISSION,
        "list_number": LIST,
        "scheme": TOKENS,
        "legacy_number": legacy_number,
        "holder": FIRM,
        "issued_on": date(2016, 6, 1),
        "expires_on": date(2017, 5, 31),
        "face_fen": 50_000_00,
        "redeemed_fen": 20_000_00,
        "open_fen": 30_000_00,
        "letter_number": LETTER,
    } | more


def proposed(programme: Programme, list_number: str = LIST) -> str:
    """The hash of what finance is shown."""
    body = programme.do(ProposeOpening, "operator", tenant=COMMISSION, list_number=list_number)
    return str(body["approval"]["content_hash"])


def opened(programme: Programme, *lines: dict[str, object]) -> list[str]:
    """The vouchers, in the order of their old numbers."""
    for one in lines:
        programme.do(RecordOpening, "operator", **one)
    proposed(programme)
    programme.sign(KIND, LIST, "finance")
    return [
        number
        for (number,) in programme.rows(
            "SELECT v.number FROM voucher v JOIN voucher_opening o ON o.number = v.application ORDER BY o.legacy_number"
        )
    ]


def test_nothing_stands_in_the_books_before_finance_has_signed(begun: Programme) -> None:
    begun.do(RecordOpening, "operator", **line())
    proposed(begun)

    assert begun.rows("SELECT count(*) FROM voucher") == [(0,)]
    assert begun.budget("available", 2016) == 1_000_000_00
    assert begun.breaches() == []


def test_an_opened_voucher_is_used_like_any_other(begun: Programme) -> None:
    (voucher,) = opened(begun, line())
    found = begun.voucher(voucher)
    contract = begun.accepted(voucher, 10_000_00, 20_000_00)

    assert (found.face_fen, found.available_fen, found.issued_on) == (50_000_00, 30_000_00, date(2016, 6, 1))
    assert begun.face("redeemed", voucher, 2016) == 20_000_00
    begun.end_year(2016)
    claim = begun.file(contract)
    begun.paid(claim)
    assert begun.budget("expended", 2016) == 20_000_00
    assert begun.budget("expended", 2017) == 10_000_00
    assert begun.breaches() == []


def test_it_counts_as_an_application_before(begun: Programme) -> None:
    """The first application of Beijing gives ten vouchers only; whoever had some before is not a first applicant."""
    opened(begun, line())
    cap = begun.load(CAPS, holder_cap(FIRM, TOKENS))[holder_cap(FIRM, TOKENS)]

    assert cap.ever
    assert (cap.in_year(2016).issued_fen, cap.in_year(2017).issued_fen) == (50_000_00, 0)
    begun.letter()
    application = begun.apply(100_000_00)
    assert begun.grant(application, 100_000_00)["granted_fen"] == 100_000_00


def test_what_is_over_already_is_not_due_again(begun: Programme) -> None:
    over = line("16-1", expires_on=date(2016, 12, 31), open_fen=0)
    runs_out = line("16-2", expires_on=date(2017, 1, 2))
    opened(begun, over, runs_out)

    answer = begun.expire_due()

    assert len(answer["vouchers"]) == 1
    assert answer["expired_fen"] == 30_000_00
    begun.end_year(2016, "")
    assert begun.budget("lapsed", 2016) == 1_000_000_00 - 2 * 20_000_00
    assert begun.breaches() == []


def test_a_list_that_needs_more_than_its_letter_is_refused_when_it_is_signed(begun: Programme) -> None:
    for n in range(20):
        begun.do(RecordOpening, "operator", **line(f"16-{n}"))
    begun.do(RecordOpening, "operator", **line("16-20", face_fen=5_000_00, redeemed_fen=1, open_fen=0))
    shown = proposed(begun)

    refusal = begun.refused(Approve, "finance", subject_kind=KIND, subject=LIST, content_hash=shown)

    assert refusal.startswith("OpeningOverBudget"), refusal
    assert begun.rows("SELECT count(*) FROM voucher") == [(0,)]


def test_a_refused_list_frees_its_old_numbers(begun: Programme) -> None:
    begun.do(RecordOpening, "operator", **line())
    shown = proposed(begun)
    assert begun.refused(RecordOpening, "operator", **line(list_number="期初2号")).startswith("OldNumberRecorded")

    begun.do(Reject, "finance", subject_kind=KIND, subject=LIST, content_hash=shown, reason="余额不符")

    assert begun.refused(RecordOpening, "operator", **line("16-9")).startswith("ListProposed")
    begun.do(RecordOpening, "operator", **line(list_number="期初2号", open_fen=25_000_00))
    proposed(begun, "期初2号")
    begun.sign(KIND, "期初2号", "finance")
    assert begun.breaches() == []


def test_who_may_and_what_cannot_be(begun: Programme) -> None:
    asked = (
        ("finance", {}, "RoleMissingAt"),
        ("applicant", {}, "RoleMissingAt"),
        ("operator", {"holder": "91330000000000000X"}, "NotFound"),
        ("operator", {"issued_on": date(2017, 1, 1)}, "IssuedInTheBooks"),
        ("operator", {"expires_on": date(2016, 5, 31)}, "ExpiredBeforeIssue"),
        ("operator", {"open_fen": 30_000_01}, "MoreThanFace"),
        ("operator", {"open_fen": 29_999_99}, "NotWholeTokens"),
        ("operator", {"scheme": "jinyun-2017"}, "RuleNotYetInForce"),
        ("operator", {"letter_number": "京财预〔2016〕9号"}, "LetterUnknown"),
        ("operator", {"issued_on": date(2015, 6, 1)}, "LetterUnknown"),
    )
    for actor, more, code in asked:
        assert begun.refused(RecordOpening, actor, **line(**more)).startswith(code), (actor, more)
    assert begun.refused(ProposeOpening, "operator", tenant=COMMISSION, list_number=LIST).startswith("NotFound")


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        ({"face_fen": 0}, AmountOutOfRange),
        ({"redeemed_fen": -1}, AmountOutOfRange),
        ({"open_fen": 1.5}, AmountNotWhole),
        ({"legacy_number": " "}, TextMissing),
        ({"list_number": ""}, TextMissing),
        ({"issued_on": "2016-06-01"}, DateUnreadable),
        ({"scheme": "atlantis"}, UnknownPolicy),
    ],
)
def test_what_cannot_be_read_changes_nothing(begun: Programme, spoilt: dict[str, object], fault: type[Spoken]) -> None:
    with pytest.raises(Spoken) as error:
        begun.run(RecordOpening, "operator", **line(**spoilt))
    assert isinstance(error.value, fault) or type(error.value).__name__ == "NumberNotWhole", error.value
    assert begun.load(OPENING_LISTS, LIST) == {}


def test_the_order_of_recording_does_not_change_what_is_signed(begun: Programme) -> None:
    lines = [line("16-2"), line("16-1", holder=OTHER_FIRM)]
    for n, several in enumerate((lines, lines[::-1]), start=1):
        for one in several:
            begun.do(RecordOpening, "operator", **one | {"list_number": f"清单{n}"})
        shown = proposed(begun, f"清单{n}")
        begun.do(Reject, "finance", subject_kind=KIND, subject=f"清单{n}", content_hash=shown, reason="重做")

    first, second = (begun.load(OPENING_LISTS, f"清单{n}")[f"清单{n}"] for n in (1, 2))
    assert first.lines_hash() == second.lines_hash()


def test_a_year_within_the_books_is_not_opened(begun: Programme) -> None:
    begun.move(to=date(2018, 1, 3))
    facts = {"tenant": COMMISSION, "scheme": TOKENS, "year": 2017, "letter_number": "x", "amount_fen": 1, "line": LINE}

    refusal = begun.refused(ProposeAppropriation, "operator", **facts)

    assert refusal.startswith("YearNotCurrent")
