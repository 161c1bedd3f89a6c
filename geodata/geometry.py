"""Lines to draw: the way a truck takes between places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from geodata.bans import Ban
from geodata.graph import CLOSED, ArcMetric
from geodata.layers import find_legs, find_sites
from geodata.legs import sum_legs
from geodata.places import Place, Point
from geodata.snapping import OFF_ROAD
from geodata.travel import Roads
from geodata.truck_classes import TruckClass

METRES_PER_DEGREE: Final = 111_195
MORNING_S: Final = 9 * 3_600
NO_BANS: Final[frozenset[Ban]] = frozenset()


def route_geometry(
    a: Place,
    b: Place,
    *,
    truck: TruckClass,
    roads: Roads,
    closed_by: Sequence[Ban] = (),
    departure_s: int = MORNING_S,
    tolerance_m: int = 100,
) -> tuple[Point, ...]:
    """Draw one leg, see `leg_geometries`."""
    return leg_geometries(
        [(a, b)],
        truck=truck,
        roads=roads,
        closed_by=closed_by,
        departure_s=departure_s,
        tolerance_m=tolerance_m,
    )[0]


def leg_geometries(
    pairs: Sequence[tuple[Place, Place]],
    *,
    truck: TruckClass,
    roads: Roads,
    closed_by: Sequence[Ban] = (),
    departure_s: int = MORNING_S,
    tolerance_m: int = 100,
) -> tuple[tuple[Point, ...], ...]:
    """Draw legs from place to place along the network, each thinned to `tolerance_m`.

    `closed_by` are the bans that hold when the leg is driven; a zone in which a leg begins or
    ends is open to it. Hour bans of the network itself are those at `departure_s`. Access to the
    network, and county roads that it lacks, are straight lines. A pair that nothing joins has no
    points.

    Raises:
        UnsnappedPlace: places lie too far from any road; lists them all.
    """
    places = list(dict.fromkeys(place for pair in pairs for place in pair))
    row_of = {place: row for row, place in enumerate(places)}
    if not places:
        return ()
    network = roads.network
    sites = find_sites(places, network, truck)
    metrics: dict[frozenset[Ban], ArcMetric] = {}

    def metric(closed: frozenset[Ban]) -> ArcMetric:
        if closed not in metrics:
            ordered = sorted(closed, key=lambda ban: (ban.name, ban.ring))
            metrics[closed] = network.metric(
                truck, closed_by=ordered, start_s=departure_s, end_s=departure_s + 1
            )
        return metrics[closed]

    sums = sum_legs(
        roads.router,
        metric(NO_BANS),
        areas=network.areas(truck),
        sources=sites.snapped.node,
        targets=sites.snapped.node,
    )
    direct = find_legs(
        sites,
        sums,
        coarse=network.coarse,
        figures=roads.figures,
        truck=truck,
        closed=frozenset(closed_by),
    ).direct
    lines: list[tuple[Point, ...]] = []
    for a, b in pairs:
        ends = int(sites.snapped.node[row_of[a]]), int(sites.snapped.node[row_of[b]])
        if direct[row_of[a], row_of[b]] or a == b:
            lines.append((a.point, b.point))
        elif OFF_ROAD in ends or sums.cost[row_of[a], row_of[b]] >= CLOSED:
            lines.append(())
        else:
            open_zones = {ban for ban in closed_by if _begins_or_ends_in(ban, a, b)}
            cost = metric(frozenset(closed_by) - open_zones).cost
            arcs = roads.router.path(cost, source=ends[0], target=ends[1])
            middle = network.shape(arcs) or (network.graph.point(ends[0]),)
            lines.append(thinned((a.point, *middle, b.point), tolerance_m=tolerance_m))
    return tuple(lines)


def thinned(points: Sequence[Point], *, tolerance_m: int) -> tuple[Point, ...]:
    """Drop points that lie within the tolerance of the line between others; ends stay."""
    import shapely

    line = shapely.LineString([(point.lon, point.lat) for point in points])
    kept = shapely.simplify(line, tolerance_m / METRES_PER_DEGREE)
    coordinates = np.asarray(shapely.get_coordinates(kept))
    return tuple(Point(lat=float(lat), lon=float(lon)) for lon, lat in coordinates)


def _begins_or_ends_in(ban: Ban, a: Place, b: Place) -> bool:
    return ban.contains(a.point) or ban.contains(b.point)
