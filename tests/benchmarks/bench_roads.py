"""How fast and how true the road floor is; `road_tables` prints its longer tables."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np

from geodata.highways import load_china_highways
from geodata.network import load_china_cut
from geodata.osm import load_osm
from geodata.routers import KitRouter, Router, ScipyRouter
from geodata.truck_classes import TruckClass, load_truck_classes
from tests.benchmarks.measurement import Measurement, median_seconds
from tests.benchmarks.road_tables import DAY, RUTLAND, city_pair_errors

SEED = 20_261_122
CAR = TruckClass(
    id="car",
    name="car",
    height_cm=150,
    length_cm=450,
    width_cm=185,
    mass_kg=1_800,
    axles=2,
    speed_percent=100,
    source="bench",
)


def measure() -> Iterator[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        yield from china(Path(folder))
    errors = np.abs([error for *_, error in city_pair_errors()])
    how = f"{len(errors)} pairs against commonly quoted road distances"
    yield Measurement(
        what="city pairs, median error", figure=100 * float(np.median(errors)), unit="%", how=how
    )
    yield Measurement(
        what="city pairs, largest error", figure=100 * float(errors.max()), unit="%", how=how
    )
    if RUTLAND.is_file():
        yield from rutland()


def china(cache: Path) -> Iterator[Measurement]:
    """Time the China highways from nothing to a 1,000 x 1,000 matrix."""
    yield _once("China cut, first time", lambda: load_china_cut(cache_dir=cache))
    yield _once("China cut, from the cache", lambda: load_china_cut(cache_dir=cache))
    network = load_china_highways(cache_dir=cache)
    graph = network.graph
    yield _once("China order, first time", lambda: KitRouter(graph, cache_dir=cache))
    yield _once("China order, from the cache", lambda: KitRouter(graph, cache_dir=cache))
    router, oracle = KitRouter(graph, cache_dir=cache), ScipyRouter(graph)
    truck = load_truck_classes()["flatbed-1"]
    cost = network.metric(truck, closed_by=(), start_s=0, end_s=1).cost
    rng = np.random.default_rng(SEED)
    usable = np.flatnonzero(network.usable_nodes(truck))
    yield Measurement(
        what="China re-weight",
        figure=median_seconds(lambda: _square(router, cost.copy(), usable[:1]), repeats=5),
        unit="s",
        how="median of 5: all costs new, one query",
    )
    yield Measurement(
        what="China pairs equal to scipy",
        figure=_equal_pairs(router, oracle, cost, rng.choice(usable, (200, 2))),
        unit="of 200",
        how="random pairs, whole metres",
    )
    for size in (200, 1_000):
        nodes = rng.choice(usable, size, replace=False)
        yield _matrix(f"China {size} x {size}", router, cost, nodes)
    yield _matrix("China 200 x 200, scipy", oracle, cost, rng.choice(usable, 200, replace=False))


def rutland() -> Iterator[Measurement]:
    """Compare a truck with a car on an English county."""
    yield _once("Rutland read", lambda: load_osm(RUTLAND, date=DAY))
    network = load_osm(RUTLAND, date=DAY)
    yield _once("Rutland order", lambda: KitRouter(network.graph))
    router = KitRouter(network.graph)
    truck = replace(load_truck_classes()["carrier"], speed_percent=100)
    both = network.usable_nodes(truck) & network.usable_nodes(CAR)
    nodes = np.random.default_rng(SEED).choice(np.flatnonzero(both), 1_000, replace=False)
    found = []
    for profile in (CAR, truck):
        cost = network.metric(profile, closed_by=(), start_s=0, end_s=1).cost
        yield _matrix(f"Rutland {profile.id} 1000 x 1000", router, cost, nodes)
        found.append(_square(router, cost, nodes))
    longer = found[1] - found[0]
    how = "carrier against car, both at full speed, 1,000,000 pairs"
    for what, figure, unit in (
        ("Rutland truck longer than car", 100 * float((longer > 0).mean()), "% of pairs"),
        ("Rutland truck shorter than car", float((longer < 0).sum()), "pairs"),
        ("Rutland truck later by at most", float(longer.max()) / 1_000, "s"),
    ):
        yield Measurement(what=what, figure=figure, unit=unit, how=how)


def _once(what: str, work: Callable[[], object]) -> Measurement:
    start = perf_counter()
    work()
    return Measurement(what=what, figure=perf_counter() - start, unit="s", how="once")


def _matrix(what: str, router: Router, cost: np.ndarray, nodes: np.ndarray) -> Measurement:
    _square(router, cost, nodes[:1])
    took = _once(what, lambda: _square(router, cost, nodes))
    return replace(took, how="once, costs already taken in")


def _square(router: Router, cost: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    return router.many_to_many(cost, sources=nodes, targets=nodes)


def _equal_pairs(fast: Router, slow: Router, cost: np.ndarray, pairs: np.ndarray) -> int:
    def ask(router: Router, pair: np.ndarray) -> int:
        found = router.many_to_many(cost, sources=pair[:1], targets=pair[1:])
        return int(found[0, 0])

    return sum(ask(fast, pair) == ask(slow, pair) for pair in pairs)
