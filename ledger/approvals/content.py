"""What an approval is bound to: the hash of exactly what was shown.  (pure)"""

import hashlib

from ledger.journal.attestation import Json, plain
from ledger.journal.verify_receipt import canonical


def content_hash(content: Json) -> str:
    """SHA-256 over the canonical JSON of what is to be approved, as 64 hex digits.

    Dates, instants and tuples are written as the books write them; a float is refused with TypeError.
    """
    return hashlib.sha256(b"vledger:approval:1:" + canonical(plain(content))).hexdigest()
