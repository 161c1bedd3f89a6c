"""Bodies are counted while they arrive, and JSON is read strictly before anybody believes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Refused
from api.kit.problems import is_json, refusal
from api.kit.request_ids import request_id_of
from api.kit.strict_json import read_json

JSON_MAX_BYTES: Final = 1 << 20
UPLOAD_MAX_BYTES: Final = 32 << 20
ASIDE_BYTES: Final = 64 << 10
"""Larger bodies are read in a thread, so that the others' requests go on."""


class BodyTooLarge(Refused):
    """The body is larger than this operation takes; `limit_bytes` says how much it does."""

    code = "body-too-large"
    status = 413


class OddAddress(Refused):
    """The address has a NUL in it."""

    code = "address-invalid"
    status = 400


class _Gone(Exception):
    """The caller hung up before the body was whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLimits:
    """The most bytes of a body, by the beginning of the path; the longest that fits counts."""

    most: int = JSON_MAX_BYTES
    by_prefix: Mapping[str, int]

    def of(self, path: str) -> int:
        """Give the limit for a path, in bytes."""
        fitting = [prefix for prefix in self.by_prefix if path.startswith(prefix)]
        return self.by_prefix[max(fitting, key=len)] if fitting else self.most


class Bodies:
    """Middleware that reads the whole body, counting, and hands it on."""

    def __init__(self, app: ASGIApp, *, limits: BodyLimits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._checked(scope, receive)
        except _Gone:
            return
        except Refused as refused:
            answer = refusal(refused.body(), refused.status, request_id_of(scope))
            # The rest of the body is not read: the connection cannot be used again.
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        await self._app(scope, _replaying(body, receive), send)

    async def _checked(self, scope: Scope, receive: Receive) -> bytes:
        if b"\0" in unquote_to_bytes(scope.get("raw_path") or b"") + unquote_to_bytes(
            scope.get("query_string", b"")
        ):
            raise OddAddress("the address has a NUL in it")
        headers = Headers(scope=scope)
        body = await _whole(headers, receive, self._limits.of(scope["path"]))
        if body and is_json(headers.get("content-type", "")):
            if len(body) > ASIDE_BYTES:
                await run_sync(read_json, body)
            else:
                read_json(body)
        return body


async def _whole(headers: Headers, receive: Receive, most: int) -> bytes:
    """Collect the body, and stop at the first byte too much, whatever Content-Length says.

    Raises:
        BodyTooLarge: it is.
    """
    too_large = BodyTooLarge(f"the body is larger than {most} bytes", limit_bytes=most)
    told = headers.get("content-length", "")
    if told.isdecimal() and (len(told) > 15 or int(told) > most):
        raise too_large
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most:
            raise too_large
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Give the body once more; afterwards only the news that the caller has gone."""
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay
