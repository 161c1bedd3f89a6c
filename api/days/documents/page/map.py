"""Geometry of the page's map: projection, ways, numbered stops that do not cover each other.

The picture is `WIDTH` x `HEIGHT` units, one unit about a pixel at zoom 1. Markers and names keep
their size when the reader zooms; so does the shift that separates crowded markers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

import numpy as np

from api.days.documents.backdrop import Backdrop, BackdropSource, Bounds
from api.days.documents.page.palette import truck_colour
from api.days.documents.paths import Line, LonLat, RouteGeometry, route_path
from routing.plan import LeftBehind, Plan

WIDTH: Final = 880
HEIGHT: Final = 640
_BLEED: Final = (0.5, 0.2)
"""How far the counties are drawn beyond the picture (share of its width, height): a panel of other
proportions shows land there too."""
_MARGIN: Final = 0.07
_MIN_SPAN_DEG: Final = 0.25
"""A day in one town still shows the country around it."""

MARKER_PX: Final = 7.5
_DETAIL_PX: Final = 0.4
_LABEL_PX: Final = 11
_SITE_PX: Final = 13
ZOOM_LEVELS: Final = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Degrees to picture units: equidistant along the middle parallel, true shapes there."""

    west: float
    north: float
    per_lon: float
    per_lat: float

    def xy(self, point: LonLat) -> tuple[float, float]:
        """Project one point."""
        return (point[0] - self.west) * self.per_lon, (self.north - point[1]) * self.per_lat

    @property
    def bounds(self) -> Bounds:
        """The degrees that the picture and its bleed cover."""
        wide, high = WIDTH / self.per_lon, HEIGHT / self.per_lat
        return Bounds(
            west=max(self.west - _BLEED[0] * wide, -180.0),
            north=min(self.north + _BLEED[1] * high, 90.0),
            east=min(self.west + (1 + _BLEED[0]) * wide, 180.0),
            south=max(self.north - (1 + _BLEED[1]) * high, -90.0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A county: SVG path data, and whether any stop lies in it."""

    path: str
    name: str
    served: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A county's name and the zoom from which it has room."""

    x: float
    y: float
    text: str
    zoom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A truck's way: SVG path data; `straight` is a sketch without roads."""

    truck_id: str
    path: str
    colour: str
    straight: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A numbered stop; `dx`, `dy` shift it aside from its place, in pixels at any zoom."""

    truck_id: str
    x: float
    y: float
    dx: float
    dy: float
    seq: int
    colour: str
    title: str
    radius: float
    """Uncertainty of the place in picture units; 0 for a pin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftMark:
    """An order left behind, where it would have gone; shifted like a stop."""

    order_id: str
    x: float
    y: float
    dx: float
    dy: float
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenMark:
    """An order that a carrier brings, with its number in the list of carriers; shifted like a
    stop."""

    order_id: str
    x: float
    y: float
    dx: float
    dy: float
    seq: int
    title: str


Mark = Marker | LeftMark | GivenMark


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMark:
    """A warehouse; its name stands beside it at `dx`, `dy`, where it covers the least."""

    x: float
    y: float
    name: str
    dx: float
    dy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """All the template draws. Empty `markers` and `sites`: there is nothing to draw."""

    counties: tuple[Shape, ...]
    labels: tuple[Label, ...]
    ways: tuple[Way, ...]
    markers: tuple[Marker, ...]
    left: tuple[LeftMark, ...]
    given: tuple[GivenMark, ...]
    sites: tuple[SiteMark, ...]
    attribution: str
    any_straight: bool
    county_names: dict[str, str]
    scale_km: int
    scale_px: float


def build_map(plan: Plan, *, geometry: RouteGeometry | None, backdrop: BackdropSource) -> MapView:
    """Lay the map out for a plan; the same plan gives the same picture."""
    paths = [route_path(plan, route, geometry) for route in plan.routes]
    points = [point for path in paths for point in path.line]
    points += [(stop.lon, stop.lat) for route in plan.routes for stop in route.stops]
    points += [(given.lon, given.lat) for given in plan.outsourced]
    points += [(site.lon, site.lat) for site in plan.sites.values()]
    # An order left behind for being far away must not shrink the routes: its card pans there.
    projection = fit(points or [at for _, at in _left_places(plan)])
    detail = _DETAIL_PX / max(projection.per_lon, projection.per_lat)
    under = backdrop(projection.bounds, detail)
    markers, left, given = _markers(plan, projection)
    marks: tuple[Mark, ...] = (*markers, *left, *given)
    sites = _sites(plan, projection, marks)
    served = {stop.county_code for route in plan.routes for stop in route.stops}
    served |= {order.county_code for order in plan.outsourced}
    scale_km, scale_px = _scale(projection)
    return MapView(
        counties=tuple(
            Shape(
                path=" ".join(path_data([projection.xy(p) for p in ring]) for ring in county.rings),
                name=county.name,
                served=county.code in served,
            )
            for county in under.counties
        ),
        labels=_labels(under, projection, marks, sites),
        ways=tuple(
            Way(
                truck_id=route.truck_id,
                path=path_data(_thinned(path.line, projection)),
                colour=truck_colour(index),
                straight=path.straight,
                title=route.plate,
            )
            for index, (route, path) in enumerate(zip(plan.routes, paths, strict=True))
            if len(path.line) > 1
        ),
        markers=markers,
        left=left,
        given=given,
        sites=sites,
        attribution=_attribution(plan, under),
        any_straight=any(path.straight for path in paths),
        county_names=under.names(),
        scale_km=scale_km,
        scale_px=scale_px,
    )


def fit(points: Sequence[LonLat]) -> Projection:
    """Choose the projection that shows all points with a margin, in the picture's proportions."""
    lons, lats = zip(*points, strict=True) if points else ((104.0,), (35.0,))
    mid_lon, mid_lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    squeeze = cos(radians(mid_lat))
    wide = max(max(lons) - min(lons), _MIN_SPAN_DEG) * squeeze * (1 + 2 * _MARGIN)
    high = max(max(lats) - min(lats), _MIN_SPAN_DEG) * (1 + 2 * _MARGIN)
    per_lat = min(WIDTH / wide, HEIGHT / high)
    per_lon = per_lat * squeeze
    return Projection(
        west=mid_lon - WIDTH / 2 / per_lon,
        north=mid_lat + HEIGHT / 2 / per_lat,
        per_lon=per_lon,
        per_lat=per_lat,
    )


def path_data(points: Sequence[tuple[float, float]]) -> str:
    """Write SVG path data in tenths of a unit, relative, without repeated points."""
    out: list[str] = []
    last = (0, 0)
    for x, y in points:
        at = (round(x * 10), round(y * 10))
        if not out:
            out.append(f"M{_tenths(at[0])} {_tenths(at[1])}l")
        elif at != last:
            out.append(f"{_tenths(at[0] - last[0])} {_tenths(at[1] - last[1])}")
        last = at
    if len(out) == 1:
        out.append("0 0")
    return " ".join(out).replace("l ", "l")


def _tenths(value: int) -> str:
    return f"{value / 10:g}"


def _thinned(line: Line, projection: Projection) -> list[tuple[float, float]]:
    """Leave out points that move the line by less than the eye sees (Douglas-Peucker)."""
    import shapely

    projected = [projection.xy(point) for point in line]
    thin = shapely.simplify(shapely.LineString(projected), _DETAIL_PX, preserve_topology=False)
    return [(float(x), float(y)) for x, y in thin.coords]


def _left_places(plan: Plan) -> list[tuple[LeftBehind, LonLat]]:
    """List the orders left behind whose place is known; older plans do not know it."""
    return [
        (left, (left.lon, left.lat))
        for left in plan.left_behind
        if left.lat is not None and left.lon is not None
    ]


def _markers(
    plan: Plan, projection: Projection
) -> tuple[tuple[Marker, ...], tuple[LeftMark, ...], tuple[GivenMark, ...]]:
    stops = [
        (index, route, seq, stop)
        for index, route in enumerate(plan.routes)
        for seq, stop in enumerate(route.stops, start=1)
    ]
    missed = _left_places(plan)
    places = [_rounded(projection.xy((stop.lon, stop.lat))) for _, _, _, stop in stops]
    places += [_rounded(projection.xy(at)) for _, at in missed]
    places += [_rounded(projection.xy((given.lon, given.lat))) for given in plan.outsourced]
    shifts = spread(places)
    metres_per_unit = 111_195 / projection.per_lat
    markers = tuple(
        Marker(
            truck_id=route.truck_id,
            x=x,
            y=y,
            dx=dx,
            dy=dy,
            seq=seq,
            colour=truck_colour(index),
            title=f"{route.plate} #{seq} {stop.order_id} {stop.address}",
            radius=round(stop.radius_m / metres_per_unit, 1),
        )
        for (index, route, seq, stop), (x, y), (dx, dy) in zip(stops, places, shifts, strict=False)
    )
    count = len(stops)
    left = tuple(
        LeftMark(
            order_id=order.order_id,
            x=x,
            y=y,
            dx=dx,
            dy=dy,
            title=f"{order.order_id} {order.address}",
        )
        for (order, _), (x, y), (dx, dy) in zip(
            missed, places[count:], shifts[count:], strict=False
        )
    )
    count += len(missed)
    given = tuple(
        GivenMark(
            order_id=order.order_id,
            x=x,
            y=y,
            dx=dx,
            dy=dy,
            seq=seq,
            title=f"{order.carrier_name} #{seq} {order.order_id} {order.address}",
        )
        for seq, (order, (x, y), (dx, dy)) in enumerate(
            zip(plan.outsourced, places[count:], shifts[count:], strict=True), start=1
        )
    )
    return markers, left, given


def _sites(plan: Plan, projection: Projection, marks: Sequence[Mark]) -> tuple[SiteMark, ...]:
    """Put every warehouse's name on the side where it covers the fewest marks."""
    boxes = [_marker_box(mark, 1) for mark in marks]
    sites = []
    for key, site in sorted(plan.sites.items()):
        x, y = _rounded(projection.xy((site.lon, site.lat)))
        name = plan.warehouses.get(key, key)
        wide = len(name) * _SITE_PX
        sides = ((12, 0), (-12 - wide, 0), (-wide / 2, 17), (-wide / 2, -20))
        shown = {side: (x + side[0], y + side[1] - 8, x + side[0] + wide, y + side[1] + 8)
                 for side in sides}  # fmt: skip
        dx, dy = min(sides, key=lambda side: sum(_overlap(shown[side], box) for box in boxes))
        sites.append(SiteMark(x=x, y=y, name=name, dx=dx, dy=dy))
    return tuple(sites)


def spread(
    places: Sequence[tuple[float, float]], *, gap: float = 2 * MARKER_PX + 1, rounds: int = 240
) -> list[tuple[float, float]]:
    """Shift circles apart until none covers another, or the rounds are over.

    Equal places are first laid on a spiral, so that the outcome depends on the order alone.
    """
    if not places:
        return []
    home = np.array(places, dtype=float)
    turn = np.arange(len(home)) * 2.399963  # the golden angle
    at = home + 0.01 * np.column_stack([np.cos(turn), np.sin(turn)])
    for _ in range(rounds):
        away = at[:, None, :] - at[None, :, :]
        distance = np.hypot(away[..., 0], away[..., 1])
        np.fill_diagonal(distance, np.inf)
        short = np.clip(gap - distance, 0, None)
        if not short.any():
            break
        push = away / np.maximum(distance, 1e-9)[..., None] * (short / 2)[..., None]
        at = at + 0.9 * push.sum(axis=1) / np.maximum((short > 0).sum(axis=1), 1)[:, None]
    shift = np.round(at - home, 1)
    shift[np.hypot(shift[:, 0], shift[:, 1]) < 0.5] = 0.0
    return [(float(x) + 0.0, float(y) + 0.0) for x, y in shift]


def _labels(
    under: Backdrop,
    projection: Projection,
    markers: Sequence[Mark],
    sites: Sequence[SiteMark],
) -> tuple[Label, ...]:
    """Give every name the lowest zoom at which it overlaps no other name, marker or warehouse."""
    names = [
        (*_rounded(projection.xy(county.label)), county.name)
        for county in under.counties
        if county.name
    ]
    placed: list[Label] = []
    left = names
    for zoom in ZOOM_LEVELS:
        boxes = [_marker_box(mark, zoom) for mark in markers]
        boxes += [_text_box(site.x * zoom + site.dx, site.y * zoom + site.dy, site.name, start=True)
                  for site in sites]  # fmt: skip
        boxes += [_text_box(done.x * zoom, done.y * zoom, done.text) for done in placed]
        rest: list[tuple[float, float, str]] = []
        for x, y, text in left:
            box = _text_box(x * zoom, y * zoom, text)
            if any(_overlap(box, other) for other in boxes):
                rest.append((x, y, text))
            else:
                boxes.append(box)
                placed.append(Label(x=x, y=y, text=text, zoom=zoom))
        left = rest
    return tuple(placed)


Box = tuple[float, float, float, float]


def _text_box(x: float, y: float, text: str, *, start: bool = False) -> Box:
    half = len(text) * _LABEL_PX / 2 + 4
    left = x if start else x - half
    return left, y - _LABEL_PX / 2 - 1, left + 2 * half, y + _LABEL_PX / 2 + 1


def _marker_box(mark: Mark, zoom: int) -> Box:
    x, y = mark.x * zoom + mark.dx, mark.y * zoom + mark.dy
    return x - MARKER_PX, y - MARKER_PX, x + MARKER_PX, y + MARKER_PX


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _rounded(xy: tuple[float, float]) -> tuple[float, float]:
    return round(xy[0], 1), round(xy[1], 1)


def _attribution(plan: Plan, under: Backdrop) -> str:
    """Name whose map and roads are shown; all other sources stand below the page."""
    parts = [part for part in under.attribution.split(" · ") if part]
    roads = [text for text in plan.provenance.sources if "OpenStreetMap" in text]
    return " · ".join(dict.fromkeys([*parts, *roads]))


def _scale(projection: Projection) -> tuple[int, float]:
    """Choose a round length between about 80 and 200 pixels for the scale bar."""
    per_km = projection.per_lat / 111.195
    for length in (1, 2, 5, 10, 20, 50, 100, 200, 500):
        if length * per_km >= 80:
            return length, round(length * per_km, 1)
    return 1000, round(1000 * per_km, 1)
