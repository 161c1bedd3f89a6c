"""Figures that are read from the tables when they are asked for: of all tenants together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, case, func, select

from api.events.tables import DELIVERY, LANE
from api.jobs.states import JobState
from api.jobs.tables import JOB
from api.kit.clock import Clock
from api.kit.db import Database
from api.slots.states import PromiseState
from api.slots.tables import IS_AT_RISK, PROMISE

_RECENT_JOBS: Final = 100
"""Solves whose time is told: the last ones that ended."""


class TableMetrics(Collector):
    """Promises by status, jobs by state, and how late webhooks are."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """Read everything in one transaction."""
        with self._database.reading() as connection:
            yield from _promises(connection)
            yield from _jobs(connection)
            yield from _outbox(connection, self._clock.now())


def _promises(connection: Connection) -> Iterator[Metric]:
    family = GaugeMetricFamily("flatbed_promises", "Promises, by status.", labels=["status"])
    at_risk = case((IS_AT_RISK, "at_risk"), else_=PROMISE.c.status).label("shown")
    shown = select(at_risk).subquery()
    rows = connection.execute(select(shown.c.shown, func.count()).group_by(shown.c.shown))
    counts = {str(status): int(count) for status, count in rows}
    for status in (*PromiseState, "at_risk"):
        family.add_metric([status], counts.get(status, 0))
    yield family


def _jobs(connection: Connection) -> Iterator[Metric]:
    family = GaugeMetricFamily("flatbed_jobs", "Jobs, by state.", labels=["state"])
    rows = connection.execute(select(JOB.c.state, func.count()).group_by(JOB.c.state))
    counts = {str(state): int(count) for state, count in rows}
    for state in JobState:
        family.add_metric([state], counts.get(state, 0))
    yield family
    took = GaugeMetricFamily(
        "flatbed_job_seconds_max", "Longest of the last jobs that ended, by kind.", labels=["kind"]
    )
    last = (
        select(JOB.c.kind, JOB.c.started_at, JOB.c.ended_at)
        .where(JOB.c.ended_at.is_not(None), JOB.c.started_at.is_not(None))
        .order_by(JOB.c.ended_at.desc())
        .limit(_RECENT_JOBS)
    )
    longest: dict[str, float] = {}
    for kind, started_at, ended_at in connection.execute(last):
        seconds = (ended_at - started_at).total_seconds()
        longest[kind] = max(longest.get(kind, 0.0), seconds)
    for kind, seconds in sorted(longest.items()):
        took.add_metric([kind], seconds)
    yield took


def _outbox(connection: Connection, now: datetime) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        "flatbed_webhook_deliveries", "Events for endpoints, by status.", labels=["status"]
    )
    query = select(DELIVERY.c.status, func.count()).group_by(DELIVERY.c.status)
    counts = {str(status): int(count) for status, count in connection.execute(query)}
    for status in ("due", "delivered", "dead"):
        family.add_metric([status], counts.get(status, 0))
    yield family
    oldest = connection.scalar(select(func.min(LANE.c.due_at)))
    lag = GaugeMetricFamily(
        "flatbed_webhook_lag_seconds", "How long the longest waiting event is overdue."
    )
    lag.add_metric([], 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()))
    yield lag
