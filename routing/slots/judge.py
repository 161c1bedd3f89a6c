"""The judge in earnest: promises are placed by the exact clock and checked by the auditor."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from threading import Lock, RLock
from typing import Final

from routing.clock import RELOAD
from routing.domain.orders import Order
from routing.domain.stock import kind_of, with_cars
from routing.domain.windows import Window
from routing.errors import NoSequence
from routing.judge import Refusal, WitnessFault
from routing.reasons import Reason
from routing.rules.locks import FREE
from routing.rules.stock import ready_second
from routing.slots.basis import Bases, Basis
from routing.slots.checking import faults_of
from routing.slots.deciding import decided_routes
from routing.slots.following import FollowedDay
from routing.slots.loads import order_of
from routing.slots.offers import Blocked, Fit, Offer, fits, offers
from routing.slots.standing import OffTheRoads
from routing.slots.timing import timed
from routing.trips import tidied
from routing.witness import Ask, CountedKey, Decision, RouteRecord, Witness

DAYS_KEPT: Final = 32
"""Standing days in memory unless somebody sells more; the one that was asked about longest ago
goes first."""
MOST_REORDERED: Final = 6
"""Stops of a route that are put into every order when it loses one and its times break."""


class SlotJudge:
    """Implements `routing.judge.Judge` over the engine's own evaluator.

    Answers depend on witness and question alone; what it keeps in memory saves time only. For
    several threads: days are worked on one at a time each.
    """

    def __init__(self, bases: Bases, *, days_kept: int = DAYS_KEPT) -> None:
        """Keep `days_kept` days ready: with fewer than are on sale each question compiles them
        anew. A day of 100 promised stops takes some 10 MB, one of 300 some 50."""
        self._bases = bases
        self._days_kept = days_kept
        self._days: OrderedDict[tuple[str, date, str], tuple[FollowedDay, RLock]] = OrderedDict()
        self._lock = Lock()

    def place(self, witness: Witness, ask: Ask) -> Decision | Refusal:
        """Find the cheapest room for one more promise; no other route changes but its truck's.

        Raises:
            UnknownBasis: nobody knows what the witness stands on.
            BadPlan: the ask's load is not an order's.
        """
        followed, lock = self._day(witness)
        with lock:
            followed.follow(witness)
            wanted = order_of(ask)
            best: tuple[Fit, Order] | None = None
            refused: list[Reason] = []
            for order in _with_cars(followed, wanted):
                found = _first(followed, order, ask.window)
                if isinstance(found, Reason):
                    refused.append(found)
                elif best is None or found.extra < best[0].extra:
                    best = found, order
            if best is None:
                return _refusal(refused[0] if refused else Reason.NO_STOCK)
            fit, order = best
            return _placed(followed, fit, order, wanted)

    def without(self, witness: Witness, *promise_ids: str) -> Decision:
        """Take promises off; the others keep their sequence, if their windows allow it.

        Raises:
            UnknownBasis: nobody knows what the witness stands on.
            NoSequence: no sequence keeps what stays served in its windows. The way past a stop
                would have to be longer than the way by it, or the basis has changed.
        """
        followed, lock = self._day(witness)
        with lock:
            followed.follow(witness)
            rows = {followed.row_of.get(each, FREE - 1) for each in promise_ids}
            routes: dict[str, RouteRecord | None] = {}
            now = witness
            for record in witness.routes.values():
                if not set(promise_ids) & set(record.serves):
                    continue
                made = _lightened(followed, record, rows)
                routes.update(made)
                now = now.decided(Decision(routes=made))
                followed.follow(now)
            return Decision(routes=routes)

    def retimed(self, witness: Witness) -> Decision:
        """Make all times anew under the witness's basis; late stops are late in what is told.

        A route that cannot be driven at all any more is left as it was, for `faults` to say.

        Raises:
            UnknownBasis: nobody knows what the witness stands on.
        """
        followed, lock = self._day(witness)
        with lock:
            followed.follow(witness)
            routes: dict[str, RouteRecord | None] = {}
            now = witness
            for name in sorted(witness.routes):
                truck = followed.day.truck_row.get(name)
                if truck is None:
                    routes[name] = None
                    continue
                sequence = followed.day.sequence(truck)
                made = {name: None} if not sequence else _in_sequence(followed, truck, sequence)
                if made is not None:
                    routes.update(made)
                    now = now.decided(Decision(routes=made))
                    followed.follow(now)
            return Decision(routes=routes)

    def faults(self, witness: Witness) -> tuple[WitnessFault, ...]:
        """Let the independent auditor check the witness, from its JSON.

        Raises:
            UnknownBasis: nobody knows what the witness stands on.
        """
        return faults_of(self._bases.of(witness), witness)

    def search(
        self, witness: Witness, order: Order, windows: Sequence[Window]
    ) -> tuple[list[Offer], list[Blocked]]:
        """Say of each window of the witness's day what it would cost, or why it is missing.

        Raises:
            UnknownBasis: nobody knows what the witness stands on.
        """
        followed, lock = self._day(witness)
        with lock:
            followed.follow(witness)
            made: dict[Window, Offer] = {}
            missing: dict[Window, Blocked] = {}
            cars = _with_cars(followed, order)
            for each in cars:
                try:
                    good, bad = offers(followed, each, windows)
                except OffTheRoads:
                    good, bad = [], [Blocked(window=w, reason=Reason.UNREACHABLE) for w in windows]
                for offer in good:
                    known = made.get(offer.window)
                    if known is None or offer.cost_delta < known.cost_delta:
                        made[offer.window] = offer
                missing = {blocked.window: blocked for blocked in bad} | missing
            if not cars:
                missing = {each: Blocked(window=each, reason=Reason.NO_STOCK) for each in windows}
            ranked = sorted(made.values(), key=lambda each: (each.cost_delta, each.window.start))
            return ranked, [missing[each] for each in windows if each not in made]

    def _day(self, witness: Witness) -> tuple[FollowedDay, RLock]:
        basis: Basis = self._bases.of(witness)
        key = witness.pool, witness.day, witness.basis
        with self._lock:
            if key not in self._days:
                self._days[key] = FollowedDay(basis), RLock()
            self._days.move_to_end(key)
            while len(self._days) > self._days_kept:
                self._days.popitem(last=False)
            return self._days[key]


def _first(followed: FollowedDay, order: Order, window: Window) -> Fit | Reason:
    try:
        return fits(followed, order, [window])[0]
    except OffTheRoads:
        return Reason.UNREACHABLE


def _refusal(reason: Reason) -> Refusal:
    return Refusal(reason=reason.value, detail=f"no truck can come in this window: {reason.value}")


def _with_cars(followed: FollowedDay, order: Order) -> list[Order]:
    """The order itself, or with the first free car of its kind at each warehouse."""
    if not order.from_stock:
        return [order]
    request = followed.day.basis.request
    taken = {each.vehicle.vin for each in followed.seated}
    first: dict[str, str] = {}
    layout = followed.day.problem.layout
    ready = sorted(request.stock, key=lambda car: (ready_second(layout, car), car.vehicle.vin))
    for car in ready:
        if (
            kind_of(car.vehicle) == kind_of(order.vehicle)
            and order.warehouse_id in ("", car.warehouse_id)
            and not car.readiness.missing
            and car.vehicle.vin not in taken
        ):
            first.setdefault(car.warehouse_id, car.vehicle.vin)
    alone = replace(request, orders=(order,))
    return [with_cars(alone, {order.id: vin}).orders[0] for vin in first.values()]


def _placed(followed: FollowedDay, fit: Fit, order: Order, wanted: Order) -> Decision:
    followed.room_for(1)
    row = followed.day.seat(order)
    try:
        routes = decided_routes(
            followed,
            fit.truck,
            tuple(row if each == fit.row else each for each in fit.sequence),
            departs=fit.departs,
            load=fit.load,
        )
    finally:
        followed.day.unseat(row)
    return Decision(routes=routes, counted=_counted(order) if wanted.from_stock else {})


def _counted(order: Order) -> Mapping[CountedKey, int]:
    key = "/".join((order.warehouse_id, *kind_of(order.vehicle)))
    return {CountedKey(kind="stock", key=key, day=""): 1}


def _lightened(
    followed: FollowedDay, record: RouteRecord, rows: Collection[int]
) -> Mapping[str, RouteRecord | None]:
    """Write a route without some of its rows; a truck that there is not any more stays at home."""
    truck = followed.day.truck_row.get(record.truck_id)
    if truck is None:
        return {record.truck_id: None}
    left = tidied([each for each in followed.day.sequence(truck) if each not in rows])
    if not left:
        return {record.truck_id: None}
    made = _made(followed, truck, left)
    if made is None:
        raise NoSequence(f"{record.truck_id} keeps the windows left to it in no sequence")
    return made


def _made(
    followed: FollowedDay, truck: int, sequence: tuple[int, ...]
) -> dict[str, RouteRecord] | None:
    """Write a route in its sequence; where that breaks a window, in any that does not."""
    found = timed(followed.day, truck, sequence)
    if found is None and RELOAD not in sequence and len(sequence) <= MOST_REORDERED:
        for other in permutations(sequence):
            if (found := timed(followed.day, truck, other)) is not None:
                sequence = other
                break
    if found is None:
        return None
    departs, load = found
    return decided_routes(followed, truck, sequence, departs=departs, load=load)


def _in_sequence(
    followed: FollowedDay, truck: int, sequence: tuple[int, ...]
) -> dict[str, RouteRecord] | None:
    """Write a route with its windows if they can be kept, else with those opened that cannot."""
    day = followed.day
    name = followed.day.problem.layout.trucks[truck].id
    kept = {row: day.orders[row].windows[0] for row in sequence if row != RELOAD}
    opened: set[int] = set()
    try:
        for late in (*(row for row in reversed(sequence) if row != RELOAD), None):
            found = timed(day, truck, sequence)
            if found is not None:
                departs, load = found
                return decided_routes(followed, truck, sequence, departs=departs, load=load)
            if late is None:
                break
            opened.add(late)
            window = kept[late]
            day.narrow(late, Window(start=window.start, end=max(window.end, day.ends)))
        return None
    finally:
        for row in opened:
            day.narrow(row, kept[row])
        day.put(truck, sequence, followed.spans_told(name))
