"""The kernel's books, kept again by hand: every figure in its rows from the sequences alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from routing.benchmarks.checker import check_routes, time_route
from routing.model import Model, ModelRoute
from routing.search.budget import Iterations
from routing.search.kernel import anneal, build, exact, recipe, run, state


def searched(
    model: Model, *, steps: int, seed: int, start: Sequence[ModelRoute] = ()
) -> run.Annealing:
    """Search a plain model for some steps."""
    settings = recipe.Recipe(neighbours=4)
    routes = build.build_routes(model)
    world = build.build_world(model, neighbours=settings.neighbours)
    search = run.Annealing(model, world, routes, exact.no_exact(), settings, seed=seed)
    search.begin(build.set_routes(routes, model, start))
    search.run(
        Iterations(steps), rounds=steps, cancelled=lambda: False, after_round=lambda standing: None
    )
    return search


def faults_in_books(model: Model, search: run.Annealing) -> list[str]:
    """Say what does not add up, in the routes as they are and in the best ones met."""
    routes, world = search.routes, search.world
    rows = [routes.rows[k, :n].tolist() for k, n in enumerate(routes.trucks[:, state.LENGTH])]
    found = [fault for k, row in enumerate(rows) for fault in _route(model, search, k, row)]
    on_board = [node for row in rows for node in row]
    if len(set(on_board)) != len(on_board):
        found.append("a client is on board twice")
    absent = set(range(model.depots, model.depots + len(model.clients))) - set(on_board)
    found += [f"node {node} is absent with a truck" for node in absent
              if routes.stops[node, state.TRUCK] >= 0]  # fmt: skip
    prices = sum(float(world.worth[node - model.depots, state.PENALTY]) for node in absent)
    if not np.isclose(search.tally.cost[0], routes.cost.sum() + prices):
        found.append(
            f"tally {search.tally.cost[0]}, routes and absent {routes.cost.sum() + prices}"
        )
    if search.tally.counts[anneal.LEFT_OUT] != len(absent):
        found.append(f"{search.tally.counts[anneal.LEFT_OUT]} counted left out, not {len(absent)}")
    if search.tally.counts[anneal.USED] != sum(bool(row) for row in rows):
        found.append("trucks in use are miscounted")
    return found + list(_kinds(search, rows)) + _best(model, search)


def _route(model: Model, search: run.Annealing, k: int, row: list[int]) -> Iterator[str]:
    routes, depots = search.routes, model.depots
    truck = routes.trucks[k]
    kind, home = int(truck[state.KIND]), int(truck[state.HOME])
    if not row:
        return
    route = ModelRoute(kind, (tuple(node - depots for node in row),))
    report = check_routes(model, [route])
    yield from (f"truck {k}: {fault}" for fault in report.faults)
    missed = sum(
        float(model.clients.prize[client])
        for client in range(len(model.clients))
        if client not in route.clients and not model.clients.required[client]
    )
    if not np.isclose(report.cost - missed, routes.cost[k]):
        yield f"truck {k} costs {report.cost - missed}, kept {routes.cost[k]}"
    profile = int(model.fleet.profile[kind])
    drive, roads = model.duration[profile].astype(int), model.distance[profile].astype(int)
    service = [0] * depots + model.clients.service.tolist()
    now, cum, load, before = int(model.fleet.opens[kind]), 0, 0, home
    begins = []
    for at, node in enumerate(row):
        stop, client = routes.stops[node], node - depots
        now = max(now + service[before] + int(drive[before, node]),
                  int(model.clients.earliest[client]))  # fmt: skip
        cum += int(roads[before, node])
        load += int(model.clients.demand[client, 0])
        follows = row[at + 1] if at + 1 < len(row) else home
        expected = {
            state.BEGIN: now, state.ARC: int(roads[before, node]), state.CUM: cum,
            state.LOAD: load, state.POS: at, state.PREV: before, state.NEXT: follows,
            state.TRUCK: k,
        }  # fmt: skip
        for field, value in expected.items():
            if stop[field] != value:
                yield f"node {node}, field {field}: {stop[field]} kept, {value} counted"
        begins.append(now)
        before = node
    due = int(model.fleet.closes[kind])
    follows = home
    for node in reversed(row):
        due = min(due - service[node] - int(drive[node, follows]),
                  int(model.clients.latest[node - depots]))  # fmt: skip
        if routes.stops[node, state.LATEST] != due:
            yield f"node {node} latest {routes.stops[node, state.LATEST]} kept, {due} counted"
        follows = node
    totals = {
        state.DIST: cum + int(roads[row[-1], home]), state.BACK: int(roads[row[-1], home]),
        state.ON_BOARD: load,
    }  # fmt: skip
    if truck[state.TIMED]:
        totals[state.DUR] = time_route(model, route)[0].duration
        yield from _joints(model, search, row, int(totals[state.DUR]), drive, service)
    for field, value in totals.items():
        if truck[field] != value:
            yield f"truck {k}, field {field}: {truck[field]} kept, {value} counted"


def _joints(
    model: Model, search: run.Annealing, row: list[int], duration: int, drive: np.ndarray,
    service: list[int],
) -> Iterator[str]:  # fmt: skip
    """Front and back of a route, joined anywhere, are as long as the whole."""
    for one, two in pairwise(row):
        front, back = search.routes.stops[one], search.routes.stops[two]
        there = int(front[state.DUR_IN]) + service[one] + int(drive[one, two])
        wait = max(int(back[state.FIRST_OUT]) - there - int(front[state.LAST_IN]), 0)
        joined = there + wait + int(back[state.DUR_OUT])
        if joined != duration:
            yield f"joined at {one}-{two} {joined}, the whole is {duration}"


def _kinds(search: run.Annealing, rows: list[list[int]]) -> Iterator[str]:
    """No free truck below FREE, none in use at or above USED_TO."""
    kinds = search.routes.kinds
    for kind in range(len(kinds)):
        first, last = int(kinds[kind, state.FROM]), int(kinds[kind, state.TO])
        for k in range(first, last):
            if not rows[k] and k < kinds[kind, state.FREE]:
                yield f"truck {k} is free, but below FREE"
            if rows[k] and k >= kinds[kind, state.USED_TO]:
                yield f"truck {k} is used, but not below USED_TO"


def _best(model: Model, search: run.Annealing) -> list[str]:
    best, worth = search.best, search.world.worth
    routes = build.read_routes(best.rows, best.length, search.routes, model.depots)
    report = check_routes(model, routes)
    prices = sum(float(worth[client, state.PENALTY]) for client in report.unserved)
    found = list(report.faults)
    if not np.isclose(report.cost + prices, search.cost):
        found.append(f"the best costs {report.cost + prices}, kept {search.cost}")
    if search.cost > search.tally.cost[0] + 1e-6:
        found.append("the best is dearer than the routes as they are")
    return found
