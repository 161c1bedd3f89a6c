"""A worker: takes a job, does it, writes what came of it; again and again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from api.errors import error_code, is_expected
from api.jobs import store
from api.jobs.errors import LeaseLost
from api.jobs.keeper import Keeper
from api.jobs.rows import Job
from api.jobs.states import JobMove
from api.jobs.task import Outcome, RunOver, Task
from api.kit.clock import Clock
from api.kit.db import Database
from routing.errors import SolverCrashed

LEASE: Final = timedelta(seconds=30)
"""How long a job stays with a worker that is not heard of."""
IDLE_S: Final = 0.5
"""How often a worker without work asks for some."""

_LOG = logging.getLogger(__name__)


class Worker:
    """One thread's worth of work. `name` is unique among all workers of a database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        tasks: Mapping[str, Task],
        *,
        name: str,
        lease: timedelta = LEASE,
        going_home: threading.Event | None = None,
    ) -> None:
        """`going_home` is set by whoever wants it to stop."""
        self._database = database
        self._clock = clock
        self._tasks = tasks
        self._name = name
        self._lease = lease
        self._going_home = going_home or threading.Event()

    def run(self, *, nudge: threading.Event | None = None) -> None:
        """Work until somebody calls `go_home`. A `nudge` that is set says that there is work."""
        waiting = nudge or threading.Event()
        while not self._going_home.is_set():
            try:
                busy = self.run_one()
            except SQLAlchemyError:
                # A job in hand comes back by its lease.
                _LOG.exception("worker %s: the database does not answer", self._name)
                busy = False
            if not busy:
                waiting.wait(IDLE_S)
                waiting.clear()

    def go_home(self) -> None:
        """Stop soon; a job in hand is given back for another worker."""
        self._going_home.set()

    def run_one(self) -> bool:
        """Do one job, if there is one; tell whether there was."""
        job = self._claimed()
        if job is None:
            return False
        try:
            with Keeper(
                self._database, self._clock, job, lease=self._lease, going_home=self._going_home
            ) as run:
                outcome = self._tasks[job.kind](run)
                # While the keeper still beats: what is written may take its time.
                self._finish(job, outcome)
        except (RunOver, LeaseLost):
            self._leave(job)
        except SolverCrashed as error:
            self._crashed(job, error)
        except Exception as error:
            self._failed(job, error)
        return True

    def _claimed(self) -> Job | None:
        now = self._clock.now()
        with self._database.reading() as connection:
            if not store.is_waiting(connection, self._tasks.keys(), now):
                return None
        with self._database.writing() as connection:
            return store.claim(
                connection,
                worker=self._name,
                kinds=self._tasks.keys(),
                now=now,
                lease=self._lease,
            )

    def _finish(self, job: Job, outcome: Outcome) -> None:
        move = JobMove.STOP if outcome.stopped else JobMove.FINISH
        with self._database.writing() as connection:
            # First: a job that is another worker's by now must not write its result.
            store.beat(connection, job, until=self._clock.now() + self._lease)
            result = outcome.write(connection)
            store.end(connection, job, move, now=self._clock.now(), result=result)

    def _leave(self, job: Job) -> None:
        try:
            with self._database.writing() as connection:
                store.give_back(connection, job, now=self._clock.now(), counts=False)
        except LeaseLost:
            _LOG.info("job %s is another worker's already", job.id)

    def _crashed(self, job: Job, error: SolverCrashed) -> None:
        """A solver that died before it had found anything may do better elsewhere."""
        _LOG.warning("job %s, attempt %d: %s", job.id, job.attempt, error)
        if job.last_attempt:
            self._failed(job, error)
            return
        try:
            with self._database.writing() as connection:
                store.give_back(connection, job, now=self._clock.now(), counts=True)
        except LeaseLost:
            _LOG.info("job %s is another worker's already", job.id)

    def _failed(self, job: Job, error: Exception) -> None:
        fault: dict[str, object]
        if is_expected(error):
            fault = {
                "code": error_code(error),
                "message": str(error),
                "faults": [str(each) for each in getattr(error, "faults", ())],
            }
        else:
            _LOG.exception("job %s failed by a bug", job.id, exc_info=error)
            fault = {"code": "internal_error", "message": "a bug of ours; the log says more"}
        try:
            with self._database.writing() as connection:
                store.end(connection, job, JobMove.FAIL, now=self._clock.now(), fault=fault)
        except LeaseLost:
            _LOG.info("job %s is another worker's already", job.id)
