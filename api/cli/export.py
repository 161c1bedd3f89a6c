"""`flatbed export`: one document of a plan."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import AsJson, Lang, Mask, PlanPath, language
from api.cli.progress import ProgressLine
from api.cli.registry import new_app
from api.errors import BadUsage
from api.settings import read_settings

app = new_app()


@app.command()
def export(
    plan: PlanPath,
    form: Annotated[str, typer.Option("--format", help="Any of those in docs/outputs.md.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="File to write; default: stdout.")
    ] = None,
    day: Annotated[
        Path | None,
        typer.Option("--day", exists=True, help="The day: gives phones, decks and roads."),
    ] = None,
    truck: Annotated[str, typer.Option("--truck", help="Only this truck (id or plate).")] = "",
    mask: Mask = False,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Write a plan as a workbook, manifests, a map or a text. 导出

    plan.json carries no phone numbers: with --day the driver's papers have them.
    """
    from api.days.documents.export import BINARY, Format
    from api.days.documents.export import export as render
    from api.days.documents.write import Papers
    from api.days.planning import DayOptions, papers_of, read_prepared_day
    from geodata.cache import write_whole
    from routing.plan_json import read_plan

    if form not in set(Format):
        raise BadUsage(f"--format {form}: choose {', '.join(Format)}")
    if out is None and Format(form) in BINARY and sys.stdout.isatty():
        raise BadUsage(f"{form} is no text: name a file with -o")
    spoken = language(lang)
    shown = read_plan(plan)
    papers = Papers(mask=mask, lang=spoken)
    if day is not None:
        line = ProgressLine(spoken)
        options = DayOptions(
            path=day,
            day=shown.day,
            skip_faulty=bool(shown.skipped),
            cache_dir=read_settings().cache_dir,
            lang=spoken,
        )
        read = read_prepared_day(options, progress=line.say)
        line.end()
        papers = papers_of(
            shown,
            read.prepared,
            mask=mask,
            lang=spoken,
            cache_dir=options.cache_dir,
            audit_findings=None,
        )
    content = render(shown, Format(form), papers=papers, truck=truck)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, content)
        if as_json:
            typer.echo(json.dumps({"file": str(out)}, ensure_ascii=False))
        else:
            typer.echo(str(out), err=True)
