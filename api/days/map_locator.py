"""Answers the intake's questions about addresses from the geodata floor."""

from __future__ import annotations

from pathlib import Path

from api.days.intake.locating import CountyName, Located, LocateStatus
from geodata.addresses import Locator, Status, load_locator
from geodata.corrections import Corrections
from geodata.divisions.polygons import CountyMap, load_county_map
from geodata.places import Point


class MapLocator:
    """Counties, addresses and remembered corrections of the real map."""

    def __init__(self, *, corrections: Corrections, cache_dir: Path | None = None) -> None:
        """Load the register; polygons only when the first pin asks for its county."""
        self._corrections = corrections
        self._cache_dir = cache_dir
        self._locator: Locator = load_locator(cache_dir)
        self._counties: CountyMap | None = None

    def locate(self, text: str) -> Located:
        """Find an address; a remembered correction wins over the text."""
        correction = self._corrections.find(text)
        if correction is not None:
            return Located(
                status=LocateStatus.OK,
                county=self._name(correction.county_code),
                point=correction.point,
                radius_m=correction.radius_m,
                township=self._locator.locate(text).township,
            )
        found = self._locator.locate(text)
        if found.status is Status.OK and found.county is not None:
            return Located(
                status=LocateStatus.OK,
                county=CountyName(code=found.county.code, name=found.county.full_name),
                point=found.point,
                radius_m=found.radius_m,
                township=found.township,
            )
        return Located(
            status=LocateStatus(found.status.value),
            candidates=tuple(county.full_name for county in found.candidates),
        )

    def county_at(self, point: Point) -> CountyName | None:
        """Find the county that holds a point; None at sea or abroad."""
        if self._counties is None:
            self._counties = load_county_map(self._cache_dir)
        code = self._counties.county_at(point)
        return None if code is None else self._name(code)

    def _name(self, code: str) -> CountyName:
        county = self._locator.county(code)
        return CountyName(code=code, name=code if county is None else county.full_name)
