"""Remembered corrections: a pin or a dispatcher's word wins over the text, next time too.

One JSON file, at a path of the caller's choice. The key is the normalised address, so that a
space or a full-width digit does not lose the memory.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from geodata.addresses.text import address_key
from geodata.cache import write_whole
from geodata.errors import BadGeoData
from geodata.places import Point

FORMAT: Final = 1


class CorrectionKind(StrEnum):
    """Who said so."""

    PIN = "pin"  # the buyer's own position: exact
    DISPATCHER = "dispatcher"  # someone who knows the place


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Where an address really is; `point` is WGS-84, `radius_m` is 0 for a pin.

    `noted_on` is the day it was given, told by the caller.
    """

    kind: CorrectionKind
    point: Point
    county_code: str
    noted_on: date
    radius_m: int = 0

    def __post_init__(self) -> None:
        if self.radius_m < 0:
            raise ValueError(f"radius {self.radius_m} m is negative")
        if self.kind is CorrectionKind.PIN and self.radius_m:
            raise ValueError(f"a pin is exact: its radius is 0 m, not {self.radius_m}")
        if not (len(self.county_code) == 6 and self.county_code.isdigit()):
            raise ValueError(f"county code {self.county_code!r} is not six digits")


class Corrections:
    """The corrections of one file; a value that changes by making a new one."""

    def __init__(self, remembered: Mapping[str, Correction] | None = None) -> None:
        """Hold corrections by `address_key`."""
        self._by_key = MappingProxyType(dict(remembered or {}))

    def __len__(self) -> int:
        """Count the addresses that have a correction."""
        return len(self._by_key)

    def find(self, address: str) -> Correction | None:
        """Find the correction of an address, however it is typed."""
        return self._by_key.get(address_key(address))

    def remember(self, address: str, correction: Correction) -> Corrections:
        """Return corrections that also hold this one; the latest word on an address wins.

        Raises:
            ValueError: the address has no letter or digit to remember it by.
        """
        key = address_key(address)
        if not key:
            raise ValueError("an empty address cannot be remembered")
        return Corrections({**self._by_key, key: correction})

    def forget(self, address: str) -> Corrections:
        """Return corrections without this address; the same if it was not there."""
        key = address_key(address)
        return Corrections({k: c for k, c in self._by_key.items() if k != key})

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        rows = {
            key: {
                "kind": each.kind.value,
                "lat": each.point.lat,
                "lon": each.point.lon,
                "county_code": each.county_code,
                "radius_m": each.radius_m,
                "noted_on": each.noted_on.isoformat(),
            }
            for key, each in sorted(self._by_key.items())
        }
        text = json.dumps({"format": FORMAT, "corrections": rows}, ensure_ascii=False, indent=1)
        write_whole(path, text.encode())

    @classmethod
    def load(cls, path: Path) -> Corrections:
        """Read a file written by `save`; a file that does not exist yet holds none.

        Raises:
            BadGeoData: not such a file; lists every fault with its address.
        """
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:
            raise BadGeoData(f"{path.name} cannot be read as JSON: {error}") from error
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            raise BadGeoData(f"{path.name} is not a corrections file of format {FORMAT}")
        rows = raw.get("corrections")
        if not isinstance(rows, dict):
            raise BadGeoData(f"{path.name}: 'corrections' must map addresses to corrections")
        faults: list[str] = []
        read: dict[str, Correction] = {}
        for key, row in rows.items():
            try:
                read[key] = _read(row)
            except (KeyError, TypeError, ValueError) as error:
                faults.append(f"{key}: {error}")
        if faults:
            raise BadGeoData(f"{path.name}: " + "; ".join(faults))
        return cls(read)


def _read(row: Mapping[str, object]) -> Correction:
    lat, lon, radius_m = row["lat"], row["lon"], row["radius_m"]
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        raise TypeError("lat and lon must be numbers")
    if not isinstance(radius_m, int) or isinstance(radius_m, bool):
        raise TypeError("radius_m must be a whole number")
    return Correction(
        kind=CorrectionKind(str(row["kind"])),
        point=Point(lat=float(lat), lon=float(lon)),
        county_code=str(row["county_code"]),
        radius_m=radius_m,
        noted_on=date.fromisoformat(str(row["noted_on"])),
    )
