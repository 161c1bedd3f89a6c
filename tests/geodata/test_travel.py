"""Travel matrices: what a leg takes, by class and band, around bans and over water."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.bans import Ban
from geodata.calendar import DayKind
from geodata.errors import UnknownPlace, UnsnappedPlace
from geodata.figures import load_figures
from geodata.places import Place, great_circle_m
from geodata.travel import build_matrix
from geodata.units import UNREACHABLE_S
from tests.geodata import roads_builders as build
from tests.geodata.city_pairs import CITIES, KNOWN_KM, city

HOUR_S = 3_600
WEST, EAST = build.place("west", 34.5, 113.0), build.place("east", 34.5, 114.0)
CORE = build.square_ban(south=34.3, west=113.4, north=34.7, east=113.6)
INSIDE = build.place("inside", 34.5, 113.5)


def test_a_leg_takes_what_its_length_says(tmp_path: Path) -> None:
    """Twenty grid edges of 5 km, lengthened by 6 %: 106 km, the first 30 at county speed."""
    matrix = build_matrix(
        [WEST, EAST],
        truck_classes=["flatbed-1", "carrier"],
        date=build.WORKDAY,
        roads=build.roads(),
        cache_dir=tmp_path,
    )
    assert matrix.metres[0, 0, 0, 1] == 106_000
    # 30 km at 40 km/h, 70 km at 55 km/h, 6 km at 70 km/h
    expected_s = 2_700 + 70 * HOUR_S / 55 + 6 * HOUR_S / 70
    assert matrix.seconds[0, 0, 0, 1] == pytest.approx(expected_s, abs=1)
    # the carrier drives at 90 % of every speed
    assert matrix.seconds[1, 0, 0, 1] == pytest.approx(expected_s / 0.9, abs=1)
    assert (np.diagonal(matrix.seconds, axis1=2, axis2=3) == 0).all()
    # 76 tolled km in 河南 at 0.45 yuan x 2.1 for class 2, x 3.86 for class 5
    assert matrix.toll_minor[0, 0, 1] == round(76 * 45 * 2.1)
    assert matrix.toll_minor[1, 0, 1] == round(76 * 45 * 3.86)


def test_the_radius_of_a_place_lengthens_its_access(tmp_path: Path) -> None:
    """A township known to 3 km costs 3 km x 1.4 more, at access speed."""
    vague = build.place("vague", 34.5, 114.0, radius_m=3_000)
    matrix = build_matrix(
        [WEST, EAST, vague],
        truck_classes=["flatbed-1"],
        date=build.WORKDAY,
        roads=build.roads(),
        cache_dir=tmp_path,
    )
    seconds, metres = matrix.seconds[0, 0], matrix.metres[0, 0]
    assert metres[0, 2] - metres[0, 1] == 4_200
    assert seconds[0, 2] - seconds[0, 1] == pytest.approx(4_200 * 3.6 / 30, abs=1)


def test_near_places_need_not_go_by_the_highway(tmp_path: Path) -> None:
    """The coarse graph lacks county roads: two villages 3 km apart are joined directly."""
    here = build.place("here", 34.525, 113.010)
    there = build.place("there", 34.525, 113.040)
    matrix = build_matrix(
        [here, there],
        truck_classes=["flatbed-1"],
        date=build.WORKDAY,
        roads=build.roads(),
        cache_dir=tmp_path,
    )
    straight = great_circle_m(here.point, there.point)
    assert matrix.metres[0, 0, 0, 1] == pytest.approx(1.35 * straight, abs=1)
    assert matrix.toll_minor[0, 0, 1] == 0


def test_city_ends_are_slower_in_the_peak(tmp_path: Path) -> None:
    """Only ends in a city district (county number 01 to 20) feel the bands."""
    district = build.place("district", 34.5, 114.0, county="410102")
    matrix = build_matrix(
        [WEST, EAST, district],
        truck_classes=["flatbed-1"],
        date=build.WORKDAY,
        roads=build.roads(),
        cache_dir=tmp_path,
    )
    peak = matrix.band_starts_s.index(7 * HOUR_S)
    assert (matrix.seconds[0, peak, 0, 1] == matrix.seconds[0, :, 0, 1]).all()
    # 5 km of city at 30 km/h take half as long again: 300 s
    assert matrix.seconds[0, peak, 0, 2] - matrix.seconds[0, 0, 0, 2] == 300


def test_through_traffic_goes_round_a_banned_zone(tmp_path: Path) -> None:
    """In the ban's band the leg leaves the straight line; in the others it keeps it."""
    matrix = build_matrix(
        [WEST, EAST, INSIDE],
        truck_classes=["flatbed-1"],
        date=build.WORKDAY,
        bans=[CORE],
        roads=build.roads(),
        cache_dir=tmp_path,
    )
    assert {7 * HOUR_S, 9 * HOUR_S} <= set(matrix.band_starts_s)
    banned, free = (matrix.band_starts_s.index(hour * HOUR_S) for hour in (7, 9))
    # the zone spans four edges to either side: round it is 2 x 4 edges of 5.3 km longer
    assert matrix.metres[0, banned, 0, 1] - matrix.metres[0, free, 0, 1] == 8 * 5_300
    # a leg that ends inside is not through traffic: there the hours bind, not the roads
    assert matrix.metres[0, banned, 0, 2] == matrix.metres[0, free, 0, 2] == 53_000
    assert matrix.toll_minor[0, 0, 1] == round(76 * 45 * 2.1)
    assert any("truck ban core: test" in source for source in matrix.sources)


@pytest.mark.parametrize(
    ("ban", "day"),
    [
        (CORE, date(2026, 11, 28)),
        (
            build.square_ban(
                south=34.3, west=113.4, north=34.7, east=113.6, classes=frozenset({"carrier"})
            ),
            build.WORKDAY,
        ),
        (build.square_ban(south=30.3, west=110.4, north=30.7, east=110.6), build.WORKDAY),
    ],
    ids=["a Saturday", "another truck class", "far away"],
)
def test_a_ban_that_does_not_bind_costs_no_band(ban: Ban, day: date, tmp_path: Path) -> None:
    """Every band is a layer of the matrix, so bans that change nothing get none."""
    matrix = build_matrix(
        [WEST, EAST, INSIDE],
        truck_classes=["flatbed-1"],
        date=day,
        bans=[ban],
        roads=build.roads(),
        cache_dir=tmp_path,
    )
    assert matrix.band_starts_s == tuple(band.start_s for band in load_figures().bands)
    assert (matrix.metres[0, :, 0, 1] == matrix.metres[0, 0, 0, 1]).all()


def test_the_kind_of_day_can_be_overruled(tmp_path: Path) -> None:
    """A make-up workday counts as a workday for bans, whatever the calendar package knows."""
    matrix = build_matrix(
        [WEST, EAST],
        truck_classes=["flatbed-1"],
        date=date(2026, 11, 28),
        kind=DayKind.MAKEUP_WORKDAY,
        bans=[CORE],
        roads=build.roads(),
        cache_dir=tmp_path,
    )
    banned = matrix.band_starts_s.index(7 * HOUR_S)
    assert matrix.metres[0, banned, 0, 1] > matrix.metres[0, 0, 0, 1]


def test_water_is_crossed_by_ferry_or_not_at_all(tmp_path: Path) -> None:
    """Without a ferry the pair is unreachable; with one its time and fare count, not its km."""
    shore = build.place("shore", 34.5, 114.15)
    isle = build.place("isle", 34.5, 117.0)
    apart = build_matrix(
        [shore, isle],
        truck_classes=["flatbed-1"],
        date=build.WORKDAY,
        roads=build.roads(build.two_grids()),
        cache_dir=tmp_path,
    )
    assert (apart.seconds[0, :, 0, 1] == UNREACHABLE_S).all()
    assert (apart.metres[0, :, 0, 1] == UNREACHABLE_S).all()
    joined = build_matrix(
        [shore, isle],
        truck_classes=["flatbed-1"],
        date=build.WORKDAY,
        roads=build.roads(build.two_grids(), build.ferry()),
        cache_dir=tmp_path,
    )
    assert joined.seconds[0, 0, 0, 1] == pytest.approx(7_200, abs=1)
    assert joined.metres[0, 0, 0, 1] == 0
    assert joined.toll_minor[0, 0, 1] == round(5_000 * 8.2)


def test_the_cached_matrix_is_the_built_one(tmp_path: Path) -> None:
    """The file is named by everything the matrix depends on; another radius is another file."""

    def ask(place: Place) -> str:
        return build_matrix(
            [WEST, place],
            truck_classes=["flatbed-1"],
            date=build.WORKDAY,
            roads=build.roads(),
            cache_dir=tmp_path,
        ).digest

    built = ask(EAST)
    assert ask(EAST) == built
    assert len(list((tmp_path / "matrices").iterdir())) == 1
    assert ask(build.place("east", 34.5, 114.0, radius_m=500)) != built
    assert len(list((tmp_path / "matrices").iterdir())) == 2


def test_a_damaged_cached_matrix_is_built_again(tmp_path: Path) -> None:
    """A cache is ours to mend; nobody should have to delete files before a plan."""
    said: list[str] = []

    def ask() -> str:
        return build_matrix(
            [WEST, EAST],
            truck_classes=["flatbed-1"],
            date=build.WORKDAY,
            roads=build.roads(),
            cache_dir=tmp_path,
            progress=said.append,
        ).digest

    built = ask()
    (kept,) = (tmp_path / "matrices").iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    assert ask() == built
    assert any("again" in line for line in said)
    said.clear()
    assert ask() == built
    assert said == []


def test_both_engines_build_the_same_matrix(tmp_path: Path) -> None:
    """Where no wheel of the fast engine is, plans must not change."""
    digests = {
        build_matrix(
            [WEST, EAST, INSIDE],
            truck_classes=["flatbed-1", "carrier"],
            date=build.WORKDAY,
            bans=[CORE],
            roads=build.roads(engine=engine),
            cache_dir=tmp_path / engine,
        ).digest
        for engine in ("pyroutingkit", "scipy")
    }
    assert len(digests) == 1


def test_wrong_questions_are_refused(tmp_path: Path) -> None:
    """A class nobody configured, and a place far out at sea."""
    with pytest.raises(UnknownPlace, match="choose flatbed-1, flatbed-2"):
        build_matrix([WEST], truck_classes=["tank"], date=build.WORKDAY, cache_dir=tmp_path)
    with pytest.raises(UnsnappedPlace, match="raise snap_limit_m"):
        build_matrix(
            [WEST, build.place("sea", 30.0, 125.0)],
            truck_classes=["flatbed-1"],
            date=build.WORKDAY,
            roads=build.roads(),
            cache_dir=tmp_path,
        )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_a_longer_leg_takes_longer_but_never_more_than_its_parts(a_m: int, b_m: int) -> None:
    """Speed by length must not tempt the search to cut one leg into several."""
    figures = load_figures()
    whole, first, second = figures.drive_s(np.asarray([a_m + b_m, a_m, b_m]))
    assert max(first, second) <= whole <= first + second + 1e-6
    assert figures.tolled_m(np.asarray([a_m]))[0] == max(0, a_m - 30_000)


@pytest.fixture(scope="module")
def error_by_pair(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], float]:
    base = tmp_path_factory.getbasetemp() / "roads"
    matrix = build_matrix(
        [city(name) for name in CITIES],
        truck_classes=["flatbed-1"],
        date=build.WORKDAY,
        roads=build.china(base),
        cache_dir=base,
    )
    return {
        pair: matrix.metres[0, 0, matrix.index_of(pair[0]), matrix.index_of(pair[1])] / 1_000 / km
        - 1
        for pair, km in KNOWN_KM.items()
    }


def test_city_pairs_are_as_far_as_everybody_knows(
    error_by_pair: dict[tuple[str, str], float],
) -> None:
    """29 pairs all over the country: median error at most 6 %, none over 12 %."""
    errors = np.abs(list(error_by_pair.values()))
    assert len(errors) >= 20
    assert np.median(errors) <= 0.06
    assert errors.max() <= 0.12, error_by_pair
