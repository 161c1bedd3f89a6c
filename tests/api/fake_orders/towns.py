"""A small town: Flatbed on a real port over a real database, and a shop that sells its windows."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Annotated, Any

import httpx
import uvicorn
from fastapi import APIRouter

from api.keys.gate import Caller as KeyCaller
from api.keys.gate import caller
from api.keys.scopes import Scope
from api.kit.db import Database
from api.slots.answers import CHINA_ZONE, window_json
from api.slots.states import Move
from api.slots.transactions import Caller
from tests.api.events.offices import Inline
from tests.api.site import SETTINGS, Site, site_at
from tests.api.slots.books import DAY, POOL, TENANT, trucks
from tests.api.slots.plane import window

DAYS = tuple(DAY + timedelta(days=n) for n in range(7))
HOURS = ((1, 3), (3, 5), (6, 8), (8, 10))
"""Windows on sale, in hours of UTC."""
_LIFE = (Move.FREEZE, Move.DISPATCH, Move.ARRIVE, Move.HAND_OVER)


class Crash(BaseException):
    """The shop's process ends here."""


class Leaky(httpx.BaseTransport):
    """A network that loses answers of requests that arrived, and on which the shop may die."""

    def __init__(self, luck: Random, *, lost: float, deadly: float) -> None:
        self._wire = httpx.HTTPTransport()
        self._luck = luck
        self._lost = lost
        self._deadly = deadly

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._wire.handle_request(request)
        answer.read()
        fate = self._luck.random()
        if fate < self._deadly:
            raise Crash
        if fate < self._deadly + self._lost:
            raise httpx.ReadError("the answer was lost")
        return answer

    def close(self) -> None:
        self._wire.close()


@dataclass(slots=True)
class Town:
    """The site that runs now, and the port at which it always runs."""

    database: Database
    site: Site
    port: int
    _server: uvicorn.Server
    _thread: threading.Thread

    def now(self) -> datetime:
        """What time it is in the town, whichever site runs."""
        return self.site.clock.now()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def restart(self) -> None:
        """End the server and start another over the same database, at the same port."""
        stop(self._server, self._thread)
        before = self.site
        self.site = new_site(self.database, before.clock.moment)
        self.site._keys.update(before._keys)
        self._server, self._thread, _ = start(self.site, self.port)

    def deliver(self) -> None:
        """Let the relay carry what is due."""
        while self.site.services.relay.start_round(Inline()):
            pass

    def live(self, day: date) -> None:
        """Drive a day: every booking of it is handed over, step by step."""
        book = self.site.services.book
        for row in self.site.services.bookings.bookings(
            TENANT, _everything(), after=None, limit=1_000
        ):
            if row.promise.ask.window.start.date() == day and row.state == "confirmed":
                for move in _LIFE:
                    who = Caller(tenant_id=TENANT, client_id="driver", key=f"{row.id}-{move}")
                    assert book.advance(who, row.id, move).granted


def _everything() -> Any:  # noqa: ANN401  # a BookingFilter
    from api.slots.reading import BookingFilter

    return BookingFilter()


def new_site(database: Database, moment: Any = None) -> Site:  # noqa: ANN401  # a datetime
    """Build the application, with a search over the plane beside it."""
    site = site_at(database, trucks(8, cars=3), settings=replace(SETTINGS, webhooks_loopback=True))
    if moment is not None:
        site.clock.moment = moment
    for number, day in enumerate(DAYS[2:]):
        opener = Caller(tenant_id=TENANT, client_id="planner", key=f"open-later-{number}")
        book = site.services.book
        assert book.days.open_day(opener, pool=POOL, day=day, basis="world", routes={}).granted
    # Before the real ones, which look for real roads.
    real = list(site.app.router.routes)
    site.app.include_router(plane_search(site))
    ours = site.app.router.routes
    ours[:] = [*ours[len(real) :], *real]
    return site


def plane_search(site: Site) -> APIRouter:
    """The slot search of this town: the wire of the real one over trucks on a plane."""
    routes = APIRouter(prefix="/v1")

    @routes.put("/orders/{order_id}", include_in_schema=False)
    def put_order(
        who: Annotated[KeyCaller, caller(Scope.ORDER_WRITE)], order_id: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        return {"id": order_id, "row": body}

    @routes.post("/slot-searches", include_in_schema=False)
    def search(
        who: Annotated[KeyCaller, caller(Scope.ORDER_WRITE)], body: dict[str, Any]
    ) -> dict[str, Any]:
        order = str(body["order_id"])
        site.orders.put(order, x=sum(map(ord, order)) % 40, tenant=who.tenant_id)
        now = site.clock.now()
        found = []
        for day in DAYS:
            windows = [window(day, 60 * start, 60 * end) for start, end in HOURS]
            ahead = [each for each in windows if each.start > now]
            if ahead:
                found += site.services.book.offers(
                    who.tenant_id,
                    pool=POOL,
                    day=day,
                    order_ref=order,
                    load=site.orders.load(who.tenant_id, order, day),
                    windows=ahead,
                )
        return {
            "order_id": order,
            "offers": [
                {"offer_id": each.token, "window": window_json(each.window, CHINA_ZONE)}
                for each in found
                if each.token
            ],
            "blocked": [
                {
                    "window": window_json(each.window, CHINA_ZONE),
                    "reason_code": each.missing.reason,
                }
                for each in found
                if each.missing
            ],
            "required_fields": [],
        }

    return routes


@contextmanager
def town(database: Database) -> Iterator[Town]:
    """Run a town until the block ends."""
    site = new_site(database)
    server, thread, port = start(site, 0)
    its = Town(database, site, port, server, thread)
    try:
        yield its
    finally:
        stop(its._server, its._thread)


def start(site: Site, port: int) -> tuple[uvicorn.Server, threading.Thread, int]:
    listening = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(site.app, log_config=None, lifespan="off", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    return server, thread, listening.getsockname()[1]


def stop(server: uvicorn.Server, thread: threading.Thread) -> None:
    server.should_exit = True
    thread.join()
