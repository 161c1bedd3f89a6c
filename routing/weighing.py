"""What a finished route weighs beside its bill, in fen that nobody pays, and what it emits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geodata.units import HOUR_S, MINUTE_S, Minor
from routing.domain.fleet import Truck
from routing.domain.orders import Order
from routing.domain.policy import PlanPolicy
from routing.plan import Route, Stop
from routing.plan_weights import SoftCost


def weighed(
    route: Route, truck: Truck, *, orders: Sequence[Order], policy: PlanPolicy, duty_s: int
) -> Route:
    """Add to a route what it weighs; `orders` are those of its stops, `duty_s` is buffered."""
    co2_g = grams_of_co2(policy, truck, route)
    soft = soft_cost(policy, route.stops, orders, co2_g=co2_g, duty_s=duty_s)
    return replace(route, co2_g=co2_g, soft=soft)


def grams_of_co2(policy: PlanPolicy, truck: Truck, route: Route) -> int:
    """Grams of CO2, rounded half up once: each leg with the cars on board, new and old.

    Old cars are taken off before the next trip is loaded.
    """
    empty = policy.emissions.grams_per_km[truck.kind]
    per_car = policy.emissions.grams_per_km_car[truck.kind]
    milligrams = 0
    for trip in route.trips:
        cars = len(trip.stops)
        for stop in trip.stops:
            milligrams += stop.leg.metres * (empty + per_car * cars)
            cars += (stop.trade_in is not None) - 1
        milligrams += trip.back.metres * (empty + per_car * cars)
    return (milligrams + 500) // 1000


def soft_cost(
    policy: PlanPolicy,
    stops: Sequence[Stop],
    orders: Sequence[Order],
    *,
    co2_g: int,
    duty_s: int,
) -> SoftCost:
    """Price preferred times (typical begins), CO2 and balance (buffered duty) of a route."""
    outside = sum(minutes_outside(stop, order) for stop, order in zip(stops, orders, strict=True))
    balance = policy.balance
    above = balance.above_per_hour * max(0, duty_s - balance.target_s)
    below = balance.below_per_hour * max(0, balance.target_s - duty_s)
    return SoftCost(
        preferred=Minor(policy.preferences.per_minute * outside),
        co2=Minor((policy.emissions.per_tonne * co2_g + 500_000) // 1_000_000),
        balance=Minor((above + HOUR_S // 2) // HOUR_S + (below + HOUR_S // 2) // HOUR_S),
    )


def minutes_outside(stop: Stop, order: Order) -> int:
    """Begun minutes between the typical begin and the nearest preferred second."""
    away = [
        max(
            0,
            int((window.start - stop.begins).total_seconds()),
            int((stop.begins - window.end).total_seconds()) + 1,
        )
        for window in order.preferred
    ]
    return -(-min(away, default=0) // MINUTE_S)
