"""Ways of one new place are those of a matrix with it, to the second and to the fen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import UnsnappedPlace
from geodata.osm import load_osm
from geodata.places import Place, Point
from geodata.travel import Roads, open_roads
from geodata.truck_classes import load_truck_classes
from geodata.units import UNREACHABLE_S
from geodata.ways import WayBook, WaysTo, is_symmetric
from tests.geodata.roads_builders import WORKDAY
from tests.geodata.test_osm import stop, town

CLASSES = tuple(load_truck_classes())


@pytest.fixture(scope="module")
def roads(road_cache: Path) -> Roads:
    return open_roads(cache_dir=road_cache)


@pytest.fixture(scope="module")
def book(roads: Roads) -> WayBook:
    return WayBook(roads, CLASSES)


def place(name: str, lat: float, lon: float, county: str = "410122", radius: int = 0) -> Place:
    point = Point(lat=lat, lon=lon)
    return Place(id=name, label=name, point=point, county_code=county, radius_m=radius)


HOUSES = [
    place("W1", 34.72, 113.98),
    place("W2", 34.75, 113.62, "410102"),
    place("W3", 20.03, 110.35, "460106"),  # Haikou: by ferry
]


def assert_same(book: WayBook, ways: WaysTo, asked: Place, others: list[Place]) -> None:
    matrix = book.matrix([asked, *others])
    pairs = (
        (ways.there_s, matrix.seconds[:, :, 0, 1:]),
        (ways.back_s, matrix.seconds[:, :, 1:, 0]),
        (ways.there_m, matrix.metres[:, :, 0, 1:]),
        (ways.back_m, matrix.metres[:, :, 1:, 0]),
        (ways.there_toll, matrix.toll_minor[:, 0, 1:]),
        (ways.back_toll, matrix.toll_minor[:, 1:, 0]),
    )
    for found, wanted in pairs:
        assert np.array_equal(found, wanted)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    spots=st.lists(
        st.tuples(
            st.floats(32.0, 35.5), st.floats(112.0, 115.5), st.sampled_from([0, 800, 8_000]),
            st.sampled_from(["410122", "410102", "420381"]),
        ),
        min_size=2,
        max_size=6,
    )
)  # fmt: skip
def test_the_ways_are_those_of_a_matrix(
    book: WayBook, spots: list[tuple[float, float, int, str]]
) -> None:
    """By county roads, in city bands, over a ferry, with and without a pin."""
    asked, *some = [
        place(f"p{number}", lat, lon, county, radius)
        for number, (lat, lon, radius, county) in enumerate(spots)
    ]
    others = [*HOUSES, *some]
    assert_same(book, book.rows(others).ways(asked), asked, others)


def test_a_ferry_costs_its_fare_and_an_island_without_one_is_out_of_reach(book: WayBook) -> None:
    """Haikou by ferry; the rest of the way is by road."""
    ways = book.rows(HOUSES).ways(place("p", 34.5, 113.4))
    assert (ways.there_s[:, :, 2] < UNREACHABLE_S).all()
    assert (ways.there_toll[:, 2] > ways.there_toll[:, 1]).all()


def test_what_became_known_later_is_asked_again(book: WayBook) -> None:
    """The ways of a place are remembered; places that came after it are not among them."""
    asked = place("later", 34.1, 113.2)
    book.rows(HOUSES[:1]).ways(asked)
    others = [*HOUSES, place("new", 34.11, 113.5)]
    assert_same(book, book.rows(others).ways(asked), asked, others)


def test_an_address_that_was_pinned_anew_has_other_ways(book: WayBook) -> None:
    """The id of a place is that of its address; where it lies may be learned later."""
    rows = book.rows(HOUSES)
    vague = rows.ways(place("home", 34.30, 113.30, radius=8_000))
    exact = rows.ways(place("home", 34.33, 113.35))
    assert not np.array_equal(vague.there_s, exact.there_s)


def test_a_place_far_from_any_road_is_an_error(book: WayBook) -> None:
    """Nobody drives into the desert of Lop Nur."""
    with pytest.raises(UnsnappedPlace):
        book.rows(HOUSES).ways(place("far", 39.5, 88.9, "652824"))


@pytest.mark.parametrize(
    ("sign", "symmetric"),
    [({}, True), ({"oneway": "yes"}, False), ({"hgv:conditional": "no @ (07:00-09:00)"}, True)],
)
def test_one_way_streets_and_hours_of_the_network_are_seen(
    sign: dict[str, str], symmetric: bool, tmp_path: Path
) -> None:
    """Where both directions cost the same one answer serves for both; elsewhere it does not."""
    network = load_osm(town(tmp_path, sign), date=WORKDAY)
    truck = load_truck_classes()["carrier"]
    metric = network.metric(truck, closed_by=(), start_s=0, end_s=1)
    assert is_symmetric(network.graph, metric) == symmetric
    small = WayBook(open_roads(network=network, cache_dir=tmp_path), CLASSES)
    others = [stop(name) for name in "bdeh"]
    for name in "cg":
        assert_same(small, small.rows(others).ways(stop(name)), stop(name), others)
