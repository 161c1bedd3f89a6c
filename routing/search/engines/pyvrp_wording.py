"""A plain model in PyVRP's words, and PyVRP's routes in ours.

A kind that may not go to some clients gets a profile of its own, with no road to them. Optional
clients keep their prizes. A further trip is a reload at a depot of its own, which takes `reload`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyvrp import (
    Activity,
    ActivityType,
    Client,
    Depot,
    Location,
    ProblemData,
    Route,
    Solution,
    VehicleType,
)

from routing.model import NO_ROAD, Ints, Model, ModelRoute
from routing.search.engines.protocol import EngineCannot
from routing.search.engines.whole_money import money_scale, whole

_UNLIMITED: Final = int(np.iinfo(np.int64).max)
_Roads = tuple[Ints, Ints]


@dataclass(frozen=True, slots=True)
class Wording:
    """A model in PyVRP's words, and the way back. `kinds` are those there is a truck of."""

    model: Model
    data: ProblemData
    scale: int
    kinds: tuple[int, ...]
    reload_depot: tuple[int, ...]

    @classmethod
    def of(cls, model: Model) -> Wording:
        """Word a model with clients and at least one truck."""
        scale = money_scale(model)
        nodes = model.depots + len(model.clients)
        kinds = usable_kinds(model)
        profiles, profile_of = _profiles(model, kinds)
        depots = [Depot(location) for location in range(model.depots)]
        reload_depot = []
        for kind in kinds:
            depot, reload = int(model.fleet.depot[kind]), int(model.fleet.reload[kind])
            own = Depot(depot, service_duration=reload)
            if model.fleet.max_trips[kind] > 1 and own not in depots:
                depots.append(own)
            reload_depot.append(depots.index(own) if own in depots else depot)
        data = ProblemData(
            [Location(0, 0) for _ in range(nodes)],
            _clients(model, scale),
            depots,
            _trucks(model, scale, kinds, profile_of, reload_depot),
            [distance for distance, _ in profiles],  # type: ignore[misc]  # stub: shape is int
            [duration for _, duration in profiles],  # type: ignore[misc]  # stub: shape is int
        )
        return cls(model, data, scale, kinds, tuple(reload_depot))

    def routes(self, solution: Solution) -> tuple[ModelRoute, ...]:
        """Read a solution's routes, feasible or not."""
        return tuple(self.route(route) for route in solution.routes())

    def route(self, route: Route) -> ModelRoute:
        """Read one route; a reload nobody was served after goes."""
        trips: list[list[int]] = []
        for activity in route:
            if activity.is_client():
                trips[-1].append(activity.idx)
            else:
                trips.append([])
        kind = self.kinds[route.vehicle_type()]
        return ModelRoute(kind, tuple(tuple(trip) for trip in trips if trip))

    def solution(self, routes: Sequence[ModelRoute]) -> Solution:
        """Word a plan."""
        return Solution(self.data, [self._worded(route) for route in routes if route.clients])

    def _worded(self, route: ModelRoute) -> Route:
        kind = self.kinds.index(route.kind)
        visits: list[Activity] = []
        for trip in route.trips:
            if visits and trip:
                visits.append(Activity(ActivityType.DEPOT, self.reload_depot[kind]))
            visits.extend(Activity(ActivityType.CLIENT, client) for client in trip)
        return Route(self.data, visits, kind)


def refuse_endless(model: Model, engine: str) -> None:
    """Refuse what the local search of PyVRP 0.14.1 may never return from, and nobody can cancel.

    Found by random models: 2 of 200 with reloads, release times and `shift_duration` ran for ever,
    none with any one of the three taken away.

    Raises:
        EngineCannot: the model has all three.
    """
    fleet = model.fleet
    bound = fleet.max_duration < fleet.closes - fleet.opens
    if model.clients.release.any() and (fleet.max_trips > 1).any() and bound.any():
        raise EngineCannot(engine, "several trips, release times and a limit of duration together")


def usable_kinds(model: Model) -> tuple[int, ...]:
    """Kinds of which there is a truck that may leave at all."""
    fleet = model.fleet
    return tuple(
        int(kind) for kind in np.flatnonzero((fleet.count > 0) & (fleet.opens <= fleet.closes))
    )


def _clients(model: Model, scale: int) -> list[Client]:
    clients = model.clients
    prize = whole(clients.prize, scale)
    return [
        Client(
            model.depots + row,
            delivery=[int(load) for load in clients.demand[row]],
            service_duration=int(clients.service[row]),
            tw_early=int(clients.earliest[row]),
            tw_late=int(clients.latest[row]),
            release_time=min(int(clients.release[row]), int(clients.latest[row])),
            prize=0 if clients.required[row] else int(prize[row]),
            required=bool(clients.required[row]),
        )
        for row in range(len(clients))
    ]


def _trucks(
    model: Model,
    scale: int,
    kinds: Sequence[int],
    profile_of: Sequence[int],
    reload_depot: Sequence[int],
) -> list[VehicleType]:
    """One type for each kind. Where roads are missing, a truck drives less than one of them."""
    fleet = model.fleet
    fixed, per_distance = whole(fleet.fixed, scale), whole(fleet.per_distance, scale)
    per_duration, per_overtime = whole(fleet.per_duration, scale), whole(fleet.per_overtime, scale)
    roadless = not fleet.allowed.all() or bool(
        np.maximum(model.distance, model.duration).max(initial=0) >= NO_ROAD
    )
    trucks = []
    for row, kind in enumerate(kinds):
        limit = int(fleet.max_duration[kind])
        normal = min(limit, int(fleet.overtime_after[kind])) if per_overtime[kind] else limit
        trucks.append(
            VehicleType(
                int(fleet.count[kind]),
                [int(load) for load in fleet.capacity[kind]],
                int(fleet.depot[kind]),
                int(fleet.depot[kind]),
                fixed_cost=int(fixed[kind]),
                tw_early=int(fleet.opens[kind]),
                tw_late=int(fleet.closes[kind]),
                shift_duration=normal,
                max_distance=NO_ROAD - 1 if roadless else _UNLIMITED,
                unit_distance_cost=int(per_distance[kind]),
                unit_duration_cost=int(per_duration[kind]),
                profile=profile_of[row],
                reload_depots=[reload_depot[row]] if fleet.max_trips[kind] > 1 else [],
                max_reloads=max(0, int(fleet.max_trips[kind]) - 1),
                max_overtime=limit - normal,
                unit_overtime_cost=int(per_overtime[kind]),
            )
        )
    return trucks


def _profiles(model: Model, kinds: Sequence[int]) -> tuple[list[_Roads], list[int]]:
    """Roads for each pair of a profile and the clients allowed; the pair's number for each kind."""
    roads: dict[tuple[int, bytes], int] = {}
    matrices: list[_Roads] = []
    profile_of = []
    in_time = np.maximum(model.clients.earliest, model.clients.release) <= model.clients.latest
    for kind in kinds:
        profile, allowed = int(model.fleet.profile[kind]), model.fleet.allowed[kind] & in_time
        key = (profile, allowed.tobytes())
        if key not in roads:
            roads[key] = len(matrices)
            missing = _missing(model, profile, allowed)
            distance, duration = (
                np.where(missing, NO_ROAD, matrix[profile]).astype(np.int64)
                for matrix in (model.distance, model.duration)
            )
            matrices.append((distance, duration))
        profile_of.append(roads[key])
    return matrices, profile_of


def _missing(model: Model, profile: int, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Arcs that cannot be driven: no road, or to or from a client that is not allowed."""
    banned = np.concatenate([np.zeros(model.depots, dtype=np.bool_), ~allowed])
    missing: NDArray[np.bool_] = model.distance[profile] >= NO_ROAD
    missing = missing | (model.duration[profile] >= NO_ROAD)
    missing |= banned[:, None] | banned[None, :]
    np.fill_diagonal(missing, val=False)
    return missing
