"""CO2: shown for every route, and where a tonne has a price, cars leave the deck early."""

from dataclasses import replace

from geodata.units import Minor
from routing.domain.policy import EmissionPolicy
from tests.days import km, order, request
from tests.features.stories import planned

DAY = request(order("O1", place=km(40)), order("O2", place=km(10)))


def test_heavy_cars_are_brought_first_where_co2_has_a_price() -> None:
    """The same 80 km either way round; the near car first saves 30 km with it on board."""
    policy = replace(DAY.policy, emissions=EmissionPolicy(per_tonne=Minor(1_000_000)))
    plan = planned(replace(DAY, policy=policy))
    (route,) = plan.routes
    assert [stop.order_id for stop in route.stops] == ["O2", "O1"]
    # 10 km with two cars, 30 with one, 40 empty: 368 g and 13 more a car, each km.
    assert route.co2_g == 10 * (368 + 26) + 30 * (368 + 13) + 40 * 368
    assert route.soft.co2 == route.co2_g


def test_co2_is_shown_where_it_costs_nothing() -> None:
    """The plan says what it emits, in all too."""
    plan = planned(DAY)
    assert plan.co2_g == sum(route.co2_g for route in plan.routes) > 0
    assert plan.routes[0].soft.total == 0
