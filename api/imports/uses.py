"""Uses of instruments.  (pure)"""

from collections.abc import Iterator, Sequence

from api.imports.cells import Cell, choice, instant, text, whole
from api.imports.columns import ASSET_NUMBER, UNIT
from api.imports.sheets import By, Column, Lookups, Sheet, Values
from ledger.errors import Invalid
from ledger.executor.commands import Command
from ledger.fees.record_use import RecordUse
from ledger.fees.values import PurposeClass
from policies.kernel.words import Words

LONG_MINUTES = 24 * 60
"""More than a day without a break is worth a look; it is no rule."""


class InstrumentUnknown(Invalid):
    zh = "{unit} 没有登记资产编号为“{asset_number}”的仪器。请先登记仪器，或核对编号。"
    en = "{unit} has no instrument with the asset number “{asset_number}”. Register it first, or check the number."


def named_instrument(values: Values, lookups: Lookups) -> str:
    """The instrument that a unit keeps under an asset number.

    Raises:
        InstrumentUnknown
    """
    unit, asset_number = str(values["unit"]), str(values["asset_number"])
    found = lookups.instrument(unit, asset_number)
    if found is None:
        raise InstrumentUnknown(unit=unit, asset_number=asset_number)
    return found


def commands(values: Values, by: By, key: str, lookups: Lookups) -> Sequence[Command]:
    facts = {name: value for name, value in values.items() if name not in {"unit", "asset_number"}}
    return [by.command(RecordUse, key, instrument=named_instrument(values, lookups), **facts)]


def warnings(values: Values) -> Iterator[Words]:
    minutes = values.get("minutes")
    if isinstance(minutes, int) and minutes > LONG_MINUTES:
        yield Words(
            f"连续使用 {minutes} 分钟，超过一昼夜，请核对。", f"{minutes} minutes on end is more than a day: check it."
        )


def _text(field: str, words: Words, note: Words, example: str, *, required: bool = True) -> Column:
    return Column(field, words, text, note, example, required)


PURPOSES = {
    PurposeClass.RESEARCH.value: Words("科研", "research"),
    PurposeClass.DEVELOPMENT.value: Words("科技开发", "development"),
    PurposeClass.TEACHING.value: Words("教学", "teaching"),
    PurposeClass.PRODUCTION.value: Words("生产", "production"),
    PurposeClass.TESTING.value: Words("日常检测", "routine testing"),
    PurposeClass.OTHER.value: Words("其他", "other"),
}


def _purpose_class(cell: Cell) -> str:
    return choice(cell, PURPOSES)


SHEET = Sheet(
    "uses",
    Words("使用记录", "uses"),
    (
        UNIT,
        ASSET_NUMBER,
        _text(
            "user",
            Words("用户代码", "user"),
            Words("使用单位的代码", "Code of the party that used it"),
            "91110108MA01234567",
        ),
        _text(
            "operator",
            Words("操作人员", "operator"),
            Words("人员编号 P-…", "Number P-… of the person who ran it"),
            "P-0000-0000-0000",
        ),
        Column(
            "started_at",
            Words("开始时间", "started at"),
            instant,
            Words("北京时间", "Beijing time"),
            "2026-07-01 09:00",
        ),
        Column("minutes", Words("机时（分钟）", "minutes"), whole, Words("整分钟", "Whole minutes"), "120"),
        _text("purpose", Words("用途", "purpose"), Words("用于什么研究开发", "For what research"), "新材料断口分析"),
        _text("service", Words("服务内容", "service"), Words("可不填", "May be empty"), "", required=False),
        Column(
            "purpose_class",
            Words("用途类别", "class of purpose"),
            _purpose_class,
            Words("海关监管期内的仪器须填", "Needed of an instrument that customs supervises"),
            "科研",
            required=False,
        ),
        _text(
            "place",
            Words("使用地点", "place"),
            Words("海关监管期内的仪器须填", "Needed of an instrument that customs supervises"),
            "",
            required=False,
        ),
        _text(
            "late_reason",
            Words("补登原因", "late reason"),
            Words("不在使用当日登记时填写", "When it is recorded on a later day"),
            "",
            required=False,
        ),
        _text(
            "second_person",
            Words("复核人", "second person"),
            Words("补登时另一人的编号", "With a late record: another person's number"),
            "",
            required=False,
        ),
    ),
    commands,
    warnings,
)
