"""From an event to the day that it leaves: what is asked for, what is promised, what is fixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from routing.changes import baseline_of
from routing.domain.carriers import Carrier
from routing.domain.orders import Order
from routing.domain.readiness import Readiness, ReadinessStep, StepKind
from routing.domain.windows import Window
from routing.plan import Plan
from routing.repair.events import (
    BuyerAbsent,
    Event,
    OrderAdded,
    OrderCancelled,
    RoadChanged,
    TruckLost,
    VinLate,
    order_of,
)
from routing.repair.roads import with_road
from routing.repair.standing import OnTheRoad, on_the_road, stops_of

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.domain.warehouses import StockCar


def repaired_day(
    request: PlanRequest,
    travel: TravelMatrix,
    plan: Plan,
    events: tuple[Event, ...],
    now: datetime,
) -> tuple[PlanRequest, TravelMatrix]:
    """Word the day as it is after the events; events and plan are known to fit it.

    Windows that buyers were told are promises, cars that have left are those of the plan, and the
    plan is the baseline. Nothing is locked or weighed yet.
    """
    request = _beside_carriers(_as_told(request, plan, events), plan, events, now)
    for event in events:
        request, travel = apply_event(request, travel, plan, event, now)
    return request, travel


def still_held(
    request: PlanRequest,
    travel: TravelMatrix,
    plan: Plan,
    earlier: tuple[Event, ...],
    told: tuple[Event, ...],
) -> tuple[PlanRequest, TravelMatrix]:
    """Word the day as events left it that were repaired before; lost trucks are a matter of
    locks, and a cancelled order may be `told` as added again."""
    midnight = request.horizon_start + timedelta(days=1)
    again = {event.order_id for event in told if isinstance(event, OrderAdded)}
    for event in earlier:
        if isinstance(event, OrderCancelled) and event.order_id in again:
            continue
        if not isinstance(event, TruckLost):
            request, travel = apply_event(request, travel, plan, event, midnight)
    return request, travel


def apply_event(
    request: PlanRequest, travel: TravelMatrix, plan: Plan, event: Event, now: datetime
) -> tuple[PlanRequest, TravelMatrix]:
    """Change the day, or its roads, by one event."""
    match event:
        case OrderAdded():
            return request, travel
        case OrderCancelled(order_id=name):
            orders = tuple(order for order in request.orders if order.id != name)
            return replace(request, orders=orders), travel
        case TruckLost():
            return _without_truck(request, plan, event, now), travel
        case RoadChanged():
            since = max(event.since, now)
            midnight = request.horizon_start + timedelta(days=1)
            since_s = max(0, int((since - midnight).total_seconds()))
            return request, with_road(travel, event, since_s=since_s)
        case VinLate(order_id=name, ready=ready):
            step = ReadinessStep(kind=StepKind.PDI, done_p50=ready, done_p90=ready)
            return _with_order(request, name, lambda order: _late(order, step)), travel
        case BuyerAbsent(order_id=name):
            return _with_order(request, name, lambda order: _away(order, event, now)), travel


def lost_on_the_road(plan: Plan, event: TruckLost, now: datetime) -> OnTheRoad | None:
    """Find where a lost truck was; None: it had not begun to load by then, and does not go."""
    return on_the_road(plan, min(now, event.since)).get(event.truck_id)


def stuck_orders(plan: Plan, event: TruckLost, now: datetime) -> tuple[str, ...]:
    """List the orders whose cars stand on a truck when it is lost."""
    gone = lost_on_the_road(plan, event, now)
    if gone is None:
        return ()
    return tuple(stop.order_id for stop in gone.route.stops if stop.begins > event.since)


def _as_told(request: PlanRequest, plan: Plan, events: tuple[Event, ...]) -> PlanRequest:
    """Take what buyers were told as promised, and cars chosen from stock as sold."""
    stops = stops_of(plan)
    given = {each.order_id: each for each in plan.outsourced}
    own = {event.order_id for event in events if isinstance(event, BuyerAbsent)}
    cars = {car.vehicle.vin: car for car in request.stock}
    orders = []
    for order in request.orders:
        if order.id in stops:
            route, stop = stops[order.id]
            order = _with_car(order, route.warehouse_id, stop.vin, cars)
            if order.id not in own:
                order = replace(order, windows=(stop.slot.window,), promised=True)
        elif order.id in given:
            entry = given[order.id]
            order = _with_car(order, entry.warehouse_id, entry.vin, cars)
            if order.id not in own:
                order = replace(order, windows=(entry.window,), promised=True)
        orders.append(order)
    taken = {order.vehicle.vin for order in orders}
    told = {order_of(event) for event in events if isinstance(event, OrderAdded)}
    return replace(
        request,
        orders=tuple(orders),
        stock=tuple(car for car in request.stock if car.vehicle.vin not in taken),
        baseline=tuple(stop for stop in baseline_of(plan) if stop.order_id not in told),
    )


def _beside_carriers(
    request: PlanRequest, plan: Plan, events: tuple[Event, ...], now: datetime
) -> PlanRequest:
    """Leave with each carrier what it has been given, but for orders that an event is about; one
    that has collected takes nothing more."""
    asked = {order_of(event) for event in events}

    def later(carrier: Carrier) -> Carrier:
        its = tuple(
            each.order_id
            for each in plan.outsourced
            if each.carrier_id == carrier.id and each.order_id not in asked
        )
        return replace(
            carrier, holds=its, cars=len(its) if carrier.collects <= now else carrier.cars
        )

    return replace(request, carriers=tuple(later(carrier) for carrier in request.carriers))


def _with_car(order: Order, warehouse_id: str, vin: str, cars: dict[str, StockCar]) -> Order:
    if not order.from_stock or vin not in cars:
        return order
    car = cars[vin]
    return replace(
        order,
        vehicle=car.vehicle,
        warehouse_id=warehouse_id,
        readiness=Readiness(
            steps=(*order.readiness.steps, *car.readiness.steps),
            missing=(*order.readiness.missing, *car.readiness.missing),
        ),
    )


def _without_truck(
    request: PlanRequest, plan: Plan, event: TruckLost, now: datetime
) -> PlanRequest:
    """Cars on its deck may be loaded again only when the day is over: they are not at hand."""
    over = request.horizon_start + timedelta(days=2) - timedelta(minutes=1)
    step = ReadinessStep(kind=StepKind.ARRIVAL, done_p50=over, done_p90=over)
    for name in stuck_orders(plan, event, now):
        request = _with_order(request, name, lambda order: _late(order, step))
    return request


def _late(order: Order, step: ReadinessStep) -> Order:
    steps = (*order.readiness.steps, step)
    return replace(order, readiness=replace(order.readiness, steps=steps))


def _away(order: Order, event: BuyerAbsent, now: datetime) -> Order:
    """The windows in which the buyer is there; none is left: the one that has just passed."""
    if event.windows:
        return replace(order, windows=event.windows, promised=False)
    since = event.since or now
    left = tuple(
        replace(window, end=min(window.end, since))
        for window in order.windows
        if window.start < since and min(window.end, since) > now
    )
    passed = Window(start=min(now, since) - timedelta(minutes=30), end=min(now, since))
    return replace(order, windows=left or (passed,), promised=False)


def _with_order(request: PlanRequest, name: str, change: Callable[[Order], Order]) -> PlanRequest:
    orders = tuple(change(order) if order.id == name else order for order in request.orders)
    return replace(request, orders=orders)
