"""Plan in a sandboxed child: a crash is an answer, a cancel keeps the incumbent.

The child is started before there is anything to plan, so that it loads the solver and compiles
the search while its parent still reads sheets and roads.
"""

from __future__ import annotations

import copyreg
import multiprocessing
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal

from routing.errors import RoutingError, SolverCrashed
from routing.plan import StopReason

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.explain import Effort
    from routing.planner import News, Phase, Planned
    from routing.search.budget import Budget
    from routing.search.solution import Solution

MEMORY_MB: Final = 8_192
GRACE_S: Final = 20.0
"""How long a cancelled child may go on searching before its incumbent is finished by another."""
FINISHING_GRACE_S: Final = 120.0
"""The same for a child that compiles the day or finishes its plan: it is nearly done, and another
would do all of that again."""

_Order = tuple[Literal["job"], int, "Job"] | tuple[Literal["cancel"], int]
"""What a parent says, with the number of the job it is about: a message that comes late is of no
concern to the next job."""
_Answer = tuple[Literal["news", "planned", "error"], int, Any]


def _freeze(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _thaw(
    mapping: MappingProxyType[Any, Any],
) -> tuple[Callable[..., MappingProxyType[Any, Any]], tuple[dict[Any, Any]]]:
    return _freeze, (dict(mapping),)


copyreg.pickle(MappingProxyType, _thaw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a child is asked to plan. `searched` counts the iterations that `start` is from;
    `effort` and `master_effort` None: as hard as a day of its own is explained and chosen."""

    request: PlanRequest
    travel: TravelMatrix
    budget: Budget
    seed: int
    start: Solution | None = None
    searched: int = 0
    effort: Effort | None = None
    master_effort: float | None = None

    def plan(
        self,
        *,
        cancelled: Callable[[], bool] = lambda: False,
        on_news: Callable[[News], None] = lambda news: None,
    ) -> Planned:
        """Plan it in this process; see `plan_day`."""
        from routing.planner import plan_day
        from routing.search.master import EFFORT
        from routing.search.solution import NOTHING

        return plan_day(
            self.request,
            self.travel,
            budget=self.budget,
            seed=self.seed,
            start=self.start or NOTHING,
            searched=self.searched,
            effort=self.effort,
            master_effort=EFFORT if self.master_effort is None else self.master_effort,
            cancelled=cancelled,
            on_news=on_news,
        )


class Sandbox:
    """One child process that plans. Use as a context; it never outlives it."""

    def __init__(self, *, cache_dir: Path, memory_mb: int = MEMORY_MB) -> None:
        self._cache_dir = cache_dir
        self._memory_mb = memory_mb
        self._number = 0
        self._process: multiprocessing.process.BaseProcess
        self._pipe: Connection
        self._start()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def plan(
        self,
        job: Job,
        *,
        cancelled: Callable[[], bool] = lambda: False,
        on_news: Callable[[News], None] = lambda news: None,
    ) -> Planned:
        """Plan in the child; finish from the incumbent when it dies or will not stop.

        A cancel that comes before the child is ready waits for it: it then plans with what it has.

        Raises:
            BadRequest: the request contradicts itself.
            SolverCrashed: the child died before it had found anything, or twice.
        """
        answer = self._run(job, cancelled, on_news)
        if not isinstance(answer, _Unfinished):
            return answer
        if answer.incumbent is None:
            raise SolverCrashed(f"the solver {answer.how} before it had found any plan")
        self._end()
        self._start()
        from routing.search.budget import Iterations

        rest = replace(
            job, start=answer.incumbent, budget=Iterations(0), searched=answer.iterations
        )
        last = self._run(rest, lambda: answer.why is StopReason.CANCELLED, on_news)
        if isinstance(last, _Unfinished):
            raise SolverCrashed(f"the solver {answer.how}, and again while finishing its plan")
        provenance = replace(last.plan.provenance, stop_reason=answer.why)
        return replace(last, plan=replace(last.plan, provenance=provenance))

    def _run(
        self, job: Job, cancelled: Callable[[], bool], on_news: Callable[[News], None]
    ) -> Planned | _Unfinished:
        incumbent, iterations = job.start, job.searched
        phase: Phase | None = None
        asked_at: float | None = None
        self._number += 1
        try:
            self._tell(("job", self._number, job))
            while True:
                if asked_at is None and cancelled():
                    self._tell(("cancel", self._number))
                    asked_at = monotonic()
                if asked_at is not None and monotonic() - asked_at > _grace_s(phase):
                    how = "did not stop when asked"
                    return _Unfinished(incumbent, iterations, how, StopReason.CANCELLED)
                heard = self._hear()
                if heard is None:
                    continue
                kind, number, body = heard
                if number != self._number:
                    continue  # of a job whose caller did not wait for the end
                if kind == "news":
                    phase = body.phase
                    incumbent = body.incumbent or incumbent
                    if body.search is not None:
                        iterations = job.searched + body.search.iterations
                    on_news(body)
                elif kind == "planned":
                    planned: Planned = body
                    return planned
                else:
                    raise body
        except _ChildGone:
            self._process.join()
            how = f"ended with exit code {self._process.exitcode}"
            return _Unfinished(incumbent, iterations, how, StopReason.CRASHED)

    def _tell(self, message: _Order) -> None:
        try:
            self._pipe.send(message)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise _ChildGone from error

    def _hear(self) -> _Answer | None:
        """Wait a moment for the child; None when it has nothing to say yet."""
        try:
            return self._pipe.recv() if self._pipe.poll(0.1) else None
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            raise _ChildGone from error

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_child, args=(theirs, self._cache_dir, self._memory_mb), daemon=True
        )
        self._process.start()
        theirs.close()

    def _end(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()


class _ChildGone(Exception):
    """The other end of the pipe is closed. Its own kind: a caller's `on_news` may meet a broken
    pipe, too, of the terminal it writes to."""


@dataclass(frozen=True, slots=True)
class _Unfinished:
    incumbent: Solution | None
    iterations: int
    how: str
    why: StopReason


def _grace_s(phase: Phase | None) -> float:
    """Seconds from a cancel to the end of patience, by what the child said last it does.

    A child that has said nothing yet is loading the solver and has not seen the cancel; it has
    nothing to finish a plan from either.
    """
    if phase is None:
        return inf
    return GRACE_S if phase == "search" else FINISHING_GRACE_S


def _child(pipe: Connection, cache_dir: Path, memory_mb: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory_mb)
    from routing.compiled import keep_compiled_code_in

    keep_compiled_code_in(cache_dir)
    from routing.warm_up import warm_up

    warm_up()
    try:
        inbox = _Inbox(pipe)
        while True:
            number, job = inbox.next_job()

            def tell(news: News, number: int = number) -> None:
                pipe.send(("news", number, news))

            try:
                planned = job.plan(cancelled=partial(inbox.cancels, number), on_news=tell)
            except RoutingError as error:
                pipe.send(("error", number, error))
            else:
                pipe.send(("planned", number, planned))
    except (EOFError, BrokenPipeError):
        return


def _limit_memory(memory_mb: int) -> None:
    """Let this process have so much memory, or what it may have already when that is less.

    Only Linux holds a process to it; elsewhere the system decides.
    """
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = memory_mb * 2**20
        limit = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


class _Inbox:
    """What the parent sends, sorted by the job it is about."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._next: tuple[int, Job] | None = None
        self._cancelled = 0

    def next_job(self) -> tuple[int, Job]:
        """Wait for a job; answers its number, too.

        Raises:
            EOFError: the parent is gone.
        """
        while self._next is None:
            self._take()
        job, self._next = self._next, None
        return job

    def cancels(self, number: int) -> bool:
        """Tell whether a job was cancelled, or given up for a later one."""
        while self._pipe.poll():
            self._take()
        return self._cancelled == number or self._next is not None

    def _take(self) -> None:
        order: _Order = self._pipe.recv()
        if order[0] == "job":
            self._next = order[1], order[2]
        else:
            self._cancelled = order[1]
