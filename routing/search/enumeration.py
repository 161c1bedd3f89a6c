"""Every route of a truck over a few orders, by the exact evaluator; compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.clock import DEAD
from routing.compiled import entry
from routing.problem import Tables
from routing.route_cost import deck_fits, route_cost
from routing.schedule import Scratch


@entry
def enumerate_routes(
    p: Tables,
    patient: Tables,
    k: int,
    orders: NDArray[np.int64],
    most_nodes: int,
    rows: NDArray[np.int32],
    length: NDArray[np.int64],
    head: NDArray[np.int64],
    scratch: Scratch,
) -> int:
    """Write every route of truck k that has a schedule and costs no more than leaving its orders.

    `patient` is the day with which a beginning that has no schedule has none whatever follows.
    Returns the nodes looked at, or DEAD when they, or the room in `rows`, did not suffice;
    `head[0]` counts the routes.
    """
    n = len(orders)
    cap = min(n, p.deck.positions[p.deck.deck_of[k]])
    seq = np.zeros(n + 1, dtype=np.int32)
    at = np.full(n + 1, -1, dtype=np.int64)
    used = np.zeros(n, dtype=np.bool_)
    nodes, depth, worth = 0, 0, 0
    while depth >= 0:
        at[depth] += 1
        i = at[depth]
        if i == n:
            depth -= 1
            if depth >= 0:
                used[at[depth]] = False
                worth -= p.penalty[orders[at[depth]]]
            continue
        if used[i] or not p.allowed[k, orders[i]]:
            continue
        seq[depth] = orders[i]
        m = depth + 1
        nodes += 1
        if nodes > most_nodes:
            return DEAD
        if not deck_fits(p, k, seq, m):
            continue
        cost = route_cost(p, k, seq, m, scratch)
        if cost != DEAD and cost <= worth + p.penalty[orders[i]]:
            if head[0] == len(length):
                return DEAD
            for j in range(m):
                rows[head[0], j] = seq[j]
            length[head[0]] = m
            head[0] += 1
        elif cost == DEAD and route_cost(patient, k, seq, m, scratch) == DEAD:
            continue
        if m < cap:
            used[i] = True
            worth += p.penalty[orders[i]]
            depth += 1
            at[depth] = -1
    return nodes
