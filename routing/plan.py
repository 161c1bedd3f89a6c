"""The plan: what a dispatcher signs. Aware datetimes, metres, fen; no personal data.

`routing.plan_json` writes and reads it as plan.json; docs/plan.schema.json describes that file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from geodata.units import Minor
from routing.domain.windows import Window
from routing.plan_deck import LoadedTradeIn, Shunt
from routing.plan_money import Money
from routing.plan_nights import Night
from routing.plan_off_routes import IdleTruck, Outsourced, SkippedRow
from routing.plan_outlook import Outlook
from routing.plan_specialists import SpecialistDay
from routing.plan_steps import PlanStep
from routing.plan_weights import OrderChange, SoftCost
from routing.reasons import Reason, Unit

FORMAT = 1


class RestPlace(StrEnum):
    """Where the driver rests."""

    ROAD = "road"
    HELD = "held"
    """Outside a ban, or where no road is open at this hour; may be short of a rest."""
    BEFORE_SERVICE = "before_service"
    HANDOVER = "handover"
    AFTER_SERVICE = "after_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A stretch during which the driver neither drives nor works.

    Touching stretches add up: together they count as rest when they reach the policy's `rest_s`.
    """

    start: datetime
    end: datetime
    place: RestPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The drive to a stop (or home). `drive_s` is time at the wheel, rests and holds apart.

    `departs + drive_s + all of road_rests = arrives`; `road_rests` (ROAD or HELD) lie within it.
    """

    departs: datetime
    arrives: datetime
    drive_s: int
    metres: int
    toll_minor: Minor
    road_rests: tuple[Rest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The window the plan can promise; `promised` ones were confirmed before and did not move."""

    window: Window
    promised: bool
    required_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One handover. Times are typical; `begins_latest` is with every buffer of the policy used up.

    The service is `unload_s + deck_s` of the driver's work, then `handover_s`. `deck_s` is for
    the `shunts`, in the order in which they are driven off (put back in reverse), and for
    loading the trade-in.
    """

    order_id: str
    vin: str
    model_name: str
    place_id: str
    address: str
    mode: str
    lat: float
    lon: float
    radius_m: int
    county_code: str
    leg: Leg
    begins: datetime
    begins_latest: datetime
    ends: datetime
    leaves: datetime
    unload_s: int
    handover_s: int
    slot: Slot
    accepted: tuple[Window, ...]
    rests: tuple[Rest, ...] = ()
    """At the stop: every wait before or after the service, and a handover that is the driver's
    rest."""
    note: str = ""
    eta_from: datetime | None = None
    """With `eta_to` the interval in which the service is likely to begin (`ETA_PERMILLE`); None,
    as all of them, in a plan that was not simulated."""
    eta_to: datetime | None = None
    p_late: float | None = None
    """Share of simulated days on which the service begins after its slot."""
    specialist_id: str = ""
    specialist_name: str = ""
    """Who meets the truck here by own car and does the handover; empty: somebody of the crew."""
    deck_s: int = 0
    shunts: tuple[Shunt, ...] = ()
    trade_in: LoadedTradeIn | None = None

    @property
    def waits_s(self) -> int:
        """Seconds between arrival and the start of the service."""
        return int((self.begins - self.leg.arrives).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCar:
    """Who stands where on the deck, from loading to its delivery."""

    position_id: str
    order_id: str
    vin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload:
    """Between two trips: home, load the next cars, and out again.

    `before` is the number of the first stop of the next trip, from 0; `leg` the drive home. Times
    are typical; `load_latest` is with every buffer used up. The bay is kept from the first begin
    of both to the last end. `rests` are the waits before and after loading; `deck` is for the
    next trip.
    """

    before: int
    leg: Leg
    bay: int
    load: Window
    load_latest: Window
    leaves: datetime
    deck: tuple[LoadedCar, ...]
    rests: tuple[Rest, ...] = ()

    @property
    def kept(self) -> Window:
        """How long the bay is kept."""
        return Window(
            start=min(self.load.start, self.load_latest.start),
            end=max(self.load.end, self.load_latest.end),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One trip of a route: loaded at a bay, out, and home again (`back`)."""

    bay: int
    load: Window
    departs: datetime
    stops: tuple[Stop, ...]
    deck: tuple[LoadedCar, ...]
    back: Leg


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One truck's day: load, drive, hand over, come home; `reloads` when it goes out again,
    `nights` when it sleeps out and comes home on a later day.

    Duty runs from the start of loading (from departure when loaded the evening before) to
    `returns`, nights apart. `duty_s` and `overtime_s` are sums over all duties. `bay` counts from
    1. `bay`, `load` and `deck` are those of the first trip, `stops` those of all trips.
    """

    truck_id: str
    plate: str
    kind: str
    warehouse_id: str
    driver_id: str
    driver_name: str
    specialist_id: str
    bay: int
    load: Window
    departs: datetime
    stops: tuple[Stop, ...]
    home: Leg
    returns: datetime
    returns_latest: datetime
    duty_s: int
    overtime_s: int
    deck: tuple[LoadedCar, ...]
    cost: Money
    specialist_name: str = ""
    co2_g: int = 0
    """Grams of CO2 by the policy's factors."""
    soft: SoftCost = field(default_factory=SoftCost)
    engine: str = ""
    """Which engine found it: `kernel`, `complete` (every route was listed), `start`, `master` (cut
    from another), `slots` (for an order that found no slot elsewhere), or the name of an engine;
    empty: not said."""
    p_overrun: float | None = None
    """Share of simulated days on which shift or duty end before the truck is back."""
    reloads: tuple[Reload, ...] = ()
    nights: tuple[Night, ...] = ()

    day: date = date.min
    """The day of its duty; not said: the one it leaves on."""
    vehicle_id: str = ""
    """The vehicle, the same on every day of a plan; not said: `truck_id`."""

    def __post_init__(self) -> None:
        if self.day == date.min:
            object.__setattr__(self, "day", self.departs.date())
        object.__setattr__(self, "vehicle_id", self.vehicle_id or self.truck_id)

    @property
    def halts(self) -> tuple[Stop | Reload, ...]:
        """Stops and reloads in the order in which the truck comes to them."""
        reload_before = {reload.before: reload for reload in self.reloads}
        halts: list[Stop | Reload] = []
        for number, stop in enumerate(self.stops):
            if number in reload_before:
                halts.append(reload_before[number])
            halts.append(stop)
        return tuple(halts)

    @property
    def legs(self) -> tuple[Leg, ...]:
        """All legs in order, the last one home."""
        return (*(halt.leg for halt in self.halts), self.home)

    @property
    def trips(self) -> tuple[Trip, ...]:
        """The route cut into trips."""
        firsts = [0, *(reload.before for reload in self.reloads)]
        ends = [*firsts[1:], len(self.stops)]
        starts = [
            (self.bay, self.load, self.departs, self.deck),
            *((each.bay, each.load, each.leaves, each.deck) for each in self.reloads),
        ]
        backs = [*(each.leg for each in self.reloads), self.home]
        return tuple(
            Trip(bay=bay, load=load, departs=departs, stops=self.stops[a:b], deck=deck, back=back)
            for (bay, load, departs, deck), a, b, back in zip(
                starts, firsts, ends, backs, strict=True
            )
        )

    @property
    def metres(self) -> int:
        """Length of the whole route."""
        return sum(leg.metres for leg in self.legs)

    @property
    def drive_s(self) -> int:
        """Time at the wheel."""
        return sum(leg.drive_s for leg in self.legs)


class FixKind(StrEnum):
    """What a dispatcher (or the buyer) would have to concede."""

    WIDEN_WINDOW = "widen_window"
    OVERTIME = "overtime"
    READY_EARLIER = "ready_earlier"
    PRECONDITION = "precondition"
    EXTRA_TRUCK = "extra_truck"
    SKILLED_CREW = "skilled_crew"
    MEET_POINT = "meet_point"
    BAN_PERMIT = "ban_permit"
    EXTRA_BAY = "extra_bay"
    DAY_LATER = "day_later"
    PAY_MORE = "pay_more"
    UNLOCK = "unlock"
    NIGHT_OUT = "night_out"
    CARRIER = "carrier"
    TRADE_IN_LATER = "trade_in_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """The cheapest concession found with which the order is served, no other is lost and no
    promise moves. `change` says it for programs, `text` for people (Chinese, English).

    `proved` by solving again with the change; `proof` says how and what the plan then costs, in
    both languages ("中文 / English").
    """

    kind: FixKind
    cost_minor: Minor
    change: Mapping[str, str | int]
    text: str
    text_en: str
    proved: bool
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """The first limit an order breaks on one truck, and by how much."""

    truck_id: str
    reason: Reason
    short_by: int
    unit: Unit


FIX_SEARCH_CANCELLED: Final = "cancelled"
"""Stands in `LeftBehind.fix_tried` where no fix was looked for, because of a cancel."""
NOTHING_TO_CONCEDE: Final = "none"
"""Stands there where nothing on the policy's list could help: no car of the kind is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """An order no truck takes: why, by how much, the nearest miss, the smallest fix.

    `reason` and `short_by` hold for the whole fleet (the nearest miss); `misses` lists the first
    limit per truck. `fix` is None when nothing on the policy's list helps, and `fix_tried` then
    says what was tried; or when the planner was cancelled before it looked, and `fix_tried` is
    `FIX_SEARCH_CANCELLED` alone. An order for any car of a kind has the `vin` held for it, and
    neither `vin` nor (unless it names one) a warehouse when none is left. `lat` and `lon` (WGS-84
    degrees) are for maps; both or neither.
    """

    order_id: str
    vin: str
    warehouse_id: str
    address: str
    priority: str
    promised: bool
    accepted: tuple[Window, ...]
    reason: Reason
    short_by: int
    unit: Unit
    text: str
    text_en: str
    nearest: Miss | None
    misses: tuple[Miss, ...]
    fix: Fix | None
    fix_tried: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None


class StopReason(StrEnum):
    """Why the search ended."""

    ITERATIONS = "iterations"
    TIME = "time"
    CANCELLED = "cancelled"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How the plan was made. Same inputs, seed, iterations and versions: same plan.

    Sentences of `assumptions`, `sources` and `steps` are English, or both ("中文 / English").
    """

    request_digest: str
    matrix_digest: str
    seed: int
    iterations: int
    stop_reason: StopReason
    engine: str
    versions: Mapping[str, str]
    assumptions: tuple[str, ...]
    sources: tuple[str, ...]
    steps: tuple[str, ...] = ()
    """What each step changed and saved, in order, for people."""
    work: tuple[PlanStep, ...] = ()
    """The same of search, master and slots, for programs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a warehouse stands, WGS-84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of a day or several. Every order is on one route, with a carrier, or left behind."""

    day: date
    time_zone: str
    warehouses: Mapping[str, str]
    """Names by id."""
    routes: tuple[Route, ...]
    left_behind: tuple[LeftBehind, ...]
    idle: tuple[IdleTruck, ...]
    provenance: Provenance
    policy: Mapping[str, object]
    skipped: tuple[SkippedRow, ...] = ()
    sites: Mapping[str, Site] = field(default_factory=dict)
    """Positions of the warehouses by id, for maps; a warehouse without one is not drawn."""
    outlook: Outlook | None = None
    changes: tuple[OrderChange, ...] = ()
    """Against the plan that people knew, SAME ones left out; empty where there was none."""
    specialists: tuple[SpecialistDay, ...] = ()
    """Who comes by own car."""
    outsourced: tuple[Outsourced, ...] = ()
    """Orders that third-party carriers bring, by carrier."""
    days: int = 1
    """How many days it is for: `day` and those after it."""
    format: int = field(default=FORMAT)

    @property
    def co2_g(self) -> int:
        """What the routes emit, in grams of CO2, by the policy's factors."""
        return sum(route.co2_g for route in self.routes)

    @property
    def outsourced_minor(self) -> Minor:
        """What third-party carriers are paid, in fen."""
        return Minor(sum(each.price_minor for each in self.outsourced))

    @property
    def cost_minor(self) -> Minor:
        """What routes and carriers cost, in fen; nothing for orders left behind."""
        return Minor(sum(route.cost.total for route in self.routes) + self.outsourced_minor)
