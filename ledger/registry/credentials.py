"""What a client of the API may be, and how it may prove itself.  (pure)"""

import base64
import binascii
import re
from collections.abc import Collection

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ledger.errors import Invalid, Refused
from ledger.executor.commands import State
from ledger.registry.clients import Client
from ledger.registry.rules import require_any_role, require_person
from ledger.registry.text import shown
from ledger.registry.values import SYSTEM, Person, Role

SCOPES_MAX = 50
_SCOPE = re.compile(r"[a-z]+(-[a-z]+)*\.(read|write)")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class OneCredential(Invalid):
    zh = "客户端须且只须有一种凭据：密钥摘要或公钥。"
    en = "A client has one kind of credential: the digest of a secret or a public key, and not both."


class SecretDigestUnreadable(Invalid):
    zh = "密钥摘要应为 64 位小写十六进制的 SHA-256，现为“{value}”。"
    en = "The digest of a secret is to be SHA-256 in 64 lower-case hex digits, not “{value}”."


class PublicKeyUnusable(Invalid):
    zh = "公钥不能使用：须为 P-256 曲线（ES256）的公钥，以 Base64 写成一行（PEM 文件中两行标记之间的内容）。"
    en = (
        "The public key cannot be used: it is to be of curve P-256 (ES256), as base64 on one line, "
        "that is, what stands between the marks of a PEM file."
    )


class ScopeUnreadable(Invalid):
    zh = "权限范围“{scope}”不能识别，应如 vouchers.read。"
    en = "The scope “{scope}” cannot be read; it is to look like vouchers.read."


class ScopesMissing(Invalid):
    zh = "客户端至少要有一项、最多 {most} 项权限范围，现为 {count} 项。"
    en = "A client has at least one scope and at most {most}, not {count}."


class ClientOfAnother(Refused):
    zh = "{actor} 不能设立代表 {person} 的客户端。请由 {person} 本人办理，或由管理员在命令行办理。"
    en = (
        "{actor} cannot let a client act as {person}. {person} can do it in person, "
        "or whoever runs the books on the command line."
    )


class PersonNotOfParty(Refused):
    zh = "{person} 在 {party} 没有任何职责，客户端不能以其名义代表该单位。请先授予职责。"
    en = "{person} has no role at {party}, so no client can act there in that name. Have a role granted first."


class ClientIsRevoked(Refused):
    zh = "客户端 {client} 已于 {revoked_on} 停用。"
    en = "The client {client} was revoked on {revoked_on}."


def require_self_or_system(state: State, actor: str, person: str) -> None:
    """A client signs as its person: nobody else may make one, but the system before anybody can sign in."""
    if actor == SYSTEM:
        return
    require_person(state, actor)
    if actor != person:
        raise ClientOfAnother(actor=actor, person=person)


def require_may_revoke(state: State, actor: str, client: Client) -> None:
    """To stop a client is no power over money: whoever has a role at its party may, an operator and the system too."""
    if actor == SYSTEM or require_person(state, actor).has(Role.OPERATOR):
        return
    require_any_role(state, actor, frozenset(Role), client.party)


def check_of_party(person: Person, party: str) -> None:
    if not any(person.has(role, party) for role in Role):
        raise PersonNotOfParty(person=person.code, party=party)


def check_standing(client: Client) -> None:
    if client.revoked_on is not None:
        raise ClientIsRevoked(client=client.code, revoked_on=client.revoked_on)


def checked_scopes(scopes: Collection[str]) -> str:
    """Scopes as they are kept: each once, in order."""
    for scope in scopes:
        if not _SCOPE.fullmatch(scope):
            raise ScopeUnreadable(scope=shown(scope))
    if not 0 < len(scopes) <= SCOPES_MAX:
        raise ScopesMissing(most=SCOPES_MAX, count=len(scopes))
    return " ".join(sorted(set(scopes)))


def check_credential(secret_sha256: str | None, public_key: str | None) -> None:
    """The digest of a secret, or a public key that ES256 can be verified with."""
    if (secret_sha256 is None) == (public_key is None):
        raise OneCredential
    if secret_sha256 is not None and not _DIGEST.fullmatch(secret_sha256):
        raise SecretDigestUnreadable(value=shown(secret_sha256))
    if public_key is not None and not _is_p256(public_key):
        raise PublicKeyUnusable


def _is_p256(public_key: str) -> bool:
    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
