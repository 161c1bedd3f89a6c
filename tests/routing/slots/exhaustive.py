"""Whether an order fits anywhere at all, by trying everything: slow, and with nothing left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from routing.clock import DEAD, RELOAD
from routing.domain.orders import Order
from routing.domain.windows import Window
from routing.inserting import fits_deck, widened
from routing.problem import Tables
from routing.route_cost import RouteFigures, price_route
from routing.schedule import new_scratch
from routing.slots.following import FollowedDay
from routing.trips import trips_of

STEP_S = 60
"""How finely departures are looked at for a free bay."""


def cheapest(followed: FollowedDay, order: Order, window: Window) -> int | None:
    """Fen more that the cheapest place costs, over all trucks and positions; None: no place.

    Bays are looked at for first loads only.
    """
    followed.room_for(1)
    day = followed.day
    row = day.seat(replace(order, windows=(window,)))
    try:
        p, best = day.tables, None
        for truck in range(len(p.home)):
            if not p.allowed[truck, row]:
                continue
            route = day.sequence(truck)
            before = price(p, truck, route).cost if route else 0
            for tried in widened(p, truck, route, row):
                if not all(fits_deck(p, truck, trip) for trip in trips_of(tried)):
                    continue
                found = price(p, truck, tried)
                if found.cost == DEAD or not finds_bay(followed, truck, found):
                    continue
                if best is None or found.cost - before < best:
                    best = found.cost - before
        return best
    finally:
        day.unseat(row)


def price(p: Tables, truck: int, route: tuple[int, ...]) -> RouteFigures:
    """Price a route by the engine's own evaluator."""
    row = np.array(route, dtype=np.int32)
    return price_route(p, truck, row, len(route), new_scratch(len(route)))


def finds_bay(followed: FollowedDay, truck: int, found: RouteFigures) -> bool:
    """Tell whether some departure of the range leaves a bay for the loading before it."""
    day = followed.day
    p = day.tables
    house = day.house_of(truck)
    others = [
        span
        for row in range(len(p.home))
        if row != truck and day.house_of(row) == house
        for span in day.spans(row)
    ]
    bays = int(p.bays.bays[house])
    options = [found.departs, *range(found.first, found.last + 1, STEP_S), found.last]
    for departs in options:
        load = departs - found.load
        moments = [load, *(start for start, _ in others if load < start < departs)]
        if all(sum(s <= m < e for s, e in others) < bays for m in moments):
            return True
    return False


def reloads(route: tuple[int, ...]) -> int:
    """How often a route comes home to load."""
    return route.count(RELOAD)
