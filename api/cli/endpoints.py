"""The two ends of a route as people type them: 'lat,lon' or a free Chinese address."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from api.days.intake.fault_texts import fault_texts
from api.errors import Fault
from api.settings import Language
from geodata.corrections import Corrections
from geodata.datum import LAT_RANGE, LON_RANGE, Datum, to_wgs84
from geodata.places import Place, Point

NUMBER: Final = r"[-+]?\d{1,3}(?:\.\d{1,15})?"
PAIR: Final = re.compile(rf"({NUMBER})\s*[,，]\s*({NUMBER})")


@dataclass(slots=True, kw_only=True)
class EndpointReader:
    """Reads ends and collects what is wrong with them.

    `abroad` is for extracts of other countries: then no county is asked for.
    """

    lang: Language
    datum: Datum
    abroad: bool
    corrections: Corrections
    cache_dir: Path
    faults: list[Fault] = field(default_factory=list)

    def read(self, text: str, *, name: str) -> Place | None:
        """Read the end called `name`; None when it is faulty (noted)."""
        pair = PAIR.fullmatch(text.strip())
        if pair is not None:
            return self._position(float(pair[1]), float(pair[2]), text=text, name=name)
        if not text.strip():
            self._note("address.missing", text=text, name=name)
            return None
        return self._address(text, name=name)

    def _position(self, lat: float, lon: float, *, text: str, name: str) -> Place | None:
        if _in_china(lat=lon, lon=lat):
            self._note("position.swapped", text=text, name=name, lat=lat, lon=lon)
            return None
        if self.abroad and -90 <= lat <= 90 and -180 <= lon <= 180:
            point = Point(lat=lat, lon=lon)
            return Place(id=name, label=text.strip(), point=point, county_code="")
        if not _in_china(lat=lat, lon=lon):
            self._note("position.outside", text=text, name=name)
            return None
        from geodata.divisions.polygons import load_county_map

        y, x = to_wgs84(lat, lon, self.datum)
        point = Point(lat=float(y), lon=float(x))
        code = load_county_map(self.cache_dir).county_at(point)
        if code is None:
            self._note("position.outside", text=text, name=name)
            return None
        return Place(id=name, label=text.strip(), point=point, county_code=code)

    def _address(self, text: str, *, name: str) -> Place | None:
        from geodata.addresses import load_locator
        from geodata.cli_locate import locate_line

        row = locate_line(text, locator=load_locator(self.cache_dir), corrections=self.corrections)
        if row["status"] == "ambiguous":
            names = "、".join(each["county_name"] for each in row["candidates"])
            self._note("address.ambiguous", text=text, name=name, candidates=names)
            return None
        if row["status"] != "ok":
            self._note("address.unknown", text=text, name=name)
            return None
        return Place(
            id=name,
            label=text.strip(),
            point=Point(lat=row["lat"], lon=row["lon"]),
            county_code=row["county_code"],
            radius_m=row["radius_m"],
        )

    def _note(self, code: str, *, text: str, name: str, **words: object) -> None:
        """Note a fault in the words of the intake, with every candidate."""
        told = fault_texts()[code]
        chinese = self.lang is Language.CHINESE
        self.faults.append(
            Fault(
                code=code,
                message=(told.zh if chinese else told.en).format(**words),
                fix=told.do_zh if chinese else told.do_en,
                column=name,
                raw=text,
            )
        )


def _in_china(*, lat: float, lon: float) -> bool:
    return LAT_RANGE[0] <= lat <= LAT_RANGE[1] and LON_RANGE[0] <= lon <= LON_RANGE[1]
