"""Locks and prices as people write them: columns of orders and trucks, lines of the settings."""

from pathlib import Path

import pytest

from geodata.units import HOUR_S
from routing.domain.locks import Locks, OrderLock, SequenceLock, TruckLock
from routing.domain.request import PlanRequest
from routing.domain.uncertainty import Judge
from tests.api.intake.days import Row, codes, day_with, order, read, truck, warehouse, write_json


def request_of(path: Path, **sheets: list[Row]) -> PlanRequest:
    """The request of a day with these sheets."""
    reading = read(write_json(path / "day.json", day_with(**sheets)))
    assert reading.request is not None, codes(reading)
    return reading.request


def ids(request: PlanRequest) -> tuple[list[str], list[str]]:
    """Names of the orders and trucks of a request."""
    return [each.id for each in request.orders], [each.id for each in request.trucks]


def test_an_order_names_the_truck_it_must_ride_on(tmp_path: Path) -> None:
    """By plate, as people know it."""
    plate = str(truck(1)["车牌"])
    request = request_of(tmp_path, orders=[order(1, 锁定车辆=plate), order(2)])
    orders, trucks = ids(request)
    assert request.locks == Locks(orders=(OrderLock(order_id=orders[0], truck_id=trucks[0]),))


def test_numbers_make_a_sequence(tmp_path: Path) -> None:
    """Written backwards on purpose."""
    plate = str(truck(1)["车牌"])
    request = request_of(
        tmp_path,
        orders=[order(1, 锁定车辆=plate, 锁定顺序=2), order(2, 锁定车辆=plate, 锁定顺序=1)],
    )
    orders, trucks = ids(request)
    held = SequenceLock(truck_id=trucks[0], orders=(orders[1], orders[0]))
    assert request.locks == Locks(sequences=(held,))


def test_a_locked_route_is_frozen_and_without_orders_stays_at_home(tmp_path: Path) -> None:
    """One truck with its order, one with none."""
    plate = str(truck(1)["车牌"])
    request = request_of(
        tmp_path,
        orders=[order(1, 锁定车辆=plate), order(2)],
        trucks=[truck(1, 路线锁定="是"), truck(2, 路线锁定="是"), truck(3)],
    )
    orders, trucks = ids(request)
    assert request.locks.trucks == (
        TruckLock(truck_id=trucks[0], orders=(orders[0],)),
        TruckLock(truck_id=trucks[1]),
    )


def test_a_truck_that_has_left_takes_no_more(tmp_path: Path) -> None:
    """Its numbered order is first, the other one rides behind it."""
    plate = str(truck(1)["车牌"])
    request = request_of(
        tmp_path,
        orders=[order(1, 锁定车辆=plate), order(2, 锁定车辆=plate, 锁定顺序=1)],
        trucks=[truck(1, 已出发="07:40"), truck(2)],
    )
    orders, trucks = ids(request)
    (held,) = request.locks.sequences
    assert (held.orders, held.first, held.closed) == ((orders[1],), True, True)
    assert held.departs is not None
    assert f"{held.departs:%H:%M}" == "07:40"
    assert request.locks.orders == (OrderLock(order_id=orders[0], truck_id=trucks[0]),)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"锁定顺序": 1}, "lock.truck_needed"),
        ({"锁定车辆": "豫Z99999"}, "truck.unknown"),
    ],
)
def test_a_lock_that_cannot_be_read_is_a_fault(
    tmp_path: Path, cells: dict[str, object], code: str
) -> None:
    """With its cell, like every other."""
    assert code in codes(
        read(write_json(tmp_path / "day.json", day_with(orders=[order(1, **cells)])))
    )


def test_prices_of_preferences_come_from_the_settings(tmp_path: Path) -> None:
    """Yuan outside, fen inside; nothing costs anything unless it is said."""
    plain = request_of(tmp_path).policy
    assert plain.stability.truck_changed == plain.emissions.per_tonne == 0
    day = day_with(orders=[order(1, 可送时段="9-18点", 最想要的时段="14-20点")])
    day["设置"] += [
        {"名称": "换车代价", "值": 200},
        {"名称": "偏离期望代价", "值": 0.5},
        {"名称": "碳价", "值": 90},
        {"名称": "目标工时", "值": "7小时"},
    ]
    reading = read(write_json(tmp_path / "day.json", day))
    assert reading.request is not None, codes(reading)
    policy = reading.request.policy
    assert policy.stability.truck_changed == 20_000
    assert policy.preferences.per_minute == 50
    assert policy.emissions.per_tonne == 9_000
    assert policy.balance.target_s == 7 * HOUR_S
    (wish,) = reading.request.orders[0].preferred
    assert f"{wish.start:%H}-{wish.end:%H}" == "14-18"


def test_a_truck_of_another_warehouse_cannot_be_locked_to(tmp_path: Path) -> None:
    """Its car does not stand there."""
    other = {**warehouse(), "编号": "W2", "名称": "二号仓"}
    day = day_with(
        warehouses=[warehouse(), other],
        trucks=[truck(1), truck(2, 仓库="W2")],
        orders=[order(1, 锁定车辆=str(truck(2)["车牌"]))],
    )
    assert "lock.other_warehouse" in codes(read(write_json(tmp_path / "day.json", day)))


def test_chance_comes_from_the_settings(tmp_path: Path) -> None:
    """A reliability asks for slots judged by it; the spreads are taken either way."""
    rows = [
        {"名称": "可靠度", "值": "95%"},
        {"名称": "travel_cv_percent", "值": 20},
        {"名称": "交车波动", "值": 40},
    ]
    chance = request_of(tmp_path, settings=rows).policy.uncertainty
    assert (chance.judge, chance.quantile) == (Judge.QUANTILE, 0.95)
    assert chance.travel.cv == 0.2
    assert set(chance.handover_cv.values()) == {0.4}
    spread = request_of(tmp_path, settings=rows[1:]).policy.uncertainty
    assert spread.judge is Judge.BUFFERS
