"""Uses and bills over HTTP: what the unit records, what the payer sees of it, and where each fen stands."""

from typing import Any

import pytest
from office import instrument
from programme import FIRM, OTHER_FIRM, OTHER_UNIT, UNIT
from served import Served

USES = "/v1/uses"
BILLS = "/v1/bills"
PLACES = ("open_fen", "cash_fen", "voucher_fen", "voucher_due_fen", "equity_fen", "written_off_fen", "credited_fen")


@pytest.fixture
def machine(served: Served) -> str:
    return instrument(served.programme)


def new_use(served: Served, machine: str, **changes: object) -> dict[str, Any]:
    return {
        "instrument": machine,
        "user": FIRM,
        "operator": served.programme.people["officer"],
        "started_at": "2017-03-01T07:30:00+08:00",
        "minutes": 90,
        "purpose": "断口分析",
        **changes,
    }


def new_bill(*lines: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {
        "unit": UNIT,
        "payer": FIRM,
        "contract": None,
        "invoice_number": "2017 0000 0000 0000 0001",
        "invoice_date": "2017-03-01",
        "vat_rate": "0.06",
        "lines": list(lines) or [{"description": "制样", "quantity": 2, "price_fen": 530_00}],
        **changes,
    }


def places(shown: dict[str, Any]) -> dict[str, int]:
    return {name: shown[name] for name in PLACES if shown[name]}


# -- uses --------------------------------------------------------------------------------------------------------------


def test_unit_and_user_read_the_same_use_and_nobody_else_does(served: Served, machine: str) -> None:
    made = served.post("officer", USES, new_use(served, machine))
    path = f"{USES}/{made.json()['use']}"

    shown = served.get("applicant", path).json()
    assert (made.status_code, made.json()["used_on"]) == (201, "2017-03-01")
    assert (shown["started_at"], shown["minutes"], shown["bill"]) == ("2017-02-28T23:30:00Z", 90, None)
    assert served.get("officer", path).json() == shown
    assert served.get("other applicant", path).json()["code"] == "NotFound"
    assert served.get("other officer", USES).json()["items"] == []
    assert served.get("finance", USES).json()["items"] == [shown]
    assert served.programme.faults() == []


def test_a_use_is_recorded_once_and_rehearsed_without_a_trace(served: Served, machine: str) -> None:
    body = new_use(served, machine)

    dry = served.post("officer", USES, body, key="u", dry_run="true")
    first = served.post("officer", USES, body, key="u")
    again = served.post("officer", USES, body, key="u")

    assert dry.json() | {"proof": None} == first.json() | {"proof": None}
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert len(served.get("officer", USES).json()["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"started_at": "2017-03-02T07:30:00+08:00"}, "UseInFuture"),
        ({"minutes": 6_000}, "UseTooLong"),
        ({"started_at": "2017-02-27T07:30:00+08:00"}, "BackdatingUnconfirmed"),
        ({"user": "91110108551385082Q"}, "NotFound"),
    ],
)
def test_what_cannot_have_been_used_is_refused(
    served: Served, machine: str, changes: dict[str, object], code: str
) -> None:
    answer = served.post("officer", USES, new_use(served, machine, **changes))

    assert (answer.status_code, answer.json()["code"]) == (404 if code == "NotFound" else 409, code)


@pytest.mark.parametrize("instant", ["2017-03-01T07:30:00", "2017-03-01", "7:30", 1_488_324_600])
def test_an_instant_without_its_zone_is_no_instant(served: Served, machine: str, instant: object) -> None:
    answer = served.post("officer", USES, new_use(served, machine, started_at=instant))

    assert [field["field"] for field in answer.json()["fields"]] == ["started_at"]


def test_an_instant_at_the_end_of_time_is_refused_too(served: Served, machine: str) -> None:
    for instant in ("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"):
        answer = served.post("officer", USES, new_use(served, machine, started_at=instant))

        assert answer.status_code in {409, 422}, answer.text


def test_uses_are_listed_by_day_machine_and_bill(served: Served, machine: str) -> None:
    served.programme.move(days=1)
    days = ("2017-03-01T08:00:00+08:00", "2017-03-02T00:30:00+08:00", "2017-03-02T07:00:00+08:00")
    second = served.post(
        "officer",
        "/v1/people",
        {"name": "复核人", "posts": [{"organisation": UNIT, "role": "unit-officer"}]},
    ).json()["person"]
    late = {"late_reason": "停电", "second_person": second}
    made = [
        served.post("officer", USES, new_use(served, machine, started_at=day, minutes=30, **late)).json()["use"]
        for day in days
    ]
    line = {"description": "电镜", "use": made[2], "quantity": 1, "price_fen": 300_00}
    assert served.post("officer", BILLS, new_bill(line)).status_code == 201

    def listed(**query: Any) -> list[str]:  # noqa: ANN401
        return [item["number"] for item in served.get("applicant", USES, **query).json()["items"]]

    assert listed() == made[::-1]
    assert listed(instrument=machine, unit=UNIT, user=FIRM) == made[::-1]
    assert listed(since="2017-03-02", until="2017-03-02") == made[:0:-1]
    assert listed(billed="true") == [made[2]]
    assert listed(billed="false") == made[1::-1]
    assert listed(unit=OTHER_UNIT) == []
    first = served.get("applicant", USES, limit=2).json()
    assert [item["number"] for item in first["items"]] == made[:0:-1]
    assert listed(cursor=first["next"]) == [made[0]]


# -- bills -------------------------------------------------------------------------------------------------------------


def test_a_bill_says_to_its_payer_where_each_fen_stands(served: Served) -> None:
    served.programme.letter()
    voucher = served.programme.issue()
    contract = served.programme.reserve(voucher, 400_00, 1_060_00)
    number = served.programme.contract(contract).contract_number
    made = served.post("officer", BILLS, new_bill(contract=number))
    path = f"{BILLS}/{made.json()['bill']}"
    served.programme.accept(contract, made.json()["bill"])
    paid = served.post("officer", f"{path}/receipts", {"amount_fen": 100_00, "bank_reference": "回单1"})

    payer, unit, bureau = (served.get(person, path).json() for person in ("applicant", "officer", "finance"))
    assert made.json()["gross_fen"] == made.json()["net_fen"] + made.json()["vat_fen"] == 1_060_00
    assert paid.json()["open_fen"] == payer["open_fen"]
    assert payer == unit == bureau
    assert places(payer) == {
        "open_fen": 560_00,
        "cash_fen": 100_00,
        "voucher_fen": 400_00,
        "voucher_due_fen": 400_00,
    }
    assert payer["lines"] == [
        {"description": "制样", "use": None, "quantity": 2, "price_fen": 530_00, "amount_fen": 1_060_00}
    ]
    assert [(receipt["amount_fen"], receipt["bank_reference"]) for receipt in payer["receipts"]] == [(100_00, "回单1")]
    assert served.get("other applicant", path).json()["code"] == "NotFound"
    assert served.programme.faults() == []


def test_a_bill_is_issued_once_and_its_invoice_used_once(served: Served) -> None:
    dry = served.post("officer", BILLS, new_bill(), key="b", dry_run="true")
    first = served.post("officer", BILLS, new_bill(), key="b")
    again = served.post("officer", BILLS, new_bill(), key="b")
    twice = served.post("officer", BILLS, new_bill(invoice_number="20170000000000000001"))

    assert dry.json() | {"proof": None} == first.json() | {"proof": None}
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert (twice.status_code, twice.json()["code"]) == (409, "InvoiceUsed")
    assert twice.json()["facts"]["bill"] == first.json()["bill"]


def test_no_unit_learns_of_anothers_use_by_billing_it(served: Served) -> None:
    programme = served.programme
    machine = instrument(programme, OTHER_UNIT, by="other officer")
    facts = new_use(served, machine, operator=programme.people["other officer"])
    use = served.post("other officer", USES, facts).json()["use"]
    line = {"description": "电镜", "use": use, "quantity": 1, "price_fen": 300_00}

    there = served.post("officer", BILLS, new_bill(line))
    nowhere = served.post("officer", BILLS, new_bill(line | {"use": "U-0000-0000-00000"}))

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.json()["detail"].replace(use, "?") == nowhere.json()["detail"].replace("U-0000-0000-00000", "?")


def test_what_is_too_much_or_known_is_not_received(served: Served) -> None:
    path = f"{BILLS}/{served.post('officer', BILLS, new_bill()).json()['bill']}/receipts"
    served.post("officer", path, {"amount_fen": 60_00, "bank_reference": "回单1"})

    too_much = served.post("officer", path, {"amount_fen": 1_000_01, "bank_reference": "回单2"})
    known = served.post("officer", path, {"amount_fen": 1_00, "bank_reference": "回单1"})
    by_payer = served.post("applicant", path, {"amount_fen": 1_00, "bank_reference": "回单3"})

    assert [answer.json()["code"] for answer in (too_much, known, by_payer)] == [
        "MoreThanOpen",
        "ReceiptKnown",
        "RoleMissingAt",
    ]
    assert too_much.json()["facts"]["open"] == "1,000.00"


def test_the_payer_contests_a_bill_and_settles(served: Served) -> None:
    path = f"{BILLS}/{served.post('officer', BILLS, new_bill()).json()['bill']}"

    by_unit = served.post("officer", f"{path}/dispute", {"reason": "x"})
    contested = served.post("applicant", f"{path}/dispute", {"reason": "只用了一小时"})
    listed = [len(served.get("officer", BILLS, disputed=flag).json()["items"]) for flag in ("true", "false")]
    settled = served.post("applicant", f"{path}/settlement", {"reason": "已核对"})

    assert by_unit.json()["code"] == "RoleMissingAt"
    assert (contested.json()["disputed"], contested.json()["open_fen"]) == (True, 1_060_00)
    assert listed == [1, 0]
    assert (settled.status_code, settled.json()["disputed"]) == (201, False)
    assert served.post("applicant", f"{path}/settlement", {"reason": "再次"}).json()["code"] == "NotDisputed"


def test_bills_are_listed_by_party_contract_day_and_what_is_open(served: Served) -> None:
    programme = served.programme
    made = []
    for n, changes in enumerate(({}, {"contract": "HT-7"}, {"payer": OTHER_FIRM})):
        invoice = {"invoice_number": f"{2017_0000_0000_0000_0001 + n}"}
        made.append(served.post("officer", BILLS, new_bill(**invoice, **changes)).json()["bill"])
        programme.move(days=1)
    served.post("officer", f"{BILLS}/{made[0]}/receipts", {"amount_fen": 1_060_00, "bank_reference": "回单1"})

    def listed(person: str, **query: Any) -> list[str]:  # noqa: ANN401
        return [item["number"] for item in served.get(person, BILLS, **query).json()["items"]]

    assert listed("officer") == made[::-1]
    assert listed("applicant") == made[1::-1]
    assert listed("other applicant") == [made[2]]
    assert listed("applicant", unpaid="true") == listed("officer", unpaid="true", payer=FIRM) == [made[1]]
    assert listed("applicant", unpaid="false") == [made[0]]
    assert listed("officer", contract="HT-7") == [made[1]]
    assert listed("officer", since="2017-03-02", until="2017-03-02") == [made[1]]
    first = served.get("officer", BILLS, limit=2).json()
    assert [item["number"] for item in first["items"]] == made[:0:-1]
    assert listed("officer", cursor=first["next"]) == [made[0]]


# -- red invoices ------------------------------------------------------------------------------------------------------


def red(number: int, amount_fen: int, **changes: object) -> dict[str, Any]:
    return {
        "invoice_number": f"2017{number:016d}",
        "invoice_date": "2017-03-01",
        "amount_fen": amount_fen,
        "reason": "多计一小时",
        **changes,
    }


def test_a_bill_is_credited_and_what_was_paid_goes_back(served: Served) -> None:
    path = f"{BILLS}/{served.post('officer', BILLS, new_bill()).json()['bill']}"
    served.post("officer", f"{path}/receipts", {"amount_fen": 1_060_00, "bank_reference": "回单1"})

    dry = served.post("officer", f"{path}/credit-notes", red(5, 530_00), key="c", dry_run="true")
    note = served.post("officer", f"{path}/credit-notes", red(5, 530_00), key="c")
    again = served.post("officer", f"{path}/credit-notes", red(5, 530_00), key="c")
    back = served.post("officer", f"{path}/repayments", {"amount_fen": 500_00, "bank_reference": "退1"})

    assert dry.json() | {"proof": None} == note.json() | {"proof": None}
    assert (again.json(), again.headers["idempotency-replayed"]) == (note.json(), "true")
    assert (note.status_code, note.json()["net_fen"], note.json()["vat_fen"]) == (201, 500_00, 30_00)
    assert (note.json()["open_fen"], note.json()["owed_fen"], back.json()["owed_fen"]) == (0, 530_00, 30_00)
    shown = served.get("applicant", path).json()
    assert places(shown) == {"cash_fen": 530_00, "credited_fen": 530_00}
    assert shown["owed_fen"] == 30_00
    assert [(made["number"], made["gross_fen"]) for made in shown["credit_notes"]] == [
        (note.json()["credit_note"], 530_00)
    ]
    assert [made["amount_fen"] for made in shown["repayments"]] == [500_00]
    assert served.programme.faults() == []


def test_an_accepted_bill_is_credited_through_its_contract(served: Served) -> None:
    served.programme.letter()
    contract = served.programme.reserve(served.programme.issue(), 500_00, 1_060_00)
    number = served.programme.contract(contract).contract_number
    bill = served.post("officer", BILLS, new_bill(contract=number)).json()["bill"]
    served.programme.accept(contract, bill)

    alone = served.post("officer", f"{BILLS}/{bill}/credit-notes", red(6, 260_00))
    through = served.post("officer", f"/v1/contracts/{contract}/credit-notes", red(6, 260_00))
    stranger = served.post("other officer", f"/v1/contracts/{contract}/credit-notes", red(7, 1_00))

    assert (alone.status_code, alone.json()["code"]) == (409, "CreditedThroughContract")
    assert alone.json()["facts"]["contract"] == contract
    # 800.00 are left, of which half may be the voucher's: 100.00 of the 500.00 go back to it.
    assert (through.json()["share_fen"], through.json()["returned_fen"]) == (400_00, 100_00)
    assert places(served.get("officer", f"{BILLS}/{bill}").json()) == {
        "open_fen": 400_00,
        "voucher_fen": 400_00,
        "voucher_due_fen": 400_00,
        "credited_fen": 260_00,
    }
    assert stranger.status_code == 404
    assert served.programme.faults() == []
