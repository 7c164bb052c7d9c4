"""Public keys of other kinds than the one that is taken, and one of it: base64 on one line."""

import base64

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def _spki(key: object) -> str:
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()  # type: ignore[attr-defined]


P256 = _spki(generate_private_key(SECP256R1()).public_key())
P384 = _spki(generate_private_key(SECP384R1()).public_key())
RSA = _spki(generate_rsa(65_537, 2_048).public_key())
