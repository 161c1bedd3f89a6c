"""The plain model: what every engine understands of a fleet and its stops, as arrays.

Public instances are plain models. A day of ours is more (road bans, driving rules, decks, bays);
its plain model leaves those out, so that whatever a day allows, its model allows too.
Nodes 0 to `depots - 1` are depots, client i is node `depots + i`.
"""

from __future__ import annotations

from dataclasses import dataclass
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
        nodes = self.depots + len(self.clients)
        for matrix in (self.distance, self.duration):
            if matrix.shape[1:] != (nodes, nodes):
                raise ValueError(f"{self.name}: matrix {matrix.shape}, but {nodes} nodes")
        if self.fleet.allowed.shape != (len(self.fleet), len(self.clients)):
            raise ValueError(f"{self.name}: allowed is not (kinds, clients)")


@dataclass(frozen=True, slots=True)
class ModelRoute:
    """One truck of a kind: its trips, each a sequence of client rows."""

    kind: int
    trips: tuple[tuple[int, ...], ...]

    @property
    def clients(self) -> tuple[int, ...]:
        """All clients, in the order of service."""
        return tuple(client for trip in self.trips for client in trip)
