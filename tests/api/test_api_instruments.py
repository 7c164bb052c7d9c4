"""Instruments, prices and working days over HTTP: offers that everybody sees and few may change."""

from datetime import date
from typing import Any

import pytest
from office import instrument
from programme import OTHER_UNIT, UNIT
from served import Served

INSTRUMENTS = "/v1/instruments"
DAYS = "/v1/calendar-days"
NEW = {
    "unit": UNIT,
    "name": "透射电镜",
    "category": "电子显微镜",
    "asset_number": "2016-00417",
    "original_value_fen": 3_000_000_00,
}
PRICE = {"charge_unit": "hour", "user_class": "external", "price_fen": 600_00, "effective_from": "2017-04-01"}


def pages(served: Served, person: str, path: str, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Every item of a list, one by one."""
    seen, cursor = [], ""
    while cursor is not None:
        page = served.get(person, path, limit=1, **query, **({"cursor": cursor} if cursor else {})).json()
        seen += page["items"]
        cursor = page["next"]
        assert cursor is None or len(page["items"]) == 1
    return seen


def test_a_unit_registers_its_instrument_and_a_firm_finds_it(served: Served) -> None:
    made = served.post("officer", INSTRUMENTS, NEW)

    code = made.json()["instrument"]
    found = served.get("applicant", INSTRUMENTS, name="电镜", unit=UNIT).json()
    shown = served.get("applicant", f"{INSTRUMENTS}/{code}").json()

    assert made.status_code == 201
    assert found == {"items": [shown], "next": None}
    assert shown == {"code": code, **NEW, "registered_on": "2017-03-01"}
    assert served.get("applicant", INSTRUMENTS, name="质谱").json()["items"] == []
    assert served.programme.faults() == []


def test_no_unit_registers_for_another(served: Served) -> None:
    answer = served.post("other officer", INSTRUMENTS, NEW)

    assert (answer.status_code, answer.json()["code"]) == (409, "RoleMissingAt")
    assert answer.json()["facts"]["organisation"] == UNIT


def test_an_instrument_is_registered_once_however_often_it_is_sent(served: Served) -> None:
    dry = served.post("officer", INSTRUMENTS, NEW, key="em", dry_run="true")
    first = served.post("officer", INSTRUMENTS, NEW, key="em")
    again = served.post("officer", INSTRUMENTS, NEW, key="em")
    twice = served.post("officer", INSTRUMENTS, NEW)

    assert dry.json()["instrument"] == first.json()["instrument"]
    assert dry.json()["proof"]["block"] is None
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert (twice.status_code, twice.json()["code"]) == (409, "InstrumentRegistered")
    assert twice.json()["facts"]["instrument"] == first.json()["instrument"]


def test_lists_go_one_by_one_in_the_order_of_codes(served: Served) -> None:
    made = {instrument(served.programme, asset_number=f"A-{n}") for n in range(3)}
    other = instrument(served.programme, OTHER_UNIT, by="other officer")

    assert [item["code"] for item in pages(served, "applicant", INSTRUMENTS)] == sorted({*made, other})
    assert [item["code"] for item in pages(served, "applicant", INSTRUMENTS, unit=OTHER_UNIT)] == [other]


def test_prices_are_published_before_they_hold_and_stay_as_they_were(served: Served) -> None:
    path = f"{INSTRUMENTS}/{instrument(served.programme)}/prices"
    served.post("officer", path, PRICE)
    served.post("officer", path, PRICE | {"user_class": "small", "price_fen": 300_00})
    corrected = served.post("officer", path, PRICE | {"price_fen": 500_00})
    backdated = served.post("officer", path, PRICE | {"effective_from": "2017-02-28"})

    assert corrected.status_code == 201
    assert (backdated.status_code, backdated.json()["code"]) == (409, "TariffBackdated")
    assert [(item["user_class"], item["price_fen"]) for item in pages(served, "applicant", path)] == [
        ("external", 500_00),
        ("small", 300_00),
    ]
    assert served.get("applicant", f"{INSTRUMENTS}/I-0000-0000-00000/prices").status_code == 404


def test_the_price_of_a_use_is_that_of_its_day_and_not_of_today(served: Served) -> None:
    path = f"{INSTRUMENTS}/{instrument(served.programme)}/prices"
    served.post("officer", path, PRICE)
    served.post("officer", path, PRICE | {"price_fen": 500_00})  # the same day's, corrected
    served.post("officer", path, PRICE | {"price_fen": 700_00, "effective_from": "2017-06-01"})
    served.post("officer", path, PRICE | {"user_class": "small", "price_fen": 300_00, "effective_from": "2017-06-01"})

    def in_force(on: str) -> list[tuple[str, int]]:
        return [(item["user_class"], item["price_fen"]) for item in pages(served, "applicant", path, on=on)]

    assert in_force("2017-03-31") == []
    assert in_force("2017-04-01") == in_force("2017-05-31") == [("external", 500_00)]
    assert in_force("2017-06-01") == in_force("2030-01-01") == [("external", 700_00), ("small", 300_00)]
    assert served.get("applicant", path, on="2017-02-30").status_code == 422


@pytest.mark.parametrize("cursor", ["WyJhIl0", "WyJhIiwiYiIsImMiXQ"])
def test_a_cursor_of_another_list_is_refused(served: Served, cursor: str) -> None:
    path = f"{INSTRUMENTS}/{instrument(served.programme)}/prices"

    assert served.get("applicant", path, cursor=cursor).json()["code"] == "CursorUnreadable"


def test_an_operator_enters_the_days_of_a_notice(served: Served) -> None:
    notice = {"notice": "国办发明电〔2026〕X号", "worked": ["2027-02-06"], "off": ["2027-02-08"], "completes": 2027}

    refused = served.post("applicant", DAYS, notice)
    entered = served.post("operator", DAYS, notice)

    assert (refused.status_code, refused.json()["code"]) == (409, "RoleMissing")
    assert (entered.status_code, entered.json()["days"]) == (201, 2)
    assert pages(served, "applicant", DAYS) == [
        {"day": "2027-02-06", "works": True, "notice": notice["notice"]},
        {"day": "2027-02-08", "works": False, "notice": notice["notice"]},
    ]
    assert [item["day"] for item in pages(served, "applicant", DAYS, since="2027-02-07", until=str(date.max))] == [
        "2027-02-08"
    ]
