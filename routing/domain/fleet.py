"""Trucks, decks, drivers and specialists."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from geodata.units import Minor
from routing.domain.windows import Window


class TruckKind(StrEnum):
    """How big a truck is, smallest first; a place names the largest kind that can reach it."""

    ONE_CAR = "one_car"
    TWO_CAR = "two_car"
    SHORT_CARRIER = "short_carrier"
    CARRIER = "carrier"

    @property
    def size(self) -> int:
        """Rank by size: 0 reaches almost everywhere, 3 trunk roads and hubs only."""
        return _SIZES[self]


_SIZES: Final = {kind: size for size, kind in enumerate(TruckKind)}


MAX_POSITIONS: Final = 12
"""The exact load plan looks at every set of positions: 4,096 sets at this size."""

MOST_NIGHTS: Final = 2
"""Every way to spread the nights of a tour over its stops is timed: 120 of 2 nights on 8 stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckPosition:
    """One place for one car: the largest car it takes, in mm and kg.

    `wheel_lift` marks the lift behind a two-car truck; `blocked_by` names the positions that
    must be empty before the car here can leave.
    """

    id: str
    length_mm: int
    height_mm: int
    mass_kg: int
    wheel_lift: bool = False
    blocked_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if min(self.length_mm, self.height_mm, self.mass_kg) <= 0:
            raise ValueError(f"deck position {self.id}: length, height and mass must be above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckTemplate:
    """The positions of one kind of deck and the mass it carries in all."""

    id: str
    positions: tuple[DeckPosition, ...]
    payload_kg: int

    def __post_init__(self) -> None:
        names = [position.id for position in self.positions]
        if not names:
            raise ValueError(f"deck {self.id} has no positions")
        if len(names) > MAX_POSITIONS:
            raise ValueError(
                f"deck {self.id} has {len(names)} positions, more than {MAX_POSITIONS}"
            )
        if len(set(names)) != len(names):
            raise ValueError(f"deck {self.id}: position names repeat")
        if self.payload_kg <= 0:
            raise ValueError(f"deck {self.id}: payload must be above 0 kg")
        for position in self.positions:
            unknown = sorted(set(position.blocked_by) - set(names))
            if unknown or position.id in position.blocked_by:
                raise ValueError(
                    f"deck {self.id}, position {position.id}: blocked_by names "
                    f"{', '.join(unknown) or 'the position itself'}"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckCosts:
    """What a truck costs, in fen: per km, per hour on duty, per hour of overtime, per tour, and per
    night out (a bed, an allowance and a guarded place to park; 300 yuan are assumed)."""

    per_km: Minor
    per_hour: Minor
    per_overtime_hour: Minor
    fixed: Minor
    per_night: Minor = Minor(30_000)

    def __post_init__(self) -> None:
        for name in ("per_km", "per_hour", "per_overtime_hour", "fixed", "per_night"):
            if getattr(self, name) < 0:
                raise ValueError(f"truck costs: {name} is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Who drives: licence class (A2, B2, C1 ...), skills, last rest's end, days off."""

    id: str
    name: str
    warehouse_id: str
    licence: str
    skills: frozenset[str] = frozenset()
    rested_at: datetime | None = None
    days_off: frozenset[date] = frozenset()


class SpecialistTravel(StrEnum):
    """How a specialist gets to the buyer."""

    WITH_TRUCK = "with_truck"
    OWN_CAR = "own_car"


@dataclass(frozen=True, slots=True, kw_only=True)
class Specialist:
    """The white-glove person who does the handover; rides with `truck_id`, or drives themselves.

    Who drives leaves the warehouse and is back there within `shift`; None: from the first shift
    of the warehouse's trucks to the end of their last.
    """

    id: str
    name: str
    warehouse_id: str
    skills: frozenset[str]
    travel: SpecialistTravel
    truck_id: str = ""
    shift: Window | None = None

    def __post_init__(self) -> None:
        if (self.travel is SpecialistTravel.WITH_TRUCK) != bool(self.truck_id):
            raise ValueError(
                f"specialist {self.id}: one who rides with a truck names it, another names none"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Truck:
    """One truck on one day, with its crew.

    `shift_start` to `shift_end` bounds everything it does that day; `duty_max_s` bounds one
    duty, loading included; overtime is paid past `overtime_after_s` of duty. `load_base_s` plus
    `load_per_car_s` for every car is the time at a bay. `road_class` names the layer of the
    travel matrix. `driver_id` is empty when nobody is fit to drive it: it stays at home.
    """

    id: str
    plate: str
    kind: TruckKind
    road_class: str
    warehouse_id: str
    deck: DeckTemplate
    shift_start: datetime
    shift_end: datetime
    duty_max_s: int
    overtime_after_s: int
    load_base_s: int
    load_per_car_s: int
    costs: TruckCosts
    licence: str
    driver_id: str = ""
    specialist_id: str = ""
    skills: frozenset[str] = frozenset()
    """Of truck, driver and specialist together."""
    permits: frozenset[str] = frozenset()
    vehicle_id: str = ""
    """The vehicle, where it works on several days: each day is a truck of its own. Empty: `id`."""
    trips_max: int = 1
    """How often it may leave the warehouse on one duty: above 1 it comes home and loads again."""
    nights_max: int = 0
    """How many nights its tour may stay out; it is then away on as many days more."""

    @property
    def vehicle(self) -> str:
        """Which vehicle it is, the same on every day."""
        return self.vehicle_id or self.id

    def __post_init__(self) -> None:
        if self.trips_max < 1:
            raise ValueError(f"truck {self.id}: trips_max must be at least 1")
        if not 0 <= self.nights_max <= MOST_NIGHTS:
            raise ValueError(f"truck {self.id}: nights_max must be 0 to {MOST_NIGHTS}")
        if self.shift_start.tzinfo is None or self.shift_end.tzinfo is None:
            raise ValueError(f"truck {self.id}: the shift has no time zone")
        if self.shift_end <= self.shift_start:
            raise ValueError(f"truck {self.id}: the shift ends before it starts")
        if self.duty_max_s <= 0 or self.overtime_after_s <= 0:
            raise ValueError(f"truck {self.id}: duty limits must be above 0")
        if min(self.load_base_s, self.load_per_car_s) < 0:
            raise ValueError(f"truck {self.id}: loading time is negative")
