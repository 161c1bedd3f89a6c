"""Plan in a sandboxed child: a crash is an answer, a cancel keeps the incumbent.

The child is started before there is anything to plan, so that it loads the solver and compiles
the search while its parent still reads sheets and roads.
"""

from __future__ import annotations

import copyreg
import multiprocessing
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Final

from routing.errors import RoutingError, SolverCrashed
from routing.plan import StopReason

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.planner import News, Planned
    from routing.search.budget import Budget
    from routing.search.solution import Solution

MEMORY_MB: Final = 8_192
GRACE_S: Final = 20.0
"""How long a cancelled child may take to finish its plan before its incumbent is finished by
another."""

_CANCEL: Final = "cancel"


def _freeze(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _thaw(
    mapping: MappingProxyType[Any, Any],
) -> tuple[Callable[..., MappingProxyType[Any, Any]], tuple[dict[Any, Any]]]:
    return _freeze, (dict(mapping),)


copyreg.pickle(MappingProxyType, _thaw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a child is asked to plan."""

    request: PlanRequest
    travel: TravelMatrix
    budget: Budget
    seed: int
    start: Solution | None = None


class Sandbox:
    """One child process that plans. Use as a context; it never outlives it."""

    def __init__(self, *, cache_dir: Path, memory_mb: int = MEMORY_MB) -> None:
        self._cache_dir = cache_dir
        self._memory_mb = memory_mb
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

        last = self._run(
            replace(job, start=answer.incumbent, budget=Iterations(0)), lambda: False, on_news
        )
        if isinstance(last, _Unfinished):
            raise SolverCrashed(f"the solver {answer.how}, and again while finishing its plan")
        provenance = replace(last.plan.provenance, stop_reason=answer.why)
        return replace(last, plan=replace(last.plan, provenance=provenance))

    def _run(
        self, job: Job, cancelled: Callable[[], bool], on_news: Callable[[News], None]
    ) -> Planned | _Unfinished:
        incumbent: Solution | None = job.start
        asked_at: float | None = None
        try:
            self._tell(job)
            while True:
                if asked_at is None and cancelled():
                    self._tell(_CANCEL)
                    asked_at = monotonic()
                if asked_at is not None and monotonic() - asked_at > GRACE_S:
                    return _Unfinished(incumbent, "did not stop when asked", StopReason.CANCELLED)
                heard = self._hear()
                if heard is None:
                    continue
                kind, body = heard
                if kind == "news":
                    incumbent = body.incumbent or incumbent
                    on_news(body)
                elif kind == "planned":
                    planned: Planned = body
                    return planned
                else:
                    raise body
        except _ChildGone:
            self._process.join()
            how = f"ended with exit code {self._process.exitcode}"
            return _Unfinished(incumbent, how, StopReason.CRASHED)

    def _tell(self, message: Job | str) -> None:
        try:
            self._pipe.send(message)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise _ChildGone from error

    def _hear(self) -> tuple[str, Any] | None:
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
    how: str
    why: StopReason


def _child(pipe: Connection, cache_dir: Path, memory_mb: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, memory_mb * 2**20))
    from routing.compiled import keep_compiled_code_in

    keep_compiled_code_in(cache_dir)
    from routing.planner import plan_day
    from routing.search.solution import NOTHING
    from routing.warm_up import warm_up

    warm_up()
    try:
        while True:
            job: Job | str = pipe.recv()
            if isinstance(job, str):
                continue  # a cancel of the job before, sent when its search was over
            stop = _Flag(pipe)
            try:
                planned = plan_day(
                    job.request,
                    job.travel,
                    budget=job.budget,
                    seed=job.seed,
                    start=job.start or NOTHING,
                    cancelled=stop.raised,
                    on_news=lambda news: pipe.send(("news", news)),
                )
            except RoutingError as error:
                pipe.send(("error", error))
            else:
                pipe.send(("planned", planned))
    except (EOFError, BrokenPipeError):
        return


class _Flag:
    """Set once the parent asks to cancel."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._set = False

    def raised(self) -> bool:
        if not self._set and self._pipe.poll():
            self._set = self._pipe.recv() == _CANCEL
        return self._set
