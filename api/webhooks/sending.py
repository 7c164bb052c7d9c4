"""One request to one address: resolved once, to a public host, without redirects, within seconds.

An address is somebody else's word. Were it followed into our own network, whoever registered it could reach what only
we may. So the host is resolved here, every address it resolves to must be a public one, and the connection goes to
exactly that address.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

SECONDS_MAX = 10
"""For connecting, and again for the answer."""
FAILURE_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back."""

    status: int | None
    """Of HTTP; None: nothing came back."""
    failure: str | None
    milliseconds: int

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004  success, by RFC 9110

    @property
    def gone(self) -> bool:
        """The receiver says that nobody is there any more."""
        return self.status == http.client.GONE


class NotPublic(OSError):
    """The host resolves into a private network."""


def send(address: str, body: bytes, headers: Mapping[str, str], *, loopback: bool) -> Sent:
    """Send one message; whatever goes wrong comes back as a failure in words.

    Args:
        address: as it was registered.
        body: the message.
        headers: with its signature.
        loopback: whether addresses of this machine are allowed, for tests and for receivers beside us.
    """
    started = time.monotonic()
    status, failure = None, None
    try:
        status = _post(urlsplit(address), body, headers, loopback=loopback)
        failure = None if Sent(status, None, 0).taken else http.client.responses.get(status, "")
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        failure = f"{type(error).__name__}: {error}"[:FAILURE_LENGTH_MAX]
    return Sent(status, failure, int((time.monotonic() - started) * 1000))


def _post(parts: SplitResult, body: bytes, headers: Mapping[str, str], *, loopback: bool) -> int:
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS_MAX)
    connection.sock = _connected(host, port, secure=secure, loopback=loopback)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {**headers, "Host": _host_header(host, parts.port)})
        return connection.getresponse().status
    finally:
        connection.close()


def _host_header(host: str, port: int | None) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port is None else f"{name}:{port}"


def _connected(host: str, port: int, *, secure: bool, loopback: bool) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for _, _, _, _, place in found:
        reached = ip_address(place[0])
        if not (reached.is_global or (loopback and reached.is_loopback)):
            raise NotPublic(f"{host} is {reached}, which is no public address")
    family, kind, protocol, _, place = found[0]
    plain = socket.socket(family, kind, protocol)
    try:
        plain.settimeout(SECONDS_MAX)
        plain.connect(place)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    except BaseException:
        plain.close()
        raise
