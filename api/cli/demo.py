"""`flatbed demo`: invent a realistic day, plan it, audit it and write everything."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import AsJson, DayDate, Lang, Seed, day_of, language
from api.cli.plan import choose_budget, run_plan, show
from api.cli.registry import new_app
from api.errors import ExitCode
from api.settings import Language, read_settings

app = new_app()


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the day and its plan.")] = Path(
        "demo-out"
    ),
    seed: Seed = 1,
    date: DayDate = None,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Invent a realistic day, plan it and write everything. 演示

    Some of its orders are impossible on purpose, each for another reason.
    """
    from api.days.demo import DEMO_DAY, write_demo_day
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
        typer.echo(f"打开看看:{page}" if chinese else f"Open this: {page}")
    if not planned.report.clean:
        raise typer.Exit(ExitCode.OURS)
