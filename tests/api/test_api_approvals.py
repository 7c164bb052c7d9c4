"""Four eyes over HTTP: what is shown is what is signed, and it waits only for those who may sign it."""

import ast
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from typing import Any

import equity_things
import pytest
from programme import FIRM, LINE, SISTER_FIRM, TOKENS, UNIT, Programme
from served import Served

import ledger
from ledger.approvals.content import content_hash
from ledger.assembly import house
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.budgets.end_year import ProposeYearEnd
from ledger.fees.values import BillLine, RedInvoice
from ledger.fees.write_off import ProposeWriteOff
from ledger.obligations.values import StepKind
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.set_payee_account import ProposePayeeAccount
from ledger.registry.values import Role
from ledger.vouchers.claw_back import Against, ProposeClawBack
from ledger.vouchers.decide_refund import ProposeRefund
from ledger.vouchers.extend import ProposeExtension
from ledger.vouchers.flag_holder import KIND as FLAG
from ledger.vouchers.flag_holder import ProposeFlag
from ledger.vouchers.lift_flag import ProposeLift
from ledger.vouchers.open_vouchers import ProposeOpening
from ledger.vouchers.record_opening import RecordOpening
from ledger.vouchers.refuse_lines import LineRefusal
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.revoke import ProposeRevocation
from ledger.vouchers.values import RevocationGround


def _letter(programme: Programme) -> None:
    programme.letter()


def _cut(programme: Programme) -> None:
    line = programme.letter()
    facts = {"scheme": programme.scheme, "year": 2017, "letter_number": "2", "amount_fen": 1_00, "cut": line}
    programme.do(ProposeAppropriation, "operator", **facts)


def _grant(programme: Programme) -> None:
    programme.letter()
    programme.grant(programme.apply(10_000_00, SISTER_FIRM, "sister applicant"), 5_000_00)


def _claim(programme: Programme, *, all_pass: bool = True) -> str:
    programme.letter()
    voucher = programme.issue()
    contracts = [programme.accepted(voucher, 1_000_00, 2_000_00) for _ in range(2)]
    refused = () if all_pass else (LineRefusal(contracts[0], "excluded-service", "法定检测"),)
    claim = programme.file(*contracts)
    programme.do(ReviewClaim, "operator", claim=claim, passed=True, refused=refused)
    return claim


def _claim_less_a_line(programme: Programme) -> None:
    _claim(programme, all_pass=False)


def _batch(programme: Programme) -> None:
    programme.letter()
    payables = programme.approve(programme.file(programme.accepted(programme.issue(), 1_000_00, 2_000_00)))
    programme.do(ComposeBatch, "finance", payables=payables)


def _revocation(programme: Programme) -> None:
    programme.letter()
    facts = {"voucher": programme.issue(), "ground": RevocationGround.FRAUD, "reason": "材料不实"}
    dates = {"decided_on": date(2017, 1, 10), "appeal_until": date(2017, 2, 10), "flagged_until": date(2018, 12, 31)}
    programme.do(ProposeRevocation, "operator", decision_number="撤1号", **facts, **dates)


def _extension(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue()
    programme.reserve(voucher, 1_000_00, 2_000_00)
    programme.do(ProposeExtension, "operator", voucher=voucher, months=1, reason="试验未完")


def _year_end(programme: Programme) -> None:
    programme.letter()
    programme.issue()
    programme.move(to=date(2018, 2, 1))
    programme.do(ProposeYearEnd, "operator", scheme=programme.scheme, year=2017, document_number="结转1号")


def _flag(programme: Programme) -> str:
    facts = {"holder": SISTER_FIRM, "decision_number": "失1号", "reason": "弄虚作假", "until": date(2018, 12, 31)}
    return str(programme.do(ProposeFlag, "operator", **facts)["proposal"])


def _lift(programme: Programme) -> None:
    flag = programme.sign(FLAG, _flag(programme), "second operator")["flag"]
    programme.do(ProposeLift, "operator", holder=SISTER_FIRM, flag=flag, decision_number="解1号", reason="申诉成立")


def _paid(programme: Programme) -> tuple[str, str]:
    """A voucher, and a contract that it has paid."""
    programme.letter()
    voucher = programme.issue()
    contract = programme.accepted(voucher, 1_000_00, 2_000_00)
    programme.paid(programme.file(contract))
    return voucher, contract


def _refund(programme: Programme) -> None:
    _, contract = _paid(programme)
    red = RedInvoice("20170000000000000909", programme.today, 500_00, "服务退款")
    programme.do(ProposeRefund, "operator", contract=contract, decision_number="退1号", red=red)


def _claw_back(programme: Programme) -> None:
    voucher, contract = _paid(programme)
    ruling = programme.revocation(voucher) | {"contracts": (contract,), "against": Against.HOLDER}
    programme.do(ProposeClawBack, "operator", **ruling)


def _account(programme: Programme) -> None:
    account = {"account_name": "甲公司", "bank": "中国银行", "account_number": "6222000099", "cnaps": "104343912345"}
    programme.do(ProposePayeeAccount, "applicant", party=FIRM, **account)


def _opening(programme: Programme) -> None:
    """A voucher of 2016, in books that begin with 2017."""
    programme.letter(scheme=TOKENS, year=2016, letter_number="京财预〔2016〕1号")
    line = {
        "list_number": "期初1号",
        "scheme": TOKENS,
        "legacy_number": "2016-1",
        "holder": FIRM,
        "issued_on": date(2016, 6, 1),
        "expires_on": date(2017, 5, 31),
        "face_fen": 50_000_00,
        "redeemed_fen": 0,
        "open_fen": 50_000_00,
        "letter_number": "京财预〔2016〕1号",
    }
    programme.do(RecordOpening, "operator", **line)
    programme.do(ProposeOpening, "operator", list_number="期初1号")


def _write_off(programme: Programme) -> str:
    """Of a bill that nobody pays."""
    line = BillLine("性能测试", None, 1, 100_00)
    bill = programme.issue_bill("6" * 20, line, invoice_date=programme.today)["bill"]
    facts = {"bill": bill, "amount_fen": 100_00, "decision_number": "核1号", "reason": "企业注销"}
    return str(programme.do(ProposeWriteOff, "officer", **facts)["write_off"])


def _agreement(programme: Programme) -> None:
    equity_things.decided(programme, equity_things.submitted(programme))


def _conversion(programme: Programme) -> None:
    agreement = equity_things.submitted(programme)
    equity_things.signed(programme, agreement)
    equity_things.proposed(programme, agreement)


def _exit(programme: Programme) -> None:
    equity_things.a_holding(programme)
    equity_things.leaving(programme)


def _write_down(programme: Programme) -> None:
    equity_things.a_holding(programme)
    equity_things.writing_down(programme)


ASKED: dict[str, tuple[str, Callable[[Programme], object]]] = {
    "a letter": ("voucher.appropriation", _letter),
    "a cut": ("voucher.appropriation", _cut),
    "a grant": ("voucher.issue", _grant),
    "a claim": ("voucher.claim", _claim),
    "a claim less a line": ("voucher.claim", _claim_less_a_line),
    "a batch": ("payment.batch", _batch),
    "a revocation": ("voucher.revocation", _revocation),
    "a refund": ("voucher.refund", _refund),
    "a claw-back": ("voucher.claw-back", _claw_back),
    "an extension": ("voucher.extension", _extension),
    "a year's end": ("voucher.year-end", _year_end),
    "an account": ("payment.payee-account", _account),
    "an opening list": ("voucher.opening", _opening),
    "a write-off": ("fee.write-off", _write_off),
    "an agreement": ("equity.agreement", _agreement),
    "a conversion": ("equity.conversion", _conversion),
    "an exit": ("equity.exit", _exit),
    "a write-down": ("equity.write-down", _write_down),
    "a flag": ("voucher.flag", _flag),
    "the lifting of a flag": ("voucher.flag-lift", _lift),
}


@pytest.mark.parametrize("what", ASKED)
def test_what_is_shown_is_what_is_signed(served: Served, what: str) -> None:
    """Of every request of the kind: the hash that binds its signers is that of the content as it is shown."""
    kind, ask = ASKED[what]
    ask(served.programme)
    requests = dict(
        served.programme.rows(
            "SELECT DISTINCT ON (number) number, content_hash FROM approval_request WHERE subject_kind = :kind "
            "ORDER BY number, version DESC",
            kind=kind,
        )
    )

    shown = {number: served.get("finance", f"/v1/approvals/{number}").json() for number in requests}

    assert requests
    for number, document in shown.items():
        assert content_hash(document["content"]) == document["content_hash"] == requests[number]
        assert document["as_requested"] is True


def asked_for() -> Iterator[str]:
    """Every kind of subject that some use case asks approval for, as its source says."""
    for found in pkgutil.walk_packages(ledger.__path__, "ledger."):
        module = import_module(found.name)
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"request_rows", "proposed"}:
                names = [arg.id for arg in node.args if isinstance(arg, ast.Name)]
                yield from (kind for name in names if isinstance(kind := getattr(module, name, None), str))
                yield from getattr(module, "KINDS", ())


ELSEWHERE = {f"obligation.{kind}" for kind in StepKind} | {
    "payment.bank-line",
    "evaluation.grades",
    "subsidy.batch",
    "subsidy.claw-back",
    "subsidy.policy-change",
}
"""Tried beside their slices, the last four over HTTP too: they need another year than this one."""


def test_whatever_asks_for_approval_can_be_shown_and_is_tried() -> None:
    assert set(asked_for()) == set(house().contents) == {kind for kind, _ in ASKED.values()} | ELSEWHERE


# -- for whom it waits -------------------------------------------------------------------------------------------------


def queue(served: Served, person: str, **query: Any) -> list[str]:  # noqa: ANN401  a query
    return [item["number"] for item in served.get(person, "/v1/approvals", **query).json()["items"]]


def test_it_waits_for_those_who_may_sign_and_for_nobody_else(served: Served) -> None:
    request = f"voucher.claim:{_claim(served.programme)}"
    people = ("finance", "second finance", "operator", "second operator", "treasury", "officer", "applicant")

    before = [person for person in people if request in queue(served, person)]
    served.post("finance", f"/v1/approvals/{request}/signature", {"content_hash": _hash(served, request)})
    after = [person for person in people if request in queue(served, person)]

    assert before == ["finance", "second finance"]
    assert after == ["second finance"]
    assert request in queue(served, "operator", whose="anybody's")
    assert queue(served, "officer", whose="anybody's") == []


def _hash(served: Served, request: str) -> str:
    return str(served.get("finance", f"/v1/approvals/{request}").json()["content_hash"])


def test_who_has_an_interest_is_asked_no_more(served: Served) -> None:
    request = f"voucher.claim:{_claim(served.programme)}"

    declared = served.post("finance", "/v1/approvals/interests", {"about": UNIT, "nature": "曾在该单位任职"})
    signed = served.post("finance", f"/v1/approvals/{request}/signature", {"content_hash": _hash(served, request)})

    assert declared.status_code == 201
    assert declared.json()["person"] == served.programme.people["finance"]
    assert request not in queue(served, "finance")
    assert request in queue(served, "second finance")
    assert (signed.status_code, signed.json()["code"]) == (409, "InterestDeclared")


def test_an_officer_of_the_unit_sees_and_signs_what_its_colleague_proposed(served: Served) -> None:
    served.programme.hire("second officer", (UNIT, Role.UNIT_OFFICER), by="operator")
    request = f"fee.write-off:{_write_off(served.programme)}"
    hidden = served.get("applicant", f"/v1/approvals/{request}")
    listed = queue(served, "second officer")
    signed = served.post(
        "second officer", f"/v1/approvals/{request}/signature", {"content_hash": _hash(served, request)}
    )

    assert hidden.status_code == 404
    assert listed == [request]
    assert signed.status_code == 200, signed.text
    assert signed.json()["followed"]["open_fen"] == 0


def test_the_queue_is_oldest_first_and_goes_page_by_page(served: Served) -> None:
    for n in range(5):
        facts = {"scheme": "jinyun-2017", "year": 2017, "letter_number": str(n), "amount_fen": 1_00}
        served.programme.do(ProposeAppropriation, "operator", **facts, line=LINE)
    whole = queue(served, "finance")

    seen: list[str] = []
    cursor: str | None = None
    while cursor or not seen:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = served.get("finance", "/v1/approvals", **query).json()
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]

    asked = served.programme.rows(
        "SELECT r.number FROM approval_request r JOIN command c ON c.id = r.command "
        "WHERE r.subject_kind = 'voucher.appropriation' ORDER BY c.block, c.position"
    )
    assert seen == whole == [number for (number,) in asked]
    assert len(whole) == 5


def test_a_hash_of_something_else_signs_nothing(served: Served) -> None:
    request = f"voucher.claim:{_claim(served.programme)}"

    answer = served.post("finance", f"/v1/approvals/{request}/signature", {"content_hash": "0" * 64})

    assert (answer.status_code, answer.json()["code"]) == (409, "ContentChanged")
    assert answer.json()["facts"]["requested"] == _hash(served, request)


def test_a_rejection_ends_it_and_says_why(served: Served) -> None:
    claim = _claim(served.programme)
    request = f"voucher.claim:{claim}"

    body = {"content_hash": _hash(served, request), "reason": "金额与发票不符"}
    answer = served.post("finance", f"/v1/approvals/{request}/rejection", body).json()

    assert answer["status"] == "refused"
    assert answer["followed"]["claim"] == claim
    assert answer["followed"]["state"] == "returned"
    assert queue(served, "second finance") == []
    document = served.get("finance", f"/v1/approvals/{request}").json()
    assert [signature["reason"] for signature in document["signatures"]] == ["金额与发票不符"]
    assert served.get("officer", f"/v1/claims/{claim}").json()["history"][-1]["reason"] == "金额与发票不符"
