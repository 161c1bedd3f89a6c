"""Locks in the order and truck sheets: which truck brings an order, and what of it is settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.days.intake.cells import RowReader
from api.days.intake.desk import Desk
from api.days.intake.names import Named
from api.days.intake.tables import Table
from api.days.intake.truck_sheet import TruckRow
from routing.domain.fleet import Truck
from routing.domain.locks import Locks, OrderLock, SequenceLock, TruckLock
from routing.domain.orders import Order


@dataclass(frozen=True, slots=True)
class _Held:
    """An order held by a truck; `number` is its place in the sequence, 0 for none."""

    order_id: str
    number: int


def read_locks(
    table: Table | None,
    truck_rows: Sequence[TruckRow],
    *,
    orders: Sequence[Order],
    trucks: Sequence[Truck],
    named: Named[Truck],
    desk: Desk,
) -> Locks:
    """Read the locks of a day.

    Numbered orders keep their sequence. A truck whose route is locked brings its orders and
    nothing else (without any it stays at home); one that has left at a time brings its numbered
    orders first and takes no more.
    """
    manned = {truck.id for truck in trucks if truck.driver_id}
    known = {order.id: order for order in orders}
    held: dict[str, list[_Held]] = {}
    for record in table.records if table else ():
        row = desk.reader(record)
        truck_id = _truck_of(row, known, manned=manned, named=named)
        number = row.whole("locked_seq", default=0)
        if truck_id and not row.faulty and row.text("id") in known:
            held.setdefault(truck_id, []).append(_Held(row.text("id"), number))
    frozen: list[TruckLock] = []
    sequences: list[SequenceLock] = []
    single: list[OrderLock] = []
    for read in truck_rows:
        name = read.truck.id
        if name not in manned:
            continue
        mine = sorted(held.get(name, ()), key=lambda each: each.number or len(known) + 1)
        numbered = tuple(each.order_id for each in mine if each.number)
        left = desk.settings.at(read.departed_s) if read.departed_s is not None else None
        if read.route_locked and left is None:
            frozen.append(TruckLock(truck_id=name, orders=tuple(one.order_id for one in mine)))
            continue
        if read.route_locked:
            numbered = tuple(each.order_id for each in mine)
        if left is not None or len(numbered) > 1:
            sequences.append(
                SequenceLock(
                    truck_id=name,
                    orders=numbered,
                    first=left is not None,
                    closed=left is not None,
                    departs=left,
                )
            )
        single += [
            OrderLock(order_id=each.order_id, truck_id=name)
            for each in mine
            if each.order_id not in numbered or (left is None and len(numbered) == 1)
        ]
    return Locks(orders=tuple(single), trucks=tuple(frozen), sequences=tuple(sequences))


def _truck_of(
    row: RowReader, known: Mapping[str, Order], *, manned: set[str], named: Named[Truck]
) -> str:
    """Find the truck an order is locked to; empty where it is not, or wrongly (noted)."""
    if not row.has("locked_truck"):
        if row.has("locked_seq"):
            row.fault("lock.truck_needed", "locked_seq")
        return ""
    truck = named.find(row, "locked_truck")
    if truck is None:
        return ""
    order = known.get(row.text("id"))
    if truck.id not in manned:
        row.fault("lock.no_driver", "locked_truck", truck=truck.id)
    elif order is not None and order.warehouse_id not in ("", truck.warehouse_id):
        row.fault("lock.other_warehouse", "locked_truck", truck=truck.id)
    return truck.id
