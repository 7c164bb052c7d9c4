"""What changed is told to the addresses of those it happened to: signed, in order, again until it is taken."""

import base64
import threading
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from programme import FIRM, OTHER_FIRM, UNIT, Programme
from receiver import Receiver

from api.webhooks.deliverer import LOOK_EVERY, Deliverer
from api.webhooks.message import public_key_text
from api.webhooks.progress import WAITS
from api.webhooks.sending import send
from ledger.errors import Invalid
from ledger.registry.register_webhook import RegisterWebhook
from ledger.registry.resume_webhook import ResumeWebhook
from ledger.registry.withdraw_webhook import WithdrawWebhook


def register(programme: Programme, receiver: Receiver, party: str = FIRM, by: str = "applicant", path: str = "") -> str:
    address = receiver.address + path
    return str(programme.do(RegisterWebhook, by, party=party, address=address)["webhook"])


def later(programme: Programme, wait: timedelta = LOOK_EVERY) -> None:
    programme.clock._at += wait


def told(receiver: Receiver) -> list[str]:
    return [change["what"] for one in receiver.got for change in one.json["changes"]]


@pytest.fixture
def voucher(programme: Programme) -> str:
    programme.letter()
    return programme.issue()


def test_what_happens_after_its_registration_is_told_once_and_in_order(
    programme: Programme, receiver: Receiver, deliverer: Deliverer, voucher: str
) -> None:
    register(programme, receiver)
    contract = programme.reserve(voucher, 1_000_00, 2_000_00)
    programme.accept(contract, programme.billed(contract, 2_000_00))

    deliverer.deliver_due()
    later(programme)
    deliverer.deliver_due()

    assert told(receiver) == ["voucher.reserve", "fee.issue-bill", "voucher.accept"]
    assert {"kind": "contract", "number": contract} in receiver.got[0].json["changes"][0]["things"]


def test_a_message_is_signed_with_the_key_that_is_shown(
    programme: Programme, receiver: Receiver, deliverer: Deliverer, voucher: str, key: Ed25519PrivateKey
) -> None:
    webhook = register(programme, receiver)
    programme.reserve(voucher, 1_000_00, 2_000_00)
    deliverer.deliver_due()

    (got,) = receiver.got
    version, signature = got.headers["webhook-signature"].split(",")
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    public = key.public_key()
    assert version == "v1a"
    public.verify(base64.b64decode(signature), signed)
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(signature), signed + b" ")
    assert base64.b64decode(public_key_text(key).removeprefix("whpk_")) == public.public_bytes_raw()
    assert got.json["webhook"] == webhook
    assert int(got.headers["webhook-timestamp"]) == int(programme.clock.now().timestamp())


def test_each_party_is_told_its_own_and_no_more(
    programme: Programme, receiver: Receiver, deliverer: Deliverer, voucher: str
) -> None:
    register(programme, receiver, OTHER_FIRM, "other applicant", "/other")
    unit = register(programme, receiver, UNIT, "officer", "/unit")
    contract = programme.accepted(voucher, 1_000_00, 2_000_00)
    programme.file(contract)

    deliverer.deliver_due()

    assert {one.json["webhook"] for one in receiver.got} == {unit}
    assert told(receiver)[-1] == "voucher.file-claim"


@pytest.mark.parametrize("status", [500, 400, 302, 429])
def test_what_is_not_taken_is_sent_again_later_as_the_same_message(
    programme: Programme, receiver: Receiver, deliverer: Deliverer, voucher: str, status: int
) -> None:
    register(programme, receiver)
    programme.reserve(voucher, 1_000_00, 2_000_00)
    receiver.answers = [status]

    deliverer.deliver_due()
    deliverer.deliver_due()
    assert len(receiver.got) == 1
    later(programme, WAITS[0])
    deliverer.deliver_due()

    first, second = receiver.got
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert programme.rows("SELECT status FROM webhook_sending ORDER BY id") == [(status,), (204,)]


def test_an_address_that_never_takes_it_is_paused_and_goes_on_where_it_stopped_when_resumed(
    programme: Programme, receiver: Receiver, deliverer: Deliverer, voucher: str
) -> None:
    webhook = register(programme, receiver)
    programme.reserve(voucher, 1_000_00, 2_000_00)
    receiver.answers = [500] * (len(WAITS) + 1)
    for wait in (timedelta(), *WAITS, timedelta(days=30)):
        later(programme, wait)
        deliverer.deliver_due()
    assert len(receiver.got) == len(WAITS) + 1
    assert programme.rows("SELECT paused_at IS NOT NULL FROM webhook_progress") == [(True,)]

    programme.reserve(voucher, 2_000_00, 4_000_00)
    programme.do(ResumeWebhook, "applicant", webhook=webhook)
    deliverer.deliver_due()

    assert [change["what"] for change in receiver.got[-1].json["changes"]] == ["voucher.reserve", "voucher.reserve"]


def test_a_receiver_that_is_gone_is_paused_at_once(
    programme: Programme, receiver: Receiver, deliverer: Deliverer, voucher: str
) -> None:
    register(programme, receiver)
    programme.reserve(voucher, 1_000_00, 2_000_00)
    receiver.answers = [410]

    deliverer.deliver_due()
    later(programme, timedelta(days=9))
    deliverer.deliver_due()

    assert len(receiver.got) == 1


def test_nothing_is_sent_to_an_address_that_was_withdrawn(
    programme: Programme, receiver: Receiver, deliverer: Deliverer, voucher: str
) -> None:
    webhook = register(programme, receiver)
    programme.reserve(voucher, 1_000_00, 2_000_00)
    programme.do(WithdrawWebhook, "applicant", webhook=webhook)

    deliverer.deliver_due()

    assert receiver.got == []
    assert programme.refused(WithdrawWebhook, "applicant", webhook=webhook).startswith("WebhookWithdrawn")


def test_two_who_deliver_at_once_send_a_message_once(
    programme: Programme, receiver: Receiver, key: Ed25519PrivateKey, voucher: str
) -> None:
    register(programme, receiver)
    programme.reserve(voucher, 1_000_00, 2_000_00)
    receiver.waits = threading.Event()
    database = programme.database
    pair = [Deliverer(database.writer, database.reader, key, programme.clock, loopback=True) for _ in range(2)]
    first = threading.Thread(target=pair[0].deliver_due)
    first.start()
    while not receiver.got:
        first.join(0.01)

    assert pair[1].deliver_due() == 0
    receiver.waits.set()
    first.join(30)

    assert len(receiver.got) == 1


def test_the_threads_deliver_by_themselves_and_stop_when_asked(
    programme: Programme, receiver: Receiver, deliverer: Deliverer, voucher: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.webhooks.deliverer.LOOK_EVERY", timedelta(milliseconds=10))
    register(programme, receiver)
    programme.reserve(voucher, 1_000_00, 2_000_00)

    with deliverer:
        for _ in range(1_000):
            if receiver.got:
                break
            threading.Event().wait(0.01)

    assert told(receiver) == ["voucher.reserve"]


# -- whose word an address is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://erp.example.cn/x", "AddressNotSecure"),
        ("ftp://erp.example.cn", "AddressNotSecure"),
        ("https://user:secret@erp.example.cn/", "AddressUnreadable"),
        ("https://", "AddressUnreadable"),
        ("https://erp.example.cn:99999/", "AddressUnreadable"),
        ("https://erp.example.cn/#x", "AddressUnreadable"),
        ("https://10.0.0.1/", "AddressNotPublic"),
        ("https://169.254.169.254/latest", "AddressNotPublic"),
        ("https://[fd00::1]/", "AddressNotPublic"),
        ("https://intranet/", "AddressNotPublic"),
        ("", "TextMissing"),
        ("https://erp.example.cn/" + "x" * 600, "TextTooLong"),
    ],
)
def test_an_address_that_cannot_be_ours_to_call_is_not_registered(
    programme: Programme, address: str, code: str
) -> None:
    with pytest.raises(Invalid) as error:
        programme.run(RegisterWebhook, "applicant", party=FIRM, address=address)
    assert error.value.code == code


def test_who_registers_belongs_to_the_party_and_to_no_other(programme: Programme) -> None:
    address = "https://erp.example.cn/vledger"

    assert programme.refused(RegisterWebhook, "officer", party=FIRM, address=address).startswith("RoleMissingAt")
    webhook = programme.do(RegisterWebhook, "applicant", party=FIRM, address=address)["webhook"]
    assert programme.refused(WithdrawWebhook, "officer", webhook=webhook).startswith("RoleMissingAt")
    assert programme.refused(RegisterWebhook, "applicant", party=FIRM, address=address).startswith("AddressRegistered")
    for n in range(4):
        programme.do(RegisterWebhook, "applicant", party=FIRM, address=f"{address}/{n}")
    assert programme.refused(RegisterWebhook, "applicant", party=FIRM, address=f"{address}/9").startswith("TooMany")
    assert programme.faults() == []


def test_a_host_that_resolves_into_a_private_network_is_not_called(receiver: Receiver) -> None:
    sent = send(receiver.address, b"{}", {}, loopback=False)

    assert sent.status is None
    assert "127.0.0.1, which is no public address" in str(sent.failure)
    assert receiver.got == []
    assert send(receiver.address, b"{}", {}, loopback=True).taken


def test_a_receiver_that_is_not_there_is_a_failure_in_words() -> None:
    sent = send("http://127.0.0.1:1/", b"{}", {}, loopback=True)

    assert (sent.status, sent.taken) == (None, False)
    assert "refused" in str(sent.failure).lower()
