"""From a plain model to the kernel's packed rows, and back to routes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.clock import RELOAD
from routing.model import NEVER, NO_ROAD, Model, ModelRoute
from routing.search.kernel.state import (
    CLOSES,
    DEMAND,
    EARLY,
    FIXED,
    FREE,
    FROM,
    HOME,
    KIND,
    KIND_FIELDS,
    LATE,
    LENGTH,
    MAX_DUR,
    MOST_TRIPS,
    NOWHERE,
    OPENING,
    OPENS,
    OVERTIME_AFTER,
    PER_DISTANCE,
    PER_DURATION,
    PER_OVERTIME,
    PRICE_FIELDS,
    PROFILE,
    RELOADS,
    ROOM,
    ROOM_MASS,
    ROW,
    SITE_FIELDS,
    STOCK,
    STOP_FIELDS,
    TIME,
    TIMED,
    TO,
    TRUCK,
    TRUCK_FIELDS,
    USED_TO,
    WEIGHT,
    Routes,
    World,
)  # fmt: skip

MOST_AROUND: Final = 400
"""Neighbours a ruin may spread over; keeps memory linear in the clients."""
WAIT_WEIGHT: Final = 0.2
"""A second of unavoidable waiting counts like this many of driving when neighbours are chosen."""


def build_world(
    model: Model,
    *,
    neighbours: int,
    fixed: NDArray[np.bool_] | None = None,
    stock: NDArray[np.int64] | None = None,
) -> World:
    """Pack a model. `fixed` clients are never taken off their truck; `stock` (clients,) names the
    kind of car taken from the depot's stock, -1 for none."""
    clients, reloads = model.clients, reload_nodes(model)
    first = model.depots + len(clients)
    nodes = int(reloads[-1])
    service = np.concatenate([np.zeros(model.depots, np.int64), clients.service])
    missing = (model.duration >= NO_ROAD) | (model.distance >= NO_ROAD)
    time = np.where(missing, NEVER + 1, model.duration + service[None, :, None])
    arcs = np.stack([model.distance, time], axis=-1, dtype=np.int32, casting="same_kind")
    if nodes > first:
        arcs = _with_reloads(model, arcs, reloads)
    sites = np.zeros((nodes, SITE_FIELDS), dtype=np.int32)
    sites[:, LATE] = NEVER
    sites[:, STOCK] = -1
    sites[first:, DEMAND] = -1
    sites[first:, FIXED] = 1
    rows = sites[model.depots : first]
    rows[:, EARLY] = clients.earliest
    rows[:, LATE] = np.minimum(clients.latest, NEVER)
    rows[:, DEMAND] = clients.demand[:, 0]
    if clients.demand.shape[1] > 1:
        rows[:, WEIGHT] = clients.demand[:, 1]
    if stock is not None:
        rows[:, STOCK] = stock
    if fixed is not None:
        rows[:, FIXED] = fixed
    fleet = model.fleet
    prices = np.zeros((len(fleet), PRICE_FIELDS))
    prices[:, OPENING] = fleet.fixed
    prices[:, PER_DISTANCE] = fleet.per_distance
    prices[:, PER_DURATION] = fleet.per_duration
    prices[:, PER_OVERTIME] = fleet.per_overtime
    near, around = _neighbours(model, time, neighbours)
    return World(
        depots=model.depots,
        arcs=arcs,
        arcs_to=np.ascontiguousarray(arcs.transpose(0, 2, 1, 3)),
        sites=sites,
        worth=np.stack([_penalty(model), _hardness(model)], axis=1),
        allowed=np.concatenate([fleet.allowed.T, np.ones((nodes - first, len(fleet)), np.bool_)]),
        prices=prices,
        near=near,
        around=around,
        reloads=reloads,
    )


def _with_reloads(
    model: Model, arcs: NDArray[np.int32], reloads: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Arcs with nodes for reloads: where their depot is, leaving after the time to reload."""
    homes = np.repeat(np.arange(model.depots), np.diff(reloads))
    here = np.concatenate([np.arange(arcs.shape[1]), homes])
    wider = np.ascontiguousarray(arcs[:, here][:, :, here])
    fleet = model.fleet
    takes = [fleet.reload[fleet.depot == home].min(initial=NEVER) for home in homes]
    wider[:, arcs.shape[1] :, :, TIME] += np.array(takes, dtype=np.int32)[None, :, None]
    return wider


def build_routes(
    model: Model,
    *,
    rows: Sequence[Sequence[int]] = (),
    stock: NDArray[np.int64] | None = None,
    width: int = 0,
) -> Routes:
    """Make an empty solution: trucks side by side, kind by kind.

    `rows` names each kind's trucks for the exact evaluator. `stock` is (depots, kinds of car).
    `width` bounds the stops of a route where the exact evaluator does.
    """
    fleet, clients = model.fleet, model.clients
    counts = [int(n) if rows else min(int(n), len(clients)) for n in fleet.count]
    ends = np.cumsum(counts)
    kinds = np.zeros((len(fleet), KIND_FIELDS), dtype=np.int64)
    kinds[:, TO] = ends
    kinds[:, FROM] = kinds[:, USED_TO] = kinds[:, FREE] = ends - counts
    kinds[:, OVERTIME_AFTER] = fleet.overtime_after
    kinds[:, MOST_TRIPS] = fleet.max_trips
    trucks = np.zeros((int(ends[-1]) if counts else 0, TRUCK_FIELDS), dtype=np.int64)
    kind = np.repeat(np.arange(len(fleet)), counts)
    trucks[:, KIND] = kind
    trucks[:, HOME] = fleet.depot[kind]
    trucks[:, PROFILE] = fleet.profile[kind]
    trucks[:, ROOM] = fleet.capacity[kind, 0]
    trucks[:, ROOM_MASS] = fleet.capacity[kind, 1] if fleet.capacity.shape[1] > 1 else NEVER
    trucks[:, OPENS] = fleet.opens[kind]
    trucks[:, CLOSES] = np.minimum(fleet.closes[kind], NEVER)
    trucks[:, MAX_DUR] = np.minimum(fleet.max_duration[kind], NEVER)
    timed = (fleet.max_duration < NEVER) | (fleet.per_duration > 0) | (fleet.per_overtime > 0)
    trucks[:, TIMED] = timed.any()  # a tail brings its durations along to another truck
    if rows:
        trucks[:, ROW] = [row for its in rows for row in its]
    stops = np.zeros((int(reload_nodes(model)[-1]), STOP_FIELDS), dtype=np.int32)
    stops[:, TRUCK] = NOWHERE
    return Routes(
        rows=np.zeros((len(trucks), width or _longest(model) + 2), dtype=np.int32),
        trucks=trucks,
        stops=stops,
        kinds=kinds,
        cost=np.zeros(len(trucks)),
        stock=np.zeros((model.depots, 0), np.int64) if stock is None else stock.copy(),
    )


def reload_nodes(model: Model) -> NDArray[np.int64]:
    """First node for the reloads of each depot, and the node behind the last."""
    fleet = model.fleet
    more = np.minimum(fleet.count, len(model.clients)) * (fleet.max_trips - 1)
    each = np.bincount(fleet.depot, weights=more, minlength=model.depots).astype(np.int64)
    ends = np.cumsum(np.minimum(each, len(model.clients)))
    return np.concatenate([[0], ends]) + model.depots + len(model.clients)


def set_routes(routes: Routes, model: Model, start: Sequence[ModelRoute]) -> NDArray[np.int64]:
    """Set a start; returns the nodes still to insert, hardest first.

    Raises:
        ValueError: more routes of a kind than trucks.
    """
    following = routes.kinds[:, FROM].copy()
    for route in start:
        k = following[route.kind]
        if k >= routes.kinds[route.kind, TO]:
            raise ValueError(f"the start has more routes of kind {route.kind} than trucks")
        following[route.kind] += 1
        put_at(routes, model.depots, int(k), route.clients)
    return waiting(routes, model)


def put_at(
    routes: Routes, depots: int, k: int, clients: Sequence[int], reloads: Sequence[int] = ()
) -> None:
    """Set the stops of one truck; `reloads` are the nodes for RELOAD entries among them."""
    node = iter(reloads)
    nodes = [next(node) if client == RELOAD else client + depots for client in clients]
    routes.rows[k, : len(nodes)] = nodes
    routes.trucks[k, LENGTH] = len(nodes)
    routes.trucks[k, RELOADS] = len(reloads)
    routes.stops[nodes, TRUCK] = k
    kind = routes.trucks[k, KIND]
    routes.kinds[kind, USED_TO] = max(routes.kinds[kind, USED_TO], k + 1)


def waiting(routes: Routes, model: Model) -> NDArray[np.int64]:
    """Nodes on no truck, dearest to leave out first, then hardest to place."""
    clients = routes.stops[model.depots : model.depots + len(model.clients)]
    nodes = np.flatnonzero(clients[:, TRUCK] == NOWHERE)
    hardness, penalty = _hardness(model)[nodes], _penalty(model)[nodes]
    return (nodes[np.lexsort((nodes, -hardness, -penalty))] + model.depots).astype(np.int64)


def read_routes(rows: NDArray[np.int32], length: NDArray[np.int64], routes: Routes, depots: int
) -> tuple[ModelRoute, ...]:  # fmt: skip
    """Turn the kernel's rows into routes."""
    return tuple(
        ModelRoute(
            int(routes.trucks[k, KIND]),
            (tuple(int(node) - depots for node in rows[k, : length[k]]),),
        )
        for k in np.flatnonzero(length)
    )


def _longest(model: Model) -> int:
    """Clients that the largest truck can take at most."""
    demand = np.sort(model.clients.demand[:, 0])
    room = int(model.fleet.capacity[:, 0].max(initial=0))
    return int(np.searchsorted(np.cumsum(demand), room, side="right"))


def _penalty(model: Model) -> NDArray[np.float64]:
    """What leaving a client out costs: its prize, or more than any detour for its sake."""
    fleet = model.fleet
    arc = float(model.distance.max(initial=0, where=model.distance < NEVER))
    duration = float(fleet.closes.max(initial=0) - fleet.opens.min(initial=0))
    detour = 4 * arc * fleet.per_distance.max(initial=0) + 2 * fleet.fixed.max(initial=0)
    detour += duration * (fleet.per_duration + fleet.per_overtime).max(initial=0)
    return np.where(model.clients.required, max(detour, 1.0), model.clients.prize)


def _hardness(model: Model) -> NDArray[np.float64]:
    """How much of the fleet a client cannot use, and how much of a truck it fills."""
    fleet, demand = model.fleet, model.clients.demand[:, 0]
    room = float(max(1, fleet.capacity[:, 0].max(initial=1)))
    trucks = fleet.count * np.maximum(1, fleet.capacity[:, 0])
    open_to = (fleet.allowed * trucks[:, None]).sum(axis=0) / max(1, trucks.sum())
    hardness: NDArray[np.float64] = demand / room + (1.0 - open_to)
    return hardness


def _neighbours(
    model: Model, time: NDArray[np.int64], neighbours: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Clients likely to come just before and just after each client, and those around it."""
    d, clients = model.depots, model.clients
    n = len(clients)
    arcs = model.distance.min(axis=0)[d:, d:].astype(np.float64)
    times = time.min(axis=0)[d:, d:].astype(np.float64)
    early, late = clients.earliest.astype(np.float64), clients.latest.astype(np.float64)
    waits = np.maximum(0, early[None, :] - times - late[:, None])
    warps = np.maximum(0, early[:, None] + times - late[None, :])
    drive = model.duration.min(axis=0)[d:, d:].astype(np.float64)
    apart = drive + WAIT_WEIGHT * waits + warps
    np.fill_diagonal(apart, np.inf)
    keep = min(neighbours, max(0, n - 1))
    before = np.argsort(apart.T, axis=1, kind="stable")[:, :keep] + d
    after = np.argsort(apart, axis=1, kind="stable")[:, :keep] + d
    np.fill_diagonal(arcs, np.inf)
    around = np.argsort(arcs, axis=1, kind="stable")[:, : min(MOST_AROUND, max(0, n - 1))] + d
    near = np.stack([before, after], axis=1)
    return np.ascontiguousarray(near, np.int32), np.ascontiguousarray(around, np.int32)
