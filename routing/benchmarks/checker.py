"""Checks routes against a plain model, one by one, in plain Python. No engine wrote any of it.

The duration of a route is the shortest its order of stops allows: the departure is put off as far
as no window is missed (forward time slack; Savelsbergh 1992). A reload is a stop at the depot that
opens when the last client of the next trip is released.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.model import NO_ROAD, Model, ModelRoute


@dataclass(frozen=True, slots=True)
class Timing:
    """When a route ends at the earliest, and how long it is with the latest departure for that."""

    returns: int
    duration: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What routes cost by the model's money, prizes missed included, and what is wrong with them.

    `unserved` are required clients on no route; they make it infeasible and cost nothing here.
    """

    cost: float
    unserved: tuple[int, ...]
    faults: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Nothing broken and nobody left behind."""
        return not self.faults and not self.unserved


def check_routes(model: Model, routes: Sequence[ModelRoute]) -> Report:
    """Recompute everything; routes without a client count as unused trucks."""
    used = [route for route in routes if route.clients]
    faults = list(_outside(model, used))
    if faults:
        return Report(cost=0.0, unserved=(), faults=tuple(faults))
    visits = Counter(client for route in used for client in route.clients)
    faults += [f"client {each} is served {n} times" for each, n in sorted(visits.items()) if n > 1]
    for kind, trucks in sorted(Counter(route.kind for route in used).items()):
        if trucks > int(model.fleet.count[kind]):
            faults.append(f"{trucks} trucks of kind {kind}, there are {model.fleet.count[kind]}")
    cost = 0.0
    for at, route in enumerate(used):
        paid, wrong = _route(model, route)
        cost += paid
        faults += [f"route {at} (kind {route.kind}): {each}" for each in wrong]
    missed = [each for each in range(len(model.clients)) if each not in visits]
    unserved = tuple(each for each in missed if model.clients.required[each])
    cost += sum(float(model.clients.prize[each]) for each in missed if each not in set(unserved))
    return Report(cost=cost, unserved=unserved, faults=tuple(faults))


def time_route(model: Model, route: ModelRoute) -> tuple[Timing, list[str]]:
    """Run through a route as early as possible, and say which windows and roads it breaks."""
    fleet, clients, kind = model.fleet, model.clients, route.kind
    drive = model.duration[int(fleet.profile[kind])]
    depot, closes = int(fleet.depot[kind]), int(fleet.closes[kind])
    faults = []
    departure = now = max(int(fleet.opens[kind]), _released(model, route.trips[0]))
    slack, waited = closes - now, 0  # how far the departure could move; time lost waiting
    for number, trip in enumerate(route.trips):
        if number:
            start = max(now, _released(model, trip))
            waited += start - now
            slack = min(slack, closes - start + waited)
            now = start + int(fleet.reload[kind])
        node = depot
        for client in trip:
            leg = int(drive[node, model.depots + client])
            if leg >= NO_ROAD:
                faults.append(f"no road to client {client}")
            arrival = now + leg
            start = max(arrival, int(clients.earliest[client]))
            late = start - int(clients.latest[client])
            if late > 0:
                faults.append(f"client {client} is {late} late")
            waited += start - arrival
            slack = min(slack, waited - late)
            now = start + int(clients.service[client])
            node = model.depots + client
        leg = int(drive[node, depot])
        if leg >= NO_ROAD:
            faults.append("no road home")
        now += leg
    if now > closes:
        faults.append(f"back {now - closes} late")
    slack = min(slack, closes - now + waited)
    return Timing(now, now - departure - max(0, min(slack, waited))), faults


def _route(model: Model, route: ModelRoute) -> tuple[float, list[str]]:
    """What one route costs, and what is wrong with it."""
    fleet, kind = model.fleet, route.kind
    timing, faults = time_route(model, route)
    if len(route.trips) > int(fleet.max_trips[kind]):
        faults.append(f"{len(route.trips)} trips, {fleet.max_trips[kind]} allowed")
    if timing.duration > int(fleet.max_duration[kind]):
        faults.append(f"{timing.duration - int(fleet.max_duration[kind])} too long")
    faults += [
        f"client {each} is not allowed" for each in route.clients if not fleet.allowed[kind, each]
    ]
    for number, trip in enumerate(route.trips):
        faults += _overload(model, kind, number, trip)
    overtime = max(0, timing.duration - int(fleet.overtime_after[kind]))
    cost = (
        float(fleet.fixed[kind])
        + float(fleet.per_distance[kind]) * _distance(model, route)
        + float(fleet.per_duration[kind]) * timing.duration
        + float(fleet.per_overtime[kind]) * overtime
    )
    return cost, faults


def _overload(model: Model, kind: int, number: int, trip: tuple[int, ...]) -> list[str]:
    faults = []
    for dimension, room in enumerate(model.fleet.capacity[kind].tolist()):
        load = sum(int(model.clients.demand[each, dimension]) for each in trip)
        if load > room:
            faults.append(f"trip {number} loads {load} of {room} in dimension {dimension}")
    return faults


def _distance(model: Model, route: ModelRoute) -> int:
    matrix = model.distance[int(model.fleet.profile[route.kind])]
    depot, total = int(model.fleet.depot[route.kind]), 0
    for trip in route.trips:
        nodes = [depot, *(model.depots + client for client in trip), depot]
        total += sum(int(matrix[a, b]) for a, b in pairwise(nodes))
    return total


def _released(model: Model, trip: tuple[int, ...]) -> int:
    return max((int(model.clients.release[each]) for each in trip), default=0)


def _outside(model: Model, routes: Iterable[ModelRoute]) -> Iterable[str]:
    """Numbers that name no kind or no client."""
    for at, route in enumerate(routes):
        if not 0 <= route.kind < len(model.fleet):
            yield f"route {at}: there is no kind {route.kind}"
        for client in route.clients:
            if not 0 <= client < len(model.clients):
                yield f"route {at}: there is no client {client}"
