"""Accounts, entries, receipts, the chain and what has changed, over HTTP: each party sees its own."""

import itertools
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from programme import FIRM
from served import Served

from api.webhooks.message import public_key_text
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.journal.signing_key import signing_key
from ledger.vouchers.reserve import Reserve

CHECKER = Path(__file__).parents[2] / "ledger" / "journal" / "verify_receipt.py"


@pytest.fixture
def voucher(served: Served) -> str:
    served.programme.letter()
    return served.programme.issue(50_000_00)


def reserve(served: Served, voucher: str, fen: int = 10_000_00) -> str:
    """As the firm's own software would."""
    programme = served.programme
    facts = programme.reservation(voucher, fen, 2 * fen)
    answer = programme.books.executor.run(programme.command(Reserve, "applicant", FIRM, **facts))
    return str(answer.body["contract"])


def test_an_account_is_told_at_two_clocks(served: Served, voucher: str) -> None:
    address = f"vouchers:available:{voucher}"
    before = served.programme.clock.now()
    served.programme.move(days=3)
    reserve(served, voucher)

    balance = f"/v1/accounts/{address}/balance"
    earlier = (served.programme.today - timedelta(days=1)).isoformat()

    assert served.get("applicant", balance).json()["standing"] == 40_000_00
    assert served.get("applicant", balance, effective_on=earlier).json()["standing"] == 50_000_00
    assert served.get("applicant", balance, known_at=before.isoformat()).json()["standing"] == 50_000_00
    assert served.get("applicant", balance, known_at="2017-03-01T00:00:00").status_code == 422


def test_a_statement_goes_page_by_page_and_adds_up(served: Served, voucher: str) -> None:
    for _ in range(3):
        reserve(served, voucher, 1_000_00)
    path = f"/v1/accounts/vouchers:available:{voucher}/statement"

    first = served.get("applicant", path, limit=2).json()
    second = served.get("applicant", path, limit=2, after=first["more_after"]).json()

    assert [line["balance"] for line in first["lines"] + second["lines"]] == [
        50_000_00,
        49_000_00,
        48_000_00,
        47_000_00,
    ]
    assert second["opening"] == first["closing"]
    assert second["more_after"] is None
    assert second["closing"] == 47_000_00


def test_accounts_are_listed_by_address_and_only_one_s_own(served: Served, voucher: str) -> None:
    reserve(served, voucher)

    mine = served.get("applicant", "/v1/accounts", limit=1).json()
    more = served.get("applicant", "/v1/accounts", limit=1, cursor=mine["next"]).json()
    other = served.get("other applicant", "/v1/accounts").json()
    all_ = served.get("finance", "/v1/accounts", prefix="budget:", asset="BUDGET").json()

    assert [item["address"].split(":")[1] for item in (*mine["items"], *more["items"])] == ["available", "held"]
    assert other == {"items": [], "next": None}
    assert {item["entity"] for item in mine["items"]} == {FIRM}
    assert {item["address"].split(":")[1] for item in all_["items"]} == {"appropriated", "available", "committed"}


def test_a_receipt_comes_over_http_and_is_checked_by_one_file(served: Served, voucher: str, tmp_path: Path) -> None:
    reserve(served, voucher)
    served.anchor()
    lines = served.get("applicant", f"/v1/accounts/vouchers:held:{voucher}", limit=1)
    assert lines.status_code == 404
    address = served.get("applicant", "/v1/accounts", prefix="vouchers:held:").json()["items"][0]["address"]
    seq = served.get("applicant", f"/v1/accounts/{address}/statement").json()["lines"][0]["seq"]
    receipt, anchors = tmp_path / "r.json", tmp_path / "anchors"
    receipt.write_text(served.get("applicant", f"/v1/entries/{seq}/receipt").text, "utf-8")
    heads = served.get("applicant", "/v1/blocks/anchors").json()["items"]
    anchors.write_text("".join(json.dumps(head) + "\n" for head in heads), "utf-8")

    told = subprocess.run(
        [sys.executable, "-I", "-S", str(CHECKER), str(receipt), str(anchors)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stderr
    assert "voucher.reserve" in told.stdout


def test_the_receipt_of_another_s_request_is_for_that_party_and_for_bureaus(served: Served, voucher: str) -> None:
    """The firm sees the entry that issued its voucher; the request was the commission's and may name others."""
    served.anchor()
    seq = served.get("applicant", f"/v1/accounts/vouchers:available:{voucher}/statement").json()["lines"][0]["seq"]

    refused = served.get("applicant", f"/v1/entries/{seq}/receipt")

    assert served.get("applicant", f"/v1/entries/{seq}").status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (409, "ReceiptOfAnother")
    assert served.get("operator", f"/v1/entries/{seq}/receipt").json()["entry"] == seq


def test_an_entry_shows_of_other_parties_nothing_but_that_they_are_there(served: Served, voucher: str) -> None:
    seq = served.get("applicant", f"/v1/accounts/vouchers:available:{voucher}/statement").json()["lines"][0]["seq"]

    mine = served.get("applicant", f"/v1/entries/{seq}").json()["transfers"]
    whole = served.get("finance", f"/v1/entries/{seq}").json()["transfers"]

    assert [(t["debit"], t["credit"]) for t in mine] == [(f"vouchers:available:{voucher}", "")]
    assert len(whole) == 2
    assert all(t["debit"] and t["credit"] for t in whole)


def test_the_chain_is_open_to_who_has_signed_in(served: Served, voucher: str) -> None:
    assert voucher
    blocks = served.get("applicant", "/v1/blocks", limit=200).json()["items"]

    assert [block["number"] for block in blocks] == list(range(1, len(blocks) + 1))
    assert all(after["previous_hash"] == before["hash"] for before, after in itertools.pairwise(blocks))
    assert served.get("applicant", "/v1/blocks/1").json() == blocks[0]
    assert served.get("applicant", "/v1/blocks/0").status_code == 404
    assert served.get("applicant", "/v1/blocks/x").status_code == 422


def test_a_firm_sees_which_dates_are_open_and_not_who_signed(served: Served) -> None:
    facts = {"period": "2017", "to": "adjusting", "second_person": served.programme.people["second finance"]}
    served.programme.move(to=date(2018, 1, 5))
    served.programme.expire_due()
    served.programme.do(ClosePeriod, "finance", **facts)

    found = served.get("applicant", "/v1/periods").json()["items"]

    days = {"starts_on": "2017-01-01", "ends_on": "2017-12-31"}
    assert found[0] == {"code": "2017", "status": "adjusting"} | days
    assert [one["status"] for one in found[1:]] == ["open", "open"]
    assert served.get("applicant", "/v1/periods/2017").json() == found[0]
    unknown = served.get("applicant", "/v1/periods/2099")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NotFound")
    assert served.get("applicant", "/v1/periods/%00").status_code in {404, 422}


def test_changes_are_followed_by_cursor(served: Served, voucher: str) -> None:
    page = served.get("applicant", "/v1/changes", limit=500).json()
    assert page["more"] is False
    contract = reserve(served, voucher)

    later = served.get("applicant", "/v1/changes", after=page["next"]).json()

    assert [change["what"] for change in later["changes"]] == ["voucher.reserve"]
    assert later["changes"][0]["things"] == [{"kind": "contract", "number": contract}]
    assert served.get("other applicant", "/v1/changes", after=page["next"]).json()["changes"] == []
    assert served.get("applicant", "/v1/changes", after="x").json()["code"] == "CursorUnreadable"


def test_an_address_is_registered_looked_at_and_withdrawn(served: Served, tmp_path: Path) -> None:
    assert tmp_path
    body = {"party": FIRM, "address": "https://erp.example.cn/vledger"}

    made = served.post("applicant", "/v1/webhooks", body)
    number = made.json()["webhook"]

    assert made.status_code == 201
    assert served.get("applicant", f"/v1/webhooks/{number}").json()["address"] == body["address"]
    assert [item["number"] for item in served.get("applicant", "/v1/webhooks").json()["items"]] == [number]
    assert served.get("applicant", f"/v1/webhooks/{number}/sendings").json() == {"items": [], "next": None}
    assert served.get("applicant", "/v1/webhooks/key").json()["public_key"].startswith("whpk_")
    assert served.post("other applicant", "/v1/webhooks", body).json()["code"] == "RoleMissingAt"
    assert served.post("applicant", f"/v1/webhooks/{number}/resumption").status_code == 200
    assert served.post("applicant", f"/v1/webhooks/{number}/withdrawal").json()["webhook"] == number
    assert served.post("applicant", f"/v1/webhooks/{number}/withdrawal").json()["code"] == "WebhookWithdrawn"


def test_the_key_that_is_shown_is_the_one_that_signs(served: Served) -> None:
    serving = served.app.state.serving
    shown = served.get("applicant", "/v1/webhooks/key").json()["public_key"]

    assert shown == public_key_text(signing_key(serving.webhook_key))
