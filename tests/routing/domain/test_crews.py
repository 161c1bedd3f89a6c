"""Drivers to trucks: right licence, right place, rested; as many as can be, biggest first."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.units import Minor
from routing.domain.crews import licence_covers, match_drivers, may_drive, split_licence
from routing.domain.fleet import DeckPosition, DeckTemplate, Driver, Truck, TruckCosts, TruckKind

SHIFT = datetime(2026, 11, 23, 7, 0, tzinfo=timezone(timedelta(hours=8)))


def truck(id: str, *, cars: int = 1, licence: str = "B2", driver: str = "") -> Truck:
    places = tuple(
        DeckPosition(id=str(n), length_mm=5_000, height_mm=2_000, mass_kg=2_500)
        for n in range(cars)
    )
    return Truck(
        id=id,
        plate=f"豫A0000{id}",
        kind=TruckKind.ONE_CAR,
        road_class="flatbed-1",
        warehouse_id="W",
        deck=DeckTemplate(id=f"d{cars}", positions=places, payload_kg=2_500 * cars),
        shift_start=SHIFT,
        shift_end=SHIFT + timedelta(hours=12),
        duty_max_s=43_200,
        overtime_after_s=28_800,
        load_base_s=600,
        load_per_car_s=900,
        costs=TruckCosts(
            per_km=Minor(300), per_hour=Minor(5_000), per_overtime_hour=Minor(7_500), fixed=Minor(0)
        ),
        licence=licence,
        driver_id=driver,
    )


def driver(id: str, licence: str = "B2") -> Driver:
    return Driver(id=id, name=f"司机{id}", warehouse_id="W", licence=licence)


@pytest.mark.parametrize(
    ("held", "needed", "covers"),
    [
        ("A2", "B2", True),
        ("B2", "C1", True),
        ("A1", "B2", True),
        ("A1", "A2", False),  # a coach licence pulls no trailer
        ("B2", "A2", False),
        ("C1", "B2", False),
        ("C2", "C1", False),  # automatics only
        ("A1A2", "A2", True),
        ("A2 E", "C1", True),
    ],
)
def test_licences_cover_what_the_annex_says(held: str, needed: str, covers: bool) -> None:
    """机动车驾驶证申领和使用规定, annex 1."""
    assert licence_covers(held, needed) is covers


def test_licence_text_splits_into_classes() -> None:
    """People write A1A2, and E for motorcycles behind it."""
    assert split_licence("a1a2e") == ("A1", "A2", "E")


def test_one_who_is_off_elsewhere_or_unrested_does_not_drive() -> None:
    """Each of the four conditions alone keeps a driver home."""
    fit = driver("D")
    assert may_drive(fit, truck("T"))
    assert not may_drive(replace(fit, days_off=frozenset({SHIFT.date()})), truck("T"))
    assert not may_drive(replace(fit, warehouse_id="X"), truck("T"))
    assert not may_drive(replace(fit, licence="C1"), truck("T"))
    assert not may_drive(replace(fit, rested_at=SHIFT + timedelta(minutes=1)), truck("T"))
    assert may_drive(replace(fit, rested_at=SHIFT), truck("T"))


def test_a_scarce_licence_goes_where_it_is_needed() -> None:
    """Greedy by truck would give the A2 driver to the first truck and leave the carrier."""
    trucks = [truck("1"), truck("2", licence="A2")]
    drivers = [driver("a", "A2"), driver("b", "B2")]
    assert match_drivers(trucks, drivers) == {"1": "b", "2": "a"}


def test_the_bigger_truck_is_manned_when_drivers_are_short() -> None:
    """One driver, two trucks: the one that carries more leaves the yard."""
    assert match_drivers([truck("1"), truck("2", cars=2)], [driver("a")]) == {"2": "a"}


def test_a_truck_that_names_its_driver_keeps_them() -> None:
    """Naming wins over size."""
    trucks = [truck("1", driver="a"), truck("2", cars=3)]
    assert match_drivers(trucks, [driver("a"), driver("b")]) == {"1": "a", "2": "b"}


@given(
    cars=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    licences=st.lists(st.sampled_from(["A2", "B2", "C1"]), min_size=4, max_size=4),
    held=st.lists(st.sampled_from(["A2", "B2", "C1"]), max_size=4),
)
def test_matching_is_the_best_of_all_matchings(
    cars: list[int], licences: list[str], held: list[str]
) -> None:
    """Against trying every assignment: most trucks first, then most positions."""
    trucks = [
        truck(str(n), cars=count, licence=licence)
        for n, (count, licence) in enumerate(zip(cars, licences, strict=False))
    ]
    drivers = [driver(str(n), licence) for n, licence in enumerate(held)]
    best = (0, 0)
    for picks in product([None, *drivers], repeat=len(trucks)):
        used = [one.id for one in picks if one]
        pairs = [(one, lorry) for one, lorry in zip(picks, trucks, strict=True) if one]
        if len(used) == len(set(used)) and all(may_drive(one, lorry) for one, lorry in pairs):
            best = max(best, (len(pairs), sum(len(lorry.deck.positions) for _, lorry in pairs)))
    match = match_drivers(trucks, drivers)
    capacity = sum(len(lorry.deck.positions) for lorry in trucks if lorry.id in match)
    assert (len(match), capacity) == best
    assert len(set(match.values())) == len(match)
