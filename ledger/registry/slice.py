"""What the registry declares."""

from ledger.executor.slices import Slice
from ledger.registry import (
    cancel_registration,
    declare_controller,
    declare_relation,
    declare_size,
    end_agency,
    give_agency,
    give_mandate,
    grant_role,
    record_certificate,
    register_body,
    register_bureau,
    register_client,
    register_firm,
    register_instrument,
    register_person,
    register_team,
    register_unit,
    register_webhook,
    resume_webhook,
    revoke_client,
    revoke_role,
    rotate_client,
    set_calendar_days,
    set_tariff,
    withdraw_certificate,
    withdraw_mandate,
    withdraw_webhook,
)
from ledger.registry.agencies import AGENCIES
from ledger.registry.clients import CLIENT_AGGREGATES, CLIENT_LAWS, CLIENT_TABLES
from ledger.registry.laws import LAWS
from ledger.registry.store import AGGREGATES
from ledger.registry.supervision import SUPERVISED_DAYS
from ledger.registry.tables import TABLES
from ledger.registry.webhook_store import LIVE_WEBHOOKS, WEBHOOK_TABLES, WEBHOOKS

SLICE = Slice(
    name="registry",
    use_cases=(
        register_bureau.USE_CASE,
        register_person.USE_CASE,
        register_unit.USE_CASE,
        register_body.USE_CASE,
        register_firm.USE_CASE,
        register_team.USE_CASE,
        grant_role.USE_CASE,
        revoke_role.USE_CASE,
        give_agency.USE_CASE,
        end_agency.USE_CASE,
        give_mandate.USE_CASE,
        withdraw_mandate.USE_CASE,
        declare_size.USE_CASE,
        declare_controller.USE_CASE,
        declare_relation.USE_CASE,
        record_certificate.USE_CASE,
        withdraw_certificate.USE_CASE,
        register_instrument.USE_CASE,
        set_tariff.USE_CASE,
        set_calendar_days.USE_CASE,
        cancel_registration.USE_CASE,
        register_client.USE_CASE,
        rotate_client.USE_CASE,
        revoke_client.USE_CASE,
        register_webhook.USE_CASE,
        withdraw_webhook.USE_CASE,
        resume_webhook.USE_CASE,
    ),
    aggregates=(*AGGREGATES, SUPERVISED_DAYS, AGENCIES, *CLIENT_AGGREGATES, WEBHOOKS, LIVE_WEBHOOKS),
    tables=(*TABLES, *CLIENT_TABLES, *WEBHOOK_TABLES),
    laws=(*LAWS, *CLIENT_LAWS),
)
