"""From what a service answered to what goes over the wire."""

from __future__ import annotations

from typing import Final

from fastapi.responses import JSONResponse
from starlette.responses import Response

from api.kit.etags import etag
from api.kit.idempotency import Answer
from api.kit.problems import refusal
from api.kit.schema import Wire

JSON: Final = "application/json"


def respond(
    answer: Answer,
    shape: type[Wire],
    *,
    request_id: str,
    status: int | None = None,
    location: str = "",
) -> Response:
    """Build the response; of a granted answer only what `shape` declares can leave.

    A body with a `seq` gets its ETag. `status` is for a grant that is told otherwise than it is
    stored; refusals keep theirs.

    Raises:
        ValidationError: the answer is not of that shape: a fault of ours.
    """
    if not answer.granted:
        return refusal(answer.body, answer.status, request_id)
    shown = shape.model_validate(answer.body)
    headers = {"Location": location} if location else {}
    seq = answer.body.get("seq")
    if isinstance(seq, int):
        headers["ETag"] = etag(seq)
    return Response(
        shown.model_dump_json(),
        status_code=status or answer.status,
        headers=headers,
        media_type=JSON,
    )


def respond_read(shown: Wire, *, version: int) -> Response:
    """Build the response of one thing that was read, with its ETag."""
    return JSONResponse(shown.model_dump(mode="json"), headers={"ETag": etag(version)})
