"""What a model looks like: the features by which engines are chosen and tuned. Never its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.model import NO_ROAD, Ints, Model

LONG_ROUTE: Final = 20.0
"""Clients on a route from which it is long: public instances have about 10 or about 50."""
CLUSTERED: Final = 0.9
"""Below this `scatter` clients stand in clusters: public instances that are scattered have 0.94 and
more, those with half or all of them in clusters 0.30 to 0.95."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Features of a model.

    `mean_route_clients` estimates how many clients a truck serves before it is full or its day
    is over. `depots` counts those with a truck; `kinds` the trucks that differ in more than
    their depot. `windows`, `restricted` and `released` are shares: of clients that cannot be
    served all day, of (kind, client) pairs not allowed, of clients with a release. `scatter` is
    the way to the nearest client, in units of what it would be were they evenly spread.
    """

    clients: int
    mean_route_clients: float
    duration_bound: bool
    several_trips: bool
    dimensions: int
    depots: int
    kinds: int
    windows: float
    restricted: float
    released: float
    scatter: float

    @property
    def long_routes(self) -> bool:
        """Routes on which the order of stops matters more than who is on which."""
        return self.mean_route_clients >= LONG_ROUTE

    @property
    def mixed_fleet(self) -> bool:
        """Several kinds of truck to choose from."""
        return self.kinds > 1

    @property
    def clustered(self) -> bool:
        """Clients stand in clusters."""
        return self.scatter < CLUSTERED

    @classmethod
    def of(cls, model: Model) -> Shape:
        """Measure a model; one without clients or trucks has no features."""
        fleet, clients = model.fleet, model.clients
        there = np.flatnonzero(fleet.count > 0)
        if not len(clients) or not len(there):
            return _NOTHING
        hours = fleet.closes[there] - fleet.opens[there]
        first, last = fleet.opens[there].min(), fleet.closes[there].max()
        soonest, dearest = _ways_out(model, there)
        narrow = (clients.earliest > first + soonest) | (clients.latest < last - dearest)
        money = np.column_stack([fleet.fixed, fleet.per_distance, fleet.per_duration])[there]
        alike = np.column_stack([fleet.capacity[there], money, fleet.profile[there]])
        nearest, mean = _legs(model, model.distance)
        return cls(
            clients=len(clients),
            mean_route_clients=_route_clients(model, there),
            duration_bound=bool((fleet.max_duration[there] < hours).any()),
            several_trips=bool((fleet.max_trips[there] > 1).any()),
            dimensions=clients.demand.shape[1],
            depots=len(np.unique(fleet.depot[there])),
            kinds=len(np.unique(alike, axis=0)),
            windows=float(narrow.mean()),
            restricted=float(1.0 - fleet.allowed[there].mean()),
            released=float((clients.release > 0).mean()),
            scatter=float(nearest / mean * np.sqrt(len(clients))) if mean else 1.0,
        )


_NOTHING: Final = Shape(
    clients=0,
    mean_route_clients=0.0,
    duration_bound=False,
    several_trips=False,
    dimensions=0,
    depots=0,
    kinds=0,
    windows=0.0,
    restricted=0.0,
    released=0.0,
    scatter=1.0,
)


def _route_clients(model: Model, there: Ints) -> float:
    """Clients until the mean truck is full, or its day is over at the mean pace."""
    fleet, clients = model.fleet, model.clients
    trucks = np.minimum(fleet.count[there], len(clients)).astype(np.float64)
    room = (trucks[:, None] * fleet.capacity[there]).sum(axis=0) / trucks.sum()
    demand = clients.demand.mean(axis=0)
    by_load = min(
        (float(has / needs) for has, needs in zip(room, demand, strict=True) if needs > 0),
        default=float(len(clients)),
    )
    day = np.minimum(fleet.max_duration[there], fleet.closes[there] - fleet.opens[there])
    nearest, _ = _legs(model, model.duration)
    pace = float(clients.service.mean()) + nearest
    by_time = float(np.average(day, weights=trucks)) / pace if pace else float(len(clients))
    return min(by_load, by_time, float(len(clients)))


def _legs(model: Model, roads: NDArray[np.int32]) -> tuple[float, float]:
    """Mean way to the nearest other client, and to any other; 0 and 0 for a single one."""
    between = roads[0, model.depots :, model.depots :].astype(np.float64)
    between[between >= NO_ROAD] = np.nan
    np.fill_diagonal(between, np.nan)
    reached = between[~np.isnan(between).all(axis=1)]
    if not len(reached):
        return 0.0, 0.0
    return float(np.nanmin(reached, axis=1).mean()), float(np.nanmean(reached))


def _ways_out(model: Model, there: Ints) -> tuple[Ints, Ints]:
    """Shortest ways from a depot to each client, and from each client with its service back."""
    depots = np.unique(model.fleet.depot[there])
    out = model.duration[:, depots, model.depots :].min(axis=(0, 1))
    back = model.duration[:, model.depots :, depots].min(axis=(0, 2))
    return out, back + model.clients.service
