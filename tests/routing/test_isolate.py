"""The sandbox, with real child processes: a crash is an answer, a cancel keeps the incumbent.

Children are killed and frozen by real signals, in answer to their own news: nothing is timed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import read_settings
from routing import isolate
from routing.audit import report_text
from routing.errors import BadRequest, SolverCrashed
from routing.isolate import Job, Sandbox
from routing.plan import FIX_SEARCH_CANCELLED, StopReason
from routing.plan_json import plan_to_json
from routing.planner import News, Phase, Planned, plan_day
from routing.reasons import Reason
from routing.search.budget import Iterations
from routing.search.solution import NOTHING
from tests.days import km, matrix_of, order, request, truck
from tests.solving import solve

pytestmark = pytest.mark.usefixtures("compiled_search")
NEVER = Iterations(10**9)
"""A budget no test waits for the end of."""


def day_of_five(*, budget: Iterations = Iterations(250)) -> Job:  # noqa: B008  # frozen
    """Two trucks for five orders: four are served, one is too far for its worth."""
    day = request(
        order("O1", windows=[("09:00", "11:00")], promised=True),
        *(order(f"O{n}", place=km(20 * n)) for n in (2, 3, 4)),
        order("O5", place=km(700)),
        trucks=[truck("T1"), truck("T2", driver_id="D2")],
    )
    return Job(request=day, travel=matrix_of(day), budget=budget, seed=3)


def cache() -> Path:
    """Where the tests keep compiled code."""
    return read_settings().cache_dir


@pytest.fixture(scope="module")
def sandbox(compiled_search: None) -> Iterator[Sandbox]:
    """One child for the tests that let it live."""
    with Sandbox(cache_dir=cache()) as child:
        yield child


class Watcher:
    """Hears the news of a sandbox of its own and does something to its child at one of them."""

    def __init__(self, at: Phase, number: int = 0) -> None:
        self._others = set(multiprocessing.active_children())
        self._at = at
        self._number = number
        self.seen = False
        self.last = NOTHING

    def __call__(self, news: News) -> None:
        """Remember the incumbent; send the signal when its phase has come."""
        self.last = news.incumbent or self.last
        if news.phase is self._at and not self.seen:
            self.seen = True
            self.send()

    def send(self) -> None:
        """Send the signal, if there is one, to the child that was not there before."""
        if self._number:
            (child,) = set(multiprocessing.active_children()) - self._others
            assert child.pid is not None
            os.kill(child.pid, self._number)


class Murderer(Watcher):
    """Kills every child at the same news, not only the first."""

    def __call__(self, news: News) -> None:
        """Strike again."""
        if news.phase is self._at:
            self.send()


def served(planned: Planned) -> frozenset[str]:
    """Orders on a truck."""
    assert planned.report.clean, report_text(planned.report, "en")
    return frozenset(stop.order_id for route in planned.plan.routes for stop in route.stops)


def test_the_child_plans_what_its_parent_would_byte_for_byte(sandbox: Sandbox) -> None:
    """Isolation must not change a plan; nor must an earlier job of the same child."""
    job = day_of_five()
    alone = plan_to_json(solve(job.request, job.travel, seed=job.seed).plan)
    assert plan_to_json(sandbox.plan(job).plan) == alone
    assert plan_to_json(sandbox.plan(job).plan) == alone


def test_faults_of_a_request_cross_the_process_boundary_whole(sandbox: Sandbox) -> None:
    """The same words, the same list, and the child lives to plan the corrected request."""
    day = request(order("O1"), order("O1"), order("O2", warehouse_id="GONE"))
    job = Job(request=day, travel=matrix_of(day), budget=Iterations(250), seed=1)
    with pytest.raises(BadRequest) as here:
        plan_day(day, job.travel, budget=job.budget, seed=1)
    with pytest.raises(BadRequest) as there:
        sandbox.plan(job)
    assert there.value.faults == here.value.faults
    assert str(there.value) == str(here.value)
    assert len(served(sandbox.plan(day_of_five()))) == 4


def test_a_cancelled_search_keeps_its_incumbent(sandbox: Sandbox) -> None:
    """Whoever has seen enough gets the plan there is, complete and audited."""
    watcher = Watcher(Phase.SEARCH)
    planned = sandbox.plan(
        day_of_five(budget=NEVER), cancelled=lambda: watcher.seen, on_news=watcher
    )
    assert planned.plan.provenance.stop_reason is StopReason.CANCELLED
    assert planned.plan.provenance.iterations >= 250
    assert len(served(planned)) == len(watcher.last.served) == 4


def test_a_cancel_that_comes_too_late_does_not_disturb_the_next_job(sandbox: Sandbox) -> None:
    """The plan is on its way when the cancel leaves: the child reads it with nothing to do."""
    on_its_way = False

    def wait_for_the_plan(news: News) -> None:
        nonlocal on_its_way
        if news.phase is Phase.AUDIT:
            on_its_way = sandbox._pipe.poll(60)

    late = sandbox.plan(day_of_five(), cancelled=lambda: on_its_way, on_news=wait_for_the_plan)
    assert on_its_way
    assert late.plan.provenance.stop_reason is StopReason.ITERATIONS
    again = sandbox.plan(day_of_five())
    assert again.plan.provenance.stop_reason is StopReason.ITERATIONS
    assert plan_to_json(again.plan) == plan_to_json(late.plan)


def test_a_cancel_before_the_child_is_ready_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiling may take a minute: nobody is killed for it, and there is a plan in the end."""
    monkeypatch.setattr(isolate, "GRACE_S", 0.0)
    with Sandbox(cache_dir=cache()) as child:
        planned = child.plan(day_of_five(budget=NEVER), cancelled=lambda: True)
    assert planned.plan.provenance.stop_reason is StopReason.CANCELLED
    assert planned.plan.provenance.iterations == 0
    assert len(served(planned)) == 4


def test_a_cancelled_explanation_names_reasons_and_looks_for_no_fix() -> None:
    """Whoever cancels waits for no proofs; what stays behind still says why."""
    job = day_of_five()
    explaining = False

    def listen(news: News) -> None:
        nonlocal explaining
        explaining = explaining or news.phase is Phase.EXPLAIN

    planned = plan_day(
        job.request,
        job.travel,
        budget=job.budget,
        seed=3,
        cancelled=lambda: explaining,
        on_news=listen,
    )
    assert len(served(planned)) == 4
    (entry,) = planned.plan.left_behind
    assert (entry.fix, entry.fix_tried) == (None, (FIX_SEARCH_CANCELLED,))
    assert entry.reason is Reason.DUTY_EXCEEDED


def test_a_job_given_up_by_its_caller_does_not_answer_the_next_one(sandbox: Sandbox) -> None:
    """The caller's error leaves a child at work on a plan that nobody waits for."""

    def fail(news: News) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        sandbox.plan(day_of_five(budget=NEVER), on_news=fail)
    planned = sandbox.plan(day_of_five())
    assert planned.plan.provenance.iterations == 250
    assert planned.plan.provenance.stop_reason is StopReason.ITERATIONS


def test_a_child_killed_in_mid_search_leaves_a_plan_from_its_incumbent() -> None:
    """The kernel's out-of-memory killer does the same; what was found is not lost."""
    watcher = Watcher(Phase.SEARCH, signal.SIGKILL)
    with Sandbox(cache_dir=cache()) as child:
        planned = child.plan(day_of_five(budget=NEVER), on_news=watcher)
    assert planned.plan.provenance.stop_reason is StopReason.CRASHED
    assert len(served(planned)) == len(watcher.last.served) == 4
    assert [entry.order_id for entry in planned.plan.left_behind] == ["O5"]


def test_a_child_killed_before_it_found_anything_is_an_error_with_its_exit_code() -> None:
    """There is nothing to make a plan from; the message says how the child ended.

    Killed before it hears of the job: once it plans, its first incumbent may be on its way."""
    watcher = Watcher(Phase.COMPILE, signal.SIGKILL)
    with Sandbox(cache_dir=cache()) as child, pytest.raises(SolverCrashed, match="exit code -9"):
        watcher.send()
        child.plan(day_of_five(budget=NEVER))


def test_a_plan_that_kills_its_finisher_too_is_given_up() -> None:
    """Twice is no accident: an answer at last, not a third try."""
    murderer = Murderer(Phase.CHOOSE, signal.SIGKILL)
    with Sandbox(cache_dir=cache()) as child, pytest.raises(SolverCrashed, match="and again"):
        child.plan(day_of_five(), on_news=murderer)


def test_a_child_that_hangs_when_cancelled_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stuck in compiled code it hears nothing; another finishes its incumbent."""
    monkeypatch.setattr(isolate, "GRACE_S", 0.5)
    watcher = Watcher(Phase.SEARCH, signal.SIGSTOP)
    with Sandbox(cache_dir=cache()) as child:
        planned = child.plan(
            day_of_five(budget=NEVER), cancelled=lambda: watcher.seen, on_news=watcher
        )
    assert planned.plan.provenance.stop_reason is StopReason.CANCELLED
    assert planned.plan.provenance.iterations >= 250
    assert len(served(planned)) == 4


def test_a_child_without_enough_memory_is_an_error_and_no_hang() -> None:
    """200 MB do not even load the solver."""
    with (
        Sandbox(cache_dir=cache(), memory_mb=200) as child,
        pytest.raises(SolverCrashed, match="before it had found any plan"),
    ):
        child.plan(day_of_five())


def test_an_error_of_the_caller_is_no_crash_and_no_child_outlives_its_sandbox() -> None:
    """`flatbed plan DAY | head` closes the stream that progress goes to: that error is theirs."""
    others = set(multiprocessing.active_children())

    def print_to_nobody(news: News) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError), Sandbox(cache_dir=cache()) as child:
        child.plan(day_of_five(budget=NEVER), on_news=print_to_nobody)
    assert set(multiprocessing.active_children()) == others
