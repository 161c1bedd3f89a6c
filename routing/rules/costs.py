"""Costs: kilometres, hours, overtime, fixed, tolls; and what leaving an order behind costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.units import UNREACHABLE_S
from routing.reasons import Reason
from routing.rules.balance import balance_at_most
from routing.rules.layout import Layout
from routing.rules.preferences import preferences_at_most
from routing.rules.stability import changes_at_most

if TYPE_CHECKING:
    from routing.domain.fleet import Truck


class Prices(NamedTuple):
    """Fen per truck (trucks,) and per order left behind (orders,)."""

    per_km: NDArray[np.int64]
    per_hour: NDArray[np.int64]
    per_overtime_hour: NDArray[np.int64]
    fixed: NDArray[np.int64]
    left_behind: NDArray[np.int64]


class Costs:
    """What a route costs, and when an order costs more than it is worth."""

    reason = Reason.COSTS_TOO_MUCH

    def compile(self, day: Layout) -> Prices:
        """All prices in whole fen."""
        prices = day.request.policy.left_behind
        return Prices(
            per_km=np.array([truck.costs.per_km for truck in day.trucks], dtype=np.int64),
            per_hour=np.array([truck.costs.per_hour for truck in day.trucks], dtype=np.int64),
            per_overtime_hour=np.array(
                [truck.costs.per_overtime_hour for truck in day.trucks], dtype=np.int64
            ),
            fixed=np.array([truck.costs.fixed for truck in day.trucks], dtype=np.int64),
            left_behind=np.array([prices[order.priority] for order in day.orders], dtype=np.int64),
        )


def all_routes_at_most(day: Layout) -> int:
    """Fen that all routes of a day together never exceed, whatever they are."""
    longest = {
        name: _longest_leg(day, name) for name in sorted({each.road_class for each in day.trucks})
    }
    roads = sum(_route_at_most(day, truck, *longest[truck.road_class]) for truck in day.trucks)
    return roads + changes_at_most(day) + preferences_at_most(day) + balance_at_most(day)


def _longest_leg(day: Layout, road_class: str) -> tuple[int, int]:
    """Metres of the longest leg of a class, and fen of the dearest."""
    travel = day.travel
    layer = travel.class_of(road_class)
    open_legs = travel.seconds[layer] < UNREACHABLE_S
    return (
        int(travel.metres[layer].max(initial=0, where=open_legs)),
        int(travel.toll_minor[layer].max(initial=0, where=open_legs.any(axis=0))),
    )


def _route_at_most(day: Layout, truck: Truck, leg_metres: int, leg_toll: int) -> int:
    """Every trip full, every leg the longest and the dearest, all duty overtime."""
    prices = truck.costs
    legs = truck.trips_max * (len(truck.deck.positions) + 1)
    metres, toll = legs * leg_metres, legs * leg_toll
    cars = len(truck.deck.positions)
    # Every car and every trade-in in the way of every other, at every stop.
    shunts = cars * 2 * cars * int(day.request.policy.deck.shunt_fen)
    emissions = day.request.policy.emissions
    grams = emissions.grams_per_km[truck.kind] + emissions.grams_per_km_car[truck.kind] * cars
    hourly = int(prices.per_hour) + int(prices.per_overtime_hour)
    # One fen each for the roundings of kilometres, hours, overtime and CO2.
    return (
        prices.per_km * metres // 1000
        + toll
        + shunts
        + hourly * truck.duty_max_s * (truck.nights_max + 1) // 3600
        + int(prices.per_night) * truck.nights_max
        + int(prices.fixed)
        + emissions.per_tonne * (grams * metres // 1000 + 1) // 1_000_000
        + 4
    )
