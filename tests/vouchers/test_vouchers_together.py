"""Many at once: never a fen over, whoever comes first."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from databases import Database
from programme import FIRM, OTHER_FIRM, OTHER_UNIT, SISTER_FIRM, TOKENS, UNIT, Programme, open_programme

from ledger.approvals.approve import Approve
from ledger.assembly import Books
from ledger.executor.clock import SimulatedClock
from ledger.executor.commands import Answer, Command
from ledger.fees.values import BillLine
from ledger.registry.declare_controller import DeclareController
from ledger.vouchers.accept import Accept
from ledger.vouchers.apply import Apply
from ledger.vouchers.decide_application import KIND as ISSUE
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.reserve import Reserve


def at_once(programme: Programme, commands: list[Command]) -> list[Answer]:
    """All handed in together: one batch as far as they have nothing in common."""
    return [future.result() for future in programme.books.executor.submit_all(commands)]


def codes(answers: list[Answer]) -> Counter[str]:
    return Counter("accepted" if answer.accepted else answer.body["code"] for answer in answers)


def test_fifty_callers_spend_one_voucher(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    commands = [
        programme.command(Reserve, "applicant", **programme.reservation(voucher, 3_000_00, 10_000_00))
        for _ in range(50)
    ]

    answers = at_once(programme, commands)

    assert codes(answers) == {"accepted": 16, "OverAvailable": 34}
    assert programme.face("available", voucher) == 2_000_00
    assert sum(programme.face("held", voucher, a.body["contract"]) for a in answers if a.accepted) == 48_000_00
    assert programme.breaches() == []


def test_fifty_threads_on_two_executors_spend_one_voucher(programme: Programme) -> None:
    """Two processes would do the same: what keeps them apart is in the database."""
    programme.letter()
    voucher = programme.issue(50_000_00)
    commands = [
        programme.command(Reserve, "applicant", **programme.reservation(voucher, 3_000_00, 10_000_00))
        for _ in range(50)
    ]
    clock = SimulatedClock(datetime.combine(programme.today, datetime.min.time(), UTC) + timedelta(hours=2))

    with Books(programme.database.writer, clock=clock, built=programme.house) as other, ThreadPoolExecutor(50) as pool:
        executors = [programme.books.executor, other.executor]
        futures = [pool.submit(executors[n % 2].run, command) for n, command in enumerate(commands)]
        answers = [future.result() for future in futures]

    assert codes(answers) == {"accepted": 16, "OverAvailable": 34}
    assert programme.face("available", voucher) == 2_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_fifty_vouchers_are_spent_side_by_side(programme: Programme) -> None:
    """What has nothing in common goes into one block."""
    programme.letter()
    vouchers = [programme.issue(2_000_00) for _ in range(20)]
    commands = [
        programme.command(Reserve, "applicant", **programme.reservation(voucher, 1_000_00, 10_000_00))
        for voucher in vouchers
    ]

    answers = at_once(programme, commands)

    assert codes(answers) == {"accepted": 20}
    assert len({answer.block for answer in answers}) <= 2


def test_the_last_of_a_budget_is_granted_once(programme: Programme) -> None:
    programme.letter(50_000_00)
    applications = [
        programme.apply(40_000_00, holder, by)
        for holder, by in ((FIRM, "applicant"), (OTHER_FIRM, "other applicant"), (SISTER_FIRM, "sister applicant"))
    ]
    for application in applications:
        programme.grant(application, 40_000_00)
    signatures = [_signature(programme, application) for application in applications]

    answers = at_once(programme, signatures)

    assert codes(answers) == {"accepted": 1, "BudgetExhausted": 2}
    assert programme.budget("available") == 10_000_00
    assert programme.breaches() == []


def _signature(programme: Programme, application: str) -> Command:
    return programme.command(
        Approve,
        "second operator",
        subject_kind=ISSUE,
        subject=application,
        content_hash=programme.request(ISSUE, application).content_hash,
    )


def test_two_budget_lines_are_not_overdrawn_together(programme: Programme) -> None:
    """The account would allow two vouchers of 40,000; the lines of 60,000 and 20,000 allow one."""
    programme.letter(60_000_00)
    programme.letter(20_000_00)
    applications = [programme.apply(40_000_00), programme.apply(40_000_00, OTHER_FIRM, "other applicant")]
    for application in applications:
        programme.grant(application, 40_000_00)

    answers = at_once(programme, [_signature(programme, application) for application in applications])

    assert codes(answers) == {"accepted": 1, "BudgetLineExhausted": 1}
    assert programme.breaches() == []


def test_two_grants_under_one_controller_do_not_both_pass_the_cap(programme: Programme) -> None:
    """200,000 a year for the group: two grants of 150,000 decided at once, one of them too many."""
    programme.letter()
    for firm in (FIRM, OTHER_FIRM):
        programme.do(DeclareController, "operator", party=firm, controller=SISTER_FIRM)
    applications = [programme.apply(150_000_00), programme.apply(150_000_00, OTHER_FIRM, "other applicant")]
    decisions = [
        programme.command(DecideApplication, "operator", application=application, grant_fen=150_000_00)
        for application in applications
    ]

    answers = at_once(programme, decisions)

    assert codes(answers) == {"accepted": 1, "OverGrant": 1}
    refused = next(answer for answer in answers if not answer.accepted)
    assert "at most 50,000.00 yuan can be granted" in refused.body["en"]


def test_a_first_application_does_not_pass_the_cap_of_its_group(tokens: Programme) -> None:
    """First applications have ten tokens whatever the calculator is told; the group has forty."""
    tokens.letter()
    firms = ((FIRM, "applicant"), (OTHER_FIRM, "other applicant"), (SISTER_FIRM, "sister applicant"))
    for firm, _ in firms[:2]:
        tokens.do(DeclareController, "operator", party=firm, controller=SISTER_FIRM)
    tokens.issue(50_000_00, *firms[0])
    tokens.issue(150_000_00, *firms[0])
    application = tokens.apply(50_000_00, *firms[1])

    refusal = tokens.refused(DecideApplication, "operator", application=application, grant_fen=50_000_00)

    assert refusal.startswith("OverCap")
    assert "200,000.00 yuan this year" in refusal


def test_one_firm_applies_once_at_a_time(programme: Programme) -> None:
    commands = [
        programme.command(
            Apply, "applicant", holder=FIRM, scheme=programme.scheme, requested_fen=1_000_00, purpose="测试"
        )
        for _ in range(10)
    ]

    assert codes(at_once(programme, commands)) == {"accepted": 1, "ApplicationOpen": 9}


def test_one_contract_supports_one_reservation_of_many_vouchers(programme: Programme) -> None:
    programme.letter()
    vouchers = [programme.issue(10_000_00) for _ in range(10)]
    commands = [
        programme.command(
            Reserve,
            "applicant",
            **programme.reservation(voucher, 1_000_00, 10_000_00, contract_number=f"HT-77{' ' * n}"),
        )
        for n, voucher in enumerate(vouchers)
    ]

    assert codes(at_once(programme, commands)) == {"accepted": 1, "EvidenceClaimed": 9}


def test_one_contract_is_accepted_and_claimed_once(programme: Programme) -> None:
    programme.letter()
    contract = programme.reserve(programme.issue(10_000_00), 10_000_00, 20_000_00)
    bill = programme.billed(contract, 20_000_00)
    acceptances = [programme.command(Accept, "applicant", contract=contract, bill=bill) for _ in range(8)]
    accepted = at_once(programme, acceptances)
    claims = [programme.command(FileClaim, "officer", unit=UNIT, contracts=(contract,)) for _ in range(8)]
    claimed = at_once(programme, claims)

    assert codes(accepted) == {"accepted": 1, "WrongState": 7}
    assert codes(claimed) == {"accepted": 1, "WrongState": 7}
    assert programme.breaches() == []


def test_one_bill_pays_for_one_contract(programme: Programme) -> None:
    """Two vouchers, two contracts of one number with two units: a bill fits one of them only."""
    programme.letter()
    voucher = programme.issue(20_000_00)
    contracts = [
        programme.reserve(voucher, 10_000_00, 20_000_00, contract_number="HT-1", unit=unit)
        for unit in (UNIT, OTHER_UNIT)
    ]
    bill = programme.billed(contracts[0], 20_000_00)

    answers = at_once(
        programme, [programme.command(Accept, "applicant", contract=contract, bill=bill) for contract in contracts]
    )

    assert codes(answers) == {"accepted": 1, "BillOfAnother": 1}


def test_a_contract_that_was_accepted_is_not_reserved_again(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(20_000_00)
    first = programme.accepted(voucher, 5_000_00, 20_000_00)
    bill = str(programme.contract(first).bill)
    number = programme.contract(first).contract_number

    refusal = programme.refused(
        Reserve, "applicant", **programme.reservation(voucher, 5_000_00, 20_000_00, contract_number=number)
    )

    assert refusal.startswith("EvidenceClaimed")
    assert programme.bill(bill).voucher_fen == 5_000_00


def test_a_claim_over_two_budget_lines_is_paid_by_two_payables(programme: Programme) -> None:
    lines = [programme.letter(30_000_00), programme.letter(30_000_00)]
    contracts = [
        programme.accepted(programme.issue(20_000_00, holder, by), 10_000_00, 20_000_00, by)
        for holder, by in ((FIRM, "applicant"), (OTHER_FIRM, "other applicant"))
    ]
    claim = programme.file(*contracts)
    payables = programme.approve(claim)
    batch = programme.batch(*payables)

    assert {programme.voucher(programme.contract(c).voucher).budget_line for c in contracts} == set(lines)
    programme.confirm(batch, payables[0])
    assert programme.claim(claim).state == "approved"
    assert (programme.budget("expended"), programme.budget("obligated")) == (10_000_00, 10_000_00)
    assert programme.breaches() == []

    programme.confirm(batch, payables[1])
    assert programme.claim(claim).state == "paid"
    assert programme.balance(f"bank:{UNIT}") == 20_000_00
    assert programme.faults() == []


@pytest.mark.parametrize("scheme", ["jinyun-2017", TOKENS])
def test_both_schemes_end_to_end(database: Database, scheme: str) -> None:
    with open_programme(database, scheme) as programme:
        programme.letter()
        contract = programme.reserve(programme.issue(50_000_00), 10_000_00, 20_000_00)
        bill = programme.billed(contract, 15_000_00, lines=(BillLine("测试", None, 3, 5_000_00),))
        programme.accept(contract, bill)
        programme.paid(programme.file(contract))

        assert programme.bill(bill).voucher_fen == {"jinyun-2017": 7_500_00, TOKENS: 10_000_00}[scheme]
        assert programme.faults() == []
