"""The jobs of plans with real children: solved, cancelled, killed, repaired."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from api.jobs.rows import Job
from api.jobs.service import Jobs
from api.jobs.states import JobState
from api.jobs.worker import Worker
from api.kit.clock import SystemClock
from api.plans import store
from api.plans.asking import Asked, Asking
from api.plans.boards import Boards
from api.plans.changing import Changing
from api.plans.repairing import REPAIR, RepairDesk, Repairer
from api.plans.solving import SOLVE, Solver
from api.plans.states import Maker, RevisionState
from api.plans.store import Revision
from routing.plan import Plan, StopReason
from routing.plan_json import plan_to_json
from routing.repair.events import TruckLost
from tests.api.plans.days import CLOCK, DAY, Office
from tests.api.slots.books import POOL, TENANT
from tests.databases import new_database
from tests.days import at, matrix_of
from tests.solving import solve

pytestmark = pytest.mark.usefixtures("compiled_search")
ENDLESS = 10_000_000
"""Iterations of a search that no test waits for the end of."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """On SQLite alone: what is of the database is tested with the queue."""
    return Office.of(new_database("sqlite", tmp_path))


def worker(office: Office, name: str = "w1") -> Worker:
    where = {
        "database": office.database,
        "clock": CLOCK,
        "prepare": office.prepare,
        "cache_dir": office.cache_dir,
    }
    tasks = {SOLVE: Solver(**where), REPAIR: Repairer(**where)}  # type: ignore[arg-type]
    return Worker(office.database, SystemClock(), tasks, name=name, lease=timedelta(seconds=60))


def asked(office: Office, iterations: int) -> Asked:
    asking = Asking(office.database, CLOCK, office.book, office.read)
    return asking.ask(TENANT, actor="anna", pool=POOL, day=DAY, seed=1, iterations=iterations)


def now(office: Office, job: Job) -> Job:
    return Jobs(office.database, CLOCK).job(TENANT, job.id)


def revision(office: Office, plan_id: str, number: int = 1) -> tuple[Revision, Plan]:
    with office.database.reading() as connection:
        plan = store.find_plan(connection, TENANT, plan_id)
        found = store.find_revision(connection, plan, number)
        return found, store.read_plan_text(connection, found)


def searching(office: Office, job: Job) -> threading.Thread:
    """Let a worker begin, and wait until its search has found something."""
    thread = threading.Thread(target=worker(office).run_one)
    thread.start()
    ends = time.monotonic() + 240
    while now(office, job).incumbent is None:
        assert time.monotonic() < ends, now(office, job)
        time.sleep(0.05)
    return thread


def test_a_job_leaves_the_plan_that_the_planner_makes_alone(office: Office) -> None:
    """Same inputs, seed and iterations: the same bytes as without a job; then a truck is lost, and
    the repair is the next revision."""
    order = asked(office, 250)
    assert worker(office).run_one()
    done = now(office, order.job)
    assert done.state is JobState.DONE, done.fault
    made, plan = revision(office, order.plan.id)
    assert (made.state, made.made_by) == (RevisionState.CHECKED, Maker.SOLVER)
    alone = solve(office.request, matrix_of(office.request)).plan
    assert plan_to_json(plan) == plan_to_json(alone)

    desk = RepairDesk(office.database, CLOCK)
    with office.database.reading() as connection:
        row = store.find_plan(connection, TENANT, order.plan.id)
    lost = plan.routes[0].truck_id
    job = desk.ask(
        row,
        made,
        [TruckLost(truck_id=lost, since=at("04:00"))],
        actor="anna",
        now=at("04:00"),
        max_changes=None,
        seed=1,
    )
    assert worker(office).run_one()
    assert now(office, job).state is JobState.DONE, now(office, job).fault
    repaired, after = revision(office, order.plan.id, 2)
    assert repaired.made_by is Maker.REPAIR
    assert repaired.state is RevisionState.CHECKED, repaired.findings
    assert lost not in {route.truck_id for route in after.routes}
    assert repaired.change["diff"]["lines"]
    board = Boards(office.database, office.prepare).board(repaired)
    assert board.request.digest == after.provenance.request_digest
    back = Changing(office.database, CLOCK, Boards(office.database, office.prepare))
    assert back.undo(TENANT, order.plan.id, actor="anna", expected=2).body_digest == (
        made.body_digest
    )


def test_a_cancel_leaves_a_plan_of_what_was_found(office: Office) -> None:
    """Complete and audited, and it says why it ended."""
    order = asked(office, ENDLESS)
    thread = searching(office, order.job)
    Jobs(office.database, CLOCK).cancel(TENANT, order.job.id)
    thread.join()
    ended = now(office, order.job)
    assert ended.state is JobState.CANCELLED, ended.fault
    made, plan = revision(office, order.plan.id)
    assert made.state is RevisionState.CHECKED
    assert plan.provenance.stop_reason is StopReason.CANCELLED
    assert made.served == 5


def test_a_killed_child_leaves_a_plan_of_what_was_found(office: Office) -> None:
    """kill -9 of the solver: another child finishes from the incumbent; the plan says so."""
    others = set(multiprocessing.active_children())
    order = asked(office, ENDLESS)
    thread = searching(office, order.job)
    (child,) = set(multiprocessing.active_children()) - others
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    thread.join()
    ended = now(office, order.job)
    assert ended.state is JobState.DONE, ended.fault
    made, plan = revision(office, order.plan.id)
    assert made.state is RevisionState.CHECKED
    assert plan.provenance.stop_reason is StopReason.CRASHED
