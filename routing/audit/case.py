"""The plan laid beside its request: who is who, looked up once for all checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from geodata.matrix import TravelMatrix
from routing.audit.twin.departure import retime
from routing.audit.twin.reading import read_route, second
from routing.audit.twin.values import TwinMiss, TwinRoute, TwinSchedule
from routing.domain.fleet import Driver, Specialist, Truck
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.domain.stock import with_cars
from routing.domain.warehouses import Warehouse
from routing.plan import Plan, Route, Stop
from routing.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A route as the twin drives it, with every slot a hard window: same load and departure."""

    route: TwinRoute
    outcome: TwinSchedule | TwinMiss


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCase:
    """A route of a known truck. `stops` pairs the stops with their orders, unknown ones left out.

    `rehearsal` is None when the twin cannot read the route: no stops, an empty trip, or an unknown
    order, place or road class, each of which is a finding of its own.
    """

    route: Route
    truck: Truck
    home: Warehouse
    stops: tuple[tuple[Stop, Order], ...]
    rehearsal: Rehearsal | None

    @property
    def place_ids(self) -> tuple[str, ...]:
        """Where the route goes: home, every halt, and home."""
        home = self.home.place.id
        halts = (halt.place_id if isinstance(halt, Stop) else home for halt in self.route.halts)
        return (home, *halts, home)

    @property
    def halt_ids(self) -> tuple[str, ...]:
        """Orders of the halts, "" for a reload, and "" for the return."""
        halts = self.route.halts
        return (*(halt.order_id if isinstance(halt, Stop) else "" for halt in halts), "")

    @property
    def duty_from(self) -> datetime:
        """When duty begins: with loading, or with departure when loaded the evening before."""
        return self.route.departs if self.home.evening_loading else self.route.load.start

    @property
    def duties(self) -> tuple[timedelta, ...]:
        """How long each duty is as the plan shows it: nights part them."""
        nights = self.route.nights
        begins = (self.duty_from, *(night.end for night in nights))
        ends = (*(night.start for night in nights), self.route.returns)
        return tuple(end - begin for begin, end in zip(begins, ends, strict=True))

    @property
    def duties_latest(self) -> tuple[timedelta, ...]:
        """The same with every buffer used up."""
        nights = self.route.nights
        begins = (self.duty_from, *(night.end_latest for night in nights))
        ends = (*(night.start_latest for night in nights), self.route.returns_latest)
        return tuple(end - begin for begin, end in zip(begins, ends, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a check may look at.

    `asked` is the request as it came; in `request` and `orders` those that ask for any car of a
    kind have the car that the plan gives them.
    """

    asked: PlanRequest
    request: PlanRequest
    travel: TravelMatrix
    plan: Plan
    orders: Mapping[str, Order]
    trucks: Mapping[str, Truck]
    drivers: Mapping[str, Driver]
    specialists: Mapping[str, Specialist]
    warehouses: Mapping[str, Warehouse]
    routes: tuple[RouteCase, ...]

    @property
    def at_home(self) -> frozenset[str]:
        """Trucks of the request on no route of the plan, whether it lists them as idle or not."""
        return frozenset(self.trucks.keys() - {route.truck_id for route in self.plan.routes})

    def stops(self) -> Iterator[tuple[RouteCase, Stop, Order]]:
        """Walk over every stop whose truck and order are known."""
        for each in self.routes:
            for stop, order in each.stops:
                yield each, stop, order


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A finding before it carries the name of its check."""

    text: str
    text_en: str
    truck_id: str = ""
    order_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One family of faults and the rule of the road it guards (None: no rule of the road)."""

    name: str
    reason: Reason | None
    run: Callable[[Case], Iterator[Fault]]


def open_case(request: PlanRequest, travel: TravelMatrix, plan: Plan) -> Case:
    """Look everything up once and let the twin drive every route that it can read."""
    asked, request = request, _with_cars(request, plan)
    orders = {each.id: each for each in request.orders}
    trucks = {each.id: each for each in request.trucks}
    warehouses = {each.id: each for each in request.warehouses}
    return Case(
        asked=asked,
        request=request,
        travel=travel,
        plan=plan,
        orders=orders,
        trucks=trucks,
        drivers={each.id: each for each in request.drivers},
        specialists={each.id: each for each in request.specialists},
        warehouses=warehouses,
        routes=tuple(
            RouteCase(
                route=route,
                truck=trucks[route.truck_id],
                home=warehouses[trucks[route.truck_id].warehouse_id],
                stops=tuple(
                    (stop, orders[stop.order_id]) for stop in route.stops if stop.order_id in orders
                ),
                rehearsal=_rehearse(request, travel, route, orders),
            )
            for route in plan.routes
            if route.truck_id in trucks and trucks[route.truck_id].warehouse_id in warehouses
        ),
    )


def _with_cars(request: PlanRequest, plan: Plan) -> PlanRequest:
    """Give orders from stock their cars; the `stock` check asks whether they may have them."""
    if not any(order.from_stock for order in request.orders):
        return request
    given = {stop.order_id: stop.vin for route in plan.routes for stop in route.stops}
    given |= {entry.order_id: entry.vin for entry in plan.outsourced}
    held = {entry.order_id: entry.vin for entry in plan.left_behind}
    return with_cars(request, {**held, **given})


def _rehearse(
    request: PlanRequest, travel: TravelMatrix, route: Route, orders: Mapping[str, Order]
) -> Rehearsal | None:
    if not route.stops or any(stop.order_id not in orders for stop in route.stops):
        return None
    befores = [reload.before for reload in route.reloads]
    if any(late <= early for early, late in pairwise([0, *befores, len(route.stops)])):
        return None
    try:
        twin = read_route(
            request,
            travel,
            truck_id=route.truck_id,
            order_ids=[stop.order_id for stop in route.stops],
            windows=[(stop.slot.window,) for stop in route.stops],
            deck_s=[stop.deck_s for stop in route.stops],
            reloads=[reload.before for reload in route.reloads],
        )
    except KeyError:
        # A place or class that the matrix does not hold: the travel check names it.
        return None
    load = (second(request, route.load.start), second(request, route.load.end))
    nights = [2 * night.stop + (0 if night.before_service else 1) for night in route.nights]
    departs = second(request, route.departs)
    outcome = retime(twin, load=load, departs=departs, nights=nights)
    return Rehearsal(route=twin, outcome=outcome)
