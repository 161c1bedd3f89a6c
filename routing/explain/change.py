"""A concession as a change of the request. What is proved is what `apply_fix` applies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from geodata.units import Minor
from routing.domain.fleet import Driver, Specialist, SpecialistTravel, Truck, TruckKind
from routing.domain.locks import Locks
from routing.domain.orders import Order, Priority
from routing.domain.readiness import Readiness
from routing.domain.windows import Window
from routing.errors import RoutingError

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest
    from routing.plan import Fix

Change = Mapping[str, str | int]
"""Flat words and whole numbers, as plan.json keeps them; keys are published, see `CHANGES`."""


def apply_fix(request: PlanRequest, fix: Fix, order_id: str) -> PlanRequest:
    """Make the request with which a fix was proved: plan it from the plan the fix belongs to.

    A fix that moves the order a day later answers the next day's request, with this order alone.

    Raises:
        RoutingError: the fix speaks of an order, truck or warehouse the request does not hold.
    """
    return apply_change(request, fix.change, order_id)


def apply_change(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    """Apply every part of a change.

    Raises:
        RoutingError: it speaks of something the request does not hold, or in unknown words.
    """
    if order_id not in {order.id for order in request.orders}:
        raise RoutingError(f"the request holds no order {order_id}: was it applied already?")
    unknown = sorted(set(change) - CHANGES.keys() - _DETAILS)
    if unknown:
        raise RoutingError(f"a fix of order {order_id} changes {', '.join(unknown)}: unknown here")
    for key, apply in CHANGES.items():
        if key in change:
            request = apply(request, change, order_id)
    return request


def _with_order(
    request: PlanRequest, order_id: str, changed: Callable[[Order], Order]
) -> PlanRequest:
    return replace(
        request,
        orders=tuple(changed(each) if each.id == order_id else each for each in request.orders),
    )


def _with_truck(
    request: PlanRequest, truck_id: str, changed: Callable[[Truck], Truck]
) -> PlanRequest:
    find_truck(request, truck_id)
    return replace(
        request,
        trucks=tuple(changed(each) if each.id == truck_id else each for each in request.trucks),
    )


def find_truck(request: PlanRequest, truck_id: str) -> Truck:
    """Find a truck by its id.

    Raises:
        RoutingError: the request does not hold it.
    """
    for truck in request.trucks:
        if truck.id == truck_id:
            return truck
    raise RoutingError(f"the request holds no truck {truck_id}: the fix belongs to another day")


def _widen(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    at = int(change["window"]) - 1
    earlier = timedelta(minutes=int(change.get("earlier_min", 0)))
    later = timedelta(minutes=int(change.get("later_min", 0)))

    def wider(order: Order) -> Order:
        if not 0 <= at < len(order.windows):
            raise RoutingError(f"order {order.id} has no window {at + 1}")
        windows = list(order.windows)
        start, end = windows[at].start - earlier, windows[at].end + later
        if at > 0:
            start = max(start, windows[at - 1].end)
        if at + 1 < len(windows):
            end = min(end, windows[at + 1].start)
        windows[at] = Window(start=start, end=end)
        return replace(order, windows=tuple(windows))

    return _with_order(request, order_id, wider)


def _work_longer(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    before = int(change.get("overtime_before_min", 0))
    after = int(change.get("overtime_after_min", 0))
    return _with_truck(
        request,
        str(change["overtime_truck"]),
        lambda truck: replace(
            truck,
            shift_start=truck.shift_start - timedelta(minutes=before),
            shift_end=truck.shift_end + timedelta(minutes=after),
            duty_max_s=truck.duty_max_s + 60 * (before + after),
        ),
    )


def _stay_out(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    nights = int(change["nights_max"])
    return _with_truck(
        request, str(change["night_truck"]), lambda truck: replace(truck, nights_max=nights)
    )


def _ready_earlier(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    def sooner(order: Order) -> Order:
        last = order.readiness.binding_step
        if last is None:
            return order
        limit = last.done_p90 - timedelta(minutes=int(change["ready_earlier_min"]))
        steps = tuple(
            replace(step, done_p50=min(step.done_p50, limit), done_p90=min(step.done_p90, limit))
            for step in order.readiness.steps
        )
        return replace(order, readiness=replace(order.readiness, steps=steps))

    return _with_order(request, order_id, sooner)


def _finish_papers(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    done = set(str(change["papers_done"]).split(","))
    return _with_order(
        request,
        order_id,
        lambda order: replace(
            order,
            readiness=Readiness(
                steps=order.readiness.steps,
                missing=tuple(each for each in order.readiness.missing if each.value not in done),
            ),
        ),
    )


def _add_truck(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    like = find_truck(request, str(change["extra_truck_like"]))
    home = next(order.warehouse_id for order in request.orders if order.id == order_id)
    name = str(change["extra_truck_id"])
    person = next((each for each in request.drivers if each.id == like.driver_id), None)
    driver = Driver(
        id=f"{name}-driver",
        name=name,
        warehouse_id=home,
        licence=person.licence if person else like.licence,
        skills=person.skills if person else frozenset(),
    )
    riders = tuple(
        Specialist(
            id=f"{name}-specialist",
            name=name,
            warehouse_id=home,
            skills=each.skills,
            travel=SpecialistTravel.WITH_TRUCK,
            truck_id=name,
        )
        for each in request.specialists
        if each.id == like.specialist_id
    )
    truck = replace(
        like,
        id=name,
        vehicle_id="",
        plate=name,
        warehouse_id=home,
        driver_id=driver.id,
        specialist_id=riders[0].id if riders else "",
    )
    return replace(
        request,
        trucks=(*request.trucks, truck),
        drivers=(*request.drivers, driver),
        specialists=(*request.specialists, *riders),
        bans=(
            *request.bans,
            *(replace(ban, truck_id=name) for ban in request.bans if ban.truck_id == like.id),
        ),
    )


def _teach_crew(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    skills = frozenset(str(change["crew_skills"]).split(","))
    return _with_truck(
        request,
        str(change["crew_truck"]),
        lambda truck: replace(truck, skills=truck.skills | skills),
    )


def _meet(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    access = TruckKind(str(change["access"]))
    return _with_order(request, order_id, lambda order: replace(order, access=access))


def _permit(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    truck, place = change["permit_truck"], change["permit_place"]
    return replace(
        request,
        bans=tuple(ban for ban in request.bans if ban.truck_id != truck or ban.place_id != place),
    )


def _add_bay(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    return replace(
        request,
        warehouses=tuple(
            replace(house, bays=house.bays + 1) if house.id == change["extra_bay"] else house
            for house in request.warehouses
        ),
    )


def _raise_priority(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    priority = Priority(str(change["priority"]))
    worth = int(change.get("priority_fen", 0))
    prices = dict(request.policy.left_behind)
    prices[priority] = Minor(max(prices[priority], worth))
    policy = replace(request.policy, left_behind=MappingProxyType(prices))
    return replace(
        _with_order(request, order_id, lambda order: replace(order, priority=priority)),
        policy=policy,
    )


def _unlock_order(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    name, locks = change["unlock_order"], request.locks
    return replace(
        request,
        locks=Locks(
            orders=tuple(lock for lock in locks.orders if lock.order_id != name),
            trucks=tuple(
                replace(lock, orders=tuple(each for each in lock.orders if each != name))
                for lock in locks.trucks
                if lock.orders != (name,)
            ),
            sequences=tuple(
                replace(lock, orders=tuple(each for each in lock.orders if each != name))
                for lock in locks.sequences
            ),
        ),
    )


def _unlock_truck(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    name, locks = change["unlock_truck"], request.locks
    return replace(
        request,
        locks=replace(
            locks,
            trucks=tuple(lock for lock in locks.trucks if lock.truck_id != name),
            sequences=tuple(lock for lock in locks.sequences if lock.truck_id != name),
        ),
    )


def _hire_carrier(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    """Give an order to a carrier for good, with the car and the money that this takes."""
    name = str(change["carrier"])
    if name not in {carrier.id for carrier in request.carriers}:
        raise RoutingError(f"the request holds no carrier {name}: the fix belongs to another day")
    outsourcing = request.policy.outsourcing
    if "carrier_budget" in change:
        outsourcing = replace(outsourcing, budget=Minor(int(change["carrier_budget"])))
    return replace(
        request,
        policy=replace(request.policy, outsourcing=outsourcing),
        carriers=tuple(
            replace(
                carrier,
                holds=(*carrier.holds, order_id),
                cars=int(change.get("carrier_cars", carrier.cars)),
            )
            if carrier.id == name
            else carrier
            for carrier in request.carriers
        ),
    )


def _leave_trade_in(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    return _with_order(request, order_id, lambda order: replace(order, trade_in=None))


def _days_later(request: PlanRequest, change: Change, order_id: str) -> PlanRequest:
    by = timedelta(days=int(change["days_later"]))

    def move(window: Window) -> Window:
        return Window(start=window.start + by, end=window.end + by)

    def moment(each: datetime) -> datetime:
        return each + by

    return replace(
        request,
        day=request.day + by,
        horizon_start=moment(request.horizon_start),
        orders=tuple(
            replace(
                order,
                windows=tuple(move(window) for window in order.windows),
                preferred=tuple(move(window) for window in order.preferred),
            )
            for order in request.orders
            if order.id == order_id
        ),
        trucks=tuple(
            replace(truck, shift_start=moment(truck.shift_start), shift_end=moment(truck.shift_end))
            for truck in request.trucks
        ),
        warehouses=tuple(
            replace(house, loading=tuple(move(hours) for hours in house.loading))
            for house in request.warehouses
        ),
        bans=tuple(
            replace(ban, hours=tuple(move(hours) for hours in ban.hours)) for ban in request.bans
        ),
        locks=Locks(),
        baseline=(),
        max_changes=None,
        carriers=(),
    )


CHANGES: Final[Mapping[str, Callable[[PlanRequest, Change, str], PlanRequest]]] = MappingProxyType(
    {
        "extra_truck_like": _add_truck,
        "window": _widen,
        "overtime_truck": _work_longer,
        "night_truck": _stay_out,
        "ready_earlier_min": _ready_earlier,
        "papers_done": _finish_papers,
        "crew_truck": _teach_crew,
        "access": _meet,
        "permit_truck": _permit,
        "extra_bay": _add_bay,
        "priority": _raise_priority,
        "unlock_order": _unlock_order,
        "unlock_truck": _unlock_truck,
        "carrier": _hire_carrier,
        "trade_in_later": _leave_trade_in,
        "days_later": _days_later,
    }
)
"""What each leading key of a change does, in the order in which the parts are applied."""

_DETAILS: Final = frozenset(
    {
        "order_id",
        "earlier_min",
        "later_min",
        "overtime_before_min",
        "overtime_after_min",
        "nights_max",
        "extra_truck_id",
        "extra_truck_kind",
        "crew_skills",
        "permit_place",
        "priority_fen",
        "carrier_minor",
        "carrier_cars",
        "carrier_budget",
        "extra_minor",
    }
)
