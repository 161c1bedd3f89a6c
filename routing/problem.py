"""The door in: from a day in the words of the trade to whole numbers in arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.units import UNREACHABLE_S
from routing.errors import BadRequest
from routing.rules.access import Access
from routing.rules.balance import Balance, BalanceTable
from routing.rules.bans import Bans, BanTable
from routing.rules.bays import Bays, BayTable
from routing.rules.carriers import Carriers, CarrierTable
from routing.rules.commitments import Commitments
from routing.rules.costs import Costs, Prices, all_routes_at_most
from routing.rules.deck import Deck, DeckTable
from routing.rules.driver_hours import DriverHours, DrivingLimit
from routing.rules.emissions import Emissions, EmissionTable
from routing.rules.layout import Layout
from routing.rules.locks import FREE, Locking, LockTable
from routing.rules.nights import Nights, NightTable, kept_off_the_road
from routing.rules.preferences import Preferences, PreferenceTable
from routing.rules.readiness import ReadyToLeave
from routing.rules.shift import Shift, Shifts
from routing.rules.skills import Skills
from routing.rules.specialists import Specialists
from routing.rules.stability import Stability, StabilityTable
from routing.rules.stock import Stock, StockTable
from routing.rules.trade_ins import TradeIns, TradeInTable
from routing.rules.windows import Windows, WindowTable
from routing.validate import check_request

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest


EXACT_FEN: Final = 2**53
"""From here on a floating-point number, as annealing compares them, skips whole fen."""
SUMMED_FEN: Final = 2**62
"""From here on the sums of CP-SAT overflow."""


class Travel(NamedTuple):
    """Legs: (classes, bands, places, places), tolls (classes, places, places).

    `metres_vary` is 1 where some leg has more metres in one band than in another.
    """

    typical: NDArray[np.int32]
    buffered: NDArray[np.int32]
    metres: NDArray[np.int32]
    toll: NDArray[np.int32]
    band_start: NDArray[np.int64]
    metres_vary: int


class Tables(NamedTuple):
    """Everything the compiled search reads. Times in seconds of the horizon, money in fen."""

    home: NDArray[np.int64]
    layer: NDArray[np.int64]
    warehouse: NDArray[np.int64]
    group: NDArray[np.int64]
    trips_max: NDArray[np.int64]
    place: NDArray[np.int64]
    unload: NDArray[np.int64]
    handover: NDArray[np.int64]
    release: NDArray[np.int64]
    penalty: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    windows: WindowTable
    shifts: Shifts
    bans: BanTable
    bays: BayTable
    deck: DeckTable
    trade_ins: TradeInTable
    prices: Prices
    stock: StockTable
    travel: Travel
    drive_max: int
    rest: int
    service_buffer: int
    handover_rests: NDArray[np.bool_]
    locks: LockTable
    stability: StabilityTable
    preferences: PreferenceTable
    emissions: EmissionTable
    balance: BalanceTable
    nights: NightTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A day as numbers. `tables` is for compiled code, `layout` says what the rows mean.

    `meets` (trucks, orders) says where somebody in an own car must meet the truck, `carriers` who
    else may bring an order; `tables.penalty` is what leaving it behind costs, carriers or not.
    `masks` keeps, per rule that forbids a truck an order, what it forbids: the explanation of a
    left-behind order reads it.
    """

    layout: Layout
    tables: Tables
    masks: dict[str, NDArray[np.bool_]]
    meets: NDArray[np.bool_]
    carriers: CarrierTable


def build_problem(request: PlanRequest, travel: TravelMatrix) -> Problem:
    """Compile every rule of the day.

    Raises:
        BadRequest: the request contradicts itself or the matrix, lists every fault; or its prices
            are too high to be added up.
    """
    check_request(request, travel)
    day = Layout.of(request, travel)
    hours: DriverHours = DrivingLimit().compile(day)
    locks = Locking().compile(day)
    stability = Stability().compile(day)
    meets = Specialists().compile(day)
    masks = {
        Access.reason.value: Access().compile(day),
        Skills.reason.value: Skills().compile(day) | meets,
        Stock.reason.value: Stock().mask(day),
        Locking.reason.value: Locking().mask(day, locks),
        Carriers.reason.value: Carriers().mask(day),
    }
    allowed = np.logical_and.reduce(list(masks.values()))
    prices = Costs().compile(day)
    penalty = prices.left_behind + Commitments().compile(day) + stability.dropped
    _check_sums(day, penalty)
    carriers = Carriers().compile(day, penalty, locks, Stock().sources(day))
    tables = Tables(
        home=_rows([day.place_row[_home(day, row)] for row in range(len(day.trucks))]),
        layer=_rows([travel.class_of(truck.road_class) for truck in day.trucks]),
        warehouse=_rows([day.warehouse_row[truck.warehouse_id] for truck in day.trucks]),
        group=_groups(day, locks, stability),
        trips_max=_rows([truck.trips_max for truck in day.trucks]),
        place=_rows([day.place_row[order.place.id] for order in day.orders]),
        unload=_rows([order.unload_s for order in day.orders]),
        handover=_rows([order.handover_s for order in day.orders]),
        release=ReadyToLeave().compile(day),
        penalty=penalty,
        allowed=allowed,
        windows=Windows().compile(day),
        shifts=Shift().compile(day),
        bans=Bans().compile(day),
        bays=Bays().compile(day),
        deck=Deck().compile(day),
        trade_ins=TradeIns().compile(day),
        prices=prices,
        stock=Stock().compile(day),
        travel=_travel(travel, request.policy.buffers.drive_permille),
        drive_max=hours.drive_max_s,
        rest=hours.rest_s,
        service_buffer=request.policy.buffers.service_s,
        handover_rests=hours.handover_rests,
        locks=locks,
        stability=stability,
        preferences=Preferences().compile(day),
        emissions=Emissions().compile(day),
        balance=Balance().compile(day),
        nights=Nights().compile(day),
    )
    return Problem(layout=day, tables=tables, masks=masks, meets=meets, carriers=carriers)


def _check_sums(day: Layout, penalty: NDArray[np.int64]) -> None:
    """Refuse prices with which the dearest plan there is could not be added up exactly."""
    most = sum(int(fen) for fen in penalty) + all_routes_at_most(day)
    # To hold an order while a fix is proved, the explanation raises each price by up to `most`.
    if most >= EXACT_FEN or most * (len(day.orders) + 1) >= SUMMED_FEN:
        raise BadRequest(
            (
                f"the prices of the day add up to {most:,} fen, too many to count with:"
                " lower left_behind, broken_promise or the costs of trucks",
            )
        )


def _rows(values: list[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _home(day: Layout, row: int) -> str:
    return day.warehouses[day.warehouse_row[day.trucks[row].warehouse_id]].place.id


def _groups(day: Layout, locks: LockTable, stability: StabilityTable) -> NDArray[np.int64]:
    """Number trucks that are interchangeable alike: trying one of them is enough.

    A truck that a lock or the baseline names is like no other, nor is one that a tour with nights
    keeps off the road, or whose own nights do that.
    """
    alone = {row for pair in kept_off_the_road(day) for row in pair[:2]}
    named = {int(row) for row in (*locks.truck, *stability.truck)}
    held = {lock.truck_id for lock in day.request.locks.held}
    banned: dict[str, list[tuple[object, ...]]] = {ban.truck_id: [] for ban in day.request.bans}
    for ban in day.request.bans:
        banned[ban.truck_id].append((ban.place_id, ban.hours, ban.inside_s))
    rested = {driver.id: driver.rested_at for driver in day.request.drivers}
    seen: dict[object, int] = {}
    rows = []
    for row, truck in enumerate(day.trucks):
        traits = (
            truck.kind, truck.road_class, truck.warehouse_id, truck.deck.id, truck.shift_start,
            truck.shift_end, truck.duty_max_s, truck.overtime_after_s, truck.load_base_s,
            truck.load_per_car_s, truck.costs, truck.skills, truck.trips_max,
            truck.nights_max, row if row in alone else FREE,
            bool(truck.specialist_id), tuple(sorted(banned.get(truck.id, []), key=repr)),
            rested.get(truck.driver_id),
            row if row in named or truck.id in held else FREE,
        )  # fmt: skip
        rows.append(seen.setdefault(traits, len(seen)))
    return _rows(rows)


def _travel(travel: TravelMatrix, drive_permille: int) -> Travel:
    # Copies on purpose: a read-only array is another type to the compiler, which would compile
    # the whole clock once more.
    typical = np.array(travel.seconds, order="C")
    toll = np.array(travel.toll_minor, order="C")
    stays = np.arange(toll.shape[-1])
    toll[:, stays, stays] = 0
    return Travel(
        typical=typical,
        buffered=np.ascontiguousarray(lengthened(typical, drive_permille)),
        metres=np.array(travel.metres, order="C"),
        toll=toll,
        band_start=np.array(travel.band_starts_s, dtype=np.int64),
        metres_vary=_metres_vary(travel, typical >= UNREACHABLE_S),
    )


def _metres_vary(travel: TravelMatrix, closed: NDArray[np.bool_]) -> int:
    """Tell whether a leg has different metres in two bands in which it has a road: 1, else 0."""
    if travel.metres.shape[1] == 1:
        return 0
    least = travel.metres.min(axis=1, where=~closed, initial=UNREACHABLE_S)
    most = travel.metres.max(axis=1, where=~closed, initial=0)
    return int(((least < most) & ~closed.all(axis=1)).any())


def lengthened(typical: NDArray[np.int32], drive_permille: int) -> NDArray[np.int32]:
    """Typical seconds of legs with the policy's buffer; rounded up, closed roads stay closed."""
    longer = (typical.astype(np.int64) * (1000 + drive_permille) + 999) // 1000
    closed = typical >= UNREACHABLE_S
    buffered = np.where(closed, UNREACHABLE_S, np.minimum(longer, UNREACHABLE_S - 1))
    return buffered.astype(np.int32)
