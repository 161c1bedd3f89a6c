"""Truck bans: where, when and for whom a city closes its streets to trucks.

The file is GeoJSON (RFC 7946, so WGS-84), one polygon per zone, drawn in any GIS. Properties:
`name`; `hours` "07:00-22:00" (several joined by ";"; never across midnight); `days` any of
"workday;weekend;holiday;makeup_workday", where workday means make-up workdays too;
`truck_classes` ids joined by ";" or "*"; `plate`, see `PlateRule`; `permit`, the id of the permit
that lifts the ban, or ""; `date`, from which it holds; `source`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from geodata.calendar import DayKind
from geodata.places import EARTH_RADIUS_M, Point

if TYPE_CHECKING:
    import shapely

CITY_DETOUR: Final = 1.3
CITY_SPEED_M_S: Final = 25 / 3.6
"""Inside a zone a truck drives 1.3 times the straight way at 25 km/h (ICCT: urban 30-40)."""


class PlateKind(StrEnum):
    ANY = "any"
    PATTERN = "pattern"
    OUTSIDE = "outside"
    ODD_EVEN = "odd-even"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateRule:
    """Which plates a ban binds.

    Written "any"; "pattern:<regular expression>" binds plates that match whole;
    "outside:豫A" binds plates that do not begin so; "odd-even" binds, on odd days of the
    month, plates whose last digit is even, and the other way round.
    """

    kind: PlateKind
    value: str = ""

    def binds(self, plate: str | None, day: date) -> bool:
        """Say whether the ban holds for a plate; an unknown plate is bound, to be safe."""
        if plate is None or self.kind is PlateKind.ANY:
            return True
        if self.kind is PlateKind.PATTERN:
            return re.fullmatch(self.value, plate) is not None
        if self.kind is PlateKind.OUTSIDE:
            return not plate.startswith(self.value)
        digits = [character for character in plate if character in "0123456789"]
        return not digits or int(digits[-1]) % 2 != day.day % 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """One zone and its hours. `ring` holds (lon, lat) of the closed outline; `holes` likewise."""

    name: str
    ring: tuple[tuple[float, float], ...]
    holes: tuple[tuple[tuple[float, float], ...], ...] = ()
    hours_s: tuple[tuple[int, int], ...]
    days: frozenset[DayKind]
    truck_classes: frozenset[str]
    plate: PlateRule
    permit: str
    since: date
    source: str

    def holds_on(self, day: date, day_kind: DayKind) -> bool:
        kinds = {day_kind}
        if day_kind is DayKind.MAKEUP_WORKDAY:
            kinds.add(DayKind.WORKDAY)
        return day >= self.since and not kinds.isdisjoint(self.days)

    def binds_class(self, truck_class: str) -> bool:
        """An empty set of classes means every class."""
        return not self.truck_classes or truck_class in self.truck_classes

    def touches(self, start_s: int, end_s: int) -> bool:
        """Say whether the hours overlap [start_s, end_s) of a day."""
        return any(start < end_s and end > start_s for start, end in self.hours_s)

    def contains(self, point: Point) -> bool:
        lons = [lon for lon, _ in self.ring]
        lats = [lat for _, lat in self.ring]
        if not (min(lons) <= point.lon <= max(lons) and min(lats) <= point.lat <= max(lats)):
            return False
        return bool(_polygon(self).covers(_shapely_point(point)))


@dataclass(frozen=True, slots=True, kw_only=True)
class BannedHours:
    """When a truck may not drive at a point, in seconds of one local day.

    `intervals` are merged and ascending. `inside_s` is the typical drive between the zone's
    border and the point, 0 outside every zone: a ban in [a, b) forbids arriving in
    [a, b + inside_s) and departing in [a - inside_s, b).
    """

    intervals: tuple[tuple[int, int], ...]
    inside_s: int


def banned_intervals(
    point: Point,
    *,
    truck_class: str,
    plate: str | None,
    permits: Collection[str],
    date: date,
    day_kind: DayKind,
    bans: Iterable[Ban],
) -> BannedHours:
    """Collect the hours in which one truck may not drive at a point on one day."""
    holding = [
        ban
        for ban in bans
        if ban.holds_on(date, day_kind)
        and ban.binds_class(truck_class)
        and not (ban.permit and ban.permit in permits)
        and ban.plate.binds(plate, date)
        and ban.contains(point)
    ]
    return BannedHours(
        intervals=merged(hours for ban in holding for hours in ban.hours_s),
        inside_s=max((inside_s(ban, point) for ban in holding), default=0),
    )


def bans_in_force(
    bans: Iterable[Ban], *, truck_class: str, day: date, day_kind: DayKind, start_s: int, end_s: int
) -> tuple[Ban, ...]:
    """Keep the bans that bind a class at any second of [start_s, end_s), to drive or draw round."""
    return tuple(
        ban
        for ban in bans
        if ban.holds_on(day, day_kind)
        and ban.binds_class(truck_class)
        and ban.touches(start_s, end_s)
    )


def merged(intervals: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Sort half-open intervals and join those that overlap or touch."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def inside_s(ban: Ban, point: Point) -> int:
    """Typical seconds of driving between a zone's border and a point inside it."""
    from math import cos, pi, radians

    from shapely import affinity

    metres_per_degree = pi * EARTH_RADIUS_M / 180
    scale = {"xfact": metres_per_degree * cos(radians(point.lat)), "yfact": metres_per_degree}
    border = affinity.scale(_polygon(ban).boundary, **scale, origin=(0, 0))
    here = affinity.scale(_shapely_point(point), **scale, origin=(0, 0))
    away_m = float(border.distance(here))
    return round(away_m * CITY_DETOUR / CITY_SPEED_M_S)


@cache
def _polygon(ban: Ban) -> shapely.Polygon:
    from shapely import Polygon

    return Polygon(ban.ring, ban.holes)


def _shapely_point(point: Point) -> shapely.Point:
    from shapely import Point as ShapelyPoint

    return ShapelyPoint(point.lon, point.lat)
