"""Resume an address that was paused because it did not answer: from where it stopped."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_post
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.webhook_store import WEBHOOKS, WebhookResumptionTable
from ledger.registry.withdraw_webhook import WebhookWithdrawn
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeWebhook(Command):
    kind: ClassVar[str] = "registry.resume-webhook"

    webhook: str


def reads(command: ResumeWebhook) -> Keys:
    return readable(command, WEBHOOKS.keys(command.webhook) | PEOPLE.keys(command.actor))


def decide(command: ResumeWebhook, state: State, _policies: Policies, _today: date) -> Effects:
    webhook = state.one(WEBHOOKS, command.webhook)
    require_post(state, command.actor, webhook.party)
    if webhook.ended_on:
        raise WebhookWithdrawn(webhook=webhook.number, ended_on=webhook.ended_on)
    row = WebhookResumptionTable(webhook=webhook.number, step=webhook.resumptions + 1, person=command.actor)
    return Effects({"webhook": webhook.number}, rows=(row,))


USE_CASE = UseCase(ResumeWebhook, reads, decide)
