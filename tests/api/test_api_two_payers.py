"""Two payers of one service over HTTP: the firm matches its contract by the other payer's voucher."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from databases import Database
from programme import CITY_COMMISSION, FIRM, LINE, OTHER_FIRM, UNIT
from served import Served, open_served

from ledger.budgets.appropriate import KIND as LETTER
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.vouchers.decide_application import KIND as ISSUE
from ledger.vouchers.decide_application import DecideApplication

FEE, PROVINCE_SHARE, CITY_SHARE = 50_000_00, 30_000_00, 15_000_00
CITY = "liaocheng-2023"


@pytest.fixture
def payers(database: Database, tmp_path: Path) -> Iterator[Served]:
    with open_served(database, tmp_path, day=date(2023, 7, 3), scheme="shandong-2023") as served:
        programme = served.programme
        programme.found_city()
        programme.letter()
        facts = {"scheme": CITY, "year": 2023, "letter_number": "聊财预1号", "amount_fen": 1_000_000_00, "line": LINE}
        letter = programme.do(ProposeAppropriation, "city operator", tenant=CITY_COMMISSION, **facts)
        programme.sign(LETTER, letter["appropriation"], "finance")
        yield served


def city_voucher(served: Served, amount_fen: int) -> str:
    programme = served.programme
    application = programme.apply(amount_fen, scheme=CITY)
    programme.do(DecideApplication, "city operator", application=application, grant_fen=amount_fen)
    return str(programme.sign(ISSUE, application, "second city operator")["voucher"])


def test_a_contract_is_matched_accepted_and_claimed_from_each_payer(payers: Served) -> None:
    programme = payers.programme
    place = {"kind": "place-of-business", "paper_number": "证1", "valid_from": "2023-01-01", "region": "371500"}
    recorded = payers.post("operator", f"/v1/organisations/{UNIT}/certificates", place)
    contract = programme.reserve(programme.issue(100_000_00), PROVINCE_SHARE, FEE)
    body = {"voucher": city_voucher(payers, 60_000_00), "amount_fen": CITY_SHARE}
    matched = payers.post("applicant", f"/v1/contracts/{contract}/matches", body)

    assert recorded.status_code == 201, recorded.text
    assert matched.status_code == 201, matched.text
    matching = matched.json()["contract"]
    shown = payers.get("officer", f"/v1/contracts/{matching}").json()
    assert (shown["matches"], shown["held_fen"], shown["fee_fen"]) == (contract, CITY_SHARE, FEE)
    bill = programme.billed(contract, FEE)
    answers = [
        payers.post("applicant", f"/v1/contracts/{number}/acceptance", {"bill": bill}).json()
        for number in (contract, matching)
    ]
    assert [(answer["matched_fen"], answer["share_fen"], answer["firm_fen"]) for answer in answers] == [
        (0, PROVINCE_SHARE, 20_000_00),
        (PROVINCE_SHARE, CITY_SHARE, 5_000_00),
    ]
    mixed = payers.post("officer", "/v1/claims", {"unit": UNIT, "contracts": [contract, matching]})
    claims = [payers.post("officer", "/v1/claims", {"unit": UNIT, "contracts": [n]}) for n in (contract, matching)]
    assert mixed.json()["code"] == "MixedClaim"
    assert [claim.status_code for claim in claims] == [201, 201]


def test_a_voucher_of_another_firm_does_not_exist_for_who_matches(payers: Served) -> None:
    contract = payers.programme.reserve(payers.programme.issue(100_000_00), PROVINCE_SHARE, FEE)
    theirs = payers.programme.issue(1_000_00, OTHER_FIRM, "other applicant")

    answer = payers.post("applicant", f"/v1/contracts/{contract}/matches", {"voucher": theirs, "amount_fen": 1})

    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")


def test_certificates_are_shown_as_far_as_they_are_anybody_s(payers: Served) -> None:
    facts = {"paper_number": "GR1", "valid_from": "2023-01-01"}
    path = f"/v1/organisations/{FIRM}/certificates"
    number = payers.post("operator", path, facts | {"kind": "high-tech-enterprise"}).json()["certificate"]
    place = facts | {"kind": "place-of-business", "region": "371500"}
    payers.post("operator", f"/v1/organisations/{UNIT}/certificates", place)

    def kinds(person: str, party: str) -> list[str]:
        shown = payers.get(person, f"/v1/organisations/{party}").json()
        return [one["kind"] for one in shown["certificates"]]

    assert kinds("applicant", FIRM) == ["high-tech-enterprise"]
    assert kinds("applicant", UNIT) == ["place-of-business"], "where a unit works is no secret"
    ended = payers.post("operator", f"{path}/{number}/withdrawal", {"reason": "证书撤销"})
    assert ended.json()["withdrawn_on"] == "2023-07-03"
    own = payers.post("applicant", path, facts | {"kind": "high-tech-enterprise"})
    assert own.json()["code"] in {"RoleMissing", "ScopeMissing"}


def test_an_estimate_of_a_second_payer_is_told_what_the_first_bears(payers: Served) -> None:
    wanted = {"scheme": CITY, "fee_fen": FEE, "matched_fen": PROVINCE_SHARE, "local_supplier": True, "on": "2023-07-03"}

    local = payers.http.post("/v1/estimates", json=wanted).json()
    elsewhere = payers.http.post("/v1/estimates", json=wanted | {"local_supplier": False}).json()

    assert (local["voucher_fen"], local["firm_fen"]) == (CITY_SHARE, 5_000_00)
    assert (elsewhere["voucher_fen"], elsewhere["firm_fen"]) == (0, 20_000_00)
