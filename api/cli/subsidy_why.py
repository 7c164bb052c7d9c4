"""`vledger subsidy why`: one unit's award down to its records and to the articles that it rests on."""

import json
from typing import Annotated, Any

import typer

from api.books import open_books
from api.cli.options import AsJson, Data, in_language, language
from ledger.amounts import yuan
from ledger.assembly import BOOK
from ledger.executor.reading import Reader
from ledger.journal.attestation import plain
from ledger.reports.subsidy_why import Why
from ledger.reports.subsidy_why import why as explained
from ledger.subsidies.values import EXCLUSION_ZH, Award
from policies.kernel.derivation import rendered
from policies.kernel.words import Words
from policies.subsidies.schemes import Serves

_USES = {
    Serves.UNITS: Words("他人使用", "uses by others"),
    Serves.USERS: Words("使用他人仪器", "uses of others' instruments"),
}


def why(
    number: Annotated[str, typer.Argument(help="Number of the batch, SB-….  补贴批次编号")],
    unit: Annotated[str, typer.Argument(help="Code of the unit, or of the user.  单位代码")],
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Why a unit gets what it gets: records, base and share, step by step with articles.  一个单位的依据."""
    with open_books(data) as books, books.snapshot() as connection:
        found = explained(Reader(connection, BOOK), number, unit)
    if as_json:
        print(json.dumps(plain(_object(found)), ensure_ascii=False))
        return
    print(f"{found.batch.number}  {found.unit}  {found.name}")
    if found.left_out:
        reason = in_language(zh=EXCLUSION_ZH[found.left_out.why], en=found.left_out.why.value)
        said = in_language(zh="未列入", en="left out")
        print(f"{said}  {reason}  {found.left_out.detail}".rstrip())
    if found.award:
        _print(found, found.award)
    for step in (found.base, found.share, found.added):
        if step:
            print("\n".join(rendered(step, language())))


def _print(found: Why, award: Award) -> None:
    batch = found.batch
    by = _USES[batch.serves]
    print(
        in_language(
            zh=f"{batch.base_year} 年：账单 {award.bills} 张，{yuan(award.billed_fen)} 元，其中不予支持 "
            f"{yuan(award.excluded_fen)} 元；{by.zh} {award.uses:,} 次，{award.minutes:,} 分钟。",
            en=f"{batch.base_year}: {award.bills} bills of {yuan(award.billed_fen)} yuan, of it left out "
            f"{yuan(award.excluded_fen)}; {award.uses:,} {by.en}, {award.minutes:,} minutes.",
        )
    )
    print(
        in_language(
            zh=f"记录截至区块 {batch.block}（末条凭证 {batch.last_seq}），核对值 {batch.block_hash}。",
            en=f"Records up to block {batch.block} (last entry {batch.last_seq}), whose hash is {batch.block_hash}.",
        )
    )
    print(
        in_language(
            zh=f"应得 {yuan(award.entitled_fen)} 元，补贴 {yuan(award.awarded_fen)} 元。",
            en=f"Entitled {yuan(award.entitled_fen)}, awarded {yuan(award.awarded_fen)} yuan.",
        )
    )
    if award.due:
        print(
            in_language(
                zh=f"补发：核定 {yuan(award.due.due_fen)} 元，此前已批准 {yuan(award.due.had_fen)} 元。",
                en=f"A top-up: due {yuan(award.due.due_fen)}, awarded before {yuan(award.due.had_fen)} yuan.",
            )
        )


def _object(found: Why) -> dict[str, Any]:
    award, batch = found.award, found.batch
    records = {"year": batch.base_year, "block": batch.block, "last_seq": batch.last_seq, "hash": batch.block_hash}
    shown: dict[str, Any] = {"batch": batch.number, "unit": found.unit, "name": found.name, "records": records}
    if found.left_out:
        return shown | {"left_out": found.left_out.why, "detail": found.left_out.detail}
    if award and found.base and found.share:
        names = ("grade", "bills", "billed_fen", "excluded_fen", "uses", "minutes", "base_fen", "entitled_fen")
        shown |= {"award": award.number, "awarded_fen": award.awarded_fen} | {n: getattr(award, n) for n in names}
        shown |= {"base": found.base.as_json(), "share": found.share.as_json()}
        if award.due and found.added:
            due = {"due_fen": award.due.due_fen, "had_fen": award.due.had_fen}
            shown |= {"top_up": due | {"steps": found.added.as_json()}}
    return shown
