"""What a route gives up when not all of its stops can be promised a slot: the least bound."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from routing.clock import RELOAD
from routing.inserting import cost_of
from routing.narrowing import SlottedRoute, slot_route
from routing.problem import Problem
from routing.rules.locks import FREE
from routing.trips import orders_of, tidied, trips_of


def slotted_route(
    problem: Problem, truck: int, sequence: tuple[int, ...], departs: int, given_up: list[int]
) -> SlottedRoute | None:
    """Promise slots along a route, without the orders that cannot have one (added to `given_up`).

    None when nothing is left of it.
    """
    while sequence:
        found = slot_route(problem, truck, sequence, departs)
        if found is not None:
            return found
        order = _to_give_up(problem, truck, sequence, departs)
        sequence = without(sequence, order, given_up)
    return None


def without(sequence: tuple[int, ...], order: int, given_up: list[int]) -> tuple[int, ...]:
    """Give up an order; a route whose first trip is lost is given up as a whole: it was loaded
    for that trip."""
    rest = tidied([entry for entry in sequence if entry != order])
    lost = orders_of(rest) if trips_of(sequence)[0] == (order,) else ()
    given_up += [order, *lost]
    return () if lost else rest


def without_later(sequence: tuple[int, ...], trip: int, given_up: list[int]) -> tuple[int, ...]:
    """Cut a sequence before a trip; the orders from there on are given up."""
    trips = trips_of(sequence)
    given_up.extend(order for later in trips[trip:] for order in later)
    return tidied([entry for kept in trips[:trip] for entry in (*kept, RELOAD)])


def _to_give_up(problem: Problem, truck: int, sequence: tuple[int, ...], departs: int) -> int:
    """Choose the order without which the route holds; of several the one that costs least.

    A promise or a lock only where giving up all others would not save them. Where no single order
    helps, one goes without which the shortest beginning that fails holds: what comes later is not
    to blame for it.
    """

    def holds(orders: Iterable[int]) -> bool:
        rest = tidied(list(orders))
        return not rest or slot_route(problem, truck, rest, departs) is not None

    def helping(some: Collection[int], entries: tuple[int, ...]) -> list[int]:
        return [order for order in some if holds(each for each in entries if each != order)]

    def lost(order: int) -> int:
        gone: list[int] = []
        rest = without(sequence, order, gone)
        roads = (cost_of(problem.tables, truck, rest) or 0) if rest else 0
        return sum(int(problem.tables.penalty[each]) for each in gone) + roads

    free = [order for order in orders_of(sequence) if not _is_bound(problem, order)]
    if one := helping(free, sequence):
        return min(one, key=lost)
    failing = _shortest_failing(sequence, holds)
    loose = [order for order in orders_of(failing) if order in free]
    bound = tuple(entry for entry in failing if entry not in loose)
    if one := helping(loose, failing):
        return min(one, key=lost)
    if loose and holds(bound):
        return loose[-1]
    held = orders_of(bound)
    one = helping(held, failing) or helping(held, bound) or [held[-1]]
    return min(one, key=lost)


def _shortest_failing(
    sequence: tuple[int, ...], holds: Callable[[Iterable[int]], bool]
) -> tuple[int, ...]:
    """Find the shortest beginning of a route that cannot be slotted; the whole fails."""
    lengths = range(1, len(sequence))
    return next((sequence[:n] for n in lengths if not holds(sequence[:n])), sequence)


def _is_bound(problem: Problem, order: int) -> bool:
    locked = int(problem.tables.locks.truck[order]) != FREE
    return problem.layout.orders[order].promised or locked
