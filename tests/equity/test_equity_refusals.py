"""What does not become a share, and the sentence that says so; nothing moves by it."""

from datetime import date, timedelta
from typing import Any

import pytest
from equity_books import BUREAU, FIRM, LAB, University
from office import assert_says_the_same, sentences

import ledger.equity
from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.customs.record_item import RecordItem
from ledger.equity.accrue_bill import AccrueBill
from ledger.equity.convert import ProposeConversion
from ledger.equity.decide_agreement import DecideAgreement
from ledger.equity.dividends import DeclareDividend, ReceiveDividend
from ledger.equity.end_agreement import EndAgreement, SuspendAgreement
from ledger.equity.exit_holding import CompleteExit, ProposeExit
from ledger.equity.file_appraisal import FileAppraisal, GiveUpConversion
from ledger.equity.pay import PayVat, RemitProceeds
from ledger.equity.record_capital import RecordCapital
from ledger.equity.record_resolution import RecordResolution
from ledger.equity.register_conversion import PublishConversion, RegisterConversion
from ledger.equity.release_accrual import ReleaseAccrual
from ledger.equity.sign_agreement import SignAgreement
from ledger.equity.store import AGREEMENT, CONVERSION, EXIT, WRITE_DOWN
from ledger.equity.submit_agreement import SubmitAgreement
from ledger.equity.values import AgreementState, ConversionState, ExitKind, NamedInstrument, Supply
from ledger.equity.write_down import ProposeWriteDown
from ledger.errors import Invalid, Spoken
from ledger.fees.credit_bill import CreditBill
from ledger.fees.dispute_bill import DisputeBill
from ledger.fees.issue_bill import IssueBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.values import BillLine, RedInvoice


def declined(uni: University, kind: Any, actor: str, **facts: Any) -> str:  # noqa: ANN401
    """Code of a refusal, or of what cannot be read."""
    try:
        return uni.refused(kind, actor, **facts).split(":")[0]
    except Invalid as wrong:
        return wrong.code


@pytest.mark.parametrize("refusal", sentences(ledger.equity), ids=lambda refusal: refusal.__name__)
def test_every_sentence_says_the_same_in_both_languages(refusal: type[Spoken]) -> None:
    assert_says_the_same(refusal)


# -- supervised instruments --------------------------------------------------------------------------------------------


def test_an_instrument_under_supervision_is_not_named(uni: University) -> None:
    machine = uni.imported()

    said = uni.refused(SubmitAgreement, "officer", **uni.terms(machine))

    assert said.startswith("UnderSupervision: ")
    assert "until 2028-03-10" in said
    uni.move(to=date(2028, 3, 11))
    assert uni.submitted(machine)


@pytest.mark.parametrize("step", ["decided", "approved", "signed"])
def test_a_later_import_record_stops_an_agreement_at_its_next_step(uni: University, step: str) -> None:
    machine = uni.priced()
    agreement = uni.submitted(machine)
    if step != "decided":
        uni.decided(agreement)
    if step == "signed":
        uni.sign(AGREEMENT, agreement, "department", "finance", "second finance")
        uni.do(SignAgreement, "officer", agreement=agreement, party=LAB)
    uni.do(RecordItem, "officer", **uni.import_facts((machine, 100_000_00)))

    if step == "decided":
        facts = {"feasibility_number": "可研1号", "decision_number": "党政会1号"}
        assert "UnderSupervision" in uni.refused(DecideAgreement, "officer", agreement=agreement, **facts)
    elif step == "approved":
        shown = uni.request(AGREEMENT, agreement).content_hash
        uni.sign(AGREEMENT, agreement, "department", "finance")
        facts = {"subject_kind": AGREEMENT, "subject": agreement, "content_hash": shown}
        assert "UnderSupervision" in uni.refused(Approve, "second finance", **facts)
    else:
        assert "UnderSupervision" in uni.refused(SignAgreement, "applicant", agreement=agreement, party=FIRM)
    assert uni.breaches() == []


def test_no_day_of_use_under_supervision_counts_or_converts(uni: University) -> None:
    machine, other = uni.priced(), uni.priced("A-2")
    agreement = uni.signed(machine, other)
    early = uni.accrued(agreement, machine, 10)
    bill = uni.billed(machine, 10)
    free = uni.accrued(agreement, other, 10)
    uni.capital()
    conversion = uni.resolved(agreement, 100_000_00)
    uni.proposed(conversion, early, free)
    uni.do(RecordItem, "officer", **uni.import_facts((machine, 100_000_00)))

    assert "UnderSupervision" in uni.refused(AccrueBill, "applicant", agreement=agreement, bill=bill)
    shown = uni.request(CONVERSION, conversion).content_hash
    facts = {"subject_kind": CONVERSION, "subject": conversion, "content_hash": shown}
    assert "UnderSupervision" in uni.refused(Approve, "second officer", **facts)
    assert "UnderSupervision" in uni.refused(ProposeConversion, "officer", conversion=conversion, bills=(early, free))

    uni.do(ReleaseAccrual, "officer", agreement=agreement, bill=early, reason="仪器处于海关监管期")
    uni.proposed(conversion, free)
    uni.sign(CONVERSION, conversion, "second officer")
    assert uni.bill(early).open_fen == 10 * 600_00
    assert uni.bill(free).equity_fen == 5_660_38
    assert uni.faults() == []


# -- agreements --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"share_max": "0"}, "ShareUnreadable"),
        ({"share_max": "0.1234567"}, "ShareUnreadable"),
        ({"share_max": "10%"}, "ShareUnreadable"),
        ({"share_max": "0.5"}, "ShareGivesControl"),
        ({"named": ()}, "NoInstrumentNamed"),
        ({"firm": LAB}, "WrongKind"),
        ({"supply": "gift"}, "ChoiceUnknown"),
        ({"valid_until": date(2026, 9, 27)}, "AgreementNeverValid"),
    ],
)
def test_what_is_no_agreement(uni: University, changed: dict[str, Any], code: str) -> None:
    assert declined(uni, SubmitAgreement, "officer", **uni.terms(uni.machine(), **changed)) == code


def test_an_agreement_names_the_units_own_instruments_once(uni: University) -> None:
    machine = uni.machine()
    twice = (NamedInstrument(machine, 60), NamedInstrument(machine, 120))

    assert declined(uni, SubmitAgreement, "officer", **uni.terms(named=twice)) == "InstrumentNamedTwice"
    assert declined(uni, SubmitAgreement, "other officer", **uni.terms(machine)) == "RoleMissingAt"


def test_only_a_municipal_university_agrees(uni: University) -> None:
    other = uni.rows("SELECT organisation FROM person_role WHERE person = :person", person=uni.people["other officer"])
    facts = uni.terms(uni.machine()) | {"unit": other[0][0]}

    assert declined(uni, SubmitAgreement, "other officer", **facts) == "NotMunicipalUniversity"


def test_a_refused_agreement_is_changed_and_decided_anew(uni: University) -> None:
    agreement = uni.decided(uni.submitted(uni.machine()))
    shown = uni.request(AGREEMENT, agreement).content_hash
    uni.do(Reject, "department", subject_kind=AGREEMENT, subject=agreement, content_hash=shown, reason="上限过高")
    assert uni.agreement(agreement).state is AgreementState.DRAFT
    machine = uni.agreement(agreement).named[0].instrument

    body = uni.do(SubmitAgreement, "officer", **uni.terms(machine, agreement=agreement, share_max="0.2"))

    assert body["version"] == 2
    uni.approved(agreement)
    assert uni.agreement(agreement).state is AgreementState.FINANCE_APPROVED
    assert declined(uni, SubmitAgreement, "officer", **uni.terms(machine, agreement=agreement)) == "AgreementNotSo"


def test_where_the_firm_is_close_one_more_signs(uni: University) -> None:
    machine = uni.priced()
    agreement = uni.signed(machine, related=True)
    bill = uni.accrued(agreement, machine, 10)
    uni.capital()
    conversion = uni.resolved(agreement, 100_000_00)
    uni.proposed(conversion, bill)
    shown = uni.request(CONVERSION, conversion).content_hash
    facts = {"subject_kind": CONVERSION, "subject": conversion, "content_hash": shown}

    assert not uni.run(Approve, "second officer", **facts).accepted
    uni.sign(CONVERSION, conversion, "finance", "second officer")
    assert uni.conversion(conversion).state is ConversionState.CONVERTED


def test_an_officer_of_another_unit_does_not_sign_a_conversion(uni: University) -> None:
    machine = uni.priced()
    agreement = uni.signed(machine)
    bill = uni.accrued(agreement, machine, 10)
    uni.capital()
    conversion = uni.resolved(agreement, 100_000_00)
    uni.proposed(conversion, bill)
    shown = uni.request(CONVERSION, conversion).content_hash

    facts = {"subject_kind": CONVERSION, "subject": conversion, "content_hash": shown}
    assert "RoleMissingAt" in uni.refused(Approve, "other officer", **facts)


# -- what counts -------------------------------------------------------------------------------------------------------


def test_what_of_a_bill_does_not_count(uni: University) -> None:
    machine, unnamed = uni.priced(), uni.priced("A-2")
    before = uni.billed(machine, 1)
    agreement = uni.signed(machine, named=(NamedInstrument(machine, 20 * 60),))

    def why(bill: str) -> str:
        return declined(uni, AccrueBill, "applicant", agreement=agreement, bill=bill)

    assert why(before) == "UseOutsideAgreement"
    assert why(uni.billed(unnamed, 1)) == "NothingOfAgreement"
    assert why(uni.billed(machine, 21)) == "OwnNeedFirst"
    assert why(uni.billed(machine, 1, price_fen=700_00)) == "PriceNotPublished"
    assert why(uni.billed(machine, 1, vat_rate="0.13")) == "RateNotOfSupply"
    use = uni.used(machine, 1)
    more = uni.bill_facts(BillLine("机时费", use, 2, 600_00))
    assert why(str(uni.do(IssueBill, "officer", **more)["bill"])) == "MoreHoursThanUsed"

    contested = uni.billed(machine, 1)
    uni.do(DisputeBill, "applicant", bill=contested, reason="时长有误")
    assert why(contested) == "BillDisputed"
    counted = uni.accrued(agreement, machine, 1)
    assert why(counted) == "BillCountedAlready"
    assert declined(uni, AccrueBill, "officer", agreement=agreement, bill=contested) == "RoleMissingAt"


def test_evidence_supports_one_agreement(uni: University) -> None:
    machine = uni.priced()
    one, two = uni.signed(machine), uni.signed(machine, document_number="协议2026-2")
    bill = uni.accrued(one, machine, 1)

    assert declined(uni, AccrueBill, "applicant", agreement=two, bill=bill) == "EvidenceClaimed"
    uni.do(ReleaseAccrual, "officer", agreement=one, bill=bill, reason="改计")
    uni.do(AccrueBill, "applicant", agreement=two, bill=bill)
    assert uni.breaches() == []


def test_a_fee_for_a_lease_is_rent(uni: University) -> None:
    machine = uni.priced()
    agreement = uni.signed(machine, supply=Supply.LEASE)

    uni.accrued(agreement, machine, 1_000, vat_rate="0.13")

    assert uni.balance(f"equity:rent:{LAB}") == 530_973_45
    assert uni.balance(f"fees:income:{LAB}") == 0
    assert uni.balance(f"fees:vat:{LAB}") == 69_026_55
    assert uni.faults() == []


# -- what converts -----------------------------------------------------------------------------------------------------


def ready(uni: University, hours: int = 100, **terms: Any) -> tuple[str, str]:  # noqa: ANN401
    machine = uni.priced()
    agreement = uni.signed(machine, **terms)
    bill = uni.accrued(agreement, machine, hours)
    uni.capital()
    return agreement, bill


def proposal(uni: University, conversion: str, *bills: str) -> str:
    return declined(uni, ProposeConversion, "officer", conversion=conversion, bills=bills)


def test_no_step_of_a_conversion_is_skipped(uni: University) -> None:
    agreement, bill = ready(uni)
    conversion = uni.appraised(agreement, 100_000_00)
    done = {"conversion": conversion, "document_number": "变更1号", "happened_on": uni.today}

    assert proposal(uni, conversion, bill) == "ConversionNotSo"
    assert declined(uni, RegisterConversion, "officer", **done) == "ConversionNotSo"
    uni.do(RecordResolution, "applicant", **uni.resolution_facts(conversion))
    assert declined(uni, RecordResolution, "applicant", **uni.resolution_facts(conversion)) == "ConversionNotSo"
    uni.proposed(conversion, bill)
    uni.sign(CONVERSION, conversion, "second officer")
    assert declined(uni, PublishConversion, "officer", **done) == "ConversionNotSo"
    assert proposal(uni, conversion, bill) == "ConversionNotSo"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"votes_for": 66}, "NotEnoughVotes"),
        ({"votes_for": 101}, "NotEnoughVotes"),
        ({"priority_waived": False}, "PriorityNotWaived"),
        ({"registered_fen": 1}, "CapitalDiffers"),
        ({"resolved_on": date(2020, 1, 1)}, "ResolvedBeforeAppraisal"),
        ({"resolved_on": date(2050, 1, 1)}, "PaperFromFuture"),
    ],
)
def test_what_is_no_resolution(uni: University, changed: dict[str, Any], code: str) -> None:
    agreement, _ = ready(uni)
    conversion = uni.appraised(agreement, 100_000_00)

    assert declined(uni, RecordResolution, "applicant", **uni.resolution_facts(conversion, **changed)) == code


def test_a_firm_whose_capital_nobody_knows_resolves_nothing(uni: University) -> None:
    machine = uni.priced()
    conversion = uni.appraised(uni.signed(machine), 100_000_00)

    facts = uni.resolution_facts(conversion, registered_fen=2_000_000_00)
    assert declined(uni, RecordResolution, "applicant", **facts) == "CapitalUnknown"


def test_an_appraisal_is_good_for_a_year(uni: University) -> None:
    agreement, bill = ready(uni)
    conversion = uni.resolved(agreement, 100_000_00)
    uni.move(to=uni.conversion(conversion).valid_until)
    uni.proposed(conversion, bill)
    uni.move(days=1)

    assert proposal(uni, conversion, bill) == "AppraisalExpired"
    uni.do(GiveUpConversion, "officer", conversion=conversion, reason="评估过期")
    assert uni.conversion(conversion).state is ConversionState.VOID
    assert uni.request(CONVERSION, conversion).status == "lapsed"


def test_never_more_than_was_appraised(uni: University) -> None:
    agreement, bill = ready(uni, 1_000, vat_in_cash=False)

    uni.converted(agreement, 570_000_00, bill)

    assert (uni.bill(bill).equity_fen, uni.bill(bill).open_fen) == (570_000_00, 30_000_00)
    assert uni.balance(f"equity:investment:{FIRM}:{LAB}") == 570_000_00
    assert uni.balance(f"equity:pending:{FIRM}:{agreement}") == 57_000_00
    assert uni.faults() == []


def test_the_largest_share_counts_what_converted_before(uni: University) -> None:
    agreement, bill = ready(uni, 300, share_max="0.01", vat_in_cash=False)
    uni.held(uni.converted(agreement, 180_000_00, bill))
    second = uni.accrued(agreement, uni.agreement(agreement).named[0].instrument, 200)

    conversion = uni.converted(agreement, 120_000_00, second)

    # ⌊20,000,000.00 · (0.01 · 2,018,000.00 − 18,000.00) / (2,018,000.00 · 0.99)⌋, and then with what that has bought
    assert uni.conversion(conversion).proposal.converted_fen == 21_823_78  # type: ignore[union-attr]
    assert uni.bill(second).open_fen == 120_000_00 - 21_823_78
    third = uni.resolved(agreement, 98_176_22)
    assert uni.proposed(third, second)["converted_fen"] == 10


def test_what_is_paid_or_converted_does_not_convert(uni: University) -> None:
    agreement, bill = ready(uni, 10)
    uni.do(ReceivePayment, "officer", bill=bill, amount_fen=6_000_00, bank_reference="流水1")
    conversion = uni.resolved(agreement, 100_000_00)

    assert proposal(uni, conversion, bill) == "NothingToConvert"
    machine = uni.agreement(agreement).named[0].instrument
    second = uni.accrued(agreement, machine, 10)
    assert proposal(uni, conversion, second, second) == "BillNamedTwice"
    assert proposal(uni, conversion, uni.billed(machine, 1)) == "BillNotCounted"
    assert proposal(uni, conversion) == "NoBillNamed"
    uni.proposed(conversion, second)
    uni.sign(CONVERSION, conversion, "second officer")
    again = uni.resolved(agreement, 100_000_00)
    assert proposal(uni, again, second) == "NothingToConvert"
    assert declined(uni, ReleaseAccrual, "officer", agreement=agreement, bill=second, reason="x") == "ConvertedAlready"


@pytest.mark.parametrize("happens", ["paid", "contested", "credited"])
def test_what_changes_before_the_last_signature_is_proposed_anew(uni: University, happens: str) -> None:
    agreement, bill = ready(uni, 10)
    conversion = uni.resolved(agreement, 100_000_00)
    uni.proposed(conversion, bill)
    if happens == "paid":
        uni.do(ReceivePayment, "officer", bill=bill, amount_fen=1_000_00, bank_reference="流水1")
    elif happens == "contested":
        uni.do(DisputeBill, "applicant", bill=bill, reason="时长有误")
    else:
        red = RedInvoice("2026" + "9" * 16, uni.today, 1_060_00, "多收")
        uni.do(CreditBill, "officer", bill=bill, red=red)

    shown = uni.request(CONVERSION, conversion).content_hash
    facts = {"subject_kind": CONVERSION, "subject": conversion, "content_hash": shown}
    said = uni.refused(Approve, "second officer", **facts)
    assert said.startswith("BillDisputed" if happens == "contested" else "ConversionChanged")


def test_what_was_taken_back_neither_counts_nor_converts(uni: University) -> None:
    machine = uni.priced()
    agreement = uni.signed(machine)
    counted, other = uni.accrued(agreement, machine, 10), uni.billed(machine, 10)
    uni.capital()
    conversion = uni.resolved(agreement, 100_000_00)
    for (seq,) in uni.rows("SELECT seq FROM entry WHERE template = 'fee.use' ORDER BY seq"):
        paper = {"effective_on": uni.today, "reason": "误登", "second_person": uni.people["second officer"]}
        uni.do(ReverseEntry, "officer", seq=seq, **paper)

    assert declined(uni, AccrueBill, "applicant", agreement=agreement, bill=other) == "NothingOfAgreement"
    assert proposal(uni, conversion, counted) == "UseTakenBack"
    uni.do(ReleaseAccrual, "officer", agreement=agreement, bill=counted, reason="误登")
    assert uni.breaches() == []


def test_a_converted_fee_is_credited_no_more(uni: University) -> None:
    agreement, bill = ready(uni, 10, vat_in_cash=False)
    uni.converted(agreement, 6_000_00, bill)

    red = RedInvoice("2026" + "9" * 16, uni.today, 1_00, "多收")
    assert declined(uni, CreditBill, "officer", bill=bill, red=red) == "MoreThanStands"


def test_a_suspended_or_ended_agreement_converts_nothing(uni: University) -> None:
    agreement, bill = ready(uni, 10)
    conversion = uni.resolved(agreement, 100_000_00)
    paper = {"agreement": agreement, "document_number": "函1号", "reason": "经营异常"}
    uni.do(SuspendAgreement, "officer", **paper)
    assert uni.agreement(agreement).state is AgreementState.SUSPENDED
    assert proposal(uni, conversion, bill) == "AgreementNotSo"
    uni.do(SuspendAgreement, "officer", **paper, resume=True)
    assert declined(uni, EndAgreement, "officer", **paper, settled=True) == "NotSettled"

    assert uni.do(EndAgreement, "officer", **paper)["released"] == [bill]

    assert proposal(uni, conversion, bill) == "AgreementNotSo"
    assert declined(uni, EndAgreement, "officer", **paper) == "AgreementNotSo"
    uni.do(ReceivePayment, "officer", bill=bill, amount_fen=6_000_00, bank_reference="流水1")
    assert uni.faults() == []


def test_an_agreement_is_settled_in_cash(uni: University) -> None:
    agreement, bill = ready(uni, 10)
    uni.do(ReceivePayment, "officer", bill=bill, amount_fen=6_000_00, bank_reference="流水1")

    uni.do(EndAgreement, "officer", agreement=agreement, document_number="函1号", reason="付清", settled=True)

    assert uni.agreement(agreement).state is AgreementState.SETTLED_IN_CASH


# -- what is held ------------------------------------------------------------------------------------------------------


def test_later_rounds_thin_the_holding(uni: University) -> None:
    agreement, bill = ready(uni, 1_000, vat_in_cash=False)
    uni.held(uni.converted(agreement, 600_000_00, bill))
    uni.capital(2_500_000_00, valuation_fen=35_000_000_00, document_number="B轮")

    assert uni.company().held_fen == {"others": 2_440_000_00, LAB: 60_000_00}
    assert uni.company().registered_fen == 2_500_000_00
    paper = {"firm": FIRM, "document_number": "减资", "happened_on": uni.today}
    less = declined(uni, RecordCapital, "applicant", **paper, registered_fen=59_999_99)
    assert less == "LessThanHeldElsewhere"
    assert declined(uni, RecordCapital, "applicant", **paper, registered_fen=2_500_000_00) == "NothingNew"
    assert uni.faults() == []


def test_a_part_is_sold_and_the_rest_ceases_with_a_reduction(uni: University) -> None:
    agreement, bill = ready(uni, 1_000, vat_in_cash=False)
    uni.held(uni.converted(agreement, 600_000_00, bill))

    part = uni.left(20_000_00, 300_000_00)
    rest = uni.left(40_000_00, 100_000_00, exit_kind=ExitKind.REDUCTION, buyer="")

    assert (part["cost_fen"], part["left_fen"]) == (200_000_00, 40_000_00)
    assert (rest["cost_fen"], rest["left_fen"]) == (400_000_00, 0)
    assert uni.company().registered_fen == 2_020_000_00
    assert uni.balance(f"equity:to-treasury:{LAB}") == 400_000_00
    assert uni.faults() == []


def test_what_is_no_exit(uni: University) -> None:
    agreement, bill = ready(uni, 1_000, vat_in_cash=False)
    uni.held(uni.converted(agreement, 600_000_00, bill))

    def why(**changed: Any) -> str:  # noqa: ANN401
        return declined(uni, ProposeExit, "officer", **(uni.exit_facts(60_000_00, 1) | changed))

    assert why(sold_fen=60_000_01) == "NotSoMuchHeld"
    assert why(buyer="") == "BuyerMissing"
    assert why(price_fen=-1) == "AmountUnreadable"
    assert why(notified_on=uni.today + timedelta(days=1)) == "PaperFromFuture"
    told = uni.exit_facts(60_000_00, 1, notified_on=uni.today)
    leaving = str(uni.do(ProposeExit, "officer", **told)["exit"])
    done = {"exit": leaving, "bank_reference": "流水1"}
    assert declined(uni, CompleteExit, "officer", **done) == "ExitNotSo"
    uni.sign(EXIT, leaving, "department", "finance", "second finance")
    assert declined(uni, CompleteExit, "officer", **done) == "NoticeTooShort"
    uni.move(days=31)
    uni.do(CompleteExit, "officer", **done)
    assert declined(uni, CompleteExit, "officer", **done) == "ExitNotSo"


def test_a_holding_is_written_down(uni: University) -> None:
    agreement, bill = ready(uni, 1_000, vat_in_cash=False)
    uni.held(uni.converted(agreement, 600_000_00, bill))
    facts = {"unit": LAB, "firm": FIRM, "document_number": "核销1号", "reason": "企业破产"}
    assert declined(uni, ProposeWriteDown, "officer", **facts, amount_fen=600_000_01) == "NotSoMuchCost"

    refused = str(uni.do(ProposeWriteDown, "officer", **facts, amount_fen=100_000_00)["write_down"])
    shown = uni.request(WRITE_DOWN, refused).content_hash
    uni.do(Reject, "department", subject_kind=WRITE_DOWN, subject=refused, content_hash=shown, reason="尚可收回")
    assert uni.balance(f"equity:investment:{FIRM}:{LAB}") == 600_000_00

    number = str(uni.do(ProposeWriteDown, "officer", **facts, amount_fen=600_000_00)["write_down"])
    assert uni.balance(f"equity:to-dispose:{FIRM}:{LAB}") == 600_000_00
    uni.sign(WRITE_DOWN, number, "department", "finance", "second finance")
    assert uni.balance(f"equity:disposed:{LAB}") == 600_000_00
    assert uni.balance(f"equity:to-dispose:{FIRM}:{LAB}") == 0
    assert uni.company().held_fen[LAB] == 60_000_00
    assert uni.faults() == []


def test_what_is_no_dividend_and_no_payment(uni: University) -> None:
    facts = {"unit": LAB, "firm": FIRM, "resolution_number": "利润1号", "declared_on": uni.today}
    assert declined(uni, DeclareDividend, "officer", **facts, distributed_fen=100) == "NotSoMuchHeld"
    agreement, bill = ready(uni, 1_000, vat_in_cash=False)
    uni.held(uni.converted(agreement, 600_000_00, bill))
    assert declined(uni, DeclareDividend, "officer", **facts, distributed_fen=1) == "DividendTooSmall"
    dividend = str(uni.do(DeclareDividend, "officer", **facts, distributed_fen=1_500_000_00, remitted=True)["dividend"])
    assert declined(uni, DeclareDividend, "officer", **facts, distributed_fen=1) == "DeclaredAlready"
    slip = {"dividend": dividend, "bank_reference": "股利1"}
    assert declined(uni, ReceiveDividend, "officer", **slip, amount_fen=43_689_33) == "MoreThanDeclared"
    uni.do(ReceiveDividend, "officer", **slip, amount_fen=43_689_31)
    assert declined(uni, ReceiveDividend, "officer", **slip, amount_fen=1) == "DividendReceiptKnown"
    assert uni.balance(f"equity:6602:{LAB}") == 0

    out = {"unit": LAB, "bank_reference": "缴库1"}
    assert declined(uni, PayVat, "officer", **out, amount_fen=33_962_27) == "MoreVatThanOwed"
    assert not uni.run(RemitProceeds, "officer", **out, amount_fen=43_689_33).accepted
    uni.do(RemitProceeds, "officer", **out, amount_fen=43_689_32)
    assert declined(uni, RemitProceeds, "officer", **out, amount_fen=1) == "PaymentKnown"
    assert uni.faults() == []


def test_the_dates_of_register_and_publication(uni: University) -> None:
    agreement, bill = ready(uni, 10)
    conversion = uni.converted(agreement, 6_000_00, bill)
    done = {"conversion": conversion, "document_number": "变更1号"}
    yesterday = uni.today - timedelta(days=1)
    assert declined(uni, RegisterConversion, "officer", **done, happened_on=yesterday) == "OutOfOrder"
    uni.move(days=31)

    body = uni.do(RegisterConversion, "applicant", **done, happened_on=uni.today)
    assert body["late"] is True
    published = uni.do(PublishConversion, "officer", **done, happened_on=uni.today)
    assert published["late"] is False


def test_only_people_of_the_parties_act(uni: University) -> None:
    agreement, bill = ready(uni, 10)
    assert declined(uni, FileAppraisal, "other officer", **uni.appraisal_facts(agreement, 1)) == "RoleMissingAt"
    assert declined(uni, SignAgreement, "officer", agreement=agreement, party=BUREAU) == "NotAParty"
    assert declined(uni, SignAgreement, "officer", agreement=agreement, party=LAB) == "AgreementNotSo"
    assert declined(uni, ReleaseAccrual, "applicant", agreement=agreement, bill=bill, reason="x") == "RoleMissingAt"
