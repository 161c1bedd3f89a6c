"""VROOM behind the engine protocol: a peer to measure against, an extra (`flatbed[bench]`).

It knows depots, kinds with roads of their own, loads, windows, skills, fixed costs and costs of
arcs. Waiting costs it nothing, and it limits only the time on the road.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import vroom
from numpy.typing import NDArray

from routing.model import NEVER, NO_ROAD, Model, ModelRoute
from routing.search.budget import Budget, WallClock
from routing.search.engines.price import better_plan, price_plan, unserved
from routing.search.engines.protocol import EngineCannot, EngineResult, Incumbent
from routing.search.engines.whole_money import SCALES, money_scale, whole

EXPLORATION: Final = 5
"""VROOM's deepest search."""
LARGEST_ARC: Final = 2**31
"""Costs of arcs are 32 bits wide."""
LARGEST_SUM: Final = 1e12
"""VROOM counts in 64 bits, and in 360,000ths of a unit."""


@dataclass(frozen=True, slots=True)
class VroomEngine:
    """VROOM at full depth on one thread. It counts no iterations: a run is one."""

    name: str = "vroom"

    def solve(
        self,
        model: Model,
        *,
        budget: Budget,
        seed: int,
        start: Sequence[ModelRoute] = (),
        cancelled: Callable[[], bool] = lambda: False,
        on_incumbent: Callable[[Incumbent], None] = lambda incumbent: None,
    ) -> EngineResult:
        """Plan from nothing; a start is kept when it is better. A run cannot be cancelled.

        The seed is of no use to it, and of plans that cost the same now one comes back and now
        another. Seconds end it; a budget of iterations lets it run to its end.
        Prices are scaled to whole numbers (`money_scale`).

        Raises:
            EngineCannot: the model has what VROOM has no words for.
        """
        _refuse(model, self.name)
        kinds = [kind for kind in range(len(model.fleet)) if _usable(model, kind)]
        if not len(model.clients) or not kinds or cancelled():
            return EngineResult(routes=better_plan(model, start), iterations=0, seconds=0.0)
        problem, kind_of = _problem(model, kinds)
        began = budget.now()
        seconds = budget.seconds if isinstance(budget, WallClock) else None
        solution = problem.solve(
            exploration_level=EXPLORATION,
            nb_threads=1,
            timeout=None if seconds is None else timedelta(seconds=seconds),
        )
        spent = budget.now() - began
        routes = better_plan(model, _routes(solution, kind_of), start)
        on_incumbent(
            Incumbent(
                share=1.0, cost=price_plan(model, routes).cost, unserved=unserved(model, routes)
            )
        )
        return EngineResult(routes=routes, iterations=1, seconds=spent)


def _usable(model: Model, kind: int) -> bool:
    fleet = model.fleet
    return bool(fleet.count[kind] > 0 and fleet.opens[kind] <= fleet.closes[kind])


def _refuse(model: Model, engine: str) -> None:
    fleet, clients = model.fleet, model.clients
    there = fleet.count > 0
    bound = fleet.max_duration < np.minimum(fleet.closes - fleet.opens, NEVER)
    waits = bool((clients.earliest > fleet.opens.min()).any())
    if (fleet.max_trips[there] > 1).any():
        raise EngineCannot(engine, "several trips of one truck")
    if not clients.required.all():
        raise EngineCannot(engine, "clients that may be left out for a prize")
    if clients.release.any():
        raise EngineCannot(engine, "release times")
    if fleet.per_overtime[there].any():
        raise EngineCannot(engine, "overtime")
    if waits and bound[there].any():
        raise EngineCannot(engine, "a limit of duration that counts waiting")
    if waits and fleet.per_duration[there].any():
        raise EngineCannot(engine, "a price of duration that counts waiting")


def _problem(model: Model, kinds: Sequence[int]) -> tuple[vroom.Input, list[int]]:
    """Word the model; the kind of each vehicle, by its id.

    Where nobody waits, service is part of the arc that follows it, so that limits and prices of
    duration count it.
    """
    fleet, clients = model.fleet, model.clients
    scale = _scale(model)
    problem = vroom.Input()
    service = np.concatenate([np.zeros(model.depots, dtype=np.int64), clients.service])
    kind_of: list[int] = []
    patterns = {
        row.tobytes(): number for number, row in enumerate(np.unique(fleet.allowed.T, axis=0))
    }
    skill = [patterns[np.ascontiguousarray(row).tobytes()] for row in fleet.allowed.T]
    fixed = whole(fleet.fixed, scale)
    for kind in kinds:
        profile = f"kind {kind}"
        seconds, metres, money = _arcs(model, kind, service, scale)
        problem.set_durations_matrix(profile, seconds)
        problem.set_distances_matrix(profile, metres)
        problem.set_costs_matrix(profile, money)
        skills = {skill[client] for client in range(len(clients)) if fleet.allowed[kind, client]}
        for _ in range(min(int(fleet.count[kind]), len(clients))):
            problem.add_vehicle(
                vroom.Vehicle(
                    len(kind_of),
                    start=int(fleet.depot[kind]),
                    end=int(fleet.depot[kind]),
                    profile=profile,
                    capacity=[int(load) for load in fleet.capacity[kind]],
                    skills=skills,
                    time_window=(int(fleet.opens[kind]), int(fleet.closes[kind])),
                    costs=vroom.VehicleCosts(fixed=int(fixed[kind])),
                    max_travel_time=min(int(fleet.max_duration[kind]), NEVER),
                    max_distance=NO_ROAD - 1,
                )
            )
            kind_of.append(kind)
    for client in range(len(clients)):
        problem.add_job(
            vroom.Job(
                client,
                location=model.depots + client,
                delivery=[int(load) for load in clients.demand[client]],
                skills={skill[client]},
                time_windows=[(int(clients.earliest[client]), int(clients.latest[client]))],
            )
        )
    return problem, kind_of


def _arcs(
    model: Model, kind: int, service: NDArray[np.int64], scale: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Seconds with the service before them, metres, and money of every arc for a kind."""
    fleet, profile = model.fleet, int(model.fleet.profile[kind])
    metres = model.distance[profile].astype(np.int64)
    seconds = model.duration[profile].astype(np.int64)
    missing = (metres >= NO_ROAD) | (seconds >= NO_ROAD)
    seconds = seconds + service[:, None]
    money = whole(fleet.per_distance[kind] * metres + fleet.per_duration[kind] * seconds, scale)
    metres, seconds = np.where(missing, NO_ROAD, metres), np.where(missing, NO_ROAD, seconds)
    money = np.where(missing, money[~missing].max(initial=0), money)
    for matrix in (metres, seconds, money):
        np.fill_diagonal(matrix, 0)
    return seconds, metres, money


def _scale(model: Model) -> int:
    """Scale money so that the dearest arc still fits."""
    fleet, roads = model.fleet, model.distance < NO_ROAD
    dearest = float(
        fleet.per_distance.max() * model.distance[roads].max(initial=0)
        + fleet.per_duration.max()
        * (model.duration[roads].max(initial=0) + model.clients.service.max(initial=0))
    )
    fits = [scale for scale in SCALES if dearest * scale < LARGEST_ARC]
    return min(money_scale(model, limit=LARGEST_SUM), fits[-1] if fits else 1)


def _routes(solution: vroom.Solution, kind_of: Sequence[int]) -> tuple[ModelRoute, ...]:
    """Read a solution. VROOM puts its routes in any order; here it is always the same one."""
    trips: dict[int, list[int]] = {}
    frame = solution.routes
    for vehicle, step, client in zip(
        frame["vehicle_id"], frame["type"], frame.get("id", ()), strict=False
    ):
        if step == "job":
            trips.setdefault(int(vehicle), []).append(int(client))
    routes = [ModelRoute(kind_of[vehicle], (tuple(trip),)) for vehicle, trip in trips.items()]
    return tuple(sorted(routes, key=lambda route: (route.kind, route.trips)))
