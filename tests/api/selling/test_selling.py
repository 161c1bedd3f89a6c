"""From an order's row to a promise that the auditor believes, on real roads."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from api.errors import FaultyInput
from api.fleet.roads import RoadBook
from api.kit.db import Database
from api.orders.errors import OrderPromised
from api.selling.errors import BadSearch
from api.selling.search import Missing
from api.selling.windows import Granularity
from routing.reasons import Reason
from tests.api.fleet.desks import HOUSE, TENANT, TRUCK
from tests.api.intake.days import DAY, vin
from tests.api.selling.shops import RealShop, real_shop

DAY_AFTER = DAY + timedelta(days=1)


def status(shop: RealShop, booking: str) -> tuple[str, str]:
    row = shop.book.promise(TENANT, booking)
    return row.state, row.promise.at_risk_by


def test_an_order_is_searched_held_and_booked_and_the_checker_agrees(shop: RealShop) -> None:
    """Fourteen days of five windows, cheapest first, each with what a buyer asks for."""
    shop.put("A1")
    found = shop.find("A1")
    assert len(found.offers) == 70 and found.blocked == () and found.required == ()
    costs = [each.offer.cost_delta for each in found.offers]
    assert costs == sorted(costs) and costs[0] > 0
    first = found.offers[0]
    assert first.rank == 1 and first.offer.co2_delta_g > 0 and first.offer.on_time > 0.9
    booking = shop.booked("A1", first)
    assert status(shop, booking) == ("confirmed", "")
    row = shop.book.promise(TENANT, booking)
    assert row.promise.ask.window == first.offer.window
    shop.assert_sound()


def test_one_truck_sells_what_it_can_drive_and_no_more(shop: RealShop) -> None:
    """Sooner or later the day of a one-car truck is full; every grant is kept."""
    granted = 0
    for number in range(1, 8):
        shop.put(f"A{number}", number)
        found = shop.find(f"A{number}", first=DAY, last=DAY)
        if not found.offers:
            reasons = {each.reason for each in found.blocked}
            assert reasons <= {Reason.WINDOW_MISSED, Reason.DUTY_EXCEEDED, Reason.DECK_NO_FIT}
            break
        shop.booked(f"A{number}", found.offers[-1])
        granted += 1
    else:
        pytest.fail("one truck brings seven cars one by one")
    assert granted >= 1
    shop.assert_sound()


def test_a_truck_that_goes_puts_its_promises_at_risk_before_anything_is_sold(
    shop: RealShop,
) -> None:
    """With the event that did it; when a truck is there again, windows are sold again."""
    shop.desk.fleet.put(TENANT, "trucks", "T2", {**TRUCK, "plate": "豫A00002"})
    shop.put("A1")
    shop.put("A2", 2)
    offer = shop.find("A1", first=DAY, last=DAY).offers[0]
    booking = shop.booked("A1", offer)
    witness = shop.book.witness(TENANT, pool=offer.pool, day=DAY)
    (truck,) = witness.routes
    shop.desk.fleet.put(
        TENANT, "trucks", truck, {**TRUCK, "plate": f"豫A0000{truck[1]}", "available": False}
    )
    assert shop.find("A2", first=DAY, last=DAY).offers  # on the other truck
    state, cause = status(shop, booking)
    assert state == "confirmed" and cause.startswith("basis_")
    shop.assert_sound()


def test_a_day_whose_sale_has_ended_still_hears_of_the_fleet(shop: RealShop) -> None:
    """The truck breaks down in the evening; tomorrow was closed at six."""
    shop.put("A1")
    booking = shop.booked("A1", shop.find("A1", first=DAY, last=DAY).offers[0])
    assert shop.book.days.close_day(shop.caller(), pool="W1", day=DAY).granted
    shop.desk.fleet.put(TENANT, "trucks", "T1", {**TRUCK, "available": False})
    rolled = shop.opening.roll(TENANT)
    assert rolled.at_risk == (booking,) and ("W1", DAY) in rolled.rebased
    assert status(shop, booking)[1].startswith("basis_")
    shop.assert_sound()


def test_a_fleet_that_changes_in_the_morning_reaches_the_promises_of_the_day(
    shop: RealShop,
) -> None:
    """Nothing is sold for today any more, but what is promised is still to be driven."""
    shop.put("A1")
    booking = shop.booked("A1", shop.find("A1", first=DAY, last=DAY).offers[0])
    shop.desk.clock.turn(timedelta(days=1))
    assert shop.opening.roll(TENANT).closed == (("W1", DAY),)
    shop.desk.fleet.put(TENANT, "trucks", "T1", {**TRUCK, "available": False})
    rolled = shop.opening.roll(TENANT)
    assert rolled.at_risk == (booking,) and not [day for _, day in rolled.opened if day == DAY]
    shop.assert_sound()


def test_a_house_that_closes_after_the_sale_puts_its_promises_at_risk_once(
    shop: RealShop,
) -> None:
    """The pool is off sale already; nothing is told twice of the same promise."""
    shop.put("A1")
    booking = shop.booked("A1", shop.find("A1", first=DAY_AFTER, last=DAY_AFTER).offers[0])
    assert shop.book.days.close_day(shop.caller(), pool="W1", day=DAY_AFTER).granted
    shop.desk.fleet.put(TENANT, "warehouses", "W1", {**HOUSE, "days_off": "2026-11-24"})
    assert shop.opening.roll(TENANT).at_risk == (booking,)
    shop.desk.fleet.put(TENANT, "warehouses", "W1", {**HOUSE, "days_off": "2026-11-24", "bays": 3})
    assert shop.opening.roll(TENANT).at_risk == ()
    shop.assert_sound()


def test_an_order_that_is_promised_stays_what_was_promised(shop: RealShop) -> None:
    """The buyer's telephone and note may change, the address may not; both may when it is over."""
    shop.put("A1")
    booking = shop.booked("A1", shop.find("A1", first=DAY, last=DAY).offers[0])
    shop.put("A1", phone="13800000009", note="请先电话联系")
    shop.put("A1", windows="2026-11-28 09-13")
    for change in (
        lambda: shop.put("A1", address="河南省郑州市中牟县"),
        lambda: shop.put("A1", insurance="no"),
        lambda: shop.desk.orders.remove(TENANT, "A1"),
    ):
        with pytest.raises(OrderPromised) as caught:
            change()
        assert caught.value.body()["booking_id"] == booking
    assert shop.book.cancel(shop.caller(), booking).granted
    shop.put("A1", address="河南省郑州市中牟县")
    shop.desk.orders.remove(TENANT, "A1")
    shop.assert_sound()


def test_a_faster_or_slower_fleet_is_in_force_for_every_open_day(shop: RealShop) -> None:
    """A shift that ends before noon leaves no afternoon to sell."""
    shop.put("A1")
    assert len(shop.find("A1").offers) == 70
    shop.desk.fleet.put(TENANT, "trucks", "T1", {**TRUCK, "shift_end": "13:00"})
    found = shop.find("A1")
    assert {each.offer.window.end.hour for each in found.offers} <= {11, 13}
    reasons = Counter(each.reason for each in found.blocked)
    assert set(reasons) <= {Reason.WINDOW_MISSED, Reason.DUTY_EXCEEDED} and reasons.total() >= 42


def test_days_open_as_they_come_near_and_close_when_they_are_here(shop: RealShop) -> None:
    """Each morning one more; today is not sold any more."""
    first = shop.opening.roll(TENANT)
    assert [day for _, day in first.opened] == shop.opening.days and not first.troubles
    assert shop.opening.roll(TENANT) == type(first)()
    shop.desk.clock.turn(timedelta(days=1))
    second = shop.opening.roll(TENANT)
    assert second.opened == (("W1", DAY + timedelta(days=14)),)
    assert second.closed == (("W1", DAY),)
    shop.put("A1")
    assert min(each.day for each in shop.find("A1").offers) == DAY_AFTER
    shop.assert_sound()


def test_a_house_that_is_closed_sells_nothing_that_day(shop: RealShop) -> None:
    """The other days are open."""
    shop.desk.fleet.put(TENANT, "warehouses", "W1", {**HOUSE, "days_off": "2026-11-24"})
    shop.put("A1")
    found = shop.find("A1", first=DAY, last=DAY_AFTER)
    assert {each.day for each in found.offers} == {DAY}
    assert {each.reason for each in found.blocked} == {Missing.DAY_NOT_OPEN}


def test_what_the_buyer_does_not_accept_is_told_as_that(shop: RealShop) -> None:
    """A date holds for its day, hours without a date for each."""
    shop.put("A1", windows="2026-11-24 09-13")
    found = shop.find("A1", first=DAY, last=DAY_AFTER)
    assert {each.offer.window.start.hour for each in found.offers} == {9, 11}
    assert {each.day for each in found.offers} == {DAY_AFTER}
    assert {each.reason for each in found.blocked} == {Missing.NOT_ACCEPTED}


def test_a_place_known_roughly_gets_half_days_and_is_asked_for_its_pin(shop: RealShop) -> None:
    """Two hours would be a guess."""
    shop.put("A1", address="河南省郑州市中牟县")
    found = shop.find("A1", first=DAY, last=DAY)
    assert found.granularity is Granularity.HALF_DAY and found.required == ("position",)
    widths = {each.offer.window.end - each.offer.window.start for each in found.offers}
    assert widths == {timedelta(hours=3), timedelta(hours=7)}


def test_papers_that_are_open_are_asked_for(shop: RealShop) -> None:
    """No truck takes a car without insurance; when it is there the windows are."""
    shop.put("A1", insurance="no")
    found = shop.find("A1", first=DAY, last=DAY)
    assert found.required == ("insurance",)
    assert {each.reason for each in found.blocked} == {Reason.NOT_READY}
    shop.put("A1", insurance="yes")
    assert shop.find("A1", first=DAY, last=DAY).required == ()


def test_a_draft_is_searched_without_being_kept(shop: RealShop) -> None:
    """At checkout there is no order yet; its faults are told as those of an order."""
    row = {"vin": vin(3), "model": "通用中型SUV", "warehouse": "W1"}
    found = shop.find("D1", row={**row, "address": "河南省郑州市中牟县官渡镇"})
    assert found.offers
    with pytest.raises(FaultyInput) as caught:
        shop.find("D1", row={**row, "model": "?"})
    assert {fault.code for fault in caught.value.faults} == {"model.unknown", "address.missing"}


def test_days_that_are_not_on_sale_are_refused_with_those_that_are(shop: RealShop) -> None:
    """Not an empty answer: it would read as sold out."""
    shop.put("A1")
    with pytest.raises(BadSearch):
        shop.find("A1", first=date(2027, 1, 1), last=date(2027, 1, 2))


def test_cars_of_the_stock_are_sold_once(shop: RealShop) -> None:
    """Two cars, three buyers, on different days: the third is told so."""
    for number in (11, 12):
        shop.desk.fleet.put(
            TENANT, "stock", vin(number), {"model": "通用中型SUV", "warehouse": "W1"}
        )
    for number, day in ((1, DAY), (2, DAY_AFTER)):
        shop.put(f"A{number}", vin=None, warehouse=None)
        offer = shop.find(f"A{number}", first=day, last=day).offers[0]
        shop.booked(f"A{number}", offer)
    shop.put("A3", vin=None, warehouse=None)
    found = shop.find("A3")
    assert not found.offers and {each.reason for each in found.blocked} == {Reason.NO_STOCK}
    shop.desk.fleet.put(TENANT, "stock", vin(13), {"model": "通用中型SUV", "warehouse": "W1"})
    assert shop.find("A3").offers
    shop.assert_sound()


def test_a_car_that_an_order_names_is_not_sold_again(shop: RealShop) -> None:
    """The stock sheet still lists it."""
    shop.desk.fleet.put(TENANT, "stock", vin(11), {"model": "通用中型SUV", "warehouse": "W1"})
    shop.put("A1", vin=None, warehouse=None)
    assert shop.find("A1").offers
    shop.put("A2", 11)
    assert not shop.find("A1").offers
    shop.desk.orders.remove(TENANT, "A2")
    assert shop.find("A1").offers


def test_another_process_sells_on_the_same_basis(
    shop: RealShop, database: Database, roads: RoadBook
) -> None:
    """It finds the basis in the database by its name."""
    shop.desk.fleet.put(TENANT, "trucks", "T2", {**TRUCK, "plate": "豫A00002"})
    shop.put("A1")
    shop.put("A2", 2)
    shop.booked("A1", shop.find("A1", first=DAY, last=DAY).offers[0])
    other = real_shop(database, roads, desk=shop.desk)
    assert not other.opening.roll(TENANT).opened
    offer = other.find("A2", first=DAY, last=DAY).offers[0]
    load = other.search.load(TENANT, "A2", DAY)
    held = shop.book.hold_offer(shop.caller(), offer.token, load)
    assert held.status == 201
    shop.assert_sound()
    other.assert_sound()
