"""Sealed contacts in the database, and who has looked at them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.orders.tables import CONTACT, CONTACT_LOOK

KEPT_AFTER_HANDOVER: Final = timedelta(days=90)
"""How long a contact is kept once the car was handed over."""


def sealed_contact(connection: Connection, tenant_id: str, order_id: str) -> str:
    """Read the sealed contact of an order; empty: it has none."""
    found = connection.scalar(
        select(CONTACT.c.sealed).where(
            CONTACT.c.tenant_id == tenant_id, CONTACT.c.order_id == order_id
        )
    )
    return found or ""


def sealed_contacts(connection: Connection, tenant_id: str) -> dict[str, str]:
    """Read all sealed contacts of a tenant, by order."""
    rows = connection.execute(
        select(CONTACT.c.order_id, CONTACT.c.sealed).where(CONTACT.c.tenant_id == tenant_id)
    )
    return {row.order_id: row.sealed for row in rows}


def keep_contact(connection: Connection, tenant_id: str, order_id: str, sealed: str) -> None:
    """Write the sealed contact of an order in the place of any before."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(
        dialect.insert(CONTACT)
        .values(tenant_id=tenant_id, order_id=order_id, sealed=sealed)
        .on_conflict_do_update(index_elements=["tenant_id", "order_id"], set_={"sealed": sealed})
    )


def drop_contact(connection: Connection, tenant_id: str, order_id: str) -> None:
    """Forget the contact of an order."""
    connection.execute(
        delete(CONTACT).where(CONTACT.c.tenant_id == tenant_id, CONTACT.c.order_id == order_id)
    )


def handed_over(connection: Connection, tenant_id: str, order_id: str, at: datetime) -> None:
    """Begin the time after which the contact of an order is deleted; the first word on it holds."""
    connection.execute(
        update(CONTACT)
        .where(
            CONTACT.c.tenant_id == tenant_id,
            CONTACT.c.order_id == order_id,
            CONTACT.c.delete_after.is_(None),
        )
        .values(delete_after=at + KEPT_AFTER_HANDOVER)
    )


def drop_overdue(connection: Connection, now: datetime) -> int:
    """Forget every contact whose time is over; return how many."""
    gone = connection.execute(
        delete(CONTACT).where(CONTACT.c.delete_after <= now).returning(CONTACT.c.order_id)
    )
    return len(gone.all())


def note_look(
    connection: Connection,
    tenant_id: str,
    order_id: str,
    *,
    client_id: str,
    request_id: str,
    now: datetime,
) -> None:
    """Remember that somebody has seen what is personal of an order."""
    connection.execute(
        insert(CONTACT_LOOK).values(
            tenant_id=tenant_id,
            order_id=order_id,
            client_id=client_id,
            request_id=request_id,
            at=now,
        )
    )
