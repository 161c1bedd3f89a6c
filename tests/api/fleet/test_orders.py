"""Orders are kept as rows, what is personal of them sealed and apart."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from api.days.records.errors import UnknownRecord
from api.days.records.tables import RECORD
from api.errors import FaultyInput, Refused
from api.kit.db import Database
from api.orders.errors import VinTwice
from api.orders.personal import ContactSeal, ContactUnreadable
from api.orders.store import handed_over
from api.orders.tables import CONTACT, CONTACT_LOOK
from tests.api.fleet.desks import TENANT, Desk, desk_at, order_row
from tests.api.intake.days import vin


@pytest.fixture
def desk(database: Database) -> Desk:
    return desk_at(database).with_house()


def everything(desk: Desk) -> str:
    """All that the database holds, as text."""
    with desk.database.reading() as connection:
        return "\n".join(
            str(tuple(row))
            for table in (RECORD, CONTACT)
            for row in connection.execute(select(table))
        )


def test_nothing_personal_is_readable_in_the_database(desk: Desk) -> None:
    """Not in its own cells, and not where people type it: into address and note."""
    row = order_row(
        address="河南省郑州市中牟县官渡镇官渡村3号 张试 13800000002",
        note="打13800000003找张试",
    )
    kept = desk.orders.put(TENANT, "A1", row)
    text = everything(desk)
    assert "张试" not in text and "1380000" not in text
    assert kept.shown["contact"] == "张*" and kept.shown["phone"] == "138****0001"
    assert "13800000002" not in str(kept.shown) and "官渡村3号" in str(kept.shown["address"])


def test_who_sees_a_contact_is_remembered(desk: Desk) -> None:
    """Masked looks are not, for they show nothing."""
    row = order_row(address="河南省郑州市中牟县官渡镇 13800000002")
    desk.orders.put(TENANT, "A1", row)
    _, shown = desk.orders.show(TENANT, "A1")
    assert shown["phone"] == "138****0001"
    _, whole = desk.orders.show(TENANT, "A1", seen_by="crm", request_id="r1")
    assert {name: whole[name] for name in row} == row
    with desk.database.reading() as connection:
        looks = connection.execute(select(CONTACT_LOOK)).all()
    assert [(look.order_id, look.client_id, look.request_id) for look in looks] == [
        ("A1", "crm", "r1")
    ]


def test_what_comes_back_masked_stays_as_it_was(desk: Desk) -> None:
    """A client that may not see a phone changes the colour of the car, not the phone."""
    row = order_row(address="河南省郑州市中牟县官渡镇 13800000002")
    desk.orders.put(TENANT, "A1", row)
    _, shown = desk.orders.show(TENANT, "A1")
    desk.orders.put(TENANT, "A1", {**shown, "colour": "白"})
    _, whole = desk.orders.show(TENANT, "A1", seen_by="crm")
    assert whole == {**row, "order_id": "A1", "colour": "白"}
    desk.orders.put(
        TENANT, "A1", {**row, "contact": None, "phone": None, "address": row["address"][:14]}
    )
    _, bare = desk.orders.show(TENANT, "A1", seen_by="crm")
    assert "phone" not in bare and "contact" not in bare


def test_a_sealed_contact_opens_for_its_order_only() -> None:
    """Whoever can write to the database cannot move a phone to an order that they may see."""
    seal = ContactSeal({"k1": b"1" * 32}, current="k1")
    sealed = seal.seal("acme", "A1", {"phone": "13800000001"})
    assert seal.open("acme", "A1", sealed) == {"phone": "13800000001"}
    newer = ContactSeal({"k1": b"1" * 32, "k2": b"2" * 32}, current="k2")
    assert newer.open("acme", "A1", sealed) == {"phone": "13800000001"}
    for wrong in (("acme", "A2"), ("other", "A1")):
        with pytest.raises(ContactUnreadable):
            seal.open(*wrong, sealed)
    with pytest.raises(ContactUnreadable):
        ContactSeal({"k1": b"3" * 32}, current="k1").open("acme", "A1", sealed)


def test_a_contact_is_gone_ninety_days_after_the_handover(desk: Desk) -> None:
    """The order stays."""
    desk.orders.put(TENANT, "A1", order_row())
    desk.orders.put(TENANT, "A2", order_row(2))
    with desk.database.writing() as connection:
        handed_over(connection, TENANT, "A1", desk.clock.now())
    desk.clock.turn(timedelta(days=89))
    assert desk.orders.forget_overdue() == 0
    desk.clock.turn(timedelta(days=1))
    assert desk.orders.forget_overdue() == 1
    _, shown = desk.orders.show(TENANT, "A1")
    assert "phone" not in shown and shown["vin"] == vin(1)
    assert desk.orders.show(TENANT, "A2")[1]["phone"] == "138****0001"


def test_all_faults_of_an_order_are_told_at_once(desk: Desk) -> None:
    """With the field and what to do."""
    with pytest.raises(FaultyInput) as caught:
        desk.orders.put(
            TENANT, "A1", order_row(vin="LFB", model="unknown", phone="12", address="某处")
        )
    assert sorted(fault.code for fault in caught.value.faults) == [
        "address.unknown",
        "model.unknown",
        "phone.format",
        "vin.length",
    ]
    assert all(fault.fix and fault.column for fault in caught.value.faults)
    with pytest.raises(UnknownRecord):
        desk.orders.show(TENANT, "A1")


def test_one_car_goes_to_one_order(desk: Desk) -> None:
    """Two would make every plan of the day impossible to read."""
    desk.orders.put(TENANT, "A1", order_row())
    with pytest.raises(VinTwice, match="A1"):
        desk.orders.put(TENANT, "A2", order_row(1))
    desk.orders.remove(TENANT, "A1")
    desk.orders.put(TENANT, "A2", order_row(1))


def put_together(desk: Desk, *orders: tuple[str, Mapping[str, Any]]) -> list[str]:
    """Put orders at the same moment; give what each was told: `created`, `there` or the code."""
    start = Barrier(len(orders))

    def put(order: tuple[str, Mapping[str, Any]]) -> str:
        start.wait(30)
        try:
            return "created" if desk.orders.put(TENANT, *order).written.created else "there"
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(len(orders)) as threads:
        return sorted(threads.map(put, orders))


def test_one_car_goes_to_one_of_two_orders_that_come_at_once(desk: Desk) -> None:
    """Neither has seen the other when it asks."""
    for number in range(1, 9):
        row = order_row(number)
        told = put_together(desk, (f"A{number}", row), (f"B{number}", row))
        assert told == ["created", "vin-twice"]


def test_an_order_that_comes_twice_at_once_is_kept_once(desk: Desk) -> None:
    """A message that was repeated is not another order in another spelling."""
    for number in range(1, 9):
        order = f"A{number}", order_row(number)
        assert put_together(desk, order, order) == ["created", "there"]


def test_papers_of_one_order_say_nothing_of_another(desk: Desk) -> None:
    """In a sheet an empty cell among filled ones means: not done. Rows come one by one."""
    desk.orders.put(TENANT, "A1", order_row(1, insurance="no"))
    desk.orders.put(TENANT, "A2", order_row(2))
    day = desk.clock.now().date() + timedelta(days=1)
    request = desk.days.read(TENANT, day).request
    assert request is not None
    missing = {order.id: order.readiness.missing for order in request.orders}
    assert missing == {"A1": ("insurance",), "A2": ()}
    assert desk.orders.readiness(TENANT, "A1").readiness.missing == ("insurance",)


def test_an_order_with_windows_of_any_day_is_kept(desk: Desk) -> None:
    """Which day is planned is known only when it is."""
    desk.orders.put(TENANT, "A1", order_row(windows="2026-12-01 14-16"))
    later = desk.days.read(TENANT, desk.clock.now().date().replace(month=12, day=1)).request
    assert later is not None and [window.start.hour for window in later.orders[0].windows] == [14]
