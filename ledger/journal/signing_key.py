"""A file with an Ed25519 key: made when there is none, private to its owner, never seen half-written."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import Refused


class SigningKeyUnusable(Refused):
    zh = (
        "签名密钥 {path} 无法使用。请从备份恢复；若已遗失，请将密钥与锚定文件一并移走存档，再以新密钥开始新的锚定文件。"
    )
    en = (
        "The signing key {path} cannot be used. Restore it; if it is lost, move it and the anchors file away together, "
        "keep both, and a new file begins with a new key."
    )


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in this file, 64 hex digits; a new one where there is no file yet.

    Raises:
        SigningKeyUnusable: there is a file, and it holds no key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, new = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex().encode())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # somebody else was first: theirs is the key
            os.link(new, path)
        Path(new).unlink()
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip()))
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise SigningKeyUnusable(path=path) from error
