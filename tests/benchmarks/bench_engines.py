"""Our engine beside PyVRP, OR-Tools and VROOM: same instances, same seconds, same machine.

The full form takes hours and goes on where it was stopped; `--short` takes two minutes and leaves
docs/benchmarks.md alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import Final

from api.bench.child import OURS, Task, run_apart
from api.bench.judge import judge
from api.bench.rows import Row
from api.settings import read_settings
from routing.search.budget import ProcessorClock, WallClock
from tests.benchmarks.engine_report import report, write_report
from tests.benchmarks.engine_runs import (
    PROCESSOR,
    WALL,
    Run,
    Store,
    one_thread_each,
    plan_runs,
)
from tests.benchmarks.engine_suite import FULL, SHORT, read_places
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.options import Options

PEERS: Final = ("pyvrp", "ortools", "vroom")
START_S: Final = 4.0
"""A guess at what a row takes beside its search, until rows have been measured."""


def measure() -> Iterator[Measurement]:
    """Run the full form where files usually lie."""
    yield from measure_with(Options())


def measure_with(options: Options) -> Iterator[Measurement]:
    """Run what is not there yet, row by row; after each row the page is up to date."""
    places, missing = read_places(SHORT if options.short else FULL, options.data)
    if missing:
        print(f"skipped, not in {options.data.name}/: {', '.join(missing)}", flush=True)
    one_thread_each()
    clock = PROCESSOR if options.cpu else WALL
    runs = plan_runs(places, [OURS, *PEERS], OURS, clock=clock)
    store = Store(options.results / "engines.jsonl")
    waiting = [run for run in runs if run.key not in store.rows]
    began, searched = monotonic(), 0.0
    for number, run in enumerate(waiting):
        row = _row(run)
        store.add(run.key, row)
        searched += run.key.seconds
        beside = (monotonic() - began - searched) / (number + 1)
        left = sum(each.key.seconds + max(START_S, beside) for each in waiting[number + 1 :])
        yield _told(row, f"{len(waiting) - number - 1} rows, about {_span(left)} left")
        if not options.short:
            write_report(options.page, report(runs, store.rows))
    text = report(runs, store.rows)
    if not options.short:
        write_report(options.page, text)
    print(text)


def _row(run: Run) -> Row:
    case, key = run.place.case, run.key
    task = Task(
        case=case,
        engine=key.engine,
        budget=(ProcessorClock if key.clock == PROCESSOR else WallClock)(key.seconds),
        seconds=key.seconds,
        seed=key.seed,
        cache_dir=read_settings().cache_dir,
    )
    return judge(case, key.engine, key.seed, run_apart(task))


def _told(row: Row, left: str) -> Measurement:
    gap = row.gap_pct
    notes = f"; {row.notes[0]}" if row.notes else ""
    return Measurement(
        what=f"{row.instance} {row.engine} seed {row.seed}",
        figure=gap if gap is not None else row.cost or float("nan"),
        unit="%" if gap is not None else "cost",
        how=f"{row.unserved} unserved, {row.seconds:.1f} s; {left}{notes}",
    )


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
