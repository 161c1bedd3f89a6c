"""Repair the borders: two neighbouring areas of a warehouse planned as one, from both plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from routing.clock import RELOAD
from routing.scale.merge import PlannedPart
from routing.scale.parts import Part, joined
from routing.search.solution import Solution
from routing.trips import tidied

if TYPE_CHECKING:
    from routing.domain.request import PlanRequest
    from routing.plan import Plan

Price = tuple[int, int]


def neighbours(parts: Sequence[Part]) -> list[tuple[int, int]]:
    """Pair the areas of every warehouse with the next one around it, each in one pair at most."""
    of_house: dict[str, list[int]] = defaultdict(list)
    for number, part in enumerate(parts):
        if part.area:
            of_house[next(iter(part.bays))].append(number)
    return [
        (one, other)
        for its in of_house.values()
        for one, other in zip(its[::2], its[1::2], strict=False)
    ]


def start_of(pair: Part, plans: Sequence[Plan]) -> Solution:
    """The routes of both areas in rows of the pair, without their times."""
    trucks = {
        truck.id: row
        for row, truck in enumerate(each for each in pair.request.trucks if each.driver_id)
    }
    orders = {order.id: row for row, order in enumerate(pair.request.orders)}
    sequences = {}
    for plan in plans:
        for route in plan.routes:
            halts: list[int] = []
            for trip in route.trips:
                halts += [RELOAD, *(orders[stop.order_id] for stop in trip.stops)]
            sequences[trucks[route.truck_id]] = tidied(halts)
    return Solution(sequences=MappingProxyType(dict(sorted(sequences.items()))))


def pair_of(request: PlanRequest, parts: Sequence[Part], at: tuple[int, int]) -> Part:
    """Join two areas."""
    return joined(request, parts[at[0]], parts[at[1]])


def repaired(
    request: PlanRequest,
    parts: Sequence[PlannedPart],
    pairs: Sequence[tuple[tuple[int, int], PlannedPart]],
    faulty: Collection[str],
) -> tuple[list[PlannedPart], dict[str, int]]:
    """Take a pair's plan in the place of its areas' where it is cheaper, and its audit as clean.

    `faulty` names the parts that the auditor found something in. Answers the parts, and how many
    fen each pair that was taken saved.
    """
    saved: dict[str, int] = {}
    instead: dict[int, PlannedPart | None] = {}
    for (one, other), pair in pairs:
        before = [price_of(request, parts[at].plan) for at in (one, other)]
        promises, fen = (sum(each) for each in zip(*before, strict=True))
        after = price_of(request, pair.plan)
        found = any(parts[at].part.name in faulty for at in (one, other))
        if (pair.part.name in faulty, *after) < (found, promises, fen):
            instead |= {one: pair, other: None}
            saved[pair.part.name] = fen - after[1]
    kept = [instead.get(at, part) for at, part in enumerate(parts)]
    return [part for part in kept if part is not None], saved


def price_of(request: PlanRequest, plan: Plan) -> Price:
    """Promises and locked orders left behind, then fen: the bill, what weighs beside it, changes,
    and what is left behind at its price."""
    bound = {lock.order_id for lock in request.locks.orders}
    bound |= {name for lock in request.locks.held for name in lock.orders}
    worth = {each.id: request.policy.left_behind[each.priority] for each in request.orders}
    return (
        sum(left.promised or left.order_id in bound for left in plan.left_behind),
        int(plan.cost_minor)
        + sum(int(route.soft.total) for route in plan.routes)
        + sum(int(change.cost_minor) for change in plan.changes)
        + sum(int(worth[left.order_id]) for left in plan.left_behind),
    )


def named(part: PlannedPart) -> PlannedPart:
    """Say of every step of a part whose it is."""
    made = part.plan.provenance
    steps = tuple(f"[{part.part.name}] {step}" for step in made.steps)
    return replace(part, plan=replace(part.plan, provenance=replace(made, steps=steps)))
