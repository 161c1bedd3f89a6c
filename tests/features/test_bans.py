"""Truck bans by hour: a truck is inside before they begin, waits outside, or stays at home."""

from routing.domain.orders import Priority
from routing.plan import FixKind
from routing.reasons import Reason
from tests.days import at, ban, km, order, request
from tests.features.stories import left, planned, stop_of


def test_a_truck_is_inside_before_the_ban_and_leaves_after_it() -> None:
    """The buyer is free at nine, in the middle of the ban: arriving by eight saves an hour."""
    city = km(20)
    day = request(
        order("O1", place=city, windows=[("09:00", "12:00")]),
        bans=[ban(city, ("08:00", "10:00"))],
    )
    stop = stop_of(planned(day), "O1")
    assert stop.leg.arrives < at("08:00")
    assert stop.begins == at("09:00")
    # 80 minutes of service end after the ban does.
    assert stop.leaves == at("10:20")


def test_an_order_inside_an_all_day_ban_stays_behind_until_there_is_a_permit() -> None:
    """Arriving before seven is possible, leaving before the shift ends at eight is not."""
    city = km(30)
    day = request(
        order("O1", place=km(10)),
        order("O2", place=city, windows=[("09:00", "11:00")]),
        bans=[ban(city, ("07:00", "20:00"))],
    )
    plan = planned(day)
    assert stop_of(plan, "O1").begins >= at("08:00")
    banned = left(plan, "O2")
    assert banned.reason is Reason.TRUCK_BANNED
    assert banned.fix is not None
    assert banned.fix.kind is FixKind.BAN_PERMIT
    assert banned.fix.change["permit_place"] == city.id
    assert banned.fix.cost_minor == day.policy.concessions.ban_permit


def test_a_ban_at_another_stop_of_the_route_may_be_what_keeps_an_order_behind() -> None:
    """West ends at 10:20 at the soonest, 40 km before the city, which shuts at noon on the truck
    that is still there at 12:20; without the ban both would go."""
    city = km(20)
    day = request(
        order("O1", place=city, windows=[("10:00", "11:30")], priority=Priority.URGENT),
        order("O2", place=km(-20), windows=[("09:00", "09:30")]),
        bans=[ban(city, ("12:00", "23:00"))],
    )
    plan = planned(day)
    assert stop_of(plan, "O1").leaves <= at("12:00")
    assert left(plan, "O2").reason is Reason.TRUCK_BANNED
