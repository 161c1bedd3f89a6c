"""A job as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from api.jobs.states import ENDED, JobState
from api.kit.canonical import parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One row of `job`. `attempt` counts the workers that have taken it, from 1."""

    id: str
    tenant_id: str
    kind: str
    input: Mapping[str, Any]
    state: JobState
    attempt: int
    attempts_most: int
    lease_owner: str
    lease_until: datetime | None
    cancel_requested: bool
    version: int
    progress: Mapping[str, Any]
    incumbent: Mapping[str, Any] | None
    result: Mapping[str, Any]
    fault: Mapping[str, Any]
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def ended(self) -> bool:
        """Tell whether nothing happens to it any more."""
        return self.state in ENDED

    @property
    def last_attempt(self) -> bool:
        """Tell whether nobody else takes it when this worker dies."""
        return self.attempt >= self.attempts_most


def job_of(row: Row[Any]) -> Job:
    """Read a row."""
    return Job(
        id=row.id,
        tenant_id=row.tenant_id,
        kind=row.kind,
        input=parsed(row.input),
        state=JobState(row.state),
        attempt=row.attempt,
        attempts_most=row.attempts_most,
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        cancel_requested=bool(row.cancel_requested),
        version=row.version,
        progress=parsed(row.progress),
        incumbent=parsed(row.incumbent) if row.incumbent else None,
        result=parsed(row.result),
        fault=parsed(row.fault),
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
