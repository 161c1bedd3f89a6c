"""How the kernel anneals, chosen by the shape of a model and never by its name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from routing.model import NEVER, Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Temperatures in money per client; neighbours tried; stops taken out on average, longest
    string of them."""

    hot: float = 0.9
    cold: float = 0.09
    neighbours: int = 15
    mean_ruin: float = 10.0
    longest_string: float = 10.0


def recipe_for(model: Model) -> Recipe:
    """Choose by shape: how long routes are, what binds them."""
    fleet, clients = model.fleet, model.clients
    if bool((fleet.max_duration < NEVER).any()) or model.depots > 1:
        return Recipe(hot=0.9, cold=0.09)
    if bool((clients.latest < NEVER).any()):
        if _long_routes(model):
            return Recipe(hot=0.3, cold=0.03)
        return Recipe(hot=0.9, cold=0.09)
    return Recipe(hot=0.3, cold=0.015)


def _long_routes(model: Model) -> bool:
    """Whether trucks could carry some thirty clients each or more."""
    demand = float(model.clients.demand[:, 0].mean()) if len(model.clients) else 1.0
    room = float(np.median(model.fleet.capacity[:, 0]))
    return room / max(demand, 1e-9) > 30
