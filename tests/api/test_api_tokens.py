"""Who comes in: secrets, signed assertions, tokens; and every forgery that the token library is known to let pass."""

import base64
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import forging
import httpx2
import pytest
from served import PEOPLE, Served

from api.routes.token import ASSERTION_TYPE
from api.security.clients import NewSecret, key_from_pem
from api.security.tokens import TokenKey, TokenKeyUnusable
from api.settings import TOKEN_SECONDS
from ledger.registry.register_client import RegisterClient
from ledger.registry.revoke_client import RevokeClient
from ledger.registry.rotate_client import RotateClient

PATH = "/v1/vouchers"

Forgery = Callable[[dict[str, Any], dict[str, Any], Any], str]
"""From header, claims and private key of a good token to a token that must open nothing."""


def with_claims(**changes: object) -> Forgery:
    """Rightly signed, with other claims; None takes one away."""

    def forge(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:  # noqa: ANN401
        changed = {name: value for name, value in (claims | changes).items() if value is not None}
        return forging.es256(header, changed, key)

    return forge


def with_header(**changes: object) -> Forgery:
    return lambda header, claims, key: forging.es256(header | changes, claims, key)


def as_secret(encode: Callable[[Any], bytes]) -> Forgery:
    """Signed as HS256 with the public key, which everybody may know, as the secret."""
    return lambda header, claims, key: forging.hs256(header | {"alg": "HS256"}, claims, encode(key))


NOW = int(time.time())
FORGERIES: dict[str, Forgery] = {
    "public key as secret, PEM": as_secret(lambda key: forging.public_pem(key).encode()),
    "public key as secret, PEM on one line": as_secret(lambda key: forging.public_pem(key).strip().encode()),
    "public key as secret, DER": as_secret(forging.public_der),
    "public key as secret, the point": as_secret(lambda key: forging.public_der(key)[-65:]),
    "alg none": lambda header, claims, _: f"{forging.part(header | {'alg': 'none'})}.{forging.part(claims)}.",
    "alg None": lambda header, claims, _: f"{forging.part(header | {'alg': 'None'})}.{forging.part(claims)}.",
    "no signature": lambda header, claims, _: f"{forging.part(header)}.{forging.part(claims)}.",
    "another key": lambda header, claims, _: forging.es256(header, claims, forging.NEW_KEY),
    "claims changed after signing": lambda header, claims, key: ".".join(
        [
            *forging.es256(header, claims, key).split(".")[:1],
            forging.part(claims | {"sub": "CL-1"}),
            forging.es256(header, claims, key).split(".")[2],
        ]
    ),
    "another kid": with_header(kid="0" * 32),
    "no kid": lambda _h, claims, key: forging.es256({"alg": "ES256", "typ": "at+jwt"}, claims, key),
    "another type": with_header(typ="JWT"),
    "crit": with_header(crit=["exp"]),
    "jku": with_header(jku="https://attacker.example/keys"),
    "jwk": with_header(jwk={"kty": "EC"}),
    "x5u": with_header(x5u="https://attacker.example/cert"),
    "x5c": with_header(x5c=["MII"]),
    "no exp": with_claims(exp=None),
    "no iat": with_claims(iat=None),
    "no aud": with_claims(aud=None),
    "no iss": with_claims(iss=None),
    "no sub": with_claims(sub=None),
    "no jti": with_claims(jti=None),
    "empty jti": with_claims(jti=""),
    "expired": with_claims(iat=NOW - 1_000, exp=NOW - 500),
    "lives too long": with_claims(exp=NOW + 86_400),
    "from the future": with_claims(iat=NOW + 86_400, exp=NOW + 86_460),
    "times as text": with_claims(iat=str(NOW), exp=str(NOW + 60)),
    "times with fractions": with_claims(iat=NOW + 0.5, exp=NOW + 60.5),
    "another audience": with_claims(aud="https://elsewhere.example/v1"),
    "another issuer": with_claims(iss="https://elsewhere.example"),
    "a client that is not there": with_claims(sub="CL-0000-0000-00000"),
    "a subject that is no text": with_claims(sub=17),
    "claims that are a list": lambda header, _claims, key: forging.es256(header, ["x"], key),
    "five parts, as JWE has": lambda header, claims, key: forging.es256(header, claims, key) + ".x.y",
    "two parts": lambda header, claims, _: f"{forging.part(header)}.{forging.part(claims)}",
    "no JSON": lambda _h, _c, _k: "x.y.z",
    "very long": lambda header, claims, key: forging.es256(header, claims | {"pad": "x" * 10_000}, key),
}


def carrying(served: Served, token: str) -> httpx2.Response:
    return served.http.get(PATH, headers={"Authorization": f"Bearer {token}"})


def good(served: Served) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Header and claims of a token that is good now, and the private key of the installation."""
    header, claims = forging.parts_of(served.signed_in("applicant")["Authorization"].partition(" ")[2])
    now = int(time.time())
    return header, claims | {"iat": now, "exp": now + 60}, forging.private_key(served.app.state.tokens.key.private_pem)


def test_the_forgers_own_way_of_signing_makes_good_tokens(standing: Served) -> None:
    """Else the forgeries below would prove nothing."""
    header, claims, key = good(standing)

    assert carrying(standing, forging.es256(header, claims, key)).status_code == 200


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_opens_nothing(standing: Served, forgery: Forgery) -> None:
    answer = carrying(standing, forgery(*good(standing)))

    assert (answer.status_code, answer.json()["code"]) == (401, "NotSignedIn")


@pytest.mark.parametrize("header", ["", "Bearer", "Basic eDp5", "bearer x y", "Bearer 令牌"])
def test_what_is_no_bearer_token_opens_nothing(standing: Served, header: str) -> None:
    answer = standing.http.get(PATH, headers={"Authorization": header.encode()})

    assert answer.status_code == 401


def test_a_token_cannot_ask_for_more_than_its_client_has(standing: Served) -> None:
    header, claims, key = good(standing)
    reader_only, _ = standing.client("applicant", "vouchers.read")

    forged = forging.es256(header, claims | {"sub": reader_only, "scope": "vouchers.read vouchers.write"}, key)
    answer = standing.http.post(
        f"{PATH}/V-1/contracts", headers={"Authorization": f"Bearer {forged}", "Idempotency-Key": "k"}, json={}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "ScopeMissing")


# -- secrets -----------------------------------------------------------------------------------------------------------


def test_a_token_says_who_and_what_for_and_lives_ten_minutes(standing: Served) -> None:
    client, secret = standing.client("applicant", "vouchers.read", "vouchers.write")

    answer = standing.token(client, secret, scope="vouchers.read")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() | {"access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": "vouchers.read",
    }
    _, claims = forging.parts_of(answer.json()["access_token"])
    assert claims["exp"] - claims["iat"] == TOKEN_SECONDS
    assert claims["sub"] == client
    assert set(claims) == {"iss", "aud", "sub", "client_id", "iat", "exp", "jti", "scope"}


def test_a_secret_may_come_in_the_header(standing: Served) -> None:
    client, secret = standing.credentials("applicant")

    answer = standing.http.post("/v1/token", data={"grant_type": "client_credentials"}, auth=(client, secret))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "vledger_secret_wrong"}, 401, "invalid_client"),
        ({"client_secret": "密钥"}, 401, "invalid_client"),
        ({"client_id": "CL-0000-0000-00000"}, 401, "invalid_client"),
        ({"client_id": "\x00"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "vouchers.read everything.write"}, 400, "invalid_scope"),
        ({"client_assertion": "x.y.z", "client_assertion_type": ASSERTION_TYPE}, 401, "invalid_client"),
        ({"client_assertion": "x.y.z", "client_assertion_type": "saml"}, 400, "invalid_request"),
    ],
)
def test_a_token_is_denied_in_the_words_of_the_standard(
    standing: Served, changes: dict[str, str], status: int, error: str
) -> None:
    client, secret = standing.credentials("applicant")
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret} | changes

    answer = standing.http.post("/v1/token", data=form)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_two_ways_of_proving_at_once_are_refused(standing: Served) -> None:
    client, secret = standing.credentials("applicant")

    answer = standing.http.post(
        "/v1/token", data={"grant_type": "client_credentials", "client_secret": secret}, auth=(client, secret)
    )

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_nobody_in_particular_gets_no_token(standing: Served) -> None:
    answer = standing.http.post("/v1/token", data={"grant_type": "client_credentials"})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_the_books_hold_the_digest_of_a_secret_and_never_the_secret(standing: Served) -> None:
    client, secret = standing.client("applicant")

    rows = standing.programme.rows("SELECT request::text FROM command WHERE kind = 'registry.register-client'")

    assert secret.startswith("vledger_secret_")
    assert len(base64.urlsafe_b64decode(secret.removeprefix("vledger_secret_") + "=")) == 32
    assert not [row for row in rows if secret in row[0]]
    assert standing.token(client, secret).status_code == 200


def test_a_revoked_client_is_out_at_once(standing: Served) -> None:
    client, secret = standing.client("applicant")
    token = standing.token(client, secret).json()["access_token"]
    assert carrying(standing, token).status_code == 200

    standing.programme.do(RevokeClient, "operator", client=client, reason="密钥泄露")

    assert carrying(standing, token).status_code == 401
    assert standing.token(client, secret).status_code == 401


def test_after_rotation_the_old_secret_opens_nothing(standing: Served) -> None:
    client, secret = standing.client("applicant")
    new = NewSecret.make()

    standing.programme.do(RotateClient, "applicant", client=client, secret_sha256=new.sha256)

    assert standing.token(client, secret).status_code == 401
    assert standing.token(client, new.text).status_code == 200


# -- assertions (RFC 7523) ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keyed(standing: Served) -> str:
    """A client that signs with a key of its own."""
    body = standing.programme.do(
        RegisterClient,
        party=PEOPLE["officer"],
        person=standing.programme.people["officer"],
        label="LIMS",
        scopes=("vouchers.read",),
        public_key=key_from_pem(forging.public_pem(forging.NEW_KEY)),
    )
    return str(body["client"])


def claims_of(client: str, served: Served, **changes: object) -> dict[str, object]:
    now = int(time.time())
    claims = {
        "iss": client,
        "sub": client,
        "aud": served.app.state.settings.token_url,
        "iat": now,
        "exp": now + 60,
        "jti": f"j-{time.perf_counter_ns()}",
    }
    return {name: value for name, value in (claims | changes).items() if value is not None}


def asserting(served: Served, assertion: str) -> httpx2.Response:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
    }
    return served.http.post("/v1/token", data=form)


def test_a_client_signs_in_with_its_key_and_each_assertion_once(standing: Served, keyed: str) -> None:
    assertion = forging.es256({"alg": "ES256"}, claims_of(keyed, standing), forging.NEW_KEY)

    first, again = asserting(standing, assertion), asserting(standing, assertion)

    assert first.status_code == 200
    assert carrying(standing, first.json()["access_token"]).status_code == 200
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


WRONG_CLAIMS: dict[str, dict[str, object]] = {
    "another audience": {"aud": "https://elsewhere.example"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "CL-0000-0000-00000"},
    "another subject": {"sub": "CL-0000-0000-00000"},
    "no exp": {"exp": None},
    "no jti": {"jti": None},
    "a jti that no database takes": {"jti": "a\x00b"},
    "a jti with half a character": {"jti": "\ud800"},
    "a long jti": {"jti": "j" * 201},
    "expired": {"exp": NOW - 100, "iat": NOW - 200},
    "an hour": {"exp": NOW + 3_600},
}


@pytest.mark.parametrize("changes", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_an_assertion_with_other_claims_proves_nothing(
    standing: Served, keyed: str, changes: dict[str, object]
) -> None:
    assertion = forging.es256({"alg": "ES256"}, claims_of(keyed, standing, **changes), forging.NEW_KEY)

    assert asserting(standing, assertion).status_code == 401


def test_an_assertion_signed_with_the_public_key_proves_nothing(standing: Served, keyed: str) -> None:
    for secret in (forging.public_der(forging.NEW_KEY), forging.public_pem(forging.NEW_KEY).encode()):
        assertion = forging.hs256({"alg": "HS256"}, claims_of(keyed, standing), secret)

        assert asserting(standing, assertion).status_code == 401


def test_a_client_with_a_secret_cannot_sign_and_one_with_a_key_has_no_secret(standing: Served, keyed: str) -> None:
    client, _ = standing.credentials("applicant")
    assertion = forging.es256({"alg": "ES256"}, claims_of(client, standing), forging.NEW_KEY)

    assert asserting(standing, assertion).status_code == 401
    assert standing.token(keyed, "vledger_secret_x").status_code == 401


# -- the key of the installation ---------------------------------------------------------------------------------------


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "tokens.pem"

    made, found = TokenKey.at(path), TokenKey.at(path)

    assert made == found
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [other.name for other in path.parent.iterdir()] == ["tokens.pem"]


@pytest.mark.parametrize("content", ["", "hello", "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_cannot_be_used_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "tokens.pem"
    path.write_text(content)

    with pytest.raises(TokenKeyUnusable, match=r"tokens\.pem"):
        TokenKey.at(path)
