"""Whether the process lives and the store answers; counts and times for Prometheus."""

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.bodies import Shown, example
from api.dependencies import TheServing
from api.errors import EdgeError
from api.observing import Metrics
from api.routing import SliceRouter
from ledger.database import migrate
from ledger.database.walls import EVERYTHING

router = SliceRouter(tag="health")


class NotMigrated(EdgeError):
    status = 503
    zh = "数据库结构版本为 {found}，本程序需要 {wanted}。"
    en = "The database is at version {found}; this program needs {wanted}."


class Health(Shown):
    model_config = example({"status": "ok"})

    status: str


@router.get("/healthz", summary="Whether the process answers")
def healthz() -> Health:
    return Health(status="ok")


@router.get("/readyz", summary="Whether the store answers and is at this program's version")
def readyz(serving: TheServing) -> Health:
    with serving.reading(EVERYTHING) as reader:
        found = migrate.current(reader.connection)
    if found != migrate.head():
        raise NotMigrated(found=found or "—", wanted=migrate.head())
    return Health(status="ok")


@router.get(
    "/metrics",
    summary="Counts and times by route, for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": 'vledger_http_requests_total{method="GET"} 1.0'}}}},
)
def metrics(request: Request) -> Response:
    found: Metrics = request.app.state.metrics
    return Response(generate_latest(found.registry), media_type=CONTENT_TYPE_LATEST)
