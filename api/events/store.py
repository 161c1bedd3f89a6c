"""Reading and writing endpoints and their deliveries. Everything by tenant; nothing commits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from api.events.errors import UnknownDelivery, UnknownEndpoint
from api.events.tables import DELIVERY, LANE, OUTBOX, WEBHOOK_ENDPOINT, WEBHOOK_SECRET
from api.kit.canonical import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Somebody who wants to be told. No `topics` are all of them."""

    id: str
    tenant_id: str
    url: str
    description: str
    topics: tuple[str, ...]
    status: str
    disabled_because: str
    created_at: datetime

    @property
    def active(self) -> bool:
        """Tell whether events are carried to it now."""
        return self.status == "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one endpoint, or there. `number` orders deliveries by age."""

    number: int
    event_id: str
    topic: str
    stream: str
    seq: int
    status: str
    attempts: int
    last_status: int | None
    last_error: str
    at: datetime


def insert_endpoint(connection: Connection, endpoint: Endpoint) -> None:
    """Write a new endpoint."""
    connection.execute(
        insert(WEBHOOK_ENDPOINT).values(
            id=endpoint.id,
            tenant_id=endpoint.tenant_id,
            url=endpoint.url,
            description=endpoint.description,
            topics=canonical(list(endpoint.topics)),
            status=endpoint.status,
            disabled_because=endpoint.disabled_because,
            created_at=endpoint.created_at,
        )
    )


def find_endpoint(
    connection: Connection, tenant_id: str, endpoint_id: str, *, lock: bool = False
) -> Endpoint:
    """Read an endpoint of a tenant; `lock` keeps everybody else from changing it.

    Raises:
        UnknownEndpoint: the tenant has none of that id.
    """
    query = select(WEBHOOK_ENDPOINT).where(
        WEBHOOK_ENDPOINT.c.tenant_id == tenant_id, WEBHOOK_ENDPOINT.c.id == endpoint_id
    )
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise UnknownEndpoint(f"there is no webhook endpoint {endpoint_id}")
    return _endpoint(row)


def endpoints_of(connection: Connection, tenant_id: str) -> list[Endpoint]:
    """Read every endpoint of a tenant, the oldest first."""
    found = connection.execute(
        select(WEBHOOK_ENDPOINT)
        .where(WEBHOOK_ENDPOINT.c.tenant_id == tenant_id)
        .order_by(WEBHOOK_ENDPOINT.c.created_at, WEBHOOK_ENDPOINT.c.id)
    )
    return [_endpoint(row) for row in found]


def write_endpoint(connection: Connection, endpoint: Endpoint) -> None:
    """Write what a tenant may change of an endpoint."""
    connection.execute(
        update(WEBHOOK_ENDPOINT)
        .where(WEBHOOK_ENDPOINT.c.id == endpoint.id)
        .values(
            url=endpoint.url,
            description=endpoint.description,
            topics=canonical(list(endpoint.topics)),
            status=endpoint.status,
            disabled_because=endpoint.disabled_because,
        )
    )


def delete_endpoint(connection: Connection, endpoint_id: str) -> None:
    """Forget an endpoint with everything that was on its way to it."""
    for table in (DELIVERY, LANE, WEBHOOK_SECRET):
        connection.execute(delete(table).where(table.c.endpoint_id == endpoint_id))
    connection.execute(delete(WEBHOOK_ENDPOINT).where(WEBHOOK_ENDPOINT.c.id == endpoint_id))


def deliveries_of(
    connection: Connection, endpoint_id: str, *, status: str, before: int, most: int
) -> list[Delivery]:
    """Read deliveries to an endpoint, the newest event first: those with a lower number than
    `before` (0: all), of one `status` (empty: any)."""
    query = _DELIVERIES.where(DELIVERY.c.endpoint_id == endpoint_id)
    if status:
        query = query.where(DELIVERY.c.status == status)
    if before:
        query = query.where(DELIVERY.c.outbox_id < before)
    rows = connection.execute(query.order_by(DELIVERY.c.outbox_id.desc()).limit(most))
    return [_delivery(row) for row in rows]


def find_delivery(connection: Connection, endpoint_id: str, event_id: str) -> Delivery:
    """Read the delivery of one event to an endpoint.

    Raises:
        UnknownDelivery: that event was never meant for it, or is forgotten.
    """
    row = connection.execute(
        _DELIVERIES.where(
            DELIVERY.c.endpoint_id == endpoint_id, DELIVERY.c.event_id == event_id
        ).with_for_update(of=DELIVERY)
    ).one_or_none()
    if row is None:
        raise UnknownDelivery(f"event {event_id} is not among the deliveries to {endpoint_id}")
    return _delivery(row)


def dead_letters(connection: Connection, endpoint_id: str, most: int) -> Sequence[str]:
    """List the events that an endpoint did not take in all attempts, the oldest first."""
    return (
        connection.execute(
            select(DELIVERY.c.event_id)
            .where(DELIVERY.c.endpoint_id == endpoint_id, DELIVERY.c.status == "dead")
            .order_by(DELIVERY.c.outbox_id)
            .limit(most)
        )
        .scalars()
        .all()
    )


def send_again(
    connection: Connection, endpoint_id: str, event_id: str, *, lane: str, now: datetime
) -> None:
    """Let a delivery begin anew, in another lane."""
    connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.endpoint_id == endpoint_id, DELIVERY.c.event_id == event_id)
        .values(status="due", attempts=0, last_error="", lane=lane, at=now)
    )


def counts_of(connection: Connection, endpoint_id: str) -> dict[str, int]:
    """Count the deliveries to an endpoint by status."""
    found = connection.execute(
        select(DELIVERY.c.status, func.count())
        .where(DELIVERY.c.endpoint_id == endpoint_id)
        .group_by(DELIVERY.c.status)
    )
    return {"due": 0, "delivered": 0, "dead": 0, **{row[0]: row[1] for row in found}}


_DELIVERIES: Final = select(
    DELIVERY.c.outbox_id,
    DELIVERY.c.event_id,
    DELIVERY.c.status,
    DELIVERY.c.attempts,
    DELIVERY.c.last_status,
    DELIVERY.c.last_error,
    DELIVERY.c.at,
    OUTBOX.c.topic,
    OUTBOX.c.stream,
    OUTBOX.c.seq,
).join(OUTBOX, OUTBOX.c.id == DELIVERY.c.outbox_id)


def _endpoint(row: Row[*tuple[Any, ...]]) -> Endpoint:
    return Endpoint(
        id=row.id,
        tenant_id=row.tenant_id,
        url=row.url,
        description=row.description,
        topics=tuple(json.loads(row.topics)),
        status=row.status,
        disabled_because=row.disabled_because,
        created_at=row.created_at,
    )


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    return Delivery(
        number=row.outbox_id,
        event_id=row.event_id,
        topic=row.topic,
        stream=row.stream,
        seq=row.seq,
        status=row.status,
        attempts=row.attempts,
        last_status=row.last_status,
        last_error=row.last_error,
        at=row.at,
    )
