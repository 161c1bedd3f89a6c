"""Counted things: taken when a window is held, given back when the promise is taken back.

Rows are locked in the order of their keys, after the days; everybody does it alike, so nobody waits
in a ring.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from api.slots.errors import CountedOut
from api.slots.tables import COUNTED
from routing.witness import CountedKey

Counted = Mapping[CountedKey, int]


def lock_counted(
    connection: Connection, tenant_id: str, keys: Collection[CountedKey]
) -> dict[CountedKey, int]:
    """Lock rows and say what is left of each; a thing nobody has counted has nothing left."""
    left = {}
    for key in sorted(keys):
        found = connection.execute(
            select(COUNTED.c.left).where(_row(tenant_id, key)).with_for_update()
        ).scalar()
        left[key] = 0 if found is None else found
    return left


def refuse_missing(left: Counted, wanted: Counted) -> None:
    """Refuse where more is wanted than is left.

    Raises:
        CountedOut: names the first thing there is too little of.
    """
    for key, amount in sorted(wanted.items()):
        if amount > left.get(key, 0):
            raise CountedOut(
                f"{key.kind} {key.key} {key.day}".rstrip() + " is used up",
                kind=key.kind,
                key=key.key,
                day=key.day,
            )


def take(connection: Connection, tenant_id: str, wanted: Counted) -> None:
    """Take from rows that were locked and found to have enough."""
    for key, amount in sorted(wanted.items()):
        connection.execute(
            update(COUNTED).where(_row(tenant_id, key)).values(left=COUNTED.c.left - amount)
        )


def give_back(connection: Connection, tenant_id: str, took: Counted) -> None:
    """Give back what a promise took."""
    take(connection, tenant_id, {key: -amount for key, amount in took.items()})


def change(connection: Connection, tenant_id: str, old: Counted, new: Counted) -> None:
    """Take what is new and give back what is not needed any more.

    Raises:
        CountedOut: there is too little for the new.
    """
    by = {key: new.get(key, 0) - old.get(key, 0) for key in {*old, *new}}
    refuse_missing(lock_counted(connection, tenant_id, by), by)
    take(connection, tenant_id, {key: amount for key, amount in by.items() if amount})


def supply(connection: Connection, tenant_id: str, key: CountedKey, given: int) -> None:
    """Say how many of a thing there are in all.

    Raises:
        CountedOut: more than that are promised already.
    """
    row = connection.execute(
        select(COUNTED.c.given, COUNTED.c.left).where(_row(tenant_id, key)).with_for_update()
    ).one_or_none()
    if row is None:
        connection.execute(
            insert(COUNTED).values(tenant_id=tenant_id, **key._asdict(), given=given, left=given)
        )
        return
    left = row.left + given - row.given
    if left < 0:
        raise CountedOut(
            f"{row.given - row.left} of {key.kind} {key.key} are promised, more than {given}",
            kind=key.kind,
            key=key.key,
            day=key.day,
        )
    connection.execute(update(COUNTED).where(_row(tenant_id, key)).values(given=given, left=left))


def _row(tenant_id: str, key: CountedKey) -> ColumnElement[bool]:
    return and_(
        COUNTED.c.tenant_id == tenant_id,
        COUNTED.c.kind == key.kind,
        COUNTED.c.key == key.key,
        COUNTED.c.day == key.day,
    )
