"""Problem details (RFC 9457), as every failure is told."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from policies.kernel.words import Words

PROBLEM_JSON = "application/problem+json"

TITLES: Mapping[int, Words] = {
    400: Words("请求无法识别", "Bad Request"),
    401: Words("未登录", "Unauthorized"),
    403: Words("无权办理", "Forbidden"),
    404: Words("找不到", "Not Found"),
    405: Words("不支持的方法", "Method Not Allowed"),
    408: Words("请求超时", "Request Timeout"),
    409: Words("不予办理", "Conflict"),
    413: Words("请求过大", "Content Too Large"),
    415: Words("不支持的格式", "Unsupported Media Type"),
    422: Words("内容有误", "Unprocessable Content"),
    429: Words("请求过于频繁", "Too Many Requests"),
    500: Words("系统故障", "Internal Server Error"),
    503: Words("暂不可用", "Service Unavailable"),
}


class FieldProblem(BaseModel):
    """One field that cannot be read."""

    field: str
    detail: str


class Problem(BaseModel):
    """What went wrong, for a program (`code`) and for a person (`detail`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Conflict",
                    "status": 409,
                    "code": "OverAvailable",
                    "detail": "Voucher V-1A2B-3C4D-5E6F7G8H has 120.00 yuan available; 500.00 yuan are asked for.",
                    "facts": {"voucher": "V-1A2B-3C4D-5E6F7G8H", "available": "120.00", "amount": "500.00"},
                    "cite": None,
                    "fields": [],
                    "request_id": "0f8c5e0e6f1b4d43a5b2a0c3d7c0a9f1",
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str = Field(description="The kind of failure, in the caller's language")
    status: int
    code: str = Field(description="Stable; what a program decides by")
    detail: str = Field(description="The sentence a person needs, in the caller's language")
    facts: dict[str, str] = Field(description="The values in the sentence, by name")
    cite: str | None = Field(description="The article where a rule refuses, as source#article")
    fields: list[FieldProblem] = Field(description="Each field that cannot be read")
    request_id: str
