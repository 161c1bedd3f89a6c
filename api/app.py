"""The web application: every router, behind one gate, with one way to say no."""

from __future__ import annotations

from typing import Final

from fastapi import Depends, FastAPI

from api import __version__
from api.events.endpoints import router as event_router
from api.fleet.endpoints import router as fleet_router
from api.jobs.endpoints import router as job_router
from api.keys.endpoints import router as key_router
from api.kit.answer_headers import AnswerHeaders
from api.kit.bodies import UPLOAD_MAX_BYTES, Bodies, BodyLimits
from api.kit.docs_page import install_docs
from api.kit.known_query import refuse_unknown_query
from api.kit.problems import install_problems
from api.kit.reference import install_reference, operation_id
from api.kit.request_ids import RequestIds
from api.kit.request_log import RequestLog
from api.kit.service_pages import install_service_pages
from api.orders.endpoints import router as order_router
from api.plans.endpoints import router as plan_router
from api.selling.endpoints import router as search_router
from api.slots.endpoints import router as booking_router
from api.wiring import Services

UPLOADS: Final = {"/v1/imports": UPLOAD_MAX_BYTES}
"""Beginnings of paths that take more than a plain JSON body."""


def build_app(services: Services) -> FastAPI:
    """Build the application over services that are ready."""
    app = FastAPI(
        title="Flatbed",
        version=__version__,
        summary="Delivery windows of cars that hold, against a real plan.",
        # Pages of our own, without a CDN.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(refuse_unknown_query)],
        generate_unique_id_function=operation_id,
    )
    app.state.gate = services.gate
    install_problems(app)
    app.include_router(key_router())
    app.include_router(order_router(services.orders))
    app.include_router(fleet_router(services.fleet, services.imports))
    app.include_router(search_router(services.search))
    app.include_router(
        booking_router(
            services.book,
            services.bookings,
            services.loads,
            services.clock,
            live_holds_max=services.settings.live_holds_max,
        )
    )
    app.include_router(event_router(services.webhooks, services.feed, services.clock))
    install_service_pages(
        app,
        meters=services.meters,
        unready=services.watch.unready,
        metrics_token=services.settings.metrics_token,
    )
    app.include_router(job_router(services.jobs))
    app.include_router(plan_router(services.plans, services.clock))
    install_reference(app)
    install_docs(app)
    # The last one added is the first to see a request.
    app.add_middleware(Bodies, limits=BodyLimits(by_prefix=UPLOADS))
    app.add_middleware(AnswerHeaders)
    app.add_middleware(RequestLog, meters=services.meters)
    app.add_middleware(RequestIds)
    return app
