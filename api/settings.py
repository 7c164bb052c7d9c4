"""What an operator may set of the HTTP edge, read from the environment once (docs/operations.md)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from limits import parse as parse_rate

from ledger.errors import Invalid

PUBLIC_URL_VARIABLE = "LEDGER_PUBLIC_URL"
TOKEN_KEY_VARIABLE = "LEDGER_TOKEN_KEY"  # noqa: S105  the name of a variable
CLIENT_RATE_VARIABLE = "LEDGER_CLIENT_RATE"
ADDRESS_RATE_VARIABLE = "LEDGER_ADDRESS_RATE"
WEBHOOK_LOOPBACK_VARIABLE = "LEDGER_WEBHOOK_LOOPBACK"

BODY_BYTES_MAX = 1_000_000
JSON_DEPTH_MAX = 32
TOKEN_SECONDS = 600
"""Longest life of an access token, and of what a client proves itself with."""
KEY_SECONDS_MAX = 5.0
"""How long a request waits for another one with the same idempotency key."""
RETRY_SECONDS = 1
"""When a caller who was told to come again should do so."""
STATEMENT_SECONDS_MAX = 15
"""Longest single query of a request that reads."""
PAGE_MAX = 200
"""Most items on one page of a list."""


class SettingUnreadable(Invalid):
    zh = "环境变量 {variable} 的值“{value}”不能识别。应如：{example}。"
    en = "The variable {variable} cannot be read: “{value}”. It is to look like {example}."


@dataclass(frozen=True, slots=True)
class Settings:
    public_url: str = "http://127.0.0.1:8000"
    """Where clients reach this API, without a path: issuer and audience of every token."""
    token_key: Path | None = None
    """PEM file of the key that signs access tokens; None: beside the anchors."""
    client_rate: str = "1200/minute"
    """Requests of one client."""
    address_rate: str = "300/minute"
    """Requests of one address that need no sign-in, those for a token among them."""
    webhook_loopback: bool = False
    """Whether changes may be sent to addresses of this machine: for tests, and for receivers beside us."""

    @property
    def token_url(self) -> str:
        return f"{self.public_url}/v1/token"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **more: str) -> "Settings":
        """The settings; `more` stands where the environment is silent.

        Raises:
            SettingUnreadable: with the variable, its value and an example.
        """
        found = os.environ if environment is None else environment
        default = cls()
        key = found.get(TOKEN_KEY_VARIABLE)
        return cls(
            public_url=_address(found.get(PUBLIC_URL_VARIABLE) or more.get("public_url") or default.public_url),
            token_key=Path(key).expanduser().resolve() if key else None,
            client_rate=_rate(CLIENT_RATE_VARIABLE, found.get(CLIENT_RATE_VARIABLE) or default.client_rate),
            webhook_loopback=_yes(WEBHOOK_LOOPBACK_VARIABLE, found.get(WEBHOOK_LOOPBACK_VARIABLE) or "no"),
            address_rate=_rate(ADDRESS_RATE_VARIABLE, found.get(ADDRESS_RATE_VARIABLE) or default.address_rate),
        )


def _yes(variable: str, value: str) -> bool:
    if value not in {"yes", "no"}:
        raise SettingUnreadable(variable=variable, value=value, example="yes")
    return value == "yes"


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        raise SettingUnreadable(variable=PUBLIC_URL_VARIABLE, value=url, example="https://vouchers.example.gov.cn")
    return f"{parts.scheme}://{parts.netloc}"


def _rate(variable: str, value: str) -> str:
    try:
        parse_rate(value)
    except ValueError:
        raise SettingUnreadable(variable=variable, value=value, example="1200/minute") from None
    return value
