"""Revocation and flags: what is taken back, from whom, when not; who sees it; what the database refuses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from office import BUREAU
from programme import FIRM, INCUBATOR, OTHER_FIRM, UNIT, Programme
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.executor.commands import State
from ledger.registry.store import PARTIES
from ledger.registry.values import Flag, Party, PartyKind, Role
from ledger.vouchers.apply import Apply
from ledger.vouchers.decide_application import KIND as ISSUE
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.expire import ExpireVoucher
from ledger.vouchers.flag_holder import KIND as FLAG
from ledger.vouchers.flag_holder import ProposeFlag
from ledger.vouchers.flags import HolderFlagged, check_unflagged
from ledger.vouchers.lift_flag import KIND as LIFT
from ledger.vouchers.lift_flag import ProposeLift
from ledger.vouchers.proposals import ChangedMeanwhile
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.revoke import KIND, ProposeRevocation
from ledger.vouchers.revoking import GroundNotInScheme, check_ground
from ledger.vouchers.revoking import what_is_open as open_of
from ledger.vouchers.states import VoucherState
from ledger.vouchers.store import UNFINISHED, VOUCHERS, WHOLES
from ledger.vouchers.values import RevocationGround
from policies.vouchers.schemes import scheme

DAY = date(2017, 3, 1)
A_FIRM = Party(code="F", kind=PartyKind.FIRM, name="甲公司", registered_on=DAY)
YEAR_END = date(2017, 12, 31)


def flag(number: str, since: date, until: date | None) -> Flag:
    return Flag(number, f"decision {number}", "fraud", since, until, "K")


@pytest.mark.parametrize(
    ("flags", "day", "stands"),
    [
        ([], DAY, None),
        ([flag("1", DAY, YEAR_END)], DAY - timedelta(days=1), None),
        ([flag("1", DAY, YEAR_END)], DAY, "1"),
        ([flag("1", DAY, YEAR_END)], YEAR_END, "1"),  # its last day counts
        ([flag("1", DAY, YEAR_END)], YEAR_END + timedelta(days=1), None),
        ([flag("1", DAY, None)], date(2099, 1, 1), "1"),
        ([flag("1", DAY, YEAR_END), flag("2", DAY, None)], DAY, "2"),  # what lasts longest is told
    ],
)
def test_which_flag_stands_on_a_day(flags: list[Flag], day: date, stands: str | None) -> None:
    holder = replace(A_FIRM, flags=tuple(flags))

    found = holder.flag_on(day)

    assert (found.number if found else None) == stands
    if stands:
        with pytest.raises(HolderFlagged, match=f"decision {stands}"):
            check_unflagged(holder, day)
    else:
        check_unflagged(holder, day)


def test_a_scheme_revokes_on_its_own_grounds_only() -> None:
    terms = replace(scheme("jinyun-2017", DAY, DAY), revocation_grounds=("fraud",))

    check_ground(RevocationGround.FRAUD, terms)
    with pytest.raises(GroundNotInScheme, match="its grounds are: fraud") as refusal:
        check_ground(RevocationGround.DISQUALIFIED, terms)
    assert refusal.value.cite == "invented#jinyun-2017"


# -- what is taken back ------------------------------------------------------------------------------------------------


def test_all_that_is_open_is_taken_back_and_no_fen_more(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    held = programme.reserve(voucher, 5_000_00, 20_000_00)
    accepted = programme.accepted(voucher, 7_000_00, 20_000_00)
    paid = programme.accepted(voucher, 10_000_00, 20_000_00)
    programme.paid(programme.file(paid))

    body = programme.revoke(voucher)

    amounts = {name: body[f"{name}_fen"] for name in ("available", "held", "accepted", "revoked")}
    assert amounts == {"available": 28_000_00, "held": 5_000_00, "accepted": 7_000_00, "revoked": 40_000_00}
    assert programme.face("revoked", voucher) == 40_000_00
    assert programme.face("redeemed", voucher, 2017) == 10_000_00
    assert programme.budget("committed") == 0
    assert [programme.contract(number).state for number in (held, accepted, paid)] == ["revoked", "revoked", "paid"]
    assert programme.voucher(voucher).state(programme.today) is VoucherState.REVOKED
    assert programme.breaches() == []
    assert programme.faults() == []


def test_the_unit_is_owed_the_whole_bill_again(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue()
    bill = str(programme.contract(programme.accepted(voucher, 7_000_00, 20_000_00)).bill)
    assert programme.bill(bill).open_fen == 13_000_00

    programme.revoke(voucher)

    assert programme.bill(bill).open_fen == 20_000_00


def test_contract_and_invoice_support_another_voucher_afterwards(programme: Programme) -> None:
    """Only those of contracts that ended: what was approved stays bound."""
    programme.letter()
    voucher, other = programme.issue(), programme.issue(20_000_00, OTHER_FIRM, "other applicant")
    accepted = programme.contract(programme.accepted(voucher, 7_000_00, 20_000_00))
    approved = programme.contract(programme.accepted(voucher, 7_000_00, 20_000_00))
    programme.approve(programme.file(approved.number))
    facts = {"voucher": other, "amount_fen": 1_000_00, "fee_fen": 2_000_00}

    programme.revoke(voucher)

    again = programme.reservation(**facts, contract_number=approved.contract_number)
    assert programme.refused(Reserve, "other applicant", **again).startswith("EvidenceClaimed")
    programme.reserve(**facts, by="other applicant", contract_number=accepted.contract_number)
    live = programme.rows(
        "SELECT c.digest FROM evidence_claim c LEFT JOIN evidence_release r ON r.digest = c.digest "
        "AND r.claim = c.claim WHERE c.subject = :contract AND r.claim IS NULL",
        contract=accepted.number,
    )
    assert live == []
    assert programme.breaches() == []


def test_a_voucher_past_its_day_is_revoked_as_far_as_it_is_open(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue()
    programme.move(to=programme.voucher(voucher).expires_on)
    contract = programme.reserve(voucher, 7_000_00, 20_000_00, service_ends_on=programme.today)
    programme.accept(contract, programme.billed(contract, 20_000_00))
    programme.move(days=1)
    programme.do(ExpireVoucher, "operator", voucher=voucher)

    assert programme.revoke(voucher)["revoked_fen"] == 7_000_00
    assert programme.contract(contract).state == "revoked"
    assert programme.budget("lapsed") == 50_000_00  # the year is over
    assert programme.breaches() == []


def test_a_revoked_voucher_does_not_expire_as_well_nor_keep_a_period_open(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue()
    programme.revoke(voucher)
    programme.move(to=date(2018, 3, 1))

    assert programme.refused(ExpireVoucher, "operator", voucher=voucher).startswith("VoucherRevoked")
    assert programme.load(UNFINISHED, "2018") == {"2018": ()}


# -- when not ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"appeal_until": date(2017, 6, 1)}, "AppealOpen: Decision"),  # its last day is today
        ({"decided_on": date(2017, 6, 1)}, "DecisionDatesCrossed"),
        ({"flagged_until": date(2017, 5, 31)}, "FlagOver"),
    ],
)
def test_a_decision_that_does_not_stand_revokes_nothing(
    programme: Programme, more: dict[str, object], says: str
) -> None:
    programme.letter()
    voucher = programme.issue()
    programme.move(to=date(2017, 6, 1))

    refusal = programme.refused(ProposeRevocation, "operator", **programme.revocation(voucher, **more))

    assert refusal.startswith(says)


def test_what_was_paid_is_not_revoked_but_recovered(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(10_000_00)
    programme.paid(programme.file(programme.accepted(voucher, 10_000_00, 20_000_00)))

    refusal = programme.refused(ProposeRevocation, "operator", **programme.revocation(voucher))

    assert refusal.startswith("NothingToRevoke")
    assert "recovered instead" in refusal


def test_a_claim_filed_after_the_proposal_is_settled_before_the_signature(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue()
    contract = programme.accepted(voucher, 7_000_00, 20_000_00)
    proposal = programme.do(ProposeRevocation, "operator", **programme.revocation(voucher))["proposal"]
    claim = programme.file(contract)
    facts = {"subject_kind": KIND, "subject": proposal}
    facts |= {"content_hash": programme.request(KIND, proposal).content_hash}

    refusal = programme.refused(Approve, "second operator", **facts)

    assert refusal.startswith("ClaimUnderWay")
    assert claim in refusal


def test_a_contract_that_came_to_be_meanwhile_is_looked_at_first(programme: Programme) -> None:
    """Between the look-up and the lock: another process may have reserved."""
    programme.letter()
    voucher = programme.issue()
    contract = programme.reserve(voucher, 1_000_00, 2_000_00)
    state = State({VOUCHERS.name: {voucher: programme.voucher(voucher)}, WHOLES.name: {voucher: (contract,)}})

    with pytest.raises(ChangedMeanwhile, match="sign again"):
        open_of(programme.voucher(voucher), state)


def test_two_people_of_the_commission_and_nobody_of_the_holder(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue()
    programme.hire("stranger", (BUREAU, Role.OPERATOR))
    facts = programme.revocation(voucher)
    assert programme.refused(ProposeRevocation, "applicant", **facts).startswith("RoleMissingAt")
    assert programme.refused(ProposeRevocation, "stranger", **facts).startswith("RoleMissingAt")
    proposal = programme.do(ProposeRevocation, "operator", **facts)["proposal"]
    shown = {"subject_kind": KIND, "subject": proposal}
    shown |= {"content_hash": programme.request(KIND, proposal).content_hash}

    for person, code in (("operator", "OwnWork"), ("applicant", "WorksForParty"), ("stranger", "RoleMissingAt")):
        assert programme.refused(Approve, person, **shown).startswith(code)


def test_a_refused_proposal_changes_nothing_and_may_be_made_again(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue()
    proposal = programme.do(ProposeRevocation, "operator", **programme.revocation(voucher))["proposal"]
    shown = programme.request(KIND, proposal).content_hash
    facts = {"subject_kind": KIND, "subject": proposal, "content_hash": shown}

    body = programme.do(Reject, "second operator", **facts, reason="证据不足")

    assert body["state"] == "refused"
    assert programme.face("available", voucher) == 50_000_00
    assert programme.refused(Approve, "second operator", **facts).startswith("NotAwaiting")
    assert programme.revoke(voucher)["revoked_fen"] == 50_000_00


# -- flags -------------------------------------------------------------------------------------------------------------


def test_a_flag_stands_in_the_way_of_every_new_voucher_and_reservation(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(20_000_00)
    running = programme.reserve(voucher, 5_000_00, 20_000_00)
    bill = programme.billed(running, 20_000_00)
    application = programme.apply(10_000_00)
    programme.grant(application, 10_000_00)
    shown = {"subject_kind": ISSUE, "subject": application}
    shown |= {"content_hash": programme.request(ISSUE, application).content_hash}

    programme.flag(until=YEAR_END)

    again = {"application": application, "grant_fen": 9_000_00}
    for refusal in (
        programme.refused(Reserve, "applicant", **programme.reservation(voucher, 1_000_00, 2_000_00)),
        programme.refused(Approve, "second operator", **shown),
        programme.refused(DecideApplication, "operator", **again),
        programme.refused(Apply, "applicant", holder=FIRM, scheme=programme.scheme, requested_fen=1, purpose="x"),
    ):
        assert refusal.startswith("HolderFlagged")
        assert "until 2017-12-31" in refusal
    programme.do(DecideApplication, "operator", application=application, grant_fen=None, reason="已标记")
    assert programme.accept(running, bill)["share_fen"] == 5_000_00  # what it has goes on
    programme.move(to=YEAR_END + timedelta(days=1))
    programme.letter()
    assert programme.issue(1_000_00)  # and it ends by itself


def test_each_flag_is_lifted_by_its_own_decision(programme: Programme) -> None:
    first, second = (str(programme.flag()["flag"]) for _ in range(2))
    other = str(programme.flag(OTHER_FIRM)["flag"])

    programme.lift(first)
    facts = {"decision_number": "1", "reason": "x"}

    assert [one.number for one in programme.load(PARTIES, FIRM)[FIRM].flags] == [second]
    for number in (first, other):
        assert programme.refused(ProposeLift, "operator", holder=FIRM, flag=number, **facts).startswith("NotFound")
    programme.lift(second)
    assert programme.load(PARTIES, FIRM)[FIRM].flags == ()
    programme.apply(10_000_00)


def test_a_flag_lifted_twice_at_once_is_lifted_once(programme: Programme) -> None:
    number = str(programme.flag()["flag"])
    facts = {"holder": FIRM, "flag": number, "decision_number": "1", "reason": "x"}
    proposals = [str(programme.do(ProposeLift, "operator", **facts)["proposal"]) for _ in range(2)]
    programme.sign(LIFT, proposals[0], "second operator")
    shown = {"subject_kind": LIFT, "subject": proposals[1]}
    shown |= {"content_hash": programme.request(LIFT, proposals[1]).content_hash}

    assert programme.refused(Approve, "third operator", **shown).startswith("NotFound")


def test_a_flag_takes_two_people_and_a_day_ahead(programme: Programme) -> None:
    facts = {"holder": FIRM, "decision_number": "1", "reason": "x"}
    early = DAY - timedelta(days=1)
    assert programme.refused(ProposeFlag, "operator", **facts, until=early).startswith("FlagOver")
    assert programme.refused(ProposeFlag, "applicant", **facts).startswith("RoleMissingAt")
    assert programme.refused(ProposeFlag, "operator", **facts | {"holder": UNIT}).startswith("WrongKind")

    proposal = programme.do(ProposeFlag, "operator", **facts)["proposal"]

    assert programme.load(PARTIES, FIRM)[FIRM].flags == ()
    programme.sign(FLAG, proposal, "second operator")
    assert len(programme.load(PARTIES, FIRM)[FIRM].flags) == 1


# -- the second wall ---------------------------------------------------------------------------------------------------


def seen(programme: Programme, party: str) -> dict[str, int]:
    tables = ("party_flag", "party_flag_end", "voucher_proposal", "voucher_proposal_end", "voucher_revocation")
    with programme.database.reader.begin() as connection:
        connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
        counts = {t: connection.execute(text(f"SELECT count(*) FROM {t}")).scalar() for t in tables}
    return {table: count for table, count in counts.items() if count}


def test_each_party_sees_what_became_of_its_own_and_nobody_s_proposals(programme: Programme) -> None:
    programme.letter()
    programme.revoke(programme.issue())
    programme.revoke(programme.issue(5_000_00, programme.team, "recommender"))
    programme.lift(str(programme.flag()["flag"]))

    commission = programme.voucher(programme.rows("SELECT number FROM voucher LIMIT 1")[0][0]).operator
    assert seen(programme, FIRM) == {"party_flag": 2, "party_flag_end": 1, "voucher_revocation": 1}
    assert seen(programme, INCUBATOR) == {"party_flag": 1, "voucher_revocation": 1}
    assert seen(programme, OTHER_FIRM) == seen(programme, UNIT) == seen(programme, "") == {}
    assert seen(programme, commission) == {"voucher_proposal": 4, "voucher_proposal_end": 4}
    assert seen(programme, "*")["party_flag"] == 3


MAY_NOT_BE = {
    "voucher_revocation_pkey": "INSERT INTO voucher_revocation SELECT * FROM voucher_revocation",
    "ck_voucher_revocation_appeal": (
        "INSERT INTO voucher_revocation SELECT book, command, 'V-2', proposal, ground, decision_number, reason, "
        "decided_on, revoked_on, revoked_on, person FROM voucher_revocation"
    ),
    "party_flag_end_pkey": "INSERT INTO party_flag_end SELECT * FROM party_flag_end",
    "party_flag_check": (
        "INSERT INTO party_flag SELECT book, command, 'FL-2', party, decision_number, reason, since, since - 1, "
        "operator, person FROM party_flag LIMIT 1"
    ),
    "voucher_proposal_end_check": (
        "INSERT INTO voucher_proposal_end SELECT book, command, 'PR-2', 'refused', ended_on, person, '' "
        "FROM voucher_proposal_end LIMIT 1"
    ),
}


def test_the_writer_cannot_write_what_may_not_be(programme: Programme) -> None:
    programme.letter()
    programme.revoke(programme.issue())
    programme.lift(str(programme.flag()["flag"]))

    for constraint, statement in MAY_NOT_BE.items():
        with (
            pytest.raises(DBAPIError, match=constraint),
            programme.database.writer.begin() as connection,
        ):
            connection.execute(text(statement))


def test_an_open_fen_on_a_revoked_voucher_breaks_a_law(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue()
    programme.revoke(voucher)
    with programme.database.owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE balance SET debits = debits + 1 WHERE account = "
                "(SELECT id FROM account WHERE address = 'vouchers:available:' || :voucher)"
            ),
            {"voucher": voucher},
        )

    assert ("vouchers.revoked", voucher, "available", 1) in programme.breaches()
