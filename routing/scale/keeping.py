"""Finished parts kept on disk, so that a large day that was cut off goes on where it stopped."""

from __future__ import annotations

import hashlib
import os
import pickle
import zlib
from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

from routing.plan import StopReason
from routing.planner import Planned
from routing.scale.executor import Executor, Task

if TYPE_CHECKING:
    from routing.isolate import Job


class Keeping:
    """Another executor, whose finished parts are kept in a folder under all they depend on.

    A part that was searched to its end is never searched again: not after a crash, a cancel or a
    power cut. `versions` names what plans: another version never finds its parts. `forget` takes
    away what this run kept, once the whole is written.
    """

    def __init__(self, inner: Executor, folder: Path, *, versions: str) -> None:
        self._inner = inner
        self._folder = folder
        self._versions = versions
        self._ours: set[Path] = set()

    @property
    def workers(self) -> int:
        """How many parts are planned at once."""
        return self._inner.workers

    def run(
        self,
        tasks: Sequence[Task],
        *,
        cancelled: Callable[[], bool],
        on_done: Callable[[int, Planned], None],
    ) -> list[Planned]:
        """Plan the tasks that are not kept; see `Executor`."""
        found: dict[int, Planned] = {}
        files: dict[int, Path] = {}
        for number, task in enumerate(tasks):
            job = task.job()
            files[number] = self._folder / f"part-{_digest(job, self._versions)}.pickle.z"
            self._ours.add(files[number])
            planned = _read(files[number])
            if planned is not None:
                found[number] = planned
                on_done(number, planned)
        missing = [number for number in range(len(tasks)) if number not in found]

        def done(at: int, planned: Planned) -> None:
            if planned.plan.provenance.stop_reason is StopReason.ITERATIONS:
                _write(files[missing[at]], planned)
            on_done(missing[at], planned)

        fresh = self._inner.run(
            [tasks[number] for number in missing], cancelled=cancelled, on_done=done
        )
        found |= dict(zip(missing, fresh, strict=True))
        return [found[number] for number in range(len(tasks))]

    def forget(self) -> None:
        """Take away the parts of this run."""
        for file in self._ours:
            file.unlink(missing_ok=True)


def _digest(job: Job, versions: str) -> str:
    """Name all that a part depends on. A search by the clock is never kept, nor looked for."""
    total = hashlib.sha256(versions.encode())
    start = job.start.sequences if job.start is not None else {}
    for told in (
        job.request.digest,
        job.travel.digest,
        repr(job.budget),
        job.seed,
        sorted(start.items()),
        astuple(job.effort) if job.effort is not None else (),
        job.master_effort,
    ):
        total.update(f"\n{told}".encode())
    return total.hexdigest()[:32]


def _write(file: Path, planned: Planned) -> None:
    """Write a part so that it is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.{os.getpid()}.half")
    half.write_bytes(zlib.compress(pickle.dumps(planned), level=1))
    half.replace(file)


def _read(file: Path) -> Planned | None:
    # routing.isolate, which made the job, has taught pickle the read-only mappings of plans.
    try:
        kept = pickle.loads(zlib.decompress(file.read_bytes()))
    except (OSError, zlib.error, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
        return None
    return kept if isinstance(kept, Planned) else None
