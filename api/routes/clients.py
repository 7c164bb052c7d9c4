"""A party's API clients: registered, rotated and revoked by the person they act for."""

from datetime import date
from typing import Literal

from fastapi import Request, Response, status
from pydantic import Field

from api.access import PARTY
from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Line, Lines, Shown, example
from api.dependencies import Caller, Reading, Sender, Sending, TheCaller
from api.errors import ScopeMissing
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from api.security.clients import NewSecret, key_from_pem
from api.security.scopes import known_scopes
from api.security.tokens import AccessTokens
from ledger.registry.clients import Client, clients_of, load_clients
from ledger.registry.credentials import SCOPES_MAX
from ledger.registry.register_client import RegisterClient
from ledger.registry.revoke_client import RevokeClient
from ledger.registry.rotate_client import RotateClient

router = SliceRouter("/v1/clients", tag="clients")

_CLIENT = {
    "code": "CL-1A2B-3C4D-5E6F7",
    "party": "91331122MA0000267X",
    "person": "P-1A2B-3C4D-5E6F7",
    "label": "ERP",
    "scopes": ["vouchers.read", "vouchers.write"],
    "credential": "secret",
    "registered_on": "2017-03-01",
    "revoked_on": None,
}
_PEM = "-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n"
_SECRET = "vledger_secret_…"  # noqa: S105  an example


class ClientShown(Shown):
    model_config = example(_CLIENT)

    code: str
    party: str
    person: str = Field(description="As whom it acts")
    label: str
    scopes: list[str]
    credential: Literal["secret", "private_key_jwt"] = Field(description="What it proves itself by")
    registered_on: date
    revoked_on: date | None


class ClientPage(Page[ClientShown]):
    model_config = example({"items": [_CLIENT], "next": None})


class NewClient(Body):
    model_config = example({"label": "ERP", "scopes": ["vouchers.read"], "public_key": None, "party": None})

    label: Line = Field(description="What it is, for people")
    scopes: list[Line] = Field(min_length=1, max_length=SCOPES_MAX, description="None that you do not have yourself")
    public_key: Lines | None = Field(default=None, description="P-256 key as PEM; without it, a secret is made")
    party: Line | None = Field(default=None, description="A unit that your body acts for; without it, your party")


class ClientRegistered(Written):
    model_config = example({"client": "CL-1A2B-3C4D-5E6F7", "secret": _SECRET, "proof": PROOF_EXAMPLE})

    client: str
    secret: str | None = Field(description="Keep it: the books hold its digest only. Null for a client with a key")


class Rotation(Body):
    model_config = example({"public_key": _PEM})

    public_key: Lines | None = Field(default=None, description="P-256 key as PEM; without it, a secret is made")


class Revocation(Body):
    model_config = example({"reason": "The machine it ran on was sold"})

    reason: Line


class Revoked(Written):
    model_config = example({"client": "CL-1A2B-3C4D-5E6F7", "revoked_on": "2017-04-01", "proof": PROOF_EXAMPLE})

    client: str
    revoked_on: date


def _shown(client: Client) -> ClientShown:
    credential = "secret" if client.secret_sha256 else "private_key_jwt"
    return ClientShown.of(client, scopes=sorted(client.scopes), credential=credential)


def _new_secret(request: Request, sender: Sender, public_key: str | None) -> NewSecret | None:
    """A secret where no key was given: the same one when the same person sends the same request again."""
    tokens: AccessTokens = request.app.state.tokens
    by = sender.signed
    return None if public_key else NewSecret.derived(tokens.key.private_pem, by["tenant"], by["key"], by["actor"])


def _own(caller: Caller, scopes: list[str]) -> tuple[str, ...]:
    """Nobody gives what it does not have."""
    for scope in known_scopes(scopes):
        if scope not in caller.scopes:
            raise ScopeMissing(scope=scope)
    return tuple(scopes)


@router.get("", summary="Clients of your party")
def clients(reader: Reading, caller: TheCaller, paging: Paging) -> ClientPage:
    (after,) = paging.start(1) or ("",)
    found = clients_of(reader, None if caller.bureau else caller.party, after, paging.look_ahead)
    return paging.page(ClientPage, found, _shown, lambda client: (client.code,))


@router.get("/{code}", summary="A client", response_model=ClientShown)
def client(code: str, request: Request, reader: Reading) -> Response:
    return document(request, _shown(load_clients(reader, [code])[code]))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Register a client that acts as you")
async def register(body: NewClient, request: Request, caller: TheCaller, sender: Sending) -> ClientRegistered:
    """The new client acts as the person as whom this request is made, and as nobody else."""
    secret = _new_secret(request, sender, body.public_key)
    if body.party:
        await sender.check_visible(PARTY, body.party)
    answer = await sender.send(
        RegisterClient(
            **sender.signed,
            party=body.party or caller.party,
            person=caller.person,
            label=body.label,
            scopes=_own(caller, body.scopes),
            secret_sha256=secret.sha256 if secret else None,
            public_key=key_from_pem(body.public_key) if body.public_key else None,
        )
    )
    return ClientRegistered.told(answer, secret=secret.text if secret else None)


@router.post("/{code}/credentials", status_code=status.HTTP_201_CREATED, summary="Give it a new secret or key")
async def rotate(code: str, body: Rotation, request: Request, sender: Sending) -> ClientRegistered:
    """From this moment the old one opens nothing. Only the person as whom the client acts can do this."""
    secret = _new_secret(request, sender, body.public_key)
    answer = await sender.send(
        RotateClient(
            **sender.signed,
            client=code,
            secret_sha256=secret.sha256 if secret else None,
            public_key=key_from_pem(body.public_key) if body.public_key else None,
        )
    )
    return ClientRegistered.told(answer, secret=secret.text if secret else None)


@router.post("/{code}/revocation", status_code=status.HTTP_201_CREATED, summary="Let it in no more")
async def revoke(code: str, body: Revocation, sender: Sending) -> Revoked:
    """Its tokens are out at once. Anybody who acts for the party can do this."""
    return Revoked.told(await sender.send(RevokeClient(**sender.signed, client=code, reason=body.reason)))
