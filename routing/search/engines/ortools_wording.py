"""A plain model in the words of OR-Tools' routing library, checked before it is built.

One vehicle for each truck, as no kind needs more than there are clients. Roads that are missing
count in a dimension with no room for them. A departure after every release is a dimension too:
its value is the same all along a route, at least each client's release and at most the departure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp

from routing.model import NEVER, NO_ROAD, Ints, Model, ModelRoute
from routing.search.engines.protocol import EngineCannot
from routing.search.engines.whole_money import EXACT, money_scale, whole, worst_cost

DEAR: Final = 100
"""A required client left out costs so many times what its worst truck of its own costs."""


def refuse(model: Model, engine: str) -> None:
    """Refuse what has no words here.

    Raises:
        EngineCannot: a truck may make several trips.
    """
    if (model.fleet.max_trips[model.fleet.count > 0] > 1).any():
        raise EngineCannot(engine, "several trips of one truck")


@dataclass(frozen=True, slots=True)
class Wording:
    """A model built, and the way back. `kind_of` names the kind of each vehicle.

    `worst` is a cost, in scaled money, that no plan has.
    """

    model: Model
    manager: pywrapcp.RoutingIndexManager
    routing: pywrapcp.RoutingModel
    kind_of: tuple[int, ...]
    scale: int
    worst: int

    @classmethod
    def of(cls, model: Model) -> Wording:
        """Build a model; without any truck that may leave there is nothing to build."""
        fleet = model.fleet
        most = np.minimum(fleet.count, len(model.clients))
        kind_of = tuple(
            kind
            for kind in range(len(fleet))
            if fleet.opens[kind] <= fleet.closes[kind]
            for _ in range(int(most[kind]))
        )
        if not kind_of:
            return cls(model, None, None, (), 1, 0)
        depots = [int(fleet.depot[kind]) for kind in kind_of]
        nodes = model.depots + len(model.clients)
        manager = pywrapcp.RoutingIndexManager(nodes, len(kind_of), depots, depots)
        routing = pywrapcp.RoutingModel(manager)
        worded = cls(
            model,
            manager,
            routing,
            kind_of,
            money_scale(model, limit=EXACT / (4 * DEAR)),
            int(EXACT),
        )
        worded._say_money()
        worded._say_roads()
        worded._say_loads()
        worded._say_times()
        return worded

    def routes(self, following: Callable[[int], int]) -> tuple[ModelRoute, ...]:
        """Follow every vehicle that serves somebody."""
        routes = []
        for vehicle, kind in enumerate(self.kind_of):
            trip, index = [], following(self.routing.Start(vehicle))
            while not self.routing.IsEnd(index):
                trip.append(self.manager.IndexToNode(index) - self.model.depots)
                index = following(index)
            if trip:
                routes.append(ModelRoute(kind, (tuple(trip),)))
        return tuple(routes)

    def hint(self, routes: Sequence[ModelRoute]) -> pywrapcp.Assignment:
        """Word a plan; None if OR-Tools takes it for infeasible."""
        free: dict[int, list[int]] = {kind: [] for kind in set(self.kind_of)}
        for vehicle, kind in reversed(list(enumerate(self.kind_of))):
            free[kind].append(vehicle)
        worded: list[list[int]] = [[] for _ in self.kind_of]
        for route in routes:
            nodes = [self.model.depots + client for client in route.clients]
            worded[free[route.kind].pop()] = [self.manager.NodeToIndex(node) for node in nodes]
        return self.routing.ReadAssignmentFromRoutes(worded, True)

    @property
    def _horizon(self) -> int:
        return int(self.model.fleet.closes[list(set(self.kind_of))].max())

    def _index(self, client: int) -> int:
        return int(self.manager.NodeToIndex(self.model.depots + client))

    def _register(self, matrix: NDArray[Any]) -> int:
        return int(self.routing.RegisterTransitMatrix(matrix.astype(np.int64).tolist()))

    def _per_vehicle(self, of_kind: Callable[[int], tuple[Any, NDArray[Any]]]) -> list[int]:
        """Register each different matrix once; `of_kind` gives its key and the matrix."""
        known: dict[Any, int] = {}
        callbacks = {}
        for kind in dict.fromkeys(self.kind_of):
            key, matrix = of_kind(kind)
            if key not in known:
                known[key] = self._register(matrix)
            callbacks[kind] = known[key]
        return [callbacks[kind] for kind in self.kind_of]

    def _missing(self, profile: int) -> NDArray[np.bool_]:
        missing: NDArray[np.bool_] = self.model.distance[profile] >= NO_ROAD
        missing = missing | (self.model.duration[profile] >= NO_ROAD)
        np.fill_diagonal(missing, val=False)
        return missing

    def _say_money(self) -> None:
        model, fleet, routing = self.model, self.model.fleet, self.routing
        fixed, per_distance = whole(fleet.fixed, self.scale), whole(fleet.per_distance, self.scale)
        profiles = fleet.profile
        matrices = self._per_vehicle(
            lambda kind: (
                (int(profiles[kind]), int(per_distance[kind])),
                np.where(self._missing(profiles[kind]), 0, model.distance[profiles[kind]]).astype(
                    np.int64
                )
                * per_distance[kind],
            )
        )
        for vehicle, kind in enumerate(self.kind_of):
            routing.SetArcCostEvaluatorOfVehicle(matrices[vehicle], vehicle)
            routing.SetFixedCostOfVehicle(int(fixed[kind]), vehicle)
        prizes = whole(model.clients.prize, self.scale)
        dear = 1 + int(DEAR * self.scale * worst_cost(model) / len(model.clients))
        for client in range(len(model.clients)):
            penalty = dear if model.clients.required[client] else int(prizes[client])
            routing.AddDisjunction([self._index(client)], penalty)
        for depot in set(range(model.depots)) - {int(fleet.depot[kind]) for kind in self.kind_of}:
            # where no truck starts, it would be a stop like any other
            index = self.manager.NodeToIndex(depot)
            routing.AddDisjunction([index], 0)
            routing.ActiveVar(index).SetValue(0)

    def _say_roads(self) -> None:
        model, profiles = self.model, self.model.fleet.profile
        if any(self._missing(profile).any() for profile in range(len(model.distance))):
            matrices = self._per_vehicle(
                lambda kind: (int(profiles[kind]), self._missing(profiles[kind]))
            )
            self.routing.AddDimensionWithVehicleTransits(matrices, 0, 0, True, "roads missing")
        begin = np.maximum(model.clients.earliest, model.clients.release)
        late = begin > np.minimum(model.clients.latest, self._horizon)
        for client in range(len(model.clients)):
            allowed = model.fleet.allowed[:, client] & ~late[client]
            ok = [vehicle for vehicle, kind in enumerate(self.kind_of) if allowed[kind]]
            if len(ok) < len(self.kind_of):
                self.routing.VehicleVar(self._index(client)).SetValues([-1, *ok])

    def _say_loads(self) -> None:
        demand, capacity = self.model.clients.demand, self.model.fleet.capacity
        none = np.zeros(self.model.depots, dtype=np.int64)
        for dimension in range(demand.shape[1]):
            loads = np.concatenate([none, demand[:, dimension]]).tolist()
            room = [int(capacity[kind, dimension]) for kind in self.kind_of]
            callback = self.routing.RegisterUnaryTransitVector(loads)
            self.routing.AddDimensionWithVehicleCapacity(
                callback, 0, room, True, f"load {dimension}"
            )

    def _say_times(self) -> None:
        model, fleet, clients = self.model, self.model.fleet, self.model.clients
        per_duration = whole(fleet.per_duration, self.scale)
        per_overtime = whole(fleet.per_overtime, self.scale)
        if not _timed(model):
            return
        service = np.concatenate([np.zeros(model.depots, dtype=np.int64), clients.service])
        profiles, horizon = fleet.profile, self._horizon
        matrices = self._per_vehicle(
            lambda kind: (
                int(profiles[kind]),
                np.where(self._missing(profiles[kind]), 0, model.duration[profiles[kind]])
                + service[:, None],
            )
        )
        routing = self.routing
        routing.AddDimensionWithVehicleTransits(matrices, horizon, horizon, False, "time")
        time = routing.GetDimensionOrDie("time")
        for client in range(len(clients)):
            earliest, latest = int(clients.earliest[client]), int(clients.latest[client])
            if earliest <= min(latest, horizon):
                time.CumulVar(self._index(client)).SetRange(earliest, min(latest, horizon))
        for vehicle, kind in enumerate(self.kind_of):
            hours = int(fleet.opens[kind]), int(fleet.closes[kind])
            time.CumulVar(routing.Start(vehicle)).SetRange(*hours)
            time.CumulVar(routing.End(vehicle)).SetRange(*hours)
            if fleet.max_duration[kind] < hours[1] - hours[0]:
                time.SetSpanUpperBoundForVehicle(int(fleet.max_duration[kind]), vehicle)
            if per_duration[kind]:
                time.SetSpanCostCoefficientForVehicle(int(per_duration[kind]), vehicle)
            if per_overtime[kind]:
                bound = pywrapcp.BoundCost(int(fleet.overtime_after[kind]), int(per_overtime[kind]))
                time.SetSoftSpanUpperBoundForVehicle(bound, vehicle)
        if clients.release.any():
            self._say_releases(time, horizon)

    def _say_releases(self, time: pywrapcp.RoutingDimension, horizon: int) -> None:
        nodes = self.model.depots + len(self.model.clients)
        still: Ints = np.zeros((nodes, nodes), dtype=np.int64)
        self.routing.AddDimension(self._register(still), 0, horizon, False, "released")
        released = self.routing.GetDimensionOrDie("released")
        for client, release in enumerate(self.model.clients.release.tolist()):
            if release <= min(horizon, int(self.model.clients.latest[client])):
                released.CumulVar(self._index(client)).SetMin(release)
        for vehicle in range(len(self.kind_of)):
            start = self.routing.Start(vehicle)
            self.routing.solver().Add(released.CumulVar(start) <= time.CumulVar(start))


def _timed(model: Model) -> bool:
    """Tell whether time limits or costs anything."""
    fleet, clients = model.fleet, model.clients
    return bool(
        (clients.earliest > 0).any()
        or (np.minimum(clients.latest, fleet.closes.max()) < NEVER).any()
        or (fleet.max_duration < NEVER).any()
        or clients.release.any()
        or fleet.per_duration.any()
        or fleet.per_overtime.any()
    )
