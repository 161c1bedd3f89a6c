"""Keeping a standing day in step with its witness: what changed is done again, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from routing.domain.orders import Order
from routing.domain.stock import with_cars
from routing.domain.windows import Window
from routing.slots.basis import Basis
from routing.slots.loads import order_of
from routing.slots.standing import SPARE, RowsFull, StandingDay, sequence_of
from routing.witness import Promise, RouteRecord, Witness

NOTHING: Final[Mapping[str, RouteRecord]] = {}


class FollowedDay:
    """A standing day with the promises and routes of the last witness it was shown.

    A stop whose promise was taken back without its route being made anew is not driven to: the
    next decision about that truck leaves it out. A route of a truck that the basis does not have
    stands apart.
    """

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        self.day = StandingDay(basis, SPARE)
        self.row_of: dict[str, int] = {}
        self._windows: dict[str, Window] = {}
        self.routes: Mapping[str, RouteRecord] = NOTHING

    @property
    def seated(self) -> list[Order]:
        """The orders of all promises that are on a route."""
        return [self.day.orders[row] for row in self.row_of.values()]

    def follow(self, witness: Witness) -> None:
        """Bring the day up to a witness.

        Raises:
            BadPlan: the load of a promise is not an order's.
            OffTheRoads: nobody knows the way to a promise's place.
        """
        try:
            self._follow(witness)
        except RowsFull:
            self._start(len(witness.served) + 2 * SPARE)
            self._follow(witness)

    def room_for(self, orders: int) -> None:
        """Make sure that so many more orders can be seated."""
        if self.day.free_rows < orders:
            routes, windows = self.routes, dict(self._windows)
            names = dict(self.row_of)
            old = self.day
            self._start(len(names) + 2 * SPARE + orders)
            for name, row in names.items():
                self.row_of[name] = self.day.seat(old.orders[row])
                self._windows[name] = windows[name]
            self.routes = routes
            for record in routes.values():
                self._put(record)

    def _start(self, rows: int) -> None:
        self.day = StandingDay(self._basis, rows)
        self.row_of, self._windows, self.routes = {}, {}, NOTHING

    def _follow(self, witness: Witness) -> None:
        served = {name for name in witness.served if name in witness.promises}
        changed = {
            truck
            for truck in self.routes.keys() | witness.routes.keys()
            if self.routes.get(truck) is not witness.routes.get(truck)
        }
        moved: set[str] = set()
        for name, row in self.row_of.items():
            if name in served:
                window = witness.promises[name].ask.window
                if window != self._windows[name]:
                    self.day.narrow(row, window)
                    self._windows[name] = window
                    moved.add(name)
        gone = self.row_of.keys() - served
        for truck, record in witness.routes.items():
            if not moved.isdisjoint(record.serves) or not gone.isdisjoint(record.serves):
                changed.add(truck)
        for truck in changed & self.day.truck_row.keys():
            self.day.put(self.day.truck_row[truck], (), ())
        for name in gone:
            self.day.unseat(self.row_of.pop(name))
            del self._windows[name]
        cars = _cars_of(witness)
        for name in sorted(served - self.row_of.keys()):
            promise = witness.promises[name]
            self.row_of[name] = self.day.seat(self._order(promise, cars.get(name, "")))
            self._windows[name] = promise.ask.window
        self.routes = witness.routes
        for truck in changed:
            if (made := witness.routes.get(truck)) is not None:
                self._put(made)

    def _order(self, promise: Promise, vin: str) -> Order:
        """The order of a promise; one for any car of a kind has the car that its route tells."""
        order = order_of(promise.ask)
        if not order.from_stock:
            return order
        request = replace(self._basis.request, orders=(order,))
        return with_cars(request, {order.id: vin}).orders[0]

    def _put(self, record: RouteRecord) -> None:
        truck = self.day.truck_row.get(record.truck_id)
        if truck is None:
            return
        sequence = self.sequence_told(record)
        self.day.put(truck, sequence, self._spans(record) if sequence else ())

    def sequence_told(self, record: RouteRecord) -> list[int]:
        """Rows of a route as it is told, promises that are live only."""
        told: Mapping[str, Any] = record.told
        befores = {int(each["before"]) for each in told.get("reloads", ())}
        rows: list[int] = []
        cuts: list[int] = []
        for at, stop in enumerate(told["stops"]):
            if at in befores:
                cuts.append(len(rows))
            row = self.row_of.get(stop["order_id"])
            if row is not None:
                rows.append(row)
        return sequence_of(rows, (cut for cut in cuts if cut < len(rows)))

    def spans_told(self, truck_id: str) -> list[tuple[int, int]]:
        """Loads of a truck as the witness tells them, in seconds of the horizon."""
        return self._spans(self.routes[truck_id])

    def _spans(self, record: RouteRecord) -> list[tuple[int, int]]:
        return [self.day.second(each) for each in kept_bays(record)]


def kept_bays(record: RouteRecord) -> list[Window]:
    """For how long a route keeps a bay, load by load."""
    told: Mapping[str, Any] = record.told
    loads = [_window(told["load"])]
    for each in told.get("reloads", ()):
        early, late = _window(each["load"]), _window(each["load_latest"])
        loads.append(Window(start=min(early.start, late.start), end=max(early.end, late.end)))
    return loads


def bays_told(record: RouteRecord) -> list[int]:
    """Number of the bay of each load."""
    told: Mapping[str, Any] = record.told
    return [int(told["bay"]), *(int(each["bay"]) for each in told.get("reloads", ()))]


def _window(told: Mapping[str, str]) -> Window:
    return Window(
        start=datetime.fromisoformat(told["start"]), end=datetime.fromisoformat(told["end"])
    )


def _cars_of(witness: Witness) -> dict[str, str]:
    """VIN of every stop, by promise."""
    stops: Sequence[Any] = [
        stop
        for record in witness.routes.values()
        for stop in record.told["stops"]  # type: ignore[attr-defined]  # plan.json has a list
    ]
    return {stop["order_id"]: stop["vin"] for stop in stops}
