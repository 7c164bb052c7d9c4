"""Sign-in of programs: a client's own credentials for an access token of ten minutes (OAuth 2.0 client credentials)."""

import base64
import binascii
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import unquote_plus

from fastapi import Depends, Form, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.bodies import example
from api.dependencies import TheServing
from api.rates import count_address
from api.routing import SliceRouter
from api.security.clients import is_secret, pem_of
from api.security.tokens import AccessTokens, TokenRejected, unverified_subject, verify_assertion
from api.serving import Serving
from api.settings import TOKEN_SECONDS, Settings
from ledger.assembly import BOOK
from ledger.database.walls import EVERYTHING
from ledger.registry.clients import Client, load_clients, use_assertion

router = SliceRouter("/v1", tag="sign-in")

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Token(BaseModel):
    model_config = example(
        {
            "access_token": "eyJhbGciOiJFUzI1NiIs…",
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": "vouchers.read vouchers.write",
        }
    )

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  a word of the standard
    expires_in: int = Field(description="Seconds")
    scope: str = Field(description="What it is good for")


class TokenRequest(BaseModel):
    """RFC 6749 §4.4. The client names itself in the Authorization header (basic), here, or by an assertion."""

    model_config = example(
        {
            "grant_type": "client_credentials",
            "client_id": "CL-1A2B-3C4D-5E6F7",
            "client_secret": "vledger_secret_…",
            "scope": "vouchers.read",
        }
    )

    grant_type: str = Field(max_length=100, description="client_credentials")
    scope: str | None = Field(default=None, max_length=2_000, description="Less than the client has; all of it without")
    client_id: str | None = Field(default=None, max_length=200)
    client_secret: str | None = Field(default=None, max_length=200)
    client_assertion_type: str | None = Field(default=None, max_length=200, description=ASSERTION_TYPE)
    client_assertion: str | None = Field(default=None, max_length=4_096, description="Signed with the client's key")


class TokenProblem(BaseModel):
    """RFC 6749 §5.2."""

    model_config = example(
        {"error": "invalid_client", "error_description": "No client proved itself with this request."}
    )

    error: Literal["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"]
    error_description: str


class NoToken(Exception):
    """A reason to give none, in the words of the standard."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.problem = TokenProblem.model_validate({"error": error, "error_description": description})
        self.status = status


@dataclass(frozen=True, slots=True)
class Proof:
    """What a request brings to prove who asks: exactly one of secret and assertion."""

    client: str
    secret: str | None = None
    assertion: str | None = None


@router.post(
    "/token",
    summary="An access token for a client's credentials",
    response_model=Token,
    responses={400: {"model": TokenProblem}, 401: {"model": TokenProblem}},
    dependencies=[Depends(count_address)],
)
def token(
    request: Request,
    serving: TheServing,
    asked: Annotated[TokenRequest, Form()],
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Response:
    try:
        granted = _grant(request, serving, asked, authorization)
    except NoToken as refusal:
        headers = {"Cache-Control": "no-store"}
        if refusal.status == 401:  # noqa: PLR2004  its own name
            headers["WWW-Authenticate"] = 'Basic realm="vledger"'
        return JSONResponse(refusal.problem.model_dump(), refusal.status, headers)
    return JSONResponse(granted.model_dump(), headers={"Cache-Control": "no-store"})


def _grant(request: Request, serving: Serving, asked: TokenRequest, authorization: str | None) -> Token:
    if asked.grant_type != "client_credentials":
        raise NoToken("unsupported_grant_type", "Only client_credentials is granted here.")
    settings: Settings = request.app.state.settings
    client = _proved(serving, settings, _proof(asked, authorization))
    request.scope["client_id"] = client.code
    wanted = frozenset((asked.scope or "").split()) or client.scopes
    if wanted - client.scopes:
        raise NoToken("invalid_scope", f"This client has no scope {' '.join(sorted(wanted - client.scopes))[:200]}.")
    tokens: AccessTokens = request.app.state.tokens
    return Token(
        access_token=tokens.issue(client.code, wanted), expires_in=TOKEN_SECONDS, scope=" ".join(sorted(wanted))
    )


def _proof(asked: TokenRequest, authorization: str | None) -> Proof:
    """One way of proving and no second one (RFC 6749 §2.3)."""
    found = []
    if authorization is not None:
        found.append(_basic(authorization))
    if asked.client_secret is not None:
        found.append(Proof(asked.client_id or "", secret=asked.client_secret))
    if asked.client_assertion is not None:
        found.append(_asserted(asked, asked.client_assertion))
    if len(found) != 1:
        raise NoToken("invalid_request", "Prove the client in exactly one way: basic, client_secret or an assertion.")
    if asked.client_id not in {None, found[0].client}:
        raise NoToken("invalid_request", "client_id and the credentials name two clients.")
    return found[0]


def _basic(authorization: str) -> Proof:
    kind, _, words = authorization.partition(" ")
    with suppress(binascii.Error, UnicodeDecodeError):
        client, colon, secret = base64.b64decode(words.strip(), validate=True).decode().partition(":")
        if kind.lower() == "basic" and colon:
            return Proof(unquote_plus(client), secret=unquote_plus(secret))
    raise _unproved()


def _asserted(asked: TokenRequest, assertion: str) -> Proof:
    if asked.client_assertion_type != ASSERTION_TYPE:
        raise NoToken("invalid_request", f"client_assertion_type is to be {ASSERTION_TYPE}.")
    try:
        return Proof(unverified_subject(assertion), assertion=assertion)
    except TokenRejected:
        raise _unproved() from None


def _proved(serving: Serving, settings: Settings, proof: Proof) -> Client:
    """The client whose secret or signature it is; who has none learns nothing about the others."""
    if not proof.client.isprintable():
        raise _unproved()
    with serving.reading(EVERYTHING) as reader:
        client = load_clients(reader, [proof.client]).get(proof.client)
    if client is None or client.revoked_on is not None:
        raise _unproved()
    if proof.secret is not None:
        if client.secret_sha256 is None or not is_secret(proof.secret, client.secret_sha256):
            raise _unproved()
    elif client.public_key is None or not _is_signed(
        serving, settings, client, client.public_key, proof.assertion or ""
    ):
        raise _unproved()
    return client


def _is_signed(serving: Serving, settings: Settings, client: Client, key: str, assertion: str) -> bool:
    """Whether an assertion is this client's, meant for us, and sent for the first time."""
    try:
        claims = verify_assertion(assertion, pem_of(key), client.code, (settings.token_url, settings.public_url))
    except TokenRejected:
        return False
    with serving.writer.begin() as connection:
        return use_assertion(
            connection, BOOK, client.code, claims.id, expires_at=claims.expires_at, now=datetime.now(UTC)
        )


def _unproved() -> NoToken:
    return NoToken("invalid_client", "No client proved itself with this request.", 401)
