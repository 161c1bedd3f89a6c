"""What an engine is: a plain model and a budget in, routes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from routing.errors import RoutingError
from routing.model import Model, ModelRoute
from routing.search.budget import Budget


class EngineCannot(RoutingError):
    """A model says something that an engine has no words for; another engine may."""

    def __init__(self, engine: str, feature: str) -> None:
        super().__init__(f"engine {engine} cannot plan with {feature}: choose another engine")
        self.engine = engine
        self.feature = feature

    def __reduce__(self) -> tuple[type[EngineCannot], tuple[str, str]]:
        """Cross from the solver's process with its parts, not with the message made of them."""
        return EngineCannot, (self.engine, self.feature)


class EngineMissing(RoutingError):
    """The library of an engine is not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incumbent:
    """The best an engine has so far: its cost by the engine's own count, clients left out."""

    share: float
    cost: float
    unserved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineResult:
    """What an engine brings back. `routes` is empty when it found no feasible plan.

    Every route is feasible. A required client that no route serves could not be served.

    `pool` holds further routes it met, for a master to choose from. `seconds` is search, not
    compilation.
    """

    routes: tuple[ModelRoute, ...]
    iterations: int
    seconds: float
    pool: tuple[ModelRoute, ...] = ()


class Engine(Protocol):
    """A way to plan. Same model, seed, start and iteration budget: same routes."""

    @property
    def name(self) -> str:
        """As plans and tables show it."""
        ...

    def solve(
        self,
        model: Model,
        *,
        budget: Budget,
        seed: int,
        start: Sequence[ModelRoute] = (),
        cancelled: Callable[[], bool] = lambda: False,
        on_incumbent: Callable[[Incumbent], None] = lambda incumbent: None,
    ) -> EngineResult:
        """Plan from a start, or from nothing."""
        ...
