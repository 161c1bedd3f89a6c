"""Several beginnings of one search, the best of which goes on.

On a mixed fleet the first insertion decides on how large the trucks are, and annealing changes
that slowly: opened without regard for room, one public instance stays 2 % above the best known,
opened with some 0.4 %.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from routing.model import Model
from routing.search.budget import Budget
from routing.search.kernel.run import Annealing

OPENINGS: Final = (0.0, 0.1, 0.2, 0.4, 0.7, 1.0)
"""How much room counts when trucks are opened."""
SHARE_OF_EACH: Final = 0.02
"""Of the budget, for each beginning to settle."""


def best_opening(
    begun: Callable[[float], Annealing],
    budget: Budget,
    *,
    rounds: int,
    cancelled: Callable[[], bool],
) -> Annealing:
    """Let searches that `begun` makes by their regard for room settle; choose the cheapest, the
    first of equals. Its steps are those of them all."""
    tried = []
    for opening in OPENINGS:
        search = begun(opening)
        search.settle(budget.part(SHARE_OF_EACH), rounds=rounds, cancelled=cancelled)
        tried.append(search)
    best = min(tried, key=lambda search: search.cost)
    best.steps = sum(search.settled for search in tried)
    return best


def has_choice(model: Model) -> bool:
    """Tell whether trucks of several sizes may be opened."""
    fleet = model.fleet
    return len({tuple(row) for row in fleet.capacity[fleet.count > 0].tolist()}) > 1
