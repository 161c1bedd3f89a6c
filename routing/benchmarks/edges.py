"""How far apart the nodes of a VRPLIB file are, before any rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from routing.benchmarks.sections import Document
from routing.benchmarks.tables import Tables
from routing.benchmarks.units import euclidean
from routing.model import Floats

_PLANE: Final[dict[str, Callable[[Floats], Floats]]] = {
    "EUC_2D": lambda apart: apart,
    "FLOOR_2D": np.floor,
    "CEIL_2D": np.ceil,
}
_FORMATS: Final = ("FULL_MATRIX", "LOWER_ROW", "LOWER_DIAG_ROW", "UPPER_ROW", "UPPER_DIAG_ROW")


def edge_weights(document: Document, tables: Tables, nodes: int) -> Floats:
    """Give the (nodes, nodes) distances; zeros where a fault was noted."""
    kind = document.text("EDGE_WEIGHT_TYPE", "EUC_2D")
    if kind == "EXPLICIT":
        return _explicit(document, nodes)
    line = document.values["EDGE_WEIGHT_TYPE"][0] if "EDGE_WEIGHT_TYPE" in document.values else 0
    if kind not in _PLANE:
        document.faults.add(
            f"EDGE_WEIGHT_TYPE is {kind}",
            f"choose one of {', '.join(_PLANE)}, EXPLICIT",
            line=line,
        )
    if "NODE_COORD" not in document.sections:
        document.faults.add("no NODE_COORD_SECTION", "add the coordinates of every node")
        return np.zeros((nodes, nodes))
    points = tables.quantity("NODE_COORD", nodes, default=0.0, columns=2)
    return _PLANE.get(kind, _PLANE["EUC_2D"])(euclidean(points))


def _explicit(document: Document, nodes: int) -> Floats:
    empty = np.zeros((nodes, nodes))
    section = document.sections.get("EDGE_WEIGHT")
    if section is None:
        document.faults.add("no EDGE_WEIGHT_SECTION", "add the matrix, or the coordinates")
        return empty
    shape = document.text("EDGE_WEIGHT_FORMAT", "FULL_MATRIX")
    if shape not in _FORMATS:
        document.faults.add(
            f"EDGE_WEIGHT_FORMAT is {shape}",
            f"choose one of {', '.join(_FORMATS)}",
            line=document.values["EDGE_WEIGHT_FORMAT"][0],
        )
        return empty
    numbers = np.array([value for row in section.rows for value in row.values])
    cells = _cells(shape, nodes)
    if len(numbers) != len(cells[0]) or (numbers < 0).any():
        document.faults.add(
            f"{len(numbers)} numbers for {nodes} nodes as {shape}, expected {len(cells[0])}"
            if len(numbers) != len(cells[0])
            else "a negative distance",
            "complete the matrix, or correct DIMENSION or EDGE_WEIGHT_FORMAT",
            section="EDGE_WEIGHT",
            line=section.line,
        )
        return empty
    empty[cells] = numbers
    if shape == "FULL_MATRIX":
        return empty
    return empty + empty.T - np.diag(np.diag(empty))


def _cells(shape: str, nodes: int) -> tuple[np.typing.NDArray[np.intp], ...]:
    """Rows and columns in the order in which a format lists them."""
    if shape == "FULL_MATRIX":
        return tuple(np.indices((nodes, nodes)).reshape(2, -1))
    inside = 0 if "DIAG" in shape else 1
    return np.tril_indices(nodes, -inside) if "LOWER" in shape else np.triu_indices(nodes, inside)
