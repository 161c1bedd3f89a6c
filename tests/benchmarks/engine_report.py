"""The table of engines, as it stands in docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from api.bench.child import OURS
from api.bench.rows import Row
from tests.benchmarks.engine_runs import PROCESSOR, WALL, Key, Run

BEGIN: Final = "<!-- engines: written by `make bench` -->"
END: Final = "<!-- engines end -->"
CLOCKS: Final = {
    WALL: "seconds of the wall's clock",
    PROCESSOR: "seconds of the searching process (VROOM: of the wall's clock), "
    "on a machine that also did other work",
}
OVERRUN: Final = 1.25
"""Beyond so many times the seconds asked for, the table says how long it ran."""


def report(runs: Sequence[Run], rows: Mapping[Key, Row]) -> str:
    """Write a table per group: a line per instance, a column per engine, medians over the seeds."""
    keys = [run.key for run in runs]
    done = sum(key in rows for key in keys)
    machine = keys[0].machine if keys else ""
    clock = CLOCKS[keys[0].clock if keys else WALL]
    lines = [
        f"{machine}; one thread each, searches one after the other, interleaved; {clock}. "
        f"Commit {keys[0].commit if keys else ''}. {keys[0].versions if keys else ''}. "
        f"{done} of {len(keys)} rows.",
        "",
        "Medians over the seeds: percent above the best known cost (lowest to highest), or, where "
        f"none is known, the cost of `{OURS}` and how many percent dearer the others are. "
        "`-`: cannot express it, or found no plan. OR-Tools and VROOM draw no random numbers: one "
        "run each.",
        "",
    ]
    for title in dict.fromkeys(run.place.group.title for run in runs):
        lines += _group([run for run in runs if run.place.group.title == title], rows)
    return "\n".join(lines)


def write_report(page: Path, text: str) -> None:
    """Put the table between its marks; the rest of the page is left alone.

    Raises:
        ValueError: the page has no marks.
    """
    whole = page.read_text(encoding="utf-8")
    if BEGIN not in whole or END not in whole:
        raise ValueError(f"{page.name} has no marks {BEGIN} and {END}")
    before, rest = whole.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    page.write_text(f"{before}{BEGIN}\n{text.rstrip()}\n{END}{after}", encoding="utf-8")


def _group(runs: Sequence[Run], rows: Mapping[Key, Row]) -> list[str]:
    group = runs[0].place.group
    engines = [OURS] + [
        name for name in dict.fromkeys(run.key.engine for run in runs) if name != OURS
    ]
    done = {run.key.seed for run in runs if run.key in rows}
    told = f"Seeds {_listed(done)}." if done else "Not run yet."
    if done and (open_ := set(group.seeds) - done):
        told += f" Not run yet: {_listed(open_)}."
    lines = [
        f"### {group.title}, {group.seconds:g} s",
        "",
        told + (f" Aim: {group.aim}." if group.aim else ""),
        "",
        "| instance | " + " | ".join(engines) + " |",
        "|---|" + "---|" * len(engines),
    ]
    gaps: dict[str, list[float]] = {engine: [] for engine in engines}
    for name in dict.fromkeys(run.place.case.name for run in runs):
        mine = [run for run in runs if run.place.case.name == name]
        found = {
            engine: [rows[run.key] for run in mine if run.key.engine == engine and run.key in rows]
            for engine in engines
        }
        told = [row.best_known for each in found.values() for row in each if row.best_known]
        known = told[0] if told else None
        base = known or _ours(found)
        for engine in engines:
            gaps[engine] += _gaps(found[engine], base)
        cells = [
            # ours in percent of ours would say nothing: its cost does
            _cell(found[engine], known if engine == OURS else base, group.seconds)
            for engine in engines
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    if any(gaps.values()) and len(engines) > 1:
        middle = [f"{median(gaps[each]):.2f} %" if gaps[each] else "-" for each in engines]
        lines.append("| **median** | " + " | ".join(middle) + " |")
    return [*lines, ""]


def _listed(seeds: Iterable[int]) -> str:
    return ", ".join(str(seed) for seed in sorted(seeds))


def _ours(found: Mapping[str, Sequence[Row]]) -> float | None:
    """Measure by our own median where nothing is known."""
    costs = [row.cost for row in found.get(OURS, ()) if row.feasible and row.cost is not None]
    return median(costs) if costs else None


def _gaps(rows: Sequence[Row], base: float | None) -> list[float]:
    costs = [row.cost for row in rows if row.feasible and row.cost is not None]
    return [100 * (cost / base - 1) for cost in costs] if base else []


def _cell(rows: Sequence[Row], base: float | None, seconds: float) -> str:
    if not rows:
        return "not run"
    costs = [row.cost for row in rows if row.feasible and row.cost is not None]
    gaps = _gaps(rows, base)
    told = "-"
    if gaps:
        told = f"{median(gaps):.2f} %"
        if len(gaps) > 1:
            told += f" ({min(gaps):.2f} to {max(gaps):.2f})"
    elif costs:
        told = f"{median(costs):,.0f}"
    if costs and len(costs) < len(rows):
        told += f", {len(rows) - len(costs)} of {len(rows)} infeasible"
    left = [row.unserved for row in rows if row.unserved]
    if left and any(row.cost is not None for row in rows):
        told += f", {max(left)} unserved"
    longest = max(row.seconds for row in rows)
    if longest > OVERRUN * seconds + 1:
        told += f", ran {longest:.0f} s"
    return told
