"""Slots: the two hours a plan can promise out of what a buyer accepts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, event, given, settings

from geodata.units import HOUR_S, MINUTE_S
from routing.domain.orders import Order
from routing.domain.policy import BufferPolicy, SlotPolicy
from routing.domain.request import PlanRequest
from routing.plan import Slot, Stop
from tests.days import HORIZON, at, km, matrix_of, order, request, window
from tests.solving import solve
from tests.strategies import Day, days

pytestmark = pytest.mark.usefixtures("compiled_search")


def stop_of(day: PlanRequest, order_id: str = "O1") -> Stop:
    """Plan a day along the line; the stop of one order."""
    routes = solve(day, matrix_of(day)).plan.routes
    return next(stop for route in routes for stop in route.stops if stop.order_id == order_id)


def slot_of(day: PlanRequest, order_id: str = "O1") -> Slot:
    """Plan a day along the line; the slot of one order."""
    return stop_of(day, order_id).slot


def test_a_whole_day_becomes_the_two_hours_the_plan_keeps() -> None:
    """The second stop begins at 09:50: nine hours' width become 09:30 to 11:30."""
    day = request(order("O1"), order("O2", place=km(60)))
    stop = stop_of(day, "O2")
    # 08:00 to 09:20 at the first buyer, 30 km on.
    assert stop.begins == at("09:50")
    assert stop.slot.window == window("09:30", "11:30")
    assert not stop.slot.promised
    assert stop.slot.required_fields == ()


def test_a_confirmed_window_is_kept_however_wide() -> None:
    """Four hours were promised: narrowing them would be a new promise."""
    slot = slot_of(request(order("O1", windows=[("09:00", "13:00")], promised=True)))
    assert slot == Slot(window=window("09:00", "13:00"), promised=True)


def test_an_accepted_window_no_longer_than_a_slot_is_promised_whole() -> None:
    """Ninety minutes stay ninety minutes, off the grid or not."""
    slot = slot_of(request(order("O1", windows=[("09:10", "10:40")])))
    assert slot.window == window("09:10", "10:40")


def test_the_slot_lies_in_the_one_of_several_windows_that_is_kept() -> None:
    """The morning is over when the car is ready."""
    day = request(order("O1", windows=[("08:00", "10:00"), ("14:00", "18:00")], ready="11:00"))
    assert slot_of(day).window == window("14:00", "16:00")


def test_a_window_that_starts_off_the_grid_may_start_its_slot() -> None:
    """Free from 09:10: the truck is there then, and no slot on the grid holds that moment."""
    slot = slot_of(request(order("O1", windows=[("09:10", "15:00")])))
    assert slot.window == window("09:10", "11:10")


def test_the_last_slot_ends_with_the_window() -> None:
    """Ready at 13:00, there at 13:55; the buyer is away from 15:10 on: 13:30 ends too late."""
    day = request(order("O1", windows=[("09:00", "15:10")], ready="13:00"))
    stop = stop_of(day)
    assert stop.begins == at("13:55")
    assert stop.slot.window == window("13:10", "15:10")


def test_a_place_known_only_roughly_gets_half_a_day_and_asks_for_a_pin() -> None:
    """Somewhere within five kilometres: the drive there may be anything."""
    slot = slot_of(request(order("O1", place=km(30, radius_m=5_000))))
    assert slot.window == window("08:00", "12:00")
    assert slot.required_fields == ("pin",)


def test_a_place_just_precise_enough_needs_no_pin() -> None:
    """3,000 m is the policy's limit, and within it."""
    slot = slot_of(request(order("O1", place=km(30, radius_m=3_000))))
    assert slot == Slot(window=window("08:00", "10:00"), promised=False)


def test_width_and_grid_are_settings() -> None:
    """One-hour slots on the quarter: the second stop begins at 09:50."""
    day = request(
        order("O1"),
        order("O2", place=km(60)),
        slots=SlotPolicy(width_s=HOUR_S, grid_s=15 * MINUTE_S),
    )
    assert slot_of(day, "O2").window == window("09:45", "10:45")


def test_a_slot_holds_the_day_on_which_everything_takes_longer() -> None:
    """With buffers of a half the second stop begins at 09:50, or at the latest at 10:50."""
    day = request(
        order("O1", windows=[("08:00", "09:00")]),
        order("O2", place=km(60)),
        slots=SlotPolicy(width_s=HOUR_S, grid_s=30 * MINUTE_S),
        buffers=BufferPolicy(drive_permille=500, service_s=45 * MINUTE_S),
    )
    stop = stop_of(day, "O2")
    assert stop.begins_latest == at("10:50")
    # 09:30 holds the typical moment only, 10:00 the late one: the truck waits for it.
    assert stop.slot.window == window("10:00", "11:00")
    assert stop.begins == at("10:00")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days())
def test_slots_of_any_day_have_the_shape_the_policy_promises(day: Day) -> None:
    """Inside one accepted window, as wide as asked, on the grid, and both moments in it."""
    policy = day.request.policy.slots
    orders = {each.id: each for each in day.request.orders}
    stops = [stop for route in solve(day.request, day.travel).plan.routes for stop in route.stops]
    event(f"{min(len(stops), 4)} slots or more")
    for stop in stops:
        asked, slot = orders[stop.order_id], stop.slot.window
        assert slot.contains(stop.begins)
        assert slot.contains(stop.begins_latest)
        if asked.promised:
            assert asked.windows == (slot,)
        else:
            _assert_shape(asked, stop.slot, policy)


def _assert_shape(asked: Order, slot: Slot, policy: SlotPolicy) -> None:
    coarse = asked.place.radius_m > policy.coarse_radius_m
    width = timedelta(seconds=policy.coarse_width_s if coarse else policy.width_s)
    (around,) = [each for each in asked.windows if each.holds(slot.window)]
    assert slot.required_fields == (("pin",) if coarse else ())
    if around.end - around.start <= width:
        assert slot.window == around
        return
    assert slot.window.end - slot.window.start == width
    on_grid = (slot.window.start - HORIZON) % timedelta(seconds=policy.grid_s) == timedelta(0)
    assert on_grid or slot.window.start == around.start or slot.window.end == around.end
