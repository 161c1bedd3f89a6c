"""Jobs on the wire."""

from __future__ import annotations

from typing import Any, Final, Self

from api.jobs.rows import Job
from api.jobs.states import JobState
from api.kit.schema import Moment, Wire, shown_as

_JOB: Final = {
    "job_id": "job_5f0c9d3b7a614e2f8c1d0b9a7e6f5d4c",
    "kind": "plan",
    "state": "running",
    "attempt": 1,
    "cancel_requested": False,
    "progress": {"phase": "search", "share": 0.42, "cost_minor": 1834200, "served": 139},
    "found_something": True,
    "result": {},
    "fault": {},
    "created_at": "2026-12-04T18:00:00+08:00",
    "started_at": "2026-12-04T18:00:01+08:00",
    "ended_at": None,
    "version": 12,
}


class JobOut(Wire):
    """Work that takes longer than a request. `result` is there once it is done or cancelled,
    `fault` (a code and a sentence) once it has failed."""

    model_config = shown_as(_JOB)

    job_id: str
    kind: str
    state: JobState
    attempt: int
    """Workers that have taken it; more than one: some have died."""
    cancel_requested: bool
    progress: dict[str, Any]
    found_something: bool
    """A cancel would leave a result now."""
    result: dict[str, Any]
    fault: dict[str, Any]
    created_at: Moment
    version: int
    """Grows with every change."""
    started_at: Moment | None = None
    ended_at: Moment | None = None

    @classmethod
    def of(cls, job: Job) -> Self:
        """Show a job."""
        return cls(
            job_id=job.id,
            kind=job.kind,
            state=job.state,
            attempt=job.attempt,
            cancel_requested=job.cancel_requested,
            progress=dict(job.progress),
            found_something=job.incumbent is not None,
            result=dict(job.result),
            fault=dict(job.fault),
            created_at=job.created_at,
            started_at=job.started_at,
            ended_at=job.ended_at,
            version=job.version,
        )
