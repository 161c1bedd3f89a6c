"""The process that serves: web server in the main thread, chores beside it, an orderly end."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Final, NoReturn

import uvicorn

from api.app import build_app
from api.events.feed import EVENTS_KEPT
from api.jobs.worker import Worker
from api.kit.ids import new_id
from api.plans.reoptimising import REOPTIMISE
from api.serving.chores import Chore, Chores, every
from api.serving.table_metrics import TableMetrics
from api.slots.cut_off import CutOffClock, CutOffs
from api.wiring import Services

GRACE_S: Final = 2
"""How long requests under way may take when the process is told to end. A stream that never ends
by itself (server-sent events) would hold it up for ever otherwise."""
CHORES_END_S: Final = 5.0
SWEEP_S: Final = 2.0
FORGET_EVENTS_S: Final = 3_600.0
FORGET_CONTACTS_S: Final = 3_600.0
STANDING_CHECK_S: Final = 3_600.0
CUT_OFF_S: Final = 20.0
BACKLOG: Final = 2_048
"""Connections that wait to be taken, as a launch brings them."""
REOPTIMISE_S: Final = 300.0
DAYS_AHEAD_S: Final = 5.0

_LOG: Final = logging.getLogger(__name__)


def standing_chores(services: Services) -> tuple[Chore, ...]:
    """Give the chores of the embedded mode: the book's own, and the relay of webhooks."""
    cut_offs = CutOffs(last_order=services.settings.last_order, freeze=services.settings.freeze)
    cut_off = CutOffClock(services.database, services.book, services.clock, cut_offs)
    return (
        every("sweeper", SWEEP_S, lambda: _sweep(services)),
        every("standing-check", STANDING_CHECK_S, lambda: _check(services)),
        every("cut-off", CUT_OFF_S, cut_off.tick),
        every("days-ahead", DAYS_AHEAD_S, lambda: _roll(services)),
        Chore(name="relay", run=services.relay.run),
        every("forget-events", FORGET_EVENTS_S, lambda: _forget_events(services)),
        every("forget-contacts", FORGET_CONTACTS_S, services.orders.forget_overdue),
        Chore(name="jobs", run=lambda stop: _work(services, stop)),
        every("reoptimise", REOPTIMISE_S, services.reoptimiser.schedule),
    )


def _forget_events(services: Services) -> None:
    """Delete events that are older than what the feed promises to keep."""
    while services.feed.forget(services.clock.now() - EVENTS_KEPT):
        continue


def _work(services: Services, stop: threading.Event) -> None:
    """Do one job after the other; solves run in children of their own."""
    Worker(
        services.database,
        services.clock,
        {**services.plans.tasks(), REOPTIMISE: services.reoptimiser},
        name=new_id("worker"),
        going_home=stop,
    ).run(nudge=services.jobs.nudge)


def _sweep(services: Services) -> None:
    """Expire overdue holds until there are none."""
    while expired := services.book.expire_overdue():
        services.meters.expired.inc(expired)


def _roll(services: Services) -> None:
    """Open the days ahead, and set those that are open on what is kept now."""
    for tenant_id, rolled in services.opening.roll_all().items():
        for trouble in rolled.troubles:
            _LOG.error("a day of %s is not for sale: %s", tenant_id, trouble)
        if rolled.at_risk:
            _LOG.warning("%d promises of %s are at risk now", len(rolled.at_risk), tenant_id)


def _check(services: Services) -> None:
    """Walk the whole book, and cry if it contradicts itself."""
    faults = services.book.new_faults()
    services.meters.faults.set(len(faults))
    services.meters.checked.set(services.clock.now().timestamp())
    for fault in faults:
        _LOG.critical("the book is damaged: %s", fault)


class Server:
    """One process: `serve` returns when it was told to end (SIGINT, SIGTERM) and has."""

    def __init__(self, services: Services, chores: Sequence[Chore]) -> None:
        self._services = services
        self._chores = Chores(chores)
        services.watch.checks.append(
            lambda: [f"the {name} has ended" for name in self._chores.dead()]
        )
        services.meters.registry.register(TableMetrics(services.database, services.clock))

    def serve(self, listening: socket.socket) -> None:
        """Answer at a socket that is bound already, so that its port is known before."""
        web = uvicorn.Server(
            uvicorn.Config(
                build_app(self._services),
                timeout_graceful_shutdown=GRACE_S,
                timeout_keep_alive=75,
                log_config=None,
                access_log=False,
                server_header=False,
                # Headers are small; what is larger is not meant.
                h11_max_incomplete_event_size=32 << 10,
            )
        )
        # The web server ends in order at a signal, and then sends the signal to itself again.
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, _leave)
        self._chores.start()
        try:
            web.run(sockets=[listening])
        finally:
            late = self._chores.stop(within_s=CHORES_END_S)
            if late:
                _LOG.warning("ended without waiting for %s", ", ".join(late))
            self._services.database.close()


def _leave(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def bound(host: str, port: int) -> socket.socket:
    """Listen at an address; port 0 takes any that is free.

    Raises:
        OSError: it is taken, or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # Who comes before the process is ready waits, and is not turned away.
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening
