"""What may ride together on a deck, and what a route costs, compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.clock import (
    DEAD,
    MOST_ENTRIES,
    RELOAD,
    cars_ready_at,
    load_takes,
    place_of,
    trip_end,
)
from routing.compiled import entry, inner, lean
from routing.nights import Tour, best_tour, count_nights
from routing.problem import Tables
from routing.rules.locks import FREE
from routing.schedule import Scratch, departure_range
from routing.shunts import shunts_along
from routing.unpaid import typical_metres, unpaid


@entry
def deck_fits(p: Tables, k: int, seq: NDArray[np.int32], n: int) -> bool:
    """Tell whether the cars of each trip fit together on the truck's deck."""
    first = 0
    while first < n:
        last = trip_end(seq, first, n)
        if not trip_fits(p, k, seq, first, last):
            return False
        first = last + 1
    return True


@inner
def trip_fits(p: Tables, k: int, seq: NDArray[np.int32], first: int, last: int) -> bool:
    """Bipartite matching of cars and positions, and the payload, for the trip `[first, last)`."""
    deck = p.deck.deck_of[k]
    if last - first > p.deck.positions[deck]:
        return False
    mass = 0
    every = (1 << p.deck.positions[deck]) - 1
    simple = True
    for i in range(first, last):
        mass += p.deck.mass_kg[seq[i]]
        fits = p.deck.fits[deck, seq[i]]
        if fits == 0:
            return False
        simple = simple and fits == every
    if mass > p.deck.payload_kg[deck]:
        return False
    if simple:
        return True
    holder = np.full(p.deck.positions[deck], -1, dtype=np.int64)
    for i in range(first, last):
        seen = np.zeros(p.deck.positions[deck], dtype=np.bool_)
        if not _seat(p.deck.fits, deck, seq, i, holder, seen):
            return False
    return True


@inner
def _seat(
    fits: NDArray[np.int64],
    deck: int,
    seq: NDArray[np.int32],
    i: int,
    holder: NDArray[np.int64],
    seen: NDArray[np.bool_],
) -> bool:
    for position in range(len(holder)):
        if (fits[deck, seq[i]] >> position) & 1 and not seen[position]:
            seen[position] = True
            if holder[position] < 0 or _seat(fits, deck, seq, holder[position], holder, seen):
                holder[position] = i
                return True
    return False


@lean
def money(p: Tables, k: int, tour: Tour, metres: int, toll: int) -> int:
    """Fen for a route: typical kilometres, tolls, buffered duty, overtime, nights, the truck.
    Rounded half up."""
    return int(
        (p.prices.per_km[k] * metres + 500) // 1000
        + toll
        + (p.prices.per_hour[k] * tour.duty + 1800) // 3600
        + (p.prices.per_overtime_hour[k] * tour.overtime + 1800) // 3600
        + p.nights.per_night[k] * count_nights(tour.nights)
        + p.prices.fixed[k]
    )


@lean
def trips_allowed(p: Tables, k: int, seq: NDArray[np.int32], n: int) -> bool:
    """Tell whether a truck makes so many trips a day, and none of them without a car."""
    if n > MOST_ENTRIES:
        return False
    trips, cars = 1, 0
    for i in range(n):
        if seq[i] != RELOAD:
            cars += 1
            continue
        if cars == 0:
            return False
        trips += 1
        cars = 0
    return bool(cars > 0 and trips <= p.trips_max[k])


@lean
def keeps_locks(p: Tables, k: int, seq: NDArray[np.int32], n: int) -> bool:
    """Tell whether a route carries what is locked to its truck, in the locked sequence.

    Where on the way a truck reloads no lock says.
    """
    ranked = p.locks.ranked[k]
    if ranked == 0:
        return bool(n == 0 or not p.locks.frozen[k])
    seen = 0
    for i in range(n):
        if seq[i] == RELOAD:
            continue
        rank = p.locks.rank[seq[i]]
        if rank == FREE:
            if seen < p.locks.prefix[k] or p.locks.frozen[k]:
                return False
        elif rank != seen:
            return False
        else:
            seen += 1
    return bool(seen == ranked)


@entry
def route_cost(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    scratch: Scratch,
) -> int:
    """Fen of the best schedule of a route for Python: see `judged`."""
    cost, _ = judged(p, k, seq, n, scratch)
    return int(cost)


@lean
def judged(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    scratch: Scratch,
) -> tuple[int, Tour]:
    """Fen of the best schedule of a route and that schedule: 0 for an empty route; DEAD when no
    schedule exists or a lock is broken.

    `seq` holds order rows, and RELOAD between two trips. Masks (locks that name an order's truck
    among them) and deck are the caller's to check; trips that do not fit the deck in this sequence
    are DEAD.
    """
    nowhere = Tour(DEAD, 0, 0, 0, 0, 0)
    if not keeps_locks(p, k, seq, n):
        return DEAD, nowhere
    if n == 0:
        return 0, nowhere
    if not trips_allowed(p, k, seq, n):
        return DEAD, nowhere
    tour = best_tour(p, k, seq, n, scratch)
    if tour.departs == DEAD:
        return DEAD, nowhere
    metres = typical_metres(p, k, seq, n, tour, scratch)
    if metres == DEAD:
        return DEAD, nowhere
    toll = 0
    place = p.home[k]
    for i in range(n):
        there = place_of(p, k, seq[i])
        toll += p.travel.toll[p.layer[k], place, there]
        place = there
    toll += p.travel.toll[p.layer[k], place, p.home[k]]
    fen = money(p, k, tour, metres, toll) + unpaid(p, k, seq, n, tour, metres, scratch)
    if not p.deck.plain:
        fen += p.deck.shunt_fen * shunts_along(p, k, seq, n, scratch.deck)
    return fen, tour


class RouteFigures(NamedTuple):
    """A route priced: fen, seconds of the horizon. `cost` is DEAD when no schedule exists.

    The route stays feasible for every departure in `[first, last]`. Loading of the first trip
    takes `load` and cannot begin before `ready`, when the last of its cars is. `nights` is the set
    of nights out.
    """

    cost: int
    departs: int
    first: int
    last: int
    load: int
    ready: int
    nights: int


@entry
def price_route(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    scratch: Scratch,
) -> RouteFigures:
    """Price a route and find the range of its departure."""
    cost, tour = judged(p, k, seq, n, scratch)
    if cost == DEAD:
        return RouteFigures(DEAD, DEAD, DEAD, DEAD, 0, 0, 0)
    first = last = tour.departs
    if tour.nights == 0 and n > 0:
        first, last = departure_range(p, k, seq, n, tour.departs, scratch)
    cars = trip_end(seq, 0, n)
    load, ready = load_takes(p, k, cars), cars_ready_at(p, k, seq, 0, cars)
    return RouteFigures(cost, tour.departs, first, last, load, ready, tour.nights)
