"""Rows of API keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from api.keys.scopes import Scope
from api.keys.tables import API_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """One row of `api_key`."""

    id: str
    tenant_id: str
    client_id: str
    prefix: str
    sha256: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Tell whether the key opens anything at this moment."""
        return self.revoked_at is None and now < self.expires_at


# Built once: every request reads one.
_BY_PREFIX: Final = select(API_KEY).where(API_KEY.c.prefix == bindparam("its_prefix"))


def insert_key(connection: Connection, row: KeyRow) -> None:
    """Write a new key."""
    connection.execute(
        insert(API_KEY),
        {
            "id": row.id,
            "tenant_id": row.tenant_id,
            "client_id": row.client_id,
            "prefix": row.prefix,
            "sha256": row.sha256,
            "scopes": " ".join(sorted(row.scopes)),
            "created_at": row.created_at,
            "expires_at": row.expires_at,
            "revoked_at": row.revoked_at,
        },
    )


def key_by_prefix(connection: Connection, prefix: str) -> KeyRow | None:
    """Find the key that a text begins with."""
    found = connection.execute(_BY_PREFIX, {"its_prefix": prefix}).one_or_none()
    return None if found is None else _key(found)


def key_by_id(connection: Connection, key_id: str) -> KeyRow | None:
    """Find a key by the id that `flatbed keys list` shows."""
    found = connection.execute(select(API_KEY).where(API_KEY.c.id == key_id)).one_or_none()
    return None if found is None else _key(found)


def keys_of(
    connection: Connection, tenant_id: str | None = None, client_id: str | None = None
) -> list[KeyRow]:
    """List keys, oldest first: all, or those of a tenant, or of one client."""
    query = select(API_KEY).order_by(API_KEY.c.created_at, API_KEY.c.id)
    if tenant_id is not None:
        query = query.where(API_KEY.c.tenant_id == tenant_id)
    if client_id is not None:
        query = query.where(API_KEY.c.client_id == client_id)
    return [_key(row) for row in connection.execute(query)]


def write_end(
    connection: Connection, key_id: str, *, expires_at: datetime, revoked_at: datetime | None
) -> None:
    """Write when a key ends."""
    connection.execute(
        update(API_KEY)
        .where(API_KEY.c.id == key_id)
        .values(expires_at=expires_at, revoked_at=revoked_at)
    )


def _key(row: Row[Any]) -> KeyRow:
    return KeyRow(
        id=row.id,
        tenant_id=row.tenant_id,
        client_id=row.client_id,
        prefix=row.prefix,
        sha256=row.sha256,
        scopes=frozenset(Scope(each) for each in row.scopes.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
