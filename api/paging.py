"""Lists page by page, and documents that need not be sent twice."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from api.errors import EdgeError
from api.settings import PAGE_MAX
from ledger.executor.listing import NEWEST
from policies.kernel.facts import iso_date

T = TypeVar("T", bound=BaseModel)
P = TypeVar("P", bound="Page[Any]")
F = TypeVar("F")

CURSOR_LENGTH_MAX = 500
PAGE_DEFAULT = 50


class CursorUnreadable(EdgeError):
    status = 422
    zh = "cursor 不能识别。请原样使用上一页答复中的 next，或去掉 cursor 从头开始。"
    en = "The cursor cannot be read. Use “next” of the page before as it is, or leave the cursor out to begin anew."


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(description="Cursor of the next page; null on the last")


class Cursor:
    """Where a page begins: after the item with these words, which are the columns that the list is ordered by."""

    def __init__(self, after: tuple[str, ...], limit: int) -> None:
        self.after = after
        self.limit = limit

    def newest(self) -> tuple[date, str]:
        """The start of a list that goes by day and number, the newest first.

        Raises:
            CursorUnreadable: it is of another list.
        """
        words = self.start(2)
        return (day_in(words[0]), words[1]) if words else NEWEST

    def start(self, width: int) -> tuple[str, ...] | None:
        """The words to begin after; None on the first page.

        Raises:
            CursorUnreadable: it is of another list.
        """
        if self.after and len(self.after) != width:
            raise CursorUnreadable
        return self.after or None

    @property
    def look_ahead(self) -> int:
        """How many to ask the books for: one more than fits tells whether there is a next page."""
        return self.limit + 1

    def page(
        self,
        kind: type[P],
        found: Sequence[F],
        show: Callable[[F], BaseModel],
        place: Callable[[F], tuple[object, ...]],
    ) -> P:
        """What fits of what was found; `place` has the words to begin the next page after."""
        fit = found[: self.limit]
        more = len(found) > self.limit
        return kind(items=[show(item) for item in fit], next=next_after(*place(fit[-1])) if more else None)


def day_in(word: str) -> date:
    """The date in a cursor.

    Raises:
        CursorUnreadable: there is none.
    """
    day = iso_date(word)
    if day is None:
        raise CursorUnreadable
    return day


def whole_in(word: str) -> int:
    """The number in a cursor.

    Raises:
        CursorUnreadable: there is none.
    """
    if not re.fullmatch(r"-?[0-9]{1,18}", word):
        raise CursorUnreadable
    return int(word)


def instant_in(word: str) -> datetime:
    """The instant in a cursor.

    Raises:
        CursorUnreadable: there is none.
    """
    try:
        instant = datetime.fromisoformat(word)
    except ValueError:
        raise CursorUnreadable from None
    if instant.tzinfo is None:
        raise CursorUnreadable
    return instant


def cursor(
    cursor: Annotated[str | None, Query(description="`next` of the page before", max_length=CURSOR_LENGTH_MAX)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX, description="Most items on the page")] = PAGE_DEFAULT,
) -> Cursor:
    return Cursor(_read(cursor) if cursor else (), limit)


Paging = Annotated[Cursor, Depends(cursor)]


def next_after(*words: object) -> str:
    """The cursor that begins after an item."""
    data = json.dumps([str(word) for word in words], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> tuple[str, ...]:
    try:
        value = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise CursorUnreadable from None
    if not (isinstance(value, list) and value and all(isinstance(word, str) and word.isprintable() for word in value)):
        raise CursorUnreadable
    return tuple(value)


def document(request: Request, shown: BaseModel) -> Response:
    """A single document with its `ETag`; 304 without a body where the caller has it already."""
    body = shown.model_dump_json().encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = {word.strip().removeprefix("W/") for word in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
