"""`flatbed bench`: engines side by side on public instances, made-up ones and days."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.options import DayDate, day_of
from api.cli.registry import new_app
from api.errors import BadUsage, ExitCode
from api.settings import Language, read_settings

if TYPE_CHECKING:
    from api.bench.cases import Case, DayReader
    from api.bench.child import Task
    from api.bench.rows import Row
    from geodata.matrix import TravelMatrix
    from routing.benchmarks.units import Units
    from routing.domain.request import PlanRequest

app = new_app()

DEFAULT_SECONDS: Final = 10.0
Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help="Instances, days, county:300:7, rich:150:3."),
]
Engines = Annotated[
    list[str] | None,
    typer.Option(
        "--engine",
        help="flatbed (default), kernel, pyvrp, ortools, ortools-ils, vroom, all; repeatable.",
    ),
]
Time = Annotated[
    float | None,
    typer.Option(
        "--time", help="Seconds of search, compilation and, of a day, the master apart; default 10."
    ),
]
AsLines = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
IterationCount = Annotated[
    int | None, typer.Option("--iterations", min=0, help="So many iterations instead.")
]
Cpu = Annotated[
    bool,
    typer.Option("--cpu", help="Count the seconds of --time on the processor: on a busy machine."),
]
Seeds = Annotated[
    list[int] | None, typer.Option("--seed", min=0, help="Default 1; may be repeated.")
]
UnitsName = Annotated[
    str, typer.Option("--units", help="dimacs or exact; default: by the TYPE of the file.")
]


@app.command()
def bench(
    files: Files,
    engine: Engines = None,
    time: Time = None,
    iterations: IterationCount = None,
    cpu: Cpu = False,
    seed: Seeds = None,
    units: UnitsName = "",
    date: DayDate = None,
    as_json: AsLines = False,
) -> None:
    """Run engines on instances and check what they find, independently. 基准测试

    Ends with code 1 when an engine crashed or brought routes that break the instance.
    """
    from api.bench.cases import read_cases
    from api.bench.rows import table

    names = _engine_names(engine or [])
    cases = read_cases(files, units=_units(units), read_day=_day_reader(day_of(date)))
    tasks = list(_tasks(cases, names, seed or [1], time=time, iterations=iterations, cpu=cpu))
    rows = []
    try:
        for row in _run(tasks):
            rows.append(row)
            for note in row.notes:
                typer.echo(f"{row.instance} {row.engine} seed {row.seed}: {note}", err=True)
            if as_json:
                typer.echo(json.dumps(row.fields(), ensure_ascii=False))
    finally:  # an interrupt leaves what there is
        if rows and not as_json:
            typer.echo(table(rows))
    if any(row.broken for row in rows):
        raise typer.Exit(ExitCode.OURS)


def _run(tasks: "list[Task]") -> "Iterator[Row]":
    """Search one after the other, so that nothing else of ours takes time from a row."""
    from api.bench.child import run_apart
    from api.bench.judge import judge

    for number, task in enumerate(tasks, start=1):
        where = f"{task.case.name} {task.engine} seed {task.seed}"
        typer.echo(f"[{number}/{len(tasks)}] {where}", err=True)
        yield judge(task.case, task.engine, task.seed, run_apart(task))


def _tasks(
    cases: "tuple[Case, ...]",
    names: list[str],
    seeds: list[int],
    *,
    time: float | None,
    iterations: int | None,
    cpu: bool,
) -> "Iterator[Task]":
    """Interleave: for each case and seed every engine in turn. A day has one engine, the planner.

    Raises:
        BadUsage: both a time and a number of iterations, or a time that is not above 0.
    """
    from api.bench.cases import ModelCase
    from api.bench.child import OURS, Task
    from routing.search.budget import Budget, Iterations, ProcessorClock, WallClock

    if time is not None and iterations is not None:
        raise BadUsage("--time and --iterations exclude each other: choose one")
    seconds = DEFAULT_SECONDS if time is None and iterations is None else time
    if seconds is not None and not 0 < seconds < 86_400:
        raise BadUsage(f"--time {seconds:g}: choose more than 0 and less than 86400 seconds")
    clock = ProcessorClock if cpu else WallClock
    budget: Budget = Iterations(iterations or 0) if seconds is None else clock(seconds)
    cache_dir = read_settings().cache_dir
    for case in cases:
        for seed in seeds:
            for name in names if isinstance(case, ModelCase) else [OURS]:
                yield Task(
                    case=case,
                    engine=name,
                    budget=budget,
                    seconds=seconds,
                    seed=seed,
                    cache_dir=cache_dir,
                )


def _engine_names(wanted: list[str]) -> list[str]:
    """Check the names of engines; `all` stands for every one, none for our own choice.

    Raises:
        BadUsage: a name nobody has.
    """
    from api.bench.child import OURS
    from routing.search.engines.registry import engines

    known = [OURS, *engines()]
    if unknown := [name for name in wanted if name not in {*known, "all"}]:
        raise BadUsage(f"--engine {unknown[0]}: choose {', '.join(known)} or all")
    return known if "all" in wanted else list(dict.fromkeys(wanted or [OURS]))


def _units(name: str) -> "Units | None":
    from routing.benchmarks.units import Units

    if name and name not in set(Units):
        raise BadUsage(f"--units {name}: choose {' or '.join(Units)}")
    return Units(name) if name else None


def _day_reader(day: datetime.date | None) -> "DayReader":
    def read(path: Path) -> "tuple[PlanRequest, TravelMatrix]":
        from api.days.planning import DayOptions, read_prepared_day

        options = DayOptions(
            path=path, day=day, cache_dir=read_settings().cache_dir, lang=Language.ENGLISH
        )
        prepared = read_prepared_day(
            options, progress=lambda text: typer.echo(text, err=True)
        ).prepared
        return prepared.request, prepared.travel

    return read
