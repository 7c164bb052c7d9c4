"""The second wall: what the writer's role cannot write; few statements for many; who sees what; what breaks a law."""

from datetime import date
from uuid import UUID

import pytest
from office import counted
from programme import COMMISSION, FIRM, INCUBATOR, OTHER_FIRM, OTHER_UNIT, UNIT, Programme
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.assembly import BOOK
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.budgets.slice import SLICE as BUDGETS_SLICE
from ledger.budgets.store import APPROPRIATIONS, BUDGET_CHANGES, BUDGETS, LETTERS, letter_id
from ledger.budgets.tables import AppropriationEndTable, AppropriationTable
from ledger.budgets.years import BUDGET_YEARS, UNSETTLED_YEARS
from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.journal.tables import EventRow
from ledger.vouchers.decide_application import KIND as ISSUE
from ledger.vouchers.expire import ExpireVoucher
from ledger.vouchers.revoke import ProposeRevocation
from ledger.vouchers.slice import SLICE
from ledger.vouchers.store import (
    ACCEPTANCES,
    APPLICATIONS,
    BILLS_OF_CONTRACTS,
    BOUNCES,
    CAPS,
    CLAIMS,
    CLAIMS_OF_CONTRACTS,
    CLAIMS_OF_PAYABLES,
    CLAIMS_OF_STEPS,
    CONTRACTS,
    CONTRACTS_OF_BILLS,
    DUE,
    INVOICES_OF_CONTRACTS,
    ISSUES,
    LINES_OF_CLAIMS,
    LIST_STATES,
    MATCHES,
    NEW_MATCHES,
    OBJECTIONS,
    OLD_NUMBERS,
    OPENING_LISTS,
    OPENINGS_POSTED,
    PANELS,
    PROPOSALS,
    RECOVERING,
    REFUNDED,
    SHARERS,
    UNFINISHED,
    VOUCHERS,
    WHOLES,
    YEARS_UNFINISHED,
    acceptance_id,
    bounce_id,
    controller_cap,
    due_id,
    holder_cap,
    match_id,
    old_number_id,
)
from ledger.vouchers.tables import (
    VoucherAcceptanceTable,
    VoucherApplicationStepTable,
    VoucherApplicationTable,
    VoucherClaimLineTable,
    VoucherClaimPayableTable,
    VoucherClaimPaymentTable,
    VoucherClaimStepTable,
    VoucherContractTable,
    VoucherTable,
)

AN_ID = UUID(int=0)


def write(programme: Programme, sql: str, **values: object) -> None:
    with programme.database.writer.begin() as connection:
        connection.execute(text(sql), {"command": AN_ID} | values)


@pytest.fixture
def stock(programme: Programme) -> dict[str, str]:
    """One of everything, each where it waits for its next step."""
    line = programme.letter()
    voucher = programme.issue(50_000_00)
    reserved = programme.reserve(voucher, 5_000_00, 20_000_00)
    accepted = programme.accepted(voucher, 5_000_00, 20_000_00)
    contract = programme.accepted(voucher, 10_000_00, 20_000_00)
    claim = programme.file(contract)
    (payable,) = programme.approve(claim)
    programme.confirm(programme.batch(payable), payable)
    application = programme.apply(10_000_00)
    programme.grant(application, 10_000_00)
    proposal = programme.do(ProposeRevocation, "operator", **programme.revocation(voucher))["proposal"]
    return {
        "line": line,
        "voucher": voucher,
        "reserved": reserved,
        "accepted": accepted,
        "paid": contract,
        "claim": claim,
        "payable": payable,
        "application": application,
        "proposal": str(proposal),
        "bill": str(programme.contract(accepted).bill),
    }


def copied(table: type[EventRow], **changes: str) -> str:
    """Adds a row that is there once more, some of its columns changed."""
    columns = [column.name for column in table.__table__.columns]  # type: ignore[attr-defined]  # every table class has one
    changes["command"] = ":command"
    picked = ", ".join(changes.get(name, name) for name in columns)
    name = table.__tablename__
    return f"INSERT INTO {name} ({', '.join(columns)}) SELECT {picked} FROM {name} LIMIT 1"


A_STEP = {"position": "9", "reason": "''", "granted_fen": "NULL", "calculation": "NULL"}
MAY_NOT_BE = {
    "a letter recorded twice": (
        copied(AppropriationTable, number="'AP-2'", budget_line="'AP-2'"),
        "uq_voucher_appropriation_letter",
    ),
    "a letter that ends twice": (copied(AppropriationEndTable), "voucher_appropriation_end_pkey"),
    "an application of another year": (
        copied(VoucherApplicationTable, number="'A-2'", year="2016"),
        "ck_voucher_application_year",
    ),
    "a step twice": (copied(VoucherApplicationStepTable), "voucher_application_step_pkey"),
    "a rejection without a reason": (
        copied(VoucherApplicationStepTable, **A_STEP, step="'rejected'"),
        "ck_voucher_application_step_reason",
    ),
    "a grant without a calculation": (
        copied(VoucherApplicationStepTable, **A_STEP, step="'granted'"),
        "ck_voucher_application_step_grant",
    ),
    "an application issued twice": (copied(VoucherTable, number="'V-2'"), "uq_voucher_application"),
    "a voucher that expires before it is issued": (
        copied(VoucherTable, number="'V-2'", application="'A-2'", expires_on="issued_on - 1"),
        "voucher_check",
    ),
    "half a token": (
        copied(VoucherTable, number="'V-2'", application="'A-2'", face_fen="750000", denomination_fen="500000"),
        "voucher_check",
    ),
    "a service after its hold": (
        copied(VoucherContractTable, number="'C-2'", service_ends_on="hold_until + 1"),
        "voucher_contract_check",
    ),
    "a contract accepted twice": (copied(VoucherAcceptanceTable, bill="'BL-2'"), "voucher_acceptance_pkey"),
    "a contract in two claims": (copied(VoucherClaimLineTable, claim="'CL-2'"), "uq_voucher_claim_line_attempt"),
    "a claim passed without notice": (
        copied(VoucherClaimStepTable, position="9", step="'passed'", notice_until="NULL"),
        "ck_voucher_claim_step_notice",
    ),
    "a claim sent back without a reason": (
        copied(VoucherClaimStepTable, position="9", step="'returned'", notice_until="NULL", reason="''"),
        "voucher_claim_step_check",
    ),
    "two payables of one budget line": (
        copied(VoucherClaimPayableTable, payable="'PAY-2'"),
        "uq_voucher_claim_payable_line",
    ),
    "a payable paid twice": (copied(VoucherClaimPaymentTable), "voucher_claim_payment_pkey"),
}


def test_the_writer_cannot_write_what_may_not_be(programme: Programme, stock: dict[str, str]) -> None:
    assert stock
    for statement, constraint in MAY_NOT_BE.values():
        with pytest.raises(DBAPIError, match=constraint):
            write(programme, statement)


def test_the_writer_can_only_add(programme: Programme) -> None:
    for table in (*SLICE.tables, *BUDGETS_SLICE.tables):
        name = table.__tablename__
        for statement in (f"UPDATE {name} SET book = 1", f"DELETE FROM {name}", f"TRUNCATE {name}"):
            with pytest.raises(DBAPIError, match="permission denied"):
                write(programme, statement)


def test_one_or_many_take_the_same_number_of_statements(programme: Programme, stock: dict[str, str]) -> None:
    scheme, year = programme.scheme, 2017
    asked: dict[Aggregate[object], list[str]] = {
        BUDGETS: [f"{scheme}:{year}"],
        BUDGET_CHANGES: [f"{scheme}:{year}"],
        BUDGET_YEARS: [f"{scheme}:{year}"],
        UNSETTLED_YEARS: ["2017"],
        YEARS_UNFINISHED: [f"{scheme}:{year}"],
        APPROPRIATIONS: [stock["line"]],
        LETTERS: [letter_id(scheme, year, "财预〔2017〕1号")],
        APPLICATIONS: [stock["application"]],
        ISSUES: [stock["application"]],
        CAPS: [holder_cap(FIRM, scheme), controller_cap(FIRM, scheme)],
        VOUCHERS: [stock["voucher"]],
        CONTRACTS: [stock["reserved"], stock["accepted"], stock["paid"]],
        WHOLES: [stock["voucher"]],
        DUE: [due_id(scheme, date(2018, 6, 1))],
        CLAIMS: [stock["claim"]],
        CLAIMS_OF_PAYABLES: [stock["payable"]],
        BOUNCES: [bounce_id(stock["payable"], 2018)],
        BILLS_OF_CONTRACTS: [stock["accepted"]],
        CONTRACTS_OF_BILLS: [stock["bill"]],
        ACCEPTANCES: [acceptance_id(stock["accepted"], stock["bill"])],
        SHARERS: [stock["accepted"]],
        MATCHES: [stock["accepted"]],
        NEW_MATCHES: [match_id(stock["reserved"], stock["voucher"])],
        REFUNDED: [stock["accepted"]],
        INVOICES_OF_CONTRACTS: [stock["accepted"]],
        LINES_OF_CLAIMS: [stock["claim"]],
        PANELS: [stock["claim"]],
        OBJECTIONS: [stock["claim"]],
        UNFINISHED: ["2017"],
        PROPOSALS: [stock["proposal"]],
        CLAIMS_OF_CONTRACTS: [stock["accepted"]],
        RECOVERING: [],
        CLAIMS_OF_STEPS: [],
        LIST_STATES: ["期初1号"],
        OPENING_LISTS: ["期初1号"],
        OPENINGS_POSTED: ["期初1号"],
        OLD_NUMBERS: [old_number_id(scheme, "2016-1")],
    }
    declared = {aggregate.name for part in (SLICE, BUDGETS_SLICE) for aggregate in part.aggregates}
    assert declared == {aggregate.name for aggregate in asked}
    for aggregate, ids in asked.items():
        other = f"x:{scheme}:2017-01-01" if aggregate in {CAPS, LETTERS} else "{}:2017-01-01"
        other = {
            BOUNCES: "{} 2018",
            DUE: "{}:2017-01-01:",
            ACCEPTANCES: "{} x",
            NEW_MATCHES: "{} x",
            OLD_NUMBERS: "{} x",
        }.get(aggregate, other)
        many = ids + [other.replace("x", f"holder:{n}").format(n) for n in range(250)]
        taken = []
        for some in (many[:1], many):
            with programme.database.writer.connect() as connection, counted(programme.database.writer) as statements:
                loaded = aggregate.load(Reader(connection, BOOK), some)
                if aggregate.follow:
                    aggregate.follow(Reader(connection, BOOK), some)
                taken.append(len(statements))

        assert taken[0] == taken[1] <= 10, (aggregate.name, taken)
        for id_ in ids:
            assert loaded.get(id_) == programme.load(aggregate, id_).get(id_)


def test_what_is_loaded_is_what_was_done(programme: Programme, stock: dict[str, str]) -> None:
    contract, claim = programme.contract(stock["paid"]), programme.claim(stock["claim"])
    (line,) = claim.lines
    uses = programme.load(CAPS, holder_cap(FIRM, programme.scheme), holder_cap(OTHER_FIRM, programme.scheme))

    assert (contract.claim, contract.claims, contract.citation) == (claim.number, 1, "invented#jinyun-2017")
    assert (line.contract, line.voucher, line.amount_fen) == (contract.number, stock["voucher"], 10_000_00)
    assert (line.calculation, line.citation) == (contract.calculation, contract.citation)
    assert uses[holder_cap(FIRM, programme.scheme)].in_year(2017).counted_fen(refunds_restore=False) == 60_000_00
    assert uses[holder_cap(FIRM, programme.scheme)].open_application == stock["application"]
    assert not uses[holder_cap(OTHER_FIRM, programme.scheme)].ever


def test_each_party_sees_its_own(programme: Programme, stock: dict[str, str]) -> None:
    programme.issue(5_000_00, programme.team, "recommender")
    programme.move(to=programme.voucher(stock["voucher"]).expires_on)
    programme.move(days=1)
    programme.do(ExpireVoucher, "operator", voucher=stock["voucher"])
    tables = [str(table.__tablename__) for table in (*SLICE.tables, *BUDGETS_SLICE.tables)]

    def seen(party: str) -> dict[str, int]:
        with programme.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            counts = {t: connection.execute(text(f"SELECT count(*) FROM {t}")).scalar() for t in tables}
            return {table.removeprefix("voucher_"): count for table, count in counts.items() if count}

    firm = {"application": 2, "application_step": 3, "voucher": 1, "contract": 3, "acceptance": 2, "contract_end": 2}
    assert seen(FIRM) == firm | {"claim_line": 1, "expiry": 1}
    assert seen(INCUBATOR) == {"application": 1, "application_step": 2, "voucher": 1}
    assert seen(UNIT) == {
        "contract": 3,
        "acceptance": 2,
        "contract_end": 2,
        "claim": 1,
        "claim_line": 1,
        "claim_step": 2,
        "claim_payable": 1,
        "claim_payment": 1,
    }
    assert seen(COMMISSION) == {"appropriation": 1, "appropriation_end": 1, "proposal": 1}
    assert seen(OTHER_FIRM) == seen(OTHER_UNIT) == seen("") == {}
    assert seen("*")["voucher"] == 2


BREACHES = {
    "vouchers:held:": {"vouchers.face-conserved", "vouchers.face-of-a-voucher", "vouchers.committed"},
    "vouchers:issued:": {"vouchers.face-of-a-voucher"},
    "vouchers:redeemed:": {"vouchers.face-conserved", "vouchers.face-of-a-voucher", "vouchers.expended"},
    "vouchers:redeemable:": {
        "vouchers.face-conserved",
        "vouchers.face-of-a-voucher",
        "vouchers.committed",
        "vouchers.receivable",
    },
    "vouchers:approved:": {
        "vouchers.face-conserved",
        "vouchers.face-of-a-voucher",
        "vouchers.obligated",
        "vouchers.receivable",
        "vouchers.payable",
    },
    "budget:committed:": {"vouchers.committed", "budgets.appropriated"},
    "budget:expended:": {"vouchers.expended", "budgets.appropriated"},
    "budget:appropriated:": {"budgets.appropriated"},
    "payable:": {"vouchers.payable"},
    "fees:voucher:": {"vouchers.receivable", "fees.bill-conserved"},
}


def test_a_balance_out_of_step_breaks_the_laws_about_it(programme: Programme, stock: dict[str, str]) -> None:
    assert stock
    assert programme.breaches() == []

    for prefix, laws in BREACHES.items():
        shift(programme, prefix, 1)
        try:
            assert {breach[0] for breach in programme.breaches()} == laws, prefix
        finally:
            shift(programme, prefix, -1)


def shift(programme: Programme, prefix: str, by: int) -> None:
    """One fen more on the normal side of an account that the owner's hand has found."""
    with programme.database.owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE balance SET debits = debits + CASE floor WHEN 'D' THEN 2 ELSE 1 END * :by, "
                "credits = credits + CASE floor WHEN 'D' THEN 1 ELSE 2 END * :by WHERE account = ("
                "SELECT id FROM account WHERE address LIKE :prefix || '%' ORDER BY address LIMIT 1)"
            ),
            {"by": by, "prefix": prefix},
        )


def test_rows_out_of_step_break_the_laws_about_them(programme: Programme, stock: dict[str, str]) -> None:
    assert stock
    write(programme, copied(VoucherTable, number="'V-2'", application="'A-2'"))
    write(programme, copied(VoucherContractTable, number="'C-2'", hold_until="'2030-01-01'"))
    write(programme, copied(VoucherAcceptanceTable, contract="'C-3'"))

    assert {breach[:2] for breach in programme.breaches()} == {
        ("vouchers.face-conserved", "V-2"),
        ("vouchers.contract-evidence", "C-2"),
        ("vouchers.hold-within-voucher", "C-2"),
        ("vouchers.bill-accepted-once", programme.contract(stock["accepted"]).bill),
    }


def test_no_step_is_taken_back_by_reversing_its_entry(programme: Programme, stock: dict[str, str]) -> None:
    """It has rows beside it that would stand: a letter is cut, a hold released, a claim sent back instead."""
    assert stock
    facts = {"effective_on": programme.today, "reason": "误记", "second_person": programme.people["second finance"]}
    entries = programme.rows("SELECT min(seq), template FROM entry GROUP BY template")

    for seq, template in entries:
        if template.startswith("voucher.") or template == "fee.voucher-part":
            refusal = programme.refused(ReverseEntry, "finance", seq=seq, **facts)
            assert refusal.startswith("StepNotReversible"), template
    assert {"voucher.issue", "voucher.pay", "fee.voucher-part"} <= {template for _, template in entries}


def test_a_signed_grant_waits_in_nobodys_way(programme: Programme, stock: dict[str, str]) -> None:
    """The stock's second application is signed at last."""
    assert programme.sign(ISSUE, stock["application"], "second operator")["face_fen"] == 10_000_00
    assert programme.breaches() == []
    assert programme.faults() == []
