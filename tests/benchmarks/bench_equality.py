"""Evaluator, scheduler and auditor on random routes: the same moments and the same money.

    python -m tests.benchmarks equality --routes 1000000

Two processes; progress on stderr. Every finished chunk is kept by the sources it is true of, so
that a run can be stopped and goes on where it was.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import Final

from routing.problem import build_problem
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.options import ROOT, Options
from tests.equal_schedules import compare
from tests.random_routes import random_day

DAYS: Final = 20
ROUTES: Final = 100
"""Days of a chunk, routes of a day."""
PROCESSES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """What a run of days showed; `different` names routes the three do not agree on."""

    number: int
    routes: int
    lawful: int
    different: tuple[str, ...]
    cpu_s: float


def check_chunk(number: int) -> Chunk:
    """Compare the routes of the chunk's days."""
    begun_s = process_time()
    routes = lawful = 0
    different: list[str] = []
    for day in range(number * DAYS, (number + 1) * DAYS):
        made = random_day(day)
        problem = build_problem(made.day.request, made.day.travel)
        for run in made.runs(ROUTES):
            found = compare(problem, run)
            routes += 1
            lawful += found.lawful
            if found.differences:
                route = f"day {day} {run.truck_id} {run.order_ids} {run.reloads}"
                different.append(f"{route}: {'; '.join(found.differences)}")
    return Chunk(
        number=number,
        routes=routes,
        lawful=lawful,
        different=tuple(different),
        cpu_s=process_time() - begun_s,
    )


def measure_with(options: Options) -> Iterator[Measurement]:
    """Routes compared, lawful ones among them, routes that differ."""
    file = options.results / f"equality-{_sources()}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    done = _read(file)
    wanted = -(-options.routes // (DAYS * ROUTES))
    missing = [number for number in range(wanted) if number not in done]
    with get_context("spawn").Pool(PROCESSES) as pool, file.open("a", encoding="utf-8") as kept:
        for chunk in pool.imap_unordered(check_chunk, missing):
            kept.write(json.dumps(asdict(chunk)) + "\n")
            kept.flush()
            done[chunk.number] = chunk
            print(f"{len(done) * DAYS * ROUTES:,} routes", *chunk.different, file=sys.stderr)
    yield from _told(list(done.values()))


def _told(chunks: list[Chunk]) -> Iterator[Measurement]:
    routes = sum(chunk.routes for chunk in chunks)
    different = [text for chunk in chunks for text in chunk.different]
    cpu_s = sum(chunk.cpu_s for chunk in chunks)
    yield Measurement(
        what="random routes three times over",
        figure=routes,
        unit="routes",
        how=f"{sum(chunk.lawful for chunk in chunks):,} of them can be driven; "
        f"{1000 * cpu_s / max(1, routes):.1f} ms of the processor each",
    )
    yield Measurement(
        what="of these, not the same to all three",
        figure=len(different),
        unit="routes",
        how="every moment, metre and fen of evaluator, scheduler and auditor's twin"
        + "".join(f"\n  {text}" for text in different[:20]),
    )


def _read(file: Path) -> dict[int, Chunk]:
    if not file.exists():
        return {}
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    chunks = [Chunk(**row | {"different": tuple(row["different"])}) for row in rows]
    return {chunk.number: chunk for chunk in chunks}


def _sources() -> str:
    """Name the code that the rows are about: all of routing, and what draws and compares."""
    files = [
        *sorted((ROOT / "routing").rglob("*.py")),
        *(ROOT / "tests" / name for name in ("random_routes.py", "equal_schedules.py", "days.py")),
    ]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
