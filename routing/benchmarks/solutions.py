"""`.sol` files and the best known cost beside an instance, by our own checker.

`Route #k: 3 7 0 4` is vehicle k; numbers are nodes counted from 0, so that depots stand for a
reload and clients follow them. Cost lines are in mixed units and ignored.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Final

from routing.benchmarks.checker import Report, check_routes
from routing.benchmarks.faults import Faults
from routing.benchmarks.instance import Instance
from routing.benchmarks.reading import text_of
from routing.model import ModelRoute

_ROUTE: Final = re.compile(r"\s*route\s*#?\s*(\d+)\s*:(.*)", re.IGNORECASE)
TABLE: Final = "best_known_vrptw.csv"
"""Name of a table `instance,distance_1_decimal`, in the instance's folder or the one above."""


def best_known(instance: Instance) -> float | None:
    """Look the best known cost up: the routes of the `.sol` beside the file, else the table.

    In the instance's own units; none when neither is there or the table uses other units.

    Raises:
        BadInstance: a `.sol` that cannot be read, or whose routes are not feasible.
    """
    beside = instance.path.with_suffix(".sol")
    if not beside.is_file():
        return from_table(instance)
    report = check_routes(instance.model, read_solution(beside, instance))
    if not report.feasible:
        raise _infeasible(beside, report)
    return report.cost


def read_solution(path: Path, instance: Instance) -> tuple[ModelRoute, ...]:
    """Read the routes of a `.sol`; a vehicle without a stop has none.

    Raises:
        BadInstance: every line that names no vehicle or node of the instance.
    """
    faults, model, routes = Faults(path.name), instance.model, []
    nodes = model.depots + len(model.clients)
    for line, text in enumerate(text_of(path).splitlines(), start=1):
        found = _ROUTE.match(text)
        if not found:
            continue
        vehicle, words = int(found[1]), found[2].split()
        wrong = [word for word in words if not word.isdigit() or int(word) >= nodes]
        if wrong:
            faults.add(f"{wrong[0]!r} is no node from 0 to {nodes - 1}", "correct it", line=line)
        elif not words:
            continue
        elif not 1 <= vehicle <= len(instance.kind_of_vehicle):
            faults.add(
                f"there is no vehicle {vehicle}",
                f"number routes 1 to {len(instance.kind_of_vehicle)}",
                line=line,
            )
        else:
            trips = _trips([int(word) for word in words], model.depots)
            routes.append(ModelRoute(instance.kind_of_vehicle[vehicle - 1], trips))
    faults.settle()
    return tuple(routes)


def from_table(instance: Instance) -> float | None:
    """Look a VRPTW distance up in the table: one decimal in the file, tenths in the model."""
    for folder in instance.path.resolve().parents[:2]:
        table = folder / TABLE
        if not table.is_file():
            continue
        for row in csv.reader(text_of(table).splitlines()):
            if row and row[0].upper() == instance.path.stem.upper():
                return round(10 * float(row[1])) if instance.units.value == "dimacs" else None
    return None


def _trips(nodes: list[int], depots: int) -> tuple[tuple[int, ...], ...]:
    trips: list[list[int]] = [[]]
    for node in nodes:
        if node < depots:
            trips.append([])
        else:
            trips[-1].append(node - depots)
    return tuple(tuple(trip) for trip in trips if trip)


def _infeasible(path: Path, report: Report) -> Exception:
    faults = Faults(path.name)
    for told in report.faults:
        faults.add(told, "is this the solution of this file?")
    if report.unserved:
        faults.add(
            f"{len(report.unserved)} clients are on no route", "is this the solution of this file?"
        )
    return faults.refusal()
