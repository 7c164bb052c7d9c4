"""The books of a programme, served over real HTTP: uvicorn on loopback, one client per party."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from databases import Database
from fastapi import FastAPI
from programme import (
    BUREAU,
    COMMISSION,
    DAY_ONE,
    FIRM,
    INCUBATOR,
    OTHER_FIRM,
    OTHER_UNIT,
    SCHEME,
    SISTER_FIRM,
    UNIT,
    Programme,
    open_programme,
)

from api.main import create_app
from api.security.clients import NewSecret
from api.security.scopes import SCOPES
from api.serving import Serving
from api.settings import Settings
from ledger.assembly import BOOK, BOOK_CODE
from ledger.journal.anchors import Anchors, anchor_head
from ledger.registry.register_client import RegisterClient

PEOPLE = {
    "applicant": FIRM,
    "other applicant": OTHER_FIRM,
    "sister applicant": SISTER_FIRM,
    "officer": UNIT,
    "second officer": UNIT,
    "other officer": OTHER_UNIT,
    "operator": COMMISSION,
    "second operator": COMMISSION,
    "finance": BUREAU,
    "second finance": BUREAU,
    "third finance": BUREAU,
    "treasury": BUREAU,
    "recommender": INCUBATOR,
}
"""Each acts through a client of its party, with every scope there is."""


@dataclass
class Served:
    programme: Programme
    app: FastAPI
    http: httpx2.Client
    anchors: Anchors
    secrets: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Client and secret, by person."""
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    """A name of each kind of thing, by its table."""
    _keys: Iterator[int] = field(default_factory=count)

    def client(self, person: str, *scopes: str) -> tuple[str, str]:
        """A new client that acts as a person of the programme: its code and its secret."""
        secret = NewSecret.make()
        body = self.programme.do(
            RegisterClient,
            party=PEOPLE[person],
            person=self.programme.people[person],
            label="ERP",
            scopes=scopes or tuple(SCOPES),
            secret_sha256=secret.sha256,
        )
        return str(body["client"]), secret.text

    def token(self, client: str, secret: str, **more: str) -> httpx2.Response:
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret, **more}
        return self.http.post("/v1/token", data=form)

    def credentials(self, person: str) -> tuple[str, str]:
        """Client and secret of a person, made once."""
        if person not in self.secrets:
            self.secrets[person] = self.client(person)
        return self.secrets[person]

    def thing(self, table: str, make: Callable[["Served"], str]) -> str:
        """One thing of this kind, made once."""
        if table not in self.things:
            self.things[table] = make(self)
        return self.things[table]

    def anchor(self) -> None:
        """Sign the newest head, as whoever serves does from time to time."""
        with self.programme.database.writer.connect() as connection:
            anchor_head(connection, BOOK, BOOK_CODE, self.anchors)

    def signed_in(self, person: str) -> dict[str, str]:
        """The header that carries a person's token."""
        if person not in self.tokens:
            self.tokens[person] = self.token(*self.credentials(person)).json()["access_token"]
        return {"Authorization": f"Bearer {self.tokens[person]}"}

    def get(self, person: str, path: str, headers: Mapping[str, str] | None = None, **query: Any) -> httpx2.Response:  # noqa: ANN401
        return self.http.get(path, params=query, headers={**self.signed_in(person), **(headers or {})})

    def post(self, person: str, path: str, body: object = None, **more: str) -> httpx2.Response:
        return self.request("POST", person, path, body, **more)

    def request(
        self, method: str, person: str, path: str, body: object = None, key: str | None = None, **query: str
    ) -> httpx2.Response:
        """With a key of its own, where none is given."""
        headers = {**self.signed_in(person), "Idempotency-Key": key or f"r{next(self._keys)}"}
        return self.http.request(method, path, json=body, params=query, headers=headers)


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """The application on a free port of the loopback; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def open_served(
    database: Database, folder: Path, settings: Settings | None = None, day: date = DAY_ONE, scheme: str = SCHEME
) -> Iterator[Served]:
    with open_programme(database, scheme, day) as programme:
        anchors = Anchors.at(folder / "anchors")
        serving = Serving(
            programme.books,
            database.reader,
            database.writer,
            anchors,
            folder / "tokens.pem",
            folder / "webhooks.key",
            programme.clock,
        )
        app = create_app(settings or Settings(), serving)
        with listening(app) as address, httpx2.Client(base_url=address, timeout=30) as http:
            yield Served(programme, app, http, anchors)
