"""`flatbed audit`: check a plan against its day, independently of the planner."""

import json
from dataclasses import asdict

import typer

from api.cli.options import AsJson, BansFile, DayDate, DayPath, Lang, PlanPath, day_of, language
from api.cli.progress import ProgressLine
from api.cli.registry import new_app
from api.cli.warning_lines import tell_warnings
from api.errors import ExitCode
from api.settings import read_settings

app = new_app()


@app.command()
def audit(
    day: DayPath,
    plan: PlanPath,
    date: DayDate = None,
    bans: BansFile = None,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Check a plan against its day, independently of the planner. 复核

    Ends with code 3 when the plan breaks a rule. Rows that the plan skipped are skipped again.
    """
    from api.days.planning import DayOptions, read_prepared_day, warnings_of
    from api.days.repair_record import audited_day, is_repaired, read_kept
    from api.days.spread import audited_travel, is_large, was_spread
    from routing.audit import audit_plan, report_json, report_text
    from routing.plan_json import read_plan
    from routing.robustness.reliability import as_judged

    spoken = language(lang)
    checked = read_plan(plan)
    kept = read_kept(plan) if is_repaired(checked) else None
    line = ProgressLine(spoken)
    options = DayOptions(
        path=day,
        day=day_of(date) or checked.day,
        days=checked.days,
        skip_faulty=bool(checked.skipped),
        added_orders=kept.sheets if kept else (),
        bans_file=bans,
        cache_dir=read_settings().cache_dir,
        lang=spoken,
    )
    large = is_large if was_spread(checked) else (lambda request: False)
    read = read_prepared_day(options, apart=large, progress=line.say)
    line.end()
    request = as_judged(read.prepared.request, checked)
    travel = audited_travel(read.prepared, checked)
    if kept is not None:
        request, travel = audited_day(kept, request, travel, lang=spoken)
    report = audit_plan(request, travel, checked)
    warnings = warnings_of(read, spoken)
    if as_json:
        answer = {**report_json(report), "warnings": [asdict(warning) for warning in warnings]}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(report_text(report, spoken.value))
    tell_warnings(warnings, lang=spoken)
    if not report.clean:
        raise typer.Exit(ExitCode.FAULTY_INPUT)
