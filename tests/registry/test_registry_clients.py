"""Who may let a program act as whom, and what it may prove itself with."""

from collections.abc import Iterator

import pytest
import some_keys as keys
from databases import Database
from programme import COMMISSION, FIRM, OTHER_FIRM, Programme, open_programme

from ledger.errors import Invalid
from ledger.registry.register_client import RegisterClient
from ledger.registry.revoke_client import RevokeClient
from ledger.registry.rotate_client import RotateClient

DIGEST = "0" * 64


@pytest.fixture
def programme(database: Database) -> Iterator[Programme]:
    with open_programme(database) as programme:
        yield programme


def facts(programme: Programme, **changes: object) -> dict[str, object]:
    person = programme.people["applicant"]
    return {
        "party": FIRM,
        "person": person,
        "label": "ERP",
        "scopes": ("vouchers.read",),
        "secret_sha256": DIGEST,
    } | changes


def test_a_person_and_the_system_may_make_a_client_and_nobody_else(programme: Programme) -> None:
    programme.do(RegisterClient, "applicant", **facts(programme))
    programme.do(RegisterClient, **facts(programme))

    for other in ("operator", "finance", "other applicant"):
        assert programme.refused(RegisterClient, other, **facts(programme)).startswith("ClientOfAnother")
    assert programme.refused(RegisterClient, "P-NOBODY", **facts(programme)).startswith("UnknownActor")
    assert programme.faults() == []


def test_a_client_acts_for_a_party_where_its_person_has_a_role(programme: Programme) -> None:
    assert programme.refused(RegisterClient, **facts(programme, party=OTHER_FIRM)).startswith("PersonNotOfParty")
    assert programme.refused(RegisterClient, **facts(programme, party="91X")).startswith("NotFound")
    assert programme.refused(RegisterClient, **facts(programme, person="P-1")).startswith("NotFound")
    operator = programme.people["operator"]
    programme.do(RegisterClient, **facts(programme, party=COMMISSION, person=operator))


NO_CLIENTS: dict[str, tuple[dict[str, object], str]] = {
    "nothing to prove itself with": ({"secret_sha256": None}, "OneCredential"),
    "two things to prove itself with": ({"public_key": keys.P256}, "OneCredential"),
    "a digest in capitals": ({"secret_sha256": "F" * 64}, "SecretDigestUnreadable"),
    "a digest too short": ({"secret_sha256": "0" * 63}, "SecretDigestUnreadable"),
    "a key of another curve": ({"secret_sha256": None, "public_key": keys.P384}, "PublicKeyUnusable"),
    "an RSA key": ({"secret_sha256": None, "public_key": keys.RSA}, "PublicKeyUnusable"),
    "no key": ({"secret_sha256": None, "public_key": "hello"}, "PublicKeyUnusable"),
    "an empty key": ({"secret_sha256": None, "public_key": ""}, "PublicKeyUnusable"),
    "no scope": ({"scopes": ()}, "ScopesMissing"),
    "too many scopes": ({"scopes": tuple(f"{'a' * n}.read" for n in range(1, 52))}, "ScopesMissing"),
    "half a scope": ({"scopes": ("vouchers",)}, "ScopeUnreadable"),
    "two scopes in one": ({"scopes": ("vouchers.read vouchers.write",)}, "ScopeUnreadable"),
    "no label": ({"label": " "}, "TextMissing"),
}


@pytest.mark.parametrize(("changes", "kind"), NO_CLIENTS.values(), ids=NO_CLIENTS)
def test_what_is_no_client_is_not_kept(programme: Programme, changes: dict[str, object], kind: str) -> None:
    with pytest.raises(Invalid) as raised:
        programme.run(RegisterClient, **facts(programme, **changes))

    assert raised.value.code == kind


def test_a_rotation_replaces_a_secret_by_a_key_and_a_revocation_ends_both(programme: Programme) -> None:
    client = programme.do(RegisterClient, "applicant", **facts(programme))["client"]

    programme.do(RotateClient, "applicant", client=client, public_key=keys.P256)
    assert programme.refused(RotateClient, "operator", client=client, secret_sha256=DIGEST).startswith(
        "ClientOfAnother"
    )
    assert programme.refused(RevokeClient, "other applicant", client=client, reason="x").startswith("RoleMissingAt")
    programme.do(RevokeClient, "operator", client=client, reason="停业")

    assert programme.refused(RevokeClient, client=client, reason="x").startswith("ClientIsRevoked")
    assert programme.refused(RotateClient, client=client, secret_sha256=DIGEST).startswith("ClientIsRevoked")
    assert programme.rows("SELECT step, secret_sha256, public_key FROM client_credential ORDER BY step") == [
        (1, DIGEST, None),
        (2, None, keys.P256),
    ]
    assert programme.faults() == []
