"""Plain models by hand and at random, and their exact optimum by trying everything.

Random models use every feature of a plain model at once: several depots, kinds and dimensions,
roads that are missing, windows, releases, prizes, overtime, limits of duration and further trips.
Some clients fit nowhere. Shrinking leads towards one client, one truck and nothing special.
"""

from __future__ import annotations

from itertools import combinations, permutations
from math import inf

import numpy as np
from hypothesis import strategies as st

from routing.benchmarks.checker import check_routes
from routing.model import NEVER, NO_ROAD, Clients, Fleet, Model, ModelRoute


def plain_model(
    points: list[tuple[int, int]], *, depots: int = 1, trucks: int = 2, room: int = 3
) -> Model:
    """Clients of demand 1 on a plane with right angles, one kind of truck per depot, a unit of
    money per unit of distance, and no limit but the room. Change it by `with_clients` and
    `with_fleet`."""
    xy = np.array(points)
    roads = np.abs(xy[:, None] - xy[None]).sum(axis=2).astype(np.int32)[None]
    clients = len(points) - depots

    def each(value: int, rows: int) -> np.ndarray:
        return np.full(rows, value, dtype=np.int64)

    return Model(
        name="by hand",
        depots=depots,
        distance=roads,
        duration=roads,
        clients=Clients(
            demand=np.ones((clients, 1), dtype=np.int64),
            service=each(0, clients),
            earliest=each(0, clients),
            latest=each(NEVER, clients),
            release=each(0, clients),
            prize=np.zeros(clients),
            required=np.ones(clients, dtype=np.bool_),
        ),
        fleet=Fleet(
            count=each(trucks, depots),
            depot=np.arange(depots),
            profile=each(0, depots),
            capacity=np.full((depots, 1), room, dtype=np.int64),
            opens=each(0, depots),
            closes=each(NEVER, depots),
            max_duration=each(NEVER, depots),
            fixed=np.zeros(depots),
            per_distance=np.ones(depots),
            per_duration=np.zeros(depots),
            overtime_after=each(NEVER, depots),
            per_overtime=np.zeros(depots),
            max_trips=each(1, depots),
            reload=each(0, depots),
            allowed=np.ones((depots, clients), dtype=np.bool_),
        ),
    )


@st.composite
def models(
    draw: st.DrawFn, *, max_clients: int = 6, trips: bool = True, optional: bool = True
) -> Model:
    """Draw a small model; without `trips` each truck makes one, without `optional` all must be
    served."""
    clients = draw(st.integers(1, max_clients))
    depots, kinds, dimensions, profiles = (draw(st.integers(1, 2)) for _ in range(4))
    nodes = depots + clients

    def whole(low: int, high: int, *shape: int) -> np.ndarray:
        size = int(np.prod(shape))
        values = st.lists(st.integers(low, high), min_size=size, max_size=size)
        return np.array(draw(values), dtype=np.int64).reshape(shape)

    def often(*shape: int) -> np.ndarray:
        return whole(0, 3, *shape) < 3

    points = whole(0, 60, nodes, 2)
    roads = np.abs(points[:, None] - points[None]).sum(axis=2)
    distance = np.stack([roads * (1 + profile) for profile in range(profiles)])
    duration = distance + (1 - np.eye(nodes, dtype=np.int64)) * draw(st.integers(0, 5))
    missing = (whole(0, 15, profiles, nodes, nodes) == 15) & ~np.eye(nodes, dtype=np.bool_)
    earliest = whole(0, 200, clients)
    opens = whole(0, 50, kinds)
    never = np.full(kinds, NEVER)
    return Model(
        name="random",
        depots=depots,
        distance=np.where(missing, NO_ROAD, distance).astype(np.int32),
        duration=np.where(missing, NO_ROAD, duration).astype(np.int32),
        clients=Clients(
            demand=whole(0, 3, clients, dimensions),
            service=whole(0, 20, clients),
            earliest=earliest,
            latest=earliest + whole(0, 300, clients),
            release=np.where(often(clients), 0, whole(0, 150, clients)),
            prize=whole(0, 800, clients) / 4,
            required=often(clients) if optional else np.ones(clients, dtype=np.bool_),
        ),
        fleet=Fleet(
            count=whole(0, 2, kinds),
            depot=whole(0, depots - 1, kinds),
            profile=whole(0, profiles - 1, kinds),
            capacity=whole(2, 6, kinds, dimensions),
            opens=opens,
            closes=opens + whole(100, 700, kinds),
            max_duration=np.where(often(kinds), never, whole(80, 300, kinds)),
            fixed=whole(0, 200, kinds) / 4,
            per_distance=whole(0, 20, kinds) / 10,
            per_duration=whole(0, 20, kinds) / 10,
            overtime_after=np.where(often(kinds), never, whole(50, 250, kinds)),
            per_overtime=whole(0, 20, kinds) / 10,
            max_trips=whole(1, 3, kinds) if trips else np.ones(kinds, dtype=np.int64),
            reload=whole(0, 10, kinds),
            allowed=often(kinds, clients),
        ),
    )


def cheapest_plan(model: Model) -> float:
    """Find the least money for which everyone required is served, by trying every plan; `inf` if
    none does. Priced by the checker. For at most six clients."""
    clients = range(len(model.clients))
    prize = np.where(model.clients.required, 0.0, model.clients.prize)
    best = {frozenset[int](): 0.0}
    for kind in range(len(model.fleet)):
        alone = _routes_of(model, kind, prize)
        for _ in range(min(int(model.fleet.count[kind]), len(clients))):
            further = dict(best)
            for served, cost in best.items():
                for more, price in alone.items():
                    if not served & more and cost + price < further.get(served | more, inf):
                        further[served | more] = cost + price
            best = further
    required = frozenset(np.flatnonzero(model.clients.required).tolist())
    return min(
        (
            cost + sum(float(prize[client]) for client in clients if client not in served)
            for served, cost in best.items()
            if required <= served
        ),
        default=inf,
    )


def _routes_of(model: Model, kind: int, prize: np.ndarray) -> dict[frozenset[int], float]:
    """Price the cheapest route of a kind for every set of clients it can serve."""
    cheapest: dict[frozenset[int], float] = {}
    for size in range(1, len(model.clients) + 1):
        for order in permutations(range(len(model.clients)), size):
            served = frozenset(order)
            missed = float(prize.sum() - prize[list(order)].sum())
            for trips in _cuts(order, int(model.fleet.max_trips[kind])):
                report = check_routes(model, [ModelRoute(kind, trips)])
                if not report.faults and report.cost - missed < cheapest.get(served, inf):
                    cheapest[served] = report.cost - missed
    return cheapest


def _cuts(order: tuple[int, ...], most: int) -> list[tuple[tuple[int, ...], ...]]:
    """All ways to cut a sequence into at most so many trips."""
    return [
        tuple(order[a:b] for a, b in zip((0, *cuts), (*cuts, len(order)), strict=True))
        for number in range(min(most, len(order)))
        for cuts in combinations(range(1, len(order)), number)
    ]
