"""Register an address to which a party has its changes sent."""

from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from typing import ClassVar
from urllib.parse import SplitResult, urlsplit

from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_party, require_post
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_name, readable, shown
from ledger.registry.webhook_store import LIVE_WEBHOOKS, WebhookTable
from policies.kernel.policies import Policies

ADDRESS_LENGTH_MAX = 500
WEBHOOKS_MAX = 5
"""Of one party. An operational limit of ours, not a rule of any scheme."""


class AddressNotSecure(Invalid):
    zh = "通知地址“{address}”应以 https:// 开头（本机 http://127.0.0.1 或 http://localhost 除外）。"
    en = "The address “{address}” is to begin with https:// (or, on the same machine, http://127.0.0.1 or localhost)."


class AddressUnreadable(Invalid):
    zh = "通知地址“{address}”不能识别：须有主机名，不得含用户名、密码或 # 片段。例如 https://erp.example.cn/vledger。"
    en = (
        "The address “{address}” cannot be read: it needs a host, and no user, password or fragment. "
        "For example https://erp.example.cn/vledger."
    )


class AddressNotPublic(Invalid):
    zh = "通知地址“{address}”指向内部网络，不能登记。请填写公开的主机名。"
    en = "The address “{address}” lies in a private network and cannot be registered. Name a public host."


class AddressRegistered(Refused):
    zh = "{party} 已登记通知地址“{address}”。"
    en = "{party} has the address “{address}” already."


class TooManyWebhooks(Refused):
    zh = "{party} 已有 {count} 个通知地址，最多 {most} 个。请先停用一个。"
    en = "{party} has {count} addresses, and {most} are the most. Withdraw one first."


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterWebhook(Command):
    kind: ClassVar[str] = "registry.register-webhook"

    party: str
    address: str


def reads(command: RegisterWebhook) -> Keys:
    checked_address(command.address)
    keys = PEOPLE.keys(command.actor) | PARTIES.keys(command.party) | LIVE_WEBHOOKS.keys(command.party)
    return readable(command, keys)


def decide(command: RegisterWebhook, state: State, _policies: Policies, today: date) -> Effects:
    party = require_party(state, command.party)
    require_post(state, command.actor, party.code)
    address = checked_address(command.address)
    live = state.one(LIVE_WEBHOOKS, party.code)
    if address in live:
        raise AddressRegistered(party=party.code, address=address)
    if len(live) >= WEBHOOKS_MAX:
        raise TooManyWebhooks(party=party.code, count=len(live), most=WEBHOOKS_MAX)

    row = WebhookTable(
        number=command.number("W"), party=party.code, address=address, registered_on=today, person=command.actor
    )
    return Effects({"webhook": row.number, "party": party.code, "address": address}, rows=(row,))


def checked_address(value: str) -> str:
    """An address on the public network, or on this machine; whether its host resolves so is checked at each sending."""
    address = checked_name(value, "通知地址", "address", ADDRESS_LENGTH_MAX)
    try:
        parts = urlsplit(address)
        host, readable_ = parts.hostname, parts.port != 0
    except ValueError:
        raise AddressUnreadable(address=shown(address)) from None
    if not host or not readable_ or parts.username or parts.password or parts.fragment or not address.isascii():
        raise AddressUnreadable(address=shown(address))
    if parts.scheme != "https" and not (parts.scheme == "http" and _on_this_machine(parts)):
        raise AddressNotSecure(address=shown(address))
    if not _on_this_machine(parts) and not _may_be_public(host):
        raise AddressNotPublic(address=shown(address))
    return address


def _on_this_machine(parts: SplitResult) -> bool:
    return parts.hostname in {"localhost", "127.0.0.1", "::1"}


def _may_be_public(host: str) -> bool:
    """A name may be; a number is looked at."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host


USE_CASE = UseCase(RegisterWebhook, reads, decide)
