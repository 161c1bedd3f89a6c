"""Two engines after each other: the second goes on from what the first has found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from routing.model import Model, ModelRoute
from routing.search.budget import Budget
from routing.search.engines.price import better_plan
from routing.search.engines.protocol import Engine, EngineResult, Incumbent


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """`first` has `share` of the budget, `second` the rest.

    `weight` is how many iterations of the first cost as much as one of the second.
    """

    first: Engine
    second: Engine
    share: float
    weight: int

    @property
    def name(self) -> str:
        """Both names, in order."""
        return f"{self.first.name}+{self.second.name}"

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
        """Plan from a start, or from nothing. A cancel before the second begins leaves it out."""

        def tell(begun: float, part: float) -> Callable[[Incumbent], None]:
            return lambda news: on_incumbent(replace(news, share=begun + part * news.share))

        opened = self.first.solve(
            model,
            budget=budget.part(self.share),
            seed=seed,
            start=start,
            cancelled=cancelled,
            on_incumbent=tell(0.0, self.share),
        )
        if cancelled():
            return opened
        rest = 1.0 - self.share
        closed = self.second.solve(
            model,
            budget=budget.part(rest, weight=self.weight),
            seed=seed,
            start=opened.routes,
            cancelled=cancelled,
            on_incumbent=tell(self.share, rest),
        )
        routes = better_plan(model, closed.routes, opened.routes)
        return EngineResult(
            routes=routes,
            iterations=opened.iterations + closed.iterations,
            seconds=opened.seconds + closed.seconds,
            pool=tuple(dict.fromkeys((*opened.pool, *opened.routes, *closed.pool))),
        )
