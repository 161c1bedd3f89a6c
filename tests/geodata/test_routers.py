"""Both engines find the same shortest paths, whatever the graph and however they are asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import MissingSource
from geodata.graph import CLOSED, RoadGraph, graph_of_arcs
from geodata.legs import sum_legs
from geodata.routers import KitRouter, ScipyRouter, make_router, sum_along
from geodata.truck_classes import load_truck_classes
from tests.geodata import roads_builders as build

TRUCK = load_truck_classes()["flatbed-1"]


@st.composite
def priced_graphs(draw: st.DrawFn) -> tuple[RoadGraph, np.ndarray, np.ndarray]:
    """Draw a directed graph with closed, parallel and looping arcs, its costs and an extra."""
    nodes = draw(st.integers(2, 12))
    ends = st.integers(0, nodes - 1)
    arcs = draw(
        st.lists(
            st.tuples(ends, ends, st.integers(1, 5_000), st.integers(0, 900), st.booleans()),
            min_size=1,
            max_size=50,
        )
    )
    tail, head, cost, extra, closed = (np.asarray(column) for column in zip(*arcs, strict=True))
    rng = np.random.default_rng(nodes)
    graph, order = graph_of_arcs(
        rng.uniform(30, 31, nodes), rng.uniform(110, 111, nodes), tail=tail, head=head, metres=cost
    )
    priced = np.where(closed & (cost % 3 == 0), CLOSED, cost)[order].astype(np.uint32)
    return graph, priced, extra[order].astype(np.uint32)


@settings(max_examples=60, deadline=None)
@given(priced_graphs())
def test_both_engines_agree_on_any_graph(case: tuple[RoadGraph, np.ndarray, np.ndarray]) -> None:
    """scipy's Dijkstra is the oracle of the contraction hierarchy; paths cost what they say."""
    graph, cost, _ = case
    everywhere = np.arange(graph.nodes)
    kit, oracle = KitRouter(graph), ScipyRouter(graph)
    found = kit.many_to_many(cost, sources=everywhere, targets=everywhere)
    assert np.array_equal(found, oracle.many_to_many(cost, sources=everywhere, targets=everywhere))
    for router in (kit, oracle):
        arcs = list(router.path(cost, source=0, target=graph.nodes - 1))
        if found[0, -1] < CLOSED:
            assert cost[arcs].sum() == found[0, -1]
            assert all(graph.head[a] == graph.tail[b] for a, b in pairwise(arcs))
        else:
            assert arcs == []


@settings(max_examples=60, deadline=None)
@given(priced_graphs())
def test_sums_along_paths_are_those_of_a_cheapest_path(
    case: tuple[RoadGraph, np.ndarray, np.ndarray],
) -> None:
    """The sharpened search must answer an extra that some nearly cheapest path has."""
    graph, cost, extra = case
    everywhere = np.arange(graph.nodes)
    router = ScipyRouter(graph)
    total = router.many_to_many(cost, sources=everywhere, targets=everywhere)
    summed = sum_along(router, cost, extra, sources=everywhere, targets=everywhere, total=total)
    open_cost = np.where(cost < CLOSED, cost.astype(np.int64) * 256 + extra, CLOSED)
    for target in range(1, graph.nodes):
        if total[0, target] == CLOSED:
            assert summed[0, target] == 0
            continue
        arcs = list(
            router.path(np.minimum(open_cost, CLOSED).astype(np.uint32), source=0, target=target)
        )
        # the path of the sharpened cost: its extra, plus 256 x what it costs above the optimum
        over = int(cost[arcs].astype(np.int64).sum()) - int(total[0, target])
        assert summed[0, target] == int(extra[arcs].sum()) + 256 * over


def test_one_router_serves_many_threads() -> None:
    """The engine crashes when one metric is used by two threads; the lock must prevent it."""
    network = build.network()
    router = KitRouter(network.graph)
    nodes = np.arange(0, network.graph.nodes, 7)
    costs = [
        np.full(network.graph.arcs, price, dtype=np.uint32) for price in (10, 20, 30, 40, 50, 60)
    ]

    def ask(number: int) -> np.ndarray:
        return router.many_to_many(costs[number % 6], sources=nodes, targets=nodes)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(48)))
    for number, answer in enumerate(answers):
        # every arc costs the same, so answers scale with the price
        assert np.array_equal(answer, answers[0] * (number % 6 + 1))


def test_the_order_of_a_graph_is_kept_and_read_again(tmp_path: Path) -> None:
    """Ordering the China graph takes seconds; the second router must only load it."""
    network = build.network()
    cost = network.metric(TRUCK, closed_by=(), start_s=0, end_s=1).cost
    nodes = np.arange(0, network.graph.nodes, 11)
    first = KitRouter(network.graph, cache_dir=tmp_path)
    kept = list(tmp_path.iterdir())
    second = KitRouter(network.graph, cache_dir=tmp_path)
    assert len(kept) == 1
    assert list(tmp_path.iterdir()) == kept
    assert np.array_equal(
        first.many_to_many(cost, sources=nodes, targets=nodes),
        second.many_to_many(cost, sources=nodes, targets=nodes),
    )


@pytest.mark.parametrize("content", [b"", b"short", None])
def test_a_damaged_order_is_made_again(content: bytes | None, tmp_path: Path) -> None:
    """The engine crashes the whole process on a damaged file, so none may reach it."""
    network = build.network()
    cost = network.metric(TRUCK, closed_by=(), start_s=0, end_s=1).cost
    nodes = np.arange(0, network.graph.nodes, 11)
    whole = KitRouter(network.graph, cache_dir=tmp_path)
    (kept,) = tmp_path.iterdir()
    if content is None:
        (kept / "order").unlink()
    else:
        (kept / "order").write_bytes(content)
    mended = KitRouter(network.graph, cache_dir=tmp_path)
    assert np.array_equal(
        whole.many_to_many(cost, sources=nodes, targets=nodes),
        mended.many_to_many(cost, sources=nodes, targets=nodes),
    )
    assert list(tmp_path.iterdir()) == [kept]
    assert (kept / "order").stat().st_size == 4 * network.graph.nodes


def test_the_engine_can_be_chosen() -> None:
    """scipy works wherever there is no wheel of pyroutingkit; a wrong name is refused."""
    graph = build.network().graph
    assert make_router(graph).name == "pyroutingkit"
    assert make_router(graph, engine="scipy").name == "scipy"
    with pytest.raises(MissingSource, match="choose auto, pyroutingkit or scipy"):
        make_router(graph, engine="osrm")


def test_engines_agree_on_200_random_pairs_of_china(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The promise of the fast engine on the real graph: not one metre off."""
    roads = build.china(tmp_path_factory.getbasetemp() / "roads")
    cost = roads.network.metric(TRUCK, closed_by=(), start_s=0, end_s=1).cost
    usable = np.flatnonzero(roads.network.usable_nodes(TRUCK))
    rng = np.random.default_rng(20_261_122)
    sources, targets = rng.choice(usable, 20), rng.choice(usable, 10)
    fast = roads.router.many_to_many(cost, sources=sources, targets=targets)
    slow = ScipyRouter(roads.network.graph).many_to_many(cost, sources=sources, targets=targets)
    assert fast.size == 200
    assert np.array_equal(fast, slow)


def test_blocks_by_area_answer_like_one_big_matrix() -> None:
    """Each connected area is asked alone; pairs in two areas are closed without a search."""
    network = build.network(build.two_grids())
    metric = network.metric(TRUCK, closed_by=(), start_s=0, end_s=1)
    nodes = np.asarray([0, 5, 5, 576, 600, -1])
    sums = sum_legs(
        ScipyRouter(network.graph),
        metric,
        areas=network.areas(TRUCK),
        sources=nodes,
        targets=nodes,
    )
    whole = ScipyRouter(network.graph).many_to_many(
        metric.cost, sources=nodes[:-1], targets=nodes[:-1]
    )
    assert np.array_equal(sums.cost[:-1, :-1], whole)
    assert (sums.cost[-1] == CLOSED).all()
    assert sums.cost[0, 3] == CLOSED
