"""Parts in child processes of this machine, several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from routing.errors import SolverCrashed
from routing.isolate import MEMORY_MB, Job, Sandbox
from routing.plan import StopReason
from routing.scale.executor import Task

if TYPE_CHECKING:
    from routing.planner import Planned


class Children:
    """So many sandboxed children; started at the first run, ended with the context."""

    def __init__(self, workers: int, *, cache_dir: Path, memory_mb: int = MEMORY_MB) -> None:
        if workers < 1:
            raise ValueError(f"{workers} child processes: at least 1")
        self.workers = workers
        self._cache_dir = cache_dir
        self._memory_mb = memory_mb
        self._free: SimpleQueue[Sandbox] = SimpleQueue()
        self._begun = 0

    def __enter__(self) -> Children:
        return self

    def __exit__(self, *exc: object) -> None:
        while not self._free.empty():
            self._free.get().__exit__(None, None, None)

    def run(
        self,
        tasks: Sequence[Task],
        *,
        cancelled: Callable[[], bool],
        on_done: Callable[[int, Planned], None],
    ) -> list[Planned]:
        """Plan all tasks, so many at once; see `Executor`."""
        for _ in range(self._begun, min(self.workers, len(tasks))):
            self._free.put(self._child())
            self._begun += 1

        def one(number: int) -> Planned:
            planned = self._plan(tasks[number].job(), cancelled)
            on_done(number, planned)
            return planned

        with ThreadPoolExecutor(self.workers) as pool:
            running = [pool.submit(one, number) for number in range(len(tasks))]
            try:
                return [each.result() for each in running]
            except BaseException:
                for each in running:
                    each.cancel()
                raise

    def _plan(self, job: Job, cancelled: Callable[[], bool]) -> Planned:
        """Plan in a free child, and from the beginning in a new one when it dies: what is kept of a
        dead child's search depends on the moment, a plan must not."""
        child = self._free.get()
        try:
            try:
                planned = child.plan(job, cancelled=cancelled)
            except SolverCrashed:
                child.__exit__(None, None, None)
                child = self._child()
                return child.plan(job, cancelled=cancelled)
            if planned.plan.provenance.stop_reason is StopReason.CRASHED and not cancelled():
                return child.plan(job, cancelled=cancelled)
            return planned
        finally:
            self._free.put(child)

    def _child(self) -> Sandbox:
        return Sandbox(cache_dir=self._cache_dir, memory_mb=self._memory_mb)
