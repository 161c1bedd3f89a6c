"""The text of a key: `flatbed_PREFIX_SECRET`. The prefix finds its row, the rest is 256 bits.

A fast hash is enough: nobody guesses 256 bits, and every request has to check one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Final, NamedTuple

_FORM: Final = re.compile(r"flatbed_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


class Secret(NamedTuple):
    """A new key: its text is shown once, its prefix and hash are kept."""

    text: str
    prefix: str
    sha256: str


def new_secret() -> Secret:
    """Make a key."""
    prefix = secrets.token_hex(6)
    text = f"flatbed_{prefix}_{secrets.token_urlsafe(32)}"
    return Secret(text, prefix, _hash(text))


def prefix_of(text: str) -> str | None:
    """Give the prefix of a key's text; None where the text is no key's."""
    found = _FORM.fullmatch(text)
    return None if found is None else found[1]


def fits(text: str, sha256: str) -> bool:
    """Tell whether a text is the key of a hash, in the same time for any wrong one."""
    return hmac.compare_digest(_hash(text), sha256)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
