"""From a request to its travel: bans by truck and place, the matrix, and roads to draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from geodata.ban_files import load_bans
from geodata.bans import Ban, BannedHours, banned_intervals
from geodata.calendar import day_kind
from geodata.layers import find_sites
from geodata.matrix import TravelMatrix
from geodata.places import Place
from geodata.travel import Roads, build_matrix, open_roads, truck_of
from geodata.truck_classes import load_truck_classes
from routing.domain.fleet import Truck
from routing.domain.request import PlanRequest, TruckBan
from routing.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedDay:
    """A request with its truck bans, and the roads it is driven on.

    `travel_for` makes the matrix of a part of the day, all with the same classes; `travel`, of the
    whole day, is made when it is asked for where nobody made it before.
    """

    request: PlanRequest
    roads: Roads
    bans: tuple[Ban, ...]
    travel_for: Callable[[PlanRequest], TravelMatrix]
    whole: TravelMatrix | None = None

    @property
    def travel(self) -> TravelMatrix:
        """The matrix of all places of the day."""
        return self.whole or self.travel_for(self.request)

    @property
    def apart(self) -> bool:
        """Tell whether the day was prepared without one matrix of all its places."""
        return self.whole is None


def prepare_travel(
    request: PlanRequest,
    *,
    cache_dir: Path,
    bans_file: Path | None = None,
    apart: Callable[[PlanRequest], bool] = lambda request: False,
    progress: Callable[[str], None],
) -> PreparedDay:
    """Find every truck's bans at every place, and build (or read from the cache) the matrix.

    Without a file of bans no truck is banned anywhere. A day that is to be planned `apart` gets no
    matrix of all its places, unless there are bans: those cut the hours of each part otherwise.

    Raises:
        UnsnappedPlace: places lie too far from any road; lists them all.
        BadGeoData: the file of bans breaks its schema; lists every fault.
    """
    bans = load_bans(bans_file) if bans_file is not None else ()
    places = places_of(request)
    roads = open_roads(cache_dir=cache_dir, progress=progress)
    # With no truck at all, every class: left-behind orders are explained by distances, too.
    classes = {truck.road_class for truck in request.trucks} or set(load_truck_classes())

    def travel_for(part: PlanRequest) -> TravelMatrix:
        return build_matrix(
            places_of(part),
            truck_classes=sorted(classes),
            date=request.day,
            later=days_of(request)[1:],
            bans=bans,
            roads=roads,
            cache_dir=cache_dir,
            progress=progress,
        )

    whole = None
    if bans or not apart(request):
        whole = travel_for(request)
    else:
        for name in sorted(classes):  # places too far from any road are told of the whole day
            find_sites(places, roads.network, truck_of(name))
    banned = replace(request, bans=_truck_bans(request, places, bans))
    return PreparedDay(request=banned, roads=roads, bans=bans, travel_for=travel_for, whole=whole)


def places_of(request: PlanRequest) -> tuple[Place, ...]:
    """List the places of a day, each once: warehouses, then orders."""
    places = {house.place.id: house.place for house in request.warehouses}
    for order in request.orders:
        places.setdefault(order.place.id, order.place)
    return tuple(places.values())


def _truck_bans(
    request: PlanRequest, places: Sequence[Place], bans: Sequence[Ban]
) -> tuple[TruckBan, ...]:
    within = {
        place.id: inside
        for place in places
        if (inside := [ban for ban in bans if ban.contains(place.point)])
    }
    found: list[TruckBan] = []
    for truck in request.trucks:
        for place in places:
            if place.id not in within:
                continue
            by_day = [
                (day, _banned(truck, place, day, within[place.id]))
                for day in days_of(request)
                if _is_out_on(truck, day)
            ]
            hours = tuple(
                Window(start=_second_of(request, day, start), end=_second_of(request, day, end))
                for day, banned in by_day
                for start, end in banned.intervals
            )
            if hours:
                found.append(
                    TruckBan(
                        truck_id=truck.id,
                        place_id=place.id,
                        hours=hours,
                        inside_s=max(banned.inside_s for _, banned in by_day),
                        name=" + ".join(ban.name for ban in within[place.id]),
                    )
                )
    return tuple(found)


def days_of(request: PlanRequest) -> tuple[date, ...]:
    """List the days on which a truck may be out: the planned ones, and those nights lead to."""
    nights = max((truck.nights_max for truck in request.trucks), default=0)
    return tuple(request.day + timedelta(days=number) for number in range(request.days + nights))


def _banned(truck: Truck, place: Place, day: date, bans: Sequence[Ban]) -> BannedHours:
    return banned_intervals(
        place.point,
        truck_class=truck.road_class,
        plate=truck.plate,
        permits=truck.permits,
        date=day,
        day_kind=day_kind(day),
        bans=bans,
    )


def _is_out_on(truck: Truck, day: date) -> bool:
    """Tell whether a truck may be out on this day; a shift that ends at midnight is not the next
    day's, a night out is."""
    last = truck.shift_end - timedelta(seconds=1) + timedelta(days=truck.nights_max)
    return truck.shift_start.date() <= day <= last.date()


def _second_of(request: PlanRequest, day: date, second: int) -> datetime:
    midnight = request.horizon_start + timedelta(days=1 + (day - request.day).days)
    return midnight + timedelta(seconds=second)
