"""How the reference (OpenAPI) speaks of problems: one shape, at every operation."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

SCHEMA_NAME: Final = "Problem"
MEDIA_TYPE: Final = "application/problem+json"

_TEXT: Final = {"type": "string"}
PROBLEM_SCHEMA: Final[Mapping[str, Any]] = {
    "title": SCHEMA_NAME,
    "description": "RFC 9457. `code` is stable; some codes bring more members, as `alternatives`.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "detail": _TEXT,
        "request_id": _TEXT,
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "message", "fix", "field"],
                "properties": dict.fromkeys(("code", "message", "fix", "field"), _TEXT),
            },
        },
        "alternatives": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["offer_id", "window"],
                "properties": {
                    "offer_id": _TEXT,
                    "window": {"$ref": "#/components/schemas/WindowWire"},
                },
            },
        },
        "retry_after_s": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": True,
    "examples": [
        {
            "type": "/docs/problems#slot-taken",
            "title": "Conflict",
            "status": 409,
            "code": "slot-taken",
            "detail": "no truck has room in this window",
            "request_id": "request_1f2e3d4c5b6a79880f1e2d3c4b5a6978",
            "alternatives": [
                {
                    "offer_id": "v1.k1.eyJkYXkiOiIyMDI2LTEyLTA1In0.5f0c9d",
                    "window": {
                        "from": "2026-12-05T11:00:00+08:00",
                        "to": "2026-12-05T13:00:00+08:00",
                        "zone": "Asia/Shanghai",
                    },
                }
            ],
        }
    ],
}

ALWAYS: Final = (400, 401, 403, 413, 415, 422, 429, 500, 503)
"""Statuses that any operation may answer with."""


def says_no(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Document the refusals of an operation, besides everybody's: `responses=says_no(404)`."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{SCHEMA_NAME}"}}},
        }
        for status in statuses
    }
