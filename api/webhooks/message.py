"""What is sent to an address, and how it is signed: by the Standard Webhooks conventions, with an Ed25519 key.  (pure)

The receiver needs no shared secret: it checks the signature with the public key that the API shows.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.reports.changes import Change, Page


@dataclass(frozen=True, slots=True)
class Message:
    """The same page of changes is the same message, however often it is sent."""

    id: str
    body: bytes
    changes: int


def message_of(webhook: str, page: Page) -> Message:
    """The changes of a page as JSON; the id follows from the webhook and the last place told."""
    body = {"webhook": webhook, "changes": [change_json(change) for change in page.changes], "next": str(page.next)}
    return Message(f"{webhook}.{page.next}", json.dumps(body, ensure_ascii=False).encode(), len(page.changes))


def change_json(change: Change) -> Mapping[str, object]:
    """A change as the API and the messages tell it."""
    return {
        "cursor": str(change.place),
        "what": change.what,
        "recorded_at": change.recorded_at.isoformat(),
        "things": [{"kind": thing.kind, "number": thing.number} for thing in change.things],
    }


def headers(message: Message, at: datetime, key: Ed25519PrivateKey) -> dict[str, str]:
    """Id, time and signature over both and the body: `v1a,` and base64, as Standard Webhooks has it."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join((message.id.encode(), timestamp.encode(), message.body))
    return {
        "Content-Type": "application/json",
        "User-Agent": "vledger-webhooks",
        "webhook-id": message.id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1a,{base64.b64encode(key.sign(signed)).decode()}",
    }


def public_key_text(key: Ed25519PrivateKey) -> str:
    """The key that checks the signatures, as Standard Webhooks writes it."""
    return f"whpk_{base64.b64encode(key.public_key().public_bytes_raw()).decode()}"
