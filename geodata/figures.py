"""Planning figures for travel on a network without classes or speeds: dated configuration."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.rows import Row, raise_faults, read_file, rows_of

FIGURES_FILE: Final = "travel.toml"
EVERY_PROVINCE: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedTier:
    """Metres of a leg up to `upto_m` are driven at `kmh`; `tolled` ones pay."""

    upto_m: int
    kmh: float
    tolled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLeg:
    """Roads that the network leaves out: straight way x percent at a speed, up to a limit."""

    limit_m: int
    percent: int
    kmh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Departures from `start_s` on; the city ends of a leg take `city_percent` of the time."""

    start_s: int
    city_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All planning figures; `length_percent` maps a province, or "*", to its length factor."""

    tiers: tuple[SpeedTier, ...]
    length_percent: dict[str, int]
    access: EndLeg
    local: EndLeg
    bands: tuple[Band, ...]
    city_core_m: int
    city_kmh: float
    date: str
    source: str

    def drive_s(self, metres: NDArray[np.int64]) -> NDArray[np.float64]:
        """Time legs by their length; subadditive, so a detour never saves time."""
        total = np.zeros(metres.shape, dtype=np.float64)
        low = 0
        for tier in self.tiers:
            part = np.clip(metres, low, tier.upto_m) - low
            total += part * (3.6 / tier.kmh)
            low = tier.upto_m
        return total

    def tolled_m(self, metres: NDArray[np.int64]) -> NDArray[np.int64]:
        """Metres of a leg that pay toll."""
        total = np.zeros(metres.shape, dtype=np.int64)
        low = 0
        for tier in self.tiers:
            if tier.tolled:
                total += np.clip(metres, low, tier.upto_m) - low
            low = tier.upto_m
        return total

    def factor_of(self, province: str) -> float:
        """Length factor of a province, by the first two digits of its code."""
        return self.length_percent.get(province, self.length_percent[EVERY_PROVINCE]) / 100


def load_figures(path: Path | None = None) -> Figures:
    """Read the shipped figures, or the user's own.

    Raises:
        MissingSource: the file cannot be read.
        BadGeoData: it breaks the schema; lists every fault.
    """
    shown = path.name if path else FIGURES_FILE
    values = read_file(FIGURES_FILE, path=path)
    faults: list[str] = []

    def rows(table: str) -> tuple[Row, ...]:
        found = rows_of(values, table=table, shown=shown, faults=faults)
        for row in found:
            row.text("source")
        if not found:
            faults.append(f"{shown}: at least one [[{table}]] is needed")
        return found or (Row(where=f"{shown} {table}", values={}),)

    tiers = tuple(
        SpeedTier(
            upto_m=1_000 * row.whole("upto_km", low=1, high=20_000),
            kmh=row.number("kmh", low=5, high=130),
            tolled=row.flag("tolled"),
        )
        for row in rows("speed")
    )
    lengths = {
        province: row.whole("percent", low=100, high=200)
        for row in rows("length")
        for province in row.texts("provinces")
    }
    bands = tuple(
        Band(start_s=row.clock("start"), city_percent=row.whole("city_percent", low=50, high=400))
        for row in rows("band")
    )
    access, local = _end_leg(rows("access")[0]), _end_leg(rows("local")[0])
    city = rows("city")[0]
    core_m = city.whole("core_m", low=0, high=50_000)
    city_kmh = city.number("kmh", low=5, high=100)
    faults.extend(f"{shown}: {fault}" for fault in _contradictions(tiers, lengths, bands))
    raise_faults(faults)
    return Figures(
        tiers=tiers,
        length_percent=lengths,
        access=access,
        local=local,
        bands=bands,
        city_core_m=core_m,
        city_kmh=city_kmh,
        date=values["date"].isoformat(),
        source=values["source"],
    )


def _end_leg(row: Row) -> EndLeg:
    return EndLeg(
        limit_m=row.whole("limit_m", low=0, high=200_000),
        percent=row.whole("percent", low=100, high=300),
        kmh=row.number("kmh", low=5, high=100),
    )


def _contradictions(
    tiers: tuple[SpeedTier, ...], lengths: dict[str, int], bands: tuple[Band, ...]
) -> list[str]:
    found = []
    if any(a.upto_m >= b.upto_m or a.kmh > b.kmh for a, b in pairwise(tiers)):
        found.append("speed rows must ascend in upto_km and never fall in kmh")
    if EVERY_PROVINCE not in lengths:
        found.append('length rows need one with provinces = ["*"]')
    if bands[0].start_s != 0 or any(a.start_s >= b.start_s for a, b in pairwise(bands)):
        found.append("band rows must begin at 00:00 and ascend")
    return found
