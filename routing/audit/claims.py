"""Reasons for leaving an order behind, put to the test where the request alone can refute them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from geodata.units import UNREACHABLE_S
from routing.audit.case import Case
from routing.audit.checks.carriers import may_take
from routing.audit.checks.locks import locked_apart
from routing.audit.twin.departure import schedule_route
from routing.audit.twin.reading import read_leg, read_route, second
from routing.audit.twin.values import Span, TwinMiss
from routing.domain.fleet import SpecialistTravel, Truck
from routing.domain.locks import Locks
from routing.domain.orders import Order
from routing.domain.stock import kind_of
from routing.reasons import Reason

Disproof = Callable[[Case, Order, Sequence[Truck]], bool]


def disproved(reason: Reason, case: Case, order: Order, trucks: Sequence[Truck]) -> bool:
    """Tell whether a reason is plainly wrong for every one of these trucks.

    False for reasons that depend on the other orders of the day: those cannot be refuted here.
    """
    disproof = _DISPROOFS.get(reason)
    return disproof is not None and bool(trucks) and disproof(case, order, trucks)


def serves_alone(case: Case, truck: Truck, order: Order) -> bool:
    """Tell whether a truck that stays at home could take this one car, beside the plan's loads."""
    if (
        not truck.driver_id
        or truck.warehouse_id != order.warehouse_id
        or order.readiness.missing
        or locked_apart(case.request.locks, truck.id, order.id)
        or not _may_serve(truck, order)
    ):
        return False
    try:
        route = read_route(case.request, case.travel, truck_id=truck.id, order_ids=[order.id])
    except KeyError:
        # Not on the map of this day: no truck can be sent there.
        return False
    schedule = schedule_route(route)
    return (
        not isinstance(schedule, TwinMiss)
        and _is_rested(case, truck, schedule.duty_from)
        and _bay_is_free(case, truck, schedule.load)
        and not (schedule.nights and _is_needed_elsewhere(case, truck))
    )


def _is_needed_elsewhere(case: Case, truck: Truck) -> bool:
    """Tell whether vehicle or driver go out later, on a day on which a tour with nights is away."""
    return any(
        each.truck.shift_start > truck.shift_start
        and (each.truck.vehicle == truck.vehicle or each.truck.driver_id == truck.driver_id)
        for each in case.routes
    )


def _may_serve(truck: Truck, order: Order) -> bool:
    model = order.vehicle.model
    return (
        order.skills <= truck.skills
        and truck.kind.size <= order.access.size
        and model.mass_kg <= truck.deck.payload_kg
        and any(
            model.length_mm <= position.length_mm
            and model.height_mm <= position.height_mm
            and model.mass_kg <= position.mass_kg
            and (model.wheel_lift_ok or not position.wheel_lift)
            for position in truck.deck.positions
        )
    )


def _is_rested(case: Case, truck: Truck, duty_from: int) -> bool:
    driver = case.drivers.get(truck.driver_id)
    if driver is None or driver.rested_at is None:
        return True
    return second(case.request, driver.rested_at) <= duty_from


def _bay_is_free(case: Case, truck: Truck, load: Span) -> bool:
    busy = {
        bay
        for each in case.routes
        if each.home.id == truck.warehouse_id
        for bay, kept in (
            (each.route.bay, each.route.load),
            *((reload.bay, reload.kept) for reload in each.route.reloads),
        )
        if second(case.request, kept.start) < load[1] and load[0] < second(case.request, kept.end)
    }
    return len(busy) < case.warehouses[truck.warehouse_id].bays


def _is_ready(case: Case, order: Order, _: Sequence[Truck]) -> bool:
    step = order.readiness.binding_step
    home = case.warehouses.get(order.warehouse_id)
    return (
        not order.readiness.missing
        and home is not None
        and (step is None or step.done_p90 <= home.loading[0].start)
    )


def _have_skills(_: Case, order: Order, trucks: Sequence[Truck]) -> bool:
    return all(order.skills <= truck.skills for truck in trucks)


def _are_small_enough(_: Case, order: Order, trucks: Sequence[Truck]) -> bool:
    return all(truck.kind.size <= order.access.size for truck in trucks)


def _have_roads(case: Case, order: Order, trucks: Sequence[Truck]) -> bool:
    home = case.warehouses.get(order.warehouse_id)
    if home is None:
        return False
    ends = (home.place.id, order.place.id)
    try:
        return all(
            min(read_leg(case.travel, truck.road_class, start, end).seconds) < UNREACHABLE_S
            for truck in trucks
            for start, end in (ends, ends[::-1])
        )
    except KeyError:
        # A place that the matrix does not hold cannot be reached: the claim stands.
        return False


def _are_not_banned(case: Case, order: Order, trucks: Sequence[Truck]) -> bool:
    home = case.warehouses.get(order.warehouse_id)
    fleet = {truck.id for truck in trucks}
    # A ban at another stop of the route may leave no time for this order.
    places = {s.place_id for r in case.plan.routes if r.truck_id in fleet for s in r.stops}
    places |= {order.place.id} | ({home.place.id} if home is not None else set())
    return not any(ban.truck_id in fleet and ban.place_id in places for ban in case.request.bans)


def _one_stays_at_home(case: Case, _: Order, trucks: Sequence[Truck]) -> bool:
    idle = {each.truck_id for each in case.plan.idle}
    return any(truck.driver_id and truck.id in idle for truck in trucks)


def _no_own_car_has_the_skill(case: Case, order: Order, _: Sequence[Truck]) -> bool:
    return not any(
        person.travel is SpecialistTravel.OWN_CAR
        and person.warehouse_id == order.warehouse_id
        and order.skills & person.skills
        for person in case.request.specialists
    )


def _a_car_is_left(case: Case, order: Order, _: Sequence[Truck]) -> bool:
    """Tell whether a fit car stands in stock, on no route and held for no other order."""
    used = {stop.vin for route in case.plan.routes for stop in route.stops}
    used |= {entry.vin for entry in case.plan.left_behind}
    used |= {entry.vin for entry in case.plan.outsourced}
    return not order.from_stock or any(
        car.vehicle.vin not in used
        and kind_of(car.vehicle) == kind_of(order.vehicle)
        and order.warehouse_id in ("", car.warehouse_id)
        and not car.readiness.missing
        for car in case.asked.stock
    )


def _nothing_is_promised(case: Case, _: Order, __: Sequence[Truck]) -> bool:
    return not any(each.promised for each in case.request.orders)


def _nothing_is_locked(case: Case, _: Order, __: Sequence[Truck]) -> bool:
    return case.request.locks == Locks()


def _no_carrier_may_take(case: Case, order: Order, _: Sequence[Truck]) -> bool:
    return not may_take(case, order)


def _takes_no_old_car(case: Case, order: Order, trucks: Sequence[Truck]) -> bool:
    """Neither this order nor any on these trucks has a trade-in."""
    fleet = {truck.id for truck in trucks}
    served = {s.order_id for r in case.plan.routes if r.truck_id in fleet for s in r.stops}
    return not any(
        case.orders[each].trade_in for each in {order.id, *served} if each in case.orders
    )


_DISPROOFS: Final[Mapping[Reason, Disproof]] = {
    Reason.NOT_READY: _is_ready,
    Reason.SKILL_MISSING: _have_skills,
    Reason.ROAD_ACCESS: _are_small_enough,
    Reason.UNREACHABLE: _have_roads,
    Reason.TRUCK_BANNED: _are_not_banned,
    Reason.NO_TRUCK: _one_stays_at_home,
    Reason.OWN_CAR_SPECIALIST: _no_own_car_has_the_skill,
    Reason.NO_STOCK: _a_car_is_left,
    Reason.TRADE_IN_NO_ROOM: _takes_no_old_car,
    Reason.PROMISE_BROKEN: _nothing_is_promised,
    Reason.LOCKED: _nothing_is_locked,
    Reason.CARRIER_FULL: _no_carrier_may_take,
}
