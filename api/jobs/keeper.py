"""Keeps a job while its worker is busy: beats, and listens for a cancel."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from types import TracebackType
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from api.jobs import store
from api.jobs.errors import LeaseLost
from api.jobs.rows import Job
from api.jobs.task import RunOver
from api.kit.clock import Clock
from api.kit.db import Database

LOOK_S: Final = 0.05
"""How often a worker looks whether its job is cancelled: a cancel is seen within 0.3 s."""
TELL_S: Final = 0.5
"""How often progress is written; what is new of another phase, at once."""
BEATS: Final = 3
"""Beats in a lease: two may be lost."""

_LOG = logging.getLogger(__name__)


class Keeper:
    """The worker's side of a `Run`. Use as a context around the task."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        job: Job,
        *,
        lease: timedelta,
        going_home: threading.Event,
    ) -> None:
        self.job = job
        self._database = database
        self._clock = clock
        self._lease = lease
        self._going_home = going_home
        self._over = threading.Event()
        self._lost = threading.Event()
        self._cancel = threading.Event()
        self._told_at = 0.0
        self._phase: object = None
        self._thread = threading.Thread(target=self._keep, name=f"keeper of {job.id}", daemon=True)

    def __enter__(self) -> Keeper:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def cancelled(self) -> bool:
        """See `Run`."""
        self._check()
        return self._cancel.is_set()

    def tell(
        self, progress: Mapping[str, object], incumbent: Mapping[str, object] | None = None
    ) -> None:
        """See `Run`."""
        self._check()
        new_phase = progress.get("phase") != self._phase
        if not new_phase and monotonic() - self._told_at < TELL_S:
            return
        self._phase, self._told_at = progress.get("phase"), monotonic()
        try:
            with self._database.writing() as connection:
                store.tell(
                    connection,
                    self.job,
                    progress=progress,
                    incumbent=incumbent,
                    until=self._until(),
                )
        except LeaseLost as error:
            self._lost.set()
            raise RunOver from error

    def _check(self) -> None:
        if self._lost.is_set() or self._going_home.is_set():
            raise RunOver

    def _until(self) -> datetime:
        return self._clock.now() + self._lease

    def _keep(self) -> None:
        """Beat and look until the run is over. A database that cannot be reached for a while costs
        beats; for longer than a lease, the job."""
        every_s = self._lease.total_seconds() / BEATS
        beaten = monotonic()
        while not self._over.wait(LOOK_S):
            try:
                if monotonic() - beaten >= every_s:
                    with self._database.writing() as connection:
                        store.beat(connection, self.job, until=self._until())
                    beaten = monotonic()
                if not self._cancel.is_set():
                    with self._database.reading() as connection:
                        if store.look(connection, self.job):
                            self._cancel.set()
            except LeaseLost:
                if not self._over.is_set():
                    _LOG.warning("job %s was taken over by another worker", self.job.id)
                self._lost.set()
                return
            except SQLAlchemyError:
                _LOG.warning("job %s: the database does not answer", self.job.id, exc_info=True)
                if monotonic() - beaten > self._lease.total_seconds():
                    self._lost.set()
                    return
