"""A receipt is checked offline by one file and the standard library; whatever is altered in it is rejected."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import toy
from databases import Cluster, Database
from year import Year

from ledger.assembly import BOOK, BOOK_CODE, Books
from ledger.errors import NotFound
from ledger.journal import verify_receipt
from ledger.journal.anchors import Anchors, anchor_head
from ledger.journal.receipts import NotYetAnchored, receipt

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Papers:
    """What an auditor takes along: receipts by entry, the anchors, and the one file that checks them."""

    receipts: dict[int, Json]
    anchors: list[Json]


@pytest.fixture(scope="module")
def papers(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Papers]:
    """Blocks of one and of many commands, refusals among them; two signed heads, with blocks between."""
    anchors = Anchors.at(tmp_path_factory.mktemp("papers") / "anchors")
    built = toy.toy_house()
    clock = toy.clock_at(date(2017, 3, 1))
    with cluster.database() as database:
        with Books(database.writer, anchors, clock, built=built) as books:
            books.executor.run(toy.a_year())
            books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=1_000_00))
            books.anchor()
            grants = [
                toy.Grant(**toy.by("P-1", f"grant-{n}"), purse=f"p{n}", amount=1 if n % 5 else 9_000_00)
                for n in range(21)
            ]
            for answer in books.executor.submit_all(grants):
                answer.result()
            books.executor.run(toy.Hold(**toy.by("P-2", "hold"), purse="p1", amount=1))
            books.executor.run(toy.Spend(**toy.by("P-2", "spend"), purse="p1", amount=1))
        with database.owner.connect() as connection:
            receipts = {
                entry: receipt(connection, BOOK, BOOK_CODE, built.attested, entry, anchors) for entry in range(1, 20)
            }
        yield Papers(receipts, anchors.read())


@pytest.fixture
def auditor(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the file on a machine that has nothing else: no packages, no environment, no checkout."""
    program = Path(shutil.copy(verify_receipt.__file__, tmp_path / "verify_receipt.py"))

    def check(receipt: object, anchors: object, *more: str) -> subprocess.CompletedProcess[str]:
        for name, content in (("receipt.json", receipt), ("anchors", anchors)):
            written = content if isinstance(content, str) else _written(content)
            if content is not None:
                (tmp_path / name).write_text(written, "utf-8")
        return subprocess.run(
            [sys.executable, "-I", "-S", str(program), "receipt.json", "anchors", *more],
            cwd=tmp_path,
            env={},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return check


def _written(content: object) -> str:
    if isinstance(content, list):
        return "".join(json.dumps(line) + "\n" for line in content)
    return json.dumps(content, ensure_ascii=False)


Auditor = Callable[..., subprocess.CompletedProcess[str]]

# -- what holds --------------------------------------------------------------------------------------------------------


def test_every_receipt_holds(papers: Papers) -> None:
    sizes = set()
    for entry, paper in papers.receipts.items():
        anchor = verify_receipt.check_receipt(paper, papers.anchors)
        assert anchor["block"] == paper["blocks"][-1]["number"]
        assert entry in verify_receipt.seqs_of(paper)
        sizes.add(paper["blocks"][0]["leaves"])
    assert max(sizes) > 10


def test_the_offline_check_says_what_it_found(papers: Papers, auditor: Auditor) -> None:
    said = auditor(papers.receipts[19], papers.anchors)

    assert (said.returncode, said.stderr) == (0, "")
    for expected in (
        "The receipt holds. Book main, command toy.spend by P-2: accepted.",
        "entry 19  2017-03-01  toy.spend",
        "debit toy:spent  credit toy:held:p1  1 VOUCHER",
        "debit toy:bank:U  credit toy:income:U  1 CNY",
        papers.anchors[0]["public_key"],
    ):
        assert expected in said.stdout


def test_the_key_that_the_auditor_trusts_decides(papers: Papers, auditor: Auditor) -> None:
    key = papers.anchors[0]["public_key"]

    assert auditor(papers.receipts[5], papers.anchors, "--public-key", key).returncode == 0
    other = auditor(papers.receipts[5], papers.anchors, "--public-key", "00" * 32)
    assert other.returncode == 1
    assert "is by another key" in other.stderr


def test_the_file_needs_the_standard_library_only() -> None:
    """Its imports, whatever happens to be installed."""
    lines = Path(verify_receipt.__file__).read_text("utf-8").splitlines()
    imported = {line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))}

    assert imported <= sys.stdlib_module_names


# -- what does not -----------------------------------------------------------------------------------------------------


def test_a_rejected_receipt_gets_one_sentence_and_status_1(papers: Papers, auditor: Auditor) -> None:
    forged = deepcopy(papers.receipts[19])
    forged["leaf"]["entries"][0]["transfers"][0][3] = 1_000_000

    said = auditor(forged, papers.anchors)

    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == "The leaf is not in block 5: its path does not lead to the block's root.\n"


@pytest.mark.parametrize(
    ("receipt", "anchors"),
    [
        pytest.param(None, [], id="no receipt"),
        pytest.param({}, None, id="no anchors"),
        pytest.param("", [], id="an empty receipt"),
        pytest.param("{", [], id="half a receipt"),
        pytest.param("[]", [], id="a list"),
        pytest.param("17", [], id="a number"),
        pytest.param("[" * 100_000, [], id="a pit"),
        pytest.param({"version": 1}, [], id="nothing in it"),
        pytest.param({"version": 1, "blocks": [{}]}, [], id="an empty block"),
        pytest.param({"version": 1, "blocks": [7]}, [], id="a block that is a number"),
        pytest.param("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), [], id="noise"),
    ],
)
def test_what_is_no_receipt_gets_one_sentence_and_status_2(auditor: Auditor, receipt: object, anchors: object) -> None:
    said = auditor(receipt, anchors)

    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith("This cannot be read as a receipt with its anchors: ")
    assert said.stderr.count("\n") == 1


def test_anchors_that_are_none_are_told_apart_from_none_at_all(papers: Papers, auditor: Auditor) -> None:
    assert auditor(papers.receipts[5], "not json\n").returncode == 2
    assert auditor(papers.receipts[5], [{"book": "main"}]).returncode == 2
    nothing_signed = auditor(papers.receipts[5], "")
    assert nothing_signed.returncode == 1
    assert "hold no signed head" in nothing_signed.stderr


def test_wrong_words_get_the_usage_and_status_2(tmp_path: Path) -> None:
    for words in ([], ["one"], ["one", "two", "three"], ["one", "two", "--key", "00"]):
        said = subprocess.run(
            [sys.executable, "-I", "-S", verify_receipt.__file__, *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 2
        assert said.stderr.startswith("usage: ")


def scalars(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the single values of a document are."""
    if isinstance(value, dict | list):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from scalars(item, (*path, name))
    else:
        yield path


def _at(value: Any, path: Sequence[str | int]) -> Any:  # noqa: ANN401  any JSON value
    for step in path:
        value = value[step]
    return value


def others(value: object) -> list[object]:
    """Other values in the place of one."""
    match value:
        case bool():
            return [not value, None]
        case int():
            return [value + 1, value - 1, -value - 7, value + 2**64, str(value), None, []]
        case str():
            return [
                value + "0",
                (value[:-1] + ("1" if value.endswith("0") else "0")),
                *([""] if value else []),
                None,
                0,
            ]
        case _:
            return ["", 0]


def rejected(receipt: Json, anchors: list[Json]) -> bool:
    """By a sentence, or as no receipt at all; never by anything that the program would not catch."""
    try:
        verify_receipt.check_receipt(receipt, anchors)
    except verify_receipt.ReceiptRejected as sentence:
        return str(sentence).endswith(".")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return True
    return False


@pytest.mark.parametrize("entry", [1, 5, 11, 19])
def test_every_altered_value_of_a_receipt_is_rejected(papers: Papers, entry: int) -> None:
    paper = papers.receipts[entry]
    for *way, last in scalars(paper):
        for other in others(_at(paper, (*way, last))):
            altered = deepcopy(paper)
            _at(altered, way)[last] = other
            assert rejected(altered, papers.anchors), (way, last, other)


@pytest.mark.parametrize("entry", [5, 19])
def test_every_missing_or_added_part_of_a_receipt_is_rejected(papers: Papers, entry: int) -> None:
    paper = papers.receipts[entry]
    ways = {way[:n] for way in scalars(paper) for n in range(len(way) + 1)}
    for way in ways:
        if way:
            altered = deepcopy(paper)
            del _at(altered, way[:-1])[way[-1]]
            assert rejected(altered, papers.anchors), way
        part = _at(paper, way)
        if way and isinstance(part, list):
            longer = deepcopy(paper)
            _at(longer, way).append(part[-1] if part else "")
            assert rejected(longer, papers.anchors), way
        if way and way[0] == "leaf" and isinstance(part, dict):
            longer = deepcopy(paper)
            _at(longer, way)["more"] = 1
            assert rejected(longer, papers.anchors), way


@pytest.mark.parametrize("entry", [1, 5, 19])
def test_every_altered_value_of_the_anchor_is_rejected(papers: Papers, entry: int) -> None:
    paper = papers.receipts[entry]
    at = next(n for n, anchor in enumerate(papers.anchors) if anchor["block"] == paper["blocks"][-1]["number"])
    for name, value in papers.anchors[at].items():
        for other in others(value):
            altered = deepcopy(papers.anchors)
            altered[at][name] = other
            assert rejected(paper, altered), (name, other)


def test_another_receipt_s_parts_prove_nothing_here(papers: Papers) -> None:
    """Two leaves of one block, each with the other's path, position or number."""
    mine, yours = papers.receipts[5], papers.receipts[11]
    assert mine["blocks"] == yours["blocks"]
    for part in ("leaf", "path", "position", "entry"):
        assert rejected(mine | {part: yours[part]}, papers.anchors), part
    assert rejected(mine | {"blocks": papers.receipts[1]["blocks"]}, papers.anchors)


def test_a_head_signed_by_somebody_else_is_rejected(papers: Papers, tmp_path: Path, year: Year) -> None:
    """Somebody who cannot have the key signs a head of theirs, and adds it to the file."""
    other = Anchors.at(tmp_path / "anchors")
    with year.database.owner.connect() as connection:
        forged = anchor_head(connection, BOOK, BOOK_CODE, other)
    assert forged

    with pytest.raises(verify_receipt.ReceiptRejected, match="by 2 keys"):
        verify_receipt.check_receipt(papers.receipts[5], [*papers.anchors, forged])


# -- giving one --------------------------------------------------------------------------------------------------------


def test_there_is_no_receipt_before_a_head_is_signed_nor_for_what_is_not_there(
    database: Database, anchors: Anchors
) -> None:
    built = toy.toy_house()
    with Books(database.writer, clock=toy.clock_at(date(2017, 3, 1)), built=built) as books:
        books.executor.run(toy.a_year())
        books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=1))
    with database.owner.connect() as connection:
        with pytest.raises(NotYetAnchored, match="Entry 1 is in block 2"):
            receipt(connection, BOOK, BOOK_CODE, built.attested, 1, anchors)
        with pytest.raises(NotFound, match="no entry “2”"):
            receipt(connection, BOOK, BOOK_CODE, built.attested, 2, anchors)
        anchor_head(connection, BOOK, BOOK_CODE, anchors)
        paper = receipt(connection, BOOK, BOOK_CODE, built.attested, 1, anchors)
    assert verify_receipt.check_receipt(paper, anchors.read())["block"] == 2
