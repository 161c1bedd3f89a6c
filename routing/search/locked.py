"""Where a search sets out from when locks say what is on a truck."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from routing.clock import RELOAD
from routing.problem import Tables
from routing.search.solution import Solution
from routing.trips import orders_of, tidied


def locked_sequences(p: Tables) -> dict[int, tuple[int, ...]]:
    """Sequences of order rows that locks put on trucks, by truck row."""
    sequences: dict[int, tuple[int, ...]] = {}
    for truck in np.flatnonzero(p.locks.ranked):
        mine = np.flatnonzero((p.locks.truck == truck) & p.locks.fixed)
        in_sequence = mine[np.argsort(p.locks.rank[mine])]
        sequences[int(truck)] = tuple(int(order) for order in in_sequence)
    return sequences


def with_locked(p: Tables, start: Solution) -> Solution:
    """Put locked orders where they belong; a truck of a start that breaks a lock carries only
    those, and its other orders wait."""
    sequences = dict(start.sequences)
    for truck, locked in locked_sequences(p).items():
        if not _keeps(p, truck, sequences.get(truck, ()), locked):
            sequences[truck] = locked
    fixed = p.locks.fixed
    placed = {
        truck: tidied(
            [
                order
                for order in orders
                if order == RELOAD or not fixed[order] or int(p.locks.truck[order]) == truck
            ]
        )
        for truck, orders in sequences.items()
    }
    return Solution(
        sequences=MappingProxyType({truck: orders for truck, orders in placed.items() if orders})
    )


def _keeps(p: Tables, truck: int, orders: tuple[int, ...], locked: tuple[int, ...]) -> bool:
    orders = orders_of(orders)
    ranked = tuple(order for order in orders if order in locked)
    prefix = int(p.locks.prefix[truck])
    return (
        ranked == locked
        and orders[:prefix] == locked[:prefix]
        and not (p.locks.frozen[truck] and orders != locked)
    )
