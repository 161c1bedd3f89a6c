"""`/healthz`, `/readyz`, `/metrics`: for whoever runs the process. Nothing of a tenant in them."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from typing import Final

from fastapi import FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from api.errors import Refused
from api.kit.meters import Meters
from api.kit.problems import problem
from api.kit.request_ids import request_id_of

LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


class MetricsHidden(Refused):
    """Metrics are for this machine alone, or for who has the operator's token."""

    code = "metrics-hidden"
    status = 403


def install_service_pages(
    app: FastAPI, *, meters: Meters, unready: Callable[[], Sequence[str]], metrics_token: str
) -> None:
    """Serve them. `unready` names what is not as it must be; empty: ready."""

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> JSONResponse:
        """The process answers: restart it if it does not."""
        return JSONResponse({"status": "ok"})

    @app.get("/readyz", include_in_schema=False)
    def readyz(request: Request) -> Response:
        """Send it requests, or not now."""
        wrong = list(unready())
        if not wrong:
            return JSONResponse({"status": "ready"})
        return problem(
            503,
            "not-ready",
            "; ".join(wrong),
            request_id=request_id_of(request.scope),
            told={"retry_after_s": 1},
        )

    @app.get("/metrics", include_in_schema=False)
    def metrics(request: Request) -> Response:
        """Tell Prometheus."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        trusted = hmac.compare_digest(given.encode(), metrics_token.encode())
        here = request.client is not None and request.client.host in LOOPBACK
        if not (trusted if metrics_token else here):
            raise MetricsHidden("ask from this machine, or set FLATBED_METRICS_TOKEN and send it")
        return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)
