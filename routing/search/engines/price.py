"""What a route of a plain model costs, and whether it may be driven: the engines' common yardstick.

Engines count each in their own way. What they bring back is weighed here, so that a start is never
exchanged for something worse. Checkers share no code with this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from routing.model import NO_ROAD, Model, ModelRoute


@dataclass(frozen=True, slots=True, order=True)
class PlanPrice:
    """Plans in order of merit: required clients left out first, money second.

    `cost` holds the prizes of optional clients left out; it is `inf` for a plan that may not be
    driven.
    """

    missing: int
    cost: float


def price_plan(model: Model, routes: Sequence[ModelRoute]) -> PlanPrice:
    """Weigh a plan."""
    served = np.zeros(len(model.clients), dtype=np.int64)
    used = np.zeros(len(model.fleet), dtype=np.int64)
    cost = 0.0
    for route in routes:
        used[route.kind] += 1
        for client in route.clients:
            served[client] += 1
        cost += price_route(model, route)
    if (served > 1).any() or (used > model.fleet.count).any():
        cost = inf
    left_out = served == 0
    missing = int((left_out & model.clients.required).sum())
    prizes = float(model.clients.prize[left_out & ~model.clients.required].sum())
    return PlanPrice(missing, cost + prizes)


def better_plan(model: Model, *plans: Sequence[ModelRoute]) -> tuple[ModelRoute, ...]:
    """Choose the plan of the most merit, the first of equals; none when none may be driven."""
    best = min(plans, key=lambda plan: price_plan(model, plan))
    return tuple(best) if price_plan(model, best).cost < inf else ()


def unserved(model: Model, routes: Iterable[ModelRoute]) -> int:
    """Clients, required or not, that no route serves."""
    return len(model.clients) - len({client for route in routes for client in route.clients})


def price_route(model: Model, route: ModelRoute) -> float:
    """Money of one truck that departs as late as its earliest return allows; `inf` if it may not.

    A departure at t returns at `max(finish, t + length)` as long as t is at most `latest`. So
    `finish` is the earliest return, and the shortest way takes `max(length, finish - latest)`.
    """
    fleet, kind, trips = model.fleet, route.kind, [trip for trip in route.trips if trip]
    if not trips:
        return 0.0
    if len(trips) > fleet.max_trips[kind] or not fleet.allowed[kind, list(route.clients)].all():
        return inf
    clients, profile, depot = model.clients, fleet.profile[kind], int(fleet.depot[kind])
    metres, seconds = model.distance[profile], model.duration[profile]
    finish, length, distance = int(fleet.opens[kind]), 0, 0
    latest = int(fleet.closes[kind])
    for number, trip in enumerate(trips):
        rows = list(trip)
        if (clients.demand[rows].sum(axis=0) > fleet.capacity[kind]).any():
            return inf
        reload = int(fleet.reload[kind]) if number else 0
        length += reload
        finish = max(finish, int(clients.release[rows].max())) + reload  # what is there is loaded
        here = depot
        for client in (*trip, -1):
            there = depot if client < 0 else model.depots + client
            if metres[here, there] >= NO_ROAD or seconds[here, there] >= NO_ROAD:
                return inf
            distance += int(metres[here, there])
            length += int(seconds[here, there])
            finish += int(seconds[here, there])
            here = there
            if client < 0:
                continue
            if finish > clients.latest[client]:
                return inf
            latest = min(latest, int(clients.latest[client]) - length)
            finish = max(finish, int(clients.earliest[client])) + int(clients.service[client])
            length += int(clients.service[client])
    latest = min(latest, int(fleet.closes[kind]) - length)
    duration = max(length, finish - latest)
    if finish > fleet.closes[kind] or duration > fleet.max_duration[kind]:
        return inf
    overtime = max(0, duration - int(fleet.overtime_after[kind]))
    return float(
        fleet.fixed[kind]
        + fleet.per_distance[kind] * distance
        + fleet.per_duration[kind] * duration
        + fleet.per_overtime[kind] * overtime
    )
