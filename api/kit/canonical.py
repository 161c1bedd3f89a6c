"""Canonical JSON: one value, one text, so that digests can be compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(value: object) -> str:
    """Write JSON with sorted keys and no blanks.

    Raises:
        TypeError, ValueError: JSON cannot say it (NaN and infinities included).
    """
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def parsed(text: str) -> Mapping[str, Any]:
    """Read back what `canonical` wrote of an object."""
    found: Mapping[str, Any] = json.loads(text)
    return found


def digest(value: object) -> str:
    """Give the SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()
