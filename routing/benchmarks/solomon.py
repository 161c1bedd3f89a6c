"""The text files of Solomon (1987) and of Gehring and Homberger (1999)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from routing.benchmarks.faults import Faults
from routing.benchmarks.instance import (
    MOST_VEHICLES,
    Instance,
    Vehicles,
    grouped,
    model_of,
    refuse_too_large,
)
from routing.benchmarks.units import Units, euclidean
from routing.model import NEVER, Clients, Floats

_COLUMNS: Final = ("number", "x", "y", "demand", "ready time", "due date", "service time")


def is_solomon(text: str) -> bool:
    """Tell by the words VEHICLE and CUSTOMER standing alone in a line."""
    alone = {line.strip().upper() for line in text.splitlines()}
    return {"VEHICLE", "CUSTOMER"} <= alone


def read_solomon(path: Path, text: str, *, units: Units = Units.DIMACS) -> Instance:
    """Read one file: customer 0 is the depot.

    Raises:
        BadInstance: every fault found, each with its line.
    """
    faults = Faults(path.name)
    lines = text.splitlines()
    start = next(at for at, line in enumerate(lines) if line.strip().upper() == "CUSTOMER")
    fleet = _rows(lines[:start], 0, 2, "VEHICLE", faults)
    rows = _rows(lines[start:], start, len(_COLUMNS), "CUSTOMER", faults)
    _check(fleet, rows, faults)
    faults.settle()
    table = np.array([values for _, values in rows])
    (_, (count, capacity)), clients = fleet[0], len(rows) - 1
    whole = units.whole
    windows = np.minimum(whole(table[:, 4:6]), NEVER)
    trucks = int(count)
    weights = whole(euclidean(table[:, 1:3]))
    kinds, kind_of = grouped(
        Vehicles(
            depot=np.zeros(trucks, np.int64),
            capacity=np.full((trucks, 1), min(int(capacity), NEVER), np.int64),
            opens=np.full(trucks, windows[0, 0]),
            closes=np.full(trucks, windows[0, 1]),
            max_duration=np.full(trucks, NEVER, np.int64),
            fixed=np.zeros(trucks),
            per_distance=np.ones(trucks),
            max_trips=np.ones(trucks, np.int64),
            allowed=np.ones((trucks, clients), np.bool_),
        )
    )
    stops = Clients(
        demand=np.minimum(table[1:, 3:4], NEVER).astype(np.int64),
        service=whole(table[1:, 6]),
        earliest=windows[1:, 0],
        latest=windows[1:, 1],
        release=np.zeros(clients, np.int64),
        prize=np.zeros(clients),
        required=np.ones(clients, np.bool_),
    )
    refuse_too_large(weights, stops, kinds.fixed, units, faults)
    faults.settle()
    model = model_of(
        lines[0].strip() or path.stem, depots=1, weights=weights, clients=stops, fleet=kinds
    )
    return Instance(path=path, units=units, model=model, kind_of_vehicle=kind_of)


def _rows(
    lines: list[str], before: int, width: int, section: str, faults: Faults
) -> list[tuple[int, list[float]]]:
    """Lines that begin with a number; each must have `width` of them."""
    found = []
    for line, words in enumerate((line.split() for line in lines), start=before + 1):
        if not words or not (words[0][0].isdigit() or words[0][0] == "-"):
            continue
        try:
            values = [float(word) for word in words]
        except ValueError:
            faults.add("a cell is no number", "correct it", section=section, line=line)
            continue
        if len(values) != width:
            faults.add(
                f"{len(values)} numbers, expected {width}",
                "complete the row",
                section=section,
                line=line,
            )
            continue
        found.append((line, values))
    return found


def _check(
    fleet: list[tuple[int, list[float]]], rows: list[tuple[int, list[float]]], faults: Faults
) -> None:
    if len(fleet) != 1:
        faults.add(
            f"{len(fleet)} rows of NUMBER and CAPACITY", "write exactly one", section="VEHICLE"
        )
    for line, values in fleet:
        if min(values) < 1 or any(each % 1 for each in values) or values[0] > MOST_VEHICLES:
            faults.add(
                f"NUMBER and CAPACITY must be whole and above 0, NUMBER up to {MOST_VEHICLES}",
                "correct them",
                section="VEHICLE",
                line=line,
            )
    if len(rows) < 2:
        faults.add("no customers", "write the depot as 0 and the customers after it")
    for at, (line, values) in enumerate(rows):
        told = _wrong(at, np.array(values))
        if told:
            faults.add(told, "correct the row", section="CUSTOMER", line=line)


def _wrong(at: int, values: Floats) -> str:
    if values[0] != at:
        return f"customer {values[0]:g} where {at} is expected"
    if values[5] < values[4]:
        return f"due date {values[5]:g} is before ready time {values[4]:g}"
    if values[3:].min() < 0 or values[3] % 1:
        return "demand must be whole, and nothing below 0"
    if at == 0 and (values[3] or values[6]):
        return "the depot has a demand or a service time"
    return ""
