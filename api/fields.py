"""Why a field cannot be read: the checks of the models, each said in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from policies.kernel.words import Words

_SENTENCES: Mapping[str, Words] = {
    "missing": Words("没有填写", "is missing"),
    "extra_forbidden": Words("不是这里的字段", "is no field of this request"),
    "int_type": Words("须为整数，不带引号和小数点", "must be a whole number, without quotes or decimal point"),
    "int_from_float": Words("须为整数，不带小数点", "must be a whole number, without decimal point"),
    "int_parsing": Words("须为整数", "must be a whole number"),
    "int_parsing_size": Words("数字过大", "is too large a number"),
    "string_type": Words("须为文字", "must be text"),
    "string_unicode": Words("含有不完整的字符", "holds half of a character"),
    "string_too_short": Words("至少 {min_length} 个字符", "must have at least {min_length} characters"),
    "string_too_long": Words("最多 {max_length} 个字符", "must have at most {max_length} characters"),
    "string_pattern_mismatch": Words("格式不对", "does not have the form that is asked for"),
    "bool_type": Words("须为 true 或 false", "must be true or false"),
    "bool_parsing": Words("须为 true 或 false", "must be true or false"),
    "list_type": Words("须为列表", "must be a list"),
    "tuple_type": Words("须为列表", "must be a list"),
    "too_short": Words("至少 {min_length} 项", "must have at least {min_length} items"),
    "too_long": Words("最多 {max_length} 项", "must have at most {max_length} items"),
    "dict_type": Words("须为 JSON 对象", "must be a JSON object"),
    "model_type": Words("须为 JSON 对象", "must be a JSON object"),
    "model_attributes_type": Words("须为 JSON 对象", "must be a JSON object"),
    "greater_than": Words("须大于 {gt}", "must be more than {gt}"),
    "greater_than_equal": Words("不能小于 {ge}", "must be at least {ge}"),
    "less_than": Words("须小于 {lt}", "must be less than {lt}"),
    "less_than_equal": Words("不能大于 {le}", "must be at most {le}"),
    "enum": Words("须为下列之一：{expected}", "must be one of {expected}"),
    "literal_error": Words("须为下列之一：{expected}", "must be one of {expected}"),
    "date_parsing": Words("须为日期，如 2026-07-01", "must be a date such as 2026-07-01"),
    "date_from_datetime_parsing": Words("须为日期，如 2026-07-01", "must be a date such as 2026-07-01"),
    "datetime_from_date_parsing": Words("须为带时区的时刻", "must be an instant with its zone"),
    "datetime_parsing": Words("须为带时区的时刻", "must be an instant with its zone"),
    "timezone_aware": Words("须写明时区", "must say its zone"),
    "uuid_parsing": Words("须为 UUID", "must be a UUID"),
    "uuid_type": Words("须为 UUID", "must be a UUID"),
}
_OTHER = Words("不能识别", "cannot be read")


class Unfit(ValueError):
    """Raised by a field's own check, with the words that finish the sentence “<field> …”."""

    def __init__(self, zh: str, en: str) -> None:
        self.words = Words(zh, en)
        super().__init__(en)


def words_of(fault: Mapping[str, Any]) -> Words:
    context = fault.get("ctx") or {}
    if isinstance(unfit := context.get("error"), Unfit):
        return unfit.words
    words = _SENTENCES.get(fault["type"], _OTHER)
    return Words(words.zh.format_map(context), words.en.format_map(context))


def field_of(location: Sequence[str | int]) -> str:
    """`lines[2].amount_fen`; of a header or a query, its name."""
    found = ""
    for part in location[1:] or location:
        found += f"[{part}]" if isinstance(part, int) else f".{part}" if found else part
    return found
