"""What stands on the paper and in the files of a September, as a reader finds it, against files that a person has read.

`make golden` writes them anew: read the difference before you keep it. Hashes differ from run to run, because blocks
are signed with keys made for the test; they are left out here and held to their meaning in other tests.
"""

import io
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from databases import Database
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from season import AWARDED, ENTITLED, INCOME, POOL, SCHEME, A, Season, open_season

from ledger.amounts import yuan
from ledger.assembly import BOOK, house
from ledger.executor.reading import Reader
from ledger.reports.pdf.subsidy import approval_sheet, unit_notice
from ledger.reports.pdf.words import both_ways
from ledger.reports.subsidy import SubsidySheet, subsidy_sheet
from ledger.reports.subsidy_publication import published
from ledger.subsidies.top_up import TopUpSubsidy

GOLDEN = Path(__file__).parent / "golden"
_HASH = re.compile(r"[0-9a-f]{64}|[0-9a-f]{30,63}\n[0-9a-f]{1,34}(?=\W)")


@pytest.fixture
def season(database: Database) -> Iterator[Season]:
    with open_season(database) as season:
        season.to_autumn()
        yield season


def pages(pdf: bytes) -> list[str]:
    """The text layer, page by page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def readable(name: str, data: bytes) -> str:
    """A file as its reader finds it."""
    if name.endswith(".pdf"):
        text = "\n\f\n".join(pages(data))
    elif name.endswith(".xlsx"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        text = "\n".join(
            f"[{name}]\n" + "\n".join("\t".join(map(_cell, row)) for row in book.get_sheet_by_name(name).to_python())
            for name in book.sheet_names
        )
    else:
        text = data.decode()
    return _HASH.sub("<hash>", text.replace("\r\n", "\n")).rstrip("\n") + "\n"


def _cell(value: object) -> str:
    """A number of a spreadsheet without the point that its format puts behind whole ones."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def paid(season: Season) -> str:
    batch, payables = season.approved()
    season.confirm(season.release(*payables), *payables)
    return batch


def sheet_of(season: Season, batch: str) -> SubsidySheet:
    with season.database.writer.connect() as connection:
        return subsidy_sheet(Reader(connection, BOOK), batch)


def test_the_files_of_a_september_are_as_they_were_read(season: Season) -> None:
    batch = paid(season)
    with season.database.writer.connect() as connection:
        files = dict(published(Reader(connection, BOOK), batch, house().chart).listed)
    sheet = sheet_of(season, batch)
    files |= {"approval-en.pdf": approval_sheet(sheet, "en")}
    files |= {"notice.pdf": unit_notice(sheet, A), "notice-en.pdf": unit_notice(sheet, A, "en")}
    assert_golden(GOLDEN, files)


def assert_golden(folder: Path, files: dict[str, bytes]) -> None:
    found = {f"{name}.txt": readable(name, data) for name, data in files.items()}
    if os.environ.get("VLEDGER_GOLDEN"):
        folder.mkdir(exist_ok=True)
        for name, text in found.items():
            (folder / name).write_text(text)
    kept = {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}
    assert sorted(found) == sorted(kept)
    for name, text in found.items():
        assert text == kept[name], name


def test_the_files_of_a_top_up_are_as_they_were_read(season: Season) -> None:
    """Finance gives 500,000 more in October: every unit's difference, by a decision."""
    paid(season)
    season.move(to=date(2026, 10, 12))
    season.letter(500_000_00, "财预〔2026〕2号")
    facts = {"decision_number": "京科决〔2026〕12号", "reason": "追加预算", "pool_fen": POOL + 500_000_00}
    body = season.do(TopUpSubsidy, "operator", scheme=SCHEME, year=2026, budget_year=2026, **facts)
    season.review(body["batch"])
    payables = season.approve(body["batch"])
    season.confirm(season.release(*payables), *payables)
    with season.database.writer.connect() as connection:
        files = dict(published(Reader(connection, BOOK), body["batch"], house().chart).listed)
    sheet = sheet_of(season, body["batch"])
    if folder := os.environ.get("LOOK_AT"):
        (Path(folder) / "top-up.pdf").write_bytes(approval_sheet(sheet))
        (Path(folder) / "top-up-notice-en.pdf").write_bytes(unit_notice(sheet, A, "en"))
    files |= {"notice.pdf": unit_notice(sheet, A), "notice-en.pdf": unit_notice(sheet, A, "en")}
    assert_golden(GOLDEN / "top-up", files)


def test_the_text_of_the_sheet_has_the_totals_that_the_screen_has(season: Season) -> None:
    sheet = sheet_of(season, paid(season))
    text = pages(approval_sheet(sheet))
    lines = "\n".join(text).split("\n")

    assert all("SYNTHETIC" in page for page in text)
    assert [f"第 {n} 页 共 {len(text)} 页" in page for n, page in enumerate(text, 1)] == [True] * len(text)
    assert all(f"SHA-256 {sheet.hash}" in page for page in text)
    assert both_ways(POOL) in lines
    assert both_ways(sum(ENTITLED.values())) in lines
    for unit, fen in AWARDED.items():
        at = lines.index(unit)
        assert lines[at + 3 : at + 6] == [yuan(INCOME[unit]), yuan(ENTITLED[unit]), yuan(fen)]


def test_each_document_of_one_process_keeps_its_own_characters(season: Season) -> None:
    """ReportLab shares a font between documents by its PostScript name: the second lost what the first did not have."""
    sheet = sheet_of(season, season.compute())
    documents = [approval_sheet(sheet), unit_notice(sheet, A), approval_sheet(sheet, "en"), unit_notice(sheet, A, "en")]
    first, second = "".join(pages(documents[0])), "".join(pages(documents[1]))

    assert "绩效后补贴审批表" in first
    assert "绩效后补贴通知单" in second
    assert both_ways(AWARDED[A]) in second
    assert not any("\x00" in page for data in documents for page in pages(data))
