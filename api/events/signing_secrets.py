"""Signing secrets: sealed in the database, two of them live while one replaces the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from api.events.relay.signing import new_secret
from api.events.tables import WEBHOOK_SECRET
from api.kit.db import Moment
from api.kit.ids import new_id
from api.kit.keyring import Keyring

OVERLAP: Final = timedelta(hours=24)
"""How long the secret before signs beside the new one."""

_PURPOSE: Final = "webhook-secrets"


def add_secret(connection: Connection, keyring: Keyring, endpoint_id: str, now: datetime) -> str:
    """Give an endpoint a new secret and return it, this once. The newest one before lives on for
    `OVERLAP`; an older one that was still living ends."""
    mine = WEBHOOK_SECRET.c.endpoint_id == endpoint_id
    connection.execute(delete(WEBHOOK_SECRET).where(mine, WEBHOOK_SECRET.c.expires_at.is_not(None)))
    connection.execute(update(WEBHOOK_SECRET).where(mine).values(expires_at=now + OVERLAP))
    secret = new_secret()
    connection.execute(
        insert(WEBHOOK_SECRET).values(
            id=new_id("secret"),
            endpoint_id=endpoint_id,
            sealed=keyring.seal(_PURPOSE, secret.encode(), about=endpoint_id),
            created_at=now,
        )
    )
    return secret


def sealed_secrets(connection: Connection, endpoint_id: str, now: datetime) -> tuple[str, ...]:
    """Read the sealed secrets that sign for an endpoint now, newest first."""
    found = connection.execute(_LIVE, {"its_endpoint": endpoint_id, "now": now})
    return tuple(found.scalars())


def opened(keyring: Keyring, endpoint_id: str, sealed: str) -> str:
    """Open a sealed secret of an endpoint.

    Raises:
        SealBroken: the master key it was sealed with is gone, or the row was changed.
    """
    return keyring.unseal(_PURPOSE, sealed, about=endpoint_id).decode()


_LIVE: Final = (
    select(WEBHOOK_SECRET.c.sealed)
    .where(
        WEBHOOK_SECRET.c.endpoint_id == bindparam("its_endpoint"),
        or_(
            WEBHOOK_SECRET.c.expires_at.is_(None),
            WEBHOOK_SECRET.c.expires_at > bindparam("now", type_=Moment),
        ),
    )
    .order_by(WEBHOOK_SECRET.c.created_at.desc())
)
