"""Rows of the fleet are kept only where the intake can read them beside all others."""

from __future__ import annotations

import pytest

from api.days.records import store
from api.days.records.errors import KeyTwice, RecordChanged, RecordInUse, UnknownRecord
from api.errors import FaultyInput
from api.kit.db import Database
from tests.api.fleet.desks import HOUSE, TENANT, TRUCK, Desk, desk_at


@pytest.fixture
def desk(database: Database) -> Desk:
    return desk_at(database).with_house()


def revision(desk: Desk) -> int:
    with desk.database.reading() as connection:
        return store.revision(connection, TENANT)


def test_a_row_that_is_put_again_unchanged_keeps_its_version(desk: Desk) -> None:
    """A system that sends its whole fleet every night makes nobody's plan old."""
    before = revision(desk)
    again = desk.fleet.put(TENANT, "trucks", "T1", TRUCK)
    assert not again.written.changed and again.written.record.version == 1
    assert revision(desk) == before
    other = desk.fleet.put(TENANT, "trucks", "T1", {**TRUCK, "trips_max": 2})
    assert other.written.record.version == 2 and revision(desk) == before + 1


def test_a_truck_of_an_unknown_warehouse_is_not_kept(desk: Desk) -> None:
    """Half a row would make every later day unreadable."""
    with pytest.raises(FaultyInput) as caught:
        desk.fleet.put(TENANT, "trucks", "T2", {**TRUCK, "plate": "豫A00002", "warehouse": "W9"})
    assert [(fault.code, fault.column) for fault in caught.value.faults] == [
        ("warehouse.unknown", "warehouse")
    ]
    with pytest.raises(UnknownRecord):
        desk.fleet.show(TENANT, "trucks", "T2")


def test_every_fault_of_a_row_is_told_at_once(desk: Desk) -> None:
    """Nobody wants to send a truck five times."""
    with pytest.raises(FaultyInput) as caught:
        desk.fleet.put(
            TENANT,
            "trucks",
            "T2",
            {"plate": "豫A00002", "kind": "rocket", "warehouse": "W9", "trips_max": 99},
        )
    assert sorted(fault.code for fault in caught.value.faults) == [
        "choice.unknown",
        "number.range",
        "warehouse.unknown",
    ]


def test_a_warehouse_that_trucks_stand_at_cannot_go(desk: Desk) -> None:
    """The answer says who needs it."""
    with pytest.raises(RecordInUse):
        desk.fleet.remove(TENANT, "warehouses", "W1")
    desk.fleet.remove(TENANT, "trucks", "T1")
    desk.fleet.remove(TENANT, "warehouses", "W1")
    with pytest.raises(UnknownRecord):
        desk.fleet.show(TENANT, "warehouses", "W1")


def test_a_version_that_was_not_seen_is_refused(desk: Desk) -> None:
    """Two clerks change one truck."""
    desk.fleet.put(TENANT, "trucks", "T1", {**TRUCK, "trips_max": 2}, expected=1)
    with pytest.raises(RecordChanged):
        desk.fleet.put(TENANT, "trucks", "T1", {**TRUCK, "trips_max": 3}, expected=1)
    with pytest.raises(RecordChanged):
        desk.fleet.put(TENANT, "trucks", "T1", TRUCK, expected=0)


def test_two_spellings_of_one_id_are_one_id(desk: Desk) -> None:
    """The intake takes t-1 for T1, so two of them would spoil the day."""
    with pytest.raises(KeyTwice):
        desk.fleet.put(TENANT, "trucks", "t-1", {**TRUCK, "plate": "豫A00009"})


def test_a_name_that_reads_like_a_total_is_refused(desk: Desk) -> None:
    """The intake leaves rows of totals out; what is put must not vanish."""
    with pytest.raises(FaultyInput) as caught:
        desk.fleet.put(TENANT, "warehouses", "合计", HOUSE)
    assert [fault.code for fault in caught.value.faults] == ["row.no_data"]


def test_settings_that_contradict_each_other_are_refused(desk: Desk) -> None:
    """And what was there before stays."""
    desk.fleet.put_settings(TENANT, {"service_hours": "08:00-20:00"})
    with pytest.raises(FaultyInput):
        desk.fleet.put_settings(TENANT, {"pdi_p50_min": 90, "pdi_p90_min": 30})
    kept = desk.fleet.settings(TENANT)
    assert kept is not None and kept.body == {"service_hours": "08:00-20:00"}


def test_tenants_do_not_see_each_other(desk: Desk) -> None:
    """The same id is another truck of another company."""
    with pytest.raises(UnknownRecord):
        desk.fleet.show("other", "trucks", "T1")
    assert desk.fleet.listed("other", "trucks", after=None, limit=10) == []


def test_lists_go_on_where_they_ended(desk: Desk) -> None:
    """In the order in which rows came."""
    for number in range(2, 7):
        row = {**TRUCK, "plate": f"豫A0000{number}"}
        desk.fleet.put(TENANT, "trucks", f"T{10 - number}", row)
    first = desk.fleet.listed(TENANT, "trucks", after=None, limit=4)
    rest = desk.fleet.listed(TENANT, "trucks", after=(first[-1].place, first[-1].key), limit=4)
    assert [each.key for each in (*first, *rest)] == ["T1", "T8", "T7", "T6", "T5", "T4"]
