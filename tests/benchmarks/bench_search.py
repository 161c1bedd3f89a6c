"""How fast the search is, and what it reaches: a generated day of 150 orders, three seeds."""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time
from typing import Final

from routing.problem import build_problem
from routing.search.budget import Iterations, default_iterations
from routing.search.master import choose
from routing.search.ruin_recreate import search
from routing.warm_up import warm_up
from tests.benchmarks.measurement import Measurement
from tests.generated_days import crowded_day

ORDERS: Final = 150


def measure() -> Iterator[Measurement]:
    """CPU seconds of one core, compilation apart; orders served after search and after master."""
    started = process_time()
    warm_up()
    yield Measurement(
        what="compile the search, or load it",
        figure=process_time() - started,
        unit="s",
        how="CPU; near nothing when the compiled code is already on disk",
    )
    day = crowded_day(1, orders=ORDERS, warehouses=3, trucks=40)
    problem = build_problem(day.request, day.travel)
    iterations = default_iterations(ORDERS)
    for seed in (1, 2, 3):
        started = process_time()
        found = search(problem, Iterations(iterations), seed=seed)
        spent = process_time() - started
        chosen = choose(problem, found.pool, found.best, seed=seed)
        yield Measurement(
            what=f"search of seed {seed}",
            figure=iterations / spent,
            unit="iterations/s",
            how=f"{spent:.1f} s; {len(found.best.served)} of {ORDERS} orders, {found.cost} fen; "
            f"master {len(chosen.solution.served)} orders, {chosen.cost} fen, at least "
            f"{chosen.bound} from {chosen.columns} routes",
        )
