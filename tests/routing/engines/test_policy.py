"""Which engine plans what, and that an engine after another only helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings

from routing.benchmarks.checker import check_routes
from routing.model import NEVER, Model, ModelRoute
from routing.search.budget import Budget, Iterations, WallClock
from routing.search.engines.policy import engine_for
from routing.search.engines.protocol import EngineResult, Incumbent
from routing.search.engines.pyvrp import PyvrpEngine
from routing.search.engines.relay import Relay
from routing.search.engines.shape import Shape
from tests.models import models, plain_model

RNG = np.random.default_rng(11)
SPREAD = [(50, 50), *((int(x), int(y)) for x, y in RNG.integers(0, 100, (80, 2)))]
CLUSTERS = [
    (50, 50),
    *(
        (20 + 50 * (n % 3) + int(x), 20 + 40 * (n % 2) + int(y))
        for n, (x, y) in enumerate(RNG.integers(0, 6, (80, 2)))
    ),
]


@dataclass
class Fixed:
    """An engine that brings back what it was made with, and remembers what it was asked."""

    name: str
    routes: tuple[ModelRoute, ...]
    asked: list[tuple[Budget, tuple[ModelRoute, ...]]] = field(default_factory=list)

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
        """Bring back the same routes whatever the model."""
        self.asked.append((budget, tuple(start)))
        on_incumbent(Incumbent(share=0.5, cost=1.0, unserved=0))
        return EngineResult(routes=self.routes, iterations=1, seconds=0.0)


def fixed(name: str, *trips: tuple[int, ...]) -> Fixed:
    return Fixed(name, tuple(ModelRoute(0, (trip,)) for trip in trips))


@pytest.mark.parametrize(("room", "long_routes"), [(8, False), (40, True)])
def test_routes_are_long_when_a_truck_holds_many(room: int, long_routes: bool) -> None:
    """Nothing else limits these trucks."""
    shape = Shape.of(plain_model(SPREAD, trucks=10, room=room))
    assert shape.mean_route_clients == room
    assert shape.long_routes is long_routes


def test_routes_are_short_when_the_day_is() -> None:
    """Room for 40, but half an hour of service each and a day of eight hours."""
    model = plain_model(SPREAD, trucks=10, room=40)
    model = replace(
        model,
        clients=replace(model.clients, service=np.full(80, 1_800)),
        fleet=replace(model.fleet, closes=np.array([8 * 3_600])),
    )
    # 480 minutes by 30 and a little on the road
    assert 15 < Shape.of(model).mean_route_clients < 16


def test_features_are_told_apart() -> None:
    """Depots with a truck, kinds that differ, windows that matter, clusters."""
    model = plain_model(SPREAD, depots=2)
    same = Shape.of(model)
    assert (same.depots, same.kinds, same.windows, same.duration_bound) == (2, 1, 0.0, False)
    fleet = replace(model.fleet, fixed=np.array([0.0, 9.0]), max_duration=np.array([NEVER, 50]))
    other = Shape.of(replace(model, fleet=fleet))
    assert (other.kinds, other.mixed_fleet, other.duration_bound) == (2, True, True)
    earliest = np.where(np.arange(79) < 20, 500, 0)
    windows = replace(model, clients=replace(model.clients, earliest=earliest))
    assert Shape.of(windows).windows == pytest.approx(20 / 79)
    assert not same.clustered
    assert Shape.of(plain_model(CLUSTERS)).clustered


@settings(max_examples=50, deadline=None, derandomize=True)
@given(model=models())
def test_every_model_has_a_shape(model: Model) -> None:
    """With missing roads, useless trucks and single clients, too: finite numbers."""
    shape = Shape.of(model)
    assert 0 <= shape.mean_route_clients <= len(model.clients)
    assert np.isfinite(shape.scatter)


def test_pyvrp_plans_further_trips_and_releases() -> None:
    """The kernel knows neither."""
    shape = Shape.of(plain_model(SPREAD))
    assert engine_for(replace(shape, several_trips=True)).name == "pyvrp"
    assert engine_for(replace(shape, released=0.1)).name == "pyvrp"
    assert engine_for(replace(shape, dimensions=3)).name == "pyvrp"


def test_the_kernel_hands_over_sooner_where_clients_are_many() -> None:
    """PyVRP makes fewer iterations a second then, and needs more of them."""
    shape = Shape.of(plain_model(SPREAD, trucks=10, room=40))
    chosen = [engine_for(replace(shape, clients=clients)) for clients in (80, 400, 600, 1_000)]
    shares = [each.share for each in chosen if isinstance(each, Relay)]
    assert shares == [pytest.approx(share) for share in (2 / 3, 2 / 3, 8 / 27, 8 / 75)]


def test_a_relay_hands_on_and_keeps_the_better_plan() -> None:
    """The second starts from the first's routes; what it spoils does not count."""
    model = plain_model([(0, 0), (10, 0), (12, 0), (0, 9)])
    good, bad = fixed("good", (0, 1), (2,)), fixed("bad", (0, 2), (1,))
    found = Relay(first=good, second=bad, share=0.5, weight=1).solve(
        model, budget=Iterations(10), seed=1
    )
    assert found.routes == good.routes
    assert bad.asked[0][1] == good.routes
    again = Relay(first=bad, second=good, share=0.5, weight=1).solve(
        model, budget=Iterations(10), seed=1
    )
    assert again.routes == good.routes
    assert found.iterations == 2


def test_a_relay_shares_the_budget_and_the_progress() -> None:
    """Two thirds and a third; an iteration of the second is worth a hundred of the first."""
    model = plain_model([(0, 0), (10, 0)])
    first, second = fixed("first", (0,)), fixed("second", (0,))
    news: list[Incumbent] = []
    relay = Relay(first=first, second=second, share=2 / 3, weight=100)
    relay.solve(model, budget=Iterations(30_000), seed=1, on_incumbent=news.append)
    assert first.asked[0][0] == Iterations(20_000)
    assert second.asked[0][0] == Iterations(100)
    assert [round(each.share, 3) for each in news] == [0.333, 0.833]
    relay.solve(model, budget=WallClock(9.0), seed=1)
    assert isinstance(second.asked[1][0], WallClock)
    assert second.asked[1][0].seconds == pytest.approx(3.0)


def test_a_relay_of_real_engines_never_loses_by_its_second() -> None:
    """PyVRP after PyVRP: no worse than the first alone, by the checker."""
    model = plain_model(SPREAD, trucks=6, room=20)
    alone = PyvrpEngine().solve(model, budget=Iterations(100), seed=1)
    relay = Relay(first=PyvrpEngine(), second=PyvrpEngine(), share=0.5, weight=1)
    both = relay.solve(model, budget=Iterations(200), seed=1)
    assert both.iterations == 200
    assert check_routes(model, both.routes).feasible
    assert check_routes(model, both.routes).cost <= check_routes(model, alone.routes).cost


def test_a_cancelled_relay_leaves_the_second_out() -> None:
    """What the first has found comes back."""
    model = plain_model([(0, 0), (10, 0)])
    first, second = fixed("first", (0,)), fixed("second", (0,))
    relay = Relay(first=first, second=second, share=0.5, weight=1)
    found = relay.solve(model, budget=Iterations(9), seed=1, cancelled=lambda: True)
    assert found.routes == first.routes
    assert not second.asked
