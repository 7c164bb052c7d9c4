"""The straight road on real books, and what may not happen at each step of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from databases import Database
from office import uscc
from programme import (
    BUREAU,
    COMMISSION,
    FIRM,
    INCUBATOR,
    LINE,
    OTHER_FIRM,
    OTHER_UNIT,
    UNIT,
    Programme,
    open_programme,
)

from ledger.amounts import AmountNotWhole, AmountOutOfRange
from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.budgets.rules import LineOrCut, SchemeUnreadable, YearUnreadable
from ledger.errors import Invalid
from ledger.executor.commands import Command
from ledger.fees.dispute_bill import DisputeBill
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.text import DateUnreadable, NumberNotWhole, TextMissing
from ledger.registry.values import Role
from ledger.vouchers.accept import Accept
from ledger.vouchers.apply import Apply
from ledger.vouchers.decide_application import KIND as ISSUE
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.expire import ExpireDue, ExpireVoucher
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.release import ReleaseHold
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.review_claim import KIND as CLAIM
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.store import UNFINISHED

OTHER_COMMISSION = uscc("11", 31)


@pytest.fixture
def other_commission(programme: Programme) -> str:
    programme.do(RegisterBureau, code=OTHER_COMMISSION, name="经济和信息化局")
    for name in ("other operator", "second other operator"):
        programme.hire(name, (OTHER_COMMISSION, Role.OPERATOR))
    return OTHER_COMMISSION


def test_the_straight_road(programme: Programme) -> None:
    programme.letter(1_000_000_00)
    voucher = programme.issue(50_000_00)
    contract = programme.reserve(voucher, 30_000_00, 80_000_00)
    bill = programme.billed(contract, 80_000_00)
    accepted = programme.accept(contract, bill)
    claim = programme.file(contract)
    programme.paid(claim)

    assert accepted["share_fen"] == 30_000_00
    assert programme.face("available", voucher) == 20_000_00
    assert programme.face("redeemed", voucher, 2017) == 30_000_00
    assert programme.budget("available") == 950_000_00
    assert programme.budget("committed") == 20_000_00
    assert programme.budget("expended") == 30_000_00
    assert programme.balance(f"bank:{UNIT}") == 30_000_00
    assert programme.bill(bill).open_fen == 50_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_every_entry_by_rule_names_its_article_and_its_calculation(programme: Programme) -> None:
    programme.letter()
    programme.paid(programme.file(programme.accepted(programme.issue(50_000_00), 5_000_00, 20_000_00)))

    entries = {
        template: (citation, calculation)
        for template, citation, calculation in programme.rows(
            "SELECT template, citation, calculation FROM entry WHERE template LIKE 'voucher%' OR template LIKE 'fee.v%'"
        )
    }
    policies = dict(programme.rows("SELECT id, policy FROM calculation"))

    assert {template for template, (citation, _) in entries.items() if not citation} == {"voucher.appropriate"}
    assert policies[entries["voucher.issue"][1]] == "vouchers/jinyun-2017-application"
    of_acceptance = {
        entries[template][1]
        for template in ("voucher.accept", "fee.voucher-part", "voucher.approve-claim", "voucher.pay")
    }
    assert [policies[calculation] for calculation in of_acceptance] == ["vouchers/jinyun-2017"]


# -- letters -----------------------------------------------------------------------------------------------------------


def letter(**more: object) -> dict[str, Any]:
    return {"scheme": "jinyun-2017", "year": 2017, "letter_number": "1号", "amount_fen": 1, "line": LINE} | more


def test_a_budget_belongs_to_one_bureau(programme: Programme, other_commission: str) -> None:
    programme.letter()

    refusal = programme.refused(ProposeAppropriation, "other operator", tenant=other_commission, **letter())

    assert refusal.startswith("BudgetOfAnotherBureau")


def test_of_two_first_letters_the_second_signed_is_refused(programme: Programme, other_commission: str) -> None:
    """Both were proposed before either was posted."""
    theirs = programme.do(ProposeAppropriation, "other operator", tenant=other_commission, **letter())["approval"]
    programme.letter()

    refusal = programme.refused(
        Approve,
        "finance",
        subject_kind=theirs["kind"],
        subject=theirs["subject"],
        content_hash=theirs["content_hash"],
    )

    assert refusal.startswith("BudgetOfAnotherBureau")


def test_only_its_own_people_propose_for_a_bureau(programme: Programme, other_commission: str) -> None:
    assert programme.refused(ProposeAppropriation, "operator", tenant=other_commission, **letter()).startswith(
        "RoleMissingAt"
    )
    assert programme.refused(ProposeAppropriation, "applicant", tenant=FIRM, **letter()).startswith("RoleMissingAt")
    programme.do(ProposeAppropriation, "finance", tenant=BUREAU, **letter())


def test_an_unknown_line_is_not_cut(programme: Programme) -> None:
    programme.letter()

    refusal = programme.refused(ProposeAppropriation, "operator", **letter(line=None, cut="AP-1"))

    assert "There is no budget line “AP-1”" in refusal


def test_a_refused_letter_may_be_proposed_again(programme: Programme) -> None:
    first = programme.do(ProposeAppropriation, "operator", **letter())["approval"]
    programme.do(
        Reject,
        "finance",
        subject_kind=first["kind"],
        subject=first["subject"],
        content_hash=first["content_hash"],
        reason="金额有误",
    )
    second = programme.do(ProposeAppropriation, "operator", **letter(amount_fen=2))["appropriation"]
    programme.sign("voucher.appropriation", second, "finance")

    assert programme.budget("available") == 2


# -- applications ------------------------------------------------------------------------------------------------------


def test_the_commission_that_has_the_budget_decides(programme: Programme, other_commission: str) -> None:
    assert other_commission
    programme.letter()
    application = programme.apply(10_000_00)

    refusal = programme.refused(DecideApplication, "other operator", application=application, grant_fen=1)
    programme.grant(application, 10_000_00)
    shown = programme.request(ISSUE, application).content_hash
    unsigned = programme.refused(Approve, "other operator", subject_kind=ISSUE, subject=application, content_hash=shown)

    assert refusal.startswith("RoleMissingAt")
    assert unsigned.startswith("RoleMissingAt")


def test_who_works_for_the_applicant_does_not_sign(programme: Programme) -> None:
    programme.letter()
    programme.hire("moonlighter", (COMMISSION, Role.OPERATOR), (FIRM, Role.APPLICANT))
    application = programme.apply(10_000_00)
    programme.grant(application, 10_000_00)
    shown = programme.request(ISSUE, application).content_hash

    refusal = programme.refused(Approve, "moonlighter", subject_kind=ISSUE, subject=application, content_hash=shown)

    assert refusal.startswith("WorksForParty")


def test_a_grant_does_not_outlive_its_year(programme: Programme) -> None:
    programme.letter()
    granted, undecided = programme.apply(10_000_00), programme.apply(10_000_00, OTHER_FIRM, "other applicant")
    programme.grant(granted, 10_000_00)
    programme.move(to=date(2018, 1, 2))

    for kind, facts in (
        (
            Approve,
            {
                "subject_kind": ISSUE,
                "subject": granted,
                "content_hash": programme.request(ISSUE, granted).content_hash,
            },
        ),
        (DecideApplication, {"application": undecided, "grant_fen": 1_00}),
    ):
        actor = "second operator" if kind is Approve else "operator"
        assert programme.refused(kind, actor, **facts).startswith("ApplicationYearOver")
    programme.do(DecideApplication, "operator", application=undecided, grant_fen=None, reason="年度已结束")


def test_what_was_decided_is_not_decided_again(programme: Programme) -> None:
    programme.letter()
    application = programme.apply(10_000_00)
    assert programme.refused(
        DecideApplication, "operator", application=application, grant_fen=None, reason=" "
    ).startswith("ReasonMissing")
    programme.grant(application, 10_000_00)
    shown = programme.request(ISSUE, application).content_hash
    programme.do(DecideApplication, "operator", application=application, grant_fen=None, reason="材料不全")

    again = programme.refused(DecideApplication, "operator", application=application, grant_fen=1_00)
    signed = programme.refused(Approve, "second operator", subject_kind=ISSUE, subject=application, content_hash=shown)

    assert "is rejected; it cannot be decided again" in again
    assert "is rejected; it cannot be issued" in signed
    assert programme.apply(10_000_00)


# -- reservation and acceptance ----------------------------------------------------------------------------------------


def test_a_service_that_is_over_is_not_reserved(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    yesterday = programme.today - timedelta(days=1)

    facts = programme.reservation(voucher, 1_00, 2_00, service_ends_on=yesterday)
    refusal = programme.refused(Reserve, "applicant", **facts)

    assert refusal == (
        f"ServiceOver: The service ended on {yesterday}, and today is {programme.today}. "
        "A voucher is reserved before the service ends."
    )


def test_a_disputed_bill_is_not_accepted(programme: Programme) -> None:
    programme.letter()
    contract = programme.reserve(programme.issue(50_000_00), 10_000_00, 20_000_00)
    bill = programme.billed(contract, 20_000_00)
    programme.do(DisputeBill, "applicant", bill=bill, reason="结果有误")

    refusal = programme.refused(Accept, "applicant", contract=contract, bill=bill)
    programme.do(DisputeBill, "applicant", bill=bill, reason="已重做", settled=True)

    assert refusal.startswith("BillDisputed")
    assert programme.accept(contract, bill)["share_fen"] == 10_000_00


def test_a_bill_from_before_the_reservation_is_not_accepted(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    programme.move(days=1)
    contract = programme.reserve(voucher, 10_000_00, 20_000_00)
    bill = programme.billed(contract, 20_000_00, invoice_date=programme.today - timedelta(days=1))

    refusal = programme.refused(Accept, "applicant", contract=contract, bill=bill)

    assert refusal.startswith("BillTooEarly")


def test_a_bill_to_somebody_else_is_not_accepted(programme: Programme) -> None:
    programme.letter()
    contract = programme.reserve(programme.issue(50_000_00), 10_000_00, 20_000_00)
    bill = programme.billed(contract, 20_000_00, payer=OTHER_FIRM)

    refusal = programme.refused(Accept, "applicant", contract=contract, bill=bill)

    assert refusal.startswith("BillOfAnother")
    assert "as its payer" in refusal


@pytest.mark.parametrize("payer", [INCUBATOR, "team"])
def test_a_team_is_billed_itself_or_through_its_body(programme: Programme, payer: str) -> None:
    programme.letter()
    voucher = programme.issue(10_000_00, programme.team, "recommender")
    contract = programme.reserve(voucher, 10_000_00, 20_000_00, "recommender")
    bill = programme.billed(contract, 20_000_00, payer=programme.team if payer == "team" else payer)

    assert programme.accept(contract, bill, "recommender")["share_fen"] == 10_000_00


def test_a_cent_that_half_of_is_nothing_releases_the_hold(programme: Programme) -> None:
    """The actual fee may be so small that the voucher pays nothing of it."""
    programme.letter()
    voucher = programme.issue(50_000_00)
    contract = programme.reserve(voucher, 10_000_00, 20_000_00)

    accepted = programme.accept(contract, programme.billed(contract, 1))
    refusal = programme.refused(FileClaim, "officer", unit=UNIT, contracts=(contract,))
    programme.move(days=91)
    programme.do(ExpireDue, "operator", scheme=programme.scheme, on=programme.today)

    assert (accepted["share_fen"], accepted["returned_fen"]) == (0, 10_000_00)
    assert refusal.startswith("NothingToClaim")
    assert programme.contract(contract).state == "unclaimed"
    assert programme.face("available", voucher) == 50_000_00
    assert programme.faults() == []


# -- holds that go back ------------------------------------------------------------------------------------------------


def test_the_commission_releases_a_hold_that_ran_out(programme: Programme) -> None:
    programme.letter()
    contract = programme.reserve(programme.issue(50_000_00), 10_000_00, 20_000_00)
    until = programme.contract(contract).hold_until

    programme.move(to=until)
    early = programme.refused(ReleaseHold, "operator", contract=contract, reason="到期")
    programme.move(days=1)
    programme.do(ReleaseHold, "operator", contract=contract, reason="到期")

    assert early.startswith("HoldStands")
    assert programme.contract(contract).state == "released"


def test_nobody_else_releases_a_hold(programme: Programme) -> None:
    programme.letter()
    contract = programme.reserve(programme.issue(50_000_00), 10_000_00, 20_000_00)

    assert programme.refused(ReleaseHold, "other applicant", contract=contract, reason="x").startswith("RoleMissingAt")
    assert programme.refused(ReleaseHold, "officer", contract=contract, reason="x").startswith("RoleMissingAt")


def test_a_hold_of_an_expired_voucher_does_not_go_back(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    programme.move(to=programme.voucher(voucher).expires_on)
    contract = programme.reserve(voucher, 10_000_00, 20_000_00, service_ends_on=programme.today)
    programme.move(days=1)

    refusal = programme.refused(ReleaseHold, "applicant", contract=contract, reason="合同取消")
    expired = programme.do(ExpireVoucher, "operator", voucher=voucher)

    assert refusal.startswith("VoucherExpired")
    assert expired["expired_fen"] == 50_000_00


def test_an_expired_voucher_is_said_to_be_expired_whatever_else_is_wrong(programme: Programme) -> None:
    """The true reason first, with its day: not the unit, the bill or the amount that would be wrong as well."""
    programme.letter()
    voucher = programme.issue(50_000_00)
    contract = programme.reserve(voucher, 10_000_00, 20_000_00)
    used = programme.contract(contract).contract_number
    expired_on = programme.voucher(voucher).expires_on
    programme.move(to=expired_on + timedelta(days=3))
    wrong = programme.reservation(
        voucher, 10**12, 1, unit=OTHER_FIRM, contract_number=used, service_ends_on=date(2000, 1, 1)
    )

    for kind, facts in (
        (Reserve, wrong),
        (Reserve, wrong | {"unit": "nobody"}),
        (Reserve, wrong | {"service_ends_on": programme.today, "amount_fen": 1}),
        (Accept, {"contract": contract, "bill": "BL-none"}),
        (ReleaseHold, {"contract": contract, "reason": "合同取消"}),
    ):
        refusal = programme.refused(kind, "applicant", **facts)
        assert refusal.startswith("VoucherExpired")
        assert f"expired on {expired_on}, and today is {programme.today}" in refusal


# -- claims ------------------------------------------------------------------------------------------------------------


def test_a_claim_is_for_one_scheme_and_year(programme: Programme) -> None:
    programme.letter()
    first = programme.accepted(programme.issue(50_000_00), 10_000_00, 20_000_00)
    programme.scheme = "beijing-2015"
    programme.letter()
    second = programme.accepted(programme.issue(50_000_00), 10_000_00, 20_000_00)

    refusal = programme.refused(FileClaim, "officer", unit=UNIT, contracts=(first, second))

    assert refusal.startswith("MixedClaim")
    assert "is of beijing-2015:2017" in refusal


def test_a_unit_files_its_own_claims(programme: Programme) -> None:
    programme.letter()
    contract = programme.accepted(programme.issue(50_000_00), 10_000_00, 20_000_00)

    assert programme.refused(FileClaim, "other officer", unit=UNIT, contracts=(contract,)).startswith("RoleMissingAt")
    assert programme.refused(FileClaim, "other officer", unit=OTHER_UNIT, contracts=(contract,)).startswith(
        "ContractOfAnotherUnit"
    )


def test_the_commission_reviews(programme: Programme, other_commission: str) -> None:
    assert other_commission
    programme.letter()
    claim = programme.file(programme.accepted(programme.issue(50_000_00), 10_000_00, 20_000_00))

    for actor in ("other operator", "finance", "officer"):
        refusal = programme.refused(ReviewClaim, actor, claim=claim, passed=True)
        assert refusal.startswith("RoleMissingAt")
    assert programme.refused(ReviewClaim, "operator", claim=claim, passed=False).startswith("ReasonMissing")
    assert "There is no claim “CL-1”" in programme.refused(ReviewClaim, "operator", claim="CL-1", passed=True)


def test_a_claim_that_went_back_cannot_be_approved(programme: Programme) -> None:
    """Two officers were about to sign when a third said no; the lab files anew and is paid."""
    programme.letter()
    contract = programme.accepted(programme.issue(50_000_00), 10_000_00, 20_000_00)
    claim = programme.file(contract)
    programme.review(claim)
    shown = programme.request(CLAIM, claim).content_hash
    facts = {"subject_kind": CLAIM, "subject": claim, "content_hash": shown}
    programme.do(Approve, "finance", **facts)
    programme.do(Reject, "third finance", **facts, reason="发票与合同不符")

    refusal = programme.refused(Approve, "second finance", **facts)
    again = programme.file(contract)
    programme.paid(again)

    assert refusal.startswith("NotAwaiting")
    assert programme.claim(claim).state == "returned"
    assert programme.contract(contract).claims == 2
    assert programme.budget("expended") == 10_000_00
    assert programme.faults() == []


# -- expiry and closing ------------------------------------------------------------------------------------------------


def test_only_the_commission_expires_and_not_ahead_of_time(programme: Programme, other_commission: str) -> None:
    assert other_commission
    programme.letter()
    voucher = programme.issue(50_000_00)
    tomorrow = programme.today + timedelta(days=1)
    later = programme.refused(ExpireDue, "operator", scheme=programme.scheme, on=tomorrow)
    programme.move(to=programme.voucher(voucher).expires_on)
    programme.move(days=1)

    assert later.startswith("DueLater")
    for actor in ("other operator", "applicant"):
        assert programme.refused(ExpireVoucher, actor, voucher=voucher).startswith("RoleMissingAt")
        assert programme.refused(ExpireDue, actor, scheme=programme.scheme, on=programme.today).startswith(
            "RoleMissing"
        )


def test_what_is_due_of_many_vouchers_ends_in_one_run(programme: Programme) -> None:
    programme.letter()
    early = [programme.issue(10_000_00) for _ in range(3)]
    programme.move(days=30)
    late = programme.issue(10_000_00)
    contract = programme.reserve(late, 5_000_00, 10_000_00)
    programme.move(to=programme.voucher(early[0]).expires_on)
    programme.move(days=1)

    done = programme.do(ExpireDue, "operator", scheme=programme.scheme, on=programme.today)
    again = programme.do(ExpireDue, "operator", scheme=programme.scheme, on=programme.today)

    assert (sorted(done["vouchers"]), done["expired_fen"], done["released_fen"]) == (
        sorted([*early, late]),
        30_000_00,
        5_000_00,
    )
    assert (again["vouchers"], again["more"]) == ([], False)
    assert programme.contract(contract).state == "released"
    assert programme.voucher(late).available_fen == 10_000_00
    assert programme.faults() == []


def test_each_bureau_ends_its_own_vouchers(programme: Programme, other_commission: str) -> None:
    """One scheme, a year's budget with each of two bureaus: nobody works for both, and neither waits for the other."""
    programme.letter()
    ours = programme.issue(50_000_00)
    programme.move(to=date(2018, 1, 8))
    letters = letter(year=2018, letter_number="2号", amount_fen=1_000_000_00)
    proposed = programme.do(ProposeAppropriation, "other operator", tenant=other_commission, **letters)["approval"]
    programme.sign(proposed["kind"], proposed["subject"], "finance")
    application = programme.apply(20_000_00)
    programme.do(DecideApplication, "other operator", application=application, grant_fen=20_000_00)
    theirs = str(programme.sign(ISSUE, application, "second other operator")["voucher"])
    programme.move(to=max(programme.voucher(ours).expires_on, programme.voucher(theirs).expires_on))
    programme.move(days=1)
    facts = {"scheme": programme.scheme, "on": programme.today}

    for actor, operator in (("operator", None), ("operator", other_commission), ("other operator", COMMISSION)):
        assert programme.refused(ExpireDue, actor, **facts, operator=operator).startswith("RoleMissingAt")
    assert programme.refused(ExpireDue, "operator", **facts, operator="bogus:1").startswith("RoleMissingAt")
    own = programme.do(ExpireDue, "operator", **facts, operator=COMMISSION)
    assert (own["vouchers"], own["expired_fen"]) == ([ours], 50_000_00)
    assert programme.voucher(theirs).expired_on is None
    other = programme.do(ExpireDue, "other operator", **facts, operator=other_commission)
    assert (other["vouchers"], other["expired_fen"]) == ([theirs], 20_000_00)
    assert programme.faults() == []


def test_a_late_run_does_not_give_a_hold_back_to_an_expired_voucher(programme: Programme) -> None:
    """The hold ran out while the voucher was valid, but nobody noticed until both were over."""
    programme.letter()
    voucher = programme.issue(50_000_00)
    contract = programme.reserve(voucher, 10_000_00, 20_000_00)
    day_after_hold = programme.contract(contract).hold_until + timedelta(days=1)
    programme.move(to=programme.voucher(voucher).expires_on)
    programme.move(days=1)

    done = programme.do(ExpireDue, "operator", scheme=programme.scheme, on=day_after_hold)

    assert (done["expired_fen"], done["released_fen"]) == (50_000_00, 0)
    assert programme.contract(contract).state == "expired"


def test_a_period_is_not_closed_over_unfinished_work(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    claim = programme.file(programme.accepted(voucher, 10_000_00, 20_000_00))
    short = programme.issue(10_000_00, OTHER_FIRM, "other applicant")
    programme.move(to=date(2018, 1, 5))
    facts = {"period": "2017", "to": "adjusting", "second_person": programme.people["second finance"]}
    programme.do(ClosePeriod, "finance", **facts)
    facts |= {"to": "closed"}

    claimed = programme.refused(ClosePeriod, "finance", **facts)
    programme.paid(claim)
    programme.end_year()
    programme.do(ClosePeriod, "finance", **facts)

    assert claimed.startswith("UnfinishedWork")
    assert claim in claimed
    assert short not in claimed
    assert programme.faults() == []


def test_a_period_is_not_closed_over_a_voucher_that_expired_in_it(database: Database) -> None:
    with open_programme(database, day=date(2017, 1, 3)) as programme:
        programme.letter()
        voucher = programme.issue(10_000_00)
        programme.move(to=date(2018, 1, 5))
        facts = {"period": "2017", "second_person": programme.people["second finance"]}
        programme.do(ClosePeriod, "finance", to="adjusting", **facts)

        refusal = programme.refused(ClosePeriod, "finance", to="closed", **facts)
        programme.expire_due()
        programme.end_year()
        programme.do(ClosePeriod, "finance", to="closed", **facts)

        assert voucher in refusal
        assert programme.budget("lapsed") == 10_000_000_00


def hold_not_accepted(programme: Programme) -> str:
    """Holds for 180 days."""
    return programme.reserve(programme.issue(50_000_00), 10_000_00, 20_000_00)


def acceptance_not_claimed(programme: Programme) -> str:
    """Can be claimed for 90 days."""
    return programme.accepted(programme.issue(50_000_00), 10_000_00, 20_000_00)


def claim_sent_back(programme: Programme) -> str:
    """Claimed on the last day and sent back a week later: can be claimed again for 90 days."""
    contract = acceptance_not_claimed(programme)
    programme.move(days=90)
    claim = programme.file(contract)
    programme.move(days=7)
    programme.do(ReviewClaim, "operator", claim=claim, passed=False, reason="缺少检测报告")
    return contract


def nothing_paid_by_voucher(programme: Programme) -> str:
    """Accepted for a fee of which the voucher's share is less than a fen: it ends without an entry."""
    contract = hold_not_accepted(programme)
    programme.accept(contract, programme.billed(contract, 1))
    return contract


RAN_OUT = {
    hold_not_accepted: "released",
    acceptance_not_claimed: "unclaimed",
    claim_sent_back: "unclaimed",
    nothing_paid_by_voucher: "unclaimed",
}


@pytest.mark.parametrize("run_out", RAN_OUT, ids=lambda made: made.__name__)
def test_a_period_is_not_closed_over_a_contract_that_ran_out_in_it(
    programme: Programme, run_out: Callable[[Programme], str]
) -> None:
    programme.letter()
    contract = run_out(programme)
    programme.move(to=date(2018, 1, 1))  # the last day of the voucher: it has not run out
    facts = {"period": "2017", "second_person": programme.people["second finance"]}
    programme.do(ClosePeriod, "finance", to="adjusting", **facts)

    refusal = programme.refused(ClosePeriod, "finance", to="closed", **facts)
    programme.do(ExpireDue, "operator", scheme=programme.scheme, on=programme.today)
    programme.end_year()
    programme.do(ClosePeriod, "finance", to="closed", **facts)

    assert refusal.startswith(f"UnfinishedWork: Period 2017 has unfinished work and cannot be closed: {contract}. ")
    assert programme.contract(contract).state == RAN_OUT[run_out]
    assert programme.faults() == []


def test_what_runs_out_on_the_last_day_of_a_period_ends_in_the_next(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    programme.move(to=date(2017, 7, 3))
    before = programme.reserve(voucher, 5_000_00, 10_000_00)
    programme.move(days=1)
    on_the_day = programme.reserve(voucher, 5_000_00, 10_000_00)
    programme.move(to=date(2018, 1, 1))

    assert programme.contract(on_the_day).hold_until == date(2017, 12, 31)
    found = programme.load(UNFINISHED, "2017", "2018")
    assert {year: set(work) for year, work in found.items()} == {
        "2017": {before},
        "2018": {before, on_the_day, voucher},
    }


def test_what_was_claimed_in_time_and_sent_back_in_the_new_year_is_not_the_old_year_s(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    programme.move(to=date(2017, 9, 25))
    contract = programme.accepted(voucher, 10_000_00, 20_000_00)
    programme.move(to=date(2017, 12, 20))
    claim = programme.file(contract)
    programme.move(to=date(2018, 1, 1))

    under_way = programme.load(UNFINISHED, "2017")["2017"]
    programme.do(ReviewClaim, "operator", claim=claim, passed=False, reason="缺少检测报告")

    assert under_way == (claim,)
    assert programme.load(UNFINISHED, "2017")["2017"] == ()


def test_one_run_of_expiry_ends_all_that_a_close_waits_for(database: Database) -> None:
    """Up to the last day of the period is enough."""
    with open_programme(database, day=date(2017, 1, 3)) as programme:
        programme.letter()
        contracts = [run_out(programme) for run_out in RAN_OUT]
        vouchers = {programme.contract(contract).voucher for contract in contracts}
        programme.move(to=date(2018, 1, 5))
        waits = programme.load(UNFINISHED, "2017")["2017"]
        over = {number for number in vouchers if programme.voucher(number).expires_on < programme.today}

        done = programme.do(ExpireDue, "operator", scheme=programme.scheme, on=date(2017, 12, 31))

        assert set(waits) == {*contracts, *over}
        assert 0 < len(over) < len(vouchers)
        assert set(done["vouchers"]) == vouchers
        assert programme.load(UNFINISHED, "2017")["2017"] == ()
        assert programme.faults() == []


# -- bad input ---------------------------------------------------------------------------------------------------------

AMOUNTS = [
    (0, AmountOutOfRange),
    (-1, AmountOutOfRange),
    (2**63, AmountOutOfRange),
    (1.5, NumberNotWhole),
    (100.0, NumberNotWhole),
    ("100", AmountNotWhole),
    (True, AmountNotWhole),
]


@pytest.mark.parametrize(("amount", "fault"), AMOUNTS, ids=lambda value: repr(value)[:24])
def test_a_bad_amount_is_nobodys_command(programme: Programme, amount: Any, fault: type[Invalid]) -> None:  # noqa: ANN401
    programme.letter()
    voucher = programme.issue(10_000_00)
    pending = programme.apply(10_000_00)
    reservation = programme.reservation(voucher, 1_000_00, 2_000_00)
    attempts: list[tuple[type[Command], str, dict[str, Any]]] = [
        (ProposeAppropriation, "operator", letter(amount_fen=amount)),
        (
            Apply,
            "other applicant",
            {"holder": OTHER_FIRM, "scheme": "jinyun-2017", "requested_fen": amount, "purpose": "x"},
        ),
        (DecideApplication, "operator", {"application": pending, "grant_fen": amount}),
        (Reserve, "applicant", reservation | {"amount_fen": amount}),
        (Reserve, "applicant", reservation | {"fee_fen": amount}),
    ]
    before = programme.rows("SELECT count(*) FROM command")

    for kind, actor, facts in attempts:
        with pytest.raises(fault):
            programme.run(kind, actor, **facts)

    assert programme.rows("SELECT count(*) FROM command") == before


@pytest.mark.parametrize(
    ("kind", "facts", "fault"),
    [
        (ProposeAppropriation, letter(year=17), YearUnreadable),
        (ProposeAppropriation, letter(scheme="vouchers/jinyun-2017"), SchemeUnreadable),
        (ProposeAppropriation, letter(scheme="jinyun-2018"), Invalid),
        (ProposeAppropriation, letter(letter_number=" "), TextMissing),
        (ProposeAppropriation, letter(line=None), LineOrCut),
        (ProposeAppropriation, letter(cut="AP-1"), LineOrCut),
        (ExpireDue, {"scheme": "jinyun-2017", "on": "2017-03-01"}, DateUnreadable),
        (FileClaim, {"unit": UNIT, "contracts": ()}, Invalid),
    ],
)
def test_what_cannot_be_read(
    programme: Programme, kind: type[Command], facts: dict[str, Any], fault: type[Invalid]
) -> None:
    with pytest.raises(fault):
        programme.run(kind, "operator", **facts)
