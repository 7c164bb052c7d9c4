"""Vouchers that were issued before the books began: each row is a line of a list that finance will sign.  (pure)"""

from collections.abc import Iterator, Sequence

from api.imports.cells import day, fen, text
from api.imports.columns import choose
from api.imports.sheets import By, Column, Lookups, Sheet, Values
from ledger.executor.commands import Command
from ledger.vouchers.open_vouchers import ProposeOpening
from ledger.vouchers.record_opening import RecordOpening
from policies.kernel.words import Words
from policies.vouchers.schemes import SCHEMES


def commands(values: Values, by: By, key: str, _lookups: Lookups) -> Sequence[Command]:
    return [by.command(RecordOpening, key, **values)]


def warnings(values: Values) -> Iterator[Words]:
    parts = [values.get(name) for name in ("face_fen", "redeemed_fen", "open_fen")]
    face_fen, redeemed_fen, open_fen = (part if isinstance(part, int) else 0 for part in parts)
    if face_fen > redeemed_fen + open_fen:
        yield Words(
            "已兑付与可用之和小于面额，差额按已过期登记。",
            "What was paid and what is open are less than the face value: the rest is recorded as expired.",
        )


def belongs_to(values: Values) -> str:
    return str(values["list_number"])


def finish(list_number: str, by: By, key: str) -> Sequence[Command]:
    """The list is complete and is proposed: finance signs it as a whole."""
    return [by.command(ProposeOpening, key, list_number=list_number)]


def _text(field: str, words: Words, note: Words, example: str) -> Column:
    return Column(field, words, text, note, example)


SHEET = Sheet(
    "vouchers",
    Words("期初创新券", "vouchers"),
    (
        _text(
            "list_number",
            Words("期初清单编号", "opening list"),
            Words("同一编号的各行一并复核", "Rows of one number are signed together"),
            "期初〔2017〕1号",
        ),
        choose("scheme", Words("计划", "scheme"), {name: Words(name, name) for name in SCHEMES}, "beijing-2015"),
        _text(
            "legacy_number",
            Words("原券号", "old number"),
            Words("账簿开始以前的券号", "As it was numbered before"),
            "2016-000123",
        ),
        _text(
            "holder",
            Words("持券人代码", "holder"),
            Words("统一社会信用代码或团队编号 T-…", "A unified social credit code, or a team's number T-…"),
            "91110108MA01234567",
        ),
        Column(
            "issued_on",
            Words("发放日期", "issued on"),
            day,
            Words("账簿开始以前", "Before the books began"),
            "2016-06-01",
        ),
        Column(
            "expires_on",
            Words("到期日", "expires on"),
            day,
            Words("最后一日，已延期的按延期后", "Its last day, as last extended"),
            "2017-05-31",
        ),
        Column("face_fen", Words("面额（元）", "face (yuan)"), fen, Words("发放额", "As issued"), "50000.00"),
        Column(
            "redeemed_fen",
            Words("已兑付（元）", "paid (yuan)"),
            fen,
            Words("账簿开始以前已支付，没有填 0", "Paid before the books began; 0 where nothing was"),
            "20000.00",
        ),
        Column(
            "open_fen",
            Words("可用（元）", "open (yuan)"),
            fen,
            Words("未兑付的都填入，含已预留未支付", "All that is not paid, reserved or not"),
            "30000.00",
        ),
        _text(
            "letter_number",
            Words("指标文号", "budget letter"),
            Words("发放年度已录入并复核的指标", "Entered and signed for the year of issue"),
            "京财预〔2016〕1号",
        ),
    ),
    commands,
    warnings,
    belongs_to,
    finish,
)
