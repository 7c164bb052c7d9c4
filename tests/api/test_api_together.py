"""Many at once: one key is done once, a caller who goes away cancels nothing, and nobody waits for ever."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import httpx2
import pytest
from served import Served

from api import dependencies
from ledger.executor.commands import Answer, Command

CALLERS = 20


@pytest.fixture
def path(served: Served) -> str:
    served.programme.letter()
    return f"/v1/vouchers/{served.programme.issue()}/contracts"


def reservation(served: Served) -> dict[str, object]:
    facts = served.programme.reservation("", 10_000_00, 20_000_00)
    del facts["voucher"]
    return facts | {"service_ends_on": str(facts["service_ends_on"])}


def test_one_key_sent_by_many_at_once_is_done_once(served: Served, path: str) -> None:
    body = reservation(served)
    served.signed_in("applicant")

    with ThreadPoolExecutor(CALLERS) as callers:
        answers = list(callers.map(lambda _: served.post("applicant", path, body, key="one"), range(CALLERS)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["contract"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert served.programme.rows("SELECT count(*) FROM voucher_contract") == [(1,)]


def test_many_spend_one_voucher_and_never_more_than_it_has(served: Served, path: str) -> None:
    """Fifty thousand yuan, ten thousand each: five get it, whoever they are."""
    bodies = [reservation(served) for _ in range(CALLERS)]
    served.signed_in("applicant")

    with ThreadPoolExecutor(CALLERS) as callers:
        answers = list(callers.map(lambda body: served.post("applicant", path, body), bodies))

    won = [answer for answer in answers if answer.status_code == 201]
    lost = [answer.json()["code"] for answer in answers if answer.status_code == 409]
    assert (len(won), lost) == (5, ["OverAvailable"] * (CALLERS - 5))
    assert served.programme.faults() == []


class Held:
    """The executor's door, kept shut until it is opened."""

    def __init__(self, submit: Callable[[Command], "Future[Answer]"]) -> None:
        self._submit = submit
        self.taken = threading.Event()
        self._outcomes: list[tuple[Command, Future[Answer]]] = []
        self._opened = False

    def __call__(self, command: Command) -> "Future[Answer]":
        if self._opened:
            return self._submit(command)
        future: Future[Answer] = Future()
        future.set_running_or_notify_cancel()
        self._outcomes.append((command, future))
        self.taken.set()
        return future

    def open(self) -> None:
        self._opened = True
        for command, future in self._outcomes:
            future.set_result(self._submit(command).result())


@pytest.fixture
def held(served: Served, path: str, monkeypatch: pytest.MonkeyPatch) -> Held:
    assert path
    served.signed_in("applicant")
    executor = served.programme.books.executor
    held = Held(executor.submit)
    monkeypatch.setattr(executor, "submit", held)
    return held


def test_who_waits_too_long_for_anothers_key_is_told_to_come_again(
    served: Served, path: str, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependencies, "KEY_SECONDS_MAX", 0.05)
    body = reservation(served)

    with ThreadPoolExecutor(1) as callers:
        first = callers.submit(served.post, "applicant", path, body, key="slow")
        assert held.taken.wait(30)
        second = served.post("applicant", path, body, key="slow")
        held.open()

    assert (second.status_code, second.json()["code"]) == (409, "KeyInUse")
    assert second.headers["retry-after"]
    assert first.result().status_code == 201


def test_who_goes_away_cancels_nothing(served: Served, path: str, held: Held) -> None:
    body = reservation(served)

    async def leave() -> None:
        async with httpx2.AsyncClient(base_url=served.http.base_url) as http:
            headers = {**served.signed_in("applicant"), "Idempotency-Key": "left"}
            waiting = asyncio.create_task(http.post(path, json=body, headers=headers))
            await asyncio.to_thread(held.taken.wait, 30)
            waiting.cancel()

    asyncio.run(leave())
    held.open()

    again = served.post("applicant", path, body, key="left")
    assert held.taken.is_set()
    assert served.programme.rows("SELECT count(*) FROM voucher_contract") == [(1,)]
    assert again.headers.get("idempotency-replayed") == "true"
