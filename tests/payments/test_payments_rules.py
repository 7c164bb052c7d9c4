"""Control totals, hashes and the exported list, for all inputs and for one that a person can read."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import assert_says_the_same, sentences, untimed

import ledger.payments
from ledger.amounts import AMOUNT_MAX, AmountNotWhole, AmountOutOfRange
from ledger.errors import Spoken
from ledger.payments.export import COLUMNS, export_csv
from ledger.payments.payables import payable_row
from ledger.payments.rules import (
    BatchTooLarge,
    NamedTwice,
    NothingNamed,
    PayersDiffer,
    TooManyLines,
    check_named,
    check_payable_now,
)
from ledger.payments.values import Batch, BatchLine, BatchStatus, Confirmation, Failure, Payable, Return

DAY = date(2017, 3, 1)
LINE = BatchLine(
    line=1,
    payable="PAY-1",
    attempt=1,
    subject_kind="voucher.claim",
    subject="C-1",
    payee="12331122MA00000232",
    payee_name="理化实验室",
    account_name="理化实验室",
    bank="中国银行缙云支行",
    account_number="0012345678",
    cnaps="104343912345",
    amount_fen=1_234_567_89,
    budget_line="2017-01",
    document_number="缙财〔2017〕1号",
    purpose="创新券兑付",
)
BATCH = Batch("B-1", "11331122MA00000214", "P-maker", DAY, (LINE, replace(LINE, line=2, payable="PAY-2", amount_fen=1)))
PAID = replace(BATCH, released_on=DAY, confirmations=tuple(Confirmation(f"PAY-{n}", DAY, "x") for n in (1, 2)))
PAYABLE = Payable("PAY-1", "voucher.claim", "C-1", "K", "U", 100, "2017-01", "兑付", DAY)

lines = st.lists(
    st.builds(
        BatchLine,
        line=st.integers(1, 99),
        amount_fen=st.integers(1, AMOUNT_MAX),
        attempt=st.integers(1, 9),
        **dict.fromkeys(
            (f for f in BatchLine.__dataclass_fields__ if f not in {"line", "amount_fen", "attempt"}),
            st.text(st.characters(exclude_categories=("C",)), max_size=9),
        ),
    ),
    min_size=1,
    max_size=5,
).map(tuple)


@untimed
@given(lines=lines)
def test_the_list_is_the_same_bytes_and_adds_up(lines: tuple[BatchLine, ...]) -> None:
    """Whatever stands in the cells, a reader of CSV gets rows whose sum is the control total."""
    batch = replace(BATCH, lines=lines)

    written = export_csv(batch)

    assert written == export_csv(replace(batch, released_on=DAY, confirmations=(Confirmation("PAY-1", DAY, "x"),)))
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    head = dict(row for row in rows[:8])
    body = rows[rows.index(list(COLUMNS)) + 1 :]
    assert int(head["笔数"]) == len(body) == batch.count
    assert int(head["合计（分）"]) == sum(int(row[9]) for row in body) == batch.total_fen
    assert all(int(row[8].replace(".", "")) == int(row[9]) for row in body)
    assert head["SHA-256"] == batch.content_hash


@untimed
@given(lines=lines, which=st.data())
def test_any_change_of_a_line_changes_the_hash(lines: tuple[BatchLine, ...], which: st.DataObject) -> None:
    batch = replace(BATCH, lines=lines)
    n = which.draw(st.integers(0, len(lines) - 1))
    name = which.draw(st.sampled_from([f for f in BatchLine.__dataclass_fields__ if f not in {"attempt", "offsets"}]))
    value = getattr(lines[n], name)
    changed = replace(lines[n], **{name: value + 1 if isinstance(value, int) else value + "x"})

    other = replace(batch, lines=(*lines[:n], changed, *lines[n + 1 :]))

    assert other.content_hash != batch.content_hash


def test_the_list_as_treasury_gets_it() -> None:
    golden = (
        '"支付批次","B-1"\r\n"付款单位代码","11331122MA00000214"\r\n"制单人","P-maker"\r\n"制单日期","2017-03-01"\r\n'
        '"笔数","2"\r\n"合计（元）","1234567.90"\r\n"合计（分）","123456790"\r\n'
        f'"SHA-256","{BATCH.content_hash}"\r\n\r\n'
        '"序号","应付编号","收款单位代码","收款单位","户名","开户行","账号","联行号","金额（元）","金额（分）",'
        '"预算项目","指标文号","用途"\r\n'
        '"1","PAY-1","12331122MA00000232","理化实验室","理化实验室","中国银行缙云支行","0012345678","104343912345",'
        '"1234567.89","123456789","2017-01","缙财〔2017〕1号","创新券兑付"\r\n'
        '"2","PAY-2","12331122MA00000232","理化实验室","理化实验室","中国银行缙云支行","0012345678","104343912345",'
        '"0.01","1","2017-01","缙财〔2017〕1号","创新券兑付"\r\n'
    )

    assert export_csv(BATCH) == b"\xef\xbb\xbf" + golden.encode()


def test_the_hash_of_a_known_list_never_moves() -> None:
    assert BATCH.content_hash == "bedc2786f8c4ea1b36024401b3109d21218c8d5e1005f79a841637285a753aac"


def test_a_cell_is_never_a_formula() -> None:
    written = export_csv(replace(BATCH, lines=(replace(LINE, payee_name='=HYPERLINK("x")', purpose="-1+1"),))).decode()

    assert '"\'=HYPERLINK(""x"")"' in written
    assert '"\'-1+1"' in written


@pytest.mark.parametrize(
    ("batch", "status"),
    [
        (BATCH, BatchStatus.AWAITING),
        (replace(BATCH, released_on=DAY), BatchStatus.RELEASED),
        (replace(BATCH, released_on=DAY, confirmations=(Confirmation("PAY-1", DAY, "x"),)), BatchStatus.RELEASED),
        (PAID, BatchStatus.SETTLED),
        (replace(PAID, returns=(Return("PAY-2", DAY, "y", "账号有误"),)), BatchStatus.SETTLED_IN_PART),
        (
            replace(PAID, returns=(Return("PAY-1", DAY, "y", ""), Return("PAY-2", DAY, "y", ""))),
            BatchStatus.SETTLED_IN_PART,
        ),
        (replace(BATCH, released_on=DAY, failures=(Failure("PAY-1", DAY, "冻结"),)), BatchStatus.RELEASED),
        (
            replace(PAID, confirmations=PAID.confirmations[:1], failures=(Failure("PAY-2", DAY, ""),)),
            BatchStatus.SETTLED_IN_PART,
        ),
        (replace(BATCH, refused_on=DAY), BatchStatus.REFUSED),
    ],
)
def test_where_a_batch_stands(batch: Batch, status: BatchStatus) -> None:
    assert batch.status is status


def test_the_totals_of_a_batch_say_where_each_fen_is() -> None:
    """OpenSPP/openspp-modules#772: issued and paid totals in the payment list."""
    first = Confirmation("PAY-1", DAY, "x")
    returned, failed = Return("PAY-1", DAY, "y", "账号有误"), Failure("PAY-2", DAY, "冻结")
    released = replace(BATCH, released_on=DAY)

    def totals(batch: Batch) -> tuple[int, ...]:
        standing = batch.standing()
        return tuple(standing[f"{word}_fen"] for word in ("paid", "returned", "failed", "open"))

    assert totals(released) == (0, 0, 0, 123_456_790)
    assert totals(replace(released, confirmations=(first,))) == (123_456_789, 0, 0, 1)
    assert totals(replace(released, confirmations=(first,), returns=(returned,))) == (0, 123_456_789, 0, 1)
    assert totals(replace(released, confirmations=(first,), failures=(failed,))) == (123_456_789, 0, 1, 0)


def test_what_one_request_may_name() -> None:
    with pytest.raises(NothingNamed):
        check_named([])
    with pytest.raises(NamedTwice, match="PAY-1"):
        check_named(["PAY-1", "PAY-2", "PAY-1"])
    with pytest.raises(TooManyLines):
        check_named([f"PAY-{n}" for n in range(5_001)])


def test_what_one_batch_may_hold() -> None:
    with pytest.raises(PayersDiffer):
        check_payable_now([PAYABLE, replace(PAYABLE, number="PAY-2", payer="K2")])
    with pytest.raises(BatchTooLarge):
        check_payable_now([replace(PAYABLE, number=f"PAY-{n}", amount_fen=AMOUNT_MAX) for n in (1, 2)])


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        (0, AmountOutOfRange),
        (-1, AmountOutOfRange),
        (AMOUNT_MAX + 1, AmountOutOfRange),
        (1.0, AmountNotWhole),
        ("1", AmountNotWhole),
    ],
)
def test_nothing_but_a_whole_amount_is_payable(amount: object, refusal: type[Spoken]) -> None:
    with pytest.raises(refusal):
        payable_row(
            number="PAY-1",
            subject_kind="voucher.claim",
            subject="C-1",
            payer="K",
            payee="U",
            amount_fen=amount,
            budget_line="2017-01",
            purpose="兑付",
            created_on=DAY,
        )


@pytest.mark.parametrize("refusal", sentences(ledger.payments), ids=lambda refusal: refusal.__name__)
def test_both_languages_say_the_same(refusal: type[Spoken]) -> None:
    assert_says_the_same(refusal)
