"""What the invented day costs when OR-Tools routing plans it, and when we do, at equal time.

OR-Tools gets the plain model of the day (buffered roads, places on decks, windows, shifts, money)
and as many processor seconds as our search took. It cannot be told of bans, rests, slow hours,
blocked decks, loading and bays, so its routes are judged by the exact evaluator; what is not lawful
is taken apart and put back order by order, and the master chooses and times the rest, as for ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from api.cli.demo import DEMO_DAY
from api.days.demo import write_demo_day
from api.days.map_locator import MapLocator
from api.days.matrix import prepare_travel
from api.days.planning import BANS_FILE
from api.days.request import read_day
from api.settings import read_settings
from geodata.corrections import Corrections
from routing.clock import DEAD
from routing.model import ModelRoute
from routing.problem import Problem, build_problem
from routing.route_cost import deck_fits, route_cost
from routing.schedule import new_scratch
from routing.search.budget import Iterations, ProcessorClock, default_iterations
from routing.search.engines.ortools_routing import OrtoolsEngine
from routing.search.master import Chosen, choose
from routing.search.relax import Relaxed, relax
from routing.search.ruin_recreate import search
from routing.search.solution import Solution
from routing.warm_up import warm_up
from tests.benchmarks.measurement import Measurement

SEEDS = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Orders on trucks, fen of the roads, and both for the left-behind priced in."""

    served: int
    roads: int
    whole: int


def invented_day(seed: int) -> Problem:
    """The day of `flatbed demo --seed`, ready to be searched."""
    cache_dir = read_settings().cache_dir
    with TemporaryDirectory() as made:
        written = write_demo_day(Path(made), seed=seed, day=DEMO_DAY, cache_dir=cache_dir)
        locator = MapLocator(corrections=Corrections(), cache_dir=cache_dir)
        reading = read_day(written.path, locator=locator)
        if reading.request is None:
            raise ValueError(f"the invented day of seed {seed} has faults: {reading.faults}")
        prepared = prepare_travel(
            reading.request,
            cache_dir=cache_dir,
            bans_file=written.path / BANS_FILE,
            progress=lambda line: None,
        )
    return build_problem(prepared.request, prepared.travel)


def measure() -> Iterator[Measurement]:
    """For three invented days: ours, OR-Tools repaired, and what is saved."""
    warm_up()
    for seed in SEEDS:
        problem = invented_day(seed)
        begun = process_time()
        orders = len(problem.layout.orders)
        found = search(problem, Iterations(default_iterations(orders)), seed=1)
        spent_s = process_time() - begun
        ours = _outcome(problem, choose(problem, found.pool, found.best, seed=1))
        relaxed = relax(problem.tables)
        plain = OrtoolsEngine().solve(relaxed.model, budget=ProcessorClock(spent_s), seed=1)
        start, lawful = _judged(problem, relaxed, plain.routes)
        repaired = search(problem, Iterations(0), seed=1, start=start)
        theirs = _outcome(problem, choose(problem, repaired.pool, repaired.best, seed=1))
        yield Measurement(
            what=f"invented day {seed}: ours",
            figure=ours.roads / 100,
            unit="yuan",
            how=f"{ours.served} of {orders} orders, {spent_s:.1f} s of the processor",
        )
        yield Measurement(
            what=f"invented day {seed}: OR-Tools, repaired",
            figure=theirs.roads / 100,
            unit="yuan",
            how=f"{theirs.served} orders; {lawful} of its {len(plain.routes)} routes lawful as "
            f"they came, serving {sum(len(route.clients) for route in plain.routes)}",
        )
        yield Measurement(
            what=f"invented day {seed}: saved",
            figure=100 * (theirs.roads - ours.roads) / theirs.roads,
            unit="% of roads",
            how=f"{(theirs.whole - ours.whole) / 100:,.0f} yuan with left-behind priced in; "
            f"{ours.served - theirs.served} orders more",
        )


def _outcome(problem: Problem, chosen: Chosen) -> Outcome:
    served = chosen.solution.served
    penalty = problem.tables.penalty
    left = sum(int(penalty[row]) for row in range(len(penalty)) if row not in served)
    return Outcome(served=len(served), roads=chosen.cost - left, whole=chosen.cost)


def _judged(
    problem: Problem, relaxed: Relaxed, routes: tuple[ModelRoute, ...]
) -> tuple[Solution, int]:
    """Give every route a truck of its kind, and count those that the day allows as they are."""
    p = problem.tables
    free = [list(rows) for rows in relaxed.rows]
    sequences: dict[int, tuple[int, ...]] = {}
    lawful = 0
    for route in routes:
        truck = free[route.kind].pop(0)
        row = np.array(route.clients, dtype=np.int32)
        fits = deck_fits(p, truck, row, len(row))
        lawful += fits and route_cost(p, truck, row, len(row), new_scratch(len(row))) != DEAD
        sequences[truck] = route.clients
    return Solution(sequences=sequences), lawful
