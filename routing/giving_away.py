"""Orders that no truck brings, given to third-party carriers and written down."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from routing.domain.carriers import Carrier
from routing.domain.orders import Order
from routing.plan_off_routes import Outsourced
from routing.problem import Problem
from routing.rules.carriers import NEVER, road_metres
from routing.search.outsourcing import Offer, give_away
from routing.search.solution import Solution


def topped_up(problem: Problem, solution: Solution) -> Solution:
    """Give what slots have cost a truck to a carrier that still has a place.

    Every order from stock has its car by now, and stands where it does.
    """
    off = set(range(len(problem.layout.orders))) - solution.served - set(solution.outsourced)
    given = {order: _offer(problem, order, row) for order, row in solution.outsourced.items()}
    found = give_away(problem, off, given=given, loaded={})
    carriers = {order: offer.carrier for order, offer in sorted(found.items())}
    return replace(solution, outsourced=MappingProxyType(carriers))


def outsourced_orders(problem: Problem, solution: Solution) -> tuple[Outsourced, ...]:
    """Write down who brings what for how much, by carrier, in the order of the request."""
    day = problem.layout
    found = []
    for row, carrier_row in sorted(solution.outsourced.items(), key=lambda each: each[::-1]):
        order, carrier = day.orders[row], day.request.carriers[carrier_row]
        house = day.warehouse_row[order.warehouse_id]
        metres = road_metres(day, house, day.place_row[order.place.id])
        if metres is None:
            raise AssertionError(f"carrier {carrier.id} has no road to order {order.id}")
        found.append(written_down(order, carrier, metres))
    return tuple(found)


def written_down(order: Order, carrier: Carrier, metres: int) -> Outsourced:
    """Say all that a plan says of an order that a carrier brings over so many metres of road."""
    window = carrier.window_within(order.windows)
    if window is None:
        raise AssertionError(f"carrier {carrier.id} may not take order {order.id}")
    return Outsourced(
        order_id=order.id,
        vin=order.vehicle.vin,
        model_name=order.vehicle.model.name,
        carrier_id=carrier.id,
        carrier_name=carrier.name,
        warehouse_id=order.warehouse_id,
        address=order.address,
        county_code=order.place.county_code,
        lat=order.place.point.lat,
        lon=order.place.point.lon,
        collects=carrier.collects,
        window=window,
        promised=order.promised,
        accepted=order.windows,
        metres=metres,
        price_minor=carrier.price(metres),
        note=order.note,
    )


def _offer(problem: Problem, order: int, carrier: int) -> Offer:
    table = problem.carriers
    house = problem.layout.warehouse_row[problem.layout.orders[order].warehouse_id]
    if int(table.price[order, carrier, house]) == NEVER:
        raise AssertionError(f"carrier row {carrier} may not take order row {order}")
    return Offer(
        order=order,
        carrier=carrier,
        house=house,
        price=int(table.price[order, carrier, house]),
        bill=int(table.bill[order, carrier, house]),
        start=int(table.collects[carrier]),
        changed=bool(table.changed[order, carrier]),
    )
