"""What can go wrong with a job. Codes are published: never rename one."""

from __future__ import annotations

from api.errors import ApiError, Refused


class UnknownJob(Refused):
    """No job of this tenant has that id."""

    code = "job-not-found"
    status = 404


class JobEnded(Refused):
    """The job is over: there is nothing left to cancel; `state` says how it ended."""

    code = "job-ended"


class LeaseLost(ApiError):
    """Another worker has the job now: what this one still knows of it is of no concern."""

    code = "job-lease-lost"
