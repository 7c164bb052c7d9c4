"""`vledger serve`: the HTTP edge."""

from typing import Annotated

import typer
import uvicorn

from api.books import open_books
from api.cli.options import Data
from api.main import create_app
from api.observing import log_as_json
from api.settings import Settings


def serve(
    data: Data = None,
    host: Annotated[str, typer.Option(help="Address to listen on.  监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port.  端口", min=0, max=65_535)] = 8000,
) -> None:
    """Serve the books over HTTP: API, documentation at /docs, health, metrics.  启动 HTTP 服务."""
    settings = Settings.from_environment(public_url=f"http://{host}:{port}")
    with open_books(data, keep_running=True, make=True) as opened, opened.serving() as serving:
        log_as_json()
        uvicorn.run(
            create_app(settings, serving), host=host, port=port, log_config=None, access_log=False, server_header=False
        )
