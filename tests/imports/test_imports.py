"""A file goes into the books whole, or not at all; what is wrong is said by cell."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import instrument, uscc
from programme import FIRM, UNIT, Programme
from python_calamine import CalamineWorkbook
from taking import TakeIn, Write

from api.imports import csv_file, source, xlsx_file
from api.imports.handed_back import empty_form, hand_back, harmless
from api.imports.kinds import SHEETS
from api.imports.source import table_of

ORGANISATIONS = ("类别", "统一社会信用代码", "名称", "行业", "从业人员", "营业收入（元）")
USES = ("管理单位代码", "资产编号", "用户代码", "操作人员", "开始时间", "机时（分钟）", "用途")


def organisation(n: int, name: str = "某某公司", *more: object) -> tuple[object, ...]:
    return ("企业", uscc("91", 100 + n), f"{name}{n}", *(more or ("软件和信息技术服务业", 20, "3000000.00")))


def use(programme: Programme, n: int, asset_number: str = "A-1", minutes: object = 60) -> tuple[object, ...]:
    start = f"{programme.today.isoformat()} 0{n // 60 % 8}:{n % 60:02d}"
    return (UNIT, asset_number, FIRM, programme.people["officer"], start, minutes, f"测试 {n}")


def codes(programme: Programme) -> set[str]:
    return {code for (code,) in programme.rows("SELECT code FROM party WHERE kind = 'firm'")}


@pytest.mark.parametrize("name", ["firms.csv", "firms.xlsx"])
def test_every_row_is_in_the_books(programme: Programme, take_in: TakeIn, write: Write, name: str) -> None:
    path = write(name, ORGANISATIONS, *(organisation(n) for n in range(300)))

    report = take_in("organisations", path)

    assert (report.rows, report.faults, report.kept) == (300, [], True)
    assert {uscc("91", 100 + n) for n in range(300)} <= codes(programme)
    sizes = programme.rows("SELECT size, count(*) FROM party_size WHERE party <> :f GROUP BY 1", f=FIRM)
    assert ("small", 300) in [tuple(row) for row in sizes] or dict(sizes)["small"] >= 300
    assert programme.faults() == []


def test_one_wrong_row_keeps_all_of_them_out_and_every_wrong_cell_is_named(
    programme: Programme, take_in: TakeIn, write: Write
) -> None:
    before = programme.rows("SELECT count(*) FROM command")
    path = write(
        "firms.csv",
        ORGANISATIONS,
        organisation(1),
        ("公司", "91110108MA0123456X", "乙", "", "", ""),
        ("企业", uscc("91", 103), "", "软件和信息技术服务业", "1.5", "12.345"),
        ("管理单位", uscc("12", 104), "丁所", "软件和信息技术服务业", "", ""),
        ("企业", FIRM, "又一次", "", "", ""),
    )

    report = take_in("organisations", path)

    assert not report.kept
    assert [fault.place for fault in report.faults] == ["A3", "B3", "C4", "E4", "F4", "5", "6"]
    said = [fault.say("zh") for fault in report.faults]
    assert "“公司”不在可选范围内" in said[0]
    assert "未填写" in said[2]
    assert "已经登记" in said[6]
    assert programme.rows("SELECT count(*) FROM command") == before


def test_a_second_upload_counts_nothing_twice(programme: Programme, take_in: TakeIn, write: Write) -> None:
    """teamforus/Forus#1386: uploading the same CSV twice issued duplicates."""
    instrument(programme)
    first = write("uses.csv", USES, *(use(programme, n) for n in range(20)))
    again = write("again.xlsx", USES, *(use(programme, n) for n in range(25)))

    assert take_in("uses", first, "officer", UNIT).kept
    report = take_in("uses", again, "officer", UNIT)

    assert (report.rows, report.repeated, report.kept) == (25, 20, True)
    assert programme.rows("SELECT count(*), sum(minutes) FROM fee_use") == [(25, 1500)]


def test_a_row_that_stands_twice_in_one_file_is_an_error(programme: Programme, take_in: TakeIn, write: Write) -> None:
    instrument(programme)
    path = write("uses.csv", USES, use(programme, 1), use(programme, 2), use(programme, 1))

    report = take_in("uses", path, "officer", UNIT)

    assert [fault.say("en") for fault in report.faults] == ["4: The same as row 2. Remove one of the two."]
    assert programme.rows("SELECT count(*) FROM fee_use") == [(0,)]


def test_looking_stores_nothing_and_says_the_same(programme: Programme, take_in: TakeIn, write: Write) -> None:
    instrument(programme)
    before = programme.rows("SELECT count(*) FROM command")
    good = write("good.csv", USES, use(programme, 1))
    bad = write("bad.csv", USES, use(programme, 1), use(programme, 2, "A-9"))

    assert take_in("uses", good, "officer", UNIT, keep=False).ok
    looked = take_in("uses", bad, "officer", UNIT, keep=False)

    assert [fault.place for fault in looked.faults] == ["3"]
    assert "A-9" in looked.faults[0].say("zh")
    assert programme.rows("SELECT count(*) FROM command") == before
    assert take_in("uses", good, "officer", UNIT).tally.replayed == 0


def test_warnings_stand_apart_and_keep_nothing_out(take_in: TakeIn, write: Write) -> None:
    """usdigitalresponse/usdr-gost#376: low-value warnings drowned real errors."""
    path = write("firms.csv", ORGANISATIONS, ("企业", uscc("91", 101), "甲 乙公司", "", "", ""))

    report = take_in("organisations", path)

    assert report.kept
    assert report.faults == []
    assert {fault.place for fault in report.warnings} == {"2"}
    assert len(report.warnings) == 2


def test_instruments_and_their_prices(programme: Programme, take_in: TakeIn, write: Write) -> None:
    instruments = write(
        "i.xlsx",
        ("单位填报，原值以元为单位",),
        ("管理单位代码", "资产编号", "仪器名称", "仪器类别", "原值（元）"),
        (UNIT, "ZC-1", "扫描电镜", "030122", 678100.0),
        (UNIT, "ZC-2", "质谱仪", "030301", "1,200,000.50"),
    )
    tariffs = write(
        "t.csv",
        ("unit", "asset number", "charge unit", "user class", "price (yuan)", "effective from"),
        (UNIT, "ZC-1", "小时", "外部", "300", "2017-07-01"),
        (UNIT, "ZC-2", "sample", "small", "0.5", "2017/7/1"),
    )

    assert take_in("instruments", instruments, "officer", UNIT).kept
    assert take_in("tariffs", tariffs, "officer", UNIT).kept

    values = programme.rows("SELECT asset_number, original_value_fen FROM instrument ORDER BY 1")
    assert [tuple(row) for row in values] == [("ZC-1", 678_100_00), ("ZC-2", 1_200_000_50)]
    prices = programme.rows("SELECT charge_unit, user_class, price_fen, effective_from FROM tariff ORDER BY 1")
    assert [tuple(row) for row in prices] == [
        ("hour", "external", 300_00, date(2017, 7, 1)),
        ("sample", "small", 50, date(2017, 7, 1)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_comes_as_spreadsheets_write_it(
    programme: Programme, take_in: TakeIn, tmp_path: Path, encoding: str, separator: str
) -> None:
    rows = [("类别", "统一社会信用代码", "名称"), ("推荐机构", uscc("52", 7), "𠮷林孵化器")]
    path = tmp_path / "x.csv"
    path.write_bytes("\n".join(separator.join(row) for row in rows).encode(encoding))

    assert take_in("organisations", path).kept
    assert programme.rows("SELECT name FROM party WHERE code = :c", c=uscc("52", 7)) == [("𠮷林孵化器",)]


# -- files that are none -----------------------------------------------------------------------------------------------


def test_a_bomb_is_not_unpacked(take_in: TakeIn, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (xlsx_file.UNPACKED_MAX + 1))

    with pytest.raises(xlsx_file.XlsxTooLarge, match="100 MB"):
        take_in("uses", path, "officer", UNIT)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("x.xlsx", b"PK\x03\x04 and nothing more", xlsx_file.XlsxUnreadable),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", source.FileUnreadable),
        ("x.csv", b"\0\0\0\0", source.FileUnreadable),
        ("x.csv", b"\xff\xff\xff\xff", csv_file.CsvEncodingUnknown),
        ("x.csv", b"", source.HeadingsMissing),
        ("x.csv", "名称,类别\n甲,企业\n".encode(), source.HeadingsMissing),
        ("x.csv", "类别,统一社会信用代码,名称,名称\n".encode(), source.HeadingTwice),
        ("x.csv", '类别,统一社会信用代码,名称\n企业,"x\n'.encode(), csv_file.CsvBroken),
        ("x.csv", ("类别,统一社会信用代码,名称\n企业,x," + "长" * 20_000).encode(), csv_file.CsvBroken),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(
    take_in: TakeIn, tmp_path: Path, name: str, content: bytes, error: type[Exception]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(error, match=name):
        take_in("organisations", path)


def test_merged_cells_are_named(take_in: TakeIn, tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "a title may be merged")
        sheet.write_row(1, 0, ["类别", "统一社会信用代码", "名称"])
        sheet.merge_range(2, 0, 3, 0, "企业")

    with pytest.raises(source.MergedCells, match="A3:A4"):
        take_in("organisations", path)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_a_file_holds_nothing_is_stored_and_nothing_breaks(
    take_in: TakeIn, programme: Programme, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes("类别,统一社会信用代码,名称\n".encode() + content)
    before = programme.rows("SELECT count(*) FROM party")

    try:
        report = take_in("organisations", path)
    except source.Invalid:
        pass
    else:
        assert report.rows == 0 or not report.kept
    assert programme.rows("SELECT count(*) FROM party") == before


# -- what comes back ---------------------------------------------------------------------------------------------------


def cells_of(path: Path) -> list[list[object]]:
    if path.suffix == ".xlsx":
        return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [list(cells) for _, cells in source.open_file(path).rows()]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_same_rows_come_back_with_what_is_wrong_behind_them(
    take_in: TakeIn, write: Write, tmp_path: Path, suffix: str
) -> None:
    """GSA-TTS/FAC#2282: an upload failed with an empty error table."""
    path = write(f"firms{suffix}", ORGANISATIONS, organisation(1), ("公司", uscc("91", 9), "=cmd", "", "", ""))
    report = take_in("organisations", path)
    back = tmp_path / f"back{suffix}"

    hand_back(table_of(path, SHEETS["organisations"]), report.faults, back, "zh")

    given_, returned = cells_of(path), cells_of(back)
    assert [row[:2] for row in returned] == [row[:2] for row in given_]
    assert returned[0][6] == "错误"
    assert returned[1][6] == ""
    assert "A3: “公司”不在可选范围内" in str(returned[2][6])
    assert "C3: " in str(returned[2][6])
    assert str(returned[2][2]) == ("'=cmd" if suffix == ".csv" else "=cmd")


def test_a_corrected_file_has_no_old_errors(take_in: TakeIn, write: Write, tmp_path: Path) -> None:
    """usdigitalresponse/usdr-gost#664: the old error stayed after a corrected upload."""
    wrong = write("firms.csv", ORGANISATIONS, ("公司", uscc("91", 9), "甲", "", "", ""))
    back = tmp_path / "back.csv"
    hand_back(table_of(wrong, SHEETS["organisations"]), take_in("organisations", wrong).faults, back, "zh")

    back.write_text(back.read_text("utf-8-sig").replace("\n公司", "\n企业"), "utf-8-sig")
    report = take_in("organisations", back)

    assert report.kept
    again = tmp_path / "again.csv"
    hand_back(table_of(back, SHEETS["organisations"]), report.faults, again, "zh")
    assert cells_of(again)[1][-1] == ""


@pytest.mark.parametrize("kind", list(SHEETS))
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_an_empty_form_is_one_that_can_be_read(tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / f"form{suffix}"

    empty_form(SHEETS[kind], path, "en")

    table = table_of(path, SHEETS[kind])
    assert set(table.places) == {column.field for column in SHEETS[kind].columns}
    assert table.heading_row == 2
    assert len(list(table.rows())) == 1


@pytest.mark.parametrize(
    ("text", "safe"), [("=1", "'=1"), ("+a", "'+a"), ("-12.5", "-12.5"), ("-x", "'-x"), ("@a", "'@a"), ("a=b", "a=b")]
)
def test_no_cell_that_comes_back_is_a_formula(text: str, safe: str) -> None:
    assert harmless(text) == safe
