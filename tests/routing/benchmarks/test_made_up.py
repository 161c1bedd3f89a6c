"""Made-up instances: the same for everybody, and as hard as they say."""

from __future__ import annotations

import numpy as np
import pytest

from routing.audit import audit_plan
from routing.benchmarks.checker import check_routes
from routing.benchmarks.county import county_cars
from routing.benchmarks.rich import rich_day
from routing.model import ModelRoute
from routing.problem import build_problem
from tests.solving import solve

COUNTY_30_7 = 8_295_930
"""Seconds between all nodes of county:30:7, added up."""


def test_a_county_is_the_same_for_everybody() -> None:
    """By numbers written down once: a new numpy that draws otherwise would break comparisons."""
    model = county_cars(30, 7)
    assert (model.depots, len(model.clients), len(model.fleet)) == (4, 30, 20)
    assert int(model.distance.sum()) == COUNTY_30_7
    assert model.fleet.capacity[:5, 0].tolist() == [1, 2, 3, 6, 8]


def test_only_small_trucks_enter_lanes() -> None:
    """Road classes: the largest carriers reach fewest, the smallest everybody."""
    allowed = county_cars(200, 1).fleet.allowed
    reach = allowed[:5].sum(axis=1)
    assert reach[0] == reach[1] == 200
    assert 200 > reach[2] > reach[3] == reach[4] > 0


def test_every_order_of_a_county_can_be_served_alone() -> None:
    """A day nobody could plan compares nothing."""
    model = county_cars(60, 3)
    for client in range(60):
        alone = [ModelRoute(kind, ((client,),)) for kind in range(len(model.fleet))]
        assert any(not check_routes(model, [route]).faults for route in alone)


@pytest.mark.parametrize("make", [county_cars, rich_day])
def test_nonsense_sizes_are_refused(make: object) -> None:
    """No orders is no day."""
    with pytest.raises(ValueError, match="at least 1 order"):
        make(0, 1)  # type: ignore[operator]  # either of the two


def test_a_rich_day_is_the_same_for_everybody() -> None:
    """Digests cover every field and every leg."""
    one, other = rich_day(25, 3), rich_day(25, 3)
    assert one.request.digest == other.request.digest
    assert one.travel.digest == other.travel.digest
    assert rich_day(25, 4).request.digest != one.request.digest


def test_a_rich_day_has_every_rule_in_it() -> None:
    """What it is for: no rule may be idle on a day of 150 orders."""
    request = rich_day(150, 1).request
    assert len(request.warehouses) == 4
    assert len({truck.kind for truck in request.trucks}) == 4
    assert any(truck.specialist_id for truck in request.trucks)
    assert any(position.blocked_by for t in request.trucks for position in t.deck.positions)
    assert request.bans
    for share in (
        [order.promised for order in request.orders],
        [len(order.windows) > 1 for order in request.orders],
        [bool(order.readiness.steps) for order in request.orders],
        [bool(order.skills) for order in request.orders],
    ):
        assert 0.03 < np.mean(share) < 0.6
    seats = sum(len(truck.deck.positions) for truck in request.trucks)
    assert 1.1 < seats / len(request.orders) < 1.6


@pytest.mark.parametrize("seed", [1, 2])
def test_a_rich_day_can_be_planned_and_audited(seed: int, compiled_search: None) -> None:
    """Most orders go; the auditor, whom no engine wrote, finds nothing."""
    day = rich_day(24, seed)
    build_problem(day.request, day.travel)
    planned = solve(day.request, day.travel)
    assert len(planned.plan.left_behind) <= 8
    assert audit_plan(day.request, day.travel, planned.plan).clean
