"""The straight road over HTTP, from the budget letter to the paid claim: each person with a client of its own.

Every step is sent three times: as a dry run, in earnest, and again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from programme import COMMISSION, FIRM, OTHER_FIRM, OTHER_UNIT, UNIT
from served import Served

from api.security.clients import NewSecret
from ledger.registry.register_client import RegisterClient
from ledger.registry.values import Role

LETTER = {
    "scheme": "jinyun-2017",
    "year": 2017,
    "letter_number": "财预〔2017〕88号",
    "amount_fen": 1_000_000_00,
    "line": {
        "project_code": "P-2017-018",
        "functional_class": "2060503",
        "economic_class": "50799",
        "funding_source": "general public budget",
        "plan_stage": "Q1",
    },
}


@dataclass
class Traveller:
    served: Served
    _keys: Iterator[int] = field(default_factory=count)

    def step(self, person: str, path: str, body: object = None) -> dict[str, Any]:
        """What a request is answered: in all but the block the dry run tells the same, as does the second sending."""
        key = f"road-{next(self._keys)}"

        dry = self.served.post(person, path, body, key=key, dry_run="true")
        real = self.served.post(person, path, body, key=key)
        again = self.served.post(person, path, body, key=key)

        assert real.is_success, real.text
        answer: dict[str, Any] = real.json()
        assert (dry.status_code, again.status_code) == (real.status_code, real.status_code)
        assert dry.json() == answer | {"proof": answer["proof"] | {"block": None}}
        assert again.json() == answer
        assert [one.headers.get("idempotency-replayed") for one in (dry, real, again)] == [None, None, "true"]
        return answer

    def refused(self, person: str, path: str, body: object = None) -> dict[str, Any]:
        """The problem, after the dry run has told it."""
        key = f"road-{next(self._keys)}"

        dry = self.served.post(person, path, body, key=key, dry_run="true")
        real = self.served.post(person, path, body, key=key)

        assert real.status_code == dry.status_code == 409, real.text
        answer: dict[str, Any] = real.json()
        assert dry.json() | {"request_id": ""} == answer | {"request_id": ""}
        return answer

    def see(self, person: str, path: str, **query: object) -> dict[str, Any]:
        answer = self.served.get(person, path, **query)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def sign(self, person: str, request: str) -> dict[str, Any]:
        """It waits in the person's queue; it is looked at, and signed with the hash of what was shown."""
        waiting = [item["number"] for item in self.see(person, "/v1/approvals")["items"]]
        assert request in waiting
        shown = self.see(person, f"/v1/approvals/{request}")
        assert shown["as_requested"]
        return self.step(person, f"/v1/approvals/{request}/signature", {"content_hash": shown["content_hash"]})

    def reservation(self, amount_fen: int, fee_fen: int) -> dict[str, Any]:
        return {
            "unit": UNIT,
            "contract_number": "HT-88",
            "service": "性能测试",
            "fee_fen": fee_fen,
            "amount_fen": amount_fen,
            "service_ends_on": str(self.served.programme.today + timedelta(days=30)),
        }

    def issued(self) -> str:
        """A letter, an application, its grant: a voucher of 50,000 yuan."""
        letter = self.step("operator", "/v1/appropriations", LETTER)["appropriation"]
        self.sign("finance", f"voucher.appropriation:{letter}")
        wish = {"holder": FIRM, "scheme": "jinyun-2017", "requested_fen": 50_000_00, "purpose": "新产品性能测试"}
        application = self.step("applicant", "/v1/applications", wish)["application"]
        self.step("operator", f"/v1/applications/{application}/grant", {"grant_fen": 50_000_00})
        return str(self.sign("second operator", f"voucher.issue:{application}")["followed"]["voucher"])

    def accepted(self, voucher: str) -> str:
        """A contract for 40,000 yuan, half of which the voucher pays."""
        path = f"/v1/vouchers/{voucher}/contracts"
        contract = str(self.step("applicant", path, self.reservation(20_000_00, 40_000_00))["contract"])
        bill = self.billed(contract)
        self.step("applicant", f"/v1/contracts/{contract}/acceptance", {"bill": bill})
        return contract

    def billed(self, contract: str) -> str:
        """The unit's bill for all of its fee."""
        found = self.see("officer", f"/v1/contracts/{contract}")
        body = {
            "unit": UNIT,
            "payer": FIRM,
            "contract": found["contract_number"],
            "invoice_number": f"{next(self._keys):020d}",
            "invoice_date": str(self.served.programme.today),
            "vat_rate": "0.06",
            "lines": [{"description": "性能测试", "quantity": 1, "price_fen": found["fee_fen"]}],
        }
        return str(self.step("officer", "/v1/bills", body)["bill"])

    def filed(self, contract: str) -> str:
        body = {"unit": UNIT, "contracts": [contract]}
        return str(self.step("officer", "/v1/claims", body)["claim"])

    def approved(self, claim: str) -> str:
        """Passed, its public notice over, signed by two officers of finance: a payable."""
        self.step("operator", f"/v1/claims/{claim}/review", {"passed": True})
        self.served.programme.move(days=30)
        self.sign("finance", f"voucher.claim:{claim}")
        (payable,) = self.sign("second finance", f"voucher.claim:{claim}")["followed"]["payables"]
        return str(payable)

    def released(self, payable: str) -> str:
        batch = str(self.step("finance", "/v1/payment-batches", {"payables": [payable]})["batch"])
        self.sign("second finance", f"payment.batch:{batch}")
        return batch

    def state(self, contract: str, person: str = "applicant") -> str:
        return str(self.see(person, f"/v1/contracts/{contract}")["state"])


@pytest.fixture
def road(served: Served) -> Traveller:
    return Traveller(served)


def test_a_voucher_goes_from_the_letter_to_the_bank_by_http_alone(road: Traveller) -> None:
    voucher = road.issued()
    contract = road.accepted(voucher)
    assert road.state(contract) == "accepted"
    claim = road.filed(contract)
    assert road.state(contract) == "claimed"
    payable = road.approved(claim)
    assert road.state(contract) == "approved"
    batch = road.released(payable)
    paid = {
        "paid_on": str(road.served.programme.today),
        "lines": [{"payable": payable, "bank_reference": "20170501-000017"}],
    }

    standing = road.step("treasury", f"/v1/payment-batches/{batch}/confirmations", paid)

    assert (standing["status"], standing["paid_fen"], standing["open_fen"]) == ("settled", 20_000_00, 0)
    assert road.state(contract) == road.state(contract, "officer") == "paid"
    assert road.see("officer", f"/v1/claims/{claim}")["state"] == "paid"
    assert road.see("officer", f"/v1/payables/{payable}")["paid_on"] == paid["paid_on"]
    assert road.see("applicant", f"/v1/vouchers/{voucher}")["available_fen"] == 30_000_00
    assert road.served.programme.faults() == []


def test_firm_and_unit_both_see_what_stands_on_their_contract(road: Traveller) -> None:
    """The hold is in the firm's accounts, what was accepted in the unit's: each side is told of both."""
    voucher = road.issued()
    path = f"/v1/vouchers/{voucher}/contracts"
    contract = road.step("applicant", path, road.reservation(20_000_00, 40_000_00))["contract"]

    reserved = [road.see(person, f"/v1/contracts/{contract}") for person in ("applicant", "officer", "operator")]
    bill = road.billed(contract)
    road.step("applicant", f"/v1/contracts/{contract}/acceptance", {"bill": bill})
    accepted = [road.see(person, f"/v1/contracts/{contract}") for person in ("applicant", "officer", "operator")]

    assert reserved == [reserved[0]] * 3
    assert (reserved[0]["held_fen"], reserved[0]["redeemable_fen"]) == (20_000_00, 0)
    assert accepted == [accepted[0]] * 3
    assert (accepted[0]["held_fen"], accepted[0]["redeemable_fen"]) == (0, 20_000_00)


def test_a_unit_finds_what_it_may_claim(road: Traveller) -> None:
    contract = road.accepted(road.issued())

    before = road.see("officer", "/v1/contracts", claimable=True)["items"]
    road.filed(contract)
    after = road.see("officer", "/v1/contracts", claimable=True)["items"]

    assert [item["number"] for item in before] == [contract]
    assert after == []
    assert [item["number"] for item in road.see("officer", "/v1/contracts")["items"]] == [contract]


def test_the_life_of_a_voucher_is_told_in_lines_that_balance(road: Traveller) -> None:
    voucher = road.issued()
    road.filed(road.accepted(voucher))

    entries = road.see("applicant", f"/v1/vouchers/{voucher}/life")["entries"]

    assert [entry["template"] for entry in entries] == [
        "voucher.issue",
        "voucher.reserve",
        "fee.bill",
        "voucher.accept",
        "fee.voucher-part",
        "voucher.file-claim",
    ]
    for entry in entries:
        assert sum(line["debit"] for line in entry["lines"]) == sum(line["credit"] for line in entry["lines"]) > 0
        assert all(line["address"] for line in entry["lines"])


def test_a_firm_sees_how_its_grant_and_its_share_were_computed(road: Traveller) -> None:
    voucher = road.issued()
    contract = road.accepted(voucher)
    (application,) = road.see("applicant", "/v1/applications")["items"]
    shares = [road.see(person, f"/v1/contracts/{contract}")["calculation"] for person in ("applicant", "officer")]

    grant = road.see("applicant", f"/v1/calculations/{application['calculation']}")
    share = road.see("officer", f"/v1/calculations/{shares[1]}")

    assert shares[0] == shares[1]
    assert grant["result"]["granted_fen"] == 50_000_00
    assert share["result"]["public_fen"] == 20_000_00
    assert share["derivation"]
    assert road.served.get("other applicant", f"/v1/calculations/{application['calculation']}").status_code == 404


def test_a_budget_tells_where_each_fen_stands(road: Traveller) -> None:
    voucher = road.issued()
    road.accepted(voucher)

    (budget,) = road.see("finance", "/v1/budgets")["items"]
    document = road.see("finance", f"/v1/budgets/{budget['id']}")
    buckets = {bucket["bucket"]: bucket["fen"] for bucket in document["buckets"]}

    assert budget["available_fen"] == sum(line["available_fen"] for line in budget["lines"]) == 950_000_00
    assert buckets["appropriated"] == sum(fen for name, fen in buckets.items() if name != "appropriated")
    assert (buckets["available"], buckets["committed"]) == (950_000_00, 50_000_00)


def test_a_budget_line_is_cut_by_a_letter_of_its_own(road: Traveller) -> None:
    letter = road.step("operator", "/v1/appropriations", LETTER)["appropriation"]
    road.sign("finance", f"voucher.appropriation:{letter}")
    wish = {name: LETTER[name] for name in ("scheme", "year")} | {"budget_line": letter}

    too_much = road.refused(
        "operator", "/v1/appropriations/cuts", wish | {"letter_number": "1", "amount_fen": 2_000_000_00}
    )
    cut = road.step("operator", "/v1/appropriations/cuts", wish | {"letter_number": "2", "amount_fen": 400_000_00})
    road.sign("finance", f"voucher.appropriation:{cut['appropriation']}")

    assert too_much["code"] == "CutTooDeep"
    assert road.see("finance", "/v1/budgets")["items"][0]["available_fen"] == 600_000_00
    assert [item["nature"] for item in road.see("finance", "/v1/appropriations")["items"]].count("cut") == 1


# -- what is refused, and how --------------------------------------------------------------------------------------


def test_an_application_that_is_rejected_says_why(road: Traveller) -> None:
    wish = {"holder": FIRM, "scheme": "jinyun-2017", "requested_fen": 50_000_00, "purpose": "新产品性能测试"}
    letter = road.step("operator", "/v1/appropriations", LETTER)["appropriation"]
    road.sign("finance", f"voucher.appropriation:{letter}")
    application = road.step("applicant", "/v1/applications", wish)["application"]

    road.step("operator", f"/v1/applications/{application}/rejection", {"reason": "用途不是创新活动"})

    found = road.see("applicant", f"/v1/applications/{application}")
    assert found["state"] == "rejected"
    assert [(step["step"], step["reason"]) for step in found["steps"]] == [("rejected", "用途不是创新活动")]
    assert road.see("operator", "/v1/applications", last_step="rejected")["items"][0]["number"] == application
    assert road.see("operator", "/v1/applications", last_step="submitted")["items"] == []


def test_a_share_above_what_the_rule_gives_is_refused_with_its_article(road: Traveller) -> None:
    voucher = road.issued()

    answer = road.refused("applicant", f"/v1/vouchers/{voucher}/contracts", road.reservation(30_000_00, 40_000_00))

    assert answer["code"] == "OverShare"
    assert answer["cite"]
    assert answer["facts"]["amount"] == "30,000.00"


def test_nobody_signs_while_the_public_notice_runs(road: Traveller) -> None:
    claim = road.filed(road.accepted(road.issued()))
    road.step("operator", f"/v1/claims/{claim}/review", {"passed": True})
    request = f"voucher.claim:{claim}"
    road.sign("finance", request)
    shown = road.see("second finance", f"/v1/approvals/{request}")

    answer = road.refused(
        "second finance", f"/v1/approvals/{request}/signature", {"content_hash": shown["content_hash"]}
    )

    assert answer["code"] == "NoticeRunning"
    assert answer["facts"]["notice_until"] == shown["content"]["notice_until"]


def test_a_claim_that_is_sent_back_says_why_and_one_line_may_be_refused(road: Traveller) -> None:
    contract = road.accepted(road.issued())
    first = road.filed(contract)
    road.step("operator", f"/v1/claims/{first}/review", {"passed": False, "reason": "缺少检测报告"})
    again = {"unit": UNIT, "statement": "已补充检测报告"}
    second = road.step("officer", f"/v1/claims/{first}/corrections", again)["claim"]
    line = {"contract": contract, "reason_code": "excluded-service", "sentence": "法定检测不予支持"}
    road.step("operator", f"/v1/claims/{second}/review", {"passed": True, "refused": [line]})

    back, refused = (road.see("officer", f"/v1/claims/{claim}") for claim in (first, second))

    assert (back["state"], back["history"][-1]["reason"]) == ("returned", "缺少检测报告")
    assert back["corrected_by"] == second
    assert refused["corrects"] == {"claim": first, "sent_back": "缺少检测报告", "statement": "已补充检测报告"}
    assert refused["state"] == "refused"
    assert [(one["reason"], one["sentence"]) for one in refused["refused"]] == [
        ("excluded-service", "法定检测不予支持")
    ]
    assert road.state(contract) == "refused"


def test_a_claim_that_was_withdrawn_may_be_filed_again(road: Traveller) -> None:
    contract = road.accepted(road.issued())
    first = road.filed(contract)

    withdrawn = road.step("officer", f"/v1/claims/{first}/withdrawal", {"reason": "账单有误"})
    second = road.filed(contract)

    assert (withdrawn["state"], withdrawn["amount_fen"]) == ("withdrawn", 20_000_00)
    states = {item["number"]: item["state"] for item in road.see("officer", "/v1/claims")["items"]}
    assert states == {first: "withdrawn", second: "filed"}
    assert [item["number"] for item in road.see("operator", "/v1/claims", last_step="withdrawn")["items"]] == [first]


def test_a_payment_that_came_back_is_paid_again(road: Traveller) -> None:
    payable = road.approved(road.filed(road.accepted(road.issued())))
    first = road.released(payable)
    today = str(road.served.programme.today)
    paid = {"paid_on": today, "lines": [{"payable": payable, "bank_reference": "1"}]}
    road.step("treasury", f"/v1/payment-batches/{first}/confirmations", paid)
    back = {"payable": payable, "returned_on": today, "bank_reference": "2", "reason": "账户已销户"}
    road.step("treasury", f"/v1/payment-batches/{first}/returns", back)
    assert [item["number"] for item in road.see("finance", "/v1/payables", free=True)["items"]] == [payable]
    second = road.released(payable)
    failed = {"payable": payable, "failed_on": today, "reason": "户名不符"}
    road.step("treasury", f"/v1/payment-batches/{second}/failures", failed)
    third = road.released(payable)
    again = {"paid_on": today, "lines": [{"payable": payable, "bank_reference": "3"}]}
    road.step("treasury", f"/v1/payment-batches/{third}/confirmations", again)

    batches = {item["number"]: item["status"] for item in road.see("finance", "/v1/payment-batches")["items"]}
    (line,) = road.see("finance", f"/v1/payment-batches/{first}")["lines"]

    assert batches == {first: "settled-in-part", second: "settled-in-part", third: "settled"}
    assert line["returned"]["reason"] == "账户已销户"
    assert road.see("officer", f"/v1/payables/{payable}")["batch"] == third
    assert road.see("finance", "/v1/payables", free=True)["items"] == []
    assert road.served.programme.faults() == []


def test_the_bank_gets_a_list_only_when_it_was_released(road: Traveller) -> None:
    payable = road.approved(road.filed(road.accepted(road.issued())))
    batch = str(road.step("finance", "/v1/payment-batches", {"payables": [payable]})["batch"])
    path = f"/v1/payment-batches/{batch}/export"

    early = road.served.get("treasury", path)
    road.sign("second finance", f"payment.batch:{batch}")
    files = [road.served.get(person, path) for person in ("treasury", "finance")]

    assert (early.status_code, early.json()["code"]) == (409, "NotForTheBank")
    assert files[0].content == files[1].content
    assert files[0].headers["content-type"].startswith("text/csv")
    assert batch in files[0].headers["content-disposition"]
    text = files[0].content.decode("utf-8-sig")
    assert road.see("finance", f"/v1/payment-batches/{batch}")["content_hash"] in text
    assert '"20000.00"' in text


def test_a_hold_is_given_up_and_what_is_over_ends(road: Traveller) -> None:
    voucher = road.issued()
    path = f"/v1/vouchers/{voucher}/contracts"
    first = road.step("applicant", path, road.reservation(20_000_00, 40_000_00))["contract"]
    released = road.step("applicant", f"/v1/contracts/{first}/release", {"reason": "合同取消"})
    second = road.step("applicant", path, road.reservation(10_000_00, 40_000_00))["contract"]
    programme = road.served.programme

    early = road.refused("operator", f"/v1/vouchers/{voucher}/expiry")
    programme.move(to=programme.voucher(voucher).expires_on + timedelta(days=1))
    run = road.step("operator", "/v1/vouchers/expiries", {"scheme": "jinyun-2017", "on": str(programme.today)})

    assert released["released_fen"] == 20_000_00
    assert early["code"] == "NothingDue"
    assert (run["vouchers"], run["expired_fen"], run["more"]) == ([voucher], 50_000_00, False)
    assert [road.state(contract) for contract in (first, second)] == ["released", "expired"]
    assert road.see("applicant", f"/v1/vouchers/{voucher}")["state"] == "expired"


# -- what another party learns ---------------------------------------------------------------------------------------


def test_what_a_body_names_of_another_does_not_exist(road: Traveller) -> None:
    """A contract of another unit, a bill of another firm: the answer is that of a name that nobody has."""
    contract = road.accepted(road.issued())
    bill = road.see("applicant", f"/v1/contracts/{contract}")["bill"]
    programme = road.served.programme
    own = programme.reserve(programme.issue(holder=OTHER_FIRM, by="other applicant"), 1_00, 2_00, "other applicant")
    post = road.served.post

    claims = [
        post("other officer", "/v1/claims", {"unit": OTHER_UNIT, "contracts": [name]})
        for name in (contract, "C-0000-0000-00000")
    ]
    bills = [
        post("other applicant", f"/v1/contracts/{own}/acceptance", {"bill": name})
        for name in (bill, "BL-0000-0000-00000")
    ]

    for pair, names in ((claims, (contract, "C-0000-0000-00000")), (bills, (bill, "BL-0000-0000-00000"))):
        assert [answer.status_code for answer in pair] == [404, 404]
        assert len({answer.json()["detail"].replace(name, "?") for answer, name in zip(pair, names, strict=True)}) == 1


def test_lists_hold_nothing_of_anybody_else_s(road: Traveller) -> None:
    road.released(road.approved(road.filed(road.accepted(road.issued()))))

    for path in ("applications", "vouchers", "contracts", "claims", "payables", "payment-batches", "budgets"):
        for person in ("other applicant", "other officer"):
            assert road.see(person, f"/v1/{path}") == {"items": [], "next": None}


def test_an_objection_keeps_finance_from_signing_until_it_is_answered(road: Traveller) -> None:
    """The unit reads what is objected and what was answered; who objects, only the commission's files say."""
    claim = road.filed(road.accepted(road.issued()))
    path = f"/v1/claims/{claim}"
    road.step("operator", f"{path}/review", {"passed": True})
    body = {"file_number": "信访〔2017〕1号", "reason": "该检测已获区级补贴"}
    objection = road.step("operator", f"{path}/objections", body)["objection"]
    elsewhere = road.served.post("other officer", f"{path}/objections", body)
    road.served.programme.move(days=30)
    road.sign("finance", f"voucher.claim:{claim}")
    shown = road.see("second finance", f"/v1/approvals/voucher.claim:{claim}")["content_hash"]
    early = road.refused("second finance", f"/v1/approvals/voucher.claim:{claim}/signature", {"content_hash": shown})
    answer = {"upheld": False, "reason": "区级补贴的是另一合同"}
    road.step("second operator", f"{path}/objections/{objection}/answer", answer)
    road.sign("second finance", f"voucher.claim:{claim}")

    assert elsewhere.status_code == 404
    assert early["code"] == "ObjectionOpen"
    seen = road.see("officer", path)
    assert seen["state"] == "approved"
    assert [(one["number"], one["upheld"], one["answer"]) for one in seen["objections"]] == [
        (objection, False, answer["reason"])
    ]


def test_experts_are_appointed_judge_and_are_read(road: Traveller) -> None:
    programme = road.served.programme
    claim = road.filed(road.accepted(road.issued()))
    for name in ("first", "second"):
        programme.hire(name, (COMMISSION, Role.EXPERT))
    people = [programme.people[name] for name in ("first", "second")]
    road.step("operator", f"/v1/claims/{claim}/experts", {"experts": people})
    (line,) = road.see("officer", f"/v1/claims/{claim}")["lines"]
    body = {"lines": [{"contract": line["contract"], "supports": True, "reason": "属于研发活动"}]}
    refused = road.refused("operator", f"/v1/claims/{claim}/opinions", body)
    assert refused["code"] == "RoleMissing"
    client, secret = _client_of(road, "first")
    token = road.served.token(client, secret).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "an-opinion"}
    given = road.served.http.post(f"/v1/claims/{claim}/opinions", json=body, headers=headers)

    assert given.status_code == 201, given.text
    opinions = road.see("officer", f"/v1/claims/{claim}")["opinions"]
    assert [(one["expert"], one["supports"], one["reason"]) for one in opinions] == [(people[0], True, "属于研发活动")]


def _client_of(road: Traveller, person: str) -> tuple[str, str]:
    secret = NewSecret.make()
    programme = road.served.programme
    body = programme.do(
        RegisterClient,
        party=COMMISSION,
        person=programme.people[person],
        label="expert",
        scopes=("claims.write",),
        secret_sha256=secret.sha256,
    )
    return str(body["client"]), secret.text


def test_a_budget_year_is_ended_by_two_people(road: Traveller) -> None:
    road.issued()
    early = road.refused("operator", "/v1/budgets/year-ends", {"scheme": "jinyun-2017", "year": 2017})
    road.served.programme.move(to=date(2018, 1, 10))
    road.served.programme.expire_due()
    body = {"scheme": "jinyun-2017", "year": 2017, "document_number": "财结〔2018〕1号"}
    proposed = road.step("operator", "/v1/budgets/year-ends", body)
    road.sign("finance", "voucher.year-end:jinyun-2017:2017")

    assert early["code"] == "YearNotOver"
    assert proposed["lapsed_fen"] > 0
    buckets = {one["bucket"]: one["fen"] for one in road.see("operator", "/v1/budgets/jinyun-2017:2017")["buckets"]}
    assert buckets["available"] == 0
    assert buckets["lapsed"] == proposed["lapsed_fen"] + 50_000_00, "the voucher had expired by then"
