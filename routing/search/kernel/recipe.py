"""How the kernel anneals, chosen by the shape of a model and never by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from routing.model import Model
from routing.search.engines.shape import Shape

SMALL: Final = 150


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
    """Choose by shape: what binds routes, and how long they are."""
    shape = Shape.of(model)
    if shape.restricted > 0 and shape.clients < SMALL and not shape.mixed_fleet:
        return Recipe(hot=0.5, cold=0.03)
    if shape.duration_bound:
        return Recipe(hot=0.9, cold=0.09)
    if shape.windows > 0 and shape.mixed_fleet:
        return Recipe(hot=0.3, cold=0.03)
    if shape.windows > 0 and shape.long_routes:
        return Recipe(hot=0.3, cold=0.03, neighbours=40 if shape.clustered else 15)
    if shape.windows > 0:
        return Recipe(hot=0.9, cold=0.09)
    return Recipe(hot=0.3, cold=0.015)
