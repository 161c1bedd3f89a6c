"""Every dialect of VRPLIB files becomes the model it means."""

from pathlib import Path

import pytest

from routing.benchmarks.units import Units
from routing.model import NEVER
from tests.routing.benchmarks.texts import read_text, vrplib


def test_one_value_stands_for_every_row(tmp_path: Path) -> None:
    """VRPTW files tell capacity and service once; the depot's window is the trucks' day."""
    windows = [(0, 500), (40, 60), (0, 500), (0, 500)]
    model = read_text(
        tmp_path, vrplib({"SERVICE_TIME": 5}, {"TIME_WINDOW": windows, "DEPOT": [(1,), (-1,)]})
    ).model
    assert model.distance[0].tolist()[0] == [0, 300, 500, 400]  # tenths
    assert model.clients.service.tolist() == [50, 50, 50]
    assert model.clients.earliest.tolist() == [400, 0, 0]
    assert model.clients.latest.tolist() == [600, 5000, 5000]
    assert (model.fleet.opens.tolist(), model.fleet.closes.tolist()) == ([0], [5000])
    assert model.fleet.count.tolist() == [2]
    assert model.fleet.capacity.tolist() == [[20]]
    assert bool(model.clients.required.all())


def test_decimals_are_cut_in_one_convention_and_rounded_in_the_other(tmp_path: Path) -> None:
    """sqrt(2) is 14 tenths, and 1414 thousandths; loads and unit costs are never scaled."""
    text = vrplib({"VEHICLES_UNIT_DISTANCE_COST": 2.5}, points=((0, 0), (1, 1)))
    for units, expected in ((Units.DIMACS, 14), (Units.EXACT, 1414)):
        model = read_text(tmp_path, text, units=units).model
        assert model.distance[0, 0, 1] == expected
        assert model.fleet.per_distance.tolist() == [2.5]
        assert model.clients.demand.tolist() == [[10]]


@pytest.mark.parametrize(
    ("kind", "units"),
    [
        ("VRPTW", Units.DIMACS),
        ("MTVRPTWR", Units.DIMACS),
        ("PCVRPTW", Units.DIMACS),
        ("HFVRP", Units.EXACT),
        ("MDVRPTW", Units.EXACT),
        ("SDVRPTW", Units.EXACT),
        ("SOMETHING_ELSE", Units.EXACT),
    ],
)
def test_the_type_chooses_the_units(tmp_path: Path, kind: str, units: Units) -> None:
    """Best known costs are published in one convention per family."""
    assert read_text(tmp_path, vrplib({"TYPE": kind})).units is units


def test_vehicles_that_differ_become_kinds(tmp_path: Path) -> None:
    """HFVRP tells every vehicle; equal ones are interchangeable, and keep their numbers."""
    instance = read_text(
        tmp_path,
        vrplib(
            {"TYPE": "HFVRP", "VEHICLES": 4, "CAPACITY": None},
            {
                "CAPACITY": [(20,), (30,), (20,), (20,)],
                "VEHICLES_FIXED_COST": [(7,), (9,), (7,), (8,)],
                "VEHICLES_UNIT_DISTANCE_COST": [(1,), (3,), (1,), (1,)],
            },
        ),
    )
    assert instance.kind_of_vehicle == (0, 1, 0, 2)
    fleet = instance.model.fleet
    assert fleet.count.tolist() == [2, 1, 1]
    assert fleet.fixed.tolist() == [7000, 9000, 8000]
    assert fleet.per_distance.tolist() == [1, 3, 1]
    assert fleet.max_duration.tolist() == [NEVER] * 3


def test_depots_come_first_and_vehicles_name_theirs(tmp_path: Path) -> None:
    """MDVRPTW: clients are numbered on from the depots; a duration bounds every route."""
    model = read_text(
        tmp_path,
        vrplib(
            {"TYPE": "MDVRPTW", "VEHICLES": 3, "VEHICLES_MAX_DURATION": 200},
            {
                "DEMAND": [(0,), (0,), (4,), (6,)],
                "VEHICLES_DEPOT": [(1,), (2,), (2,)],
                "DEPOT": [(1,), (2,)],
            },
        ),
    ).model
    assert (model.depots, len(model.clients)) == (2, 2)
    assert model.clients.demand.tolist() == [[4], [6]]
    assert model.fleet.depot.tolist() == [0, 1]
    assert model.fleet.count.tolist() == [1, 2]
    assert model.fleet.max_duration.tolist() == [200_000, 200_000]


def test_allowed_clients_are_a_mask(tmp_path: Path) -> None:
    """SDVRPTW: a vehicle with an empty list may serve nobody."""
    model = read_text(
        tmp_path,
        vrplib(
            {"TYPE": "SDVRPTW", "VEHICLES": 3},
            {"VEHICLES_ALLOWED_CLIENTS": [(2, 4), (3,), ()]},
        ),
    ).model
    assert model.fleet.allowed.tolist() == [
        [True, False, True],
        [False, True, False],
        [False, False, False],
    ]


def test_a_reload_depot_allows_further_trips(tmp_path: Path) -> None:
    """MTVRPTWR: releases bound departures; without a bound, a trip for every client."""
    sections = {
        "RELEASE_TIME": [(0,), (10,), (20,), (30,)],
        "VEHICLES_RELOAD_DEPOT": [(1,), ()],
    }
    model = read_text(tmp_path, vrplib({"TYPE": "MTVRPTWR"}, sections)).model
    assert model.clients.release.tolist() == [100, 200, 300]
    assert model.fleet.max_trips.tolist() == [3, 1]
    bounded = vrplib({"TYPE": "MTVRPTWR", "VEHICLES_MAX_RELOADS": 1}, sections)
    assert read_text(tmp_path, bounded).model.fleet.max_trips.tolist() == [2, 1]


def test_a_prize_makes_a_client_optional(tmp_path: Path) -> None:
    """PCVRPTW: nothing to win means must be served."""
    model = read_text(
        tmp_path, vrplib({"TYPE": "PCVRPTW"}, {"PRIZE": [(0,), (12.34,), (0,), (5,)]})
    ).model
    assert model.clients.prize.tolist() == [123, 0, 50]
    assert model.clients.required.tolist() == [False, True, False]


def test_a_file_may_mix_all_of_it(tmp_path: Path) -> None:
    """The sections mean the same wherever they stand; several loads are several dimensions."""
    model = read_text(
        tmp_path,
        vrplib(
            {"TYPE": "MIXED", "VEHICLES": 2, "CAPACITY": None, "VEHICLES_MAX_DURATION": 99},
            {
                "DEMAND": [(0, 0), (0, 0), (1, 2), (3, 4)],
                "TIME_WINDOW": [(0, 90), (5, 80), (0, 70), (1, 60)],
                "RELEASE_TIME": [(0,), (0,), (0,), (9,)],
                "PRIZE": [(0,), (0,), (0,), (8,)],
                "CAPACITY": [(5, 6), (7, 8)],
                "VEHICLES_FIXED_COST": [(1,), (2,)],
                "VEHICLES_DEPOT": [(1,), (2,)],
                "VEHICLES_RELOAD_DEPOT": [(1,), (2,)],
                "VEHICLES_ALLOWED_CLIENTS": [(3,), (3, 4)],
                "DEPOT": [(1,), (2,)],
            },
        ),
    ).model
    assert model.fleet.capacity.tolist() == [[5, 6], [7, 8]]
    assert model.clients.demand.tolist() == [[1, 2], [3, 4]]
    assert model.fleet.opens.tolist() == [0, 5_000]
    assert model.fleet.closes.tolist() == [90_000, 80_000]
    assert model.fleet.allowed.tolist() == [[True, False], [True, True]]
    assert model.fleet.max_trips.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("shape", "rows"),
    [
        ("FULL_MATRIX", [(0, 1, 2), (1, 0, 3), (2, 3, 0)]),
        ("LOWER_ROW", [(1,), (2, 3)]),
        ("LOWER_DIAG_ROW", [(0,), (1, 0), (2, 3, 0)]),
        ("UPPER_ROW", [(1, 2), (3,)]),
        ("UPPER_DIAG_ROW", [(0, 1, 2), (0, 3), (0,)]),
    ],
)
def test_explicit_matrices_are_read_in_every_shape(
    tmp_path: Path, shape: str, rows: list[tuple[int, ...]]
) -> None:
    """The same three distances, however they are listed."""
    text = vrplib(
        {"EDGE_WEIGHT_TYPE": "EXPLICIT", "EDGE_WEIGHT_FORMAT": shape, "TYPE": "X"},
        {"EDGE_WEIGHT": rows},
        points=((0, 0), (0, 0), (0, 0)),
    )
    expected = [[0, 1000, 2000], [1000, 0, 3000], [2000, 3000, 0]]
    assert read_text(tmp_path, text).model.distance[0].tolist() == expected


def test_vehicles_are_counted_where_their_number_is_not_told(tmp_path: Path) -> None:
    """By their own rows; without any, one for every client."""
    listed = vrplib({"VEHICLES": None, "CAPACITY": None}, {"CAPACITY": [(20,)] * 5})
    assert read_text(tmp_path, listed).model.fleet.count.tolist() == [5]
    assert read_text(tmp_path, vrplib({"VEHICLES": None})).model.fleet.count.tolist() == [3]


def test_what_is_practically_unlimited_is_unlimited(tmp_path: Path) -> None:
    """Writers put the largest number they know where there is no limit."""
    most = 2**63 - 1
    model = read_text(
        tmp_path,
        vrplib(
            {"CAPACITY": most, "VEHICLES_MAX_DURATION": most},
            {"TIME_WINDOW": [(0, most)] * 4},
        ),
    ).model
    assert model.fleet.capacity.tolist() == [[NEVER]]
    assert model.fleet.max_duration.tolist() == model.fleet.closes.tolist() == [NEVER]
    assert model.clients.latest.tolist() == [NEVER] * 3


def test_line_ends_blanks_and_colons_of_other_writers_are_understood(tmp_path: Path) -> None:
    """`KEY : value`, `DEMAND_SECTION:`, Windows line ends, blank lines."""
    text = vrplib().replace(": ", " : ").replace("DEMAND_SECTION", "\nDEMAND_SECTION:")
    path = tmp_path / "other.vrp"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert read_text(tmp_path, vrplib()).model.distance[0].tolist() == (
        read_text(tmp_path, path.read_text(), name="other.vrp").model.distance[0].tolist()
    )
