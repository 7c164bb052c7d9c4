"""Files of banks: what is read of them, and that nothing in them can hurt or be misread."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import assert_says_the_same, sentences, untimed

import ledger.payments.bank
from ledger.amounts import AMOUNT_MAX
from ledger.errors import Invalid, Spoken
from ledger.payments.bank import reading
from ledger.payments.bank.csv_statement import (
    COLUMNS,
    NEEDED,
    ColumnMissing,
    ColumnTwice,
    ColumnUnknown,
    RowOfAnotherLength,
)
from ledger.payments.bank.files import read_statements
from ledger.payments.bank.reading import (
    AmountUnreadable,
    CurrencyNotCny,
    DayUnreadable,
    DirectionUnreadable,
    FileTooLarge,
    NotAStatement,
    StatementPartMissing,
)
from ledger.payments.bank.values import Direction, Statement, StatementLine
from ledger.payments.bank.xml_tree import DocumentTypeRefused

FILES = Path(__file__).parent / "statements"
OWN = "1208010109000001"
DAY = date(2017, 3, 7)
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001"


def camt(body: str, version: str = "08", head: str = "") -> bytes:
    """A document of one statement with this inside."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<Document xmlns="{NAMESPACE}.{version}"><BkToCstmrStmt><Stmt>'
        f"<Id>S-1</Id><Acct><Id><Othr><Id>{OWN}</Id></Othr></Id></Acct>{body}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(amount: str = "1.00", extra: str = "", **changes: str) -> str:
    parts = {
        "Amt": f'<Amt Ccy="CNY">{amount}</Amt>',
        "CdtDbtInd": "<CdtDbtInd>DBIT</CdtDbtInd>",
        "Sts": "<Sts><Cd>BOOK</Cd></Sts>",
        "BookgDt": "<BookgDt><Dt>2017-03-07</Dt></BookgDt>",
        "AcctSvcrRef": "<AcctSvcrRef>R-1</AcctSvcrRef>",
    } | changes
    return f"<Ntry>{''.join(parts.values())}{extra}</Ntry>"


def line_of(data: bytes) -> StatementLine:
    ((line,),) = [statement.lines for statement in read_statements(data)]
    return line


# -- what is read ------------------------------------------------------------------------------------------------------


def test_version_2_is_read() -> None:
    (statement,) = read_statements((FILES / "version-02.xml").read_bytes())

    assert (statement.account_number, statement.reference) == (OWN, "2017-03-07/1")
    assert (statement.opening_fen, statement.closing_fen) == (100_000_00, 98_034_55)
    assert statement.lines == (
        StatementLine(
            reference="REF-1",
            direction=Direction.DEBIT,
            amount_fen=1_234_50,
            booked_on=DAY,
            references=("PAY-0001-0002-0003", "M-77"),
            counterparty_account="0012345678",
            counterparty_name="理化实验室",
            purpose="创新券兑付 第一批",
        ),
        StatementLine("REF-2/1", Direction.DEBIT, 1_000_90, DAY, ("PAY-0001-0002-0004",)),
        StatementLine("REF-2b", Direction.DEBIT, 5, DAY),
        StatementLine(
            reference="REF-3",
            direction=Direction.CREDIT,
            amount_fen=270_00,
            booked_on=DAY,
            references=("PAY-0001-0002-0005",),
            returned=True,
            return_reason="AC04 账户已销户",
            counterparty_account="0087654321",
            counterparty_name="材料实验室",
        ),
    )


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030", "GBK", "UTF-16"])
def test_version_8_is_read_in_the_encodings_of_banks(encoding: str) -> None:
    text = (FILES / "version-08.xml").read_text("utf-8").replace('"UTF-8"', f'"{encoding}"')

    first, second = read_statements(text.encode(encoding))

    assert (first.account_number, first.opening_fen, first.closing_fen) == ("GB33BUKB20201555555555", 0, -200_00)
    assert first.lines == (
        StatementLine("N-1", Direction.DEBIT, 500_00, date(2017, 3, 8), ("B-0001-0002-0003",), purpose="批量代发"),
        StatementLine(
            reference="N-2",
            direction=Direction.CREDIT,
            amount_fen=300_00,
            booked_on=date(2017, 3, 8),
            references=("T-9",),
            returned=True,
            counterparty_account="0012345678",
            counterparty_name="理化实验室",
        ),
    )
    assert second == Statement("777", "2017-03-08/2", ())


@pytest.mark.parametrize("version", ["02", "04", "06", "08", "10", "13"])
def test_every_version_from_2_on_is_a_statement(version: str) -> None:
    assert line_of(camt(entry(), version)).amount_fen == 1_00


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_our_own_columns_are_read(encoding: str) -> None:
    data = (FILES / "ours.csv").read_text("utf-8").encode(encoding)

    first, second = read_statements(data)

    assert [(s.account_number, s.reference, len(s.lines)) for s in (first, second)] == [
        (OWN, "D-1", 2),
        (OWN, "D-2", 1),
    ]
    assert first.lines == (
        StatementLine(
            reference="REF-1",
            direction=Direction.DEBIT,
            amount_fen=1_234_50,
            booked_on=DAY,
            references=("PAY-0001-0002-0003",),
            counterparty_account="0012345678",
            counterparty_name="理化实验室",
            purpose="创新券兑付 第一批",
        ),
        StatementLine(
            reference="REF-3",
            direction=Direction.CREDIT,
            amount_fen=270_00,
            booked_on=DAY,
            returned=True,
            return_reason="账户已销户",
            counterparty_account="0087654321",
            counterparty_name="材料实验室",
            purpose="PAY-0001-0002-0005 退回",
        ),
    )
    assert second.lines == (StatementLine("REF-9", Direction.CREDIT, 1, date(2017, 3, 8), purpose="结息"),)


def test_english_names_in_any_order_are_the_same_columns() -> None:
    names = ("amount_yuan", "direction", "reference", "booked_on", "statement", "account_number")
    data = f"{','.join(names)}\r\n1.00,DBIT,R-1,2017-03-07,S-1,{OWN}\r\n\r\n".encode()

    assert line_of(data) == StatementLine("R-1", Direction.DEBIT, 1_00, DAY)


def test_a_booking_of_several_payments_is_one_line_where_their_amounts_are_not_its_own() -> None:
    """Nothing is guessed: two parts that do not add up, or have none, stay one sum."""
    parts = "<TxDtls><Amt Ccy='CNY'>0.40</Amt></TxDtls><TxDtls><Amt Ccy='CNY'>0.50</Amt></TxDtls>"
    without = "<TxDtls><Refs><EndToEndId>a</EndToEndId></Refs></TxDtls>" * 2

    assert line_of(camt(entry(extra=f"<NtryDtls>{parts}</NtryDtls>"))).amount_fen == 1_00
    assert line_of(camt(entry(extra=f"<NtryDtls>{without}</NtryDtls>"))).references == ()


def test_text_stays_in_one_line_and_shows_where_it_could_not_be_printed() -> None:
    purposes = f"<RmtInf><Ustrd>a\n  b\u202ec</Ustrd><Ustrd>{'长' * 3_000}</Ustrd></RmtInf>"

    purpose = line_of(camt(entry(extra=f"<NtryDtls><TxDtls>{purposes}</TxDtls></NtryDtls>"))).purpose

    assert purpose.startswith("a b�c 长")
    assert (len(purpose), purpose[-1]) == (2_000, "…")


# -- amounts -----------------------------------------------------------------------------------------------------------


@untimed
@given(amount_fen=st.integers(1, AMOUNT_MAX), zeros=st.integers(0, 3))
def test_every_amount_comes_back_to_the_fen(amount_fen: int, zeros: int) -> None:
    """As banks write it: with or without thousands, with more noughts than two."""
    whole, rest = divmod(amount_fen, 100)

    assert reading.fen(f"{whole}.{rest:02d}{'0' * zeros}", "x") == amount_fen
    assert reading.fen(f" {whole:,}.{rest:02d} ", "x") == amount_fen
    if not rest:
        assert reading.fen(str(whole), "x") == amount_fen
    if not rest % 10:
        assert reading.fen(f"{whole}.{rest // 10}", "x") == amount_fen


@pytest.mark.parametrize(
    "written",
    [
        *("", "0", "0.00", "-1.00", "+1.00", "1.001", "1,00", "12,34.00", "1e3", "1.0.0", "١", "NaN", "1 000", ".5"),
        *("1.", "9" * 16 + ".99", "9" * 40),
    ],
)
def test_what_is_no_amount_is_said_to_be_none(written: str) -> None:
    with pytest.raises(AmountUnreadable, match="Ntry 1"):
        read_statements(camt(entry(written)))
    with pytest.raises(AmountUnreadable, match="row 2"):
        read_statements(f'{",".join(COLUMNS)}\n{OWN},S,2017-03-07,R,借,"{written}",,,,,'.encode())


@pytest.mark.parametrize(
    ("data", "refusal", "words"),
    [
        (camt(entry(Amt='<Amt Ccy="EUR">1.00</Amt>')), CurrencyNotCny, "EUR"),
        (camt(entry(Amt="<Amt>1.00</Amt>")), CurrencyNotCny, "CNY"),
        (camt(entry(Amt="")), StatementPartMissing, "amount"),
        (camt(entry(CdtDbtInd="<CdtDbtInd>BOTH</CdtDbtInd>")), DirectionUnreadable, "BOTH"),
        (camt(entry(CdtDbtInd="")), DirectionUnreadable, "DBIT"),
        (camt(entry(BookgDt="<BookgDt><Dt>2017-02-29</Dt></BookgDt>")), DayUnreadable, "2017-02-29"),
        (camt(entry(BookgDt="")), DayUnreadable, "2026-07-01"),
        (camt(entry(AcctSvcrRef="")), StatementPartMissing, "bank's reference"),
        (camt(entry()).replace(b"<Id>S-1</Id>", b""), StatementPartMissing, "statement's number"),
        (camt(entry()).replace(OWN.encode(), b" "), StatementPartMissing, "account"),
    ],
)
def test_what_is_missing_or_cannot_be_read_is_named_with_its_place(
    data: bytes, refusal: type[Invalid], words: str
) -> None:
    with pytest.raises(refusal, match=words) as said:
        read_statements(data)
    assert "Stmt 1" in said.value.say("en")


# -- what is no statement, and what means harm ------------------------------------------------------------------------


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FETCHES = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
ELSEWHERE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize("head", [LAUGHS, FETCHES, ELSEWHERE, "<!DOCTYPE Document>"])
def test_a_document_type_is_refused_before_anything_it_declares(head: str) -> None:
    with pytest.raises(DocumentTypeRefused):
        read_statements(camt(entry(), head=head))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"<a/>",
        b"<Document/>",
        camt(entry()).replace(b"camt.053", b"camt.054"),
        camt(entry(), "x"),
        camt(entry())[:-5],
        camt(entry()) + b"<b/>",
        camt("&undefined;"),
        b"<a>" * 10_000 + b"</a>" * 10_000,
        camt(f"<Ntry>{'<A/>' * 200_001}</Ntry>"),
        camt(f"<X>{'x' * 100_000}</X>"),
        b'<?xml version="1.0" encoding="EBCDIC-X"?><a/>',
        b"\xff\xff\xff",
        "账号,对账单编号\0".encode(),
        ",".join(COLUMNS).encode(),
        f'{",".join(COLUMNS)}\n"'.encode(),
    ],
)
def test_what_is_no_statement_gets_a_sentence_and_no_fault(data: bytes) -> None:
    with pytest.raises((NotAStatement, ColumnUnknown, ColumnMissing)):
        read_statements(data)


def test_a_file_too_large_is_not_looked_into() -> None:
    with pytest.raises(FileTooLarge, match="20000001"):
        read_statements(b"<" + b" " * 20_000_000)


HEADER = ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("text", "refusal", "words"),
    [
        (f"{HEADER},余额\n", ColumnUnknown, "余额"),
        (f"{HEADER},账号\n", ColumnTwice, "账号"),
        (HEADER.replace("amount_yuan,", "") + "\n", ColumnMissing, "金额"),
        (f"{HEADER}\n{OWN},S,2017-03-07\n", RowOfAnotherLength, "Row 2 has 3 cells"),
        (f"{HEADER}\n{OWN},S,03/07/2017,R,借,1,,,,,\n", DayUnreadable, "03/07/2017"),
        (f"{HEADER}\n{OWN},S,2017-03-07,R,左,1,,,,,\n", DirectionUnreadable, "左"),
        (f"{HEADER}\n{OWN},S,2017-03-07,,借,1,,,,,\n", StatementPartMissing, "bank's reference"),
        (f"{HEADER}\n,S,2017-03-07,R,借,1,,,,,\n", StatementPartMissing, "account"),
        (f"{HEADER}\n{OWN},,2017-03-07,R,借,1,,,,,\n", StatementPartMissing, "statement's number"),
    ],
)
def test_what_is_wrong_with_a_csv_is_said(text: str, refusal: type[Invalid], words: str) -> None:
    with pytest.raises(refusal, match=words):
        read_statements(text.encode())


def test_a_formula_in_a_cell_is_text() -> None:
    line = line_of(f'{HEADER}\n{OWN},S,2017-03-07,R,借,1,,,,"=HYPERLINK(""x"")",\n'.encode())

    assert line.purpose == '=HYPERLINK("x")'


@untimed
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_whatever_the_bytes_there_is_a_statement_or_a_sentence(data: bytes) -> None:
    for made in (data, b"<" + data, camt(entry())[:90] + data, HEADER.encode() + b"\n" + data):
        with suppress(Invalid):
            assert read_statements(made)


@pytest.mark.parametrize("refusal", sentences(ledger.payments.bank), ids=lambda refusal: refusal.__name__)
def test_both_languages_say_the_same(refusal: type[Spoken]) -> None:
    assert_says_the_same(refusal)


def test_the_page_about_statements_names_every_column_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs" / "bank-statements.md").read_text("utf-8")

    rows = [row.split(" | ") for row in page.splitlines() if "` | " in row and row.count(" | ") == 3]

    told = {cells[1].strip("`"): (cells[0].removeprefix("| "), cells[2] == "yes") for cells in rows}
    assert told == {key: (zh, key in NEEDED) for key, zh in COLUMNS.items()}
