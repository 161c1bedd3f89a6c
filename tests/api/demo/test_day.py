"""What the demonstration day promises to whoever plans it."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from api.days.demo import write_demo_day
from api.days.demo.cars import WMI
from geodata.divisions import load_register
from routing.deck import plan_deck
from routing.domain.fleet import TruckKind
from routing.domain.orders import DeliveryMode
from routing.reasons import Reason
from tests.api.demo.conftest import DAY, SEED, DayRead

SEEDS = (SEED, 1, 2, 3)


def test_same_seed_and_day_give_the_same_bytes(day_read: DayRead, tmp_path: Path) -> None:
    """The demonstration is compared byte by byte across machines and hours of the day."""
    again = write_demo_day(tmp_path / "again", seed=SEED, day=DAY)
    names = sorted(file.name for file in day_read.demo.path.iterdir())
    assert names == [
        "bans.geojson", "day.toml", "models.csv", "orders.xlsx", "trucks.xlsx", "warehouses.xlsx"
    ]  # fmt: skip
    for name in names:
        assert (again.path / name).read_bytes() == (day_read.demo.path / name).read_bytes(), name
    assert again.expectations == day_read.demo.expectations
    assert again.tours == day_read.demo.tours


def test_another_seed_is_another_day(day_read: DayRead, tmp_path: Path) -> None:
    other = write_demo_day(tmp_path, seed=SEED + 1, day=DAY)
    assert (other.path / "orders.xlsx").read_bytes() != (
        day_read.demo.path / "orders.xlsx"
    ).read_bytes()


def test_workbooks_carry_the_day_and_not_the_clock(day_read: DayRead) -> None:
    """A time stamp of the run would change the bytes; neither zip nor properties may have one."""
    for path in day_read.demo.path.glob("*.xlsx"):
        with ZipFile(path) as book:
            assert {entry.date_time[0] for entry in book.infolist()} == {1980}
            core = book.read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d{2}-\d{2}T[\d:]+Z", core)) == {f"{DAY}T00:00:00Z"}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_intake_finds_no_fault(read_demo: Callable[[int], DayRead], seed: int) -> None:
    """It is the first sheet a newcomer sees read: not even a warning."""
    reading = read_demo(seed).reading
    assert reading.faults == ()
    assert reading.warnings == ()
    assert reading.skipped == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_day_has_the_size_and_mix_of_a_real_one(
    read_demo: Callable[[int], DayRead], seed: int
) -> None:
    request = read_demo(seed).request
    orders, trucks = request.orders, request.trucks
    assert (len(orders), len(trucks), len(request.warehouses)) == (150, 25, 3)
    assert all(truck.driver_id for truck in trucks)
    # one trip a truck: as many places on decks as orders, and hardly more
    assert 150 <= sum(len(truck.deck.positions) for truck in trucks) <= 155
    modes = Counter(order.mode for order in orders)
    assert 0.35 <= modes[DeliveryMode.HUB] / len(orders) <= 0.42
    assert min(modes.values()) >= 30
    assert {truck.kind for truck in trucks} == set(TruckKind)
    assert sum(order.access is TruckKind.ONE_CAR for order in orders) >= 3
    assert any(house.evening_loading for house in request.warehouses)
    # pins where the buyer sent one, townships where not
    assert 2 <= sum(order.place.radius_m > 0 for order in orders) <= 30
    assert 1 <= sum(order.promised for order in orders) <= 20


@pytest.mark.parametrize("seed", SEEDS)
def test_every_order_lies_in_the_county_it_names(
    read_demo: Callable[[int], DayRead], seed: int
) -> None:
    """Pins are drawn, datums are mixed: a shifted pin would land in the county beside."""
    counties = load_register().counties
    request = read_demo(seed).request
    for order in request.orders:
        county = counties[order.place.county_code]
        assert county.province == "河南省"
        if order.mode is DeliveryMode.DOOR:
            assert order.address.startswith(county.full_name)
        else:
            assert order.place.label.startswith(county.name)
    codes = {order.place.county_code for order in request.orders}
    townships = {
        order.address[: match.end()]
        for order in request.orders
        if (match := re.search(r"街道|[镇乡]", order.address))
    }
    assert len(codes) >= 40
    assert len(codes | townships) >= 70


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tours_it_was_made_from_fit_their_decks(
    read_demo: Callable[[int], DayRead], seed: int
) -> None:
    read = read_demo(seed)
    orders = {order.id: order for order in read.request.orders}
    trucks = {truck.id: truck for truck in read.request.trucks}
    assert set(read.demo.tours) == set(trucks)
    for truck_id, ids in read.demo.tours.items():
        models = [orders[order_id].vehicle.model for order_id in ids]
        assert plan_deck(trucks[truck_id].deck, models) is not None


@pytest.mark.parametrize("seed", SEEDS)
def test_decks_have_an_order_and_some_buyers_give_an_old_car(
    read_demo: Callable[[int], DayRead], seed: int
) -> None:
    """As real carriers have it: who stands behind goes first, and old cars come back on board."""
    request = read_demo(seed).request
    several = [truck.deck for truck in request.trucks if len(truck.deck.positions) > 1]
    assert len(several) > 20
    assert all(any(place.blocked_by for place in deck.positions) for deck in several)
    swapping = {order.id for order in request.orders if order.trade_in is not None}
    assert len(swapping) == 10
    assert swapping.isdisjoint(read_demo(seed).demo.expectations)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_order_is_in_one_tour_or_impossible(
    read_demo: Callable[[int], DayRead], seed: int
) -> None:
    read = read_demo(seed)
    in_tours = [order_id for ids in read.demo.tours.values() for order_id in ids]
    assert len(in_tours) == len(set(in_tours)) == 139
    assert set(in_tours).isdisjoint(read.demo.expectations)
    assert len(in_tours) + len(read.demo.expectations) == len(read.request.orders)


def test_nobody_in_it_is_real(day_read: DayRead) -> None:
    """Numbers follow two patterns nobody dials, VINs one prefix no known maker has."""
    for order in day_read.request.orders:
        assert order.contact is not None
        assert re.fullmatch(r"(1380000|1990000)\d{4}", order.contact.phone)
        assert order.vehicle.vin.startswith(WMI)
    assert len({order.vehicle.vin for order in day_read.request.orders}) == 150


def test_the_sheet_is_as_messy_as_people_keep_it(day_read: DayRead) -> None:
    """A title above the header, phones as numbers, words for windows, a total at the end."""
    sheet = load_workbook(day_read.demo.path / "orders.xlsx").active
    assert sheet is not None
    rows = list(sheet.values)
    assert "送车订单" in str(rows[0][0])
    header = [str(cell) for cell in rows[1]]
    body = rows[2:152]
    phones = [row[header.index("联系电话")] for row in body]
    assert {type(phone) for phone in phones} == {int, str}
    wishes = {row[header.index("可送时段")] for row in body}
    assert {"上午", "下午", "全天"} <= wishes
    assert any(re.fullmatch(r"\d+-\d+点", str(wish)) for wish in wishes)
    assert {row[header.index("坐标系")] for row in body} == {None, "百度"}
    assert rows[-1][:2] == ("合计", "150 台")


def test_each_reason_for_staying_behind_appears(day_read: DayRead) -> None:
    """The newcomer should meet every kind of refusal that a day of one province can show."""
    assert Counter(day_read.demo.expectations.values()) == {
        Reason.ROAD_ACCESS: 1,
        Reason.TRUCK_BANNED: 1,
        Reason.DUTY_EXCEEDED: 1,
        Reason.SKILL_MISSING: 1,
        Reason.OWN_CAR_SPECIALIST: 1,
        Reason.COSTS_TOO_MUCH: 1,
        Reason.WINDOW_MISSED: 1,
        Reason.NOT_READY: 2,  # film until the evening; insurance open
        Reason.DECK_NO_FIT: 2,  # too high; too long
    }
