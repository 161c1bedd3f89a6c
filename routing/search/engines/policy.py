"""Which engine plans which model: the one place where that is decided, by features alone."""

from __future__ import annotations

from typing import Final

from routing.model import Model
from routing.search.engines.protocol import Engine
from routing.search.engines.registry import engines
from routing.search.engines.relay import Relay
from routing.search.engines.shape import Shape

KERNEL_SHARE: Final = 2 / 3
"""Of the budget, where PyVRP finishes: with a third it takes long routes from 1.5-2.4 % to 1.0 %
above the best known, at a thousand stops in a minute (second prototype)."""
KERNEL_STEPS: Final = 60
"""Steps the kernel makes while PyVRP makes one iteration, at a thousand stops."""


def choose_engine(model: Model) -> Engine:
    """Choose by the shape of the model.

    Several trips: PyVRP, which plans reloads. Long routes: the kernel, and PyVRP for the last
    third, as its moves along a route are the stronger. Everything else: the kernel.
    """
    return engine_for(Shape.of(model))


def engine_for(shape: Shape) -> Engine:
    """Choose for a shape."""
    make = engines()
    if shape.several_trips:
        return make["pyvrp"]()
    kernel = make["kernel"]()
    if shape.long_routes:
        return Relay(first=kernel, second=make["pyvrp"](), share=KERNEL_SHARE, weight=KERNEL_STEPS)
    return kernel
