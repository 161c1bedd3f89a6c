"""The plain model: what every engine understands of a fleet and its stops, as arrays.

Public instances are plain models. A day of ours is more (road bans, driving rules, decks, bays);
its plain model leaves those out, so that whatever a day allows, its model allows too.
Nodes 0 to `depots - 1` are depots, client i is node `depots + i`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEVER: Final = 1 << 30
"""Later than any moment and longer than any duration; sums of a few still fit 64 bits."""
NO_ROAD: Final = 20_000_000
"""Distance and duration of an arc that cannot be driven; larger ones hang PyVRP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """Stops, one row each: (clients,) unless said.

    Service begins in `[earliest, latest]`, both ends included. A trip leaves the depot at or
    after the `release` of each of its clients. A client that is not `required` may be left out
    for its `prize`. `demand` is (clients, dimensions).
    """

    demand: Ints
    service: Ints
    earliest: Ints
    latest: Ints
    release: Ints
    prize: Floats
    required: NDArray[np.bool_]

    def __post_init__(self) -> None:
        _same_rows("clients", self, rows=len(self.service), tables=("demand",))
        _not_negative("clients", self, but=("required",))

    def __len__(self) -> int:
        return len(self.service)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Kinds of interchangeable trucks, one row each: (kinds,) unless said.

    A truck leaves its depot at or after `opens`, is back by `closes`, and no longer than
    `max_duration` on its way, waiting included and departure as late as possible. It makes up to
    `max_trips` trips, each within `capacity` (kinds, dimensions), reloading `reload` long.
    Money: `fixed` once per truck used, per unit of distance, per unit of duration, and more per
    unit of duration beyond `overtime_after`. `allowed` is (kinds, clients).
    """

    count: Ints
    depot: Ints
    profile: Ints
    capacity: Ints
    opens: Ints
    closes: Ints
    max_duration: Ints
    fixed: Floats
    per_distance: Floats
    per_duration: Floats
    overtime_after: Ints
    per_overtime: Floats
    max_trips: Ints
    reload: Ints
    allowed: NDArray[np.bool_]

    def __post_init__(self) -> None:
        _same_rows("fleet", self, rows=len(self.count), tables=("capacity", "allowed"))
        _not_negative("fleet", self, but=("allowed",))

    def __len__(self) -> int:
        return len(self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A plain model. `distance` and `duration` are (profiles, nodes, nodes), driving only."""

    name: str
    depots: int
    distance: NDArray[np.int32]
    duration: NDArray[np.int32]
    clients: Clients
    fleet: Fleet

    def __post_init__(self) -> None:
        nodes, fleet = self.depots + len(self.clients), self.fleet
        for matrix in (self.distance, self.duration):
            if matrix.shape != (len(self.distance), nodes, nodes):
                raise ValueError(f"{self.name}: matrix {matrix.shape}, but {nodes} nodes")
            if matrix.min(initial=0) < 0:
                raise ValueError(f"{self.name}: an arc is below 0")
        if fleet.allowed.shape != (len(fleet), len(self.clients)):
            raise ValueError(f"{self.name}: allowed is not (kinds, clients)")
        if fleet.capacity.shape[1] != self.clients.demand.shape[1]:
            raise ValueError(f"{self.name}: capacity and demand differ in their dimensions")
        if fleet.depot.max(initial=0) >= self.depots:
            raise ValueError(f"{self.name}: a truck of a depot there is not")
        if fleet.profile.max(initial=0) >= len(self.distance):
            raise ValueError(f"{self.name}: a truck with a profile there is not")


def _same_rows(name: str, of: Clients | Fleet, *, rows: int, tables: tuple[str, ...]) -> None:
    """Refuse arrays of another length than the others: OR-Tools would end the process on them."""
    for field in fields(of):
        shape = getattr(of, field.name).shape
        if len(shape) != (2 if field.name in tables else 1) or shape[0] != rows:
            raise ValueError(f"{name}: {field.name} has shape {shape}, but there are {rows} rows")


def _not_negative(name: str, of: Clients | Fleet, *, but: tuple[str, ...]) -> None:
    """Refuse numbers below 0, and no numbers."""
    for field in fields(of):
        values = getattr(of, field.name)
        if field.name not in but and not (np.isfinite(values) & (values >= 0)).all():
            raise ValueError(f"{name}: {field.name} holds something below 0 or no number")


@dataclass(frozen=True, slots=True)
class ModelRoute:
    """One truck of a kind: its trips, each a sequence of client rows."""

    kind: int
    trips: tuple[tuple[int, ...], ...]

    @property
    def clients(self) -> tuple[int, ...]:
        """All clients, in the order of service."""
        return tuple(client for trip in self.trips for client in trip)
