"""The default engine: our own kernel on a plain model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from routing.model import Model, ModelRoute
from routing.search.budget import Budget
from routing.search.engines.protocol import EngineCannot, EngineResult, Incumbent
from routing.search.kernel.build import build_routes, build_world, read_routes, set_routes
from routing.search.kernel.exact import no_exact
from routing.search.kernel.openings import best_opening, has_choice
from routing.search.kernel.recipe import Recipe, recipe_for
from routing.search.kernel.run import Annealing, Standing

ROUND: Final = 2_000
"""Steps between two looks at the budget."""


class KernelEngine:
    """Ruin and recreate with constant-time moves. One trip a truck, no release times."""

    name = "kernel"

    def __init__(self, recipe: Recipe | None = None) -> None:
        self._recipe = recipe

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
        """Anneal from a start, or from nothing."""
        self._refuse(model)
        recipe = self._recipe or recipe_for(model)
        world = build_world(model, neighbours=recipe.neighbours)
        began = budget.now()
        budget = budget.begun()

        def begun(opening: float) -> Annealing:
            routes = build_routes(model)
            waiting = set_routes(routes, model, start)
            search = Annealing(model, world, routes, no_exact(), recipe, seed=seed)
            search.begin(waiting, opening=opening)
            return search

        if start or not has_choice(model):
            search = begun(0.0)
        else:
            search = best_opening(begun, budget, rounds=ROUND, cancelled=cancelled)

        def report(standing: Standing) -> None:
            on_incumbent(
                Incumbent(share=standing.share, cost=search.cost, unserved=search.left_out)
            )

        search.run(budget, rounds=ROUND, cancelled=cancelled, after_round=report)
        return EngineResult(
            routes=read_routes(search.best.rows, search.best.length, search.routes, model.depots),
            iterations=search.steps,
            seconds=budget.now() - began,
        )

    def _refuse(self, model: Model) -> None:
        """Say what only the exact evaluator of a day knows."""
        if bool((model.fleet.max_trips > 1).any()):
            raise EngineCannot(self.name, "several trips a truck")
        if bool((model.clients.release > 0).any()):
            raise EngineCannot(self.name, "release times")
        if model.clients.demand.shape[1] > 2:
            raise EngineCannot(self.name, "more than two dimensions of load")
