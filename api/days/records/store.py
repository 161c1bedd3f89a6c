"""Kept rows: written with a version each, listed in the order in which they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from api.days.intake.columns import normal
from api.days.records.errors import KeyTwice, RecordChanged, UnknownRecord
from api.days.records.tables import RECORD, REVISION
from api.kit.canonical import canonical, parsed

ORDERS: Final = "orders"
KEY_MAX: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One kept row. `body` is the row; of a deck its positions."""

    sheet: str
    key: str
    place: int
    version: int
    body: Mapping[str, Any]
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A row as it is kept now, and whether it is new, or another than before."""

    record: Record
    created: bool
    changed: bool


def put(
    connection: Connection,
    tenant_id: str,
    *,
    sheet: str,
    key: str,
    body: Mapping[str, Any],
    now: datetime,
    expected: int | None = None,
    vin: str = "",
) -> Written:
    """Write a row, or leave it where it is the same already.

    Raises:
        RecordChanged: it is not at the `expected` version (0: not there).
        KeyTwice: another row of the sheet has this id in another spelling.
    """
    before = _locked(connection, tenant_id, sheet, key)
    _refuse_changed(before, sheet=sheet, key=key, expected=expected)
    text = canonical(body)
    if before is not None and canonical(before.body) == text:
        return Written(record=before, created=False, changed=False)
    _revise(connection, tenant_id, sheet)
    if before is None:
        place = 1 + (
            connection.scalar(
                select(func.max(RECORD.c.place)).where(
                    RECORD.c.tenant_id == tenant_id, RECORD.c.sheet == sheet
                )
            )
            or 0
        )
        made = connection.execute(
            _dialect(connection)
            .insert(RECORD)
            .values(
                tenant_id=tenant_id,
                sheet=sheet,
                key=key,
                place=place,
                version=1,
                body=text,
                folded=normal(key),
                vin=vin,
                updated_at=now,
            )
            .on_conflict_do_nothing()
            .returning(RECORD.c.version)
        ).scalar()
        if made is None:
            raise KeyTwice(
                f"another of the {sheet} is called {key!r}, perhaps in another spelling (case, "
                "blanks, hyphens): choose another id"
            )
        version = 1
    else:
        place, version = before.place, before.version + 1
        connection.execute(
            update(RECORD)
            .where(*_named(tenant_id, sheet, key))
            .values(version=version, body=text, vin=vin, updated_at=now)
        )
    record = Record(
        sheet=sheet, key=key, place=place, version=version, body=parsed(text), updated_at=now
    )
    return Written(record=record, created=before is None, changed=True)


def remove(
    connection: Connection, tenant_id: str, *, sheet: str, key: str, expected: int | None = None
) -> None:
    """Take a row away.

    Raises:
        UnknownRecord: there is none.
        RecordChanged: it is not at the `expected` version.
    """
    before = _locked(connection, tenant_id, sheet, key)
    if before is None:
        raise UnknownRecord(f"there is no {key!r} among the {sheet}", sheet=sheet)
    _refuse_changed(before, sheet=sheet, key=key, expected=expected)
    _revise(connection, tenant_id, sheet)
    connection.execute(delete(RECORD).where(*_named(tenant_id, sheet, key)))


def find(connection: Connection, tenant_id: str, *, sheet: str, key: str) -> Record:
    """Read a row.

    Raises:
        UnknownRecord: there is none.
    """
    row = connection.execute(select(RECORD).where(*_named(tenant_id, sheet, key))).one_or_none()
    if row is None:
        raise UnknownRecord(f"there is no {key!r} among the {sheet}", sheet=sheet)
    return _record(row)


def same_vin(connection: Connection, tenant_id: str, vin: str, *, key: str) -> str:
    """Give the id of another order with this VIN; empty: there is none."""
    found = connection.scalar(
        select(RECORD.c.key).where(
            RECORD.c.tenant_id == tenant_id,
            RECORD.c.vin == vin,
            RECORD.c.sheet == ORDERS,
            RECORD.c.key != key,
        )
    )
    return found or ""


def named_cars(connection: Connection, tenant_id: str) -> dict[str, str]:
    """Give the orders by the VIN that they name."""
    rows = connection.execute(
        select(RECORD.c.vin, RECORD.c.key).where(
            RECORD.c.tenant_id == tenant_id, RECORD.c.sheet == ORDERS, RECORD.c.vin != ""
        )
    )
    return {row.vin: row.key for row in rows}


def revise_where_stocked(connection: Connection, tenant_id: str, *vins: str) -> None:
    """Note a change of the stock where an order names one of its cars, or names it no longer."""
    found = connection.scalar(
        select(RECORD.c.key).where(
            RECORD.c.tenant_id == tenant_id, RECORD.c.sheet == "stock", RECORD.c.key.in_(vins)
        )
    )
    if found is not None:
        _revise(connection, tenant_id, "stock")


def vin_of(connection: Connection, tenant_id: str, order_id: str) -> str:
    """Give the VIN that a kept order names; empty: none, or there is no such order."""
    found = connection.scalar(select(RECORD.c.vin).where(*_named(tenant_id, ORDERS, order_id)))
    return found or ""


def listed(
    connection: Connection,
    tenant_id: str,
    *,
    sheet: str,
    after: tuple[int, str] | None = None,
    limit: int | None = None,
) -> list[Record]:
    """List rows of a sheet in their order, those behind `after` (place, key)."""
    query = select(RECORD).where(RECORD.c.tenant_id == tenant_id, RECORD.c.sheet == sheet)
    if after is not None:
        query = query.where(tuple_(RECORD.c.place, RECORD.c.key) > tuple_(*after))
    query = query.order_by(RECORD.c.place, RECORD.c.key).limit(limit)
    return [_record(row) for row in connection.execute(query)]


def all_sheets(
    connection: Connection, tenant_id: str, *, but: Sequence[str] = ()
) -> dict[str, list[Record]]:
    """Read all rows of a tenant by sheet, in their order; sheets without rows are left out."""
    query = (
        select(RECORD)
        .where(RECORD.c.tenant_id == tenant_id, RECORD.c.sheet.not_in(list(but)))
        .order_by(RECORD.c.sheet, RECORD.c.place, RECORD.c.key)
    )
    found: dict[str, list[Record]] = {}
    for row in connection.execute(query):
        found.setdefault(row.sheet, []).append(_record(row))
    return found


def revision(connection: Connection, tenant_id: str) -> int:
    """Say how often the sheets that are not the orders have changed; 0: there are none."""
    found = connection.scalar(select(REVISION.c.revision).where(REVISION.c.tenant_id == tenant_id))
    return found or 0


def tenants(connection: Connection) -> list[str]:
    """List who has kept any sheet that is not the orders."""
    query = select(REVISION.c.tenant_id).where(REVISION.c.revision > 0)
    return list(connection.scalars(query.order_by(REVISION.c.tenant_id)))


def lock_tenant(connection: Connection, tenant_id: str) -> None:
    """Let only one transaction at a time judge and write the sheets of a tenant.

    What is written is judged against all other rows, so these must stay while it is judged. On
    SQLite the transaction has the one write lock already.
    """
    values = {"tenant_id": tenant_id, "revision": 0}
    connection.execute(
        _dialect(connection).insert(REVISION).values(values).on_conflict_do_nothing()
    )
    connection.execute(
        select(REVISION.c.revision).where(REVISION.c.tenant_id == tenant_id).with_for_update()
    )


def _dialect(connection: Connection) -> Any:  # noqa: ANN401  # a module of SQLAlchemy's
    return sqlite if connection.dialect.name == "sqlite" else postgresql


def _revise(connection: Connection, tenant_id: str, sheet: str) -> None:
    if sheet != ORDERS:
        lock_tenant(connection, tenant_id)
        connection.execute(
            update(REVISION)
            .where(REVISION.c.tenant_id == tenant_id)
            .values(revision=REVISION.c.revision + 1)
        )


def _refuse_changed(before: Record | None, *, sheet: str, key: str, expected: int | None) -> None:
    found = 0 if before is None else before.version
    if expected is not None and found != expected:
        raise RecordChanged(
            f"{key!r} among the {sheet} is at version {found}, not {expected}: read it again",
            version=found,
        )


def _locked(connection: Connection, tenant_id: str, sheet: str, key: str) -> Record | None:
    query = select(RECORD).where(*_named(tenant_id, sheet, key)).with_for_update()
    row = connection.execute(query).one_or_none()
    return None if row is None else _record(row)


def _named(tenant_id: str, sheet: str, key: str) -> tuple[Any, ...]:
    return (
        RECORD.c.tenant_id == tenant_id,
        RECORD.c.sheet == sheet,
        RECORD.c.key == key,
    )


def _record(row: Row[Any]) -> Record:
    return Record(
        sheet=row.sheet,
        key=row.key,
        place=row.place,
        version=row.version,
        body=parsed(row.body),
        updated_at=row.updated_at,
    )
