"""Withdraw an address: nothing is sent there any more."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_post
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.webhook_store import WEBHOOKS, WebhookEndTable
from policies.kernel.policies import Policies


class WebhookWithdrawn(Refused):
    zh = "通知地址 {webhook} 已于 {ended_on} 停用。"
    en = "The webhook {webhook} was withdrawn on {ended_on}."


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawWebhook(Command):
    kind: ClassVar[str] = "registry.withdraw-webhook"

    webhook: str


def reads(command: WithdrawWebhook) -> Keys:
    return readable(command, WEBHOOKS.keys(command.webhook) | PEOPLE.keys(command.actor))


def decide(command: WithdrawWebhook, state: State, _policies: Policies, today: date) -> Effects:
    webhook = state.one(WEBHOOKS, command.webhook)
    require_post(state, command.actor, webhook.party)
    if webhook.ended_on:
        raise WebhookWithdrawn(webhook=webhook.number, ended_on=webhook.ended_on)
    row = WebhookEndTable(webhook=webhook.number, ended_on=today, person=command.actor)
    return Effects({"webhook": webhook.number, "ended_on": today}, rows=(row,))


USE_CASE = UseCase(WithdrawWebhook, reads, decide)
