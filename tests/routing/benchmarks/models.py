"""Small plain models, by hand and by dice, with routes that are feasible by construction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from routing.benchmarks.checker import time_route
from routing.model import NEVER, NO_ROAD, Clients, Fleet, Model, ModelRoute


def line_model(*kilometres: int, depots: int = 1, **changes: object) -> Model:
    """Clients on a line, a unit of distance and of time per kilometre, one truck of one kind.

    Keywords are fields of clients or fleet, one value for all rows or one a row.
    """
    where = np.array([*([0] * depots), *kilometres])
    matrix = np.abs(where[:, None] - where[None]).astype(np.int32)[None]
    n = len(kilometres)
    clients = Clients(
        demand=np.ones((n, 1), np.int64),
        service=np.zeros(n, np.int64),
        earliest=np.zeros(n, np.int64),
        latest=np.full(n, NEVER, np.int64),
        release=np.zeros(n, np.int64),
        prize=np.zeros(n),
        required=np.ones(n, np.bool_),
    )
    fleet = Fleet(
        count=np.ones(1, np.int64),
        depot=np.zeros(1, np.int64),
        profile=np.zeros(1, np.int64),
        capacity=np.full((1, 1), n, np.int64),
        opens=np.zeros(1, np.int64),
        closes=np.full(1, NEVER, np.int64),
        max_duration=np.full(1, NEVER, np.int64),
        fixed=np.zeros(1),
        per_distance=np.ones(1),
        per_duration=np.zeros(1),
        overtime_after=np.full(1, NEVER, np.int64),
        per_overtime=np.zeros(1),
        max_trips=np.ones(1, np.int64),
        reload=np.zeros(1, np.int64),
        allowed=np.ones((1, n), np.bool_),
    )
    model = Model(
        name="line",
        depots=depots,
        distance=matrix,
        duration=matrix.copy(),
        clients=clients,
        fleet=fleet,
    )
    return changed(model, **changes)


def changed(model: Model, **fields: object) -> Model:
    """Replace columns of clients and fleet by name."""

    def columns(table: Any) -> dict[str, Any]:  # noqa: ANN401 - clients or fleet
        mine = {name: value for name, value in fields.items() if hasattr(table, name)}
        return {
            name: np.broadcast_to(
                np.array(value, getattr(table, name).dtype), getattr(table, name).shape
            ).copy()
            for name, value in mine.items()
        }

    return replace(
        model,
        clients=replace(model.clients, **columns(model.clients)),
        fleet=replace(model.fleet, **columns(model.fleet)),
    )


def solved_model(seed: int) -> tuple[Model, tuple[ModelRoute, ...]]:
    """Invent routes first, then a model in which they are just feasible.

    Two depots, two loads, several trips, releases, masks, prizes and overtime; every limit is the
    one the routes reach, so that whatever is taken away breaks it.
    """
    dice = np.random.default_rng(seed)
    n, kinds = int(dice.integers(5, 10)), 3
    spots = dice.integers(0, 60, (2 + n, 2))
    apart = np.abs(spots[:, None] - spots[None]).sum(axis=2) + 1
    np.fill_diagonal(apart, 0)
    duration = np.stack([apart, 2 * apart]).astype(np.int32)
    order = dice.permutation(n)
    left_out, rest = tuple(order[:1]), order[1:]
    cuts = np.sort(dice.choice(np.arange(1, len(rest)), size=2, replace=False))
    parts = [part.tolist() for part in np.split(rest, cuts)]
    routes = []
    for kind, part in enumerate(parts):
        cut = int(dice.integers(0, len(part)))
        trips = tuple(tuple(trip) for trip in (part[:cut], part[cut:]) if trip)
        routes.append(ModelRoute(kind, trips))
    model = changed(
        line_model(*range(n), depots=2),
        demand=dice.integers(1, 9, (n, 1)),
        service=dice.integers(0, 20, n),
        prize=np.where(np.isin(np.arange(n), left_out), 17.0, 0.0),
        required=~np.isin(np.arange(n), left_out),
    )
    fleet = Fleet(
        count=np.ones(kinds, np.int64),
        depot=np.array([0, 1, 1], np.int64),
        profile=np.array([0, 1, 0], np.int64),
        capacity=np.array(
            [
                [max(int(model.clients.demand[list(trip)].sum()) for trip in route.trips)]
                for route in routes
            ],
            np.int64,
        ),
        opens=dice.integers(0, 50, kinds),
        closes=np.full(kinds, NEVER, np.int64),
        max_duration=np.full(kinds, NEVER, np.int64),
        fixed=dice.integers(0, 9, kinds).astype(np.float64),
        per_distance=dice.integers(1, 4, kinds).astype(np.float64),
        per_duration=dice.integers(0, 3, kinds).astype(np.float64),
        overtime_after=dice.integers(0, 200, kinds),
        per_overtime=dice.integers(0, 3, kinds).astype(np.float64),
        max_trips=np.array([len(route.trips) for route in routes], np.int64),
        reload=dice.integers(0, 9, kinds),
        allowed=np.array([np.isin(np.arange(n), route.clients) for route in routes]),
    )
    made = replace(model, distance=duration, duration=duration.copy(), fleet=fleet)
    return _windowed(made, tuple(routes), dice), tuple(routes)


def _windowed(model: Model, routes: tuple[ModelRoute, ...], dice: np.random.Generator) -> Model:
    """Drive every route once, with waits, and close each window at the moment it is used."""
    earliest, latest, release = (np.zeros(len(model.clients), np.int64) for _ in range(3))
    latest[:] = NEVER
    closes, longest = model.fleet.closes.copy(), model.fleet.max_duration.copy()
    for route in routes:
        kind, now = route.kind, int(model.fleet.opens[route.kind])
        drive = model.duration[int(model.fleet.profile[kind])]
        for number, trip in enumerate(route.trips):
            now += int(dice.integers(0, 30))
            release[list(trip)] = now - dice.integers(0, 3, len(trip))
            release[trip[0]] = now  # the one the trip waits for
            now += int(model.fleet.reload[kind]) if number else 0
            node = int(model.fleet.depot[kind])
            for client in trip:
                now += int(drive[node, model.depots + client]) + int(dice.integers(0, 20))
                earliest[client] = latest[client] = now
                now += int(model.clients.service[client])
                node = model.depots + client
            now += int(drive[node, int(model.fleet.depot[kind])])
        closes[kind] = now
    made = changed(
        model, earliest=earliest, latest=latest, release=np.maximum(release, 0), closes=closes
    )
    for route in routes:
        longest[route.kind] = time_route(made, route)[0].duration
    return changed(made, max_duration=longest)


def without_road(model: Model, kind: int, a: int, b: int) -> Model:
    """Take one arc away from the trucks of a kind."""
    duration = model.duration.copy()
    duration[int(model.fleet.profile[kind]), a, b] = NO_ROAD
    return replace(model, duration=duration)
