"""Where demonstration orders go: real townships, invented streets, pins inside the county."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin, tau
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from api.days.demo import people
from api.days.demo.design import Way
from geodata.datum import Datum, from_wgs84
from geodata.places import Point

if TYPE_CHECKING:
    from geodata.addresses.points import Spots
    from geodata.divisions import County
    from geodata.divisions.polygons import CountyMap

METRES_PER_DEGREE: Final = 111_195
PIN_TRIES: Final = 60
OUT_M: Final = {
    Way.HUB: (500, 2_500),
    Way.LOT: (2_000, 4_500),
    Way.SQUARE: (200, 1_200),
    Way.TRUNK: (1_000, 3_500),
    Way.TOWN: (200, 1_800),
    Way.TOWNSHIP: (200, 900),
    Way.VILLAGE: (1_500, 4_000),
}
"""How far from the centre of the township (or the county seat) places of a kind lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A written address and, where the buyer sent one, a pin (WGS-84)."""

    county_code: str
    township: str
    address: str
    pin: Point | None

    def pin_in(self, datum: Datum) -> str:
        """Write the pin as map apps do: longitude, then latitude; "" without one."""
        if self.pin is None:
            return ""
        lat, lon = from_wgs84(self.pin.lat, self.pin.lon, datum)
        return f"{float(lon):.6f},{float(lat):.6f}"


class Sites:
    """The counties of one province with what is known of their townships."""

    def __init__(self, *, province: str, cache_dir: Path | None = None) -> None:
        """Load the register, the township points and the county map.

        Raises:
            MissingSource: a data package is absent or unreadable.
        """
        from geodata.addresses.points import load_spots
        from geodata.divisions import load_register
        from geodata.divisions.polygons import load_county_map

        self._province = province
        self._counties: dict[str, County] = {
            county.full_name.removeprefix(province): county
            for county in load_register(cache_dir).counties_of(province)
        }
        self._spots: Spots = load_spots(cache_dir)
        self._map: CountyMap = load_county_map(cache_dir)

    def draw(
        self,
        county: str,
        *,
        way: Way,
        rng: Random,
        township: str = "",
        pinned: bool = True,
        near_seat: bool = False,
    ) -> Site:
        """Draw a place of a county; without a pin only where the township's point is known."""
        found = self._counties[county]
        if not township:
            names = self._townships(found, way=way, near_seat=near_seat)
            known = [name for name in names if self._is_known(found, name)]
            township = rng.choice(names if pinned or not known else known)
        spot = self._spots.spot(found, township)
        centre = found.seat if near_seat else spot.point
        pinned = pinned or not self._is_known(found, township)
        return Site(
            county_code=found.code,
            township=township,
            address=f"{self._province}{county}{township}{_detail(way, rng)}",
            pin=self._pin(found, centre, way=way, rng=rng) if pinned else None,
        )

    def at(self, county: str, *, township: str, point: Point, way: Way, rng: Random) -> Site:
        """Give a place of a county whose position is fixed."""
        address = f"{self._province}{county}{township}{_detail(way, rng)}"
        code = self._counties[county].code
        return Site(county_code=code, township=township, address=address, pin=point)

    def _townships(self, county: County, *, way: Way, near_seat: bool) -> list[str]:
        """List the townships that stand where a place of this kind would be."""
        central = [name for name in county.townships if name.endswith("街道") or "城关" in name]
        central = central or list(county.townships[:1])
        if way not in {Way.TOWNSHIP, Way.VILLAGE}:
            return central
        outer = [name for name in county.townships if name not in central]
        known = [name for name in outer if self._is_known(county, name)]
        return (outer if near_seat else known) or central

    def _is_known(self, county: County, township: str) -> bool:
        """Tell whether the township has a point of its own."""
        return self._spots.spot(county, township).basis == "township"

    def _pin(self, county: County, centre: Point, *, way: Way, rng: Random) -> Point:
        """Draw a pin around a centre, inside the county; the centre itself where that fails."""
        nearest_m, farthest_m = OUT_M[way]
        for _ in range(PIN_TRIES):
            out_m, bearing = rng.uniform(nearest_m, farthest_m), rng.uniform(0, tau)
            north = out_m * cos(bearing) / METRES_PER_DEGREE
            east = out_m * sin(bearing) / METRES_PER_DEGREE / cos(radians(centre.lat))
            pin = Point(lat=round(centre.lat + north, 6), lon=round(centre.lon + east, 6))
            if self._map.county_at(pin) == county.code:
                return pin
        return centre


def _detail(way: Way, rng: Random) -> str:
    if way is Way.VILLAGE:
        return people.village(rng)
    if way is Way.TOWN:
        return people.estate(rng)
    return "镇区" if way is Way.TOWNSHIP and rng.random() < 0.3 else people.street(rng)
