"""The tables about the plan itself: its figures, and how it was made."""

from __future__ import annotations

from api.days.documents import wording as w
from api.days.documents.figures import Locale
from api.days.documents.kpis import kpi_lines, measure
from api.days.documents.table_form import Cell, Column, Kind, Table, new_table
from routing.plan import Plan


def kpi_table(plan: Plan, locale: Locale) -> Table:
    """The figures by which the plan is judged."""
    columns = (
        Column(key="item", width=18),
        Column(key="value", kind=Kind.FIGURE, width=16),
        Column(key="unit", width=8),
    )
    rows = [
        (line.name, line.text if line.number is None else line.number, line.unit)
        for line in kpi_lines(measure(plan), locale)
    ]
    return new_table("kpis", columns, rows)


def sources_table(plan: Plan, locale: Locale) -> Table:
    """What was assumed, whose data it is, and how to make the same plan again."""
    made = plan.provenance
    kind_assumption = w.name_of(w.HEADINGS, "assumption", locale.lang)
    kind_source = w.name_of(w.HEADINGS, "source", locale.lang)
    how = locale.say("求解", "Solve")
    rows: list[tuple[Cell, ...]] = [
        (kind_assumption, locale.half(text)) for text in made.assumptions
    ]
    rows += [(kind_source, locale.half(text)) for text in made.sources]
    rows += [(how, line) for line in provenance_lines(plan, locale)]
    return new_table("sources", (Column(key="item", width=10), Column(key="text", width=96)), rows)


def provenance_lines(plan: Plan, locale: Locale) -> tuple[str, ...]:
    """Say how the plan was made, so that it can be made again."""
    made = plan.provenance
    ended = w.name_of(w.STOP_REASONS, made.stop_reason, locale.lang)
    return (
        locale.say(
            f"引擎 {made.engine}，种子 {made.seed}，迭代 {made.iterations:,}，{ended}",
            f"engine {made.engine}, seed {made.seed}, {made.iterations:,} iterations, {ended}",
        ),
        locale.say("请求摘要 ", "request digest ") + made.request_digest,
        locale.say("路网矩阵摘要 ", "matrix digest ") + made.matrix_digest,
        ", ".join(f"{name} {version}" for name, version in sorted(made.versions.items())),
        *(locale.half(step) for step in made.steps),
    )
