"""Sums of legs around closed ban zones, each network state computed once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geodata.bans import Ban
from geodata.graph import CLOSED, ArcMetric, RoadNetwork
from geodata.legs import Ints, LegSums, sum_legs
from geodata.places import Place
from geodata.routers import Router
from geodata.truck_classes import TruckClass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """A metric and the digest of its costs."""

    metric: ArcMetric
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DetourSums:
    """Answers leg sums between fixed places for any set of closed zones.

    Two classes that pay the same costs from the same nodes share one answer.
    """

    network: RoadNetwork
    router: Router
    places: Sequence[Place]
    _inside: dict[Ban, NDArray[np.bool_]] = field(default_factory=dict)
    _states: dict[tuple[str, frozenset[Ban], int], State] = field(default_factory=dict)
    _known: dict[tuple[str, bytes, bytes], LegSums] = field(default_factory=dict)

    def around(
        self,
        truck: TruckClass,
        nodes: Ints,
        *,
        closed: frozenset[Ban],
        start_s: int,
        end_s: int,
    ) -> LegSums:
        """Sum legs in one band; a zone is open for the legs that begin or end inside it."""
        base = self._sums(truck, nodes, nodes, closed=closed, start_s=start_s, end_s=end_s)
        groups: dict[frozenset[Ban], list[int]] = {}
        for row in range(len(self.places)):
            within = frozenset(ban for ban in closed if self.inside(ban)[row])
            groups.setdefault(within, []).append(row)
        if set(groups) == {frozenset()}:
            return base
        result = LegSums(
            cost=base.cost.copy(),
            road_m=base.road_m.copy(),
            toll_m=base.toll_m.copy(),
            ferry_s=base.ferry_s.copy(),
            ferry_fen_per_m=base.ferry_fen_per_m.copy(),
        )
        for from_zones, rows in groups.items():
            for to_zones, columns in groups.items():
                opened = from_zones | to_zones
                if not opened:
                    continue
                part = self._sums(
                    truck,
                    nodes[rows],
                    nodes[columns],
                    closed=closed - opened,
                    start_s=start_s,
                    end_s=end_s,
                )
                where = np.ix_(rows, columns)
                result.cost[where] = part.cost
                result.road_m[where] = part.road_m
                result.toll_m[where] = part.toll_m
                result.ferry_s[where] = part.ferry_s
                result.ferry_fen_per_m[where] = part.ferry_fen_per_m
        return result

    def inside(self, ban: Ban) -> NDArray[np.bool_]:
        """Mark the places inside a zone."""
        if ban not in self._inside:
            marks = [ban.contains(place.point) for place in self.places]
            self._inside[ban] = np.asarray(marks, dtype=np.bool_)
        return self._inside[ban]

    def _sums(
        self,
        truck: TruckClass,
        sources: Ints,
        targets: Ints,
        *,
        closed: frozenset[Ban],
        start_s: int,
        end_s: int,
    ) -> LegSums:
        state = self._state(truck, closed=closed, start_s=start_s, end_s=end_s)
        key = (state.digest, sources.tobytes(), targets.tobytes())
        if key not in self._known:
            self._known[key] = sum_legs(
                self.router,
                state.metric,
                areas=self.network.areas(truck),
                sources=sources,
                targets=targets,
            )
        return self._known[key]

    def _state(
        self, truck: TruckClass, *, closed: frozenset[Ban], start_s: int, end_s: int
    ) -> State:
        slot = max(start for start in self.network.slot_starts_s(truck) if start <= start_s)
        key = (truck.id, closed, slot)
        if key not in self._states:
            ordered = sorted(closed, key=lambda ban: (ban.name, ban.ring))
            metric = self.network.metric(truck, closed_by=ordered, start_s=start_s, end_s=end_s)
            digest = hashlib.sha256(metric.cost.tobytes()).hexdigest()
            self._states[key] = State(metric=metric, digest=digest)
        return self._states[key]


def bans_in_the_way(
    sums: DetourSums, truck: TruckClass, nodes: Ints, *, bans: Sequence[Ban]
) -> tuple[Ban, ...]:
    """Keep the bans whose zones some leg between the places would cross.

    Every band costs a layer of the matrix, so a zone that changes nothing gets none.
    """

    def cost(closed: frozenset[Ban]) -> Ints:
        found = sums.around(truck, nodes, closed=closed, start_s=0, end_s=1).cost
        return np.minimum(found, CLOSED)

    if not bans:
        return ()
    free = cost(frozenset())
    if np.array_equal(free, cost(frozenset(bans))):
        return ()
    return tuple(ban for ban in bans if not np.array_equal(free, cost(frozenset({ban}))))
