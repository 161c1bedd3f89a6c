"""`flatbed demo`: invent a realistic day, plan it, audit it and write everything."""

from datetime import date as Date  # noqa: N812 - the option is called date
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.options import AsJson, Lang, Seed, day_of, language
from api.cli.plan import choose_budget, run_plan, show
from api.cli.registry import new_app
from api.errors import ExitCode
from api.settings import Language, read_settings

app = new_app()

DEMO_DAY: Final = Date(2026, 11, 24)
"""A Tuesday. Fixed, so that the same seed gives the same files on any day."""


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the day and its plan.")] = Path(
        "demo-out"
    ),
    seed: Seed = 1,
    date: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="The invented day; always the same one."),
    ] = None,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Invent a realistic day, plan it and write everything. 演示

    Some of its orders are impossible on purpose, each for another reason.
    """
    from api.days.demo import write_demo_day
    from api.days.planning import DayOptions

    spoken = language(lang)
    out.mkdir(parents=True, exist_ok=True)
    written = write_demo_day(out / "day", seed=seed, day=day_of(date) or DEMO_DAY)
    options = DayOptions(path=written.path, cache_dir=read_settings().cache_dir, lang=spoken)
    planned = run_plan(
        options, out, budget=choose_budget(time=None, iterations=None), seed=seed, mask=False
    )
    show(planned, lang=spoken, as_json=as_json)
    if not as_json:
        page = out / "plan.html"
        chinese = spoken is Language.CHINESE
        typer.echo(f"打开看看：{page}" if chinese else f"Open this: {page}")
    if not planned.report.clean:
        raise typer.Exit(ExitCode.OURS)
