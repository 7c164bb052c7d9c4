"""How a body is read: strict JSON, before any model looks at it; and the fields that models are made of."""

import json
import re
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self, TypeAlias

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import BodyTooLarge, EdgeError, FieldsUnreadable, problem
from api.fields import Unfit
from api.settings import JSON_DEPTH_MAX
from ledger.amounts import AMOUNT_MAX
from ledger.registry.text import UNPRINTABLE, shown
from policies.kernel.facts import iso_date
from policies.kernel.words import Words

# -- how much ----------------------------------------------------------------------------------------------------------


class BodyLimit:
    """A layer (ASGI) that refuses a body of more than so many bytes, by what it says of itself or as they arrive.

    The framework has one too, whose answer is plain text.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        arrived = 0

        async def counting() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self._most:
                raise BodyTooLarge(most=self._most)  # whoever reads the body lets it through to the handler of errors
            return message

        if self._said(scope) > self._most:
            await problem(Request(scope), BodyTooLarge(most=self._most))(scope, receive, send)
        else:
            await self._app(scope, counting, send)

    @staticmethod
    def _said(scope: Scope) -> int:
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        return int(said) if said.isdigit() else 0


# -- bytes to values ---------------------------------------------------------------------------------------------------


class JsonUnreadable(EdgeError):
    status = 400
    zh = "请求内容不是可识别的 JSON：{reason_zh}。"
    en = "The body is no JSON that can be read: {reason_en}."

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(reason_zh=zh, reason_en=en)


def read_json(data: bytes) -> object:
    """The value, read strictly: UTF-8, no key twice, no NaN, not too deep, nothing that cannot be printed.

    Raises:
        JsonUnreadable: with the place or the key at fault.
        CharacterUnprintable: in a text or in a key.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise JsonUnreadable(f"第 {fault.start} 字节起不是 UTF-8", f"not UTF-8 from byte {fault.start}") from None
    try:
        value: object = json.loads(text, parse_constant=_no_number, object_pairs_hook=_each_once)
    except json.JSONDecodeError as fault:
        raise JsonUnreadable(
            f"第 {fault.lineno} 行第 {fault.colno} 列", f"line {fault.lineno}, column {fault.colno}"
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:  # a whole number of thousands of digits
        raise JsonUnreadable("数字过长", "a number is too long") from None
    _check(value)
    return value


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = shown(next(name for name in names if names.count(name) > 1))
        raise JsonUnreadable(f"键“{doubled}”出现两次", f"the key “{doubled}” stands there twice")
    return read


def _no_number(word: str) -> object:
    raise JsonUnreadable(f"{word} 不是数字", f"{word} is no number")


def _too_deep() -> JsonUnreadable:
    return JsonUnreadable(f"嵌套超过 {JSON_DEPTH_MAX} 层", f"nested more than {JSON_DEPTH_MAX} deep")


_SUSPICIOUS = re.compile(r"[^ -~\n\r\t一-鿿，。；：！？、（）《》“”]")
"""Characters that are looked at one by one: most text has none."""


def _check(value: object) -> None:
    """Depth and characters of everything in it, level by level."""
    level: list[tuple[str, object]] = [("", value)]
    for _ in range(JSON_DEPTH_MAX + 1):
        below: list[tuple[str, object]] = []
        for name, item in level:
            if isinstance(item, str):
                _check_text(name, item)
            elif isinstance(item, dict):
                for key in item:
                    _check_text(key, key)
                below += item.items()
            elif isinstance(item, list):
                below += ((name, part) for part in item)
        if not below:
            return
        level = below
    raise _too_deep()


def _check_text(name: str, text: str) -> None:
    for found in _SUSPICIOUS.finditer(text):
        if unicodedata.category(found[0]) in UNPRINTABLE:
            raise CharacterUnprintable(name=shown(name), place=found.start() + 1, code_point=f"U+{ord(found[0]):04X}")


class CharacterUnprintable(EdgeError):
    status = 400
    zh = "“{name}”的第 {place} 个字符（{code_point}）不能打印。请删去后再提交。"
    en = "Character {place} of “{name}” ({code_point}) cannot be printed. Remove it and send again."


_UNPRINTABLE_WORDS = Words("含有不能打印的字符", "holds characters that cannot be printed")


class StrictRequest(Request):
    async def json(self) -> Any:  # noqa: ANN401  any JSON value, as the framework has it
        return read_json(await self.body())


class StrictRoute(APIRoute):
    """A route whose JSON is read by `read_json`, and whose query can be printed too."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # a coroutine is one
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            unprintable = [name for name, value in request.query_params.multi_items() if not value.isprintable()]
            if unprintable:
                raise FieldsUnreadable([(shown(name), _UNPRINTABLE_WORDS) for name in unprintable])
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly


# -- models and their fields -----------------------------------------------------------------------------------------


def example(value: Mapping[str, Any]) -> ConfigDict:
    """The configuration of a model that has one example, which is this value."""
    return ConfigDict(json_schema_extra={"examples": [dict(value)]})


class Body(BaseModel):
    """What a request brings: no field more than is declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel):
    """What an answer holds."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, thing: object, **more: object) -> Self:
        """From a value of the books, by the names of its attributes; `more` is what it does not hold under its name."""
        found = {name: getattr(thing, name) for name in cls.model_fields if name not in more}
        return cls.model_validate({**found, **more})


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    day = iso_date(value) if isinstance(value, str) else None
    if day is None:
        raise Unfit("须为日期，如 2026-07-01", "must be a date such as 2026-07-01")
    return day


def _instant(value: object) -> object:
    """ISO 8601 with its zone; a number of seconds is not taken for one."""
    if isinstance(value, datetime):
        return value
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Unfit("须为带时区的时刻，如 2026-07-01T09:00:00+08:00", "must be an instant such as 2026-07-01T09:00:00Z")
    return instant


def _line(text: str) -> str:
    if any(letter in "\n\r\t" for letter in text):
        raise Unfit("须在一行之内", "must stand on one line")
    return text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise Unfit(*_UNPRINTABLE_WORDS)
    return text


Fen: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=AMOUNT_MAX, description="Whole fen (0.01 yuan)")]
"""Money: an integer; no float, no text, no true."""
Whole: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=AMOUNT_MAX)]
Year: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=9999)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day), Field(description="YYYY-MM-DD")]
Filter: TypeAlias = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
"""Text in the query of a list."""
Instant: TypeAlias = Annotated[datetime, BeforeValidator(_instant), Field(description="ISO 8601 with its zone")]
Line: TypeAlias = Annotated[str, Field(strict=True, min_length=1, max_length=200), AfterValidator(_line)]
"""A name, a number, a short text on one line."""
Lines: TypeAlias = Annotated[str, Field(strict=True, min_length=1, max_length=2_000)]
"""Text of several lines, such as a key in PEM."""
Text: TypeAlias = Annotated[str, Field(strict=True, min_length=1, max_length=2_000), AfterValidator(_line)]
