"""Problems: what a caller of the API sees when something goes wrong (RFC 9457), in one shape.

Nothing that the caller sent comes back: an answer that repeats its question carries other people's
text into logs and pages, and fails where the text cannot be written as JSON.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.errors import ApiError, FaultyInput, Refused, error_code, is_at_fault
from api.kit.problem_docs import MEDIA_TYPE
from api.kit.request_ids import request_id_of
from geodata.errors import GeoError
from routing.errors import RoutingError

FAULTS_MAX: Final = 100
"""Faults told at once. More of them have one cause, or a bad intention."""
BUSY_S: Final = 2
"""When to try again, in seconds, where the database was too busy or away."""

_LOG: Final = logging.getLogger(__name__)
_PLAIN_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,40}")


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    request_id: str,
    headers: Mapping[str, str] | None = None,
    told: Mapping[str, object] | None = None,
) -> JSONResponse:
    """Build the answer. `code` is published and stable; `type` leads to its words in /docs.

    `told` is what helps the caller beside the words; `retry_after_s` in it becomes a header, too.
    """
    more = told or {}
    body = {
        "type": f"/docs/problems#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id,
        **more,
    }
    sent = dict(headers or {})
    if isinstance(wait_s := more.get("retry_after_s"), int):
        sent["Retry-After"] = str(wait_s)
    if status == HTTPStatus.UNAUTHORIZED:
        sent["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, status_code=status, headers=sent, media_type=MEDIA_TYPE)


def refusal(body: Mapping[str, object], status: int, request_id: str) -> JSONResponse:
    """Build the answer of a refusal that is told as `Refused.body` tells it."""
    told = {name: value for name, value in body.items() if name not in {"code", "detail"}}
    return problem(status, str(body["code"]), str(body["detail"]), request_id=request_id, told=told)


def install_problems(app: FastAPI) -> None:
    """Let every error leave the app as a problem."""
    expected: tuple[type[Exception], ...] = (ApiError, RoutingError, GeoError)
    for kind in expected:
        app.add_exception_handler(kind, _expected)
    away: tuple[type[Exception], ...] = (OperationalError, InterfaceError, NoConnection)
    for kind in away:
        app.add_exception_handler(kind, _busy)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def _expected(request: Request, error: Exception) -> Response:
    request_id = request_id_of(request.scope)
    if isinstance(error, Refused):
        return refusal(error.body(), error.status, request_id)
    if isinstance(error, FaultyInput):
        faults = [
            {"code": each.code, "message": each.message, "fix": each.fix, "field": each.place}
            for each in error.faults[:FAULTS_MAX]
        ]
        return problem(
            422, "faulty-input", str(error), request_id=request_id, told={"faults": faults}
        )
    if is_at_fault(error):
        code = error_code(error).replace("_", "-")
        texts: Sequence[str] = getattr(error, "faults", ())
        told = [{"code": code, "message": text, "fix": "", "field": ""} for text in texts]
        return problem(
            422, code, str(error), request_id=request_id, told={"faults": told[:FAULTS_MAX]}
        )
    return _bug(request, error)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError), error
    request_id = request_id_of(request.scope)
    faults = [_fault(each) for each in error.errors()[:FAULTS_MAX]]
    sent = request.headers.get("content-type", "")
    whole = any(fault["field"] == "body" for fault in faults)
    if whole and sent and not is_json(sent):
        return problem(
            415,
            "media-type-unsupported",
            "send the body as application/json",
            request_id=request_id,
        )
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return problem(
        422,
        "request-invalid",
        f"{count} in the request",
        request_id=request_id,
        told={"faults": faults},
    )


def _fault(told: Mapping[str, object]) -> dict[str, str]:
    """Say one fault of validation, without the value and without names that are not ours."""
    kind, message = str(told["type"]), str(told["msg"])
    where = told["loc"]
    assert isinstance(where, tuple), where
    if kind == "extra_forbidden":
        where, message = where[:-1], "There is a field here that is not known"
    elif kind in {"value_error", "assertion_error"}:
        message = message.partition(", ")[2] or message
    elif kind not in _SAFE_KINDS:
        message = "This is not what is asked for here"
    return {
        "code": kind.replace("_", "-"),
        "message": message,
        "fix": "see the schema of this operation in /openapi.json",
        "field": ".".join(_segment(each) for each in where),
    }


_SAFE_KINDS: Final = frozenset(
    {
        "bool_type",
        "bytes_type",
        "dict_type",
        "enum",
        "finite_number",
        "float_type",
        "greater_than",
        "greater_than_equal",
        "int_parsing",
        "int_type",
        "less_than",
        "less_than_equal",
        "list_type",
        "literal_error",
        "missing",
        "model_attributes_type",
        "model_type",
        "string_pattern_mismatch",
        "string_too_long",
        "string_too_short",
        "string_type",
        "timezone_aware",
        "too_long",
        "too_short",
        "tuple_type",
    }
)
"""Kinds of pydantic whose message speaks of the schema alone and never of the value."""


def _segment(part: object) -> str:
    return str(part) if isinstance(part, int) or _PLAIN_NAME.fullmatch(str(part)) else "*"


def is_json(content_type: str) -> bool:
    """Tell whether a Content-Type promises JSON."""
    subtype = content_type.partition(";")[0].strip().lower().partition("/")[2]
    return subtype == "json" or subtype.endswith("+json")


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException), error
    code, detail = _PLAIN_STATUS.get(
        error.status_code, ("request-refused", "the request cannot be answered")
    )
    return problem(
        error.status_code,
        code,
        detail,
        request_id=request_id_of(request.scope),
        headers=error.headers,
    )


_PLAIN_STATUS: Final = {
    400: ("request-unreadable", "the request cannot be read"),
    404: ("not-found", "there is nothing at this address"),
    405: ("method-not-allowed", "the address is right, the method is not"),
    413: ("body-too-large", "the body is larger than this operation takes"),
}


def _busy(request: Request, error: Exception) -> Response:
    _LOG.warning("database unavailable: %s", type(error).__name__)
    return problem(
        503,
        "database-busy",
        "the database is busy or away; nothing was answered: repeat with the same key",
        request_id=request_id_of(request.scope),
        told={"retry_after_s": BUSY_S},
    )


def _bug(request: Request, error: Exception) -> Response:
    """Answer for a fault of ours; what it was is for the log alone."""
    _LOG.error("internal error: %s", type(error).__name__, exc_info=error)
    return problem(
        500,
        "internal-error",
        "a fault of Flatbed: tell us this request_id",
        request_id=request_id_of(request.scope),
    )
