"""Orders: put, read, listed, taken away. A row is kept only if the intake can read it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection

from api.days.intake.columns import normal
from api.days.intake.faults import Fault, FaultLog
from api.days.records import store as records
from api.days.records.errors import UnknownRecord
from api.days.records.grids import grid_of
from api.days.records.grounds import GroundBook
from api.days.records.judging import NOT_OF_THE_ROW, told
from api.days.records.store import ORDERS, Record, Written
from api.days.request import DayGround, read_orders_on
from api.errors import FaultyInput
from api.kit.canonical import canonical
from api.kit.clock import Clock, tomorrow
from api.kit.db import Database
from api.orders import store
from api.orders.errors import OrderPromised, VinTwice
from api.orders.personal import ContactSeal, masked, put_together, taken_apart
from api.orders.promised import LivePromises, same_to_a_promise, without_windows
from api.settings import Language
from routing.domain.orders import Order

READ_KEPT: Final = 2_048
"""Orders as they were read on a day: a search asks for fourteen, the hold after it for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOrder:
    """An order of one day as the intake reads it. `order` is None exactly where `faults` has
    something."""

    order: Order | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderKept:
    """An order that was put: its row as it is shown, and what was odd about it."""

    written: Written
    shown: Mapping[str, Any]
    warnings: tuple[Fault, ...]


class OrderService:
    """The orders of one database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        grounds: GroundBook,
        seal: ContactSeal,
        *,
        promised: LivePromises,
        language: Language = Language.ENGLISH,
    ) -> None:
        """`language` is that of the faults."""
        self._promised = promised
        self._database = database
        self._clock = clock
        self._grounds = grounds
        self._seal = seal
        self._language = language
        self._read: OrderedDict[tuple[int, str], tuple[DayGround, ReadOrder]] = OrderedDict()
        self._lock = Lock()

    @property
    def usual_day(self) -> date:
        """The day that is meant where none is named."""
        return tomorrow(self._clock)

    def put(
        self, tenant_id: str, order_id: str, row: Mapping[str, Any], *, expected: int | None = None
    ) -> OrderKept:
        """Keep an order's row, if it can be read beside the fleet that is kept.

        Fields of the contact that are absent or come back masked stay as they are; null takes
        them away.

        Raises:
            FaultyInput: the row has faults; lists them all.
            VinTwice: another order has its car.
            RecordChanged: it is not at the `expected` version.
            OrderPromised: a live promise stands on what would change.
        """
        with self._database.writing() as connection:
            # Two first words on one order, or two orders of one car, come one after the other.
            records.lock_tenant(connection, tenant_id)
            before = self._personal(connection, tenant_id, order_id)
            open_row, personal = taken_apart(_with_contact(row, before))
            open_row["order_id"] = order_id
            ground = self._grounds.ground(connection, tenant_id, tomorrow(self._clock))
            read = self.read(put_together(open_row, personal), ground)
            faults = [fault for fault in read.faults if fault.code not in NOT_OF_THE_ROW]
            vin = normal(str(open_row.get("vin") or "")).upper()
            if faults:
                said = tuple(told(fault, self._language, row=False) for fault in faults)
                raise FaultyInput(said, undone="the order was not kept")
            self._refuse_promised(connection, tenant_id, order_id, open_row)
            self._refuse_sold(connection, tenant_id, vin, order_id)
            old_vin = records.vin_of(connection, tenant_id, order_id)
            if old_vin != vin:
                records.revise_where_stocked(connection, tenant_id, old_vin, vin)
            written = records.put(
                connection,
                tenant_id,
                sheet=ORDERS,
                key=order_id,
                body=open_row,
                now=self._clock.now(),
                expected=expected,
                vin=vin,
            )
            if personal != before:
                self._keep(connection, tenant_id, order_id, personal)
        return OrderKept(
            written=written,
            shown=put_together(open_row, masked(personal)),
            warnings=read.warnings,
        )

    def read(self, row: Mapping[str, Any], ground: DayGround) -> ReadOrder:
        """Read an order's row on one day; the same row on the same ground is read once."""
        key = id(ground), canonical(row)
        with self._lock:
            known = self._read.get(key)
        if known is not None:
            return known[1]
        found = self._read_anew(row, ground)
        with self._lock:
            # The ground is kept with its answer, so that no other can get its id meanwhile.
            self._read[key] = ground, found
            while len(self._read) > READ_KEPT:
                self._read.popitem(last=False)
        return found

    def _read_anew(self, row: Mapping[str, Any], ground: DayGround) -> ReadOrder:
        log = FaultLog()
        grid = grid_of([row], sheet=ORDERS, log=log)
        orders: Sequence[Order] = ()
        if grid is not None:
            orders = read_orders_on(ground, grid, locator=self._grounds.locator, log=log)
        faults = (*log.faults, *log.cascades)
        return ReadOrder(
            order=None if faults or not orders else orders[0],
            faults=faults,
            warnings=tuple(log.warnings),
        )

    def record(self, connection: Connection, tenant_id: str, order_id: str) -> Record:
        """Read the kept row of an order, without what is personal.

        Raises:
            UnknownRecord: there is none.
        """
        return records.find(connection, tenant_id, sheet=ORDERS, key=order_id)

    def show(
        self, tenant_id: str, order_id: str, *, seen_by: str = "", request_id: str = ""
    ) -> tuple[Record, Mapping[str, Any]]:
        """Give an order's record and row, masked; whole where `seen_by` names a client that may
        see it, and then the look is remembered.

        Raises:
            UnknownRecord: there is none.
        """
        with self._database.writing() if seen_by else self._database.reading() as connection:
            record = self.record(connection, tenant_id, order_id)
            personal = self._personal(connection, tenant_id, order_id)
            if not seen_by:
                return record, put_together(record.body, masked(personal))
            if personal:
                store.note_look(
                    connection,
                    tenant_id,
                    order_id,
                    client_id=seen_by,
                    request_id=request_id,
                    now=self._clock.now(),
                )
            return record, put_together(record.body, personal)

    def listed(
        self, tenant_id: str, *, after: tuple[int, str] | None, limit: int
    ) -> list[tuple[Record, Mapping[str, Any]]]:
        """List orders in the order in which they came, contacts masked."""
        with self._database.reading() as connection:
            found = records.listed(connection, tenant_id, sheet=ORDERS, after=after, limit=limit)
            return [
                (
                    each,
                    put_together(
                        each.body, masked(self._personal(connection, tenant_id, each.key))
                    ),
                )
                for each in found
            ]

    def remove(self, tenant_id: str, order_id: str, *, expected: int | None = None) -> None:
        """Take an order's row and contact away.

        Raises:
            UnknownRecord: there is none.
            RecordChanged: it is not at the `expected` version.
            OrderPromised: it has a live promise.
        """
        with self._database.writing() as connection:
            records.lock_tenant(connection, tenant_id)
            self._refuse_promised(connection, tenant_id, order_id, None)
            vin = records.vin_of(connection, tenant_id, order_id)
            records.revise_where_stocked(connection, tenant_id, vin)
            records.remove(connection, tenant_id, sheet=ORDERS, key=order_id, expected=expected)
            store.drop_contact(connection, tenant_id, order_id)

    def readiness(self, tenant_id: str, order_id: str, day: date | None = None) -> Order:
        """Read a kept order on a day (tomorrow where none is named): its `readiness` says what is
        still to be done.

        Raises:
            UnknownRecord: there is none.
            FaultyInput: it cannot be read any more, or not on that day; lists every fault.
        """
        with self._database.reading() as connection:
            record = self.record(connection, tenant_id, order_id)
            wanted = day or self.usual_day
            ground = self._grounds.ground(connection, tenant_id, wanted)
        read = self.read(record.body, ground)
        if read.order is None:
            faults = tuple(told(fault, self._language, row=False) for fault in read.faults)
            raise FaultyInput(faults, undone="the order cannot be read")
        return read.order

    # ---- contacts ---------------------------------------------------------------------------

    def forget_overdue(self) -> int:
        """Delete the contacts whose time is over; return how many."""
        with self._database.writing() as connection:
            return store.drop_overdue(connection, self._clock.now())

    def contacts(self, connection: Connection, tenant_id: str) -> dict[str, Mapping[str, Any]]:
        """Open all contacts of a tenant, by order: for the driver's papers."""
        sealed = store.sealed_contacts(connection, tenant_id)
        return {
            order_id: self._seal.open(tenant_id, order_id, text)
            for order_id, text in sealed.items()
        }

    def keep_imported(
        self, connection: Connection, tenant_id: str, rows: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Keep the rows of an import, by order, that were judged as a whole.

        Raises:
            KeyTwice: another order has one of these ids in another spelling.
            VinTwice: another order has one of their cars.
        """
        cars: dict[str, str] = {}
        for order_id, row in rows.items():
            open_row, personal = taken_apart({**row, "order_id": order_id})
            cars[order_id] = normal(str(open_row.get("vin") or "")).upper()
            old_vin = records.vin_of(connection, tenant_id, order_id)
            if old_vin != cars[order_id]:
                records.revise_where_stocked(connection, tenant_id, old_vin, cars[order_id])
            records.put(
                connection,
                tenant_id,
                sheet=ORDERS,
                key=order_id,
                body=open_row,
                now=self._clock.now(),
                vin=cars[order_id],
            )
            self._keep(connection, tenant_id, order_id, personal)
        for order_id, vin in cars.items():  # afterwards: two orders may have swapped their cars
            self._refuse_sold(connection, tenant_id, vin, order_id)

    def _refuse_sold(self, connection: Connection, tenant_id: str, vin: str, order_id: str) -> None:
        other = records.same_vin(connection, tenant_id, vin, key=order_id) if vin else ""
        if other:
            raise VinTwice(f"order {other!r} has this car: one car goes to one order")

    def _refuse_promised(
        self,
        connection: Connection,
        tenant_id: str,
        order_id: str,
        row: Mapping[str, Any] | None,
    ) -> None:
        """Refuse a row (None: that it goes) under which a live promise would be another."""
        for live in self._promised(connection, tenant_id, order_id):
            if row is not None:
                try:
                    old = self.record(connection, tenant_id, order_id).body
                except UnknownRecord:  # promised by what somebody else keeps
                    continue
                ground = self._grounds.ground(connection, tenant_id, live.day)
                if old == row or same_to_a_promise(
                    *(self.read(without_windows(each), ground).order for each in (old, row))
                ):
                    continue
            raise OrderPromised(
                f"order {order_id!r} is promised for {live.day} ({live.id}): release or cancel "
                "that first; contact, note and accepted windows may change",
                booking_id=live.id,
            )

    def _personal(self, connection: Connection, tenant_id: str, order_id: str) -> Mapping[str, Any]:
        sealed = store.sealed_contact(connection, tenant_id, order_id)
        return self._seal.open(tenant_id, order_id, sealed) if sealed else {}

    def _keep(
        self,
        connection: Connection,
        tenant_id: str,
        order_id: str,
        personal: Mapping[str, Any],
    ) -> None:
        if personal:
            sealed = self._seal.seal(tenant_id, order_id, personal)
            store.keep_contact(connection, tenant_id, order_id, sealed)
        else:
            store.drop_contact(connection, tenant_id, order_id)


def _with_contact(row: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in the contact that the caller left as it was: absent, or masked as it was shown."""
    shown = masked(before)
    whole = dict(row)
    for field in ("contact", "phone"):
        if field in before and (field not in row or row[field] == shown.get(field)):
            whole[field] = before[field]
    for field in ("address", "note", "trade_in_note"):
        clean, _ = taken_apart({field: before.get(field), "contact": before.get("contact")})
        if field in before and row.get(field) == clean.get(field):
            whole[field] = before[field]
    return {key: value for key, value in whole.items() if value is not None}
