"""Events as people type them: what they name, and what they still mean in a later repair."""

from dataclasses import replace
from datetime import timedelta

from api.days.event_text import ReadEvents, cut, lasting, read_events
from api.settings import Language
from routing.domain.horizon import over_days
from routing.domain.request import PlanRequest
from routing.repair.events import RoadChanged, TruckLost
from tests.days import at, km, order, request, truck

DAY = request(order("A1", place=km(10)), order("A2", place=km(20)), trucks=[truck("T1")])


def read(text: str, day: PlanRequest = DAY, *, earlier: bool = False) -> ReadEvents:
    """Read one event at ten."""
    return read_events(
        [cut(text)], now="10:00", request=day, new_orders=(), lang=Language.ENGLISH, earlier=earlier
    )


def test_a_truck_is_named_by_its_plate_as_the_terminal_shows_it() -> None:
    """Nobody at a desk knows ids."""
    lost = (TruckLost(truck_id="T1", since=at("09:30")),)
    assert read("lost:T1@09:30").events == lost
    assert read(f"车坏：{DAY.trucks[0].plate}@09:30").events == lost


def test_a_truck_of_a_plan_of_several_days_is_lost_on_its_day() -> None:
    """Each day has a row of its own; a plate alone does not say which."""
    days = over_days(DAY, 2)
    row = days.trucks[1].id
    (event,) = read(f"lost:{row}@09:30", days).events
    assert event == TruckLost(truck_id=row, since=at("09:30") + timedelta(days=1))
    assert read(f"lost:{row}", days).events == (TruckLost(truck_id=row, since=at("10:00")),)
    plate = read(f"lost:{DAY.trucks[0].plate}", days)
    assert [fault.code for fault in plate.faults] == ["event.form"]
    assert [fault.code for fault in read("lost:T1@12-31@09:30", days).faults] == ["event.form"]


def test_a_closure_holds_when_the_order_that_named_it_leaves_the_sheets() -> None:
    """A2 lies at the same place: its road stays closed."""
    place = DAY.orders[0].place.id
    kept = lasting(cut("closed:A1~A2"), now="10:00", places={"A1": place, "A2": "far"})
    assert kept == f"closed:#{place}~#far@10:00"
    later = replace(DAY, orders=DAY.orders[1:])
    again = read(kept, later, earlier=True)
    assert not again.faults
    (event,) = again.events
    assert isinstance(event, RoadChanged)
    assert (event.places, event.towards) == (frozenset({place}), frozenset({"far"}))
    assert lasting(cut("slow:A1*1.5@09:00"), now="10:00", places={"A1": place}) == (
        f"slow:#{place}*1.5@09:00"
    )


def test_an_earlier_closure_that_means_no_place_any_more_is_refused() -> None:
    """Kept by the name of an order, it would match nothing and silently end."""
    later = replace(DAY, orders=DAY.orders[1:])
    (fault,) = read("closed:A1@10:00", later, earlier=True).faults
    assert fault.code == "event.place"
    assert not read("closed:A2@10:00", later, earlier=True).faults
