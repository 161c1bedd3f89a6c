"""Every rule broken once: the plan that comes out passes neither the auditor nor the story."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from geodata.units import HOUR_S
from routing.domain.fleet import TruckKind
from routing.domain.orders import Priority
from routing.planner import plan_day
from routing.rules.access import Access
from routing.rules.bans import Bans
from routing.rules.commitments import Commitments
from routing.rules.costs import Costs
from routing.rules.deck import Deck
from routing.rules.windows import Windows
from routing.search.budget import Iterations
from tests.days import (
    SUV,
    ban,
    km,
    order,
    request,
    truck,
    wheel_lift_deck,
)
from tests.features.stories import one_promise_or_ten_urgent
from tests.planted.bugs_of_carriers import CARRIER_BUGS
from tests.planted.bugs_of_decks import DECK_BUGS
from tests.planted.bugs_of_nights import NIGHT_BUGS
from tests.planted.bugs_of_the_clock import CLOCK_BUGS
from tests.planted.bugs_of_things import THING_BUGS, TWO_TOWNS
from tests.planted.plants import (
    Bug,
    Plant,
    answers,
    instead,
    on,
    orders_seen,
    sees,
)
from tests.solving import solve
from tests.strategies import Day

pytestmark = pytest.mark.usefixtures("compiled_search")


@pytest.mark.parametrize(
    "bug",
    (*CLOCK_BUGS, *DECK_BUGS, *NIGHT_BUGS, *THING_BUGS, *CARRIER_BUGS),
    ids=lambda bug: bug.name,
)
def test_the_auditor_names_a_planted_rule_bug(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same day is planned clean without the bug: it is the bug that is found, not the day."""
    solve(bug.day.request, bug.day.travel)
    bug.plant(monkeypatch)
    # Not through `solve`, which would stop at the findings that are wanted here.
    planned = plan_day(bug.day.request, bug.day.travel, budget=Iterations(250), seed=1)
    found = [finding.text_en for finding in planned.report.findings]
    assert bug.check in {finding.check for finding in planned.report.findings}, found


@dataclass(frozen=True, slots=True, kw_only=True)
class Misjudgement:
    """A bug that makes a lawful plan, but the wrong one: only its story can tell."""

    name: str
    plant: Plant
    day: Day
    served: frozenset[str]
    """Orders that a truck takes as long as the rule is sound."""


MISJUDGEMENTS = (
    Misjudgement(
        name="commitments: a promise weighs nothing",
        plant=answers(Commitments, "compile", np.zeros_like),
        day=on(
            request(
                order("O1", priority=Priority.LOW, promised=True, windows=[("09:00", "11:00")]),
                order("O2", priority=Priority.URGENT),
                trucks=[truck(cars=1)],
            )
        ),
        served=frozenset({"O1"}),
    ),
    Misjudgement(
        name="commitments: a promise weighs as much as eight urgent orders",
        plant=instead(
            Commitments,
            "compile",
            lambda rule, day: np.array([10_000_000 * order.promised for order in day.orders]),
        ),
        day=on(one_promise_or_ten_urgent()),
        served=frozenset({"O1"}),
    ),
    Misjudgement(
        name="costs: all priorities are worth the same",
        plant=answers(
            Costs,
            "compile",
            lambda rule: rule._replace(left_behind=0 * rule.left_behind + 300_000),
        ),
        day=on(
            request(
                order("O1", priority=Priority.LOW),
                order("O2", place=km(60), priority=Priority.URGENT),
                trucks=[truck(cars=1)],
            )
        ),
        served=frozenset({"O2"}),
    ),
    Misjudgement(
        name="access: a road that takes a truck does not take its like",
        plant=sees(Access, orders_seen(lambda car: replace(car, access=TruckKind.ONE_CAR))),
        day=on(
            request(order("O1", access=TruckKind.TWO_CAR), trucks=[truck(kind=TruckKind.TWO_CAR)])
        ),
        served=frozenset({"O1"}),
    ),
    Misjudgement(
        name="bans: the truck stands outside all day",
        plant=answers(Bans, "compile", lambda rule: rule._replace(end=rule.end + 12 * HOUR_S)),
        day=on(
            request(
                order("O1", windows=[("10:00", "12:00")]), bans=[ban(km(30), ("05:00", "09:00"))]
            )
        ),
        served=frozenset({"O1"}),
    ),
    Misjudgement(
        name="deck: the wheel lift carries nothing",
        plant=sees(
            Deck, orders_seen(lambda car: replace(car, vehicle=replace(car.vehicle, model=SUV)))
        ),
        day=on(request(*TWO_TOWNS, trucks=[truck(deck=wheel_lift_deck())])),
        served=frozenset({"O1", "O2"}),
    ),
    Misjudgement(
        name="windows: only the first one counts",
        plant=sees(Windows, orders_seen(lambda car: replace(car, windows=car.windows[:1]))),
        day=on(
            request(order("O1", windows=[("08:00", "09:00"), ("13:00", "15:00")], ready="11:00"))
        ),
        served=frozenset({"O1"}),
    ),
)


@pytest.mark.parametrize("bug", MISJUDGEMENTS, ids=lambda bug: bug.name)
def test_a_story_notices_a_planted_bug_that_keeps_the_law(
    bug: Misjudgement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order left behind for nothing is no fault of the plan by itself: the story knows better.

    Without the bug exactly the orders of the story are served, with it they are not.
    """
    assert served_of(bug.day) == bug.served
    bug.plant(monkeypatch)
    assert served_of(bug.day) != bug.served


def served_of(day: Day) -> frozenset[str]:
    """Orders on a truck, whatever the auditor says."""
    planned = plan_day(day.request, day.travel, budget=Iterations(250), seed=1)
    return frozenset(stop.order_id for route in planned.plan.routes for stop in route.stops)
