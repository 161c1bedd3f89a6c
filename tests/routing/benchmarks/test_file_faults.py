"""A file that cannot be meant is refused: every fault with file, section, line and what to do."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from routing.benchmarks.reading import read_instance
from routing.errors import BadInstance
from tests.routing.benchmarks.texts import SOLOMON, read_text, vrplib

Rows = Sequence[Sequence[object]]


def faults_of(folder: Path, text: str, name: str = "hand.vrp") -> tuple[str, ...]:
    with pytest.raises(BadInstance) as refused:
        read_text(folder, text, name=name)
    return refused.value.faults


@pytest.mark.parametrize(
    ("values", "sections", "told"),
    [
        ({"DIMENSION": None}, {}, "hand.vrp: no DIMENSION"),
        ({"DIMENSION": 2.5}, {}, "hand.vrp, line 3: DIMENSION is 2.5; write a whole num"),
        ({"DIMENSION": 10**9}, {}, "DIMENSION is 1e+09; write a whole number from 1 to 10000"),
        ({"VEHICLES": 10**9}, {}, "VEHICLES is 1e+09; write a whole number from 1 to 100000"),
        ({"DIMENSION": "many"}, {}, "line 3: DIMENSION is 'many', which is no number"),
        ({"BACKHAUL": 3}, {}, "line 7: BACKHAUL is not understood; remove it if"),
        ({}, {"BACKHAUL": [(1,)]}, "section BACKHAUL, line 17: BACKHAUL_SECTION is not underst"),
        ({"CAPACITY": -1}, {}, "line 5: CAPACITY is -1; write 0 or more"),
        ({"CAPACITY": 2.5}, {}, "section CAPACITY: CAPACITY has decimals; multiply DEMAND and"),
        ({"EDGE_WEIGHT_TYPE": "GEO"}, {}, "line 6: EDGE_WEIGHT_TYPE is GEO; choose one of EUC_2D"),
        ({"EDGE_WEIGHT_TYPE": "EXPLICIT"}, {}, "hand.vrp: no EDGE_WEIGHT_SECTION; add the matrix"),
        (
            {"EDGE_WEIGHT_TYPE": "EXPLICIT", "EDGE_WEIGHT_FORMAT": "ODD"},
            {"EDGE_WEIGHT": [(1,)]},
            "line 7: EDGE_WEIGHT_FORMAT is ODD; choose one of FULL_MATRIX",
        ),
        (
            {"EDGE_WEIGHT_TYPE": "EXPLICIT"},
            {"EDGE_WEIGHT": [(1, 2, 3)]},
            "section EDGE_WEIGHT, line 17: 3 numbers for 4 nodes as FULL_MATRIX, expected 16",
        ),
        (
            {"EDGE_WEIGHT_TYPE": "EXPLICIT", "EDGE_WEIGHT_FORMAT": "LOWER_ROW"},
            {"EDGE_WEIGHT": [(1,), (2, -3), (4, 5, 6)]},
            "section EDGE_WEIGHT, line 18: a negative distance",
        ),
        ({}, {"DEMAND": [(0,), (1,)]}, "line 12: 2 of 4 numbers are missing: 3, 4; add their"),
        ({}, {"DEMAND": [(0,)] * 5}, "section DEMAND, line 17: number 5 is not between 1 and 4"),
        ({}, {"DEMAND": [(0,), (1,), (1, 2), (1,)]}, "line 15: 2 values after number 3, expect"),
        ({}, {"DEMAND": [(0,), (1,), (-1,), (1,)]}, "line 15: a negative value; write 0 or more"),
        ({}, {"DEMAND": [(0,), (1,), ("x",), (1,)]}, "line 15: 'x' is no number; correct the"),
        ({}, {"DEMAND": [(0,), (1,), ("nan",), (1,)]}, "line 15: 'nan' is no number"),
        ({}, {"DEMAND": [(3,), (1,), (1,), (1,)]}, "line 12: a depot has a demand; write 0 in"),
        (
            {},
            {"SERVICE_TIME": [(3,), (1,), (1,), (1,)]},
            "section SERVICE_TIME, line 17: a depot has a service time",
        ),
        (
            {},
            {"TIME_WINDOW": [(0, 9), (5, 4), (0, 9), (0, 9)]},
            "section TIME_WINDOW, line 19: window 5 to 4 ends before it starts; exchange the two",
        ),
        ({}, {"DEPOT": [(2,)]}, "section DEPOT, line 17: the depots are 2; number them 1, 2,"),
        ({}, {"DEPOT": [(-1,)]}, "the depots are none"),
        ({}, {"VEHICLES_DEPOT": [(1,), (2,)]}, "line 19: 2 is no number from 1 to 1; correct it"),
        (
            {},
            {"VEHICLES_DEPOT": [(1, 2), (2,)], "DEPOT": [(1,), (2,)], "DEMAND": [(0,)] * 4},
            "section VEHICLES_DEPOT: a vehicle with several depots",
        ),
        (
            {},
            {"VEHICLES_RELOAD_DEPOT": [(1,), (2,)], "DEPOT": [(1,), (2,)], "DEMAND": [(0,)] * 4},
            "vehicle 2 reloads away from its depot 1; a truck reloads at home only",
        ),
        ({}, {"VEHICLES_ALLOWED_CLIENTS": [(2,), (9,)]}, "line 19: 9 is no number from 1 to 4"),
        ({}, {"NODE_COORD": [(0, 0), (1e300, 0), (1, 1), (2, 2)]}, "apart in units of dimacs, at"),
        ({}, {"NODE_COORD": [(0, 0), (3e6, 0), (1, 1), (2, 2)]}, "divide coordinates and times"),
        ({}, {"DEMAND": [(0,), (1e300,), (1,), (1,)]}, "a demand of 1073741824 is too large"),
        ({"SERVICE_TIME": 1e9}, {}, "a service time of 10000000000 is too large; stay below"),
        ({"RELEASE_TIME": 1e9}, {}, "a release time of 10000000000 is too large"),
        ({}, {"PRIZE": [(0,), (1e12,), (1,), (1,)]}, "a prize of 10000000000000 is too large"),
        ({"VEHICLES_FIXED_COST": 1e12}, {}, "a fixed cost of 10000000000000 is too large"),
        (
            {"CAPACITY": None},
            {"CAPACITY": [(1, 2), (3, 4)]},
            "section CAPACITY: capacity has 2 dimensions, demand 1",
        ),
    ],
)
def test_each_fault_is_told_with_its_place(
    tmp_path: Path, values: Mapping[str, object], sections: Mapping[str, Rows], told: str
) -> None:
    """Somebody has to find it in a file of 5,000 lines."""
    assert any(told in fault for fault in faults_of(tmp_path, vrplib(values, sections)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("NAME: hand", "hello", "line 1: 'hello' is neither `KEY: value` nor in a section"),
        ("NAME: hand", "TYPE: A", "line 2: TYPE is told twice; keep one"),
        ("EOF", "DEMAND_SECTION", "section DEMAND, line 17: DEMAND is told twice"),
        ("EOF", "4 10\nEOF", "section DEMAND, line 17: number 4 is there twice; keep one"),
        ("NODE_COORD_SECTION", "DISPLAY_SECTION", "no NODE_COORD_SECTION; add the coordinates"),
    ],
)
def test_a_text_out_of_shape_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    """Files are edited by hand, and cut off by downloads."""
    text = vrplib().replace(old, new, 1)
    assert any(told in fault for fault in faults_of(tmp_path, text))


def test_all_faults_of_a_file_come_together(tmp_path: Path) -> None:
    """One trip through the file mends it."""
    text = vrplib({"ODD": 1}, {"DEMAND": [(1,), (0,), (-3,), (0,)], "TIME_WINDOW": [(3, 2)] * 4})
    assert len(faults_of(tmp_path, text)) == 7  # key, negative, depot's demand, four windows


def test_a_file_of_another_kind_does_not_flood_the_screen(tmp_path: Path) -> None:
    """Forty faults are enough to see that it is the wrong file."""
    faults = faults_of(tmp_path, "DIMENSION: 9\n" + "some words\n" * 100)
    assert len(faults) == 41
    assert "more faults; correct these first" in faults[-1]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "  2         20",
            "  0         20",
            "section VEHICLE, line 5: NUMBER and CAPACITY must be",
        ),
        ("  2         20", "", "section VEHICLE: 0 rows of NUMBER and CAPACITY; write exactly one"),
        ("    2      30 ", "    7      30 ", "line 12: customer 7 where 2 is expected"),
        ("40         60          5", "40 60", "section CUSTOMER, line 11: 6 numbers, expected 7"),
        ("40         60 ", "70         60 ", "line 11: due date 60 is before ready time 70"),
        ("0         10         40", "0         x         40", "line 11: a cell is no number"),
        ("    1      30          0         10", "    1      30   0   -1", "line 11: demand must"),
        ("0        500          0\n", "0   500  9\n", "line 10: the depot has a demand or a ser"),
        (SOLOMON[SOLOMON.index("    1  ") :], "", "no customers; write the depot as 0"),
    ],
)
def test_each_fault_of_a_text_file_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Solomon's files have columns and no names in front: the line is what one can look for."""
    text = SOLOMON.replace(old, new, 1)
    assert text != SOLOMON
    assert any(told in fault for fault in faults_of(tmp_path, text, name="tiny.txt"))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A packed file, a picture: said in words, with the place of the first odd byte."""
    path = tmp_path / "packed.vrp"
    path.write_bytes(b"NAME: \xff\xfe")
    with pytest.raises(BadInstance, match=r"packed\.vrp: byte 6 is no UTF-8 text"):
        read_instance(path)
