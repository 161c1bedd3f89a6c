"""Rows that are kept: a run that was stopped goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from api.bench.cases import Case, ModelCase
from api.bench.rows import Row
from tests.benchmarks.engine_suite import Place
from tests.benchmarks.options import ROOT

LIBRARIES: Final = ("numpy", "numba", "pyvrp", "ortools", "pyvroom")
DRAW_NOTHING: Final = frozenset({"ortools", "vroom"})
"""Engines to which a seed means nothing: one run says what three would."""
WALL: Final = "wall"
PROCESSOR: Final = "processor"
"""What seconds are told by."""
ONE_THREAD: Final = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """All that a row depends on. Same key, same experiment."""

    digest: str
    engine: str
    seed: int
    seconds: float
    versions: str
    commit: str
    machine: str
    clock: str = WALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One row to be had."""

    place: Place
    key: Key


def plan_runs(
    places: list[Place], engines: list[str], planner: str, *, clock: str = WALL
) -> list[Run]:
    """Interleave: for each instance and seed every engine in turn, so that a slow hour of the
    machine hits all of them.

    First the first instance of every group with one seed, so that a run that is stopped has
    something to say of each. Engines that a group does not ask for come after all else.
    """
    used, commit, machine = versions(), commit_here(), machine_here()
    nth = {
        id(place): sum(p.group == place.group for p in places[:at])
        for at, place in enumerate(places)
    }
    rounds = sorted(
        (
            (engine not in {planner, *place.group.beside}, at, nth[id(place)], place, seed, engine)
            for place in places
            for at, seed in enumerate(place.group.seeds)
            for engine in (engines if isinstance(place.case, ModelCase) else [planner])
            if at == 0 or engine not in DRAW_NOTHING
        ),
        key=lambda each: each[:3],
    )
    return [
        Run(
            place=place,
            key=Key(
                digest=digest_of(place.case),
                engine=engine,
                seed=seed,
                seconds=place.group.seconds,
                versions=used,
                commit=commit,
                machine=machine,
                clock=clock,
            ),
        )
        for _, _, _, place, seed, engine in rounds
    ]


class Store:
    """A file with one JSON object a line, only ever added to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: dict[Key, Row] = dict(_read(path))

    def add(self, key: Key, row: Row) -> None:
        """Keep a row on disk before anything else is begun."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": asdict(key), "row": asdict(row)}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.rows[key] = row


def _read(path: Path) -> Iterator[tuple[Key, Row]]:
    """Rows that count. A line cut off by a crash is done again, and so is a row that crashed."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found = json.loads(line)
        except json.JSONDecodeError:
            continue
        row = Row(**{**found["row"], "notes": tuple(found["row"]["notes"])})
        if not row.broken:
            yield Key(**found["key"]), row


def digest_of(case: Case) -> str:
    """Fingerprint what is searched, wherever the file lies."""
    if not isinstance(case, ModelCase):
        return hashlib.sha256((case.request.digest + case.travel.digest).encode()).hexdigest()[:16]
    found = hashlib.sha256()
    model = case.model
    for table in (model, model.clients, model.fleet):
        for name in type(table).__dataclass_fields__:
            value = getattr(table, name)
            if hasattr(value, "tobytes"):
                found.update(name.encode() + str(value.shape).encode() + value.tobytes())
    return found.hexdigest()[:16]


def versions() -> str:
    """Name Python and the libraries that search."""
    told = [f"Python {platform.python_version()}"]
    for name in LIBRARIES:
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            told.append(f"no {name}")
    return ", ".join(told)


def commit_here() -> str:
    """Name the commit; changes that are not committed count as a version of their own."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
        return done.stdout.decode().strip()

    changes = git("diff", "HEAD", "--", "routing", "api", "geodata")
    mark = f"+{hashlib.sha256(changes.encode()).hexdigest()[:8]}" if changes else ""
    return (git("rev-parse", "--short=12", "HEAD") or "no git") + mark


def machine_here() -> str:
    """Describe processor and memory, and name nobody's host."""
    model = platform.processor() or platform.machine()
    processors = Path("/proc/cpuinfo")
    if processors.is_file():
        for line in processors.read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {os.cpu_count()} cores, {platform.system()}"


def one_thread_each() -> None:
    """Have every child search on one thread; it inherits this."""
    for name in ONE_THREAD:
        os.environ[name] = "1"
