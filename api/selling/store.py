"""Which pool-days are there, and what was opened for sale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from api.kit.canonical import canonical, parsed
from api.selling.tables import SALE
from api.slots.states import BOOKED, PromiseState
from api.slots.tables import COUNTED, POOL_DAY, PROMISE
from api.slots.wording import counted_read
from routing.witness import CountedKey

NOTHING: Final = canonical({"took": []})
"""What a promise has written that took nothing."""
_LIVE: Final = sorted({PromiseState.HELD, *BOOKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDay:
    """A pool-day that was opened, and the basis that it stands on."""

    pool: str
    day: date
    status: str
    basis: str
    plan_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What was last opened: for which revision of the fleet's rows, and on which day."""

    revision: int
    rolled_on: date


def pool_days(connection: Connection, tenant_id: str, first: date, last: date) -> list[PoolDay]:
    """List the pool-days from one day to another, both included."""
    rows = connection.execute(
        select(POOL_DAY)
        .where(
            POOL_DAY.c.tenant_id == tenant_id,
            POOL_DAY.c.service_date >= first,
            POOL_DAY.c.service_date <= last,
        )
        .order_by(POOL_DAY.c.service_date, POOL_DAY.c.pool_id)
    )
    return [_pool_day(row) for row in rows]


def open_before(connection: Connection, tenant_id: str, day: date) -> list[PoolDay]:
    """List the pool-days before a day that still sell."""
    rows = connection.execute(
        select(POOL_DAY)
        .where(
            POOL_DAY.c.tenant_id == tenant_id,
            POOL_DAY.c.service_date < day,
            POOL_DAY.c.status == "open",
        )
        .order_by(POOL_DAY.c.service_date, POOL_DAY.c.pool_id)
    )
    return [_pool_day(row) for row in rows]


def days_with_sound_promises(
    connection: Connection, tenant_id: str, first: date
) -> set[tuple[str, date]]:
    """List (pool, day) from a day on with a live promise that nothing has put at risk."""
    rows = connection.execute(
        select(POOL_DAY.c.pool_id, POOL_DAY.c.service_date)
        .join(PROMISE, PROMISE.c.pool_day_id == POOL_DAY.c.id)
        .where(
            POOL_DAY.c.tenant_id == tenant_id,
            POOL_DAY.c.service_date >= first,
            PROMISE.c.status.in_(_LIVE),
            PROMISE.c.at_risk_by == "",
        )
        .distinct()
    )
    return {(row.pool_id, row.service_date) for row in rows}


def sale_of(connection: Connection, tenant_id: str) -> Sale | None:
    """Read what was last opened for a tenant."""
    row = connection.execute(select(SALE).where(SALE.c.tenant_id == tenant_id)).one_or_none()
    return None if row is None else Sale(revision=row.revision, rolled_on=row.rolled_on)


def keep_sale(connection: Connection, tenant_id: str, sale: Sale, now: datetime) -> None:
    """Write what was opened."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"revision": sale.revision, "rolled_on": sale.rolled_on, "at": now}
    connection.execute(
        dialect.insert(SALE)
        .values(tenant_id=tenant_id, **values)
        .on_conflict_do_update(index_elements=["tenant_id"], set_=values)
    )


def left_of(
    connection: Connection, tenant_id: str, keys: Iterable[CountedKey]
) -> dict[CountedKey, int]:
    """Say how much is left of counted things; nothing of those that nobody has counted."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = connection.execute(
        select(COUNTED.c.kind, COUNTED.c.key, COUNTED.c.day, COUNTED.c.left).where(
            COUNTED.c.tenant_id == tenant_id, COUNTED.c.key.in_({each.key for each in wanted})
        )
    )
    found = {CountedKey(row.kind, row.key, row.day): row.left for row in rows}
    return {each: found.get(each, 0) for each in wanted}


def given_of(connection: Connection, tenant_id: str) -> dict[CountedKey, int]:
    """Say how many there are in all of each car of the stock that was ever counted."""
    rows = connection.execute(
        select(COUNTED.c.kind, COUNTED.c.key, COUNTED.c.day, COUNTED.c.given).where(
            COUNTED.c.tenant_id == tenant_id, COUNTED.c.kind == "stock"
        )
    )
    return {CountedKey(row.kind, row.key, row.day): row.given for row in rows}


def delivered_of(connection: Connection, tenant_id: str) -> dict[CountedKey, int]:
    """Count what promises took that were handed over: those cars are in no stock any more."""
    rows = connection.execute(
        select(PROMISE.c.took).where(
            PROMISE.c.tenant_id == tenant_id,
            PROMISE.c.status == PromiseState.HANDED_OVER,
            PROMISE.c.took != NOTHING,
        )
    )
    gone: dict[CountedKey, int] = {}
    for row in rows:
        for key, amount in counted_read(parsed(row.took)["took"]).items():
            gone[key] = gone.get(key, 0) + amount
    return gone


def counted_orders(connection: Connection, tenant_id: str) -> frozenset[str]:
    """List the orders whose live promise has taken a car of the stock."""
    rows = connection.scalars(
        select(PROMISE.c.order_ref).where(
            PROMISE.c.tenant_id == tenant_id,
            PROMISE.c.status.in_(_LIVE),
            PROMISE.c.took != NOTHING,
        )
    )
    return frozenset(rows)


def _pool_day(row: Any) -> PoolDay:  # noqa: ANN401  # a row of the table
    return PoolDay(
        pool=row.pool_id,
        day=row.service_date,
        status=row.status,
        basis=row.basis_id,
        plan_seq=row.plan_seq,
    )
