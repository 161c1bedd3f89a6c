"""`/v1/jobs`: how far work is, told once or as it comes, and how it is ended."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.responses import Response, StreamingResponse

from api.jobs.rows import Job
from api.jobs.schemas import JobOut
from api.jobs.service import Jobs
from api.keys.gate import Caller, caller
from api.keys.scopes import Scope
from api.kit.answering import respond_read
from api.kit.problem_docs import says_no

Reader = Annotated[Caller, caller(Scope.READ)]
Runner = Annotated[Caller, caller(Scope.PLAN_RUN)]
JobId = Annotated[str, Path(max_length=64, description="Id of a job.")]

STREAM_S: Final = 600.0
"""How long one stream lasts; whoever wants more asks again."""


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


def router(jobs: Jobs) -> APIRouter:
    """Build the routes."""
    routes = APIRouter(prefix="/v1", tags=["jobs"])

    @routes.get("/jobs/{job_id}", response_model=JobOut, responses=says_no(404))
    def show_job(who: Reader, job_id: JobId) -> Response:
        """Show how far a job is."""
        job = jobs.job(who.tenant_id, job_id)
        return respond_read(JobOut.of(job), version=job.version)

    @routes.get("/jobs/{job_id}/events", response_class=EventStream, responses=says_no(404))
    def watch_job(who: Reader, job_id: JobId) -> EventStream:
        """Tell a job each time it changes, as server-sent events: `id` is its version, `data` the
        job. The stream ends with the job, or after ten minutes."""
        jobs.job(who.tenant_id, job_id)  # found before the stream begins
        return EventStream(_told(jobs.watch(who.tenant_id, job_id, most_s=STREAM_S)))

    @routes.post(
        "/jobs/{job_id}/cancel", status_code=202, response_model=JobOut, responses=says_no(404, 409)
    )
    def cancel_job(who: Runner, job_id: JobId) -> Response:
        """Ask a job to end with what it has found. One that nobody has begun ends at once."""
        job = jobs.cancel(who.tenant_id, job_id)
        answer = respond_read(JobOut.of(job), version=job.version)
        answer.status_code = 202
        return answer

    return routes


def _told(seen: Iterable[Job]) -> Iterator[str]:
    for job in seen:
        yield f"event: job\nid: {job.version}\ndata: {JobOut.of(job).model_dump_json()}\n\n"
