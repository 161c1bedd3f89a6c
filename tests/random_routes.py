"""Random days and routes by the thousand: what Hypothesis draws in minutes, drawn in seconds.

A day is made of a number, and gives as many random routes as are wanted. Most of what a day may
hold is on in some of them: bands, night closures, islands, bans, evening loading, several trips,
specialists on board, decks with an order, trade-ins, chosen rests, preferred times, CO2, balance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from geodata.matrix import TravelMatrix
from geodata.places import Place
from geodata.units import HOUR_S, MINUTE_S, UNREACHABLE_S, Minor
from routing.domain.fleet import DeckTemplate, Truck, TruckKind
from routing.domain.orders import Order, TradeIn
from routing.domain.policy import (
    BalancePolicy,
    BufferPolicy,
    DrivingPolicy,
    EmissionPolicy,
    PreferencePolicy,
)
from routing.domain.request import PlanRequest, TruckBan
from routing.domain.warehouses import Warehouse
from routing.domain.windows import Window
from tests.days import (
    SEDAN,
    SUV,
    at,
    ban,
    flat_deck,
    km,
    order,
    request,
    specialist,
    truck,
    two_level_deck,
    warehouse,
    wheel_lift_deck,
)
from tests.strategies import CLASSES, EVENING_HOURS, LOADING_HOURS, Day, Run, clock_text

ORDERS = 12
TRUCKS = 4
MOST_STOPS = 6
OLD_CARS = (
    None,
    None,
    None,
    None,
    TradeIn(model_name="旧轿车", model=SEDAN),
    TradeIn(model_name="旧车"),
)
BANDS = ((0,), (0, 7, 9), (0, 6, 10, 17), (0, 12))
DRIVING = (
    DrivingPolicy(),
    DrivingPolicy(handover_rests=False),
    DrivingPolicy(drive_max_s=2 * HOUR_S, rest_s=30 * MINUTE_S),
    DrivingPolicy(drive_max_s=90 * MINUTE_S, rest_s=15 * MINUTE_S),
)
BUFFERS = (
    BufferPolicy(),
    BufferPolicy(drive_permille=0, service_s=0),
    BufferPolicy(drive_permille=333, service_s=700),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomDay:
    """A day, and its routes: each a run of one of its trucks."""

    day: Day
    number: int

    def runs(self, count: int) -> Iterator[Run]:
        """Draw so many routes; the same number of the day, the same routes."""
        dice = Random(f"routes {self.number}")
        made = self.day.request
        ids = [each.id for each in made.orders]
        for _ in range(count):
            truck = dice.choice(made.trucks)
            taken = dice.sample(ids, dice.choice((1, 2, 2, 3, 3, 4, 5, MOST_STOPS)))
            several = truck.trips_max > 1 and dice.random() < 0.7
            before = [n for n in range(1, len(taken)) if several and dice.random() < 0.5]
            reloads = tuple(before[: truck.trips_max - 1])
            yield Run(
                request=made,
                travel=self.day.travel,
                truck_id=truck.id,
                order_ids=tuple(taken),
                reloads=reloads,
            )


def random_day(number: int) -> RandomDay:
    """Make the day of a number."""
    dice = Random(f"day {number}")
    home = _warehouse(dice)
    calm = dice.random() < 0.7
    fleet = [_truck(dice, n, calm=calm) for n in range(1, TRUCKS + 1)]
    sheet = [_order(dice, n, calm=calm) for n in range(1, ORDERS + 1)]
    made = request(
        *sheet,
        trucks=fleet,
        specialists=[
            specialist(each.specialist_id, truck_id=each.id) for each in fleet if each.specialist_id
        ],
        warehouses=[home],
        bans=_bans(dice, fleet, [home.place, *(each.place for each in sheet)]),
        driving=dice.choice(DRIVING),
        buffers=dice.choice(BUFFERS),
    )
    priced = dice.random() < 0.3
    policy = replace(
        made.policy,
        preferences=PreferencePolicy(per_minute=Minor(dice.choice((7, 100)) if priced else 0)),
        emissions=EmissionPolicy(per_tonne=Minor(dice.choice((0, 9_000)) if priced else 0)),
        balance=BalancePolicy(
            target_s=dice.choice((6, 9)) * HOUR_S,
            above_per_hour=Minor(dice.choice((0, 3_000)) if priced else 0),
            below_per_hour=Minor(dice.choice((0, 1_700)) if priced else 0),
        ),
    )
    made = replace(made, policy=policy)
    return RandomDay(day=Day(request=made, travel=_travel(dice, made)), number=number)


def _moment(dice: Random, first_h: float, last_h: float) -> int:
    """A second of the day, mostly on the quarter hour."""
    if dice.random() < 0.3:
        return dice.randrange(round(first_h * HOUR_S), round(last_h * HOUR_S))
    return dice.randrange(round(first_h * 4), round(last_h * 4)) * 15 * MINUTE_S


def _windows(dice: Random, *, most: int, first_h: float = 7) -> tuple[tuple[str, str], ...]:
    made: list[tuple[str, str]] = []
    end = 0
    for number in range(dice.randint(1, most)):
        start = max(_moment(dice, first_h, first_h + 6), end + HOUR_S if number else 0)
        end = start + _moment(dice, 1, 8)
        made.append((clock_text(start), clock_text(end)))
    return tuple(made)


def _order(dice: Random, number: int, *, calm: bool) -> Order:
    far = dice.random() < 0.3
    distance = dice.randrange(-150, 300) if far else dice.randrange(-8, 12) * 10
    patient = dice.random() < (0.8 if calm else 0.4)
    made = order(
        f"O{number}",
        place=km(distance, id=f"km{distance}"),
        windows=(("07:00", "21:00"),) if patient else _windows(dice, most=3),
        model=dice.choice((SEDAN, SUV)),
        unload_min=dice.choice((20, 15, 25, 0)),
        handover_min=dice.choice((60, 30, 10, 45)),
        trade_in=dice.choice(OLD_CARS),
        ready="" if calm or dice.random() < 0.7 else clock_text(_moment(dice, 4, 11)),
    )
    start = _moment(dice, 8, 16)
    liked = (Window(start=at(clock_text(start)), end=at(clock_text(start + HOUR_S))),)
    return replace(made, preferred=liked) if dice.random() < 0.4 else made


def _truck(dice: Random, number: int, *, calm: bool) -> Truck:
    start_h = 5 if calm else dice.randrange(5, 10)
    deck: DeckTemplate = dice.choice(
        (flat_deck(MOST_STOPS), two_level_deck(4), two_level_deck(MOST_STOPS), wheel_lift_deck())
    )
    made = truck(
        f"T{number}",
        deck=deck,
        kind=dice.choice(tuple(TruckKind)),
        shift=(f"{start_h:02}:00", "23:30" if calm else f"{start_h + dice.randrange(7, 14)}:30"),
        duty_max_h=16 if calm else dice.choice((14, 10, 6)),
        overtime_after_h=dice.choice((10, 8, 4)),
        load_base_min=dice.choice((20, 0)),
        load_per_car_min=dice.choice((5, 15)),
        driver_id=f"D{number}",
        specialist_id=f"S{number}" if dice.random() < 0.5 else "",
        road_class=dice.choice(CLASSES),
    )
    return replace(made, trips_max=dice.choice((1, 1, 3)))


def _warehouse(dice: Random) -> Warehouse:
    evening = dice.random() < 0.25
    hours = EVENING_HOURS if evening else dice.choice(LOADING_HOURS)
    return warehouse(place=km(0), loading=hours, evening_loading=evening)


def _bans(dice: Random, fleet: list[Truck], sites: list[Place]) -> list[TruckBan]:
    return [
        ban(
            dice.choice(sites),
            *_windows(dice, most=2, first_h=5),
            truck_id=dice.choice(fleet).id,
            inside_min=dice.choice((0, 5, 20)),
        )
        for _ in range(dice.choice((0, 0, 2, 5)))
    ]


def _travel(dice: Random, made: PlanRequest) -> TravelMatrix:
    """Roads along the line as in `tests.strategies.matrices`."""
    places = [*(each.place for each in made.warehouses), *(each.place for each in made.orders)]
    unique = tuple({place.id: place for place in places}.values())
    at_m = np.array([round((place.point.lon - 113.6) * 91_500) for place in unique])
    apart_m = np.abs(at_m[:, None] - at_m[None, :])
    noise = np.random.default_rng(dice.randrange(1_000_000))
    road_m = apart_m * noise.integers(100, 130, size=apart_m.shape) // 100 + (apart_m == 0) * 400
    starts = dice.choice(BANDS)
    shape = (len(CLASSES), len(starts), *apart_m.shape)
    same = dice.random() < 0.3
    detours = [100 if same else dice.randrange(100, 140) for _ in starts]
    seconds, metres = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    for layer in range(shape[0]):
        for band in range(shape[1]):
            closed = band > 0 and dice.random() < 0.1
            pace = dice.choice((60, 60, 45, 75, 110))
            seconds[layer, band] = UNREACHABLE_S if closed else -(-road_m * pace // 1000)
            metres[layer, band] = UNREACHABLE_S if closed else road_m * detours[band] // 100
    if dice.random() < 0.15:
        island = dice.randrange(1, len(unique)) if len(unique) > 1 else 0
        for grid in (seconds, metres):
            grid[:, :, island, :] = grid[:, :, :, island] = UNREACHABLE_S
    for grid in (seconds, metres):
        for index in range(len(unique)):
            grid[:, :, index, index] = 0
    tolls = np.broadcast_to(road_m * dice.choice((0, 45)) // 1000, (shape[0], *shape[2:]))
    return TravelMatrix(
        place_ids=tuple(place.id for place in unique),
        truck_classes=CLASSES,
        band_starts_s=tuple(hour * HOUR_S for hour in starts),
        seconds=seconds,
        metres=metres,
        toll_minor=tolls.astype(np.int32),
    )
