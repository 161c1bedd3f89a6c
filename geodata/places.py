"""Points and places, light enough for the routing floor to import."""

from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt
from typing import Final

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius, IUGG 1980."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A WGS-84 position in degrees."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lat) and isfinite(self.lon)):
            raise ValueError(f"position ({self.lat}, {self.lon}) is not finite")
        if not (-90.0 <= self.lat <= 90.0 and -180.0 <= self.lon <= 180.0):
            raise ValueError(f"position ({self.lat}, {self.lon}) is outside the globe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere a truck starts, stops or waits.

    `radius_m` is the uncertainty of `point`: 0 for a pin, kilometres where only the township or
    the county seat is known. It lengthens the access leg and may widen the slot.
    """

    id: str
    label: str
    point: Point
    county_code: str
    radius_m: int = 0

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a place needs an id")
        if self.radius_m < 0:
            raise ValueError(f"place {self.id}: radius {self.radius_m} m is negative")


def great_circle_m(a: Point, b: Point) -> float:
    """Measure the great-circle distance in metres (haversine)."""
    dlat = radians(b.lat - a.lat)
    dlon = radians(b.lon - a.lon)
    h = sin(dlat / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(dlon / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(h)))
