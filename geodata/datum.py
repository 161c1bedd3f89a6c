"""Datums at the door: WGS-84 inside, GCJ-02 and BD-09 as Chinese apps hand them out.

GCJ-02 (Amap, Tencent) moves a point by 20 to 700 m, BD-09 (Baidu) by about 1.1 km. The forward
transforms are the published reverse-engineered polynomials; `coord-convert` is the test oracle.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Degrees = NDArray[np.float64]

KRASOVSKY_A_M: Final = 6_378_245.0
KRASOVSKY_E2: Final = 0.006_693_421_622_965_943_23
BD_FREQUENCY: Final = np.pi * 3000.0 / 180.0
INVERSE_STEPS: Final = 6
"""Each step shrinks the error by about 1,000 times; three reach 0.2 mm, six reach rounding."""

LAT_RANGE: Final = (0.8293, 55.8271)
LON_RANGE: Final = (72.004, 137.8347)
"""The box in which apps shift coordinates; outside of it every datum here is WGS-84."""


class Datum(StrEnum):
    """How a latitude and longitude are to be read."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(lat: ArrayLike, lon: ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Turn degrees of any datum into WGS-84 degrees, elementwise.

    Scalars give 0-d arrays. Outside the shifted box the answer is the question.
    """
    y, x = _as_degrees(lat, lon)
    if datum is Datum.WGS84:
        return y, x
    if datum is Datum.GCJ02:
        return gcj02_to_wgs84(y, x)
    return gcj02_to_wgs84(*bd09_to_gcj02(y, x))


def from_wgs84(lat: ArrayLike, lon: ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Turn WGS-84 degrees into degrees of another datum (for links into map apps)."""
    y, x = _as_degrees(lat, lon)
    if datum is Datum.WGS84:
        return y, x
    if datum is Datum.GCJ02:
        return wgs84_to_gcj02(y, x)
    return gcj02_to_bd09(*wgs84_to_gcj02(y, x))


def wgs84_to_gcj02(lat: ArrayLike, lon: ArrayLike) -> tuple[Degrees, Degrees]:
    """Shift WGS-84 degrees to GCJ-02; identity outside the shifted box."""
    y, x = _as_degrees(lat, lon)
    shift_lat, shift_lon = _gcj02_shift(y, x)
    inside = _inside(y, x)
    return np.where(inside, y + shift_lat, y), np.where(inside, x + shift_lon, x)


def gcj02_to_wgs84(lat: ArrayLike, lon: ArrayLike) -> tuple[Degrees, Degrees]:
    """Undo `wgs84_to_gcj02` by fixed point, to well under a millimetre."""
    target_lat, target_lon = _as_degrees(lat, lon)
    y, x = target_lat, target_lon
    for _ in range(INVERSE_STEPS):
        shift_lat, shift_lon = _gcj02_shift(y, x)
        y, x = target_lat - shift_lat, target_lon - shift_lon
    inside = _inside(target_lat, target_lon)
    return np.where(inside, y, target_lat), np.where(inside, x, target_lon)


def gcj02_to_bd09(lat: ArrayLike, lon: ArrayLike) -> tuple[Degrees, Degrees]:
    """Shift GCJ-02 degrees to BD-09; identity outside the shifted box."""
    y, x = _as_degrees(lat, lon)
    inside = _inside(y, x)
    bd_lat, bd_lon = _bd09_spiral(y, x)
    return np.where(inside, bd_lat, y), np.where(inside, bd_lon, x)


def bd09_to_gcj02(lat: ArrayLike, lon: ArrayLike) -> tuple[Degrees, Degrees]:
    """Undo `gcj02_to_bd09` by fixed point (the published closed inverse is decimetres off)."""
    target_lat, target_lon = _as_degrees(lat, lon)
    y, x = target_lat - 0.006, target_lon - 0.0065
    for _ in range(INVERSE_STEPS):
        bd_lat, bd_lon = _bd09_spiral(y, x)
        y, x = y + (target_lat - bd_lat), x + (target_lon - bd_lon)
    inside = _inside(target_lat, target_lon)
    return np.where(inside, y, target_lat), np.where(inside, x, target_lon)


def _as_degrees(lat: ArrayLike, lon: ArrayLike) -> tuple[Degrees, Degrees]:
    return np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)


def _inside(lat: Degrees, lon: Degrees) -> NDArray[np.bool_]:
    return np.asarray(
        (lat >= LAT_RANGE[0])
        & (lat <= LAT_RANGE[1])
        & (lon >= LON_RANGE[0])
        & (lon <= LON_RANGE[1])
    )


def _gcj02_shift(lat: Degrees, lon: Degrees) -> tuple[Degrees, Degrees]:
    """Degrees to add to WGS-84 (latitude, longitude)."""
    y, x = lat - 35.0, lon - 105.0
    root = np.sqrt(np.abs(x))
    ripple = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0
    phi = np.radians(lat)
    w2 = 1.0 - KRASOVSKY_E2 * np.sin(phi) ** 2
    w = np.sqrt(w2)
    meridian_m = KRASOVSKY_A_M * (1.0 - KRASOVSKY_E2) / (w2 * w)
    parallel_m = KRASOVSKY_A_M / w * np.cos(phi)
    return np.degrees(north / meridian_m), np.degrees(east / parallel_m)


def _bd09_spiral(lat: Degrees, lon: Degrees) -> tuple[Degrees, Degrees]:
    radius = np.hypot(lon, lat) + 0.000_02 * np.sin(lat * BD_FREQUENCY)
    theta = np.arctan2(lat, lon) + 0.000_003 * np.cos(lon * BD_FREQUENCY)
    return radius * np.sin(theta) + 0.006, radius * np.cos(theta) + 0.0065
