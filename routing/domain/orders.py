"""Orders: who gets which car, where, and when they can take it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geodata.places import Place
from routing.domain.fleet import TruckKind
from routing.domain.readiness import Readiness
from routing.domain.vehicles import Model, Vehicle
from routing.domain.windows import Window

UNKNOWN_OLD_CAR: Final = Model(
    id="old_car", name="旧车", length_mm=4_750, width_mm=1_850, height_mm=1_680, mass_kg=1_650
)
"""What a trade-in is taken to be when its model is not known: a family SUV, larger than most of the
saloons that are traded in, so that it rarely turns out larger at the buyer's door. Assumed."""


class DeliveryMode(StrEnum):
    """Where the buyer takes the car over."""

    DOOR = "door"
    MEET_POINT = "meet_point"
    HUB = "hub"


class Priority(StrEnum):
    """How dear it is to leave an order behind; the policy prices each."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to call. Personal: never leaves the driver's papers."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeIn:
    """The buyer's old car, taken along at the handover; it stays on board until the warehouse.

    `model_name` is what the sheet says, `model` what it is taken to be.
    """

    model_name: str
    note: str = ""
    model: Model = UNKNOWN_OLD_CAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One sold car to one buyer.

    `windows` are what the buyer accepts, ascending and apart; `promised` means the one window
    is confirmed and never moves. `access` is the largest truck kind that reaches the place.
    `unload_s` is the driver's own work, `handover_s` the rest of the service: the specialist's
    where the crew has one (then it may count as the driver's rest), else the driver's.

    An order whose vehicle has no VIN asks for any car of the kind in stock: at `warehouse_id`, or
    at whatever warehouse has one where that is empty. `readiness` then holds what is the order's
    own (papers); the car's comes with the car.
    """

    id: str
    vehicle: Vehicle
    warehouse_id: str
    place: Place
    address: str
    mode: DeliveryMode
    access: TruckKind
    windows: tuple[Window, ...]
    promised: bool
    priority: Priority
    readiness: Readiness
    unload_s: int
    handover_s: int
    skills: frozenset[str] = frozenset()
    contact: Contact | None = None
    trade_in: TradeIn | None = None
    note: str = ""
    preferred: tuple[Window, ...] = ()
    """When the buyer would like it best, in order; empty: all accepted times alike."""

    @property
    def from_stock(self) -> bool:
        """Tell whether the plan chooses the car."""
        return not self.vehicle.vin

    def __post_init__(self) -> None:
        if not self.warehouse_id and not self.from_stock:
            raise ValueError(f"order {self.id}: a car with a VIN stands at a warehouse")
        if not self.windows:
            raise ValueError(f"order {self.id}: accepts no window at all")
        if self.promised and len(self.windows) != 1:
            raise ValueError(f"order {self.id}: a promise is exactly one window")
        for before, after in zip(self.windows, self.windows[1:], strict=False):
            if after.start < before.end:
                raise ValueError(f"order {self.id}: windows overlap or are not in order")
        if min(self.unload_s, self.handover_s) < 0 or self.unload_s + self.handover_s == 0:
            raise ValueError(f"order {self.id}: service time must be above 0")
