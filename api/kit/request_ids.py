"""Every request has an id: the caller's own, if it is a plain one, or a new one. Answers carry it,
the ledger remembers it, and every line of the log between the two shows it."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kit.ids import new_id

HEADER: Final = "X-Request-ID"
CURRENT_REQUEST: Final[ContextVar[str]] = ContextVar("CURRENT_REQUEST", default="")
"""Id of the request that is being answered; empty outside of one."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SCOPE_KEY: Final = "flatbed.request_id"


def request_id_of(scope: Scope) -> str:
    """Give the id of a request; empty where the middleware has not seen it."""
    return str(scope.get(_SCOPE_KEY, ""))


class RequestIds:
    """Outermost middleware: gives ids to requests and hands them back as X-Request-ID."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _PLAIN.fullmatch(given) else new_id("request")
        scope[_SCOPE_KEY] = request_id
        token = CURRENT_REQUEST.set(request_id)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            CURRENT_REQUEST.reset(token)
