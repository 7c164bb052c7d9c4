"""Where money goes: one proposes, an officer of finance signs what was shown, and a changed account cools off."""

from datetime import timedelta

import pytest
from office import BUREAU, DAY_ONE, FIRM, INCUBATOR, UNIT, Office, team
from sqlalchemy import text

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.errors import Spoken
from ledger.payments.payee_accounts import PROPOSED_ACCOUNTS
from ledger.payments.set_payee_account import KIND, BankNumberWrong, CnapsWrong, ProposePayeeAccount
from ledger.registry.cancel_registration import CancelRegistration
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.store import PARTIES
from ledger.registry.text import TextMissing, TextUnprintable
from ledger.registry.values import Party, Role

ACCOUNT = {
    "account_name": "甲公司",
    "bank": "中国银行缙云支行",
    "account_number": "6222000099",
    "cnaps": "104343912345",
}


def party(office: Office, code: str) -> Party:
    return office.load(PARTIES, code)[code]


def propose(office: Office, by: str = "applicant", code: str = FIRM, **more: str) -> str:
    """The hash of what is shown to the second person."""
    body = office.do(ProposePayeeAccount, by, party=code, **ACCOUNT | more)
    return str(body["approval"]["content_hash"])


def sign(by: str, shown: str, code: str = FIRM) -> dict[str, str]:
    return {"actor": by, "subject_kind": KIND, "subject": code, "content_hash": shown}


def test_nothing_is_paid_to_an_account_that_finance_has_not_signed(office: Office) -> None:
    shown = propose(office)
    assert party(office, FIRM).account is None

    answer = office.do(Approve, **sign("finance", shown))

    assert answer["since"] == DAY_ONE.isoformat(), "a first account needs no cooling-off"
    account = party(office, FIRM).account_on(DAY_ONE)
    assert account is not None
    assert account.number == "6222000099"
    rows = office.rows("SELECT maker, second_person FROM party_account WHERE party = :p", p=FIRM)
    assert rows == [(office.people["applicant"], office.people["finance"])]


def test_a_changed_account_cools_off_from_its_signature(office: Office) -> None:
    office.set_account(FIRM, "6222000011")
    shown = propose(office)
    office.clock.move_to(DAY_ONE + timedelta(days=3))

    since = office.do(Approve, **sign("finance", shown))["since"]

    assert since == (DAY_ONE + timedelta(days=10)).isoformat()
    firm = party(office, FIRM)
    numbers = [firm.account_on(DAY_ONE + timedelta(days=days)) for days in (-1, 0, 9, 10)]
    assert [one.number if one else None for one in numbers] == [None, "6222000011", "6222000011", "6222000099"]


def test_whoever_proposed_it_or_gains_by_it_does_not_sign(office: Office) -> None:
    office.hire("insider", (FIRM, Role.APPLICANT), (BUREAU, Role.FINANCE))
    shown = propose(office)
    by_finance = {
        by: office.refused(Approve, **sign(by, shown)).split(":")[0] for by in ("applicant", "insider", "treasury")
    }
    assert by_finance == {"applicant": "OwnWork", "insider": "WorksForParty", "treasury": "WrongRole"}

    shown = propose(office, "finance", bank="农业银行")
    office.do(GiveMandate, "operator", person=office.people["second finance"], acts_for=office.people["finance"])
    assert office.refused(Approve, **sign("finance", shown)).startswith("OwnWork")
    assert office.refused(Approve, **sign("second finance", shown)).startswith("CountsAsAnother")
    office.do(Approve, **sign("third finance", shown))


def test_what_was_shown_is_what_is_signed(office: Office) -> None:
    """Whoever changes the proposal after it was shown gets no signature for it."""
    shown = propose(office)
    propose(office, account_number="6222000666")

    refusal = office.refused(Approve, **sign("finance", shown))

    assert refusal.startswith("ContentChanged"), refusal
    assert party(office, FIRM).account is None


def test_a_refused_account_changes_nothing_and_can_be_proposed_anew(office: Office) -> None:
    office.set_account(FIRM, "6222000011")
    shown = propose(office)
    office.do(Reject, reason="户名不符", **sign("finance", shown))

    assert office.refused(Approve, **sign("second finance", shown)).startswith("NotAwaiting")
    account = party(office, FIRM).account
    assert account is not None
    assert account.number == "6222000011"
    office.do(Approve, **sign("finance", propose(office, account_name="更正户名")))


def test_who_may_propose_for_whom(office: Office) -> None:
    members = {"party": FIRM, **ACCOUNT}
    for actor, code in (("officer", "RoleMissingAt"), ("operator", "RoleMissingAt"), ("system", "SystemMayNot")):
        assert office.refused(ProposePayeeAccount, actor, **members).startswith(code)
    refusal = office.refused(ProposePayeeAccount, "finance", **members | {"party": team(office)})
    assert refusal.startswith("TeamHasNoAccount")
    assert INCUBATOR in refusal
    office.set_account(FIRM, "6222000099", account_name="甲公司")
    assert office.refused(ProposePayeeAccount, "applicant", **members).startswith("AccountUnchanged")
    office.do(CancelRegistration, "operator", party=FIRM, reason="注销")
    assert office.refused(ProposePayeeAccount, "finance", **members).startswith("PartyCancelled")


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("account_number", "1234567", BankNumberWrong),
        ("account_number", "1" * 33, BankNumberWrong),
        ("account_number", "1234 5678", BankNumberWrong),
        ("account_number", "１２３４５６７８", BankNumberWrong),
        ("cnaps", "10434391234", CnapsWrong),
        ("cnaps", "10434391234X", CnapsWrong),
        ("bank", "", TextMissing),
        ("account_name", "\t", TextUnprintable),
    ],
)
def test_an_account_that_no_bank_has(office: Office, field: str, value: str, fault: type[Spoken]) -> None:
    with pytest.raises(fault):
        office.run(ProposePayeeAccount, "applicant", **{"party": FIRM} | ACCOUNT | {field: value})
    assert office.load(PROPOSED_ACCOUNTS, FIRM)[FIRM].version == 0


def test_an_account_is_seen_by_its_party_and_by_bureaus_only(office: Office) -> None:
    office.set_account(FIRM, "6222000099", "applicant")

    def seen(by: str, table: str) -> set[str]:
        with office.database.reader.connect() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": by})
            return {value for (value,) in connection.execute(text(f"SELECT party FROM {table}"))}

    for table in ("party_account", "payee_account_proposal"):
        assert seen(FIRM, table) == {FIRM}
        assert {FIRM, UNIT, INCUBATOR} <= seen("*", table)
        assert seen("", table) == set()
