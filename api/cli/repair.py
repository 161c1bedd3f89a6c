"""`flatbed repair`: something has happened; the plan that changes least."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import (
    AsJson,
    BansFile,
    DayDate,
    DayPath,
    Lang,
    Mask,
    PlanPath,
    Seed,
    day_of,
    language,
)  # fmt: skip
from api.cli.progress import ProgressLine
from api.cli.registry import new_app
from api.cli.warning_lines import tell_warnings
from api.errors import BadUsage, ExitCode
from api.settings import read_settings

app = new_app()

Events = Annotated[
    list[str] | None,
    typer.Option("--event", help="What happened, such as lost:T1@09:30. May be repeated."),
]
Now = Annotated[
    str, typer.Option("--now", help="When it is known, as 09:30: what has left by then is fixed.")
]
MaxChanges = Annotated[
    int | None, typer.Option("--max-changes", min=0, help="How many orders may change.")
]
Accept = Annotated[
    list[int] | None,
    typer.Option("--accept", help="Line of the repair PLAN to keep as it is. May be repeated."),
]
Reject = Annotated[
    list[int] | None,
    typer.Option("--reject", help="Line of the repair PLAN to take back. May be repeated."),
]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder for the new plan and its papers.")]


@app.command()
def repair(
    day: DayPath,
    plan: PlanPath,
    out: Out,
    event: Events = None,
    now: Now = "",
    accept: Accept = None,
    reject: Reject = None,
    max_changes: MaxChanges = None,
    seed: Seed = 1,
    date: DayDate = None,
    mask: Mask = False,
    bans: BansFile = None,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Mend a plan after something has happened, changing as little as can be. 改派"""
    from api.days.documents.diff import diff_text
    from api.days.planning import DayOptions
    from api.days.repairing import asked_again, asked_anew, repair_day_files
    from routing.audit import report_text

    spoken = language(lang)
    line = ProgressLine(spoken)
    options = DayOptions(
        path=day,
        day=day_of(date),
        bans_file=bans,
        cache_dir=read_settings().cache_dir,
        lang=spoken,
    )
    if event and now and not (accept or reject):
        asked = asked_anew(plan, events=event, now=now, max_changes=max_changes)
    elif (accept or reject) and not (event or now):
        asked = asked_again(
            plan, accept=accept or (), reject=reject or (), max_changes=max_changes, lang=spoken
        )
    else:
        raise BadUsage(
            "repair takes either --event and --now, for something that has happened, or --accept"
            " and --reject, for the lines of a repair"
        )
    try:
        mended = repair_day_files(
            options,
            asked,
            out,
            seed=seed,
            mask=mask,
            progress=line.say,
        )
    finally:
        line.end()
    findings = len(mended.day.report.findings)
    if as_json:
        files = [str(path) for path in mended.day.files]
        answer = {**mended.document, "audit_findings": findings, "files": files}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(diff_text(mended.diff, events=asked.events, lang=spoken), nl=False)
    tell_warnings(mended.day.warnings, lang=spoken)
    if findings:
        typer.echo(report_text(mended.day.report, spoken.value), err=True)
        raise typer.Exit(ExitCode.OURS)
