"""Signed tokens: the only module that knows the library `jose` (an import contract says so).

The library is unforgiving to trust by default: it takes a key in DER as an HMAC secret, and a token without `exp` or
`aud` as good. So: ES256 and nothing else, keys as PEM, every claim required, at most ten minutes, no header but the
three we know, and never JWE.
"""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from jose import jwk, jws, jwt
from jose.backends.cryptography_backend import CryptographyECKey
from jose.exceptions import JOSEError

from api.settings import TOKEN_SECONDS
from ledger.errors import Refused

ALGORITHM = "ES256"
TOKEN_LENGTH_MAX = 4_096
LEEWAY_SECONDS = 10
"""By how much clocks of two machines may differ."""
JTI_LENGTH_MAX = 200

_HEADERS = {"alg", "typ", "kid"}
_PARTS = 3
_REQUIRED = {f"require_{claim}": True for claim in ("exp", "iat", "aud", "iss", "sub", "jti")}

if jwk.ECKey is not CryptographyECKey:  # the pure-Python one comes along as a dependency; it is slow and leaks timing
    raise RuntimeError("jose does not use the cryptography backend")


class TokenKeyUnusable(Refused):
    zh = "令牌签名密钥 {path} 无法使用：须为 P-256 私钥的 PEM 文件。请恢复该文件，或移走后由系统新建。"
    en = (
        "The key {path} that signs tokens cannot be used: it is to be a private P-256 key as PEM. "
        "Restore it, or move it away and a new one is made."
    )


class TokenRejected(Exception):
    """The token proves nothing. The reason is for tests and for us; a caller learns no more than that."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token that was verified says."""

    issuer: str
    subject: str
    id: str
    expires_at: datetime
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class TokenKey:
    """The key of this installation, as PEM; access tokens name it by its fingerprint."""

    private_pem: str
    public_pem: str
    id: str

    @classmethod
    def at(cls, path: Path) -> "TokenKey":
        """The key in the file, which is made where there is none: readable by its owner only, never half-written.

        Raises:
            TokenKeyUnusable: the file holds something else.
        """
        if not path.exists():
            _make(path)
        try:
            key = load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
            raise TokenKeyUnusable(path=path) from None
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
            raise TokenKeyUnusable(path=path)
        public = key.public_key()
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return cls(
            _private_pem(key).decode(),
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
            hashlib.sha256(spki).hexdigest()[:32],
        )


def _private_pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, new = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(_private_pem(generate_private_key(SECP256R1())))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # somebody else was first: theirs is the key
        os.link(new, path)
    Path(new).unlink()


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """Issues and verifies the access tokens of one installation (RFC 9068)."""

    key: TokenKey
    issuer: str

    @property
    def audience(self) -> str:
        return f"{self.issuer}/v1"

    def issue(self, client: str, scopes: Collection[str]) -> str:
        now = int(datetime.now(UTC).timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": client,
            "client_id": client,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": secrets.token_urlsafe(16),
            "scope": " ".join(sorted(scopes)),
        }
        return signed(claims, self.key.private_pem, {"typ": "at+jwt", "kid": self.key.id})

    def verify(self, token: str) -> Claims:
        """
        Raises:
            TokenRejected: it is not ours, not for us, or not any more.
        """
        header = _header(token)
        if header.get("kid") != self.key.id or header.get("typ") != "at+jwt":
            raise TokenRejected("signed with another key, or no access token")
        return _verified(token, self.key.public_pem, self.audience, self.issuer)


def signed(claims: dict[str, Any], private_pem: str, headers: dict[str, str]) -> str:
    token: str = jwt.encode(claims, private_pem, algorithm=ALGORITHM, headers=headers)
    return token


def unverified_subject(token: str) -> str:
    """Whose key an assertion is to be verified with. It proves nothing yet.

    Raises:
        TokenRejected: nobody can be read from it.
    """
    _header(token)
    try:
        subject = jwt.get_unverified_claims(token).get("sub")
    except (JOSEError, AttributeError):
        raise TokenRejected("its claims cannot be read") from None
    if not isinstance(subject, str):
        raise TokenRejected("no subject")
    return subject


def verify_assertion(token: str, public_pem: str, client: str, audiences: Collection[str]) -> Claims:
    """What a client has signed to prove itself (RFC 7523); that it is used once is the caller's to see to.

    Raises:
        TokenRejected: another key, another client, another audience, or not any more.
    """
    _header(token)
    for audience in audiences:
        with suppress(TokenRejected):
            claims = _verified(token, public_pem, audience, client)
            if claims.subject == client:
                return claims
    raise TokenRejected("no assertion of this client for us")


def _header(token: str) -> dict[str, Any]:
    """A signed token of three parts whose header names ES256 and brings no key or rule of its own."""
    if len(token) > TOKEN_LENGTH_MAX or token.count(".") != _PARTS - 1:
        raise TokenRejected("no signed token")
    try:
        header: dict[str, Any] = jws.get_unverified_header(token)
    except JOSEError:
        raise TokenRejected("its header cannot be read") from None
    if header.keys() - _HEADERS or header.get("alg") != ALGORITHM:
        raise TokenRejected(f"header {sorted(header)} with {header.get('alg')}")
    return header


def _verified(token: str, public_pem: str, audience: str, issuer: str) -> Claims:
    try:
        claims = jwt.decode(
            token,
            public_pem,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=issuer,
            options={**_REQUIRED, "leeway": LEEWAY_SECONDS},
        )
    except (JOSEError, TypeError, ValueError, OverflowError) as fault:
        raise TokenRejected(type(fault).__name__) from None
    issued_at, expires_at, id_ = claims["iat"], claims["exp"], claims["jti"]
    if type(issued_at) is not int or type(expires_at) is not int:
        raise TokenRejected("its times are no whole seconds")
    if expires_at - issued_at > TOKEN_SECONDS:
        raise TokenRejected("it lives too long")
    if issued_at > datetime.now(UTC).timestamp() + LEEWAY_SECONDS:
        raise TokenRejected("it comes from the future")
    if not 0 < len(id_) <= JTI_LENGTH_MAX or not id_.isprintable():
        raise TokenRejected("its id is empty, too long or no text")
    return Claims(
        issuer=issuer,
        subject=claims["sub"],
        id=id_,
        expires_at=datetime.fromtimestamp(expires_at, UTC) + timedelta(seconds=LEEWAY_SECONDS),
        scopes=frozenset(str(claims.get("scope", "")).split()),
    )
