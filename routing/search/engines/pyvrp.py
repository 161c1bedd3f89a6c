"""PyVRP behind the engine protocol: it knows the whole plain model."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pyvrp import (
    CostEvaluator,
    IteratedLocalSearchParams,
    PenaltyParams,
    Solution,
    SolveParams,
    solve,
)
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks

from routing.model import NO_ROAD, Model, ModelRoute
from routing.search.budget import Budget
from routing.search.engines.price import better_plan, unserved
from routing.search.engines.protocol import EngineResult, Incumbent
from routing.search.engines.pyvrp_wording import Wording, refuse_endless, usable_kinds

POOL_EVERY: Final = 50
"""Iterations between candidates whose routes are kept: taking all would halve its speed."""
POOL_ROUTES: Final = 20_000
MAX_PENALTY: Final = 100_000.0
"""PyVRP's own default, per unit of violation, in units of money. Where a truck and its way cost
more, a unit of load too much may cost as much as they do: else nothing makes it take another."""
SAFE_SUM: Final = 4e18
"""Penalties of a plan in which everything is wrong stay below what 64 bits hold."""


@dataclass(frozen=True, slots=True)
class PyvrpEngine:
    """Hybrid of iterated local search and late acceptance, with soft windows and loads."""

    name: str = "pyvrp"

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
        """Plan from a start, or from nothing. Prices are scaled to whole numbers (`money_scale`).

        A required client may not be left out: a fleet that cannot serve all of them gives no plan,
        or the start.

        Raises:
            EngineCannot: several trips, release times and a limit of duration together.
        """
        refuse_endless(model, self.name)
        if not len(model.clients) or not usable_kinds(model):
            return EngineResult(routes=(), iterations=0, seconds=0.0)
        wording = Wording.of(model)
        watch = _Watch(wording=wording, budget=budget.begun(), said=on_incumbent, asked=cancelled)
        began = budget.now()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PenaltyBoundWarning)
            result = solve(
                wording.data,
                watch.over,
                seed=seed,
                collect_stats=False,
                display=False,
                params=_params(model, wording.scale, watch),
                initial_solution=wording.solution(start) if start else None,
            )
        found = wording.routes(result.best) if result.best.is_feasible() else ()
        return EngineResult(
            routes=better_plan(model, *((found,) if found else ()), tuple(start)),
            iterations=watch.iterations,
            seconds=budget.now() - began,
            pool=tuple(watch.pool),
        )


class _Watch(IteratedLocalSearchCallbacks):
    """Counts iterations, ends the search, tells of incumbents, keeps routes."""

    def __init__(
        self,
        *,
        wording: Wording,
        budget: Budget,
        said: Callable[[Incumbent], None],
        asked: Callable[[], bool],
    ) -> None:
        self.iterations = 0
        self.pool: dict[ModelRoute, None] = {}
        self._wording = wording
        self._budget = budget
        self._said = said
        self._asked = asked

    def over(self, best_cost: int) -> bool:
        """PyVRP asks before each iteration."""
        return self._budget.share(self.iterations) >= 1 or self._asked()

    def on_iteration(
        self, current: Solution, candidate: Solution, best: Solution, cost_evaluator: CostEvaluator
    ) -> None:
        self.iterations += 1
        if self.iterations % POOL_EVERY == 0:
            self._keep(candidate)

    def on_best(self, best: Solution) -> None:
        self._keep(best)
        routes = self._wording.routes(best)
        money = (
            best.distance_cost()
            + best.duration_cost()
            + best.fixed_vehicle_cost()
            + best.uncollected_prizes()
        )
        self._said(
            Incumbent(
                share=min(1.0, self._budget.share(self.iterations)),
                cost=money / self._wording.scale,
                unserved=unserved(self._wording.model, routes),
            )
        )

    def _keep(self, solution: Solution) -> None:
        for route in solution.routes():
            if len(self.pool) < POOL_ROUTES and route.is_feasible():
                self.pool[self._wording.route(route)] = None


def _params(model: Model, scale: int, watch: _Watch) -> SolveParams:
    """PyVRP's defaults, with its penalties in the scaled money."""
    wrongs = 2.0 * NO_ROAD * (len(model.clients) + 1) * (2 + model.clients.demand.shape[1])
    there_and_back = 2.0 * model.distance.max(initial=0, where=model.distance < NO_ROAD)
    fleet = model.fleet
    dearest = float((fleet.fixed + fleet.per_distance * there_and_back).max(initial=0.0))
    top = min(max(MAX_PENALTY, dearest) * scale, SAFE_SUM / wrongs)
    return SolveParams(
        ils=IteratedLocalSearchParams(callbacks=watch),
        penalty=PenaltyParams(min_penalty=min(0.1 * scale, top), max_penalty=top),
    )
