"""The kernel on plain models: its books, what it must never do, and the same again by seed."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.benchmarks.checker import check_routes
from routing.benchmarks.county import county_cars
from routing.model import Model
from routing.search.budget import Iterations
from routing.search.engines.kernel import KernelEngine
from routing.search.kernel.build import build_routes, build_world, read_routes, waiting
from routing.search.kernel.exact import no_exact
from routing.search.kernel.openings import OPENINGS, best_opening, has_choice
from routing.search.kernel.recipe import Recipe
from routing.search.kernel.run import Annealing
from tests.models import models, plain_model
from tests.routing.search.kernel_books import faults_in_books, searched

pytestmark = pytest.mark.usefixtures("compiled_search")


def released_at_once(model: Model) -> Model:
    """Without release times, which the kernel leaves to others."""
    nothing = np.zeros_like(model.clients.release)
    return replace(model, clients=replace(model.clients, release=nothing))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(model=models(max_clients=10, trips=False).map(released_at_once), seed=st.integers(0, 99))
def test_the_books_are_right_after_any_number_of_steps(model: Model, seed: int) -> None:
    """Rows are updated in part and taken back: nothing may be left behind from a step refused."""
    assert faults_in_books(model, searched(model, steps=60, seed=seed)) == []


def test_the_books_are_right_on_a_real_size() -> None:
    """Hundreds of thousands of updates, mixed carriers, three road classes."""
    model = county_cars(60, 5)
    assert faults_in_books(model, searched(model, steps=20_000, seed=3)) == []


def test_the_same_seed_gives_the_same_routes() -> None:
    """Its random numbers are its own, and rounds do not matter."""
    model = county_cars(40, 2)
    first, second = (KernelEngine().solve(model, budget=Iterations(3_000), seed=7) for _ in "ab")
    assert first.routes == second.routes
    assert KernelEngine().solve(model, budget=Iterations(3_000), seed=8).routes != first.routes


def test_more_steps_cost_no_more() -> None:
    """The best is kept: a longer search may only cost less than its own beginning."""
    model = county_cars(40, 2)
    engine = KernelEngine()
    start = engine.solve(model, budget=Iterations(500), seed=1).routes
    longer = engine.solve(model, budget=Iterations(2_000), seed=1, start=start).routes
    assert check_routes(model, longer).cost <= check_routes(model, start).cost


def test_stock_is_never_overdrawn() -> None:
    """Two cars of a kind at each of two depots serve four of five buyers, whoever is nearer."""
    model = plain_model(
        [(0, 0), (100, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0)], depots=2, trucks=5
    )
    model = replace(model, fleet=replace(model.fleet, allowed=np.ones((2, 5), dtype=np.bool_)))
    stock = np.zeros(5, dtype=np.int64)
    routes = build_routes(model, stock=np.array([[2], [2]]))
    world = build_world(model, neighbours=4, stock=stock)
    search = Annealing(model, world, routes, no_exact(), Recipe(neighbours=4), seed=1)
    search.begin(waiting(routes, model))
    search.run(
        Iterations(2_000), rounds=500, cancelled=lambda: False, after_round=lambda standing: None
    )
    best = read_routes(search.best.rows, search.best.length, routes, model.depots)
    taken = [sum(len(route.clients) for route in best if route.kind == depot) for depot in (0, 1)]
    assert taken == [2, 2]
    assert search.left_out == 1


def test_one_route_may_have_more_than_a_thousand_stops() -> None:
    """Positions have their own numbers, apart from those of a trip of its own."""
    points = np.random.default_rng(1).integers(0, 999, (1_101, 2))
    model = plain_model([(int(x), int(y)) for x, y in points], trucks=1, room=1_100)
    found = KernelEngine().solve(model, budget=Iterations(300), seed=1)
    report = check_routes(model, found.routes)
    assert report.faults == ()
    assert report.unserved == ()


def two_kinds(**values: list[float]) -> Model:
    """Two trucks of their own kinds for two buyers near by and two far away."""
    model = plain_model([(0, 0), (1, 0), (2, 0), (40, 0), (41, 0)], trucks=1, room=2)
    twice = {
        field.name: np.concatenate([getattr(model.fleet, field.name)] * 2)
        for field in fields(model.fleet)
    }
    return replace(model, fleet=replace(model.fleet, **twice | named_arrays(values)))


def named_arrays(values: dict[str, list[float]]) -> dict[str, np.ndarray]:
    return {name: np.array(each) for name, each in values.items()}


@pytest.mark.parametrize(
    "model",
    [two_kinds(closes=[30, 90]), two_kinds(per_duration=[0.1, 0.0])],
    ids=["home sooner", "paid by the hour"],
)
def test_tails_change_between_trucks_that_are_not_alike(model: Model) -> None:
    """What one truck brings last the other may bring too late, or at another price."""
    for seed in range(20):
        assert faults_in_books(model, searched(model, steps=60, seed=seed)) == []


def test_the_cheapest_of_several_openings_goes_on() -> None:
    """On a mixed fleet the first insertion decides on the sizes of trucks for long."""
    model = county_cars(60, 4)
    world = build_world(model, neighbours=10)
    tried: dict[float, Annealing] = {}

    def begun(opening: float) -> Annealing:
        routes = build_routes(model)
        search = Annealing(model, world, routes, no_exact(), Recipe(), seed=1)
        search.begin(waiting(routes, model), opening=opening)
        tried[opening] = search
        return search

    assert has_choice(model)
    best = best_opening(begun, Iterations(5_000), rounds=50, cancelled=lambda: False)
    assert tuple(tried) == OPENINGS
    assert len({search.cost for search in tried.values()}) > 1
    assert best.cost == min(search.cost for search in tried.values())
    assert best.steps == len(OPENINGS) * 100


def test_openings_spend_the_budget_and_no_more() -> None:
    """Steps are counted over all beginnings: a plan tells how much work is in it."""
    result = KernelEngine().solve(county_cars(40, 2), budget=Iterations(3_000), seed=7)
    assert result.iterations == 3_000
