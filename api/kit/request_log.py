"""One line of the log and one count for each answered request: which route, how long, how it went.

The route is told as it is declared (`/v1/bookings/{booking_id}`): names that callers choose stay
out of the log.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kit.meters import Meters
from api.kit.request_ids import request_id_of

_LOG: Final = logging.getLogger("api.access")
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked for every few seconds by machines; counted, not logged."""
_NO_ROUTE: Final = "unknown"
_METHODS: Final = frozenset({"GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"})


class RequestLog:
    """Middleware that measures. It stands outside of everything but the request's id."""

    def __init__(self, app: ASGIApp, *, meters: Meters) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        began = time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route: str = getattr(scope.get("route"), "path", _NO_ROUTE)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._meters.requests.labels(route, method, str(status)).inc()
        self._meters.request_seconds.labels(route, method).observe(seconds)
        if route not in _QUIET:
            _LOG.info(
                "request",
                extra={
                    "route": route,
                    "method": method,
                    "status": status,
                    "ms": round(1000 * seconds, 1),
                    "request_id": request_id_of(scope),
                },
            )
