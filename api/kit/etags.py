"""Versions of resources on the wire: `ETag` on the way out, `If-Match` on the way in (RFC 9110)."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Depends, Header

from api.errors import Refused

_STRONG: Final = re.compile(r'"([0-9]{1,15})"')


class IfMatchMissing(Refused):
    """The change needs to know which version the caller has seen: send its ETag as If-Match."""

    code = "if-match-required"
    status = 428


class IfMatchUnknown(Refused):
    """If-Match names no version of ours, so it cannot be the present one; read again."""

    code = "if-match-unknown"
    status = 412


def etag(version: int) -> str:
    """Write a version as a strong entity tag: `"17"`."""
    return f'"{version}"'


def version_of(if_match: str | None) -> int:
    """Read the version that a caller has seen.

    Raises:
        IfMatchMissing: none was sent. `*` counts as none: it protects nobody.
        IfMatchUnknown: it is not a strong tag that we gave.
    """
    if if_match is None or if_match.strip() == "*":
        raise IfMatchMissing("send the ETag that you have read as If-Match")
    found = _STRONG.fullmatch(if_match.strip())
    if found is None:
        raise IfMatchUnknown("If-Match is not an ETag of ours: read the resource again")
    return int(found[1])


def _seen_version(
    if_match: Annotated[
        str | None,
        Header(description="The ETag of the version you have seen.", examples=['"17"']),
    ] = None,
) -> int:
    return version_of(if_match)


SeenVersion = Annotated[int, Depends(_seen_version)]
"""For an endpoint that changes only what its caller has seen: 428 without, else the version."""
