"""From the request and the matrix to the plain values of the twin."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from geodata.matrix import TravelMatrix
from routing.audit.twin.deck import least_moves
from routing.audit.twin.values import Span, TwinBan, TwinLeg, TwinRoute, TwinStop, TwinTruck
from routing.domain.fleet import Truck
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.domain.warehouses import Warehouse
from routing.domain.windows import Window


def read_route(
    request: PlanRequest,
    travel: TravelMatrix,
    *,
    truck_id: str,
    order_ids: Sequence[str],
    windows: Sequence[Sequence[Window]] | None = None,
    reloads: Sequence[int] = (),
    deck_s: Sequence[int] | None = None,
) -> TwinRoute:
    """Describe a route to the twin; `windows` replaces what each buyer accepts (hard slots).

    `reloads` are the numbers of the orders (from 0, ascending) before which the truck comes home
    and loads again; each is a stop of its own. `deck_s`, the work at the deck by order, is the
    least there is unless it is given.

    Raises:
        KeyError: an unknown truck, order, warehouse, place or truck class.
    """
    truck = {each.id: each for each in request.trucks}[truck_id]
    known = {each.id: each for each in request.orders}
    orders = [known[order_id] for order_id in order_ids]
    accepted = [order.windows for order in orders] if windows is None else windows
    warehouse = {each.id: each for each in request.warehouses}[truck.warehouse_id]
    driving = request.policy.driving
    rests = bool(truck.specialist_id) and driving.handover_rests
    ends = [*reloads, len(orders)]
    if deck_s is None:
        deck_s = _least_of_trips(request, truck, orders, reloads)
    at_deck_s = deck_s or [0] * len(orders)
    stops: list[TwinStop] = []
    path = [warehouse.place.id]
    for number, (order, options) in enumerate(zip(orders, accepted, strict=True)):
        if number in reloads:
            trip = orders[number : ends[ends.index(number) + 1]]
            stops.append(_reload(request, truck, warehouse, trip, rests=rests))
            path.append(warehouse.place.id)
        stops.append(
            TwinStop(
                windows=tuple(_span(request, window) for window in options),
                unload_s=order.unload_s + at_deck_s[number],
                handover_s=order.handover_s,
                handover_rests=rests,
                bans=_bans(request, truck_id, order.place.id),
            )
        )
        path.append(order.place.id)
    path.append(warehouse.place.id)
    return TwinRoute(
        truck=_truck(request, truck, orders[: ends[0]]),
        stops=tuple(stops),
        legs=tuple(read_leg(travel, truck.road_class, a, b) for a, b in pairwise(path)),
        band_starts_s=travel.band_starts_s,
        drive_permille=request.policy.buffers.drive_permille,
        service_s=request.policy.buffers.service_s,
        no_room=deck_s is None,
    )


def _least_of_trips(
    request: PlanRequest, truck: Truck, orders: Sequence[Order], reloads: Sequence[int]
) -> list[int] | None:
    seconds: list[int] = []
    for first, last in pairwise([0, *reloads, len(orders)]):
        trip = least_deck_work(request, truck, orders[first:last])
        if trip is None:
            return None
        seconds += trip
    return seconds


def least_deck_work(
    request: PlanRequest, truck: Truck, orders: Sequence[Order]
) -> list[int] | None:
    """Count the driver's seconds at the deck, stop by stop; None where there is no room."""
    old_cars = tuple(None if each.trade_in is None else each.trade_in.model for each in orders)
    least = least_moves(truck.deck, tuple(each.vehicle.model for each in orders), old_cars)
    if least is None:
        return None
    return deck_seconds(request, least.moved, orders)


def deck_seconds(request: PlanRequest, moved: Sequence[int], orders: Sequence[Order]) -> list[int]:
    """Turn cars moved, stop by stop, into the driver's seconds; trade-ins are loaded besides."""
    policy = request.policy.deck
    return [
        policy.shunt_s * count + (0 if order.trade_in is None else policy.trade_in_load_s)
        for count, order in zip(moved, orders, strict=True)
    ]


def read_leg(travel: TravelMatrix, road_class: str, start: str, end: str) -> TwinLeg:
    """Read one pair of places out of the matrix, all bands of the truck's class.

    Raises:
        KeyError: the matrix does not hold a place or the class.
    """
    layer = travel.class_of(road_class)
    a, b = travel.index_of(start), travel.index_of(end)
    bands = range(len(travel.band_starts_s))
    if a == b:
        nothing = tuple(0 for _ in bands)
        return TwinLeg(seconds=nothing, metres=nothing, toll_minor=0, stays=True)
    return TwinLeg(
        seconds=tuple(int(travel.seconds[layer, band, a, b]) for band in bands),
        metres=tuple(int(travel.metres[layer, band, a, b]) for band in bands),
        toll_minor=int(travel.toll_minor[layer, a, b]),
    )


def second(request: PlanRequest, moment: datetime) -> int:
    """Count the whole seconds from the horizon's start."""
    return int((moment - request.horizon_start).total_seconds())


def ready_second(request: PlanRequest, orders: Sequence[Order]) -> int:
    """Tell when the last of these cars is ready (p90); the horizon's start when all are now."""
    steps = [order.readiness.binding_step for order in orders]
    return max((second(request, step.done_p90) for step in steps if step is not None), default=0)


def _reload(
    request: PlanRequest,
    truck: Truck,
    warehouse: Warehouse,
    trip: Sequence[Order],
    *,
    rests: bool,
) -> TwinStop:
    load_s = truck.load_base_s + truck.load_per_car_s * len(trip)
    ready = ready_second(request, trip)
    hours = [_span(request, window) for window in warehouse.loading]
    begins = [(max(start, ready), end - load_s + 1) for start, end in hours]
    return TwinStop(
        windows=tuple(window for window in begins if window[0] < window[1]),
        unload_s=load_s,
        handover_s=0,
        handover_rests=rests,
        reload=True,
        bans=_bans(request, truck.id, warehouse.place.id),
    )


def _truck(request: PlanRequest, truck: Truck, orders: Sequence[Order]) -> TwinTruck:
    warehouse = {each.id: each for each in request.warehouses}[truck.warehouse_id]
    driving = request.policy.driving
    return TwinTruck(
        shift_start=second(request, truck.shift_start),
        shift_end=second(request, truck.shift_end),
        duty_max_s=truck.duty_max_s,
        overtime_after_s=truck.overtime_after_s,
        load_s=truck.load_base_s + truck.load_per_car_s * len(orders),
        ready=ready_second(request, orders),
        loading=tuple(
            _span(request, window) for window in warehouse.first_hours(truck.shift_start)
        ),
        evening_loading=warehouse.evening_loading,
        drive_max_s=driving.drive_max_s,
        rest_s=driving.rest_s,
        bans=_bans(request, truck.id, warehouse.place.id),
        nights_max=truck.nights_max,
        night_rest_s=driving.night_rest_s,
    )


def _bans(request: PlanRequest, truck_id: str, place_id: str) -> tuple[TwinBan, ...]:
    return tuple(
        TwinBan(
            start=second(request, window.start),
            end=second(request, window.end),
            inside_s=ban.inside_s,
        )
        for ban in request.bans
        if ban.truck_id == truck_id and ban.place_id == place_id
        for window in ban.hours
    )


def _span(request: PlanRequest, window: Window) -> Span:
    return second(request, window.start), second(request, window.end)
