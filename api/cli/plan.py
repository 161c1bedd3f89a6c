"""`flatbed plan`: a day's sheets in, a plan and its papers out."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import (
    AsJson,
    BansFile,
    DayDate,
    DayPath,
    Lang,
    Mask,
    Seed,
    SkipFaulty,
    day_of,
    language,
)  # fmt: skip
from api.cli.progress import ProgressLine, cancel_on_interrupt
from api.cli.registry import new_app
from api.cli.warning_lines import tell_warnings
from api.errors import BadUsage, ExitCode
from api.settings import Language, read_settings

if TYPE_CHECKING:
    from api.days.planning import DayOptions, PlannedDay
    from api.days.spread import Spread
    from routing.search.budget import Budget

app = new_app()

Out = Annotated[Path, typer.Option("-o", "--out", help="Folder for the plan and its papers.")]
Time = Annotated[
    float | None, typer.Option("--time", help="Search so many seconds. Not repeatable.")
]
IterationCount = Annotated[
    int | None, typer.Option("--iterations", min=0, help="Search so many iterations. Repeatable.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="End with code 4 when an order is left behind.")
]
Days = Annotated[
    int | None,
    typer.Option("--days", min=1, max=7, help="Plan so many days; default: the settings, else 1."),
]
Reliability = Annotated[
    float | None,
    typer.Option(
        "--reliability",
        help="Chance with which every slot should hold, such as 0.95; plans several times.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Plan the parts of a large day in so many processes."),
]
Scheduler = Annotated[
    str, typer.Option("--scheduler", help="Plan them on Dask: the address of its scheduler.")
]


@app.command()
def plan(
    day: DayPath,
    out: Out,
    seed: Seed = 1,
    time: Time = None,
    iterations: IterationCount = None,
    date: DayDate = None,
    days: Days = None,
    skip_faulty: SkipFaulty = False,
    strict: Strict = False,
    reliability: Reliability = None,
    workers: Workers = None,
    scheduler: Scheduler = "",
    mask: Mask = False,
    bans: BansFile = None,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Plan a day: who brings which car, when, and why not. 排线"""
    from api.days.planning import DayOptions

    budget = choose_budget(time=time, iterations=iterations)
    options = DayOptions(
        path=day,
        day=day_of(date),
        days=days,
        skip_faulty=skip_faulty,
        bans_file=bans,
        cache_dir=read_settings().cache_dir,
        lang=language(lang),
    )
    planned = run_plan(
        options,
        out,
        budget=budget,
        seed=seed,
        mask=mask,
        reliability=choose_reliability(reliability),
        spread=choose_spread(workers=workers, scheduler=scheduler),
    )
    show(planned, lang=options.lang, as_json=as_json)
    if not planned.report.clean:
        raise typer.Exit(ExitCode.OURS)
    if strict and planned.plan.left_behind:
        raise typer.Exit(ExitCode.LEFT_BEHIND)


def choose_budget(*, time: float | None, iterations: int | None) -> "Callable[[int], Budget]":
    """Decide how long to search: by default so many iterations for so many orders.

    Raises:
        BadUsage: both a time and a number of iterations, or a time that is not above 0.
    """
    if time is not None and iterations is not None:
        raise BadUsage("--time and --iterations exclude each other: choose one")
    if time is not None and not 0 < time < 86_400:
        raise BadUsage(f"--time {time:g}: choose more than 0 and less than 86400 seconds")

    def sized(orders: int) -> "Budget":
        from routing.search.budget import Iterations, WallClock, default_iterations

        if time is not None:
            return WallClock(time)
        return Iterations(default_iterations(orders) if iterations is None else iterations)

    return sized


def choose_reliability(reliability: float | None) -> float | None:
    """Check the chance with which slots are to hold.

    Raises:
        BadUsage: not from a half to below one.
    """
    if reliability is not None and not 0.5 <= reliability < 1:
        raise BadUsage(f"--reliability {reliability:g}: choose from 0.5 to below 1, such as 0.95")
    return reliability


def choose_spread(*, workers: int | None, scheduler: str) -> "Spread | None":
    """Decide where the parts of a large day are planned; None: a day is planned in one piece.

    Raises:
        BadUsage: both child processes and a scheduler.
    """
    if workers is None and not scheduler:
        return None
    if workers is not None and scheduler:
        raise BadUsage("--workers and --scheduler exclude each other: choose one")
    from api.days.spread import Spread

    return Spread(workers=workers or 1, scheduler=scheduler)


def run_plan(
    options: "DayOptions",
    out: Path,
    *,
    budget: "Callable[[int], Budget]",
    seed: int,
    mask: bool,
    reliability: float | None = None,
    spread: "Spread | None" = None,
) -> "PlannedDay":
    """Plan with progress on stderr; the first Ctrl-C stops with the best plan so far."""
    from api.days.planning import plan_day_files

    line = ProgressLine(options.lang)
    try:
        with cancel_on_interrupt(line) as asked:
            return plan_day_files(
                options,
                out,
                budget=budget,
                seed=seed,
                mask=mask,
                reliability=reliability,
                spread=spread,
                progress=line.say,
                on_news=line.news,
                cancelled=lambda: bool(asked),
            )
    finally:
        line.end()


def show(planned: "PlannedDay", *, lang: Language, as_json: bool) -> None:
    """Print the summary, and the auditor's findings if there are any."""
    from api.days.documents.summary import summary_json, summary_text
    from routing.audit import report_text

    findings = len(planned.report.findings)
    if as_json:
        summary = summary_json(
            planned.plan,
            audit_findings=findings,
            files=planned.files,
            warnings=planned.warnings,
        )
        typer.echo(json.dumps(summary, ensure_ascii=False))
    else:
        width = min(110, shutil.get_terminal_size((100, 24)).columns)
        text = summary_text(
            planned.plan, lang=lang, width=width, audit_findings=findings, files=planned.files
        )
        typer.echo(text, nl=False)
    tell_warnings(planned.warnings, lang=lang)
    if findings:
        typer.echo(report_text(planned.report, lang.value), err=True)
