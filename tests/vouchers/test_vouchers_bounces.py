"""A payment that came back: what it paid is owed again, and its year's budget or a later one's pays it again."""

from datetime import date

import pytest
from programme import COMMISSION, FIRM, OTHER_UNIT, UNIT, Programme
from sqlalchemy import text
from test_vouchers_store import shift

from ledger.approvals.approve import Approve
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.fail_payment import FailPayment
from ledger.payments.return_payment import ReturnPayment
from ledger.payments.store import BATCHES, PAYABLES
from ledger.vouchers.claim_values import Charge
from ledger.vouchers.states import ClaimState, ContractState


def bounce(programme: Programme, batch: str, payable: str, **more: object) -> None:
    programme.do(ReturnPayment, "treasury", **returned(programme, batch, payable, **more))


def returned(programme: Programme, batch: str, payable: str, **more: object) -> dict[str, object]:
    return {
        "batch": batch,
        "payable": payable,
        "returned_on": programme.today,
        "bank_reference": f"退票-{batch}",
        "reason": "户名不符",
    } | more


def paid_claim(programme: Programme, amount_fen: int = 20_000_00) -> tuple[str, str, str]:
    """A claim of one contract that the bank has paid: claim, payable, batch."""
    contract = programme.accepted(programme.issue(amount_fen), amount_fen, 2 * amount_fen)
    claim = programme.file(contract)
    (payable,) = programme.approve(claim)
    batch = programme.batch(payable)
    programme.confirm(batch, payable)
    return claim, payable, batch


def standing(programme: Programme) -> dict[str, int]:
    return dict(
        programme.rows(
            "SELECT a.address, b.debits - b.credits FROM account a "
            "JOIN balance b ON b.book = a.book AND b.account = a.id WHERE b.debits <> b.credits"
        )
    )


def test_in_its_year_a_bounce_leaves_the_books_as_if_nothing_had_been_paid(programme: Programme) -> None:
    programme.letter()
    contract = programme.accepted(programme.issue(20_000_00), 20_000_00, 40_000_00)
    claim = programme.file(contract)
    (payable,) = programme.approve(claim)
    before = standing(programme)
    batch = programme.batch(payable)
    programme.confirm(batch, payable)
    programme.move(days=3)

    bounce(programme, batch, payable)

    assert standing(programme) == before
    assert programme.claim(claim).state is ClaimState.APPROVED
    assert programme.contract(contract).state is ContractState.APPROVED
    again = programme.batch(payable)
    programme.confirm(again, payable)
    assert programme.claim(claim).state is ClaimState.PAID
    assert programme.face("redeemed", programme.contract(contract).voucher, 2017) == 20_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_of_two_budget_lines_only_what_was_paid_comes_back(programme: Programme) -> None:
    """A claim over two lines is two payables; one bounces, the other stays paid."""
    programme.letter(20_000_00)
    first = programme.issue(20_000_00)
    programme.letter(20_000_00)
    second = programme.issue(20_000_00)
    contracts = [programme.accepted(voucher, 20_000_00, 40_000_00) for voucher in (first, second)]
    claim = programme.file(*contracts)
    payables = programme.approve(claim)
    batch = programme.batch(*payables)
    programme.confirm(batch, *payables)
    came_back = programme.claim(claim).payable(payables[0])

    bounce(programme, batch, payables[0])

    (line,) = programme.claim(claim).under(came_back.budget_line)
    assert programme.face("redeemed", line.voucher, 2017) == 0
    assert programme.budget("expended") == programme.budget("obligated") == 20_000_00
    assert [payable.paid for payable in programme.claim(claim).payables if payable.number != payables[0]] == [True]
    assert programme.breaches() == []


def test_after_its_year_the_next_budget_pays_under_its_own_letter(programme: Programme) -> None:
    programme.letter()
    programme.move(to=date(2017, 12, 1))
    claim, payable, batch = paid_claim(programme)
    programme.move(to=date(2018, 1, 4))
    line = programme.letter(50_000_00)

    bounce(programme, batch, payable)

    assert (programme.budget("expended"), programme.budget("bounced"), programme.budget("obligated")) == (
        0,
        20_000_00,
        0,
    )
    assert (programme.budget("available", 2018), programme.budget("obligated", 2018)) == (30_000_00, 20_000_00)
    assert programme.balance(f"prior-years:{COMMISSION}") == -20_000_00
    assert programme.claim(claim).payable(payable).charge == Charge(2018, line)
    again = programme.batch(payable)
    old, new = (programme.load(BATCHES, number)[number].lines[0] for number in (batch, again))
    assert (new.budget_line, new.document_number) == (line, programme.load(PAYABLES, payable)[payable].document_number)
    assert old.budget_line != line
    assert programme.request("payment.batch", batch).content_hash == programme.load(BATCHES, batch)[batch].content_hash
    programme.confirm(again, payable)
    assert (programme.budget("expended", 2018), programme.budget("obligated", 2018)) == (20_000_00, 0)
    assert programme.breaches() == []
    assert programme.faults() == []


def test_the_entry_names_the_law_from_memory_that_another_year_pays(programme: Programme) -> None:
    programme.letter()
    programme.move(to=date(2017, 12, 1))
    _, payable, batch = paid_claim(programme)
    programme.move(to=date(2018, 1, 4))
    programme.letter(50_000_00)
    bounce(programme, batch, payable)

    assert programme.rows("SELECT citation FROM entry WHERE template = 'voucher.bounce-later'") == [
        ("budget-law-2014#13, 18",)
    ]


def test_year_after_year_it_may_come_back(programme: Programme) -> None:
    programme.letter()
    programme.move(to=date(2017, 12, 1))
    _, payable, batch = paid_claim(programme)
    for year in (2018, 2019):
        programme.move(to=date(year, 1, 4))
        programme.letter(50_000_00)
        bounce(programme, batch, payable)
        assert programme.budget("obligated", year) == 20_000_00
        batch = programme.batch(payable)
        programme.confirm(batch, payable)

    assert [programme.budget("bounced", year) for year in (2017, 2018, 2019)] == [20_000_00, 20_000_00, 0]
    assert programme.budget("expended", 2019) == 20_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_without_a_budget_that_suffices_a_later_bounce_is_refused(programme: Programme) -> None:
    programme.letter()
    programme.move(to=date(2017, 12, 1))
    _, payable, batch = paid_claim(programme)
    programme.move(to=date(2018, 1, 4))

    none = programme.refused(ReturnPayment, "treasury", **returned(programme, batch, payable))
    programme.letter(19_999_99)
    little = programme.refused(ReturnPayment, "treasury", **returned(programme, batch, payable))

    assert none.startswith("LaterBudgetTooSmall")
    assert "0.00 in all" in none
    assert "19,999.99 in all" in little
    assert "Appropriate more for 2018 first" in little


def test_two_bounces_at_once_do_not_share_one_line_of_the_next_budget(programme: Programme) -> None:
    programme.letter()
    programme.move(to=date(2017, 12, 1))
    claims = [paid_claim(programme) for _ in range(2)]
    programme.move(to=date(2018, 1, 4))
    programme.letter(30_000_00)

    commands = [
        programme.command(ReturnPayment, "treasury", **returned(programme, batch, payable))
        for _, payable, batch in claims
    ]
    answers = [future.result() for future in programme.books.executor.submit_all(commands)]

    assert sorted(answer.accepted for answer in answers) == [False, True]
    assert programme.budget("available", 2018) == 10_000_00
    assert programme.breaches() == []


def test_what_the_bank_never_carried_out_stays_approved(programme: Programme) -> None:
    programme.letter()
    contract = programme.accepted(programme.issue(20_000_00), 20_000_00, 40_000_00)
    claim = programme.file(contract)
    (payable,) = programme.approve(claim)
    batch = programme.batch(payable)
    before = standing(programme)

    facts = {"batch": batch, "payable": payable, "failed_on": programme.today, "reason": "账户冻结"}
    programme.do(FailPayment, "treasury", **facts)

    assert standing(programme) == before
    assert programme.claim(claim).state is ClaimState.APPROVED
    programme.confirm(programme.batch(payable), payable)
    assert programme.faults() == []


def test_a_bounce_is_not_taken_back_by_reversing_its_entry(programme: Programme) -> None:
    programme.letter()
    _, payable, batch = paid_claim(programme)
    bounce(programme, batch, payable)
    ((seq,),) = programme.rows("SELECT seq FROM entry WHERE template = 'voucher.bounce'")

    said = programme.refused(
        ReverseEntry,
        "finance",
        seq=seq,
        effective_on=programme.today,
        reason="误记",
        second_person=programme.people["second finance"],
    )

    assert said.startswith("StepNotReversible")


@pytest.fixture
def bounced(programme: Programme) -> Programme:
    """One payment that came back after its year."""
    programme.letter()
    programme.move(to=date(2017, 12, 1))
    _, payable, batch = paid_claim(programme)
    programme.move(to=date(2018, 1, 4))
    programme.letter(50_000_00)
    bounce(programme, batch, payable)
    return programme


@pytest.mark.parametrize(
    ("prefix", "laws"),
    [
        ("budget:bounced:", {"vouchers.bounced", "budgets.appropriated"}),
        ("budget:obligated:%:2018", {"vouchers.obligated", "budgets.appropriated"}),
        ("budget:obligated:%:2017", {"vouchers.obligated", "budgets.appropriated"}),
    ],
)
def test_a_balance_out_of_step_breaks_the_laws_about_it(bounced: Programme, prefix: str, laws: set[str]) -> None:
    assert bounced.breaches() == []

    shift(bounced, prefix, 1)

    assert {breach[0] for breach in bounced.breaches()} == laws


def test_a_unit_sees_that_its_payment_came_back(bounced: Programme) -> None:
    def seen(party: str) -> int:
        with bounced.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return int(connection.execute(text("SELECT count(*) FROM voucher_claim_bounce")).scalar() or 0)

    assert [seen(party) for party in (UNIT, "*", OTHER_UNIT, FIRM, "")] == [1, 1, 0, 0, 0]


def test_a_frozen_list_keeps_the_budget_line_under_which_it_was_signed(bounced: Programme) -> None:
    """Its hash is computed again at the signature: the line of a later budget is in the new list only."""
    ((payable,),) = bounced.rows("SELECT payable FROM voucher_claim_bounce")
    batch = bounced.do(ComposeBatch, "finance", payables=(payable,))["batch"]
    shown = bounced.request("payment.batch", batch).content_hash

    facts = {"subject_kind": "payment.batch", "subject": batch, "content_hash": shown}
    assert "released_on" in bounced.do(Approve, "second finance", **facts)
