"""`vledger expire`: end what is over of every voucher of a scheme, run after run until nothing is left."""

import json
import sys
from collections import Counter
from typing import Annotated
from uuid import uuid4

import typer

from api.books import open_books
from api.cli.options import AsJson, Data, in_language, the_day
from api.cli.sending import TENANT, As, send
from ledger.amounts import yuan
from ledger.executor.clock import SystemClock, today
from ledger.vouchers.expire import ExpireDue


def expire(
    scheme: Annotated[str, typer.Argument(help="Name of the scheme, such as jinyun-2017.  政策名称")],
    actor: As,
    on: Annotated[str, typer.Option("--on", help="What ended before this day; default: today.  截止日期")] = "",
    operator: Annotated[
        str | None, typer.Option(help="Only vouchers of this bureau, by its code.  只处理该主管部门的券")
    ] = None,
    key: Annotated[str, typer.Option("--key", help="Idempotency key of the whole run.  幂等键")] = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """End vouchers, holds and acceptances that are over; twice does no harm.  到期处理."""
    day = the_day("--on", on) if on else today(SystemClock())
    own = key or f"expire:{uuid4()}"
    ended: list[str] = []
    fen: Counter[str] = Counter()
    with open_books(data) as books:
        more = True
        while more:
            command = ExpireDue(
                tenant=TENANT, key=f"{own}:{len(ended)}", actor=actor, scheme=scheme, on=day, operator=operator
            )
            body = send(books, command, as_json=as_json).body
            ended += body["vouchers"]
            fen.update({name: body[name] for name in ("expired_fen", "released_fen")})
            more = body["more"] and bool(body["vouchers"])
            if more:
                told = in_language(zh=f"已处理 {len(ended)} 张……", en=f"{len(ended)} vouchers so far ...")
                print(told, file=sys.stderr, flush=True)
    if as_json:
        print(json.dumps({"scheme": scheme, "on": day.isoformat(), "vouchers": ended, **fen}, ensure_ascii=False))
    elif not ended:
        print(in_language(zh=f"{scheme}：没有到期事项。", en=f"{scheme}: nothing is due."))
    else:
        expired, released = yuan(fen["expired_fen"]), yuan(fen["released_fen"])
        print(
            in_language(
                zh=f"{scheme}：{len(ended)} 张券已做到期处理；失效 {expired} 元，预留退回 {released} 元。",
                en=f"{scheme}: what was over of {len(ended)} vouchers is ended; "
                f"{expired} yuan expired, {released} yuan of holds went back.",
            )
        )
