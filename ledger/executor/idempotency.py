"""The key, the stored answer, and the same key with another body."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from ledger.errors import Invalid
from ledger.executor.commands import Answer, Command
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json

Salts = Mapping[str, bytes]


class KeyReused(Invalid):
    zh = "幂等键“{key}”已用于另一请求，下列内容不同：{fields}。请换用新的键，或按原内容重发。"
    en = (
        "The key “{key}” was used for another request; what differs: {fields}. "
        "Use a new key, or send the first body again."
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """A command that was decided before."""

    id: UUID
    kind: str
    actor: str
    request: Json
    status: str
    answer: Json
    block: int
    salts: Salts

    def replay(self, command: Command) -> Answer:
        """The stored answer.

        Raises:
            KeyReused: the body is another one, or another person sends it; the sentence names what differs. Two who
                sign under one key would else both be told that they had signed.
        """
        request = request_of(command, self.salts, erased=self.request)
        differing = sorted(
            name for name in self.request.keys() | request.keys() if self.request.get(name) != request.get(name)
        )
        if self.actor != command.actor:
            differing.insert(0, "actor")
        if self.kind != command.kind:
            differing.insert(0, "kind")
        if differing:
            raise KeyReused(key=command.key, fields=", ".join(differing))
        return Answer(self.status == "accepted", self.answer, self.id, self.block, replayed=True)


def new_salts(command: Command) -> dict[str, bytes]:
    return {name: secrets.token_bytes(16) for name in sorted(command.personal)}


def request_of(command: Command, salts: Salts, erased: Json | None = None) -> Json:
    """The body with salted digests in place of personal fields.

    Where the salt has been erased, a field cannot be compared any more: what was stored stands for it.
    """
    body = command.body()
    for name in command.personal & body.keys():
        if name in salts:
            body[name] = {"digest": digest(salts[name], str(body[name]))}
        elif erased is not None:
            body[name] = erased.get(name)
    return body


def digest(salt: bytes, value: str) -> str:
    return hmac.new(salt, value.encode(), hashlib.sha256).hexdigest()


def find_stored(reader: Reader, commands: Collection[Command]) -> dict[tuple[str, str], Stored]:
    """Commands decided before, by tenant and key. Called after the locks, in a statement of its own."""
    wanted = {(command.tenant, command.key) for command in commands}
    # By key alone and not by pairs: an array of keys is looked up in the index, a join might read the whole table.
    rows = [
        row
        for row in reader.rows(
            "SELECT tenant, key, id, kind, actor, request, status, answer, block FROM command "
            "WHERE book = %s AND key = ANY(%s)",
            reader.book,
            [key for _, key in wanted],
        )
        if (row[0], row[1]) in wanted
    ]
    salts = _salts(reader, (row[2] for row in rows))
    return {
        (tenant, key): Stored(id_, kind, actor, request, status, answer, block, salts.get(id_, {}))
        for tenant, key, id_, kind, actor, request, status, answer, block in rows
    }


def _salts(reader: Reader, ids: Iterable[UUID]) -> dict[UUID, dict[str, bytes]]:
    wanted = list(ids)
    found: dict[UUID, dict[str, bytes]] = {}
    if wanted:
        for id_, name, salt in reader.rows(
            "SELECT command, field, salt FROM personal WHERE book = %s AND command = ANY(%s)", reader.book, wanted
        ):
            found.setdefault(id_, {})[name] = bytes(salt)
    return found
