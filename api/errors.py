"""Every way a request can fail, as RFC 9457 problem details: once for all routes.

A refusal is `409 Conflict`: the request was understood and well formed, and the state of the books or a rule stands
against it. `422` is kept for what cannot be read, so a client knows from the number alone whether to mend its program
or to look at the books (decision 0016).
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException as PlainHTTPException
from starlette.routing import Match, Route

from api.fields import field_of, words_of
from api.language import preferred
from api.problems import PROBLEM_JSON, TITLES, FieldProblem, Problem
from api.settings import RETRY_SECONDS
from ledger.database.engine import as_sentence
from ledger.errors import Invalid, Language, NotFound, Refused, Spoken
from ledger.executor.commands import Answer
from ledger.executor.executor import ExecutorClosed, StoreUnavailable
from policies.kernel.words import Words

# -- what the edge itself has to say ----------------------------------------------------------------------------------


class EdgeError(Spoken):
    """Said by the edge before anything is decided."""

    status: ClassVar[int]


class NotSignedIn(EdgeError):
    status = 401
    zh = "请求没有有效的访问令牌。请以客户端凭据向 /v1/token 领取。"
    en = "The request has no valid access token. Get one from /v1/token with the client's credentials."


class PersonLeft(EdgeError):
    status = 403
    zh = "此客户端以 {person} 的名义办理，该人员在 {party} 已无职责。请由现有人员登记新的客户端。"
    en = "This client acts as {person}, who has no role at {party} any more. Register one of somebody who has."


class ScopeMissing(EdgeError):
    status = 403
    zh = "此请求需要权限范围 {scope}，令牌中没有。"
    en = "This request needs the scope {scope}, which the token does not have."


class RouteUnknown(EdgeError):
    status = 404
    zh = "没有这个地址。现有地址见 /docs。"
    en = "There is nothing at this address. What there is stands at /docs."


class MethodUnknown(EdgeError):
    status = 405
    zh = "这个地址不支持该方法。现有方法见 /docs。"
    en = "This address does not take that method. What it takes stands at /docs."


class BodyTooLarge(EdgeError):
    status = 413
    zh = "请求内容过大，最多 {most} 字节。"
    en = "The body is too large; {most} bytes are the most."


class FormBroken(EdgeError):
    status = 400
    zh = "表单内容不能识别。请以 Content-Type: application/x-www-form-urlencoded 发送。"
    en = "The form cannot be read. Send it as Content-Type: application/x-www-form-urlencoded."


class NotJson(EdgeError):
    status = 415
    zh = "请求内容须为 JSON，并注明 Content-Type: application/json。"
    en = "The body is to be JSON, and to say so: Content-Type: application/json."


class FieldsUnreadable(EdgeError):
    status = 422
    zh = "请求内容有误：{problems_zh}"
    en = "The request cannot be read: {problems_en}"

    def __init__(self, fields: Sequence[tuple[str, Words]]) -> None:
        self.fields = fields
        shown = fields[:_FIELDS_SHOWN_MAX]
        super().__init__(
            problems_zh="；".join(f"{name} {words.zh}" for name, words in shown) + "。",
            problems_en="; ".join(f"{name} {words.en}" for name, words in shown) + ".",
        )


class TooManyRequests(EdgeError):
    status = 429
    zh = "请求过于频繁（限额 {limit}）。请在 {seconds} 秒后重试。"
    en = "Too many requests (the limit is {limit}). Try again in {seconds} seconds."


class KeyInUse(EdgeError):
    status = 409
    zh = "使用幂等键“{key}”的另一请求仍在处理。请稍后以同一幂等键重发，将得到其答复。"
    en = "Another request with the key “{key}” is still at work. Send the same key again later to get its answer."


class StoreBusy(EdgeError):
    status = 503
    zh = "账簿数据库繁忙，查询未能及时完成。请稍后重试。"
    en = "The store is busy and did not answer the query in time. Try again later."


class NoBooksHere(EdgeError):
    status = 503
    zh = "本服务没有打开账簿，只能使用公共计算器。"
    en = "No books are open here; only the public calculators answer."


class Fault(EdgeError):
    status = 500
    zh = "系统故障，已记录。请凭请求编号 {request_id} 联系管理员；以同一幂等键重发是安全的。"
    en = (
        "A fault of ours; it is in the log. Name the request {request_id} when you ask. The same key can be sent again."
    )


_FIELDS_SHOWN_MAX = 20
_BY_STATUS: Mapping[int, type[EdgeError]] = {
    400: FormBroken,
    401: NotSignedIn,
    404: RouteUnknown,
    405: MethodUnknown,
}


class AnswerRefused(Exception):
    """The books' answer to a command is a refusal: stored, or given again."""

    def __init__(self, answer: Answer, *, dry_run: bool = False) -> None:
        self.answer = answer
        self.dry_run = dry_run


# -- the mapping -------------------------------------------------------------------------------------------------------


def status_of(error: Spoken) -> int:
    """By kind, so that a new error needs no new handler."""
    if isinstance(error, EdgeError):
        return error.status
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, Refused):
        return 409
    if isinstance(error, Invalid):
        return 422
    return 503 if isinstance(error, StoreUnavailable | ExecutorClosed) else 500


def problem(request: Request, error: Spoken, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error as its caller gets it."""
    language = language_of(request)
    fields = error.fields if isinstance(error, FieldsUnreadable) else ()
    return _response(
        request,
        status_of(error),
        error.code,
        error.say(language),
        facts=_facts(error, language),
        cite=error.cite if isinstance(error, Refused) else None,
        fields=[FieldProblem(field=name, detail=words.say(language)) for name, words in fields],
        headers={**_headers_of(error), **(headers or {})},
    )


def refusal(request: Request, answer: Answer, headers: Mapping[str, str]) -> JSONResponse:
    """A stored refusal: the same problem as if it had just been raised."""
    body = answer.body
    status = 404 if body["code"] in _not_found_codes() else 409
    return _response(
        request,
        status,
        body["code"],
        body[language_of(request)],
        facts=body["facts"],
        cite=body["cite"],
        fields=[],
        headers=headers,
    )


def _response(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    facts: Mapping[str, str],
    cite: str | None,
    fields: list[FieldProblem],
    headers: Mapping[str, str],
) -> JSONResponse:
    language = language_of(request)
    content = Problem(
        title=TITLES[status].say(language),
        status=status,
        code=code,
        detail=detail,
        facts=dict(facts),
        cite=cite,
        fields=fields,
        request_id=request.scope.get("request_id", ""),
    )
    more = {"Content-Language": language, "Vary": "Accept-Language"}
    return JSONResponse(content.model_dump(), status, {**more, **headers}, PROBLEM_JSON)


def language_of(request: Request) -> Language:
    return preferred(request.headers.get("accept-language", ""))


def _facts(error: Spoken, language: Language) -> dict[str, str]:
    """The facts by their names; of a word in both languages, the one the caller reads."""
    other = "_en" if language == "zh" else "_zh"
    return {
        name.removesuffix(f"_{language}"): str(fact) for name, fact in error.facts.items() if not name.endswith(other)
    }


def _headers_of(error: Spoken) -> dict[str, str]:
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": 'Bearer realm="vledger", error="invalid_token"'}
    if isinstance(error, ScopeMissing):
        scope = error.facts["scope"]
        return {"WWW-Authenticate": f'Bearer realm="vledger", error="insufficient_scope", scope="{scope}"'}
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.facts["seconds"])}
    if isinstance(error, KeyInUse) or status_of(error) == 503:  # noqa: PLR2004  its own name
        return {"Retry-After": str(RETRY_SECONDS)}
    return {}


def _not_found_codes() -> set[str]:
    found, waiting = set(), [NotFound]
    while waiting:
        kind = waiting.pop()
        found.add(kind.__name__)
        waiting += kind.__subclasses__()
    return found


# -- handlers ----------------------------------------------------------------------------------------------------------


def handle_errors(app: FastAPI) -> None:
    app.add_exception_handler(Spoken, _spoken)
    app.add_exception_handler(AnswerRefused, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(PlainHTTPException, _plain)
    app.add_exception_handler(DBAPIError, _of_the_store)
    app.add_exception_handler(NoConnectionFree, _of_the_store)


def _spoken(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Spoken)
    return problem(request, error)


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AnswerRefused)
    return refusal(request, error.answer, marks(error.answer, dry_run=error.dry_run))


def marks(answer: Answer, *, dry_run: bool) -> dict[str, str]:
    """Headers that say how an answer came about."""
    return ({"Idempotency-Replayed": "true"} if answer.replayed else {}) | ({"Dry-Run": "true"} if dry_run else {})


def _unreadable(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(fault["type"] == "model_attributes_type" and fault["loc"] == ("body",) for fault in found) and isinstance(
        error.body, bytes
    ):
        return problem(request, NotJson())
    return problem(request, FieldsUnreadable([(field_of(fault["loc"]), words_of(fault)) for fault in found]))


def _plain(request: Request, error: Exception) -> JSONResponse:
    """What the framework raises by itself. What our own reading of a body raised is its cause."""
    assert isinstance(error, PlainHTTPException)
    if isinstance(error.__cause__, Spoken):
        return problem(request, error.__cause__)
    kind = _BY_STATUS.get(error.status_code)
    if kind is None:
        raise error
    headers = {"Allow": _methods_of(request)} if kind is MethodUnknown else error.headers
    return problem(request, kind(), headers)


def _methods_of(request: Request) -> str:
    """Every method that this address takes; the framework names those of its first route only."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    matching = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for route in matching for method in route.methods or ()}))


def _of_the_store(request: Request, error: Exception) -> JSONResponse:
    """A store that is gone, full or too busy is no fault of the caller's; anything else of it is one of ours."""
    if isinstance(error, NoConnectionFree) or getattr(getattr(error, "orig", None), "sqlstate", "") == _QUERY_CANCELLED:
        return problem(request, StoreBusy())
    sentence = as_sentence(error)
    if sentence is None:
        raise error
    return problem(request, StoreUnavailable(reason=sentence.code))


_QUERY_CANCELLED = "57014"
