"""A public instance: its model, and which kind each of its numbered vehicles is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from routing.benchmarks.faults import Faults
from routing.benchmarks.units import Units
from routing.model import NEVER, NO_ROAD, Clients, Fleet, Floats, Ints, Model

EXACT: Final = 10**12
"""Sums of a thousand prices below this are exact as floating-point numbers."""
MOST_VEHICLES: Final = 100_000
MOST_NODES: Final = 10_000
"""Distances of so many nodes take 2.4 GB while they are measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What a file says. Vehicle k of the file is of kind `kind_of_vehicle[k]`."""

    path: Path
    units: Units
    model: Model
    kind_of_vehicle: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicles:
    """The fleet of a file, one row a vehicle, in whole units. `allowed` is (vehicles, clients)."""

    depot: Ints
    capacity: Ints
    opens: Ints
    closes: Ints
    max_duration: Ints
    fixed: Floats
    per_distance: Floats
    max_trips: Ints
    allowed: np.typing.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.depot)


def grouped(vehicles: Vehicles) -> tuple[Fleet, tuple[int, ...]]:
    """Join vehicles that differ in nothing to kinds, in order of first appearance."""
    found: dict[tuple[object, ...], int] = {}
    kind_of, first = [], []
    for at in range(len(vehicles)):
        key = (
            int(vehicles.depot[at]),
            tuple(vehicles.capacity[at].tolist()),
            int(vehicles.max_duration[at]),
            float(vehicles.fixed[at]),
            float(vehicles.per_distance[at]),
            int(vehicles.max_trips[at]),
            vehicles.allowed[at].tobytes(),
        )
        if key not in found:
            found[key] = len(found)
            first.append(at)
        kind_of.append(found[key])
    kinds = len(first)
    fleet = Fleet(
        count=np.bincount(kind_of, minlength=kinds).astype(np.int64),
        depot=vehicles.depot[first],
        profile=np.zeros(kinds, np.int64),
        capacity=vehicles.capacity[first],
        opens=vehicles.opens[first],
        closes=vehicles.closes[first],
        max_duration=vehicles.max_duration[first],
        fixed=vehicles.fixed[first],
        per_distance=vehicles.per_distance[first],
        per_duration=np.zeros(kinds),
        overtime_after=np.full(kinds, NEVER, np.int64),
        per_overtime=np.zeros(kinds),
        max_trips=vehicles.max_trips[first],
        reload=np.zeros(kinds, np.int64),
        allowed=vehicles.allowed[first],
    )
    return fleet, tuple(kind_of)


def refuse_too_large(
    weights: Ints, clients: Clients, fixed: Floats, units: Units, faults: Faults
) -> None:
    """Note what engines cannot count with: they add up, and whole numbers have an end."""
    if weights.max(initial=0) >= NO_ROAD:
        faults.add(
            f"nodes are {weights.max():.0f} apart in units of {units}, at most {NO_ROAD - 1} is "
            "understood",
            "divide coordinates and times by the same number, or choose --units dimacs",
        )
    for name, found, most in (
        ("demand", clients.demand, NEVER),
        ("service time", clients.service, NEVER),
        ("release time", clients.release, NEVER),
        ("start of a window", clients.earliest, NEVER),
        ("prize", clients.prize, EXACT),
        ("fixed cost", fixed, EXACT),
    ):
        if found.max(initial=0) >= most:
            faults.add(f"a {name} of {found.max():.0f} is too large", f"stay below {most}")


def model_of(name: str, *, depots: int, weights: Ints, clients: Clients, fleet: Fleet) -> Model:
    """Build a model with one matrix, in which driving takes as long as it is far."""
    matrix = weights.astype(np.int32)[None]
    return Model(
        name=name,
        depots=depots,
        distance=matrix,
        duration=matrix,
        clients=clients,
        fleet=fleet,
    )
