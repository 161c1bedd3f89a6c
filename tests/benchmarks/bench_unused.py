"""What rules cost on a day that does not use them: the search as it is beside one without them.

Two processes search the same day in turns. One runs the compiled search; in the other the rules of
which the day has nothing are replaced by functions that do nothing, before anything is compiled.
Both must find the same plan for the same money, else the rules were not idle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from statistics import median
from time import process_time
from types import ModuleType
from typing import Any, Final

from api.settings import read_settings
from tests.benchmarks.measurement import Measurement

ORDERS: Final = 150
SEEDS: Final = (1, 2, 3)
AS_IT_IS: Final = "as it is"
WITHOUT: Final = "without"
LEFT_OUT: Final = (
    "locks, trips and reloads, nights, shunts, stock, changes, preferences, balance, CO2"
)


def measure() -> Iterator[Measurement]:
    """Steps a second with and without the idle rules, and the median of their ratios."""
    context = get_context("spawn")
    folder = read_settings().cache_dir
    with ExitStack() as stack:
        sides: dict[str, Pool] = {
            side: stack.enter_context(context.Pool(1, _prepare, (side, folder)))
            for side in (AS_IT_IS, WITHOUT)
        }
        ratios = []
        for seed in SEEDS:
            found = {side: pool.apply(search_day, (seed,)) for side, pool in sides.items()}
            (speed, cost), (plain, cost_without) = found[AS_IT_IS], found[WITHOUT]
            if cost != cost_without:
                raise AssertionError(f"seed {seed}: {cost} fen, {cost_without} without the rules")
            ratios.append(100 * (plain / speed - 1))
            yield Measurement(
                what=f"idle rules, seed {seed}",
                figure=ratios[-1],
                unit="% slower",
                how=f"{speed:,.0f} steps/s, {plain:,.0f} without; {cost} fen both",
            )
    yield Measurement(
        what="idle rules, median",
        figure=median(ratios),
        unit="% slower",
        how=f"{ORDERS} orders, CPU seconds of one core; left out: {LEFT_OUT}",
    )


def search_day(seed: int) -> tuple[float, int]:
    """Search the day: steps per CPU second, and the cost in fen."""
    from routing.problem import build_problem
    from routing.search.budget import Iterations, default_iterations
    from routing.search.ruin_recreate import search
    from routing.warm_up import warm_up
    from tests.generated_days import crowded_day

    warm_up()
    day = crowded_day(1, orders=ORDERS, warehouses=3, trucks=40)
    problem = build_problem(day.request, day.travel)
    steps = default_iterations(ORDERS)
    began_s = process_time()
    found = search(problem, Iterations(steps), seed=seed)
    return steps / (process_time() - began_s), found.cost


def _prepare(side: str, folder: Path) -> None:
    """Choose what this process will compile, and keep it apart from what the product compiles."""
    from routing.compiled import keep_compiled_code_in

    if side == AS_IT_IS:
        keep_compiled_code_in(folder)
        return
    ours = (Path(__file__), Path(__file__).with_name("idle_rules.py"))
    mark = sha256(b"".join(path.read_bytes() for path in ours)).hexdigest()[:12]
    keep_compiled_code_in(folder / f"benchmarks/without-{mark}")
    _leave_out_idle_rules()


def _leave_out_idle_rules() -> None:
    """Put functions that do nothing where the evaluator and the kernel call the idle rules."""
    from routing import nights, route_cost, schedule
    from routing.compiled import lean
    from routing.search.kernel import anneal, exchange, insertion, ruin, undo
    from tests.benchmarks import idle_rules as idle

    stands_in: tuple[tuple[ModuleType, str, Callable[..., Any]], ...] = (
        (route_cost, "unpaid", idle.nothing_priced),
        (route_cost, "typical_metres", idle.metres_of_the_tour),
        (route_cost, "keeps_locks", idle.always),
        (route_cost, "trips_allowed", idle.always),
        (route_cost, "shunts_along", idle.no_shunts),
        (route_cost, "count_nights", idle.no_nights),
        (schedule, "work_at_the_deck", idle.no_work_at_the_deck),
        (nights, "_overnight", idle.never_overnight),
        (insertion, "has_reloads", idle.no_reloads),
        (exchange, "has_reloads", idle.no_reloads),
        *((module, "take_stock", idle.no_stock) for module in (anneal, ruin, undo)),
    )
    for module, name, instead in stands_in:
        if not hasattr(module, name):
            raise AttributeError(f"{module.__name__} has no {name} any more")
        setattr(module, name, lean(instead))
