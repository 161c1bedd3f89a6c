"""Jobs for tests: a task that counts, in this process or in a child of its own that can be killed.

What it has made is a row of its own, so that a result that is written twice is seen.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Mapping
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe

from sqlalchemy import Connection, func, insert, select

from api.jobs import store
from api.jobs.rows import Job
from api.jobs.task import Outcome, Run
from api.jobs.worker import Worker
from api.kit.clock import SystemClock
from api.kit.db import Database
from api.kit.ids import new_id
from api.kit.tables import IDEMPOTENCY
from routing.errors import SolverCrashed

TENANT = "acme"
CLOCK = SystemClock()
LEASE = timedelta(seconds=1)


def count_up(run: Run) -> Outcome:
    """Count to `steps`, `step_s` each, in this process; a cancel keeps how far it came."""
    first = (run.job.incumbent or {}).get("counted", 0)
    at = first
    for at in range(first, run.job.input["steps"] + 1):
        if run.cancelled():
            return Outcome(write=written(run.job, at), stopped=True)
        run.tell({"phase": f"step {at}"}, {"counted": at})
        time.sleep(run.job.input["step_s"])
    return Outcome(write=written(run.job, at))


def count_in_a_child(run: Run) -> Outcome:
    """The same in a child process, whose number is told."""
    ours, theirs = multiprocessing.get_context("fork").Pipe()
    first = (run.job.incumbent or {}).get("counted", 0)
    child = multiprocessing.get_context("fork").Process(
        target=_count, args=(ours, theirs, first, run.job.input), daemon=True
    )
    child.start()
    theirs.close()
    at = first
    try:
        while True:
            stopped = run.cancelled()
            if stopped:
                break
            if not ours.poll(0.02):
                continue
            at = ours.recv()
            run.tell({"phase": f"step {at}", "child": child.pid}, {"counted": at})
            if at >= run.job.input["steps"]:
                break
    except (EOFError, ConnectionResetError) as error:
        raise SolverCrashed("the counting child died") from error
    finally:
        child.kill()
        child.join()
        ours.close()
    return Outcome(write=written(run.job, at), stopped=stopped)


def _count(parents: Pipe, pipe: Pipe, first: int, asked: Mapping[str, float]) -> None:
    parents.close()  # or this child would never hear that its parent is gone
    try:
        for at in range(first, int(asked["steps"]) + 1):
            pipe.send(at)
            time.sleep(asked["step_s"])
        pipe.recv()  # nobody speaks: it ends when the worker does
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def written(job: Job, counted: int):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """How a count is written down: a row, and the job's result."""

    def write(connection: Connection) -> Mapping[str, object]:
        connection.execute(
            insert(IDEMPOTENCY).values(
                client_id=f"counted {new_id('once')}", key=job.id, route="", request_digest="",
                at=CLOCK.now(),
            )
        )  # fmt: skip
        return {"counted": counted}

    return write


TASKS = {"count": count_up, "count-apart": count_in_a_child}


def ask(
    database: Database, *, kind: str = "count", steps: int = 3, step_s: float = 0.0, number: int = 0
) -> Job:
    """Queue a count; `number` tells one from another that is alike."""
    with database.writing() as connection:
        job, _ = store.submit(
            connection,
            TENANT,
            kind=kind,
            asked={"steps": steps, "step_s": step_s, "number": number},
            now=CLOCK.now(),
        )
    return job


def worker(database: Database, name: str = "w1") -> Worker:
    return Worker(database, CLOCK, TASKS, name=name, lease=LEASE)


def read(database: Database, job: Job) -> Job:
    with database.reading() as connection:
        return store.find_job(connection, job.tenant_id, job.id)


def times_written(database: Database, job: Job) -> int:
    with database.reading() as connection:
        found = connection.scalar(
            select(func.count()).select_from(IDEMPOTENCY).where(IDEMPOTENCY.c.key == job.id)
        )
    return found or 0


def work_for_ever(url: str, name: str) -> None:
    """A worker process, until it is killed."""
    worker(Database(url), name).run()
