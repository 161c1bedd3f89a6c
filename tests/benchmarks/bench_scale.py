"""A national day in parts: time, memory, cost against warehouses solved alone, one and two workers.

`python -m tests.benchmarks scale` plans 1,200 orders of 6 warehouses on this machine; with other
numbers: `python -m tests.benchmarks.bench_scale 12000 60`.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

from api.days.cluster import Cluster
from api.settings import read_settings
from routing.benchmarks.national import NationalDay, national_day
from routing.isolate import Job
from routing.scale.borders import price_of
from routing.scale.children import Children
from routing.scale.executor import Executor, Task
from routing.scale.merge import PlannedPart
from routing.scale.planner import FIXES, MASTER_EFFORT, PlannedParts, plan_parts
from routing.search.budget import Iterations, default_iterations
from tests.benchmarks.measurement import Measurement
from tests.dask_cluster import dask_cluster

SEED = 1
TIMES = 10
SAMPLE = 2


def measure(orders: int = 1_200, warehouses: int = 6) -> Iterator[Measurement]:
    """Plan one day in two children, a sample of its warehouses alone, and a part of it on Dask."""
    day = national_day(orders, warehouses, SEED)
    with Children(2, cache_dir=read_settings().cache_dir) as children:
        made, seconds = timed(day, children)
        plan, parts = made.planned.plan, len(made.parts)
        how = (
            f"{day.name}, 2 children, {parts} parts, {len(plan.left_behind)} left behind, "
            f"{len(made.planned.report.findings)} findings"
        )
        yield Measurement(what="national day", figure=seconds, unit="s", how=how)
        yield Measurement(
            what="national day, iterations", figure=plan.provenance.iterations, unit="", how=how
        )
        yield from alone(day, made, children)
    for who, name in ((resource.RUSAGE_SELF, "parent"), (resource.RUSAGE_CHILDREN, "child")):
        peak = resource.getrusage(who).ru_maxrss / 1024
        yield Measurement(what=f"peak memory, {name}", figure=peak, unit="MiB", how=day.name)
    yield from on_dask(national_day(orders // 3, warehouses, SEED))


def timed(day: NationalDay, executor: Executor) -> tuple[PlannedParts, float]:
    """Plan with the default effort; seconds of this clock, starting of children included."""
    start_s = time.perf_counter()
    made = plan_parts(
        day.request,
        day.travel_for,
        executor,
        budget=Iterations(default_iterations(len(day.request.orders))),
        seed=SEED,
    )
    return made, time.perf_counter() - start_s


def alone(day: NationalDay, made: PlannedParts, executor: Executor) -> Iterator[Measurement]:
    """Solve warehouses again with ten times the iterations; compare what counts: price_of."""
    sample = made.parts[:: max(1, len(made.parts) // SAMPLE)][:SAMPLE]

    def task(each: PlannedPart) -> Task:
        request = each.part.request
        return Task(
            name=each.part.name,
            job=lambda: Job(
                request=request,
                travel=day.travel_for(request),
                budget=Iterations(TIMES * each.plan.provenance.iterations),
                seed=SEED,
                effort=FIXES,
                master_effort=MASTER_EFFORT * TIMES,
            ),
        )

    found = executor.run(
        [task(each) for each in sample],
        cancelled=lambda: False,
        on_done=lambda number, planned: None,
    )
    for each, best in zip(sample, found, strict=True):
        broken, fen = price_of(day.request, each.plan)
        broken_alone, fen_alone = price_of(day.request, best.plan)
        yield Measurement(
            what=f"{each.part.name} against {TIMES} times the effort",
            figure=100 * (fen / fen_alone - 1),
            unit="%",
            how=f"{len(each.part.request.orders)} orders, {fen} against {fen_alone} fen, "
            f"promises left behind {broken} and {broken_alone}",
        )


def on_dask(day: NationalDay) -> Iterator[Measurement]:
    """Plan on one Dask worker and on two, each in an empty folder of its own, warmed up before."""
    took = {}
    plans = set()
    for workers in (1, 2):
        with ExitStack() as stack:
            address, _ = stack.enter_context(dask_cluster(workers))
            cluster = stack.enter_context(Cluster(address, at_least=workers))
            timed(national_day(2 * workers, 2 * workers, SEED), cluster)
            made, took[workers] = timed(day, cluster)
            plans.add(made.planned.plan.cost_minor)
    how = f"{day.name}, {took[1]:.1f} s and {took[2]:.1f} s, {len(plans)} different costs"
    yield Measurement(
        what="speed-up, 1 to 2 Dask workers", figure=took[1] / took[2], unit="x", how=how
    )


if __name__ == "__main__":
    for found in measure(int(sys.argv[1]), int(sys.argv[2])):
        print(f"{found.what:<40} {found.figure:>12,.3f} {found.unit:<4} {found.how}", flush=True)
