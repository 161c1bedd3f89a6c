"""Trucks, decks and crews of a made-up rich day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from geodata.units import HOUR_S, MINUTE_S, Minor
from routing.domain.fleet import (
    DeckPosition,
    DeckTemplate,
    Driver,
    Specialist,
    SpecialistTravel,
    Truck,
    TruckCosts,
    TruckKind,
)

KINDS: Final = tuple(TruckKind)
SHARES: Final = (0.25, 0.4, 0.25, 0.1)
"""How often a truck of each kind is bought, smallest first."""
COSTS: Final = {
    TruckKind.ONE_CAR: (210, 16_000),
    TruckKind.TWO_CAR: (260, 21_000),
    TruckKind.SHORT_CARRIER: (360, 32_000),
    TruckKind.CARRIER: (520, 48_000),
}
"""Fen per km and per day used."""
LONG_MM, SHORT_MM = 5_300, 4_850
HIGH_MM, LOW_MM = 1_950, 1_680


@dataclass(frozen=True, slots=True, kw_only=True)
class Crewed:
    """Trucks with who goes with them."""

    trucks: tuple[Truck, ...]
    drivers: tuple[Driver, ...]
    specialists: tuple[Specialist, ...]


def crewed_trucks(
    dice: np.random.Generator, warehouse_id: str, *, cars: int, shift: tuple[datetime, datetime]
) -> Crewed:
    """Man trucks of one warehouse until they hold so many cars; every third has a specialist."""
    trucks: list[Truck] = []
    drivers, specialists, room = [], [], 0
    while room < cars:
        number = len(trucks) + 1
        kind = KINDS[int(dice.choice(len(KINDS), p=SHARES))]
        truck_id = f"{warehouse_id}-T{number:02}"
        deck = deck_of(kind, long=bool(dice.random() < 0.5))
        drivers.append(
            Driver(
                id=f"{truck_id}-D", name=f"{number} 师傅", warehouse_id=warehouse_id, licence="A2"
            )
        )
        skills = frozenset({"ev"}) if dice.random() < 0.5 else frozenset[str]()
        specialist_id = f"{truck_id}-S" if number % 3 == 0 else ""
        if specialist_id:
            specialists.append(
                Specialist(
                    id=specialist_id,
                    name=f"{number} 专员",
                    warehouse_id=warehouse_id,
                    skills=skills,
                    travel=SpecialistTravel.WITH_TRUCK,
                    truck_id=truck_id,
                )
            )
        per_km, fixed = COSTS[kind]
        trucks.append(
            Truck(
                id=truck_id,
                plate=f"豫A·{warehouse_id[-1]}{number:03}",
                kind=kind,
                road_class=kind.value,
                warehouse_id=warehouse_id,
                deck=deck,
                shift_start=shift[0],
                shift_end=shift[1],
                duty_max_s=13 * HOUR_S,
                overtime_after_s=9 * HOUR_S,
                load_base_s=15 * MINUTE_S,
                load_per_car_s=6 * MINUTE_S,
                costs=TruckCosts(
                    per_km=Minor(per_km),
                    per_hour=Minor(4_000),
                    per_overtime_hour=Minor(2_500),
                    fixed=Minor(fixed),
                ),
                licence="B2" if kind.size < TruckKind.CARRIER.size else "A2",
                driver_id=f"{truck_id}-D",
                specialist_id=specialist_id,
                skills=skills,
            )
        )
        room += len(deck.positions)
    return Crewed(trucks=tuple(trucks), drivers=tuple(drivers), specialists=tuple(specialists))


def deck_of(kind: TruckKind, *, long: bool) -> DeckTemplate:
    """Make a deck: a bed, a bed with a wheel lift, or two floors of which the lower one blocks."""
    if kind is TruckKind.ONE_CAR:
        return DeckTemplate(id="flat-1", positions=(_position("P1"),), payload_kg=2_700)
    if kind is TruckKind.TWO_CAR:
        bed = _position("BED", blocked_by=("LIFT",))
        lift = DeckPosition(
            id="LIFT", length_mm=5_000, height_mm=2_500, mass_kg=2_300, wheel_lift=True
        )
        return DeckTemplate(id="bed-and-lift", positions=(bed, lift), payload_kg=4_900)
    if kind is TruckKind.SHORT_CARRIER:
        return _two_floors("short-4" if long else "short-3", 2, 2 if long else 1)
    return _two_floors("carrier-8" if long else "carrier-6", 4 if long else 3, 4 if long else 3)


def _two_floors(name: str, below: int, above: int) -> DeckTemplate:
    """Cars leave to the rear, position 1 first; the ramp above needs its neighbour below away."""
    lower = [
        _position(
            f"L{at}",
            length_mm=LONG_MM if at % 2 else SHORT_MM,
            height_mm=HIGH_MM if at <= 2 else LOW_MM,
            blocked_by=(f"L{at - 1}",) if at > 1 else (),
        )
        for at in range(1, below + 1)
    ]
    upper = [
        _position(
            f"U{at}",
            length_mm=SHORT_MM if at % 2 else LONG_MM,
            height_mm=LOW_MM if at % 2 else HIGH_MM,
            blocked_by=("L1", f"U{at - 1}") if at > 1 else ("L1",),
        )
        for at in range(1, above + 1)
    ]
    positions = (*lower, *upper)
    return DeckTemplate(id=name, positions=positions, payload_kg=2_150 * len(positions) + 300)


def _position(
    name: str,
    *,
    length_mm: int = LONG_MM,
    height_mm: int = HIGH_MM,
    blocked_by: tuple[str, ...] = (),
) -> DeckPosition:
    return DeckPosition(
        id=name, length_mm=length_mm, height_mm=height_mm, mass_kg=2_700, blocked_by=blocked_by
    )
