"""Identifiers that nobody can guess and everybody can tell apart in a log."""

from __future__ import annotations

import secrets


def new_id(kind: str) -> str:
    """Make an identifier such as `promise_6f1c...`: 128 random bits behind the kind."""
    return f"{kind}_{secrets.token_hex(16)}"
