"""The way a truck takes, as lines to draw: along the roads where they are known, else straight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.plan import Plan, Route

LonLat = tuple[float, float]
"""WGS-84 degrees, longitude first as in GeoJSON."""

Line = tuple[LonLat, ...]

RouteGeometry = Mapping[str, Sequence[Line]]
"""By truck: one line per leg, the legs to the stops in order and then the leg home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePath:
    """A truck's legs. `straight` ones join the stops and show no road."""

    legs: tuple[Line, ...]
    straight: bool

    @property
    def line(self) -> Line:
        """Join the legs into one line without repeated points."""
        points: list[LonLat] = []
        for leg in self.legs:
            points.extend(leg if not points or points[-1] != leg[0] else leg[1:])
        return tuple(points)


def route_path(plan: Plan, route: Route, geometry: RouteGeometry | None) -> RoutePath:
    """Find the lines of a route; straight ones where the geometry does not fit the route."""
    legs = tuple(geometry.get(route.truck_id, ())) if geometry else ()
    if len(legs) == len(route.stops) + 1 and all(len(leg) >= 2 for leg in legs):
        return RoutePath(legs=tuple(tuple(leg) for leg in legs), straight=False)
    points: list[LonLat] = [(stop.lon, stop.lat) for stop in route.stops]
    site = plan.sites.get(route.warehouse_id)
    if site is not None:
        points = [(site.lon, site.lat), *points, (site.lon, site.lat)]
    return RoutePath(legs=tuple(pairwise(points)), straight=True)
