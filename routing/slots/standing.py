"""A pool-day in memory: compiled once, with rows to spare for the orders that are asked about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.matrix import TravelMatrix
from geodata.places import Place
from geodata.units import UNREACHABLE_S
from routing.clock import RELOAD, longest_sequence
from routing.domain.fleet import SpecialistTravel, TruckKind
from routing.domain.orders import DeliveryMode, Order, Priority
from routing.domain.readiness import Readiness
from routing.domain.vehicles import Edition, Model, Vehicle, vin_check_digit
from routing.domain.windows import Window
from routing.errors import RoutingError
from routing.problem import Problem, Tables, build_problem, lengthened
from routing.rules.access import Access
from routing.rules.bans import Bans
from routing.rules.deck import Deck, positions_for
from routing.rules.preferences import Preferences
from routing.rules.readiness import ReadyToLeave
from routing.rules.skills import Skills
from routing.rules.specialists import Specialists
from routing.rules.stock import Stock
from routing.schedule import Scratch, new_scratch
from routing.slots.basis import Basis
from routing.slots.confirm import TIMING, appraise
from routing.slots.filter import relax_route
from routing.slots.roads import Ways
from routing.slots.tables import Found, RouteTable, new_found, new_route_table

SPARE: Final = 24
"""Rows beyond those in use when a day is compiled."""
_CAR: Final = Model(
    id="nothing", name="-", length_mm=1, width_mm=1, height_mm=1, mass_kg=1, wheel_lift_ok=True
)


class RowsFull(RoutingError):
    """No row is left for one more order: compile the day anew with more."""


class OffTheRoads(RoutingError):
    """The roads of the basis do not know a place."""


class StandingDay:
    """The routes of one pool-day, and everything about its orders, in arrays.

    Orders come and go by `seat` and `unseat`, routes by `put`; the arrays of the fleet stay. Not
    for several threads at once.
    """

    def __init__(self, basis: Basis, rows: int) -> None:
        self.basis = basis
        houses = [house.place for house in basis.request.warehouses]
        homes = list({place.id: place for place in houses}.values())
        nobody = _placeholders(basis, rows)
        request = replace(basis.request, orders=tuple(nobody), bans=(), stock=())
        matrix = _with_spares(basis.roads.between(homes), [each.place.id for each in nobody])
        self._problem = build_problem(request, matrix)
        self.orders: list[Order] = nobody
        self._rows = list(range(rows - 1, -1, -1))
        self._place_rows = dict(self._problem.layout.place_row)
        self._layout = replace(
            self._problem.layout,
            request=replace(basis.request, orders=(), stock=()),
            place_row=self._place_rows,
        )
        self._places: dict[int, Place] = dict(enumerate(homes))
        self._guests: dict[int, int] = {}
        self._free_places = list(range(len(homes) + rows - 1, len(homes) - 1, -1))
        self._homes = frozenset(place.id for place in homes)
        self._ways: tuple[NDArray[np.int64], Ways] | None = None
        self._came_last: tuple[int, tuple[NDArray[np.int64], Ways]] | None = None
        self._skilled_cars = any(
            each.travel is SpecialistTravel.OWN_CAR for each in basis.request.specialists
        )
        self._banned = {ban.place_id for ban in basis.request.bans}
        self._kinds: dict[tuple[int, int, int], int] = {}
        self.tables: Tables = self._problem.tables
        trucks = len(self._layout.trucks)
        self.scratch: Scratch = new_scratch(longest_sequence(self.tables) + 2)
        self.timing: NDArray[np.int64] = np.zeros(TIMING, dtype=np.int64)
        self.routes: RouteTable = new_route_table(
            trucks,
            np.ascontiguousarray(self.tables.travel.buffered.min(axis=1)),
            np.array(self._problem.meets),
        )
        self._found: Found = new_found(trucks, trucks)
        self._positions = trucks
        self.truck_row = {truck.id: row for row, truck in enumerate(self._layout.trucks)}
        for truck in range(trucks):
            relax_route(self.tables, self.routes, truck)
        if self._banned & self._place_rows.keys():
            self._bans_anew()

    @property
    def problem(self) -> Problem:
        """The day as it stands, for code that reads a problem; rows nobody sits on included."""
        layout = replace(self._layout, orders=tuple(self.orders))
        return replace(self._problem, layout=layout, tables=self.tables, meets=self.routes.meets)

    @property
    def found(self) -> Found:
        """Room for answers, wide enough for every position of every route."""
        return self._found

    @property
    def free_rows(self) -> int:
        """How many more orders can be seated."""
        return len(self._rows)

    def second(self, window: Window) -> tuple[int, int]:
        """A window in seconds of the horizon."""
        return self._layout.second(window.start), self._layout.second(window.end)

    def house_of(self, truck: int) -> int:
        """Row of the warehouse of a truck."""
        return int(self.tables.warehouse[truck])

    def sequence(self, truck: int) -> tuple[int, ...]:
        """Order rows of a truck, with RELOAD between two trips."""
        return tuple(int(each) for each in self.routes.seq[truck, : self.routes.n[truck]])

    def spans(self, truck: int) -> list[tuple[int, int]]:
        """Loads of a truck for which it keeps a bay, in seconds of the horizon."""
        table, count = self.routes, int(self.routes.spans[truck])
        return [
            (int(table.span_start[truck, at]), int(table.span_end[truck, at]))
            for at in range(count)
        ]

    @property
    def ends(self) -> datetime:
        """When all the windows of a day can be said to be over."""
        return self.basis.request.horizon_start + timedelta(days=4)

    def seat(self, order: Order) -> int:
        """Compile an order into a row, and give the row.

        Raises:
            RowsFull: none is left.
            OffTheRoads: nobody knows the way to its place.
        """
        if not self._rows:
            raise RowsFull
        place = self._place(order.place)
        row = self._rows.pop()
        self._guests[place] = self._guests.get(place, 0) + 1
        self.orders[row] = order
        self._write(row, order, place)
        return row

    def unseat(self, row: int) -> None:
        """Free a row whose order is on no route."""
        place = int(self.tables.place[row])
        self._guests[place] -= 1
        # A house is nobody's guest, so its row is never given away.
        if self._guests[place] == 0 and self._places[place].id not in self._homes:
            del self._guests[place]
            gone = self._places.pop(place)
            last = self._came_last
            self._ways = last[1] if last is not None and last[0] == place else None
            self._came_last = None
            del self._place_rows[gone.id]
            self._place_rows[_spare(place)] = place
            self._free_places.append(place)
        self._rows.append(row)

    def narrow(self, row: int, window: Window) -> None:
        """Give an order another window, and its route what follows from it."""
        self.orders[row] = replace(self.orders[row], windows=(window,))
        self._set_window(row, window)

    def put(self, truck: int, sequence: Sequence[int], spans: Iterable[tuple[int, int]]) -> None:
        """Give a truck its route and the loads for which it keeps a bay."""
        self._write_route(truck, sequence)
        each = list(spans)
        self.routes.spans[truck] = len(each)
        for at, (start, end) in enumerate(each):
            self.routes.span_start[truck, at], self.routes.span_end[truck, at] = start, end
        self.appraised(truck)

    def appraised(self, truck: int) -> None:
        """Bring up to date what a route costs and how much room its times leave."""
        relax_route(self.tables, self.routes, truck)
        starts = int(self.routes.span_end[truck, 0])
        house = self.tables.warehouse[truck]
        if self.tables.bays.evening[house]:
            starts = max(starts, int(self.tables.shifts.start[truck]))
        appraise(self.tables, self.routes, truck, starts, False, self.scratch, self.timing)

    def _write_route(self, truck: int, sequence: Sequence[int]) -> None:
        before = int(self.routes.n[truck])
        self.routes.n[truck] = len(sequence)
        self.routes.seq[truck, : len(sequence)] = sequence
        self._positions += len(sequence) - before
        if self._positions + 2 * len(self.truck_row) > self._found.guess.shape[1]:
            trucks = len(self.truck_row)
            self._found = new_found(trucks, 2 * self._positions + 4 * trucks)

    # ---- one order's columns ----------------------------------------------------------------

    def _write(self, row: int, order: Order, place: int) -> None:
        p, one = self.tables, replace(self._layout, orders=(order,))
        allowed = Access().compile(one)[:, 0] & Stock().mask(one)[:, 0]
        meets = np.zeros_like(allowed)
        if order.skills:
            if self._skilled_cars:
                meets = Specialists().compile(one)[:, 0]
            allowed &= Skills().compile(one)[:, 0] | meets
        p.allowed[:, row], self.routes.meets[:, row] = allowed, meets
        p.place[row] = place
        p.unload[row], p.handover[row] = order.unload_s, order.handover_s
        p.release[row] = ReadyToLeave().compile(one)[0]
        self._set_window(row, order.windows[0])
        self._write_deck(row, order)
        if p.preferences.per_minute and order.preferred:
            everybody = replace(self._layout, orders=tuple(self.orders))
            self.tables = p._replace(preferences=Preferences().compile(everybody))

    def _write_deck(self, row: int, order: Order) -> None:
        p, decks = self.tables, self._layout.decks
        fits = positions_for([order.vehicle.model], decks)[:, 0]
        old_car = order.trade_in.model if order.trade_in else None
        old_fits = positions_for([old_car], decks)[:, 0]
        p.deck.fits[:, row] = fits
        p.deck.mass_kg[row] = order.vehicle.model.mass_kg
        p.trade_ins.taken[row] = old_car is not None
        p.trade_ins.fits[:, row] = old_fits
        p.trade_ins.mass_kg[row] = old_car.mass_kg if old_car else 0
        for deck in range(len(decks)):
            traits = deck, int(fits[deck]), int(old_fits[deck]) if old_car else -1
            p.deck.kind[deck, row] = self._kinds.setdefault(traits, len(self._kinds) + 1)
        if old_car is not None and p.deck.plain:
            moved = Deck().compile(replace(self._layout, orders=(order,)))
            self.tables = p._replace(deck=p.deck._replace(plain=False, reach=moved.reach))

    def _set_window(self, row: int, window: Window) -> None:
        table = self.tables.windows
        at = int(table.ptr[row])
        table.start[at], table.end[at] = self.second(window)

    # ---- places -----------------------------------------------------------------------------

    def _place(self, place: Place) -> int:
        """Row of a place, with all its legs."""
        known = self._place_rows.get(place.id)
        if known is not None:
            return known
        rows, ways = self._ways or self._look_around()
        try:
            legs = ways.legs(place)
        except KeyError as error:
            raise OffTheRoads(f"no roads are known to {place.id}") from error
        row = self._free_places.pop()
        # Most orders only ask and leave again: then the places are those of before.
        self._came_last, self._ways = (row, (rows, ways)), None
        del self._place_rows[_spare(row)]
        self._place_rows[place.id] = row
        self._places[row] = place
        travel, permille = self.tables.travel, self.basis.request.policy.buffers.drive_permille
        travel.typical[:, :, row][..., rows] = legs.there_s
        travel.typical[:, :, :, row][..., rows] = legs.back_s
        there, back = lengthened(legs.there_s, permille), lengthened(legs.back_s, permille)
        travel.buffered[:, :, row][..., rows] = there
        travel.buffered[:, :, :, row][..., rows] = back
        travel.metres[:, :, row][..., rows] = legs.there_m
        travel.metres[:, :, :, row][..., rows] = legs.back_m
        travel.toll[:, row][..., rows] = legs.there_toll
        travel.toll[:, :, row][..., rows] = legs.back_toll
        self.routes.shortest[:, row][..., rows] = there.min(axis=1)
        self.routes.shortest[:, :, row][..., rows] = back.min(axis=1)
        if place.id in self._banned:
            self._bans_anew()
        return row

    def _look_around(self) -> tuple[NDArray[np.int64], Ways]:
        """The rows of all places there are, and the ways to them."""
        rows = np.array(list(self._places), dtype=np.int64)
        return rows, self.basis.roads.ways(list(self._places.values()))

    def _bans_anew(self) -> None:
        self.tables = self.tables._replace(bans=Bans().compile(self._layout))


def sequence_of(orders: Sequence[int], befores: Iterable[int]) -> list[int]:
    """Order rows with a RELOAD before each of these stops."""
    cuts = set(befores)
    made: list[int] = []
    for at, order in enumerate(orders):
        if at in cuts and made:
            made.append(RELOAD)
        made.append(order)
    return made


def _spare(row: int) -> str:
    return f"spare place {row}"


def _placeholders(basis: Basis, rows: int) -> list[Order]:
    """Orders that hold rows until somebody sits there. No truck ever takes one."""
    request = basis.request
    house = request.warehouses[0]
    homes = len({each.place.id for each in request.warehouses})
    whole = Window(start=house.loading[0].start, end=house.loading[0].end)
    made = []
    for row in range(rows):
        draft = f"SPARE00X0X0{row:06d}"
        vin = draft[:8] + vin_check_digit(draft) + draft[9:]
        made.append(
            Order(
                id=_spare(row),
                vehicle=Vehicle(vin=vin, model=_CAR, edition=Edition(id="-", name="-")),
                warehouse_id=house.id,
                place=replace(house.place, id=_spare(homes + row)),
                address="",
                mode=DeliveryMode.DOOR,
                access=TruckKind.CARRIER,
                windows=(whole,),
                promised=False,
                priority=Priority.LOW,
                readiness=Readiness(),
                unload_s=1,
                handover_s=0,
            )
        )
    return made


def _with_spares(matrix: TravelMatrix, spares: Sequence[str]) -> TravelMatrix:
    """Add places that no road reaches."""
    known, places = len(matrix.place_ids), len(matrix.place_ids) + len(spares)
    classes, bands = len(matrix.truck_classes), len(matrix.band_starts_s)

    def widened(table: NDArray[np.int32], shape: tuple[int, ...], fill: int) -> NDArray[np.int32]:
        wide = np.full((*shape, places, places), fill, dtype=np.int32)
        wide[..., :known, :known] = table
        wide[..., np.arange(places), np.arange(places)] = 0
        return wide

    return TravelMatrix(
        place_ids=(*matrix.place_ids, *spares),
        truck_classes=matrix.truck_classes,
        band_starts_s=matrix.band_starts_s,
        seconds=widened(matrix.seconds, (classes, bands), UNREACHABLE_S),
        metres=widened(matrix.metres, (classes, bands), UNREACHABLE_S),
        toll_minor=widened(matrix.toll_minor, (classes,), 0),
    )
