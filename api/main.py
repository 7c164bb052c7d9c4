"""The HTTP application, put together: routes, errors, limits, what is seen of every request."""

import importlib
import pkgutil
from functools import partial

from fastapi import FastAPI

from api import routes
from api.bodies import BodyLimit
from api.dependencies import KeysAtWork
from api.errors import handle_errors
from api.observing import Metrics, Observing
from api.openapi import describe
from api.rates import Rates
from api.routing import SliceRouter
from api.security.tokens import AccessTokens, TokenKey
from api.serving import Serving
from api.settings import BODY_BYTES_MAX, Settings


def routers() -> list[SliceRouter]:
    """That of every module in `api.routes`, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(routes.__path__))
    return [importlib.import_module(f"api.routes.{name}").router for name in names]


def create_app(settings: Settings | None = None, serving: Serving | None = None) -> FastAPI:
    """The application. Without books it answers what needs none: health, documentation, the public calculators."""
    settings = settings or Settings()
    app = FastAPI(
        title="vledger",
        version="0.1.0",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.serving = serving
    app.state.rates = Rates(settings)
    app.state.metrics = Metrics()
    app.state.keys_at_work = KeysAtWork()
    if serving:
        app.state.tokens = AccessTokens(TokenKey.at(settings.token_key or serving.token_key), settings.public_url)
    for router in routers():
        app.router.routes.extend(router.routes)  # flat, so that every route can be walked with its rule
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # the framework's own way to do it
    handle_errors(app)
    app.add_middleware(BodyLimit, most=BODY_BYTES_MAX)
    app.add_middleware(Observing, metrics=app.state.metrics)
    return app
