"""Parts of a large day on the workers of a Dask scheduler.

A task carries its request and its matrix and brings its plan back, both packed: workers share no
files with anybody. Each keeps its own compiled code, in its user's cache folder.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from api.errors import BadUsage
from api.settings import read_settings
from routing.errors import RoutingError, SolverCrashed

if TYPE_CHECKING:
    from routing.planner import Planned
    from routing.scale.executor import Task

ANSWER_S: Final = 30
"""How long to wait for a scheduler, and for its first worker."""
QUEUED: Final = 2
"""Parts on the way per worker: the next one is there when one is done."""


class Cluster:
    """The workers of a scheduler, `at_least` so many at first; use as a context.

    Raises:
        BadUsage: `distributed` is not installed, nobody answers, or there is no worker.
    """

    def __init__(self, address: str, *, at_least: int = 1) -> None:
        try:
            import distributed
        except ImportError as error:
            raise BadUsage(
                '--scheduler needs Dask: pip install "flatbed[scale]", here and on every worker'
            ) from error
        connect: Any = distributed.Client  # Dask has no types.
        try:
            self._client = connect(address, timeout=ANSWER_S)
        except (OSError, ValueError, TimeoutError) as error:
            raise BadUsage(
                f"--scheduler {address}: no Dask scheduler answers there; start one with"
                " `dask scheduler`, and give its tcp:// address"
            ) from error
        try:
            self._client.wait_for_workers(at_least, timeout=ANSWER_S)
        except TimeoutError as error:
            self._client.close()
            raise BadUsage(
                f"--scheduler {address}: it has too few workers; start some with"
                f" `dask worker {address} --nthreads 1`"
            ) from error

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *exc: object) -> None:
        self._client.close()

    @property
    def workers(self) -> int:
        """How many workers there are now."""
        return max(1, len(self._client.nthreads()))

    def run(
        self,
        tasks: Sequence[Task],
        *,
        cancelled: Callable[[], bool],
        on_done: Callable[[int, Planned], None],
    ) -> list[Planned]:
        """Plan all tasks; see `routing.scale.executor`. Dask gives the part of a dead worker to
        another one. Once cancelled, parts that workers are at are planned to their end."""
        import distributed
        from distributed.scheduler import KilledWorker

        wait: Any = distributed.wait
        waiting = list(reversed(range(len(tasks))))
        flying: dict[Any, int] = {}
        found: dict[int, Planned] = {}
        try:
            while waiting or flying:
                while waiting and len(flying) < QUEUED * self.workers:
                    number = waiting.pop()
                    packed = _packed(tasks[number].job())
                    future = self._client.submit(plan_packed, packed, cancelled(), pure=False)
                    flying[future] = number
                for future in wait(list(flying), return_when="FIRST_COMPLETED").done:
                    number = flying.pop(future)
                    try:
                        found[number] = _opened(future.result())
                    except KilledWorker as error:
                        raise SolverCrashed(
                            f"{tasks[number].name}: several workers died while they planned it"
                        ) from error
                    on_done(number, found[number])
        finally:
            self._client.cancel(list(flying))
        return [found[number] for number in range(len(tasks))]


def plan_packed(packed: bytes, stopped: bool) -> bytes:
    """Plan one packed part on a worker; with `stopped` without a search.

    An error of ours comes back as the answer: Dask would wrap it.
    """
    from routing.compiled import keep_compiled_code_in

    keep_compiled_code_in(read_settings().cache_dir)
    job = _opened(packed)
    try:
        return _packed(job.plan(cancelled=lambda: stopped))
    except RoutingError as error:
        return _packed(error)


def _packed(value: object) -> bytes:
    # routing.isolate teaches pickle the read-only mappings of plans.
    import routing.isolate  # noqa: F401

    return zlib.compress(pickle.dumps(value), level=1)


def _opened(packed: bytes) -> Any:  # noqa: ANN401
    value = pickle.loads(zlib.decompress(packed))
    if isinstance(value, RoutingError):
        raise value
    return value
