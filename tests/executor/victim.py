"""A process that executes commands until it is done or killed at a named point: `python victim.py < order.json`.

It says on standard output what was acknowledged, one line of JSON each, before it goes on.
"""

import json
import os
import signal
import sys
import threading
from concurrent.futures import Future
from datetime import date

import toy
from plugs import Plugs

from ledger.assembly import Books
from ledger.database.engine import writer_engine
from ledger.database.store import parse_url
from ledger.executor.commands import Answer, Command

TODAY = date(2017, 3, 1)
_speech = threading.Lock()


def grants(prefix: str, number: int) -> list[Command]:
    """To purses of which some are met again and again."""
    return [toy.Grant(**toy.by("P-1", f"{prefix}-{n}"), purse=f"p{n % 6}", amount=1) for n in range(number)]


def traffic(prefix: str, number: int) -> list[Command]:
    """Granting, holding and spending on forty purses and one hot fund; some of it is refused."""
    kinds = (toy.Grant, toy.Hold, toy.Spend, toy.Grant, toy.Hold)
    return [
        kinds[n % 5](**toy.by("P-1", f"{prefix}-{n}"), purse=f"p{n // 5 % 40}", amount=1 + n % 3) for n in range(number)
    ]


WORK = {"grants": grants, "traffic": traffic}


def say(command: Command, future: "Future[Answer]") -> None:
    if not future.exception():
        answer = future.result()
        with _speech:
            sys.stdout.write(json.dumps([command.key, answer.accepted, answer.body, answer.block]) + "\n")
            sys.stdout.flush()


def main() -> None:
    order = json.load(sys.stdin)
    plugs = Plugs()

    def die() -> None:
        if plugs.reached[order["point"]] == order["batch"]:
            os.kill(os.getpid(), signal.SIGKILL)

    if order["point"]:
        plugs.put(order["point"], die)
    with Books(
        writer_engine(parse_url(order["writer"])), clock=toy.clock_at(TODAY), faults=plugs, built=toy.toy_house()
    ) as books:
        for command in WORK[order["work"]](order["prefix"], order["commands"]):
            books.executor.submit(command).add_done_callback(lambda future, command=command: say(command, future))


if __name__ == "__main__":
    main()
