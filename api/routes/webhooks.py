"""Addresses to which your changes are sent."""

from datetime import date, datetime

from fastapi import status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Shown, Text, example
from api.dependencies import Reading, Sending, TheServing
from api.paging import CursorUnreadable, Page, Paging
from api.routing import SliceRouter
from api.webhooks.message import public_key_text
from ledger.journal.signing_key import signing_key
from ledger.registry.register_webhook import RegisterWebhook
from ledger.registry.resume_webhook import ResumeWebhook
from ledger.registry.webhook_listing import sendings_page, webhook_shown, webhooks_page
from ledger.registry.withdraw_webhook import WithdrawWebhook

router = SliceRouter("/v1/webhooks", tag="webhooks")

_WEBHOOK = {
    "number": "W-1A2B-3C4D-5E6F7",
    "party": "91331122MA0000267X",
    "address": "https://erp.example.cn/vledger",
    "registered_on": "2017-03-06",
    "ended_on": None,
    "failures": 0,
    "paused_at": None,
}
_SENDING = {
    "id": 7,
    "message": "W-1A2B-3C4D-5E6F7.128.0",
    "sent_at": "2017-03-07T01:00:05Z",
    "changes": 1,
    "status": 204,
    "failure": None,
    "milliseconds": 38,
}


class WebhookItem(Shown):
    model_config = example(_WEBHOOK)

    number: str
    party: str
    address: str
    registered_on: date
    ended_on: date | None
    failures: int = Field(description="In a row, up to now")
    paused_at: datetime | None = Field(description="Nothing is sent any more until you resume it")


class WebhookPage(Page[WebhookItem]):
    model_config = example({"items": [_WEBHOOK], "next": None})


class SendingItem(Shown):
    model_config = example(_SENDING)

    id: int
    message: str = Field(description="`webhook-id` of the request")
    sent_at: datetime
    changes: int
    status: int | None = Field(description="What the receiver answered; null when it did not")
    failure: str | None
    milliseconds: int


class SendingPage(Page[SendingItem]):
    model_config = example({"items": [_SENDING], "next": None})


class WebhookKey(Shown):
    """Ed25519, as Standard Webhooks writes it. `webhook-signature` is over `id.timestamp.body`."""

    model_config = example({"public_key": "whpk_MCowBQYDK2VwAyEAexample000000000000000000000="})

    public_key: str


class NewWebhook(Body):
    model_config = example({"party": "91331122MA0000267X", "address": "https://erp.example.cn/vledger"})

    party: Text
    address: Text


class WebhookRegistered(Written):
    model_config = example(
        {
            "webhook": _WEBHOOK["number"],
            "party": _WEBHOOK["party"],
            "address": _WEBHOOK["address"],
            "proof": PROOF_EXAMPLE,
        }
    )

    webhook: str
    party: str
    address: str


class WebhookResumed(Written):
    model_config = example({"webhook": "W-1A2B-3C4D-5E6F7", "proof": PROOF_EXAMPLE})

    webhook: str


class WebhookWithdrawal(Written):
    model_config = example({"webhook": "W-1A2B-3C4D-5E6F7", "ended_on": "2017-04-01", "proof": PROOF_EXAMPLE})

    webhook: str
    ended_on: date


_NEWEST = str(10**18)


def _before(words: tuple[str, ...] | None) -> int:
    word = words[0] if words else _NEWEST
    if not word.isdigit() or len(word) > len(_NEWEST):
        raise CursorUnreadable
    return int(word)


@router.get("", summary="Your addresses")
def webhooks(reader: Reading, paging: Paging) -> WebhookPage:
    after = (paging.start(1) or ("",))[0]
    found = webhooks_page(reader, after, paging.look_ahead)
    return paging.page(WebhookPage, found, WebhookItem.of, lambda webhook: (webhook.number,))


@router.get("/key", summary="The public key that checks the signatures of what is sent")
def webhook_key(serving: TheServing) -> WebhookKey:
    return WebhookKey(public_key=public_key_text(signing_key(serving.webhook_key)))


@router.get("/{number}", summary="An address, and how sending to it goes")
def webhook(number: str, reader: Reading) -> WebhookItem:
    return WebhookItem.of(webhook_shown(reader, number))


@router.get("/{number}/sendings", summary="What was sent and what came back, the newest first; kept for 90 days")
def sendings(number: str, reader: Reading, paging: Paging) -> SendingPage:
    found = sendings_page(reader, number, _before(paging.start(1)), paging.look_ahead)
    return paging.page(SendingPage, found, SendingItem.of, lambda sending: (sending.id,))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Have your changes sent to an address")
async def register(body: NewWebhook, sender: Sending) -> WebhookRegistered:
    """What changes from now on is sent there, signed, until it is taken. One may come twice: know it by its id."""
    command = RegisterWebhook(**sender.signed, party=body.party, address=body.address)
    return WebhookRegistered.told(await sender.send(command))


@router.post("/{number}/withdrawal", summary="Send nothing there any more")
async def withdraw(number: str, sender: Sending) -> WebhookWithdrawal:
    return WebhookWithdrawal.told(await sender.send(WithdrawWebhook(**sender.signed, webhook=number)))


@router.post("/{number}/resumption", summary="Try a paused address again, from where it stopped")
async def resume(number: str, sender: Sending) -> WebhookResumed:
    return WebhookResumed.told(await sender.send(ResumeWebhook(**sender.signed, webhook=number)))
