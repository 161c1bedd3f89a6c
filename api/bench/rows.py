"""What one run of one engine left behind, and how people and programs read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

COLUMNS: Final = (
    "instance", "engine", "cost", "best_known", "gap_pct", "feasible", "unserved", "seconds",
    "seed",
)  # fmt: skip
"""Published: the fields of a row under `--json`, in this order."""
_NUMBERS: Final = frozenset({"cost", "best_known", "gap_pct", "unserved", "seconds", "seed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One instance, engine and seed, as the independent checker judges it.

    `cost` is in the units of the instance (fen for a day), none without any route. A plan that
    leaves somebody behind who must be served is not feasible. `seconds` is search. `notes` say
    what went wrong.
    """

    instance: str
    engine: str
    seed: int
    seconds: float
    cost: float | None
    best_known: float | None
    unserved: int
    feasible: bool
    broken: bool = False
    """The engine crashed, hung, or brought routes that break the model: its fault, no result."""
    notes: tuple[str, ...] = ()

    @property
    def gap_pct(self) -> float | None:
        """Percent above the best known; none where one of the two is missing."""
        if self.cost is None or not self.best_known or not self.feasible:
            return None
        return round(100 * (self.cost / self.best_known - 1), 4)

    def fields(self) -> dict[str, object]:
        """Give the row as it is printed under `--json`."""
        return {
            "instance": self.instance,
            "engine": self.engine,
            "cost": _plain(self.cost),
            "best_known": _plain(self.best_known),
            "gap_pct": self.gap_pct,
            "feasible": self.feasible,
            "unserved": self.unserved,
            "seconds": round(self.seconds, 2),
            "seed": self.seed,
        }


def table(rows: Sequence[Row]) -> str:
    """Lay rows out as a table for people, numbers to the right."""
    cells = [list(COLUMNS), *([_word(row.fields()[name]) for name in COLUMNS] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(COLUMNS))]
    lines = [
        "  ".join(
            word.rjust(width) if name in _NUMBERS else word.ljust(width)
            for name, word, width in zip(COLUMNS, line, widths, strict=True)
        ).rstrip()
        for line in cells
    ]
    return "\n".join(lines)


def _plain(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _word(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
