"""Datums: the shift is the published one and its inverse is exact."""

from __future__ import annotations

from typing import SupportsFloat

import coord_convert.transform as oracle
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.datum import (
    Datum,
    bd09_to_gcj02,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_gcj02,
)
from geodata.places import Point, great_circle_m

china_lat = st.floats(min_value=18.0, max_value=53.5)
china_lon = st.floats(min_value=73.5, max_value=135.0)


def gap_m(
    lat_a: SupportsFloat, lon_a: SupportsFloat, lat_b: SupportsFloat, lon_b: SupportsFloat
) -> float:
    return great_circle_m(
        Point(lat=float(lat_a), lon=float(lon_a)), Point(lat=float(lat_b), lon=float(lon_b))
    )


@given(lat=china_lat, lon=china_lon)
def test_forward_shift_is_the_published_one(lat: float, lon: float) -> None:
    """Another implementation agrees to a tenth of a millimetre, for both shifts."""
    gcj = wgs84_to_gcj02(lat, lon)
    expected_lon, expected_lat = oracle.wgs2gcj(lon, lat)
    assert gap_m(gcj[0], gcj[1], expected_lat, expected_lon) < 1e-4
    bd = gcj02_to_bd09(lat, lon)
    expected_lon, expected_lat = oracle.gcj2bd(lon, lat)
    assert gap_m(bd[0], bd[1], expected_lat, expected_lon) < 1e-4


@given(lat=china_lat, lon=china_lon, datum=st.sampled_from(Datum))
def test_inverse_returns_to_the_start_within_a_millimetre(
    lat: float, lon: float, datum: Datum
) -> None:
    """A point written in any datum and read back must not wander."""
    back = to_wgs84(*from_wgs84(lat, lon, datum), datum)
    assert gap_m(lat, lon, back[0], back[1]) < 1e-3


def test_a_grid_over_china_keeps_the_millimetre_and_the_known_size() -> None:
    """The known size of the shift (20 to 700 m) guards against an inverse pair of wrong maps."""
    lat, lon = (g.ravel() for g in np.meshgrid(np.linspace(18, 53, 80), np.linspace(74, 134, 80)))
    gcj_lat, gcj_lon = wgs84_to_gcj02(lat, lon)
    shift_m = np.hypot(
        (gcj_lat - lat) * 111_195, (gcj_lon - lon) * 111_195 * np.cos(np.radians(lat))
    )
    assert 15 < shift_m.min() < shift_m.max() < 720
    back_lat, back_lon = gcj02_to_wgs84(gcj_lat, gcj_lon)
    assert np.abs(back_lat - lat).max() * 111_195 < 1e-3
    assert np.abs(back_lon - lon).max() * 111_195 < 1e-3


def test_known_landmark_lands_on_the_map() -> None:
    """Tiananmen in GCJ-02 (39.90923, 116.397428) is 500 to 600 m from its WGS-84 place."""
    lat, lon = to_wgs84(39.90923, 116.397428, Datum.GCJ02)
    assert (float(lat), float(lon)) == pytest.approx((39.90783, 116.39118), abs=1e-4)


def test_outside_china_nothing_moves() -> None:
    """Apps do not shift abroad; a test day in Rutland must stay in Rutland."""
    for lat, lon in ((52.65, -0.63), (-33.9, 151.2), (0.0, 0.0), (61.0, 100.0)):
        for datum in Datum:
            there = from_wgs84(lat, lon, datum)
            assert (float(there[0]), float(there[1])) == (lat, lon)
            back = to_wgs84(lat, lon, datum)
            assert (float(back[0]), float(back[1])) == (lat, lon)


def test_arrays_keep_their_shape_and_agree_with_scalars() -> None:
    """Files are shifted as columns, single orders as numbers: the answer is the same."""
    lat, lon = np.array([[30.0, 31.0], [40.0, 0.0]]), np.array([[120.0, 121.0], [100.0, 0.0]])
    out_lat, out_lon = to_wgs84(lat, lon, Datum.BD09)
    assert out_lat.shape == lat.shape
    one_lat, one_lon = bd09_to_gcj02(31.0, 121.0)
    one_lat, one_lon = gcj02_to_wgs84(one_lat, one_lon)
    assert out_lat[0, 1] == one_lat
    assert out_lon[0, 1] == one_lon
