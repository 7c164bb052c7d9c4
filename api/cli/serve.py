"""`vledger serve`: the HTTP edge."""

from typing import Annotated

import typer
import uvicorn

from api.main import create_app


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.  监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port.  端口", min=0, max=65_535)] = 8000,
) -> None:
    """Serve health and the public calculators over HTTP.  启动 HTTP 服务."""
    uvicorn.run(create_app(), host=host, port=port)
