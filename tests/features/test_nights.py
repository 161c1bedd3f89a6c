"""Nights out: a county too far for one day is served by a tour that sleeps on the way."""

from dataclasses import replace
from datetime import timedelta

from geodata.units import HOUR_S, Minor
from routing.domain.fleet import Truck
from routing.domain.horizon import over_days
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.reasons import Reason
from tests.days import DAY, at, km, order, request, truck
from tests.features.stories import planned, route_of

TWO_DAYS = (("08:00", "18:00"), ("+1 08:00", "+1 18:00"))


def sleeper(name: str = "T1", *, nights: int = 1, fen: int = 30_000, driver: str = "D1") -> Truck:
    """A truck that may stay out."""
    plain = truck(name, driver_id=driver)
    return replace(plain, nights_max=nights, costs=replace(plain.costs, per_night=Minor(fen)))


def far_away(*, nights: int, fen: int = 30_000) -> PlanRequest:
    """A buyer 450 km away, at home on both days, and a truck."""
    return request(
        order("O1", place=km(450), windows=TWO_DAYS), trucks=[sleeper(nights=nights, fen=fen)]
    )


def test_a_day_is_too_short_for_a_far_county() -> None:
    """There and back is more than one duty."""
    (waiting,) = planned(far_away(nights=0)).left_behind
    assert waiting.reason is Reason.DUTY_EXCEEDED


def test_a_night_out_serves_it() -> None:
    """The plan tells where and when the night is spent, and that the truck is back a day later."""
    plan = planned(far_away(nights=1))
    assert plan.left_behind == ()
    route = route_of(plan, "O1")
    (night,) = route.nights
    assert route.day == DAY
    assert route.returns.date() == DAY + timedelta(days=1)
    assert (night.end - night.start).total_seconds() >= 10 * HOUR_S
    assert route.cost.nights == 30_000


def test_no_duty_is_longer_than_allowed() -> None:
    """The night parts two duties; hours are paid for both, the night itself is not."""
    plan = planned(far_away(nights=1))
    route = route_of(plan, "O1")
    (night,) = route.nights
    most = timedelta(seconds=sleeper().duty_max_s)
    first, second = night.start_latest - route.load.start, route.returns_latest - night.end_latest
    assert max(first, second) <= most < first + second
    assert route.duty_s < (route.returns - route.load.start).total_seconds() - 10 * HOUR_S


def test_the_price_of_a_night_decides() -> None:
    """A bed that costs more than the order is worth leaves it behind."""
    (waiting,) = planned(far_away(nights=1, fen=500_000)).left_behind
    assert waiting.reason is Reason.COSTS_TOO_MUCH


def test_a_day_that_is_long_enough_has_no_night() -> None:
    """Even where the company would let the truck stay out."""
    day = request(order("O1", place=km(60)), trucks=[sleeper()])
    assert route_of(planned(day), "O1").nights == ()


def test_one_night_is_not_enough_for_two_far_buyers() -> None:
    """The second buyer lies as far the other way: two nights serve both, one does not."""
    both = [
        order("O1", place=km(300), windows=(("08:00", "18:00"),)),
        order("O2", place=km(-300), windows=(("+1 08:00", "+1 23:00"), ("+2 06:00", "+2 18:00"))),
    ]
    one, two = (planned(request(*both, trucks=[sleeper(nights=n)])) for n in (1, 2))
    assert len(one.left_behind) == 1
    assert two.left_behind == ()
    assert len(route_of(two, "O2").nights) == 2


def tomorrow(each: Order) -> Order:
    """The same order, a day later only."""
    by = timedelta(days=1)
    moved = [replace(one, start=one.start + by, end=one.end + by) for one in each.windows]
    return replace(each, windows=tuple(moved))


def test_a_truck_that_is_away_is_not_there_the_next_day() -> None:
    """One truck, a far buyer today and a near one tomorrow morning: one of them waits."""
    day = request(
        order("O1", place=km(450), windows=[("08:00", "18:00")]),
        tomorrow(order("O2", place=km(-30), windows=[("08:00", "12:00")])),
        trucks=[sleeper()],
    )
    plan = planned(over_days(day, 2))
    assert len(plan.left_behind) == 1
    assert len(plan.routes) == 1


def test_who_waits_for_a_truck_that_is_on_a_tour_is_told_so() -> None:
    """The bay is free; the vehicle is needed tomorrow, or is away then."""
    day = request(
        order("O1", place=km(450), windows=[("08:00", "18:00")]),
        tomorrow(order("O2", place=km(-30), windows=[("08:00", "12:00")])),
        trucks=[sleeper()],
    )
    (waiting,) = planned(over_days(day, 2)).left_behind
    assert waiting.reason is Reason.NIGHTS_EXCEEDED
    assert waiting.short_by == 1
    assert "same vehicle or driver" in waiting.text_en


def test_it_is_there_again_when_it_is_back() -> None:
    """The near buyer accepts the day after the tour's return as well."""
    near = tomorrow(order("O2", place=km(-30), windows=[("08:00", "12:00")]))
    day = request(
        order("O1", place=km(450), windows=[("08:00", "18:00")]),
        replace(near, windows=(*near.windows, *tomorrow(near).windows)),
        trucks=[sleeper()],
    )
    plan = planned(over_days(day, 3))
    assert plan.left_behind == ()
    assert route_of(plan, "O2").day == DAY + timedelta(days=2)
    assert route_of(plan, "O1").returns < at("23:59") + timedelta(days=1)
