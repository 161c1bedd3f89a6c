"""Hand-made instances as text: a rectangle with the depot in a corner, told in any dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from routing.benchmarks.instance import Instance
from routing.benchmarks.reading import read_instance
from routing.benchmarks.units import Units

SQUARE = ((0, 0), (30, 0), (30, 40), (0, 40))
"""Node 1 is the depot; sides 30 and 40, diagonals 50: every distance is whole."""

SOLOMON = """\
TINY

VEHICLE
NUMBER     CAPACITY
  2         20

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME

    0       0          0          0          0        500          0
    1      30          0         10         40         60          5
    2      30         40         10          0        500          5
    3       0         40          5          0        500          5
"""


def vrplib(
    values: Mapping[str, object] | None = None,
    sections: Mapping[str, Sequence[Sequence[object]]] | None = None,
    *,
    points: Sequence[tuple[float, float]] = SQUARE,
) -> str:
    """Write an instance: `values` as `KEY: value`, `sections` with row numbers put in front.

    A `DEPOT` section is written as it is; a value of None leaves the key out.
    """
    keys: dict[str, object] = {
        "NAME": "hand",
        "TYPE": "VRPTW",
        "DIMENSION": len(points),
        "VEHICLES": 2,
        "CAPACITY": 20,
        "EDGE_WEIGHT_TYPE": "EUC_2D",
        **(values or {}),
    }
    tables: dict[str, Sequence[Sequence[object]]] = {
        "NODE_COORD": points,
        "DEMAND": [(0,), *([(10,)] * (len(points) - 1))],
        **(sections or {}),
    }
    lines = [f"{key}: {value}" for key, value in keys.items() if value is not None]
    for name, rows in tables.items():
        lines.append(f"{name}_SECTION")
        for number, row in enumerate(rows, start=1):
            front = [] if name in {"DEPOT", "EDGE_WEIGHT"} else [number]
            lines.append("\t".join(str(cell) for cell in (*front, *row)))
    return "\n".join([*lines, "EOF", ""])


def read_text(
    folder: Path, text: str, *, name: str = "hand.vrp", units: Units | None = None
) -> Instance:
    """Read an instance as from a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_instance(path, units=units)
