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
KERNEL_SHARE_UP_TO: Final = 400
"""Clients up to which the kernel has all of its share. Beyond, PyVRP makes fewer iterations a
second and needs more of them: with 1,000 clients a tenth for the kernel ends at 0.7 %, three
tenths at 1.1 %, none at 1.5 % (a scattered and clustered instance, a minute of the processor)."""
KERNEL_DIMENSIONS: Final = 2
"""Dimensions of load that the kernel knows."""


def choose_engine(model: Model) -> Engine:
    """Choose by the shape of the model.

    Several trips, releases or more loads than the kernel knows: PyVRP. Long routes: the kernel,
    and PyVRP for the rest, as its moves along a route are the stronger: a third, more of it
    where clients are many. Else: the kernel.
    """
    return engine_for(Shape.of(model))


def engine_for(shape: Shape) -> Engine:
    """Choose for a shape."""
    make = engines()
    if shape.several_trips or shape.released or shape.dimensions > KERNEL_DIMENSIONS:
        return make["pyvrp"]()
    kernel = make["kernel"]()
    if shape.long_routes:
        return Relay(
            first=kernel,
            second=make["pyvrp"](),
            share=_kernel_share(shape.clients),
            weight=_kernel_steps(shape.clients),
        )
    return kernel


def _kernel_share(clients: int) -> float:
    """Share of the budget for the kernel where PyVRP finishes."""
    return KERNEL_SHARE * min(1.0, KERNEL_SHARE_UP_TO / max(1, clients)) ** 2


def _kernel_steps(clients: int) -> int:
    """Steps the kernel makes while PyVRP makes one iteration of its own.

    On long routes PyVRP made 759 a CPU second with 400 clients and 164 to 248 with 1,000; the
    kernel makes some 70,000 with either.
    """
    return max(1, clients // 3)
