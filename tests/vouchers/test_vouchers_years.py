"""The end of a budget year: what is lost, what is carried over, who must have finished, and who finds it where."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from databases import Database
from programme import COMMISSION, FIRM, LINE, UNIT, Programme, open_programme
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.assembly import BOOK, Books
from ledger.budgets.appropriate import KIND as LETTER
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.budgets.end_year import KIND, ProposeYearEnd
from ledger.executor.clock import SimulatedClock
from ledger.executor.commands import Command
from ledger.executor.faults import Faults
from ledger.payments.return_payment import ReturnPayment
from ledger.reports.carried import carried_lines
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.review_claim import KIND as CLAIM

NEW_YEAR = date(2018, 1, 8)
END = {"scheme": "jinyun-2017", "year": 2017, "document_number": "财结〔2018〕1号"}


def signature(programme: Programme, kind: str, subject: str, by: str) -> Command:
    shown = programme.request(kind, subject).content_hash
    command: Command = programme.command(Approve, by, subject_kind=kind, subject=subject, content_hash=shown)
    return command


# -- what is refused ---------------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[str, dict[str, object]]] = {
    "YearNotOver": ("today is 2018-01-08", {"year": 2018}),
    "NoBudget": ("has no budget posted for 2016", {"year": 2016}),
    "DocumentMissing": ("50,000.00 yuan", {"document_number": " "}),
    "RoleMissingAt": ("", {"actor": "officer"}),
    "BudgetOfAnotherBureau": (f"belongs to {COMMISSION}", {"actor": "finance", "tenant": "finance"}),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_ended_is_refused_with_its_reason(programme: Programme, code: str) -> None:
    programme.letter()
    programme.issue(50_000_00)
    programme.move(to=NEW_YEAR)
    programme.letter()
    words, changes = REFUSED[code]
    facts = dict(END) | {name: value for name, value in changes.items() if name not in {"actor", "tenant"}}
    command = programme.command(ProposeYearEnd, str(changes.get("actor", "operator")), **facts)
    if "tenant" in changes:
        bureau = programme.rows("SELECT organisation FROM person_role WHERE role = 'finance' LIMIT 1")[0][0]
        command = programme.command(ProposeYearEnd, "finance", tenant=bureau, **facts)

    answer = programme.books.executor.run(command)

    assert (answer.accepted, answer.body["code"]) == (False, code)
    assert words in answer.body["en"]


def test_what_expired_in_the_year_lapses_in_it(database: Database) -> None:
    """It is posted first: carried over, it would lapse a year too late."""
    with open_programme(database, day=date(2017, 1, 3)) as programme:
        programme.letter()
        voucher = programme.issue(50_000_00)
        programme.move(to=NEW_YEAR)

        refusal = programme.refused(ProposeYearEnd, "operator", **END)
        programme.expire_due()
        ended = programme.end_year(document_number="")

        assert refusal.startswith("ExpiriesNotPosted")
        assert voucher in refusal
        assert (ended["lapsed_fen"], ended["carried_fen"]) == (10_000_000_00 - 50_000_00, 0)
        assert programme.budget("lapsed") == 10_000_000_00
        assert programme.budget("carried-in", 2018) == 0
        assert programme.faults() == []


def test_years_end_in_their_order(programme: Programme) -> None:
    programme.letter()
    programme.file(programme.accepted(programme.issue(50_000_00), 10_000_00, 20_000_00))
    programme.move(to=NEW_YEAR)
    programme.letter(1_000_00)
    programme.move(to=date(2019, 1, 7))
    programme.expire_due()

    refusal = programme.refused(ProposeYearEnd, "operator", **END | {"year": 2018})

    assert refusal.startswith("EarlierYearOpen")
    assert "End 2017 first, then 2018" in refusal
    programme.end_year(2017)
    programme.end_year(2018)
    assert programme.breaches() == []


def test_a_letter_of_the_year_comes_too_late_once_it_has_ended(programme: Programme) -> None:
    """Proposed in December, signed in January."""
    programme.letter()
    programme.move(to=date(2017, 12, 29))
    facts = {"letter_number": "财预〔2017〕99号", "amount_fen": 1_000_00, "line": LINE}
    late = programme.do(ProposeAppropriation, "operator", scheme="jinyun-2017", year=2017, **facts)["appropriation"]
    programme.move(to=NEW_YEAR)
    programme.end_year()
    shown = {"subject_kind": LETTER, "subject": late, "content_hash": programme.request(LETTER, late).content_hash}

    refusal = programme.refused(Approve, "finance", **shown)

    assert refusal.startswith("YearEnded")
    programme.do(Reject, "finance", **shown, reason="年度已结转")
    assert programme.faults() == []


def test_who_said_no_is_asked_again_with_a_new_proposal(programme: Programme) -> None:
    programme.letter()
    programme.move(to=NEW_YEAR)
    first = programme.do(ProposeYearEnd, "operator", **END)["approval"]
    shown = {"subject_kind": KIND, "subject": "jinyun-2017:2017", "content_hash": first["content_hash"]}
    programme.do(Reject, "finance", **shown, reason="文号有误")

    assert programme.refused(Approve, "second finance", **shown).startswith("NotAwaiting")
    ended = programme.end_year()

    assert ended["lapsed_fen"] == 10_000_000_00
    assert programme.rows("SELECT version FROM voucher_year_end") == [(2,)]


def test_a_signature_on_a_year_that_never_was_is_refused(programme: Programme) -> None:
    for subject in ("jinyun-2017:2017", "jinyun-2017", "x:y:20170", ""):
        facts = {"subject_kind": KIND, "subject": subject, "content_hash": "0" * 64}
        assert programme.refused(Approve, "finance", **facts).startswith("NotFound")


# -- who finds it where ------------------------------------------------------------------------------------------------


def test_a_claim_that_takes_years_is_paid_from_the_year_it_was_carried_to(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    claim = programme.file(programme.accepted(voucher, 10_000_00, 20_000_00))
    programme.move(to=NEW_YEAR)
    programme.end_year(2017)
    programme.move(to=date(2019, 1, 7))
    programme.expire_due()
    programme.end_year(2018, "财结〔2019〕1号")

    programme.paid(claim)

    assert programme.claim(claim).budget_year == programme.voucher(voucher).budget_year == 2019
    assert programme.face("redeemed", voucher, 2019) == programme.budget("expended", 2019) == 10_000_00
    assert [programme.budget("carried-out", year) for year in (2017, 2018)] == [50_000_00, 10_000_00]
    assert [programme.budget("lapsed", year) for year in (2017, 2018)] == [10_000_000_00 - 50_000_00, 40_000_00]
    assert programme.faults() == []


def test_vouchers_of_two_years_with_one_budget_go_into_one_claim(programme: Programme) -> None:
    """What was carried over and what was issued this year is paid by the same year, and not before the carry-over."""
    programme.letter()
    programme.move(to=date(2017, 12, 1))
    old = programme.accepted(programme.issue(20_000_00), 10_000_00, 20_000_00)
    programme.move(to=NEW_YEAR)
    programme.letter()
    new = programme.accepted(programme.issue(20_000_00), 10_000_00, 20_000_00)

    mixed = programme.refused(FileClaim, "officer", unit=UNIT, contracts=(old, new))
    assert mixed.startswith("MixedClaim")
    programme.end_year()
    claim = programme.file(old, new)
    programme.paid(claim)

    assert programme.budget("expended", 2018) == 20_000_00
    assert programme.faults() == []


def test_what_is_sent_back_after_the_carry_over_is_claimed_again(programme: Programme) -> None:
    programme.letter()
    contract = programme.accepted(programme.issue(20_000_00), 10_000_00, 20_000_00)
    claim = programme.file(contract)
    programme.review(claim)
    programme.move(to=NEW_YEAR)
    programme.end_year()
    shown = programme.request(CLAIM, claim).content_hash
    programme.do(Reject, "finance", subject_kind=CLAIM, subject=claim, content_hash=shown, reason="发票不清")

    programme.paid(programme.file(contract))

    assert programme.budget("expended", 2018) == 10_000_00
    assert programme.faults() == []


def paid_claim(programme: Programme, paid_on: date) -> tuple[str, dict[str, object]]:
    """A claim approved in 2017, and what the bank says when its payment comes back."""
    claim = programme.file(programme.accepted(programme.issue(20_000_00), 10_000_00, 20_000_00))
    (payable,) = programme.approve(claim)
    programme.move(to=max(paid_on, programme.today))
    batch = programme.batch(payable)
    programme.confirm(batch, payable)
    return claim, {"batch": batch, "payable": payable, "bank_reference": "退1", "reason": "户名不符"}


def test_what_comes_back_after_its_budget_has_ended_is_carried_over_like_the_rest(programme: Programme) -> None:
    """Paid in the first days of January from the old year's budget, which has ended since."""
    programme.letter()
    claim, slip = paid_claim(programme, paid_on=date(2018, 1, 3))
    programme.move(to=date(2018, 1, 15))
    programme.expire_due()
    programme.end_year()

    programme.do(ReturnPayment, "treasury", **slip, returned_on=programme.today)

    assert programme.budget("expended") == 0
    assert programme.budget("carried-out") == programme.budget("carried-in", 2018) == 10_000_00
    assert programme.budget("obligated", 2018) == 10_000_00
    assert programme.faults() == []
    (payable,) = programme.claim(claim).payables
    programme.confirm(programme.batch(payable.number), payable.number)
    assert programme.budget("expended", 2018) == 10_000_00
    assert programme.faults() == []


def test_what_came_back_in_a_year_that_has_ended_since_is_paid_by_the_year_that_goes_on(programme: Programme) -> None:
    """No letter can be posted any more for the year in which it came back."""
    programme.letter()
    _, slip = paid_claim(programme, paid_on=programme.today)
    for year in (2018, 2019):
        programme.move(to=date(year, 1, 8))
        programme.letter()
        programme.expire_due()
        programme.end_year(year - 1, f"财结〔{year}〕1号")

    programme.do(ReturnPayment, "treasury", **slip, returned_on=date(2018, 12, 28))

    assert (programme.budget("bounced"), programme.budget("obligated", 2019)) == (10_000_00, 10_000_00)
    assert programme.budget("obligated", 2018) == 0
    assert programme.faults() == []


# -- at once -----------------------------------------------------------------------------------------------------------


class Pause(Faults):
    """Stops whoever has loaded what it decides on, until it is let go."""

    def __init__(self) -> None:
        self.reached, self._go_on = threading.Event(), threading.Event()

    def at(self, point: str) -> None:
        if point == "after-load":
            self.reached.set()
            assert self._go_on.wait(30)

    def let_go(self) -> None:
        self._go_on.set()


def test_nobody_posts_on_a_budget_while_its_year_ends(programme: Programme) -> None:
    """A claim that is approved at the same moment is approved on the budget to which it was carried."""
    programme.letter()
    voucher = programme.issue(50_000_00)
    claim = programme.file(programme.accepted(voucher, 10_000_00, 20_000_00))
    programme.review(claim)
    programme.move(to=NEW_YEAR)
    programme.books.executor.run(signature(programme, CLAIM, claim, "finance"))
    programme.do(ProposeYearEnd, "operator", **END)
    year_end = signature(programme, KIND, "jinyun-2017:2017", "finance")
    approval = signature(programme, CLAIM, claim, "second finance")
    clock = SimulatedClock(datetime.combine(programme.today, datetime.min.time(), UTC) + timedelta(hours=2))
    pause = Pause()

    with Books(programme.database.writer, clock=clock, faults=pause, built=programme.house) as other:
        ending = other.executor.submit(year_end)
        assert pause.reached.wait(30)
        approving = programme.books.executor.submit(approval)
        with pytest.raises(TimeoutError):
            approving.result(0.3)
        pause.let_go()
        answers = [ending.result(30), approving.result(30)]

    assert all(answer.accepted for answer in answers)
    assert (programme.budget("obligated", 2018), programme.budget("committed", 2018)) == (10_000_00, 40_000_00)
    assert programme.breaches() == []
    assert programme.faults() == []


# -- the second wall ---------------------------------------------------------------------------------------------------


@pytest.fixture
def ended(programme: Programme) -> Programme:
    programme.letter()
    programme.issue(50_000_00)
    programme.move(to=NEW_YEAR)
    programme.end_year()
    return programme


ENDED = "SELECT book, command, scheme, {year}, version, operator, ended_on, person FROM voucher_year_end"
PROPOSED = (
    "SELECT book, command, scheme, year, 2, operator, {document}, lapsed_fen, carried_fen, maker, {day} "
    "FROM voucher_year_end_proposal"
)
MAY_NOT_BE = {
    "a year that ends twice": ("voucher_year_end", ENDED.format(year="year"), "voucher_year_end_pkey"),
    "an end that nobody proposed": ("voucher_year_end", ENDED.format(year="2019"), "fk_voucher_year_end_proposal"),
    "a carry-over without a document": (
        "voucher_year_end_proposal",
        PROPOSED.format(document="''", day="proposed_on"),
        "ck_voucher_year_end_proposal_document",
    ),
    "an end proposed within its year": (
        "voucher_year_end_proposal",
        PROPOSED.format(document="document_number", day="date '2017-12-31'"),
        "voucher_year_end_proposal_check",
    ),
}


@pytest.mark.parametrize("what", MAY_NOT_BE)
def test_the_writer_cannot_write_what_may_not_be(ended: Programme, what: str) -> None:
    table, rows, constraint = MAY_NOT_BE[what]
    with pytest.raises(DBAPIError, match=constraint), ended.database.writer.begin() as connection:
        connection.execute(text(f"INSERT INTO {table} {rows}"))


def test_only_the_commission_sees_how_its_year_ended(ended: Programme) -> None:
    def seen(party: str) -> list[Any]:
        with ended.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return [
                connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
                for table in ("voucher_year_end_proposal", "voucher_year_end")
            ]

    assert seen(COMMISSION) == seen("*") == [1, 1]
    assert seen(FIRM) == seen("") == [0, 0]


@pytest.mark.parametrize(
    ("prefix", "laws"),
    [
        ("budget:carried-out:", {"budgets.carried", "budgets.appropriated"}),
        ("budget:carried-in:", {"budgets.carried", "budgets.appropriated"}),
        ("budget:committed:jinyun-2017:2018", {"vouchers.committed", "budgets.appropriated"}),
        (
            "budget:committed:jinyun-2017:2017",
            {"vouchers.committed", "budgets.appropriated", "budgets.ended-years"},
        ),
        ("budget:lapsed:", {"budgets.appropriated"}),
    ],
)
def test_a_balance_out_of_step_breaks_the_laws_about_it(ended: Programme, prefix: str, laws: set[str]) -> None:
    assert ended.breaches() == []
    with ended.database.owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE balance SET debits = debits + CASE floor WHEN 'D' THEN 2 ELSE 1 END, "
                "credits = credits + CASE floor WHEN 'D' THEN 1 ELSE 2 END WHERE account = ("
                "SELECT id FROM account WHERE address LIKE :prefix || '%' LIMIT 1)"
            ),
            {"prefix": prefix},
        )

    assert {breach[0] for breach in ended.breaches()} == laws


# -- what is carried for years -----------------------------------------------------------------------------------------


def test_what_is_carried_for_two_years_is_listed_as_surplus(programme: Programme) -> None:
    """For the finance bureau to sweep; the books leave it where it stands."""
    line = programme.letter()
    claim = programme.file(programme.accepted(programme.issue(50_000_00), 10_000_00, 20_000_00))
    programme.move(to=NEW_YEAR)
    programme.end_year(2017)
    programme.move(to=date(2019, 1, 7))
    programme.expire_due()
    programme.end_year(2018, "财结〔2019〕1号")

    with programme.database.writer.connect() as connection:
        (found,) = carried_lines(connection, BOOK, programme.today)

    assert (found.budget_line, found.appropriated_for, found.stands_in) == (line, 2017, 2019)
    assert (found.committed_fen, found.obligated_fen) == (10_000_00, 0)
    assert (found.letter_number, found.document_number) == ("财预〔2017〕1号", "财结〔2019〕1号")
    assert (found.surplus_from, str(found.cite)) == (date(2020, 1, 1), "budget-law-2014#42")
    assert found.cite.confidence == "from-memory"
    assert [found.is_surplus(day) for day in (date(2019, 12, 31), date(2020, 1, 1))] == [False, True]
    programme.paid(claim)
    with programme.database.writer.connect() as connection:
        assert carried_lines(connection, BOOK, programme.today) == []
