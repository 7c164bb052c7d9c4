"""What is owed back, from the decision to the last fen, on real books, and everything that is refused on the way."""

from datetime import date
from typing import Any

import pytest
from debts import PLAIN, Desk
from office import COMMISSION, FIRM, OTHER_UNIT

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.obligations.charge_interest import ChargeInterest
from ledger.obligations.offset import OffsetRecovery
from ledger.obligations.receive import ReceiveRecovery
from ledger.obligations.remit import RemitRecovery
from ledger.obligations.steps import subject_kind
from ledger.obligations.values import ObligationState, Parts, StepKind
from ledger.obligations.write_off import WriteOffRecovery
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.store import BATCHES, PAYABLES
from ledger.payments.values import PAYMENT_BATCH
from ledger.registry.set_calendar_days import SetCalendarDays
from ledger.registry.text import TextMissing

DECIDED = date(2017, 7, 3)
DUE = date(2017, 7, 24)
"""Fifteen working days after Monday 3 July 2017."""


@pytest.fixture
def owed(desk: Desk) -> str:
    """10,000.00 were spent in 2017 and are owed back since 3 July."""
    desk.spend(10_000_00)
    desk.move(DECIDED)
    return desk.owed(10_000_00)


def write_off(desk: Desk, obligation: str, amount_fen: int) -> dict[str, Any]:
    facts = {"obligation": obligation, "amount_fen": amount_fen, "decision_number": "销1号", "reason": "已破产"}
    return desk.step(StepKind.WRITE_OFF, WriteOffRecovery, "operator", **facts)


def interest(obligation: str, until: date) -> dict[str, object]:
    return {"obligation": obligation, "until": until, "decision_number": "加1号"}


def charge(desk: Desk, obligation: str, until: date) -> dict[str, Any]:
    return desk.step(StepKind.INTEREST, ChargeInterest, "operator", **interest(obligation, until))


def remit(desk: Desk, obligation: str, number: str = "缴1号") -> dict[str, Any]:
    facts = {"obligation": obligation, "remitted_on": desk.today, "remittance_number": number}
    return desk.step(StepKind.REMITTANCE, RemitRecovery, **facts)


# -- the roads ---------------------------------------------------------------------------------------------------------


def test_a_decision_takes_back_the_expense_and_is_owed_on_both_sides(desk: Desk, owed: str) -> None:
    obligation = desk.obligation(owed)

    assert (obligation.due_on, obligation.due_provisional) == (DUE, False)
    assert obligation.open_parts == Parts(10_000_00, 0)
    assert desk.standing(owed) == {
        "recovering": 10_000_00,
        "1218": 10_000_00,
        "4001": 10_000_00,
        "2307": 10_000_00,
        "bank of U": 10_000_00,
    }
    desk.well()


def test_what_comes_in_its_year_may_be_spent_again(desk: Desk, owed: str) -> None:
    """4,000.00 and then the rest: the treasury has it back, and the budget is available once more."""
    first = desk.receive(owed, 4_000_00, "回单1")
    half_way = desk.standing(owed)
    desk.receive(owed, 6_000_00, "回单2")

    assert (first["principal_fen"], first["interest_fen"]) == (4_000_00, 0)
    assert half_way == {
        "recovering": 6_000_00,
        "reinstated": 4_000_00,
        "available": 4_000_00,
        "1218": 6_000_00,
        "4001": 6_000_00,
        "2307": 6_000_00,
        "bank of U": 6_000_00,
    }
    assert desk.standing(owed) == {"reinstated": 10_000_00, "available": 10_000_00}
    assert desk.obligation(owed).state(desk.today) is ObligationState.SETTLED
    desk.well()


def test_what_is_decided_and_comes_after_its_year_goes_to_the_treasury(desk: Desk) -> None:
    desk.spend(10_000_00)
    desk.open_next_year()
    desk.move(date(2018, 2, 1))
    owed = desk.owed(10_000_00)

    decided = desk.standing(owed)
    desk.receive(owed, 10_000_00)
    received = desk.standing(owed)
    remitted = remit(desk, owed)

    spent = {"4001": 10_000_00, "5001": 10_000_00}
    assert decided == spent | {
        "recovering": 10_000_00,
        "1218": 10_000_00,
        "2103": 10_000_00,
        "2307": 10_000_00,
        "bank of U": 10_000_00,
    }
    assert received == spent | {"recovered": 10_000_00, "2103": 10_000_00, "bank": 10_000_00}
    assert remitted["amount_fen"] == 10_000_00
    assert desk.standing(owed) == spent | {"recovered": 10_000_00}
    desk.well()


def test_what_was_decided_in_its_year_and_comes_later_is_the_treasurys_too(desk: Desk, owed: str) -> None:
    """The year that was relieved of the expense is over: its surplus is corrected."""
    desk.open_next_year()
    desk.move(date(2018, 1, 8))

    desk.receive(owed, 10_000_00)
    received = desk.standing(owed)
    remit(desk, owed)

    assert received == {
        "recovered": 10_000_00,
        "2103": 10_000_00,
        "3501": -10_000_00,
        "bank": 10_000_00,
        "4001": 10_000_00,
    }
    assert desk.standing(owed) == {"recovered": 10_000_00, "3501": -10_000_00, "4001": 10_000_00}
    desk.well()


def test_late_interest_offset_and_the_rest_written_off(desk: Desk, owed: str) -> None:
    """10,000.00, due on 24 July. 4,000.00 come ten days late, the rest is thirty days late on 23 August.

    4,000.00 for 10 days and 6,000.00 for 30 days: 22,000,000 fen-days, at 0.05 % 110.00.
    """
    desk.move(date(2017, 8, 3))
    desk.receive(owed, 4_000_00)
    desk.move(date(2017, 8, 23))
    charged = charge(desk, owed, date(2017, 8, 23))
    award = desk.award(5_000_00)
    offset = desk.offset(owed, award, 5_000_00)
    written_off = write_off(desk, owed, 1_110_00)

    assert charged["amount_fen"] == 110_00
    assert (offset["principal_fen"], offset["interest_fen"], offset["left"]) == (5_000_00, 0, 0)
    assert (written_off["principal_fen"], written_off["interest_fen"]) == (1_000_00, 110_00)
    assert desk.standing(owed) == {
        "reinstated": 9_000_00,
        "available": 9_000_00,
        "written off": 1_000_00,
        "2103": 110_00,
        "loss": 1_110_00,
        "4001": 6_000_00,
        "5001": 5_000_00,
        "2307": 1_110_00,  # what is written off is owed all the same
        "late": 110_00,
        "bank of U": 6_000_00,
    }
    assert desk.obligation(owed).open_fen == 0
    desk.well()


def test_interest_that_came_by_bank_is_the_treasurys_and_what_was_set_off_it_has(desk: Desk, owed: str) -> None:
    """30 days on 10,000.00 are 150.00. 10,100.00 come by bank, of which 100.00 are interest; 50.00 are set off."""
    desk.move(date(2017, 8, 23))
    charge(desk, owed, date(2017, 8, 23))
    desk.receive(owed, 10_100_00)
    desk.offset(owed, desk.award(50_00), 50_00)
    before = desk.standing(owed)

    remitted = remit(desk, owed)

    assert (before["2103"], before["bank"]) == (150_00, 100_00)
    assert remitted["amount_fen"] == 150_00
    after = desk.standing(owed)
    assert {name: after.get(name, 0) - before.get(name, 0) for name in ("2103", "bank", "4001")} == {
        "2103": -150_00,
        "bank": -100_00,
        "4001": 50_00,
    }
    assert office_refuses_remittance(desk, owed).startswith("NothingToRemit")
    desk.well()


def office_refuses_remittance(desk: Desk, obligation: str) -> str:
    return desk.office.refused(
        RemitRecovery, "treasury", obligation=obligation, remitted_on=desk.today, remittance_number="缴2号"
    )


def test_what_is_set_off_is_not_paid_by_the_bank(desk: Desk, owed: str) -> None:
    """An award of 3,000.00: 2,000.00 are kept, the bank pays 1,000.00."""
    award = desk.award(3_000_00)
    desk.offset(owed, award, 2_000_00)

    batch = desk.office.do(ComposeBatch, "treasury", payables=(award,))["batch"]
    desk.office.sign(PAYMENT_BATCH, batch, "finance")
    desk.office.do(ConfirmPayment, "finance", batch=batch, paid_on=desk.today, lines=((award, "回单9"),))

    assert desk.office.load(BATCHES, batch)[batch].total_fen == 1_000_00
    assert desk.office.load(PAYABLES, award)[award].offset_fen == 2_000_00
    assert desk.obligation(owed).open_fen == 8_000_00
    desk.well()


def test_a_debtor_without_books_has_no_side_here(desk: Desk) -> None:
    desk.spend(10_000_00, payee=FIRM)
    owed = desk.owed(10_000_00, debtor=FIRM, keeps_books=False)

    desk.receive(owed, 10_000_00)

    assert "2307" not in desk.standing(owed)
    assert desk.office.rows("SELECT count(*) FROM account WHERE address LIKE 'owed-to-fiscal:%'") == [(0,)]
    desk.well()


def test_working_days_that_an_operator_entered_move_the_due_date(desk: Desk) -> None:
    desk.spend(10_000_00)
    desk.move(DECIDED)
    desk.office.do(SetCalendarDays, "operator", notice="防汛通知", off=(date(2017, 7, 10),))

    assert desk.obligation(desk.owed()).due_on == date(2017, 7, 25)


# -- amounts -----------------------------------------------------------------------------------------------------------


def test_never_more_than_is_open_and_not_spoken_for(desk: Desk, owed: str) -> None:
    """6,000.00 wait for a signature: 4,000.01 are too much until that step is refused."""
    waiting = desk.office.do(ReceiveRecovery, "treasury", **desk.receipt(owed, 6_000_00))

    said = desk.office.refused(ReceiveRecovery, "treasury", **desk.receipt(owed, 4_000_01, "回单2"))
    refuse(desk, StepKind.RECEIPT, waiting["step"])
    desk.receive(owed, 10_000_00, "回单3")

    assert said.startswith("MoreThanOwed")
    assert "open with 10,000.00 yuan, 6,000.00 of it" in said
    nothing = desk.office.refused(WriteOffRecovery, "operator", **WRITE_OFF | {"obligation": owed})
    assert nothing.startswith("NothingOwed")


WRITE_OFF = {"amount_fen": 1, "decision_number": "销1号", "reason": "已破产"}


def refuse(desk: Desk, kind: StepKind, step: str) -> None:
    shown = desk.office.request(subject_kind(kind), step).content_hash
    desk.office.do(
        Reject, "finance", subject_kind=subject_kind(kind), subject=step, content_hash=shown, reason="金额有误"
    )


def test_a_slip_of_the_bank_counts_once(desk: Desk, owed: str) -> None:
    """For whichever obligation; and again when what it was recorded as was refused."""
    desk.spend(5_000_00)
    other = desk.owed(5_000_00)
    first = desk.office.do(ReceiveRecovery, "treasury", **desk.receipt(owed, 6_000_00, "回单7"))

    said = [desk.office.refused(ReceiveRecovery, "finance", **desk.receipt(of, 1_00, " 回单7")) for of in (owed, other)]
    refuse(desk, StepKind.RECEIPT, first["step"])
    desk.receive(other, 5_000_00, "回单7")

    assert all(sentence.startswith("SlipCounted") and owed in sentence for sentence in said)
    assert desk.office.refused(ReceiveRecovery, "finance", **desk.receipt(owed, 1_00, "回单7")).startswith(
        "SlipCounted"
    )
    desk.well()


def test_fifty_receipts_at_once_never_exceed_what_is_open(desk: Desk, owed: str) -> None:
    futures = desk.office.books.executor.submit_all(
        [
            desk.office.command(ReceiveRecovery, "treasury", **desk.receipt(owed, 3_000_00, f"回单{n}"))
            for n in range(50)
        ]
    )

    assert sum(future.result().accepted for future in futures) == 3
    assert desk.obligation(owed).pending_fen == 9_000_00


def test_a_receipt_is_dated_by_its_slip(desk: Desk, owed: str) -> None:
    """Recorded late, it was in time: nothing is late, and whoever recorded it stands for the date."""
    desk.move(date(2017, 8, 23))

    desk.receive(owed, 10_000_00, on=DUE)

    assert desk.office.rows("SELECT effective_on, second_person FROM entry WHERE template = 'obligation.receive'") == [
        (DUE, desk.office.people["treasury"])
    ]
    assert desk.obligation(owed).late_fen_days(date(2017, 8, 23)) == 0
    future = desk.receipt(owed, 1, "回单2", date(2017, 8, 24))
    assert desk.office.refused(ReceiveRecovery, "treasury", **future).startswith("DatedInFuture")
    early = desk.receipt(owed, 1, "回单2", date(2017, 7, 2))
    assert desk.office.refused(ReceiveRecovery, "treasury", **early).startswith("DatedBeforeDecision")
    desk.well()


# -- interest ----------------------------------------------------------------------------------------------------------


def test_interest_is_charged_where_the_policy_has_it(desk: Desk) -> None:
    desk.spend(10_000_00, scheme=PLAIN)
    owed = desk.owed(10_000_00, scheme=PLAIN)
    desk.move(days=60)

    said = desk.office.refused(ChargeInterest, "operator", **interest(owed, desk.today))

    assert said.startswith("NoLateInterest")
    assert desk.obligation(owed).due_on == date(2017, 3, 31)


def test_interest_is_charged_for_what_is_late_and_once(desk: Desk, owed: str) -> None:
    desk.move(date(2017, 8, 23))
    assert desk.office.refused(ChargeInterest, "operator", **interest(owed, DUE)).startswith("NotLate")
    tomorrow = interest(owed, date(2017, 8, 24))
    assert desk.office.refused(ChargeInterest, "operator", **tomorrow).startswith("DatedInFuture")

    first = charge(desk, owed, date(2017, 8, 3))
    again = desk.office.refused(ChargeInterest, "operator", **interest(owed, date(2017, 8, 3)))
    second = charge(desk, owed, date(2017, 8, 23))

    assert (first["amount_fen"], second["amount_fen"]) == (50_00, 100_00)
    assert again.startswith("NothingToCharge")
    assert desk.office.rows("SELECT policy, synthetic FROM calculation ORDER BY result ->> 'interest_fen'") == [
        ("obligations/jinyun-2017-late-interest", True),
        ("obligations/jinyun-2017-late-interest", True),
    ]
    desk.well()


def test_interest_is_computed_again_when_it_is_signed(desk: Desk, owed: str) -> None:
    """A slip that came meanwhile shows that half had been paid in time."""
    desk.move(date(2017, 8, 23))
    waiting = desk.office.do(ChargeInterest, "operator", **interest(owed, desk.today))
    desk.receive(owed, 5_000_00, on=DUE)
    facts = {"subject_kind": subject_kind(StepKind.INTEREST), "subject": waiting["step"]}
    facts["content_hash"] = desk.office.request(facts["subject_kind"], facts["subject"]).content_hash

    said = desk.office.refused(Approve, "finance", **facts)
    twice = desk.office.refused(ChargeInterest, "operator", **interest(owed, desk.today))
    refuse(desk, StepKind.INTEREST, waiting["step"])

    assert said.startswith("InterestChanged")
    assert "15000 fen; by what came in meanwhile it is 7500" in said
    assert twice.startswith("InterestAwaiting")
    assert charge(desk, owed, desk.today)["amount_fen"] == 75_00


# -- offset ------------------------------------------------------------------------------------------------------------


def test_an_award_is_set_off_against_its_own_payees_debt(desk: Desk, owed: str) -> None:
    theirs = desk.award(3_000_00, OTHER_UNIT)
    ours = desk.award(3_000_00)

    of_another = desk.office.refused(OffsetRecovery, "operator", **desk.against(owed, theirs, 1_00))
    too_much = desk.office.refused(OffsetRecovery, "operator", **desk.against(owed, ours, 3_000_01))

    assert of_another.startswith("PayableOfAnother")
    assert too_much.startswith("OffsetTooLarge")


def test_what_a_batch_has_frozen_is_not_set_off(desk: Desk, owed: str) -> None:
    """Neither proposed nor, when it was frozen meanwhile, signed."""
    award = desk.award(3_000_00)
    waiting = desk.office.do(OffsetRecovery, "operator", **desk.against(owed, award, 1_000_00))
    batch = desk.office.do(ComposeBatch, "treasury", payables=(award,))["batch"]
    kind = subject_kind(StepKind.OFFSET)
    shown = desk.office.request(kind, waiting["step"]).content_hash

    signed = desk.office.refused(Approve, "finance", subject_kind=kind, subject=waiting["step"], content_hash=shown)
    proposed = desk.office.refused(OffsetRecovery, "operator", **desk.against(owed, award, 1_00))

    assert signed.startswith("InAnotherBatch")
    assert proposed.startswith("InAnotherBatch")
    assert desk.office.load(BATCHES, batch)[batch].total_fen == 3_000_00


# -- people ------------------------------------------------------------------------------------------------------------


def test_every_step_takes_two_people_and_none_of_the_debtors(desk: Desk, owed: str) -> None:
    waiting = desk.office.do(ReceiveRecovery, "finance", **desk.receipt(owed, 1_00))
    kind = subject_kind(StepKind.RECEIPT)
    facts = {"subject_kind": kind, "subject": waiting["step"]}
    facts["content_hash"] = desk.office.request(kind, waiting["step"]).content_hash

    assert desk.office.refused(Approve, "finance", **facts).startswith("OwnWork")
    assert desk.office.refused(Approve, "torn", **facts).startswith("WorksForParty")
    assert desk.office.refused(Approve, "operator", **facts).startswith("WrongRole")
    assert desk.standing(owed)["1218"] == 10_000_00


@pytest.mark.parametrize("person", ["officer", "applicant", "auditor", "other operator"])
def test_only_the_bureau_finance_and_the_treasury_act(desk: Desk, owed: str, person: str) -> None:
    said = desk.office.refused(ReceiveRecovery, person, **desk.receipt(owed, 1_00))

    assert said.startswith("RoleMissingAt")
    assert COMMISSION in said


# -- around it ---------------------------------------------------------------------------------------------------------


def test_no_period_closes_over_a_step_that_awaits_its_signature(desk: Desk, owed: str) -> None:
    desk.move(date(2017, 12, 20))
    waiting = desk.office.do(ReceiveRecovery, "treasury", **desk.receipt(owed, 1_00))["step"]
    desk.open_next_year()
    desk.move(date(2018, 1, 4))
    second = desk.office.people["second finance"]
    desk.office.do(ClosePeriod, "finance", period="2017", to="adjusting", second_person=second)

    said = desk.office.refused(ClosePeriod, "finance", period="2017", to="closed", second_person=second)
    refuse(desk, StepKind.RECEIPT, waiting)
    desk.office.do(ClosePeriod, "finance", period="2017", to="closed", second_person=second)

    assert said.startswith("UnfinishedWork")
    assert waiting in said


def test_no_step_is_taken_back_by_reversing_its_entry(desk: Desk, owed: str) -> None:
    desk.receive(owed, 1_00)
    ((seq,),) = desk.office.rows("SELECT seq FROM entry WHERE template = 'obligation.receive'")

    said = desk.office.refused(
        ReverseEntry,
        "finance",
        seq=seq,
        effective_on=desk.today,
        reason="误记",
        second_person=desk.office.people["second finance"],
    )

    assert said.startswith("RecoveryNotReversible")


def test_what_is_not_there_or_not_said_is_refused(desk: Desk, owed: str) -> None:
    assert desk.office.refused(ReceiveRecovery, "treasury", **desk.receipt("OB-none", 1_00)).startswith("NotFound")
    with pytest.raises(TextMissing):
        desk.office.run(ReceiveRecovery, "treasury", **desk.receipt(owed, 1_00, " "))
    with pytest.raises(TextMissing):
        desk.office.run(WriteOffRecovery, "operator", **WRITE_OFF | {"obligation": owed, "reason": " "})
