"""Drive the compiled kernel: rounds of steps, the temperature, the best so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from routing.model import Model
from routing.search.budget import Budget
from routing.search.kernel.anneal import LEFT_OUT, Best, Room, Tally, anneal, begin
from routing.search.kernel.exact import Exact
from routing.search.kernel.insertion import new_candidates
from routing.search.kernel.recipe import Recipe
from routing.search.kernel.rng import new_rng
from routing.search.kernel.state import Ints, Routes, World
from routing.search.kernel.undo import new_undo

WARM_UP: Final = 0.02
"""Share of the budget spent cold, before money per client is measured for the temperature."""
WARM_UP_HEAT: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a search stands. `cost` is the best so far, left-out clients priced in."""

    steps: int
    share: float
    cost: float


class Annealing:
    """One search from a start that is set already; its state lives in arrays."""

    def __init__(
        self, model: Model, world: World, routes: Routes, exact: Exact, recipe: Recipe, *, seed: int
    ) -> None:
        trucks, width = routes.rows.shape
        clients = len(model.clients)
        self.world, self.routes, self.exact, self.recipe = world, routes, exact, recipe
        self.best = Best(np.zeros((trucks, width), np.int32), np.zeros(trucks, np.int64))
        self.tally = Tally(np.zeros(2), np.zeros(4, np.int64))
        self._room = Room(
            new_undo(trucks, width),
            new_candidates(exact=bool(exact.on[0])),
            np.zeros(clients + 1, np.int64),
            np.zeros(clients + 1),
        )
        self._rng = new_rng(seed)
        self._clients = clients
        self.steps = self.settled = 0

    @property
    def cost(self) -> float:
        """Money of the best solution, left-out clients priced in."""
        return float(self.tally.cost[1])

    @property
    def left_out(self) -> int:
        """Clients the best solution leaves out."""
        rows, reload = self.best.rows, int(self.world.reloads[0])
        within = np.arange(rows.shape[1])[None, :] < self.best.length[:, None]
        return self._clients - int((within & (rows < reload)).sum())

    def begin(self, waiting: Ints, *, opening: float = 0.0) -> int:
        """Insert what waits into the start. Returns a truck whose start is not lawful, or -1.

        `opening`, from 0 to 1, is how much the room that a new truck brings along counts.
        """
        return int(
            begin(
                self.exact, self.world, self.routes, self.best, self.tally, self._room, waiting,
                opening, self._rng,
            )
        )  # fmt: skip

    def settle(self, budget: Budget, *, rounds: int, cancelled: Callable[[], bool]) -> None:
        """Take cold steps, as the warm-up does, until the budget is over."""
        budget = budget.begun()
        while budget.share(self.settled) < 1.0 and not cancelled():
            heat = WARM_UP_HEAT * self._unit()
            goes = budget.allowance(self.settled, rounds)
            self._steps(goes, heat, heat)
            self.settled += goes

    def run(
        self,
        budget: Budget,
        *,
        greedy: bool = False,
        rounds: int,
        cancelled: Callable[[], bool],
        after_round: Callable[[Standing], None],
    ) -> bool:
        """Anneal until the budget, whose clock runs already, is over; false when cancelled."""
        unit = 0.0
        while (share := budget.share(self.steps)) < 1.0:
            if cancelled():
                return False
            if unit == 0.0 or (share < WARM_UP):
                unit = self._unit()
            goes = budget.allowance(self.steps, rounds)
            ahead = share * (self.steps + goes) / self.steps if self.steps else share
            hot, cold = (self._heat(unit, part) for part in (share, min(1.0, ahead)))
            if greedy:
                hot = cold = 1e-9
            self._steps(goes, hot, cold)
            self.steps += goes
            after_round(
                Standing(
                    steps=self.steps,
                    share=min(1.0, budget.share(self.steps)),
                    cost=self.cost,
                )
            )
        return True

    def _steps(self, goes: int, hot: float, cold: float) -> None:
        anneal(
            self.exact, self.world, self.routes, self.best, self.tally, self._room, goes,
            hot, cold, self.recipe.mean_ruin, self.recipe.longest_string, self._rng,
        )  # fmt: skip

    def _unit(self) -> float:
        """Money per client now: the unit of temperature."""
        served = max(1, self._clients - int(self.tally.counts[LEFT_OUT]))
        return max(1e-6, float(self.routes.cost.sum()) / served)

    def _heat(self, unit: float, share: float) -> float:
        if share < WARM_UP:
            return WARM_UP_HEAT * unit
        part = (share - WARM_UP) / (1.0 - WARM_UP)
        recipe = self.recipe
        return float(unit * recipe.hot * (recipe.cold / recipe.hot) ** part)
