"""What the company decides: buffers, slots, driving rules, prices. One object, always shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from geodata.units import HOUR_S, MINUTE_S, Minor
from routing.domain.fleet import TruckKind
from routing.domain.orders import Priority
from routing.domain.uncertainty import UncertaintyPolicy


def _default_penalties() -> Mapping[Priority, Minor]:
    return MappingProxyType(
        {
            Priority.LOW: Minor(150_000),
            Priority.NORMAL: Minor(300_000),
            Priority.HIGH: Minor(600_000),
            Priority.URGENT: Minor(1_200_000),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPolicy:
    """How confirmed slots look: `width_s` long, starting on a grid of `grid_s` in the local day.

    A place known only within more than `coarse_radius_m` gets `coarse_width_s` (a half-day) and
    asks for a pin.
    """

    width_s: int = 2 * HOUR_S
    grid_s: int = 30 * MINUTE_S
    coarse_radius_m: int = 3_000
    coarse_width_s: int = 4 * HOUR_S

    def __post_init__(self) -> None:
        if self.grid_s <= 0 or self.width_s < self.grid_s or self.coarse_width_s < self.width_s:
            raise ValueError("slots: need 0 < grid <= width <= coarse width")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivingPolicy:
    """Rest of at least `rest_s` after at most `drive_max_s` of driving.

    Defaults: 道路交通安全法实施条例 Art. 62 (20 minutes after 4 hours). With `handover_rests` a
    handover done by a specialist counts as the driver's rest when it is long enough.
    """

    drive_max_s: int = 4 * HOUR_S
    rest_s: int = 20 * MINUTE_S
    handover_rests: bool = True
    night_rest_s: int = 10 * HOUR_S
    """Between two duties of a driver on days of one plan. A company's figure: the law names none
    for drivers of goods vehicles."""

    def __post_init__(self) -> None:
        if self.drive_max_s <= 0 or self.rest_s <= 0:
            raise ValueError("driving: drive_max_s and rest_s must be above 0")
        if self.night_rest_s < 0:
            raise ValueError("driving: night_rest_s is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class BufferPolicy:
    """Slack a plan must survive: every leg longer by `drive_permille`, every service by
    `service_s`."""

    drive_permille: int = 100
    service_s: int = 5 * MINUTE_S

    def __post_init__(self) -> None:
        if min(self.drive_permille, self.service_s) < 0:
            raise ValueError("buffers cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckPolicy:
    """The driver's work at the deck on the road, and what a shunt costs beside that time.

    A shunt is a car in the way driven off and put back. All assumed: two ramps down and up,
    four straps, one drive each way; the fen stand for the risk of a scratch.
    """

    shunt_s: int = 10 * MINUTE_S
    shunt_fen: Minor = Minor(2_000)
    trade_in_load_s: int = 15 * MINUTE_S

    def __post_init__(self) -> None:
        if min(self.shunt_s, self.shunt_fen, self.trade_in_load_s) < 0:
            raise ValueError("deck: shunt_s, shunt_fen and trade_in_load_s cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concessions:
    """Prices (fen) of what would let a left-behind order be served; the cheapest proved one is
    its smallest fix."""

    window_minute: Minor = Minor(500)
    overtime_minute: Minor = Minor(300)
    ready_minute: Minor = Minor(200)
    truck_day: Mapping[str, Minor] = field(
        default_factory=lambda: MappingProxyType(
            {
                "one_car": Minor(80_000),
                "two_car": Minor(110_000),
                "short_carrier": Minor(180_000),
                "carrier": Minor(280_000),
            }
        )
    )
    skilled_crew: Minor = Minor(60_000)
    extra_bay: Minor = Minor(50_000)
    ban_permit: Minor = Minor(30_000)
    meet_point: Minor = Minor(20_000)
    day_later: Minor = Minor(100_000)
    precondition: Minor = Minor(10_000)
    unlock: Minor = Minor(20_000)
    night_out: Minor = Minor(20_000)
    """Asking a crew to stay out once more, beside what the night itself costs."""
    carrier_car: Minor = Minor(5_000)
    """Asking a carrier for one more car than it said, beside its bill."""
    trade_in_later: Minor = Minor(30_000)
    """Fetching a buyer's old car on a drive of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityPolicy:
    """What it costs (fen) to change a plan that people know: nothing, unless somebody says so.

    Another truck; every begun minute by which the typical begin of the service moves, either way,
    beyond `tolerance_s`; an order that was on a truck and is left behind; `per_change` once for
    each order that does any of it, however much.
    """

    truck_changed: Minor = Minor(0)
    per_minute: Minor = Minor(0)
    dropped: Minor = Minor(0)
    per_change: Minor = Minor(0)
    tolerance_s: int = 10 * MINUTE_S

    def __post_init__(self) -> None:
        prices = (self.truck_changed, self.per_minute, self.dropped, self.per_change)
        if min(*prices, self.tolerance_s) < 0:
            raise ValueError("stability: prices and tolerance cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencePolicy:
    """Fen for every begun minute by which a typical begin lies outside all preferred windows."""

    per_minute: Minor = Minor(0)

    def __post_init__(self) -> None:
        if self.per_minute < 0:
            raise ValueError("preferences: per_minute is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionPolicy:
    """Grams of CO2 per km by kind of truck, empty and for each car on board; fen per tonne.

    The grams are assumptions, not measurements: 14, 19, 27 and 32 litres of diesel per 100 km
    empty and 0.5 litres per car, at 2.63 kg of CO2 a litre (IPCC 2006: 74.1 kg/GJ, 35.5 MJ/l).
    """

    grams_per_km: Mapping[TruckKind, int] = field(
        default_factory=lambda: MappingProxyType(
            {
                TruckKind.ONE_CAR: 368,
                TruckKind.TWO_CAR: 500,
                TruckKind.SHORT_CARRIER: 710,
                TruckKind.CARRIER: 842,
            }
        )
    )
    grams_per_km_car: Mapping[TruckKind, int] = field(
        default_factory=lambda: MappingProxyType(dict.fromkeys(TruckKind, 13))
    )
    per_tonne: Minor = Minor(0)

    def __post_init__(self) -> None:
        for grams in (self.grams_per_km, self.grams_per_km_car):
            if set(grams) != set(TruckKind) or min(grams.values()) < 0:
                raise ValueError("emissions: grams of every kind of truck, none negative")
        if self.per_tonne < 0:
            raise ValueError("emissions: per_tonne is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancePolicy:
    """Fen per hour by which the duty of a truck that goes out lies above or below a target."""

    target_s: int = 8 * HOUR_S
    above_per_hour: Minor = Minor(0)
    below_per_hour: Minor = Minor(0)

    def __post_init__(self) -> None:
        if min(self.target_s, self.above_per_hour, self.below_per_hour) < 0:
            raise ValueError("balance: target and prices cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsourcingPolicy:
    """What third-party carriers may cost on a day, in fen; None: whatever they do."""

    budget: Minor | None = None

    def __post_init__(self) -> None:
        if self.budget is not None and self.budget < 0:
            raise ValueError("outsourcing: the budget is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPolicy:
    """Everything the company decides about a day."""

    driving: DrivingPolicy = DrivingPolicy()
    slots: SlotPolicy = SlotPolicy()
    buffers: BufferPolicy = BufferPolicy()
    uncertainty: UncertaintyPolicy = field(default_factory=UncertaintyPolicy)
    deck: DeckPolicy = DeckPolicy()
    concessions: Concessions = field(default_factory=Concessions)
    stability: StabilityPolicy = StabilityPolicy()
    preferences: PreferencePolicy = PreferencePolicy()
    emissions: EmissionPolicy = field(default_factory=EmissionPolicy)
    balance: BalancePolicy = BalancePolicy()
    outsourcing: OutsourcingPolicy = OutsourcingPolicy()
    left_behind: Mapping[Priority, Minor] = field(default_factory=_default_penalties)
    """Fen for leaving an order of this priority behind."""
    broken_promise: Minor = Minor(10_000_000)
    """Added for a promised order that cannot be kept."""

    def __post_init__(self) -> None:
        missing = [priority.value for priority in Priority if priority not in self.left_behind]
        if missing:
            raise ValueError(f"policy: no left_behind price for {', '.join(missing)}")
