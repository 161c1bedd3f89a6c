"""Best known costs come from routes, not from cost lines."""

from pathlib import Path

import pytest

from routing.benchmarks.solutions import TABLE, best_known, read_solution
from routing.benchmarks.units import Units
from routing.errors import BadInstance
from routing.model import ModelRoute
from tests.routing.benchmarks.texts import SOLOMON, read_text, vrplib


def test_a_route_belongs_to_the_vehicle_of_its_number(tmp_path: Path) -> None:
    """Empty routes keep the numbers of those behind them; 0 between two stops is a reload."""
    instance = read_text(
        tmp_path,
        vrplib(
            {"TYPE": "MTVRPTWR", "VEHICLES": 3, "CAPACITY": None},
            {
                "CAPACITY": [(20,), (10,), (30,)],
                "VEHICLES_RELOAD_DEPOT": [(1,), (1,), (1,)],
            },
        ),
    )
    (tmp_path / "hand.sol").write_text("Route #1:\nRoute #2: 1 0 3\nRoute #3: 2\nCost: 7\n")
    assert read_solution(tmp_path / "hand.sol", instance) == (
        ModelRoute(1, ((0,), (2,))),
        ModelRoute(2, ((1,),)),
    )
    # there and back three times: 2 x (30 + 40 + 50), in tenths
    assert best_known(instance) == 2400


def test_a_solution_that_is_not_feasible_is_a_fault(tmp_path: Path) -> None:
    """It would make every gap wrong: mostly it is the solution of another file."""
    instance = read_text(tmp_path, vrplib())
    (tmp_path / "hand.sol").write_text("Route #1: 1 2 3\n")
    with pytest.raises(BadInstance, match="loads 30 of 20 in dimension 0"):
        best_known(instance)
    (tmp_path / "hand.sol").write_text("Route #1: 1 2\n")
    with pytest.raises(BadInstance, match="1 clients are on no route"):
        best_known(instance)


def test_every_wrong_line_of_a_solution_is_told(tmp_path: Path) -> None:
    """A node or a vehicle that is not there."""
    instance = read_text(tmp_path, vrplib())
    (tmp_path / "hand.sol").write_text("Route #1: 1 9\nRoute #2: x\nRoute #3: 2\n")
    with pytest.raises(BadInstance) as refused:
        best_known(instance)
    assert refused.value.faults == (
        "hand.sol, line 1: '9' is no node from 0 to 3; correct it",
        "hand.sol, line 2: 'x' is no node from 0 to 3; correct it",
        "hand.sol, line 3: there is no vehicle 3; number routes 1 to 2",
    )


def test_text_files_take_theirs_from_the_table(tmp_path: Path) -> None:
    """One decimal in the table is tenths in the model; other units cannot be compared."""
    folder = tmp_path / "solomon"
    folder.mkdir()
    (tmp_path / TABLE).write_text("instance,distance_1_decimal\nTINY,140.0\n")
    assert best_known(read_text(folder, SOLOMON, name="tiny.txt")) == 1400
    assert best_known(read_text(folder, SOLOMON, name="tiny.txt", units=Units.EXACT)) is None
    assert best_known(read_text(folder, SOLOMON, name="other.txt")) is None


def test_a_text_file_is_a_model(tmp_path: Path) -> None:
    """Customer 0 is the depot, and its due date the end of the day."""
    model = read_text(tmp_path, SOLOMON, name="tiny.txt").model
    assert (model.name, model.depots) == ("TINY", 1)
    assert model.distance[0, 0].tolist() == [0, 300, 500, 400]
    assert model.clients.demand.tolist() == [[10], [10], [5]]
    assert model.clients.latest.tolist() == [600, 5000, 5000]
    assert model.fleet.closes.tolist() == [5000]
    assert model.fleet.count.tolist() == [2]
