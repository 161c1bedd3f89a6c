"""The plain model of a day: a relaxation, so that whatever the day allows, the model allows too.

Left out: bans, rests, hours of loading and bays, decks beyond their number of positions, the
slow hours of the day. Money is a guess: typical metres and tolls, shortest buffered hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.units import DAY_S, UNREACHABLE_S
from routing.model import NEVER, NO_ROAD, Clients, Fleet, Model
from routing.problem import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """A day's plain model; `rows` are the truck rows of each of its kinds."""

    model: Model
    rows: tuple[tuple[int, ...], ...]


def relax(p: Tables) -> Relaxed:
    """Make the plain model of a day: a kind for each group of interchangeable trucks."""
    groups = [int(group) for group in dict.fromkeys(p.group.tolist())]
    rows = tuple(tuple(np.flatnonzero(p.group == group).tolist()) for group in groups)
    first = np.array([its[0] for its in rows], dtype=np.int64)
    roads, profile = np.unique(
        np.stack([p.layer[first], p.prices.per_km[first]], axis=1), axis=0, return_inverse=True
    )
    houses = len(p.bays.bays)
    places = np.concatenate([_house_places(p, houses), p.place])
    arcs = [_arcs(p, int(layer), int(per_km), places) for layer, per_km in roads]
    shape = (0, len(places), len(places))
    return Relaxed(
        model=Model(
            name="day",
            depots=houses,
            distance=np.stack([fen for fen, _ in arcs]) if arcs else np.zeros(shape, np.int32),
            duration=np.stack([s for _, s in arcs]) if arcs else np.zeros(shape, np.int32),
            clients=_clients(p),
            fleet=_fleet(p, rows, first, profile.reshape(-1)),
        ),
        rows=rows,
    )


def _house_places(p: Tables, houses: int) -> NDArray[np.int64]:
    """Place of each warehouse; one without trucks gets any, for nobody drives there."""
    places = np.zeros(houses, dtype=np.int64)
    places[p.warehouse] = p.home
    return places


def _arcs(
    p: Tables, layer: int, per_km: int, places: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Fen (kilometres and toll) and fewest buffered seconds of every arc over one kind of roads."""
    here = np.ix_(places, places)
    seconds = p.travel.buffered[layer].min(axis=0)[here].astype(np.int64)
    metres = p.travel.metres[layer].min(axis=0)[here].astype(np.int64)
    fen = (metres * per_km + 500) // 1000 + p.travel.toll[layer][here]
    closed = seconds >= UNREACHABLE_S
    return (
        np.where(closed, NO_ROAD, np.minimum(fen, NO_ROAD)).astype(np.int32),
        np.where(closed, NO_ROAD, seconds).astype(np.int32),
    )


def _clients(p: Tables) -> Clients:
    orders = len(p.place)
    ptr = p.windows.ptr
    opens = p.windows.start[ptr[:-1]] if orders else np.zeros(0, np.int64)
    shuts = p.windows.end[ptr[1:] - 1] - 1 if orders else np.zeros(0, np.int64)
    release = np.where(p.stock.kind >= 0, 0, p.release)
    return Clients(
        demand=np.ones((orders, 1), dtype=np.int64),
        service=p.unload + p.handover + p.service_buffer,
        earliest=np.maximum(opens, np.minimum(release, NEVER)),
        latest=shuts,
        release=np.zeros(orders, dtype=np.int64),
        prize=p.penalty.astype(np.float64),
        required=np.zeros(orders, dtype=np.bool_),
    )


def _fleet(
    p: Tables,
    rows: tuple[tuple[int, ...], ...],
    first: NDArray[np.int64],
    profile: NDArray[np.int64],
) -> Fleet:
    kinds = len(rows)
    evening = p.bays.evening[p.warehouse[first]]
    load = np.where(evening, 0, p.bays.load_base[first] + p.bays.load_per_car[first])
    drives = load <= p.shifts.duty_max[first]
    # A tour with nights is longer than its duties: its hours are the exact evaluator's alone.
    nights = p.nights.most[first]
    hourly = np.where(nights > 0, 0, p.prices.per_hour[first])
    overtime = np.where(nights > 0, 0, p.prices.per_overtime_hour[first])
    return Fleet(
        count=np.array([len(its) for its in rows], dtype=np.int64),
        depot=p.warehouse[first],
        profile=profile.astype(np.int64),
        capacity=p.deck.positions[p.deck.deck_of[first]].reshape(kinds, 1),
        opens=p.shifts.start[first] + load,
        closes=p.shifts.end[first] + nights * DAY_S,
        max_duration=np.maximum(0, p.shifts.duty_max[first] - load) + 2 * nights * DAY_S,
        fixed=p.prices.fixed[first].astype(np.float64),
        per_distance=np.ones(kinds),
        per_duration=hourly / 3600.0,
        overtime_after=np.maximum(0, p.shifts.overtime_after[first] - load),
        per_overtime=overtime / 3600.0,
        max_trips=p.trips_max[first],
        reload=p.bays.load_base[first] + p.bays.load_per_car[first],
        allowed=np.ascontiguousarray(p.allowed[first] & drives[:, None]),
    )
