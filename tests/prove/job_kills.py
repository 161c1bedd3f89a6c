"""kill -9 of workers and of their children: every job ends once, with one result or one fault."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from sqlalchemy import select

from api.jobs import store
from api.jobs.rows import Job, job_of
from api.jobs.states import JobState
from api.jobs.tables import JOB
from api.kit.db import Database
from api.migrations.upgrade import upgrade
from tests.api.jobs.toys import CLOCK, ask, read, times_written, work_for_ever
from tests.databases import empty_url

WORKERS = 2
STEPS = 12
PATIENCE_S = 600


def killed_workers(kind: str, folder: Path, *, kills: int, seed: int = 1) -> Counter[str]:
    """Kill so many workers and children in all; raises at the first job that is lost or doubled."""
    url = empty_url(kind, folder)
    database = Database(url)
    upgrade(database)
    luck = Random(seed)
    jobs = [_asked(database, number) for number in range(4)]
    database.close()  # no connection is shared with a child
    names = iter(range(10**9))
    workers = [_begun(url, next(names)) for _ in range(WORKERS)]
    counts: Counter[str] = Counter()
    ends = time.monotonic() + PATIENCE_S
    try:
        while (left := _left(database, jobs)) or counts["kills"] < kills:
            assert time.monotonic() < ends, f"jobs that never end: {left}"
            if len(left) < WORKERS and counts["kills"] < kills:
                jobs.append(_asked(database, len(jobs)))
            time.sleep(luck.uniform(0.02, 0.25))
            if counts["kills"] < kills:
                counts[_strike(database, url, workers, luck, names)] += 1
                counts["kills"] = counts["workers killed"] + counts["children killed"]
    finally:
        for each in workers:
            _end(each)
    counts["jobs"] = len(jobs)
    for job in jobs:
        counts[_judged(database, job)] += 1
    database.close()
    return counts


def _asked(database: Database, number: int) -> Job:
    return ask(database, kind="count-apart", steps=STEPS, step_s=0.02, number=number)


def _left(database: Database, jobs: list[Job]) -> list[Job]:
    return [each for each in jobs if not read(database, each).ended]


def _strike(
    database: Database,
    url: str,
    workers: list[BaseProcess],
    luck: Random,
    names,  # type: ignore[no-untyped-def]  # noqa: ANN001  # an endless iterator
) -> str:
    """Kill a worker, or the child of one; cancel a job now and then. A killed worker has a
    successor."""
    fate, running = luck.random(), _running(database)
    if fate < 0.1 and running:
        with database.writing() as connection:
            store.request_cancel(connection, luck.choice(running), CLOCK.now())
        return "cancels"
    if fate < 0.65:
        children = [job.progress.get("child") for job in running]
        living = [each for each in children if each and _is_ours(each, workers)]
        if not living:
            return "waits"
        os.kill(luck.choice(living), signal.SIGKILL)
        return "children killed"
    at = luck.randrange(len(workers))
    _end(workers[at])
    workers[at] = _begun(url, next(names))
    return "workers killed"


def _running(database: Database) -> list[Job]:
    with database.reading() as connection:
        rows = connection.execute(select(JOB).where(JOB.c.state == JobState.RUNNING)).all()
    return [job_of(row) for row in rows]


def _is_ours(child: int, workers: list[BaseProcess]) -> bool:
    """Tell whether a process is the child of one of these workers still: numbers are used again."""
    try:
        status = Path(f"/proc/{child}/stat").read_text()
    except FileNotFoundError:
        return False
    return int(status.rsplit(")", 1)[1].split()[1]) in {each.pid for each in workers}


def _begun(url: str, number: int) -> BaseProcess:
    # Not daemonic: a worker has children of its own.
    process = multiprocessing.get_context("fork").Process(
        target=work_for_ever, args=(url, f"worker {number}")
    )
    process.start()
    return process


def _end(process: BaseProcess) -> None:
    assert process.pid is not None
    if process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join()


def _judged(database: Database, job: Job) -> str:
    ended = read(database, job)
    results = times_written(database, job)
    assert ended.attempt <= ended.attempts_most
    if ended.state is JobState.DONE:
        assert (results, ended.result) == (1, {"counted": STEPS}), ended
    elif ended.state is JobState.CANCELLED:
        assert results == (1 if ended.result else 0), ended
    else:
        assert ended.state is JobState.FAILED, ended
        assert ended.fault["code"] in ("workers-died", "solver_crashed"), ended
        assert (results, ended.attempt) == (0, ended.attempts_most), ended
    return ended.state
