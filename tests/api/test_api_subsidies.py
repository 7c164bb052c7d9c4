"""A subsidy over HTTP: computed, shown, publicised, objected to, signed; who sees what of it."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from databases import Database
from programme import COMMISSION, FIRM, LINE, OTHER_UNIT, UNIT
from served import Served, open_served

from ledger.approvals.content import content_hash
from ledger.budgets.appropriate import KIND as LETTER
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.evaluation.join_platform import JoinPlatform
from ledger.fees.issue_bill import IssueBill
from ledger.fees.values import BillLine
from ledger.subsidies.exclude_bill import ExcludeBill
from ledger.subsidies.values import BATCH

SCHEME = "anhui-2022-unit"
ROOT = "/v1/subsidies"


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[Served]:
    """Two units that billed 1,000,000 and 300,000 in 2025; a budget of 500,000 for 2026."""
    with open_served(database, tmp_path, day=date(2025, 3, 3)) as served:
        programme = served.programme
        for n, (unit, officer, fen) in enumerate(
            ((UNIT, "officer", 1_000_000_00), (OTHER_UNIT, "other officer", 300_000_00))
        ):
            paper = {"department": COMMISSION, "joined_on": date(2025, 3, 3), "document_number": "入网1号"}
            programme.do(JoinPlatform, "operator", unit=unit, **paper)
            facts = {"invoice_number": str(n) * 20, "invoice_date": programme.today, "vat_rate": "0"}
            lines = (BillLine("检测", None, 1, fen),)
            programme.do(IssueBill, officer, unit=unit, payer=FIRM, lines=lines, **facts)
        programme.move(to=date(2026, 9, 1))
        letter = {"scheme": SCHEME, "year": 2026, "line": LINE, "amount_fen": 500_000_00, "letter_number": "财预1号"}
        programme.sign(LETTER, programme.do(ProposeAppropriation, "operator", **letter)["appropriation"], "finance")
        yield served


def computed(served: Served, **more: object) -> str:
    answer = served.post("operator", ROOT, {"scheme": SCHEME, "year": 2026, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["batch"])


def test_a_subsidy_from_the_computation_to_the_signatures(served: Served) -> None:
    batch = computed(served)
    reviewed = served.post("second operator", f"{ROOT}/{batch}/review").json()
    signature = {"content_hash": reviewed["approval"]["content_hash"]}
    path = f"/v1/approvals/{BATCH}:{batch}"
    shown = served.get("finance", path).json()
    served.programme.move(to=date.fromisoformat(reviewed["notice_until"]) + timedelta(days=1))
    served.tokens.clear()  # they were for a quarter of an hour
    for person in ("finance", "second finance"):
        answer = served.post(person, f"{path}/signature", signature)
        assert answer.status_code == 200, answer.text

    found = served.get("operator", f"{ROOT}/{batch}").json()
    assert shown["content"]["awarded_fen"] == 260_000_00  # a fifth of 1,300,000
    assert (found["state"], found["awarded_fen"], found["units"], found["due_on"]) == ("approved", 260_000_00, 2, None)
    assert len(answer.json()["followed"]["payables"]) == 2
    assert served.programme.faults() == []


def test_the_records_under_a_line(served: Served) -> None:
    batch = computed(served)
    served.post("second operator", f"{ROOT}/{batch}/review")
    path = f"{ROOT}/{batch}/bills"

    found = served.get("operator", path, unit=UNIT).json()["items"]
    hidden = served.get("officer", path, unit=UNIT)
    of_all = served.get("operator", path, limit=1).json()
    uses = served.get("officer", f"{ROOT}/{batch}/uses", unit=UNIT)

    assert [(one["billed_fen"], one["left_out"], one["counts_fen"]) for one in found] == [
        (1_000_000_00, None, 1_000_000_00)
    ]
    assert (hidden.status_code, hidden.json()["code"]) == (409, "RecordsForBureaus")
    assert len(of_all["items"]) == 1
    assert len(served.get("operator", path, cursor=of_all["next"]).json()["items"]) == 1
    assert (uses.status_code, uses.json()["items"]) == (200, [])


def test_a_paid_award_is_taken_back(served: Served) -> None:
    programme = served.programme
    batch = computed(served)
    reviewed = served.post("second operator", f"{ROOT}/{batch}/review").json()
    programme.move(to=date.fromisoformat(reviewed["notice_until"]) + timedelta(days=1))
    signed = [programme.sign(BATCH, batch, person) for person in ("finance", "second finance")][-1]
    programme.confirm(programme.batch(*signed["payables"]), *signed["payables"])
    programme.move(days=80)
    served.tokens.clear()
    award = next(one for one in served.get("officer", f"{ROOT}/{batch}/awards").json()["items"] if one["unit"] == UNIT)
    ruling = {
        "amount_fen": 50_000_00,
        "ground": "not-entitled",
        "decision_number": "决1号",
        "reason": "不符合条件",
        "decided_on": (programme.today - timedelta(days=70)).isoformat(),
        "appeal_until": (programme.today - timedelta(days=9)).isoformat(),
    }
    path = f"/v1/subsidy-awards/{award['number']}/claw-backs"

    much = served.post("operator", path, ruling | {"amount_fen": 200_000_01})
    proposed = served.post("operator", path, ruling)
    subject = f"{proposed.json()['approval']['kind']}:{proposed.json()['approval']['subject']}"
    signature = {"content_hash": proposed.json()["approval"]["content_hash"]}
    shown = served.get("second operator", f"/v1/approvals/{subject}").json()
    answer = served.post("second operator", f"/v1/approvals/{subject}/signature", signature)
    owed = served.get("officer", "/v1/obligations").json()["items"]

    assert (award["paid_fen"], proposed.status_code, answer.status_code) == (200_000_00, 201, 200), answer.text
    assert content_hash(shown["content"]) == shown["content_hash"] == signature["content_hash"]
    assert (much.status_code, much.json()["code"]) == (409, "MoreThanWasPaid")
    assert [(one["debtor"], one["amount_fen"], one["ground"]) for one in owed] == [(UNIT, 50_000_00, "not-entitled")]
    assert programme.faults() == []


def test_a_change_of_policy_is_a_run_when_dry_and_a_request_when_not(served: Served) -> None:
    batch = computed(served)
    path = "/v1/subsidy-policy-changes"
    paper = {"document_number": "京科发〔2026〕30号", "reason": "调整总额"}
    body = {"scheme": SCHEME, "year": 2026, "under": "qingdao-2015-unit", **paper}

    unit = served.post("officer", path, body)
    dry = served.post("operator", path, body, key="k", dry_run="true").json()
    kept = served.programme.rows("SELECT count(*) FROM subsidy_policy_change")
    real = served.post("operator", path, body, key="k").json()
    same = served.post("operator", path, {"scheme": SCHEME, "year": 2026, **paper})
    other = served.post("operator", path, body | {"year": 2025})
    subject = f"{real['approval']['kind']}:{real['approval']['subject']}"
    document = served.get("finance", f"/v1/approvals/{subject}").json()
    shown = document["content"]

    (listed,) = served.get("second operator", path).json()["items"]
    whole = served.get("second operator", f"{path}/{listed['number']}").json()

    assert served.get("officer", path).json()["items"] == []
    assert served.get("officer", f"{path}/{listed['number']}").status_code == 404
    assert (listed["number"], listed["state"], listed["gaining"]) == (real["change"], "proposed", real["gaining"])
    assert (whole["lines"], whole["after"]) == (real["lines"], real["after"])
    assert content_hash(shown) == document["content_hash"] == real["approval"]["content_hash"]
    assert {**dry, "proof": None} == {**real, "proof": None}
    assert (kept, real["batch"]) == ([(0,)], batch)
    assert [(one["unit"], one["before_fen"]) for one in real["lines"]] == [(UNIT, 200_000_00), (OTHER_UNIT, 60_000_00)]
    assert sum(one["after_fen"] for one in real["lines"]) == real["after"]["awarded_fen"]
    assert shown["lines"] == real["lines"]
    assert shown["document_number"] == paper["document_number"]
    assert (unit.status_code, unit.json()["code"]) == (409, "RoleMissingAt")
    assert (same.status_code, same.json()["code"]) == (409, "NothingWouldChange")
    assert (other.status_code, other.json()["code"]) == (409, "NothingToCompare")


def test_a_subsidy_is_topped_up(served: Served) -> None:
    """A bill of 300,000 was left out by mistake: a fifth of it is added from what the budget has left."""
    programme = served.programme
    ((bill,),) = programme.rows("SELECT number FROM fee_bill WHERE unit = :unit", unit=OTHER_UNIT)
    programme.do(ExcludeBill, "operator", bill=bill, excluded=True, reason="法定检验")
    batch = computed(served)
    body = {"scheme": SCHEME, "year": 2026, "decision_number": "京科决〔2026〕12号", "reason": "记录更正"}
    early = served.post("operator", "/v1/subsidy-top-ups", body)
    reviewed = served.post("second operator", f"{ROOT}/{batch}/review").json()
    programme.move(to=date.fromisoformat(reviewed["notice_until"]) + timedelta(days=1))
    programme.sign(BATCH, batch, "finance", "second finance")
    programme.do(ExcludeBill, "operator", bill=bill, excluded=False, reason="核实为科研服务")
    served.tokens.clear()

    by_unit = served.post("officer", "/v1/subsidy-top-ups", body)
    dry = served.post("operator", "/v1/subsidy-top-ups", body, key="k", dry_run="true").json()
    added = served.post("operator", "/v1/subsidy-top-ups", body, key="k").json()
    hidden = served.get("other officer", f"{ROOT}/{added['batch']}")
    told = served.post("second operator", f"{ROOT}/{added['batch']}/review").json()
    shown = served.get("finance", f"/v1/approvals/{BATCH}:{added['batch']}").json()
    document = served.get("other officer", f"{ROOT}/{added['batch']}").json()
    mine = served.get("other officer", f"{ROOT}/{added['batch']}/awards").json()["items"]
    others = served.get("officer", f"{ROOT}/{added['batch']}/awards").json()["items"]

    assert (early.status_code, early.json()["code"]) == (409, "BatchWrongState")
    assert (by_unit.status_code, by_unit.json()["code"]) == (409, "RoleMissingAt")
    assert {**dry, "proof": None} == {**added, "proof": None}
    assert (added["tops_up"], added["units"], added["awarded_fen"], added["due_fen"]) == (
        batch,
        1,
        60_000_00,
        260_000_00,
    )
    assert hidden.status_code == 404
    assert document["top_up"] == {
        "batch": batch,
        "decision_number": body["decision_number"],
        "change": "",
        "budget_year": 2026,
        "rules_on": "2026-09-01",
        "known_on": "2026-09-01",
    }
    assert [(one["unit"], one["due_fen"], one["had_fen"]) for one in mine] == [(OTHER_UNIT, 60_000_00, 0)]
    assert mine[0]["top_up_calculation"] is not None
    assert (others[0]["due_fen"], others[0]["top_up_calculation"]) == (60_000_00, None)
    assert shown["content"]["tops_up"] == batch
    assert content_hash(shown["content"]) == told["approval"]["content_hash"]
    assert programme.faults() == []


def test_the_whole_publication_in_one_file(served: Served) -> None:
    batch = computed(served)
    served.post("second operator", f"{ROOT}/{batch}/review")
    path = f"{ROOT}/{batch}/publication"

    made, again = served.get("operator", path), served.get("finance", path)
    with_notices = served.get("operator", path, language="en", notices="true")
    unit, wrong = served.get("officer", path), served.get("operator", path, language="fr")
    folder = zipfile.ZipFile(io.BytesIO(made.content))
    lines = folder.read("SHA256SUMS").decode().splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}

    assert (made.status_code, made.headers["content-type"]) == (200, "application/octet-stream")
    assert made.content == again.content
    assert sorted(sums) == [f"{SCHEME}-2026-approval.pdf", f"{SCHEME}-2026-awards.xlsx"]
    assert all(hashlib.sha256(folder.read(name)).hexdigest() == digest for name, digest in sums.items())
    names = zipfile.ZipFile(io.BytesIO(with_notices.content)).namelist()
    assert {f"{SCHEME}-2026-{UNIT}.pdf", f"{SCHEME}-2026-{OTHER_UNIT}.pdf"} <= set(names)
    assert (unit.status_code, unit.json()["code"]) == (409, "FilesForBureaus")
    assert wrong.status_code == 422
    assert served.get("operator", f"{ROOT}/SB-0/publication").status_code == 404


def test_a_unit_sees_of_others_what_is_public_and_of_itself_all(served: Served) -> None:
    batch = computed(served)
    before = served.get("officer", f"{ROOT}/{batch}")
    served.post("second operator", f"{ROOT}/{batch}/review")

    lines = {line["unit"]: line for line in served.get("officer", f"{ROOT}/{batch}/awards").json()["items"]}
    bureau = served.get("operator", f"{ROOT}/{batch}/awards", limit=1).json()
    rest = served.get("operator", f"{ROOT}/{batch}/awards", limit=1, cursor=bureau["next"]).json()
    firm = served.get("applicant", f"{ROOT}/{batch}/awards", unit=UNIT).json()["items"]

    assert before.status_code == 404
    assert (lines[UNIT]["awarded_fen"], lines[UNIT]["base_fen"], lines[UNIT]["bills"]) == (200_000_00, 1_000_000_00, 1)
    assert (lines[OTHER_UNIT]["awarded_fen"], lines[OTHER_UNIT]["base_fen"]) == (60_000_00, None)
    assert all(line["base_fen"] for line in (*bureau["items"], *rest["items"]))
    assert [line["awarded_fen"] for line in firm] == [200_000_00]
    assert served.get("applicant", ROOT).json()["items"][0]["number"] == batch


def test_a_dry_run_computes_and_keeps_nothing(served: Served) -> None:
    body = {"scheme": SCHEME, "year": 2026}
    dry = served.post("operator", ROOT, body, key="k", dry_run="true").json()
    assert served.get("operator", ROOT).json()["items"] == []
    real = served.post("operator", ROOT, body, key="k").json()

    assert {**dry, "proof": None} == {**real, "proof": None}
    assert dry["proof"]["command"] == real["proof"]["command"]


def test_versions_and_their_differences(served: Served) -> None:
    first = computed(served)
    bill = served.get("officer", "/v1/bills").json()["items"][0]["number"]
    excluded = served.post("officer", f"/v1/bills/{bill}/subsidy-exclusion", {"excluded": True, "reason": "法定检验"})
    without = served.post("operator", ROOT, {"scheme": SCHEME, "year": 2026})
    second = computed(served, reason="剔除法定检验")

    found = served.get("operator", f"{ROOT}/{second}/differences", since=first).json()

    assert excluded.status_code == 201
    assert (without.status_code, without.json()["code"]) == (409, "VersionReasonMissing")
    assert found["units"] == [{"unit": UNIT, "before_fen": 200_000_00, "after_fen": 0, "why": ["base", "entitlement"]}]
    assert served.get("operator", f"{ROOT}/{first}").json()["state"] == "superseded"
    assert served.get("operator", f"{ROOT}/{second}/differences").json() == found
    assert served.get("operator", f"{ROOT}/{first}/differences").json()["before"] is None
    unknown = served.get("operator", f"{ROOT}/{second}/differences", since="SB-0")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "VersionUnknown")


def test_an_objection_is_recorded_and_answered(served: Served) -> None:
    batch = computed(served)
    served.post("second operator", f"{ROOT}/{batch}/review")
    raised = served.post("operator", f"{ROOT}/{batch}/objections", {"file_number": "异议1号", "reason": "收入有误"})
    path = f"{ROOT}/{batch}/objections/{raised.json()['objection']}/answer"

    own = served.post("second operator", path, {"upheld": True, "reason": "属实"})
    upheld = served.post("operator", path, {"upheld": True, "reason": "属实"})

    assert (raised.status_code, own.json()["code"]) == (201, "OwnReview")
    assert upheld.json()["state"] == "void"
    assert served.programme.balance(f"budget:available:{SCHEME}:2026") == 500_000_00


def test_a_batch_is_taken_back(served: Served) -> None:
    batch = computed(served)
    taken = served.post("operator", f"{ROOT}/{batch}/withdrawal", {"reason": "名单有误"})

    assert (taken.status_code, taken.json()["state"]) == (201, "void")
    assert served.post("operator", f"{ROOT}/{batch}/withdrawal", {"reason": "再撤"}).json()["code"] == "BatchWrongState"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"scheme": "unknown", "year": 2026}, 422, "UnknownPolicy"),
        ({"scheme": "jinyun-2017", "year": 2026}, 422, "UnknownPolicy"),
        ({"scheme": SCHEME, "year": 2026, "pool_fen": 500_000_01}, 409, "PoolTooLarge"),
        ({"scheme": SCHEME, "year": 2026, "pool_fen": 0}, 422, "FieldsUnreadable"),
        ({"scheme": SCHEME, "year": 2026, "pool_fen": 1.5}, 422, "FieldsUnreadable"),
        ({"scheme": SCHEME, "year": 2024}, 409, "SubsidyYearNotCurrent"),
    ],
)
def test_what_cannot_be_computed_is_refused(served: Served, body: dict[str, object], status: int, code: str) -> None:
    answer = served.post("operator", ROOT, body)

    assert answer.status_code == status, answer.text
    assert answer.json()["code"] == code
