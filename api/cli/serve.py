"""`vledger serve`: the HTTP edge."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer
import uvicorn

from api.books import OpenBooks, open_books
from api.cli.options import Data
from api.main import create_app
from api.observing import log_as_json
from api.serving import Serving
from api.settings import Settings
from api.webhooks.deliverer import THREADS, Deliverer
from ledger.database.engine import writer_engine
from ledger.journal.signing_key import signing_key


def serve(
    data: Data = None,
    host: Annotated[str, typer.Option(help="Address to listen on.  监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port.  端口", min=0, max=65_535)] = 8000,
) -> None:
    """Serve the books over HTTP: API, documentation at /docs, health, metrics.  启动 HTTP 服务."""
    settings = Settings.from_environment(public_url=f"http://{host}:{port}")
    with ExitStack() as stack:
        opened = stack.enter_context(open_books(data, keep_running=True, make=True))
        serving = stack.enter_context(opened.serving())
        log_as_json()
        stack.enter_context(_telling(opened, serving, settings))
        uvicorn.run(
            create_app(settings, serving), host=host, port=port, log_config=None, access_log=False, server_header=False
        )


@contextmanager
def _telling(opened: OpenBooks, serving: Serving, settings: Settings) -> Iterator[None]:
    """Registered addresses are told what changes, over connections of their own."""
    writer = writer_engine(opened.store.writer, pool_size=THREADS)
    try:
        key = signing_key(serving.webhook_key)
        with Deliverer(writer, serving.reader, key, serving.clock, loopback=settings.webhook_loopback):
            yield
    finally:
        writer.dispose()
