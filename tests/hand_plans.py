"""Plans made by hand: routes given by the test, times by the auditor's twin, no solver.

`hand_plan` is as clean as the routes it is given; tests then spoil one thing in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from geodata.matrix import TravelMatrix
from geodata.units import DAY_S, Minor
from routing.audit.twin.departure import schedule_route
from routing.audit.twin.reading import read_route
from routing.audit.twin.values import TwinDrive, TwinMiss, TwinRest, TwinSchedule, TwinVisit
from routing.deck import DeckPlan, plan_deck, with_deck_work
from routing.domain.fleet import Truck
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.domain.windows import Window
from routing.plan import (
    LeftBehind,
    Leg,
    LoadedCar,
    Money,
    Plan,
    Provenance,
    Rest,
    RestPlace,
    Route,
    Slot,
    Stop,
    StopReason,
)
from routing.plan_off_routes import IdleTruck
from routing.reasons import Reason, Unit
from routing.weighing import grams_of_co2


def hand_plan(
    request: PlanRequest,
    travel: TravelMatrix,
    routes: Mapping[str, Sequence[str]],
    *,
    left: Sequence[LeftBehind] = (),
) -> Plan:
    """Plan the given stops per truck, times as docs/schedule.md says, bays first come first served.

    Raises:
        ValueError: a route that cannot be driven, or too few bays.
    """
    made: list[Route] = []
    for truck_id, order_ids in routes.items():
        made.append(_route(request, travel, truck_id, order_ids, before=made))
    return Plan(
        day=request.day,
        time_zone="Asia/Shanghai",
        warehouses={each.id: each.name for each in request.warehouses},
        routes=tuple(made),
        left_behind=tuple(left),
        idle=tuple(
            IdleTruck(
                truck_id=each.id,
                plate=each.plate,
                warehouse_id=each.warehouse_id,
                why="not_needed" if each.driver_id else "no_driver",
            )
            for each in request.trucks
            if each.id not in routes
        ),
        provenance=Provenance(
            request_digest=request.digest,
            matrix_digest=travel.digest,
            seed=1,
            iterations=0,
            stop_reason=StopReason.ITERATIONS,
            engine="by hand",
            versions={},
            assumptions=(),
            sources=(),
        ),
        policy={},
    )


def left_behind(
    order: Order,
    reason: Reason,
    *,
    short_by: int = 1,
    unit: Unit = Unit.NONE,
) -> LeftBehind:
    """An order left behind for a reason, with nothing that would help."""
    return LeftBehind(
        order_id=order.id,
        vin=order.vehicle.vin,
        warehouse_id=order.warehouse_id,
        address=order.address,
        priority=order.priority.value,
        promised=order.promised,
        accepted=order.windows,
        reason=reason,
        short_by=short_by,
        unit=unit,
        text="留下",
        text_en="left behind",
        nearest=None,
        misses=(),
        fix=None,
        fix_tried=("nothing on the list helps",),
    )


def _route(
    request: PlanRequest,
    travel: TravelMatrix,
    truck_id: str,
    order_ids: Sequence[str],
    *,
    before: Sequence[Route],
) -> Route:
    twin = read_route(request, travel, truck_id=truck_id, order_ids=order_ids)
    schedule = schedule_route(twin)
    if isinstance(schedule, TwinMiss):
        raise ValueError(f"{truck_id} cannot drive {', '.join(order_ids)}: {schedule}")
    truck = next(each for each in request.trucks if each.id == truck_id)
    orders = [next(each for each in request.orders if each.id == id) for id in order_ids]
    rests = [each.handover_rests for each in twin.stops]
    placed = _placed(truck, orders)
    stops = with_deck_work(
        [
            _stop(request, schedule, index, order, tolls=twin.legs[index].toll_minor, rests=rests)
            for index, order in enumerate(orders)
        ],
        orders,
        placed,
        request.policy.deck,
    )
    home = _leg(request, schedule.typical.home, twin.legs[-1].toll_minor)
    load = Window(start=_moment(request, schedule.load[0]), end=_moment(request, schedule.load[1]))
    duty_s = schedule.typical.returns - schedule.duty_from
    route = Route(
        truck_id=truck.id,
        plate=truck.plate,
        kind=truck.kind.value,
        warehouse_id=truck.warehouse_id,
        driver_id=truck.driver_id,
        driver_name=next(each.name for each in request.drivers if each.id == truck.driver_id),
        specialist_id=truck.specialist_id,
        bay=_free_bay(request, truck, load, before),
        load=load,
        departs=_moment(request, schedule.departs),
        stops=stops,
        home=home,
        returns=home.arrives,
        returns_latest=_moment(request, schedule.buffered.returns),
        duty_s=duty_s,
        overtime_s=max(0, duty_s - truck.overtime_after_s),
        deck=tuple(
            LoadedCar(position_id=name, order_id=order.id, vin=order.vehicle.vin)
            for name, order in zip(placed.cars, orders, strict=True)
        ),
        cost=Money(),
    )
    return replace(
        route,
        cost=_money(request, truck, route, schedule),
        co2_g=grams_of_co2(request.policy, truck, route),
    )


def _stop(
    request: PlanRequest,
    schedule: TwinSchedule,
    index: int,
    order: Order,
    *,
    tolls: int,
    rests: Sequence[bool],
) -> Stop:
    visit = schedule.typical.visits[index]
    latest = schedule.buffered.visits[index].begins
    return Stop(
        order_id=order.id,
        vin=order.vehicle.vin,
        model_name=order.vehicle.model.name,
        place_id=order.place.id,
        address=order.address,
        mode=order.mode.value,
        lat=order.place.point.lat,
        lon=order.place.point.lon,
        radius_m=order.place.radius_m,
        county_code=order.place.county_code,
        leg=_leg(request, visit.drive, tolls),
        begins=_moment(request, visit.begins),
        begins_latest=_moment(request, latest),
        ends=_moment(request, visit.ends),
        leaves=_moment(request, visit.leaves),
        unload_s=order.unload_s,
        handover_s=order.handover_s,
        slot=_slot(request, order, visit.begins),
        accepted=order.windows,
        rests=tuple(_rest(request, rest) for rest in _rests_at(visit, handover=rests[index])),
    )


def _rests_at(visit: TwinVisit, *, handover: bool) -> list[TwinRest]:
    spans = [(visit.drive.arrives, visit.begins, RestPlace.BEFORE_SERVICE)]
    if handover:
        spans.append((visit.works_until, visit.ends, RestPlace.HANDOVER))
    spans.append((visit.ends, visit.leaves, RestPlace.AFTER_SERVICE))
    return [TwinRest(start=a, end=b, place=place) for a, b, place in spans if b > a]


def _slot(request: PlanRequest, order: Order, begins: int) -> Slot:
    """The latest slot on the grid that begins no later than the service, kept in its window."""
    policy = request.policy.slots
    at = _moment(request, begins)
    accepted = next(each for each in order.windows if each.contains(at))
    coarse = order.place.radius_m > policy.coarse_radius_m
    fields = ("pin",) if coarse else ()
    width = timedelta(seconds=policy.coarse_width_s if coarse else policy.width_s)
    if order.promised or accepted.end - accepted.start <= width:
        return Slot(window=accepted, promised=order.promised, required_fields=fields)
    on_grid = _moment(request, begins - begins % DAY_S % policy.grid_s)
    start = min(max(on_grid, accepted.start), accepted.end - width)
    return Slot(
        window=Window(start=start, end=start + width), promised=False, required_fields=fields
    )


def _placed(truck: Truck, orders: Sequence[Order]) -> DeckPlan:
    old_cars = [None if each.trade_in is None else each.trade_in.model for each in orders]
    placed = plan_deck(truck.deck, [each.vehicle.model for each in orders], old_cars)
    if placed is None:
        raise ValueError(f"the cars do not fit on {truck.id}")
    return placed


def _free_bay(request: PlanRequest, truck: Truck, load: Window, before: Sequence[Route]) -> int:
    home = next(each for each in request.warehouses if each.id == truck.warehouse_id)
    for bay in range(1, home.bays + 1):
        busy = [r.load for r in before if r.warehouse_id == home.id and r.bay == bay]
        if all(load.end <= other.start or other.end <= load.start for other in busy):
            return bay
    raise ValueError(f"no bay is free for {truck.id}")


def _money(request: PlanRequest, truck: Truck, route: Route, schedule: TwinSchedule) -> Money:
    duty_s = schedule.buffered.returns - schedule.duty_from
    overtime_s = max(0, duty_s - truck.overtime_after_s)
    tolls = sum(stop.leg.toll_minor for stop in route.stops) + route.home.toll_minor
    return Money(
        km=Minor((truck.costs.per_km * route.metres + 500) // 1000),
        hours=Minor((truck.costs.per_hour * duty_s + 1800) // 3600),
        overtime=Minor((truck.costs.per_overtime_hour * overtime_s + 1800) // 3600),
        fixed=truck.costs.fixed,
        tolls=Minor(tolls),
        shunts=Minor(request.policy.deck.shunt_fen * sum(len(stop.shunts) for stop in route.stops)),
    )


def _leg(request: PlanRequest, drive: TwinDrive, tolls: int) -> Leg:
    return Leg(
        departs=_moment(request, drive.departs),
        arrives=_moment(request, drive.arrives),
        drive_s=drive.drive_s,
        metres=drive.metres,
        toll_minor=Minor(tolls),
        road_rests=tuple(_rest(request, rest) for rest in drive.rests),
    )


def _rest(request: PlanRequest, rest: TwinRest) -> Rest:
    return Rest(
        start=_moment(request, rest.start), end=_moment(request, rest.end), place=rest.place
    )


def _moment(request: PlanRequest, seconds: int) -> datetime:
    return request.horizon_start + timedelta(seconds=seconds)
