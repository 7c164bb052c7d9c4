"""Bank statements over HTTP: taken in by one person, matched by another; a file that is no statement; what waits."""

from typing import Any

import pytest
from programme import COMMISSION
from served import Served

HEAD = "账号,对账单编号,记账日期,流水号,借贷,金额（元）,业务编号,退回原因\n"
ACCOUNT = "3301012345678901"


@pytest.fixture
def payable(served: Served) -> str:
    """In a released batch."""
    served.programme.letter()
    claim = served.programme.file(served.programme.accepted(served.programme.issue(), 1_000_00, 2_000_00))
    (number,) = served.programme.approve(claim)
    served.programme.batch(number)
    return number


def file(served: Served, *lines: tuple[str, str, str, str, str], statement: str = "S-1") -> dict[str, Any]:
    """Reference, direction, yuan, our number, and why it came back."""
    day = served.programme.today.isoformat()
    rows = (
        f"{ACCOUNT},{statement},{day},{reference},{way},{yuan},{ours},{back}\n"
        for reference, way, yuan, ours, back in lines
    )
    return {"payer": COMMISSION, "file": HEAD + "".join(rows)}


def take_in(served: Served, body: dict[str, Any], person: str = "treasury") -> dict[str, Any]:
    answer = served.post(person, "/v1/bank-statements", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_what_is_clear_says_so_and_another_person_matches_it(served: Served, payable: str) -> None:
    taken = take_in(served, file(served, ("F-1", "借", "1000.00", payable, ""), ("F-2", "贷", "7.00", "", "")))
    waiting = served.get("finance", "/v1/bank-lines", statement=taken["statement"], state="waiting").json()["items"]
    clear, unclear = sorted(waiting, key=lambda line: str(line["reference"]))

    assert (taken["count"], taken["known"], len(taken["lines"])) == (2, 0, 2)
    assert clear["means"]["payables"] == [payable]
    assert (unclear["means"], unclear["why"]) == (None, "a-receipt")
    path = f"/v1/bank-lines/{clear['number']}/payment"
    body = {**clear["means"], "on": clear["booked_on"]}
    assert served.post("treasury", path, body).json()["code"] == "OwnImport"
    matched = served.post("second finance", path, body)
    assert matched.status_code == 201, matched.text
    assert served.get("finance", f"/v1/bank-lines/{clear['number']}").json()["state"] == "matched"
    assert served.get("officer", f"/v1/payables/{payable}").json()["paid_on"] == clear["booked_on"]
    moved = served.post(
        "second finance",
        f"/v1/bank-lines/{unclear['number']}/suspense",
        {"on": unclear["booked_on"], "reason": "付款人不详"},
    )
    assert moved.json()["state"] == "suspense"
    decided = served.post(
        "second finance", f"/v1/bank-lines/{unclear['number']}/decisions", {"decision": "send-back", "reason": "退还"}
    )
    assert decided.json()["approval"]["kind"] == "payment.bank-line"
    assert served.get("treasury", f"/v1/bank-statements/{taken['statement']}").json()["waiting"] == 0
    assert served.programme.faults() == []


def test_what_came_back_is_recorded_from_its_line(served: Served, payable: str) -> None:
    served.programme.confirm(served.get("finance", f"/v1/payables/{payable}").json()["batch"], payable)
    taken = take_in(served, file(served, ("F-3", "贷", "1000.00", payable, "户名不符")))
    (line,) = served.get("finance", "/v1/bank-lines", statement=taken["statement"]).json()["items"]
    batch = line["means"]["batch"]

    answer = served.post(
        "second finance",
        f"/v1/bank-lines/{line['number']}/return",
        {"batch": batch, "payable": payable, "on": line["booked_on"]},
    )

    assert answer.status_code == 201, answer.text
    assert served.get("officer", f"/v1/payables/{payable}").json()["paid_on"] is None
    assert served.programme.faults() == []


def test_a_statement_counts_once_and_so_does_each_line(served: Served, payable: str) -> None:
    body = file(served, ("F-1", "借", "1000.00", payable, ""))
    first = take_in(served, body)
    again = served.post("treasury", "/v1/bank-statements", body)
    more = take_in(
        served, file(served, ("F-1", "借", "1000.00", payable, ""), ("F-9", "借", "5.00", "", ""), statement="S-2")
    )

    assert (again.status_code, again.json()["code"]) == (409, "StatementKnown")
    assert (more["count"], more["known"]) == (2, 1)
    listed = served.get("finance", "/v1/bank-statements", account_number=ACCOUNT).json()["items"]
    assert {one["number"]: one["new_count"] for one in listed} == {first["statement"]: 1, more["statement"]: 1}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no statement\nat all\n", "ColumnUnknown"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><Document>&a;</Document>", "DocumentTypeRefused"),
        ("<Document", "NotAStatement"),
        (HEAD, "NotAStatement"),
        (HEAD + f"{ACCOUNT},S-1,2017-03-01,F-1,借,1e3,,\n", "AmountUnreadable"),
        (HEAD + f"{ACCOUNT},S-1,2017-02-30,F-1,借,1.00,,\n", "DayUnreadable"),
        (HEAD + f"{ACCOUNT},S-1,2017-03-01,F-1,往,1.00,,\n", "DirectionUnreadable"),
        (
            HEAD + f"{ACCOUNT},S-1,2017-03-01,F-1,借,1.00,,\n{ACCOUNT},S-2,2017-03-01,F-2,借,1.00,,\n",
            "SeveralStatements",
        ),
    ],
)
def test_a_file_that_is_no_statement_gets_a_sentence(served: Served, text: str, code: str) -> None:
    answer = served.post("treasury", "/v1/bank-statements", {"payer": COMMISSION, "file": text})

    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == code


def test_only_a_bureau_takes_in_and_sees_what_the_bank_says(served: Served, payable: str) -> None:
    taken = take_in(served, file(served, ("F-1", "借", "1000.00", payable, "")))

    assert served.get("officer", "/v1/bank-lines").json()["items"] == []
    assert served.get("officer", f"/v1/bank-lines/{taken['lines'][0]}").json()["code"] == "NotFound"
    refused = served.post(
        "officer", "/v1/bank-statements", file(served, ("F-2", "借", "1.00", "", ""), statement="S-9")
    )
    assert refused.json()["code"] == "RoleMissing"
