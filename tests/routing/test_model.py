"""A plain model refuses nonsense, so that no engine meets it: some die of it, process and all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.models import plain_model

MODEL = plain_model([(0, 0), (10, 0), (0, 10)])


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"depot": np.array([1])}, "a depot there is not"),
        ({"profile": np.array([1])}, "a profile there is not"),
        ({"capacity": np.array([[1, 1]])}, "differ in their dimensions"),
        ({"capacity": np.array([3])}, "capacity has shape"),
        ({"capacity": np.array([[-3]])}, "capacity holds something below 0"),
        ({"count": np.array([2, 2])}, "has shape"),
        ({"fixed": np.array([np.nan])}, "fixed holds something below 0 or no number"),
        ({"allowed": np.ones((1, 3), dtype=np.bool_)}, r"allowed is not \(kinds, clients\)"),
    ],
)
def test_refuses_a_fleet_that_is_none(values: dict[str, np.ndarray], fault: str) -> None:
    """Bad depots, short vectors and small matrices end OR-Tools with a signal."""
    with pytest.raises(ValueError, match=fault):
        replace(MODEL, fleet=replace(MODEL.fleet, **values))


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"demand": np.ones((3, 1), dtype=np.int64)}, "demand has shape"),
        ({"demand": np.ones(2, dtype=np.int64)}, "demand has shape"),
        ({"service": np.array([1, -1])}, "service holds something below 0"),
        ({"prize": np.array([1.0, np.inf])}, "prize holds something below 0 or no number"),
    ],
)
def test_refuses_clients_that_are_none(values: dict[str, np.ndarray], fault: str) -> None:
    """The same for what is delivered."""
    with pytest.raises(ValueError, match=fault):
        replace(MODEL, clients=replace(MODEL.clients, **values))


@pytest.mark.parametrize("matrix", ["distance", "duration"])
def test_refuses_roads_that_are_none(matrix: str) -> None:
    """Too small, or with arcs that give time back."""
    roads = getattr(MODEL, matrix)
    with pytest.raises(ValueError, match="but 3 nodes"):
        replace(MODEL, **{matrix: roads[:, :2, :2]})
    with pytest.raises(ValueError, match="an arc is below 0"):
        replace(MODEL, **{matrix: roads - 1})
