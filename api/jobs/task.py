"""What a job does, and how it speaks with whoever carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from api.errors import ApiError
from api.jobs.rows import Job

Write = Callable[[Connection], Mapping[str, object]]
"""Writes what a job has made, in the transaction that ends the job; gives the job's result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a task leaves: how to write it down, and whether it was cut short by a cancel."""

    write: Write
    stopped: bool = False


class Run(Protocol):
    """One attempt at a job, as its task sees it."""

    @property
    def job(self) -> Job:
        """The job as it was claimed; `incumbent` is from the attempts before this one."""
        ...

    def cancelled(self) -> bool:
        """Tell whether somebody wants the job to end with what it has.

        Raises:
            RunOver: the worker goes home, or another one has the job: nothing of this attempt is
                wanted any more.
        """
        ...

    def tell(
        self, progress: Mapping[str, object], incumbent: Mapping[str, object] | None = None
    ) -> None:
        """Let those who wait know, now and then; what comes too fast is told later or never.

        Raises:
            RunOver: as `cancelled`.
        """
        ...


class RunOver(ApiError):
    """Ends an attempt from within; only the worker catches it."""

    code = "job-run-over"


Task = Callable[[Run], Outcome]
"""Does a job. May be called again for the same job, after the worker before has died anywhere.

Errors of ours (`ApiError`, `RoutingError`, `GeoError`) fail the job with their code; a crashed
solver has the job tried again, as long as attempts are left.
"""
