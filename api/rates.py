"""How often one client, or one address, may ask. Counted in this process only: each worker has its own count."""

import math
import time

from fastapi import Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.errors import TooManyRequests
from api.settings import Settings


class Rates:
    def __init__(self, settings: Settings) -> None:
        self._client, self._address = parse(settings.client_rate), parse(settings.address_rate)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count_client(self, client: str) -> None:
        """
        Raises:
            TooManyRequests: with the seconds to wait.
        """
        self._count(self._client, "client", client)

    def count_address(self, address: str) -> None:
        """As `count_client`, for whoever has not signed in."""
        self._count(self._address, "address", address)

    def _count(self, limit: RateLimitItem, kind: str, name: str) -> None:
        if not self._limiter.hit(limit, kind, name):
            until = self._limiter.get_window_stats(limit, kind, name).reset_time
            raise TooManyRequests(limit=str(limit), seconds=max(1, math.ceil(until - time.time())))


def count_address(request: Request) -> None:
    """For routes without sign-in that do some work."""
    rates: Rates = request.app.state.rates
    rates.count_address(request.client.host if request.client else "")
