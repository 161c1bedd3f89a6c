"""Papers of a truck that goes out twice: which cars on which trip, when at which bay."""

from dataclasses import replace

from api.days.documents.cell_words import position_of
from api.days.documents.deck_plan import deck_cells
from api.days.documents.figures import locale_of
from api.days.documents.manifest import manifests_bytes
from api.days.documents.trips import trip_line
from api.days.documents.truck_text import truck_text
from routing.plan import Plan
from routing.plan_json import plan_from_json, plan_to_json
from tests.days import km, matrix_of, order, request, truck
from tests.solving import solve


def two_trips() -> Plan:
    """One truck for one car, and two buyers."""
    day = request(
        *(order(f"O{n}", place=km(10 * n), handover_min=30) for n in (1, 2)),
        trucks=[replace(truck(cars=1), trips_max=2)],
    )
    return solve(day, matrix_of(day)).plan


def test_the_drivers_text_says_when_to_be_back_at_which_bay() -> None:
    """Each trip has its line before its first stop."""
    plan = two_trips()
    (route,) = plan.routes
    locale = locale_of(plan, "en")
    text = truck_text(plan, route, contacts={}, mask=False, lang="en")
    first, second = trip_line(route, 1, locale), trip_line(route, 2, locale)
    assert text.index(first) < text.index("1) ") < text.index(second) < text.index("2) ")
    (reload,) = route.reloads
    assert f"bay {reload.bay}" in second
    assert locale.clock(reload.load.start) in second
    assert locale.clock(reload.leg.arrives) in second


def test_every_car_has_its_position_on_the_deck_of_its_trip() -> None:
    """Both cars stand on the only position there is, one after the other."""
    (route,) = two_trips().routes
    assert [position_of(route, stop) for stop in route.stops] == ["P1", "P1"]
    cells = [deck_cells(route, None, trip=number) for number in (0, 1)]
    assert [cell.order_id for (cell,) in cells] == [stop.order_id for stop in route.stops]


def test_the_manifest_holds_both_decks() -> None:
    """It is drawn without a stop that has no place on a deck."""
    pdf = manifests_bytes(two_trips(), contacts={}, mask=False, lang="zh", decks={})
    assert pdf.startswith(b"%PDF")


def test_a_plan_of_two_trips_reads_back_as_written() -> None:
    """plan.json carries the reload, its bay and its deck."""
    plan = two_trips()
    assert plan_from_json(plan_to_json(plan)) == plan
