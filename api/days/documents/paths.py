"""The way a truck takes, as lines to draw: along the roads where they are known, else straight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.plan import Plan, Route, Stop

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
    if len(legs) == len(route.legs) and all(len(leg) >= 2 for leg in legs):
        return RoutePath(legs=tuple(tuple(leg) for leg in legs), straight=False)
    site = plan.sites.get(route.warehouse_id)
    home: list[LonLat] = [] if site is None else [(site.lon, site.lat)]
    points = list(home)
    for halt in route.halts:
        points += [(halt.lon, halt.lat)] if isinstance(halt, Stop) else home
    points += home
    return RoutePath(legs=tuple(pairwise(points)), straight=True)
