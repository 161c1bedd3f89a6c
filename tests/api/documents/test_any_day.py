"""Plans of random days: written, read back, and made into every document."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings

from api.days.documents.write import DRIVER_FILES, OFFICE_FILES, Papers, write_documents
from routing.audit.twin.departure import schedule_route
from routing.audit.twin.reading import read_route
from routing.audit.twin.values import TwinSchedule
from routing.plan import Plan
from routing.plan_json import read_plan
from routing.reasons import Reason
from tests.api.documents.test_write import two_counties
from tests.days import flat_deck
from tests.hand_plans import hand_plan, left_behind
from tests.routing.audit.audited_day import clean_day
from tests.strategies import Day, days


def _plan(day: Day) -> Plan:
    """Give each truck the first order it can serve; explain the rest."""
    request = replace(
        day.request,
        trucks=tuple(replace(each, deck=flat_deck(1)) for each in day.request.trucks),
        warehouses=tuple(replace(each, bays=9) for each in day.request.warehouses),
    )
    routes: dict[str, list[str]] = {}
    taken: set[str] = set()
    for truck in request.trucks:
        for order in request.orders:
            fits = truck.driver_id and truck.warehouse_id == order.warehouse_id
            if not fits or order.id in taken or truck.id in routes:
                continue
            route = read_route(request, day.travel, truck_id=truck.id, order_ids=[order.id])
            if isinstance(schedule_route(route), TwinSchedule):
                routes[truck.id] = [order.id]
                taken.add(order.id)
    behind = [
        left_behind(order, Reason.WINDOW_MISSED)
        for order in request.orders
        if order.id not in taken
    ]
    return hand_plan(request, day.travel, routes, left=behind)


def _write_and_read(plan: Plan) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = write_documents(
            plan,
            Path(folder),
            papers=Papers(backdrop=two_counties),
            progress=lambda _name: None,
        )
        names = {path.name for path in files}
        assert names >= {*OFFICE_FILES, *DRIVER_FILES}
        texts = len(plan.routes) + len(plan.specialists)
        assert len(names) == len(OFFICE_FILES) + len(DRIVER_FILES) + texts
        assert read_plan(Path(folder) / "plan.json") == plan


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(days())
def test_the_plan_of_any_day_can_be_held_in_hands(day: Day) -> None:
    """No day is too odd for its papers: far windows, evening loads, no truck at all."""
    plan = _plan(day)
    event(f"{len(plan.routes)} trucks go out")
    _write_and_read(plan)


def test_the_audited_day_can_be_held_in_hands() -> None:
    """Specialist, ban, coarse place, rests: everything the auditor knows, on paper."""
    _write_and_read(clean_day().plan)
