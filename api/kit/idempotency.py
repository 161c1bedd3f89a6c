"""Idempotency: the same request with the same key is carried out once and answered alike.

Key and answer are written in the transaction of the fact itself. So a crash leaves either both or
none, and a duplicate that comes meanwhile waits at the primary key for the first one's commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.errors import Refused
from api.kit.canonical import canonical, parsed
from api.kit.tables import IDEMPOTENCY

KEY_MAX: Final = 255

# Built once, as all statements that every request runs.
_CLAIM: Final = {
    name: dialect.insert(IDEMPOTENCY)
    .on_conflict_do_nothing()
    # The row count of ON CONFLICT DO NOTHING is not to be trusted on PostgreSQL.
    .returning(IDEMPOTENCY.c.key)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_MINE: Final = (
    IDEMPOTENCY.c.client_id == bindparam("client"),
    IDEMPOTENCY.c.key == bindparam("its_key"),
)
_BEFORE: Final = select(
    IDEMPOTENCY.c.route, IDEMPOTENCY.c.request_digest, IDEMPOTENCY.c.status, IDEMPOTENCY.c.body
).where(*_MINE)
_SETTLE: Final = update(IDEMPOTENCY).where(*_MINE)
_DISCLAIM: Final = delete(IDEMPOTENCY).where(*_MINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the caller gets: an HTTP status and a JSON body."""

    status: int
    body: Mapping[str, object]

    @property
    def granted(self) -> bool:
        """Tell whether what was asked for is so."""
        return self.status < 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks for what, under which key. `digest` is that of everything that was asked."""

    client_id: str
    key: str
    route: str
    digest: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.key) <= KEY_MAX:
            raise ValueError(f"an idempotency key has 1 to {KEY_MAX} characters")


class KeyReused(Refused):
    """A client used one idempotency key for two different requests."""

    code = "idempotency-key-reused"
    status = 422

    @classmethod
    def of(cls, request: Request) -> KeyReused:
        """Say which key it was."""
        return cls(
            f"key {request.key!r} was used for another request: take a new key for a new request"
        )


def claim(connection: Connection, request: Request, now: datetime) -> Answer | None:
    """Take the key, or give the answer that was given before.

    Waits for whoever is answering the same key at this moment. Once a transaction for each key:
    who carries several requests together gives equal ones one answer.

    Raises:
        KeyReused: the key stands for another request.
    """
    mine = connection.execute(
        _CLAIM[connection.dialect.name],
        {
            "client_id": request.client_id,
            "key": request.key,
            "route": request.route,
            "request_digest": request.digest,
            "at": now,
        },
    ).scalar()
    if mine is not None:
        return None
    before = answered(connection, request)
    if before is None:
        raise RuntimeError(f"key {request.key!r} is being answered in this very transaction")
    return before


def answered(connection: Connection, request: Request) -> Answer | None:
    """Give the answer that a request got before, without waiting for one that is being given.

    Raises:
        KeyReused: the key stands for another request.
    """
    before = connection.execute(
        _BEFORE, {"client": request.client_id, "its_key": request.key}
    ).one_or_none()
    if before is None or before.status is None:
        return None
    if (before.route, before.request_digest) != (request.route, request.digest):
        raise KeyReused.of(request)
    return Answer(status=before.status, body=parsed(before.body))


def settle(connection: Connection, request: Request, answer: Answer) -> None:
    """Write the answer beside its key."""
    connection.execute(
        _SETTLE,
        {
            "client": request.client_id,
            "its_key": request.key,
            "status": answer.status,
            "body": canonical(answer.body),
        },
    )


def disclaim(connection: Connection, request: Request) -> None:
    """Give a claimed key back: the answer is not for ever, and the key may be tried again."""
    connection.execute(_DISCLAIM, {"client": request.client_id, "its_key": request.key})
