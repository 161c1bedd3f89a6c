"""What a benchmark may be told on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.settings import read_settings

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`data` holds public instances; `results` keeps rows, so that a run can go on later.
    With `cpu` seconds are those of the searching process, for a machine busy with other work."""

    short: bool = False
    routes: int = 20_000
    """Random routes that must be the same to evaluator, scheduler and auditor."""
    cpu: bool = False
    data: Path = ROOT.parent / "shared/data/benchmarks"
    results: Path = read_settings().cache_dir / "benchmarks"
    page: Path = ROOT / "docs/benchmarks.md"
