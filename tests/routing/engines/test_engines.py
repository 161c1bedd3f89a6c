"""What holds for every engine, judged by a checker that none of them wrote."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from routing.benchmarks.checker import check_routes
from routing.model import Model, ModelRoute
from routing.search.budget import Iterations, ProcessorClock
from routing.search.engines.protocol import Engine, EngineCannot, EngineMissing, Incumbent
from routing.search.engines.registry import engines
from tests.models import cheapest_plan, models, plain_model

PEERS = ("pyvrp", "ortools", "ortools-ils", "vroom")
SOME = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
TOWN = [(0, 0), (10, 0), (12, 0), (0, 10), (0, 12), (-10, 0), (-12, 3)]


@pytest.fixture(params=PEERS)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    return engines()[request.param]()


def with_fleet(model: Model, **values: object) -> Model:
    return replace(model, fleet=replace(model.fleet, **values))


def with_clients(model: Model, **values: object) -> Model:
    return replace(model, clients=replace(model.clients, **values))


def merit(model: Model, routes: Sequence[ModelRoute]) -> tuple[int, float]:
    """Required clients left out, and money, by the checker."""
    report = check_routes(model, routes)
    assert not report.faults
    return len(report.unserved), round(report.cost, 6)


@SOME
@given(model=models(), name=st.sampled_from(PEERS))
def test_never_brings_back_an_infeasible_route(model: Model, name: str) -> None:
    """Whatever the model; or it says at once what it cannot."""
    try:
        found = engines()[name]().solve(model, budget=Iterations(60), seed=1)
    except EngineCannot as refusal:
        assert refusal.engine == name
        return
    merit(model, found.routes)
    assert all(not check_routes(model, [route]).faults for route in found.pool)


@SOME
@given(model=models(max_clients=5))
def test_pyvrp_finds_the_optimum_of_tiny_models(model: Model) -> None:
    """It knows all of a plain model, so brute force is met, prizes and further trips included."""
    least = cheapest_plan(model)
    try:
        found = engines()["pyvrp"]().solve(model, budget=Iterations(500), seed=1)
    except EngineCannot:
        assume(False)
        return
    missing, cost = merit(model, found.routes)
    if least < np.inf:
        assert missing == 0
        assert cost == pytest.approx(least)
    else:
        assert missing > 0


@settings(SOME, max_examples=30)
@given(model=models(max_clients=5, trips=False))
def test_best_of_the_engines_is_the_optimum_of_tiny_models(model: Model) -> None:
    """Thirty small models with one trip a truck: nothing brute force finds is missed by all."""
    least = cheapest_plan(model)
    assume(least < np.inf)
    merits = []
    for name in PEERS:
        try:
            found = engines()[name]().solve(model, budget=Iterations(300), seed=1)
        except EngineCannot:
            continue
        merits.append(merit(model, found.routes))
        assert merits[-1] >= (0, round(least, 6) - 1e-6)
    assert min(merits)[1] == pytest.approx(least)


@SOME
@given(model=models(trips=False), name=st.sampled_from(PEERS))
def test_never_makes_a_start_worse(model: Model, name: str) -> None:
    """Not even with hardly any effort: a start is kept until something better is found."""
    try:
        start = engines()["pyvrp"]().solve(model, budget=Iterations(100), seed=1).routes
        found = engines()[name]().solve(model, budget=Iterations(1), seed=2, start=start)
    except EngineCannot:
        assume(False)
        return
    assert merit(model, found.routes) <= merit(model, start)


@pytest.mark.parametrize(("fixed", "per_distance"), [(100_000_000.0, 1.0), (0.0, 1_000_000.0)])
def test_pyvrp_takes_another_truck_however_dear(fixed: float, per_distance: float) -> None:
    """A truck or its way costs more than its default penalty for all that could be too much."""
    dice = np.random.default_rng(5)
    spots = [(50, 50), *((int(x), int(y)) for x, y in dice.integers(0, 100, (40, 2)))]
    model = with_fleet(
        plain_model(spots, trucks=40, room=5),
        fixed=np.array([fixed]),
        per_distance=np.array([per_distance]),
    )
    routes = engines()["pyvrp"]().solve(model, budget=Iterations(300), seed=1).routes
    assert check_routes(model, routes).feasible


def test_serves_everybody_by_the_shortest_way(engine: Engine) -> None:
    """Two trucks of three, six clients: east and north together, or west and north."""
    model = plain_model(TOWN)
    found = engine.solve(model, budget=Iterations(200), seed=1)
    assert merit(model, found.routes) == (0, cheapest_plan(model))


def test_repeats_itself(engine: Engine) -> None:
    """Same model, seed and iterations: same routes, or with VROOM the same cost."""
    rng = np.random.default_rng(3)
    model = plain_model([tuple(xy) for xy in rng.integers(0, 99, (30, 2)).tolist()], trucks=12)
    first, second = (engine.solve(model, budget=Iterations(150), seed=7) for _ in range(2))
    assert engine.name == "vroom" or first.routes == second.routes
    assert merit(model, first.routes) == merit(model, second.routes)
    assert first.iterations == second.iterations


def test_keeps_to_the_clients_a_kind_may_serve(engine: Engine) -> None:
    """The depot in the west may not serve the client next to it."""
    model = plain_model([(0, 0), (100, 0), (1, 0), (99, 0)], depots=2)
    model = with_fleet(model, allowed=np.array([[False, True], [True, True]]))
    found = engine.solve(model, budget=Iterations(100), seed=1)
    assert found.routes == (ModelRoute(1, ((0, 1),)),) or found.routes == (
        ModelRoute(1, ((1, 0),)),
    )


def test_waits_for_windows_both_ends_included(engine: Engine) -> None:
    """Open for one moment, which is exactly when the truck can be there."""
    model = plain_model([(0, 0), (10, 0), (30, 0)], trucks=1)
    model = with_clients(model, earliest=np.array([0, 30]), latest=np.array([10, 30]))
    assert merit(model, engine.solve(model, budget=Iterations(50), seed=1).routes) == (0, 60.0)


def test_takes_no_road_that_is_missing(engine: Engine) -> None:
    """Without a road between two clients a second truck goes, though nothing counts time."""
    model = plain_model([(0, 0), (10, 0), (11, 0)])
    roads = model.distance.copy()
    roads[0, 1, 2] = roads[0, 2, 1] = 20_000_000
    model = replace(model, distance=roads)
    assert merit(model, engine.solve(model, budget=Iterations(50), seed=1).routes) == (0, 42.0)


def test_prices_in_fractions_decide_between_kinds(engine: Engine) -> None:
    """20 units by 1.25 are dearer than 20 by 1.2 and half a unit once."""
    model = plain_model([(0, 0), (0, 0), (10, 0)], depots=2)
    model = with_fleet(model, per_distance=np.array([1.25, 1.2]), fixed=np.array([0.0, 0.5]))
    found = engine.solve(model, budget=Iterations(50), seed=1)
    assert [route.kind for route in found.routes] == [1]


def test_leaves_out_what_is_not_worth_its_prize() -> None:
    """A way of 20 for a prize of 15 is not made; one for 25 is."""
    model = plain_model([(0, 0), (10, 0), (0, 10)])
    model = with_clients(model, required=np.zeros(2, dtype=np.bool_), prize=np.array([15.0, 25.0]))
    for name in ("pyvrp", "ortools", "ortools-ils"):
        found = engines()[name]().solve(model, budget=Iterations(50), seed=1)
        assert [route.clients for route in found.routes] == [(1,)]


def test_reloads_for_a_second_trip() -> None:
    """One truck of one car and two clients: PyVRP sends it twice; the last client is released late.

    Back at 20, loading from 50 to 55, there at 65 and home at 75.
    """
    model = plain_model([(0, 0), (10, 0), (0, 10)], trucks=1, room=1)
    model = with_clients(model, release=np.array([0, 50]))
    model = with_fleet(model, max_trips=np.array([2]), reload=np.array([5]), closes=np.array([75]))
    found = engines()["pyvrp"]().solve(model, budget=Iterations(50), seed=1)
    assert found.routes == (ModelRoute(0, ((0,), (1,))),)
    tight = with_fleet(model, closes=np.array([74]))
    assert engines()["pyvrp"]().solve(tight, budget=Iterations(50), seed=1).routes == ()


@pytest.mark.parametrize(("depots", "clients"), [(2, 1), (3, 2), (3, 3), (1, 1)])
def test_iterated_local_search_ends_where_there_is_next_to_nothing(
    depots: int, clients: int
) -> None:
    """With fewer clients than depots OR-Tools would go round for ever."""
    rng = np.random.default_rng(1)
    places = [tuple(xy) for xy in rng.integers(0, 30, (depots + clients, 2)).tolist()]
    model = plain_model(places, depots=depots)
    found = engines()["ortools-ils"]().solve(model, budget=Iterations(60), seed=1)
    assert merit(model, found.routes)[0] == 0


def test_a_cancel_keeps_what_was_found() -> None:
    """Cancelled at the third look: PyVRP and OR-Tools come back with a plan all the same."""
    rng = np.random.default_rng(5)
    model = plain_model([tuple(xy) for xy in rng.integers(0, 99, (40, 2)).tolist()], trucks=14)
    for name in ("pyvrp", "ortools"):
        news: list[Incumbent] = []
        found = engines()[name]().solve(
            model,
            budget=Iterations(100_000),
            seed=1,
            cancelled=lambda news=news: len(news) >= 2,
            on_incumbent=news.append,
        )
        assert found.iterations < 100_000
        assert merit(model, found.routes)[0] == 0
        assert news[-1].unserved == 0


def test_tells_of_ever_better_incumbents_in_the_money_of_the_model() -> None:
    """Prices of a tenth are scaled inside; what is told is not."""
    rng = np.random.default_rng(6)
    model = plain_model([tuple(xy) for xy in rng.integers(0, 99, (25, 2)).tolist()], trucks=9)
    model = with_fleet(model, per_distance=np.array([0.1]))
    for name in ("pyvrp", "ortools", "ortools-ils"):
        news: list[Incumbent] = []
        found = engines()[name]().solve(
            model, budget=Iterations(300), seed=1, on_incumbent=news.append
        )
        costs = [each.cost for each in news]
        assert costs == sorted(costs, reverse=True)
        assert costs[-1] == pytest.approx(merit(model, found.routes)[1])


@pytest.mark.parametrize(
    ("name", "feature", "values"),
    [
        ("ortools", "several trips", {"max_trips": np.array([2])}),
        ("ortools-ils", "several trips", {"max_trips": np.array([2])}),
        ("vroom", "several trips", {"max_trips": np.array([2])}),
        ("vroom", "overtime", {"per_overtime": np.array([1.0])}),
    ],
)
def test_says_what_it_has_no_words_for(name: str, feature: str, values: dict[str, object]) -> None:
    """And never plans with less than it was asked to."""
    model = with_fleet(plain_model(TOWN), **values)
    with pytest.raises(EngineCannot, match=f"engine {name} cannot plan with {feature}"):
        engines()[name]().solve(model, budget=Iterations(10), seed=1)


def test_vroom_refuses_limits_only_where_somebody_may_wait() -> None:
    """Without windows a limit of duration is one of driving and service, which it knows."""
    model = plain_model([(0, 0), (10, 0), (-10, 0)])
    model = with_clients(model, service=np.array([5, 5]))
    tight = with_fleet(model, max_duration=np.array([49]))
    found = engines()["vroom"]().solve(tight, budget=Iterations(1), seed=1)
    assert len(found.routes) == 2  # together they are 40 on the road and 10 in service
    late = with_clients(tight, earliest=np.array([30, 0]))
    with pytest.raises(EngineCannot, match="counts waiting"):
        engines()["vroom"]().solve(late, budget=Iterations(1), seed=1)


def test_pyvrp_refuses_what_it_may_never_return_from() -> None:
    """Reloads, releases and a limit of duration together make its local search run in circles."""
    model = with_clients(plain_model(TOWN), release=np.array([0, 0, 9, 0, 0, 0]))
    model = with_fleet(model, max_trips=np.array([2]), max_duration=np.array([90]))
    with pytest.raises(EngineCannot, match="several trips, release times and a limit"):
        engines()["pyvrp"]().solve(model, budget=Iterations(10), seed=1)


def test_nothing_to_serve_is_a_plan_of_nothing(engine: Engine) -> None:
    """No client, or no truck: no routes, and no crash of a library that expects both."""
    nobody = plain_model([(0, 0)])
    assert engine.solve(nobody, budget=Iterations(10), seed=1).routes == ()
    no_truck = with_fleet(plain_model(TOWN), count=np.array([0]))
    assert engine.solve(no_truck, budget=Iterations(10), seed=1).routes == ()


def test_an_extra_that_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """VROOM is a peer to measure against; nobody needs it to plan."""
    monkeypatch.delitem(sys.modules, "routing.search.engines.vroom", raising=False)
    monkeypatch.setitem(sys.modules, "vroom", None)
    with pytest.raises(EngineMissing, match=r"install flatbed\[bench\]"):
        engines()["vroom"]()


@pytest.mark.parametrize("name", ["kernel", "pyvrp", "ortools"])
def test_seconds_of_the_processor_end_a_search(name: str) -> None:
    """On a busy machine the wall's clock would cheat whoever is searching just then."""
    model = plain_model(TOWN)
    found = engines()[name]().solve(model, budget=ProcessorClock(0.2), seed=1)
    assert merit(model, found.routes)[0] == 0
    assert found.seconds > 0.15
