"""Answers of the gate that say no. Codes are published: never rename one."""

from __future__ import annotations

from api.errors import BadUsage, Refused


class KeyMissing(Refused):
    """No key came with the request: send `Authorization: Bearer KEY`."""

    code = "key-missing"
    status = 401


class KeyInvalid(Refused):
    """The key is unknown, revoked or expired; which of them is not told."""

    code = "key-invalid"
    status = 401


class ScopeMissing(Refused):
    """The key is good, but not for this; `scopes` says which it lacks."""

    code = "scope-missing"
    status = 403


class TooManyRequests(Refused):
    """The client asks too often; `retry_after_s` says when to come again."""

    code = "rate-limited"
    status = 429


class TooManyKeys(BadUsage):
    """The client has two live keys already: revoke one first."""

    code = "too-many-keys"


class UnknownKey(BadUsage):
    """There is no key with that id."""

    code = "key-unknown"
