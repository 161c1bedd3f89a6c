"""What the endpoints of kept rows have in common: versions in, rows out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Header
from starlette.responses import Response

from api.kit.answering import JSON
from api.kit.etags import etag, version_of
from api.kit.schema import Wire


def _maybe_seen(
    if_match: Annotated[
        str | None,
        Header(
            description="The ETag of the version you have seen; left out: whatever is there.",
            examples=['"17"'],
        ),
    ] = None,
) -> int | None:
    return None if if_match is None else version_of(if_match)


MaybeSeen = Annotated[int | None, Depends(_maybe_seen)]
"""For an endpoint that replaces what its caller has seen, or whatever there is."""


def kept(shape: type[Wire], told: Mapping[str, Any], *, created: bool, location: str) -> Response:
    """Build the answer to a row that was put. Its id may be in any script, a header may not."""
    shown = shape.model_validate(told)
    return Response(
        shown.model_dump_json(exclude_none=True),
        status_code=201 if created else 200,
        headers={"ETag": etag(told["version"]), "Location": quote(location)},
        media_type=JSON,
    )


def shown(shape: type[Wire], told: Mapping[str, Any], *, version: int | None = None) -> Response:
    """Build the answer to a question; a single row has its ETag."""
    said = shape.model_validate(told)
    headers = {} if version is None else {"ETag": etag(version)}
    return Response(said.model_dump_json(exclude_none=True), headers=headers, media_type=JSON)
