"""Ways between a new place and many known ones, in a millisecond or two.

A matrix is made for the places of a finished day; who sells windows asks about one more place at a
time, again and again beside the same others. The figures are those of a matrix of the same places,
to the second: both come from the same sums and the same layers. Truck bans are not looked at.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import RLock
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.graph import ArcMetric, RoadGraph
from geodata.layers import Sites, find_legs, find_sites, layer, toll_layer
from geodata.legs import LegSums, sum_legs
from geodata.matrix import TravelMatrix
from geodata.places import Place
from geodata.snapping import NodeIndex, Snapped
from geodata.travel import Roads, band_starts_of, city_percent_at, matrix_of_sites, truck_of
from geodata.truck_classes import TruckClass

KNOWN_MOST: Final = 20_000
"""Places that are remembered before all are forgotten: some 10 MB."""
ASKED_MOST: Final = 256
"""New places whose ways are remembered: some 80 bytes for each known place and each class."""


class WaysTo(NamedTuple):
    """Between one place and N others, per class and band: typical seconds and metres (classes,
    bands, N), toll in fen (classes, N); `there` to the others, `back` from them."""

    there_s: NDArray[np.int32]
    back_s: NDArray[np.int32]
    there_m: NDArray[np.int32]
    back_m: NDArray[np.int32]
    there_toll: NDArray[np.int32]
    back_toll: NDArray[np.int32]


class WayBook:
    """Finds places on the roads once, and ways between them. For several threads."""

    def __init__(self, roads: Roads, truck_classes: Sequence[str]) -> None:
        """`truck_classes` are all that will be asked about, in the order of the answers."""
        self.roads = roads
        self.trucks: tuple[TruckClass, ...] = tuple(truck_of(name) for name in truck_classes)
        self.band_starts_s = band_starts_of(self.trucks, bans=frozenset(), roads=roads)
        self._indexes = _indexes(roads, self.trucks)
        self._metrics = {
            (truck.id, slot): roads.network.metric(
                truck, closed_by=(), start_s=slot, end_s=slot + 1
            )
            for truck in self.trucks
            for slot in _slots(roads, truck)
        }
        self._both_ways = all(
            is_symmetric(roads.network.graph, metric) for metric in self._metrics.values()
        )
        self._lock = RLock()
        self._known = _Known(self.trucks)

    def matrix(self, places: Sequence[Place]) -> TravelMatrix:
        """Build the matrix of these places, of all classes.

        Raises:
            UnsnappedPlace: places lie too far from any road; lists them all.
        """
        sites = {
            truck.id: find_sites(places, self.roads.network, truck, index=self._indexes[truck.id])
            for truck in self.trucks
        }
        return matrix_of_sites(places, self.trucks, sites, roads=self.roads)

    def rows(self, others: Sequence[Place]) -> KnownRows:
        """Get ready to be asked for the ways between these places and new ones.

        Raises:
            UnsnappedPlace: places lie too far from any road; lists them all.
        """
        with self._lock:
            if len(self._known.places) + len(others) > KNOWN_MOST:
                self._known = _Known(self.trucks)
            known = self._known
            self._learn(known, others)
            at = np.array([known.row[_spot(other)] for other in others], dtype=np.int64)
            return KnownRows(self, known, at)

    def asked(self, known: _Known, place: Place, rows: NDArray[np.int64]) -> WaysTo:
        """Give the ways between a place and rows of known ones.

        Raises:
            UnsnappedPlace: the place lies too far from any road.
        """
        spot = _spot(place)
        with self._lock:
            ways = known.asked.get(spot)
            enough = 0 if ways is None else ways.there_toll.shape[1]
            if ways is None or (len(rows) and int(rows.max()) >= enough):
                ways = self._ways(known, place)
                known.asked[spot] = ways
                while len(known.asked) > ASKED_MOST:
                    known.asked.popitem(last=False)
            known.asked.move_to_end(spot)
        return WaysTo(*(table.take(rows, axis=-1) for table in ways))

    def _learn(self, known: _Known, others: Sequence[Place]) -> None:
        new = {_spot(other): other for other in others if _spot(other) not in known.row}
        if not new:
            return
        for truck in self.trucks:
            more = find_sites(
                list(new.values()), self.roads.network, truck, index=self._indexes[truck.id]
            )
            before = known.sites[truck.id]
            known.sites[truck.id] = more if before is None else _joined(before, more)
        for spot, place in new.items():
            known.row[spot] = len(known.places)
            known.places.append(place)

    def _ways(self, known: _Known, place: Place) -> WaysTo:
        """Measure the ways from a place to all known ones, and back."""
        shape = (len(self.trucks), len(self.band_starts_s), len(known.places))
        tables = [np.empty(shape, dtype=np.int32) for _ in range(4)]
        tolls = [np.empty((shape[0], shape[2]), dtype=np.int32) for _ in range(2)]
        here = {
            truck.id: find_sites([place], self.roads.network, truck, index=self._indexes[truck.id])
            for truck in self.trucks
        }
        for back in (False, True) if not self._both_ways else (False,):
            summed: dict[tuple[int, ...], LegSums] = {}
            for c, truck in enumerate(self.trucks):
                one, all_ = here[truck.id], known.sites[truck.id]
                if all_ is None:
                    continue
                a, b = (all_, one) if back else (one, all_)
                self._fill(
                    truck, a, b,
                    tables[1 if back else 0][c], tables[3 if back else 2][c],
                    tolls[1 if back else 0][c], summed,
                )  # fmt: skip
        if self._both_ways:
            tables[1], tables[3], tolls[1] = tables[0], tables[2], tolls[0]
        return WaysTo(tables[0], tables[1], tables[2], tables[3], tolls[0], tolls[1])

    def _fill(
        self,
        truck: TruckClass,
        a: Sites,
        b: Sites,
        seconds: NDArray[np.int32],
        metres: NDArray[np.int32],
        toll: NDArray[np.int32],
        summed: dict[tuple[int, ...], LegSums],
    ) -> None:
        """Write the legs from `a` to `b`, one of which is a single place.

        `summed` are the sums of classes before: those that pay the same costs share them.
        """
        network, figures = self.roads.network, self.roads.figures
        slots = _slots(self.roads, truck)
        for number, slot in enumerate(slots):
            metric = self._metrics[truck.id, slot]
            same = tuple(map(id, (*_tables(metric), self._indexes[truck.id])))
            if same not in summed:
                summed[same] = sum_legs(
                    self.roads.router,
                    metric,
                    areas=network.areas(truck),
                    sources=a.snapped.node,
                    targets=b.snapped.node,
                )
            sums = summed[same]
            legs = find_legs(a, sums, coarse=network.coarse, figures=figures, truck=truck, to=b)
            until = slots[number + 1] if number + 1 < len(slots) else None
            for band, start_s in enumerate(self.band_starts_s):
                if start_s < slot or (until is not None and start_s >= until):
                    continue
                percent = city_percent_at(start_s, figures)
                its_s, its_m = layer(a, legs, city_percent=percent, figures=figures, to=b)
                seconds[band], metres[band] = its_s.reshape(-1), its_m.reshape(-1)
            if number == 0:
                tolls = self.roads.tolls
                its = toll_layer(a, legs, sums, truck=truck, tolls=tolls, to=b)
                toll[:] = its.reshape(-1)


class KnownRows:
    """Certain known places, ready to be asked about."""

    def __init__(self, book: WayBook, known: _Known, rows: NDArray[np.int64]) -> None:
        self._book = book
        self._known = known
        self._rows = rows

    def ways(self, place: Place) -> WaysTo:
        """Give the ways between them and another place.

        Raises:
            UnsnappedPlace: it lies too far from any road.
        """
        return self._book.asked(self._known, place, self._rows)


class _Known:
    """Places that were found on the roads, and the ways of new places to all of them."""

    def __init__(self, trucks: Sequence[TruckClass]) -> None:
        self.places: list[Place] = []
        self.row: dict[_Spot, int] = {}
        self.sites: dict[str, Sites | None] = {truck.id: None for truck in trucks}
        self.asked: OrderedDict[_Spot, WaysTo] = OrderedDict()


class _Spot(NamedTuple):
    """All of a place that its ways depend on: the same address may be pinned elsewhere later."""

    lat: float
    lon: float
    county_code: str
    radius_m: int


def _spot(place: Place) -> _Spot:
    return _Spot(place.point.lat, place.point.lon, place.county_code, place.radius_m)


def is_symmetric(graph: RoadGraph, metric: ArcMetric) -> bool:
    """Tell whether every way costs the same in both directions, whatever it costs."""
    columns = [each for each in _tables(metric) if each is not None]
    there = np.lexsort((*columns, graph.head, graph.tail))
    back = np.lexsort((*columns, graph.tail, graph.head))
    same = np.array_equal(graph.tail[there], graph.head[back])
    same = same and np.array_equal(graph.head[there], graph.tail[back])
    return same and all(np.array_equal(each[there], each[back]) for each in columns)


def _tables(metric: ArcMetric) -> tuple[NDArray[np.uint32] | None, ...]:
    return metric.cost, metric.road_m, metric.toll_m, metric.ferry_s, metric.ferry_fen_per_m


def _slots(roads: Roads, truck: TruckClass) -> tuple[int, ...]:
    return tuple(sorted(roads.network.slot_starts_s(truck)))


def _indexes(roads: Roads, trucks: Sequence[TruckClass]) -> dict[str, NodeIndex]:
    """Build the index of nodes once for all classes that may use the same ones."""
    found: dict[bytes, NodeIndex] = {}
    by_class: dict[str, NodeIndex] = {}
    for truck in trucks:
        usable = roads.network.usable_nodes(truck)
        key = usable.tobytes()
        if key not in found:
            found[key] = NodeIndex(roads.network.graph, usable=usable)
        by_class[truck.id] = found[key]
    return by_class


def _joined(a: Sites, b: Sites) -> Sites:
    """Put places behind others."""
    return Sites(
        places=[*a.places, *b.places],
        snapped=Snapped(
            node=np.concatenate((a.snapped.node, b.snapped.node)),
            gap_m=np.concatenate((a.snapped.gap_m, b.snapped.gap_m)),
        ),
        island=np.concatenate((a.island, b.island)),
        lat=np.concatenate((a.lat, b.lat)),
        lon=np.concatenate((a.lon, b.lon)),
        radius_m=np.concatenate((a.radius_m, b.radius_m)),
        in_city=np.concatenate((a.in_city, b.in_city)),
    )
