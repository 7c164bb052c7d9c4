"""Two payers of one service: the second matches the first (配套), each with its own voucher, budget, cap and claim."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from databases import Database
from programme import CITY_COMMISSION, FIRM, LINE, OTHER_FIRM, SISTER_FIRM, UNIT, Programme, open_programme

from ledger.budgets.appropriate import KIND as LETTER
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.fees.values import RedInvoice
from ledger.registry.declare_controller import DeclareController
from ledger.registry.values import CertificateKind
from ledger.registry.withdraw_certificate import WithdrawCertificate
from ledger.vouchers.accept import Accept
from ledger.vouchers.apply import Apply
from ledger.vouchers.claw_back import KIND as CLAW_BACK
from ledger.vouchers.claw_back import Against, ProposeClawBack
from ledger.vouchers.credit_bill import CreditContractBill
from ledger.vouchers.decide_application import KIND as ISSUE
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.expire import ExpireVoucher
from ledger.vouchers.match import MatchContract
from ledger.vouchers.release import ReleaseHold
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.states import ContractState

CITY = "liaocheng-2023"
FEE, PROVINCE_SHARE, CITY_SHARE = 50_000_00, 30_000_00, 15_000_00


@pytest.fixture
def payers(database: Database) -> Iterator[Programme]:
    with open_programme(database, "shandong-2023", date(2023, 7, 3)) as programme:
        programme.found_city()
        programme.letter()
        city_letter(programme)
        programme.certify(UNIT, CertificateKind.PLACE, "371500")
        yield programme


def city_letter(programme: Programme, amount_fen: int = 10_000_000_00) -> None:
    """The city's own budget letter."""
    facts = {"scheme": CITY, "year": 2023, "letter_number": "聊财预1号", "amount_fen": amount_fen, "line": LINE}
    body = programme.do(ProposeAppropriation, "city operator", tenant=CITY_COMMISSION, **facts)
    programme.sign(LETTER, body["appropriation"], "finance")


def city_voucher(programme: Programme, amount_fen: int, holder: str = FIRM, by: str = "applicant") -> str:
    application = programme.apply(amount_fen, holder, by, scheme=CITY)
    programme.do(DecideApplication, "city operator", application=application, grant_fen=amount_fen)
    return str(programme.sign(ISSUE, application, "second city operator")["voucher"])


def match(
    programme: Programme, contract: str, voucher: str, amount_fen: int = CITY_SHARE, by: str = "applicant"
) -> str:
    facts = {"contract": contract, "voucher": voucher, "amount_fen": amount_fen}
    return str(programme.do(MatchContract, by, **facts)["contract"])


@pytest.fixture
def pair(payers: Programme) -> tuple[str, str]:
    """A contract of 50,000 yuan under the province's voucher, and the city's match of it."""
    contract = payers.reserve(payers.issue(100_000_00), PROVINCE_SHARE, FEE)
    return contract, match(payers, contract, city_voucher(payers, 60_000_00))


def accept_both(programme: Programme, pair: tuple[str, str], fee_fen: int = FEE) -> str:
    bill = programme.billed(pair[0], fee_fen)
    for contract in pair:
        programme.accept(contract, bill)
    return bill


def test_one_cap_counts_what_both_payers_grant(payers: Programme) -> None:
    payers.issue(600_000_00)
    city_voucher(payers, 45_000_00)
    application = payers.apply(10_000_00)

    refusal = payers.refused(DecideApplication, "operator", application=application, grant_fen=5_000_01)
    payers.grant(application, 5_000_00)

    assert refusal.startswith("OverGrant"), refusal
    assert "at most 5000.00" in refusal.replace(",", "")
    waits = payers.apply(1_000_00, scheme=CITY)
    over = payers.refused(DecideApplication, "city operator", application=waits, grant_fen=1)
    assert over.startswith("NothingToGrant"), "a grant that waits for its signature counts too"


def test_the_cap_is_one_for_all_under_one_controller(payers: Programme) -> None:
    for firm in (FIRM, SISTER_FIRM):
        payers.do(DeclareController, "operator", party=firm, controller=OTHER_FIRM)
    payers.issue(640_000_00)

    waits = payers.apply(45_000_00, SISTER_FIRM, "sister applicant", scheme=CITY)
    refusal = payers.refused(DecideApplication, "city operator", application=waits, grant_fen=10_000_01)

    assert refusal.startswith("OverGrant"), refusal
    payers.do(DecideApplication, "city operator", application=waits, grant_fen=10_000_00)


def test_two_payers_that_grant_at_once_do_not_both_pass_the_cap(payers: Programme) -> None:
    payers.issue(600_000_00)
    asked = [
        payers.command(DecideApplication, "operator", application=payers.apply(50_000_00), grant_fen=50_000_00),
        payers.command(
            DecideApplication,
            "city operator",
            application=payers.apply(50_000_00, scheme=CITY),
            grant_fen=50_000_00,
        ),
    ]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(payers.books.executor.run, asked))

    assert sorted(answer.accepted for answer in answers) == [False, True]


def test_each_payer_bears_its_share_of_the_actual_fee(payers: Programme, pair: tuple[str, str]) -> None:
    bill = payers.billed(pair[0], 40_000_00)
    first, second = (payers.accept(contract, bill) for contract in pair)

    assert (first["share_fen"], first["firm_fen"]) == (24_000_00, 16_000_00)
    assert (second["share_fen"], second["matched_fen"], second["firm_fen"]) == (12_000_00, 24_000_00, 4_000_00)
    assert payers.bill(bill).voucher_fen == 36_000_00
    assert payers.breaches() == []


def test_a_match_is_accepted_after_what_it_matches_and_with_the_same_bill(
    payers: Programme, pair: tuple[str, str]
) -> None:
    contract, matching = pair
    bill = payers.billed(contract, 30_000_00)
    other = payers.billed(contract, 20_000_00)

    early = payers.refused(Accept, "applicant", contract=matching, bill=bill)
    payers.accept(contract, bill)
    wrong = payers.refused(Accept, "applicant", contract=matching, bill=other)
    twice = payers.refused(Accept, "applicant", contract=contract, bill=other)

    assert [refusal.split(":")[0] for refusal in (early, wrong, twice)] == [
        "MatchedFirst",
        "AcceptedWithAnother",
        "WrongState",
    ]
    payers.accept(matching, bill)


def test_a_match_is_accepted_also_when_what_it_matches_was_claimed_meanwhile(
    payers: Programme, pair: tuple[str, str]
) -> None:
    contract, matching = pair
    bill = payers.billed(contract, FEE)
    payers.accept(contract, bill)
    payers.file(contract)

    answer = payers.accept(matching, bill)

    assert (answer["matched_fen"], answer["share_fen"]) == (PROVINCE_SHARE, CITY_SHARE)


def test_what_pays_beside_pays_nothing_alone_nor_beside_another_scheme(payers: Programme) -> None:
    alone = payers.refused(Reserve, "applicant", **payers.reservation(city_voucher(payers, 20_000_00), 1_00, 2_00))
    contract = payers.reserve(payers.issue(20_000_00), 1_000_00, 2_000_00)
    voucher = payers.issue(20_000_00)
    wrong = payers.refused(MatchContract, "applicant", contract=contract, voucher=voucher, amount_fen=1_00)

    assert alone.startswith("OnlyBeside"), alone
    assert wrong.startswith("NoMatch"), wrong


def test_a_match_is_of_the_same_holder_and_asked_by_its_own_people(payers: Programme, pair: tuple[str, str]) -> None:
    theirs = city_voucher(payers, 20_000_00, OTHER_FIRM, "other applicant")
    facts = {"contract": pair[0], "amount_fen": 1_00}

    another = payers.refused(MatchContract, "other applicant", voucher=theirs, **facts)
    stranger = payers.refused(MatchContract, "applicant", voucher=theirs, **facts)
    chained = payers.refused(
        MatchContract, "applicant", contract=pair[1], voucher=city_voucher(payers, 5_000_00), amount_fen=1_00
    )

    assert another.startswith("VoucherOfAnother"), another
    assert stranger.startswith("RoleMissingAt"), stranger
    assert chained.startswith("NoMatch"), chained


def test_fifty_who_match_one_contract_at_once_match_it_once(payers: Programme) -> None:
    contract = payers.reserve(payers.issue(100_000_00), PROVINCE_SHARE, FEE)
    voucher = city_voucher(payers, 60_000_00)
    asked = [
        payers.command(MatchContract, "applicant", contract=contract, voucher=voucher, amount_fen=1_000_00)
        for _ in range(50)
    ]

    answers = [future.result() for future in payers.books.executor.submit_all(asked)]

    assert sum(answer.accepted for answer in answers) == 1
    assert {answer.body["code"] for answer in answers if not answer.accepted} == {"EvidenceClaimed"}
    assert payers.face("available", voucher) == 59_000_00


def test_whoever_gives_the_contract_up_gets_both_back(payers: Programme, pair: tuple[str, str]) -> None:
    contract, matching = pair

    answer = payers.do(ReleaseHold, "applicant", contract=contract, reason="合同取消")

    assert answer["released_with"] == [matching]
    assert {payers.contract(number).state for number in pair} == {ContractState.RELEASED}
    assert payers.face("available", payers.contract(matching).voucher) == 60_000_00
    again = payers.reserve(payers.contract(contract).voucher, 1_000_00, 2_000_00)
    assert payers.contract(match(payers, again, payers.contract(matching).voucher, 500_00)).matches == again
    assert payers.breaches() == []


def test_the_match_alone_can_be_given_up_and_made_again(payers: Programme, pair: tuple[str, str]) -> None:
    contract, matching = pair
    voucher = payers.contract(matching).voucher

    payers.do(ReleaseHold, "applicant", contract=matching, reason="改由他处配套")
    again = match(payers, contract, voucher, 10_000_00)

    assert payers.contract(contract).state is ContractState.RESERVED
    accept_both(payers, (contract, again))
    assert payers.face("redeemable", voucher, again) == 10_000_00


def test_a_match_of_what_is_over_cannot_be_accepted(payers: Programme, pair: tuple[str, str]) -> None:
    contract, matching = pair
    bill = payers.billed(contract, FEE)
    payers.revoke(payers.contract(contract).voucher)

    refusal = payers.refused(Accept, "applicant", contract=matching, bill=bill)

    assert refusal.startswith("MatchedOver"), refusal
    assert "revoked" in refusal
    payers.do(ReleaseHold, "applicant", contract=matching, reason="券已撤销")
    assert payers.breaches() == []


def test_a_match_never_holds_longer_than_what_it_matches(payers: Programme) -> None:
    contract = payers.reserve(payers.issue(100_000_00), PROVINCE_SHARE, FEE, service_ends_on=date(2023, 11, 30))
    payers.move(days=60)

    matching = match(payers, contract, city_voucher(payers, 60_000_00))

    assert payers.contract(matching).hold_until == payers.contract(contract).hold_until
    payers.move(to=date(2023, 12, 1))
    facts = {"contract": contract, "voucher": city_voucher(payers, 1_000_00), "amount_fen": 1_00}
    assert payers.refused(MatchContract, "applicant", **facts).startswith("ServiceOver")


def test_holds_that_run_out_go_back_to_their_own_vouchers(payers: Programme, pair: tuple[str, str]) -> None:
    contract, matching = pair
    until = payers.contract(contract).hold_until
    assert payers.contract(matching).hold_until == until
    payers.move(to=until + timedelta(days=1))

    for number, operator in ((contract, "operator"), (matching, "city operator")):
        payers.do(ExpireVoucher, operator, voucher=payers.contract(number).voucher)

    assert {payers.contract(number).state for number in pair} == {ContractState.RELEASED}
    assert payers.breaches() == []


def test_without_a_paper_a_supplier_is_not_local(payers: Programme, pair: tuple[str, str]) -> None:
    contract, matching = pair
    (place,) = payers.holder(UNIT).certificates
    payers.do(WithdrawCertificate, "operator", party=UNIT, certificate=place.number, reason="住所变更")
    bill = payers.billed(contract, FEE)

    payers.accept(contract, bill)
    answer = payers.accept(matching, bill)

    assert (answer["share_fen"], answer["returned_fen"], answer["firm_fen"]) == (0, CITY_SHARE, 20_000_00)


def test_what_was_accepted_stays_shared_when_the_supplier_moves_away(payers: Programme, pair: tuple[str, str]) -> None:
    accept_both(payers, pair)
    payers.move(days=1)
    (place,) = payers.holder(UNIT).certificates
    payers.do(WithdrawCertificate, "operator", party=UNIT, certificate=place.number, reason="住所变更")

    red = RedInvoice("9" * 20, payers.today, 10_000_00, "数量有误")
    answer = payers.do(CreditContractBill, "officer", contract=pair[1], red=red)

    assert [share["share_fen"] for share in answer["shares"]] == [24_000_00, 12_000_00]


def test_a_bill_credited_in_full_ends_both(payers: Programme, pair: tuple[str, str]) -> None:
    accept_both(payers, pair)

    red = RedInvoice("9" * 20, payers.today, FEE, "服务取消")
    payers.do(CreditContractBill, "officer", contract=pair[0], red=red)

    assert {payers.contract(number).state for number in pair} == {ContractState.CREDITED}
    assert payers.face("available", payers.contract(pair[1]).voucher) == 60_000_00
    assert payers.breaches() == []


def test_a_ruling_of_one_payer_leaves_the_other_paid(payers: Programme, pair: tuple[str, str]) -> None:
    accept_both(payers, pair)
    payers.paid(payers.file(pair[0]))
    ruling = payers.revocation(payers.contract(pair[0]).voucher)
    facts = ruling | {"contracts": (pair[0],), "against": Against.HOLDER}
    proposal = payers.do(ProposeClawBack, "operator", **facts)["proposal"]

    body = payers.sign(CLAW_BACK, proposal, "second operator")

    assert body["recovered_fen"] == PROVINCE_SHARE
    assert payers.contract(pair[1]).redeemable_fen == CITY_SHARE
    assert payers.breaches() == []


def test_the_firm_applies_to_each_payer(payers: Programme) -> None:
    payers.apply(10_000_00)

    payers.do(Apply, "applicant", holder=FIRM, requested_fen=5_000_00, scheme=CITY, purpose="配套")
