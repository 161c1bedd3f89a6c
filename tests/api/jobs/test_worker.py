"""Workers with real processes beneath and beside them: cancels, crashes, kill -9."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api.jobs.rows import Job
from api.jobs.service import Jobs
from api.jobs.states import JobState
from api.jobs.task import Outcome, Run
from api.jobs.worker import Worker
from api.kit.db import Database
from routing.errors import BadRequest
from tests.api.jobs.toys import CLOCK, LEASE, TENANT, ask, read, times_written, worker
from tests.databases import KINDS
from tests.prove import job_kills

PATIENCE_S = 60


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that comes; how long it takes is nobody's claim."""
    ends = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.01)


def at_work(database: Database, its_worker: Worker, job: Job) -> threading.Thread:
    """Let a worker begin a job in a thread; give the thread once the job is under way."""
    thread = threading.Thread(target=its_worker.run_one)
    thread.start()
    until(lambda: read(database, job).incumbent is not None)
    return thread


@pytest.mark.parametrize("kind", ["count", "count-apart"])
def test_a_cancel_keeps_what_was_found(database: Database, kind: str) -> None:
    """The count so far is the result, written once."""
    job = ask(database, kind=kind, steps=10_000, step_s=0.01)
    thread = at_work(database, worker(database), job)
    asked = Jobs(database, CLOCK).cancel(TENANT, job.id)
    assert asked.cancel_requested
    thread.join()
    ended = read(database, job)
    assert ended.state is JobState.CANCELLED
    assert 0 <= ended.result["counted"] < 10_000
    assert times_written(database, job) == 1


def test_a_worker_that_goes_home_leaves_its_job_to_the_next(database: Database) -> None:
    """It goes at once, and the next one counts on from there."""
    job = ask(database, kind="count-apart", steps=30, step_s=0.01)
    first = worker(database, "w1")
    thread = at_work(database, first, job)
    first.go_home()
    thread.join()
    waiting = read(database, job)
    assert waiting.state is JobState.QUEUED
    assert worker(database, "w2").run_one()
    assert read(database, job).result == {"counted": 30}
    assert times_written(database, job) == 1


def test_a_killed_child_is_an_answer_and_the_job_is_tried_again(database: Database) -> None:
    """kill -9 of the child: the worker lives, the next attempt counts on."""
    job = ask(database, kind="count-apart", steps=40, step_s=0.02)
    crashing = worker(database)
    thread = at_work(database, crashing, job)
    os.kill(read(database, job).progress["child"], signal.SIGKILL)
    thread.join()
    given_back = read(database, job)
    assert given_back.state is JobState.QUEUED
    assert given_back.incumbent is not None
    assert crashing.run_one()
    ended = read(database, job)
    assert (ended.state, ended.attempt) == (JobState.DONE, 2)
    assert times_written(database, job) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [(BadRequest(("no truck",)), "bad_request"), (ZeroDivisionError("a bug"), "internal_error")],
)
def test_a_task_that_raises_fails_its_job_and_not_its_worker(
    database: Database, error: Exception, code: str
) -> None:
    """Faults of the input are told; of a bug only that it is one."""

    def raising(run: Run) -> Outcome:
        raise error

    job = ask(database)
    assert Worker(database, CLOCK, {"count": raising}, name="w", lease=LEASE).run_one()
    failed = read(database, job)
    assert failed.state is JobState.FAILED
    assert failed.fault["code"] == code
    assert ("a bug" in str(failed.fault["message"]).split(";")[0]) == (code == "internal_error")
    assert "no truck" in str(failed.fault) or code == "internal_error"


def test_a_result_that_cannot_be_written_leaves_nothing_behind(database: Database) -> None:
    """What the task writes and the end of the job are one transaction."""
    from tests.api.jobs.toys import written

    def half(run: Run) -> Outcome:
        def write(connection):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            written(run.job, 7)(connection)
            raise ZeroDivisionError

        return Outcome(write=write)

    job = ask(database)
    assert Worker(database, CLOCK, {"count": half}, name="w", lease=LEASE).run_one()
    assert read(database, job).state is JobState.FAILED
    assert times_written(database, job) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_killed_workers_and_children_lose_no_job(kind: str, tmp_path: Path) -> None:
    """The short form of `python -m tests.prove jobs`."""
    counts = job_kills.killed_workers(kind, tmp_path, kills=8)
    assert counts["kills"] == 8
    assert counts["done"] + counts["failed"] + counts["cancelled"] == counts["jobs"]
