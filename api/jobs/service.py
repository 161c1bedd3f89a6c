"""Jobs as their callers see them: asked for, looked at, watched, cancelled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from time import monotonic
from typing import Final

from sqlalchemy import Connection

from api.jobs import store
from api.jobs.errors import JobEnded
from api.jobs.rows import Job
from api.kit.clock import Clock
from api.kit.db import Database

WATCH_S: Final = 0.2
"""How often a watcher looks."""
SILENCE_S: Final = 15.0
"""After so long without news a watcher is shown the job again, so that no proxy hangs up."""


class Jobs:
    """One process's door to the queue. Safe to use from many threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.nudge = threading.Event()
        """Set when there is new work: workers of this process need not wait for their next look."""

    def job(self, tenant_id: str, job_id: str) -> Job:
        """Read a job.

        Raises:
            UnknownJob: this tenant has none of that id.
        """
        with self._database.reading() as connection:
            return store.find_job(connection, tenant_id, job_id)

    def cancel(self, tenant_id: str, job_id: str) -> Job:
        """Ask a job to end with what it has found; twice is as good as once.

        Raises:
            UnknownJob: this tenant has none of that id.
            JobEnded: it is over.
        """
        with self._database.writing() as connection:
            job = store.find_job(connection, tenant_id, job_id)
            if job.ended:
                raise JobEnded(f"job {job_id} is {job.state}", state=job.state)
            return cancelled(connection, job, self._clock)

    def watch(self, tenant_id: str, job_id: str, *, most_s: float) -> Iterator[Job]:
        """Give a job each time it changes, until it is over or `most_s` have passed.

        Raises:
            UnknownJob: this tenant has none of that id.
        """
        over = threading.Event()
        began = shown = monotonic()
        seen = 0
        while True:
            job = self.job(tenant_id, job_id)
            now = monotonic()
            if job.version != seen or now - shown >= SILENCE_S:
                seen, shown = job.version, now
                yield job
            if job.ended or now - began >= most_s:
                return
            over.wait(WATCH_S)


def cancelled(connection: Connection, job: Job, clock: Clock) -> Job:
    """Ask for a cancel within the caller's transaction; give the job as it then is."""
    store.request_cancel(connection, job, clock.now())
    return store.read_job(connection, job.id)
