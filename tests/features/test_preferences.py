"""Preferred windows: what the buyer would like best decides where nothing dearer does."""

from dataclasses import replace

from geodata.units import Minor
from routing.domain.policy import PreferencePolicy
from routing.domain.request import PlanRequest
from tests.days import at, km, order, request, window
from tests.features.stories import planned, stop_of


def wishing(day: PlanRequest, fen: int, *wishes: tuple[str, str, str]) -> PlanRequest:
    """The same day with preferred windows (order, start, end) at so many fen a minute."""
    wanted = {name: window(start, end) for name, start, end in wishes}
    orders = tuple(
        replace(each, preferred=(wanted[each.id],)) if each.id in wanted else each
        for each in day.orders
    )
    policy = replace(day.policy, preferences=PreferencePolicy(per_minute=Minor(fen)))
    return replace(day, orders=orders, policy=policy)


def test_a_truck_comes_when_the_buyer_likes_it_best() -> None:
    """The buyer is at home all day, and would like the afternoon."""
    plan = planned(wishing(request(order("O1")), 10, ("O1", "14:00", "16:00")))
    assert window("14:00", "16:00").contains(stop_of(plan, "O1").begins)
    assert plan.routes[0].soft.preferred == 0


def test_a_wish_without_a_price_changes_nothing() -> None:
    """The plan is the same to the second."""
    day = request(order("O1"))
    free = stop_of(planned(wishing(day, 0, ("O1", "14:00", "16:00"))), "O1")
    assert free.begins == stop_of(planned(day), "O1").begins


def test_what_cannot_be_had_is_priced_by_the_minute() -> None:
    """Shut at ten, reached at 10:00:00 at the earliest wish of nobody: 60 km, loaded by 06:25."""
    day = request(order("O1", place=km(60), windows=[("10:00", "12:00")]))
    plan = planned(wishing(day, 100, ("O1", "08:00", "09:30")))
    assert stop_of(plan, "O1").begins == at("10:00")
    # From the last second before 09:30 to 10:00: 30 minutes and a second, 31 begun minutes.
    assert plan.routes[0].soft.preferred == 31 * 100
