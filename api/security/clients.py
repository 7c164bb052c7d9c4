"""Secrets and proofs of clients: how one is made, and how the edge finds out who asks."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from ledger.errors import Invalid

SECRET_PREFIX = "vledger_secret_"  # noqa: S105  so that a scanner of leaked secrets can know one
_SECRET_BYTES = 32


class PemUnreadable(Invalid):
    zh = "公钥不能识别：须为 PEM 文件，以 -----BEGIN PUBLIC KEY----- 开头。"
    en = "The public key cannot be read: it is to be a PEM file that begins with -----BEGIN PUBLIC KEY-----."


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret that is shown once; the books get its digest only."""

    text: str

    @classmethod
    def make(cls) -> "NewSecret":
        return cls(SECRET_PREFIX + secrets.token_urlsafe(_SECRET_BYTES))

    @classmethod
    def derived(cls, key: str, *words: str) -> "NewSecret":
        """The secret of a request over HTTP: sent again by the same person under the same key, it is the same one.

        It is as hard to guess as the installation's key, whose holder could sign any token anyway.
        """
        said = json.dumps(["client secret", *words]).encode()
        digest = hmac.new(key.encode(), said, hashlib.sha256).digest()
        return cls(SECRET_PREFIX + base64.urlsafe_b64encode(digest).decode().rstrip("="))

    @property
    def sha256(self) -> str:
        return digest_of(self.text)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_secret(given: str, sha256: str) -> bool:
    """Compared in a time that does not depend on where they differ."""
    return hmac.compare_digest(digest_of(given), sha256)


def key_from_pem(pem: str) -> str:
    """A public key as the books keep it: subject public key info, base64 on one line."""
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise PemUnreadable from None
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def pem_of(key: str) -> str:
    """PEM again, as the token library needs it: a key in DER would pass as a secret there."""
    lines = "\n".join(key[start : start + 64] for start in range(0, len(key), 64))
    return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n"
