"""`vledger client`: programs that may use the API, and as whom."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from api.books import open_books
from api.cli.options import AsJson, Data, in_language
from api.cli.sending import TENANT, IdempotencyKey, as_object, said_before, send, sending
from api.cli.tables import print_table
from api.security.clients import NewSecret, PemUnreadable, key_from_pem
from api.security.scopes import SCOPES, known_scopes
from ledger.assembly import BOOK
from ledger.errors import Invalid
from ledger.executor.commands import Answer, Command
from ledger.executor.reading import Reader
from ledger.registry.clients import Client, clients_of
from ledger.registry.register_client import RegisterClient
from ledger.registry.revoke_client import RevokeClient
from ledger.registry.rotate_client import RotateClient
from ledger.registry.values import SYSTEM

app = typer.Typer(no_args_is_help=True, help="Programs that use the API: add, list, rotate, revoke.  接口客户端")

AsSystem = Annotated[
    str, typer.Option("--as", metavar="PERSON", help="The person who acts; default: the system.  办理人编号")
]
PublicKey = Annotated[
    Path | None,
    typer.Option(help="PEM file of its public P-256 key; without it, a secret is made and shown once.  公钥文件"),
]
Code = Annotated[str, typer.Argument(help="Code of the client, CL-….  客户端编号")]

PEM_BYTES_MAX = 10_000


class KeyFileUnreadable(Invalid):
    zh = "无法读取公钥文件 {path}：{reason}。"
    en = "The file {path} cannot be read: {reason}."


@app.command()
def add(
    party: Annotated[str, typer.Option(help="Unified social credit code of its party.  所属单位")],
    person: Annotated[str, typer.Option(help="The person of that party as whom it acts, P-….  代表人员")],
    scope: Annotated[list[str], typer.Option(help=f"One of {', '.join(SCOPES)}; may be repeated.  权限范围")],
    label: Annotated[str, typer.Option(help="What it is, for people.  名称")] = "API",
    public_key: PublicKey = None,
    actor: AsSystem = SYSTEM,
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Let a program use the API as a person of a party.  设立客户端."""
    scopes = known_scopes(scope)
    secret = None if public_key else NewSecret.make()
    spki = _key_in(public_key) if public_key else None

    def adding(key: str) -> RegisterClient:
        return RegisterClient(
            tenant=TENANT,
            key=key,
            actor=actor,
            party=party,
            person=person,
            label=label,
            scopes=scopes,
            secret_sha256=secret.sha256 if secret else None,
            public_key=spki,
        )

    answer = _sent(adding, key, data, as_json=as_json)
    if as_json:
        print(json.dumps(as_object(answer) | _shown_once(secret), ensure_ascii=False))
        return
    client = answer.body["client"]
    print(in_language(zh=f"客户端 {client} 已设立。", en=f"The client {client} stands.") + said_before(answer))
    _print_secret(secret)


@app.command()
def rotate(
    code: Code,
    public_key: PublicKey = None,
    actor: AsSystem = SYSTEM,
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Give a client a new secret or key; the old one opens nothing any more.  更换凭据."""
    secret = None if public_key else NewSecret.make()
    spki = _key_in(public_key) if public_key else None

    def rotating(key: str) -> RotateClient:
        digest = secret.sha256 if secret else None
        return RotateClient(tenant=TENANT, key=key, actor=actor, client=code, secret_sha256=digest, public_key=spki)

    answer = _sent(rotating, key, data, as_json=as_json)
    if as_json:
        print(json.dumps(as_object(answer) | _shown_once(secret), ensure_ascii=False))
        return
    print(in_language(zh=f"客户端 {code} 的凭据已更换。", en=f"The client {code} has new credentials."))
    _print_secret(secret)


@app.command()
def revoke(
    code: Code,
    reason: Annotated[str, typer.Option(help="Why, for the books.  原因")],
    actor: AsSystem = SYSTEM,
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Let a client in no more; tokens that it has are out at once.  停用客户端."""

    def revoking(key: str) -> RevokeClient:
        return RevokeClient(tenant=TENANT, key=key, actor=actor, client=code, reason=reason)

    answer = _sent(revoking, key, data, as_json=as_json)
    if as_json:
        print(json.dumps(as_object(answer), ensure_ascii=False))
    else:
        print(in_language(zh=f"客户端 {code} 已停用。", en=f"The client {code} is revoked.") + said_before(answer))


@app.command(name="list")
def list_(
    party: Annotated[str | None, typer.Option(help="Of this party only.  所属单位")] = None,
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Every client, as whom it acts, and what it may do.  全部客户端."""
    with open_books(data) as books, books.snapshot() as connection:
        found = clients_of(Reader(connection, BOOK), party)
    if as_json:
        print(json.dumps({"clients": [_object(client) for client in found]}, ensure_ascii=False))
        return
    headings = in_language(
        zh="客户端|单位|代表人员|名称|权限范围|凭据|设立|停用",
        en="client|party|acts as|label|scopes|proves itself by|registered|revoked",
    )
    print_table(headings.split("|"), [list(map(str, _object(client).values())) for client in found])


def _sent(make: Callable[[str], Command], key: str, data: Path | None, *, as_json: bool) -> Answer:
    with open_books(data) as books:
        with books.snapshot() as connection:
            command = sending(connection, make, key).command
        return send(books, command, as_json=as_json)


def _object(client: Client) -> dict[str, str]:
    return {
        "client": client.code,
        "party": client.party,
        "person": client.person,
        "label": client.label,
        "scopes": " ".join(sorted(client.scopes)),
        "credential": "secret" if client.secret_sha256 else "private_key_jwt",
        "registered_on": str(client.registered_on),
        "revoked_on": str(client.revoked_on or ""),
    }


def _key_in(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return key_from_pem(file.read(PEM_BYTES_MAX).decode("ascii"))
    except OSError as fault:
        raise KeyFileUnreadable(path=path, reason=fault.strerror or fault) from None
    except UnicodeDecodeError:
        raise PemUnreadable from None


def _shown_once(secret: NewSecret | None) -> dict[str, str]:
    return {"secret": secret.text} if secret else {}


def _print_secret(secret: NewSecret | None) -> None:
    if secret:
        print(in_language(zh="密钥（只显示这一次）：", en="Its secret (shown this once):"))
        print(secret.text)
