"""From a request to its travel: bans by truck and place, the matrix, and roads to draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from geodata.ban_files import load_bans
from geodata.bans import Ban, banned_intervals
from geodata.calendar import day_kind
from geodata.matrix import TravelMatrix
from geodata.places import Place
from geodata.travel import Roads, build_matrix, open_roads
from geodata.truck_classes import load_truck_classes
from routing.domain.request import PlanRequest, TruckBan
from routing.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedDay:
    """A request with its truck bans, and the roads it is driven on."""

    request: PlanRequest
    travel: TravelMatrix
    roads: Roads
    bans: tuple[Ban, ...]


def prepare_travel(
    request: PlanRequest,
    *,
    cache_dir: Path,
    bans_file: Path | None = None,
    progress: Callable[[str], None],
) -> PreparedDay:
    """Find every truck's bans at every place, and build (or read from the cache) the matrix.

    Without a file of bans no truck is banned anywhere.

    Raises:
        UnsnappedPlace: places lie too far from any road; lists them all.
        BadGeoData: the file of bans breaks its schema; lists every fault.
    """
    bans = load_bans(bans_file) if bans_file is not None else ()
    places = places_of(request)
    roads = open_roads(cache_dir=cache_dir, progress=progress)
    # With no truck at all, every class: left-behind orders are explained by distances, too.
    classes = {truck.road_class for truck in request.trucks} or set(load_truck_classes())
    travel = build_matrix(
        places,
        truck_classes=sorted(classes),
        date=request.day,
        bans=bans,
        roads=roads,
        cache_dir=cache_dir,
        progress=progress,
    )
    banned = replace(request, bans=_truck_bans(request, places, bans))
    return PreparedDay(request=banned, travel=travel, roads=roads, bans=bans)


def places_of(request: PlanRequest) -> tuple[Place, ...]:
    """List the places of a day, each once: warehouses, then orders."""
    places = {house.place.id: house.place for house in request.warehouses}
    for order in request.orders:
        places.setdefault(order.place.id, order.place)
    return tuple(places.values())


def _truck_bans(
    request: PlanRequest, places: Sequence[Place], bans: Sequence[Ban]
) -> tuple[TruckBan, ...]:
    kind = day_kind(request.day)
    midnight = request.horizon_start + timedelta(days=1)
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
            hours = banned_intervals(
                place.point,
                truck_class=truck.road_class,
                plate=truck.plate,
                permits=truck.permits,
                date=request.day,
                day_kind=kind,
                bans=within[place.id],
            )
            if hours.intervals:
                found.append(
                    TruckBan(
                        truck_id=truck.id,
                        place_id=place.id,
                        hours=tuple(
                            Window(
                                start=midnight + timedelta(seconds=start),
                                end=midnight + timedelta(seconds=end),
                            )
                            for start, end in hours.intervals
                        ),
                        inside_s=hours.inside_s,
                        name=" + ".join(ban.name for ban in within[place.id]),
                    )
                )
    return tuple(found)
