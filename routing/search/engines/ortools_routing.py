"""The routing library of OR-Tools behind the engine protocol: the baseline.

Cheapest insertion in parallel, then guided local search, or iterated local search: ruin by strings
of neighbours (SISR), recreate, improve, accept by annealing. Every client is a disjunction, a
required one with a penalty above its worst way to be served: a model without them ends without a
plan and without a reason. It holds the interpreter lock for the whole search and dies of a bad
model, so everything is checked before it is built; a caller that must survive runs it in a child.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.constraint_solver.routing_parameters_pb2 import RoutingSearchParameters

from routing.model import Model, ModelRoute
from routing.search.budget import Budget, Iterations, ProcessorClock, WallClock
from routing.search.engines.ortools_wording import Wording, refuse
from routing.search.engines.price import better_plan, price_plan
from routing.search.engines.protocol import EngineResult, Incumbent

LAMBDA: Final = 0.1
LONGEST_STRING: Final = 10
REMOVED_VISITS: Final = 10
BYPASS: Final = 0.01
"""Ruin as Christiaens and Vanden Berghe (2020) set it."""
CHECKS_PER_SOLUTION: Final = 20_000
"""Looks at the limit after which a search that was given a number of solutions, and finds no more
of them, ends: guided local search never ends by itself."""
PATIENCE: Final = 10
"""How many times its seconds on the processor a search may take on the wall."""


@dataclass(frozen=True, slots=True)
class OrtoolsEngine:
    """Guided, or iterated local search. An iteration is a solution it accepts.

    The iterated one begins without a start (it only keeps one that is better), and hears neither a
    cancel nor the processor's clock: seconds of either are seconds on the wall. With a limit of its
    own added (`CustomLimit`, `CancelSearch`) version 9.15 goes round for ever without a search; and
    so it does with fewer clients than depots, where guided local search takes its place.
    """

    name: str = "ortools"
    iterated: bool = False

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
        """Plan from a start, or from nothing. The seed is of no use to it: it draws no numbers.

        Prices are scaled to whole numbers (`money_scale`).

        Raises:
            EngineCannot: a truck may make several trips.
        """
        refuse(model, self.name)
        if not len(model.clients):
            return EngineResult(routes=(), iterations=0, seconds=0.0)
        wording = Wording.of(model)
        if not wording.kind_of:
            return EngineResult(routes=better_plan(model, start), iterations=0, seconds=0.0)
        iterated = self.iterated and len(model.clients) > model.depots
        watch = _Watch(wording, budget.begun(), cancelled, on_incumbent)
        routing = wording.routing
        routing.AddAtSolutionCallback(watch.note)
        parameters = _parameters(budget, iterated=iterated)
        if not iterated:
            routing.AddSearchMonitor(routing.solver().CustomLimit(watch.over))
        routing.CloseModelWithParameters(parameters)
        hint = wording.hint(start) if start and not iterated else None
        began = budget.now()
        if iterated:
            solution = routing.SolveWithIteratedLocalSearch(parameters)
        elif hint is not None:
            solution = routing.SolveFromAssignmentWithParameters(hint, parameters)
        else:
            solution = routing.SolveWithParameters(parameters)
        if watch.failed is not None:
            raise watch.failed
        found: tuple[ModelRoute, ...] = ()
        if solution is not None:
            found = wording.routes(lambda index: int(solution.Value(routing.NextVar(index))))
        return EngineResult(
            routes=better_plan(model, found, start) if start else better_plan(model, found),
            iterations=watch.solutions,
            seconds=budget.now() - began,
            pool=tuple(watch.pool),
        )


class _Watch:
    """Counts solutions and tells of them; ends the search. Raises nothing: a callback of OR-Tools
    that raises spoils the search in silence, so what was raised is kept."""

    def __init__(
        self,
        wording: Wording,
        budget: Budget,
        cancelled: Callable[[], bool],
        said: Callable[[Incumbent], None],
    ) -> None:
        self.solutions = 0
        self.failed: BaseException | None = None
        self.pool: dict[ModelRoute, None] = {}
        self._wording = wording
        self._budget = budget
        self._cancelled = cancelled
        self._said = said
        self._idle = 0
        self._best = wording.worst

    def over(self) -> bool:
        self._idle += 1
        try:
            return self.failed is not None or self._spent() or self._cancelled()
        except BaseException as error:
            self.failed = error
            return True

    def _spent(self) -> bool:
        """What OR-Tools has no limit of its own for."""
        if isinstance(self._budget, Iterations):
            return self._idle >= CHECKS_PER_SOLUTION
        return isinstance(self._budget, ProcessorClock) and self._budget.share(0) >= 1

    def note(self) -> None:
        self.solutions += 1
        try:
            self._note()
        except BaseException as error:
            self.failed = error

    def _note(self) -> None:
        routing = self._wording.routing
        cost = int(routing.CostVar().Max())
        if cost >= self._best:
            return
        self._best, self._idle = cost, 0
        routes = self._wording.routes(lambda index: int(routing.NextVar(index).Value()))
        self.pool.update(dict.fromkeys(routes))
        served = sum(len(route.clients) for route in routes)
        self._said(
            Incumbent(
                share=min(1.0, self._budget.share(self.solutions)),
                cost=price_plan(self._wording.model, routes).cost,
                unserved=len(self._wording.model.clients) - served,
            )
        )


def _parameters(budget: Budget, *, iterated: bool) -> RoutingSearchParameters:
    first = routing_enums_pb2.FirstSolutionStrategy
    then = routing_enums_pb2.LocalSearchMetaheuristic
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = first.PARALLEL_CHEAPEST_INSERTION
    if iterated:
        _iterate(parameters)
    else:
        parameters.local_search_metaheuristic = then.GUIDED_LOCAL_SEARCH
        parameters.guided_local_search_lambda_coefficient = LAMBDA
    if isinstance(budget, Iterations):
        parameters.solution_limit = max(1, budget.limit)
    if isinstance(budget, WallClock):
        patient = isinstance(budget, ProcessorClock) and not iterated
        wall = budget.seconds * (PATIENCE if patient else 1)
        parameters.time_limit.FromMilliseconds(max(1, round(wall * 1000)))
    return parameters


def _iterate(parameters: RoutingSearchParameters) -> None:
    """Ask for iterated local search; temperatures by the instance, as ours are."""
    parameters.use_iterated_local_search = True
    asked = parameters.iterated_local_search_parameters
    ruin = asked.ruin_recreate_parameters.ruin_strategies.add().sisr
    ruin.max_removed_sequence_size = LONGEST_STRING
    ruin.avg_num_removed_visits = REMOVED_VISITS
    ruin.bypass_factor = BYPASS
    annealing = asked.reference_solution_acceptance_strategy.simulated_annealing
    annealing.automatic_temperatures = True
